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

    assert_int_equal(settings_set(&world->settings, "net", "listen", "127.0.0.1:3",
                                  (struct setting_origin){ SETTING_OPTION, 0 }, &world->err),
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
expect_row(const json_t *mistakes, size_t i, const char *place, const char *message)
{
    const json_t *row = json_array_get(mistakes, i);

    assert_non_null(row);
    assert_string_equal(json_string_value(json_object_get(row, "place")), place);
    assert_string_equal(json_string_value(json_object_get(row, "message")), message);
}

static void
test_settings_tell_every_mistake_with_its_line_and_keep_what_is_right(void **state)
{
    struct world *world = *state;
    json_t *mistakes = json_array();
    char places[3][SETTING_PLACE];
    static const int lines[] = { 3, 4, 8 };

    for (size_t i = 0; i < 3; i++)
        snprintf(places[i], SETTING_PLACE, "%s:%d", world->file, lines[i]);
    write_file(world, "# of this site\r\n[net]\nlistn = x\nnonsense\n"
                      "  connections = 7 ; a few\r\n\n[limits]\nframe = 1X\nhead:32K");
    setenv("SIGNOFF_NET_LISTEN", "127.0.0.1:2", 1);
    setenv("SIGNOFF_LIMITS_FRAME", "huge", 1);
    assert_int_equal(settings_gather(&world->settings, world->file, mistakes, &world->err), SGN_OK);
    assert_int_equal(json_array_size(mistakes), 4);
    expect_row(mistakes, 0, places[0], "unknown setting listn in [net]; did you mean listen?");
    expect_row(mistakes, 1, places[1], "expected NAME = VALUE or [SECTION]");
    expect_row(mistakes, 2, places[2], "frame = 1X: expected a size such as 512K, 16M or 2G");
    expect_row(mistakes, 3, "SIGNOFF_LIMITS_FRAME",
               "frame = huge: expected a size such as 512K, 16M or 2G");
    assert_int_equal(world->settings.connections, 7);
    assert_int_equal(world->settings.head_bytes, 32 * 1024);
    assert_int_equal(world->settings.frame_bytes, 1024 * 1024);
    assert_string_equal(world->settings.listen, "127.0.0.1:2");
    json_decref(mistakes);
}

static void
expect_origin(const struct settings *settings, const char *section, const char *name,
              const char *place, const char *value)
{
    char said[SETTING_PLACE];
    struct sgn_buf buf;

    settings_place(settings, settings_find(section, name), "signoff.ini", said);
    assert_string_equal(said, place);
    sgn_buf_init(&buf, 1024);
    settings_value(settings, settings_find(section, name), &buf);
    assert_int_equal(sgn_buf_append(&buf, "", 1), SGN_OK);
    assert_string_equal(buf.bytes, value);
    sgn_buf_deinit(&buf);
}

static void
test_settings_know_where_they_are_from_and_tell_no_password(void **state)
{
    struct world *world = *state;
    struct settings *settings = &world->settings;

    write_file(world, "[store]\nurl = postgres://u:s;ec@ret@db/x?a=b&password=ABC&c=d\n"
                      "[limits]\nframe = 2048K\nhead = 10000\n[net]\ninsecure = on\n"
                      "[store]\ndata = first\ndata = second ; the last one counts\n");
    setenv("SIGNOFF_NET_LISTEN", "127.0.0.1:2", 1);
    assert_int_equal(settings_read(settings, world->file, &world->err), SGN_OK);
    assert_int_equal(settings_set(settings, "net", "http", "off",
                                  (struct setting_origin){ SETTING_OPTION, 0 }, &world->err),
                     SGN_OK);
    expect_origin(settings, "net", "listen", "SIGNOFF_NET_LISTEN", "127.0.0.1:2");
    expect_origin(settings, "net", "http", "--http", "off");
    expect_origin(settings, "net", "insecure", "signoff.ini:7", "yes");
    expect_origin(settings, "net", "connections", "default", "16384");
    expect_origin(settings, "limits", "frame", "signoff.ini:4", "2M");
    expect_origin(settings, "limits", "head", "signoff.ini:5", "10000");
    expect_origin(settings, "store", "data", "signoff.ini:10", "second");
    expect_origin(settings, "store", "url", "signoff.ini:2",
                  "postgres://u:***@db/x?a=b&password=***&c=d");
}

/* A library's line of 200 bytes once cut what was longer, without a word. */
static void
test_settings_take_a_value_whole_or_refuse_it(void **state)
{
    struct world *world = *state;
    char value[SETTING_TEXT + 1], text[SETTING_TEXT + 64];

    memset(value, 'x', sizeof value);
    value[SETTING_TEXT - 1] = '\0';
    snprintf(text, sizeof text, "[net]\npublic_url = %s\n", value);
    write_file(world, text);
    assert_int_equal(settings_read(&world->settings, world->file, &world->err), SGN_OK);
    assert_string_equal(world->settings.public_url, value);

    value[SETTING_TEXT - 1] = 'x';
    value[SETTING_TEXT] = '\0';
    snprintf(text, sizeof text, "[net]\npublic_url = %s\n", value);
    expect_mistake(world, text, ":2: public_url: longer than 511 bytes");
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
        TEST(test_settings_tell_every_mistake_with_its_line_and_keep_what_is_right),
        TEST(test_settings_know_where_they_are_from_and_tell_no_password),
        TEST(test_settings_take_a_value_whole_or_refuse_it),
        TEST(test_settings_sample_is_a_file_that_changes_nothing),
        TEST(test_settings_listen_beyond_loopback_needs_insecure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
