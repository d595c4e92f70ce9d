/* SPDX-License-Identifier: Apache-2.0 */
/* A rehearsal as a page: what cannot come and why, then what would be another, most cases first. */
#include "json.h"
#include "local_engine.h"
#include "remote.h"
#include "remote_stuck.h"
#include "say.h"
#include "site.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX    65536
#define CASES_SHOWN 3 /* of each group, without --limit */

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
    { "ends", NULL, "%lld end at once: %s" },
    { "at_once", NULL, "%lld have a step that is due at once: %s" },
    { "void", NULL, "%lld lose ballots in %s" },
    { "dropped", NULL, "%lld lose the field %s" },
    { "deadline", "moved", "%lld have another due time for %s" },
    { "deadline", "gone", "%lld have no deadline any more for %s" },
    { "deadline", "new", "%lld get a deadline for %s" },
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

/* ---- the cases of a group ---- */

static void
value_put(const struct cli *cli, struct sgn_buf *buf, const json_t *value)
{
    if (json_is_string(value) && cli_time_ms(value) > 0)
        cli_time_put(buf, value);
    else if (json_is_object(json_object_get(value, "offer")) ||
             json_is_array(json_object_get(value, "offer"))) {
        struct sgn_buf whom;
        sgn_buf_init(&whom, TEXT_MAX);
        cli_who_put(&whom, json_object_get(value, "offer"));
        sgn_buf_printf(buf, say(cli, "offered to %s"), whom.bytes != NULL ? whom.bytes : "?");
        sgn_buf_deinit(&whom);
    } else {
        cli_value_put(buf, value);
    }
}

/* "CR-1: 2026-01-06 18:00 → 2026-01-08 18:00"; a case about which there is no more to say by its
 * key alone. Says whether there was more. */
static bool
case_put(const struct cli *cli, struct sgn_buf *buf, const json_t *item)
{
    const json_t *was = json_object_get(item, "was"), *is = json_object_get(item, "due");
    const char *person = sgn_json_str(item, "person"), *giver = sgn_json_str(item, "on_behalf");
    const char *choice = sgn_json_str(item, "choice_title");
    const char *stood = sgn_json_str(item, "was_title");

    is = is != NULL ? is : json_object_get(item, "owner");
    sgn_buf_puts(buf, sgn_json_str(item, "case"));
    if (was == NULL && is == NULL && person == NULL)
        return false;
    sgn_buf_puts(buf, say(cli, ": "));
    if (person != NULL && giver != NULL)
        sgn_buf_printf(buf, say(cli, "%s for %s"), person, giver);
    else if (person != NULL)
        sgn_buf_puts(buf, person);
    if (choice != NULL)
        sgn_buf_printf(buf, say(cli, " (%s)"), choice);
    if (stood != NULL)
        sgn_buf_puts(buf, stood);
    else if (was != NULL)
        value_put(cli, buf, was);
    if (was != NULL && is != NULL)
        sgn_buf_puts(buf, " → ");
    if (is != NULL)
        value_put(cli, buf, is);
    return true;
}

/* The first cases, those with nothing to add on one line; then how many more there are. */
static void
show_cases(const struct cli *cli, const json_t *group)
{
    const json_t *cases = json_object_get(group, "cases"), *item;
    bool all = cli_given(&cli->args, "limit"), more = false;
    size_t most = all ? json_array_size(cases) : CASES_SHOWN;
    long long n = sgn_json_int(group, "count", 0);
    struct sgn_buf text, keys;
    size_t i;

    sgn_buf_init(&keys, TEXT_MAX);
    json_array_foreach(cases, i, item) {
        if (i >= most)
            break;
        sgn_buf_init(&text, TEXT_MAX);
        more = case_put(cli, &text, item);
        if (more) {
            fprintf(cli->output.out, "        ");
            cli_text_lines(&cli->output, text.bytes != NULL ? text.bytes : "", 10, 8);
        } else {
            sgn_buf_printf(&keys, "%s%s", keys.len > 0 ? say(cli, ", ") : "",
                           text.bytes != NULL ? text.bytes : "");
        }
        sgn_buf_deinit(&text);
    }
    if (n > (long long)i)
        sgn_buf_printf(&keys, say(cli, keys.len > 0 ? " and %lld more" : "and %lld more"),
                       n - (long long)i);
    if (keys.len > 0) {
        fprintf(cli->output.out, "        ");
        cli_text_lines(&cli->output, keys.bytes, 8, 8);
    }
    sgn_buf_deinit(&keys);
}

