/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an erasure leaves of a case's row. The row is not folded anew without the parts: what came
 * behind them was decided with them, and stands.
 */
#include "case.h"
#include "json.h"
#include <string.h>

struct redacting {
    json_t *row, *gone;
    const json_t *since;
    struct sgn_error *err;
};

/* ---- what has been set since ---- */

static int
note(json_t *since, const char *what, const char *name)
{
    json_t *names = json_object_get(since, what);

    if (names == NULL && json_object_set_new(since, what, names = json_object()) != 0)
        return -1;
    return name != NULL ? json_object_set_new(names, name, json_true()) : 0;
}

enum sgn_status
case_redact_since(json_t *since, const json_t *part, struct sgn_error *err)
{
    static const char *const members[] = { "fields", "tasks" };
    const char *name;
    json_t *item;
    size_t k;
    int bad = 0;

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        json_object_foreach(json_object_get(part, members[i]), name, item)
            bad |= note(since, members[i], name);
    json_array_foreach(json_object_get(part, "files"), k, item)
        bad |= note(since, "files", sgn_json_str(item, "id"));
    return bad == 0 ? SGN_OK : sgn_nomem(err);
}

static bool
is_replaced(const struct redacting *r, const char *what, const char *name)
{
    return json_object_get(json_object_get(r->since, what), name) != NULL;
}

static enum sgn_status
note_gone(struct redacting *r, const char *what, const char *name)
{
    return json_array_append_new(json_object_get(r->gone, what), json_string(name)) == 0
               ? SGN_OK
               : sgn_nomem(r->err);
}

/* ---- fields ---- */

static bool
is_open(const json_t *round)
{
    return json_object_get(round, "ended") == NULL;
}

static enum sgn_status
refuse(struct redacting *r, const char *approval, const char *field)
{
    if (field != NULL)
        sgn_fail(
            r->err, SGN_NOT_NOW,
            "the approval in %s is open and decides on %s: it can be erased when that has ended",
            approval, field);
    else
        sgn_fail(r->err, SGN_NOT_NOW,
                 "the approval in %s is open and has a ballot of this entry: it can be erased when "
                 "that has ended",
                 approval);
    sgn_error_add(r->err, "approval", json_string(approval));
    return SGN_NOT_NOW;
}

/* The hash of a value that is gone would let it be guessed. */
static enum sgn_status
empty_field(struct redacting *r, const char *name)
{
    const char *approval;
    json_t *round;

    if (json_object_get(json_object_get(r->row, "fields"), name) == NULL)
        return SGN_OK;
    json_object_foreach(json_object_get(r->row, "rounds"), approval, round)
        if (is_open(round) && json_object_get(json_object_get(round, "shown"), name) != NULL)
            return refuse(r, approval, name);
    json_object_foreach(json_object_get(r->row, "rounds"), approval, round)
        (void)json_object_del(json_object_get(round, "shown"), name);
    if (note_gone(r, "fields", name) != SGN_OK) /* before: it may be the member's own name */
        return SGN_NOMEM;
    (void)json_object_del(json_object_get(r->row, "fields"), name);
    return SGN_OK;
}

static enum sgn_status
empty_fields(struct redacting *r, const json_t *part)
{
    const char *name;
    json_t *value;
    enum sgn_status st = SGN_OK;

    json_object_foreach(json_object_get(part, "fields"), name, value)
        if (st == SGN_OK && !is_replaced(r, "fields", name))
            st = empty_field(r, name);
    return st;
}

/* ---- files ---- */

/* The first field with this value; NULL: none. */
static const char *
field_of(const struct redacting *r, const char *id)
{
    const char *name;
    json_t *value;

    json_object_foreach(json_object_get(r->row, "fields"), name, value)
        if (json_is_string(value) && strcmp(json_string_value(value), id) == 0)
            return name;
    return NULL;
}

static void
empty_proof(json_t *task)
{
    (void)json_object_del(task, "file");
    (void)json_object_del(task, "file_name");
}

