/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log lines: one line per event on stderr, logfmt, control characters escaped.
 *
 *     sgn_log(SGN_LOG_INFO, "serving", "listen", "127.0.0.1:7480", NULL);
 *     -> 2026-01-05T01:00:00.123Z info serving listen=127.0.0.1:7480
 *
 * Where stderr is the journal's (JOURNAL_STREAM of systemd.exec(5)) the time is left to it, and the
 * line begins with its priority: <6>info serving listen=127.0.0.1:7480
 *
 * Any thread may log; a line is one write(). Values are strings; a NULL name ends the list.
 * Never pass a token. SIGNOFF_LOG=error|warn|info|debug sets the least level (info).
 */
#ifndef SGN_LOG_H
#define SGN_LOG_H

enum sgn_log_level {
    SGN_LOG_ERROR,
    SGN_LOG_WARN,
    SGN_LOG_INFO,
    SGN_LOG_DEBUG
};

/* What a line on stderr begins with: "<3>" and the like where the journal reads it, else "". */
const char *sgn_log_priority(enum sgn_log_level level);
void sgn_log(enum sgn_log_level level, const char *what, ...) __attribute__((sentinel));

#endif
