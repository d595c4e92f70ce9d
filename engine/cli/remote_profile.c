/* SPDX-License-Identifier: Apache-2.0 */
/* "profile": where the time of teams goes, as tables. */
#include "remote.h"

#include "grid.h"
#include "json.h"
#include "say.h"
#include <string.h>

#define TEXT_MAX ((size_t)4 << 20)

static json_t *
took(const json_t *item, const char *member)
{
    char text[GRID_SPAN];

    return json_string(cli_took(sgn_json_int(item, member, 0), text));
}

static const json_t *
at(const json_t *item, const char *member)
{
    return json_object_get(item, member);
}

static void
print(struct cli *cli, const char *heading, struct cli_grid *grid)
{
    struct sgn_buf buf;

    sgn_buf_init(&buf, TEXT_MAX);
    if (heading != NULL)
        fprintf(cli->output.out, "\n%s%s%s\n", cli_style(cli->output.colour, CLI_CYAN),
                sgn_say(cli->language, heading), cli_style(cli->output.colour, CLI_PLAIN));
    cli_grid_put(&buf, grid, &cli->output, 0, "\n");
    fputs(buf.bytes != NULL ? buf.bytes : "", cli->output.out);
    sgn_buf_deinit(&buf);
    json_decref(grid->rows);
}

static void
show_teams(struct cli *cli, const json_t *teams)
{
    static const char *const titles[] = { "team",     "commands", "refused", "deciding", "waits",
                                          "in rules", "calls",    "errors",  "slowest",  NULL };
    struct cli_grid grid;
    const json_t *team;
    size_t i;

    cli_grid_begin(&grid, 1, titles);
    json_array_foreach(teams, i, team)
        cli_grid_add(&grid,
                     json_pack("[O, O, O, o, o, o, O, O, o]", at(team, "team"),
                               at(team, "commands"), at(team, "refused"), took(team, "decide_us"),
                               took(team, "wait_us"), took(team, "rules_us"), at(team, "calls"),
                               at(team, "errors"), took(team, "slowest_us")));
    print(cli, NULL, &grid);
}

/* "change_request 3"; of a hook, which has no version, what it is. */
static json_t *
version_of(const struct cli *cli, const json_t *item)
{
    const char *workflow = sgn_json_str(item, "workflow");

    return workflow != NULL
               ? json_sprintf("%s %lld", workflow, (long long)sgn_json_int(item, "version", 0))
               : json_string(sgn_say(cli->language, "hooks"));
}

static void
show_workflows(struct cli *cli, const json_t *items)
{
    static const char *const titles[] = { "workflow", "commands", "refused", "deciding", "waits",
                                          "in rules", "calls",    "errors",  NULL };
    struct cli_grid grid;
    const json_t *item;
    size_t i;

    cli_grid_begin(&grid, 1, titles);
    json_array_foreach(items, i, item)
        cli_grid_add(&grid,
                     json_pack("[o, O, O, o, o, o, O, O]", version_of(cli, item),
                               at(item, "commands"), at(item, "refused"), took(item, "decide_us"),
                               took(item, "wait_us"), took(item, "rules_us"), at(item, "calls"),
                               at(item, "errors")));
    print(cli, "Workflows", &grid);
}

static void
show_events(struct cli *cli, const json_t *items)
{
    static const char *const titles[] = { "event",    "workflow", "commands", "refused",
                                          "deciding", "waits",    NULL };
    struct cli_grid grid;
    const json_t *item;
    size_t i;

    cli_grid_begin(&grid, 2, titles);
    json_array_foreach(items, i, item) {
        const char *event = sgn_json_str(item, "event");
        const char *kind = sgn_json_str(item, "kind");

        cli_grid_add(&grid,
                     json_pack("[o, o, O, O, o, o]",
                               event != NULL ? json_string(event)
                                             : json_sprintf("(%s)", sgn_say(cli->language, kind)),
                               version_of(cli, item), at(item, "commands"), at(item, "refused"),
                               took(item, "decide_us"), took(item, "wait_us")));
    }
    print(cli, "Events", &grid);
}

static void
show_rules(struct cli *cli, const json_t *items)
{
    static const char *const titles[] = { "rule",  "workflow", "calls", "errors", "in rules",
                                          "steps", "slowest",  "case",  NULL };
    struct cli_grid grid;
    const json_t *item;
    size_t i;

    cli_grid_begin(&grid, 2, titles);
    json_array_foreach(items, i, item) {
        const char *slowest = sgn_json_str(at(item, "slowest"), "case");

        cli_grid_add(&grid, json_pack("[O, o, O, O, o, O, o, s]", at(item, "rule"),
                                      version_of(cli, item), at(item, "calls"), at(item, "errors"),
                                      took(item, "rules_us"), at(item, "steps"),
                                      took(item, "slowest_us"), slowest != NULL ? slowest : ""));
    }
    print(cli, "Rules", &grid);
}

/* What a list was cut to is said below it by its length alone; --json has all that came. */
void
remote_show_profile(struct cli *cli, const json_t *result)
{
    const json_t *teams = json_object_get(result, "teams"), *team = json_array_get(teams, 0);
    struct sgn_buf since;

    sgn_buf_init(&since, 64);
    cli_time_put(&since, json_object_get(result, "since"));
    fprintf(cli->output.out, sgn_say(cli->language, "Since %s"), since.bytes);
    fputc('\n', cli->output.out);
    sgn_buf_deinit(&since);
    if (team == NULL) {
        fprintf(cli->output.out, "%s\n",
                sgn_say(cli->language, "nothing has been decided since then"));
        return;
    }
    show_teams(cli, teams);
    if (json_object_get(team, "rules") == NULL)
        return;
    show_workflows(cli, json_object_get(team, "workflows"));
    show_events(cli, json_object_get(team, "events"));
    if (json_array_size(json_object_get(team, "rules")) > 0)
        show_rules(cli, json_object_get(team, "rules"));
}
