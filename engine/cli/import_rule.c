/* SPDX-License-Identifier: Apache-2.0 */
/* What a map's rules say of an item. See import_map.h. */
#include "hash.h"
#include "import_map.h"
#include "json.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define POINTER_PART 256
#define CANONICAL    (4 * 1024 * 1024)
#define KEY_DIGITS   16

enum sgn_status
import_rules_init(struct import_rules *rules, const json_t *map, struct sgn_error *err)
{
    const char *dates = sgn_json_str(map, "dates");

    *rules = (struct import_rules){
        .map = map,
        .clock = { .zone = sgn_json_str(map, "zone"),
                   .day_first = dates != NULL && strcmp(dates, "dmy") == 0,
                   .month_first = dates != NULL && strcmp(dates, "mdy") == 0 },
        .found = json_object(),
    };
    return rules->found != NULL ? SGN_OK : sgn_nomem(err);
}

void
import_rules_deinit(struct import_rules *rules)
{
    json_decref(rules->found);
    *rules = (struct import_rules){ 0 };
}

void
import_rules_root(struct import_rules *rules, const json_t *root)
{
    rules->root = root;
    (void)json_object_clear(rules->found);
}

/* ---- values in an item ---- */

const json_t *
import_at(const json_t *item, const char *name)
{
    char part[POINTER_PART];

    if (name[0] != '/' && name[0] != '\0')
        return json_object_get(item, name);
    while (*name == '/' && item != NULL) {
        size_t n = 0;
        for (name++; *name != '\0' && *name != '/' && n < sizeof(part) - 1; name++) {
            part[n++] = *name;
            if (name[0] == '~' && (name[1] == '0' || name[1] == '1'))
                part[n - 1] = *++name == '0' ? '~' : '/';
        }
        part[n] = '\0';
        item = json_is_array(item) ? json_array_get(item, (size_t)strtoul(part, NULL, 10))
                                   : json_object_get(item, part);
    }
    return item;
}

/* {id: [row]}, made once for a pointer and a member. */
static json_t *
index_rows(struct import_rules *rules, const char *rows, const char *by)
{
    char *name = sgn_format("%s %s", rows, by);
    bool is_new = name != NULL && json_object_get(rules->found, name) == NULL;
    json_t *index = name != NULL ? sgn_json_within(rules->found, name) : NULL, *row;
    size_t i;

    free(name);
    if (!is_new)
        return index;
    json_array_foreach((json_t *)import_at(rules->root, rows), i, row) {
        json_t *id = import_plain(import_at(row, by));
        if (id != NULL)
            (void)json_array_append(sgn_json_list_within(index, json_string_value(id)), row);
        json_decref(id);
    }
    return index;
}

const json_t *
import_found(struct import_rules *rules, const char *rows, const char *by, const char *id)
{
    return rules->root != NULL ? json_object_get(index_rows(rules, rows, by), id) : NULL;
}

/* ---- from ---- */

/* The nth name, or NULL. */
static const char *
name_at(const json_t *from, size_t n)
{
    if (json_is_string(from))
        return n == 0 ? json_string_value(from) : NULL;
    return json_string_value(json_array_get(from, n));
}

/* The texts of all names that say something, or of the first (join NULL). */
static json_t *
read_from(const json_t *from, const char *join, const json_t *item, const char **name)
{
    json_t *text = NULL;
    const char *one;

    *name = NULL;
    for (size_t i = 0; (one = name_at(from, i)) != NULL && (text == NULL || join != NULL); i++) {
        const json_t *value = import_at(item, one);
        json_t *next = import_plain(value);
        if (*name == NULL || next != NULL || (json_is_string(value) && text == NULL))
            *name = next != NULL || *name == NULL ? one : *name;
        if (text != NULL && next != NULL) {
            json_t *both =
                json_sprintf("%s%s%s", json_string_value(text), join, json_string_value(next));
            json_decref(text);
            json_decref(next);
            text = both;
        } else if (next != NULL) {
            text = next;
        }
    }
    return text;
}

static json_t *
look(struct import_rules *rules, const json_t *how, json_t *id_take)
{
    const char *rows = sgn_json_str(how, "rows"), *by = sgn_json_str(how, "by");
    const char *get = sgn_json_str(how, "get");
    const json_t *found = NULL;
    json_t *text = NULL;

    if (id_take != NULL && rows != NULL && by != NULL && get != NULL)
        found = import_found(rules, rows, by, json_string_value(id_take));
    if (found != NULL)
        text = import_plain(import_at(json_array_get(found, 0), get));
    json_decref(id_take);
    return text;
}

/* ---- map, as ---- */

/* What a value becomes; NULL: the map does not know it. */
static const json_t *
known(const json_t *map, const char *said)
{
    const char *from;
    json_t *to;

    json_object_foreach((json_t *)map, from, to)
        if (strcasecmp(from, said) == 0 && strcmp(from, "*") != 0)
            return to;
    return NULL;
}

/* Where the first name's value is not known, another name's may be: the category of a status that
 * is a site's own. */
