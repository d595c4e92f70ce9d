/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A site from one store to another, of whatever kind: all entries, cases, data rows and settings.
 * Attached files lie in a folder of the site and not in its store: they stay where they are.
 *
 * What is verified. Of the source every entry's hash, its number and what it follows on, each
 * team's head, and that folding a case's entries gives the row that stands there. Then the target
 * is read back beside the source: every entry, case and row, column by column, must be the same.
 * Damage is named with team and number or key, and ends the copy.
 *
 * Until all of this is done the target is marked (STORE_UNFINISHED, store.h) and opens for nothing
 * but this. A copy that was broken off goes on when it is begun again: the entries that are there
 * already are kept if they are the source's, all else is written anew.
 *
 * Memory is bounded: pages of entries and rows, and one case with its entries at a time.
 */
#ifndef LANE_COPY_H
#define LANE_COPY_H

#include "store.h"

enum lane_copy_part {
    LANE_COPY_ROWS,
    LANE_COPY_ENTRIES,
    LANE_COPY_CASES
};

/* How far it has come with a part of a team. */
struct lane_copy_progress {
    const char *team; /* "": what is site-wide */
    enum lane_copy_part part;
    bool reading_back; /* written before: compared now */
    int64_t done;
    int64_t all; /* 0: not known */
};

struct lane_copy_options {
    struct store *from; /* nobody else may write either of them meanwhile: opened with alone */
    struct store *to;   /* opened with unfinished */
    void (*progress)(void *ctx, const struct lane_copy_progress *progress); /* or NULL */
    void *ctx;
};

/*
 * *out: {teams, entries, cases, rows, files (that are attached), redacted, went_on: bool}.
 * SGN_CONFLICT: the target holds something that is not an unfinished copy of this source; nothing
 * was changed. SGN_INVALID: the source is damaged, or the target is not what was written.
 * SGN_UNAVAILABLE and others: of the stores. After a failure that is none of SGN_CONFLICT the
 * target stays marked.
 */
enum sgn_status lane_copy(const struct lane_copy_options *options, json_t **out,
                          struct sgn_error *err) SGN_MUST_CHECK;

#endif
