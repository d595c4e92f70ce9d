/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that the build has put into the binary: the language's own Lua, the shipped
 * workflows, holidays and project templates. The arrays are written by embed.cmake.
 */
#ifndef DSL_EMBEDDED_H
#define DSL_EMBEDDED_H

#include <stddef.h>

struct dsl_embedded {
    const char *name;  /* without folder, its ending */
    const char *bytes; /* followed by a NUL that is not counted */
    size_t size;
};

extern const struct dsl_embedded dsl_prelude_files[];
extern const int dsl_prelude_count;
extern const struct dsl_embedded dsl_testkit_files[];
extern const int dsl_testkit_count;
extern const struct dsl_embedded dsl_reference_files[];
extern const int dsl_reference_count;
extern const struct dsl_embedded dsl_workflow_files[];
extern const int dsl_workflow_count;
extern const struct dsl_embedded dsl_holiday_files[];
extern const int dsl_holiday_count;
extern const struct dsl_embedded dsl_template_files[];
extern const int dsl_template_count;

#endif
