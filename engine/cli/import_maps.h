/* SPDX-License-Identifier: Apache-2.0 */
/* The maps that the build has put into the binary (dsl/embed.cmake). */
#ifndef CLI_IMPORT_MAPS_H
#define CLI_IMPORT_MAPS_H

#include <stddef.h>

struct import_map_file {
    const char *name, *text; /* "jira"; its JSON, followed by a NUL that is not counted */
    size_t size;
};
extern const struct import_map_file import_map_files[];
extern const int import_map_count;

#endif
