/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are put as a whole. What a power cut leaves of them: tests/fault/file_cuts.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "file.h"
#include "hash.h"
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    char dir[64], path[96];
    struct sgn_error err;
};

static int
setup(void **state)
{
    struct place *place = calloc(1, sizeof *place);

    assert_int_equal(sgn_hash_init(&place->err), SGN_OK);
    snprintf(place->dir, sizeof place->dir, "/tmp/sgn-file-XXXXXX");
    assert_non_null(mkdtemp(place->dir));
    snprintf(place->path, sizeof place->path, "%s/a", place->dir);
    *state = place;
    return 0;
}

static int
teardown(void **state)
{
    struct place *place = *state;

    (void)remove(place->path);
    (void)remove(place->dir);
    sgn_error_clear(&place->err);
    free(place);
    return 0;
}

static enum sgn_status
put(struct place *place, const char *text, bool replace)
{
    return sgn_file_put(place->path, text, strlen(text), 0600, replace, &place->err);
}

static void
assert_holds(const struct place *place, const char *text)
{
    char got[64] = "";
    FILE *in = fopen(place->path, "r");

    assert_non_null(in);
    assert_int_equal(fread(got, 1, sizeof got - 1, in), strlen(text));
    fclose(in);
    assert_string_equal(got, text);
}

static void
assert_names(const struct place *place, int n)
{
    DIR *dir = opendir(place->dir);

    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        n -= entry->d_name[0] != '.';
    closedir(dir);
    assert_int_equal(n, 0);
}

static void
test_put_makes_a_file_with_its_mode_and_nothing_beside_it(void **state)
{
    struct place *place = *state;
    struct stat info;

    assert_int_equal(put(place, "one", false), SGN_OK);
    assert_holds(place, "one");
    assert_int_equal(stat(place->path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    assert_int_equal(info.st_nlink, 1);
    assert_names(place, 1);
}

static void
test_put_leaves_a_file_alone_unless_it_is_to_be_replaced(void **state)
{
    struct place *place = *state;

    assert_int_equal(put(place, "one", false), SGN_OK);
    assert_int_equal(put(place, "two", false), SGN_CONFLICT);
    assert_non_null(strstr(place->err.message, place->path));
    assert_holds(place, "one");
    assert_int_equal(put(place, "two", true), SGN_OK);
    assert_holds(place, "two");
    assert_names(place, 1);
}

static void
test_put_that_fails_leaves_nothing(void **state)
{
    struct place *place = *state;
    char path[128];

    snprintf(path, sizeof path, "%s/none/a", place->dir);
    assert_int_equal(sgn_file_put(path, "x", 1, 0600, true, &place->err), SGN_UNAVAILABLE);
    assert_int_equal(mkdir(place->path, 0700), 0);
    assert_int_equal(put(place, "x", true), SGN_UNAVAILABLE); /* a folder is not replaced */
    assert_names(place, 1);
}

static void
test_folder_make_takes_one_that_is_there_and_needs_one_above(void **state)
{
    struct place *place = *state;
    char path[128];

    snprintf(path, sizeof path, "%s//", place->path); /* slashes at the end mean nothing */
    assert_int_equal(sgn_folder_make(path, 0700, &place->err), SGN_OK);
    assert_int_equal(sgn_folder_make(place->path, 0700, &place->err), SGN_OK);
    snprintf(path, sizeof path, "%s/none/a", place->dir);
    assert_int_equal(sgn_folder_make(path, 0700, &place->err), SGN_NOT_FOUND);
    assert_non_null(strstr(place->err.message, path));
}

static void
test_sync_above_knows_the_folder_of_every_name(void **state)
{
    struct place *place = *state;
    char path[128];

    assert_int_equal(sgn_sync_above(place->path), 0);
    assert_int_equal(sgn_sync_above("/"), 0);
    assert_int_equal(sgn_sync_above("name"), 0);
    snprintf(path, sizeof path, "%s/none/a", place->dir);
    assert_int_equal(sgn_sync_above(path), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_put_makes_a_file_with_its_mode_and_nothing_beside_it,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_put_leaves_a_file_alone_unless_it_is_to_be_replaced,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_put_that_fails_leaves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_folder_make_takes_one_that_is_there_and_needs_one_above, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sync_above_knows_the_folder_of_every_name, setup,
                                        teardown),
    };
    return cmocka_run_group_tests_name("base/file", tests, NULL, NULL);
}
