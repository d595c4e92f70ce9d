/* SPDX-License-Identifier: Apache-2.0 */
/* "report NAME": a report as text for a terminal, or the file that the server makes of it. */
#include "remote.h"

#include "json.h"
#include "say.h"
#include <errno.h>
#include <string.h>

#define LABEL_WIDTH 40

/* ---- values ---- */

static void
value_put(struct sgn_buf *buf, const struct cli *cli, const char *unit, const json_t *value)
{
    long long tenths = (json_integer_value(value) + 180000) / 360000; /* of an hour */

    if (value == NULL || json_is_null(value))
        (void)sgn_buf_puts(buf, "–");
    else if (strcmp(unit, "working") == 0 || strcmp(unit, "elapsed") == 0)
        (void)sgn_buf_printf(buf, sgn_say(cli->language, "%lld.%lld h"), tenths / 10, tenths % 10);
    else
        cli_value_put(buf, value);
    if (json_is_string(value) && strcmp(unit, "percent") == 0)
        (void)sgn_buf_puts(buf, "%");
}

/* A new string; "" when there is no memory for it. */
static json_t *
value_text(const struct cli *cli, const json_t *column, const json_t *value)
{
    struct sgn_buf buf;
    json_t *text;

    sgn_buf_init(&buf, 4096);
    value_put(&buf, cli, sgn_json_str(column, "unit"), value);
    text = json_string(buf.bytes != NULL ? buf.bytes : "");
    sgn_buf_deinit(&buf);
    return text;
}

/* ---- a section ---- */

static void
heading(const struct cli *cli, enum cli_style style, const char *text)
{
    fputs(cli_style(cli->output.colour, style), cli->output.out);
    cli_text_lines(&cli->output, text, 0, 0);
    fputs(cli_style(cli->output.colour, CLI_PLAIN), cli->output.out);
}

static void
show_figure(const struct cli *cli, const json_t *figure)
{
    const char *title = sgn_json_str(figure, "title");
    int pad = LABEL_WIDTH - cli_text_width(title);
    struct sgn_buf buf;

    sgn_buf_init(&buf, 4096);
    (void)cli_text_put(&buf, title, 0);
    (void)sgn_buf_printf(&buf, "%*s ", pad > 0 ? pad : 0, "");
    value_put(&buf, cli, sgn_json_str(figure, "unit"), json_object_get(figure, "value"));
    fprintf(cli->output.out, "  %s\n", buf.bytes != NULL ? buf.bytes : "");
    sgn_buf_deinit(&buf);
}

/* "member=Title ..." as tables take it, where a title's spaces are strokes. */
static void
column_put(struct sgn_buf *spec, const char *member, const char *title)
{
    (void)sgn_buf_printf(spec, "%s%s=", spec->len > 0 ? " " : "", member);
    for (; *title != '\0'; title++)
        (void)sgn_buf_append(spec, *title == ' ' ? "_" : title, 1);
}

static enum sgn_status
show_table(struct cli *cli, const json_t *table, struct sgn_error *err)
{
    const json_t *columns = json_object_get(table, "columns"), *column, *row;
    json_t *rows = json_array();
    struct sgn_buf spec;
    size_t i, k;
    enum sgn_status st;

    sgn_buf_init(&spec, 8192);
    column_put(&spec, "title", sgn_json_str(table, "key"));
    json_array_foreach(columns, k, column)
        column_put(&spec, sgn_json_str(column, "name"), sgn_json_str(column, "title"));
    json_array_foreach(json_object_get(table, "rows"), i, row) {
        json_t *shown = json_pack("{s:O}", "title", json_object_get(row, "title"));
        json_array_foreach(columns, k, column) {
            const char *name = sgn_json_str(column, "name");
            (void)json_object_set_new(shown, name,
                                      value_text(cli, column, json_object_get(row, name)));
        }
        (void)json_array_append_new(rows, shown);
    }
    st = cli_table_print(&cli->output, spec.bytes, rows, err);
    if (st == SGN_OK && json_object_get(table, "more") != NULL)
        fprintf(cli->output.out, sgn_say(cli->language, "and %lld more\n"),
                (long long)sgn_json_int(table, "more", 0));
    sgn_buf_deinit(&spec);
    json_decref(rows);
    return st;
}

static bool
has_words(const json_t *table)
{
    const json_t *column;
    size_t i;

    json_array_foreach(json_object_get(table, "columns"), i, column)
        if (strcmp(sgn_json_str(column, "unit"), "text") == 0)
            return true;
    return false;
}

static enum sgn_status
show_section(struct cli *cli, const json_t *section, struct sgn_error *err)
{
    const json_t *figure, *table;
    enum sgn_status st = SGN_OK;
    size_t i;

    fputc('\n', cli->output.out);
    heading(cli, CLI_BOLD, sgn_json_str(section, "title"));
    heading(cli, CLI_DIM, sgn_json_str(section, "text"));
    json_array_foreach(json_object_get(section, "figures"), i, figure)
        show_figure(cli, figure);
    json_array_foreach(json_object_get(section, "tables"), i, table) {
        size_t n = json_array_size(json_object_get(table, "rows"));
        /* One row of many says what the figures have said. */
        if (st != SGN_OK || n == 0 ||
            (n == 1 && json_object_get(table, "chart") == NULL && !has_words(table)))
            continue;
        fputc('\n', cli->output.out);
        heading(cli, CLI_CYAN, sgn_json_str(table, "title"));
        st = show_table(cli, table, err);
    }
    if (sgn_json_str(section, "note") != NULL)
        cli_text_lines(&cli->output, sgn_json_str(section, "note"), 0, 0);
    return st;
}

