/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Maps: what of another tool's export becomes what here. A map is JSON; those for the known tools
 * are built in (engine/cli/maps, printed by "signoff import --print-map NAME"), and one that is
 * given with --map is laid over it: what it says replaces or adds, member by member.
 *
 *   { "source": "jira",           under this name keys are kept: [a-z0-9_.]
 *     "rows": ["/issues", ""],    JSON: pointers, the first that leads to an array has the items
 *     "heading": ["Summary"],     tables: the first row that has one of these names the columns
 *     "groups": true,             a line with its first cell alone is the name of a group and no
 *                                 row, as is a line that names the columns again
 *     "zone": "Asia/Shanghai",    of times that do not say theirs; without it UTC
 *     "dates": "dmy" or "mdy",    4/3/2025: day or month first
 *     "clients", "people", "projects", "members", "cases": KIND }
 *
 *   KIND    { "when": NAME or [NAME]   only items of which one of these says something
 *             "set": {TARGET: RULE}, "history": {ANY NAME: HISTORY} }
 *
 *   TARGET  the columns of "signoff import KIND", "attributes.NAME"; of cases also key (in the
 *           other tool, one case each), url, at, by (begun there), due, state, opener, owner,
 *           priority, field.NAME. due, while it is to come, is when the outermost deadline of the
 *           case's state is due; a workflow with a field for it has field.NAME instead
 *
 *   RULE    { "from": NAME or [NAME]   columns, or JSON pointers into the item; the first that
 *                                      says something
 *             "join": TEXT             not the first, but all of them with this between
 *             "look": {"rows", "by", "get"}
 *                                      the value is the id of one of these rows of the file: what
 *                                      "get" says of it
 *             "map": {VALUE: VALUE}    in any case of letters; the first of the names whose value
 *                                      is there; "*": all others. Another value is a mistake
 *             "as": "key" "time" "date" "due" (a time where one is said, else a date) "flag"
 *                   "number" "digest" (of the whole row); else text
 *             "else": TEXT or RULE }   where there is nothing
 *           A string or strings alone are its "from".
 *
 *   HISTORY { "columns": [NAME]        cells "time;author;text", or a text alone
 *             "rows": POINTER          into the item; or "file": POINTER with "match":
 *                                      [POINTER into the item, POINTER into the row]: rows of the
 *                                      whole file
 *             "each": POINTER          a list within each row; it reaches the row by "/up"
 *             "only": {POINTER: TEXT or [TEXT]}
 *             "at", "by", "text", "field", "from", "to": RULE
 *             "files": true            each is an attachment: "name", "url", "size", "id": RULE;
 *                                      cells "time;author;name;url", or addresses
 *             "shared": true }         the client may read it
 *
 * Members called "note" are for readers.
 */
#ifndef CLI_IMPORT_MAP_H
#define CLI_IMPORT_MAP_H

#include "import_text.h"

/* The built-in one of that name, as text, NULL: none. */
const char *import_map_text(const char *name);
/* SGN_INVALID: there is no built-in map of that name, and which there are. */
enum sgn_status import_map_unknown(const char *name, struct sgn_error *err);
/* The built-in map with the one of the file (NULL: none) laid over it, checked. New reference. */
enum sgn_status import_map_load(const char *name, const char *path, json_t **out,
                                struct sgn_error *err) SGN_MUST_CHECK;

/* ---- import_rule.c: what rules say of an item ---- */

struct import_rules {
    const json_t *map;
    const json_t *root; /* of a JSON file, for "look" and "file"; or NULL */
    struct import_clock clock;
    json_t *found; /* {pointer: {id: [row]}}, made as wanted */
};
enum sgn_status import_rules_init(struct import_rules *rules, const json_t *map,
                                  struct sgn_error *err) SGN_MUST_CHECK;
void import_rules_deinit(struct import_rules *rules);
/* Another file begins; root is borrowed. */
void import_rules_root(struct import_rules *rules, const json_t *root);

/* A value by a JSON pointer (RFC 6901), or a member by its plain name. Borrowed, or NULL. */
const json_t *import_at(const json_t *item, const char *name);
/* *out NULL: there is nothing. *name: the column or pointer that spoke, or would have; borrowed. */
enum sgn_status import_rule(struct import_rules *rules, const json_t *rule, const json_t *item,
                            json_t **out, const char **name, struct sgn_error *err) SGN_MUST_CHECK;
/* The rows of the file at this pointer whose member by has this id: an array, borrowed; or NULL. */
const json_t *import_found(struct import_rules *rules, const char *rows, const char *by,
                           const char *id);

/* ---- import_past.c ---- */

/* The item's history as params of case.comment without case and n: [{text?, shared?, imported}], in
 * the order of time. An attachment has besides "file": {name, url?, size?, id?}. */
enum sgn_status import_past(struct import_rules *rules, const json_t *histories, const json_t *item,
                            json_t **out, const char **name, struct sgn_error *err) SGN_MUST_CHECK;

#endif
