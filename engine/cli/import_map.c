/* SPDX-License-Identifier: Apache-2.0 */
/* Loading, laying over and checking of maps. See import_map.h. */
#include "import_map.h"

#include "buf.h"
#include "exchange.h"
#include "import_maps.h"
#include "json.h"
#include "text.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAP_MAX (1024 * 1024)

const char *
import_map_text(const char *name)
{
    for (int i = 0; i < import_map_count; i++)
        if (strcmp(import_map_files[i].name, name) == 0)
            return import_map_files[i].text;
    return NULL;
}

enum sgn_status
import_map_unknown(const char *name, struct sgn_error *err)
{
    struct sgn_buf names;

    sgn_buf_init(&names, MAP_MAX);
    for (int i = 0; i < import_map_count; i++)
        (void)sgn_buf_printf(&names, "%s%s", i == 0 ? "" : ", ", import_map_files[i].name);
    sgn_fail(err, SGN_INVALID, "'%.40s' is no source: those are %s", name,
             names.len > 0 ? names.bytes : "");
    sgn_buf_deinit(&names);
    return SGN_INVALID;
}

/* ---- checking ---- */

/* What a member may be: 's' a string, 'l' a string or strings, 'o' an object, 'b' true or false,
 * 'r' a rule, 'k' a kind, 'h' histories, 't' a set of targets, 'n' anything. */
struct shape {
    const char *name;
    char type;
};
static const struct shape of_map[] = {
    { "source", 's' },   { "rows", 'l' },    { "heading", 'l' }, { "groups", 'b' },
    { "zone", 's' },     { "dates", 's' },   { "clients", 'k' }, { "people", 'k' },
    { "projects", 'k' }, { "members", 'k' }, { "cases", 'k' },   { NULL, 0 },
};
static const struct shape of_kind[] = {
    { "when", 'l' },
    { "set", 't' },
    { "history", 'h' },
    { NULL, 0 },
};
static const struct shape of_rule[] = {
    { "from", 'l' }, { "join", 's' }, { "look", 'o' }, { "map", 'o' },
    { "as", 's' },   { "else", 'r' }, { NULL, 0 },
};
static const struct shape of_history[] = {
    { "columns", 'l' }, { "rows", 's' }, { "file", 's' },   { "match", 'l' }, { "each", 's' },
    { "only", 'o' },    { "at", 'r' },   { "by", 'r' },     { "text", 'r' },  { "field", 'r' },
    { "from", 'r' },    { "to", 'r' },   { "shared", 'b' }, { "files", 'b' }, { "name", 'r' },
    { "url", 'r' },     { "size", 'r' }, { "id", 'r' },     { NULL, 0 },
};

static enum sgn_status
fault(const char *pointer, const char *why, struct sgn_error *err)
{
    sgn_fail(err, SGN_INVALID, "the map, at %s: %s", pointer, why);
    sgn_error_add(err, "pointer", json_string(pointer));
    return SGN_INVALID;
}

static bool
is_texts(const json_t *value)
{
    const json_t *item;
    size_t i;

    if (json_is_string(value))
        return true;
    json_array_foreach(value, i, item)
        if (!json_is_string(item))
            return false;
    return json_array_size(value) > 0;
}

static enum sgn_status check_members(const json_t *object, const struct shape *shapes,
                                     const char *pointer, struct sgn_error *err);

static enum sgn_status
check_rule(const json_t *rule, const char *pointer, struct sgn_error *err)
{
    static const char *const as[] = { "text", "key",  "time",   "date",
                                      "due",  "flag", "number", "digest" };
    const char *said = sgn_json_str(rule, "as");
    bool known = said == NULL;

    if (is_texts(rule))
        return SGN_OK;
    if (!json_is_object(rule))
        return fault(pointer, "expected a rule: a name, or an object with from", err);
    for (size_t i = 0; i < sizeof(as) / sizeof(as[0]); i++)
        known = known || strcmp(said, as[i]) == 0;
    if (!known)
        return fault(pointer, "as is text, key, time, date, due, flag, number or digest", err);
    return check_members(rule, of_rule, pointer, err);
}

static enum sgn_status
check_each(const json_t *object, bool are_rules, const char *pointer, struct sgn_error *err)
{
    const char *name;
    json_t *value;
    enum sgn_status st = SGN_OK;

    if (!json_is_object(object))
        return fault(pointer, "expected an object", err);
    json_object_foreach((json_t *)object, name, value) {
        char *below = sgn_format("%s/%s", pointer, name);
        if (below == NULL)
            return sgn_nomem(err);
        if (st == SGN_OK && strcmp(name, "note") != 0)
            st = are_rules ? check_rule(value, below, err)
                           : check_members(value, of_history, below, err);
        free(below);
    }
    return st;
}

