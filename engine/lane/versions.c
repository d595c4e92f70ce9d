/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workflow versions by their digest: those in force, and those that only cases still name.
 */
#include "in_force.h"
#include "json.h"
#include "lane_internal.h"
#include <stdlib.h>
#include <string.h>

struct lane_model_slot {
    struct lane_model_slot *next;
    char team[SGN_KEY_MAX + 1];
    struct model *model;
    json_t *version; /* as in rules.h: model, functions, source, file */
};

void
lane_models_free(struct lane *lane)
{
    for (int i = 0; i < LANE_MODEL_PLACES; i++)
        while (lane->models[i] != NULL) {
            struct lane_model_slot *slot = lane->models[i];

            lane->models[i] = slot->next;
            model_free(slot->model);
            json_decref(slot->version);
            free(slot);
        }
}

/* Where those begin among which it is: looked for several times for each command, and a hundred
 * teams have some hundred versions. Teams may share a digest. */
static struct lane_model_slot **
chain(struct lane *lane, const char *team, const char *digest)
{
    uint64_t hash;

    memcpy(&hash, digest, sizeof hash);
    hash = sgn_text_hash(hash, team);
    return &lane->models[hash * UINT64_C(0x9E3779B97F4A7C15) >> 32 & (LANE_MODEL_PLACES - 1)];
}

static struct lane_model_slot *
find(struct lane *lane, const char *team, const char *digest)
{
    for (struct lane_model_slot *slot = *chain(lane, team, digest); slot != NULL; slot = slot->next)
        if (memcmp(slot->model->digest, digest, 64) == 0 && strcmp(slot->team, team) == 0)
            return slot;
    return NULL;
}

/* Its place, a new one when there is none: with the model, and no version yet. NULL: out of
 * memory. */
static struct lane_model_slot *
place(struct lane *lane, const char *team, struct model *model)
{
    struct lane_model_slot *slot = find(lane, team, model->digest), **first;

    if (slot != NULL)
        return slot;
    slot = calloc(1, sizeof *slot);
    if (slot == NULL)
        return NULL;
    sgn_text_copy(slot->team, sizeof slot->team, team);
    slot->model = model_ref(model);
    first = chain(lane, team, model->digest);
    slot->next = *first;
    *first = slot;
    return slot;
}

enum sgn_status
lane_models_keep(struct lane *lane, const char *team, struct model *model, const json_t *version,
                 struct sgn_error *err)
{
    json_t *copy = json_deep_copy(version);
    struct lane_model_slot *slot;

    if (copy == NULL)
        return sgn_nomem(err);
    pthread_mutex_lock(&lane->site_lock);
    slot = place(lane, team, model);
    if (slot != NULL) {
        struct model *old = slot->model;

        slot->model = model_ref(model);
        model_free(old);
        json_decref(slot->version);
        slot->version = copy;
    }
    pthread_mutex_unlock(&lane->site_lock);
    if (slot != NULL)
        return SGN_OK;
    json_decref(copy);
    return sgn_nomem(err);
}

json_t *
lane_models_version(struct lane *lane, const char *team, const char *digest)
{
    struct lane_model_slot *slot;
    json_t *version;

    pthread_mutex_lock(&lane->site_lock);
    slot = find(lane, team, digest);
    version = slot != NULL ? json_deep_copy(slot->version) : NULL;
    pthread_mutex_unlock(&lane->site_lock);
    return version;
}

void
lane_models_file(struct lane *lane, const char *team, const char *digest, char *out, size_t size)
{
    const struct lane_model_slot *slot;

    pthread_mutex_lock(&lane->site_lock);
    slot = find(lane, team, digest);
    sgn_text_copy(out, size, slot != NULL ? sgn_json_str(slot->version, "file") : NULL);
    pthread_mutex_unlock(&lane->site_lock);
}

bool
lane_models_has(struct lane *lane, const char *team, const char *digest)
{
    bool has;

    pthread_mutex_lock(&lane->site_lock);
    has = find(lane, team, digest) != NULL;
    pthread_mutex_unlock(&lane->site_lock);
    return has;
}

void
lane_models_drop(struct lane *lane, const char *team, const char *digest)
{
    struct lane_model_slot *slot;

    pthread_mutex_lock(&lane->site_lock);
    slot = find(lane, team, digest);
    for (struct lane_model_slot **at = chain(lane, team, digest); slot != NULL && *at != NULL;
         at = &(*at)->next)
        if (*at == slot) {
            *at = slot->next;
            break;
        }
    pthread_mutex_unlock(&lane->site_lock);
    if (slot == NULL)
        return;
    model_free(slot->model);
    json_decref(slot->version);
    free(slot);
}

