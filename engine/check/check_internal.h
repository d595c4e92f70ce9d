/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share: the model that is looked at, with what was made out about
 * it before, and how a finding is noted.
 */
#ifndef CHECK_INTERNAL_H
#define CHECK_INTERNAL_H

#include "check.h"
#include "json.h"
#include "text.h"

/* In the order of the table in kinds.c. */
enum check_id {
    /* states */
    CHECK_UNREACHABLE_STATE,
    CHECK_STUCK_STATE,
    CHECK_NO_END,
    CHECK_LEFT_AT_ONCE,
    CHECK_CYCLE,
    CHECK_WAITS_FOR_EVER,
    /* transitions */
    CHECK_EVENT_NOBODY,
    CHECK_NEVER_TAKEN,
    CHECK_REGIONS_CONFLICT,
    CHECK_RUNG_NEVER,
    CHECK_RUNG_MUTED,
    /* people */
    CHECK_ROLE_NOBODY,
    CHECK_APPROVAL_NOBODY,
    CHECK_APPROVAL_TOO_FEW,
    CHECK_APPROVAL_ONE_PERSON,
    CHECK_EXCLUDES_ALL,
    CHECK_NOBODY_MISSING,
    CHECK_NOBODY_USELESS,
    CHECK_COVERS_UNSEEN,
    /* fields */
    CHECK_NEEDS_UNFILLED,
    CHECK_FIELD_NEVER_FILLED,
    CHECK_FIELD_UNUSED,
    CHECK_SERVES_FIELDS,
    /* functions */
    CHECK_FUNCTION_NAME,
    CHECK_FUNCTION_MEMBER,
    CHECK_FUNCTION_CHANGES,
    CHECK_FUNCTION_VALUE,
    CHECK_CANCEL_UNSENT,
    CHECK_DATA_UNKNOWN,
    /* versions */
    CHECK_MIGRATE_STATE,
    CHECK_MIGRATE_UNKNOWN,
    /* what has ended */
    CHECK_RETENTION_VOID,
    /* what rules ask others for */
    CHECK_EVENT_LOST,
    CHECK_FIRE_LOST,
    CHECK_WORKFLOW_UNKNOWN,
    CHECK_CHANNEL_UNKNOWN,
    /* the check itself */
    CHECK_SILENCE_REASON,
    CHECK_SILENCE_UNKNOWN,
    CHECK_SILENCE_UNUSED,
    /* the loader's own */
    CHECK_UNUSED_FILE,
    CHECK_CLOCK_OF_NOBODY,
    CHECK_KINDS
};

#define CHECK_POINTER_MAX  2048
#define CHECK_FINDINGS_MAX 1000 /* of one workflow, and of one load */

struct check {
    const struct model *model;
    const json_t *functions, *says;
    const struct check_team *team; /* never NULL */
    json_t *findings;
    bool failed;           /* out of memory: noted once, asked at the end */
    const json_t *covered; /* of an approval: the list whose fields were looked at */
    char **states;         /* the JSON pointer of each state; "" for the root */
};

/* ---- finding.c ---- */

/* A pointer below a state's, into a buffer of CHECK_POINTER_MAX; gives the buffer. */
const char *check_at(const struct check *check, char *out, int state, const char *fmt, ...)
    SGN_PRINTF(4, 5);
/* The pointer of a transition. */
const char *check_at_transition(const struct check *check, char *out,
                                const struct model_transition *transition);
/* Notes a finding at a pointer; hint may be NULL. */
void check_note(struct check *check, enum check_id id, const char *pointer, const char *hint,
                const char *fmt, ...) SGN_PRINTF(5, 6);
const char *check_id_of(enum check_id id);
/* "state "x"", or "the workflow". */
const char *check_state_label(const struct check *check, char *out, size_t n, int state);

/* ---- people.c ---- */

#define PEOPLE_MANY (1 << 20)

/* Which side somebody is of. */
enum {
    SIDE_TEAM = 1,
    SIDE_CLIENT = 2
};

/* Calls back for each person-word of a WHO, lists within lists too; stops at false. */
typedef bool (*people_each_fn)(void *ctx, const struct model_who *who);
bool people_each(const struct model_who *who, people_each_fn each, void *ctx);
/* Whom one word can mean: sides, as bits; 0: nobody ever. state: where it is written. */
int people_sides(const struct check *check, const struct model_who *who, int state);
/* At most so many persons, PEOPLE_MANY for no bound. */
int people_most(const struct check *check, const struct model_who *who, int state);
/* Does one word mean the same people as the other, or fewer? */
bool people_within(const struct model_who *who, const struct model_who *other);
/* "role "pm"", as messages call a word. */
const char *people_label(const struct model_who *who, char *out, size_t n);

/* ---- one file each: what is looked for is said there ---- */

void check_approvals(struct check *check);
void check_words(struct check *check);
void check_functions(struct check *check);
void check_versions(struct check *check);
void check_serves(struct check *check);
void check_retention(struct check *check);

/* ---- effects.c: what rules ask others for, said by functions or as data ---- */

/* Does a transition or a deadline of the workflow listen to this event? */
bool check_awaits(const struct model *model, const char *event);
/* Does no workflow of the team? false, too, where the team is not known. */
bool check_fire_lost(const struct check *check, const char *event);
/* Is the workflow in use? true, too, where the team is not known. */
bool check_uses(const struct check *check, const char *workflow);
/* The names of those that are. New. */
json_t *check_used(const struct check *check);

#endif
