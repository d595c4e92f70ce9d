/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks: shown with a secret that is seen once, and tried with a body from a file. */
#include "remote.h"

#include "buf.h"
#include "json.h"
#include "say.h"
#include <errno.h>
#include <string.h>

#define BODY_MAX ((size_t)1 << 20) /* as the server takes */

void
remote_show_hook(struct cli *cli, const json_t *result)
{
    remote_show_members(cli, result);
    if (json_object_get(result, "secret") != NULL)
        fprintf(cli->output.out, "%s\n",
                sgn_say(cli->language, "The secret is shown once: give it to the sender now."));
}

static enum sgn_status
read_all(FILE *file, const char *path, struct sgn_buf *out, struct sgn_error *err)
{
    char bytes[4096];
    size_t n;

    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0)
        if (sgn_buf_append(out, bytes, n) != SGN_OK)
            return sgn_fail(err, SGN_TOO_LARGE, "%s is larger than a body may be", path);
    return ferror(file) ? sgn_fail(err, SGN_INVALID, "%s cannot be read: %s", path, strerror(errno))
                        : SGN_OK;
}

static enum sgn_status
body_of(const char *path, json_t **out, struct sgn_error *err)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "re");
    struct sgn_buf text;
    enum sgn_status st;

    if (file == NULL)
        return sgn_fail(err, SGN_INVALID, "%s cannot be read: %s", path, strerror(errno));
    sgn_buf_init(&text, BODY_MAX);
    st = read_all(file, path, &text, err);
    if (st == SGN_OK)
        st = sgn_json_parse(text.bytes != NULL ? text.bytes : "", text.len, out, err);
    if (st == SGN_PARSE)
        sgn_error_prefix(err, "%s: ", path);
    sgn_buf_deinit(&text);
    if (!standard)
        (void)fclose(file);
    return st;
}

/* The second word is not the body but where it lies. */
enum sgn_status
remote_hook_try(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *body = NULL, *result = NULL;
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK)
        st = body_of(cli_word(&cli->args, 1), &body, err);
    if (st == SGN_OK && json_object_set(params, "body", body) != 0)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = client_call(client, "hook.try", params, &result, err);
    if (st == SGN_OK && cli->output.json)
        cli_print_json(&cli->output, result);
    else if (st == SGN_OK)
        remote_show_members(cli, result);
    json_decref(params);
    json_decref(body);
    json_decref(result);
    client_free(client);
    return st;
}
