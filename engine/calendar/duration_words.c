/* SPDX-License-Identifier: Apache-2.0 */
/* Durations for people, in their language. */
#include "duration.h"
#include <stdio.h>
#include <string.h>

/* One, many, and what Chinese says of both. */
struct unit {
    const char *one, *many, *zh;
};

static void
part_put(struct sgn_buf *buf, bool *began, bool zh, int64_t n, const struct unit *unit)
{
    if (n == 0)
        return;
    (void)sgn_buf_printf(buf, "%s%lld %s", *began ? " " : "", (long long)n,
                         zh       ? unit->zh
                         : n == 1 ? unit->one
                                  : unit->many);
    *began = true;
}

/* From the parts, because the canonical text is English. Minutes of working time are no unit of the
 * rule language: they are what a percentage or a put-off rung leaves over. */
void
calendar_duration_put(struct sgn_buf *buf, const struct calendar_duration *duration,
                      const char *language)
{
    static const struct unit workdays = { "workday", "workdays", "个工作日" };
    static const struct unit workhours = { "workhour", "workhours", "个工作小时" };
    static const struct unit work_minutes = { "working minute", "working minutes", "个工作分钟" };
    static const struct unit days = { "day", "days", "天" };
    static const struct unit hours = { "hour", "hours", "小时" };
    static const struct unit minutes = { "minute", "minutes", "分钟" };
    static const struct unit rest = { "second", "seconds", "秒" };
    int64_t seconds = duration->elapsed_ms / 1000, work = duration->work_ms / 60000;
    bool zh = language != NULL && strncmp(language, "zh", 2) == 0, began = false;

    part_put(buf, &began, zh, duration->workdays, &workdays);
    part_put(buf, &began, zh, work / 60, &workhours);
    part_put(buf, &began, zh, work % 60, &work_minutes);
    part_put(buf, &began, zh, duration->days, &days);
    part_put(buf, &began, zh, seconds / 3600, &hours);
    part_put(buf, &began, zh, seconds / 60 % 60, &minutes);
    part_put(buf, &began, zh, seconds % 60, &rest);
    if (!began)
        (void)sgn_buf_puts(buf, "0");
}

void
calendar_duration_text_put(struct sgn_buf *buf, const char *text, const char *language)
{
    struct calendar_duration duration;

    if (calendar_duration_parse(text, &duration, NULL) == SGN_OK)
        calendar_duration_put(buf, &duration, language);
    else
        (void)sgn_buf_puts(buf, text);
}
