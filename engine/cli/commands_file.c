/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on files, and certificates, which are kept as files. Those of several calls name no
 * method. */
#include "commands.h"
#include "proof.h"
#include "remote.h"

/* clang-format off */
#define ATTACH_OPTIONS \
    { "shared", 0, CLI_FLAG, NULL, "shared", "the client sees it too" }, \
    { "field", 'f', CLI_TEXT, "NAME", "field", "a field of files that shall hold it too" }, \
    { "comment", 'm', CLI_TEXT, "TEXT", "comment", "what it is about" }, \
    REQUEST_OPTION

static const struct cli_option attach_options[] = { ATTACH_OPTIONS, { 0 } };
static const struct cli_option put_options[] = {
    { "type", 0, CLI_TEXT, "TYPE", NULL, "its media type, such as application/pdf" },
    ATTACH_OPTIONS, { 0 },
};

static const struct cli_option certificate_options[] = {
    { "html", 0, CLI_FLAG, NULL, NULL, "a page to read, print and keep" },
    { "approval", 0, CLI_TEXT, "STATE", "approval", "of which approval, when not the last decision" },
    { "round", 0, CLI_INTEGER, "N", "round", "of which round, when not its last" },
    { "output", 'o', CLI_TEXT, "FILE", NULL, "write it there" },
    { 0 },
};

const struct cli_command cli_commands_file[] = {
    {
        .name = "file put", .words = "CASE PATH",
        .summary = "Uploads a file and attaches it to a case; internal unless --shared",
        .help = "  signoff file put CR-1 offer.pdf --shared\n"
                "  signoff file put AC-3 report.pdf --field report",
        .options = put_options, .remote = true, .params = "case", .writes = true,
        .run = remote_file_put,
    },
    {
        .name = "file get", .words = "FILE [PATH]",
        .summary = "Fetches a file; signoff case show lists those of a case",
        .help = "Without PATH it is written into the current folder under its own name; - is the\n"
                "standard output. What is there already is never overwritten.\n\n"
                "  signoff file get f-8c1d\n"
                "  signoff file get f-8c1d - | less",
        .remote = true, .params = "file", .run = remote_file_get,
    },
    {
        .name = "case attach", .words = "CASE FILE",
        .summary = "Attaches an uploaded file to a case, or shares one it has",
        .help = "  signoff case attach CR-1 f-8c1d --shared",
        .options = attach_options, .remote = true, .method = "case.attach",
        .params = "case file", .writes = true, .show = remote_show_change, .run = remote_call,
    },
    {
        .name = "certificate", .words = "CASE",
        .summary = "Proves a decision: signed, to be verified without the server",
        .help = "Without --html, --json and --output it is verified and told in words.\n\n"
                "  signoff certificate CR-1\n"
                "  signoff certificate CR-1 --html --output cr-1.html\n"
                "  signoff certificate CR-1 --json > cr-1.json\n"
                "  signoff verify cr-1.json",
        .options = certificate_options, .remote = true, .params = "case",
        .run = remote_certificate,
    },
    { 0 },
};
/* clang-format on */
