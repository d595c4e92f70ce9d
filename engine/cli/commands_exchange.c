/* SPDX-License-Identifier: Apache-2.0 */
/* Commands for other programs: data in and out, and assistants. */
#include "commands.h"
#include "remote.h"

/* clang-format off */
static const struct cli_option mcp_options[] = {
    { "read-only", 0, CLI_FLAG, NULL, NULL, "without the tools that change something" },
    { 0 },
};
static const struct cli_option export_options[] = {
    { "format", 0, CLI_TEXT, "csv|json", NULL, "csv when not said; json: one object a line, as --json" },
    { "output", 'o', CLI_TEXT, "FILE", NULL, "into this file, which appears when it is whole" },
    { "bom", 0, CLI_FLAG, NULL, NULL, "begin CSV with a byte order mark, as some spreadsheets want" },
    { "workflow", 'w', CLI_MANY, "NAME", "workflow", "of cases: only of this workflow" },
    { "project", 'p', CLI_TEXT, "PROJECT", "project", "of cases: only in this project" },
    { "client", 0, CLI_TEXT, "CLIENT", "client", "only of this client" },
    { "open", 0, CLI_FLAG, NULL, "open", "of cases: only those that have not ended" },
    { 0 },
};
static const struct cli_option import_options[] = {
    { "from", 0, CLI_TEXT, "SOURCE", NULL, "what the files come from: jira, trello, asana, monday, ..." },
    { "map", 0, CLI_TEXT, "FILE", NULL, "with --from: what becomes what, laid over the source's own map" },
    { "files", 0, CLI_TEXT, "DIR", NULL, "with --from: attachments that lie there are put in" },
    { "print-map", 0, CLI_TEXT, "SOURCE", NULL, "print the source's map, to see it or to begin one's own" },
    { "encoding", 0, CLI_TEXT, "NAME", NULL, "when it is none of UTF-8, UTF-16 and GB18030" },
    { "dry-run", 0, CLI_FLAG, NULL, NULL, "say what it would come to, and change nothing" },
    { "format", 0, CLI_TEXT, "csv|json", NULL, "when the name of the file does not say it" },
    { "workflow", 'w', CLI_TEXT, "NAME", "workflow", "of cases that do not say theirs; with --from of all" },
    { "project", 'p', CLI_TEXT, "PROJECT", "project", "of cases that do not say theirs; with --from of all" },
    { 0 },
};
/* clang-format on */

const struct cli_command cli_commands_exchange[] = {
    {
        .name = "export",
        .words = "KIND",
        .summary =
            "Writes clients, people, projects, members or cases as CSV or JSON; xes: histories",
        .help = "KIND is clients, people, projects, members (who has which role in a project) or\n"
                "cases, with all their fields that you may see; or xes: the histories of cases as\n"
                "an event log for process mining (IEEE 1849). Cells that a spreadsheet would run\n"
                "as formulas have an apostrophe before them, which import takes away again. With\n"
                "--lang zh the columns have Chinese names.\n\n"
                "  signoff export cases --workflow change_request > changes.csv\n"
                "  signoff export people --lang zh --bom -o people.csv\n"
                "  signoff export xes -o log.xes",
        .options = export_options,
        .remote = true,
        .run = remote_export,
    },
    {
        .name = "import",
        .words = "[KIND] [FILE]...",
        .summary =
            "Takes clients, people, projects, members or cases from CSV, JSON or another tool",
        .help =
            "First all of FILE is checked, and every mistake told with its line and cell; only\n"
            "when there is none is anything changed. What is there is changed where the file\n"
            "says otherwise, the rest is made; cases are opened. An empty cell empties, a\n"
            "column that is not there changes nothing. What breaks off all the same, because\n"
            "the server goes or somebody changes the same, is given again: nothing is done\n"
            "twice. FILE - is the standard input. In this order: clients, people, projects,\n"
            "members, cases. CSV may be in UTF-8, UTF-16 or GB18030, with commas, semicolons or "
            "tabs.\n\n"
            "With --from the files are exports of jira, trello, asana, monday, pingcode, "
            "worktile,\n"
            "zoho, hubspot, salesforce or fxiaoke, or csv: a spreadsheet with headings that "
            "people\n"
            "use. Cases come with where they stood and what was said and done, shown as imported,\n"
            "and each key of the other tool gives one case only: given again, the command takes\n"
            "what is new. A map of your own says what is different with you, in JSON:\n"
            "{\"cases\": {\"set\": {\"state\": {\"map\": {\"In Review\": \"working\"}}}}}\n\n"
            "Attachments are told with their names and addresses. With --files DIR those that lie\n"
            "there, as KEY/ID, ID/NAME, ID, KEY/NAME or NAME, are put in instead, with their time\n"
            "and author; nothing is fetched. Give it the first time: what came in as a name is\n"
            "not looked for again.\n\n"
            "In a map each of clients, people, projects, members and cases has \"set\": {WHAT: "
            "RULE},\n"
            "\"when\": only items where one of these says something, and cases have \"history\". A "
            "RULE is\n"
            "a column, a JSON pointer, a list of them, or an object with \"from\" and perhaps "
            "\"join\",\n"
            "\"look\", \"map\", \"as\" (key, time, date, due, flag, number, digest) and \"else\"; "
            "the "
            "printed\n"
            "maps use all of it. \"zone\" is of times that do not say theirs, \"dates\" is dmy or "
            "mdy.\n\n"
            "  signoff import clients clients.csv --dry-run\n"
            "  signoff import cases requests.csv --workflow change_request --project acme-erp\n"
            "  signoff import --print-map jira\n"
            "  signoff import --from jira issues.json --map ours.json --project acme-erp "
            "--dry-run\n"
            "  signoff import --from hubspot contacts.csv",
        .options = import_options,
        .remote = true,
        .run = remote_import,
    },
    {
        .name = "mcp",
        .words = "",
        .summary = "Offers inbox, cases, decisions and reports to an assistant (MCP over stdio)",
        .help =
            "An MCP server for assistants that run programs: revisions 2026-07-28 and 2025-11-25\n"
            "of the Model Context Protocol, one message per line. It has the rights of the\n"
            "person whose token it is started with and no others. A decision is shown first;\n"
            "it is made only when it comes back with the digest of what was shown.\n\n"
            "  signoff mcp --as mei --read-only\n\n"
            "  {\"mcpServers\": {\"signoff\": {\"command\": \"signoff\",\n"
            "    \"args\": [\"mcp\", \"--server\", \"signoff.example:7480\", \"--token-file\", "
            "\"/home/li/signoff.token\"]}}}",
        .options = mcp_options,
        .remote = true,
        .run = remote_mcp,
    },
    { 0 },
};
