/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on people, clients, projects, groups and tokens. */
#include "commands.h"
#include "remote.h"

#define TITLE_OPTION                                                                               \
    {                                                                                              \
        "title", 0, CLI_TEXT, "TEXT", "title", "name as people read it"                            \
    }
#define CHANNEL_OPTION                                                                             \
    {                                                                                              \
        "channel", 0, CLI_TEXT, "WORD", "channel",                                                 \
            "how they would rather be spoken to: mail, call, message, meeting, visit, letter, "    \
            "portal; empty: any"                                                                   \
    }
#define CALENDAR_OPTION                                                                            \
    {                                                                                              \
        "calendar", 0, CLI_TEXT, "NAME", "calendar", "working calendar, one of the team's"         \
    }

/* The rows that are alike for every kind of thing. */
#define WRITE_ROW(noun, verb, member, WORDS, names, said, table, example)                          \
    {                                                                                              \
        .name = noun " " verb, .words = (WORDS), .summary = (said), .help = (example),             \
        .options = (table), .remote = true, .method = noun "." member, .params = (names),          \
        .writes = true, .run = remote_call,                                                        \
    }
#define LIST_ROW(noun, said, table, which)                                                         \
    {                                                                                              \
        .name = noun " list", .words = "", .summary = (said), .help = "  signoff " noun " list",   \
        .options = (table), .remote = true, .method = noun ".list", .columns = (which),            \
        .run = remote_list,                                                                        \
    }

