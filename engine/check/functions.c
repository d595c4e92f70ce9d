/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What functions say of the case and the event: members that there are none of, and values that are
 * assigned where nothing can be.
 *
 * The loader reads the functions' own instructions (FACT in rules.h) and says only what is certain:
 * a name that is computed, and a case that reaches a function in a way that cannot be followed, are
 * not there. What is done with it stands in effects.c. Names that no text of the rules defines at
 * all are errors of the loader.
 */
#include "said.h"

#include <string.h>

/* ---- members ---- */

/* Of the case and the event: names that the language gives them. */
static void
look_member(const struct said *said, const char *of, const char *name)
{
    bool event = strcmp(of, "event") == 0;
    json_t *known = json_array();
    char near[SAID_NEAR];

    if (event) {
        (void)json_array_extend(known, json_object_get(said->check->says, "event"));
    } else {
        (void)json_array_extend(known, json_object_get(said->check->says, "members"));
        (void)json_array_extend(known, json_object_get(said->check->says, "methods"));
    }
    if (!sgn_json_has(known, name))
        said_note(said, CHECK_FUNCTION_MEMBER, NULL,
                  event ? "the event has no member \"%.100s\"%s"
                        : "the case has no member \"%.100s\"%s",
                  name, said_near(near, name, known));
    json_decref(known);
}

/* What rules give an event along, the workflow cannot know: only what nothing of the team gives and
 * no field is called is wrong. */
static void
look_data(const struct said *said, const char *name)
{
    const struct check_team *team = said->check->team;
    json_t *known;
    char near[SAID_NEAR];

    if (team->carried == NULL || sgn_json_has(team->carried, name))
        return;
    known = said_names(said->check->model, "field");
    if (!sgn_json_has(known, name))
        said_note(said, CHECK_DATA_UNKNOWN, NULL, "no event carries \"%.100s\"%s", name,
                  said_near(near, name, known));
    json_decref(known);
}

static void
look_named(const struct said *said, const char *what, const char *name)
{
    json_t *known = said_names(said->check->model, what);

    if (!sgn_json_has(known, name) &&
        !(strcmp(what, "field") == 0 && strcmp(name, "priority") == 0))
        said_unknown(said, what, name, known);
    json_decref(known);
}

static void
look_read(const struct said *said, const char *of, const char *name)
{
    if (strcmp(of, "fields") == 0)
        look_named(said, "field", name);
    else if (strcmp(of, "people") == 0)
        look_named(said, "role", name);
    else if (strcmp(of, "data") == 0)
        look_data(said, name);
    else
        look_member(said, of, name);
}

static void
look_at(const struct said *said)
{
    const char *of = sgn_json_str(said->fact, "of"), *name = sgn_json_str(said->fact, "name");
    const char *method = sgn_json_str(said->fact, "call");

    if (of == NULL || (name == NULL) == (method == NULL))
        return;
    if (method != NULL)
        said_call(said, method);
    else if (sgn_json_true(said->fact, "write"))
        said_note(said, CHECK_FUNCTION_MEMBER,
                  strcmp(of, "fields") == 0 ? "write c:set(\"field\", value)" : NULL,
                  "what a function is given cannot be assigned: \"%.100s\"", name);
    else
        look_read(said, of, name);
}

void
check_functions(struct check *check)
{
    const char *number;
    json_t *function;
    const json_t *fact;
    size_t i;

    json_object_foreach(json_object_get(check->says, "functions"), number, function) {
        struct said said = { .check = check, .number = number };

        said.purpose = sgn_json_str(function, "for");
        if (said.purpose == NULL || json_object_get(check->model->functions, number) == NULL)
            continue;
        json_array_foreach(json_object_get(function, "facts"), i, fact) {
            said.fact = fact;
            look_at(&said);
        }
    }
}
