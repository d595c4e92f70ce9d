/* SPDX-License-Identifier: Apache-2.0 */
/* A program that was built without Node. */
#include "console.h"
#include "console_files.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct net_asset console_files[1] = { { 0 } };
const int console_files_count = 0;

static void
test_console_asset_says_how_to_build_it(void **state)
{
    const struct net_asset *page = console_asset("/console/", strlen("/console/"));

    (void)state;
    assert_int_equal(page->status, 404);
    assert_false(page->gzip);
    assert_non_null(memmem(page->bytes, page->n, "nodejs npm", strlen("nodejs npm")));
    assert_ptr_equal(console_asset("/portal/x", strlen("/portal/x")), page);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_console_asset_says_how_to_build_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
