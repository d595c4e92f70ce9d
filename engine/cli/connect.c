/* SPDX-License-Identifier: Apache-2.0 */
/* Decides which server a command speaks to and as whom, and logs in there. */
#include "json.h"
#include "remote.h"
#include "say.h"
#include "site.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOGIN_MAX 65536

static const char *
environment(const char *name)
{
    const char *text = getenv(name);

    return text != NULL && text[0] != '\0' ? text : NULL;
}

char *
cli_login_file(void)
{
    const char *config = environment("XDG_CONFIG_HOME");
    const char *home = environment("HOME");

    if (config != NULL && config[0] == '/')
        return sgn_format("%s/signoff/login.json", config);
    return home != NULL ? sgn_format("%s/.config/signoff/login.json", home) : NULL;
}

/* What login kept: {"server", "token"}, or NULL. A file that cannot be read is as good as none. */
static json_t *
kept_login(void)
{
    char *path = cli_login_file();
    char *text = NULL;
    size_t n = 0;
    json_t *login = NULL;

    if (path != NULL && site_read(path, LOGIN_MAX, &text, &n, NULL) == SGN_OK &&
        sgn_json_parse(text, n, &login, NULL) != SGN_OK)
        login = NULL;
    free(text);
    free(path);
    return login;
}

/* Copies a string; a NULL text gives NULL. */
static enum sgn_status
give(const char *text, char **out, struct sgn_error *err)
{
    *out = text != NULL ? strdup(text) : NULL;
    return text == NULL || *out != NULL ? SGN_OK : sgn_nomem(err);
}

static const char *
site_of(const struct cli *cli)
{
    const char *site = cli_option(&cli->args, "site");

    return site != NULL ? site : environment("SIGNOFF_SITE");
}

/* The socket of a site; says how to start its server when there is none. */
static enum sgn_status
socket_of(const char *site, char **out, struct sgn_error *err)
{
    *out = site_path(site, SITE_SOCKET);
    if (*out == NULL)
        return sgn_nomem(err);
    if (access(*out, F_OK) != 0) {
        free(*out);
        *out = NULL;
        return sgn_fail(err, SGN_UNAVAILABLE,
                        "no server runs for %s (it has no " SITE_SOCKET
                        "); start one with: signoff serve %s",
                        site, site);
    }
    if (strchr(*out, '/') == NULL)
        return sgn_fail(err, SGN_INTERNAL, "%s holds no slash", *out);
    return SGN_OK;
}

/* Did the command line itself say who, or which site? Then a kept login does not count. */
static bool
says_site(const struct cli *cli)
{
    return site_of(cli) != NULL || cli_given(&cli->args, "as") ||
           cli_given(&cli->args, "operator") || cli_given(&cli->args, "team");
}

const char *
cli_site_here(const struct cli *cli)
{
    const char *site = site_of(cli);

    if (cli_option(&cli->args, "server") != NULL ||
        (cli_option(&cli->args, "site") == NULL && environment("SIGNOFF_SERVER") != NULL))
        return NULL;
    return site != NULL || access("./" SITE_SETTINGS, F_OK) != 0 ? site : ".";
}

static enum sgn_status
find_server(const struct cli *cli, const json_t *login, char **out, struct sgn_error *err)
{
    const char *said = cli_option(&cli->args, "server");
    const char *site = site_of(cli);

    if (said != NULL)
        return give(said, out, err);
    if (cli_option(&cli->args, "site") == NULL && environment("SIGNOFF_SERVER") != NULL)
        return give(environment("SIGNOFF_SERVER"), out, err);
    if (!says_site(cli) && sgn_json_str(login, "server") != NULL)
        return give(sgn_json_str(login, "server"), out, err);
    if (site == NULL && access("./" SITE_SOCKET, F_OK) != 0 &&
        access("./" SITE_SETTINGS, F_OK) != 0)
        return sgn_fail(err, SGN_UNAVAILABLE,
                        "which server? Say --server HOST:PORT or --site DIR, or stand in a site's "
                        "folder, or log in once with: signoff login");
    return socket_of(site != NULL ? site : ".", out, err);
}

static enum sgn_status
token_in(const char *site, const char *name, char **out, struct sgn_error *err)
{
    char *path = site_path(site, name);
    enum sgn_status st = path != NULL ? site_token(path, out, err) : sgn_nomem(err);

    free(path);
    return st;
}

/* --as NAME: the demo's people, and the two names that every site has. */
static enum sgn_status
token_of_person(const char *site, const char *name, char **out, struct sgn_error *err)
{
    char *file = NULL;
    enum sgn_status st;

    if (strcmp(name, "admin") == 0 || strcmp(name, "operator") == 0)
        return token_in(site, strcmp(name, "admin") == 0 ? SITE_ADMIN : SITE_OPERATOR, out, err);
    if (!sgn_key_valid(name))
        return sgn_fail(err, SGN_INVALID, "--as %s: expected a person's key, such as li", name);
    file = sgn_format("demo/%s.token", name);
    st = file != NULL ? token_in(site, file, out, err) : sgn_nomem(err);
    if (st == SGN_NOT_FOUND)
        st = sgn_fail(err, SGN_NOT_FOUND, "--as %s: there is no %s/%s", name, site, file);
    free(file);
    return st;
}

