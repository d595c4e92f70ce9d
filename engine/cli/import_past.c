/* SPDX-License-Identifier: Apache-2.0 */
/* The history of an item in another tool. See import_map.h. */
#include "clock.h"
#include "core.h"
#include "import_map.h"
#include "json.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_PIECE (CORE_COMMENT_MAX - 64) /* a longer comment becomes several */
#define LINE_MAX_  2000                    /* of from and to, see case.comment */

struct past {
    struct import_rules *rules;
    const json_t *how;
    json_t *out;
    const char *name; /* of what was looked at last */
};

/* ---- one entry ---- */

/* Where UTF-8 may be cut: before a character, at most n bytes on. */
static size_t
cut_at(const char *text, size_t n)
{
    if (strlen(text) <= n)
        return strlen(text);
    while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
        n--;
    return n;
}

/* imported is borrowed; a text too long for one comment is told in several, whole. */
static enum sgn_status
add(struct past *past, json_t *imported, const char *text, struct sgn_error *err)
{
    bool shared = sgn_json_true(past->how, "shared");
    int bad = 0;

    do {
        size_t n = text != NULL ? cut_at(text, TEXT_PIECE) : 0;
        json_t *entry = json_pack("{s:O}", "imported", imported);
        if (n > 0)
            bad |= json_object_set_new(entry, "text", json_stringn(text, n));
        if (shared)
            bad |= json_object_set_new(entry, "shared", json_true());
        bad |= json_array_append_new(past->out, entry);
        text = text != NULL ? text + n : NULL;
    } while (text != NULL && *text != '\0');
    return bad == 0 ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
take(struct past *past, const char *member, const json_t *row, json_t *into, struct sgn_error *err)
{
    const json_t *rule = json_object_get(past->how, member);
    json_t *as_time = NULL, *value = NULL;
    enum sgn_status st;

    if (rule == NULL)
        return SGN_OK;
    st = import_rule(past->rules, rule, row, &value, &past->name, err);
    if (st == SGN_OK && value != NULL && strcmp(member, "at") == 0) {
        st = json_is_string(value)
                 ? import_time(json_string_value(value), &past->rules->clock, IMPORT_TIME, &as_time,
                               err)
                 : sgn_fail(err, SGN_INVALID, "the map makes no text of a history's \"at\"");
        json_decref(value);
        value = as_time;
    }
    if (st == SGN_OK && json_string_length(value) > LINE_MAX_ && strcmp(member, "text") != 0) {
        json_t *whole = value;
        value = json_stringn(json_string_value(whole), cut_at(json_string_value(whole), LINE_MAX_));
        json_decref(whole);
    }
    if (st == SGN_OK && value != NULL && json_object_set(into, member, value) != 0)
        st = sgn_nomem(err);
    json_decref(value);
    return st;
}

/* ---- attachments ---- */

/* What they are called where only an address is known: the end of its path. */
static json_t *
name_in(const char *url)
{
    size_t n = strcspn(url, "?#"), from;

    while (n > 0 && url[n - 1] == '/')
        n--;
    from = n;
    while (from > 0 && url[from - 1] != '/')
        from--;
    return json_stringn(url + from, n - from);
}

/* As a change of what was attached; where the file itself is at hand, import_files.c makes it one.
 * imported and file are borrowed. */
static enum sgn_status
add_file(struct past *past, json_t *imported, json_t *file, struct sgn_error *err)
{
    const char *url = sgn_json_str(file, "url"), *name = sgn_json_str(file, "name");
    json_t *entry = json_object(), *said = json_copy(imported);
    char *to;
    int bad = 0;

    if (name == NULL && url != NULL)
        bad |= json_object_set_new(file, "name", name_in(url));
    name = sgn_json_str(file, "name");
    to = sgn_format("%s%s%s", name != NULL ? name : "", url != NULL ? " " : "",
                    url != NULL ? url : "");
    if (sgn_json_str(said, "field") == NULL)
        bad |= json_object_set_new(said, "field", json_string("attachment"));
    if (to != NULL)
        bad |= json_object_set_new(said, "to", json_stringn(to, cut_at(to, LINE_MAX_)));
    bad |= json_object_set_new(entry, "imported", said);
    bad |= json_object_set(entry, "file", file);
    if (sgn_json_true(past->how, "shared"))
        bad |= json_object_set_new(entry, "shared", json_true());
    bad |= json_array_append_new(past->out, entry);
    free(to);
    return bad == 0 && to != NULL ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
take_file(struct past *past, const json_t *row, struct sgn_error *err)
{
    static const char *const around[] = { "at", "by", "field" };
    static const char *const of_file[] = { "name", "url", "size", "id" };
    json_t *imported = json_object(), *file = json_object();
    enum sgn_status st = imported != NULL && file != NULL ? SGN_OK : sgn_nomem(err);

    for (size_t i = 0; st == SGN_OK && i < sizeof(around) / sizeof(around[0]); i++)
        st = take(past, around[i], row, imported, err);
    for (size_t i = 0; st == SGN_OK && i < sizeof(of_file) / sizeof(of_file[0]); i++)
        st = take(past, of_file[i], row, file, err);
    if (st == SGN_OK && (sgn_json_str(file, "name") != NULL || sgn_json_str(file, "url") != NULL))
        st = add_file(past, imported, file, err);
    json_decref(imported);
    json_decref(file);
    return st;
}

static bool
is_address(const char *text)
{
    return strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0;
}

/* Where one of several attachments ends in its cell: at a line's end, and before an address. */
static size_t
file_end(const char *cell)
{
    size_t n = 1;

    while (cell[n] != '\0' && cell[n] != '\n' &&
           !(cell[n] == ',' && is_address(cell + n + 1 + strspn(cell + n + 1, " "))))
        n++;
    return n;
}

/* "name;address", an address, or a name. */
static enum sgn_status
take_file_text(struct past *past, json_t *imported, const char *text, struct sgn_error *err)
{
    const char *divider = strrchr(text, ';');
    bool both = divider != NULL && divider > text && is_address(divider + 1);
    json_t *file = json_object();
    int bad = 0;
    enum sgn_status st;

    if (both)
        bad |= json_object_set_new(file, "name", json_stringn(text, (size_t)(divider - text)));
    if (both || is_address(text))
        bad |= json_object_set_new(file, "url", json_string(both ? divider + 1 : text));
    else
        bad |= json_object_set_new(file, "name", json_string(text));
    st = bad == 0 ? add_file(past, imported, file, err) : sgn_nomem(err);
    json_decref(file);
    return st;
}

static enum sgn_status
take_file_cell(struct past *past, json_t *imported, const char *cell, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    while (st == SGN_OK && *(cell += strspn(cell, " ,\n")) != '\0') {
        size_t n = file_end(cell);
        char *text = strndup(cell, n);
        st = text != NULL ? take_file_text(past, imported, text, err) : sgn_nomem(err);
        free(text);
        cell += n;
    }
    return st;
}

/* ---- what was said and changed ---- */

/* An entry that says nothing is none. */
static enum sgn_status
take_row(struct past *past, const json_t *row, struct sgn_error *err)
{
    static const char *const members[] = { "at", "by", "field", "from", "to", "text" };
    json_t *imported, *text;
    bool is_change;
    enum sgn_status st;

    if (sgn_json_true(past->how, "files"))
        return take_file(past, row, err);
    imported = json_object();
    st = imported != NULL ? SGN_OK : sgn_nomem(err);
    for (size_t i = 0; st == SGN_OK && i < sizeof(members) / sizeof(members[0]); i++)
        st = take(past, members[i], row, imported, err);
    text = json_incref(json_object_get(imported, "text"));
    (void)json_object_del(imported, "text");
    is_change =
        json_object_get(imported, "field") != NULL &&
        (json_object_get(imported, "from") != NULL || json_object_get(imported, "to") != NULL);
    if (!is_change)
        (void)json_object_del(imported, "field");
    if (st == SGN_OK && (text != NULL || is_change))
        st = add(past, imported, json_string_value(text), err);
    json_decref(text);
    json_decref(imported);
    return st;
}

/* ---- cells: "04/Mar/25 10:15 AM;jane;Cannot reproduce" ---- */

static enum sgn_status
take_cell(struct past *past, const char *cell, struct sgn_error *err)
{
    const char *first = strchr(cell, ';');
    const char *second = first != NULL ? strchr(first + 1, ';') : NULL;
    json_t *imported = json_object(), *at = NULL;
    char *time;
    enum sgn_status st = imported != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK && second != NULL && first - cell < 40) {
        time = strndup(cell, (size_t)(first - cell));
        if (time == NULL)
            st = sgn_nomem(err);
        else if (import_time(time, &past->rules->clock, IMPORT_TIME, &at, NULL) == SGN_OK)
            cell = second + 1;
        free(time);
    }
    if (st == SGN_OK && at != NULL) {
        (void)json_object_set(imported, "at", at);
        if (second > first + 1)
            (void)json_object_set_new(imported, "by",
                                      json_stringn(first + 1, (size_t)(second - first - 1)));
    }
    if (st == SGN_OK && sgn_json_true(past->how, "files"))
        st = take_file_cell(past, imported, cell, err);
    else if (st == SGN_OK && *cell != '\0')
        st = add(past, imported, cell, err);
    json_decref(at);
    json_decref(imported);
    return st;
}

/* A column that stands there several times is a list. */
static enum sgn_status
take_cells(struct past *past, const char *column, const json_t *item, struct sgn_error *err)
{
    const json_t *cells = import_at(item, column), *cell;
    json_t *one = json_is_string(cells) ? json_pack("[O]", cells) : json_incref((json_t *)cells);
    size_t i;
    enum sgn_status st = SGN_OK;

    json_array_foreach(one, i, cell) {
        json_t *text = import_plain(cell);
        past->name = column;
        if (st == SGN_OK && text != NULL)
            st = take_cell(past, json_string_value(text), err);
        json_decref(text);
    }
    json_decref(one);
    return st;
}

/* ---- rows ---- */

static bool
is_one_of(const json_t *wanted, const json_t *value)
{
    json_t *text = import_plain(value);
    bool is = text != NULL &&
              (json_equal((json_t *)wanted, text) || sgn_json_has(wanted, json_string_value(text)));

    json_decref(text);
    return is;
}

static bool
is_wanted(const struct past *past, const json_t *row)
{
    const char *pointer;
    json_t *wanted;

    json_object_foreach(json_object_get(past->how, "only"), pointer, wanted)
        if (!is_one_of(wanted, import_at(row, pointer)))
            return false;
    return true;
}

static enum sgn_status
take_each(struct past *past, const json_t *row, struct sgn_error *err)
{
    const char *each = sgn_json_str(past->how, "each");
    const json_t *part;
    size_t i;
    enum sgn_status st = SGN_OK;

    if (each == NULL)
        return is_wanted(past, row) ? take_row(past, row, err) : SGN_OK;
    json_array_foreach((json_t *)import_at(row, each), i, part) {
        json_t *both = json_copy((json_t *)part);
        if (st == SGN_OK && json_object_set(both, "up", (json_t *)row) == 0 &&
            is_wanted(past, both))
            st = take_row(past, both, err);
        json_decref(both);
    }
    return st;
}

/* The rows that belong to the item; new reference. */
static json_t *
rows_of(const struct past *past, const json_t *item)
{
    const char *rows = sgn_json_str(past->how, "rows"), *file = sgn_json_str(past->how, "file");
    const json_t *match = json_object_get(past->how, "match");
    const char *own = json_string_value(json_array_get(match, 0));
    const char *theirs = json_string_value(json_array_get(match, 1));
    const json_t *found = rows != NULL ? import_at(item, rows) : NULL;
    json_t *id;

    if (file != NULL && own != NULL && theirs != NULL) {
        id = import_plain(import_at(item, own));
        if (id != NULL)
            found = import_found(past->rules, file, theirs, json_string_value(id));
        json_decref(id);
    }
    return json_incref((json_t *)found);
}

static enum sgn_status
take_all(struct past *past, const json_t *item, struct sgn_error *err)
{
    const json_t *columns = json_object_get(past->how, "columns"), *column, *row;
    json_t *rows = rows_of(past, item);
    size_t i;
    enum sgn_status st = SGN_OK;

    if (json_is_string(columns))
        st = take_cells(past, json_string_value(columns), item, err);
    json_array_foreach(columns, i, column)
        if (st == SGN_OK)
            st = take_cells(past, json_string_value(column), item, err);
    json_array_foreach(rows, i, row)
        if (st == SGN_OK)
            st = take_each(past, row, err);
    json_decref(rows);
    return st;
}

/* ---- in the order of time ---- */

struct dated {
    int64_t at;
    size_t place;
    json_t *entry;
};

static int
compare(const void *a, const void *b)
{
    const struct dated *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->place < y->place ? -1 : 1;
}

/* Without a time: behind the one before it. */
static enum sgn_status
sort(json_t *entries, struct sgn_error *err)
{
    size_t n = json_array_size(entries);
    struct dated *all = calloc(n + 1, sizeof(*all));
    json_t *sorted = json_array();
    enum sgn_status st = all != NULL && sorted != NULL ? SGN_OK : sgn_nomem(err);

    for (size_t i = 0; st == SGN_OK && i < n; i++) {
        json_t *entry = json_array_get(entries, i);
        const char *at = sgn_json_str(json_object_get(entry, "imported"), "at");
        all[i] = (struct dated){ i > 0 ? all[i - 1].at : 0, i, entry };
        if (at != NULL && sgn_time_parse(at, &all[i].at, NULL) != SGN_OK)
            all[i].at = 0;
    }
    if (st == SGN_OK)
        qsort(all, n, sizeof(*all), compare);
    for (size_t i = 0; st == SGN_OK && i < n; i++)
        if (json_array_append(sorted, all[i].entry) != 0)
            st = sgn_nomem(err);
    if (st == SGN_OK) {
        (void)json_array_clear(entries);
        (void)json_array_extend(entries, sorted);
    }
    json_decref(sorted);
    free(all);
    return st;
}

enum sgn_status
import_past(struct import_rules *rules, const json_t *histories, const json_t *item, json_t **out,
            const char **name, struct sgn_error *err)
{
    struct past past = { .rules = rules, .out = json_array() };
    const char *which;
    json_t *how;
    enum sgn_status st = past.out != NULL ? SGN_OK : sgn_nomem(err);

    json_object_foreach((json_t *)histories, which, how) {
        past.how = how;
        if (st == SGN_OK && json_is_object(how))
            st = take_all(&past, item, err);
    }
    if (st == SGN_OK)
        st = sort(past.out, err);
    *name = past.name;
    if (st == SGN_OK)
        *out = past.out;
    else
        json_decref(past.out);
    return st;
}
