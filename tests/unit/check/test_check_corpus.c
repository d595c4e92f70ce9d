/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The corpus in tests/check: every script in bad/ says in its head what must be found,
 *     -- expect: ID LINE:COLUMN        ("error" for what the engine cannot run)
 * and nothing else may be; its twin in good/ does what was meant, and nothing may be found. In
 * previous/ lie versions that those in bad/ and good/ come after, by the same names. In
 * planted/ lie scripts whose heads are wrong on purpose: the comparison must notice each.
 */
#include "check_support.h"

#include <dirent.h>

#define FOLDER SGN_SOURCE_DIR "/tests/check/"
#define MANY   64

struct list {
    char *items[MANY];
    int n;
};

static void
list_add(struct list *list, char *item_take)
{
    assert_non_null(item_take);
    assert_true(list->n < MANY);
    list->items[list->n++] = item_take;
}

static void
list_free(struct list *list)
{
    for (int i = 0; i < list->n; i++)
        free(list->items[i]);
    list->n = 0;
}

static char *
read_script(const char *folder, const char *file)
{
    char *path = sgn_format("%s%s/%s", FOLDER, folder, file), *text = calloc(1, 1 << 16);
    FILE *in = fopen(path, "r");

    assert_non_null(in);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 16) - 1, in) > 0);
    fclose(in);
    free(path);
    return text;
}

static void
expectations(const char *source, struct list *list)
{
    for (const char *line = source; strncmp(line, "--", 2) == 0; line = strchr(line, '\n') + 1) {
        char id[64];
        int row, column;

        if (sscanf(line, "-- expect: %63s %d:%d", id, &row, &column) == 3)
            list_add(list, sgn_format("%s %d:%d", id, row, column));
    }
}

static bool
take(struct list *list, const char *item)
{
    for (int i = 0; i < list->n; i++) {
        if (strcmp(list->items[i], item) != 0)
            continue;
        free(list->items[i]);
        list->items[i] = list->items[--list->n];
        return true;
    }
    return false;
}

/* Scripts that say migrate have the version before them in previous/. */
static bool
has_previous(const char *source)
{
    return strstr(source, "migrate {") != NULL;
}

/* How many differences there are between what a script says of itself and what is found. */
static int
differences(const char *folder, const char *file, bool loud)
{
    char *source = read_script(folder, file);
    char *before = has_previous(source) ? read_script("previous", file) : NULL;
    struct list expected = { 0 };
    json_t *mistakes = checked_after(before, source, "");
    const json_t *one;
    int wrong = 0;
    size_t i;

    expectations(source, &expected);
    json_array_foreach(mistakes, i, one) {
        char *found = found_text(one);

        if (!take(&expected, found)) {
            wrong++;
            if (loud)
                print_error("%s/%s: not expected: %s: %s\n", folder, file, found,
                            sgn_json_str(one, "message"));
        }
        free(found);
    }
    for (int k = 0; k < expected.n && loud; k++)
        print_error("%s/%s: not found: %s\n", folder, file, expected.items[k]);
    wrong += expected.n;
    list_free(&expected);
    json_decref(mistakes);
    free(before);
    free(source);
    return wrong;
}

/* Goes through a folder; gives how many scripts there are, and how many differ. */
static int
each_script(const char *folder, bool loud, int *differ)
{
    char *path = sgn_format("%s%s", FOLDER, folder);
    DIR *dir = opendir(path);
    const struct dirent *entry;
    int n = 0;

    assert_non_null(dir);
    *differ = 0;
    while ((entry = readdir(dir)) != NULL) {
        if (strstr(entry->d_name, ".lua") == NULL)
            continue;
        n++;
        *differ += differences(folder, entry->d_name, loud) > 0;
    }
    closedir(dir);
    free(path);
    return n;
}

static void
test_every_seeded_mistake_is_found_at_its_place(void **state)
{
    int differ, n = each_script("bad", true, &differ);

    (void)state;
    assert_true(n >= 60);
    assert_int_equal(differ, 0);
}

static void
test_nothing_is_found_in_the_good_twins(void **state)
{
    int differ, n = each_script("good", true, &differ), bad,
                unused = each_script("bad", false, &bad);

    (void)state;
    assert_int_equal(n, unused);
    assert_int_equal(differ, 0);
}

static void
test_wrong_expectations_are_noticed(void **state)
{
    int differ, n = each_script("planted", false, &differ);

    (void)state;
    assert_true(n >= 4);
    assert_int_equal(differ, n);
}

/* Kinds that only a whole team or a second file shows are tested elsewhere. */
static void
test_every_kind_has_a_bad_script(void **state)
{
    size_t n, all;
    const struct check_kind *kinds = check_kinds(&all);

    (void)state;
    for (n = 0; n < all; n++) {
        char *path = sgn_format("%sbad", FOLDER), *mark = sgn_format("expect: %s ", kinds[n].id);
        DIR *dir = opendir(path);
        const struct dirent *entry;
        bool found =
            strcmp(kinds[n].id, "unused-file") == 0 || strcmp(kinds[n].id, "working-time") == 0;

        assert_non_null(dir);
        while (!found && (entry = readdir(dir)) != NULL) {
            char *source;

            if (strstr(entry->d_name, ".lua") == NULL)
                continue;
            source = read_script("bad", entry->d_name);
            found = strstr(source, mark) != NULL;
            free(source);
        }
        closedir(dir);
        if (!found)
            fail_msg("no script in bad/ expects %s", kinds[n].id);
        free(path);
        free(mark);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_seeded_mistake_is_found_at_its_place),
        cmocka_unit_test(test_nothing_is_found_in_the_good_twins),
        cmocka_unit_test(test_wrong_expectations_are_noticed),
        cmocka_unit_test(test_every_kind_has_a_bad_script),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
