/* SPDX-License-Identifier: Apache-2.0 */
/* Commands for other programs: data in and out, and assistants. */
#include "commands.h"
#include "remote.h"

/* clang-format off */
static const struct cli_option mcp_options[] = {
    { "read-only", 0, CLI_FLAG, NULL, NULL, "without the tools that change something" },
    { 0 },
};
/* clang-format on */

const struct cli_command cli_commands_exchange[] = {
    {
        .name = "mcp",
        .words = "",
        .summary = "Offers inbox, cases, decisions and reports to an assistant (MCP over stdio)",
        .help =
            "An MCP server for assistants that run programs: revisions 2026-07-28 and 2025-11-25\n"
            "of the Model Context Protocol, one message per line. It has the rights of the\n"
            "person whose token it is started with and no others. A decision is shown first;\n"
            "it is made only when it comes back with the digest of what was shown.\n\n"
            "  {\"mcpServers\": {\"signoff\": {\"command\": \"signoff\",\n"
            "    \"args\": [\"mcp\", \"--server\", \"signoff.example:7480\", \"--token-file\", "
            "\"/home/li/signoff.token\"]}}}",
        .options = mcp_options,
        .remote = true,
        .run = remote_mcp,
    },
    { 0 },
};
