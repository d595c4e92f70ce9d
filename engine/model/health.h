/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What makes a project red or yellow: limits of its figures, as a team's file says them.
 *
 * JSON form: { "red"?: [LIMIT], "yellow"?: [LIMIT] }. A colour that is missing has the usual
 * limits, an empty list has none. One limit that is passed is enough. LIMIT { "figure": NAME,
 * "above"|"below"|"min"|"max": DECIMAL as text, "line"? } It is passed when the figure is more than
 * above, less than below, min or more, max or less; never by a figure that is not known.
 *
 * Pure; any thread.
 */
#ifndef MODEL_HEALTH_H
#define MODEL_HEALTH_H

#include "status.h"
#include "text.h"
#include <jansson.h>

enum model_figure_unit {
    MODEL_FIGURE_COUNT,
    MODEL_FIGURE_DAYS,
    MODEL_FIGURE_PERCENT,
    MODEL_FIGURE_NUMBER,
};

/* What a figure counts stands in dsl/prelude/members.lua, and is printed by "signoff reference". */
struct model_figure {
    const char *name;
    const char *title;
    enum model_figure_unit unit;
};
/* All of them, in the order in which they are told. Static. */
const struct model_figure *model_figures(size_t *n);

enum model_bound {
    MODEL_LIMIT_ABOVE,
    MODEL_LIMIT_BELOW,
    MODEL_LIMIT_MIN,
    MODEL_LIMIT_MAX,
};
struct model_limit {
    const struct model_figure *figure;
    enum model_bound bound;
    struct sgn_decimal than;
};

/* A LIMIT; false when it is none. */
bool model_limit_read(const json_t *json, struct model_limit *out);
bool model_limit_passed(const struct model_limit *limit, struct sgn_decimal value);
/* The limits of "red" or "yellow": those of health (NULL: of no team), or the usual ones. Borrowed
 * from health, or a new array: a new reference in either case; NULL when out of memory. */
json_t *model_health_limits(const json_t *health, const char *colour);

#endif