static enum sgn_status
find_token(const struct cli *cli, const json_t *login, char **out, struct sgn_error *err)
{
    const struct cli_args *args = &cli->args;
    const char *site = site_of(cli) != NULL ? site_of(cli) : ".";
    const char *as = cli_option(args, "as");
    enum sgn_status st;

    if (cli_option(args, "token-file") != NULL)
        return site_token(cli_option(args, "token-file"), out, err);
    if (as != NULL)
        return token_of_person(site, as, out, err);
    if (cli_given(args, "operator"))
        return token_in(site, SITE_OPERATOR, out, err);
    if (cli_option(args, "site") == NULL && environment("SIGNOFF_TOKEN") != NULL)
        return give(environment("SIGNOFF_TOKEN"), out, err);
    /* Only an operator names a team. */
    if (cli_given(args, "team") && token_in(site, SITE_OPERATOR, out, NULL) == SGN_OK)
        return SGN_OK;
    if (!says_site(cli) && sgn_json_str(login, "token") != NULL)
        return give(sgn_json_str(login, "token"), out, err);
    if (cli_option(args, "server") != NULL && site_of(cli) == NULL)
        return give(NULL, out, err);
    st = token_in(site, SITE_ADMIN, out, err);
    if (st == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        st = give(NULL, out, err);
    }
    return st;
}

/* One of the files of TLS: said, or in the environment, or kept with the login of this server. */
static enum sgn_status
find_file(const struct cli *cli, const json_t *login, const char *server, const char *option,
          const char *variable, char **out, struct sgn_error *err)
{
    const char *said = cli_option(&cli->args, option);
    const char *kept = sgn_json_str(login, "server");

    if (strncmp(server, CLIENT_TLS, strlen(CLIENT_TLS)) != 0)
        return said == NULL
                   ? SGN_OK
                   : sgn_fail(err, SGN_INVALID,
                              "--%s is for a server that is said as tls://HOST:PORT", option);
    if (said == NULL)
        said = environment(variable);
    if (said == NULL && kept != NULL && strcmp(kept, server) == 0)
        said = sgn_json_str(login, option);
    return give(said, out, err);
}

static enum sgn_status
find_tls(const struct cli *cli, const json_t *login, const char *server, struct client_tls *tls,
         struct sgn_error *err)
{
    enum sgn_status st = find_file(cli, login, server, "ca", "SIGNOFF_CA", &tls->ca, err);

    if (st == SGN_OK)
        st = find_file(cli, login, server, "cert", "SIGNOFF_CERT", &tls->cert, err);
    if (st == SGN_OK)
        st = find_file(cli, login, server, "key", "SIGNOFF_KEY", &tls->key, err);
    return st;
}

enum sgn_status
cli_whereto(const struct cli *cli, char **server, char **token, struct client_tls *tls,
            struct sgn_error *err)
{
    json_t *login = kept_login();
    enum sgn_status st;

    *server = NULL;
    *token = NULL;
    *tls = (struct client_tls){ 0 };
    st = find_server(cli, login, server, err);
    if (st == SGN_OK)
        st = find_tls(cli, login, *server, tls, err);
    if (st == SGN_OK)
        st = find_token(cli, login, token, err);
    if (st != SGN_OK) {
        free(*server);
        *server = NULL;
        client_tls_deinit(tls);
    }
    json_decref(login);
    return st;
}

enum sgn_status
cli_connect(struct cli *cli, struct client **out, struct sgn_error *err)
{
    char *server = NULL, *token = NULL;
    struct client *client = NULL;
    json_t *params = NULL, *answer = NULL;
    struct client_tls tls;
    enum sgn_status st = cli_whereto(cli, &server, &token, &tls, err);

    if (st == SGN_OK)
        st = client_connect(server, &tls, &client, err);
    /* Without a token the server says itself what it wants one for. */
    if (st == SGN_OK && token != NULL) {
        params = json_pack("{s:s, s:s*, s:s*}", "token", token, "language",
                           cli->language_said ? cli->language : NULL, "or_language",
                           sgn_say_is_zh(cli->language) ? cli->language : NULL);
        st = params != NULL ? client_call(client, "session.login", params, &answer, err)
                            : sgn_nomem(err);
    }
    if (sgn_json_str(answer, "language") != NULL)
        snprintf(cli->language, sizeof(cli->language), "%s", sgn_json_str(answer, "language"));
    if (st == SGN_OK)
        *out = client;
    else
        client_free(client);
    json_decref(params);
    json_decref(answer);
    client_tls_deinit(&tls);
    free(token);
    free(server);
    return st;
}