static enum sgn_status
translate(const json_t *map, const json_t *from, const json_t *item, json_t **text,
          const char *name, struct sgn_error *err)
{
    const json_t *hit = known(map, json_string_value(*text));
    const char *other;

    for (size_t i = 0; hit == NULL && (other = name_at(from, i)) != NULL; i++) {
        json_t *value = import_plain(import_at(item, other));
        if (value != NULL)
            hit = known(map, json_string_value(value));
        json_decref(value);
    }
    if (hit == NULL)
        hit = json_object_get(map, "*");
    if (hit == NULL)
        return sgn_fail(err, SGN_INVALID,
                        "'%.60s' of %.60s is none of the values that the map knows: say in a map "
                        "of your own what it becomes",
                        json_string_value(*text), name != NULL ? name : "?");
    json_decref(*text);
    *text = json_is_string(hit) && json_string_length(hit) > 0 ? json_incref((json_t *)hit) : NULL;
    return SGN_OK;
}

/* The row's content as its key: the same row is the same thing. */
static enum sgn_status
digest(const json_t *item, json_t **out, struct sgn_error *err)
{
    char digest[SGN_HASH_HEX];
    struct sgn_buf text;
    enum sgn_status st;

    sgn_buf_init(&text, CANONICAL);
    st = sgn_json_canonical(&text, item, err);
    if (st == SGN_OK)
        sgn_hash(SGN_HASH_REQUEST, NULL, text.bytes, text.len, digest);
    sgn_buf_deinit(&text);
    if (st == SGN_OK)
        *out = json_stringn(digest, KEY_DIGITS);
    return st == SGN_OK && *out == NULL ? sgn_nomem(err) : st;
}

static enum sgn_status
flag(const char *text, json_t **out, struct sgn_error *err)
{
    static const char *const words[][2] = { { "false", "true" }, { "no", "yes" }, { "0", "1" },
                                            { "否", "是" },      { "n", "y" },    { "", "x" } };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        for (int is = 0; is < 2; is++)
            if (strcasecmp(text, words[i][is]) == 0) {
                *out = json_boolean(is);
                return SGN_OK;
            }
    return sgn_fail(err, SGN_INVALID, "'%.40s' is neither true nor false", text);
}

static enum sgn_status
convert(const struct import_rules *rules, const char *as, json_t **text, struct sgn_error *err)
{
    const char *said = json_string_value(*text);
    char key[IMPORT_KEY_TEXT], *end = NULL;
    json_t *value = NULL;
    enum sgn_status st = SGN_OK;

    if (strcmp(as, "text") == 0)
        return SGN_OK;
    if (strcmp(as, "key") == 0) {
        import_key(said, key);
        value = json_string(key);
    } else if (strcmp(as, "time") == 0) {
        st = import_time(said, &rules->clock, IMPORT_TIME, &value, err);
    } else if (strcmp(as, "date") == 0 || strcmp(as, "due") == 0) {
        st = import_time(said, &rules->clock, strcmp(as, "due") == 0 ? IMPORT_DUE : IMPORT_DATE,
                         &value, err);
    } else if (strcmp(as, "flag") == 0) {
        st = flag(said, &value, err);
    } else if (strcmp(as, "number") == 0) {
        long long number = strtoll(said, &end, 10);
        value = *end == '\0' ? json_integer(number) : NULL;
        if (value == NULL)
            st = sgn_fail(err, SGN_INVALID, "'%.40s' is no whole number", said);
    } else {
        return SGN_OK; /* digest: what is said is the key */
    }
    if (st == SGN_OK && value == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK) {
        json_decref(*text);
        *text = value;
    }
    return st;
}

enum sgn_status
import_rule(struct import_rules *rules, const json_t *rule, const json_t *item, json_t **out,
            const char **name, struct sgn_error *err)
{
    const json_t *from = json_is_object(rule) ? json_object_get(rule, "from") : rule;
    const json_t *map = json_object_get(rule, "map");
    const json_t *or_else = json_object_get(rule, "else");
    const char *as = sgn_json_str(rule, "as");
    json_t *text = read_from(from, sgn_json_str(rule, "join"), item, name);
    enum sgn_status st = SGN_OK;

    *out = NULL;
    if (json_object_get(rule, "look") != NULL)
        text = look(rules, json_object_get(rule, "look"), text);
    if (text != NULL && map != NULL)
        st = translate(map, from, item, &text, *name, err);
    if (st == SGN_OK && text == NULL && as != NULL && strcmp(as, "digest") == 0)
        st = digest(item, &text, err);
    if (st == SGN_OK && text != NULL && as != NULL)
        st = convert(rules, as, &text, err);
    if (st == SGN_OK && text == NULL && json_is_object(or_else))
        return import_rule(rules, or_else, item, out, name, err);
    if (st == SGN_OK && text == NULL && json_string_length(or_else) > 0)
        text = json_incref((json_t *)or_else);
    if (st == SGN_OK)
        *out = text;
    else
        json_decref(text);
    return st;
}
