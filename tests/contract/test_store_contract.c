/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's contract, one suite, run over every backend: with no arguments over those that
 * need nothing installed, else over the URLs given; "postgres FILE": on the server whose address
 * is in the file.
 */
#include "contract.h"

#include "hash.h"

int
main(int argc, char **argv)
{
    static const struct contract_tests *const parts[] = {
        &contract_write_tests, &contract_read_tests,   &contract_row_tests, &contract_case_tests,
        &contract_inbox_tests, &contract_thread_tests, &contract_ways_tests
    };
    static const char *const usual[] = { "sqlite:DIR", CONTRACT_MERGING, "sqlite::memory:" };
    const size_t n_parts = sizeof parts / sizeof parts[0];
    const char *const *backends = argc == 1 ? usual : (const char *const *)argv + 1;
    int n = argc == 1 ? (int)(sizeof usual / sizeof usual[0]) : argc - 1, failed = 0;

    if (sgn_hash_init(NULL) != SGN_OK)
        return 1;
    if (argc == 3 && strcmp(argv[1], "postgres") == 0)
        return contract_run_postgres("store contract: postgres", parts, n_parts, argv[2]);
    for (int i = 0; i < n; i++) {
        char name[128];

        snprintf(name, sizeof name, "store contract: %.*s", (int)strcspn(backends[i], "/"),
                 backends[i]);
        failed += contract_run(name, parts, n_parts, backends[i]);
    }
    return failed;
}
