/* SPDX-License-Identifier: Apache-2.0 */
/* Commands about reports: which there are, and counting one. */
#include "commands.h"
#include "remote.h"

/* clang-format off */
static const struct cli_option report_options[] = {
    { "from", 0, CLI_TEXT, "DATE", "from", "where its period begins; 91 days before its end when not said (project_end: with the project, client_year: a year)" },
    { "to", 0, CLI_TEXT, "DATE", "to", "its last day; today when not said" },
    { "project", 'p', CLI_TEXT, "KEY", "project", "only cases of this project" },
    { "client", 'c', CLI_TEXT, "KEY", "client", "only cases of this client" },
    { "group", 'g', CLI_TEXT, "KEY", "group", "only cases of workflows of this group" },
    { "workflow", 'w', CLI_TEXT, "NAME", "workflow", "only cases of this workflow" },
    { "format", 'f', CLI_TEXT, "text|json|csv|html", NULL, "what is printed: text when not said" },
    { "table", 0, CLI_TEXT, "SECTION.TABLE", "table", "of csv: this table alone" },
    { 0 },
};
/* clang-format on */

const struct cli_command cli_commands_report[] = {
    {
        .name = "report list",
        .words = "",
        .summary = "Lists the reports",
        .help = "  signoff report list",
        .remote = true,
        .method = "report.list",
        .show = remote_show_reports,
        .run = remote_call,
    },
    {
        .name = "report",
        .words = "NAME",
        .summary = "Counts a report from the cases and their histories",
        .help =
            "Below it stands what each figure means. As html it is a page to read and print, as "
            "csv\n"
            "a file for spreadsheets.\n\n"
            "  signoff report summary\n"
            "  signoff report deadlines --project acme-erp --from 2026-01-01 --to 2026-03-31\n"
            "  signoff report waiting --client acme --format html > waiting.html\n"
            "  signoff report project_end --project acme-erp --format html > end.html\n"
            "  signoff report client_year --client acme --from 2026-01-01 --to 2026-12-31\n"
            "  signoff report cycle_time --format csv --table cycle_time.by_workflow > cycle.csv",
        .options = report_options,
        .remote = true,
        .method = "report.get",
        .params = "report",
        .run = remote_report,
    },
    { 0 },
};
