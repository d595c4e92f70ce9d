/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "workflow migrate": begins a migration and stays until it has ended, because what it could not
 * bring is what somebody has to act on. It goes on without who waits.
 */
#include "json.h"
#include "remote.h"
#include "remote_stuck.h"
#include "say.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TEXT_MAX    65536
#define CASES_NAMED 10
#define WAIT_FIRST  10  /* ms until the first look */
#define WAIT_MOST   500 /* and at most between two */

static const char *say(const struct cli *cli, const char *english) __attribute__((format_arg(2)));

static const char *
say(const struct cli *cli, const char *english)
{
    return sgn_say(cli->language, english);
}

/* ---- what it left ---- */

static bool
is_same(const json_t *a, const json_t *b, const char *name)
{
    return json_object_get(a, name) == json_object_get(b, name) ||
           json_equal(json_object_get(a, name), json_object_get(b, name));
}

/* The cases left for the same reason: all that are named, of which a page names the first. */
static void
show_left(const struct cli *cli, const json_t *left, size_t first)
{
    const struct cli_output *o = &cli->output;
    const json_t *item = json_array_get(left, first), *other;
    const char *reason = sgn_json_str(item, "reason"), *advice;
    struct sgn_buf text, keys;
    char *said;
    size_t i;
    int n = 0;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_init(&keys, TEXT_MAX);
    json_array_foreach(left, i, other) {
        if (!is_same(item, other, "reason") || !is_same(item, other, "about") ||
            !is_same(item, other, "message"))
            continue;
        if (n++ < CASES_NAMED)
            sgn_buf_printf(&keys, "%s%s", n > 1 ? say(cli, ", ") : "", sgn_json_str(other, "case"));
    }
    said = sgn_say_text(cli->language, sgn_json_str(item, "message"));
    sgn_buf_puts(&text, said != NULL ? said : "?");
    free(said);
    sgn_buf_printf(&text, say(cli, " (%d): %s%s"), n, keys.bytes != NULL ? keys.bytes : "",
                   n > CASES_NAMED ? ", …" : "");
    fprintf(o->out, "  ");
    cli_text_lines(o, text.bytes != NULL ? text.bytes : "", 4, 2);
    advice = remote_stuck_advice(cli->language, reason);
    if (advice != NULL) {
        fprintf(o->out, "    → ");
        cli_text_lines(o, advice, 6, 6);
    }
    sgn_buf_deinit(&keys);
    sgn_buf_deinit(&text);
}

static bool
is_first(const json_t *left, size_t at)
{
    const json_t *item = json_array_get(left, at), *other;

    for (size_t i = 0; i < at; i++) {
        other = json_array_get(left, i);
        if (is_same(item, other, "reason") && is_same(item, other, "about") &&
            is_same(item, other, "message"))
            return false;
    }
    return true;
}

/* ---- all of it ---- */

void
remote_show_migration(struct cli *cli, const json_t *migration)
{
    const struct cli_output *o = &cli->output;
    const json_t *left = json_object_get(migration, "left");
    const char *workflow = sgn_json_str(migration, "workflow");
    long long n_left = sgn_json_int(migration, "n_left", 0);
    long long version = sgn_json_int(migration, "version", 0);
    long long n_moved = sgn_json_int(migration, "moved", 0);

    fprintf(o->out, "%s%s%s: ", cli_style(o->colour, CLI_BOLD), workflow != NULL ? workflow : "?",
            cli_style(o->colour, CLI_PLAIN));
    fprintf(o->out,
            n_moved == 1
                ? say(cli, "%lld case has come to version %lld; left where they are: %lld")
                : say(cli, "%lld cases have come to version %lld; left where they are: %lld"),
            n_moved, version, n_left);
    if (sgn_json_str(migration, "ended") == NULL)
        fprintf(o->out, "%s", say(cli, "; it is still under way"));
    fprintf(o->out, "\n");
    for (size_t i = 0; i < json_array_size(left); i++)
        if (is_first(left, i))
            show_left(cli, left, i);
    if (n_left == 0)
        return;
    fprintf(o->out, "  ");
    fprintf(o->out,
            say(cli,
                "What was left goes on by its old version. To bring it: move the cases (signoff "
                "case correct), or mend migrate in a new version %lld (signoff workflow "
                "reload); then signoff workflow migrate %s again."),
            version + 1, workflow);
    fprintf(o->out, "\n");
    cli->exit_code = CLI_FAILED;
}

/* One migration by its number. */
static enum sgn_status
ask(struct client *client, int64_t sweep, const char *team, json_t **out, struct sgn_error *err)
{
    json_t *params = json_pack("{s:I, s:s*}", "sweep", (json_int_t)sweep, "team", team);
    json_t *page = NULL;
    enum sgn_status st = client_call(client, "workflow.migrations", params, &page, err);

    json_decref(params);
    if (st == SGN_OK) {
        *out = json_incref(json_array_get(remote_items(page), 0));
        if (*out == NULL)
            st = sgn_fail(err, SGN_INTERNAL, "workflow.migrations answered no migration");
    }
    json_decref(page);
    return st;
}

static void
rest(int ms)
{
    struct timespec span = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };

    (void)nanosleep(&span, NULL);
}

/* Progress is for who looks on: on a terminal, one line that is written over. */
static void
show_progress(const struct cli *cli, const json_t *migration)
{
    const struct cli_output *o = &cli->output;

    if (o->width == 0 || o->json)
        return;
    fprintf(o->err, "\r");
    fprintf(o->err, say(cli, "have come: %lld; left: %lld"),
            (long long)sgn_json_int(migration, "moved", 0),
            (long long)sgn_json_int(migration, "n_left", 0));
    fprintf(o->err, "%s", sgn_json_str(migration, "ended") != NULL ? "\r\033[K" : " …");
    fflush(o->err);
}

