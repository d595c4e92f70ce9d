/* SPDX-License-Identifier: Apache-2.0 */
/* Settings: which source goes first, and what each mistake is told as. */
#include "settings.h"
#include "site.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
    char file[64];
    struct settings settings;
    struct sgn_error err;
};

static int
setup(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    int fd;

    assert_non_null(world);
    strcpy(world->file, "/tmp/settings-XXXXXX");
    fd = mkstemp(world->file);
    assert_true(fd >= 0);
    close(fd);
    unsetenv("SIGNOFF_NET_LISTEN");
    unsetenv("SIGNOFF_LIMITS_FRAME");
    *state = world;
    return 0;
}

static int
teardown(void **state)
{
    struct world *world = *state;

    unlink(world->file);
    unsetenv("SIGNOFF_NET_LISTEN");
    unsetenv("SIGNOFF_LIMITS_FRAME");
    sgn_error_clear(&world->err);
    free(world);
    return 0;
}

static void
write_file(struct world *world, const char *text)
{
    FILE *out = fopen(world->file, "we");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static void
test_settings_have_defaults(void **state)
{
    struct world *world = *state;

    assert_int_equal(settings_read(&world->settings, "/nowhere/signoff.ini", &world->err), SGN_OK);
    assert_string_equal(world->settings.listen, "127.0.0.1:7480");
    assert_false(world->settings.insecure);
    assert_int_equal(world->settings.connections, 16384);
    assert_int_equal(world->settings.frame_bytes, 1024 * 1024);
    assert_int_equal(world->settings.rule_memory, 64 * 1024 * 1024);
    assert_string_equal(world->settings.data, "data");
}

static void
test_settings_are_taken_from_flag_environment_file_default_in_this_order(void **state)
{
    struct world *world = *state;

    write_file(world, "[net]\nlisten = 127.0.0.1:1\nconnections = 5\n[limits]\nframe = 2M\n");
    assert_int_equal(settings_read(&world->settings, world->file, &world->err), SGN_OK);
    assert_string_equal(world->settings.listen, "127.0.0.1:1");
    assert_int_equal(world->settings.connections, 5);
    assert_int_equal(world->settings.frame_bytes, 2 * 1024 * 1024);

    setenv("SIGNOFF_NET_LISTEN", "127.0.0.1:2", 1);
    assert_int_equal(settings_read(&world->settings, world->file, &world->err), SGN_OK);
    assert_string_equal(world->settings.listen, "127.0.0.1:2");
    assert_int_equal(world->settings.connections, 5);

    assert_int_equal(settings_set(&world->settings, "net", "listen", "127.0.0.1:3", &world->err),
                     SGN_OK);
    assert_string_equal(world->settings.listen, "127.0.0.1:3");
}

static void
expect_mistake(struct world *world, const char *text, const char *message)
{
    char expected[512];

    write_file(world, text);
    assert_int_equal(settings_read(&world->settings, world->file, &world->err), SGN_INVALID);
    snprintf(expected, sizeof(expected), "%s%s", world->file, message);
    assert_string_equal(world->err.message, expected);
    sgn_error_clear(&world->err);
}

static void
test_settings_name_the_line_and_what_would_be_right(void **state)
{
    struct world *world = *state;

    expect_mistake(world, "[net]\nlistn = x\n",
                   ":2: unknown setting listn in [net]; did you mean listen?");
    expect_mistake(world, "[nte]\nlisten = x\n", ":2: unknown section [nte]; did you mean [net]?");
    expect_mistake(world, "\n[net]\ninsecure = maybe\n",
                   ":3: insecure = maybe: expected yes or no");
    expect_mistake(world, "[net]\nconnections = many\n",
                   ":2: connections = many: expected a whole number");
    expect_mistake(world, "[net]\nconnections = 0\n",
                   ":2: connections = 0: must be between 1 and 1000000");
    expect_mistake(world, "[net]\nconnections = 1000001\n",
                   ":2: connections = 1000001: must be between 1 and 1000000");
    expect_mistake(world, "[limits]\nframe = 1X\n",
                   ":2: frame = 1X: expected a size such as 512K, 16M or 2G");
    expect_mistake(world, "[limits]\nframe = 99999999999G\n",
                   ":2: frame = 99999999999G: expected a size such as 512K, 16M or 2G");
    expect_mistake(world, "[net]\nnonsense\n", ":2: expected NAME = VALUE or [SECTION]");
}

static void
test_settings_name_the_variable(void **state)
{
    struct world *world = *state;

    setenv("SIGNOFF_LIMITS_FRAME", "huge", 1);
    assert_int_equal(settings_read(&world->settings, NULL, &world->err), SGN_INVALID);
    assert_string_equal(
        world->err.message,
        "SIGNOFF_LIMITS_FRAME: frame = huge: expected a size such as 512K, 16M or 2G");
}

static void
test_settings_sample_is_a_file_that_changes_nothing(void **state)
{
    struct world *world = *state;
    struct settings defaults;
    char *sample = settings_sample();
    int n;
    const struct setting *table = settings_table(&n);

    assert_non_null(sample);
    write_file(world, sample);
    assert_int_equal(settings_read(&defaults, NULL, &world->err), SGN_OK);
    assert_int_equal(settings_read(&world->settings, world->file, &world->err), SGN_OK);
    assert_memory_equal(&world->settings, &defaults, sizeof(defaults));
    for (int i = 0; i < n; i++)
        assert_non_null(strstr(sample, table[i].help));
    free(sample);
}

static void
test_settings_listen_beyond_loopback_needs_insecure(void **state)
{
    struct world *world = *state;
    static const char *const loopback[] = { "127.0.0.1:0", "127.9.9.9:80", "localhost:1",
                                            "[::1]:7480",  "off",          "" };
    static const char *const beyond[] = { "0.0.0.0:7480", "[::]:1", "example.org:80",
                                          "10.127.0.1:80" };

    assert_int_equal(settings_read(&world->settings, NULL, &world->err), SGN_OK);
    for (size_t i = 0; i < sizeof(loopback) / sizeof(loopback[0]); i++) {
        snprintf(world->settings.listen, SETTING_TEXT, "%s", loopback[i]);
        assert_int_equal(site_listen_allowed(&world->settings, &world->err), SGN_OK);
    }
    for (size_t i = 0; i < sizeof(beyond) / sizeof(beyond[0]); i++) {
        snprintf(world->settings.listen, SETTING_TEXT, "%s", beyond[i]);
        world->settings.insecure = false;
        assert_int_equal(site_listen_allowed(&world->settings, &world->err), SGN_INVALID);
        world->settings.insecure = true;
        assert_int_equal(site_listen_allowed(&world->settings, &world->err), SGN_OK);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(test_settings_have_defaults),
        TEST(test_settings_are_taken_from_flag_environment_file_default_in_this_order),
        TEST(test_settings_name_the_line_and_what_would_be_right),
        TEST(test_settings_name_the_variable),
        TEST(test_settings_sample_is_a_file_that_changes_nothing),
        TEST(test_settings_listen_beyond_loopback_needs_insecure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
