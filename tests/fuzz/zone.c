/* SPDX-License-Identifier: Apache-2.0 */
/* Time zone files and the rule at their end. Offsets stay within what there is on earth and a file
 * may say, and times ascend. */
#include "fuzz.h"
#include "tzif.h"

#define MOST (26 * 3600) /* RFC 9636, 3.2: utoff from -25 to 26 hours */

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t moments[] = { INT64_C(-5000000000), 0, INT64_C(1767225600),
                                       INT64_C(4102444800), INT64_C(250000000000) };
    struct calendar_zone_rule rule;
    struct calendar_tzif tzif;
    struct sgn_error err = { 0 };
    int offset;

    for (int extended = 0; extended < 2; extended++)
        if (calendar_zone_rule_parse((const char *)data, size, extended, &rule))
            for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
                offset = calendar_zone_rule_offset(&rule, moments[i]);
                FUZZ_CHECK(offset >= -MOST && offset <= MOST);
            }
    if (calendar_tzif_read(data, size, &tzif, &err) == SGN_OK) {
        for (int i = 1; i < tzif.n; i++)
            FUZZ_CHECK(tzif.times[i - 1] < tzif.times[i]);
        for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
            offset = calendar_tzif_offset(&tzif, moments[i]);
            FUZZ_CHECK(offset >= -MOST && offset <= MOST);
        }
        calendar_tzif_deinit(&tzif);
    }
    sgn_error_clear(&err);
    return 0;
}

#ifdef FUZZ_FAULT
/* Changes need not be in order. */
enum sgn_status __real_calendar_tzif_read(const void *bytes, size_t n, struct calendar_tzif *out,
                                          struct sgn_error *err);
enum sgn_status __wrap_calendar_tzif_read(const void *bytes, size_t n, struct calendar_tzif *out,
                                          struct sgn_error *err);
enum sgn_status
__wrap_calendar_tzif_read(const void *bytes, size_t n, struct calendar_tzif *out,
                          struct sgn_error *err)
{
    enum sgn_status st = __real_calendar_tzif_read(bytes, n, out, err);

    if (st == SGN_OK && out->n > 2)
        out->times[1] = out->times[2];
    return st;
}
#endif
