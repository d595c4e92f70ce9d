/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "verify": the chain of every team and the fold of every case. The data belong to a running
 * server alone, so where one runs it is asked, as the operator. A file is a certificate.
 */
#include "backup.h"
#include "backup_file.h"
#include "client.h"
#include "local.h"
#include "proof.h"

#include "hash.h"
#include "json.h"
#include "lane.h"
#include "say.h"
#include "site.h"
#include "store.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void
show_verified(const struct cli_output *o, const char *team, const json_t *found)
{
    int64_t n_files = sgn_json_int(found, "files", 0);
    int64_t n_redacted = sgn_json_int(found, "redacted", 0);
    struct cli_count entries, cases, count;

    fprintf(
        o->out, sgn_say(o->language, "team %s: %s and %s verified"), team,
        cli_count(&entries, o->language, sgn_json_int(found, "entries", 0), "%lld entry",
                  "%lld entries"),
        cli_count(&cases, o->language, sgn_json_int(found, "cases", 0), "%lld case", "%lld cases"));
    if (n_files > 0)
        fprintf(o->out, "%s",
                cli_count(&count, o->language, n_files, ", %lld file", ", %lld files"));
    if (n_redacted > 0)
        fprintf(o->out, "%s",
                cli_count(&count, o->language, n_redacted, ", %lld part redacted",
                          ", %lld parts redacted"));
}

/* One team; a broken history is told and the others are still looked at. */
static void
show_team(struct cli *cli, const char *team, enum sgn_status st, json_t *found,
          struct sgn_error *why)
{
    const struct cli_output *o = &cli->output;

    if (st != SGN_OK) {
        cli_print_error(o, why);
        cli->exit_code = CLI_FAILED;
    } else if (o->json) {
        json_object_set_new(found, "team", json_string(team));
        cli_print_json(o, found);
    } else {
        show_verified(o, team, found);
        if (sgn_json_int(found, "signed", 0) > 0)
            fprintf(o->out, sgn_say(o->language, ", signed up to entry %lld"),
                    (long long)sgn_json_int(found, "signed", 0));
        fprintf(o->out, "\n");
    }
}

/* What all teams are verified against. */
struct verifying {
    struct store_reader *reader;
    const char *files;
    json_t *heads;
    unsigned char key[SGN_SIGN_PUBLIC];
};

static void
verify_team(struct cli *cli, const struct verifying *with, const char *team)
{
    struct sgn_error why = { 0 };
    json_t *found = NULL;
    enum sgn_status st = lane_verify(with->reader, with->files, team, &found, &why);

    if (st == SGN_OK)
        st = lane_verify_signed(with->reader, with->heads, with->key, team, found, &why);
    show_team(cli, team, st, found, &why);
    json_decref(found);
    sgn_error_clear(&why);
}

/* ---- by the running server ---- */

static void
ask_team(struct cli *cli, struct client *client, const char *team)
{
    struct sgn_error why = { 0 };
    json_t *params = json_pack("{s:s}", "team", team);
    json_t *found = NULL;
    enum sgn_status st = client_call(client, "audit.verify", params, &found, &why);

    show_team(cli, team, st, found, &why);
    json_decref(found);
    json_decref(params);
    sgn_error_clear(&why);
}

/* Connects to the site's socket with its operator's token. */
enum sgn_status
local_operator(const char *dir, struct client **out, struct sgn_error *err)
{
    char *path = site_path(dir, SITE_OPERATOR), *where = site_path(dir, SITE_SOCKET);
    char *token = NULL;
    json_t *params = NULL, *answer = NULL;
    enum sgn_status st = path != NULL && where != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK)
        st = site_token(path, &token, err);
    if (st == SGN_OK)
        st = client_connect(where, NULL, out, err);
    if (st == SGN_OK) {
        params = json_pack("{s:s}", "token", token);
        st = client_call(*out, "session.login", params, &answer, err);
    }
    json_decref(answer);
    json_decref(params);
    free(token);
    free(path);
    free(where);
    return st;
}

static enum sgn_status
ask_server(struct cli *cli, const char *dir, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *page = NULL;
    const json_t *item;
    size_t i;
    enum sgn_status st = local_operator(dir, &client, err);

    if (st == SGN_OK)
        st = client_call(client, "admin.teams", NULL, &page, err);
    if (st == SGN_OK && !cli->output.json)
        fprintf(cli->output.err,
                sgn_say(cli->language, "a server runs on %s and verifies it itself\n"), dir);
    json_array_foreach(json_object_get(page, "items"), i, item)
        ask_team(cli, client, sgn_json_str(item, "team"));
    json_decref(page);
    client_free(client);
    return st;
}

/* ---- by ourselves ---- */

