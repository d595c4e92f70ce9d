/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case.count: how many cases there are, on a query thread.
 *
 * A number tells as much as a list. Of a client's person only those cases count that case.list
 * would show, one by one where their row decides.
 */
#include "case_filter.h"
#include "case_seen.h"
#include "methods.h"
#include "names.h"
#include "rpc_internal.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

#define BY_MAX    2    /* words of by */
#define ITEMS_MAX 1000 /* of an answer; those with most cases */

/* What cases are counted by; shared: what a client's person is told of a case in lists, too. */
static const struct {
    const char *word, *column;
    bool shared;
} words[] = {
    { "state", "states", true },       { "workflow", "workflow", true },
    { "project", "project", true },    { "outcome", "outcome", true },
    { "opener", "opener", true },      { "owner", "owner", false },
    { "priority", "priority", false }, { "client", "client", false },
    { "group", "group", false },       { "version", "version", false },
};
#define N_WORDS (sizeof(words) / sizeof(words[0]))

/* A count in the making. */
struct tally {
    struct store_reader *reader;
    struct lane *lane;
    struct lane_job *job;
    struct store_count count;
    const char *by[BY_MAX]; /* as asked for */
    int n_by;
    const char *sum; /* the field to add up, or NULL */
    json_t *items;   /* {values as text: the item} */
    struct rpc_case_eyes eyes;
    json_t *whole; /* the item of all cases */
};

/* ---- what is asked for ---- */

static enum sgn_status
by_unknown(const char *word, struct sgn_error *err)
{
    const char *known[N_WORDS], *near;

    for (size_t i = 0; i < N_WORDS; i++)
        known[i] = words[i].word;
    near = sgn_nearest(word, known, N_WORDS);
    sgn_fail(err, SGN_INVALID, "cases are not counted by '%.64s'%s%s%s", word,
             near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
             near != NULL ? "'?" : "");
    sgn_error_add(err, "pointer", json_string("/by"));
    if (near != NULL)
        sgn_error_add(err, "nearest", json_string(near));
    return SGN_INVALID;
}

static enum sgn_status
by_add(struct tally *tally, const char *word, struct sgn_error *err)
{
    for (size_t i = 0; i < N_WORDS; i++) {
        if (strcmp(words[i].word, word) != 0)
            continue;
        if (!words[i].shared && rpc_query_is_client(tally->job)) {
            sgn_fail(err, SGN_FORBIDDEN, "people of a client cannot count by %s", word);
            sgn_error_add(err, "pointer", json_string("/by"));
            return SGN_FORBIDDEN;
        }
        tally->by[tally->n_by++] = words[i].word;
        tally->count.by[tally->count.n_by++] = words[i].column;
        return SGN_OK;
    }
    return by_unknown(word, err);
}

static enum sgn_status
by_read(struct tally *tally, struct sgn_error *err)
{
    const json_t *by = json_object_get(tally->job->params, "by"), *word;
    enum sgn_status status = SGN_OK;
    size_t i;

    if (json_is_string(by))
        return by_add(tally, json_string_value(by), err);
    if (json_array_size(by) > BY_MAX) {
        sgn_fail(err, SGN_INVALID, "cases are counted by at most %d things at once", BY_MAX);
        sgn_error_add(err, "pointer", json_string("/by"));
        return SGN_INVALID;
    }
    json_array_foreach(by, i, word)
        if (status == SGN_OK)
            status = by_add(tally, json_string_value(word), err);
    return status;
}

/* The refusal that was made says so of the parameter sum. */
static enum sgn_status
of_sum(enum sgn_status refusal, struct sgn_error *err)
{
    sgn_error_add(err, "pointer", json_string("/sum"));
    return refusal;
}

/* Amounts of one field of one workflow, and of one currency: that of a project where the field
 * names none. */
