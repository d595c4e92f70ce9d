/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A team as its team.lua declares it.
 *
 * JSON form: { "name", "title"?, "timezone"?: "UTC", "language"?: "en", "currency"?: "EUR",
 *   "calendars"?: { NAME: {"timezone"?, "hours": {...} (see calendar.h), "holidays"?: [FILE or
 * shipped name], "line"?} }, "calendar"?: NAME (the team's own; when missing, the first),
 *   "channels"?: { NAME: {"kind", ...} }, "use": [ {"workflow", "group"?} ],
 *   "schedules"?: [ {"name": TEXT, "every": TEXT (see schedule.h), "line"?,
 *     "missed"?: "latest"|"all"|"skip",
 *     "starts": [ {"start": WORKFLOW, "for_each"?: "open project"|"client", "line"?,
 *       "project"?: KEY, "fields"?: {...}} ]} ],
 *   "hooks"?: [ {"name": KEY, "scheme": "standard"|"github"|"bearer", "by": PERSON, "does": N (the
 *     number of its function, see rules.h), "line"?} ],
 *   "health"?: see health.h,
 *   "source"?: TEXT (of team.lua: where the hooks' functions are; there when hooks are) }
 */
#ifndef MODEL_TEAM_H
#define MODEL_TEAM_H

#include "model.h"

#define MODEL_SCHEDULE_NAME_MAX 120 /* bytes */
#define MODEL_HOOKS_MAX         64

struct model_team {
    const char *name, *language, *currency;
    const json_t *title;
    const struct calendar_zone *zone;
    const json_t *calendars; /* object, never NULL */
    const char *calendar;    /* the team's own; NULL: it declares none */
    const json_t *use;       /* array, never NULL */
    const json_t *schedules; /* likewise */
    const json_t *hooks;     /* likewise */
    const json_t *health;    /* object; NULL: the usual limits */
    const char *source;      /* NULL: it has no hooks */
    const json_t *json;
};

enum sgn_status model_team_parse(const json_t *json, struct model_team **out,
                                 struct sgn_error *err) SGN_MUST_CHECK;
/* The hook of this name, or NULL. Borrowed. */
const json_t *model_team_hook(const struct model_team *team, const char *name);
void model_team_free(struct model_team *team);

#endif
