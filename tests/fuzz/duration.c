/* SPDX-License-Identifier: Apache-2.0 */
/* Durations: what is understood and written is understood as the same, in its one form. */
#include "duration.h"
#include "fuzz.h"
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size), out[CALENDAR_DURATION_TEXT];
    char again[CALENDAR_DURATION_TEXT];
    struct calendar_duration first, second;
    struct sgn_error err = { 0 };
    struct sgn_buf said;

    FUZZ_CHECK(text != NULL);
    if (calendar_duration_parse(text, &first, &err) == SGN_OK) {
        FUZZ_CHECK(first.elapsed_ms >= 0 && first.days >= 0 && first.work_ms >= 0 &&
                   first.workdays >= 0);
        calendar_duration_format(&first, out);
        FUZZ_CHECK(calendar_duration_parse(out, &second, &err) == SGN_OK);
        FUZZ_CHECK(first.elapsed_ms == second.elapsed_ms && first.days == second.days &&
                   first.work_ms == second.work_ms && first.workdays == second.workdays);
        FUZZ_CHECK(strcmp(out, calendar_duration_format(&second, again)) == 0);
    } else {
        FUZZ_CHECK(err.message[0] != '\0');
    }
    sgn_buf_init(&said, (size_t)1 << 20);
    calendar_duration_text_put(&said, text, "zh");
    calendar_duration_text_put(&said, text, NULL);
    sgn_buf_deinit(&said);
    sgn_error_clear(&err);
    free(text);
    return 0;
}

#ifdef FUZZ_FAULT
/* Working hours are forgotten beside working days. */
const char *__real_calendar_duration_format(const struct calendar_duration *duration, char *out);
const char *__wrap_calendar_duration_format(const struct calendar_duration *duration, char *out);
const char *
__wrap_calendar_duration_format(const struct calendar_duration *duration, char *out)
{
    struct calendar_duration copy = *duration;

    if (copy.workdays > 0)
        copy.work_ms = 0;
    return __real_calendar_duration_format(&copy, out);
}
#endif
