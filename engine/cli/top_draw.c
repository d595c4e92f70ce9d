/* SPDX-License-Identifier: Apache-2.0 */
/* The screen of "top": a head of some lines, teams, and the rules that take most. */
#include "top.h"

#include "grid.h"
#include "json.h"
#include "say.h"
#include <stdlib.h>
#include <string.h>

#define LINE_MAX  4096
#define RULES_MIN 3 /* rows of rules that a screen has at least */
#define NO_FIGURE "-"

/* A line of text that is cut at the screen's edge, in one style. */
static void
put_line(struct sgn_buf *buf, const struct top_frame *frame, enum cli_style style, const char *text)
{
    sgn_buf_puts(buf, cli_style(frame->output->colour, style));
    (void)cli_text_put(buf, text, frame->output->width);
    sgn_buf_printf(buf, "%s%s", cli_style(frame->output->colour, CLI_PLAIN), frame->end);
}

/* ---- figures ---- */

/* "0", "0.4", "12.5", "1204"; of what is not known "-". */
static const char *
number(const json_t *value, char out[GRID_SPAN])
{
    double figure = json_number_value(value);

    if (!json_is_number(value))
        return NO_FIGURE;
    (void)snprintf(out, GRID_SPAN,
                   json_is_integer(value) || figure == 0 || figure >= 100 ? "%.0f" : "%.1f",
                   figure);
    return out;
}

struct labelled {
    const char *label, *member, *of; /* of: a bound that is told behind it, or NULL */
};

/* "queue 0   stuck 2", so many as the table has. */
static void
put_figures(struct sgn_buf *buf, const struct top_frame *frame, const json_t *server,
            const struct labelled *figures)
{
    char text[GRID_SPAN];
    struct sgn_buf line;

    sgn_buf_init(&line, LINE_MAX);
    for (; figures->label != NULL; figures++) {
        sgn_buf_printf(&line, "%s%s %s", line.len > 0 ? "   " : "",
                       sgn_say(frame->output->language, figures->label),
                       number(json_object_get(server, figures->member), text));
        if (figures->of != NULL)
            sgn_buf_printf(&line, "/%s", number(json_object_get(server, figures->of), text));
    }
    put_line(buf, frame, CLI_PLAIN, line.bytes != NULL ? line.bytes : "");
    sgn_buf_deinit(&line);
}

/* ---- the head ---- */

static const char *const orders[TOP_ORDERS] = { "per s", "waits", "in rules", "parked", "team" };

static void
put_title(struct sgn_buf *buf, const json_t *view, const struct top_frame *frame)
{
    const char *status = sgn_json_str(view, "status");
    struct sgn_buf line;

    sgn_buf_init(&line, LINE_MAX);
    sgn_buf_puts(&line, "signoff top   ");
    cli_time_put(&line, json_object_get(view, "at"));
    if (status != NULL)
        sgn_buf_printf(&line, "   %s",
                       sgn_say(frame->output->language,
                               strcmp(status, "ok") == 0 ? "all is well" : "wants looking after"));
    put_line(buf, frame, CLI_BOLD, line.bytes != NULL ? line.bytes : "");
    sgn_buf_deinit(&line);
}

/* Lines that it took. */
static int
put_alarms(struct sgn_buf *buf, const json_t *view, const struct top_frame *frame)
{
    const json_t *alarm;
    size_t i;
    int n = 0;

    json_array_foreach(json_object_get(view, "alarms"), i, alarm) {
        const char *english = sgn_json_str(alarm, "text");
        char *text = sgn_say_text(frame->output->language, english != NULL ? english : "?");
        struct sgn_buf line;

        sgn_buf_init(&line, LINE_MAX);
        sgn_buf_printf(&line, "%s: %s", sgn_say(frame->output->language, "alarm"),
                       text != NULL ? text : "?");
        put_line(buf, frame, CLI_RED, line.bytes != NULL ? line.bytes : "");
        sgn_buf_deinit(&line);
        free(text);
        n++;
    }
    if (frame->trouble == NULL)
        return n;
    put_line(buf, frame, CLI_RED, frame->trouble);
    return n + 1;
}

static int
put_head(struct sgn_buf *buf, const json_t *view, const struct top_frame *frame)
{
    static const struct labelled doors[] = { { "connections", "connections", "connections_max" },
                                             { "requests", "requests", NULL },
                                             { "commands/s", "commands", NULL },
                                             { "refused/s", "refused", NULL },
                                             { "overloaded/s", "overloaded", NULL },
                                             { NULL, NULL, NULL } };
    static const struct labelled engine[] = { { "queue", "queue", NULL },
                                              { "lists", "queries", NULL },
                                              { "parked", "parked", NULL },
                                              { "commits/s", "commits", NULL },
                                              { "deadlines/s", "fired", NULL },
                                              { "stuck", "stuck", NULL },
                                              { NULL, NULL, NULL } };
    const json_t *server = json_object_get(view, "server");

    put_title(buf, view, frame);
    put_figures(buf, frame, server, doors);
    put_figures(buf, frame, server, engine);
    return 3 + put_alarms(buf, view, frame);
}

