/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes with Signoff, as text: workflows, holidays of countries, project templates; it lives
 * in /workflows.
 */
#ifndef DSL_SHIPPED_H
#define DSL_SHIPPED_H

#include <jansson.h>

/* The source of a shipped workflow ("change_request"), or NULL. Lives as long as the process. */
const char *dsl_shipped(const char *name);
/* The name of the i-th, in alphabetical order, or NULL after the last. */
const char *dsl_shipped_name(int i);
/* { NAME: SOURCE } as rules.h's load takes it. New reference; NULL when out of memory. */
json_t *dsl_shipped_all(void);
/* { "cn-2026": TEXT }: holidays as the calendar layer reads them, one list for each year. */
json_t *dsl_shipped_holidays(void);
/* { "small": TEXT }: project templates as the model layer reads them. */
json_t *dsl_shipped_templates(void);

#endif
