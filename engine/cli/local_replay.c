/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "replay": the recorded histories of a stopped site by changed scripts. The engine is here, in
 * this process, and never started: it answers questions about the store and writes nothing.
 */
#include "json.h"
#include "local.h"
#include "local_engine.h"
#include "remote.h"
#include "remote_stuck.h"
#include "replay.h"
#include "say.h"
#include "site.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX    65536
#define LIMIT_SHOWN 10
#define LIMIT_MOST  1000000

/* ---- the page ---- */

static const struct {
    const char *kind, *said;
} kinds[] = {
    { "stuck", "%lld would stand where there is nothing: %s" },
    { "refused", "%lld would be refused: %s" },
    { "states", "%lld would lead elsewhere: %s" },
    { "outcome", "%lld would end with another outcome: %s" },
    { "outcome", "%lld would not end there" },
    { "approval", "%lld would be decided otherwise in %s" },
    { "deadline", "%lld would have another due time: %s" },
};

/* What a refusal is about is its code. */
static const struct {
    const char *code, *said;
} refusals[] = {
    { "forbidden", "whoever did it may not do it" },
    { "not_now", "it has no place where the case then stands" },
    { "refused", "a condition says no" },
    { "needs_fields", "a field or a comment is missing" },
    { "invalid", "a value does not fit" },
    { "conflict", "what was seen has changed" },
    { "rule_error", "a function fails" },
    { "rule_overrun", "a function goes over its limits" },
};

static void
about_put(struct sgn_buf *buf, const char *language, const json_t *group)
{
    const char *kind = sgn_json_str(group, "kind"), *about = sgn_json_str(group, "about");

    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
        if (kind != NULL && about != NULL && strcmp(kind, "refused") == 0 &&
            strcmp(refusals[i].code, about) == 0) {
            sgn_buf_puts(buf, sgn_say(language, refusals[i].said));
            return;
        }
    remote_about_put(buf, language, group);
}

static void
value_put(struct sgn_buf *text, const json_t *value)
{
    if (value == NULL || json_is_null(value))
        sgn_buf_puts(text, "-");
    else if (json_is_string(value) && cli_time_ms(value) > 0)
        cli_time_put(text, value);
    else
        cli_value_put(text, value);
}

/* "      CR-1 #17, 2026-01-05 09:00: screening → triage" */
static void
show_item(const struct cli_output *o, const json_t *item)
{
    const json_t *was = json_object_get(item, "was"), *is = json_object_get(item, "is");
    const char *message = sgn_json_str(item, "message");
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_printf(&text, "%s #%lld, ", sgn_json_str(item, "case"),
                   (long long)sgn_json_int(item, "entry", 0));
    cli_time_put(&text, json_object_get(item, "at"));
    sgn_buf_puts(&text, sgn_say(o->language, ": "));
    if (message != NULL) {
        char *said = sgn_say_text(o->language, message);
        sgn_buf_puts(&text, said != NULL ? said : message);
        free(said);
    } else {
        value_put(&text, was);
        sgn_buf_puts(&text, " → ");
        value_put(&text, is);
    }
    fprintf(o->out, "      ");
    cli_text_lines(o, text.bytes != NULL ? text.bytes : "", 8, 6);
    sgn_buf_deinit(&text);
}

/* A case that would not end has no outcome to be about. */
static const char *
said_of(const json_t *group)
{
    const char *kind = sgn_json_str(group, "kind"), *about = sgn_json_str(group, "about");
    bool none = about == NULL || about[0] == '\0';

    for (size_t i = 0; kind != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].kind, kind) == 0 &&
            (strcmp(kind, "outcome") != 0 || none == (strstr(kinds[i].said, "%s") == NULL)))
            return kinds[i].said;
    return "%lld: %s";
}

static void
show_group(const struct cli_output *o, const json_t *group)
{
    const char *said = said_of(group);
    long long count = sgn_json_int(group, "count", 0);
    const json_t *item;
    struct sgn_buf about;
    size_t i;

    sgn_buf_init(&about, TEXT_MAX);
    about_put(&about, o->language, group);
    fprintf(o->out, "  %s: ", sgn_json_str(group, "workflow"));
    fprintf(o->out, sgn_say(o->language, said), count, about.bytes != NULL ? about.bytes : "");
    fprintf(o->out, "\n");
    json_array_foreach(json_object_get(group, "items"), i, item)
        show_item(o, item);
    if (count > (long long)i) {
        fprintf(o->out, "      ");
        fprintf(o->out, sgn_say(o->language, "and %lld more"), count - (long long)i);
        fprintf(o->out, "\n");
    }
    sgn_buf_deinit(&about);
}

static void
show(const struct cli *cli, const json_t *report)
{
    const struct cli_output *o = &cli->output;
    const json_t *group;
    size_t i;

    fprintf(o->out,
            sgn_say(o->language,
                    "%lld entries; %lld decisions judged: %lld the same, %lld different\n"),
            (long long)sgn_json_int(report, "entries", 0),
            (long long)sgn_json_int(report, "judged", 0),
            (long long)sgn_json_int(report, "same", 0),
            (long long)sgn_json_int(report, "different", 0));
    if (sgn_json_int(report, "not_judged", 0) > 0)
        fprintf(o->out,
                sgn_say(o->language, "%lld could not be judged: by the rules of their time and "
                                     "people as they are now they do not come out as recorded\n"),
                (long long)sgn_json_int(report, "not_judged", 0));
    json_array_foreach(json_object_get(report, "groups"), i, group)
        show_group(o, group);
}

enum sgn_status
local_replay(struct cli *cli, struct sgn_error *err)
{
    const char *dir = cli_word(&cli->args, 0), *site = cli_option(&cli->args, "on");
    int64_t most = LIMIT_SHOWN;
    struct local_engine engine = { 0 };
    json_t *files = NULL, *report = NULL;
    char team[SGN_KEY_MAX + 1];
    enum sgn_status st = remote_limit(cli, "limit", LIMIT_SHOWN, &most, err);

    if (st == SGN_OK)
        st = site_team_files(dir, &files, err);
    if (st == SGN_OK)
        st = local_engine_init(&engine, cli, site != NULL ? site : ".", err);
    if (st == SGN_OK)
        st = local_engine_team(&engine, cli_option(&cli->args, "team"), dir, team, err);
    if (st == SGN_OK)
        st = lane_replay(engine.lane, team, files, most < LIMIT_MOST ? (int)most : LIMIT_MOST,
                         cli->language, &report, err);
    if (st == SGN_OK && cli->output.json)
        cli_print_json(&cli->output, report);
    else if (st == SGN_OK)
        show(cli, report);
    if (st == SGN_CONFLICT)
        sgn_error_add(
            err, "hint",
            json_string("stop the server first, or replay on a copy of the site's folder"));
    local_engine_deinit(&engine);
    json_decref(files);
    json_decref(report);
    return st;
}
