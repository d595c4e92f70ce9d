/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines, read back from a pipe in the place of stderr. */
#include "log.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define STAMP "2026-01-05T01:00:00.123Z " /* a time's place in a line, as long as one */

struct capture {
    int saved;
    int ends[2];
    char text[20000];
};

static void
capture_begin(struct capture *capture)
{
    assert_int_equal(pipe(capture->ends), 0);
    capture->saved = dup(STDERR_FILENO);
    assert_int_equal(dup2(capture->ends[1], STDERR_FILENO), STDERR_FILENO);
}

/* What was written, without the time, whose milliseconds are missing when they are zero. */
static const char *
capture_end(struct capture *capture)
{
    ssize_t n;

    dup2(capture->saved, STDERR_FILENO);
    close(capture->saved);
    close(capture->ends[1]);
    n = read(capture->ends[0], capture->text, sizeof(capture->text) - 1);
    close(capture->ends[0]);
    assert_true(n >= 0);
    capture->text[n] = '\0';
    if (n == 0)
        return "";
    assert_in_range(strcspn(capture->text, " "), sizeof(STAMP) - 6, sizeof(STAMP) - 2);
    return strchr(capture->text, ' ') + 1;
}

static void
test_log_writes_one_logfmt_line(void **state)
{
    struct capture capture;

    (void)state;
    unsetenv("SIGNOFF_LOG");
    capture_begin(&capture);
    sgn_log(SGN_LOG_INFO, "serving", "listen", "127.0.0.1:7480", "team", "a b", "q", "say \"x\"",
            "empty", "", "none", NULL, NULL);
    assert_string_equal(capture_end(&capture),
                        "info serving listen=127.0.0.1:7480 team=\"a b\" q=\"say \\\"x\\\"\" "
                        "empty=\"\" none=\"\"\n");
}

static void
test_log_escapes_what_a_terminal_obeys(void **state)
{
    struct capture capture;

    (void)state;
    capture_begin(&capture);
    sgn_log(SGN_LOG_ERROR, "a\nb", "v", "x\x1b[2J\ny", "c1", "\xc2\x9b", "bad", "\xff", "zh",
            "\xe4\xb8\xad", NULL);
    assert_string_equal(capture_end(&capture), "error a\\u000ab v=\"x\\u001b[2J\\u000ay\" "
                                               "c1=\\u009b bad=\\xff zh=\xe4\xb8\xad\n");
}

static void
test_log_drops_what_is_below_the_level(void **state)
{
    struct capture capture;

    (void)state;
    unsetenv("SIGNOFF_LOG");
    capture_begin(&capture);
    sgn_log(SGN_LOG_DEBUG, "hidden", NULL);
    assert_string_equal(capture_end(&capture), "");
    setenv("SIGNOFF_LOG", "debug", 1);
    capture_begin(&capture);
    sgn_log(SGN_LOG_DEBUG, "shown", NULL);
    assert_string_equal(capture_end(&capture), "debug shown\n");
    setenv("SIGNOFF_LOG", "error", 1);
    capture_begin(&capture);
    sgn_log(SGN_LOG_WARN, "hidden", NULL);
    assert_string_equal(capture_end(&capture), "");
    unsetenv("SIGNOFF_LOG");
}

static void
test_log_cuts_a_huge_line_and_says_so(void **state)
{
    struct capture capture;
    static char huge[15000];
    const char *line;

    (void)state;
    memset(huge, 'x', sizeof(huge) - 1);
    capture_begin(&capture);
    sgn_log(SGN_LOG_WARN, "big", "v", huge, "after", "lost", NULL);
    line = capture_end(&capture);
    assert_true(strlen(line) < 9000);
    assert_non_null(strstr(line, " cut=true\n"));
    assert_ptr_equal(strchr(line, '\n') + 1, line + strlen(line));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_writes_one_logfmt_line),
        cmocka_unit_test(test_log_escapes_what_a_terminal_obeys),
        cmocka_unit_test(test_log_drops_what_is_below_the_level),
        cmocka_unit_test(test_log_cuts_a_huge_line_and_says_so),
    };
    return cmocka_run_group_tests_name("base/log", tests, NULL, NULL);
}
