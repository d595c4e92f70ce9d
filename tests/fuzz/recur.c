/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recurrence rules. The first two bytes choose the beginning, the third where to look from. Times
 * come in order and within the bounds, and the same ones whether one looks from the beginning or
 * from later.
 */
#include "recur.h"
#include "fuzz.h"
#include <string.h>

#define TIMES 300

struct times {
    int n;
    int64_t at[TIMES];
};

static bool
take(void *ctx, int64_t wall_ms)
{
    struct times *times = ctx;

    FUZZ_CHECK(times->n == 0 || wall_ms > times->at[times->n - 1]);
    times->at[times->n++] = wall_ms;
    return times->n < TIMES;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct calendar_recur recur;
    struct sgn_error err = { 0 };
    static struct times first, later;
    int64_t start;
    char *text;
    int from, k = 0;

    if (size < 3 || memchr(data + 3, '\0', size - 3) != NULL)
        return 0;
    /* Some hours of the years from 2024 to 2031. */
    start = 1704067200000LL + (data[0] | data[1] << 8) * 3600000LL;
    text = strndup((const char *)data + 3, size - 3);
    FUZZ_CHECK(text != NULL);
    if (calendar_recur_parse(text, &recur, &err) == SGN_OK) {
        first.n = later.n = 0;
        calendar_recur_each(&recur, start, start, take, &first);
        for (int i = 0; i < first.n; i++)
            FUZZ_CHECK(first.at[i] >= start && first.at[i] <= recur.until);
        FUZZ_CHECK(recur.count == 0 || first.n <= recur.count);
        if (first.n > 0) {
            from = data[2] % first.n;
            calendar_recur_each(&recur, start, first.at[from], take, &later);
            while (k < later.n && later.at[k] < first.at[from])
                k++;
            for (int i = from; i < first.n && k < later.n; i++, k++)
                FUZZ_CHECK(first.at[i] == later.at[k]);
        }
    } else {
        FUZZ_CHECK(err.message[0] != '\0');
    }
    sgn_error_clear(&err);
    free(text);
    return 0;
}

#ifdef FUZZ_FAULT
/* Looked at from later, "every second" begins to count there. */
void __real_calendar_recur_each(const struct calendar_recur *recur, int64_t start_ms,
                                int64_t from_ms, calendar_recur_fn each, void *ctx);
void __wrap_calendar_recur_each(const struct calendar_recur *recur, int64_t start_ms,
                                int64_t from_ms, calendar_recur_fn each, void *ctx);
void
__wrap_calendar_recur_each(const struct calendar_recur *recur, int64_t start_ms, int64_t from_ms,
                           calendar_recur_fn each, void *ctx)
{
    int64_t shifted = from_ms > start_ms && recur->interval > 1 ? from_ms - 86400000 : start_ms;

    __real_calendar_recur_each(recur, shifted, from_ms, each, ctx);
}
#endif
