/* SPDX-License-Identifier: Apache-2.0 */
/* Items of a file of another tool. See import_source.h. */
#include "import_source.h"

#include "json.h"
#include "text.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define JSON_MAX    (256 * 1024 * 1024)
#define HEADING_ROW 30 /* a heading stands in one of so many first rows */
#define GROUP       "#group"

/* ---- JSON ---- */

static enum sgn_status
find_items(struct import_source *source, struct sgn_error *err)
{
    const json_t *rows = json_object_get(source->map, "rows"), *one;
    size_t i;

    if (json_is_string(rows)) {
        source->rows = json_string_value(rows);
        source->items = import_at(source->root, source->rows);
    }
    json_array_foreach(rows, i, one)
        if (!json_is_array(source->items)) {
            source->rows = json_string_value(one);
            source->items = import_at(source->root, source->rows);
        }
    if (json_is_array(source->items))
        return SGN_OK;
    return sgn_fail(err, SGN_INVALID, "the file has no list at %s: is it what this source exports?",
                    source->rows != NULL ? source->rows : "\"rows\" of the map");
}

static enum sgn_status
read_json(struct import_source *source, struct sgn_error *err)
{
    char *text = NULL;
    long size = fseek(source->file, 0, SEEK_END) == 0 ? ftell(source->file) : -1;
    size_t n = 0, mark = 0;
    enum sgn_status st = SGN_OK;

    rewind(source->file);
    if (size < 0 || size > JSON_MAX)
        return sgn_fail(err, SGN_TOO_LARGE, "a JSON file has at most 256 MiB: divide it");
    text = malloc((size_t)size + 1);
    if (text == NULL)
        return sgn_nomem(err);
    n = fread(text, 1, (size_t)size, source->file);
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        mark = 3;
    st = sgn_json_parse(text + mark, n - mark, &source->root, err);
    free(text);
    return st == SGN_OK ? find_items(source, err) : st;
}

/* ---- tables ---- */

static bool
is_named(const json_t *names, const char *cell)
{
    const json_t *name;
    size_t i;

    if (json_is_string(names))
        return strcasecmp(json_string_value(names), cell) == 0;
    json_array_foreach(names, i, name)
        if (strcasecmp(json_string_value(name), cell) == 0)
            return true;
    return false;
}

static bool
is_heading(const struct import_source *source)
{
    const json_t *names = json_object_get(source->map, "heading");

    for (int i = 0; i < source->csv.n; i++)
        if (names == NULL || is_named(names, csv_cell(&source->csv, i)))
            return true;
    return false;
}

/* Names without the white space around them; jansson wants each only once. */
static enum sgn_status
take_heading(struct import_source *source, struct sgn_error *err)
{
    json_decref(source->heading);
    source->heading = json_array();
    for (int i = 0; i < source->csv.n; i++) {
        json_t *cell = json_string(csv_cell(&source->csv, i));
        json_t *name = import_plain(cell);
        json_decref(cell);
        if (json_array_append_new(source->heading, name != NULL ? name : json_string("")) != 0)
            return sgn_nomem(err);
    }
    return SGN_OK;
}

static enum sgn_status
table_begin(struct import_source *source, struct sgn_error *err)
{
    bool more = true, found = false;
    enum sgn_status st = SGN_OK;

    csv_deinit(&source->csv);
    csv_init(&source->csv, source->file);
    for (int i = 0; st == SGN_OK && more && !found && i < HEADING_ROW; i++) {
        st = csv_read(&source->csv, &more, err);
        found = st == SGN_OK && more && is_heading(source);
    }
    if (st == SGN_OK && !found) {
        st = sgn_fail(err, SGN_INVALID,
                      "no row names the columns as this source does: is it "
                      "another one, or another language? See --map");
        sgn_error_add(err, "line", json_integer(1));
    }
    return st == SGN_OK ? take_heading(source, err) : st;
}

/* A name that stands there several times has all its cells that say something. */
static int
put_cell(json_t *item, const char *name, const char *cell)
{
    json_t *there = json_object_get(item, name);

    if (name[0] == '\0' || (there != NULL && cell[0] == '\0'))
        return 0;
    if (there == NULL || json_string_length(there) == 0)
        if (!json_is_array(there))
            return json_object_set_new(item, name, json_string(cell));
    if (json_is_array(there))
        return json_array_append_new(there, json_string(cell));
    return json_object_set_new(item, name, json_pack("[O, s]", there, cell));
}

/* A line of a heading that is told again (also of subitems, which begins with another column), or
 * of a group's name alone. */
static bool
is_between(struct import_source *source)
{
    const char *first = csv_cell(&source->csv, 0);
    bool same = true, alone = first[0] != '\0';
    bool below = sgn_json_has(source->heading, first) && source->csv.n > 1 &&
                 sgn_json_has(source->heading, csv_cell(&source->csv, 1)) && alone;

    if (!sgn_json_true(source->map, "groups"))
        return false;
    for (int i = 0; i < source->csv.n; i++) {
        const char *cell = csv_cell(&source->csv, i);
        const char *name = json_string_value(json_array_get(source->heading, (size_t)i));
        same = same && name != NULL && strcmp(name, cell) == 0;
        alone = alone && (i == 0 || cell[0] == '\0');
    }
    if (alone && json_array_size(source->heading) > 1) {
        json_decref(source->group);
        source->group = json_string(first);
    }
    return same || below || (alone && json_array_size(source->heading) > 1);
}

