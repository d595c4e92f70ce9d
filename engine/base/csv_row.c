/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of comma-separated values, see csv_row.h. */
#include "csv_row.h"

#include <string.h>

/* Does a spreadsheet take it for a formula? The last four are full-width = + - @. */
static bool
is_formula(const char *text)
{
    static const char *const begins[] = { "=",  "+",  "-",  "@",  "\t", "\r",
                                          "\n", "＝", "＋", "－", "＠" };

    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
        if (strncmp(text, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

bool
sgn_csv_wants_mark(const char *text)
{
    return text[0] == '\'' || is_formula(text);
}

/* Semicolons too: where a comma is the decimal sign spreadsheets divide by them. */
static bool
wants_quotes(const char *text)
{
    size_t n = strlen(text);

    return n > 0 && (strpbrk(text, ",;\"\r\n\t") != NULL || text[0] == ' ' || text[n - 1] == ' ');
}

enum sgn_status
sgn_csv_put(struct sgn_buf *row, const char *text, bool first)
{
    bool quotes;

    if (!first)
        (void)sgn_buf_puts(row, ",");
    if (text == NULL || text[0] == '\0')
        return row->failed ? SGN_NOMEM : SGN_OK;
    quotes = wants_quotes(text);
    if (quotes)
        (void)sgn_buf_puts(row, "\"");
    if (sgn_csv_wants_mark(text))
        (void)sgn_buf_puts(row, "'");
    while (*text != '\0') {
        size_t n = quotes ? strcspn(text, "\"") : strlen(text);
        (void)sgn_buf_append(row, text, n);
        text += n;
        if (*text == '"') {
            (void)sgn_buf_puts(row, "\"\"");
            text++;
        }
    }
    if (quotes)
        (void)sgn_buf_puts(row, "\"");
    return row->failed ? SGN_NOMEM : SGN_OK;
}

enum sgn_status
sgn_csv_end(struct sgn_buf *row)
{
    return sgn_buf_puts(row, "\r\n");
}
