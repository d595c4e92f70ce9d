/* SPDX-License-Identifier: Apache-2.0 */
/* A rehearsal as a page: what cannot come and why, then what would be another, most cases first. */
#include "json.h"
#include "remote.h"
#include "say.h"
#include "site.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 65536

static const char *say(const struct cli *cli, const char *english) __attribute__((format_arg(2)));

static const char *
say(const struct cli *cli, const char *english)
{
    return sgn_say(cli->language, english);
}

/* In the order of a page: what stops a case first, then what cannot be taken back. */
static const struct {
    const char *kind, *what, *said;
} kinds[] = {
    { "stuck", NULL, "%lld cannot come: %s" },
    { "ends", NULL, "%lld end: %s" },
    { "at_once", NULL, "%lld have a step that is due at once: %s" },
    { "void", NULL, "%lld lose ballots in %s" },
    { "dropped", NULL, "%lld lose the field %s" },
    { "deadline", "moved", "%lld have the deadline %s moved" },
    { "deadline", "gone", "%lld have the deadline %s no more" },
    { "deadline", "new", "%lld have the deadline %s new" },
    { "owner", NULL, "%lld have another owner in %s" },
    { "task", NULL, "%lld lose the tick at %s" },
    { "forgotten", NULL, "%lld forget where they were: %s" },
    { "states", NULL, "%lld stand in %s then" },
};

static bool
is_text(const json_t *object, const char *name, const char *text)
{
    const char *its = sgn_json_str(object, name);

    return its == text || (its != NULL && text != NULL && strcmp(its, text) == 0);
}

/* "  CR-1  2026-01-06 18:00 → 2026-01-08 18:00" */
static void
show_case(const struct cli *cli, const json_t *item)
{
    static const char *const names[] = { "message", "person", "choice" };
    const json_t *was = json_object_get(item, "was"), *due = json_object_get(item, "due");
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (sgn_json_str(item, names[i]) != NULL)
            sgn_buf_printf(&text, "%s%s", text.len > 0 ? ", " : "", sgn_json_str(item, names[i]));
    if (json_is_string(was))
        cli_time_put(&text, was);
    else if (was != NULL)
        cli_value_put(&text, was);
    if (was != NULL && due != NULL)
        sgn_buf_puts(&text, " → ");
    if (due != NULL)
        cli_time_put(&text, due);
    fprintf(cli->output.out, "      %s  ", sgn_json_str(item, "case"));
    cli_text_lines(&cli->output, text.bytes != NULL ? text.bytes : "", 8,
                   8 + (int)strlen(sgn_json_str(item, "case")));
    sgn_buf_deinit(&text);
}

static void
show_group(const struct cli *cli, const json_t *group, const char *said)
{
    const json_t *cases = json_object_get(group, "cases"), *item;
    const char *about = sgn_json_str(group, "about");
    long long count = sgn_json_int(group, "count", 0);
    struct sgn_buf text;
    size_t i;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_printf(&text, say(cli, said), count, about != NULL ? about : "");
    fprintf(cli->output.out, "    ");
    cli_text_lines(&cli->output, text.bytes != NULL ? text.bytes : "", 6, 4);
    json_array_foreach(cases, i, item)
        show_case(cli, item);
    sgn_buf_deinit(&text);
}

static void
show_groups(const struct cli *cli, const json_t *groups)
{
    const json_t *group;
    size_t i;

    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
        json_array_foreach(groups, i, group)
            if (is_text(group, "kind", kinds[k].kind) && is_text(group, "what", kinds[k].what))
                show_group(cli, group, kinds[k].said);
}

static void
show_report(const struct cli *cli, const json_t *report)
{
    const struct cli_output *o = &cli->output;
    const json_t *ballots = json_object_get(report, "ballots");
    json_t *number;
    const char *version;

    fprintf(o->out, "%s%s%s: ", cli_style(o->colour, CLI_BOLD), sgn_json_str(report, "workflow"),
            cli_style(o->colour, CLI_PLAIN));
    fprintf(o->out, say(cli, "version %lld, %lld open cases of other versions"),
            (long long)sgn_json_int(report, "version", 0),
            (long long)sgn_json_int(report, "cases", 0));
    json_object_foreach(json_object_get(report, "versions"), version, number)
        fprintf(o->out, " (%s: %lld)", version, (long long)json_integer_value(number));
    fprintf(o->out, "\n  ");
    fprintf(o->out, say(cli, "%lld stay as they are, %lld come with changes, %lld cannot come"),
            (long long)sgn_json_int(report, "unchanged", 0),
            (long long)sgn_json_int(report, "changed", 0),
            (long long)sgn_json_int(report, "stuck", 0));
    fprintf(o->out, "\n  ");
    fprintf(o->out, say(cli, "ballots: %lld stand, %lld are void"),
            (long long)sgn_json_int(ballots, "kept", 0),
            (long long)sgn_json_int(ballots, "void", 0));
    fprintf(o->out, "\n");
    show_groups(cli, json_object_get(report, "groups"));
}

static void
show(const struct cli *cli, const json_t *result)
{
    const json_t *report;
    size_t i;
    int64_t stuck = 0;

    json_array_foreach(json_object_get(result, "workflows"), i, report) {
        show_report(cli, report);
        stuck += sgn_json_int(report, "stuck", 0);
    }
    fprintf(cli->output.out, "%s\n",
            say(cli, stuck > 0 ? "Nothing was changed. What cannot come stays where it is: name "
                                 "its states in migrate, or correct the cases first."
                               : "Nothing was changed. Put the scripts in force with workflow "
                                 "reload, then bring the cases with workflow migrate."));
}

enum sgn_status
remote_rehearse(struct cli *cli, struct sgn_error *err)
{
    const char *dir = cli_word(&cli->args, 0);
    struct client *client = NULL;
    json_t *params = NULL, *files = NULL, *result = NULL;
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK && dir != NULL)
        st = site_team_files(dir, &files, err);
    if (st == SGN_OK && files != NULL && json_object_set(params, "files", files) != 0)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = client_call(client, "workflow.rehearse", params, &result, err);
    if (st == SGN_OK && cli->output.json)
        cli_print_json(&cli->output, result);
    else if (st == SGN_OK)
        show(cli, result);
    client_free(client);
    json_decref(params);
    json_decref(files);
    json_decref(result);
    return st;
}
