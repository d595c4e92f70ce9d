/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that are one call of one method, or one list. */
#include "remote.h"

#include "hash.h"
#include "json.h"
#include "say.h"
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_DEFAULT 50
#define PAGE_MOST     500
#define LINE_BYTES    65536
#define TRIES         8 /* of what is refused for load, 8 s in all */
#define WAIT_MS       200
#define WAIT_MAX_MS   1000
#define REQUEST_BYTES 12
#define REQUEST_TEXT  (2 * REQUEST_BYTES + 1)

/* ---- parameters ---- */

static enum sgn_status
take_number(json_t *params, const char *name, size_t n, const char *text, struct sgn_error *err)
{
    char *end = NULL;
    long long number = strtoll(text, &end, 10);

    if (end == text || *end != '\0')
        return sgn_fail(err, SGN_INVALID, "%s: expected a whole number", text);
    return json_object_setn_new(params, name, n, json_integer(number)) == 0 ? SGN_OK
                                                                            : sgn_nomem(err);
}

/* The words into the parameters that the command's row names, in order; "id#" is a number. */
static enum sgn_status
take_words(const struct cli *cli, json_t *params, struct sgn_error *err)
{
    const char *names = cli->command->params != NULL ? cli->command->params : "";
    json_t *word;
    size_t i;

    json_array_foreach(cli->args.words, i, word) {
        size_t n = strcspn(names, " ");
        if (n == 0)
            break;
        if (names[n - 1] == '#') {
            enum sgn_status st = take_number(params, names, n - 1, json_string_value(word), err);
            if (st != SGN_OK)
                return st;
        } else if (json_object_setn(params, names, n, word) != 0) {
            return sgn_nomem(err);
        }
        names += n + strspn(names + n, " ");
    }
    return SGN_OK;
}

enum sgn_status
remote_name_request(json_t *params, struct sgn_error *err)
{
    unsigned char bytes[REQUEST_BYTES];
    char text[REQUEST_TEXT];

    if (json_object_get(params, "request_id") != NULL)
        return SGN_OK;
    sgn_random(bytes, sizeof(bytes));
    sgn_hex(bytes, sizeof(bytes), text);
    return json_object_set_new(params, "request_id", json_string(text)) == 0 ? SGN_OK
                                                                             : sgn_nomem(err);
}

enum sgn_status
cli_params(struct cli *cli, json_t **out, struct sgn_error *err)
{
    json_t *params = json_object();
    enum sgn_status st = params != NULL ? take_words(cli, params, err) : sgn_nomem(err);

    if (st == SGN_OK && cli->command->options != NULL)
        st = cli_args_params(&cli->args, cli->command->options, params, err);
    if (st == SGN_OK)
        st = cli_args_params(&cli->args, cli_remote_options(), params, err);
    if (st == SGN_INVALID)
        cli->exit_code = CLI_USAGE;
    if (st == SGN_OK && cli->command->writes)
        st = remote_name_request(params, err);
    if (st != SGN_OK) {
        json_decref(params);
        return st;
    }
    *out = params;
    return SGN_OK;
}

void
cli_params_language(const struct cli *cli, json_t *params)
{
    if (cli->language_said)
        (void)json_object_set_new(params, "language",
                                  json_string(sgn_say_is_zh(cli->language) ? "zh" : "en"));
}

/* ---- one call ---- */

enum sgn_status
remote_call_patiently(struct client *client, const char *method, const json_t *params,
                      json_t **result, struct sgn_error *err)
{
    enum sgn_status st = client_call(client, method, params, result, err);

    for (int i = 1; st == SGN_OVERLOADED && i < TRIES; i++) {
        int64_t wait = sgn_json_int(err->data, "retry_after_ms", WAIT_MS);
        (void)poll(NULL, 0, (int)(wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS));
        sgn_error_clear(err);
        st = client_call(client, method, params, result, err);
    }
    return st;
}

int64_t
remote_now(struct client *client)
{
    json_t *answer = NULL;
    int64_t now = -1;

    if (client_call(client, "clock.now", NULL, &answer, NULL) == SGN_OK)
        now = cli_time_ms(json_object_get(answer, "now"));
    json_decref(answer);
    return now;
}

