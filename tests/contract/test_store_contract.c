/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's contract, one suite, run over every backend: with no arguments over those that
 * need nothing installed, else over the URLs given; "postgres FILE": on the server whose address
 * is in the file.
 */
#include "contract.h"

#include "hash.h"

enum {
    TESTS_MAX = 128
};

/* Runs all tests with the backend's name as what their setup begins with. */
static int
run(const char *backend)
{
    static const struct contract_tests *const parts[] = {
        &contract_write_tests, &contract_read_tests,  &contract_row_tests,
        &contract_case_tests,  &contract_inbox_tests, &contract_thread_tests
    };
    struct CMUnitTest tests[TESTS_MAX];
    size_t n = 0;
    char name[128];

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        for (size_t t = 0; t < parts[i]->n; t++) {
            if (n == TESTS_MAX)
                return 1;
            tests[n] = parts[i]->tests[t];
            tests[n++].initial_state = (void *)(uintptr_t)backend;
        }
    }
    snprintf(name, sizeof name, "store contract: %.*s", (int)strcspn(backend, "/"), backend);
    return _cmocka_run_group_tests(name, tests, n, NULL, NULL);
}

int
main(int argc, char **argv)
{
    static const char *const backends[] = { "sqlite:DIR", "sqlite::memory:" };
    int failed = 0;

    if (sgn_hash_init(NULL) != SGN_OK)
        return 1;
    if (argc == 3 && strcmp(argv[1], "postgres") == 0) {
        char url[512];

        contract_postgres_make(argv[2], url);
        failed = run(url);
        contract_postgres_drop(url);
        return failed;
    }
    for (int i = 1; i < argc; i++)
        failed += run(argv[i]);
    for (size_t i = 0; argc == 1 && i < sizeof backends / sizeof backends[0]; i++)
        failed += run(backends[i]);
    return failed;
}