static enum sgn_status
too_many(const struct import_source *source, int i, struct sgn_error *err)
{
    sgn_fail(err, SGN_INVALID, "the row has more cells than there are names of columns");
    sgn_error_add(err, "line", json_integer(source->line));
    sgn_error_add(err, "column", json_integer(i + 1));
    sgn_error_add(err, "skipped", json_true());
    return SGN_INVALID;
}

static enum sgn_status
table_next(struct import_source *source, const json_t **item, struct sgn_error *err)
{
    bool more = false;
    enum sgn_status st;

    do {
        st = csv_read(&source->csv, &more, err);
        source->line = source->csv.row_line;
    } while (st == SGN_OK && more && is_between(source));
    if (st != SGN_OK || !more)
        return st;
    json_decref(source->item);
    source->item = json_object();
    if (source->item == NULL)
        return sgn_nomem(err);
    for (int i = 0; i < source->csv.n; i++) {
        const char *cell = csv_cell(&source->csv, i);
        const char *name = json_string_value(json_array_get(source->heading, (size_t)i));
        if (name == NULL && cell[0] != '\0')
            return too_many(source, i, err);
        if (name != NULL && put_cell(source->item, name, cell) != 0)
            return sgn_nomem(err);
    }
    if (source->group != NULL)
        (void)json_object_set(source->item, GROUP, source->group);
    *item = source->item;
    return SGN_OK;
}

/* ---- both ---- */

enum sgn_status
import_source_open(struct import_source *source, const json_t *map, FILE *file_take,
                   struct sgn_error *err)
{
    int c;

    *source = (struct import_source){ .map = map, .file = file_take };
    do {
        c = getc(file_take);
    } while (c == 0xef || c == 0xbb || c == 0xbf || (c != EOF && isspace(c)));
    source->is_json = c == '{' || c == '[';
    rewind(file_take);
    csv_init(&source->csv, file_take);
    if (source->is_json)
        return read_json(source, err);
    return SGN_OK;
}

void
import_source_close(struct import_source *source)
{
    csv_deinit(&source->csv);
    json_decref(source->heading);
    json_decref(source->item);
    json_decref(source->group);
    json_decref(source->root);
    if (source->file != NULL)
        fclose(source->file);
    *source = (struct import_source){ 0 };
}

enum sgn_status
import_source_rewind(struct import_source *source, struct sgn_error *err)
{
    source->next = 0;
    json_decref(source->group);
    source->group = NULL;
    rewind(source->file);
    return source->is_json ? SGN_OK : table_begin(source, err);
}

enum sgn_status
import_source_next(struct import_source *source, const json_t **item, struct sgn_error *err)
{
    *item = NULL;
    if (!source->is_json)
        return table_next(source, item, err);
    source->line = (int64_t)source->next;
    *item = json_array_get(source->items, source->next++);
    return SGN_OK;
}

/* The number of a column from 1 on; 0: there is none. */
static int
column_of(const struct import_source *source, const char *name)
{
    const json_t *heading;
    size_t i;

    json_array_foreach(source->heading, i, heading)
        if (name != NULL && strcmp(json_string_value(heading), name) == 0)
            return (int)i + 1;
    return 0;
}

void
import_source_place(const struct import_source *source, int64_t line, const char *name,
                    char out[IMPORT_PLACE_TEXT])
{
    int column = column_of(source, name);

    if (source->is_json)
        snprintf(out, IMPORT_PLACE_TEXT, "%s/%lld%s", source->rows != NULL ? source->rows : "",
                 (long long)line, name != NULL && name[0] == '/' ? name : "");
    else if (column > 0)
        snprintf(out, IMPORT_PLACE_TEXT, "%lld:%d", (long long)line, column);
    else
        snprintf(out, IMPORT_PLACE_TEXT, "%lld", (long long)line);
}

const char *
import_source_name(const struct import_source *source, const json_t *rule)
{
    const json_t *from = json_is_object(rule) ? json_object_get(rule, "from") : rule, *name;
    size_t i;

    if (json_is_string(from))
        return json_string_value(from);
    json_array_foreach(from, i, name) {
        const char *text = json_string_value(name);
        if (source->is_json ? text[0] == '/' : column_of(source, text) > 0)
            return text;
    }
    return NULL;
}

/* Does any rule name it? */
static bool
speaks_of(const json_t *map, const char *name)
{
    const char *member;
    const json_t *item;
    json_t *value;
    size_t i;

    if (json_is_string(map))
        return strcmp(json_string_value(map), name) == 0;
    json_array_foreach(map, i, item)
        if (speaks_of(item, name))
            return true;
    json_object_foreach((json_t *)map, member, value)
        if (strcmp(member, "map") != 0 && strcmp(member, "note") != 0 && speaks_of(value, name))
            return true;
    return false;
}

json_t *
import_source_left(const struct import_source *source)
{
    json_t *left = json_array();
    const json_t *name;
    size_t i;

    json_array_foreach(source->heading, i, name)
        if (json_string_length(name) > 0 && !speaks_of(source->map, json_string_value(name)) &&
            !sgn_json_has(left, json_string_value(name)))
            (void)json_array_append(left, (json_t *)name);
    return left;
}

int
import_source_percent(const struct import_source *source)
{
    long at = ftell(source->file), size;

    if (source->is_json)
        return (int)(source->next * 100 / (json_array_size(source->items) + 1));
    if (fseek(source->file, 0, SEEK_END) != 0)
        return 0;
    size = ftell(source->file);
    (void)fseek(source->file, at, SEEK_SET);
    return size > 0 ? (int)((double)at * 100 / (double)size) : 0;
}
