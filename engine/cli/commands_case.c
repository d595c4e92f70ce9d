/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on cases, and the watch. */
#include "commands.h"
#include "remote.h"

#define FOR_OPTION                                                                                 \
    {                                                                                              \
        "for", 0, CLI_TEXT, "PERSON", "on_behalf", "whom you stand in for"                         \
    }
#define COMMENT_OPTIONS                                                                            \
    { "comment", 'm', CLI_TEXT, "TEXT", "comment", "why; part of the history" },                   \
        { "internal", 0, CLI_NO, NULL, "shared", "the comment stays in the team" },                \
    {                                                                                              \
        "shared", 0, CLI_FLAG, NULL, "shared", "the client sees the comment too"                   \
    }
#define EXPECT_OPTION                                                                              \
    {                                                                                              \
        "expect", 0, CLI_INTEGER, "REV", "expect", "only if the case still has this revision"      \
    }

/* clang-format off */
static const struct cli_option open_options[] = {
    { "project", 'p', CLI_TEXT, "PROJECT", "project", "the project; may be left out when there is one" },
    { "fields", 0, CLI_JSON, "JSON", "fields", "the fields as one object" },
    { "field", 'f', CLI_FIELD, "NAME=VALUE", "fields", "one field; NAME:=JSON when it is not text" },
    FOR_OPTION,
    COMMENT_OPTIONS,
    REQUEST_OPTION,
    { 0 },
};

static const struct cli_option show_options[] = {
    { "all", 'a', CLI_FLAG, NULL, NULL, "also what you may not do, and why" },
    { 0 },
};

#define CASE_FILTERS \
    { "workflow", 'w', CLI_TEXT, "NAME", "workflow", "of this workflow" }, \
    { "state", 0, CLI_TEXT, "STATE", "state", "in this state" }, \
    { "project", 'p', CLI_TEXT, "PROJECT", "project", "of this project" }, \
    { "client", 0, CLI_TEXT, "CLIENT", "client", "of this client" }, \
    { "owner", 0, CLI_TEXT, "PERSON", "owner", "owned by this person" }, \
    { "opener", 0, CLI_TEXT, "PERSON", "opener", "opened by this person" }, \
    { "imported", 0, CLI_TEXT, "SOURCE:KEY", "imported", "that came from there: jira:ACME-12" }, \
    { "waiting-for", 0, CLI_TEXT, "WHO", "waiting_for", "that wait for this person or role" }, \
    { "priority", 0, CLI_TEXT, "WORD", "priority", "low, normal, high or urgent" }, \
    { "outcome", 0, CLI_TEXT, "WORD", "outcome", "that ended so" }, \
    { "open", 0, CLI_FLAG, NULL, "open", "only open ones" }, \
    { "ended", 0, CLI_FLAG, NULL, "ended", "only ended ones" }, \
    { "overdue", 0, CLI_FLAG, NULL, "overdue", "only late ones" }, \
    { "stuck", 0, CLI_FLAG, NULL, "stuck", "only those that a failure left stuck" }, \
    { "version", 0, CLI_INTEGER, "N", "version", "of this version of their workflow" }, \
    { "text", 't', CLI_TEXT, "TEXT", "text", "that hold this text" }, \
    { "field", 'f', CLI_FIELD, "NAME=VALUE", "fields", "whose indexed field has this value" }

static const struct cli_option list_options[] = {
    CASE_FILTERS,
    { "sort", 0, CLI_TEXT, "WORD", "sort", "opened, due, updated, priority or key" },
    { "descending", 0, CLI_FLAG, NULL, "descending", "the other way round" },
    LIMIT_OPTION,
    { 0 },
};

static const struct cli_option count_options[] = {
    { "by", 0, CLI_MANY, "WORD", "by", "by state, workflow, project, outcome, opener, owner, priority, client, group or version" },
    { "sum", 0, CLI_TEXT, "FIELD", "sum", "add up this field: an amount or a number" },
    CASE_FILTERS,
    { 0 },
};

static const struct cli_option fire_options[] = {
    { "data", 'd', CLI_JSON, "JSON", "data", "the fields that the event carries, as one object" },
    { "field", 'f', CLI_FIELD, "NAME=VALUE", "data", "one of them; NAME:=JSON when it is not text" },
    COMMENT_OPTIONS,
    EXPECT_OPTION,
    FOR_OPTION,
    REQUEST_OPTION,
    { 0 },
};

static const struct cli_option edit_options[] = {
    { "fields", 0, CLI_JSON, "JSON", "fields", "the fields as one object; null empties one" },
    { "field", 'f', CLI_FIELD, "NAME=VALUE", "fields", "one field; NAME:=JSON when it is not text" },
    FOR_OPTION,
    EXPECT_OPTION,
    REQUEST_OPTION,
    { 0 },
};

