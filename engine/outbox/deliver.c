/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One endpoint: one request at a time, so that entries arrive in their order. What people asked for
 * goes first, each once; then the entries in their turn, each until it has arrived or the
 * schedule has ended.
 */
#include "outbox_internal.h"

#include <string.h>
#include <time.h>

#define READ_AGAIN_MS 1000 /* after the store could not be read */

/* ---- sending ---- */

static enum sgn_status
send_messages(struct outbox_endpoint *endpoint, const struct outbox_message *messages, int most,
              struct sgn_error *err)
{
    struct outbox *outbox = endpoint->team->outbox;
    struct outbox_making making = { .messages = messages, .most = most, .endpoint = endpoint->row };
    struct outbox_post post;
    enum sgn_status st;

    making.now = sgn_clock_now(lane_clock(outbox->options.lane));
    /* The receiver compares a signature's time with its own clock, whatever this site's is. */
    making.wall_s = (int64_t)time(NULL);
    outbox_post_init(&post);
    st = endpoint->format->make(&making, &post, err);
    endpoint->sent = post.told;
    if (st == SGN_OK)
        st = outbox_http_send(outbox->http, &post, endpoint, &endpoint->request, err);
    outbox_post_deinit(&post);
    endpoint->not_before = sgn_monotonic_ms() + endpoint->format->pause_ms;
    return st;
}

static json_t *
row_of(struct outbox_endpoint *endpoint, const char *status, int attempts, int code,
       const char *error)
{
    json_t *row =
        json_pack("{s:s, s:i, s:I, s:i, s:s?}", "status", status, "attempts", attempts, "tried",
                  (json_int_t)sgn_clock_now(lane_clock(endpoint->team->outbox->options.lane)),
                  "code", code, "error", error != NULL && error[0] != '\0' ? error : NULL);

    if (strcmp(status, "waiting") == 0)
        (void)json_object_set_new(row, "next", json_integer(endpoint->next_at));
    return row;
}

/* ---- an entry in its turn ---- */

/* The first one is dealt with. */
static void
first_done(struct outbox_endpoint *endpoint)
{
    struct outbox_message *message = endpoint->first;

    endpoint->first = message->next;
    endpoint->n_messages--;
    endpoint->attempts = 0;
    endpoint->next_at = 0;
    /* Behind the last one nothing was wanted up to where it was read. */
    outbox_mark_seen(endpoint, endpoint->first != NULL ? message->seq : endpoint->read);
    outbox_message_free(message);
}

/* code: of HTTP, 0: there was no answer. */
static void
first_failed(struct outbox_endpoint *endpoint, int code, int64_t retry_after_ms, const char *why)
{
    int64_t now = sgn_clock_now(lane_clock(endpoint->team->outbox->options.lane)), pause;
    int64_t seq = endpoint->first->seq;

    endpoint->attempts++;
    pause = outbox_retry_ms(endpoint->attempts);
    if (pause == 0) {
        outbox_mark_row(endpoint, seq, row_of(endpoint, "dead", endpoint->attempts, code, why));
        first_done(endpoint);
        /* Nobody there for days: each entry to come would wait as long. Refused is another thing.
         */
        if (code == 0 || code >= 500)
            outbox_mark_paused(endpoint, "failing");
        return;
    }
    if (retry_after_ms > pause)
        pause = retry_after_ms < SGN_DAY_MS ? retry_after_ms : SGN_DAY_MS;
    endpoint->next_at = now + pause;
    outbox_mark_row(endpoint, seq, row_of(endpoint, "waiting", endpoint->attempts, code, why));
}

/* To people what has come meanwhile goes in one message. After a failure the first goes alone: if
 * it is the one that is not wanted, it holds up the others no longer than its own schedule. */
static void
send_first(struct outbox_endpoint *endpoint)
{
    bool alone = endpoint->attempts > 0 || !endpoint->format->people;
    struct sgn_error err = { 0 };

    endpoint->by_hand = false;
    if (send_messages(endpoint, endpoint->first, alone ? 1 : endpoint->n_messages, &err) != SGN_OK)
        first_failed(endpoint, 0, 0, err.message);
    sgn_error_clear(&err);
}

static void
first_answered(struct outbox_endpoint *endpoint, enum outbox_outcome outcome, int code,
               const struct outbox_verdict *verdict)
{
    if (outcome == OUTBOX_DELIVERED) {
        if (endpoint->attempts > 0)
            outbox_mark_row(endpoint, endpoint->first->seq, NULL);
        for (int i = 0; i < endpoint->sent; i++)
            first_done(endpoint);
    } else if (outcome == OUTBOX_GONE) {
        outbox_mark_paused(endpoint, "gone");
    } else {
        first_failed(endpoint, code, verdict->wait_ms, verdict->why);
    }
}

/* ---- what was asked for by hand ---- */

