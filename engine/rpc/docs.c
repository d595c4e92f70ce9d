/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reference page: one section a method, in the order of their names, out of the same document
 * that rpc.discover answers. Every text is escaped, whatever row it comes from.
 */
#include "docs.h"
#include "html.h"
#include "report.h"
#include "rpc_internal.h"

/* "string, at most 32 bytes" in the words of the schema. */
static void
put_schema(struct sgn_buf *out, const json_t *schema)
{
    const json_t *choices = json_object_get(schema, "oneOf"), *choice;
    const char *format = sgn_json_str(schema, "format");
    const char *pattern = sgn_json_str(schema, "pattern");
    size_t i;

    json_array_foreach(choices, i, choice) {
        sgn_buf_puts(out, i > 0 ? " or " : "");
        put_schema(out, choice);
    }
    if (choices != NULL)
        return;
    rpc_html_put(out,
                 sgn_json_str(schema, "type") != NULL ? sgn_json_str(schema, "type") : "any value");
    if (json_object_get(schema, "maxLength") != NULL)
        sgn_buf_printf(out, ", at most %lld", (long long)sgn_json_int(schema, "maxLength", 0));
    if (json_object_get(schema, "maximum") != NULL)
        sgn_buf_printf(out, ", at most %lld", (long long)sgn_json_int(schema, "maximum", 0));
    if (format != NULL)
        sgn_buf_printf(out, ", %s", format);
    if (pattern != NULL) {
        sgn_buf_puts(out, ", <code>");
        rpc_html_put(out, pattern);
        sgn_buf_puts(out, "</code>");
    }
}

static void
put_params(struct sgn_buf *out, const json_t *params)
{
    const json_t *param;
    size_t i;

    if (json_array_size(params) == 0)
        return;
    sgn_buf_puts(out, "<table><tr><th>parameter<th>what<th>type\n");
    json_array_foreach(params, i, param) {
        sgn_buf_puts(out, "<tr><td><code>");
        rpc_html_put(out, sgn_json_str(param, "name"));
        sgn_buf_puts(out,
                     sgn_json_true(param, "required") ? "</code> (needed)<td>" : "</code><td>");
        rpc_html_put(out, sgn_json_str(param, "description"));
        sgn_buf_puts(out, "<td>");
        put_schema(out, json_object_get(param, "schema"));
        sgn_buf_puts(out, "\n");
    }
    sgn_buf_puts(out, "</table>\n");
}

static void
put_method(struct sgn_buf *out, const json_t *method)
{
    const json_t *access = json_object_get(method, "x-access"), *word;
    const char *name = sgn_json_str(method, "name");
    size_t i;

    sgn_buf_printf(out, "<h2 id=\"%s\">%s</h2>\n<p>", name, name);
    rpc_html_put(out, sgn_json_str(method, "summary"));
    sgn_buf_puts(out, "\n<p>For: ");
    json_array_foreach(access, i, word) {
        sgn_buf_puts(out, i > 0 ? ", " : "");
        rpc_html_put(out, json_string_value(word));
    }
    sgn_buf_puts(out, "\n");
    put_params(out, json_object_get(method, "params"));
    sgn_buf_puts(out, "<p>Answers: ");
    rpc_html_put(out, sgn_json_str(json_object_get(method, "result"), "description"));
    sgn_buf_puts(out, "\n");
}

