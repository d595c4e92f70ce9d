/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A database of a test's own on the server that tests/support/postgres.py started.
 */
#include "contract.h"

#include <libpq-fe.h>
#include <unistd.h>

static void
ignore(void *ctx, const char *message)
{
    (void)ctx;
    (void)message;
}

/* The role may make databases, and owns those it makes. */
static PGconn *
connect_to(const char *url)
{
    PGconn *pg = PQconnectdb(url);

    if (PQstatus(pg) != CONNECTION_OK)
        print_error("%s\n", PQerrorMessage(pg));
    assert_int_equal(PQstatus(pg), CONNECTION_OK);
    PQsetNoticeProcessor(pg, ignore, NULL);
    return pg;
}

char *
contract_postgres_ask(const char *url, const char *sql)
{
    PGconn *pg = connect_to(url);
    PGresult *res = PQexec(pg, sql);
    ExecStatusType status = PQresultStatus(res);
    char *answer = NULL;

    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        print_error("%s: %s\n", sql, PQerrorMessage(pg));
    assert_true(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK);
    answer = strdup(PQntuples(res) > 0 ? PQgetvalue(res, 0, 0) : "");
    assert_non_null(answer);
    PQclear(res);
    PQfinish(pg);
    return answer;
}

void
contract_postgres_sql(const char *url, const char *sql)
{
    free(contract_postgres_ask(url, sql));
}

static void
make_database(const char *url_file, char out[512])
{
    char base[256], sql[64];
    FILE *file = fopen(url_file, "r");

    assert_non_null(file);
    assert_non_null(fgets(base, sizeof base, file));
    assert_int_equal(fclose(file), 0);
    base[strcspn(base, "\n")] = '\0';
    snprintf(sql, sizeof sql, "CREATE DATABASE contract_%ld", (long)getpid());
    contract_postgres_sql(base, sql);
    snprintf(out, 512, "%.*s/contract_%ld", (int)(strrchr(base, '/') - base), base, (long)getpid());
}

static void
drop_database(const char *url)
{
    char base[512], sql[128];
    const char *name = strrchr(url, '/') + 1;

    snprintf(base, sizeof base, "%.*s/signoff", (int)(name - 1 - url), url);
    snprintf(sql, sizeof sql, "DROP DATABASE %.40s WITH (FORCE)", name);
    contract_postgres_sql(base, sql);
}

int
contract_run_postgres(const char *name, const struct contract_tests *const *parts, size_t n_parts,
                      const char *url_file)
{
    char url[512];
    int failed;

    make_database(url_file, url);
    failed = contract_run(name, parts, n_parts, url);
    drop_database(url);
    return failed;
}
