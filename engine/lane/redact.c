/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.redact: parts of an entry are taken out for good. The header stays, so that the chain still
 * proves that it was there; an entry of kind redact says what was taken and why:
 *
 *   comment   why
 *   redacted  {"parts": [{"entry", "part"}], "fields": [NAME], "files": [ID], "messages": n}
 *   earlier   [{"entry", "at", "comment", "redacted"}]: what earlier erasures of the case said,
 * whose own parts go, since each holds the whole row of its time row       the case's row behind
 * it, with what came from the part emptied (case_redact); a fold takes up again there redacts   in
 * the shared part: number of the entry whose shared part went
 *
 * Whole rows stand in migrations, too; theirs go in the same way. The walk from the case's end back
 * to the entry is the lane's, and takes some 10 us for each entry.
 */
#include "files.h"
#include "json.h"
#include "lane_internal.h"
#include "repeat.h"
#include <stdlib.h>
#include <string.h>

struct redaction {
    struct lane_run *run;
    int64_t seq; /* of the entry */
    bool parts[2];
    json_t *header, *shared, *internal; /* of it, as they are */
    json_t *since;                      /* what later entries of the case have set */
    json_t *rows;                       /* [number]: those whose internal part holds a whole row */
    json_t *earlier;
    json_t *fields, *files; /* what is emptied, both borrowed of gone */
    json_t *gone, *row;
    int messages;
    bool enough;
};

static const char *const names[] = { "shared", "internal" };

static void
redaction_deinit(struct redaction *r)
{
    json_decref(r->header);
    json_decref(r->shared);
    json_decref(r->internal);
    json_decref(r->since);
    json_decref(r->rows);
    json_decref(r->earlier);
    json_decref(r->gone);
    json_decref(r->row);
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
        if (asked != NULL && strcmp(asked, names[i]) != 0)
            continue;
        r->parts[i] = parts[i] != NULL;
        was = was || sgn_json_str(r->header, names[i]) != NULL;
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
    json_t *said = json_object_get(internal, "redacted"), *earlier;
    const json_t *item;
    size_t i;
    enum sgn_status st = case_redact_since(r->since, shared, err);

    if (st == SGN_OK)
        st = case_redact_since(r->since, internal, err);
    if (st != SGN_OK || json_object_get(internal, "row") == NULL)
        return st;
    if (json_array_append_new(r->rows, json_integer(seq)) != 0)
        return sgn_nomem(err);
    if (said == NULL)
        return SGN_OK;
    earlier = json_pack("{s:I, s:I, s:O*, s:O}", "entry", (json_int_t)seq, "at", (json_int_t)at,
                        "comment", json_object_get(internal, "comment"), "redacted", said);
    if (earlier == NULL || json_array_append_new(r->earlier, earlier) != 0)
        return sgn_nomem(err);
    json_array_foreach(json_object_get(internal, "earlier"), i, item)
        if (json_array_append(r->earlier, (json_t *)item) != 0)
            return sgn_nomem(err);
    return SGN_OK;
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
    return st == SGN_OK ? case_redact(item->row, parts, r->since, &r->row, &r->gone, err) : st;
}

static enum sgn_status
drop_files(struct redaction *r, struct sgn_error *err)
{
    const json_t *id;
    size_t i;
    enum sgn_status st = SGN_OK;

    json_array_foreach(json_object_get(r->gone, "files"), i, id) {
        json_t *key = json_pack("{s:O}", "file", id), *row = NULL;

        if (st == SGN_OK)
            st = sgn_if_any(lane_row_get(r->run, STORE_FILE, key, &row, err), err);
        if (st == SGN_OK && row != NULL)
            st = lane_files_drop(r->run, row, err);
        json_decref(key);
        json_decref(row);
    }
    if (json_array_size(json_object_get(r->gone, "files")) > 0)
        r->run->lane->files_next = 0; /* the bytes soon, too */
    return st;
}

/* ---- the entry that says so ---- */

static enum sgn_status
part_add(json_t *parts, int64_t seq, const char *name, struct sgn_error *err)
{
    json_t *one = json_pack("{s:I, s:s}", "entry", (json_int_t)seq, "part", name);

    return one != NULL && json_array_append_new(parts, one) == 0 ? SGN_OK : sgn_nomem(err);
}

