/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The minutes of a case: its entries as people would have written them down, each in the words of
 * the version that it was decided by. Made by remote_history.c, line by line by remote_entry.c, and
 * what stands below a line by remote_entry_below.c, remote_entry_rounds.c and
 * remote_entry_version.c, all of them with the words and lines of minutes.c.
 */
#ifndef CLI_MINUTES_H
#define CLI_MINUTES_H

#include "commands.h"
#include "shown.h"

struct minutes {
    struct cli *cli;
    const char *language;
    const json_t *titles; /* of case.history, or NULL: names are shown */
    const json_t *told;   /* of them: the words of the version of the entry under way */
    const json_t *came;   /* those of the version that it came from, or NULL */
    json_t *fields;       /* the fields' values so far; NULL: the beginning is not known */
    json_t *owners;       /* those so far; what an entry says again is not news */
    bool marks;           /* the client reads along: what is not for it is marked */
    int indent;           /* of what stands below a line */
};

/* Prints one entry. */
void minutes_entry(struct minutes *minutes, const json_t *entry);

/* ---- for the files that print it ---- */

/* sgn_say() in the reader's language. */
const char *minutes_say(const struct minutes *minutes, const char *english)
    __attribute__((format_arg(2)));
/* What a person, state, field is called. Borrowed. */
const char *minutes_person(const struct minutes *minutes, const char *key);
const char *minutes_state(const struct minutes *minutes, const char *name);
/* What a word is called: kind is "choices", "outcomes" or "tasks". "?" for NULL. Borrowed. */
const char *minutes_word(const struct minutes *minutes, const char *kind, const char *name);
/* Titles of values. */
struct cli_shown minutes_shown(const struct minutes *minutes);
/* A deadline as people call it. */
void minutes_clock_put(const struct minutes *minutes, struct sgn_buf *buf, const char *name);
/* One of the active states, with the part that it is of where there are several. */
void minutes_place_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *states,
                       const char *leaf);
/* "Li Ting, Zhao Min"; takes a string or an array of them. */
void minutes_people_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *names);
/* "reminded Li Ting; told Zhao Min": what an entry had done besides. */
void minutes_effects_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *entry);
/* "the role pm of Li Ting has changed": what a sweep came from. */
void minutes_cause_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *sweep);
/* The ballot of the entry's actor, or NULL. */
const json_t *minutes_ballot(const json_t *entry);
/* "   name: text" below the line, the name dimmed and its text wrapped; without name (NULL) the
 * text alone. */
void minutes_line(const struct minutes *minutes, const char *name, const char *text);
/* What an entry says of rounds: who is asked, who counts no more, what was decided. */
void minutes_rounds(struct minutes *minutes, const json_t *entry);
/* "name: Li Ting, Zhao Min" below the line; nothing for none of them. */
void minutes_names(const struct minutes *minutes, const char *label, const json_t *names);
/* "name: was → due" of a deadline that has moved. */
void minutes_moved(const struct minutes *minutes, const json_t *item);
/* ---- remote_entry_version.c: what another version did ---- */
/* Sets told and came. */
void minutes_tell_as(struct minutes *minutes, const json_t *entry);
/* "brought the case from version 1 to version 2" */
void minutes_versions_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *entry);
/* Does the case stand elsewhere by name, though nothing was entered? */
bool minutes_renames(const json_t *entry);
/* ": Screening", where the case stood, in the words of the version that it came from. */
void minutes_was_put(const struct minutes *minutes, struct sgn_buf *buf, const json_t *entry);
/* Who ordered it, whose ballots stand, what moved and what is no more. */
void minutes_migrate(const struct minutes *minutes, const json_t *migrate);

/* What stands below the line. */
void minutes_below(struct minutes *minutes, const json_t *entry);

#endif
