/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of tables. The names here are the only ones that ever become SQL; the schema's
 * columns stand in schema/, and a test compares the two.
 *
 * Never built from data, so that a table or a column cannot be invented by a request.
 */
#include "store_tables.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#define TEXT(name)                                                                                 \
    {                                                                                              \
        name, STORE_TEXT                                                                           \
    }
#define INT(name)                                                                                  \
    {                                                                                              \
        name, STORE_INT                                                                            \
    }
#define BOOL(name)                                                                                 \
    {                                                                                              \
        name, STORE_BOOL                                                                           \
    }
#define JSON(name)                                                                                 \
    {                                                                                              \
        name, STORE_JSON                                                                           \
    }

/* clang-format off */
/* Name, site-wide?, how many key columns, then the columns. Where team is the first key column
 * it is not listed: it comes from the session, never from a row. */
static const struct store_table_row tables[STORE_TABLES] = {
    [STORE_TEAM] = { "team_", true, 1, {
        TEXT("team"), JSON("title"), TEXT("language"), TEXT("timezone"), TEXT("currency"),
        INT("since") } },
    [STORE_PERSON] = { "person", false, 1, {
        TEXT("person"), TEXT("title"), TEXT("client"), BOOL("lead"), TEXT("language"),
        TEXT("mail"), BOOL("active"), INT("since"), TEXT("channel"), JSON("notices") } },
    [STORE_GROUP] = { "group_", false, 1, {
        TEXT("group"), JSON("title"), INT("since") } },
    [STORE_GROUP_MEMBER] = { "group_member", false, 2, {
        TEXT("group"), TEXT("person"), BOOL("lead") } },
    [STORE_CLIENT] = { "client", false, 1, {
        TEXT("client"), JSON("title"), TEXT("calendar"), JSON("attributes"), BOOL("active"),
        INT("since") } },
    [STORE_PROJECT] = { "project", false, 1, {
        TEXT("project"), JSON("title"), TEXT("client"), TEXT("calendar"), TEXT("currency"),
        JSON("attributes"), TEXT("state"), INT("since") } },
    [STORE_MEMBERSHIP] = { "membership", false, 3, {
        TEXT("project"), TEXT("person"), TEXT("role"), INT("share") } },
    [STORE_DELEGATION] = { "delegation", false, 1, {
        INT("id"), TEXT("person"), TEXT("stand_in"), JSON("scope"), INT("starts"), INT("ends"),
        INT("ended"), INT("told") } },
    [STORE_TOKEN] = { "token", true, 1, {
        TEXT("hash"), TEXT("id"), TEXT("team"), TEXT("person"), BOOL("operator"), TEXT("name"),
        JSON("scope"), INT("created"), INT("expires"), INT("last_use"), INT("revoked") } },
    [STORE_WORKFLOW] = { "workflow", false, 1, {
        TEXT("digest"), TEXT("name"), INT("version"), TEXT("key"), JSON("model"),
        JSON("functions"), JSON("source"), TEXT("file"), INT("since") } },
    [STORE_COUNTER] = { "counter", false, 1, {
        TEXT("name"), INT("value") } },
    [STORE_CASE_LINK] = { "case_link", false, 3, {
        TEXT("case"), TEXT("other"), TEXT("kind"), INT("since") } },
    [STORE_WAITING] = { "waiting", false, 2, {
        TEXT("case"), INT("n"), TEXT("project"), TEXT("kind"), TEXT("person"), TEXT("role"),
        TEXT("group"), TEXT("state"), INT("since"), INT("due"), TEXT("clock"), BOOL("working"),
        INT("left"), TEXT("why") } },
    [STORE_SWEEP] = { "sweep", false, 1, {
        INT("id"), TEXT("kind"), JSON("argument"), TEXT("cursor"), INT("started"), INT("ended"),
        INT("touched") } },
    [STORE_MESSAGE] = { "message", false, 1, {
        INT("id"), TEXT("person"), INT("at"), TEXT("case"), TEXT("kind"), TEXT("text"),
        BOOL("read"), TEXT("way"), INT("due") } },
    [STORE_FILE] = { "file", false, 1, {
        TEXT("file"), TEXT("sha256"), TEXT("name"), TEXT("type"), INT("size"), TEXT("person"),
        INT("at"), TEXT("case"), BOOL("shared") } },
    [STORE_EXCEPTION] = { "exception", false, 2, {
        TEXT("calendar"), TEXT("date"), JSON("hours"), TEXT("reason"), TEXT("person"),
        INT("at") } },
    [STORE_SCHEDULE] = { "schedule", false, 1, {
        TEXT("name"), INT("next"), INT("last"), JSON("spec") } },
    [STORE_READER] = { "reader", false, 1, {
        TEXT("name"), INT("seq"), INT("part"), INT("lease"), INT("fence") } },
    [STORE_ENDPOINT] = { "endpoint", false, 1, {
        TEXT("endpoint"), TEXT("url"), TEXT("format"), JSON("kinds"), JSON("workflows"),
        BOOL("internal"), TEXT("language"), TEXT("signature"), TEXT("secret"), TEXT("old_secret"),
        INT("old_until"), TEXT("paused"), INT("since") } },
    [STORE_DELIVERY] = { "delivery", false, 2, {
        TEXT("endpoint"), INT("seq"), TEXT("status"), INT("attempts"), INT("next"), INT("tried"),
        INT("code"), TEXT("error"), TEXT("person"), INT("last") } },
    [STORE_HOOK] = { "hook", false, 1, {
        TEXT("hook"), TEXT("secret"), TEXT("old_secret"), INT("old_until"), INT("since"),
        TEXT("person") } },
    [STORE_SETTING] = { "setting", true, 1, {
        TEXT("name"), JSON("value") } },
    [STORE_LINK] = { "link", true, 1, {
        TEXT("hash"), TEXT("id"), TEXT("kind"), TEXT("team"), TEXT("person"), TEXT("case"),
        TEXT("approval"), INT("round"), TEXT("digest"), TEXT("maker"), INT("created"),
        INT("expires"), INT("used"), INT("revoked"), INT("wrong"), INT("wrong_at") } },
};
/* clang-format on */

