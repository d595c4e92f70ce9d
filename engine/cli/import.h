/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of "signoff import" share, each using those before it: import_seen.c knows which
 * rows there were, import_files.c finds attachments, import_told.c tells what was wrong,
 * import_cases.c and import_send.c make requests of rows, import_from.c reads files of other tools,
 * remote_import.c ours.
 */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include "exchange.h"
#include "import_source.h"

#define IMPORT_PIECE                                                                               \
    1000                 /* rows of one request: a file of no more is taken whole or not at all    \
                          */
#define IMPORT_CASES 100 /* of a batch */

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
/* SHA-256 over the canonical text of a value and a number. */
enum sgn_status import_digest(const json_t *value, int64_t number, char digest[65],
                              struct sgn_error *err) SGN_MUST_CHECK;
/* The same content gives the same request_id, so that a repeated command repeats requests. */
enum sgn_status import_name_request(json_t *params, const char *digest,
                                    struct sgn_error *err) SGN_MUST_CHECK;

/* Attachments that lie beside an export. */
struct import_files {
    const char *path; /* of --files; NULL: none was given */
    int dir;
    int64_t most;           /* bytes of a file that the server takes */
    int64_t found, missing; /* attachments with a file, and those that are only named */
    struct import_seen used;
};

struct import_moves;

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
    /* Of files of other tools: */
    struct import_moves *moves;
    json_t *made;                 /* {KIND: {KEY: true}}: what this run makes, and a dry run does
                                   * not find */
    struct import_source *source; /* NULL: the file has the form of "signoff export" */
    const json_t *set;            /* of the map, for the kind under way */
    json_t *pasts; /* of each case of the piece its former history: {"entries", "case"?, "n"?} */
    int64_t past, past_same;
    int64_t due; /* cases that say when they are due */
    struct import_files files;
    json_t *types; /* {workflow: {field: true}} of those whose cells are JSON, as the server said */
    struct import_seen seen;
    int64_t n_rows, created, changed, same, wrong;
};

/* ---- import_files.c ---- */

/* path NULL: there is no such folder, and every attachment only has its name. */
enum sgn_status import_files_open(struct import_files *files, const char *path,
                                  struct client *client, struct sgn_error *err) SGN_MUST_CHECK;
void import_files_close(struct import_files *files);
void import_files_reset(struct import_files *files); /* a reading begins */
/* Looks for the attachment that an entry of import_past() is; key: of its item. Where there is a
 * file the entry has "path" besides, else no "file" any more. SGN_INVALID: what is wrong with it.
 */
enum sgn_status import_files_find(struct import_files *files, const char *key, json_t *entry,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* Uploads it, and makes params of case.attach of a copy of the entry. */
enum sgn_status import_files_send(const struct import_files *files, struct client *client,
                                  json_t *params, struct sgn_error *err) SGN_MUST_CHECK;

/* ---- import_told.c ---- */

/* Tells a mistake, at a cell's number from 1 on (0: none in particular), and counts it. */
void import_mistake(struct import *import, int64_t line, int column, const char *message);
/* The same at a column or pointer of a file of another tool (NULL: none in particular). */
void import_mistake_at(struct import *import, int64_t line, const char *name, const char *message);
/* What the server refused: pointer is the server's, or NULL. */
void import_refused(struct import *import, int64_t line, const char *pointer, const char *message);
/* Both readings, dry and in earnest; pass does one of them. Tells what it came to. */
enum sgn_status import_run(struct import *import,
                           enum sgn_status (*pass)(struct import *import, struct sgn_error *err),
                           void (*show)(const struct import *import),
                           struct sgn_error *err) SGN_MUST_CHECK;

/* ---- import_from.c ---- */

/* signoff import --from SOURCE FILE... */
enum sgn_status import_from(struct import *import, struct sgn_error *err) SGN_MUST_CHECK;

/* ---- import_send.c ---- */

/* Sends the row (taken), at the latest with the next flush. SGN_INVALID: in earnest a row was
 * refused; it was told. */
enum sgn_status import_put(struct import *import, json_t *row_take,
                           struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status import_flush(struct import *import, struct sgn_error *err) SGN_MUST_CHECK;

/* ---- import_cases.c ---- */

enum sgn_status import_case_prepare(struct import *import, json_t *row,
                                    struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status import_cases_send(struct import *import, struct sgn_error *err) SGN_MUST_CHECK;

#endif