/* Whatever shows the file goes with it. */
static enum sgn_status
empty_file(struct redacting *r, const char *id)
{
    json_t *files = json_object_get(r->row, "files"), *task;
    const char *name;
    enum sgn_status st = SGN_OK;

    for (size_t i = json_array_size(files); i > 0; i--) {
        const char *one = sgn_json_str(json_array_get(files, i - 1), "id");

        if (one != NULL && strcmp(one, id) == 0)
            (void)json_array_remove(files, i - 1);
    }
    json_object_foreach(json_object_get(r->row, "tasks"), name, task) {
        const char *proof = sgn_json_str(task, "file");

        if (proof != NULL && strcmp(proof, id) == 0)
            empty_proof(task);
    }
    while (st == SGN_OK && (name = field_of(r, id)) != NULL)
        st = empty_field(r, name);
    return st == SGN_OK ? note_gone(r, "files", id) : st;
}

static enum sgn_status
empty_files(struct redacting *r, const json_t *part)
{
    const json_t *item;
    size_t i;
    enum sgn_status st = SGN_OK;

    json_array_foreach(json_object_get(part, "files"), i, item) {
        const char *id = sgn_json_str(item, "id");

        if (st == SGN_OK && id != NULL && !sgn_json_true(item, "gone") &&
            !is_replaced(r, "files", id))
            st = empty_file(r, id);
    }
    return st;
}

/* ---- tasks, ballots, and what else somebody wrote ---- */

static void
empty_tasks(struct redacting *r, const json_t *part)
{
    const char *name;
    json_t *value;

    json_object_foreach(json_object_get(part, "tasks"), name, value)
        if (!is_replaced(r, "tasks", name))
            empty_proof(json_object_get(json_object_get(r->row, "tasks"), name));
}

static bool
same_ballot(const json_t *a, const json_t *b)
{
    const char *x = case_ballot_giver(a), *y = case_ballot_giver(b);

    return x != NULL && y != NULL && strcmp(x, y) == 0 &&
           sgn_json_int(a, "at", 0) == sgn_json_int(b, "at", 0);
}

static enum sgn_status
empty_ballots(struct redacting *r, const json_t *part)
{
    const json_t *item;
    json_t *ballot;
    size_t i, k;

    json_array_foreach(json_object_get(part, "ballots"), i, item) {
        const char *approval = sgn_json_str(item, "approval");
        json_t *round =
            approval != NULL ? json_object_get(json_object_get(r->row, "rounds"), approval) : NULL;

        json_array_foreach(json_object_get(round, "ballots"), k, ballot) {
            if (!same_ballot(ballot, item))
                continue;
            if (is_open(round))
                return refuse(r, approval, NULL);
            (void)json_object_del(ballot, "comment");
        }
    }
    return SGN_OK;
}

static enum sgn_status
empty_rest(struct redacting *r, const json_t *part)
{
    json_t *stuck = json_object_get(r->row, "stuck"), *said = json_object_get(part, "stuck");
    json_t *imported = json_object_get(r->row, "imported");

    if (json_is_object(said) && json_equal(stuck, said) &&
        json_object_set_new(stuck, "message", json_string("")) != 0)
        return sgn_nomem(r->err);
    if (json_object_get(part, "imported") != NULL) {
        (void)json_object_del(imported, "url");
        (void)json_object_del(imported, "by");
    }
    return SGN_OK;
}

static enum sgn_status
step(struct redacting *r, const char *name)
{
    return json_object_set_new(r->row, name, json_integer(sgn_json_int(r->row, name, 0) + 1)) == 0
               ? SGN_OK
               : sgn_nomem(r->err);
}

enum sgn_status
case_redact(const json_t *row, const json_t *const parts[2], const json_t *since, json_t **out,
            json_t **gone, struct sgn_error *err)
{
    struct redacting r = { json_deep_copy(row), json_pack("{s:[], s:[]}", "fields", "files"), since,
                           err };
    enum sgn_status st = r.row != NULL && r.gone != NULL ? SGN_OK : sgn_nomem(err);

    for (int i = 0; st == SGN_OK && i < 2; i++) {
        st = empty_ballots(&r, parts[i]);
        if (st == SGN_OK)
            st = empty_fields(&r, parts[i]);
        if (st == SGN_OK)
            st = empty_files(&r, parts[i]);
        empty_tasks(&r, parts[i]);
        if (st == SGN_OK)
            st = empty_rest(&r, parts[i]);
    }
    if (st == SGN_OK)
        st = step(&r, "rev");
    if (st == SGN_OK)
        st = step(&r, "case_seq");
    if (st != SGN_OK) {
        json_decref(r.row);
        json_decref(r.gone);
        return st;
    }
    *out = r.row;
    *gone = r.gone;
    return SGN_OK;
}
