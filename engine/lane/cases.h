/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the lane knows of cases: as they are committed (a cache with a ceiling: the case that was
 * changed, or read from the store, longest ago goes first), and as a batch is going to leave them.
 * Of the lane's files.
 *
 * A case at rest is the text of its row: a row that has been read is many small pieces of memory,
 * some six times as much, and those of a thousand cases are no longer in any of the processor's
 * caches when they are touched again. Reading the text anew costs less than that.
 */
#ifndef LANE_CASES_H
#define LANE_CASES_H

#include "columns.h"
#include "hash.h"
#include "status.h"
#include "text.h"
#include <jansson.h>
#include <stdint.h>

/* Without memory for it a case is not added, and its hh.tbl is NULL: uthash would end the process.
 */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#define LANE_CACHED_BYTES ((size_t)64 * 1024 * 1024) /* of cases as they are committed */

/* A case's new row as the store takes it. */
struct lane_change {
    struct lane_columns columns;
    struct store_case out; /* points into columns, here and into the case */
    char team[SGN_KEY_MAX + 1], client[SGN_KEY_MAX + 1], group[SGN_KEY_MAX + 1];
};

struct lane_case {
    UT_hash_handle hh; /* by name; the one put last is at the end */
    char *document;    /* the row's text; of a changed case that of its columns */
    size_t bytes;      /* what it takes of the ceiling */
    int64_t seq, at;   /* of its last entry */
    int64_t due;       /* when something of it fires next; 0: nothing is armed */
    bool due_known;    /* else due says nothing: its row was not read yet */
    char hash[SGN_HASH_HEX];
    char rules[SGN_HASH_HEX];   /* the version that it goes by; "": its row was not read yet */
    struct lane_change *change; /* of a batch's case; else NULL */
    const json_t *row; /* valid until the rows rest (lane_rows_rest), from lane_case_item */
    int64_t row_of;    /* which rest that is */
    char name[];       /* "team/KEY" */
};

struct lane_cases {
    struct lane_case *map;
    size_t bytes;
};

void lane_change_free(struct lane_change *change);
struct lane_case *lane_cases_find(const struct lane_cases *cases, const char *name);
/* Finds or makes the one of this name, which is at the end then. NULL: out of memory. */
struct lane_case *lane_cases_put(struct lane_cases *cases, const char *name);
/* The case's text (taken); what it took of the ceiling before is given back. */
void lane_case_text(struct lane_cases *cases, struct lane_case *one, char *document_take);
void lane_cases_drop(struct lane_cases *cases, const char *name);
/* Those of one team; NULL: all. */
void lane_cases_forget(struct lane_cases *cases, const char *team);
/* Lets those go that were put longest ago until no more than this is taken. */
void lane_cases_trim(struct lane_cases *cases, size_t bytes);
/* What a batch has changed is committed: it is what is known from now on. changed is empty then. */
void lane_cases_adopt(struct lane_cases *cases, struct lane_cases *changed);

#endif