/* clang-format off */
static const struct cli_option person_options[] = {
    TITLE_OPTION,
    { "client", 0, CLI_TEXT, "CLIENT", "client", "of this client, not of the team" },
    { "lead", 0, CLI_FLAG, NULL, "lead", "leads the team" },
    { "language", 0, CLI_TEXT, "WORD", "language", "en or zh" },
    { "mail", 0, CLI_TEXT, "ADDRESS", "mail", "mail address" },
    CHANNEL_OPTION,
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option person_update_options[] = {
    TITLE_OPTION,
    { "lead", 0, CLI_FLAG, NULL, "lead", "leads the team" },
    { "no-lead", 0, CLI_NO, NULL, "lead", "does not lead the team" },
    { "language", 0, CLI_TEXT, "WORD", "language", "en or zh" },
    { "mail", 0, CLI_TEXT, "ADDRESS", "mail", "mail address" },
    CHANNEL_OPTION,
    { "active", 0, CLI_FLAG, NULL, "active", "is there again" },
    { "inactive", 0, CLI_NO, NULL, "active", "has left: may log in no more" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option person_list_options[] = {
    { "client", 0, CLI_TEXT, "CLIENT", "client", "of this client" },
    LIMIT_OPTION,
    { 0 },
};
static const struct cli_option client_options[] = { TITLE_OPTION, CALENDAR_OPTION, REQUEST_OPTION, { 0 } };
static const struct cli_option client_show_options[] = {
    { "from", 0, CLI_TEXT, "TIME", "from", "count satisfaction and participation from then on" },
    { "no-counts", 0, CLI_NO, NULL, "counts", "without satisfaction and participation, which take long where there are many cases" },
    { 0 },
};
static const struct cli_option client_update_options[] = {
    TITLE_OPTION,
    CALENDAR_OPTION,
    { "active", 0, CLI_FLAG, NULL, "active", "is a client again" },
    { "inactive", 0, CLI_NO, NULL, "active", "is a client no more: its people may neither sign in nor decide" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option project_options[] = {
    TITLE_OPTION,
    { "client", 0, CLI_TEXT, "CLIENT", "client", "for whom" },
    CALENDAR_OPTION,
    { "currency", 0, CLI_TEXT, "CODE", "currency", "three capitals, such as EUR" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option project_new_options[] = {
    { "template", 0, CLI_TEXT, "NAME", "template", "what it begins with (small); signoff project templates" },
    TITLE_OPTION,
    { "client", 0, CLI_TEXT, "CLIENT", "client", "for whom" },
    { "lead", 0, CLI_TEXT, "PERSON", "lead", "who holds its roles, until others do; you, when left out" },
    { "begins", 0, CLI_TEXT, "DAY", "begins", "from which its days count, as 2026-01-31; today, when left out" },
    CALENDAR_OPTION,
    { "currency", 0, CLI_TEXT, "CODE", "currency", "three capitals, such as EUR" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option project_update_options[] = {
    TITLE_OPTION,
    CALENDAR_OPTION,
    { "state", 0, CLI_TEXT, "WORD", "state", "open or closed" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option project_list_options[] = {
    { "client", 0, CLI_TEXT, "CLIENT", "client", "of this client" },
    { "health", 0, CLI_FLAG, NULL, "health", "with the health of each, and why it is so" },
    LIMIT_OPTION,
    { 0 },
};
static const struct cli_option member_options[] = {
    { "share", 0, CLI_INTEGER, "PERCENT", "share", "share of the working time" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option group_options[] = { TITLE_OPTION, REQUEST_OPTION, { 0 } };
static const struct cli_option group_member_options[] = {
    { "lead", 0, CLI_FLAG, NULL, "lead", "leads the group" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option token_options[] = {
    { "name", 0, CLI_TEXT, "TEXT", "name", "what it is for" },
    { "expires", 0, CLI_TEXT, "TIME", "expires", "until when it is good" },
    { "scope", 0, CLI_MANY, "WORD", "scope", "what it is for: read, decide, write, admin or a method" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option token_list_options[] = {
    { "person", 0, CLI_TEXT, "PERSON", "person", "of this person" },
    LIMIT_OPTION,
    { 0 },
};
static const struct cli_option exception_options[] = {
    { "reason", 0, CLI_TEXT, "TEXT", "reason", "why; needed" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option calendar_explain_options[] = {
    CALENDAR_OPTION,
    { "from", 0, CLI_TEXT, "TIME", "from", "from this time, not from now" },
    { "to", 0, CLI_TEXT, "TIME", "to", "to this time, instead of a duration" },
    { 0 },
};
static const struct cli_option delegation_options[] = {
    { "until", 0, CLI_TEXT, "TIME", "until", "when it ends; needed" },
    { "from", 0, CLI_TEXT, "TIME", "from", "when it begins, when not now" },
    { "workflow", 'w', CLI_MANY, "NAME", "scope.workflows", "only in cases of this workflow" },
    { "project", 'p', CLI_MANY, "PROJECT", "scope.projects", "only in cases of this project" },
    { "person", 0, CLI_TEXT, "PERSON", "person", "for whom, when a lead does it for somebody" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option delegation_list_options[] = {
    { "person", 0, CLI_TEXT, "PERSON", "person", "of this person, either way" },
    { "all", 'a', CLI_FLAG, NULL, "all", "also those that are over" },
    LIMIT_OPTION,
    { 0 },
};
static const struct cli_option delegation_people_options[] = {
    { "person", 0, CLI_TEXT, "PERSON", "person", "for whom, when a lead looks for somebody" },
    LIMIT_OPTION,
    { 0 },
};
static const struct cli_option limit_options[] = { LIMIT_OPTION, { 0 } };
static const struct cli_option request_options[] = { REQUEST_OPTION, { 0 } };
static const struct cli_option own_options[] = {
    { "language", 0, CLI_TEXT, "WORD", "language", "en or zh; empty: the team's" },
    CHANNEL_OPTION,
    { "asked", 0, CLI_TEXT, "WAY", "asked", "how you hear of what is offered to you or asked again" },
    { "reminders", 0, CLI_TEXT, "WAY", "reminders", "how you are reminded" },
    { "news", 0, CLI_TEXT, "WAY", "news", "how you hear of decisions and notices" },
    { "escalations", 0, CLI_TEXT, "WAY", "escalations", "how you hear that a deadline calls for you" },
    { "daily-at", 0, CLI_TEXT, "HH:MM", "daily_at", "when daily mail comes on working days" },
    REQUEST_OPTION,
    { 0 },
};
static const struct cli_option own_list_options[] = { LIMIT_OPTION, { 0 } };

const struct cli_command cli_commands_data[] = {
    WRITE_ROW("person", "add", "create", "PERSON", "person", "Adds a person", person_options,
              "  signoff person add li --title \"Li Ting\" --mail li@example.com\n"
              "  signoff person add mei --title \"Mei Lin\" --client acme"),
    LIST_ROW("person", "Lists people", person_list_options,
             "person title client lead language mail channel active"),
    {
        .name = "person show", .words = "PERSON", .summary = "Shows a person and who they are to the team",
        .help = "  signoff person show li",
        .remote = true, .method = "person.get", .params = "person", .run = remote_call,
    },
    WRITE_ROW("person", "update", "update", "PERSON", "person", "Changes a person", person_update_options,
              "  signoff person update li --title \"Li Ting (PMO)\"\n"
              "  signoff person update mei --channel call"),
    {
        .name = "person load", .words = "",
        .summary = "Shows who is in which projects with what share, what lies with them, who is away",
        .help = "A share is given by signoff project member add --share; shares of open projects count, and\n"
                "more than all of somebody's time stands out. Of others than oneself for leads.\n"
                "  signoff person load",
        .options = limit_options, .remote = true, .method = "person.load",
        .columns = "person title shared=share projects owns waits late offered away stands_in",
        .prepare = remote_prepare_load, .run = remote_list,
    },
    WRITE_ROW("client", "add", "create", "CLIENT", "client", "Adds a client", client_options,
              "  signoff client add acme --title \"Acme Trading\""),
    LIST_ROW("client", "Lists clients", limit_options, "client title calendar active"),
    {
        .name = "client show", .words = "CLIENT",
        .summary = "Shows the file of a client: contacts, projects, promises, satisfaction, participation",
        .help = "What is counted is counted of the last two years, or from --from on.\n\n"
                "  signoff client show acme\n"
                "  signoff client show acme --from 2026-01-01T00:00:00+08:00 --json\n"
                "  signoff client show acme --no-counts",
        .options = client_show_options, .remote = true, .method = "client.file", .params = "client",
        .show = remote_show_client, .run = remote_call,
    },
    WRITE_ROW("client", "update", "update", "CLIENT", "client", "Changes a client", client_update_options,
              "  signoff client update acme --title \"Acme Trading Ltd\""),
    WRITE_ROW("project", "add", "create", "PROJECT", "project", "Adds a project", project_options,
              "  signoff project add acme-erp --title \"ERP for Acme\" --client acme"),
    {
        .name = "project new", .words = "[PROJECT]",
        .summary = "Begins a project by a template: its people and its first cases",
        .help = "Without PROJECT it gets a key with a number. Whoever leads holds every role of the template and\n"
                "the client's people theirs, until you say otherwise (signoff project member add).\n"
                "  signoff project new --client acme\n"
                "  signoff project new acme-shop --template full --client acme --title \"Shop for Acme\" --lead li",
        .options = project_new_options, .remote = true, .method = "project.create", .params = "project",
        .writes = true, .run = remote_project_new,
    },
    {
        .name = "project templates", .words = "",
        .summary = "Lists what a project may begin with",
        .help = "  signoff project templates\n"
                "A team's own lie in teams/TEAM/templates, NAME.ini each:\n"
                "  [template]\n"
                "  title = Campaign\n"
                "  roles = pm engineer\n"
                "  [milestone launch]\n"
                "  summary = Launch of {{project}}\n"
                "  planned = 30 days",
        .remote = true, .method = "project.templates", .show = remote_show_templates, .run = remote_call,
    },
    {
        .name = "project list", .words = "", .summary = "Lists projects",
        .help = "  signoff project list\n"
                "  signoff project list --health",
        .options = project_list_options, .remote = true, .method = "project.list",
        .columns = "project title client calendar currency state health",
        .prepare = remote_prepare_projects, .run = remote_list,
    },
    {
        .name = "project mine", .words = "", .summary = "Lists the projects that you are a member of",
        .help = "  signoff project mine --as mei",
        .options = limit_options, .remote = true, .method = "project.mine",
        .columns = "project title client state roles", .run = remote_list,
    },
    {
        .name = "project show", .words = "PROJECT",
        .summary = "Shows where a project stands: health, milestones, budget, work, closeout, people",
        .help = "What makes it red or yellow a team says in its team.lua: signoff reference health,\n"
                "by these figures: signoff reference figures.\n"
                "  signoff project show acme-erp",
        .remote = true, .method = "project.overview", .params = "project",
        .show = remote_show_overview, .run = remote_call,
    },
    WRITE_ROW("project", "update", "update", "PROJECT", "project", "Changes a project", project_update_options,
              "  signoff project update acme-erp --state closed"),
    WRITE_ROW("project", "member add", "member.add", "PROJECT PERSON ROLE", "project person role",
              "Gives a person a role in a project", member_options,
              "  signoff project member add acme-erp li pm"),
    WRITE_ROW("project", "member remove", "member.remove", "PROJECT PERSON ROLE",
              "project person role", "Takes a role in a project away", request_options,
              "  signoff project member remove acme-erp li pm"),
    WRITE_ROW("group", "add", "create", "GROUP", "group", "Adds a group", group_options,
              "  signoff group add support --title \"Support desk\""),
    LIST_ROW("group", "Lists groups", limit_options, "group title"),
    {
        .name = "group show", .words = "GROUP", .summary = "Shows a group and who is in it",
        .help = "  signoff group show support",
        .remote = true, .method = "group.get", .params = "group",
        .show = remote_show_with_members, .run = remote_call,
    },
    WRITE_ROW("group", "update", "update", "GROUP", "group", "Changes a group", group_options,
              "  signoff group update support --title \"Service desk\""),
    WRITE_ROW("group", "member add", "member.add", "GROUP PERSON", "group person",
              "Puts a person into a group", group_member_options,
              "  signoff group member add support wang"),
    WRITE_ROW("group", "member remove", "member.remove", "GROUP PERSON", "group person",
              "Takes a person out of a group", request_options,
              "  signoff group member remove support wang"),
    {
        .name = "delegation set", .words = "PERSON",
        .summary = "Names who stands in for you; both are told",
        .help = "  signoff delegation set sun --until 2026-02-23T09:00:00+08:00\n"
                "  signoff delegation set sun --from 2026-02-13T18:00:00+08:00 \\\n"
                "    --until 2026-02-23T09:00:00+08:00 --workflow change_request --project acme-erp",
        .options = delegation_options, .remote = true, .method = "delegation.set", .params = "to",
        .writes = true, .run = remote_call,
    },
    {
        .name = "delegation list", .words = "", .summary = "Lists who stands in for whom",
        .help = "  signoff delegation list --person li",
        .options = delegation_list_options, .remote = true, .method = "delegation.list",
        .columns = "id person to from:t until:t ended:t scope", .empty = "nobody stands in for anybody",
        .run = remote_list,
    },
    {
        .name = "delegation people", .words = "", .summary = "Lists who may stand in for you",
        .help = "  signoff delegation people",
        .options = delegation_people_options, .remote = true, .method = "delegation.people",
        .columns = "person title", .empty = "nobody else is there on your side",
        .run = remote_list,
    },
    WRITE_ROW("delegation", "end", "end", "NUMBER", "id#", "Ends a delegation before its time",
              request_options,
              "  signoff delegation end 3"),
    LIST_ROW("calendar", "Lists the team's working calendars", limit_options,
             "calendar timezone holidays"),
    {
        .name = "calendar show", .words = "CALENDAR", .summary = "Shows a calendar's hours",
        .help = "  signoff calendar show office",
        .remote = true, .method = "calendar.get", .params = "calendar",
        .show = remote_show_nested, .run = remote_call,
    },
    {
        .name = "calendar explain", .words = "[DURATION]",
        .summary = "Says when a duration is due, and what counts until then",
        .help = "  signoff calendar explain \"3 workdays\"\n"
                "  signoff calendar explain --from 2026-02-13T15:00:00+08:00 \\\n"
                "    --to 2026-02-28T18:00:00+08:00",
        .options = calendar_explain_options, .remote = true, .method = "calendar.explain",
        .params = "duration", .show = remote_show_calendar_explain, .run = remote_call,
    },
    WRITE_ROW("calendar", "exception add", "exception.add", "CALENDAR DATE [HOURS]",
              "calendar date hours", "Says that a date differs; pending deadlines move with it",
              exception_options,
              "  signoff calendar exception add office 2026-04-06 closed --reason \"Qingming\"\n"
              "  signoff calendar exception add office 2026-05-09 09:00-12:00 --reason \"Made up\""),
    {
        .name = "calendar exception list", .words = "[CALENDAR]",
        .summary = "Lists the dates that differ",
        .help = "  signoff calendar exception list office", .options = limit_options, .remote = true,
        .method = "calendar.exception.list", .params = "calendar",
        .columns = "calendar date hours reason person at:t",
        .empty = "no date differs from what is declared", .run = remote_list,
    },
    WRITE_ROW("calendar", "exception remove", "exception.remove", "CALENDAR DATE",
              "calendar date", "Takes an exception back; pending deadlines move with it",
              exception_options,
              "  signoff calendar exception remove office 2026-04-06 --reason \"Taken back\""),
    {
        .name = "schedule list", .words = "", .summary = "Lists what the team has on a schedule",
        .help = "  signoff schedule list",
        .options = limit_options, .remote = true, .method = "schedule.list",
        .columns = "schedule every next:t last.due:t=last last.cases=opened last.failed=failed",
        .empty = "nothing is on a schedule", .run = remote_list,
    },
    {
        .name = "token add", .words = "[PERSON]",
        .summary = "Makes a token for a person, or for the operator; it is shown once",
        .help = "  signoff token add li --name laptop --expires 2027-01-01T00:00:00+08:00\n"
                "  signoff token add li --name dashboard --scope read\n"
                "  signoff token add li --name intake --scope case.open --scope case.comment\n"
                "  signoff token add --operator --name prometheus --scope read",
        .options = token_options, .remote = true, .method = "token.create", .params = "person",
        .writes = true, .show = remote_show_token, .run = remote_call,
    },
    LIST_ROW("token", "Lists tokens, never themselves", token_list_options,
             "id person name scope created:t expires:t last_use:t revoked:t"),
    WRITE_ROW("token", "revoke", "revoke", "ID", "id", "Ends a token", request_options,
              "  signoff token revoke f7b45c948376"),
    {
        .name = "own show", .words = "", .summary = "Shows what is kept of you", .help = "  signoff own show --as wang",
        .remote = true, .method = "own.get", .show = remote_show_own, .run = remote_call,
    },
    {
        .name = "own update", .words = "", .summary = "Sets your language and channel, and what comes to you by mail and when",
        .help = "People go by the channel when they turn to you; what is mailed to you goes by the rest.\n\n"
                "  signoff own update --language zh\n"
                "  signoff own update --channel message\n"
                "  signoff own update --reminders daily --news console --daily-at 08:30\n\n"
                "WAY is mail (at once), hourly or daily (gathered), or console (not by mail: it stands in\n"
                "your inbox alone); empty: as usual. Whatever you set, an approval with a deadline that\n"
                "waits for you comes by mail as usual, and what is asked of you is never kept out of it.",
        .options = own_options, .remote = true, .method = "own.update", .writes = true, .show = remote_show_own, .run = remote_call,
    },
    {
        .name = "own token list", .words = "", .summary = "Lists where you are signed in: your tokens that are good now",
        .help = "  signoff own token list",
        .options = own_list_options, .remote = true, .method = "own.token.list",
        .columns = "id name scope created:t expires:t last_use:t this",
        .run = remote_list,
    },
    {
        .name = "own token revoke", .words = "ID", .summary = "Ends a token of yours, and what is signed in by it",
        .help = "  signoff own token revoke f7b45c948376", .options = request_options, .remote = true,
        .method = "own.token.revoke", .params = "id", .writes = true, .run = remote_call,
    },
    { 0 },
};
/* clang-format on */
