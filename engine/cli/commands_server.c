/* SPDX-License-Identifier: Apache-2.0 */
/* Commands about a server: logging in, its workflows, its clock, its health. */
#include "commands.h"
#include "remote.h"

/* clang-format off */
static const struct cli_option limit_options[] = {
    { "limit", 'n', CLI_TEXT, "N", NULL, "at most N (50); 0: all" },
    { 0 },
};
static const struct cli_option top_options[] = {
    { "every", 0, CLI_TEXT, "SECONDS", NULL, "look again so often (2)" },
    { "sort", 0, CLI_TEXT, "COLUMN", NULL, "rate, wait, rules, parked or name; rate when not said" },
    { "once", 0, CLI_FLAG, NULL, NULL, "print it once and end" },
    { 0 },
};
static const struct cli_option profile_options[] = {
    { "limit", 'n', CLI_INTEGER, "N", "limit", "so many rows of each table (20)" },
    { 0 },
};
static const struct cli_option advance_options[] = {
    { "to", 0, CLI_TEXT, "TIME", "to", "to this time instead of by a duration" },
    { "request-id", 0, CLI_TEXT, "ID", "request_id", "repeat a request whose answer was lost" },
    { 0 },
};
static const struct cli_option redact_options[] = {
    { "part", 0, CLI_TEXT, "PART", "part", "shared (what the client sees of it) or internal; else both" },
    { "reason", 'm', CLI_TEXT, "TEXT", "reason", "why; part of the history" },
    { "dry-run", 0, CLI_FLAG, NULL, "dry_run", "say what would go, and leave it" },
    { "request-id", 0, CLI_TEXT, "ID", "request_id", "repeat a request whose answer was lost" },
    { 0 },
};
static const struct cli_option due_options[] = {
    { "within", 0, CLI_TEXT, "TIME", "within", "how far ahead, such as \"1 year\" (30 days)" },
    { "limit", 'n', CLI_INTEGER, "N", "limit", "at most so many" },
    { 0 },
};
static const struct cli_option hold_options[] = {
    { "reason", 'm', CLI_TEXT, "TEXT", "reason", "why; part of the history" },
    { "request-id", 0, CLI_TEXT, "ID", "request_id", "repeat a request whose answer was lost" },
    { 0 },
};
static const struct cli_option rehearse_options[] = {
    { "workflow", 'w', CLI_TEXT, "NAME", "workflow", "only this one; else each that has a migration" },
    { "limit", 'n', CLI_INTEGER, "N", "limit", "name so many cases of each kind (3; in --json 10)" },
    { 0 },
};
static const struct cli_option workflow_options[] = {
    { "version", 0, CLI_INTEGER, "N", "version", "an earlier one that cases were opened with" },
    { "versions", 0, CLI_FLAG, NULL, "versions", "which versions there are, too" },
    { 0 },
};
static const struct cli_option migrate_options[] = {
    { "from", 0, CLI_INTEGER, "VERSION", "from", "only cases of this version" },
    { "case", 0, CLI_MANY, "CASE", "cases", "only this one" },
    { "reason", 0, CLI_TEXT, "TEXT", "reason", "why; kept in each case's history" },
    { "no-wait", 0, CLI_FLAG, NULL, NULL, "begin it and do not wait for its end" },
    { "request-id", 0, CLI_TEXT, "ID", "request_id", "repeat a request whose answer was lost" },
    { 0 },
};
/* clang-format on */

