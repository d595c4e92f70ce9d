/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's side of the rules' processes with hostile_worker.c on the other: asking for deeds,
 * and what was answered.
 */
#ifndef WORKERS_FIXTURE_H
#define WORKERS_FIXTURE_H

#include "clock.h"
#include "json.h"
#include "thread.h"
#include "workers.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define CALLS_MAX 512
#define WAIT_MS   60000
#define SHORT_MS  200 /* of a call that does not end; of one that sleeps ten times as long */

struct got {
    int times;
    enum sgn_status status;
    json_t *value;
    char message[1024];
    struct rules_cost cost[2];
};

struct fixture {
    struct workers_options options;
    struct rules *rules;
    struct sgn_queue *woken; /* empty for ever: woken when answers come */
    struct sgn_error err;
    struct got got[CALLS_MAX]; /* by id - 1 */
    int n, answered;
    uint64_t last; /* id that was answered last */
    char mark[64];
};

static inline void
wake(void *ctx)
{
    struct fixture *f = ctx;

    sgn_queue_wake(f->woken);
}

static inline struct fixture *
fixture_new(void)
{
    struct fixture *f = calloc(1, sizeof *f);

    workers_options_default(&f->options);
    f->options.program = HOSTILE_WORKER;
    f->options.patience = 1;
    f->options.call_ms = 20000;
    f->options.load_ms = 20000;
    f->woken = sgn_queue_new();
    snprintf(f->mark, sizeof f->mark, "/tmp/sgn-hostile-%d", (int)getpid());
    unlink(f->mark);
    return f;
}

static inline void
fixture_start(struct fixture *f)
{
    assert_int_equal(workers_new(&f->options, &f->rules, &f->err), SGN_OK);
    f->rules->ops->listen(f->rules, wake, f);
}

static inline void
fixture_free(struct fixture *f)
{
    f->rules->ops->free(f->rules);
    for (int i = 0; i < f->n; i++)
        json_decref(f->got[i].value);
    sgn_queue_free(f->woken);
    sgn_error_clear(&f->err);
    unlink(f->mark);
    free(f);
}

static inline void
on_answer(void *ctx, uint64_t id, enum sgn_status status, const json_t *value,
          const struct sgn_error *err, const struct rules_cost cost[2])
{
    struct fixture *f = ctx;
    struct got *got = &f->got[id - 1];

    assert_true(id >= 1 && id <= (uint64_t)f->n);
    got->times++;
    got->status = status;
    memcpy(got->cost, cost, sizeof got->cost);
    got->value = json_incref((json_t *)value);
    if (err != NULL)
        snprintf(got->message, sizeof got->message, "%s", err->message);
    f->answered++;
    f->last = id;
}

/* Until all that was asked is answered. */
static inline void
settle(struct fixture *f)
{
    int64_t give_up = sgn_monotonic_ms() + WAIT_MS;

    while (f->answered < f->n) {
        if (f->rules->ops->deliver(f->rules, on_answer, f) > 0)
            continue;
        assert_true(sgn_monotonic_ms() < give_up);
        (void)sgn_queue_take_all(f->woken, WAIT_MS);
    }
    assert_int_equal(f->rules->ops->pending(f->rules), 0);
    for (int i = 0; i < f->n; i++)
        assert_int_equal(f->got[i].times, 1);
}

static inline json_t *
a_version(void)
{
    return json_pack("{s:{s:{s:{s:i}}}, s:s}", "model", "functions", "2", "line", 12, "file",
                     "workflows/visit.lua");
}

static inline void
put_input(struct sgn_buf *out, json_t *input_take)
{
    sgn_buf_init(out, RULES_INPUT_MAX);
    assert_int_equal(rules_put_json(out, input_take, NULL), SGN_OK);
    json_decref(input_take);
}

/* A turn: all these deeds of one team in one submit. Returns the first's place in got. */
static inline int
ask(struct fixture *f, const char *team, const char *const *deeds)
{
    struct rules_call calls[CALLS_MAX];
    int first = f->n, n = 0;

    if (!f->rules->ops->is_open(f->rules, team, "d"))
        assert_int_equal(f->rules->ops->open(f->rules, team, "d", a_version(), &f->err), SGN_OK);
    for (; deeds[n] != NULL; n++) {
        /* Deeds that are done in answer to two functions at once say so in their names. */
        int then = strncmp(deeds[n], "then", 4) == 0 ? 3 : 0;

        calls[n] = (struct rules_call){ (uint64_t)++f->n, team, "d", 2, RULES_GUARD, .then = then };
        put_input(&calls[n].input, json_pack("{s:s, s:s}", "do", deeds[n], "mark", f->mark));
        if (then != 0)
            put_input(&calls[n].then_input, json_null());
    }
    assert_int_equal(f->rules->ops->submit(f->rules, calls, n, &f->err), SGN_OK);
    return first;
}

static inline void
load(struct fixture *f, const char *team)
{
    assert_int_equal(
        f->rules->ops->load(f->rules, (uint64_t)++f->n, json_pack("{s:s}", "team", team), &f->err),
        SGN_OK);
}

#define DEEDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static inline int64_t
state_of(struct fixture *f, const char *name)
{
    json_t *state = f->rules->ops->state(f->rules);
    int64_t value = sgn_json_int(state, name, -1);

    json_decref(state);
    return value;
}

static inline void
assert_cut_off(struct fixture *f, const char *team, bool expected)
{
    json_t *state = f->rules->ops->state(f->rules);

    assert_int_equal(json_object_get(json_object_get(state, "cut_off"), team) != NULL, expected);
    json_decref(state);
}

#endif
