/* SPDX-License-Identifier: Apache-2.0 */
/* The maps that the build has put into the binary (maps/embed.cmake). */
#ifndef CLI_IMPORT_MAPS_H
#define CLI_IMPORT_MAPS_H

struct import_map_file {
    const char *name, *text; /* "jira"; its JSON */
};
extern const struct import_map_file import_maps[];
extern const int import_maps_count;

#endif
