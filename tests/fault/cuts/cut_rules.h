/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules that outlive the server, so that ten thousand starts do not load the same scripts ten
 * thousand times: what a load answers is kept and given again, and what is open stays open. Rules
 * hold nothing that is promised to anybody, so nothing is hidden by it.
 */
#ifndef CUT_RULES_H
#define CUT_RULES_H

#include "rules.h"

enum sgn_status cut_rules_new(struct rules **out, struct sgn_error *err) SGN_MUST_CHECK;
/* What a server's end does not do: its free() only forgets what it had asked. */
void cut_rules_free(struct rules *rules);

#endif
