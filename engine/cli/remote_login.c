/* SPDX-License-Identifier: Apache-2.0 */
/* call, login and logout. */
#include "file.h"
#include "json.h"
#include "remote.h"
#include "say.h"
#include "site.h"
#include "text.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define TOKEN_LINE 256

/* ---- call ---- */

static enum sgn_status
any_params(struct cli *cli, json_t **out, struct sgn_error *err)
{
    const char *text = cli_word(&cli->args, 1);
    enum sgn_status st;

    *out = NULL;
    if (text == NULL) {
        *out = json_object();
        st = *out != NULL ? SGN_OK : sgn_nomem(err);
    } else {
        st = sgn_json_parse(text, strlen(text), out, err);
    }
    if (st == SGN_OK && json_is_object(*out))
        st = cli_args_params(&cli->args, cli_remote_options(), *out, err);
    if (st != SGN_OK) {
        sgn_error_prefix(err, "the parameters: ");
        cli->exit_code = CLI_USAGE;
    }
    return st;
}

enum sgn_status
remote_any(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *result = NULL;
    char *text = NULL;
    enum sgn_status st = any_params(cli, &params, err);

    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = client_call(client, cli_word(&cli->args, 0), params, &result, err);
    if (st == SGN_OK && cli->output.width > 0 && !cli->output.json) {
        text = json_dumps(result, JSON_INDENT(2) | JSON_ENCODE_ANY);
        fprintf(cli->output.out, "%s\n", text != NULL ? text : "");
    } else if (st == SGN_OK) {
        cli_print_json(&cli->output, result);
    }
    free(text);
    json_decref(result);
    json_decref(params);
    client_free(client);
    return st;
}

/* ---- login ---- */

/* A line from stdin; on a terminal it is asked for and not shown. */
static enum sgn_status
read_secret(const struct cli *cli, char out[TOKEN_LINE], struct sgn_error *err)
{
    struct termios before, quiet;
    bool terminal = isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &before) == 0;
    bool got;

    if (terminal) {
        fprintf(cli->output.err, "%s", sgn_say(cli->language, "token: "));
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    got = fgets(out, TOKEN_LINE, stdin) != NULL;
    if (terminal) {
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputc('\n', cli->output.err);
    }
    if (got)
        out[strcspn(out, "\r\n")] = '\0';
    if (!got || out[0] == '\0')
        return sgn_fail(err, SGN_INVALID, "no token was given");
    return SGN_OK;
}

/* The token of --token-file and its like; when there is none it is asked for. */
static enum sgn_status
login_token(struct cli *cli, char **server, char **token, struct client_tls *tls,
            struct sgn_error *err)
{
    char line[TOKEN_LINE] = "";
    enum sgn_status st = cli_whereto(cli, server, token, tls, err);

    if (st != SGN_OK || *token != NULL)
        return st;
    st = read_secret(cli, line, err);
    if (st == SGN_OK) {
        *token = strdup(line);
        st = *token != NULL ? SGN_OK : sgn_nomem(err);
    }
    return st;
}

/* Makes the folders above a file, for the user alone. */
static enum sgn_status
make_folders(const char *file, struct sgn_error *err)
{
    char *path = strdup(file);
    enum sgn_status st = path != NULL ? SGN_OK : sgn_nomem(err);

    for (char *slash = path != NULL ? strchr(path + 1, '/') : NULL; st == SGN_OK && slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (access(path, F_OK) != 0)
            st = sgn_folder_make(path, 0700, err);
        *slash = '/';
    }
    free(path);
    return st;
}

/* Replaces the kept login, which is always whole. */
static enum sgn_status
keep_login(const char *server, const char *token, const struct client_tls *tls, char **file,
           struct sgn_error *err)
{
    json_t *login = json_pack("{s:s, s:s, s:s*, s:s*, s:s*}", "server", server, "token", token,
                              "ca", tls->ca, "cert", tls->cert, "key", tls->key);
    char *text = sgn_json_text(login);
    enum sgn_status st;

    *file = cli_login_file();
    if (text == NULL || *file == NULL)
        st = sgn_fail(err, SGN_UNAVAILABLE, "there is no place to keep the login: set HOME");
    else
        st = make_folders(*file, err);
    if (st == SGN_OK)
        st = sgn_file_put(*file, text, strlen(text), 0600, true, err);
    free(text);
    json_decref(login);
    return st;
}

/* A path is kept whole: the next command may stand elsewhere. */
static enum sgn_status
whole_path(char **path, struct sgn_error *err)
{
    char *whole;

    if (*path == NULL)
        return SGN_OK;
    whole = realpath(*path, NULL);
    if (whole == NULL)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", *path, strerror(errno));
    free(*path);
    *path = whole;
    return SGN_OK;
}

static enum sgn_status
whole_paths(char **server, struct client_tls *tls, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    if (strchr(*server, '/') != NULL && strstr(*server, "://") == NULL)
        st = whole_path(server, err);
    if (st == SGN_OK)
        st = whole_path(&tls->ca, err);
    if (st == SGN_OK)
        st = whole_path(&tls->cert, err);
    return st == SGN_OK ? whole_path(&tls->key, err) : st;
}

enum sgn_status
remote_login(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    char *server = NULL, *token = NULL, *file = NULL;
    json_t *params = NULL, *who = NULL;
    struct client_tls tls;
    enum sgn_status st = login_token(cli, &server, &token, &tls, err);

    if (st == SGN_OK)
        st = whole_paths(&server, &tls, err);
    if (st == SGN_OK)
        st = client_connect(server, &tls, &client, err);
    if (st == SGN_OK) {
        params = json_pack("{s:s}", "token", token);
        st = client_call(client, "session.login", params, &who, err);
    }
    if (st == SGN_OK)
        st = keep_login(server, token, &tls, &file, err);
    if (st == SGN_OK && cli->output.json)
        cli_print_json(&cli->output, who);
    else if (st == SGN_OK)
        fprintf(cli->output.out, sgn_say(cli->language, "logged in to %s; kept in %s\n"), server,
                file);
    json_decref(who);
    json_decref(params);
    client_free(client);
    client_tls_deinit(&tls);
    free(file);
    free(token);
    free(server);
    return st;
}

enum sgn_status
remote_logout(struct cli *cli, struct sgn_error *err)
{
    char *file = cli_login_file();
    enum sgn_status st = SGN_OK;

    if (file == NULL || (unlink(file) != 0 && errno == ENOENT))
        fprintf(cli->output.out, "%s\n", sgn_say(cli->language, "nobody was logged in"));
    else if (access(file, F_OK) == 0)
        st = sgn_fail(err, SGN_UNAVAILABLE, "%s could not be removed", file);
    else
        fprintf(cli->output.out, "%s\n",
                sgn_say(cli->language, "logged out; the token itself goes on until it is revoked"));
    free(file);
    return st;
}
