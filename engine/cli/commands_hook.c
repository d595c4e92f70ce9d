/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on what other tools send in. */
#include "commands.h"
#include "remote.h"

/* clang-format off */
static const struct cli_option secret_options[] = {
    { "secret", 0, CLI_TEXT, "TEXT", "secret", "one that the sender has; else one is made" },
    { "hours", 0, CLI_INTEGER, "N", "hours", "so long the one before is good, too (24); 0: it ends now" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option try_options[] = {
    { "header", 'H', CLI_FIELD, "NAME=TEXT", "headers", "a header that is sent with it" },
    { 0 },
};
static const struct cli_option limit_options[] = { LIMIT_OPTION, { 0 } };
static const struct cli_option request_options[] = { REQUEST_OPTION, { 0 } };

const struct cli_command cli_commands_hook[] = {
    {
        .name = "hook list", .words = "",
        .summary = "Lists what other tools may send in, and on whose behalf",
        .help = "Which hooks there are stands in the team's team.lua; signoff reference hook tells how to "
                "write one. One without a secret takes nothing.\n\n"
                "  signoff hook list",
        .options = limit_options, .remote = true, .method = "hook.list",
        .columns = "hook scheme by path ready since:t person rotated_until:t",
        .empty = "the team's rules have no hooks", .run = remote_list,
    },
    {
        .name = "hook secret", .words = "HOOK",
        .summary = "Gives a hook the secret that its sender signs with",
        .help = "It is shown once. The one before it stays good for a day, or for --hours, so that the sender "
                "may change its own in between.\n\n"
                "  signoff hook secret tracker\n"
                "  signoff hook secret github --secret 'one that GitHub was given' --hours 0",
        .options = secret_options, .remote = true, .method = "hook.secret", .params = "hook",
        .writes = true, .show = remote_show_hook, .run = remote_call,
    },
    {
        .name = "hook try", .words = "HOOK FILE",
        .summary = "Says what a hook would do about a body, and does nothing",
        .help = "FILE holds the JSON that would be sent; - reads it from the standard input.\n\n"
                "  signoff hook try tracker body.json\n"
                "  signoff hook try tracker body.json -H X-Event=issue",
        .options = try_options, .remote = true, .method = "hook.try", .params = "hook body",
        .run = remote_hook_try,
    },
    {
        .name = "hook revoke", .words = "HOOK",
        .summary = "Forgets a hook's secrets: nothing that is sent there is taken any more",
        .help = "  signoff hook revoke tracker",
        .options = request_options, .remote = true, .method = "hook.revoke", .params = "hook",
        .writes = true, .run = remote_call,
    },
    { 0 },
};
/* clang-format on */
