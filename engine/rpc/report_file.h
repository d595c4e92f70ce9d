/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A finished report in the form that is asked for. Any thread.
 *
 * CSV by RFC 4180 (base/csv_row.h), with a byte order mark, by which spreadsheets know UTF-8.
 * Without a table it is one figure a line: section, table (empty for the figures of the section
 * itself), row, figure, unit, value; with one, the table as it is. Times are hours with two places.
 */
#ifndef RPC_REPORT_FILE_H
#define RPC_REPORT_FILE_H

#include "status.h"
#include <jansson.h>

/* report: as report.get answers it. params: format, table. *out: report itself, or {report, name,
 * type, text}; a new reference. */
enum sgn_status rpc_report_file(const json_t *report, const json_t *params, const char *language,
                                json_t **out, struct sgn_error *err) SGN_MUST_CHECK;

#endif
