/* SPDX-License-Identifier: Apache-2.0 */
/* What commands on cases, tokens and scripts print. */
#include "json.h"
#include "mistakes.h"
#include "remote.h"
#include "say.h"
#include <string.h>

#define TEXT_MAX 65536

void
remote_show_change(struct cli *cli, const json_t *result)
{
    const struct cli_output *o = &cli->output;
    const char *key = sgn_json_str(result, "case");
    const char *outcome = sgn_json_str(result, "outcome");
    struct sgn_buf states;

    if (key == NULL) {
        remote_show_members(cli, result);
        return;
    }
    sgn_buf_init(&states, TEXT_MAX);
    cli_value_put(&states, json_object_get(result, "states"));
    fprintf(o->out, sgn_say(o->language, "%s%s%s is in %s%s%s (revision %lld, entry %lld)\n"),
            cli_style(o->colour, CLI_BOLD), key, cli_style(o->colour, CLI_PLAIN),
            cli_style(o->colour, CLI_GREEN),
            states.bytes != NULL ? states.bytes : sgn_say(o->language, "no state"),
            cli_style(o->colour, CLI_PLAIN), (long long)sgn_json_int(result, "rev", 0),
            (long long)sgn_json_int(result, "entry", 0));
    if (outcome != NULL)
        fprintf(o->out, sgn_say(o->language, "It has ended: %s.\n"), outcome);
    sgn_buf_deinit(&states);
}

/* The title where there is one. */
static void
entitle(json_t *row, const char *name, json_t *title)
{
    if (json_is_string(title))
        (void)json_object_set(row, name, title);
}

void
remote_prepare_cases(struct cli *cli, struct client *client, json_t *rows)
{
    json_t *row, *state;
    size_t i, k;

    (void)cli;
    (void)client;
    json_array_foreach(rows, i, row) {
        json_t *titles = json_object_get(row, "state_titles");
        json_t *states = json_array();
        const char *waits = sgn_json_str(row, "state");
        json_array_foreach(json_object_get(row, "states"), k, state) {
            json_t *title = json_object_get(titles, json_string_value(state));
            (void)json_array_append(states, title != NULL ? title : state);
        }
        (void)json_object_set_new(row, "states", states);
        entitle(row, "state", waits != NULL ? json_object_get(titles, waits) : NULL);
        entitle(row, "outcome", json_object_get(row, "outcome_title"));
        entitle(row, "priority", json_object_get(row, "priority_title"));
    }
}

/* What has no value says so: an outcome that the case is open. */
static void
say_none(const struct cli *cli, json_t *row)
{
    const char *name;
    json_t *value;
    void *next;

    json_object_foreach_safe(row, next, name, value)
        if (json_is_null(value))
            (void)json_object_set_new(
                row, name,
                json_string(strcmp(name, "outcome") == 0 ? sgn_say(cli->language, "open") : "-"));
}

/* The table of what was counted by, if anything was, and below it all of them. */
void
remote_show_counted(struct cli *cli, const json_t *result)
{
    const struct cli_output *o = &cli->output;
    json_t *rows = json_deep_copy(json_object_get(result, "items")), *row;
    long long count = sgn_json_int(result, "count", 0);
    const char *sum = sgn_json_str(result, "sum");
    size_t i;

    json_array_foreach(rows, i, row)
        say_none(cli, row);
    if (json_array_size(rows) > 0 &&
        cli_table_print(o,
                        sgn_say(cli->language, "project client workflow version state outcome "
                                               "group opener owner priority count sum"),
                        rows, NULL) != SGN_OK)
        fprintf(o->err, "%s\n", sgn_say(cli->language, "out of memory"));
    if (sgn_json_true(result, "more"))
        fprintf(o->err, "%s\n",
                sgn_say(cli->language, "These are those with most cases; there are more."));
    fprintf(o->out,
            count == 1 ? sgn_say(cli->language, "%lld case") : sgn_say(cli->language, "%lld cases"),
            count);
    if (sum != NULL)
        fprintf(o->out, sgn_say(cli->language, "; in %lld of them a value, together %s"),
                (long long)sgn_json_int(result, "summed", 0), sum);
    fputc('\n', o->out);
    json_decref(rows);
}

void
remote_show_token(struct cli *cli, const json_t *result)
{
    const char *token = sgn_json_str(result, "token");

    remote_show_members(cli, result);
    if (token != NULL)
        fprintf(cli->output.err, "%s\n",
                sgn_say(cli->language, "The token is shown this once: keep it now."));
}

void
remote_show_link(struct cli *cli, const json_t *result)
{
    remote_show_members(cli, result);
    if (sgn_json_str(result, "path") != NULL)
        fprintf(cli->output.err, "%s\n",
                sgn_say(cli->language, "The address is shown this once. Whoever has it can answer "
                                       "for this person."));
}

void
remote_show_login_link(struct cli *cli, const json_t *result)
{
    remote_show_members(cli, result);
    if (sgn_json_str(result, "path") != NULL)
        fprintf(cli->output.err, "%s\n",
                sgn_say(cli->language, "The address is shown this once. Whoever opens it is signed "
                                       "in as this person."));
}

void
remote_show_feed(struct cli *cli, const json_t *result)
{
    remote_show_members(cli, result);
    if (sgn_json_str(result, "path") != NULL)
        fprintf(cli->output.err, "%s\n",
                sgn_say(cli->language, "The address is shown this once. Whoever has it can read "
                                       "what waits for you."));
}

void
remote_show_reload(struct cli *cli, const json_t *result)
{
    mistakes_print(cli, result);
    fprintf(cli->output.out, "%s\n", sgn_say(cli->language, "In force from now on."));
}

/* Which rules go on meanwhile; nothing to say while they are what the folder said last. */
static void
show_in_force(const struct cli *cli, const char *rules, bool taken)
{
    if (rules != NULL && strcmp(rules, "old") == 0)
        fprintf(
            cli->output.out,
            sgn_say(cli->language, "In force: the last good rules, older than the folder's; %s\n"),
            sgn_say(cli->language,
                    taken ? "signoff workflow reload takes these" : "a reload would leave them"));
    else if (rules != NULL && strcmp(rules, "stored") == 0)
        fprintf(cli->output.out,
                sgn_say(cli->language, "In force: rules that another node has put in force; %s\n"),
                sgn_say(cli->language, taken ? "signoff workflow reload takes these"
                                             : "a reload would leave them"));
    else if (rules != NULL && strcmp(rules, "none") == 0)
        fprintf(cli->output.out, sgn_say(cli->language, "In force: no rules at all; %s\n"),
                sgn_say(cli->language, taken ? "signoff workflow reload takes these"
                                             : "the team has had no good ones yet"));
}

/* What a reload would refuse makes the command fail, as with the folder's own check. */
void
remote_show_check(struct cli *cli, const json_t *result)
{
    mistakes_print(cli, result);
    show_in_force(cli, sgn_json_str(result, "rules"), sgn_json_true(result, "taken"));
    if (!sgn_json_true(result, "taken"))
        cli->exit_code = CLI_FAILED;
}
