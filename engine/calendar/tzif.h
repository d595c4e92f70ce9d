/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time zone files, RFC 9636: bytes to the changes of an offset. Nothing here opens a file.
 */
#ifndef CALENDAR_TZIF_H
#define CALENDAR_TZIF_H

#include "status.h"
#include "zone_rule.h"

struct calendar_tzif {
    int n;
    int64_t *times;   /* seconds since 1970, ascending: from here on ... */
    int32_t *offsets; /* ... this many seconds east of UTC */
    int32_t first;    /* before the first of them */
    bool has_rule;    /* from the last of them on */
    struct calendar_zone_rule rule;
};

/*
 * Version 2 to 4. SGN_INVALID says what is wrong: the bytes may be anybody's, and a file that is
 * wrong in one place is believed in none. Files with leap seconds are refused, since their times
 * are not those of our clock.
 */
enum sgn_status calendar_tzif_read(const void *bytes, size_t n, struct calendar_tzif *out,
                                   struct sgn_error *err) SGN_MUST_CHECK;
void calendar_tzif_deinit(struct calendar_tzif *tzif);
/* Seconds east of UTC at this second since 1970. */
int calendar_tzif_offset(const struct calendar_tzif *tzif, int64_t at);

#endif
