/* SPDX-License-Identifier: Apache-2.0 */
/* The inbox: what is asked of one and how long there is left, and its messages. */
#include "json.h"
#include "remote.h"
#include "say.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX     65536
#define DIGEST_SHOWN 16  /* characters, as many as vote --digest needs; --json has all */
#define IDS_MOST     500 /* messages that one request marks */

/* ---- what waits ---- */

/* What an item's kind asks for. */
static const char *
to_do(const char *kind)
{
    static const struct {
        const char *kind, *said;
    } kinds[] = {
        { "owner", "act" },     { "offer", "take over" }, { "approval", "vote" },
        { "task", "tick off" }, { "stuck", "get going" },
    };

    for (size_t i = 0; kind != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].said;
    }
    return "answer";
}

/* Who has two days and more reads no minutes. */
static int64_t
round_left(int64_t seconds)
{
    return seconds > 16 * 3600 || seconds < -16 * 3600 ? seconds - seconds % 3600 : seconds;
}

/* How much of the time that counts is left; why there is none to speak of. */
static void
put_left(json_t *row, const char *language)
{
    const char *clock = sgn_json_str(row, "clock"), *why = sgn_json_str(row, "why");
    int64_t left = sgn_json_int(row, "left_seconds", 0);
    struct sgn_buf span, text;

    if (clock == NULL)
        return;
    sgn_buf_init(&span, TEXT_MAX);
    sgn_buf_init(&text, TEXT_MAX);
    remote_span_put(&span, round_left(left), sgn_json_str(row, "counts"), language);
    if (sgn_json_true(row, "overdue") && left > -60) /* by nothing that counts */
        sgn_buf_puts(&text, sgn_say(language, "late"));
    else if (strcmp(clock, "running") == 0)
        sgn_buf_printf(&text, sgn_say(language, left >= 0 ? "in %s" : "late by %s"), span.bytes);
    else if (strcmp(clock, "paused") == 0)
        sgn_buf_printf(&text, sgn_say(language, "paused, with %s left"), span.bytes);
    else
        sgn_buf_puts(&text, why != NULL ? why : sgn_say(language, "its clock has not started"));
    (void)json_object_set_new(row, "left", json_string(text.bytes));
    sgn_buf_deinit(&text);
    sgn_buf_deinit(&span);
}

void
remote_prepare_inbox(struct cli *cli, struct client *client, json_t *rows)
{
    json_t *row;
    size_t i;

    remote_prepare_cases(cli, client, rows);
    json_array_foreach(rows, i, row) {
        const char *word = sgn_say(cli->language, to_do(sgn_json_str(row, "kind")));
        if (sgn_json_str(row, "on_behalf") != NULL)
            (void)json_object_set_new(row, "to_do",
                                      json_sprintf(sgn_say(cli->language, "%s for %s"), word,
                                                   sgn_json_str(row, "on_behalf")));
        else
            (void)json_object_set_new(row, "to_do", json_string(word));
        if (sgn_json_str(row, "digest") != NULL)
            (void)json_object_set_new(
                row, "content", json_sprintf("%.*s…", DIGEST_SHOWN, sgn_json_str(row, "digest")));
        put_left(row, cli->language);
    }
    if (json_array_size(rows) > 0 && cli->output.width > 0)
        fprintf(cli->output.err, "%ssignoff case show CASE: %s%s\n",
                cli_style(cli->output.err_colour, CLI_DIM),
                sgn_say(cli->language, "what it is, and what you may do"),
                cli_style(cli->output.err_colour, CLI_PLAIN));
}

void
remote_show_count(struct cli *cli, const json_t *result)
{
    long long count = sgn_json_int(result, "count", 0);
    long long overdue = sgn_json_int(result, "overdue", 0);
    const char *language = cli->language;

    if (count == 0)
        fprintf(cli->output.out, "%s", sgn_say(language, "nothing waits for you"));
    else
        fprintf(cli->output.out,
                sgn_json_true(result, "more") ? sgn_say(language, "more than %lld waiting for you")
                                              : sgn_say(language, "%lld waiting for you"),
                count);
    if (overdue > 0)
        fprintf(cli->output.out, sgn_say(language, ", %lld of them late"), overdue);
    if (sgn_json_int(result, "unread", 0) > 0)
        fprintf(cli->output.out, sgn_say(language, "; messages not read: %lld"),
                (long long)sgn_json_int(result, "unread", 0));
    fprintf(cli->output.out, "\n");
}

/* ---- marking them as read ---- */

/* The numbers that the command line names. */
static enum sgn_status
said_ids(struct cli *cli, json_t *ids, struct sgn_error *err)
{
    const json_t *word;
    size_t i;

    json_array_foreach(cli->args.words, i, word) {
        const char *text = json_string_value(word);
        char *end = NULL;
        long long id = strtoll(text, &end, 10);
        if (end == text || *end != '\0') {
            cli->exit_code = CLI_USAGE;
            return sgn_fail(err, SGN_INVALID,
                            "inbox read %s: expected the number of a message, as inbox messages "
                            "shows it",
                            text);
        }
        (void)json_array_append_new(ids, json_integer(id));
    }
    if (json_array_size(ids) == 0 && !cli_given(&cli->args, "all")) {
        cli->exit_code = CLI_USAGE;
        return sgn_fail(err, SGN_INVALID, "inbox read needs the numbers of messages, or --all");
    }
    return SGN_OK;
}

/* Those not read yet, as many as one request takes. */
static enum sgn_status
unread_ids(struct client *client, json_t *ids, struct sgn_error *err)
{
    json_t *ask = json_pack("{s:b, s:i}", "unread", 1, "limit", IDS_MOST);
    json_t *page = NULL;
    const json_t *item;
    size_t i;
    enum sgn_status st =
        ask != NULL ? client_call(client, "inbox.messages", ask, &page, err) : sgn_nomem(err);

    json_array_clear(ids);
    json_array_foreach(json_object_get(page, "items"), i, item)
        (void)json_array_append(ids, json_object_get(item, "id"));
    json_decref(page);
    json_decref(ask);
    return st;
}

static enum sgn_status
mark(struct client *client, json_t *ids, long long *marked, struct sgn_error *err)
{
    json_t *params = json_pack("{s:O}", "ids", ids);
    json_t *answer = NULL;
    enum sgn_status st =
        params != NULL ? client_call(client, "inbox.read", params, &answer, err) : sgn_nomem(err);

    *marked += (long long)json_array_size(ids);
    json_decref(answer);
    json_decref(params);
    return st;
}

enum sgn_status
remote_inbox_read(struct cli *cli, struct sgn_error *err)
{
    bool all = cli_given(&cli->args, "all");
    struct client *client = NULL;
    json_t *ids = json_array();
    long long marked = 0;
    enum sgn_status st = ids != NULL ? said_ids(cli, ids, err) : sgn_nomem(err);

    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK && all)
        st = unread_ids(client, ids, err);
    while (st == SGN_OK && json_array_size(ids) > 0) {
        st = mark(client, ids, &marked, err);
        if (st == SGN_OK && all)
            st = unread_ids(client, ids, err);
        else
            break;
    }
    if (st == SGN_OK && cli->output.json)
        fprintf(cli->output.out, "{\"marked\":%lld}\n", marked);
    else if (st == SGN_OK)
        fprintf(cli->output.out, sgn_say(cli->language, "%lld marked as read\n"), marked);
    json_decref(ids);
    client_free(client);
    return st;
}
