/* SPDX-License-Identifier: Apache-2.0 */
/* Limits of a project's figures, see health.h. */
#include "health.h"
#include "model_internal.h"
#include <string.h>

static const struct model_figure figures[] = {
    { "overdue", "Cases overdue", MODEL_FIGURE_COUNT },
    { "overdue_issues", "Issues overdue", MODEL_FIGURE_COUNT },
    { "late_milestones", "Milestones late", MODEL_FIGURE_COUNT },
    { "slipped_milestones", "Milestones slipped", MODEL_FIGURE_COUNT },
    { "budget_used", "Budget used", MODEL_FIGURE_PERCENT },
    { "silence", "Silence of the client", MODEL_FIGURE_DAYS },
    { "complaints", "Open complaints", MODEL_FIGURE_COUNT },
    { "satisfaction", "Satisfaction", MODEL_FIGURE_NUMBER },
    { "stuck", "Cases stuck", MODEL_FIGURE_COUNT },
};

/* In the order of enum model_bound; as the language has them. */
static const char *const bounds[] = { "above", "below", "min", "max" };

/* Without a word of the team's: what few would call well. */
static const struct usual {
    const char *figure;
    const char *bound, *red, *yellow; /* NULL: not of that colour */
} usual[] = {
    { "overdue", "above", "5", "0" },         { "overdue_issues", "above", "2", NULL },
    { "late_milestones", "above", "1", "0" }, { "slipped_milestones", "above", NULL, "0" },
    { "budget_used", "above", "100", "80" },  { "silence", "above", NULL, "14" },
    { "complaints", "above", "1", "0" },      { "satisfaction", "below", "2.5", "3.5" },
    { "stuck", "above", NULL, "0" },
};

static const struct member limit_members[] = {
    { "figure", SHAPE_TEXT, true }, { "above", SHAPE_TEXT, false },
    { "below", SHAPE_TEXT, false }, { "min", SHAPE_TEXT, false },
    { "max", SHAPE_TEXT, false },   { "line", SHAPE_INTEGER, false },
};

static const struct member health_members[] = {
    { "red", SHAPE_ARRAY, false },
    { "yellow", SHAPE_ARRAY, false },
};

const struct model_figure *
model_figures(size_t *n)
{
    *n = COUNT(figures);
    return figures;
}

static const struct model_figure *
figure_find(const char *name)
{
    for (size_t i = 0; name != NULL && i < COUNT(figures); i++)
        if (strcmp(figures[i].name, name) == 0)
            return &figures[i];
    return NULL;
}

bool
model_limit_read(const json_t *json, struct model_limit *out)
{
    int n = 0;

    out->figure = figure_find(sgn_json_str(json, "figure"));
    for (size_t i = 0; i < COUNT(bounds); i++) {
        const char *than = sgn_json_str(json, bounds[i]);

        if (than == NULL)
            continue;
        out->bound = (enum model_bound)i;
        n += sgn_decimal_parse(than, &out->than) ? 1 : 2;
    }
    return out->figure != NULL && n == 1;
}

bool
model_limit_passed(const struct model_limit *limit, struct sgn_decimal value)
{
    int order = sgn_decimal_compare(value, limit->than);

    switch (limit->bound) {
    case MODEL_LIMIT_ABOVE:
        return order > 0;
    case MODEL_LIMIT_BELOW:
        return order < 0;
    case MODEL_LIMIT_MIN:
        return order >= 0;
    default:
        return order <= 0;
    }
}

json_t *
model_health_limits(const json_t *health, const char *colour)
{
    json_t *own = json_object_get(health, colour), *list;
    bool is_red = strcmp(colour, "red") == 0;

    if (own != NULL)
        return json_incref(own);
    list = json_array();
    for (size_t i = 0; list != NULL && i < COUNT(usual); i++) {
        const char *than = is_red ? usual[i].red : usual[i].yellow;

        if (than != NULL)
            (void)json_array_append_new(
                list, json_pack("{s:s, s:s}", "figure", usual[i].figure, usual[i].bound, than));
    }
    return list;
}

/* ---- of a team's file ---- */

static enum sgn_status
read_limit(struct reader *r, const struct place *at, const json_t *json)
{
    enum sgn_status st = reader_object(r, at, json, "a limit", limit_members, COUNT(limit_members));
    struct place figure = place_member(at, "figure");
    const char *names[COUNT(figures)];
    struct model_limit limit;
    int known;

    for (size_t i = 0; i < COUNT(figures); i++)
        names[i] = figures[i].name;
    if (st == SGN_OK)
        st = reader_word(r, &figure, sgn_json_str(json, "figure"), "figure", names, COUNT(figures),
                         &known);
    if (st == SGN_OK && !model_limit_read(json, &limit))
        st = reader_fail(r, at, "a limit has one of above, below, min and max, a number as text");
    return st;
}

enum sgn_status
model_health_read(struct reader *r, const struct place *top, const json_t *json)
{
    struct place at = place_member(top, "health");
    enum sgn_status st =
        reader_object(r, &at, json, "health", health_members, COUNT(health_members));
    const char *colour;
    json_t *limits, *limit;
    size_t i;

    if (st != SGN_OK)
        return st;
    json_object_foreach((json_t *)json, colour, limits) {
        struct place list = place_member(&at, colour);

        json_array_foreach(limits, i, limit) {
            struct place here = place_element(&list, i);

            st = read_limit(r, &here, limit);
            if (st != SGN_OK)
                return st;
        }
    }
    return SGN_OK;
}