bool
remote_retype(json_t *params, const struct sgn_error *err)
{
    const char *pointer = sgn_json_str(err->data, "pointer");
    const char *slash = pointer != NULL && pointer[0] == '/' ? strchr(pointer + 1, '/') : NULL;
    json_t *fields, *value = NULL;
    const char *text;
    char member[16];

    if (slash == NULL || (size_t)(slash - pointer) > sizeof(member))
        return false;
    snprintf(member, sizeof(member), "%.*s", (int)(slash - pointer - 1), pointer + 1);
    fields = json_object_get(params, member);
    text = sgn_json_str(fields, slash + 1);
    if (text == NULL || sgn_json_parse(text, strlen(text), &value, NULL) != SGN_OK)
        return false;
    /* No field takes a binary fraction: what was said about the text helps more. */
    if (json_is_string(value) || json_is_null(value) || json_is_real(value)) {
        json_decref(value);
        return false;
    }
    return json_object_set_new(fields, slash + 1, value) == 0;
}

static enum sgn_status
call_typed(const struct cli *cli, struct client *client, json_t *params, json_t **result,
           struct sgn_error *err)
{
    const char *method = cli->command->method;
    enum sgn_status st = client_call(client, method, params, result, err);

    while (st == SGN_INVALID && cli_given(&cli->args, "field") && remote_retype(params, err)) {
        sgn_error_clear(err);
        st = client_call(client, method, params, result, err);
    }
    return st;
}

static void
put_said(struct sgn_buf *buf, const char *language, const char *text)
{
    char *said = sgn_say_text(language, text);

    sgn_buf_puts(buf, said != NULL ? said : text);
    free(said);
}

void
remote_show_members(struct cli *cli, const json_t *object)
{
    const struct cli_output *o = &cli->output;
    struct sgn_buf value, line;
    const char *name;
    const char *label;
    json_t *member;
    int width = 0;

    sgn_buf_init(&value, LINE_BYTES);
    sgn_buf_init(&line, LINE_BYTES);
    json_object_foreach((json_t *)object, name, member) {
        int w = cli_text_width(sgn_say(cli->language, name));
        width = w > width ? w : width;
    }
    json_object_foreach((json_t *)object, name, member) {
        sgn_buf_reset(&value);
        sgn_buf_reset(&line);
        if (strcmp(name, "title") == 0)
            sgn_buf_puts(&value, cli_title(member, cli->language, ""));
        else if (strcmp(name, "warning") == 0 && json_is_string(member))
            put_said(&value, cli->language, json_string_value(member));
        else if (json_is_boolean(member))
            sgn_buf_puts(&value, sgn_say(cli->language, json_is_true(member) ? "yes" : "no"));
        else
            cli_value_put(&value, member);
        if (value.len == 0)
            continue;
        cli_text_put(&line, value.bytes, 0);
        label = sgn_say(cli->language, name);
        fprintf(o->out, "%s%s%s%*s  %s\n", cli_style(o->colour, CLI_DIM), label,
                cli_style(o->colour, CLI_PLAIN), width - cli_text_width(label), "",
                line.bytes != NULL ? line.bytes : "");
    }
    sgn_buf_deinit(&line);
    sgn_buf_deinit(&value);
}

void
remote_show_nested(struct cli *cli, const json_t *result)
{
    char *text = json_dumps(result, JSON_INDENT(2) | JSON_ENCODE_ANY);

    fprintf(cli->output.out, "%s\n", text != NULL ? text : "");
    free(text);
}

static void
show(struct cli *cli, const json_t *result)
{
    if (!cli->output.json && cli->command->show != NULL)
        cli->command->show(cli, result);
    else if (!cli->output.json && json_is_object(result))
        remote_show_members(cli, result);
    else
        cli_print_json(&cli->output, result);
}

