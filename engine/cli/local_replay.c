/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "replay": the recorded histories of a stopped site by changed scripts. The engine is here, in
 * this process, and never started: it answers questions about the store and writes nothing.
 */
#include "json.h"
#include "local.h"

#include "clock.h"
#include "dsl.h"
#include "lane.h"
#include "remote.h"
#include "replay.h"
#include "say.h"
#include "shipped.h"
#include "site.h"
#include "store.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX     65536
#define LIMIT_SHOWN  10
#define LIMIT_MOST   1000000
#define NAME_MAX_LEN 64

struct replaying {
    struct store *store;
    struct rules *rules;
    struct lane *lane;
    struct sgn_clock clock;
    json_t *shipped, *holidays;
};

static void
replaying_deinit(struct replaying *r)
{
    lane_free(r->lane);
    if (r->rules != NULL)
        r->rules->ops->free(r->rules);
    store_close(r->store);
    json_decref(r->shipped);
    json_decref(r->holidays);
}

/* An engine on the site that only looks. */
static enum sgn_status
replaying_init(struct replaying *r, struct cli *cli, const char *site, struct sgn_error *err)
{
    struct lane_options options = { .site = site };
    char *files = NULL;
    enum sgn_status st = local_store_open(cli, site, &r->store, &files, err);

    free(files);
    sgn_clock_init_real(&r->clock);
    r->shipped = dsl_shipped_all();
    r->holidays = dsl_shipped_holidays();
    if (st == SGN_OK && (r->shipped == NULL || r->holidays == NULL))
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = dsl_rules_new(NULL, &r->rules, err);
    if (st != SGN_OK)
        return st;
    lane_limits_default(&options.limits);
    options.store = r->store;
    options.rules = r->rules;
    options.clock = &r->clock;
    options.shipped = r->shipped;
    options.holidays = r->holidays;
    return lane_new(&options, &r->lane, err);
}

/* ---- the page ---- */

/* The last part of a path, without slashes behind it. */
static void
base_of(const char *path, char out[NAME_MAX_LEN])
{
    size_t n = strlen(path), begin;

    while (n > 0 && path[n - 1] == '/')
        n--;
    begin = n;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    snprintf(out, NAME_MAX_LEN, "%.*s", (int)(n - begin < NAME_MAX_LEN ? n - begin : 0),
             path + begin);
}

static const struct {
    const char *kind, *said;
} kinds[] = {
    { "stuck", "%lld would stand where there is nothing: %s" },
    { "refused", "%lld would be refused (%s)" },
    { "states", "%lld would lead elsewhere: %s" },
    { "outcome", "%lld would end otherwise: %s" },
    { "approval", "%lld would be decided otherwise in %s" },
    { "deadline", "%lld would have another due time: %s" },
};

static void
value_put(struct sgn_buf *text, const json_t *value)
{
    char time[SGN_TIME_TEXT];

    if (value == NULL || json_is_null(value))
        sgn_buf_puts(text, "-");
    else if (json_is_integer(value))
        sgn_buf_puts(text, sgn_time_format(json_integer_value(value), 0, time));
    else
        cli_value_put(text, value);
}

/* "      CR-1 entry 17: screening → triage" */
static void
show_item(const struct cli_output *o, const json_t *item)
{
    const json_t *was = json_object_get(item, "was"), *is = json_object_get(item, "is");
    const char *message = sgn_json_str(item, "message");
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_printf(&text, "%s #%lld: ", sgn_json_str(item, "case"),
                   (long long)sgn_json_int(item, "entry", 0));
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

static void
show_group(const struct cli_output *o, const json_t *group)
{
    const char *kind = sgn_json_str(group, "kind");
    const json_t *item;
    size_t i;

    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].kind, kind) == 0) {
            fprintf(o->out, "  %s: ", sgn_json_str(group, "workflow"));
            fprintf(o->out, sgn_say(o->language, kinds[i].said),
                    (long long)sgn_json_int(group, "count", 0), sgn_json_str(group, "about"));
            fprintf(o->out, "\n");
        }
    json_array_foreach(json_object_get(group, "items"), i, item)
        show_item(o, item);
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
    const char *team = cli_option(&cli->args, "team");
    int64_t most = LIMIT_SHOWN;
    struct replaying r = { 0 };
    json_t *files = NULL, *report = NULL;
    char name[NAME_MAX_LEN];
    enum sgn_status st = remote_limit(cli, "limit", LIMIT_SHOWN, &most, err);

    base_of(dir, name);
    if (st == SGN_OK)
        st = site_team_files(dir, &files, err);
    if (st == SGN_OK)
        st = replaying_init(&r, cli, site != NULL ? site : ".", err);
    if (st == SGN_OK)
        st = lane_replay(r.lane, team != NULL ? team : name, files,
                         most < LIMIT_MOST ? (int)most : LIMIT_MOST, &report, err);
    if (st == SGN_OK && cli->output.json)
        cli_print_json(&cli->output, report);
    else if (st == SGN_OK)
        show(cli, report);
    replaying_deinit(&r);
    json_decref(files);
    json_decref(report);
    return st;
}
