/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The project templates of a team: those in templates/ of its folder, NAME.ini each, and those
 * that are shipped and not replaced by one of the same name. They are read when they are asked
 * for: nothing rests on them but what is begun with them, and that stands in its entry.
 *
 * Any thread.
 */
#ifndef LANE_PROJECT_TEMPLATES_H
#define LANE_PROJECT_TEMPLATES_H

#include "lane.h"

/*
 * {NAME: template in its JSON form (project_template.h), with "shipped": bool}, by name. dir: the
 * team's folder, or NULL; shipped: {NAME: TEXT}, or NULL; workflows: {NAME: model in its JSON form}
 * of those in use. Adds to the array mistakes (see rules.h, files as "templates/NAME.ini"); one
 * with a mistake is left out. SGN_NOMEM only.
 */
enum sgn_status lane_templates_read(const char *dir, const json_t *shipped, const json_t *workflows,
                                    json_t *mistakes, json_t **out,
                                    struct sgn_error *err) SGN_MUST_CHECK;
/* The same of a team of this lane, by the workflows in force. */
enum sgn_status lane_templates_of(struct lane *lane, const char *team, json_t *mistakes,
                                  json_t **out, struct sgn_error *err) SGN_MUST_CHECK;

#endif
