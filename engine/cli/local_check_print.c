/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings for people and for programs.
 */
#include "local_check.h"

#include "check.h"
#include "json.h"
#include "say.h"
#include "site.h"
#include "text.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- text ---- */

/* The n-th line of a source (1 is the first), without its end; NULL when there is none. */
static char *
source_line(const char *source, int64_t n)
{
    while (source != NULL && n > 1) {
        source = strchr(source, '\n');
        source = source != NULL ? source + 1 : NULL;
        n--;
    }
    return source != NULL && n == 1 ? strndup(source, strcspn(source, "\r\n")) : NULL;
}

/* Where characters begin, n of them from at. */
static const char *
forward(const char *at, int64_t n)
{
    for (; n > 0 && *at != '\0'; n--)
        for (at++; ((unsigned char)*at & 0xc0) == 0x80;)
            at++;
    return at;
}

/* How far the character at a column stands from the line's begin, in columns of a terminal. */
static int
caret_at(const char *text, int64_t column)
{
    struct sgn_buf before;
    const char *at = forward(text, column - 1);
    int width;

    sgn_buf_init(&before, SITE_FILE_MAX);
    (void)sgn_buf_append(&before, text, (size_t)(at - text));
    width = before.bytes != NULL ? cli_text_width(before.bytes) : 0;
    sgn_buf_deinit(&before);
    return width;
}

/* The part of a long line around the place, in characters: what a reader can take in. */
#define SHOWN_MAX    100
#define SHOWN_BEFORE 40

static void
print_source(const struct cli_output *o, const char *source, const json_t *mistake)
{
    int64_t column = sgn_json_int(mistake, "column", 0), line = sgn_json_int(mistake, "line", 0);
    char *text = source_line(source, line), *end;
    const char *from = text;
    struct sgn_buf clean;
    bool cut, more;

    if (text == NULL || text[0] == '\0') {
        free(text);
        return;
    }
    cut = column > SHOWN_MAX - 10 && strlen(text) > SHOWN_MAX;
    if (cut)
        from = forward(text, column - 1 - SHOWN_BEFORE);
    end = (char *)forward(from, SHOWN_MAX);
    more = *end != '\0';
    *end = '\0';
    sgn_buf_init(&clean, SITE_FILE_MAX);
    cli_text_put(&clean, from, 0);
    fprintf(o->out, "%6lld | %s%s%s\n", (long long)line, cut ? "…" : "",
            clean.bytes != NULL ? clean.bytes : "", more ? "…" : "");
    if (column > 0)
        fprintf(o->out, "       | %*s%s^%s\n",
                cut ? 1 + caret_at(from, SHOWN_BEFORE + 1) : caret_at(text, column), "",
                cli_style(o->colour, CLI_GREEN), cli_style(o->colour, CLI_PLAIN));
    sgn_buf_deinit(&clean);
    free(text);
}

static bool
is_warning(const json_t *mistake)
{
    const char *severity = sgn_json_str(mistake, "severity");

    return severity != NULL && strcmp(severity, "warning") == 0;
}

/* The nearest word stands in the message already: (did you mean "done"?) */
static bool
is_in_message(const char *message, const char *hint)
{
    size_t n = strlen(hint);

    for (const char *at = message; at != NULL && (at = strstr(at, hint)) != NULL; at++)
        if (at > message && at[-1] == '"' && at[n] == '"')
            return true;
    return false;
}

static void
print_one(const struct cli_output *o, const struct findings *findings, const json_t *mistake)
{
    const char *file = sgn_json_str(mistake, "file"), *id = sgn_json_str(mistake, "id");
    const char *message = sgn_json_str(mistake, "message"), *hint = sgn_json_str(mistake, "hint");
    bool warning = is_warning(mistake);
    char *said = sgn_say_text(o->language, message != NULL ? message : "unknown mistake");
    char *hinted = hint != NULL ? sgn_say_text(o->language, hint) : NULL;

    fprintf(o->out, "%s%s:%lld:%lld%s: %s%s:%s ", cli_style(o->colour, CLI_BOLD), file,
            (long long)sgn_json_int(mistake, "line", 1),
            (long long)sgn_json_int(mistake, "column", 1), cli_style(o->colour, CLI_PLAIN),
            cli_style(o->colour, warning ? CLI_YELLOW : CLI_RED),
            sgn_say(o->language, warning ? "warning" : "error"), cli_style(o->colour, CLI_PLAIN));
    fprintf(o->out, "%s%s%s%s\n", said != NULL ? said : "", id != NULL ? " [" : "",
            id != NULL ? id : "", id != NULL ? "]" : "");
    print_source(o, sgn_json_str(findings->sources, file), mistake);
    if (hint != NULL && !is_in_message(message, hint))
        fprintf(o->out, "       = %s\n", hinted != NULL ? hinted : hint);
    free(hinted);
    free(said);
}

static void
print_count(const struct cli_output *o, int n, const char *one, const char *several)
{
    struct cli_count count;

    fputs(cli_count(&count, o->language, n, one, several), o->out);
}

/* "1 team, 5 workflows": what there was of each. */
static void
print_sum(const struct cli_output *o, const struct findings *findings)
{
    const struct {
        int n;
        const char *one, *several;
    } counts[] = { { findings->teams, "%lld team", "%lld teams" },
                   { findings->workflows, "%lld workflow", "%lld workflows" },
                   { findings->tests, "%lld test file", "%lld test files" } };
    bool said = false;

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (counts[i].n == 0 && (i != 1 || findings->teams + findings->tests > 0))
            continue;
        fputs(said ? sgn_say(o->language, ", ") : "", o->out);
        print_count(o, counts[i].n, counts[i].one, counts[i].several);
        said = true;
    }
}