/* What HTTP has besides /rpc: net's http_routes.c is where it is served. */
static void
put_paths(struct sgn_buf *out)
{
    sgn_buf_puts(out,
                 "<h2 id=\"http\">Over HTTP besides</h2>\n<p>Each request brings "
                 "<code>Authorization: Bearer TOKEN</code>.\n"
                 "<p><code>GET /events?since=41&amp;case=CR-1&amp;kind=fire</code>: "
                 "<a href=\"#watch.start\">watch.start</a> as Server-sent events, with its "
                 "filters (case, kind, workflow, project: each as often as you like), titles, "
                 "and team for an operator. since is the last entry that you have, and "
                 "<code>Last-Event-ID</code> goes before it; without both it begins with the "
                 "next entry. The id of an event is the number of its entry; events named "
                 "start, behind and end say the rest.\n"
                 "<p><code>PUT /files?name=report.pdf&amp;sha256=HEX&amp;request_id=ID</code>: "
                 "the body becomes a file, as by <a href=\"#file.begin\">file.begin</a>, put "
                 "and end; 201 and its id. The digest may come as Content-Digest instead. "
                 "With a request_id it may be sent again.\n"
                 "<p><code>GET /files/ID</code>: its bytes, or some of them by Range; "
                 "?inline shows pictures and plain text instead of saving them.\n"
                 "<p><code>POST /hooks/TEAM/NAME</code>: what another tool sends in, without a "
                 "token but signed: by Standard Webhooks, by X-Hub-Signature-256, or with the "
                 "hook's secret as its bearer (<a href=\"#hook.secret\">hook.secret</a>). 200 "
                 "with case and entry, or ignored with the reason; 4xx when sending it again "
                 "will not help, 429 and 503 with Retry-After when it will.\n");
}

/* What reports there are, and what their figures mean: of the place where that is said. */
static void
put_reports(struct sgn_buf *out)
{
    json_t *reports = report_list("en"), *figures = report_figures("en"), *one;
    size_t i;

    sgn_buf_puts(out, "<h2 id=\"reports\">Reports</h2>\n<table><tr><th>report<th>what\n");
    json_array_foreach(reports, i, one) {
        sgn_buf_printf(out, "<tr><td><code>%s</code><td>", sgn_json_str(one, "name"));
        rpc_html_put(out, sgn_json_str(one, "text"));
        sgn_buf_puts(out, "\n");
    }
    sgn_buf_puts(out, "</table>\n<table><tr><th>figure<th>what it is<th>unit\n");
    json_array_foreach(figures, i, one) {
        sgn_buf_printf(out, "<tr><td><code>%s</code> ", sgn_json_str(one, "name"));
        rpc_html_put(out, sgn_json_str(one, "title"));
        sgn_buf_puts(out, "<td>");
        rpc_html_put(out, sgn_json_str(one, "text"));
        sgn_buf_printf(out, "<td>%s\n", sgn_json_str(one, "unit"));
    }
    sgn_buf_puts(out, "</table>\n");
    json_decref(reports);
    json_decref(figures);
}

enum sgn_status
rpc_docs_page(struct sgn_buf *out)
{
    json_t *all = rpc_discover();
    const json_t *methods = json_object_get(all, "methods"), *method;
    size_t i;

    if (methods == NULL)
        return SGN_NOMEM;
    sgn_buf_puts(out,
                 "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
                 "<title>Signoff: the methods</title>\n<h1>Signoff " SGN_VERSION "</h1>\n"
                 "<p>JSON-RPC 2.0. <a href=\"/openrpc.json\">The same for programs.</a>\n<ul>\n");
    json_array_foreach(methods, i, method) {
        const char *name = sgn_json_str(method, "name");
        sgn_buf_printf(out, "<li><a href=\"#%s\">%s</a>\n", name, name);
    }
    sgn_buf_puts(out, "</ul>\n<p><a href=\"#http\">Over HTTP besides</a>, "
                      "<a href=\"#reports\">reports and what their figures mean</a>\n");
    put_paths(out);
    put_reports(out);
    json_array_foreach(methods, i, method)
        put_method(out, method);
    sgn_buf_puts(out, "</html>\n");
    json_decref(all);
    return out->failed ? SGN_NOMEM : SGN_OK;
}

enum sgn_status
rpc_docs_json(struct sgn_buf *out)
{
    json_t *all = rpc_discover();
    enum sgn_status status = all != NULL ? sgn_json_append(out, all) : SGN_NOMEM;

    json_decref(all);
    return status;
}