enum sgn_status
lane_version_read(struct store_reader *reader, const char *team, const char *digest,
                  struct model **out, json_t **row, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "digest", digest);
    enum sgn_status st =
        key != NULL ? store_row_get(reader, STORE_WORKFLOW, team, key, row, err) : sgn_nomem(err);

    json_decref(key);
    if (st == SGN_OK)
        st = model_parse(json_object_get(*row, "model"), json_object_get(*row, "functions"), out,
                         err);
    if (st != SGN_OK)
        sgn_error_prefix(err, "version %.12s: ", digest);
    return st;
}

enum sgn_status
lane_model(struct lane *lane, struct store_reader *reader, const char *team, const char *digest,
           struct model **out, struct sgn_error *err)
{
    struct lane_model_slot *slot;
    json_t *row = NULL;
    enum sgn_status st;

    *out = NULL;
    if (digest == NULL || strlen(digest) != 64)
        return sgn_fail(err, SGN_INTERNAL, "a case names no version");
    pthread_mutex_lock(&lane->site_lock);
    slot = find(lane, team, digest);
    if (slot != NULL)
        *out = model_ref(slot->model);
    pthread_mutex_unlock(&lane->site_lock);
    if (*out != NULL)
        return SGN_OK;
    st = lane_version_read(reader, team, digest, out, &row, err);
    if (st == SGN_OK)
        st = lane_models_keep(lane, team, *out, row, err);
    json_decref(row);
    if (st != SGN_OK) {
        model_free(*out);
        *out = NULL;
    }
    return st;
}

enum sgn_status
lane_version_open(struct lane *lane, const char *team, const struct model *model,
                  struct sgn_error *err)
{
    struct rules *rules = lane->options.rules;
    json_t *version;

    if (rules == NULL)
        return sgn_fail(err, SGN_UNAVAILABLE, "no rules are loaded here");
    if (rules->ops->is_open(rules, team, model->digest))
        return SGN_OK;
    version = lane_models_version(lane, team, model->digest);
    if (version == NULL)
        return sgn_fail(err, SGN_INTERNAL, "version %.12s has no source", model->digest);
    return rules->ops->open(rules, team, model->digest, version, err);
}

/* The row of a kept version, or NULL. Copied: query threads may put newer texts in its place. */
static json_t *
version_row(struct lane *lane, const char *team, const struct model *model, int64_t now)
{
    json_t *version, *functions, *row = NULL;

    version = lane_models_version(lane, team, model->digest);
    if (version == NULL)
        return NULL;
    functions = json_object_get(version, "functions");
    row = json_pack("{s:s, s:s, s:I, s:s, s:O, s:o, s:O?, s:O?, s:I}", "digest", model->digest,
                    "name", model->name, "version", (json_int_t)model->version, "key", model->key,
                    "model", json_object_get(version, "model"), "functions",
                    functions != NULL ? json_incref(functions) : json_object(), "source",
                    json_object_get(version, "source"), "file", json_object_get(version, "file"),
                    "since", (json_int_t)now);
    json_decref(version);
    return row;
}

/* Stores a version the first time a case is opened with it. */
enum sgn_status
lane_version_store(struct lane_run *run, const struct model *model, struct sgn_error *err)
{
    struct lane *lane = run->lane;
    char name[LANE_KEY_TEXT];
    json_t *row = NULL, *key;
    enum sgn_status st;

    lane_key(name, run->team, model->digest, NULL);
    if (json_object_get(lane->stored_versions, name) != NULL)
        return SGN_OK;
    key = json_pack("{s:s}", "digest", model->digest);
    st = lane_row_get(run, STORE_WORKFLOW, key, &row, err);
    json_decref(key);
    json_decref(row);
    if (st == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        row = version_row(lane, run->team, model, run->now);
        st = row != NULL
                 ? lane_row_put(run, STORE_WORKFLOW, row, err)
                 : sgn_fail(err, SGN_INTERNAL, "version %.12s has no source", model->digest);
        json_decref(row);
    }
    if (st == SGN_OK)
        json_object_set_new(lane->stored_versions, name, json_true());
    return st;
}
