/* SPDX-License-Identifier: Apache-2.0 */
/* Histories as XES. Entries that may not be seen are not in the history, and so not here. */
#include "xes.h"

#include "json.h"
#include "remote.h"
#include <stdio.h>
#include <string.h>

#define PAGE_MOST 500
#define NAME_MAX_ 256

/* ---- XML ---- */

/* An attribute's value. What XML cannot hold is replaced; line ends and tabs would be read as
 * spaces were they written as they are. */
static void
put_text(struct sgn_buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '&')
            (void)sgn_buf_puts(out, "&amp;");
        else if (c == '<')
            (void)sgn_buf_puts(out, "&lt;");
        else if (c == '>')
            (void)sgn_buf_puts(out, "&gt;");
        else if (c == '"')
            (void)sgn_buf_puts(out, "&quot;");
        else if (c == '\n' || c == '\t' || c == '\r')
            (void)sgn_buf_printf(out, "&#%d;", c);
        else if (c < 0x20 || c == 0x7f || strncmp(text, "\xef\xbf\xbe", 3) == 0 ||
                 strncmp(text, "\xef\xbf\xbf", 3) == 0)
            (void)sgn_buf_puts(out, "?");
        else
            (void)sgn_buf_append(out, text, 1);
        /* U+FFFE and U+FFFF, which are no characters of XML, have three bytes. */
        if (c == 0xef &&
            (strncmp(text, "\xef\xbf\xbe", 3) == 0 || strncmp(text, "\xef\xbf\xbf", 3) == 0))
            text += 2;
    }
}

/* type: string, date, int, boolean. value NULL: nothing. */
static void
put(struct sgn_buf *out, const char *indent, const char *type, const char *key, const char *value)
{
    if (value == NULL)
        return;
    (void)sgn_buf_printf(out, "%s<%s key=\"%s\" value=\"", indent, type, key);
    put_text(out, value);
    (void)sgn_buf_puts(out, "\"/>\n");
}

enum sgn_status
xes_begin(struct sgn_buf *out)
{
    static const char *const extensions[][2] = {
        { "Concept", "concept" },
        { "Lifecycle", "lifecycle" },
        { "Organizational", "org" },
        { "Time", "time" },
    };

    (void)sgn_buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                            "<log xes.version=\"1849.2016\" xes.features=\"\" "
                            "xmlns=\"http://www.xes-standard.org/\">\n");
    for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++)
        (void)sgn_buf_printf(out,
                             "\t<extension name=\"%s\" prefix=\"%s\" "
                             "uri=\"http://www.xes-standard.org/%s.xesext\"/>\n",
                             extensions[i][0], extensions[i][1], extensions[i][1]);
    (void)sgn_buf_puts(out, "\t<global scope=\"trace\">\n");
    put(out, "\t\t", "string", "concept:name", "unknown");
    (void)sgn_buf_puts(out, "\t</global>\n\t<global scope=\"event\">\n");
    put(out, "\t\t", "string", "concept:name", "unknown");
    put(out, "\t\t", "string", "lifecycle:transition", "complete");
    put(out, "\t\t", "string", "org:resource", "unknown");
    put(out, "\t\t", "date", "time:timestamp", "1970-01-01T00:00:00Z");
    (void)sgn_buf_puts(out, "\t</global>\n"
                            "\t<classifier name=\"Activity\" keys=\"concept:name\"/>\n"
                            "\t<classifier name=\"Activity and transition\" "
                            "keys=\"concept:name lifecycle:transition\"/>\n");
    put(out, "\t", "string", "lifecycle:model", "standard");
    return out->failed ? SGN_NOMEM : SGN_OK;
}

enum sgn_status
xes_end(struct sgn_buf *out)
{
    return sgn_buf_puts(out, "</log>\n");
}

/* ---- events ---- */

/* "submit"; "deadline screening"; "task handover"; else the kind of the entry. */
static void
name_of(const json_t *entry, char name[NAME_MAX_])
{
    const char *event = sgn_json_str(entry, "event");
    const char *kind = sgn_json_str(entry, "kind");
    const char *of = sgn_json_str(json_object_get(entry, "rung"), "deadline");

    kind = kind != NULL ? kind : "entry";
    if (event != NULL)
        snprintf(name, NAME_MAX_, "%s", event);
    else
        snprintf(name, NAME_MAX_, "%s%s%s", kind, of != NULL ? " " : "", of != NULL ? of : "");
}

static void
put_states(struct sgn_buf *out, const json_t *entry)
{
    const json_t *states = json_object_get(entry, "states"), *state;
    size_t i;

    if (json_array_size(states) == 0)
        return;
    (void)sgn_buf_puts(out, "\t\t\t<string key=\"states\" value=\"");
    json_array_foreach(states, i, state) {
        (void)sgn_buf_puts(out, i > 0 ? " " : "");
        put_text(out, json_string_value(state));
    }
    (void)sgn_buf_puts(out, "\"/>\n");
}

