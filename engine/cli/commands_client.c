/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on what passes between the team and its clients. */
#include "commands.h"
#include "remote.h"

/* clang-format off */
static const struct cli_option note_options[] = {
    { "about", 0, CLI_TEXT, "CASE", "about", "the case that it was about" },
    { "project", 'p', CLI_TEXT, "PROJECT", "project", "the project, where it was about no case" },
    { "client", 0, CLI_TEXT, "CLIENT", "client", "the client alone" },
    { "kind", 0, CLI_TEXT, "WORD", "kind", "mail, meeting, call, message, visit or letter; else what the contacts prefer, or call" },
    { "direction", 0, CLI_TEXT, "WORD", "direction", "out (from us), in (from the client) or both" },
    { "happened", 0, CLI_TEXT, "TIME", "happened", "when; now, when left out" },
    { "with", 0, CLI_MANY, "PERSON", "contacts", "with whom of the client" },
    { "others", 0, CLI_TEXT, "TEXT", "others", "who else took part" },
    { "notes", 0, CLI_TEXT, "TEXT", "notes", "what was said: the team's own" },
    { "agreed", 0, CLI_TEXT, "TEXT", "agreed", "what was agreed" },
    { "confirm", 0, CLI_FLAG, NULL, "confirm", "ask the client to confirm it" },
    { "wants-answer", 0, CLI_FLAG, NULL, "wants_answer", "it has to be answered in time" },
    { "promise", 0, CLI_TEXT, "TEXT", "promise", "what was promised to the client" },
    { "until", 0, CLI_TEXT, "DAY", "promised_for", "until which day, as 2026-01-31" },
    { "holder", 0, CLI_TEXT, "PERSON", "holder", "who keeps the promise; you, when left out" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option plan_options[] = {
    { "project", 'p', CLI_TEXT, "PROJECT", "project", "the project" },
    { "client", 0, CLI_TEXT, "CLIENT", "client", "the client alone" },
    { "often", 0, CLI_TEXT, "WORD", "often", "daily, weekly, fortnightly, monthly or quarterly (weekly)" },
    { "channel", 0, CLI_TEXT, "WORD", "channel", "mail, portal, meeting, call, message, visit, letter or any; else what the contacts prefer, or any" },
    { "audience", 0, CLI_TEXT, "TEXT", "audience", "who is told" },
    { "speaker", 0, CLI_TEXT, "PERSON", "speaker", "who speaks; you, when left out" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option record_options[] = {
    { "client", 0, CLI_TEXT, "CLIENT", "client", "with this client" },
    { "project", 'p', CLI_TEXT, "PROJECT", "project", "in this project" },
    { "about", 0, CLI_TEXT, "CASE", "about", "about this case" },
    { "from", 0, CLI_TEXT, "TIME", "from", "from this time on" },
    LIMIT_OPTION,
    { 0 },
};

const struct cli_command cli_commands_client[] = {
    {
        .name = "communication add", .words = "SUMMARY",
        .summary = "Notes a mail, meeting, call or letter with a client",
        .help = "The client sees nothing of it but what it is asked to confirm (--confirm).\n"
                "  signoff communication add \"Prices of stage two\" --client acme --with mei --as li\n"
                "  signoff communication add \"Will send the list\" --about CR-1 --kind mail \\\n"
                "    --promise \"The price list\" --until 2026-01-09 --as li",
        .options = note_options, .remote = true, .method = "communication.add", .params = "summary",
        .writes = true, .show = remote_show_change, .run = remote_call,
    },
    {
        .name = "communication plan", .words = "SUMMARY",
        .summary = "Plans what a client is told how often; silence is noticed, and escalated",
        .help = "  signoff communication plan \"Where we stand\" --client acme --often weekly --as li",
        .options = plan_options, .remote = true, .method = "communication.plan", .params = "summary",
        .writes = true, .show = remote_show_change, .run = remote_call,
    },
    {
        .name = "communication list", .words = "",
        .summary = "Lists what passed with a client: what was noted, and what its people were told",
        .help = "  signoff communication list --client acme\n"
                "  signoff communication list --about CR-1",
        .options = record_options, .remote = true, .method = "communication.list",
        .columns = "at:t=when how by_way=channel with about came=state case", .prepare = remote_prepare_record,
        .run = remote_list,
    },
    { 0 },
};
/* clang-format on */
