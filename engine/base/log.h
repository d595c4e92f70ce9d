/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log lines: one line per event on stderr, logfmt, control characters escaped.
 *
 *     sgn_log(SGN_LOG_INFO, "serving", "listen", "127.0.0.1:7480", NULL);
 *     -> 2026-01-05T01:00:00.123Z info serving listen=127.0.0.1:7480
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

void sgn_log(enum sgn_log_level level, const char *what, ...) __attribute__((sentinel));

#endif
