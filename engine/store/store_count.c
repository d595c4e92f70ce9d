/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of cases that are being counted, see store_count.h. */
#include "store_count.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (1024 * 1024) /* of one group's values */

static const struct {
    const char *name, *sql;
} columns[] = {
    { "key", "c.key" },           { "workflow", "c.workflow" }, { "rules", "c.rules" },
    { "project", "c.project" },   { "client", "c.client" },     { "opener", "c.opener" },
    { "owner", "c.owner" },       { "group", "c.\"group\"" },   { "outcome", "c.outcome" },
    { "priority", "c.priority" }, { "states", "c.states" },     { "version", "c.version || ''" },
};

const char *
store_count_column(const char *name)
{
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (strcmp(columns[i].name, name) == 0)
            return columns[i].sql;
    return NULL;
}

enum sgn_status
store_counting_init(struct store_counting *counting, const struct store_count *count,
                    struct sgn_error *err)
{
    *counting = (struct store_counting){
        .count = count,
        .n_values = count->n_by + (count->field != NULL ? 1 : 0),
        .groups = json_array(),
        .index = json_object(),
    };
    sgn_buf_init(&counting->text, TEXT_MAX);
    return counting->groups == NULL || counting->index == NULL ? sgn_nomem(err) : SGN_OK;
}

/* One text of all values; null is none of them, also not the empty text. */
static const char *
signature(struct store_counting *counting, const char *const *values)
{
    sgn_buf_cut(&counting->text, 0);
    for (int i = 0; i < counting->n_values; i++) {
        (void)sgn_buf_puts(&counting->text, values[i] == NULL ? "\x1e" : values[i]);
        (void)sgn_buf_append(&counting->text, "\x1f", 1);
    }
    (void)sgn_buf_append(&counting->text, "", 1);
    return counting->text.failed ? NULL : counting->text.bytes;
}

static json_t *
value_of(const char *name, const char *text)
{
    if (text == NULL)
        return json_null();
    return strcmp(name, "version") == 0 ? json_integer(strtoll(text, NULL, 10)) : json_string(text);
}

/* A group that was not there; its number of cases stands in the index, too. */
static enum sgn_status
group_new(struct store_counting *counting, const char *const *values, json_t **n,
          struct sgn_error *err)
{
    const struct store_count *count = counting->count;
    json_t *group = json_object();
    bool made = group != NULL;

    if (json_array_size(counting->groups) == STORE_COUNT_GROUPS) {
        json_decref(group);
        return sgn_fail(err, SGN_TOO_LARGE,
                        "more than %d groups of cases: narrow down what is counted",
                        STORE_COUNT_GROUPS);
    }
    *n = json_integer(0);
    for (int i = 0; made && i < count->n_by; i++)
        made = json_object_set_new(group, count->by[i], value_of(count->by[i], values[i])) == 0;
    if (made && count->field != NULL)
        made = json_object_set_new(group, "field", value_of("field", values[count->n_by])) == 0;
    made = made && json_object_set_new(group, "n", *n) == 0;
    made = made && json_object_set_nocheck(counting->index, counting->text.bytes, *n) == 0;
    if (!made || json_array_append_new(counting->groups, group) != 0)
        return sgn_nomem(err);
    return SGN_OK;
}

enum sgn_status
store_counting_add(struct store_counting *counting, const char *const *values, int64_t n,
                   struct sgn_error *err)
{
    const char *its = signature(counting, values);
    json_t *counted = its != NULL ? json_object_get(counting->index, its) : NULL;
    enum sgn_status st = its != NULL ? SGN_OK : sgn_nomem(err);

    if (n == 0) /* a database tells of all when it counts none */
        return SGN_OK;
    if (st == SGN_OK && counted == NULL)
        st = group_new(counting, values, &counted, err);
    if (st == SGN_OK)
        json_integer_set(counted, json_integer_value(counted) + n);
    return st;
}

enum sgn_status
store_counting_end(enum sgn_status status, struct store_counting *counting, json_t **out)
{
    *out = status == SGN_OK ? json_incref(counting->groups) : NULL;
    json_decref(counting->groups);
    json_decref(counting->index);
    sgn_buf_deinit(&counting->text);
    return status;
}
