/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request that was answered before: the same request_id gets the first answer.
 *
 * Where asking the store is a round trip, all that are decided in one go are asked for together,
 * of each team at once. That none of them has an entry is remembered like everything else of a team
 * (known.c), until the turn ends or the head turns out to be further on.
 */
#include "repeat.h"
#include "json.h"
#include "known.h"
#include "lane_internal.h"
#include <stdlib.h>
#include <string.h>

#define TOGETHER_LEAST 2 /* one is asked for when it is decided */

struct found {
    json_t *header, *shared, *internal;
    char digest[65];
};

static void
found_clear(struct found *found)
{
    json_decref(found->header);
    json_decref(found->shared);
    json_decref(found->internal);
}

static json_t *
parse_or_null(const char *bytes, size_t n)
{
    json_t *value = NULL;

    if (bytes != NULL && sgn_json_parse(bytes, n, &value, NULL) != SGN_OK)
        return NULL;
    return value;
}

json_t *
lane_staged_part(const char *text)
{
    return text != NULL ? parse_or_null(text, strlen(text)) : NULL;
}

static enum sgn_status
find_staged(struct lane_run *run, int64_t seq, struct found *out)
{
    for (struct lane_entry *e = lane_batch_of(run->lane, run->team)->entries; e != NULL;
         e = e->next) {
        if (e->seq != seq || strcmp(e->team, run->team) != 0)
            continue;
        out->header = json_pack("{s:I, s:s?, s:s}", "seq", (json_int_t)e->seq, "case",
                                e->case_key[0] != '\0' ? e->case_key : NULL, "kind", e->kind);
        out->shared = lane_staged_part(e->sealed.shared);
        out->internal = lane_staged_part(e->sealed.internal);
        sgn_text_copy(out->digest, sizeof out->digest, e->request_digest);
        return SGN_OK;
    }
    return SGN_NOT_FOUND;
}

static enum sgn_status
find_stored(struct lane_run *run, const char *actor, struct found *out, struct sgn_error *err)
{
    const struct lane *lane = run->lane;
    struct store_entry_row row;
    int64_t since = run->now - lane->options.limits.request_window_ms, seq = 0, at;
    enum sgn_status st = lane_head(run->lane, run->team, &seq, &at, err);

    /* Virtual time may jump days within a second of its users' own: there only the count ends
     * what is remembered. */
    if (lane->options.clock->is_virtual || since < 0)
        since = 0;
    if (st == SGN_OK)
        st = store_request_get(lane->reader, run->team, actor, run->job->request, since, &row, err);
    if (st != SGN_OK)
        return st;
    if (row.seq <= seq - lane->options.limits.request_count) {
        store_entry_row_deinit(&row);
        return SGN_NOT_FOUND;
    }
    out->header = parse_or_null(row.header, row.header_n);
    out->shared = parse_or_null(row.shared, row.shared_n);
    out->internal = parse_or_null(row.internal, row.internal_n);
    sgn_text_copy(out->digest, sizeof out->digest, row.request_digest);
    store_entry_row_deinit(&row);
    return SGN_OK;
}

/* The first answer, made from what its entry holds. */
static json_t *
answer_again(const struct found *first)
{
    const char *kind = sgn_json_str(first->header, "kind");
    json_t *result;

    if (kind == NULL || strcmp(kind, "data") != 0)
        return core_result(first->header, first->shared, first->internal);
    result = json_copy(json_object_get(first->internal, "params"));
    json_object_set(result, "entry", json_object_get(first->header, "seq"));
    return result;
}

enum sgn_status
lane_request_repeat(struct lane_run *run, bool *found, struct sgn_error *err)
{
    struct lane_job *job = run->job;
    struct found first = { 0 };
    char name[LANE_KEY_TEXT];
    json_t *staged;
    enum sgn_status st;

    *found = false;
    if (job->request[0] == '\0')
        return SGN_OK;
    lane_key(name, run->team, lane_actor(job), job->request);
    staged = json_object_get(lane_batch_of(run->lane, run->team)->requests, name);
    if (staged == NULL && json_object_get(run->lane->new_requests, name) != NULL)
        return SGN_OK;
    if (staged != NULL)
        st = find_staged(run, json_integer_value(staged), &first);
    else
        st = find_stored(run, lane_actor(job), &first, err);
    if (st == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        return SGN_OK;
    }
    if (st != SGN_OK)
        return st;
    *found = true;
    if (strcmp(first.digest, job->request_digest) != 0) {
        st = sgn_fail(err, SGN_CONFLICT,
                      "request_id \"%s\" was used before for another request (entry %lld)",
                      job->request, (long long)sgn_json_int(first.header, "seq", 0));
    } else {
        json_decref(job->result);
        job->result = answer_again(&first);
        st = job->result != NULL ? SGN_OK : sgn_nomem(err);
    }
    found_clear(&first);
    return st;
}

/* ---- many at once ---- */

/* The jobs that are to be asked for, of all teams; a place is NULL once it was. */
struct open_jobs {
    const struct lane_job **jobs;
    struct store_request *requests; /* of one team */
    int n;
};

/* Has it to be asked for, and was it not? */
static bool
is_open(const struct lane *lane, const struct lane_job *job)
{
    char name[LANE_KEY_TEXT];

    if (job->request[0] == '\0' || job->team[0] == '\0' || lane_is_owed(job) ||
        lane_team_busy(lane, job->team))
        return false;
    lane_key(name, job->team, lane_actor(job), job->request);
    return json_object_get(lane->new_requests, name) == NULL;
}

static void
gather(const struct lane *lane, struct open_jobs *open)
{
    int left = lane->options.limits.batch_jobs;

    for (struct sgn_node *node = lane->jobs; node != NULL && left > 0; node = node->next, left--) {
        const struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);

        if (is_open(lane, job))
            open->jobs[open->n++] = job;
    }
}

/* Those of one team. Whatever fails here is asked for by the decision. */
static void
look_for(struct lane *lane, struct open_jobs *open, const char *team)
{
    char name[LANE_KEY_TEXT];
    int n = 0;

    for (int i = 0; i < open->n; i++) {
        const struct lane_job *job = open->jobs[i];

        if (job == NULL || strcmp(job->team, team) != 0)
            continue;
        open->requests[n++] =
            (struct store_request){ .person = lane_actor(job), .request = job->request };
        open->jobs[i] = NULL;
    }
    if (n < TOGETHER_LEAST || lane_team_look(lane, team, NULL) != SGN_OK ||
        store_requests_find(lane->reader, team, open->requests, n, NULL) != SGN_OK)
        return;
    for (int i = 0; i < n; i++) {
        lane_key(name, team, open->requests[i].person, open->requests[i].request);
        if (!open->requests[i].found)
            json_object_set_new(lane->new_requests, name, json_true());
    }
}

void
lane_requests_look(struct lane *lane)
{
    size_t most = (size_t)lane->options.limits.batch_jobs;
    struct open_jobs open = { .n = 0 };

    if (!lane->by_team || lane->jobs == NULL)
        return;
    open.jobs = calloc(most, sizeof(const struct lane_job *));
    open.requests = calloc(most, sizeof *open.requests);
    if (open.jobs != NULL && open.requests != NULL)
        gather(lane, &open);
    for (int i = 0; i < open.n; i++)
        if (open.jobs[i] != NULL)
            look_for(lane, &open, open.jobs[i]->team);
    free(open.jobs);
    free(open.requests);
}
