/* SPDX-License-Identifier: Apache-2.0 */
/* Items of a file of another tool: rows of a table, or what a JSON file has at the map's "rows". */
#ifndef CLI_IMPORT_SOURCE_H
#define CLI_IMPORT_SOURCE_H

#include "csv.h"
#include "import_map.h"

#define IMPORT_PLACE_TEXT 300

struct import_source {
    const json_t *map; /* borrowed */
    FILE *file;
    bool is_json;
    /* a table */
    struct csv csv;
    json_t *heading; /* [name], "" for a column without one */
    json_t *item;    /* {name: cell}, a list where the name stands there several times */
    json_t *group;   /* the line above a part of it, as member "#group" (monday.com) */
    /* JSON, which is read as a whole */
    json_t *root;
    const json_t *items;
    const char *rows; /* the pointer that led to them */
    size_t next;
    int64_t line; /* of the item: a line, or its number from 0 */
};

/* Looks what the file is. JSON is parsed here. SGN_INVALID says where. */
enum sgn_status import_source_open(struct import_source *source, const json_t *map, FILE *file_take,
                                   struct sgn_error *err) SGN_MUST_CHECK;
void import_source_close(struct import_source *source);
/* From the beginning; reads the heading. */
enum sgn_status import_source_rewind(struct import_source *source,
                                     struct sgn_error *err) SGN_MUST_CHECK;
/* The next item, borrowed until the one after; NULL: there is none. SGN_INVALID with data.skipped:
 * the one after can be read. */
enum sgn_status import_source_next(struct import_source *source, const json_t **item,
                                   struct sgn_error *err) SGN_MUST_CHECK;
/* "12:3", or "/issues/11/fields/summary": where in the file name (may be NULL) of an item is. */
void import_source_place(const struct import_source *source, int64_t line, const char *name,
                         char out[IMPORT_PLACE_TEXT]);
/* Which of a rule's names this file has; NULL: none. */
const char *import_source_name(const struct import_source *source, const json_t *rule);
/* Columns that the map never speaks of; new reference. */
json_t *import_source_left(const struct import_source *source);
/* How much of the file has been read, of a hundred. */
int import_source_percent(const struct import_source *source);

#endif
