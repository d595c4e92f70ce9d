/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data tables of both stores: name, columns, key. One table of tables says what the
 * generic row functions may read and write, so that no SQL is ever built from a name that
 * somebody sent. Case, entry and head tables are not here: store.h has functions of theirs.
 *
 *   table        key columns                    other columns
 *   team_        (site-wide) team               title: json, language, timezone, currency, since
 *   person       person                         title, client, lead: bool, language, mail,
 *                                               active: bool, since, channel
 *   group_       group                          title: json, since
 *   group_member group, person                  lead: bool
 *   client       client                         title: json, calendar, attributes: json,
 *                                               active: bool, since
 *   project      project                        title: json, client, calendar, currency,
 *                                               attributes: json, state, since
 *   membership   project, person, role          share: int
 *   delegation   id: int                        person, stand_in, scope: json, starts, ends, ended,
 *                                               told: int (1: of its beginning, 2: of its end)
 *   token        (site-wide) hash               id, team, person, operator: bool, name,
 *                                               scope: json, created, expires, last_use, revoked
 *   workflow     digest                         name, version: int, key, model: json,
 *                                               functions: json, source: json, file, since
 *   counter      name                           value: int
 *   case_link    case, other, kind              since
 *   waiting      case, n: int                   project, kind, person, role, group, state, since,
 *                                               due, clock (the calendar's name), working: bool
 *                                               (null: nothing is to be counted),
 *                                               left: int (ms, of a paused clock), why;
 *                                               written with its case only
 *   sweep        id: int                        kind, argument: json, cursor, started, ended,
 *                                               touched: int
 *   message      id: int                        person, at, case, kind, text, read: bool
 *   file         file                           sha256, name, type, size: int, person, at, case
 *                                               (null until it is attached), shared: bool
 *   exception    calendar, date                 hours: json, reason, person, at
 *   schedule     name                           next, last, spec: json
 *   reader       name                           seq: int, part: int, lease: int, fence: int
 *   endpoint     endpoint                       url, format, kinds: json, workflows: json,
 *                                               internal: bool, language, signature, secret,
 *                                               old_secret, old_until, paused, since
 *   delivery     endpoint, seq: int             status, attempts: int, next, tried, code: int,
 *                                               error, person
 *   setting      (site-wide) name               value: json
 *   link         (site-wide) hash               id, kind ("signoff", "calendar"), team,
 *                                               person, case, approval, round: int, digest,
 *                                               maker, created, expires, used, revoked,
 *                                               wrong: int (wrong answers so far), wrong_at
 *
 * Every table but the site-wide ones has team as its first key column, which is not part of
 * the JSON rows. Types: int (64 bits); times (since, at, created, starts, next, ...) are int; json
 * (any value); bool (true or false in JSON, 1 and 0 in the table); all others are text. Any
 * column but a key may be null.
 */
#ifndef STORE_TABLES_H
#define STORE_TABLES_H

#include "status.h"
#include <stdbool.h>

enum store_table {
    STORE_TEAM,
    STORE_PERSON,
    STORE_GROUP,
    STORE_GROUP_MEMBER,
    STORE_CLIENT,
    STORE_PROJECT,
    STORE_MEMBERSHIP,
    STORE_DELEGATION,
    STORE_TOKEN,
    STORE_WORKFLOW,
    STORE_COUNTER,
    STORE_CASE_LINK,
    STORE_WAITING,
    STORE_SWEEP,
    STORE_MESSAGE,
    STORE_FILE,
    STORE_EXCEPTION,
    STORE_SCHEDULE,
    STORE_READER,
    STORE_ENDPOINT,
    STORE_DELIVERY,
    STORE_HOOK,
    STORE_SETTING,
    STORE_LINK,
    STORE_TABLES
};

enum store_column_type {
    STORE_TEXT,
    STORE_INT,
    STORE_BOOL,
    STORE_JSON
};

#define STORE_COLUMNS_MAX 16

struct store_column {
    const char *name; /* NULL ends the list */
    enum store_column_type type;
};

struct store_table_row {
    const char *name; /* in SQL */
    bool site;        /* no team column in its key */
    int n_key;        /* the first n_key columns are the key */
    struct store_column columns[STORE_COLUMNS_MAX + 1];
};

const struct store_table_row *store_table(enum store_table table);
int store_table_columns(const struct store_table_row *table);

/* What every backend refuses of a row, each a fault of ours (SGN_INTERNAL): a name that is no
 * column, a value of another type than its column's, a key column without a value. */
enum sgn_status store_table_check(const struct store_table_row *table, const json_t *row,
                                  struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status store_column_check(const struct store_table_row *table,
                                   const struct store_column *column, const json_t *value,
                                   struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status store_key_check(const struct store_table_row *table, const json_t *row, int column,
                                struct sgn_error *err) SGN_MUST_CHECK;

#endif
