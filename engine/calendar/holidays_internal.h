/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the two readers of holiday files share.
 */
#ifndef CALENDAR_HOLIDAYS_INTERNAL_H
#define CALENDAR_HOLIDAYS_INTERNAL_H

#include "calendar_internal.h"
#include "holidays.h"

#define HOLIDAYS_LINE_BYTES 4096
#define HOLIDAYS_RANGE_MOST 366

struct holidays {
    const char *name;
    const char *at, *end; /* the rest of the text */
    int line;             /* of the last one read, from 1 */
    json_t *days;
    struct sgn_error *err;
};

/* "NAME:LINE: ..."; returns SGN_INVALID. */
enum sgn_status holidays_fail(struct holidays *holidays, const char *fmt, ...) SGN_PRINTF(2, 3);

/* One physical line without its end, NUL-terminated, into line; false at the end of the
 * text. *status says whether it is too long. */
bool holidays_line(struct holidays *holidays, char line[HOLIDAYS_LINE_BYTES],
                   enum sgn_status *status);

/* Adds a date. Borrows hours. why may be "". join: two closings of one date are one. */
enum sgn_status holidays_add(struct holidays *holidays, int64_t day, json_t *hours, const char *why,
                             bool join);

enum sgn_status holidays_read_ics(struct holidays *holidays);

#endif
