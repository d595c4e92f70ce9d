/* SPDX-License-Identifier: Apache-2.0 */
/* What reports on versions have in common: what helps a case that cannot come, and what a group of
 * cases is about. */
#ifndef CLI_REMOTE_STUCK_H
#define CLI_REMOTE_STUCK_H

#include "buf.h"
#include <jansson.h>

/* reason: as the engine names it. NULL when it cannot be said in general. */
const char *remote_stuck_advice(const char *language, const char *reason);

/* What a group of a report is about: "Triage (triage)". */
void remote_about_put(struct sgn_buf *buf, const char *language, const json_t *group);

#endif
