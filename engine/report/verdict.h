/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a project is: its figures held against the limits of the team, see model/health.h. Pure.
 */
#ifndef REPORT_VERDICT_H
#define REPORT_VERDICT_H

#include <jansson.h>

/*
 * health: of the team's file; NULL: it says nothing. figures: {NAME: decimal text}; one that is not
 * there is not known. *In language:
 * {"colour": "red"|"yellow"|"green", "reasons": [{"colour", "figure", "title", "value", "bound",
 * "limit", "unit", "text"}], "figures": [{"figure", "title", "unit", "value": text or null}]}
 * Reasons of red first, each figure once. unit: "count", "days", "percent", "number". NULL when out
 * of memory; new reference.
 */
json_t *report_health(const json_t *health, const json_t *figures, const char *language);

#endif
