/* SPDX-License-Identifier: Apache-2.0 */
/* Exact decimals: their text, their order, their sums. */
#include "text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct sgn_decimal
decimal(const char *text)
{
    struct sgn_decimal value = { 0 };

    assert_true(sgn_decimal_parse(text, &value));
    return value;
}

/* The same pseudo-random numbers in every run (Knuth's MMIX generator). */
static uint64_t
next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 11;
}

static struct sgn_decimal
random_decimal(uint64_t *state)
{
    static const int64_t sizes[] = { 10, 1000, INT64_C(1000000000), INT64_C(100000000000) };
    int64_t size = sizes[next_random(state) % COUNT(sizes)];

    return (struct sgn_decimal){
        .coefficient = (int64_t)(next_random(state) % (uint64_t)(2 * size - 1)) - (size - 1),
        .scale = (int)(next_random(state) % 7),
    };
}

static void
test_decimal_parse_takes_its_text_form(void **state)
{
    static const struct {
        const char *text;
        int64_t coefficient;
        int scale;
    } rows[] = {
        { "0", 0, 0 },
        { "0.00", 0, 2 },
        { "12.50", 1250, 2 },
        { "-12.5", -125, 1 },
        { "0.000001", 1, 6 },
        { "-0.01", -1, 2 },
        { "999999999999999999", INT64_C(999999999999999999), 0 },
        { "-999999999999.999999", INT64_C(-999999999999999999), 6 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sgn_decimal value = decimal(rows[i].text);
        char text[SGN_DECIMAL_TEXT];
        assert_int_equal(value.coefficient, rows[i].coefficient);
        assert_int_equal(value.scale, rows[i].scale);
        sgn_decimal_format(value, text);
        assert_string_equal(text, rows[i].text);
    }
}

static void
test_decimal_parse_refuses_the_rest(void **state)
{
    static const char *const bad[] = {
        "",
        "-",
        ".",
        ".5",
        "5.",
        "+5",
        "00",
        "01",
        "-0",
        "-0.0",
        "1e3",
        "1,5",
        " 1",
        "1 ",
        "--1",
        "1.2.3",
        "0.0000001",
        "0x1",
        "1000000000000000000",
        "1000000000000.000000",
        "99999999999999999999999",
        NULL,
    };
    struct sgn_decimal value;

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(sgn_decimal_parse(bad[i], &value));
}

static void
test_decimal_compare_is_by_value(void **state)
{
    (void)state;
    assert_int_equal(sgn_decimal_compare(decimal("1.50"), decimal("1.5")), 0);
    assert_int_equal(sgn_decimal_compare(decimal("0"), decimal("0.000000")), 0);
    assert_true(sgn_decimal_compare(decimal("1.49"), decimal("1.5")) < 0);
    assert_true(sgn_decimal_compare(decimal("-1.49"), decimal("-1.5")) > 0);
    /* Brought to one scale these need 24 digits. */
    assert_true(sgn_decimal_compare(decimal("999999999999999999"), decimal("0.000001")) > 0);
    assert_true(sgn_decimal_compare(decimal("-999999999999999999"), decimal("0.000001")) < 0);
}

static void
test_decimal_add_keeps_the_larger_scale(void **state)
{
    struct sgn_decimal sum;
    char text[SGN_DECIMAL_TEXT];

    (void)state;
    assert_true(sgn_decimal_add(decimal("0.1"), decimal("0.20"), &sum));
    sgn_decimal_format(sum, text);
    assert_string_equal(text, "0.30");
    assert_true(sgn_decimal_add(decimal("-1.5"), decimal("1.50"), &sum));
    sgn_decimal_format(sum, text);
    assert_string_equal(text, "0.00");
}

static void
test_decimal_add_refuses_what_does_not_fit(void **state)
{
    struct sgn_decimal sum = { 7, 0 };

    (void)state;
    assert_false(sgn_decimal_add(decimal("999999999999999999"), decimal("1"), &sum));
    assert_false(sgn_decimal_add(decimal("999999999999999999"), decimal("0.1"), &sum));
    assert_false(sgn_decimal_add(decimal("-999999999999999999"), decimal("-1"), &sum));
    assert_int_equal(sum.coefficient, 7);
}

static void
test_decimal_rescale_loses_nothing(void **state)
{
    struct sgn_decimal out;

    (void)state;
    assert_true(sgn_decimal_rescale(decimal("1.5"), 4, &out));
    assert_int_equal(out.coefficient, 15000);
    assert_int_equal(out.scale, 4);
    assert_true(sgn_decimal_rescale(decimal("-1.500"), 1, &out));
    assert_int_equal(out.coefficient, -15);
    assert_false(sgn_decimal_rescale(decimal("1.501"), 2, &out));
    assert_false(sgn_decimal_rescale(decimal("999999999999999999"), 1, &out));
    assert_false(sgn_decimal_rescale(decimal("1"), 7, &out));
    assert_false(sgn_decimal_rescale(decimal("1"), -1, &out));
}

static void
test_decimal_text_comes_back(void **state)
{
    uint64_t random = 1;
    char text[SGN_DECIMAL_TEXT];

    (void)state;
    for (int i = 0; i < 50000; i++) {
        struct sgn_decimal value = random_decimal(&random);
        struct sgn_decimal back;
        sgn_decimal_format(value, text);
        back = decimal(text);
        assert_int_equal(back.coefficient, value.coefficient);
        assert_int_equal(back.scale, value.scale);
    }
}

/* Sums commute, take no side, and agree with the order. */
static void
test_decimal_sums_obey_arithmetic(void **state)
{
    uint64_t random = 2;

    (void)state;
    for (int i = 0; i < 50000; i++) {
        struct sgn_decimal a = random_decimal(&random);
        struct sgn_decimal b = random_decimal(&random);
        struct sgn_decimal zero = { 0, 6 };
        struct sgn_decimal minus_b = { -b.coefficient, b.scale };
        struct sgn_decimal sum;
        struct sgn_decimal other;

        assert_true(sgn_decimal_add(a, b, &sum));
        assert_true(sgn_decimal_add(b, a, &other));
        assert_int_equal(sgn_decimal_compare(sum, other), 0);
        assert_int_equal(sgn_decimal_compare(sum, a), sgn_decimal_compare(b, zero));
        assert_true(sgn_decimal_add(sum, minus_b, &other));
        assert_int_equal(sgn_decimal_compare(other, a), 0);
        assert_int_equal(sgn_decimal_compare(a, b), -sgn_decimal_compare(b, a));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decimal_parse_takes_its_text_form),
        cmocka_unit_test(test_decimal_parse_refuses_the_rest),
        cmocka_unit_test(test_decimal_compare_is_by_value),
        cmocka_unit_test(test_decimal_add_keeps_the_larger_scale),
        cmocka_unit_test(test_decimal_add_refuses_what_does_not_fit),
        cmocka_unit_test(test_decimal_rescale_loses_nothing),
        cmocka_unit_test(test_decimal_text_comes_back),
        cmocka_unit_test(test_decimal_sums_obey_arithmetic),
    };
    return cmocka_run_group_tests_name("base/decimal", tests, NULL, NULL);
}
