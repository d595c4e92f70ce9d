/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who sits on a rule: roles to people, exclusions, what holds when too few are left; and
 * what their ballots cover, with its digest.
 */
#include "approval_internal.h"
#include <stdlib.h>
#include <string.h>

struct finder {
    struct stage *stage;
    int state;
    const struct model_approval *approval;
};

/* A person of several roles has the larger weight. */
static void
add_weighted(struct finder *f, json_t *people, const json_t *persons, int weight)
{
    const json_t *name;
    size_t i;

    json_array_foreach(persons, i, name) {
        const char *person = json_string_value(name);
        if (sgn_json_int(people, person, 0) < weight)
            stage_put(f->stage, people, person, json_integer(weight));
    }
}

static enum sgn_status
add_who(struct finder *f, json_t *people, const struct model_who *who, int weight)
{
    json_t *persons = NULL;
    enum sgn_status status = who_persons(f->stage, who, f->state, &persons);

    add_weighted(f, people, persons, weight);
    json_decref(persons);
    return status;
}

static enum sgn_status
exclude(struct finder *f, json_t *people, const struct model_who *list, int n)
{
    enum sgn_status status = SGN_OK;

    for (int i = 0; status == SGN_OK && i < n; i++) {
        json_t *persons = NULL;
        const json_t *name;
        size_t k;
        status = who_persons(f->stage, &list[i], f->state, &persons);
        json_array_foreach(persons, k, name)
            json_object_del(people, json_string_value(name));
        json_decref(persons);
    }
    return status;
}

static enum sgn_status
exclude_all(struct finder *f, json_t *people, const struct model_rule *rule)
{
    enum sgn_status status = exclude(f, people, f->approval->exclude, f->approval->n_exclude);

    return status == SGN_OK ? exclude(f, people, rule->exclude, rule->n_exclude) : status;
}

static bool
enough(const struct model_rule *rule, json_t *people)
{
    const char *person;
    json_t *weight;
    int64_t sum = 0;

    json_object_foreach(people, person, weight)
        sum += rule->kind == MODEL_WEIGHTED ? json_integer_value(weight) : 1;
    if (rule->kind == MODEL_AT_LEAST || rule->kind == MODEL_WEIGHTED)
        return sum >= rule->n;
    return sum >= 1;
}

/* Too few people: skip it, make it no, or let one person of another role decide. */
static enum sgn_status
nobody(struct finder *f, const struct model_rule *rule, struct seats *out)
{
    json_t *holders;
    enum sgn_status status;

    if (rule->nobody == NULL)
        return SGN_OK; /* it stays what it is: numbers that cannot be reached say no */
    if (strcmp(rule->nobody, "skip") == 0 || strcmp(rule->nobody, "reject") == 0) {
        out->fixed = rule->nobody[0] == 's' ? VERDICT_OUT : VERDICT_NO;
        return SGN_OK;
    }
    holders = who_holders(f->stage, rule->nobody);
    json_object_clear(out->people);
    add_weighted(f, out->people, holders, 1);
    json_decref(holders);
    status = exclude_all(f, out->people, rule);
    out->kind = MODEL_AT_LEAST;
    out->n = 1;
    if (json_object_size(out->people) == 0)
        out->fixed = VERDICT_NO;
    return status;
}

static enum sgn_status
find_leaf(struct finder *f, const struct model_rule *rule, struct seats *out)
{
    enum sgn_status status = SGN_OK;

    out->people = json_object();
    if (out->people == NULL)
        return sgn_nomem(f->stage->err);
    if (rule->who != NULL)
        status = add_who(f, out->people, rule->who, 1);
    for (int i = 0; status == SGN_OK && i < rule->n_weights; i++)
        status = add_who(f, out->people, &rule->weight_who[i], rule->weights[i]);
    if (status == SGN_OK)
        status = exclude_all(f, out->people, rule);
    if (status == SGN_OK && !enough(rule, out->people))
        status = nobody(f, rule, out);
    return status;
}