static enum sgn_status
check_member(const json_t *value, char type, const char *pointer, struct sgn_error *err)
{
    switch (type) {
    case 's':
        return json_is_string(value) ? SGN_OK : fault(pointer, "expected a string", err);
    case 'l':
        return is_texts(value) ? SGN_OK : fault(pointer, "expected a string or strings", err);
    case 'b':
        return json_is_boolean(value) ? SGN_OK : fault(pointer, "expected true or false", err);
    case 'o':
        return json_is_object(value) ? SGN_OK : fault(pointer, "expected an object", err);
    case 'r':
        return check_rule(value, pointer, err);
    case 'k':
        return check_members(value, of_kind, pointer, err);
    default:
        return check_each(value, type == 't', pointer, err);
    }
}

static enum sgn_status
check_members(const json_t *object, const struct shape *shapes, const char *pointer,
              struct sgn_error *err)
{
    const char *name;
    json_t *value;
    enum sgn_status st = SGN_OK;

    if (!json_is_object(object))
        return fault(pointer[0] != '\0' ? pointer : "/", "expected an object", err);
    json_object_foreach((json_t *)object, name, value) {
        const struct shape *shape = shapes;
        char *below = sgn_format("%s/%s", pointer, name);
        if (below == NULL)
            return sgn_nomem(err);
        while (shape->name != NULL && strcmp(shape->name, name) != 0)
            shape++;
        if (st == SGN_OK && strcmp(name, "note") != 0)
            st = shape->name != NULL
                     ? check_member(value, shape->type, below, err)
                     : fault(below, "there is no such member; see signoff import --print-map jira",
                             err);
        free(below);
    }
    return st;
}

static enum sgn_status
check(const json_t *map, struct sgn_error *err)
{
    const char *source = sgn_json_str(map, "source"), *zone = sgn_json_str(map, "zone");
    const char *dates = sgn_json_str(map, "dates");
    enum sgn_status st = check_members(map, of_map, "", err);

    if (st == SGN_OK && (source == NULL || !sgn_name_valid(source) || strlen(source) > 32))
        st = fault("/source", "expected a name of a-z, 0-9, _ and .", err);
    if (st == SGN_OK && zone != NULL && !import_zone_valid(zone))
        st = fault("/zone", "expected a time zone such as Asia/Shanghai or +08:00", err);
    if (st == SGN_OK && dates != NULL && strcmp(dates, "dmy") != 0 && strcmp(dates, "mdy") != 0)
        st = fault("/dates", "expected dmy or mdy", err);
    return st;
}

/* ---- loading ---- */

/* Objects member by member, everything else as a whole; null takes away (RFC 7396). */
static enum sgn_status
lay_over(json_t *map, const json_t *over, struct sgn_error *err)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)over, name, value) {
        json_t *below = json_object_get(map, name);
        enum sgn_status st = SGN_OK;
        if (json_is_null(value))
            (void)json_object_del(map, name);
        else if (json_is_object(below) && json_is_object(value))
            st = lay_over(below, value, err);
        else if (json_object_set(map, name, value) != 0)
            st = sgn_nomem(err);
        if (st != SGN_OK)
            return st;
    }
    return SGN_OK;
}

static enum sgn_status
read_map(const char *path, json_t **out, struct sgn_error *err)
{
    FILE *file = fopen(path, "r");
    char *text = NULL;
    size_t n;
    enum sgn_status st;

    if (file == NULL)
        return sgn_fail(err, SGN_NOT_FOUND, "%s: could not be read: %s", path, strerror(errno));
    text = malloc(MAP_MAX + 1);
    n = text != NULL ? fread(text, 1, MAP_MAX + 1, file) : 0;
    fclose(file);
    if (text == NULL)
        return sgn_nomem(err);
    if (n > MAP_MAX)
        st = sgn_fail(err, SGN_TOO_LARGE, "a map has at most 1 MiB");
    else
        st = sgn_json_parse(text, n, out, err);
    if (st == SGN_OK && !json_is_object(*out))
        st = sgn_fail(err, SGN_INVALID, "a map is a JSON object");
    free(text);
    if (st != SGN_OK)
        sgn_error_prefix(err, "%s: ", path);
    return st;
}

enum sgn_status
import_map_load(const char *name, const char *path, json_t **out, struct sgn_error *err)
{
    const char *text = import_map_text(name);
    json_t *map = NULL, *over = NULL;
    enum sgn_status st;

    if (text == NULL)
        return import_map_unknown(name, err);
    st = sgn_json_parse(text, strlen(text), &map, err);
    if (st == SGN_OK && path != NULL)
        st = read_map(path, &over, err);
    if (st == SGN_OK && over != NULL)
        st = lay_over(map, over, err);
    if (st == SGN_OK)
        st = check(map, err);
    json_decref(over);
    if (st == SGN_OK)
        *out = map;
    else
        json_decref(map);
    return st;
}
