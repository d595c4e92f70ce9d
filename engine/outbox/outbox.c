/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The thread that delivers: what is new is read, what is due is sent, what has been answered is
 * marked, and then it waits for whatever comes first.
 */
#include "outbox_internal.h"

#include <stdlib.h>

#define CONNECT_MS 5000
#define ATTEMPT_MS 15000
#define CLOCK_MS   20 /* between two looks at a virtual clock, which tells nobody that it moved */

static void
on_ended(void *ctx, struct outbox_request *request)
{
    (void)ctx;
    outbox_endpoint_answered(request->ctx);
}

enum sgn_status
outbox_new(const struct outbox_options *options, struct outbox **out, struct sgn_error *err)
{
    struct outbox *outbox = calloc(1, sizeof *outbox);
    struct outbox_http_options http = { .done = on_ended };
    enum sgn_status st = SGN_OK;

    *out = NULL;
    if (outbox == NULL)
        return sgn_nomem(err);
    outbox->options = *options;
    pthread_mutex_init(&outbox->lock, NULL);
    outbox->told = json_object();
    outbox->marked = sgn_queue_new();
    http.outward = &outbox->options.outward;
    http.connect_ms = options->connect_ms > 0 ? options->connect_ms : CONNECT_MS;
    http.attempt_ms = options->attempt_ms > 0 ? options->attempt_ms : ATTEMPT_MS;
    http.ctx = outbox;
    if (outbox->told == NULL || outbox->marked == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = outbox_http_new(&http, &outbox->http, err);
    if (st != SGN_OK)
        outbox_free(outbox);
    else
        *out = outbox;
    return st;
}

void
outbox_free(struct outbox *outbox)
{
    if (outbox == NULL)
        return;
    if (outbox->marked != NULL)
        outbox_marks_take(outbox); /* their endpoints are there until then */
    outbox_teams_free(outbox);
    outbox_http_free(outbox->http);
    sgn_queue_free(outbox->marked);
    json_decref(outbox->told);
    pthread_mutex_destroy(&outbox->lock);
    free(outbox);
}

/* ---- the thread ---- */

/* Returns in how many ms there may be something to do. */
static int64_t
turn(struct outbox *outbox)
{
    bool is_virtual = lane_clock(outbox->options.lane)->is_virtual;
    int64_t soonest = outbox_teams_turn(outbox);

    outbox_marks_take(outbox);
    for (struct outbox_team *team = outbox->teams; team != NULL; team = team->next)
        for (struct outbox_endpoint *e = team->endpoints; e != NULL; e = e->next) {
            bool by_clock = false;
            int64_t in = outbox_endpoint_turn(e, &by_clock);

            if (by_clock && is_virtual && in > CLOCK_MS)
                in = CLOCK_MS;
            if (in >= 0 && in < soonest)
                soonest = in;
        }
    return soonest;
}

int64_t
outbox_turn(struct outbox *outbox)
{
    int64_t in = turn(outbox);

    outbox_http_turn(outbox->http, 0);
    return in;
}

static void
run(void *arg)
{
    struct outbox *outbox = arg;

    while (!atomic_load(&outbox->stopping))
        outbox_http_turn(outbox->http, turn(outbox));
    /* What has arrived is not to be sent again for want of a word to the store. */
    outbox_marks_take(outbox);
    for (struct outbox_team *team = outbox->teams; team != NULL; team = team->next)
        for (struct outbox_endpoint *e = team->endpoints; e != NULL; e = e->next)
            outbox_mark_turn(e);
}

enum sgn_status
outbox_start(struct outbox *outbox, struct sgn_error *err)
{
    outbox->thread = sgn_thread_start("outbox", run, outbox);
    return outbox->thread != NULL ? SGN_OK : sgn_nomem(err);
}

void
outbox_stop(struct outbox *outbox)
{
    if (outbox == NULL || outbox->thread == NULL)
        return;
    atomic_store(&outbox->stopping, true);
    outbox_http_wake(outbox->http);
    sgn_thread_join(outbox->thread);
    outbox->thread = NULL;
}

/* The set is small: names of teams, taken away at each turn of the thread, which is woken by the
 * first of them only: a commit of a hundred teams tells as many. */
void
outbox_committed(struct outbox *outbox, const char *team)
{
    bool first;

    if (outbox == NULL)
        return;
    pthread_mutex_lock(&outbox->lock);
    first = json_object_size(outbox->told) == 0 && !outbox->told_all;
    if (json_object_set_new(outbox->told, team, json_true()) != 0)
        outbox->told_all = true;
    pthread_mutex_unlock(&outbox->lock);
    if (first)
        outbox_http_wake(outbox->http);
}
