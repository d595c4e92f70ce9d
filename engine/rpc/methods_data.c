/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data.import: many rows of one kind in one commit, every one or none.
 *
 * A row is judged by the methods of single things, create and update: their parameters, their
 * checks, their refusals. So there is nothing that an import could do and they could not; and its
 * access is theirs. What is there already and is as the row says is left alone, so that a file may
 * be imported again.
 */
#include "data.h"
#include "methods.h"
#include "rpc_internal.h"
#include <stdio.h>
#include <string.h>

#define ROWS_MAX   2000 /* of one commit, which holds up the others' for some 20 ms */
#define ERRORS_MAX 50   /* that one answer tells */

struct kind {
    const char *name;
    enum store_table table;
    const struct rpc_method *create, *update; /* update NULL: create again changes it */
};

static const struct kind kinds[] = {
    { "client", STORE_CLIENT, &rpc_m_client_create, &rpc_m_client_update },
    { "person", STORE_PERSON, &rpc_m_person_create, &rpc_m_person_update },
    { "project", STORE_PROJECT, &rpc_m_project_create, &rpc_m_project_update },
    { "member", STORE_MEMBERSHIP, &rpc_m_project_member_add, NULL },
};

/* What the rows came to so far. */
struct import {
    struct lane_run *run;
    struct lane_job *job;
    const struct kind *kind;
    int created, changed, same, wrong;
    json_t *errors; /* [{row, code, message, pointer, ...}] */
};

static const struct kind *
kind_find(const char *name)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    return NULL;
}

static bool
has_param(const struct rpc_method *method, const char *name)
{
    for (const struct rpc_param *p = method != NULL ? method->params : NULL;
         p != NULL && p->name != NULL; p++)
        if (strcmp(p->name, name) == 0)
            return true;
    return false;
}

/* Empty, null, false and not there are one: a column of a table has no other way to say it. */
static bool
is_nothing(const json_t *value)
{
    return value == NULL || json_is_null(value) || json_is_false(value) ||
           (json_is_string(value) && json_string_length(value) == 0);
}

static bool
is_same(const json_t *a, const json_t *b)
{
    return (is_nothing(a) && is_nothing(b)) ||
           (a != NULL && b != NULL && json_equal((json_t *)a, (json_t *)b));
}

/* The row as it is now, staged rows first; *out NULL: there is none. A key that is no text is left
 * to the shape of create. */
static enum sgn_status
row_now(struct import *import, const json_t *said, json_t **out, struct sgn_error *err)
{
    const struct store_table_row *table = store_table(import->kind->table);
    json_t *key = json_object();
    enum sgn_status status = key != NULL ? SGN_OK : sgn_nomem(err);
    bool is_whole = true;

    *out = NULL;
    for (int i = 0; status == SGN_OK && i < table->n_key; i++) {
        json_t *part = json_object_get(said, table->columns[i].name);
        is_whole = is_whole && json_is_string(part);
        if (is_whole && json_object_set(key, table->columns[i].name, part) != 0)
            status = sgn_nomem(err);
    }
    if (status == SGN_OK && is_whole)
        status = lane_row_get(import->run, import->kind->table, key, out, err);
    json_decref(key);
    return sgn_if_any(status, err);
}

/* Runs a method of single things as if these were its job's params (taken). */
static enum sgn_status
run_method(struct import *import, const struct rpc_method *method, json_t *params_take,
           struct sgn_error *err)
{
    struct lane_job *job = import->job;
    json_t *own = job->params;
    enum sgn_status status =
        params_take != NULL ? rpc_shape_check(method, false, params_take, err) : sgn_nomem(err);

    if (status == SGN_OK) {
        job->params = params_take;
        status = method->run(import->run, job, err);
        job->params = own;
    }
    json_decref(params_take);
    return status;
}

/* The members of said that the method takes; of them only the key's and what differs from now
 * (NULL: all that say something). *n: how many differ. */