static void
asked_done(struct outbox_endpoint *endpoint, bool delivered, int code, const char *why)
{
    json_t *asked = json_array_get(endpoint->asked, 0);
    int64_t seq = sgn_json_int(asked, "seq", 0);
    const char *status = delivered ? "delivered" : seq == 0 ? "failed" : "dead";
    json_t *row = row_of(endpoint, status, 1, code, why);

    (void)json_object_set(row, "person", json_object_get(asked, "person"));
    outbox_mark_row(endpoint, seq, row);
    (void)json_array_remove(endpoint->asked, 0);
}

static void
send_asked(struct outbox_endpoint *endpoint)
{
    int64_t seq = sgn_json_int(json_array_get(endpoint->asked, 0), "seq", 0);
    struct outbox_message *message = NULL;
    struct sgn_error err = { 0 };
    enum sgn_status st = outbox_read_one(endpoint, seq, &message, &err);

    endpoint->by_hand = true;
    if (st == SGN_OK)
        st = send_messages(endpoint, message, 1, &err);
    if (st != SGN_OK)
        asked_done(endpoint, false, 0, err.message);
    outbox_message_free(message);
    sgn_error_clear(&err);
}

/* ---- the end of a request ---- */

void
outbox_endpoint_answered(struct outbox_endpoint *endpoint)
{
    struct outbox_request *request = endpoint->request;
    struct outbox_verdict verdict = { .wait_ms = request->retry_after_ms };
    enum outbox_outcome outcome = OUTBOX_AGAIN;

    endpoint->request = NULL;
    if (request->status == 0)
        sgn_text_copy(verdict.why, sizeof verdict.why, request->why);
    else if (endpoint->format->judge != NULL)
        outcome = endpoint->format->judge(request->status, request->body, &verdict);
    else
        outcome = outbox_judge(request->status, &verdict);
    if (endpoint->by_hand)
        asked_done(endpoint, outcome == OUTBOX_DELIVERED, request->status, verdict.why);
    else
        first_answered(endpoint, outcome, request->status, &verdict);
    outbox_request_free(endpoint->team->outbox->http, request);
}

/* ---- a turn ---- */

/* Reads on until something is wanted or the head is reached. False: the store could not be read. */
static bool
fill(struct outbox_endpoint *endpoint)
{
    struct sgn_error err = { 0 };
    int64_t before = endpoint->read;
    bool fine = true;

    if (endpoint->first != NULL || endpoint->read >= endpoint->team->head)
        return true;
    if (outbox_read_more(endpoint, &err) != SGN_OK) {
        sgn_log(SGN_LOG_WARN, "entries not read", "team", endpoint->team->name, "endpoint",
                endpoint->key, "why", err.message, NULL);
        fine = false;
    }
    sgn_error_clear(&err);
    if (endpoint->read == before)
        return false;
    if (endpoint->first == NULL)
        endpoint->seen = endpoint->read;
    return fine;
}

/* The cursor follows over what was passed, not with each entry. Returns when to ask again, in ms;
 * -1: it has. */
static int64_t
follow(struct outbox_endpoint *endpoint)
{
    int64_t now = sgn_monotonic_ms();

    if (endpoint->seen <= endpoint->kept || endpoint->dirty != NULL || endpoint->marking != NULL)
        return -1;
    if (now < endpoint->passed_at)
        return endpoint->passed_at - now;
    endpoint->passed_at = now + OUTBOX_PASSED_MS;
    outbox_mark_seen(endpoint, endpoint->seen);
    return -1;
}

int64_t
outbox_endpoint_turn(struct outbox_endpoint *endpoint, bool *by_clock)
{
    int64_t now = sgn_clock_now(lane_clock(endpoint->team->outbox->options.lane));
    int64_t pause = endpoint->not_before - sgn_monotonic_ms();
    int64_t following;
    bool fine = true;

    if (endpoint->request == NULL && !outbox_is_paused(endpoint)) {
        if (pause > 0)
            return pause;
        fine = fill(endpoint);
        if (json_array_size(endpoint->asked) > 0)
            send_asked(endpoint);
        else if (endpoint->first != NULL && now >= endpoint->next_at)
            send_first(endpoint);
    }
    following = follow(endpoint);
    outbox_mark_turn(endpoint);
    if (endpoint->dirty != NULL && endpoint->marking == NULL)
        return READ_AGAIN_MS;
    if (endpoint->request != NULL || outbox_is_paused(endpoint))
        return following;
    if (!fine)
        return READ_AGAIN_MS;
    if (json_array_size(endpoint->asked) > 0)
        return 0;
    if (endpoint->first == NULL)
        return endpoint->read < endpoint->team->head ? 0 : following;
    *by_clock = true;
    return endpoint->next_at > now ? endpoint->next_at - now : 0;
}
