/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that work on a site's folder. */
#include "backup_file.h"
#include "commands.h"
#include "local.h"

/* clang-format off */
static const struct cli_option init_options[] = {
    { "missing", 0, CLI_FLAG, NULL, NULL, "leave a site that is there as it is, and say no more" },
    { "demo", 0, CLI_FLAG, NULL, NULL, "with a client, its project and seven people to play with" },
    { 0 },
};

static const struct cli_option serve_options[] = {
    { "listen", 'l', CLI_TEXT, "HOST:PORT", NULL, "where to listen; port 0 takes a free one; off: only the socket" },
    { "http", 0, CLI_TEXT, "HOST:PORT", NULL, "where to listen for HTTP and WebSocket; off: not at all, as with --listen alone" },
    { "data", 0, CLI_TEXT, "DIR", NULL, "folder of the database and the files (DIR/data)" },
    { "store", 0, CLI_TEXT, "URL", NULL, "database to keep all but the files in: postgres://USER@HOST/DATABASE" },
    { "check-config", 0, CLI_FLAG, NULL, NULL, "say every mistake in the settings, and serve nothing" },
    { "print-config", 0, CLI_FLAG, NULL, NULL, "print every setting with where it is from, and serve nothing" },
    { "clock", 0, CLI_TEXT, "TIME", NULL, "begin a new site on virtual time, such as 2026-01-05T09:00:00+08:00" },
    { 0 },
};

static const struct cli_option reference_options[] = {
    { "format", 'f', CLI_TEXT, "WORD", NULL, "page (when not said), lua: annotations for editors, luacheck, luarc" },
    { 0 },
};

static const struct cli_option graph_options[] = {
    { "format", 'f', CLI_TEXT, "WORD", NULL, "mermaid (when not said), dot, or svg, which the program dot draws" },
    { "output", 'o', CLI_TEXT, "FILE", NULL, "into this file and not to the terminal; FOLDER/: every workflow into it" },
    { 0 },
};

static const struct cli_option check_options[] = {
    { "strict", 0, CLI_FLAG, NULL, NULL, "ends with 1 for warnings, too" },
    { "sarif", 0, CLI_FLAG, NULL, NULL, "prints SARIF 2.1.0, for build servers and editors" },
    { "list", 0, CLI_FLAG, NULL, NULL, "lists the kinds of findings" },
    { "explain", 0, CLI_TEXT, "ID", NULL, "says why a kind of finding matters, and what would be right" },
    { "reference", 0, CLI_FLAG, NULL, NULL, "prints the page of all kinds, in Markdown" },
    { "data", 0, CLI_TEXT, "DIR", NULL, "folder of the database (DIR/data)" },
    { "store", 0, CLI_TEXT, "URL", NULL, "database to keep all but the files in: postgres://USER@HOST/DATABASE" },
    { 0 },
};

static const struct cli_option test_options[] = {
    { "filter", 'f', CLI_TEXT, "TEXT", NULL, "only tests whose name holds this" },
    { "coverage", 0, CLI_FLAG, NULL, NULL, "say what no test has reached" },
    { "min-coverage", 0, CLI_TEXT, "PERCENT", NULL, "fail when less of the workflows was reached" },
    { "words", 0, CLI_FLAG, NULL, NULL, "print the words that a test file knows" },
    { "junit", 0, CLI_TEXT, "FILE", NULL, "write the results as JUnit XML" },
    { "html", 0, CLI_TEXT, "FILE", NULL, "write a page: results, and the sources with what was reached" },
    { 0 },
};

static const struct cli_option verify_options[] = {
    { "heads", 0, CLI_TEXT, "FILE", NULL, "of a site: signed heads from elsewhere, a copy of its heads.json" },
    { "data", 0, CLI_TEXT, "DIR", NULL, "folder of the database (DIR/data)" },
    { "store", 0, CLI_TEXT, "URL", NULL, "database to keep all but the files in: postgres://USER@HOST/DATABASE" },
    { "key", 0, CLI_TEXT, "HEX", NULL, "the site's public key, as signoff info shows it" },
    { 0 },
};

static const struct cli_option restore_options[] = {
    { "resend", 0, CLI_FLAG, NULL, NULL, "deliveries and mail go on where the backup was: what was told since is told again" },
    { 0 },
};

