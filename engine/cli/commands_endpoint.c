/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on where entries are delivered to, and on what did not arrive. */
#include "commands.h"
#include "remote.h"

#define FILTER_OPTIONS                                                                                \
    { "kind", 'k', CLI_MANY, "KIND", "kinds", "only entries of this kind" },                          \
        { "workflow", 'w', CLI_MANY, "NAME", "workflows", "only entries of cases of this workflow" }, \
        { "internal", 0, CLI_FLAG, NULL, "internal", "also what clients do not see" },                \
    {                                                                                                 \
        "language", 0, CLI_TEXT, "WORD", "language", "en or zh, of texts for people"                  \
    }
#define SECRET_OPTION                                                                              \
    {                                                                                              \
        "secret", 0, CLI_TEXT, "TEXT", "secret", "one that the other side has; else one is made"   \
    }

/* clang-format off */
static const struct cli_option add_options[] = {
    { "format", 'f', CLI_TEXT, "NAME", "format", "webhook (when not said), dingtalk, feishu, wecom, slack or teams" },
    FILTER_OPTIONS,
    { "signature", 0, CLI_TEXT, "WORD", "signature", "hmac (when not said) or ed25519" },
    SECRET_OPTION,
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option update_options[] = {
    { "url", 0, CLI_TEXT, "URL", "url", "to this address from now on" },
    FILTER_OPTIONS,
    { "shared-only", 0, CLI_NO, NULL, "internal", "only what clients may see" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option rotate_options[] = {
    SECRET_OPTION,
    { "hours", 0, CLI_INTEGER, "N", "hours", "so long the old one signs beside it (24)" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option rewind_options[] = {
    { "from", 0, CLI_INTEGER, "N", "from", "number of the first entry to be sent again; needed" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option delivery_options[] = {
    { "endpoint", 'e', CLI_TEXT, "ENDPOINT", "endpoint", "of this endpoint" },
    { "status", 0, CLI_TEXT, "WORD", "status", "only those: waiting, dead, delivered or failed" },
    LIMIT_OPTION,
    { 0 },
};
static const struct cli_option limit_options[] = { LIMIT_OPTION, { 0 } };
static const struct cli_option request_options[] = { REQUEST_OPTION, { 0 } };

#define ONE_ROW(verb, said, example)                                                               \
    {                                                                                              \
        .name = "endpoint " verb, .words = "ENDPOINT", .summary = (said), .help = (example),       \
        .options = request_options, .remote = true, .method = "endpoint." verb,                    \
        .params = "endpoint", .writes = true, .run = remote_call,                                  \
    }

const struct cli_command cli_commands_endpoint[] = {
    {
        .name = "endpoint add", .words = "ENDPOINT URL",
        .summary = "Has entries delivered to an address: to a program, or to a chat",
        .help = "Entries are delivered from now on, in their order, each at least once, signed as Standard "
                "Webhooks says. What does not arrive is tried again for three days. A receiver tells "
                "repetitions by webhook-id, which stays the same.\n\n"
                "To a chat they are told in words, in the team's language or in that of --language. "
                "What comes faster than the chat takes it goes together in one message. --secret is "
                "what DingTalk and Feishu show when a robot is to be signed for. Their addresses "
                "are secrets: afterwards only whose they are is shown.\n\n"
                "  signoff endpoint add ci https://ci.example.com/hooks/signoff\n"
                "  signoff endpoint add crm https://crm.example.com/in --kind open --kind fire \\\n"
                "    --workflow change_request --signature ed25519\n"
                "  signoff endpoint add group \\\n"
                "    'https://oapi.dingtalk.com/robot/send?access_token=TOKEN' \\\n"
                "    --format dingtalk --secret SEC... --language zh --internal\n"
                "  signoff endpoint add group https://open.feishu.cn/open-apis/bot/v2/hook/ID \\\n"
                "    --format feishu --secret SECRET\n"
                "  signoff endpoint add group 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY' \\\n"
                "    --format wecom --kind deadline --internal\n"
                "  signoff endpoint add room https://hooks.slack.com/services/T0/B0/KEY --format slack\n"
                "  signoff endpoint add room 'https://HOST/workflows/ID/triggers/manual/paths/invoke?sig=KEY' \\\n"
                "    --format teams",
        .options = add_options, .remote = true, .method = "endpoint.add", .params = "endpoint url",
        .writes = true, .show = remote_show_endpoint, .run = remote_call,
    },
    {
        .name = "endpoint list", .words = "",
        .summary = "Lists where entries are delivered to, and how far each has come",
        .help = "  signoff endpoint list",
        .options = limit_options, .remote = true, .method = "endpoint.list",
        .columns = "endpoint url format kinds workflows internal paused seen head",
        .empty = "nothing is delivered to anybody", .run = remote_list,
    },
    {
        .name = "endpoint show", .words = "ENDPOINT",
        .summary = "Shows an endpoint and what has not arrived there",
        .help = "  signoff endpoint show ci",
        .remote = true, .method = "endpoint.get", .params = "endpoint",
        .show = remote_show_endpoint, .run = remote_call,
    },
    {
        .name = "endpoint update", .words = "ENDPOINT", .summary = "Changes where an endpoint is and what it gets",
        .help = "  signoff endpoint update ci --kind open --kind fire",
        .options = update_options, .remote = true, .method = "endpoint.update", .params = "endpoint",
        .writes = true, .show = remote_show_endpoint, .run = remote_call,
    },
    {
        .name = "endpoint test", .words = "ENDPOINT", .summary = "Sends an endpoint a test and says what became of it",
        .help = "  signoff endpoint test ci",
        .options = request_options, .remote = true, .method = "endpoint.test", .params = "endpoint",
        .writes = true, .run = remote_endpoint_test,
    },
    ONE_ROW("disable", "Stops deliveries to an endpoint; what comes meanwhile waits for it",
            "  signoff endpoint disable ci"),
    ONE_ROW("enable", "Goes on with deliveries to an endpoint from where they stopped",
            "  signoff endpoint enable ci"),
    {
        .name = "endpoint rotate", .words = "ENDPOINT",
        .summary = "Gives an endpoint a new secret; for a while both sign",
        .help = "  signoff endpoint rotate ci --hours 48",
        .options = rotate_options, .remote = true, .method = "endpoint.rotate", .params = "endpoint",
        .writes = true, .show = remote_show_endpoint, .run = remote_call,
    },
    {
        .name = "endpoint rewind", .words = "ENDPOINT",
        .summary = "Sends all entries from a number on once more, in their order",
        .help = "  signoff endpoint rewind ci --from 1042",
        .options = rewind_options, .remote = true, .method = "endpoint.rewind", .params = "endpoint",
        .writes = true, .run = remote_call,
    },
    ONE_ROW("remove", "Ends deliveries to an endpoint and forgets it", "  signoff endpoint remove ci"),
    {
        .name = "delivery list", .words = "",
        .summary = "Lists what did not arrive at once, was given up, or was sent by hand",
        .help = "  signoff delivery list --status dead",
        .options = delivery_options, .remote = true, .method = "delivery.list",
        .columns = "endpoint entry status attempts tried:t next:t code error person",
        .empty = "everything has arrived", .run = remote_list,
    },
    {
        .name = "delivery retry", .words = "ENDPOINT NUMBER",
        .summary = "Sends an entry to an endpoint, or a mail, now or once more",
        .help = "Of mails that were given up ENDPOINT is mail/PERSON or digest/PERSON, as signoff delivery list "
                "shows them.\n\n"
                "  signoff delivery retry ci 1042\n"
                "  signoff delivery retry mail/sun 12000000",
        .options = request_options, .remote = true, .method = "delivery.retry",
        .params = "endpoint entry#", .writes = true, .run = remote_call,
    },
    { 0 },
};
/* clang-format on */