static json_t *
pick(const struct import *import, const struct rpc_method *method, const json_t *said,
     const json_t *now, int *n)
{
    const struct store_table_row *table = store_table(import->kind->table);
    json_t *params = json_object();
    const char *name;
    json_t *value;

    *n = 0;
    json_object_foreach((json_t *)said, name, value) {
        bool is_key = false;

        for (int i = 0; i < table->n_key; i++)
            is_key = is_key || strcmp(table->columns[i].name, name) == 0;
        if (!has_param(method, name) || (!is_key && is_same(value, json_object_get(now, name))))
            continue;
        *n += !is_key;
        (void)json_object_set(params, name, value);
    }
    return params;
}

/* What neither method takes is refused by the first, with the nearest name; and what is said once,
 * when the row is made, cannot be said otherwise later. */
static enum sgn_status
check_members(const struct import *import, const json_t *said, const json_t *now,
              struct sgn_error *err)
{
    const struct kind *kind = import->kind;
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)said, name, value) {
        char pointer[80];
        bool creates = has_param(kind->create, name), updates = has_param(kind->update, name);

        snprintf(pointer, sizeof(pointer), "/%.64s", name);
        if (!creates && !updates) {
            json_t *one = json_pack("{s:O}", name, value);
            enum sgn_status status =
                one != NULL ? rpc_shape_check(kind->create, false, one, err) : sgn_nomem(err);
            json_decref(one);
            return status != SGN_OK ? status
                                    : rpc_data_invalid(err, pointer, "%.64s is not taken", name);
        }
        if (now != NULL && kind->update != NULL && !updates &&
            !is_same(value, json_object_get(now, name)))
            return rpc_data_invalid(
                err, pointer, "the %s is said once and cannot be changed: it is %s", name,
                is_nothing(json_object_get(now, name)) ? "none" : sgn_json_str(now, name));
    }
    return SGN_OK;
}

/* Makes the row where there is none, then changes what is otherwise: a new project may be closed.
 */
static enum sgn_status
take_row(struct import *import, const json_t *said, struct sgn_error *err)
{
    const struct rpc_method *create = import->kind->create;
    const struct rpc_method *update = import->kind->update;
    json_t *now = NULL;
    int n = 0;
    bool is_new;
    enum sgn_status status;

    if (!json_is_object(said))
        return sgn_fail(err, SGN_PARAMS, "a row is an object");
    status = row_now(import, said, &now, err);
    is_new = now == NULL;
    if (status == SGN_OK)
        status = check_members(import, said, now, err);
    if (status == SGN_OK && is_new) {
        status = run_method(import, create, pick(import, create, said, NULL, &n), err);
        if (status == SGN_OK)
            status = row_now(import, said, &now, err);
    }
    if (status == SGN_OK) {
        json_t *params = pick(import, update != NULL ? update : create, said, now, &n);
        if (n > 0)
            status = run_method(import, update != NULL ? update : create, params, err);
        else
            json_decref(params);
    }
    json_decref(now);
    if (status == SGN_OK)
        *(is_new ? &import->created : n > 0 ? &import->changed : &import->same) += 1;
    return status;
}

/* What was wrong with a row, beside the others. */
static enum sgn_status
note_error(struct import *import, size_t row, struct sgn_error *why, struct sgn_error *err)
{
    json_t *said = json_pack("{s:I, s:s, s:s}", "row", (json_int_t)row, "code",
                             sgn_status_code(why->status), "message", why->message);

    import->wrong++;
    if (why->data != NULL)
        (void)json_object_update(said, why->data);
    sgn_error_clear(why);
    if (json_array_size(import->errors) >= ERRORS_MAX) {
        json_decref(said);
        return SGN_OK;
    }
    return json_array_append_new(import->errors, said) == 0 ? SGN_OK : sgn_nomem(err);
}

/* A fault of the row's own, or one that no other row would be spared? */
static bool
is_rows_own(enum sgn_status status)
{
    return status == SGN_INVALID || status == SGN_PARAMS || status == SGN_NOT_FOUND ||
           status == SGN_CONFLICT || status == SGN_FORBIDDEN || status == SGN_REFUSED;
}