static const struct cli_option replay_options[] = {
    { "on", 0, CLI_TEXT, "SITE", NULL, "the site whose histories are replayed (.)" },
    { "team", 0, CLI_TEXT, "TEAM", NULL, "its team; else the one DIR is named after" },
    { "data", 0, CLI_TEXT, "DIR", NULL, "folder of the database (SITE/data)" },
    { "store", 0, CLI_TEXT, "URL", NULL, "database to keep all but the files in: postgres://USER@HOST/DATABASE" },
    { "limit", 'n', CLI_TEXT, "N", NULL, "decisions that are named of each kind (10)" },
    { 0 },
};

static const struct cli_option copy_options[] = {
    { "to", 0, CLI_TEXT, "PLACE", NULL, "where to: postgres://USER@HOST/DATABASE, or a folder (SQLite)" },
    { "from", 0, CLI_TEXT, "PLACE", NULL, "where from, in the same form; else the store that the site is in" },
    { 0 },
};
/* clang-format on */

const struct cli_command cli_commands_site[] = {
    {
        .name = "init",
        .words = "DIR",
        .summary = "Makes a site: a folder with settings, a team and its keys",
        .help =
            "The folder must be missing or empty. It gets signoff.ini, teams/demo/team.lua "
            "with the\n"
            "shipped workflows and a first test, the site's key, what editors need to know of the\n"
            "language (.luarc.json, .luacheckrc, .signoff/meta), and two tokens that only you "
            "can read:\n"
            "admin.token of a lead of team demo, operator.token of whoever runs the server.\n\n"
            "  signoff init site --demo\n"
            "  signoff serve site",
        .options = init_options,
        .run = local_init,
    },
    {
        .name = "serve",
        .words = "DIR",
        .summary = "Serves a site until it is told to stop",
        .help =
            "Listens on 127.0.0.1:7480, for HTTP on 127.0.0.1:7481, and on DIR/signoff.sock "
            "unless\n"
            "told otherwise; --listen alone means no HTTP. SIGTERM and SIGINT stop it when what "
            "it\n"
            "has taken is done; SIGHUP reads the teams' scripts and the certificate again.\n\n"
            "A site begun with --clock has a time of its own that moves only by clock advance.\n\n"
            "The database lies in DIR/data (SQLite), or on a PostgreSQL server, 14 or later, that\n"
            "--store or url of [store] in signoff.ini names: an empty database of Signoff's own, "
            "with\n"
            "UTF8. Its password is best kept where PGPASSFILE says (~/.pgpass) or in PGPASSWORD: "
            "an\n"
            "address with one is hidden from the list of processes only once the server has "
            "begun.\n\n"
            "A setting is taken from an option, else from the environment (SIGNOFF_NET_LISTEN),\n"
            "else from DIR/signoff.ini, else from its default: signoff reference settings.\n"
            "--check-config looks at all of them, and at what they name, before a start does:\n"
            "every mistake with its file and line, and 1 as exit code when there is one. It\n"
            "opens no port and no store and changes nothing.\n\n"
            "Several servers may serve one site on PostgreSQL side by side, each from a copy of "
            "its\n"
            "folder, on real time, which is then the database's; signoff node list names them.\n\n"
            "  signoff serve site\n"
            "  signoff serve site --listen 127.0.0.1:7480 --http 127.0.0.1:8080\n"
            "  signoff serve site --check-config\n"
            "  signoff serve site --print-config --json\n"
            "  signoff serve site --listen 127.0.0.1:0 --clock 2026-01-05T09:00:00+08:00\n"
            "  PGPASSFILE=/etc/signoff/pgpass signoff serve site --store "
            "postgres://signoff@db/signoff",
        .options = serve_options,
        .run = local_serve,
    },
    {
        .name = "check",
        .words = "[PATH]...",
        .summary = "Checks the scripts of a site, of a team, of a folder, or single ones",
        .help = "PATH is a site, a team's folder, a folder of workflows, a script or a test; else "
                "the\n"
                "current folder is taken. Says everything at once: what the engine cannot run\n"
                "(errors), and what is most likely not meant (warnings), each with its place, the\n"
                "line and what would be right. Runs nothing but the scripts themselves. Needs no\n"
                "server; of a site that has data it says what workflow reload would say: the "
                "server\n"
                "that runs on it is asked, else its store is looked at and left as it is.\n\n"
                "A warning is allowed at its line, or from a line of its own right above:\n\n"
                "  -- signoff: allow event-nobody: the bank fires it\n\n"
                "Ends with 0 when there are no errors (with --strict: no warnings either), with 1 "
                "when\n"
                "there are, with 2 when it was not understood.\n\n"
                "  signoff check site\n"
                "  signoff check site/teams/demo --strict\n"
                "  signoff check site/teams/demo/workflows/visit.lua --sarif > findings.sarif\n"
                "  signoff check --explain approval-one-person",
        .options = check_options,
        .run = local_check,
    },
    {
        .name = "test",
        .words = "[PATH]",
        .summary = "Runs the tests of workflows on virtual time",
        .help =
            "PATH is a site, a team's folder, a folder of workflows or one test file; else the "
            "current\n"
            "folder is taken. Tests stand beside a\n"
            "workflow in WORKFLOW_test.lua; each runs on an engine, a store and a clock of its "
            "own,\n"
            "from Monday 2026-01-05 09:00 on. A folder without a team.lua is taken for the "
            "workflows of\n"
            "a team that works from 09:00 to 12:00 and from 13:30 to 18:00 in Shanghai.\n\n"
            "  people { li = \"pm\", mei = { \"client\", of = \"acme\" } }\n"
            "  test \"silence for ten working days is deemed acceptance\" (function(t)\n"
            "    local c = t:open(\"acceptance\", { by = \"li\", fields = { deliverable = "
            "\"Release 2\" } })\n"
            "    c:fire(\"serve\", { by = \"li\", data = { served = t:now() } })\n"
            "    t:advance \"10 workdays\"\n"
            "    c:expect { state = \"accepted\", outcome = \"deemed\" }\n"
            "  end)\n\n"
            "Ends with 1 when a test fails or too little was reached, with 2 when it was called "
            "wrongly.\n\n"
            "  signoff test site/teams/demo --coverage\n"
            "  signoff test site --junit results.xml --html coverage.html --min-coverage 100",
        .options = test_options,
        .run = local_test,
    },
    {
        .name = "reference",
        .words = "[WORD]",
        .summary = "Prints the rule language: every word, what it takes and where it may stand",
        .help = "With --format lua annotations that editors complete and check by; init puts them\n"
                "into a new site, with the settings of the Lua language server and of luacheck.\n\n"
                "  signoff reference\n"
                "  signoff reference approval\n"
                "  signoff reference --format lua > site/.signoff/meta/signoff.lua",
        .options = reference_options,
        .run = local_reference,
    },
    {
        .name = "reference settings",
        .words = "",
        .summary = "Prints the settings of signoff.ini: each with its type, bounds, default and "
                   "variable",
        .help = "What they are on a site, and where each is from: signoff serve DIR "
                "--print-config.\n\n"
                "  signoff reference settings\n"
                "  signoff reference settings --json",
        .run = local_settings,
    },
    {
        .name = "reference man",
        .words = "[PAGE]",
        .summary = "Prints a page of the manual as roff: signoff (1), or signoff.ini (5)",
        .help = "  signoff reference man > signoff.1\n"
                "  signoff reference man signoff.ini | man -l -",
        .run = local_man,
    },
    {
        .name = "reference completion",
        .words = "SHELL",
        .summary = "Prints what bash or zsh completes a command line by",
        .help = "For this shell alone, and for good where zsh looks ($fpath):\n\n"
                "  source <(signoff reference completion bash)\n"
                "  signoff reference completion zsh > ~/.zfunc/_signoff",
        .run = local_completion,
    },
    {
        .name = "graph",
        .words = "WHAT [WORKFLOW]",
        .summary = "Draws a workflow: states, approvals, deadlines and what leads where",
        .help =
            "WHAT is a workflow's file, the folder of a team, of workflows or of a site with one\n"
            "team, or the name of a shipped workflow. With a folder as --output every workflow is\n"
            "drawn into a file of its own. Mermaid is drawn by many pages and editors, an SVG by\n"
            "the program dot of Graphviz. Needs no server.\n\n"
            "  signoff graph change_request\n"
            "  signoff graph change_request --format svg --lang zh --output change.svg\n"
            "  signoff graph site/teams/demo/workflows/visit.lua --format dot | dot -Tpng > v.png\n"
            "  signoff graph site issue\n"
            "  signoff graph site --format svg --output drawings/",
        .options = graph_options,
        .run = local_graph,
    },
    {
        .name = "backup",
        .words = "FILE",
        .summary = "Makes a backup of a site while it is served (operator)",
        .help =
            "FILE must not be there yet; it appears whole or not at all, readable by you alone. "
            "It\n"
            "is a tar archive with the database as it is when the command begins, all attached\n"
            "files, and, when made on the server's machine (in the site's folder, or with "
            "--site),\n"
            "signoff.ini, teams/, tokens and the site's secret key: keep it as safe as the site.\n"
            "Files elsewhere that signoff.ini names (of TLS and mail) are not in it, and are "
            "said.\n\n"
            "The site goes on meanwhile. The copy takes room beside the database, as large as it,\n"
            "and the log of what is written meanwhile is kept until it is made. signoff health\n"
            "says when the last one was.\n\n"
            "A site on PostgreSQL has pg_dump for that, while it is served:\n\n"
            "  pg_dump --format=custom --schema=signoff --file=signoff.dump \\\n"
            "          postgres://postgres@db/signoff\n\n"
            "  signoff backup monday.signoff --site site\n"
            "  signoff verify monday.signoff\n"
            "  signoff restore monday.signoff restored",
        .remote = true,
        .run = remote_backup,
    },
    {
        .name = "restore",
        .words = "FILE DIR",
        .summary = "Makes a site of a backup, in a folder that is missing or empty",
        .help =
            "All of it is verified first: every byte, the database, every entry's number and "
            "hash,\n"
            "every case against its entries, attached files, and the signed heads. What is cut,\n"
            "changed or strange is refused with its place, and leaves nothing.\n\n"
            "Deliveries and mail begin behind the last entry, since what the backup had not told\n"
            "yet may have been told since; with --resend they go on where they were. Sign-in "
            "links\n"
            "and browsers' sessions have ended. Tokens and sign-off links are as they were then.\n"
            "What was decided after the backup is not there: its requests can be sent again.\n\n"
            "  signoff restore monday.signoff restored\n"
            "  signoff serve restored",
        .options = restore_options,
        .run = local_restore,
    },
    {
        .name = "verify",
        .words = "DIR",
        .summary = "Verifies the histories of a site, a backup, or a certificate of a decision",
        .help =
            "Follows the chain of every team's entries from the first to the last, and folds "
            "every\n"
            "case from its entries against its row. Where a server runs on the site it is asked "
            "to,\n"
            "with DIR/operator.token. A team's lead can ask it too: signoff audit verify.\n\n"
            "The server signs every team's last entry when it starts and stops, and every hour,\n"
            "in DIR/heads.json: a history that was cut or written anew since is found. Who could\n"
            "change that file could sign, too: keep copies elsewhere, and give one as --heads.\n"
            "A site that was put back to an older state on purpose goes on when DIR/heads.json is\n"
            "moved away.\n\n"
            "Where DIR is a file it is a backup, which is unpacked and verified in TMPDIR, or a\n"
            "certificate, a page or JSON; neither needs a site. Ends with 1 when something is not\n"
            "as it was written.\n\n"
            "  signoff verify site\n"
            "  signoff verify site --heads friday.json\n"
            "  signoff verify monday.signoff\n"
            "  signoff verify cr-1.html",
        .options = verify_options,
        .run = local_verify,
    },
    {
        .name = "replay",
        .words = "DIR",
        .summary = "Says which recorded decisions would be different by changed scripts",
        .help =
            "DIR is a team's folder with the changed scripts. Every event, ballot, edit, task and\n"
            "deadline in the site's histories is decided again, each on its case as it then "
            "was.\n"
            "Nothing is written; no server may run on the site, so take a copy of one that "
            "does.\n\n"
            "  signoff replay new/delivery --on site\n"
            "  signoff replay new/delivery --on site --limit 100000 --json",
        .options = replay_options,
        .run = local_replay,
    },
    {
        .name = "store copy",
        .words = "DIR",
        .summary = "Copies a site into another store: from SQLite to PostgreSQL, and back",
        .help =
            "Copies all entries, cases, data and settings, checks every entry's hash and number "
            "and\n"
            "every case against its entries, and then reads the copy back and compares it. What "
            "it\n"
            "is copied from is left as it is. Attached files lie in DIR/data/files whatever the "
            "store\n"
            "is, and stay there.\n\n"
            "No server may run on either of the two. The target must be empty, or what a copy of\n"
            "this site that was broken off has left: then it goes on. Until a copy has ended no\n"
            "server takes it.\n\n"
            "  signoff store copy site --to postgres://signoff@db/signoff\n"
            "  signoff store copy site --from postgres://signoff@db/signoff --to site/data",
        .options = copy_options,
        .run = local_copy,
    },
    { 0 },
};
