/* SPDX-License-Identifier: Apache-2.0 */
/* Which file a path means. */
#include "console.h"
#include "console_files.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define FILE_OF(path)                                                                              \
    {                                                                                              \
        path, "text/plain", (const unsigned char *)"", 0, "\"1\"", true, false, 200                \
    }

const struct net_asset console_files[] = {
    FILE_OF("/console/"),
    FILE_OF("/console/assets/a-1.js"),
    FILE_OF("/portal/"),
};
const int console_files_count = 3;

static const char *
found(const char *path)
{
    const struct net_asset *asset = console_asset(path, strlen(path));

    return asset != NULL ? asset->path : "nothing";
}

static void
test_console_asset_gives_a_file_by_its_whole_path_only(void **state)
{
    (void)state;
    assert_string_equal(found("/console/assets/a-1.js"), "/console/assets/a-1.js");
    assert_string_equal(found("/console/assets/a-1"), "nothing");
    assert_string_equal(found("/console/assets/a-1.jsx"), "nothing");
    assert_string_equal(found("/console/assets/"), "nothing");
    /* The path does not end where the bytes do. */
    assert_string_equal(console_asset("/console/assets/a-1.js?x", 22)->path,
                        "/console/assets/a-1.js");
}

static void
test_console_asset_gives_the_page_of_its_side_for_all_else(void **state)
{
    (void)state;
    assert_string_equal(found("/console/"), "/console/");
    assert_string_equal(found("/console/case/CR-1"), "/console/");
    assert_string_equal(found("/portal/"), "/portal/");
    assert_string_equal(found("/portal/case/CR-1"), "/portal/");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_console_asset_gives_a_file_by_its_whole_path_only),
        cmocka_unit_test(test_console_asset_gives_the_page_of_its_side_for_all_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