/* ---- the whole ---- */

static void
show_head(const struct cli *cli, const json_t *report)
{
    const json_t *part;
    const char *name;

    heading(cli, CLI_BOLD, sgn_json_str(report, "title"));
    fprintf(cli->output.out, "%.10s – %.10s", sgn_json_str(report, "from"),
            sgn_json_str(report, "last_day"));
    json_object_foreach((json_t *)(uintptr_t)json_object_get(report, "scope"), name, part) {
        struct sgn_buf title;
        sgn_buf_init(&title, 4096);
        (void)cli_text_put(&title, sgn_json_str(part, "title"), 0);
        fprintf(cli->output.out, " · %s", title.bytes != NULL ? title.bytes : "");
        sgn_buf_deinit(&title);
    }
    fprintf(cli->output.out, sgn_say(cli->language, " · %lld cases\n"),
            (long long)sgn_json_int(report, "cases", 0));
    if (json_array_size(json_object_get(report, "skipped")) > 0)
        fprintf(cli->output.out,
                sgn_say(cli->language, "%zu cases are not counted: their histories are too long\n"),
                json_array_size(json_object_get(report, "skipped")));
}

static void
show_meanings(const struct cli *cli, const json_t *defined)
{
    const json_t *one;
    size_t i;

    fputc('\n', cli->output.out);
    heading(cli, CLI_BOLD, sgn_say(cli->language, "What the figures mean"));
    json_array_foreach(defined, i, one) {
        struct sgn_buf text;
        sgn_buf_init(&text, 8192);
        (void)sgn_buf_printf(&text, "%s: %s", sgn_json_str(one, "title"),
                             sgn_json_str(one, "text"));
        fputs("  ", cli->output.out);
        cli_text_lines(&cli->output, text.bytes != NULL ? text.bytes : "", 4, 2);
        sgn_buf_deinit(&text);
    }
}

static enum sgn_status
show(struct cli *cli, const json_t *report, struct sgn_error *err)
{
    const json_t *section;
    enum sgn_status st = SGN_OK;
    size_t i;

    show_head(cli, report);
    json_array_foreach(json_object_get(report, "says"), i, section)
        cli_text_lines(&cli->output, json_string_value(section), 0, 0);
    json_array_foreach(json_object_get(report, "sections"), i, section)
        if (st == SGN_OK)
            st = show_section(cli, section, err);
    if (st == SGN_OK)
        show_meanings(cli, json_object_get(report, "defined"));
    return st;
}

/* The file as the server made it. */
static enum sgn_status
print_file(const struct cli *cli, const json_t *result, struct sgn_error *err)
{
    const json_t *text = json_object_get(result, "text");
    size_t n = json_string_length(text);

    if (fwrite(json_string_value(text), 1, n, cli->output.out) == n)
        return SGN_OK;
    return sgn_fail(err, SGN_UNAVAILABLE, "the output could not be written: %s", strerror(errno));
}

static enum sgn_status
format_of(struct cli *cli, const char **out, struct sgn_error *err)
{
    const char *format = cli_option(&cli->args, "format");

    *out = format != NULL ? format : cli->output.json ? "json" : "text";
    for (size_t i = 0; i < 4; i++) {
        static const char *const formats[] = { "text", "json", "csv", "html" };
        if (strcmp(*out, formats[i]) == 0)
            return SGN_OK;
    }
    cli->exit_code = CLI_USAGE;
    return sgn_fail(err, SGN_INVALID, "'%.20s' is no format: text, json, csv or html", *out);
}

enum sgn_status
remote_report(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *result = NULL;
    const char *format = NULL;
    enum sgn_status st = format_of(cli, &format, err);

    if (st == SGN_OK)
        st = cli_params(cli, &params, err);
    if (st == SGN_OK && (strcmp(format, "csv") == 0 || strcmp(format, "html") == 0))
        (void)json_object_set_new(params, "format", json_string(format));
    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    cli_params_language(cli, params);
    if (st == SGN_OK)
        st = client_call(client, "report.get", params, &result, err);
    if (st == SGN_OK && strcmp(format, "json") == 0)
        cli_print_json(&cli->output, result);
    else if (st == SGN_OK && strcmp(format, "text") == 0)
        st = show(cli, result, err);
    else if (st == SGN_OK)
        st = print_file(cli, result, err);
    json_decref(result);
    json_decref(params);
    client_free(client);
    return st;
}

void
remote_show_reports(struct cli *cli, const json_t *result)
{
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(result, "items"), i, one) {
        const char *name = sgn_json_str(one, "name");
        int pad = 14 - (int)strlen(name);
        fprintf(cli->output.out, "%s%s%s%*s", cli_style(cli->output.colour, CLI_BOLD), name,
                cli_style(cli->output.colour, CLI_PLAIN), pad > 0 ? pad : 1, "");
        cli_text_lines(&cli->output, sgn_json_str(one, "text"), 14, 14);
    }
}
