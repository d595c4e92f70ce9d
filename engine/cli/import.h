/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of "signoff import" share: remote_import.c reads the file and tells what was
 * wrong, import_send.c makes requests of rows, import_seen.c knows which rows there were.
 */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include "exchange.h"

#define IMPORT_PIECE                                                                               \
    1000 /* rows of one request: a file that has no more is taken or not as a whole */

/* Texts that were seen, by their digests: 16 bytes for each, however long it is. */
struct import_seen {
    uint64_t *keys;  /* 0: free */
    int64_t *values; /* what the caller keeps with it */
    size_t room, n;
};
void import_seen_reset(struct import_seen *seen); /* forgets all */
void import_seen_deinit(struct import_seen *seen);
/* The value kept with a text of this digest (64 hex digits), 0 at first. NULL: out of memory. Valid
 * until the next call. */
int64_t *import_seen_at(struct import_seen *seen, const char *digest);

struct import {
    struct cli *cli;
    struct client *client;
    json_t *params; /* team, where an operator says it; workflow, project for rows that do not */
    const struct exchange_kind *kind;
    enum exchange_format format;
    const char *path;
    FILE *file;
    struct exchange_rows rows;
    bool dry;
    json_t *piece; /* rows that are sent next */
    size_t bytes;  /* of their texts */
    int64_t lines[IMPORT_PIECE];
    json_t *types; /* {workflow: {field: true}} of those whose cells are JSON, as the server said */
    struct import_seen seen;
    int64_t n_rows, created, changed, same, wrong;
};

/* ---- remote_import.c ---- */

/* Tells a mistake, at a cell's number from 1 on (0: none in particular), and counts it. */
void import_mistake(struct import *import, int64_t line, int column, const char *message);

/* ---- import_send.c ---- */

/* Sends the row (taken), at the latest with the next flush. SGN_INVALID: in earnest a row was
 * refused; it was told. */
enum sgn_status import_put(struct import *import, json_t *row_take,
                           struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status import_flush(struct import *import, struct sgn_error *err) SGN_MUST_CHECK;

#endif
