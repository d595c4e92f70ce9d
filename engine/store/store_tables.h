/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data tables of both stores: name, columns, key. One table of tables says what the
 * generic row functions may read and write, so that no SQL is ever built from a name that
 * somebody sent. Case, entry and head tables are not here: store.h has functions of theirs.
 *
 *   table        key columns                    other columns
 *   team_        (site-wide) team               title, language, timezone, currency, since
 *   person       person                         title, client, lead, language, mail, active, since
 *   group_       group                          title, since
 *   group_member group, person                  lead
 *   client       client                         title, calendar, attributes, active, since
 *   project      project                        title, client, calendar, currency, attributes, state, since
 *   membership   project, person, role          share
 *   delegation   id                             person, stand_in, scope, starts, ends, ended
 *   token        (site-wide) hash               id, team, person, operator, name, scope, created,
 *                                               expires, last_use, revoked
 *   workflow     digest                         name, version, key, model, functions, source, file, since
 *   counter      name                           value
 *   case_link    case, other, kind              since
 *   waiting      written with its case, read by store_inbox; columns kind, person, role, group,
 *                state, since, due
 *   sweep        id                             kind, argument, cursor, started, ended, touched
 *   message      id                             person, at, case, kind, text, read
 *   reader       name                           seq, part, lease, fence
 *   setting      (site-wide) name               value
 *
 * Every table but the site-wide ones has team as its first key column, which is not part of
 * the JSON rows. Types: text, int (64 bits; booleans are 0 and 1), json (any value).
 */
#ifndef STORE_TABLES_H
#define STORE_TABLES_H

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
    STORE_READER,
    STORE_SETTING,
    STORE_TABLES
};

enum store_column_type { STORE_TEXT, STORE_INT, STORE_BOOL, STORE_JSON };

#define STORE_COLUMNS_MAX 12

struct store_column {
    const char *name; /* NULL ends the list */
    enum store_column_type type;
};

struct store_table_row {
    const char *name;    /* in SQL */
    bool site;           /* no team column in its key */
    int n_key;           /* the first n_key columns are the key */
    struct store_column columns[STORE_COLUMNS_MAX + 1];
};

const struct store_table_row *store_table(enum store_table table);

#endif