/* {"parts", "fields", "files", "messages"}; new reference, or NULL. */
static json_t *
said_of(const struct redaction *r, struct sgn_error *err)
{
    json_t *parts = json_array(), *said;
    const json_t *seq;
    size_t i;
    enum sgn_status st = SGN_OK;

    for (int k = 0; st == SGN_OK && k < 2; k++)
        if (r->parts[k])
            st = part_add(parts, r->seq, names[k], err);
    json_array_foreach(r->rows, i, seq)
        if (st == SGN_OK)
            st = part_add(parts, json_integer_value(seq), names[1], err);
    said = json_pack("{s:o, s:O*, s:O*, s:i}", "parts", parts, "fields",
                     json_object_get(r->gone, "fields"), "files", json_object_get(r->gone, "files"),
                     "messages", r->messages);
    if (st == SGN_OK && said != NULL)
        return said;
    json_decref(said);
    return NULL;
}

static enum sgn_status
put_erasures(const struct redaction *r, struct lane_entry *entry, struct sgn_error *err)
{
    const json_t *seq;
    size_t i;

    entry->erasures = calloc(json_array_size(r->rows) + 1, sizeof *entry->erasures);
    if (entry->erasures == NULL)
        return sgn_nomem(err);
    entry->erasures[entry->n_erasures++] =
        (struct store_erasure){ entry->team, r->seq, r->parts[0], r->parts[1] };
    json_array_foreach(r->rows, i, seq)
        entry->erasures[entry->n_erasures++] =
            (struct store_erasure){ entry->team, json_integer_value(seq), false, true };
    return SGN_OK;
}

static enum sgn_status
fill_entry(struct redaction *r, struct lane_entry *entry, const json_t *said, struct sgn_error *err)
{
    const struct lane_job *job = r->run->job;
    char key[16 + SGN_KEY_MAX];
    const json_t *project = NULL;
    enum sgn_status st = put_erasures(r, entry, err);

    entry->kind = "redact";
    entry->decided_at = r->run->now;
    entry->internal =
        json_pack("{s:O, s:O, s:O*, s:O*, s:O*}", "comment", json_object_get(job->params, "reason"),
                  "redacted", said, "earlier", json_array_size(r->earlier) > 0 ? r->earlier : NULL,
                  "row", r->row, "rev", json_object_get(r->row, "rev"));
    if (r->parts[0])
        entry->shared = json_pack("{s:I}", "redacts", (json_int_t)r->seq);
    sgn_text_copy(entry->request, sizeof entry->request, job->request);
    sgn_text_copy(entry->request_digest, sizeof entry->request_digest, job->request_digest);
    if (entry->internal == NULL || (r->parts[0] && entry->shared == NULL))
        return sgn_nomem(err);
    if (st != SGN_OK || r->row == NULL)
        return st;
    sgn_text_join(key, sizeof key, "project:", sgn_json_str(r->row, "project"));
    st = lane_fact(r->run, key, &project, err);
    sgn_text_copy(entry->client, sizeof entry->client, sgn_json_str(project, "client"));
    entry->row = json_incref(r->row);
    return st;
}

/* The job's answer is made from the entry, as it is when it is asked for again. */
static enum sgn_status
write_entry(struct redaction *r, const char *case_key, struct sgn_error *err)
{
    struct lane_run *run = r->run;
    struct lane_entry *entry = lane_entry_draft(run, lane_actor(run->job), run->job->channel);
    json_t *said = said_of(r, err), *header;
    int64_t seq = 0, at;
    enum sgn_status st = entry != NULL && said != NULL ? SGN_OK : sgn_nomem(err);

    run->entry = entry;
    if (st == SGN_OK)
        st = fill_entry(r, entry, said, err);
    if (st == SGN_OK)
        st = lane_head(run->lane, run->team, &seq, &at, err);
    header = json_pack("{s:I, s:s?}", "seq", (json_int_t)seq + 1, "case", case_key);
    if (st == SGN_OK) {
        json_decref(run->job->result);
        run->job->result = core_result(header, entry->shared, entry->internal);
        st = run->job->result != NULL ? SGN_OK : sgn_nomem(err);
    }
    json_decref(header);
    json_decref(said);
    return st;
}

/* ---- the whole ---- */

static enum sgn_status
check_params(const json_t *params, struct sgn_error *err)
{
    const char *part = sgn_json_str(params, "part"), *reason = sgn_json_str(params, "reason");

    if (part != NULL && strcmp(part, names[0]) != 0 && strcmp(part, names[1]) != 0) {
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
    if (st == SGN_OK)
        st = drop_files(r, err);
    if (st == SGN_OK && r->parts[1])
        st = lane_messages_drop(r->run, r->seq, &r->messages, err);
    if (st == SGN_OK)
        st = write_entry(r, key, err);
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
                           .rows = json_array(),
                           .earlier = json_array() };
    enum sgn_status st = check_params(job->params, err);

    if (st == SGN_OK && (r.since == NULL || r.rows == NULL || r.earlier == NULL))
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = redact(&r, job->params, err);
    redaction_deinit(&r);
    return st;
}
