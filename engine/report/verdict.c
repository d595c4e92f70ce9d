/* SPDX-License-Identifier: Apache-2.0 */
/* A project's figures against its team's limits, see verdict.h. */
#include "verdict.h"
#include "health.h"
#include "json.h"
#include "say.h"
#include <stdlib.h>
#include <string.h>

static const char *
unit_name(enum model_figure_unit unit)
{
    static const char *const names[] = {
        [MODEL_FIGURE_COUNT] = "count",
        [MODEL_FIGURE_DAYS] = "days",
        [MODEL_FIGURE_PERCENT] = "percent",
        [MODEL_FIGURE_NUMBER] = "number",
    };

    return names[unit];
}

/* "80 %", "14 days"; malloc'ed. */
static char *
value_text(enum model_figure_unit unit, const char *value, const char *language)
{
    if (unit == MODEL_FIGURE_PERCENT)
        return sgn_format("%s %%", value);
    if (unit == MODEL_FIGURE_DAYS)
        return sgn_format(sgn_say(language, "%s days"), value);
    return sgn_format("%s", value);
}

/* "Issues overdue: 3, allowed 2": what is allowed, the other way round than what is not. */
static char *
reason_text(const struct model_limit *limit, const char *value, const char *than,
            const char *language)
{
    char *is = value_text(limit->figure->unit, value, language);
    char *bound = value_text(limit->figure->unit, than, language);
    const char *title = sgn_say(language, limit->figure->title);
    char *text = NULL;

    switch (limit->bound) {
    case MODEL_LIMIT_ABOVE:
        text = sgn_format(sgn_say(language, "%s: %s, allowed %s"), title, is, bound);
        break;
    case MODEL_LIMIT_BELOW:
        text = sgn_format(sgn_say(language, "%s: %s, expected %s or more"), title, is, bound);
        break;
    case MODEL_LIMIT_MIN:
        text = sgn_format(sgn_say(language, "%s: %s, allowed less than %s"), title, is, bound);
        break;
    case MODEL_LIMIT_MAX:
        text = sgn_format(sgn_say(language, "%s: %s, expected more than %s"), title, is, bound);
        break;
    }
    free(is);
    free(bound);
    return text;
}

static json_t *
reason_of(const struct model_limit *limit, const char *colour, const char *value,
          const char *language)
{
    static const char *const bounds[] = {
        [MODEL_LIMIT_ABOVE] = "above",
        [MODEL_LIMIT_BELOW] = "below",
        [MODEL_LIMIT_MIN] = "min",
        [MODEL_LIMIT_MAX] = "max",
    };
    char than[SGN_DECIMAL_TEXT], *text;
    json_t *reason;

    sgn_decimal_format(limit->than, than);
    text = reason_text(limit, value, than, language);
    reason = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s*}", "colour", colour, "figure",
                       limit->figure->name, "title", sgn_say(language, limit->figure->title),
                       "value", value, "bound", bounds[limit->bound], "limit", than, "unit",
                       unit_name(limit->figure->unit), "text", text);
    free(text);
    return reason;
}

static bool
is_told(const json_t *reasons, const char *figure)
{
    const json_t *reason;
    size_t i;

    json_array_foreach(reasons, i, reason)
        if (strcmp(sgn_json_str(reason, "figure"), figure) == 0)
            return true;
    return false;
}

/* The limits of a colour that are passed, of figures that have no reason yet. */
static void
judge(const json_t *health, const char *colour, const json_t *figures, const char *language,
      json_t *reasons)
{
    json_t *limits = model_health_limits(health, colour), *one;
    size_t i;

    json_array_foreach(limits, i, one) {
        struct model_limit limit;
        struct sgn_decimal value;
        const char *is;

        if (!model_limit_read(one, &limit))
            continue;
        is = sgn_json_str(figures, limit.figure->name);
        if (is != NULL && sgn_decimal_parse(is, &value) && model_limit_passed(&limit, value) &&
            !is_told(reasons, limit.figure->name))
            (void)json_array_append_new(reasons, reason_of(&limit, colour, is, language));
    }
    json_decref(limits);
}

static json_t *
figures_told(const json_t *figures, const char *language)
{
    json_t *list = json_array();
    size_t n;
    const struct model_figure *known = model_figures(&n);

    for (size_t i = 0; i < n; i++)
        (void)json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s?}", "figure", known[i].name, "title",
                            sgn_say(language, known[i].title), "unit", unit_name(known[i].unit),
                            "value", sgn_json_str(figures, known[i].name)));
    return list;
}

json_t *
report_health(const json_t *health, const json_t *figures, const char *language)
{
    json_t *reasons = json_array();
    const char *colour = "green";

    judge(health, "red", figures, language, reasons);
    if (json_array_size(reasons) > 0)
        colour = "red";
    judge(health, "yellow", figures, language, reasons);
    if (strcmp(colour, "green") == 0 && json_array_size(reasons) > 0)
        colour = "yellow";
    return json_pack("{s:s, s:o, s:o}", "colour", colour, "reasons", reasons, "figures",
                     figures_told(figures, language));
}
