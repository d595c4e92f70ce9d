/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the store's contract tests share: a fresh store per test on whichever backend is
 * being tried, and sample entries and cases to put into it.
 */
#ifndef CONTRACT_H
#define CONTRACT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In a folder, with so little room for rows that are not merged that some always are, and some
 * are not. */
#define CONTRACT_MERGING "sqlite:DIR merging"

struct contract {
    const char *backend; /* "sqlite:DIR", CONTRACT_MERGING, "sqlite::memory:", "postgres://..." */
    char dir[64];        /* SQLite: a fresh folder, removed after the test */
    char url[512];
    bool durable;           /* can be opened again */
    int64_t schema;         /* the newest one of the backend */
    int64_t unmerged_bytes; /* SQLite: as in store_options */
    struct store *store;
    struct store_reader *reader; /* the store's own */
    struct sgn_error err;
};

/* A status is expected; the message is shown when it is another one. */
#define assert_status(c, want, expression)                                                         \
    do {                                                                                           \
        enum sgn_status got_ = (expression);                                                       \
        if (got_ != (want))                                                                        \
            print_error("%s: %s (%s)\n", #expression, sgn_status_code(got_), (c)->err.message);    \
        assert_int_equal(got_, want);                                                              \
    } while (0)
#define assert_ok(c, expression) assert_status(c, SGN_OK, expression)

/* For cmocka: *state is the backend before, a struct contract after. */
int contract_setup(void **state);
int contract_teardown(void **state);
void contract_open(struct contract *c);
void contract_close(struct contract *c);
void contract_reopen(struct contract *c);

/* An entry with every part, at time 1000 + seq, of case key (or of none), and its bytes. */
struct sample {
    struct store_entry entry;
    char hash[65], header[64], shared[64], internal[64];
    unsigned char salts[2][16];
};
void sample_init(struct sample *sample, const char *team, int64_t seq, const char *key,
                 int64_t case_seq, int64_t previous);
/* A case as plain as possible. */
struct store_case sample_case(const char *team, const char *key, int64_t last_seq);

/* Begins, asserts that the head's number is seq - 1, commits the one entry and what else. */
void commit_one(struct contract *c, const struct sample *sample, const struct store_case *row);
/* Commits cases, each with an entry; their last_seq and hash are set. */
void commit_case(struct contract *c, struct store_case *row);
void commit_row(struct contract *c, enum store_table table, const char *team, json_t *row_take);

/* Copies the database and its log as they are, so what a server leaves that is killed now, and the
 * path of that copy or of a file in it ("", "/signoff.db"). In memory if it can be, since it has to
 * outlive nothing. The caller removes it. */
void contract_copy(const struct contract *c);
void contract_copy_path(char out[160], const struct contract *c, const char *name);

/* Removes a folder and what is in it. */
void remove_tree(const char *dir);

/* Runs SQL at a URL of PostgreSQL. */
void contract_postgres_sql(const char *url, const char *sql);
/* What it answers, its first value as text; malloc'ed. */
char *contract_postgres_ask(const char *url, const char *sql);

/* A row of tests that one file offers to the suite. */
struct contract_tests {
    const struct CMUnitTest *tests;
    size_t n;
};
extern const struct contract_tests contract_write_tests, contract_read_tests, contract_row_tests,
    contract_case_tests, contract_inbox_tests, contract_thread_tests, contract_ways_tests;

/* Runs tests with the backend's name as what their setup begins with; how many failed. */
int contract_run(const char *name, const struct contract_tests *const *parts, size_t n_parts,
                 const char *backend);
/* The same in a database of this process, on the PostgreSQL server whose address is in a file that
 * tests/support/postgres.py wrote. */
int contract_run_postgres(const char *name, const struct contract_tests *const *parts,
                          size_t n_parts, const char *url_file);

#define CONTRACT_TESTS(name, array)                                                                \
    const struct contract_tests name = { array, sizeof(array) / sizeof((array)[0]) }
#define CONTRACT(test) cmocka_unit_test_setup_teardown(test, contract_setup, contract_teardown)

#endif
