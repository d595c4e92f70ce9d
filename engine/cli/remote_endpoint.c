/* SPDX-License-Identifier: Apache-2.0 */
/* Endpoints: shown with a secret that is seen once, and tried. */
#include "remote.h"

#include "json.h"
#include "say.h"
#include <string.h>
#include <time.h>

#define LOOK_MS   50 /* between two looks at what became of a test */
#define GIVE_UP_S 40 /* longer than an attempt may take */

void
remote_show_endpoint(struct cli *cli, const json_t *result)
{
    const struct cli_output *o = &cli->output;
    const json_t *deliveries = json_object_get(result, "deliveries");
    json_t *members = json_copy((json_t *)result);

    (void)json_object_del(members, "deliveries");
    remote_show_members(cli, members);
    json_decref(members);
    if (json_object_get(result, "secret") != NULL)
        fprintf(o->out, "%s\n",
                sgn_say(cli->language, "The secret is shown once: give it to the receiver now."));
    if (json_array_size(deliveries) == 0)
        return;
    fprintf(o->out, "\n");
    if (cli_table_print(
            o, sgn_say(cli->language, "entry status attempts tried:t next:t code error person"),
            deliveries, NULL) != SGN_OK)
        cli->exit_code = CLI_FAILED;
}

/* The test's row; NULL while it is waited for. */
static enum sgn_status
ask(struct client *client, const json_t *begun, const char *team, json_t **out,
    struct sgn_error *err)
{
    json_t *params =
        json_pack("{s:O, s:s*}", "endpoint", json_object_get(begun, "endpoint"), "team", team);
    json_t *page = NULL, *row;
    size_t i;
    enum sgn_status st = client_call(client, "delivery.list", params, &page, err);

    json_array_foreach(remote_items(page), i, row) {
        const char *status = sgn_json_str(row, "status");

        if (sgn_json_int(row, "entry", -1) == 0 && status != NULL && strcmp(status, "waiting") != 0)
            *out = json_incref(row);
    }
    json_decref(params);
    json_decref(page);
    return st;
}

static enum sgn_status
wait_for(struct client *client, const json_t *begun, const char *team, json_t **out,
         struct sgn_error *err)
{
    struct timespec span = { .tv_nsec = LOOK_MS * 1000000L };
    enum sgn_status st = SGN_OK;

    for (int i = 0; st == SGN_OK && *out == NULL && i < GIVE_UP_S * 1000 / LOOK_MS; i++) {
        (void)nanosleep(&span, NULL);
        st = ask(client, begun, team, out, err);
    }
    if (st == SGN_OK && *out == NULL)
        st = sgn_fail(err, SGN_UNAVAILABLE,
                      "the test has not been sent yet; signoff delivery list tells when it has");
    return st;
}

enum sgn_status
remote_endpoint_test(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *begun = NULL, *row = NULL;
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = client_call(client, "endpoint.test", params, &begun, err);
    if (st == SGN_OK)
        st = wait_for(client, begun, sgn_json_str(params, "team"), &row, err);
    if (st == SGN_OK && cli->output.json)
        cli_print_json(&cli->output, row);
    else if (st == SGN_OK)
        remote_show_members(cli, row);
    if (st == SGN_OK && strcmp(sgn_json_str(row, "status"), "delivered") != 0)
        cli->exit_code = CLI_FAILED;
    json_decref(params);
    json_decref(begun);
    json_decref(row);
    client_free(client);
    return st;
}