static enum sgn_status
find(struct finder *f, const struct model_rule *rule, struct seats *out)
{
    bool counts;
    enum sgn_status status = cond_holds(f->stage, rule->when, f->state, &counts);

    *out = (struct seats){ .kind = rule->kind, .n = rule->n, .rule = rule };
    if (status != SGN_OK)
        return status;
    if (!counts) {
        out->fixed = VERDICT_OUT;
        return SGN_OK;
    }
    if (rule->n_rules == 0)
        return find_leaf(f, rule, out);
    out->rules = calloc((size_t)rule->n_rules, sizeof(*out->rules));
    if (out->rules == NULL)
        return sgn_nomem(f->stage->err);
    for (int i = 0; i < rule->n_rules; i++) {
        enum sgn_status one = find(f, &rule->rules[i], &out->rules[i]);
        out->n_rules = i + 1;
        if (one != SGN_OK && one != SGN_NEEDS)
            return status != SGN_OK ? status : one;
        status = status != SGN_OK ? status : one; /* what several lack is found at once */
    }
    return status;
}

enum sgn_status
seats_find(struct stage *stage, int state, struct seats *out)
{
    struct finder f = { stage, state, stage->model->states[state].approval };
    enum sgn_status status = find(&f, &f.approval->rule, out);

    if (status == SGN_OK)
        status = stage_check(stage);
    if (status != SGN_OK)
        seats_deinit(out);
    return status;
}

/* ---- what a ballot covers ---- */

/* Of the rules the person sits on; a rule without its own has those around it. */
static void
covers_of(struct stage *stage, const struct seats *seats, const json_t *around, const char *person,
          json_t *into)
{
    const json_t *covers =
        seats->rule != NULL && seats->rule->covers != NULL ? seats->rule->covers : around;

    if (seats->people != NULL && (person == NULL || json_object_get(seats->people, person) != NULL))
        names_add_all(stage, into, covers);
    for (int i = 0; i < seats->n_rules; i++)
        covers_of(stage, &seats->rules[i], covers, person, into);
}

enum sgn_status
round_covers(struct stage *stage, int state, const char *person, json_t **out)
{
    const struct model_approval *approval = stage->model->states[state].approval;
    struct seats seats = { 0 };
    json_t *covers = json_array();
    enum sgn_status status = seats_find(stage, state, &seats);

    if (status != SGN_OK) {
        json_decref(covers);
        return status;
    }
    if (person == NULL)
        names_add_all(stage, covers, approval->covers);
    covers_of(stage, &seats, approval->covers, person, covers);
    if (json_array_size(covers) == 0)
        names_add_all(stage, covers, approval->covers);
    names_sort(covers);
    seats_deinit(&seats);
    *out = covers;
    return SGN_OK;
}

/* A covered file counts with its bytes, not with its name. */
static enum sgn_status
add_file(struct stage *stage, json_t *files, const struct model_field *field, const json_t *value)
{
    const json_t *fact;
    enum sgn_status status;

    if (field == NULL || field->type != MODEL_FILE || !json_is_string(value))
        return SGN_OK;
    status = known_fact_of(stage, "file", json_string_value(value), &fact);
    if (status == SGN_OK)
        stage_put(stage, files, json_string_value(value),
                  stage_text(stage, sgn_json_str(fact, "sha256")));
    return status;
}

enum sgn_status
round_digest(struct stage *stage, int state, const char *person, char out[SGN_HASH_HEX])
{
    json_t *covers = NULL, *whole = NULL, *fields = json_object(), *files = json_object();
    const json_t *name;
    size_t i;
    enum sgn_status status = round_covers(stage, state, person, &covers);

    if (status != SGN_OK)
        goto out;
    json_array_foreach(covers, i, name) {
        const char *key = json_string_value(name);
        const json_t *value = stage_field(stage, key);
        if (value == NULL)
            continue;
        stage_put(stage, fields, key, json_incref((json_t *)value));
        status = add_file(stage, files, model_field_find(stage->model, key), value);
        if (status != SGN_OK)
            goto out;
    }
    whole = json_pack("{s:s, s:s, s:O, s:O, s:O}", "case", stage_key(stage), "workflow",
                      stage->model->name, "rules", stage_member(stage, "rules"), "fields", fields,
                      "files", files);
    status = whole != NULL ? sgn_hash_json(SGN_HASH_BALLOT, whole, out, stage->err)
                           : sgn_nomem(stage->err);
out:
    json_decref(covers);
    json_decref(whole);
    json_decref(fields);
    json_decref(files);
    return status;
}
