/* SPDX-License-Identifier: Apache-2.0 */
/* "stats": what admin.stats counts, in words. */
#include "remote.h"

#include "json.h"
#include "say.h"
#include <string.h>

#define LABEL_WIDTH 44

/* One line: where its figure lies, and what it is. */
struct figure {
    const char *part, *name, *within; /* part.name, or part.name.within */
    const char *label;                /* NULL: a heading, in name */
};

static int64_t
value_of(const json_t *result, const struct figure *figure)
{
    const json_t *part = json_object_get(result, figure->part);

    return figure->within != NULL
               ? sgn_json_int(json_object_get(part, figure->name), figure->within, -1)
               : sgn_json_int(part, figure->name, -1);
}

/* Figures that this server or its store does not have are left out. */
static void
show_figure(const struct cli *cli, const json_t *result, const struct figure *figure)
{
    const char *label = sgn_say(cli->language, figure->label);
    int64_t value = value_of(result, figure);
    int pad = LABEL_WIDTH - cli_text_width(label);

    if (value >= 0)
        fprintf(cli->output.out, "  %s%*s %lld\n", label, pad > 0 ? pad : 0, "", (long long)value);
}

void
remote_show_stats(struct cli *cli, const json_t *result)
{
    /* clang-format off */
    static const struct figure figures[] = {
        { NULL, "Connections", NULL, NULL },
        { "connections", "now", NULL, "open now" },
        { "connections", "max", NULL, "as many are taken" },
        { "connections", "accepted", NULL, "taken so far" },
        { "connections", "refused", "full", "refused: there were too many" },
        { "connections", "refused", "address", "refused: too many from one address" },
        { "connections", "refused", "failed", "refused: the system had no room for more" },
        { "connections", "dropped", "login", "dropped: nobody logged in" },
        { "connections", "dropped", "line", "dropped: a request without end" },
        { "connections", "dropped", "read", "dropped: answers were not read" },
        { "connections", "refused", "memory", "dropped: no room for a long request" },
        { "connections", "held_bytes", NULL, "bytes that wait to be whole or to be read" },
        { NULL, "Requests", NULL, NULL },
        { "connections", "requests", NULL, "under way" },
        { "engine", "queue", NULL, "waiting for the engine" },
        { "engine", "queries", NULL, "lists and reports that wait" },
        { "engine", "parked", NULL, "waiting for rules" },
        { "connections", "overloaded", NULL, "answered: overloaded" },
        { "engine", "jobs", NULL, "decided so far" },
        { "engine", "refused", NULL, "of them refused" },
        { "engine", "batches", NULL, "commits" },
        { "engine", "largest_batch", NULL, "most requests of one commit" },
        { "engine", "fired", NULL, "deadlines fired" },
        { "engine", "stuck", NULL, "cases stuck" },
        { NULL, "Store", NULL, NULL },
        { "store", "entries", NULL, "entries" },
        { "store", "cases", NULL, "cases" },
        { "store", "bytes", NULL, "bytes" },
        { "store", "wal_bytes", NULL, "bytes of its log" },
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        if (figures[i].label != NULL)
            show_figure(cli, result, &figures[i]);
        else
            fprintf(cli->output.out, "%s%s%s\n", cli_style(cli->output.colour, CLI_BOLD),
                    sgn_say(cli->language, figures[i].name),
                    cli_style(cli->output.colour, CLI_PLAIN));
    }
}