/* ---- groups ---- */

static void
show_group(const struct cli *cli, const json_t *group, const char *said)
{
    struct sgn_buf text, about;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_init(&about, TEXT_MAX);
    remote_about_put(&about, cli->language, group);
    sgn_buf_printf(&text, say(cli, said), (long long)sgn_json_int(group, "count", 0),
                   about.bytes != NULL ? about.bytes : "");
    fprintf(cli->output.out, "    ");
    cli_text_lines(&cli->output, text.bytes != NULL ? text.bytes : "", 6, 4);
    show_cases(cli, group);
    sgn_buf_deinit(&about);
    sgn_buf_deinit(&text);
}

/* Why, which, and what would help. */
static void
show_stuck(const struct cli *cli, const json_t *group)
{
    const json_t *first = json_array_get(json_object_get(group, "cases"), 0);
    char *why = sgn_say_text(cli->language, sgn_json_str(first, "message"));
    const char *advice = remote_stuck_advice(cli->language, sgn_json_str(group, "reason"));
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_printf(&text, say(cli, "%lld cannot come: %s"),
                   (long long)sgn_json_int(group, "count", 0), why != NULL ? why : "?");
    fprintf(cli->output.out, "    ");
    cli_text_lines(&cli->output, text.bytes != NULL ? text.bytes : "", 6, 4);
    show_cases(cli, group);
    if (advice != NULL) {
        fprintf(cli->output.out, "      → ");
        cli_text_lines(&cli->output, advice, 8, 8);
    }
    sgn_buf_deinit(&text);
    free(why);
}

static void
show_groups(const struct cli *cli, const json_t *groups)
{
    const json_t *group;
    size_t i;

    json_array_foreach(groups, i, group)
        if (is_text(group, "kind", "stuck"))
            show_stuck(cli, group);
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
        json_array_foreach(groups, i, group)
            if (is_text(group, "kind", kinds[k].kind) && is_text(group, "what", kinds[k].what))
                show_group(cli, group, kinds[k].said);
}

/* ---- one workflow ---- */

/* "3 open cases are of other versions: 2 of version 1, 1 of version 2" */
static void
show_heading(const struct cli *cli, const json_t *report)
{
    const struct cli_output *o = &cli->output;
    long long cases = sgn_json_int(report, "cases", 0);
    const char *version, *before = ": ";
    json_t *number;

    fprintf(o->out, "%s%s%s: ", cli_style(o->colour, CLI_BOLD), sgn_json_str(report, "workflow"),
            cli_style(o->colour, CLI_PLAIN));
    if (cases == 0)
        fprintf(o->out, say(cli, "no open case is of another version than %lld: nothing to do"),
                (long long)sgn_json_int(report, "version", 0));
    else
        fprintf(o->out, say(cli, "%lld open cases would come to version %lld"), cases,
                (long long)sgn_json_int(report, "version", 0));
    json_object_foreach(json_object_get(report, "versions"), version, number) {
        fprintf(o->out, "%s", say(cli, before));
        fprintf(o->out, say(cli, "%lld are of version %s"), (long long)json_integer_value(number),
                version);
        before = ", ";
    }
    fprintf(o->out, "\n");
}

static void
show_count(const struct cli *cli, const char *said, long long n)
{
    if (n == 0)
        return;
    fprintf(cli->output.out, "  ");
    fprintf(cli->output.out, say(cli, said), n);
    fprintf(cli->output.out, "\n");
}

