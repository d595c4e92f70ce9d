/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a calendar, see feed.h. */
#include "feed.h"
#include "clock.h"
#include "json.h"
#include "say.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define LINE_BYTES 75    /* 3.1: of a line, without its end */
#define VALUE_MAX  16384 /* bytes of one value */

/* ---- lines ---- */

/* 3.1: long lines are folded; never within a character, though that would be allowed. */
static void
put_line(struct sgn_buf *out, const char *line)
{
    size_t left = strlen(line), room = LINE_BYTES;

    while (left > room) {
        size_t n = room;
        while (n > 1 && ((unsigned char)line[n] & 0xc0) == 0x80)
            n--;
        (void)sgn_buf_append(out, line, n);
        (void)sgn_buf_puts(out, "\r\n ");
        line += n;
        left -= n;
        room = LINE_BYTES - 1; /* the space counts */
    }
    (void)sgn_buf_append(out, line, left);
    (void)sgn_buf_puts(out, "\r\n");
}

/* 3.3.11. What is no text at all, such as a control character, is left out. */
static void
put_text(struct sgn_buf *out, const char *name, const char *text)
{
    struct sgn_buf line;

    sgn_buf_init(&line, VALUE_MAX);
    (void)sgn_buf_puts(&line, name);
    (void)sgn_buf_puts(&line, ":");
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\n')
            (void)sgn_buf_puts(&line, "\\n");
        else if (strchr("\\;,", *c) != NULL)
            (void)sgn_buf_printf(&line, "\\%c", *c);
        else if ((unsigned char)*c >= 0x20 && *c != 0x7f)
            (void)sgn_buf_append(&line, c, 1);
    }
    put_line(out, line.bytes != NULL && !line.failed ? line.bytes : "COMMENT:-");
    sgn_buf_deinit(&line);
}

/* 3.3.5, form 2: UTC, so that no reader needs to know a zone. */
static void
put_time(struct sgn_buf *out, const char *name, int64_t ms)
{
    time_t seconds = (time_t)(ms / SGN_SECOND_MS);
    struct tm t = { 0 };
    char line[64];

    (void)gmtime_r(&seconds, &t);
    snprintf(line, sizeof line, "%.16s:%04d%02d%02dT%02d%02d%02dZ", name,
             (t.tm_year + 1900) % 10000, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
    put_line(out, line);
}

/* ---- items ---- */

static const char *
text_of(const json_t *item, const char *name)
{
    const char *text = sgn_json_str(item, name);

    return text != NULL ? text : "";
}

/* What makes it this item and no other: stays as long as it waits. */
static void
put_uid(struct sgn_buf *out, const struct rpc_feed *feed, const json_t *item)
{
    char line[512];

    snprintf(line, sizeof line, "%.64s-%.32s-%.64s-%.32s-%.32s@%.32s.signoff",
             text_of(item, "case"), text_of(item, "kind"), text_of(item, "state"),
             text_of(item, "on_behalf"), feed->tasks ? "task" : "event", feed->team);
    put_text(out, "UID", line);
}

/* "AC-1 Release 2: Agreeing the criteria" */
static void
put_summary(struct sgn_buf *out, const struct rpc_feed *feed, const json_t *item)
{
    const char *state = text_of(item, "state");
    const char *title = sgn_json_str(json_object_get(item, "state_titles"), state);
    const char *about = text_of(item, "summary");
    struct sgn_buf text;

    sgn_buf_init(&text, VALUE_MAX);
    (void)sgn_buf_printf(&text, "%s %s", text_of(item, "case"),
                         about[0] != '\0' ? about : text_of(item, "title"));
    if (title != NULL || state[0] != '\0')
        (void)sgn_buf_printf(&text, "%s%s", sgn_say(feed->language, ": "),
                             title != NULL ? title : state);
    put_text(out, "SUMMARY", text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
}

static void
put_item(struct sgn_buf *out, const struct rpc_feed *feed, const json_t *item)
{
    int64_t since = sgn_json_int(item, "since", 0), due = sgn_json_int(item, "due", 0);

    if (due == 0 && !feed->tasks)
        return;
    put_line(out, feed->tasks ? "BEGIN:VTODO" : "BEGIN:VEVENT");
    put_uid(out, feed, item);
    put_time(out, "DTSTAMP", since); /* 3.8.7.2: of what is no message, when it was last revised */
    put_summary(out, feed, item);
    if (sgn_json_str(item, "why") != NULL)
        put_text(out, "DESCRIPTION", sgn_json_str(item, "why"));
    if (feed->tasks) {
        if (due != 0)
            put_time(out, "DUE", due);
        put_line(out, "STATUS:NEEDS-ACTION");
    } else {
        put_time(out, "DTSTART", due); /* 3.6.1: without an end it is over as it begins */
        put_line(out, "TRANSP:TRANSPARENT");
    }
    put_line(out, "CLASS:PRIVATE");
    put_line(out, feed->tasks ? "END:VTODO" : "END:VEVENT");
}

enum sgn_status
rpc_feed_put(struct sgn_buf *out, const struct rpc_feed *feed, const json_t *items)
{
    const json_t *item;
    size_t i;

    put_line(out, "BEGIN:VCALENDAR");
    put_line(out, "VERSION:2.0");
    put_line(out, "PRODID:-//Signoff//" SGN_VERSION "//EN");
    put_text(out, "X-WR-CALNAME", sgn_say(feed->language, "Signoff: what waits for me"));
    put_line(out, "REFRESH-INTERVAL;VALUE=DURATION:PT15M"); /* RFC 7986, 5.7 */
    json_array_foreach((json_t *)items, i, item)
        put_item(out, feed, item);
    put_line(out, "END:VCALENDAR");
    return out->failed ? SGN_NOMEM : SGN_OK;
}
