/* SPDX-License-Identifier: Apache-2.0 */
/* Holiday files. The first byte chooses the form: 'i' iCalendar, else the plain list. Days come out
 * with their date as a name, in the years that there are, and refusals with their line. */
#include "holidays.h"
#include "fuzz.h"
#include "json.h"
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sgn_error err = { 0 };
    json_t *days = NULL, *day;
    const char *date;

    if (size < 1)
        return 0;
    if (calendar_holidays_read(data[0] == 'i' ? "x.ics" : "x.txt", (const char *)data + 1, size - 1,
                               &days, &err) == SGN_OK) {
        json_object_foreach(days, date, day) {
            FUZZ_CHECK(strlen(date) == 10 && date[4] == '-' && date[7] == '-');
            FUZZ_CHECK(strcmp(date, "2000-01-01") >= 0 || data[0] != 'i');
            FUZZ_CHECK(json_object_get(day, "hours") != NULL);
        }
    } else {
        FUZZ_CHECK(strncmp(err.message, "x.", 2) == 0);
    }
    sgn_error_clear(&err);
    json_decref(days);
    return 0;
}

#ifdef FUZZ_FAULT
/* What is no UTF-8 is taken for it. */
bool __wrap_sgn_utf8_valid(const char *bytes, size_t n);
bool
__wrap_sgn_utf8_valid(const char *bytes, size_t n)
{
    (void)bytes;
    (void)n;
    return true;
}
#endif
