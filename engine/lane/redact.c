/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.redact: parts of an entry are taken out for good, see erasing.h.
 *
 * Whole rows stand in migrations, too; theirs go in the same way. The walk from the case's end back
 * to the entry is the lane's, and takes some 10 us for each entry.
 */
#include "erasing.h"
#include "json.h"
#include "lane_internal.h"
#include "repeat.h"
#include "retention.h"
#include <string.h>

struct redaction {
    struct lane_run *run;
    int64_t seq; /* of the entry */
    bool parts[2];
    json_t *header, *shared, *internal; /* of it, as they are */
    json_t *since;                      /* what later entries of the case have set */
    json_t *rows;                       /* [number]: those whose internal part holds a whole row */
    struct erasing erasing;
    bool enough;
};

static void
redaction_deinit(struct redaction *r)
{
    json_decref(r->header);
    json_decref(r->shared);
    json_decref(r->internal);
    json_decref(r->since);
    json_decref(r->rows);
    erasing_deinit(&r->erasing);
}

/* ---- the entry ---- */

static enum sgn_status
take_entry(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct redaction *r = ctx;
    enum sgn_status st = SGN_OK;

    if (entry->seq != r->seq)
        return SGN_OK;
    st = sgn_json_parse(entry->header, entry->header_n, &r->header, err);
    if (st == SGN_OK && entry->shared != NULL)
        st = sgn_json_parse(entry->shared, entry->shared_n, &r->shared, err);
    if (st == SGN_OK && entry->internal != NULL)
        st = sgn_json_parse(entry->internal, entry->internal_n, &r->internal, err);
    return st;
}

static enum sgn_status
invalid(struct sgn_error *err, enum sgn_status st, const char *pointer)
{
    sgn_error_add(err, "pointer", json_string(pointer));
    return st;
}

/* Which parts go: those asked for that are there. */
static enum sgn_status
choose_parts(struct redaction *r, const char *asked, struct sgn_error *err)
{
    const json_t *const parts[] = { r->shared, r->internal };
    bool was = false;

    for (int i = 0; i < 2; i++) {
        if (asked != NULL && strcmp(asked, erasing_parts[i]) != 0)
            continue;
        r->parts[i] = parts[i] != NULL;
        was = was || sgn_json_str(r->header, erasing_parts[i]) != NULL;
    }
    if (r->parts[0] || r->parts[1])
        return SGN_OK;
    if (was)
        return sgn_fail(err, SGN_NOT_NOW,
                        "what is asked for has been taken out of entry %lld already",
                        (long long)r->seq);
    sgn_fail(err, SGN_INVALID, "entry %lld has no %s part", (long long)r->seq,
             asked != NULL ? asked : "such");
    return invalid(err, SGN_INVALID, "/part");
}

static enum sgn_status
find_entry(struct redaction *r, const json_t *params, struct sgn_error *err)
{
    const char *part = sgn_json_str(params, "part"), *kind;
    bool wait = false;
    enum sgn_status st =
        store_entries(r->run->lane->reader, r->run->team, r->seq, 1, take_entry, r, err);

    if (st == SGN_OK && (r->seq < 1 || r->header == NULL)) {
        sgn_fail(err, SGN_NOT_FOUND, "there is no entry %lld", (long long)r->seq);
        return invalid(err, SGN_NOT_FOUND, "/entry");
    }
    kind = sgn_json_str(r->header, "kind");
    if (st == SGN_OK && kind != NULL && strcmp(kind, "redact") == 0) {
        sgn_fail(err, SGN_INVALID, "entry %lld says what was erased, and stays", (long long)r->seq);
        return invalid(err, SGN_INVALID, "/entry");
    }
    if (st == SGN_OK)
        st = choose_parts(r, part, err);
    if (st == SGN_OK && r->parts[1])
        st = lane_effects_wait(r->run, r->seq, r->internal, &wait, err);
    if (st == SGN_OK && wait)
        st = sgn_fail(err, SGN_NOT_NOW, "what entry %lld asks for has not all been carried out yet",
                      (long long)r->seq);
    return st;
}

/* ---- what came behind it ---- */

/* An entry of the case behind it, by its parts. */
static enum sgn_status
later(struct redaction *r, int64_t seq, int64_t at, const json_t *shared, const json_t *internal,
      struct sgn_error *err)
{
    enum sgn_status st = case_redact_since(r->since, shared, err);

    if (st == SGN_OK)
        st = case_redact_since(r->since, internal, err);
    if (st != SGN_OK || json_object_get(internal, "row") == NULL)
        return st;
    if (json_array_append_new(r->rows, json_integer(seq)) != 0)
        return sgn_nomem(err);
    return erasing_earlier(&r->erasing, seq, at, internal, err);
}