static enum sgn_status
sum_read(struct tally *tally, const struct rpc_case_filter *its, struct sgn_error *err)
{
    const char *name = sgn_json_str(tally->job->params, "sum");
    const char *flow = json_string_value(json_array_get(its->workflows, 0));
    const struct model *model =
        its->team != NULL && flow != NULL ? lane_team_workflow(its->team, flow) : NULL;
    const struct model_field *field =
        model != NULL && name != NULL ? model_field_find(model, name) : NULL;

    if (name == NULL)
        return SGN_OK;
    if (rpc_query_is_client(tally->job))
        return of_sum(sgn_fail(err, SGN_FORBIDDEN, "people of a client cannot add up %.64s", name),
                      err);
    if (json_array_size(its->workflows) != 1)
        return of_sum(
            sgn_fail(err, SGN_INVALID, "%.64s is a field of a workflow: say of which one", name),
            err);
    if (model == NULL)
        return rpc_case_filter_check(its, tally->job, err);
    if (field == NULL || (field->type != MODEL_MONEY && field->type != MODEL_NUMBER))
        return of_sum(
            sgn_fail(err, SGN_INVALID, "'%.64s' is no amount and no number of that workflow", name),
            err);
    if (field->type == MODEL_MONEY && field->currency == NULL && its->filter.project == NULL)
        return of_sum(sgn_fail(err, SGN_INVALID,
                               "%.64s is in the currency of its project: say of which project",
                               name),
                      err);
    tally->sum = name;
    tally->count.field = field->name;
    return SGN_OK;
}

/* ---- adding up ---- */

/* sum and summed of an item, by n cases whose field says this; what is no number is left out. */
static enum sgn_status
item_sum(json_t *item, const char *text, int64_t n, struct sgn_error *err)
{
    struct sgn_decimal value, so_far;
    char sum[SGN_DECIMAL_TEXT];

    if (text == NULL || !sgn_decimal_parse(text, &value))
        return SGN_OK;
    if (!sgn_decimal_parse(sgn_json_str(item, "sum"), &so_far) ||
        __builtin_mul_overflow(value.coefficient, n, &value.coefficient) ||
        !sgn_decimal_add(so_far, value, &so_far))
        return of_sum(sgn_fail(err, SGN_TOO_LARGE, "the amounts are too large to be added up"),
                      err);
    sgn_decimal_format(so_far, sum);
    (void)json_object_set_new(item, "sum", json_string(sum));
    (void)json_object_set_new(item, "summed", json_integer(sgn_json_int(item, "summed", 0) + n));
    return SGN_OK;
}

static enum sgn_status
item_add(const struct tally *tally, json_t *item, const json_t *group, struct sgn_error *err)
{
    int64_t n = sgn_json_int(group, "n", 0);

    if (json_object_set_new(item, "count", json_integer(sgn_json_int(item, "count", 0) + n)) != 0)
        return sgn_nomem(err);
    if (tally->sum == NULL)
        return SGN_OK;
    return item_sum(item, sgn_json_str(group, "field"), n, err);
}

/* An item in which nothing is counted yet. Takes values. */
static json_t *
item_new(const struct tally *tally, json_t *values_take)
{
    (void)json_object_set_new(values_take, "count", json_integer(0));
    if (tally->sum != NULL) {
        (void)json_object_set_new(values_take, "sum", json_string("0"));
        (void)json_object_set_new(values_take, "summed", json_integer(0));
    }
    return values_take;
}

/* Counts the group under these values, an object. */
static enum sgn_status
item_count(struct tally *tally, const json_t *values, const json_t *group, struct sgn_error *err)
{
    char *text = sgn_json_text(values);
    json_t *item = text != NULL ? json_object_get(tally->items, text) : NULL;
    enum sgn_status status = text != NULL ? SGN_OK : sgn_nomem(err);

    if (status == SGN_OK && item == NULL) {
        item = item_new(tally, json_copy((json_t *)(uintptr_t)values));
        if (json_object_set_new(tally->items, text, item) != 0)
            status = sgn_nomem(err);
    }
    if (status == SGN_OK)
        status = item_add(tally, item, group, err);
    free(text);
    return status;
}

