/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of tables. The names here are the only ones that ever become SQL; the schema's
 * columns stand in schema/, and a test compares the two.
 *
 * Never built from data, so that a table or a column cannot be invented by a request.
 */
#include "store_tables.h"

#include <assert.h>

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
        TEXT("mail"), BOOL("active"), INT("since") } },
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
        BOOL("read") } },
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
    [STORE_SETTING] = { "setting", true, 1, {
        TEXT("name"), JSON("value") } },
};
/* clang-format on */

const struct store_table_row *
store_table(enum store_table table)
{
    assert(table >= 0 && table < STORE_TABLES);
    return &tables[table];
}
