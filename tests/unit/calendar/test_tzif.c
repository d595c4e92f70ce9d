/* SPDX-License-Identifier: Apache-2.0 */
/* Time zone files and their rules: what is read, and all that is refused. */
#include "clock.h"
#include "tzif.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- files ---- */

#define FILE_MAX 1024

struct file {
    unsigned char bytes[FILE_MAX];
    size_t n;
};

static void
put(struct file *file, const void *bytes, size_t n)
{
    assert_true(n <= FILE_MAX - file->n);
    memcpy(file->bytes + file->n, bytes, n);
    file->n += n;
}

static void
put_number(struct file *file, int64_t value, size_t width)
{
    for (size_t i = width; i-- > 0;) {
        unsigned char byte = (unsigned char)((uint64_t)value >> (8 * i));
        put(file, &byte, 1);
    }
}

/* Counts in the order of RFC 9636: ut, standard, leap, times, types, chars. */
static void
put_header(struct file *file, char version, const int counts[6])
{
    put(file, "TZif", 4);
    put(file, &version, 1);
    for (int i = 0; i < 15; i++)
        put(file, "", 1);
    for (int i = 0; i < 6; i++)
        put_number(file, counts[i], 4);
}

/* What a test changes about a file that is right. */
struct odd {
    char version;      /* 0: '2' */
    int counts[6];     /* added to the second header's */
    int64_t times[2];  /* instead, when not both 0 */
    int types[2];      /* instead, when not both 0 */
    int first_offset;  /* instead, when not 0 */
    int daylight_flag; /* added */
    int name_index;    /* added */
    int standard, ut;  /* added to the first type's indicators */
    const char *rule;  /* instead */
    size_t cut;        /* bytes missing at the end */
    const char *more;  /* bytes behind the end */
};

/*
 * A zone one hour east of UTC, two hours from 2020-06-01T00:00:00Z (1590969600) on, and one again
 * from 2020-09-01T00:00:00Z (1598918400) on, for ever. The first block has one type and no time.
 */
static struct file
file_make(const struct odd *odd)
{
    static const int first[6] = { 0, 0, 0, 0, 1, 4 };
    int second[6] = { 2, 2, 0, 2, 2, 8 };
    int64_t times[2] = { 1590969600, 1598918400 };
    int types[2] = { 1, 0 };
    struct file file = { .n = 0 };

    for (int i = 0; i < 6; i++)
        second[i] += odd->counts[i];
    if (odd->times[0] != 0 || odd->times[1] != 0)
        memcpy(times, odd->times, sizeof(times));
    if (odd->types[0] != 0 || odd->types[1] != 0)
        memcpy(types, odd->types, sizeof(types));
    put_header(&file, odd->version == 0 ? '2' : odd->version, first);
    put_number(&file, 3600, 4);
    put(&file, "\0\0AAA", 6);
    put_header(&file, odd->version == 0 ? '2' : odd->version, second);
    put_number(&file, times[0], 8);
    put_number(&file, times[1], 8);
    put_number(&file, types[0], 1);
    put_number(&file, types[1], 1);
    put_number(&file, odd->first_offset != 0 ? odd->first_offset : 3600, 4);
    put(&file, "\0\0", 2);
    put_number(&file, 7200, 4);
    put_number(&file, 1 + odd->daylight_flag, 1);
    put_number(&file, 4 + odd->name_index, 1);
    put(&file, "AAA\0BBB", 8);
    put_number(&file, 1 + odd->standard, 1);
    put_number(&file, 1, 1);
    put_number(&file, 1 + odd->ut, 1);
    put_number(&file, 1, 1);
    put(&file, "\n", 1);
    put(&file, odd->rule != NULL ? odd->rule : "AAA-1",
        strlen(odd->rule != NULL ? odd->rule : "AAA-1"));
    put(&file, "\n", 1);
    file.n -= odd->cut;
    if (odd->more != NULL)
        put(&file, odd->more, strlen(odd->more));
    return file;
}

/* Reads from memory of exactly the file's size, so that a byte too far is noticed. */
static enum sgn_status
read_exactly(const void *bytes, size_t n, struct calendar_tzif *out, struct sgn_error *err)
{
    void *copy = malloc(n > 0 ? n : 1);
    enum sgn_status status;

    assert_non_null(copy);
    memcpy(copy, bytes, n);
    status = calendar_tzif_read(copy, n, out, err);
    free(copy);
    return status;
}