/* A case counts in each of the states that it is in: the group under each leaf of " a b ". */
static enum sgn_status
states_count(struct tally *tally, json_t *values, const json_t *group, struct sgn_error *err)
{
    const char *states = sgn_json_str(group, "states");
    enum sgn_status status = SGN_OK;

    while (status == SGN_OK && states != NULL && *(states += strspn(states, " ")) != '\0') {
        size_t n = strcspn(states, " ");
        (void)json_object_set_new(values, "state", json_stringn(states, n));
        status = item_count(tally, values, group, err);
        states += n;
    }
    return status;
}

static enum sgn_status
group_count(struct tally *tally, const json_t *group, struct sgn_error *err)
{
    json_t *values = json_object();
    enum sgn_status status = item_add(tally, tally->whole, group, err);
    bool by_state = false;

    for (int i = 0; i < tally->n_by; i++) {
        by_state = by_state || strcmp(tally->by[i], "state") == 0;
        (void)json_object_set(values, tally->by[i], json_object_get(group, tally->by[i]));
    }
    if (status == SGN_OK && by_state)
        status = states_count(tally, values, group, err);
    else if (status == SGN_OK && tally->n_by > 0)
        status = item_count(tally, values, group, err);
    json_decref(values);
    return status;
}

/* ---- what a client's person sees ---- */

/* What decides whether a client's person sees a case is told apart. */
static void
by_also(struct tally *tally, const char *column)
{
    for (int b = 0; b < tally->count.n_by; b++)
        if (strcmp(tally->count.by[b], column) == 0)
            return;
    tally->count.by[tally->count.n_by++] = column;
}

/* Groups whose cases are theirs to see all count as they are, others not: their workflows are
 * gathered. */
static enum sgn_status
count_whole(struct tally *tally, const struct store_case_filter *filter, json_t *others,
            struct sgn_error *err)
{
    json_t *groups = NULL;
    const json_t *group;
    size_t i;
    bool all;
    enum sgn_status status = store_case_count(tally->reader, filter, &tally->count, &groups, err);

    json_array_foreach(groups, i, group) {
        const char *workflow = sgn_json_str(group, "workflow");
        if (status == SGN_OK)
            status = rpc_case_eyes_all(&tally->eyes, group, &all, err);
        if (status == SGN_OK && all)
            status = group_count(tally, group, err);
        else if (status == SGN_OK && !sgn_json_has(others, workflow) &&
                 json_array_append_new(others, json_string(workflow)) != 0)
            status = sgn_nomem(err);
    }
    json_decref(groups);
    return status;
}

/* Case by case, those that did not count as a group. */
static enum sgn_status
count_each(struct tally *tally, const struct store_case_filter *filter, struct sgn_error *err)
{
    json_t *groups = NULL;
    const json_t *group;
    size_t i;
    bool all, sees;
    enum sgn_status status = store_case_count(tally->reader, filter, &tally->count, &groups, err);

    json_array_foreach(groups, i, group) {
        if (status == SGN_OK)
            status = rpc_case_eyes_all(&tally->eyes, group, &all, err);
        if (status != SGN_OK || all)
            continue;
        status = rpc_case_eyes_see(&tally->eyes, group, sgn_json_str(group, "key"), &sees, err);
        if (status == SGN_OK && sees)
            status = group_count(tally, group, err);
    }
    json_decref(groups);
    return status;
}

static enum sgn_status
count_seen(struct tally *tally, const struct store_case_filter *its, struct sgn_error *err)
{
    struct store_case_filter filter = *its;
    json_t *others = json_array();
    enum sgn_status status = others != NULL ? SGN_OK : sgn_nomem(err);

    by_also(tally, "workflow");
    by_also(tally, "rules");
    by_also(tally, "project");
    if (status == SGN_OK)
        status = count_whole(tally, its, others, err);
    filter.workflows = others;
    by_also(tally, "key");
    if (status == SGN_OK && json_array_size(others) > 0)
        status = count_each(tally, &filter, err);
    json_decref(others);
    return status;
}

/* ---- the answer ---- */

struct ranked {
    const char *values;
    json_t *item;
};