const struct store_table_row *
store_table(enum store_table table)
{
    assert(table >= 0 && table < STORE_TABLES);
    return &tables[table];
}

/* Up to the first that has no name. */
int
store_table_columns(const struct store_table_row *table)
{
    int n = 0;

    while (n < STORE_COLUMNS_MAX && table->columns[n].name != NULL)
        n++;
    return n;
}

/* A name nobody knows would silently be lost otherwise. */
enum sgn_status
store_table_check(const struct store_table_row *table, const json_t *row, struct sgn_error *err)
{
    const char *name = NULL;
    json_t *value = NULL;

    json_object_foreach((json_t *)(uintptr_t)row, name, value) {
        int i = 0;

        while (i < store_table_columns(table) && strcmp(table->columns[i].name, name) != 0)
            i++;
        if (i == store_table_columns(table))
            return sgn_fail(err, SGN_INTERNAL, "table %s has no column %s", table->name, name);
    }
    return SGN_OK;
}

enum sgn_status
store_column_check(const struct store_table_row *table, const struct store_column *column,
                   const json_t *value, struct sgn_error *err)
{
    static const char *const expected[] = { [STORE_TEXT] = "text",
                                            [STORE_INT] = "an integer",
                                            [STORE_BOOL] = "true or false",
                                            [STORE_JSON] = "any value" };

    if (value == NULL || json_is_null(value) || column->type == STORE_JSON ||
        (column->type == STORE_TEXT && json_is_string(value)) ||
        (column->type == STORE_INT && json_is_integer(value)) ||
        (column->type == STORE_BOOL && json_is_boolean(value)))
        return SGN_OK;
    return sgn_fail(err, SGN_INTERNAL, "table %s, column %s: expected %s", table->name,
                    column->name, expected[column->type]);
}

/* Without its key a row would be one that nobody finds again. */
enum sgn_status
store_key_check(const struct store_table_row *table, const json_t *row, int column,
                struct sgn_error *err)
{
    const json_t *value = json_object_get(row, table->columns[column].name);

    if (value != NULL && !json_is_null(value))
        return SGN_OK;
    return sgn_fail(err, SGN_INTERNAL, "table %s: key column %s is missing", table->name,
                    table->columns[column].name);
}