static const struct cli_option correct_options[] = {
    { "to", 0, CLI_MANY, "STATE", "to", "the state it shall be in; of each region one" },
    { "fields", 0, CLI_JSON, "JSON", "fields", "the fields as one object; null empties one" },
    { "field", 'f', CLI_FIELD, "NAME=VALUE", "fields", "one field; NAME:=JSON when it is not text" },
    { "reason", 'm', CLI_TEXT, "TEXT", "reason", "why; part of the history" },
    { "shared", 0, CLI_FLAG, NULL, "shared", "the client sees the reason too" },
    EXPECT_OPTION,
    REQUEST_OPTION,
    { 0 },
};

static const struct cli_option comment_options[] = {
    { "shared", 0, CLI_FLAG, NULL, "shared", "the client sees it too" },
    REQUEST_OPTION,
    { 0 },
};

static const struct cli_option assign_options[] = {
    { "state", 0, CLI_TEXT, "STATE", "state", "whose owner is meant, when several states are active" },
    FOR_OPTION,
    REQUEST_OPTION,
    { 0 },
};

static const struct cli_option link_options[] = {
    { "kind", 0, CLI_TEXT, "WORD", "kind", "how they hang together" },
    { "remove", 0, CLI_FLAG, NULL, "remove", "take the link away" },
    REQUEST_OPTION,
    { 0 },
};

static const struct cli_option vote_options[] = {
    { "digest", 0, CLI_TEXT, "DIGEST", "digest", "of what you saw (case show); refused when it has changed" },
    { "approval", 0, CLI_TEXT, "STATE", "approval", "which, when several are open" },
    { "comment", 'm', CLI_TEXT, "TEXT", "comment", "why; required to defer and to ask for changes" },
    FOR_OPTION,
    REQUEST_OPTION,
    { 0 },
};

static const struct cli_option withdraw_options[] = {
    { "approval", 0, CLI_TEXT, "STATE", "approval", "which, when several are open" },
    FOR_OPTION,
    REQUEST_OPTION,
    { 0 },
};

static const struct cli_option done_options[] = {
    { "file", 0, CLI_TEXT, "FILE", "file", "its proof: a file of the case, or one you uploaded" },
    { "state", 0, CLI_TEXT, "STATE", "state", "whose task, when several have one of that name" },
    FOR_OPTION,
    REQUEST_OPTION,
    { 0 },
};

static const struct cli_option task_options[] = {
    { "state", 0, CLI_TEXT, "STATE", "state", "whose task, when several have one of that name" },
    FOR_OPTION,
    REQUEST_OPTION,
    { 0 },
};

static const struct cli_option allowed_options[] = { FOR_OPTION, { 0 } };
static const struct cli_option request_options[] = { REQUEST_OPTION, { 0 } };
static const struct cli_option diagram_options[] = {
    { "format", 0, CLI_TEXT, "WORD", NULL, "mermaid (when not said), dot, or svg, which the program dot draws" },
    { "output", 'o', CLI_TEXT, "FILE", NULL, "into this file and not to the terminal" },
    { 0 },
};

static const struct cli_option limit_options[] = { LIMIT_OPTION, { 0 } };

static const struct cli_option watch_options[] = {
    { "from", 0, CLI_INTEGER, "NUMBER", "from", "begin with this entry; without it, with what comes" },
    { "case", 0, CLI_TEXT, "CASE", "case", "only of this case" },
    { "workflow", 'w', CLI_TEXT, "NAME", "workflow", "only of this workflow" },
    { "project", 'p', CLI_TEXT, "PROJECT", "project", "only of this project" },
    { "count", 'n', CLI_TEXT, "N", NULL, "stop after N entries" },
    { 0 },
};
/* clang-format on */

