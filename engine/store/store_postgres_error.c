/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What PostgreSQL's errors mean to us.
 *
 * Never lets the server's words out alone: each error says which database, what was being done,
 * and what to do about it. Never shows a password: addresses are put together anew.
 *
 * Source of the codes: PostgreSQL's documentation, appendix A.
 */
#include "store_postgres.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct meaning {
    const char *state; /* a code, or the first letters of one */
    enum sgn_status status;
    const char *advice;
};

/* The first row that fits counts. */
static const struct meaning meanings[] = {
    { "55P03", SGN_OVERLOADED, "; another node has held this team's head for too long" },
    { "22012", SGN_CONFLICT, "; another node has taken this work over" },
    { "2201F", SGN_INTERNAL, "; an entry to erase parts of is not there" },
    { "40", SGN_OVERLOADED, "; others write the same rows, try again" },
    { "53100", SGN_UNAVAILABLE, "; make room on the disk of the database" },
    { "53300", SGN_UNAVAILABLE,
      "; the server's connections are all taken: raise max_connections, or the role's or the "
      "database's limit" },
    { "53", SGN_UNAVAILABLE, "; the server is short of means, look at its log" },
    { "42501", SGN_UNAVAILABLE,
      "; the role lacks a right: GRANT USAGE ON SCHEMA signoff, and SELECT, INSERT, UPDATE, "
      "DELETE ON ALL TABLES IN SCHEMA signoff, TO it (changes of the schema need their owner)" },
    { "25006", SGN_UNAVAILABLE,
      "; the server takes no writes: it is a standby, or set to read only: give the primary's "
      "address" },
    { "26000", SGN_UNAVAILABLE,
      "; a prepared statement is gone, as behind a pooler that shares connections between "
      "transactions: PgBouncer must be in session mode" },
    { "57", SGN_UNAVAILABLE, "; the server ended or is starting, it will be asked again" },
    { "25P03", SGN_UNAVAILABLE, "; the transaction stood still for too long" },
    { "08", SGN_UNAVAILABLE, "; look whether the server runs and can be reached" },
    { "58", SGN_UNAVAILABLE, "; look at the disk of the database and the server's log" },
    { "XX001", SGN_UNAVAILABLE, "; the database is damaged, restore the last backup" },
    { "XX002", SGN_UNAVAILABLE, "; an index is damaged, REINDEX it" },
    { "28", SGN_UNAVAILABLE, "; look at the role's name and password, and at pg_hba.conf" },
    { "3D000", SGN_UNAVAILABLE, "; CREATE DATABASE it with ENCODING 'UTF8'" },
};

/* One line, without the severity that libpq writes first. */
static void
tidy(const char *said, char out[512])
{
    size_t n = 0;

    for (; said != NULL && *said != '\0' && n < 511; said++) {
        char c = isspace((unsigned char)*said) ? ' ' : *said;

        if (c != ' ' || (n > 0 && out[n - 1] != ' '))
            out[n++] = c;
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
}

enum sgn_status
store_postgres_fail(struct store_postgres_conn *conn, const PGresult *res, const char *doing,
                    struct sgn_error *err)
{
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    char said[512];

    snprintf(conn->state, sizeof conn->state, "%s", state == NULL ? "" : state);
    if (state == NULL)
        return store_postgres_gone(conn, doing, err);
    /* A reader's statement_timeout; nothing else cancels. */
    if (strcmp(state, "57014") == 0 && !conn->writer)
        return sgn_fail(err, SGN_OVERLOADED,
                        "the list took longer than %lld ms; narrow it: by project, workflow, "
                        "client or a shorter time",
                        (long long)conn->read_ms);
    tidy(PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY), said);
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (strncmp(state, meanings[i].state, strlen(meanings[i].state)) == 0)
            return sgn_fail(err, meanings[i].status, "%s: %s: %s%s", conn->where, doing, said,
                            meanings[i].advice);
    }
    return sgn_fail(err, SGN_INTERNAL, "%s: %s: %s (SQLSTATE %s)", conn->where, doing, said, state);
}

/* No code comes with a refused connection, only words; known ones get the advice of their code. */
static const char *
advice_of(const char *said)
{
    static const struct {
        const char *words, *state;
    } known[] = {
        { .words = "too many clients", .state = "53300" },
        { .words = "remaining connection slots", .state = "53300" },
        { .words = "too many connections", .state = "53300" },
        { .words = "authentication failed", .state = "28" },
        { .words = "no pg_hba.conf entry", .state = "28" },
        { .words = "no password supplied", .state = "28" },
        { .words = "role \"", .state = "28" },
        { .words = "database \"", .state = "3D000" },
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strstr(said, known[i].words) == NULL)
            continue;
        for (size_t m = 0; m < sizeof meanings / sizeof meanings[0]; m++) {
            if (strcmp(meanings[m].state, known[i].state) == 0)
                return meanings[m].advice;
        }
    }
    return "; look whether the server runs and can be reached";
}

enum sgn_status
store_postgres_gone(struct store_postgres_conn *conn, const char *doing, struct sgn_error *err)
{
    char said[512];

    conn->state[0] = '\0';
    tidy(conn->pg == NULL ? "" : PQerrorMessage(conn->pg), said);
    if (said[0] == '\0')
        snprintf(said, sizeof said, "the connection is gone");
    return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s: %s%s", conn->where, doing, said,
                    advice_of(said));
}

bool
store_postgres_transient(const struct store_postgres_conn *conn)
{
    return strcmp(conn->state, "40001") == 0 || strcmp(conn->state, "40P01") == 0;
}