enum sgn_status
local_store_open(struct cli *cli, const char *dir, struct store **out, char **files,
                 struct sgn_error *err)
{
    struct settings settings;
    char *url = NULL;
    enum sgn_status st = site_expect(dir, err);

    if (st == SGN_OK)
        st = site_settings(dir, &settings, err);
    if (st != SGN_OK)
        return st;
    st = site_store_url(dir, &settings, cli_option(&cli->args, "data"),
                        cli_option(&cli->args, "store"), &url, err);
    if (st != SGN_OK)
        return st;
    /* Opening would make what is missing, and there would be nothing wrong with it. */
    if (site_store_folder(url) != NULL && access(site_store_folder(url), F_OK) != 0)
        st = sgn_fail(err, SGN_NOT_FOUND, "%s: there is no data yet; it begins with signoff serve",
                      site_store_folder(url));
    else
        st = store_open(&(struct store_options){ .url = url, .alone = true, .look = true }, out,
                        err);
    if (st == SGN_OK) {
        *files = site_files(dir, &settings, cli_option(&cli->args, "data"));
        st = *files != NULL ? SGN_OK : sgn_nomem(err);
    }
    free(url);
    return st;
}

/* The heads that the site keeps, or those of a copy of that file; and who must have signed them. */
static enum sgn_status
read_heads(struct cli *cli, const char *dir, struct verifying *with, struct sgn_error *err)
{
    const char *elsewhere = cli_option(&cli->args, "heads"), *said = cli_option(&cli->args, "key");
    unsigned char secret[SGN_SIGN_SECRET];
    enum sgn_status st = elsewhere != NULL ? lane_heads_read(elsewhere, &with->heads, err)
                                           : lane_heads_of_site(dir, &with->heads, err);

    if (st != SGN_OK)
        return st;
    if (said == NULL)
        return site_key(dir, secret, with->key, err);
    return sgn_unhex(said, with->key, SGN_SIGN_PUBLIC)
               ? SGN_OK
               : sgn_fail(err, SGN_INVALID, "--key: expected %d hex digits", 2 * SGN_SIGN_PUBLIC);
}

/* Every team that has entries, or had some when its head was signed. */
static enum sgn_status
gather_teams(const struct verifying *with, json_t **out, struct sgn_error *err)
{
    json_t *names = NULL, *all = json_object();
    const json_t *item;
    size_t i;
    enum sgn_status st = all != NULL ? store_teams(with->reader, &names, err) : sgn_nomem(err);

    json_array_foreach(names, i, item)
        (void)json_object_set_new(all, json_string_value(item), json_true());
    json_array_foreach(with->heads, i, item)
        if (sgn_json_str(item, "team") != NULL)
            (void)json_object_set_new(all, sgn_json_str(item, "team"), json_true());
    json_decref(names);
    *out = all;
    return st;
}

static enum sgn_status
verify_store(struct cli *cli, struct store *store, const char *files, struct sgn_error *err)
{
    struct verifying with = { .reader = store_own_reader(store), .files = files };
    json_t *teams = NULL, *set;
    const char *team;
    enum sgn_status st = read_heads(cli, cli_word(&cli->args, 0), &with, err);

    if (st == SGN_OK)
        st = store_check(store, err);
    if (st == SGN_OK)
        st = gather_teams(&with, &teams, err);
    if (st == SGN_OK) {
        json_object_foreach(teams, team, set)
            verify_team(cli, &with, team);
        if (json_object_size(teams) == 0 && !cli->output.json)
            fprintf(cli->output.out, "%s\n", sgn_say(cli->language, "nothing is written yet"));
    }
    json_decref(with.heads);
    json_decref(teams);
    return st;
}

enum sgn_status
local_verify(struct cli *cli, struct sgn_error *err)
{
    const char *dir = cli_word(&cli->args, 0);
    struct store *store = NULL;
    char *files = NULL;
    struct sgn_error why = { 0 };
    struct stat about;
    enum sgn_status st;

    if (stat(dir, &about) == 0 && S_ISREG(about.st_mode))
        return backup_is(dir) ? backup_verify(cli, dir, err) : proof_verify(cli, dir, err);
    st = local_store_open(cli, dir, &store, &files, err);
    if (st == SGN_OK) {
        st = verify_store(cli, store, files, err);
    } else if (st == SGN_CONFLICT && ask_server(cli, dir, &why) == SGN_OK) {
        sgn_error_clear(err);
        st = SGN_OK;
    } else if (st == SGN_CONFLICT) {
        sgn_error_add(err, "hint",
                      json_sprintf("stop the server, or let it verify with signoff audit verify; "
                                   "asking it here failed: %s",
                                   why.message));
    }
    sgn_error_clear(&why);
    free(files);
    store_close(store);
    return st;
}
