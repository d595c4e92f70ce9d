/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "case vote": votes, shows exactly what was voted on, and says who is still asked. A ballot
 * carries the digest of what was seen: the content as it stands now, unless --digest says.
 */
#include "json.h"
#include "page.h"
#include "remote.h"
#include "say.h"
#include <string.h>

#define TEXT_MAX     65536
#define DIGEST_SHOWN 16
#define NO_DIGEST    "none" /* agrees to nothing */

int
remote_open_rounds(const json_t *view)
{
    const json_t *round;
    size_t i;
    int n = 0;

    json_array_foreach(json_object_get(view, "approvals"), i, round)
        n += json_object_get(round, "ended") == NULL;
    return n;
}

const json_t *
remote_open_round(const json_t *view, const char *state)
{
    const json_t *round, *found = NULL;
    size_t i;

    json_array_foreach(json_object_get(view, "approvals"), i, round) {
        const char *name = sgn_json_str(round, "approval");
        if (json_object_get(round, "ended") != NULL ||
            (state != NULL && name != NULL && strcmp(state, name) != 0))
            continue;
        if (found != NULL)
            return NULL;
        found = round;
    }
    return found;
}

static enum sgn_status
get_case(struct client *client, const json_t *params, json_t **out, struct sgn_error *err)
{
    json_t *ask = json_pack("{s:O}", "case", json_object_get(params, "case"));
    enum sgn_status st =
        ask != NULL ? client_call(client, "case.get", ask, out, err) : sgn_nomem(err);

    json_decref(ask);
    return st;
}

/* What the ballot must carry: the person's own, or of whom they stand in for. */
static const char *
digest_for(const json_t *round, const char *person)
{
    const json_t *one;
    size_t i;

    if (person == NULL)
        return sgn_json_str(round, "digest");
    json_array_foreach(json_object_get(round, "on_behalf"), i, one)
        if (strcmp(sgn_json_str(one, "person"), person) == 0)
            return sgn_json_str(one, "digest");
    return NULL;
}

/* --digest may be the beginning that case show prints: it is completed, or refused here. */
static enum sgn_status
set_digest(const json_t *round, json_t *params, struct sgn_error *err)
{
    const char *said = sgn_json_str(params, "digest");
    const char *digest = digest_for(round, sgn_json_str(params, "on_behalf"));
    size_t n = said != NULL ? strcspn(said, ".") : 0;
    const char *dots = said != NULL ? strstr(said, "…") : NULL;

    if (dots != NULL)
        n = (size_t)(dots - said);
    if (digest == NULL || (said != NULL && n < DIGEST_SHOWN))
        return SGN_OK; /* the server says what is wrong */
    if (said != NULL && strncmp(said, digest, n) != 0)
        return sgn_fail(err, SGN_CONFLICT,
                        "the content has changed since you saw it (%.*s): now it is %.*s…; look "
                        "at it again with: signoff case show %s",
                        (int)n, said, DIGEST_SHOWN, digest, sgn_json_str(params, "case"));
    return json_object_set_new(params, "digest", json_string(digest)) == 0 ? SGN_OK
                                                                           : sgn_nomem(err);
}

/* What was voted on: the covered fields and the digest of their values. */
static void
show_content(const struct cli *cli, const json_t *view, const json_t *round, const char *choice)
{
    const struct cli_output *o = &cli->output;
    json_t *titles = json_object_get(view, "field_titles");
    const char *digest = sgn_json_str(round, "digest");
    const char *said = sgn_json_str(json_object_get(round, "choices"), choice);
    struct cli_shown shown = page_shown(cli, view);
    const char *name;
    json_t *title;
    int width = 0;

    fprintf(o->out, sgn_say(cli->language, "voted %s on:"), said != NULL ? said : choice);
    fprintf(o->out, "\n");
    json_object_foreach(titles, name, title) {
        int w = cli_text_width(json_string_value(title));
        if (sgn_json_has(json_object_get(round, "covers"), name) && w > width)
            width = w;
    }
    json_object_foreach(titles, name, title) {
        const char *text = json_string_value(title);
        struct sgn_buf value;
        if (!sgn_json_has(json_object_get(round, "covers"), name))
            continue;
        sgn_buf_init(&value, TEXT_MAX);
        cli_shown_put(&value, &shown, name, json_object_get(json_object_get(view, "fields"), name));
        fprintf(o->out, "  %s%s%s%*s  ", cli_style(o->colour, CLI_DIM), text,
                cli_style(o->colour, CLI_PLAIN), width - cli_text_width(text), "");
        cli_text_lines(o, value.bytes != NULL ? value.bytes : "", width + 4, width + 4);
        sgn_buf_deinit(&value);
    }
    if (digest != NULL)
        fprintf(o->out, "  %s%s %.*s…%s\n", cli_style(o->colour, CLI_DIM),
                sgn_say(cli->language, "digest"), DIGEST_SHOWN, digest,
                cli_style(o->colour, CLI_PLAIN));
}

/* Who is still asked, or nothing when the round has ended. */
static void
show_pending(const struct cli *cli, struct client *client, const json_t *params)
{
    json_t *view = NULL;
    const json_t *pending;
    struct sgn_buf who;

    if (get_case(client, params, &view, NULL) != SGN_OK)
        return;
    pending = json_object_get(remote_open_round(view, sgn_json_str(params, "approval")), "pending");
    sgn_buf_init(&who, TEXT_MAX);
    cli_value_put(&who, pending);
    if (who.len > 0)
        fprintf(cli->output.out, "%s: %s\n", sgn_say(cli->language, "still asked"), who.bytes);
    sgn_buf_deinit(&who);
    json_decref(view);
}

/* Finds the round that is meant and completes the digest. Where none is seen that may be voted
 * in, the server is asked all the same: it knows why, and what was decided. */
static enum sgn_status
look(const json_t *view, json_t *params, const json_t **round, struct sgn_error *err)
{
    const char *key = sgn_json_str(params, "case");
    bool several = remote_open_rounds(view) > 1;
    enum sgn_status st;

    *round = remote_open_round(view, sgn_json_str(params, "approval"));
    if (*round == NULL && several && sgn_json_str(params, "approval") == NULL &&
        json_object_get(params, "digest") == NULL)
        return sgn_fail(err, SGN_NOT_NOW,
                        "%s has several open approvals; name one with --approval STATE", key);
    st = set_digest(*round, params, err);
    if (st != SGN_OK || sgn_json_str(params, "digest") != NULL)
        return st;
    if (*round != NULL && sgn_json_str(params, "on_behalf") != NULL)
        return sgn_fail(err, SGN_FORBIDDEN,
                        "you cannot vote for %s in %s; who stands in for whom: "
                        "signoff delegation list",
                        sgn_json_str(params, "on_behalf"), key);
    return json_object_set_new(params, "digest", json_string(NO_DIGEST)) == 0 ? SGN_OK
                                                                              : sgn_nomem(err);
}

enum sgn_status
remote_case_vote(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *view = NULL, *result = NULL;
    const json_t *round = NULL;
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = get_case(client, params, &view, err);
    if (st == SGN_OK)
        st = look(view, params, &round, err);
    if (st == SGN_OK)
        st = client_call(client, "approval.vote", params, &result, err);
    if (st == SGN_OK && cli->output.json) {
        cli_print_json(&cli->output, result);
    } else if (st == SGN_OK) {
        show_content(cli, view, round, sgn_json_str(params, "choice"));
        remote_show_change(cli, result);
        show_pending(cli, client, params);
    }
    json_decref(result);
    json_decref(view);
    json_decref(params);
    client_free(client);
    return st;
}
