/* SPDX-License-Identifier: Apache-2.0 */
/* What commands on cases print, and voting. */
#include "json.h"
#include "remote.h"
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
    fprintf(o->out, "%s%s%s is in %s%s%s (revision %lld, entry %lld)\n",
            cli_style(o->colour, CLI_BOLD), key, cli_style(o->colour, CLI_PLAIN),
            cli_style(o->colour, CLI_GREEN), states.bytes != NULL ? states.bytes : "no state",
            cli_style(o->colour, CLI_PLAIN), (long long)sgn_json_int(result, "rev", 0),
            (long long)sgn_json_int(result, "entry", 0));
    if (outcome != NULL)
        fprintf(o->out, "It has ended: %s.\n", outcome);
    sgn_buf_deinit(&states);
}

void
remote_show_token(struct cli *cli, const json_t *result)
{
    const char *token = sgn_json_str(result, "token");

    remote_show_members(cli, result);
    if (token != NULL)
        fprintf(cli->output.err, "The token is shown this once: keep it now.\n");
}

/* ---- vote ---- */

/* The digest of the round that is open in state (NULL: the only open one). */
static const char *
open_digest(const json_t *view, const char *state)
{
    const json_t *round;
    size_t i;
    const char *digest = NULL;

    json_array_foreach(json_object_get(view, "approvals"), i, round) {
        const char *name = sgn_json_str(round, "approval");
        if (state != NULL && name != NULL && strcmp(state, name) != 0)
            continue;
        if (digest != NULL)
            return NULL;
        digest = sgn_json_str(round, "digest");
    }
    return digest;
}

/*
 * A ballot carries the digest of what was seen. Without --digest the case is read here, and
 * what is agreed to is what is printed just before.
 */
static enum sgn_status
add_digest(struct cli *cli, struct client *client, json_t *params, struct sgn_error *err)
{
    json_t *ask = json_pack("{s:O}", "case", json_object_get(params, "case"));
    json_t *view = NULL;
    const char *digest;
    enum sgn_status st;

    if (json_object_get(params, "digest") != NULL) {
        json_decref(ask);
        return SGN_OK;
    }
    st = ask != NULL ? client_call(client, "case.get", ask, &view, err) : sgn_nomem(err);
    if (st == SGN_OK) {
        digest = open_digest(view, sgn_json_str(params, "approval"));
        if (digest == NULL)
            st = sgn_fail(err, SGN_NOT_NOW,
                          "%s has not exactly one open approval that you see; name it with "
                          "--approval STATE",
                          cli_word(&cli->args, 0));
        else if (json_object_set_new(params, "digest", json_string(digest)) != 0)
            st = sgn_nomem(err);
    }
    json_decref(view);
    json_decref(ask);
    return st;
}

enum sgn_status
remote_case_vote(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *result = NULL;
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = add_digest(cli, client, params, err);
    if (st == SGN_OK)
        st = client_call(client, "approval.vote", params, &result, err);
    if (st == SGN_OK && cli->output.json)
        cli_print_json(&cli->output, result);
    else if (st == SGN_OK)
        remote_show_change(cli, result);
    json_decref(result);
    json_decref(params);
    client_free(client);
    return st;
}

void
remote_show_reload(struct cli *cli, const json_t *result)
{
    const json_t *mistakes = json_object_get(result, "mistakes");
    const json_t *mistake;
    size_t i;

    json_array_foreach(mistakes, i, mistake) {
        const char *file = sgn_json_str(mistake, "file");
        const char *text = sgn_json_str(mistake, "message");
        const char *severity = sgn_json_str(mistake, "severity");
        fprintf(cli->output.out, "%s:%lld: %s: %s\n", file != NULL ? file : "?",
                (long long)sgn_json_int(mistake, "line", 0), severity != NULL ? severity : "error",
                text != NULL ? text : "?");
    }
    if (json_array_size(mistakes) == 0)
        remote_show_members(cli, result);
}
