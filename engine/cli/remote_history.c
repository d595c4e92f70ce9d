/* SPDX-License-Identifier: Apache-2.0 */
/* Histories as minutes, and the entries of a watch as they come. */
#include "json.h"
#include "minutes.h"
#include "remote.h"
#include <string.h>

#define PAGE         500
#define HISTORY_MOST 1000 /* entries shown without --limit */

/* ---- history ---- */

/* The newest entries up to limit, newest first as the server pages them, and the titles of
 * what they name. */
static enum sgn_status
gather(struct client *client, json_t *params, int64_t limit, json_t *entries, json_t *titles,
       struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    bool more = true;

    while (st == SGN_OK && more && (int64_t)json_array_size(entries) < limit) {
        int64_t left = limit - (int64_t)json_array_size(entries);
        json_t *page = NULL, *cursor;

        json_object_set_new(params, "limit", json_integer(left < PAGE ? left : PAGE));
        st = client_call(client, "case.history", params, &page, err);
        if (st == SGN_OK && json_array_extend(entries, (json_t *)remote_items(page)) != 0)
            st = sgn_fail(err, SGN_INTERNAL, "case.history answered no list");
        if (st == SGN_OK)
            (void)json_object_update_recursive(titles, json_object_get(page, "titles"));
        cursor = json_object_get(page, "cursor");
        more = cursor != NULL && !json_is_null(cursor);
        if (more && json_object_set(params, "cursor", cursor) != 0)
            st = sgn_nomem(err);
        json_decref(page);
    }
    return st;
}

/* Does a client read along? Then the case has one, and some entry is not wholly hidden from it. */
static bool
is_shared(struct client *client, const json_t *params, const json_t *entries)
{
    json_t *ask = json_pack("{s:O, s:O*}", "case", json_object_get(params, "case"), "team",
                            json_object_get(params, "team"));
    json_t *view = NULL;
    const json_t *entry;
    bool has_client;
    size_t i;

    has_client = client_call(client, "case.get", ask, &view, NULL) == SGN_OK &&
                 sgn_json_str(view, "client") != NULL;
    json_decref(view);
    json_decref(ask);
    if (!has_client)
        return false;
    json_array_foreach(entries, i, entry) {
        if (!sgn_json_has(json_object_get(entry, "hidden"), ""))
            return true;
    }
    return false;
}

/* Minutes are read from the beginning. */
static void
print_minutes(struct cli *cli, const json_t *entries, const json_t *titles, bool marks)
{
    struct minutes minutes = {
        .cli = cli, .language = cli->language, .titles = titles, .marks = marks
    };
    size_t n = json_array_size(entries);
    const char *first = sgn_json_str(json_array_get(entries, n > 0 ? n - 1 : 0), "kind");

    if (first != NULL && strcmp(first, "open") == 0)
        minutes.fields = json_object();
    for (size_t i = n; i > 0; i--) {
        if (cli->output.json)
            cli_print_json(&cli->output, json_array_get(entries, i - 1));
        else
            minutes_entry(&minutes, json_array_get(entries, i - 1));
    }
    json_decref(minutes.owners);
    json_decref(minutes.fields);
}

enum sgn_status
remote_history(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *entries = json_array(), *titles = json_object();
    int64_t most = 0;
    enum sgn_status st =
        entries != NULL && titles != NULL ? cli_params(cli, &params, err) : sgn_nomem(err);

    if (st == SGN_OK)
        st = remote_limit(cli, "limit", HISTORY_MOST, &most, err);
    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = gather(client, params, most, entries, titles, err);
    if (st == SGN_OK)
        print_minutes(cli, entries, titles,
                      !cli->output.json && is_shared(client, params, entries));
    json_decref(titles);
    json_decref(entries);
    json_decref(params);
    client_free(client);
    return st;
}

/* ---- watch ---- */

/* An entry is printed; anything else about the watch is said on stderr, its end as an error. */
static enum sgn_status
show_note(struct cli *cli, const json_t *note, struct sgn_error *err)
{
    const char *method = sgn_json_str(note, "method");
    const json_t *params = json_object_get(note, "params");
    const json_t *entry = json_object_get(params, "entry");
    struct minutes minutes = { .cli = cli,
                               .language = cli->language,
                               .titles = json_object_get(params, "titles") };
    const char *key;

    if (entry == NULL && method != NULL && strcmp(method, "watch.end") == 0)
        return sgn_fail(err, sgn_status_of_code(sgn_json_str(params, "code")),
                        "the watch ended: %s", sgn_json_str(params, "message"));
    if (entry == NULL) {
        fprintf(cli->output.err, "%s\n", method != NULL ? method : "?");
        return SGN_OK;
    }
    if (cli->output.json) {
        cli_print_json(&cli->output, entry);
    } else {
        key = sgn_json_str(entry, "case");
        fprintf(cli->output.out, "%s%-10s%s ", cli_style(cli->output.colour, CLI_CYAN),
                key != NULL ? key : "-", cli_style(cli->output.colour, CLI_PLAIN));
        minutes_entry(&minutes, entry);
        json_decref(minutes.owners);
    }
    fflush(cli->output.out);
    return SGN_OK;
}

enum sgn_status
remote_watch(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *started = NULL;
    int64_t count = 0;
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK)
        st = remote_limit(cli, "count", 0, &count, err);
    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK && !cli->output.json &&
        json_object_set_new(params, "titles", json_true()) != 0)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = client_call(client, "watch.start", params, &started, err);
    for (int64_t i = 0; st == SGN_OK && i < count; i++) {
        json_t *note = NULL;
        st = client_next(client, &note, err);
        if (st == SGN_OK)
            st = show_note(cli, note, err);
        json_decref(note);
    }
    json_decref(started);
    json_decref(params);
    client_free(client);
    return st;
}