static void
show_report(const struct cli *cli, const json_t *report)
{
    const json_t *ballots = json_object_get(report, "ballots");
    long long kept = sgn_json_int(ballots, "kept", 0), gone = sgn_json_int(ballots, "void", 0);

    show_heading(cli, report);
    show_count(cli, "%lld come and stand as before: same state, deadlines and ballots",
               sgn_json_int(report, "unchanged", 0));
    show_count(cli, "%lld come, and something is another for them",
               sgn_json_int(report, "changed", 0));
    show_count(cli, "%lld cannot come, and stay at their version until that is mended",
               sgn_json_int(report, "stuck", 0));
    if (kept + gone > 0) {
        fprintf(cli->output.out, "  ");
        fprintf(cli->output.out, say(cli, "ballots cast in open rounds: %lld stand, %lld are void"),
                kept, gone);
        fprintf(cli->output.out, "\n");
    }
    show_groups(cli, json_object_get(report, "groups"));
}

/* What to do next, with the names that it takes. A rehearsal that found cases which cannot come
 * fails, like a check that found a mistake. */
static void
show(struct cli *cli, const json_t *result)
{
    const json_t *report;
    size_t i;
    int64_t stuck = 0;

    json_array_foreach(json_object_get(result, "workflows"), i, report) {
        show_report(cli, report);
        stuck += sgn_json_int(report, "stuck", 0);
    }
    fprintf(cli->output.out, "%s\n",
            say(cli, stuck > 0
                         ? "Nothing was changed. Mend the scripts and rehearse again; what still "
                           "cannot come is left by workflow migrate, and can come later."
                         : "Nothing was changed. To do it: signoff workflow reload puts the "
                           "scripts in force, signoff workflow migrate brings the cases."));
}

static bool
is_stuck(const json_t *result)
{
    const json_t *report;
    size_t i;

    json_array_foreach(json_object_get(result, "workflows"), i, report)
        if (sgn_json_int(report, "stuck", 0) > 0)
            return true;
    return false;
}

void
remote_show_rehearsal(struct cli *cli, const json_t *result)
{
    if (cli->output.json)
        cli_print_json(&cli->output, result);
    else
        show(cli, result);
    if (is_stuck(result))
        cli->exit_code = CLI_FAILED;
}

/* By an engine of our own, on the store of a site that no server runs on. */
static enum sgn_status
rehearse_here(struct cli *cli, const char *site, const json_t *params, json_t **out,
              struct sgn_error *err)
{
    struct local_engine engine = { 0 };
    char team[SGN_KEY_MAX + 1];
    enum sgn_status st = local_engine_init(&engine, cli, site, err);

    if (st == SGN_OK)
        st = local_engine_team(&engine, cli_option(&cli->args, "team"), cli_word(&cli->args, 0),
                               team, err);
    if (st == SGN_OK)
        st = lane_rehearse_here(engine.lane, team, cli->language, params, out, err);
    local_engine_deinit(&engine);
    return st;
}

/* Where a server runs it is asked; on a site that is stopped its store is looked at. */
static enum sgn_status
rehearse(struct cli *cli, const json_t *params, json_t **out, struct sgn_error *err)
{
    struct client *client = NULL;
    const char *site = cli_site_here(cli);
    enum sgn_status st = cli_connect(cli, &client, err);

    if (st == SGN_OK)
        st = client_call(client, "workflow.rehearse", params, out, err);
    else if (st == SGN_UNAVAILABLE && site != NULL) {
        sgn_error_clear(err);
        st = rehearse_here(cli, site, params, out, err);
    }
    client_free(client);
    return st;
}

enum sgn_status
remote_rehearse(struct cli *cli, struct sgn_error *err)
{
    const char *dir = cli_word(&cli->args, 0);
    json_t *params = NULL, *files = NULL, *result = NULL;
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK && dir != NULL)
        st = site_team_files(dir, &files, err);
    if (st == SGN_OK && files != NULL && json_object_set(params, "files", files) != 0)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = rehearse(cli, params, &result, err);
    if (st == SGN_OK)
        remote_show_rehearsal(cli, result);
    json_decref(params);
    json_decref(files);
    json_decref(result);
    return st;
}