enum sgn_status
remote_call(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *result = NULL;
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = call_typed(cli, client, params, &result, err);
    if (st == SGN_UNKNOWN_OUTCOME && cli->command->writes)
        sgn_error_add(err, "hint",
                      json_sprintf("it may have been done; repeat it with --request-id %s and it "
                                   "will not be done twice",
                                   sgn_json_str(params, "request_id")));
    if (st == SGN_OK)
        show(cli, result);
    json_decref(result);
    json_decref(params);
    client_free(client);
    return st;
}

/* ---- lists ---- */

const json_t *
remote_items(const json_t *result)
{
    const char *name;
    json_t *member;

    if (json_is_array(result))
        return result;
    if (json_is_array(json_object_get(result, "items")))
        return json_object_get(result, "items");
    json_object_foreach((json_t *)result, name, member) {
        if (json_is_array(member))
            return member;
    }
    return NULL;
}

enum sgn_status
remote_limit(struct cli *cli, const char *name, int64_t or_else, int64_t *out,
             struct sgn_error *err)
{
    const char *text = cli_option(&cli->args, name);
    char *end = NULL;

    *out = text != NULL ? strtoll(text, &end, 10) : or_else;
    if (text != NULL && (end == text || *end != '\0' || *out < 0)) {
        cli->exit_code = CLI_USAGE;
        return sgn_fail(err, SGN_INVALID, "--%s %s: expected a number, 0 for no bound", name, text);
    }
    if (*out == 0)
        *out = INT64_MAX;
    return SGN_OK;
}

/* Gathers pages until the limit; *more says that there would be another. */
static enum sgn_status
gather(struct client *client, const char *method, json_t *params, int64_t limit, json_t *rows,
       bool *more, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    *more = false;
    do {
        int64_t left = limit - (int64_t)json_array_size(rows);
        json_t *page = NULL;
        const char *cursor;

        json_object_set_new(params, "limit", json_integer(left < PAGE_MOST ? left : PAGE_MOST));
        st = client_call(client, method, params, &page, err);
        if (st == SGN_OK && json_array_extend(rows, (json_t *)remote_items(page)) != 0)
            st = sgn_fail(err, SGN_INTERNAL, "%s answered no list", method);
        cursor = sgn_json_str(page, "cursor");
        *more = cursor != NULL;
        if (cursor != NULL && json_object_set_new(params, "cursor", json_string(cursor)) != 0)
            st = sgn_nomem(err);
        json_decref(page);
    } while (st == SGN_OK && *more && (int64_t)json_array_size(rows) < limit);
    return st;
}

static enum sgn_status
print_rows(struct cli *cli, struct client *client, json_t *rows, bool more, struct sgn_error *err)
{
    const struct cli_command *c = cli->command;
    const struct cli_output *o = &cli->output;
    const json_t *row;
    size_t i;
    enum sgn_status st;

    if (o->json) {
        json_array_foreach(rows, i, row)
            cli_print_json(o, row);
        return SGN_OK;
    }
    if (json_array_size(rows) == 0) {
        fprintf(o->err, "%s\n", sgn_say(cli->language, c->empty != NULL ? c->empty : "none"));
        return SGN_OK;
    }
    if (c->prepare != NULL)
        c->prepare(cli, client, rows);
    st = cli_table_print(o, sgn_say(cli->language, c->columns), rows, err);
    if (st == SGN_OK && more)
        fprintf(o->err, "%s%s%s\n", cli_style(o->err_colour, CLI_DIM),
                sgn_say(o->language, "... and more: --limit N shows N, --limit 0 all"),
                cli_style(o->err_colour, CLI_PLAIN));
    return st;
}

enum sgn_status
remote_list(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *rows = json_array();
    bool more = false;
    int64_t limit = 0;
    enum sgn_status st = rows != NULL ? cli_params(cli, &params, err) : sgn_nomem(err);

    if (st == SGN_OK)
        st = remote_limit(cli, "limit", LIMIT_DEFAULT, &limit, err);
    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = gather(client, cli->command->method, params, limit, rows, &more, err);
    if (st == SGN_OK)
        st = print_rows(cli, client, rows, more, err);
    json_decref(rows);
    json_decref(params);
    client_free(client);
    return st;
}
