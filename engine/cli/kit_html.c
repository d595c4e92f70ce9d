/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One page without anything from outside: what was run, what was reached, and each workflow's
 * source with a mark on every line that holds something to reach.
 */
#include "kit.h"

#include "json.h"
#include "say.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char style[] =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;"
    "color:#1c2024;background:#fff}h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2.5rem}"
    "table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .9rem .2rem 0;"
    "text-align:left;vertical-align:top;border-bottom:1px solid #e3e6e8}td.n{text-align:right;"
    "font-variant-numeric:tabular-nums}.no{color:#b3261e}.yes{color:#1b6e3c}"
    "pre{font:13px/1.45 ui-monospace,monospace;margin:0;white-space:pre-wrap}"
    ".source{border:1px solid #e3e6e8;border-radius:6px;overflow-x:auto;padding:.5rem 0}"
    ".source div{display:flex;padding:0 .8rem}.source span{flex:none;width:6.5rem;color:#6b7280;"
    "font:13px/1.45 ui-monospace,monospace}.source .some{background:#fff4d6}"
    ".source .none{background:#fde4e1}.source .all{background:#e3f4e8}"
    "details pre{padding:.5rem 1rem;background:#f5f6f7;border-radius:6px}"
    "@media(prefers-color-scheme:dark){body{color:#e6e8ea;background:#15181b}td,th,.source"
    "{border-color:#33383d}.source .some{background:#453a16}.source .none{background:#4a2320}"
    ".source .all{background:#1d3a28}.no{color:#ff8f86}.yes{color:#7fd6a0}"
    "details pre{background:#1d2125}}";

static void
put_text(FILE *out, const char *text, size_t n)
{
    for (size_t i = 0; text != NULL && i < n && text[i] != '\0'; i++) {
        if (text[i] == '&')
            fputs("&amp;", out);
        else if (text[i] == '<')
            fputs("&lt;", out);
        else if (text[i] == '"')
            fputs("&quot;", out);
        else
            fputc(text[i], out);
    }
}

static void
put(FILE *out, const char *text)
{
    put_text(out, text, SIZE_MAX);
}

/* ---- results ---- */

static void
put_said(FILE *out, const struct cli *cli, const char *text)
{
    char *said = sgn_say_text(cli->language, text);

    put(out, said != NULL ? said : text);
    free(said);
}

static void
put_failure(FILE *out, const struct cli *cli, const json_t *result)
{
    const json_t *failure = json_object_get(result, "failure"), *one;
    char *minutes = kit_minutes(cli, result);
    size_t i;

    fputs("<br>", out);
    put(out, sgn_json_str(result, "file"));
    fprintf(out, ":%lld: ", (long long)sgn_json_int(failure, "line", 1));
    put_said(out, cli, sgn_json_str(failure, "message"));
    if (sgn_json_str(failure, "hint") != NULL) {
        fputs("<br>= ", out);
        put_said(out, cli, sgn_json_str(failure, "hint"));
    }
    json_array_foreach(json_object_get(failure, "differences"), i, one) {
        fputs("<br>", out);
        put_said(out, cli, sgn_json_str(one, "what"));
        fprintf(out, " – %s", sgn_say(cli->language, "expected: "));
        put_said(out, cli, sgn_json_str(one, "expected"));
        fprintf(out, " – %s", sgn_say(cli->language, "actual:   "));
        put_said(out, cli, sgn_json_str(one, "actual"));
    }
    if (minutes != NULL) {
        fputs("<details open><summary>", out);
        fprintf(out, sgn_say(cli->language, "How %s came there:"), sgn_json_str(result, "case"));
        fputs("</summary><pre>", out);
        put(out, minutes);
        fputs("</pre></details>", out);
    }
    free(minutes);
}

static void
put_results(FILE *out, const struct cli *cli, const json_t *results)
{
    const json_t *result;
    size_t i;

    fprintf(out, "<h2>%s</h2>\n<table>\n", sgn_say(cli->language, "Tests"));
    json_array_foreach(results, i, result) {
        bool passed = sgn_json_true(result, "passed");

        fprintf(out, "<tr><td class=\"%s\">%s</td><td>", passed ? "yes" : "no",
                sgn_say(cli->language, passed ? "ok" : "FAILED"));
        put(out, sgn_json_str(result, "workflow"));
        fputs("</td><td>", out);
        put(out, sgn_json_str(result, "name"));
        if (!passed)
            put_failure(out, cli, result);
        fputs("</td></tr>\n", out);
    }
    fputs("</table>\n", out);
}

/* ---- coverage ---- */

/* What there is to reach on a line: of how many, how many were, and what it is. */
struct line {
    int all, reached;
};

