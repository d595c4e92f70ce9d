/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on what waits for somebody and on what they were told. */
#include "commands.h"
#include "remote.h"

/* clang-format off */
static const struct cli_option inbox_options[] = {
    { "case", 0, CLI_TEXT, "CASE", "case", "only what this case waits for" },
    LIMIT_OPTION,
    { 0 },
};

static const struct cli_option messages_options[] = {
    { "unread", 'u', CLI_FLAG, NULL, "unread", "only those not marked as read" },
    { "newest", 0, CLI_FLAG, NULL, "newest", "the newest first, read or not" },
    LIMIT_OPTION,
    { 0 },
};

static const struct cli_option read_options[] = {
    { "all", 'a', CLI_FLAG, NULL, NULL, "all of them" },
    { 0 },
};
/* clang-format on */

const struct cli_command cli_commands_inbox[] = {
    {
        .name = "inbox",
        .words = "",
        .summary = "What waits for you, most urgent first",
        .options = inbox_options,
        .remote = true,
        .method = "inbox.list",
        .columns = "case to_do title state left due:t project priority content",
        .empty = "nothing waits for you",
        .prepare = remote_prepare_inbox,
        .help = "Each line says what is asked of you: to act, as its owner; to take over what is\n"
                "offered to your role; to vote; to answer. First what has least time left, counted "
                "as its\n"
                "deadline counts it; then what is paused, what has not started, and the rest.\n"
                "What you may do, and how:\n\n"
                "  signoff inbox\n"
                "  signoff inbox --case CR-1\n"
                "  signoff case show CR-1",
        .run = remote_list,
    },
    {
        .name = "inbox count",
        .words = "",
        .summary = "Counts what waits for you",
        .help = "  signoff inbox count",
        .remote = true,
        .method = "inbox.count",
        .show = remote_show_count,
        .run = remote_call,
    },
    {
        .name = "inbox messages",
        .words = "",
        .summary = "Lists reminders and notices that were sent to you",
        .help = "  signoff inbox messages --unread\n"
                "  signoff inbox messages --newest --limit 20\n"
                "  signoff inbox read --all",
        .options = messages_options,
        .remote = true,
        .method = "inbox.messages",
        .columns = "id at:t=when case title text=what sent read",
        .empty = "no messages",
        .run = remote_list,
    },
    {
        .name = "inbox read",
        .words = "[ID...]",
        .summary = "Marks messages as read",
        .help = "  signoff inbox read 4000000\n"
                "  signoff inbox read --all",
        .options = read_options,
        .remote = true,
        .run = remote_inbox_read,
    },
    { 0 },
};
