/* SPDX-License-Identifier: Apache-2.0 */
/* "certificate CASE": the proof of a decision, printed as it is, kept in a file, or, without --html
 * and --json, checked and told in words. */
#include "proof.h"
#include "remote.h"

#include "file.h"
#include "json.h"
#include "say.h"
#include <errno.h>
#include <string.h>

static bool
ends_in(const char *text, const char *end)
{
    size_t n = text != NULL ? strlen(text) : 0, k = strlen(end);

    return n >= k && strcmp(text + n - k, end) == 0;
}

/* The very bytes: the certificate is of them. */
static enum sgn_status
keep(struct cli *cli, const char *path, const char *text, size_t n, struct sgn_error *err)
{
    enum sgn_status st;

    if (path == NULL) {
        if (fwrite(text, 1, n, cli->output.out) == n)
            return SGN_OK;
        return sgn_fail(err, SGN_UNAVAILABLE, "the output could not be written: %s",
                        strerror(errno));
    }
    st = sgn_file_put(path, text, n, 0644, false, err);
    if (st == SGN_OK)
        fprintf(cli->output.err, sgn_say(cli->language, "%s is written: signoff verify %s\n"), path,
                path);
    return st;
}

enum sgn_status
remote_certificate(struct cli *cli, struct sgn_error *err)
{
    const char *path = cli_option(&cli->args, "output");
    bool html = cli_given(&cli->args, "html") || ends_in(path, ".html");
    bool words = !html && !cli->output.json && path == NULL;
    struct client *client = NULL;
    json_t *params = NULL, *result = NULL, *info = NULL;
    const json_t *text;
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK && html)
        (void)json_object_set_new(params, "format", json_string("html"));
    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    cli_params_language(cli, params);
    if (st == SGN_OK)
        st = client_call(client, "certificate.get", params, &result, err);
    if (st == SGN_OK && words)
        st = client_call(client, "server.info", NULL, &info, err);
    text = json_object_get(result, "text");
    if (st == SGN_OK && words)
        st = proof_check(cli, sgn_json_str(result, "name"), json_string_value(text),
                         json_string_length(text), sgn_json_str(info, "public_key"), err);
    else if (st == SGN_OK)
        st = keep(cli, path, json_string_value(text), json_string_length(text), err);
    json_decref(info);
    json_decref(result);
    json_decref(params);
    client_free(client);
    return st;
}
