/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the ballots of a certificate agreed to, see certificate.h.
 *
 * A ballot's digest is over the values of the fields that its giver covers (covers.c). Whom the
 * rules asked at that time is not told by the shared parts, but the digest says by itself which
 * fields were meant: of the few sets that rules name, and what several rules of one person name
 * together, the one is right whose digest it is.
 */
#include "certificate.h"
#include "json.h"
#include <string.h>

#define SETS_MAX 8 /* rules with covers of their own; all their unions are tried */

struct finding {
    const struct model *model;
    const json_t *entries;
    json_t *fields, *before, *files; /* folded; before: without the last entry */
    json_t *rules;                   /* {DIGEST: null} that entries were decided by */
    json_t *sets;                    /* [[field]] */
    struct sgn_error *err;
};

/* ---- the shared parts, folded ---- */

static enum sgn_status
parse(const json_t *entry, const char *member, json_t **out, struct sgn_error *err)
{
    const json_t *text = json_object_get(entry, member);

    *out = NULL;
    if (!json_is_string(text))
        return SGN_OK;
    return sgn_json_parse(json_string_value(text), json_string_length(text), out, err);
}

static enum sgn_status
fold_one(struct finding *f, const json_t *entry)
{
    json_t *header = NULL, *shared = NULL, *value;
    const char *name;
    enum sgn_status status = parse(entry, "header", &header, f->err);

    if (status == SGN_OK)
        status = parse(entry, "shared", &shared, f->err);
    if (status == SGN_OK && sgn_json_str(header, "rules") != NULL)
        (void)json_object_set_new(f->rules, sgn_json_str(header, "rules"), json_null());
    json_object_foreach(json_object_get(shared, "fields"), name, value)
        if (json_is_null(value))
            (void)json_object_del(f->fields, name);
        else
            (void)json_object_set(f->fields, name, value);
    (void)json_array_extend(f->files, json_object_get(shared, "files"));
    json_decref(header);
    json_decref(shared);
    return status;
}

/* The last entry may move the case on and change fields by that: its ballot agreed to what was
 * there before. */
static enum sgn_status
fold(struct finding *f)
{
    const json_t *entry;
    size_t i, n = json_array_size(f->entries);
    enum sgn_status status = SGN_OK;

    json_array_foreach(f->entries, i, entry) {
        if (i + 1 == n)
            f->before = json_copy(f->fields);
        if (status == SGN_OK)
            status = fold_one(f, entry);
    }
    return status;
}

/* ---- sets of covered fields ---- */

static bool
set_add(struct finding *f, const json_t *names)
{
    const json_t *one;
    size_t i;

    if (names == NULL || json_array_size(f->sets) >= SETS_MAX)
        return true;
    json_array_foreach(f->sets, i, one)
        if (json_equal((json_t *)one, (json_t *)names))
            return true;
    return json_array_append(f->sets, (json_t *)names) == 0;
}

static bool
sets_of(struct finding *f, const struct model_rule *rule)
{
    bool fine = set_add(f, rule->covers);

    for (int i = 0; fine && i < rule->n_rules; i++)
        fine = sets_of(f, &rule->rules[i]);
    return fine;
}

static const json_t *
file_of(const struct finding *f, const char *id)
{
    const json_t *file, *found = NULL;
    size_t i;

    json_array_foreach(f->files, i, file)
        if (sgn_json_str(file, "id") != NULL && strcmp(sgn_json_str(file, "id"), id) == 0)
            found = file;
    return found;
}