const struct cli_command cli_commands_case[] = {
    {
        .name = "case open",
        .words = "WORKFLOW",
        .summary = "Opens a case",
        .help =
            "  signoff case open change_request --project acme-erp \\\n"
            "      --field summary=\"Add export\" --field reason=\"Auditors ask for it\"\n"
            "  signoff case open issue --for mei --field summary=\"No login\"    as her stand-in",
        .options = open_options,
        .remote = true,
        .method = "case.open",
        .params = "workflow",
        .writes = true,
        .show = remote_show_change,
        .run = remote_call,
    },
    {
        .name = "case show",
        .words = "CASE",
        .summary = "Shows a case: where it stands, who is waited for, what you may do",
        .help = "  signoff case show CR-1\n"
                "  signoff case show CR-1 --all     also what you may not do, and why",
        .options = show_options,
        .remote = true,
        .method = "case.get",
        .params = "case",
        .run = remote_case_show,
    },
    {
        .name = "case list",
        .words = "",
        .summary = "Lists cases",
        .options = list_options,
        .remote = true,
        .method = "case.list",
        .columns = "case title states outcome owner due_at:t=due priority project client",
        .prepare = remote_prepare_cases,
        .empty = "no cases",
        .help = "  signoff case list --open --overdue\n"
                "  signoff case list --workflow change_request --project acme-erp --sort due\n"
                "  signoff case list --waiting-for sun    also where sun stands in",
        .run = remote_list,
    },
    {
        .name = "case count",
        .words = "",
        .summary = "Counts cases",
        .options = count_options,
        .remote = true,
        .method = "case.count",
        .show = remote_show_counted,
        .help =
            "  signoff case count --open --by state --workflow change_request\n"
            "  signoff case count --by project --by outcome    in each project: open, and how they "
            "ended\n"
            "  signoff case count --workflow change_request --project acme-erp --outcome "
            "implemented --sum cost\n\n"
            "A case that is in two states at once counts in both.",
        .run = remote_call,
    },
    {
        .name = "case fire",
        .words = "CASE EVENT",
        .summary = "Makes an event happen to a case",
        .help =
            "  signoff case fire CR-1 submit\n"
            "  signoff case fire CR-1 price --field cost=50000 --comment \"as offered\"\n"
            "  signoff case fire CR-1 assess --data '{\"days\":5,\"risk\":\"low\"}'\n\n"
            "signoff case allowed CASE lists the events, and for those that you may not fire, why.",
        .options = fire_options,
        .remote = true,
        .method = "case.fire",
        .params = "case event",
        .writes = true,
        .show = remote_show_change,
        .run = remote_call,
    },
    {
        .name = "case allowed",
        .words = "CASE",
        .summary = "Lists what you may do with a case, and why not the rest",
        .help = "  signoff case allowed CR-1\n"
                "  signoff case allowed CR-1 --for li",
        .options = allowed_options,
        .remote = true,
        .method = "case.allowed",
        .params = "case",
        .show = remote_show_allowed,
        .run = remote_call,
    },
    {
        .name = "case history",
        .words = "CASE",
        .summary = "Prints what happened to a case, as minutes",
        .help =
            "Says who did what and when, what was changed, asked for and decided. What the client\n"
            "does not read is marked (internal).\n\n"
            "  signoff case history CR-1\n"
            "  signoff case history CR-1 --json | jq .event",
        .options = limit_options,
        .remote = true,
        .method = "case.history",
        .params = "case",
        .run = remote_history,
    },
    {
        .name = "case diagram",
        .words = "CASE",
        .summary = "Draws where a case is and the way it came",
        .help =
            "The states it is in stand out, the way it came is bold, the rest is pale. A client\n"
            "is shown no more than its history tells.\n\n"
            "  signoff case diagram CR-1 --format svg --output CR-1.svg\n"
            "  signoff case diagram CR-1 --format dot | dot -Tpng > CR-1.png",
        .options = diagram_options,
        .remote = true,
        .method = "case.diagram",
        .params = "case",
        .run = remote_case_diagram,
    },
    {
        .name = "case edit",
        .words = "CASE",
        .summary = "Changes fields of a case",
        .help = "  signoff case edit CR-1 --field summary=\"Export for the auditors\"\n"
                "  signoff case edit CR-1 --fields '{\"days\":null}'     empties a field",
        .options = edit_options,
        .remote = true,
        .method = "case.edit",
        .params = "case",
        .writes = true,
        .show = remote_show_change,
        .run = remote_call,
    },
    {
        .name = "case comment",
        .words = "CASE TEXT",
        .summary = "Writes a comment; internal unless --shared",
        .help = "  signoff case comment CR-1 \"they call back on Monday\"\n"
                "  signoff case comment CR-1 \"We are at it.\" --shared",
        .options = comment_options,
        .remote = true,
        .method = "case.comment",
        .params = "case text",
        .writes = true,
        .show = remote_show_change,
        .run = remote_call,
    },
    {
        .name = "case assign",
        .words = "CASE PERSON",
        .summary = "Gives a case to somebody",
        .help = "  signoff case assign CR-1 sun",
        .options = assign_options,
        .remote = true,
        .method = "case.assign",
        .params = "case to",
        .writes = true,
        .show = remote_show_change,
        .run = remote_call,
    },
    {
        .name = "case link",
        .words = "CASE OTHER",
        .summary = "Links a case with another",
        .help = "  signoff case link CR-1 IS-7 --kind causes\n"
                "  signoff case link CR-1 IS-7 --kind causes --remove",
        .options = link_options,
        .remote = true,
        .method = "case.link",
        .params = "case other",
        .writes = true,
        .show = remote_show_change,
        .run = remote_call,
    },
    {
        .name = "case vote",
        .words = "CASE CHOICE",
        .summary = "Votes in an open approval: approve, reject, abstain, defer or changes",
        .help =
            "A ballot carries the digest of what is being agreed to. Without --digest it is that "
            "of\n"
            "the case as it stands now, which is shown; with it, or with its beginning as\n"
            "case show prints it, the vote is refused when the content has changed since.\n\n"
            "  signoff case vote CR-1 approve --comment \"as offered\"\n"
            "  signoff case vote CR-1 reject --digest d5f295bc0a6ef711\n"
            "  signoff case vote CR-1 approve --for li",
        .options = vote_options,
        .remote = true,
        .method = "approval.vote",
        .params = "case choice",
        .writes = true,
        .run = remote_case_vote,
    },
    {
        .name = "case withdraw",
        .words = "CASE",
        .summary = "Takes your ballot back while its round is open",
        .help = "  signoff case withdraw CR-1",
        .options = withdraw_options,
        .remote = true,
        .method = "approval.withdraw",
        .params = "case",
        .writes = true,
        .show = remote_show_change,
        .run = remote_call,
    },
    {
        .name = "case explain",
        .words = "CASE",
        .summary = "Explains a case's deadlines and approvals",
        .remote = true,
        .method = "case.explain",
        .params = "case",
        .help = "How much of each clock has counted, and what the rules of open approvals still "
                "need.\n\n"
                "  signoff case explain CR-1",
        .show = remote_show_explain,
        .run = remote_call,
    },
    {
        .name = "case approval",
        .words = "CASE",
        .summary = "Says who has to agree to a case, who has, and by which rule",
        .help = "  signoff case approval CR-1",
        .remote = true,
        .method = "approval.preview",
        .params = "case",
        .show = remote_show_preview,
        .run = remote_call,
    },
    {
        .name = "task done",
        .words = "CASE TASK",
        .summary = "Ticks off a task of a case",
        .help =
            "A task that wants a file as its proof takes what was attached to the case since it\n"
            "became open, or the file that is named.\n"
            "\n"
            "  signoff file put CL-1 minutes.pdf\n"
            "  signoff task done CL-1 documents\n"
            "  signoff task done CL-1 documents --file f12",
        .options = done_options,
        .remote = true,
        .method = "task.done",
        .params = "case task",
        .writes = true,
        .show = remote_show_change,
        .run = remote_call,
    },
    {
        .name = "task undo",
        .words = "CASE TASK",
        .summary = "Says that a task is not done after all",
        .help = "  signoff task undo CL-1 documents",
        .options = task_options,
        .remote = true,
        .method = "task.undo",
        .params = "case task",
        .writes = true,
        .show = remote_show_change,
        .run = remote_call,
    },
    {
        .name = "case correct",
        .words = "CASE",
        .summary = "Moves a case as no rule would, or sets fields; for leads",
        .help = "No condition is asked, and nothing happens that the rules do on leaving and\n"
                "entering. What hangs on a state ends and begins with it: owner, deadlines,\n"
                "approval, tasks. Without --to only fields change. An ended case goes on.\n\n"
                "  signoff case correct CR-1 --to screening --reason \"returned by mistake\"\n"
                "  signoff case correct CR-1 --to estimating --to pricing \\\n"
                "      --field cost=100.00 --reason \"priced in the wrong currency\"",
        .options = correct_options,
        .remote = true,
        .method = "case.correct",
        .params = "case",
        .writes = true,
        .show = remote_show_change,
        .run = remote_call,
    },
    {
        .name = "case retry",
        .words = "CASE",
        .summary = "Tries again what left a case stuck",
        .help = "  signoff case list --stuck\n"
                "  signoff case retry CR-1",
        .options = request_options,
        .remote = true,
        .method = "case.retry",
        .params = "case",
        .writes = true,
        .show = remote_show_change,
        .run = remote_call,
    },
    {
        .name = "watch",
        .words = "",
        .summary = "Prints entries as they are written, until it is stopped",
        .help = "  signoff watch --project acme-erp\n"
                "  signoff watch --from 1 --json | jq .kind",
        .options = watch_options,
        .remote = true,
        .method = "watch.start",
        .run = remote_watch,
    },
    { 0 },
};
