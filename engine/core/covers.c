/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a ballot covers, and the digest that binds it to exactly that.
 *
 * A ballot agrees to values, not to a case: the digest is over the covered fields as
 * its giver saw them, the bytes of covered files, the case and its rules. Whoever holds
 * the values can compute it, so a ballot can be proved later without trusting the
 * server.
 */
#include "approval_internal.h"
#include <stdlib.h>
#include <string.h>

/* Of the rules the person sits on; a rule without its own has those around it. A person
 * on several rules covers all of theirs: one ballot counts wherever its giver is
 * eligible. */
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

/* Where nobody of the kind asked is found (person is no seat any more) the approval's
 * own covers stand, so that a digest never covers nothing by accident. */
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

/* A field as it was shown: its value, and of a file its bytes. Only hashes are kept in
 * the round: they say that a field changed, and hold no second copy of internal values. */
static enum sgn_status
field_hash(struct stage *stage, const char *name, char out[SGN_HASH_HEX])
{
    const json_t *value = stage_field(stage, name);
    json_t *files = json_object();
    json_t *whole;
    enum sgn_status status =
        value != NULL ? add_file(stage, files, model_field_find(stage->model, name), value)
                      : SGN_OK;

    if (status == SGN_OK) {
        whole = json_pack("{s:O?, s:O}", "value", value, "files", files);
        status = whole != NULL ? sgn_hash_json(SGN_HASH_BALLOT, whole, out, stage->err)
                               : sgn_nomem(stage->err);
        json_decref(whole);
    }
    json_decref(files);
    return status;
}

/* A value that is unchanged keeps the round in which it was first shown. */
enum sgn_status
covers_shown(struct stage *stage, int state, const json_t *before, int64_t number, json_t **out)
{
    json_t *covers = NULL, *shown = json_object();
    const json_t *name;
    size_t i;
    enum sgn_status status = round_covers(stage, state, NULL, &covers);

    json_array_foreach(covers, i, name) {
        const char *key = json_string_value(name);
        json_t *old = json_object_get(before, key);
        const char *was = sgn_json_str(old, "hash");
        char hash[SGN_HASH_HEX];

        status = field_hash(stage, key, hash);
        if (status != SGN_OK)
            break;
        if (was != NULL && strcmp(was, hash) == 0)
            stage_put(stage, shown, key, json_incref(old));
        else
            stage_put(stage, shown, key,
                      json_pack("{s:s, s:I}", "hash", hash, "since", (json_int_t)number));
    }
    json_decref(covers);
    if (status == SGN_OK)
        *out = shown;
    else
        json_decref(shown);
    return status;
}

/* A rule asked of the client may cover internal fields by mistake; their names stay
 * inside. */
void
covers_told(const struct stage *stage, json_t *names)
{
    for (size_t i = json_array_size(names); stage->is_client && i > 0; i--) {
        const char *name = json_string_value(json_array_get(names, i - 1));
        const struct model_field *field = model_field_find(stage->model, name);
        if (field != NULL && !field->shared)
            json_array_remove(names, i - 1);
    }
}

/* The round in which this digest was right: said, or the oldest that is remembered. */
static int64_t
round_seen(const json_t *round, const char *digest)
{
    const json_t *earlier = json_object_get(round, "earlier");
    int64_t oldest = sgn_json_int(round, "number", 0);
    const char *one;
    json_t *number;

    if (digest != NULL && json_object_get(earlier, digest) != NULL)
        return sgn_json_int(earlier, digest, 0);
    json_object_foreach((json_t *)earlier, one, number)
        if (json_integer_value(number) < oldest)
            oldest = json_integer_value(number);
    return oldest;
}

/* What the person saw is found by the digest it gave. A person whose covers are not the
 * round's has a digest of its own that is not remembered; then all that has changed
 * since the oldest round remembered counts. */
enum sgn_status
covers_changed(struct stage *stage, int state, const char *person, const char *digest, json_t **out)
{
    const json_t *round = round_of(stage, stage->model->states[state].name);
    const json_t *shown = json_object_get(round, "shown");
    int64_t seen = round_seen(round, digest);
    json_t *covers = NULL, *changed = json_array();
    const json_t *name;
    size_t i;
    enum sgn_status status = round_covers(stage, state, person, &covers);

    json_array_foreach(covers, i, name) {
        const char *key = json_string_value(name);
        if (sgn_json_int(json_object_get(shown, key), "since", 0) > seen)
            names_add(stage, changed, key);
    }
    /* A digest of nothing that was ever shown here: all of it has to be looked at. */
    if (json_array_size(changed) == 0)
        names_add_all(stage, changed, covers);
    covers_told(stage, changed);
    json_decref(covers);
    return names_give(changed, status, out);
}

/* Format 1 of the ballot's digest: SHA-256(0x02, canonical JSON of case, workflow,
 * rules, fields, files). Permanent: ballots in old histories are checked against it.
 * Empty fields are left out, as in the row. */
enum sgn_status
round_digest_under(struct stage *stage, int state, const char *person, const char *rules,
                   char out[SGN_HASH_HEX])
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
    whole = json_pack("{s:s, s:s, s:s, s:O, s:O}", "case", stage_key(stage), "workflow",
                      stage->model->name, "rules", rules, "fields", fields, "files", files);
    status = whole != NULL ? sgn_hash_json(SGN_HASH_BALLOT, whole, out, stage->err)
                           : sgn_nomem(stage->err);
out:
    json_decref(covers);
    json_decref(whole);
    json_decref(fields);
    json_decref(files);
    return status;
}

enum sgn_status
round_digest(struct stage *stage, int state, const char *person, char out[SGN_HASH_HEX])
{
    return round_digest_under(stage, state, person, sgn_json_str(stage->row, "rules"), out);
}