/* The content that these sets together (bits of which) cover. */
static json_t *
content_of(const struct finding *f, unsigned which, const char *rules, const json_t *values)
{
    const char *key;
    json_t *header = NULL, *fields = json_object(), *files = json_object(), *content;
    const json_t *name;
    size_t i, k;

    json_array_foreach(f->sets, i, name) {
        const json_t *set = name;
        if ((which & 1U << i) == 0)
            continue;
        json_array_foreach(set, k, name) {
            const char *field = json_string_value(name);
            json_t *value = json_object_get(values, field);
            const struct model_field *its = model_field_find(f->model, field);
            if (value == NULL)
                continue;
            (void)json_object_set(fields, field, value);
            if (its != NULL && its->type == MODEL_FILE && json_is_string(value))
                (void)json_object_set_new(files, json_string_value(value),
                                          sgn_json_string_or_null(sgn_json_str(
                                              file_of(f, json_string_value(value)), "sha256")));
        }
    }
    (void)parse(json_array_get(f->entries, 0), "header", &header, f->err);
    key = sgn_json_str(header, "case");
    content = json_pack("{s:s?, s:s, s:s, s:o, s:o}", "case", key, "workflow", f->model->name,
                        "rules", rules, "fields", fields, "files", files);
    json_decref(header);
    return content;
}

/* The content that has this digest, or NULL: it covers what is not shared. */
static enum sgn_status
content_find(struct finding *f, const char *digest, json_t **out)
{
    const json_t *values[] = { f->before, f->fields };
    unsigned most = 1U << json_array_size(f->sets);
    const char *rules;
    json_t *unused;
    char hash[SGN_HASH_HEX];

    json_object_foreach(f->rules, rules, unused)
        for (unsigned which = 1; which < most; which++)
            for (size_t v = 0; v < 2; v++) {
                json_t *content = content_of(f, which, rules, values[v]);
                enum sgn_status status = content != NULL
                                             ? sgn_hash_json(SGN_HASH_BALLOT, content, hash, f->err)
                                             : sgn_nomem(f->err);
                if (status == SGN_OK && strcmp(hash, digest) == 0) {
                    *out = content;
                    return SGN_OK;
                }
                json_decref(content);
                if (status != SGN_OK)
                    return status;
            }
    return SGN_OK;
}

/* One content for all ballots that have its digest. */
static enum sgn_status
contents_find(struct finding *f, json_t *contents)
{
    json_t *last = NULL, *seen = json_object();
    const json_t *ballot;
    size_t i;
    enum sgn_status status =
        parse(json_array_get(f->entries, json_array_size(f->entries) - 1), "shared", &last, f->err);

    json_array_foreach(json_object_get(last, "decided"), i, ballot) {
        const char *digest = sgn_json_str(ballot, "digest");
        int state = model_state_find(f->model, sgn_json_str(ballot, "approval"));
        json_t *content = NULL;
        if (status != SGN_OK || digest == NULL || json_object_get(seen, digest) != NULL ||
            state < 0 || f->model->states[state].approval == NULL)
            continue;
        (void)json_object_set_new(seen, digest, json_null());
        (void)json_array_clear(f->sets);
        if (!set_add(f, f->model->states[state].approval->covers) ||
            !sets_of(f, &f->model->states[state].approval->rule))
            status = sgn_nomem(f->err);
        if (status == SGN_OK)
            status = content_find(f, digest, &content);
        if (content != NULL && json_array_append_new(contents, content) != 0)
            status = sgn_nomem(f->err);
    }
    json_decref(last);
    json_decref(seen);
    return status;
}

enum sgn_status
certificate_contents(const struct model *model, const json_t *entries, json_t **contents,
                     json_t **fields, json_t **files, struct sgn_error *err)
{
    struct finding f = { .model = model,
                         .entries = entries,
                         .fields = json_object(),
                         .files = json_array(),
                         .rules = json_object(),
                         .sets = json_array(),
                         .err = err };
    json_t *found = json_array();
    enum sgn_status status = fold(&f);

    if (status == SGN_OK)
        status = contents_find(&f, found);
    if (status == SGN_OK) {
        *contents = json_incref(found);
        *fields = json_incref(f.fields);
        *files = json_incref(f.files);
    }
    json_decref(found);
    json_decref(f.fields);
    json_decref(f.before);
    json_decref(f.files);
    json_decref(f.rules);
    json_decref(f.sets);
    return status;
}
