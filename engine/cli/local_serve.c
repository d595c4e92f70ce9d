/* SPDX-License-Identifier: Apache-2.0 */
/* "serve": options to struct cli_serve; the serving itself is main's. */
#include "local.h"

#include "site.h"

enum sgn_status
local_serve(struct cli *cli, struct sgn_error *err)
{
    struct cli_serve options = {
        .site = cli_word(&cli->args, 0),
        .data = cli_option(&cli->args, "data"),
        .store = cli_option(&cli->args, "store"),
        .listen = cli_option(&cli->args, "listen"),
        .http = cli_option(&cli->args, "http"),
        .clock = cli_option(&cli->args, "clock"),
    };
    enum sgn_status st = site_expect(options.site, err);

    if (st == SGN_OK &&
        (cli_given(&cli->args, "check-config") || cli_given(&cli->args, "print-config")))
        return local_config(cli, &options, err);
    if (st == SGN_OK)
        cli->exit_code = cli->serve(&options);
    return st;
}
