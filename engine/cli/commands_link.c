/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on what is opened by an address instead of a login. */
#include "commands.h"
#include "remote.h"

/* clang-format off */
static const struct cli_option create_options[] = {
    { "person", 0, CLI_TEXT, "PERSON", "person", "who shall answer, when you make it for somebody (lead)" },
    { "approval", 0, CLI_TEXT, "STATE", "approval", "which approval, when several are open" },
    { "expires", 0, CLI_TEXT, "TIME", "expires", "until when it is good, when not for two weeks" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option login_options[] = {
    { "expires", 0, CLI_TEXT, "TIME", "expires", "until when it is good, when not for a day" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option list_options[] = {
    { "case", 0, CLI_TEXT, "CASE", "case", "of this case" },
    { "person", 0, CLI_TEXT, "PERSON", "person", "of this person" },
    LIMIT_OPTION,
    { 0 },
};
static const struct cli_option feed_options[] = {
    { "expires", 0, CLI_TEXT, "TIME", "expires", "until when it is good, when not for ever" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option feed_list_options[] = { LIMIT_OPTION, { 0 } };
static const struct cli_option revoke_options[] = { REQUEST_OPTION, { 0 } };
/* clang-format on */

const struct cli_command cli_commands_link[] = {
    {
        .name = "link create",
        .words = "CASE",
        .summary =
            "Makes an address by which one person answers what is asked now, without a login",
        .help =
            "Good for this round and this content, once. Whoever has it and types the person's\n"
            "name answers for that person: send it to nobody else.\n\n"
            "  signoff link create CR-1 --person mei\n"
            "  signoff link create CR-1 --person mei --expires 2026-02-01T00:00:00+08:00",
        .options = create_options,
        .remote = true,
        .method = "link.create",
        .params = "case",
        .writes = true,
        .show = remote_show_link,
        .run = remote_call,
    },
    {
        .name = "link list",
        .words = "",
        .summary = "Lists sign-off links, never their addresses",
        .help = "  signoff link list --case CR-1",
        .options = list_options,
        .remote = true,
        .method = "link.list",
        .columns = "id case approval round person maker expires:t used:t revoked:t wrong",
        .run = remote_list,
    },
    {
        .name = "link login",
        .words = "PERSON",
        .summary = "Makes an address by which a person signs in to the console, once",
        .help = "Hand it over yourself: whoever opens it is signed in as this person.\n\n"
                "  signoff link login mei\n"
                "  signoff link login mei --expires 2026-02-01T00:00:00+08:00",
        .options = login_options,
        .remote = true,
        .method = "link.login",
        .params = "person",
        .writes = true,
        .show = remote_show_login_link,
        .run = remote_call,
    },
    {
        .name = "link revoke",
        .words = "ID",
        .summary = "Ends a link that has not been used",
        .help = "  signoff link revoke 5f0c2a9be1d47c36",
        .options = revoke_options,
        .remote = true,
        .method = "link.revoke",
        .params = "id",
        .writes = true,
        .run = remote_call,
    },
    {
        .name = "calendar feed create",
        .words = "",
        .summary = "Makes an address by which calendar programs read what waits for you",
        .help = "Events at what is due; with ?as=tasks behind the address, tasks.\n\n"
                "  signoff calendar feed create",
        .options = feed_options,
        .remote = true,
        .method = "calendar.feed.create",
        .writes = true,
        .show = remote_show_feed,
        .run = remote_call,
    },
    {
        .name = "calendar feed list",
        .words = "",
        .summary = "Lists your calendars' addresses, never their secrets",
        .help = "  signoff calendar feed list",
        .options = feed_list_options,
        .remote = true,
        .method = "calendar.feed.list",
        .columns = "id created:t expires:t revoked:t",
        .run = remote_list,
    },
    {
        .name = "calendar feed revoke",
        .words = "ID",
        .summary = "Ends an address of yours for calendar programs",
        .help = "  signoff calendar feed revoke 5f0c2a9be1d47c36",
        .options = revoke_options,
        .remote = true,
        .method = "calendar.feed.revoke",
        .params = "id",
        .writes = true,
        .run = remote_call,
    },
    { 0 },
};