static void
put_event(struct sgn_buf *out, const json_t *entry)
{
    const json_t *imported = json_object_get(entry, "imported");
    const char *kind = sgn_json_str(entry, "kind");
    bool hands_over = kind != NULL && strcmp(kind, "assign") == 0;
    char name[NAME_MAX_], seq[24];

    name_of(entry, name);
    snprintf(seq, sizeof(seq), "%lld", (long long)sgn_json_int(entry, "seq", 0));
    (void)sgn_buf_puts(out, "\t\t<event>\n");
    put(out, "\t\t\t", "string", "concept:name", name);
    put(out, "\t\t\t", "string", "lifecycle:transition", hands_over ? "reassign" : "complete");
    put(out, "\t\t\t", "string", "org:resource", sgn_json_str(entry, "actor"));
    put(out, "\t\t\t", "date", "time:timestamp", sgn_json_str(entry, "at"));
    put(out, "\t\t\t", "string", "kind", kind);
    put(out, "\t\t\t", "string", "imported:source", sgn_json_str(imported, "source"));
    put(out, "\t\t\t", "string", "imported:by", sgn_json_str(imported, "by"));
    put(out, "\t\t\t", "date", "imported:at", sgn_json_str(imported, "at"));
    put(out, "\t\t\t", "string", "on_behalf", sgn_json_str(entry, "on_behalf"));
    put(out, "\t\t\t", "string", "outcome", sgn_json_str(entry, "outcome"));
    put(out, "\t\t\t", "int", "seq", seq);
    put_states(out, entry);
    (void)sgn_buf_puts(out, "\t\t</event>\n");
}

/* ---- traces ---- */

/* What of a history did not fit into its first page, which is page; entries newest first. */
static enum sgn_status
rest_of_history(struct client *client, json_t *ask, const json_t *page, json_t *entries,
                struct sgn_error *err)
{
    const char *cursor = sgn_json_str(page, "cursor");
    enum sgn_status st = SGN_OK;

    while (st == SGN_OK && cursor != NULL) {
        json_t *next = NULL;

        if (json_object_set_new(ask, "cursor", json_string(cursor)) != 0)
            return sgn_nomem(err);
        st = client_call(client, "case.history", ask, &next, err);
        if (st == SGN_OK && json_array_extend(entries, json_object_get(next, "items")) != 0)
            st = sgn_nomem(err);
        /* Kept by ask, for the page goes. */
        cursor = sgn_json_str(next, "cursor");
        if (cursor != NULL && json_object_set_new(ask, "cursor", json_string(cursor)) != 0)
            st = sgn_nomem(err);
        cursor = cursor != NULL ? sgn_json_str(ask, "cursor") : NULL;
        json_decref(next);
    }
    return st;
}

static enum sgn_status
put_trace(struct client *client, const json_t *item, json_t *ask, const json_t *answer,
          struct sgn_buf *out, struct sgn_error *err)
{
    static const char *const members[] = { "workflow", "project", "client", "outcome" };
    json_t *page = json_incref(json_object_get(answer, "result")), *entries = NULL;
    enum sgn_status st =
        page != NULL ? SGN_OK : client_error(json_object_get(answer, "error"), err);

    if (st == SGN_OVERLOADED) {
        sgn_error_clear(err);
        st = remote_call_patiently(client, "case.history", ask, &page, err);
    }
    if (st == SGN_OK && (entries = json_copy(json_object_get(page, "items"))) == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = rest_of_history(client, ask, page, entries, err);
    if (st == SGN_OK) {
        (void)sgn_buf_puts(out, "\t<trace>\n");
        put(out, "\t\t", "string", "concept:name", sgn_json_str(item, "case"));
        for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
            put(out, "\t\t", "string", members[i], sgn_json_str(item, members[i]));
        for (size_t i = json_array_size(entries); i > 0; i--)
            put_event(out, json_array_get(entries, i - 1));
        (void)sgn_buf_puts(out, "\t</trace>\n");
    }
    json_decref(entries);
    json_decref(page);
    return st;
}

enum sgn_status
xes_traces(struct client *client, const json_t *items, const char *team, struct sgn_buf *out,
           struct sgn_error *err)
{
    json_t *requests = json_array(), *answers = NULL, *answer;
    const json_t *item;
    size_t i;
    enum sgn_status st = requests != NULL ? SGN_OK : sgn_nomem(err);

    json_array_foreach(items, i, item)
        (void)json_array_append_new(requests,
                                    json_pack("{s:s, s:{s:O, s:i, s:s*}}", "method", "case.history",
                                              "params", "case", json_object_get(item, "case"),
                                              "limit", PAGE_MOST, "team", team));
    if (st == SGN_OK)
        st = client_batch(client, requests, &answers, err);
    json_array_foreach(answers, i, answer)
        if (st == SGN_OK)
            st =
                put_trace(client, json_array_get(items, i),
                          json_object_get(json_array_get(requests, i), "params"), answer, out, err);
    json_decref(answers);
    json_decref(requests);
    return st != SGN_OK || !out->failed ? st : sgn_nomem(err);
}
