/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rule language: Lua scripts to models, and the functions in them answered.
 *
 * Implements rules.h in process. Scripts run in states of their own with an allow-listed
 * environment, a byte ceiling and an instruction budget; source text only. Lua stays in this
 * folder: nothing above sees lua.h.
 */
#ifndef DSL_H
#define DSL_H

#include "rules.h"

struct dsl_limits {
    size_t memory_bytes;  /* per state; default 64 MiB */
    int64_t instructions; /* per call and per load; default 10,000,000 */
    size_t file_bytes;    /* default 64 KiB */
    size_t team_bytes;    /* default 256 KiB */
};

void dsl_limits_default(struct dsl_limits *limits);

/* An in-process implementation of rules.h; limits NULL for the defaults. */
enum sgn_status dsl_rules_new(const struct dsl_limits *limits, struct rules **out,
                              struct sgn_error *err) SGN_MUST_CHECK;

/* The same load at once, for signoff check: input and answer as in rules.h. New reference. */
enum sgn_status dsl_load(const struct dsl_limits *limits, const json_t *input, json_t **answer,
                         struct sgn_error *err) SGN_MUST_CHECK;

#endif
