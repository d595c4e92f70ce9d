/* SPDX-License-Identifier: Apache-2.0 */
/* "communication list": what was noted and what was told, as rows of one table. */
#include "json.h"
#include "remote.h"
#include "say.h"
#include <string.h>

/* "mei, tom": whom of the client it was with. */
static json_t *
names(const json_t *people)
{
    json_t *out = json_string("");
    const json_t *one;
    size_t i;

    json_array_foreach(people, i, one) {
        json_t *more = json_sprintf("%s%s%s", json_string_value(out), i > 0 ? ", " : "",
                                    json_string_value(one));
        json_decref(out);
        out = more;
    }
    return out;
}

static void
put_noted(const struct cli_output *o, json_t *row)
{
    const json_t *fields = json_object_get(row, "fields");
    json_t *outcome = json_object_get(row, "outcome");
    json_t *states = json_object_get(row, "states");

    (void)json_object_set(row, "by_way", json_object_get(fields, "kind"));
    (void)json_object_set_new(row, "with", names(json_object_get(fields, "contacts")));
    (void)json_object_set(row, "about", json_object_get(fields, "summary"));
    (void)json_object_set(row, "came",
                          json_is_string(outcome) ? outcome : json_array_get(states, 0));
    (void)json_object_set_new(row, "how", json_string(sgn_say(o->language, "noted")));
}

/* The title says which case, the text what about it. */
static void
put_told(const struct cli_output *o, json_t *row)
{
    const char *title = sgn_json_str(row, "title"), *text = sgn_json_str(row, "text");

    (void)json_object_set(row, "by_way", json_object_get(row, "sent"));
    (void)json_object_set(row, "with", json_object_get(row, "person"));
    (void)json_object_set_new(row, "about",
                              json_sprintf("%s%s%s", title != NULL ? title : "",
                                           title != NULL && text != NULL ? ": " : "",
                                           text != NULL ? text : ""));
    (void)json_object_set_new(row, "how", json_string(sgn_say(o->language, "told")));
}

void
remote_prepare_record(struct cli *cli, struct client *client, json_t *rows)
{
    json_t *row;
    size_t i;

    (void)client;
    json_array_foreach(rows, i, row) {
        if (strcmp(sgn_json_str(row, "how"), "noted") == 0)
            put_noted(&cli->output, row);
        else
            put_told(&cli->output, row);
    }
}
