/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line per event, built whole and written with one write().
 *
 * Never fails and never waits for anything but stderr: a log line must not change what a server
 * does.
 */
#include "log.h"
#include "base_internal.h"
#include "buf.h"
#include "clock.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_LINE_MAX 8192

static const char *const level_words[] = { "error", "warn", "info", "debug" };

/* Asked each time: a line of log is rare and dear compared to this, and there is no state to
 * keep. */
static enum sgn_log_level
least_level(void)
{
    const char *wanted = getenv("SIGNOFF_LOG");

    for (int i = 0; wanted != NULL && i <= SGN_LOG_DEBUG; i++)
        if (strcmp(level_words[i], wanted) == 0)
            return (enum sgn_log_level)i;
    return SGN_LOG_INFO;
}

/* Device and inode of the journal's stream, which stderr may have been turned away from. */
static bool
is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    char own[48];
    struct stat found;

    if (stream == NULL || fstat(STDERR_FILENO, &found) != 0)
        return false;
    snprintf(own, sizeof own, "%llu:%llu", (unsigned long long)found.st_dev,
             (unsigned long long)found.st_ino);
    return strcmp(stream, own) == 0;
}

const char *
sgn_log_priority(enum sgn_log_level level)
{
    static const char *const priorities[] = { "<3>", "<4>", "<6>", "<7>" }; /* syslog(3) */

    return is_journal() ? priorities[level] : "";
}

/* A terminal obeys these, and a line break would forge a line: ASCII controls, DEL, and
 * the C1 controls, which UTF-8 writes as C2 80 to C2 9F. */
static bool
is_control(const unsigned char *text, size_t step)
{
    return text[0] < 0x20 || text[0] == 0x7f || (step == 2 && text[0] == 0xc2 && text[1] < 0xa0);
}

/* Values come from strangers. Escaped, one cannot begin a line of its own, nor clear a terminal. */
static void
put_escaped(struct sgn_buf *line, const char *text, bool quoted)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t n = strlen(text);

    while (n > 0) {
        size_t step = sgn_utf8_step(at, n);
        if (step == 0) {
            step = 1;
            sgn_buf_printf(line, "\\x%02x", *at);
        } else if (is_control(at, step)) {
            sgn_buf_printf(line, "\\u%04x", at[step - 1]);
        } else {
            if (quoted && (*at == '"' || *at == '\\'))
                sgn_buf_append(line, "\\", 1);
            sgn_buf_append(line, at, step);
        }
        at += step;
        n -= step;
    }
}

/* What logfmt readers would split at. */
static bool
needs_quotes(const char *value)
{
    if (*value == '\0')
        return true;
    for (; *value != '\0'; value++)
        if ((unsigned char)*value <= ' ' || strchr("=\"\\\x7f", *value) != NULL)
            return true;
    return false;
}

static void
put_pair(struct sgn_buf *line, const char *name, const char *value)
{
    bool quoted = value == NULL || needs_quotes(value);

    sgn_buf_printf(line, " %s=", name);
    if (quoted)
        sgn_buf_append(line, "\"", 1);
    put_escaped(line, value != NULL ? value : "", quoted);
    if (quoted)
        sgn_buf_append(line, "\"", 1);
}

/* The time of the log is the world's, also on a site with virtual time. */
static void
put_time(struct sgn_buf *line)
{
    char now[SGN_TIME_TEXT];
    struct sgn_clock clock;

    sgn_clock_init_real(&clock);
    sgn_buf_printf(line, "%s ", sgn_time_format(sgn_clock_now(&clock), 0, now));
}

/* One write() per line: lines of several threads, and of several processes, do not mix. */
void
sgn_log(enum sgn_log_level level, const char *what, ...)
{
    static const char cut[] = " cut=true\n";
    const char *priority, *name;
    struct sgn_buf line;
    va_list args;
    ssize_t written;

    if (level > least_level())
        return;
    sgn_buf_init(&line, LOG_LINE_MAX);
    priority = sgn_log_priority(level);
    if (priority[0] != '\0')
        sgn_buf_puts(&line, priority);
    else
        put_time(&line);
    sgn_buf_printf(&line, "%s ", level_words[level]);
    put_escaped(&line, what, false);
    va_start(args, what);
    while ((name = va_arg(args, const char *)) != NULL)
        put_pair(&line, name, va_arg(args, const char *));
    va_end(args);
    if (line.failed) {
        /* What fitted is still worth a line; room for the note is made at its end. */
        line.failed = false;
        line.max += sizeof(cut);
        sgn_buf_puts(&line, cut);
    } else {
        line.max += 1;
        sgn_buf_append(&line, "\n", 1);
    }
    /* Nowhere is left to report that the log cannot be written. */
    written = write(STDERR_FILENO, line.bytes, line.len);
    (void)written;
    sgn_buf_deinit(&line);
}
