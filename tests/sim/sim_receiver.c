/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The receivers of deliveries, in place of outbox/http.c: the same contract
 * (one request at a time of an endpoint, ended only by a turn), without a
 * socket. The linker puts it there.
 *
 * A receiver keeps a note of which entries it has had, and judges the order
 * they come in.
 */
#include "http.h"
#include "sim_judge.h"
#include "sim_world.h"
#include <stdlib.h>
#include <string.h>

#define ATTEMPT_MS 15000
#define SLOW_MS    3000
#define UNDER_WAY  16

struct post {
    struct outbox_request request; /* first */
    int receiver;
    int64_t seq;
    int64_t since, until; /* it ends then */
    int status;
    bool over; /* its sender has been told */
};

struct outbox_http {
    struct outbox_http_options options;
    struct post *posts[UNDER_WAY];
    int n;
};

const char *
sim_mode_name(enum sim_mode mode)
{
    static const char *const names[SIM_MODES] = { "takes", "fails", "loses", "stalls", "slow" };

    return names[mode];
}

enum sgn_status __wrap_outbox_http_new(const struct outbox_http_options *options,
                                       struct outbox_http **out, struct sgn_error *err);
enum sgn_status
__wrap_outbox_http_new(const struct outbox_http_options *options, struct outbox_http **out,
                       struct sgn_error *err)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL)
        return sgn_nomem(err);
    (*out)->options = *options;
    return SGN_OK;
}

void __wrap_outbox_http_free(struct outbox_http *http);
void
__wrap_outbox_http_free(struct outbox_http *http)
{
    free(http);
}

void __wrap_outbox_http_wake(struct outbox_http *http);
void
__wrap_outbox_http_wake(struct outbox_http *http)
{
    (void)http;
}

void __wrap_outbox_request_free(struct outbox_http *http, struct outbox_request *request);
void
__wrap_outbox_request_free(struct outbox_http *http, struct outbox_request *request)
{
    struct post *post = (struct post *)request;

    for (int i = 0; post != NULL && i < http->n; i++)
        if (http->posts[i] == post)
            http->posts[i--] = http->posts[--http->n];
    free(post);
}

/* "sim-17-0123456789abcdef" */
static int64_t
seq_of(const struct outbox_post *post)
{
    static const char begin[] = "webhook-id: " SIM_TEAM "-";

    for (int i = 0; i < post->n_headers; i++)
        if (strncmp(post->headers[i], begin, sizeof begin - 1) == 0)
            return strtoll(post->headers[i] + sizeof begin - 1, NULL, 10);
    return 0;
}

static void
arrive(struct sim_world *world, struct post *post)
{
    enum sim_mode mode = world->receivers[post->receiver].mode;

    world->posts++;
    post->until = world->now;
    if (mode == SIM_STALLS) {
        post->until = world->now + ATTEMPT_MS;
    } else if (mode == SIM_FAILS) {
        post->status = 503;
    } else {
        post->status = mode == SIM_LOSES ? 0 : 200;
        post->until += mode == SIM_SLOW ? SLOW_MS : 0;
        sim_judge_delivery(world->judge, post->receiver, post->seq);
    }
    sim_trace(world, "delivery of %lld to %d: %s", (long long)post->seq, post->receiver,
              sim_mode_name(mode));
}

enum sgn_status __wrap_outbox_http_send(struct outbox_http *http, struct outbox_post *post_take,
                                        void *ctx, struct outbox_request **out,
                                        struct sgn_error *err);
enum sgn_status
__wrap_outbox_http_send(struct outbox_http *http, struct outbox_post *post_take, void *ctx,
                        struct outbox_request **out, struct sgn_error *err)
{
    struct post *post = http->n < UNDER_WAY ? calloc(1, sizeof *post) : NULL;

    if (post == NULL) {
        outbox_post_deinit(post_take);
        return sgn_nomem(err);
    }
    sim_lie_of_sending(ctx);
    post->request.ctx = ctx;
    post->receiver = strncmp(post_take->url, "https://r1.", 11) == 0;
    post->seq = seq_of(post_take);
    outbox_post_deinit(post_take);
    http->posts[http->n++] = post;
    arrive(sim_here(), post);
    *out = &post->request;
    return SGN_OK;
}

/* What ends in this turn; whoever is told frees it, which changes the list. */
static struct post *
next_over(struct outbox_http *http)
{
    for (int i = 0; i < http->n; i++)
        if (!http->posts[i]->over && http->posts[i]->until <= sim_here()->now)
            return http->posts[i];
    return NULL;
}

void __wrap_outbox_http_turn(struct outbox_http *http, int64_t timeout_ms);
void
__wrap_outbox_http_turn(struct outbox_http *http, int64_t timeout_ms)
{
    struct post *post;

    (void)timeout_ms;
    while ((post = next_over(http)) != NULL) {
        post->over = true;
        post->request.status = post->status;
        if (post->status == 0)
            (void)snprintf(post->request.why, sizeof post->request.why, "no answer");
        http->options.done(http->options.ctx, &post->request);
    }
}
