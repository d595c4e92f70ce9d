/* SPDX-License-Identifier: Apache-2.0 */
/* "case diagram": where a case is and the way it came, as a drawing. */
#include "graphviz.h"
#include "json.h"
#include "remote.h"

enum sgn_status
remote_case_diagram(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *answer = NULL;
    const char *format = NULL;
    bool picture = false;
    enum sgn_status st = graph_options(cli, &format, &picture, err);

    if (st == SGN_OK)
        st = cli_params(cli, &params, err);
    if (st == SGN_OK && json_object_set_new(params, "format", json_string(format)) != 0)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = client_call(client, cli->command->method, params, &answer, err);
    if (st == SGN_OK && cli->output.json)
        cli_print_json(&cli->output, answer);
    else if (st == SGN_OK && sgn_json_str(answer, "text") == NULL)
        st = sgn_fail(err, SGN_INTERNAL, "%s answered no text", cli->command->method);
    else if (st == SGN_OK)
        st = graph_give(cli, sgn_json_str(answer, "text"), picture,
                        cli_option(&cli->args, "output"), err);
    json_decref(answer);
    json_decref(params);
    client_free(client);
    return st;
}