static enum sgn_status
take_rows(struct import *import, struct sgn_error *err)
{
    const json_t *row;
    struct sgn_error why = { 0 };
    size_t i;

    json_array_foreach(json_object_get(import->job->params, "rows"), i, row) {
        enum sgn_status status = take_row(import, row, &why);
        if (status != SGN_OK && !is_rows_own(status)) {
            sgn_error_move(err, &why);
            return status;
        }
        if (status != SGN_OK)
            status = note_error(import, i, &why, err);
        if (status != SGN_OK)
            return status;
    }
    return SGN_OK;
}

/* The answer is what the entry holds, so that a repeated request gets the same. */
static enum sgn_status
finish(struct import *import, bool dry, struct sgn_error *err)
{
    struct lane_job *job = import->job;
    json_t *rows = json_object_get(job->result, "rows");
    json_t *said =
        json_pack("{s:s, s:i, s:i, s:i, s:O, s:O*}", "kind", import->kind->name, "created",
                  import->created, "changed", import->changed, "same", import->same, "rows", rows,
                  "warning", json_object_get(job->result, "warning"));
    bool is_idle = json_array_size(rows) == 0;
    enum sgn_status status = said != NULL ? SGN_OK : sgn_nomem(err);

    json_decref(job->result);
    job->result = NULL;
    if (dry)
        lane_run_drop(import->run);
    if (status == SGN_OK && !dry && !is_idle)
        status = lane_data_entry(import->run, said, err);
    else if (status == SGN_OK)
        job->result = json_incref(said);
    json_decref(said);
    return status;
}

/* The errors go over to err. */
static enum sgn_status
refuse(struct import *import, struct sgn_error *err)
{
    sgn_fail(err, SGN_INVALID, "%d of %zu rows cannot be taken; nothing was changed", import->wrong,
             json_array_size(json_object_get(import->job->params, "rows")));
    sgn_error_add(err, "pointer", json_string("/rows"));
    sgn_error_add(err, "rows", json_incref(import->errors));
    sgn_error_add(err, "wrong", json_integer(import->wrong));
    return SGN_INVALID;
}

static enum sgn_status
data_import(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *name = sgn_json_str(job->params, "kind");
    struct import import = { .run = run, .job = job, .kind = kind_find(name) };
    enum sgn_status status = SGN_OK;

    if (import.kind == NULL)
        return rpc_data_invalid(err, "/kind",
                                "'%.40s' is no kind of rows: client, person, project "
                                "or member",
                                name);
    import.errors = json_array();
    json_decref(job->result); /* it may be run again: from the beginning */
    job->result = json_pack("{s:[]}", "rows");
    if (import.errors == NULL || job->result == NULL)
        status = sgn_nomem(err);
    if (status == SGN_OK)
        status = take_rows(&import, err);
    if (status == SGN_OK && import.wrong > 0)
        status = refuse(&import, err);
    if (status == SGN_OK)
        status = finish(&import, sgn_json_true(job->params, "dry_run"), err);
    json_decref(import.errors);
    return status;
}

/* clang-format off */
static const struct rpc_param import_params[] = {
    { "kind", RPC_STRING, true, 16, "client, person, project, or member: of a project." },
    { "rows", RPC_ARRAY, true, ROWS_MAX,
      "Objects with the parameters of the kind's create and update. What a row leaves out stays." },
    { "dry_run", RPC_BOOLEAN, false, 0, "Says what it would come to, and changes nothing." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_data_import = {
    .name = "data.import",
    .summary = "Takes many clients, people, projects or members at once, every row or none: makes what is "
               "not there, changes what is otherwise.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_WRITE, .params = import_params,
    .result = "kind; created, changed, same: how many rows; rows: those that were made or changed, as they are "
              "now; entry, when there are any; warning. Refused with data.rows: "
              "row (from 0 on), code, message, pointer of each row that cannot be taken (the first 50), "
              "and wrong, how many there are.",
    .run = data_import,
};
/* clang-format on */