static enum sgn_status
wait_for(struct cli *cli, struct client *client, const json_t *begun, json_t **out,
         struct sgn_error *err)
{
    int64_t sweep = sgn_json_int(begun, "sweep", 0);
    int ms = WAIT_FIRST;
    enum sgn_status st;

    for (;;) {
        rest(ms);
        ms = ms * 2 < WAIT_MOST ? ms * 2 : WAIT_MOST;
        st = ask(client, sweep, NULL, out, err);
        if (st != SGN_OK) {
            sgn_error_add(err, "hint",
                          json_sprintf("the migration goes on; signoff workflow migrations %lld "
                                       "says how far it has come",
                                       (long long)sweep));
            return st;
        }
        show_progress(cli, *out);
        if (sgn_json_str(*out, "ended") != NULL)
            return SGN_OK;
        json_decref(*out);
        *out = NULL;
    }
}

static void
show_begun(const struct cli *cli, const json_t *begun)
{
    fprintf(cli->output.out,
            say(cli, "%s comes to version %lld: its cases are brought one after the other. How far "
                     "it has come: signoff workflow migrations %lld"),
            sgn_json_str(begun, "workflow"), (long long)sgn_json_int(begun, "version", 0),
            (long long)sgn_json_int(begun, "sweep", 0));
    fprintf(cli->output.out, "\n");
}

/* As JSON what workflow.migrations says at the end, or with --no-wait what workflow.migrate did. */
static void
show(struct cli *cli, const json_t *begun, const json_t *ended)
{
    if (cli->output.json)
        cli_print_json(&cli->output, ended != NULL ? ended : begun);
    else if (ended != NULL)
        remote_show_migration(cli, ended);
    else
        show_begun(cli, begun);
    if (sgn_json_int(ended, "n_left", 0) > 0)
        cli->exit_code = CLI_FAILED;
}

enum sgn_status
remote_migrate(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *begun = NULL, *ended = NULL;
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = client_call(client, cli->command->method, params, &begun, err);
    if (st == SGN_OK && !cli_given(&cli->args, "no-wait"))
        st = wait_for(cli, client, begun, &ended, err);
    if (st == SGN_OK)
        show(cli, begun, ended);
    json_decref(ended);
    json_decref(begun);
    json_decref(params);
    client_free(client);
    return st;
}

/* With a number one of them in full. */
enum sgn_status
remote_migrations(struct cli *cli, struct sgn_error *err)
{
    const char *word = cli_word(&cli->args, 0);
    struct client *client = NULL;
    json_t *params = NULL, *one = NULL;
    enum sgn_status st;

    if (word == NULL)
        return remote_list(cli, err);
    st = cli_params(cli, &params, err);
    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = ask(client, sgn_json_int(params, "sweep", 0), sgn_json_str(params, "team"), &one, err);
    if (st == SGN_OK)
        show(cli, NULL, one);
    json_decref(one);
    json_decref(params);
    client_free(client);
    return st;
}

/* ---- sweeps ---- */

/* What a sweep follows, in a word or two: the kind alone says little in a list. */
static void
put_about(const struct cli *cli, json_t *row)
{
    const json_t *argument = json_object_get(row, "argument");
    const char *workflow = sgn_json_str(argument, "workflow");
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    if (workflow != NULL)
        sgn_buf_printf(&text, say(cli, "%s to version %lld"), workflow,
                       (long long)sgn_json_int(argument, "version", 0));
    else
        cli_value_put(&text, argument);
    if (text.len > 0)
        (void)json_object_set_new(row, "about", json_string(text.bytes));
    if (sgn_json_int(argument, "n_left", 0) > 0)
        (void)json_object_set(row, "left", json_object_get(argument, "n_left"));
    sgn_buf_deinit(&text);
}

void
remote_prepare_sweeps(struct cli *cli, struct client *client, json_t *rows)
{
    json_t *row;
    size_t i;

    (void)client;
    json_array_foreach(rows, i, row)
        put_about(cli, row);
}

/* A migration is shown as one; of the others there is no more than their row. */
static void
show_sweep(struct cli *cli, json_t *row)
{
    json_t *argument = json_object_get(row, "argument");
    const char *kind = sgn_json_str(row, "kind");

    put_about(cli, row);
    (void)json_object_del(row, "cursor");
    if (kind == NULL || strcmp(kind, "migrate") != 0) {
        remote_show_members(cli, row);
        return;
    }
    (void)json_object_set(argument, "moved", json_object_get(row, "touched"));
    (void)json_object_set(argument, "ended", json_object_get(row, "ended"));
    remote_show_migration(cli, argument);
}

enum sgn_status
remote_sweep_show(struct cli *cli, struct sgn_error *err)
{
    const char *team = cli_option(&cli->args, "team");
    struct client *client = NULL;
    json_t *params = NULL, *page = NULL, *row;
    size_t i;
    int n = 0;
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK) {
        (void)json_object_del(params, "team");
        st = client_call(client, cli->command->method, params, &page, err);
    }
    json_array_foreach(remote_items(page), i, row) {
        const char *its = sgn_json_str(row, "team");
        if (st != SGN_OK || (team != NULL && (its == NULL || strcmp(its, team) != 0)))
            continue;
        n++;
        if (cli->output.json)
            cli_print_json(&cli->output, row);
        else
            show_sweep(cli, row);
    }
    if (st == SGN_OK && n == 0)
        st = sgn_fail(err, SGN_NOT_FOUND, "there is no sweep %s: signoff sweep list --operator",
                      cli_word(&cli->args, 0));
    json_decref(page);
    json_decref(params);
    client_free(client);
    return st;
}
