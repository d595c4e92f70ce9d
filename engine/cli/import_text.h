/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of "signoff import" as UTF-8, whatever wrote them, and values in them as Signoff has them:
 * times, keys, texts.
 *
 * Encodings: UTF-8 with or without a byte order mark, UTF-16 with one (what Excel calls "Unicode
 * text"), and GB18030, which GBK and GB2312 files are too (what Excel in Chinese saves as CSV).
 * What is no UTF-8 and looks like Chinese is taken for GB18030 unless --encoding says otherwise.
 */
#ifndef CLI_IMPORT_TEXT_H
#define CLI_IMPORT_TEXT_H

#include "status.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#define IMPORT_FILE_MAX (1024LL * 1024 * 1024) /* bytes of one file */

/* Opens the file ("-": the standard input), to be read from its beginning as often as wanted.
 * encoding: a name that iconv knows, or NULL. */
enum sgn_status import_open(const char *path, const char *encoding, FILE **out,
                            struct sgn_error *err) SGN_MUST_CHECK;

/* How times are meant that do not say it themselves. */
struct import_clock {
    const char *zone; /* "Asia/Shanghai" or "+08:00"; NULL: UTC */
    bool day_first;   /* 4/3/2025 is the 4th of March */
    bool month_first; /* ... the 3rd of April. Neither: such a time is refused */
};
/* May a map say this zone? */
bool import_zone_valid(const char *zone);
enum import_as {
    IMPORT_TIME, /* RFC 3339 */
    IMPORT_DATE, /* the day alone */
    IMPORT_DUE,  /* the day, or where the text says a time of day the time */
};
/*
 * A time as exports write it: 2025-03-04T10:00:00.000+0000, 2025/3/4 10:00, 2025年3月4日,
 * 04/Mar/25 10:15 AM, "Mar 4, 2025", milliseconds since 1970. New JSON string. SGN_INVALID says
 * why.
 */
enum sgn_status import_time(const char *text, const struct import_clock *clock, enum import_as as,
                            json_t **out, struct sgn_error *err) SGN_MUST_CHECK;

#define IMPORT_KEY_TEXT 33
/*
 * A key made of a name: "ACME Ltd." is acme-ltd; of a mail address person and house,
 * jane-acme. What other letters say is told apart by a digest: 华夏 is n-5c2f1a. The same name
 * gives the same key, always.
 */
void import_key(const char *name, char out[IMPORT_KEY_TEXT]);

/* A cell or member as text: strings, numbers, names of objects, lists joined by commas, documents
 * of Atlassian's format by their paragraphs. NULL: nothing. Control characters other than line ends
 * and tabs are left out. New JSON string. */
json_t *import_plain(const json_t *value);

#endif
