/* SPDX-License-Identifier: Apache-2.0 */
/* What "init" makes: whole, private where it must be, and nothing over what is there. */
#include "cli.h"
#include "hash.h"
#include "json.h"
#include "site.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
    char top[64];
    char *site;
};

static int
run(const char *word, const char *site, const char *option)
{
    const char *argv[] = { "signoff", word, site, option, NULL };

    return cli_main(option != NULL ? 4 : 3, (char **)argv, NULL);
}

static int
setup(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    assert_non_null(world);
    strcpy(world->top, "/tmp/site-XXXXXX");
    assert_non_null(mkdtemp(world->top));
    world->site = site_path(world->top, "s");
    *state = world;
    return 0;
}

static int
teardown(void **state)
{
    struct world *world = *state;
    char command[128];

    snprintf(command, sizeof(command), "rm -r -- '%s'", world->top);
    assert_int_equal(system(command), 0);
    free(world->site);
    free(world);
    return 0;
}

static unsigned
mode_of(const struct world *world, const char *name)
{
    char *path = site_path(world->site, name);
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    free(path);
    return st.st_mode & 0777;
}

static void
test_init_makes_secrets_for_the_owner_alone(void **state)
{
    struct world *world = *state;
    static const char *const secrets[] = { "site.key",       "init.json",     "admin.token",
                                           "operator.token", "demo/li.token", "demo/tom.token" };

    assert_int_equal(run("init", world->site, "--demo"), CLI_OK);
    for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
        assert_int_equal(mode_of(world, secrets[i]), 0600);
    assert_int_equal(mode_of(world, "demo"), 0700);
}

static void
test_init_refuses_a_folder_with_something_in_it(void **state)
{
    struct world *world = *state;

    assert_int_equal(run("init", world->site, NULL), CLI_OK);
    assert_int_equal(run("init", world->site, NULL), CLI_FAILED);
}

/* Counts rows of a table whose members are those of match. */
static int
count(const json_t *rows, const char *table, const char *name, const char *value)
{
    const json_t *item;
    size_t i;
    int n = 0;

    json_array_foreach(rows, i, item) {
        const char *found = sgn_json_str(json_object_get(item, "row"), name);
        if (strcmp(sgn_json_str(item, "table"), table) == 0 &&
            (value == NULL || (found != NULL && strcmp(found, value) == 0)))
            n++;
    }
    return n;
}

static void
test_init_prepares_the_people_and_only_hashes_of_tokens(void **state)
{
    struct world *world = *state;
    json_t *init = NULL;
    const json_t *rows;
    char *path, *token = NULL, *text = NULL;
    char hash[SGN_HASH_HEX];
    size_t n;

    assert_int_equal(run("init", world->site, "--demo"), CLI_OK);
    assert_int_equal(site_init_rows(world->site, &init, NULL), SGN_OK);
    rows = json_object_get(init, "rows");
    assert_int_equal(count(rows, "person", "person", NULL), 8);
    assert_int_equal(count(rows, "person", "client", "acme"), 2);
    assert_int_equal(count(rows, "membership", "person", "admin"), 4);
    assert_int_equal(count(rows, "membership", "person", "wang"), 2);
    assert_int_equal(count(rows, "project", "project", NULL), 2);
    assert_int_equal(count(rows, "project", "client", "acme"), 1);
    assert_int_equal(count(rows, "token", "hash", NULL), 9);

    path = site_path(world->site, "demo/mei.token");
    assert_int_equal(site_token(path, &token, NULL), SGN_OK);
    free(path);
    sgn_sha256(token, strlen(token), hash);
    assert_int_equal(count(rows, "token", "hash", hash), 1);
    path = site_path(world->site, "init.json");
    assert_int_equal(site_read(path, SITE_FILE_MAX, &text, &n, NULL), SGN_OK);
    assert_null(strstr(text, token));
    free(path);
    free(text);
    free(token);
    json_decref(init);
}

static void
test_init_makes_a_key_that_can_be_read(void **state)
{
    struct world *world = *state;
    unsigned char secret[SGN_SIGN_SECRET], pub[SGN_SIGN_PUBLIC], signature[SGN_SIGN_BYTES];

    assert_int_equal(run("init", world->site, NULL), CLI_OK);
    assert_int_equal(site_key(world->site, secret, pub, NULL), SGN_OK);
    sgn_sign(secret, "x", 1, signature);
    assert_true(sgn_sign_verify(pub, "x", 1, signature));
}

static void
test_init_names_the_shipped_workflows_in_plain_lines(void **state)
{
    struct world *world = *state;
    static const char *const names[] = { "change_request", "acceptance", "feedback", "closeout",
                                         "issue" };
    json_t *files = NULL;
    char *dir = site_path(world->site, "teams/demo");

    assert_int_equal(run("init", world->site, NULL), CLI_OK);
    assert_int_equal(site_team_files(dir, &files, NULL), SGN_OK);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char line[64];
        snprintf(line, sizeof(line), "\n  use \"%s\",\n", names[i]);
        assert_non_null(strstr(sgn_json_str(files, "team.lua"), line));
    }
    json_decref(files);
    free(dir);
}

static void
test_init_and_its_like_tell_usage_from_failure(void **state)
{
    struct world *world = *state;

    assert_int_equal(run("init", world->site, "--demmo"), CLI_USAGE);
    assert_int_equal(run("init", "--demo", NULL), CLI_USAGE);
    assert_int_equal(run("verify", world->site, NULL), CLI_FAILED);
    assert_int_equal(run("zzz", world->site, NULL), CLI_USAGE);
    assert_int_equal(run("verify", "--help", NULL), CLI_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(test_init_makes_secrets_for_the_owner_alone),
        TEST(test_init_refuses_a_folder_with_something_in_it),
        TEST(test_init_prepares_the_people_and_only_hashes_of_tokens),
        TEST(test_init_makes_a_key_that_can_be_read),
        TEST(test_init_names_the_shipped_workflows_in_plain_lines),
        TEST(test_init_and_its_like_tell_usage_from_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