void
findings_text(const struct cli_output *o, const struct findings *findings)
{
    const json_t *one;
    size_t i;

    json_array_foreach(findings->mistakes, i, one)
        print_one(o, findings, one);
    if (i > 0)
        fputc('\n', o->out);
    print_sum(o, findings);
    if (findings->errors + findings->warnings == 0) {
        fprintf(o->out, "%s\n", sgn_say(o->language, ", no findings"));
        return;
    }
    fputs(sgn_say(o->language, ": "), o->out);
    print_count(o, findings->errors, "%lld error", "%lld errors");
    fputs(sgn_say(o->language, ", "), o->out);
    print_count(o, findings->warnings, "%lld warning", "%lld warnings");
    fputc('\n', o->out);
}

void
findings_json(const struct cli_output *o, const struct findings *findings)
{
    const json_t *one;
    size_t i;

    json_array_foreach(findings->mistakes, i, one)
        cli_print_json(o, one);
}

/* ---- SARIF ---- */

#define LOADER_RULE "cannot-run" /* what the loader and the engine refuse */

/* A path as a URI reference (RFC 3986): what is neither unreserved nor "/" is escaped. */
static char *
uri_of(const char *path)
{
    struct sgn_buf buf;
    char *uri;

    sgn_buf_init(&buf, 16384);
    for (const char *c = path; *c != '\0'; c++) {
        if (isalnum((unsigned char)*c) || strchr("/-._~", *c) != NULL)
            (void)sgn_buf_append(&buf, c, 1);
        else
            (void)sgn_buf_printf(&buf, "%%%02X", (unsigned char)*c);
    }
    uri = sgn_buf_take(&buf);
    sgn_buf_deinit(&buf);
    return uri;
}

static json_t *
sarif_rules(void)
{
    json_t *rules = json_array();
    size_t n;
    const struct check_kind *kinds = check_kinds(&n);

    for (size_t i = 0; i < n; i++)
        (void)json_array_append_new(
            rules, json_pack("{s:s, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}}", "id", kinds[i].id,
                             "shortDescription", "text", kinds[i].says, "fullDescription", "text",
                             kinds[i].because, "help", "text", kinds[i].instead,
                             "defaultConfiguration", "level", "warning"));
    (void)json_array_append_new(
        rules, json_pack("{s:s, s:{s:s}, s:{s:s}}", "id", LOADER_RULE, "shortDescription", "text",
                         "what the engine cannot run", "defaultConfiguration", "level", "error"));
    return rules;
}

/* The place of an id among the rules; what has none of these is the loader's, the last. */
static int
rule_index(const char *id)
{
    size_t n;
    const struct check_kind *kinds = check_kinds(&n);

    for (size_t i = 0; id != NULL && i < n; i++)
        if (strcmp(kinds[i].id, id) == 0)
            return (int)i;
    return (int)n;
}

static json_t *
sarif_result(const json_t *mistake)
{
    const char *id = sgn_json_str(mistake, "id"), *hint = sgn_json_str(mistake, "hint");
    const char *message = sgn_json_str(mistake, "message");
    int index = rule_index(id);
    char *uri = uri_of(sgn_json_str(mistake, "file"));
    char *text = sgn_format("%s%s%s", message != NULL ? message : "unknown mistake",
                            hint != NULL ? ": " : "", hint != NULL ? hint : "");
    json_t *result = NULL;
    size_t n;
    const struct check_kind *kinds = check_kinds(&n);

    if (uri != NULL && text != NULL)
        result = json_pack("{s:s, s:i, s:s, s:{s:s}, s:[{s:{s:{s:s}, s:{s:I, s:I}}}]}", "ruleId",
                           (size_t)index < n ? kinds[index].id : LOADER_RULE, "ruleIndex", index,
                           "level", is_warning(mistake) ? "warning" : "error", "message", "text",
                           text, "locations", "physicalLocation", "artifactLocation", "uri", uri,
                           "region", "startLine", (json_int_t)sgn_json_int(mistake, "line", 1),
                           "startColumn", (json_int_t)sgn_json_int(mistake, "column", 1));
    free(uri);
    free(text);
    return result;
}

enum sgn_status
findings_sarif(const struct cli_output *output, const struct findings *findings,
               struct sgn_error *err)
{
    json_t *results = json_array(), *refusals = json_array(), *document;
    const json_t *one;
    size_t i;

    json_array_foreach(findings->mistakes, i, one)
        (void)json_array_append_new(results, sarif_result(one));
    json_array_foreach(findings->refusals, i, one)
        (void)json_array_append_new(
            refusals, json_pack("{s:s, s:{s:O}}", "level", "error", "message", "text", one));
    document =
        json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:s, s:[{s:b, s:o}], s:o}]}", "$schema",
                  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                  "sarif-schema-2.1.0.json",
                  "version", "2.1.0", "runs", "tool", "driver", "name", "signoff check", "version",
                  SGN_VERSION, "rules", sarif_rules(), "columnKind", "unicodeCodePoints",
                  "invocations", "executionSuccessful", json_array_size(findings->refusals) == 0,
                  "toolExecutionNotifications", refusals, "results", results);
    if (document == NULL || json_array_size(results) != json_array_size(findings->mistakes)) {
        json_decref(document);
        return sgn_nomem(err);
    }
    cli_print_json(output, document);
    json_decref(document);
    return SGN_OK;
}
