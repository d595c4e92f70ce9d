/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A team as its team.lua declares it.
 *
 * JSON form: { "name", "title"?, "timezone"?: "UTC", "language"?: "en", "currency"?: "EUR",
 *   "calendars"?: { NAME: {"timezone"?, "hours": {...}, "holidays"?: [FILE]} },
 *   "channels"?: { NAME: {"kind", ...} }, "use": [ {"workflow", "group"?} ],
 *   "schedules"?: [ {"every": TEXT, "start": WORKFLOW, ...} ] }
 */
#ifndef MODEL_TEAM_H
#define MODEL_TEAM_H

#include "model.h"

struct model_team {
    const char *name, *language, *currency;
    const json_t *title;
    const struct calendar_zone *zone;
    const json_t *calendars; /* object, never NULL */
    const json_t *use;       /* array, never NULL */
    const json_t *json;
};

enum sgn_status model_team_parse(const json_t *json, struct model_team **out,
                                 struct sgn_error *err) SGN_MUST_CHECK;
void model_team_free(struct model_team *team);

#endif