static void
test_tzif_read_gives_offsets(void **state)
{
    static const struct {
        int64_t at;
        int expected;
    } rows[] = {
        { INT64_C(-4000000000), 3600 }, { 1590969599, 3600 }, { 1590969600, 7200 },
        { 1598918399, 7200 },           { 1598918400, 3600 }, { INT64_C(9000000000), 3600 },
    };
    const struct odd odd[] = {
        { 0 }, { .version = '3' }, { .version = '4' }, { .rule = "" }, { .standard = -1, .ut = -1 }
    };

    (void)state;
    for (size_t i = 0; i < COUNT(odd); i++) {
        struct file file = file_make(&odd[i]);
        struct calendar_tzif tzif;

        assert_int_equal(read_exactly(file.bytes, file.n, &tzif, NULL), SGN_OK);
        for (size_t k = 0; k < COUNT(rows); k++)
            assert_int_equal(calendar_tzif_offset(&tzif, rows[k].at), rows[k].expected);
        calendar_tzif_deinit(&tzif);
    }
}

static void
test_tzif_read_refuses_what_contradicts_itself(void **state)
{
    static const struct {
        struct odd odd;
        const char *said;
    } rows[] = {
        { { .version = '1' }, "version" },
        { { .version = '5' }, "version" },
        { { .counts = { 0, 0, 0, 0, -2, 0 } }, "indicators" },
        { { .counts = { -2, -2, 0, 0, -2, 0 } }, "no types" },
        { { .counts = { 0, 0, 0, 0, 0, -8 } }, "no types" },
        { { .counts = { -1, 0, 0, 0, 0, 0 } }, "indicators" },
        { { .counts = { 0, -1, 0, 0, 0, 0 } }, "indicators" },
        { { .counts = { 0, 0, 1, 0, 0, 0 } }, "leap" },
        { { .counts = { 0, 0, 0, 1000, 0, 0 } }, "early" },
        { { .counts = { 0, 0, 0, 0x7fffff00, 0, 0 } }, "too many" },
        { { .counts = { 0, 0, 0, -3, 0, 0 } }, "too many" },
        { { .counts = { 0, 0, 0, 0, 300, 0 } }, "too many" },
        { { .times = { 1590969600, 1590969600 } }, "ascend" },
        { { .times = { 1598918400, 1590969600 } }, "ascend" },
        { { .types = { 1, 2 } }, "type that is not there" },
        { { .types = { 255, 0 } }, "type that is not there" },
        { { .first_offset = 93600 }, "offset" },
        { { .first_offset = -90000 }, "offset" },
        { { .first_offset = INT32_MIN }, "offset" },
        { { .daylight_flag = 1 }, "daylight flag" },
        { { .name_index = 4 }, "name" },
        { { .standard = 1 }, "contradict" },
        { { .ut = 1 }, "contradict" },
        { { .standard = -1 }, "contradict" }, /* of UT, but not of standard time */
        { { .rule = "AAA-2" }, "contradicts the last change" },
        { { .rule = "AAA" }, "cannot be read" },
        { { .rule = "AAA-1\nBBB" }, "cannot be read" },
        { { .cut = 1 }, "rule" },
        { { .more = "x" }, "rule" },
        { { .more = "\n" }, "cannot be read" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct file file = file_make(&rows[i].odd);
        struct calendar_tzif tzif;
        struct sgn_error err = { 0 };

        assert_int_equal(read_exactly(file.bytes, file.n, &tzif, &err), SGN_INVALID);
        if (strstr(err.message, rows[i].said) == NULL)
            fail_msg("row %zu: \"%s\" lacks \"%s\"", i, err.message, rows[i].said);
        assert_null(tzif.times);
        sgn_error_clear(&err);
    }
}

/* Every piece of a file that is right, and the file with every byte set to the worst ones: none
 * of them may be read past its end. */
static void
test_tzif_read_survives_any_bytes(void **state)
{
    static const unsigned char worst[] = { 0x00, 0x7f, 0x80, 0xff };
    struct file whole = file_make(&(struct odd){ 0 });

    (void)state;
    for (size_t n = 0; n < whole.n; n++) {
        struct calendar_tzif tzif;
        assert_int_equal(read_exactly(whole.bytes, n, &tzif, NULL), SGN_INVALID);
    }
    for (size_t at = 0; at < whole.n; at++) {
        for (size_t i = 0; i < COUNT(worst); i++) {
            struct file file = whole;
            struct calendar_tzif tzif;

            file.bytes[at] = worst[i];
            if (read_exactly(file.bytes, file.n, &tzif, NULL) == SGN_OK)
                (void)calendar_tzif_offset(&tzif, 1590969600);
            calendar_tzif_deinit(&tzif);
        }
    }
}

/* ---- rules ---- */

static int
offset_at(const char *rule, const char *time)
{
    struct calendar_zone_rule read;
    int64_t ms = 0;

    assert_true(calendar_zone_rule_parse(rule, strlen(rule), true, &read));
    assert_int_equal(sgn_time_parse(time, &ms, NULL), SGN_OK);
    return calendar_zone_rule_offset(&read, ms / 1000);
}

/* The rules are those of RFC 9636 and of tzdata; the changes follow from their letters. */
static void
test_zone_rule_offset_changes_when_it_says(void **state)
{
    static const struct {
        const char *rule, *at;
        int expected;
    } rows[] = {
        { "HST10", "2026-07-01T00:00:00Z", -36000 },
        { "<+0330>-3:30", "2026-07-01T00:00:00Z", 12600 },
        { "<-00>0", "2026-07-01T00:00:00Z", 0 },
        /* The last Sundays: 2026-03-29 and 2026-10-25, at one o'clock UTC. */
        { "CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59Z", 3600 },
        { "CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z", 7200 },
        { "CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T00:59:59Z", 7200 },
        { "CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25T01:00:00Z", 3600 },
        /* The south: daylight time over the new year. */
        { "AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", 39600 },
        { "AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-01T00:00:00Z", 36000 },
        /* Half an hour only. */
        { "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-01-01T00:00:00Z", 39600 },
        /* Dublin: "daylight" time is winter, an hour behind. */
        { "IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z", 0 },
        { "IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z", 3600 },
        /* Hours beyond the day: Saturday before the last Sunday of March, 22:00 local. */
        { "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7200 },
        { "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3600 },
        /* Daylight time all year, as RFC 9636 writes it. */
        { "XXX3EDT4,0/0,J365/23", "2026-01-01T02:59:59Z", -14400 },
        { "XXX3EDT4,0/0,J365/23", "2026-01-01T03:00:00Z", -14400 },
        { "XXX3EDT4,0/0,J365/23", "2026-07-01T00:00:00Z", -14400 },
        { "XXX3EDT4,0/0,J365/23", "2028-12-31T23:59:59Z", -14400 },
        /* Day 60 without leap days is 1 March; day 59 counted from 0 is 29 February in 2028. */
        { "AAA0BBB,J60/0,J300/0", "2028-02-29T23:59:59Z", 0 },
        { "AAA0BBB,J60/0,J300/0", "2028-03-01T00:00:00Z", 3600 },
        { "AAA0BBB,59/0,300/0", "2028-02-28T23:59:59Z", 0 },
        { "AAA0BBB,59/0,300/0", "2028-02-29T00:00:00Z", 3600 },
        { "AAA0BBB,59/0,300/0", "2026-02-28T23:59:59Z", 0 },
        { "AAA0BBB,59/0,300/0", "2026-03-01T00:00:00Z", 3600 },
        /* New year's day here is the old year by UTC. */
        { "AAA-10BBB,J1/0,J180/0", "2025-12-31T13:59:59Z", 36000 },
        { "AAA-10BBB,J1/0,J180/0", "2025-12-31T14:00:00Z", 39600 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int offset = offset_at(rows[i].rule, rows[i].at);

        if (offset != rows[i].expected)
            fail_msg("%s at %s: %d", rows[i].rule, rows[i].at, offset);
    }
}

static void
test_zone_rule_parse_refuses(void **state)
{
    static const char *const bad[] = {
        "",
        "CET",
        "-1",
        "CE-1",
        "C1T-1",
        "<CET-1",
        "<+1>-1",
        "CET-",
        "CET-25",
        "CET-1:60",
        "CET-1:00:60",
        "CET-1:",
        "CET--1",
        "CET-0001",
        "CET-1 ",
        "CET-1CEST",
        "CET-1CEST,",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,",
        "CET-1CEST,M3.5.0,M10.5.0,",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M0.5.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,M3.5,M10.5.0",
        "CET-1CEST,J0,J365",
        "CET-1CEST,J366,J365",
        "CET-1CEST,366,1",
        "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,M3.5.0/,M10.5.0",
        "CET-1CEST25,M3.5.0,M10.5.0",
    };
    static const char *const extended[] = { "CET-1CEST,M3.5.0/25,M10.5.0",
                                            "CET-1CEST,M3.5.0/-1,M10.5.0",
                                            "CET-1CEST,M3.5.0,M10.5.0/167" };
    struct calendar_zone_rule rule;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        if (calendar_zone_rule_parse(bad[i], strlen(bad[i]), true, &rule))
            fail_msg("\"%s\" was taken", bad[i]);
    /* Version 2 of the format knows the hours of a day only. */
    for (size_t i = 0; i < COUNT(extended); i++) {
        assert_true(calendar_zone_rule_parse(extended[i], strlen(extended[i]), true, &rule));
        assert_false(calendar_zone_rule_parse(extended[i], strlen(extended[i]), false, &rule));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tzif_read_gives_offsets),
        cmocka_unit_test(test_tzif_read_refuses_what_contradicts_itself),
        cmocka_unit_test(test_tzif_read_survives_any_bytes),
        cmocka_unit_test(test_zone_rule_offset_changes_when_it_says),
        cmocka_unit_test(test_zone_rule_parse_refuses),
    };
    return cmocka_run_group_tests_name("calendar/tzif", tests, NULL, NULL);
}