static enum sgn_status
take_later(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct redaction *r = ctx;
    json_t *shared = NULL, *internal = NULL;
    enum sgn_status st = SGN_OK;

    r->enough = entry->seq <= r->seq;
    if (r->enough)
        return SGN_NOT_NOW; /* ends the walk */
    if (entry->shared != NULL)
        st = sgn_json_parse(entry->shared, entry->shared_n, &shared, err);
    if (st == SGN_OK && entry->internal != NULL)
        st = sgn_json_parse(entry->internal, entry->internal_n, &internal, err);
    if (st == SGN_OK)
        st = later(r, entry->seq, entry->at, shared, internal, err);
    json_decref(shared);
    json_decref(internal);
    return st;
}

/* What this batch has already, and then what the store has. */
static enum sgn_status
walk_back(struct redaction *r, const char *key, struct sgn_error *err)
{
    struct lane *lane = r->run->lane;
    enum sgn_status st = SGN_OK;

    for (const struct lane_entry *e = lane_batch_of(lane, r->run->team)->entries;
         st == SGN_OK && e != NULL; e = e->next) {
        json_t *shared, *internal;

        if (strcmp(e->team, r->run->team) != 0 || strcmp(e->case_key, key) != 0)
            continue;
        shared = lane_staged_part(e->sealed.shared);
        internal = lane_staged_part(e->sealed.internal);
        st = later(r, e->seq, e->at, shared, internal, err);
        json_decref(shared);
        json_decref(internal);
    }
    if (st == SGN_OK)
        st = store_case_entries(lane->reader, r->run->team, key, 0, INT32_MAX, take_later, r, err);
    return r->enough ? SGN_OK : st;
}

/* ---- what is left ---- */

static enum sgn_status
empty_row(struct redaction *r, const char *key, struct sgn_error *err)
{
    const json_t *const parts[2] = { r->parts[0] ? r->shared : NULL,
                                     r->parts[1] ? r->internal : NULL };
    struct lane_case *item = NULL;
    enum sgn_status st = lane_case_item(r->run->lane, r->run->team, key, &item, err);

    if (st == SGN_OK)
        st = walk_back(r, key, err);
    if (st == SGN_OK)
        st = lane_case_item(r->run->lane, r->run->team, key, &item, err);
    if (st == SGN_OK)
        st = lane_hold_check(item->row, err);
    return st == SGN_OK
               ? case_redact(item->row, parts, r->since, &r->erasing.row, &r->erasing.gone, err)
               : st;
}

/* What goes: the parts asked for, and the whole rows that came behind them. */
static enum sgn_status
name_parts(struct redaction *r, struct sgn_error *err)
{
    const json_t *seq;
    size_t i;
    enum sgn_status st = SGN_OK;

    for (int k = 0; st == SGN_OK && k < 2; k++)
        if (r->parts[k])
            st = erasing_take(&r->erasing, r->seq, k, err);
    json_array_foreach(r->rows, i, seq)
        if (st == SGN_OK)
            st = erasing_take(&r->erasing, json_integer_value(seq), 1, err);
    return st;
}

/* ---- the whole ---- */

static enum sgn_status
check_params(const json_t *params, struct sgn_error *err)
{
    const char *part = sgn_json_str(params, "part"), *reason = sgn_json_str(params, "reason");

    if (part != NULL && strcmp(part, erasing_parts[0]) != 0 &&
        strcmp(part, erasing_parts[1]) != 0) {
        sgn_fail(err, SGN_INVALID, "part is \"shared\" or \"internal\", and not \"%.40s\"", part);
        return invalid(err, SGN_INVALID, "/part");
    }
    if (reason == NULL || reason[0] == '\0') {
        sgn_fail(err, SGN_INVALID, "reason must say why it is erased");
        return invalid(err, SGN_INVALID, "/reason");
    }
    return SGN_OK;
}

static enum sgn_status
redact(struct redaction *r, const json_t *params, struct sgn_error *err)
{
    bool dry = sgn_json_true(params, "dry_run");
    const char *key;
    enum sgn_status st = find_entry(r, params, err);

    key = sgn_json_str(r->header, "case");
    /* A command never overtakes what is due. */
    if (st == SGN_OK && key != NULL && !dry)
        st = lane_fire_due(r->run, key, r->run->now, err);
    if (st == SGN_OK && key != NULL)
        st = empty_row(r, key, err);
    if (st == SGN_OK && r->parts[1])
        st = lane_messages_drop(r->run, r->seq, &r->erasing.messages, err);
    if (st == SGN_OK)
        st = name_parts(r, err);
    r->erasing.tells = r->parts[0] ? r->seq : 0;
    r->erasing.why = json_object_get(params, "reason");
    if (st == SGN_OK)
        st = erasing_write(&r->erasing, key, err);
    if (st == SGN_OK && dry) {
        lane_run_drop(r->run);
        (void)json_object_del(r->run->job->result, "entry");
    }
    return st;
}

enum sgn_status
lane_redact(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    struct redaction r = { .run = run,
                           .seq = sgn_json_int(job->params, "entry", 0),
                           .since = json_object(),
                           .rows = json_array() };
    enum sgn_status st = check_params(job->params, err);

    if (st == SGN_OK && (r.since == NULL || r.rows == NULL || !erasing_init(&r.erasing, run)))
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = redact(&r, job->params, err);
    redaction_deinit(&r);
    return st;
}