static struct line
line_of(const json_t *items, const char *file, int64_t number)
{
    struct line line = { 0 };
    const json_t *item;
    size_t i;

    json_array_foreach(items, i, item) {
        if (sgn_json_int(item, "line", 0) != number ||
            strcmp(sgn_json_str(item, "file"), file) != 0)
            continue;
        line.all++;
        line.reached += sgn_json_int(item, "times", 0) > 0;
    }
    return line;
}

/* The words that a pointer over the line shows. */
static void
put_hint(FILE *out, const json_t *items, const char *file, int64_t number)
{
    const json_t *item;
    size_t i;

    fputs(" title=\"", out);
    json_array_foreach(items, i, item) {
        if (sgn_json_int(item, "line", 0) != number ||
            strcmp(sgn_json_str(item, "file"), file) != 0)
            continue;
        put(out, sgn_json_str(item, "what"));
        fprintf(out, " – %lld×&#10;", (long long)sgn_json_int(item, "times", 0));
    }
    fputs("\"", out);
}

static void
put_source(FILE *out, const json_t *items, const char *file, const char *source)
{
    int64_t number = 1;

    fputs("<div class=\"source\">\n", out);
    for (const char *at = source; *at != '\0'; number++) {
        size_t n = strcspn(at, "\n");
        struct line line = line_of(items, file, number);
        const char *mark = line.all == 0             ? ""
                           : line.reached == 0       ? "none"
                           : line.reached < line.all ? "some"
                                                     : "all";

        fprintf(out, "<div class=\"%s\"", mark);
        if (line.all > 0)
            put_hint(out, items, file, number);
        fprintf(out, "><span>%lld", (long long)number);
        if (line.all > 0)
            fprintf(out, "  %d/%d", line.reached, line.all);
        fputs("</span><pre>", out);
        put_text(out, at, n);
        fputs("</pre></div>\n", out);
        at += n + (at[n] == '\n');
    }
    fputs("</div>\n", out);
}

static void
put_table(FILE *out, const struct cli *cli, const json_t *items, const char *file)
{
    const json_t *item;
    size_t i;

    fprintf(out, "<table>\n<tr><th>%s</th><th>%s</th><th>%s</th></tr>\n",
            sgn_say(cli->language, "line"), sgn_say(cli->language, "what"),
            sgn_say(cli->language, "reached"));
    json_array_foreach(items, i, item) {
        int64_t times = sgn_json_int(item, "times", 0);

        if (strcmp(sgn_json_str(item, "file"), file) != 0)
            continue;
        fprintf(out, "<tr><td class=\"n\">%lld</td><td>%s – ",
                (long long)sgn_json_int(item, "line", 1),
                sgn_say(cli->language, sgn_json_str(item, "kind")));
        put(out, sgn_json_str(item, "what"));
        fprintf(out, "</td><td class=\"n %s\">%lld</td></tr>\n", times > 0 ? "yes" : "no",
                (long long)times);
    }
    fputs("</table>\n", out);
}

static void
put_workflow(FILE *out, const struct cli *cli, const json_t *items, const char *file,
             const char *source)
{
    const json_t *item;
    json_t *own = json_array();
    int reached, all, percent;
    size_t i;

    json_array_foreach(items, i, item) {
        if (strcmp(sgn_json_str(item, "file"), file) == 0)
            (void)json_array_append(own, (json_t *)item);
    }
    percent = kit_cover_percent(own, NULL, NULL, &reached, &all);
    fputs("<h2>", out);
    put(out, file);
    fprintf(out, " – <span class=\"%s\">%d%% (%d/%d)</span></h2>\n", reached == all ? "yes" : "no",
            percent, reached, all);
    put_source(out, own, file, source);
    fprintf(out, "<details><summary>%s</summary>\n",
            sgn_say(cli->language, "Everything there is to reach"));
    put_table(out, cli, own, file);
    fputs("</details>\n", out);
    json_decref(own);
}

enum sgn_status
kit_html_write(const char *path, struct cli *cli, const json_t *results, const json_t *items,
               const json_t *sources, struct sgn_error *err)
{
    FILE *out = fopen(path, "w");
    const char *file, *title = sgn_say(cli->language, "Tests of workflows");
    json_t *source;
    bool bad;

    if (out == NULL)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", path, strerror(errno));
    fprintf(out,
            "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
            "<meta name=\"viewport\" content=\"width=device-width\"><title>%s</title>"
            "<style>%s</style></head><body>\n<h1>%s</h1>\n",
            strncmp(cli->language, "zh", 2) == 0 ? "zh" : "en", title, style, title);
    put_results(out, cli, results);
    json_object_foreach((json_t *)sources, file, source)
        put_workflow(out, cli, items, file, json_string_value(source));
    fputs("</body></html>\n", out);
    bad = ferror(out) != 0;
    if (fclose(out) != 0 || bad)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: could not be written", path);
    return SGN_OK;
}