/* ---- the tables ---- */

static json_t *
text_of(const json_t *value)
{
    char text[GRID_SPAN];

    return json_string(number(value, text));
}

static json_t *
took(const json_t *value)
{
    char text[GRID_SPAN];

    return json_string(json_is_integer(value) ? cli_took(json_integer_value(value), text)
                                              : NO_FIGURE);
}

/* Of a second; more than all of it where several ran beside one another. */
static json_t *
share(const json_t *value)
{
    return json_is_number(value) ? json_sprintf("%.1f %%", 100 * json_number_value(value))
                                 : json_string(NO_FIGURE);
}

/* Rules that are not those of the folder are told with the name. */
static json_t *
name_of(const json_t *team, const char *language)
{
    const char *name = sgn_json_str(team, "team"), *rules = sgn_json_str(team, "rules");

    if (rules == NULL || strcmp(rules, "current") == 0)
        return json_string(name);
    return json_sprintf("%s (%s: %s)", name, sgn_say(language, "rules"), sgn_say(language, rules));
}

static void
put_teams(struct sgn_buf *buf, const json_t *view, const struct top_frame *frame, int most)
{
    static const char *const titles[] = { "team",     "per s",  "refused", "entries", "waits",
                                          "in rules", "parked", "unsent",  NULL };
    struct cli_grid grid;
    const json_t *team;
    size_t i;

    cli_grid_begin(&grid, 1, titles);
    json_array_foreach(json_object_get(view, "teams"), i, team)
        cli_grid_add(&grid,
                     json_pack("[o, o, o, o, o, o, o, o]", name_of(team, frame->output->language),
                               text_of(json_object_get(team, "commands")),
                               text_of(json_object_get(team, "refused")),
                               text_of(json_object_get(team, "entries")),
                               took(json_object_get(team, "wait_us")),
                               share(json_object_get(team, "rules_share")),
                               text_of(json_object_get(team, "parked")),
                               text_of(json_object_get(team, "deliveries"))));
    cli_grid_put(buf, &grid, frame->output, most, frame->end);
    json_decref(grid.rows);
}

static void
put_rules(struct sgn_buf *buf, const json_t *view, const struct top_frame *frame, int most)
{
    static const char *const titles[] = {
        "rule", "team", "calls", "mean", "slowest", "case", NULL
    };
    struct cli_grid grid;
    const json_t *rule;
    size_t i;

    cli_grid_begin(&grid, 2, titles);
    json_array_foreach(json_object_get(view, "rules"), i, rule) {
        const char *slowest = sgn_json_str(rule, "case");

        cli_grid_add(&grid, json_pack("[O, O, O, o, o, s]", json_object_get(rule, "rule"),
                                      json_object_get(rule, "team"), json_object_get(rule, "calls"),
                                      took(json_object_get(rule, "mean_us")),
                                      took(json_object_get(rule, "slowest_us")),
                                      slowest != NULL ? slowest : ""));
    }
    cli_grid_put(buf, &grid, frame->output, most, frame->end);
    json_decref(grid.rows);
}

static int
at_most(int a, int b)
{
    return a < b ? a : b;
}

/* The last line of a screen says which keys there are. */
static void
put_keys(struct sgn_buf *buf, const struct top_frame *frame)
{
    char text[LINE_MAX];

    (void)snprintf(text, sizeof text,
                   sgn_say(frame->output->language,
                           "q quits   s sorts, now by: %s   space looks now, else every %d s"),
                   sgn_say(frame->output->language, orders[frame->order]), frame->every);
    sgn_buf_puts(buf, cli_style(frame->output->colour, CLI_DIM));
    (void)cli_text_put(buf, text, frame->output->width);
    sgn_buf_puts(buf, cli_style(frame->output->colour, CLI_PLAIN));
}

/* Teams get what the rules leave, and they a third of the screen. */
void
top_draw(struct sgn_buf *buf, const json_t *view, const struct top_frame *frame)
{
    int teams = (int)json_array_size(json_object_get(view, "teams"));
    int rules = (int)json_array_size(json_object_get(view, "rules"));
    int head = put_head(buf, view, frame), left;

    if (frame->rows > 0) {
        left = frame->rows - head - 1 - 2 - (rules > 0 ? 2 : 0); /* keys, headings, blank lines */
        if (rules > RULES_MIN && teams + rules > left)
            rules = left - teams > RULES_MIN ? left - teams : RULES_MIN;
        teams = at_most(teams, left - rules);
        if (teams < 1)
            rules = 0;
    }
    if (frame->rows == 0 || teams > 0) {
        sgn_buf_puts(buf, frame->end);
        put_teams(buf, view, frame, teams);
    }
    if (rules > 0) {
        sgn_buf_puts(buf, frame->end);
        put_rules(buf, view, frame, rules);
    }
    if (frame->rows > 0)
        put_keys(buf, frame);
}