const struct cli_command cli_commands_server[] = {
    {
        .name = "login",
        .words = "",
        .summary = "Keeps server and token for later commands",
        .help = "Kept in $XDG_CONFIG_HOME/signoff/login.json, readable by you alone. Without\n"
                "--token-file, --as or SIGNOFF_TOKEN the token is asked for.\n\n"
                "  signoff login --server signoff.example:7480",
        .remote = true,
        .run = remote_login,
    },
    {
        .name = "logout",
        .words = "",
        .summary = "Forgets what login kept",
        .help = "  signoff logout",
        .remote = false,
        .run = remote_logout,
    },
    {
        .name = "whoami",
        .words = "",
        .summary = "Says who the server takes you for",
        .help = "  signoff whoami --as li",
        .remote = true,
        .method = "session.whoami",
        .run = remote_call,
    },
    {
        .name = "call",
        .words = "METHOD [PARAMS]",
        .summary = "Calls any method with parameters as JSON and prints its result",
        .help = "  signoff call case.get '{\"case\":\"CR-1\"}'\n"
                "  signoff call rpc.discover | jq '.methods[].name'",
        .remote = true,
        .run = remote_any,
    },
    {
        .name = "node list",
        .words = "",
        .summary = "Lists the servers that serve this site side by side (operator)",
        .help =
            "Several of them may use one PostgreSQL, on real time. One that has not been heard\n"
            "of for two seconds is not listed; the others carry on what it had begun.\n\n"
            "  signoff node list --operator",
        .options = limit_options,
        .remote = true,
        .method = "admin.nodes",
        .columns = "host address version started:t seen:t here",
        .run = remote_list,
    },
    {
        .name = "sweep list",
        .words = "",
        .summary = "Lists the walks over open cases that follow a change (operator)",
        .help =
            "left: how many cases a migration could not bring; sweep show says which and why.\n\n"
            "  signoff sweep list --operator",
        .options = limit_options,
        .remote = true,
        .method = "admin.sweeps",
        .columns = "team id kind about started:t ended:t touched left",
        .empty = "nothing was swept",
        .prepare = remote_prepare_sweeps,
        .run = remote_list,
    },
    {
        .name = "sweep show",
        .words = "SWEEP",
        .summary = "Shows a sweep: how far it has come, and what a migration left (operator)",
        .help = "Ends with 1 when cases were left where they are.\n\n"
                "  signoff sweep show 3 --operator\n"
                "  signoff sweep show 3 --operator --team delivery --json",
        .remote = true,
        .method = "admin.sweeps",
        .params = "sweep#",
        .run = remote_sweep_show,
    },
    {
        .name = "workflow list",
        .words = "",
        .summary = "Lists the workflows in force",
        .help = "  signoff workflow list",
        .options = limit_options,
        .remote = true,
        .method = "workflow.list",
        .columns = "name key version title group client",
        .run = remote_list,
    },
    {
        .name = "workflow show",
        .words = "WORKFLOW",
        .summary = "Shows a workflow: its fields, states, events and deadlines",
        .help = "  signoff workflow show change_request\n"
                "  signoff workflow show change_request --version 2\n"
                "  signoff workflow show change_request --json",
        .options = workflow_options,
        .remote = true,
        .method = "workflow.get",
        .params = "workflow",
        .show = remote_show_workflow,
        .run = remote_call,
    },
    {
        .name = "workflow check",
        .words = "",
        .summary = "Checks the team's scripts on the server; changes nothing",
        .help = "Says what a reload would, of the scripts as they lie in the team's folder now.\n"
                "signoff check does the same for a folder, without a server.\n\n"
                "  signoff workflow check",
        .remote = true,
        .method = "workflow.check",
        .show = remote_show_check,
        .run = remote_call,
    },
    {
        .name = "rehearse",
        .words = "[DIR]",
        .summary = "Says what a new version would do to the open cases, and does nothing of it",
        .help = "DIR is a team's folder with the new scripts; without it, those that lie in the\n"
                "server's. For every open case of an older version: can it come, which deadlines\n"
                "move, whose ballots are void. Cases are put together by what happens to them.\n"
                "Ends with 0 when all can come, with 1 when some cannot. On a site that no server\n"
                "runs on, its store is looked at from here.\n\n"
                "  signoff rehearse teams/delivery --workflow change_request\n"
                "  signoff rehearse --limit 10000 --json\n"
                "  signoff rehearse new/delivery --site stopped",
        .options = rehearse_options,
        .remote = true,
        .run = remote_rehearse,
    },
    {
        .name = "workflow migrate",
        .words = "WORKFLOW",
        .summary = "Brings the open cases of a workflow to the version in force",
        .help =
            "Each case comes wholly or stays where it is; signoff rehearse says beforehand which.\n"
            "Waits until all have been tried, and says which were left, why, and what would help.\n"
            "Ends with 0 when every case has come, with 1 when some were left.\n\n"
            "  signoff workflow reload\n"
            "  signoff workflow migrate change_request --reason \"the board decides now\"\n"
            "  signoff workflow migrate change_request --from 2 --no-wait",
        .options = migrate_options,
        .remote = true,
        .method = "workflow.migrate",
        .params = "workflow",
        .writes = true,
        .run = remote_migrate,
    },
    {
        .name = "workflow migrations",
        .words = "[SWEEP]",
        .summary = "Lists the team's migrations, or says of one what it left and why",
        .help = "With a number, ends with 1 when cases were left where they are.\n\n"
                "  signoff workflow migrations\n"
                "  signoff workflow migrations 3",
        .options = limit_options,
        .remote = true,
        .method = "workflow.migrations",
        .params = "sweep#",
        .columns = "sweep workflow version from by started:t ended:t moved n_left=left reason",
        .empty = "nothing was migrated",
        .run = remote_migrations,
    },
    {
        .name = "workflow reload",
        .words = "",
        .summary = "Reads the team's scripts again; a broken one changes nothing",
        .help = "Open cases keep the version that they were opened with; workflow migrate brings "
                "them.\n\n"
                "  signoff workflow reload\n"
                "  signoff workflow reload --operator --team delivery",
        .remote = true,
        .method = "workflow.reload",
        .show = remote_show_reload,
        .run = remote_call,
    },
    {
        .name = "clock now",
        .words = "",
        .summary = "Says what time it is on the server",
        .help = "  signoff clock now",
        .remote = true,
        .method = "clock.now",
        .run = remote_call,
    },
    {
        .name = "clock advance",
        .words = "[DURATION]",
        .summary = "Lives through an interval of virtual time: everything due fires in order",
        .help = "Working days are those of your team; of the one that the operator names.\n\n"
                "  signoff clock advance \"90 minutes\"\n"
                "  signoff clock advance --to 2026-01-06T09:00:00+08:00\n"
                "  signoff clock advance \"2 workdays\" --operator --team demo",
        .options = advance_options,
        .remote = true,
        .method = "clock.advance",
        .params = "by",
        .writes = true,
        .show = remote_show_advance,
        .run = remote_advance,
    },
    {
        .name = "audit verify",
        .words = "",
        .summary = "Verifies the history of the team on the running server",
        .help = "  signoff audit verify",
        .remote = true,
        .method = "audit.verify",
        .run = remote_call,
    },
    {
        .name = "audit heads",
        .words = "",
        .summary = "Signs the last entry of every team, and shows it",
        .help =
            "Whoever keeps these elsewhere can tell later whether a history was cut or written "
            "anew:\n"
            "the site's heads.json has the same, and signoff verify --heads takes a copy of it.\n\n"
            "  signoff audit heads --json",
        .remote = true,
        .method = "audit.heads",
        .run = remote_call,
    },
    {
        .name = "audit due",
        .words = "",
        .summary = "Lists what retention is going to erase, and what a hold keeps (lead, operator)",
        .help =
            "What workflows say by retention about cases that have ended, the soonest first: the\n"
            "case, when it ended, what goes, and when. What is held stays until it is released.\n\n"
            "  signoff audit due --within \"1 year\"\n"
            "  signoff audit due --operator --team demo --json",
        .options = due_options,
        .remote = true,
        .method = "audit.due",
        .show = remote_show_due,
        .run = remote_call,
    },
    {
        .name = "audit hold",
        .words = "CASE",
        .summary = "Keeps a case from being erased, until it is released (lead, operator)",
        .help = "As when its history is needed in a dispute: neither retention nor audit redact\n"
                "erases anything of it meanwhile. The case's history says who did so, and why.\n\n"
                "  signoff audit hold CR-1 --reason \"claim of 3 March\"\n"
                "  signoff audit release CR-1 --reason \"settled\"",
        .options = hold_options,
        .remote = true,
        .method = "audit.hold",
        .params = "case",
        .writes = true,
        .show = remote_show_held,
        .run = remote_call,
    },
    {
        .name = "audit release",
        .words = "CASE",
        .summary = "Ends the hold on a case (lead, operator)",
        .help = "What fell due meanwhile is erased at once.\n\n"
                "  signoff audit release CR-1 --reason \"settled\"",
        .options = hold_options,
        .remote = true,
        .method = "audit.release",
        .params = "case",
        .writes = true,
        .show = remote_show_released,
        .run = remote_call,
    },
    {
        .name = "audit redact",
        .words = "ENTRY",
        .summary = "Takes what an entry says out of the history for good (operator)",
        .help =
            "For people who ask to be forgotten. The entry's place in the chain stays and still\n"
            "proves that it was there; what was taken and why is an entry of its own. Values of\n"
            "the case that came from it are emptied, files and messages of it are gone.\n"
            "Not reached: backups, mail, what other tools were sent, names in keys of people.\n\n"
            "  signoff case history CR-1 --json | jq '.seq, .fields'\n"
            "  signoff audit redact 118 --operator --team demo --dry-run --reason \"asked to\"\n"
            "  signoff audit redact 118 --operator --team demo --part shared --reason \"asked to\"",
        .options = redact_options,
        .remote = true,
        .method = "audit.redact",
        .params = "entry#",
        .writes = true,
        .show = remote_show_redacted,
        .run = remote_call,
    },
    {
        .name = "info",
        .words = "",
        .summary = "Says what the server is, and its limits",
        .help = "deprecated lists what of the protocol is going to be removed, and what to use "
                "instead.\n\n"
                "  signoff info\n"
                "  signoff info --json | jq .deprecated",
        .remote = true,
        .method = "server.info",
        .show = remote_show_nested,
        .run = remote_call,
    },
    {
        .name = "health",
        .words = "",
        .summary = "Says how the server is",
        .help =
            "alarms says what wants looking after before it fails: the disk, the log of the\n"
            "database, commands that wait, the certificate of TLS, the age of the last backup;\n"
            "[alarms] of signoff.ini has the bounds.\n\n"
            "  signoff health\n"
            "  signoff health --json | jq .alarms",
        .remote = true,
        .method = "server.health",
        .show = remote_show_health,
        .run = remote_call,
    },
    {
        .name = "stats",
        .words = "",
        .summary = "Says how busy the server is, whom it refused and why (operator)",
        .help = "Counted since the server started; info tells the limits.\n\n"
                "  signoff stats --operator\n"
                "  signoff stats --operator --json | jq .connections",
        .remote = true,
        .method = "admin.stats",
        .show = remote_show_stats,
        .run = remote_call,
    },
    {
        .name = "top",
        .words = "",
        .summary = "Shows what the server does now: teams, queues, rules, alarms (operator)",
        .help =
            "Drawn anew every two seconds: q quits, s sorts by the next column, space looks at "
            "once.\n"
            "per s, refused and entries are of a second; waits is how long a command waited for\n"
            "its team's rules, in rules how much of a second these ran; parked waits for them "
            "now,\n"
            "unsent are deliveries that wait. Below are the rules that took most since the server\n"
            "started. Where there is no terminal, or with --once or --json, it measures for "
            "--every\n"
            "seconds and prints that; --every 0 prints what needs no measuring.\n\n"
            "  signoff top --operator\n"
            "  signoff top --operator --sort wait --every 5\n"
            "  signoff top --operator --json | jq '.teams[] | select(.parked > 0)'",
        .options = top_options,
        .remote = true,
        .run = remote_top,
    },
    {
        .name = "profile",
        .words = "[TEAM]",
        .summary = "Says where the time of teams goes, or of one, down to its rules (operator)",
        .help =
            "Counted since the server started: how long deciding took, how long commands waited\n"
            "for their team's functions, and how long those ran. Of one team by workflow, event\n"
            "and rule, what took most first. Steps are what the budget of a call counts; 0 is\n"
            "fewer than a thousand. What took longer than slow_rule_ms in [log] of signoff.ini\n"
            "is logged, too.\n\n"
            "  signoff profile --operator\n"
            "  signoff profile delivery --operator\n"
            "  signoff profile delivery --operator --json | jq '.teams[0].rules[0]'",
        .options = profile_options,
        .remote = true,
        .method = "admin.profile",
        .params = "team",
        .show = remote_show_profile,
        .run = remote_call,
    },
    { 0 },
};