/* Most cases first, then by the values. */
static int
rank(const void *one, const void *other)
{
    const struct ranked *a = one, *b = other;
    int64_t n = sgn_json_int(a->item, "count", 0), m = sgn_json_int(b->item, "count", 0);

    return n != m ? (n > m ? -1 : 1) : strcmp(a->values, b->values);
}

static enum sgn_status
answer(const struct tally *tally, struct lane_job *job, struct sgn_error *err)
{
    size_t n = json_object_size(tally->items), at = 0;
    struct ranked *all = calloc(n + 1, sizeof *all);
    json_t *items = json_array(), *item;
    const char *values;

    if (all == NULL || items == NULL) {
        free(all);
        json_decref(items);
        return sgn_nomem(err);
    }
    json_object_foreach(tally->items, values, item)
        all[at++] = (struct ranked){ values, item };
    qsort(all, n, sizeof *all, rank);
    for (size_t i = 0; i < n && i < ITEMS_MAX; i++)
        (void)json_array_append(items, all[i].item);
    free(all);
    job->result = json_incref(tally->whole);
    (void)json_object_set_new(job->result, "items", items);
    (void)json_object_set_new(job->result, "more", json_boolean(n > ITEMS_MAX));
    return SGN_OK;
}

/* Counts what the store gives. */
static enum sgn_status
count_all(struct tally *tally, const struct rpc_case_filter *its, struct sgn_error *err)
{
    json_t *groups = NULL;
    const json_t *group;
    size_t i;
    enum sgn_status status;

    if (rpc_query_is_client(tally->job))
        return count_seen(tally, &its->filter, err);
    status = store_case_count(tally->reader, &its->filter, &tally->count, &groups, err);
    json_array_foreach(groups, i, group)
        if (status == SGN_OK)
            status = group_count(tally, group, err);
    json_decref(groups);
    return status;
}

static enum sgn_status
case_count(struct store_reader *reader, struct lane *lane, struct lane_job *job,
           struct sgn_error *err)
{
    const struct rpc_names_from from = { .reader = reader,
                                         .team = job->team,
                                         .language = job->language };
    struct tally tally = { .reader = reader,
                           .lane = lane,
                           .job = job,
                           .items = json_object(),
                           .eyes = { .reader = reader, .lane = lane, .job = job } };
    struct rpc_case_filter its;
    enum sgn_status status = rpc_case_filter_read(&its, reader, lane, job, err);

    if (status == SGN_OK)
        status = by_read(&tally, err);
    if (status == SGN_OK)
        status = sum_read(&tally, &its, err);
    tally.whole = item_new(&tally, json_object());
    if (status == SGN_OK)
        status = count_all(&tally, &its, err);
    if (status == SGN_OK && sgn_json_int(tally.whole, "count", 0) == 0)
        status = rpc_case_filter_check(&its, job, err);
    if (status == SGN_OK)
        status = answer(&tally, job, err);
    if (status == SGN_OK)
        status = rpc_names_add(&from, job, err);
    rpc_case_filter_deinit(&its);
    json_decref(tally.items);
    rpc_case_eyes_deinit(&tally.eyes);
    json_decref(tally.whole);
    return status;
}

/* clang-format off */
static const struct rpc_param count_params[] = {
    { "by", RPC_STRINGS, false, 0, "What by: state, workflow, project, outcome, opener, owner, priority, client, group or version, or two of them." },
    { "sum", RPC_STRING, false, 64, "A field of the workflow with an amount or a number, to add up." },
    RPC_CASE_FILTERS,
    RPC_PARAM_NAMES, RPC_PARAM_END
};

const struct rpc_method rpc_m_case_count = {
    .name = "case.count",
    .summary = "Counts cases, exactly, with the filters of case.list: all, and by what they have in common.",
    .access = CORE_PERSON, .where = RPC_QUERY, .params = count_params,
    .result = "count: how many there are; items: {a member for each word of by (null: it has none; outcome: it is open), "
              "count}, most cases first, where a case that is in two states counts in both; more: there are others than the "
              "thousand shown. With sum, in both: sum, and summed, how many cases have one.",
    .query = case_count,
};
/* clang-format on */
