/* SPDX-License-Identifier: Apache-2.0 */
/* The process that runs a team's scripts, without a process: its loop at the end of a socket. */
#include "dsl_support.h"

#include "rules_frame.h"
#include "worker.h"
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

struct fixture {
    int socket, far;
    pthread_t thread;
    int ended; /* what dsl_worker_serve returned */
    struct rules_progress progress;
    struct sgn_buf out, in;
    size_t at;             /* of in, read by the test already */
    uint32_t then_version; /* which call_then calls */
};

static void *
serve(void *arg)
{
    struct fixture *f = arg;

    f->ended = dsl_worker_serve(f->far, &f->progress, 0);
    close(f->far);
    return NULL;
}

static void
fixture_start(struct fixture *f)
{
    int pair[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    *f = (struct fixture){ .socket = pair[0], .far = pair[1] };
    sgn_buf_init(&f->in, 4 * (size_t)RULES_FRAME_MAX);
    sgn_buf_init(&f->out, 4 * (size_t)RULES_FRAME_MAX);
    assert_int_equal(pthread_create(&f->thread, NULL, serve, f), 0);
}

/* Closes our end; what the worker said last. */
static int
fixture_end(struct fixture *f)
{
    shutdown(f->socket, SHUT_WR);
    pthread_join(f->thread, NULL);
    close(f->socket);
    sgn_buf_deinit(&f->in);
    sgn_buf_deinit(&f->out);
    return f->ended;
}

static void
put(struct fixture *f, struct rules_frame head, json_t *body_take)
{
    rules_frame_put_json(&f->out, head, body_take);
    assert_false(f->out.failed);
    json_decref(body_take);
}

static void
start(struct fixture *f, const char *limits)
{
    put(f, (struct rules_frame){ .kind = RULES_FRAME_START }, json_loads(limits, 0, NULL));
}

static void
call_with(struct fixture *f, struct rules_frame head, json_t *body_take)
{
    size_t place = rules_frame_open(&f->out, head);

    assert_int_equal(rules_put_json(&f->out, body_take, NULL), SGN_OK);
    rules_frame_close(&f->out, place);
    json_decref(body_take);
}

static void
call(struct fixture *f, uint64_t id, uint32_t version, int function, enum rules_purpose purpose)
{
    struct rules_frame head = { .kind = RULES_FRAME_CALL,
                                .id = id,
                                .version = version,
                                .function = function,
                                .detail = (uint8_t)purpose };

    call_with(f, head, example_input());
}

/* A guard with a function behind it. */
static void
call_then(struct fixture *f, uint64_t id, int guard, int then)
{
    struct rules_frame head = { .kind = RULES_FRAME_CALL,
                                .id = id,
                                .version = f->then_version,
                                .function = guard,
                                .then = (uint16_t)then,
                                .detail = RULES_GUARD };

    call_with(f, head, json_pack("[o, o]", example_input(), example_input()));
}

static void
send_all(struct fixture *f)
{
    assert_int_equal(send(f->socket, f->out.bytes, f->out.len, MSG_NOSIGNAL), (ssize_t)f->out.len);
    sgn_buf_reset(&f->out);
}

/* The next frame; its body as text in the buffer of the caller. False: the worker is gone. */
static bool
next(struct fixture *f, struct rules_frame *head, char *text, size_t max)
{
    const char *body;

    while (rules_frame_get(f->in.bytes + f->at, f->in.len - f->at, head, &body, NULL) != SGN_OK) {
        char bytes[4096];
        ssize_t n = read(f->socket, bytes, sizeof bytes);

        if (n <= 0)
            return false;
        sgn_buf_append(&f->in, bytes, (size_t)n);
    }
    /* values as JSON, the rest as it is */
    if (head->kind == RULES_FRAME_ANSWER && head->detail == SGN_OK && body[0] != '{') {
        json_t *value = NULL;
        char *dumped;

        assert_int_equal(rules_value_parse(body, head->size, &value, NULL), SGN_OK);
        dumped = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        snprintf(text, max, "%s", dumped);
        free(dumped);
        json_decref(value);
    } else {
        snprintf(text, max, "%.*s", (int)head->size, body);
    }
    f->at += sizeof *head + head->size;
    return true;
}

static void
expect(struct fixture *f, uint64_t id, enum sgn_status status, const char *begins)
{
    struct rules_frame head;
    char text[2048];

    assert_true(next(f, &head, text, sizeof text));
    assert_int_equal(head.kind, RULES_FRAME_ANSWER);
    assert_int_equal(head.id, id);
    if (head.detail != status || strncmp(text, begins, strlen(begins)) != 0)
        fail_msg("%llu: %d %s", (unsigned long long)id, head.detail, text);
}

static void
expect_hello(struct fixture *f)
{
    struct rules_frame head;
    char text[2048];

    assert_true(next(f, &head, text, sizeof text));
    assert_int_equal(head.kind, RULES_FRAME_HELLO);
    assert_int_equal(head.detail, 0); /* a thread of a test is not confined */
}

static json_t *
a_version(const char *when, const char *run)
{
    char *text = workflow_text("", when, run);
    json_t *version = version_of("t", text);

    free(text);
    return version;
}

static void
test_worker_loads_opens_and_calls_in_order(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f);
    start(&f, "{}");
    put(&f, (struct rules_frame){ .kind = RULES_FRAME_LOAD, .id = 1 },
        json_pack("{s:s, s:{s:s}}", "team", "t", "files", "team.lua",
                  "return team \"t\" { use \"none\" }"));
    put(&f, (struct rules_frame){ .kind = RULES_FRAME_OPEN, .version = 4 },
        a_version("function(c) return c.fields.a == 7 end", "function(c) c:emit 'y' end"));
    call(&f, 2, 4, 1, RULES_GUARD);
    call(&f, 3, 4, 2, RULES_RUN);
    call(&f, 4, 4, 99, RULES_RUN);
    send_all(&f);
    expect_hello(&f);
    expect(&f, 1, SGN_OK, "{\"team\":");
    expect(&f, 2, SGN_OK, "true");
    expect(&f, 3, SGN_OK, "[{\"emit\":\"y\"}]");
    expect(&f, 4, SGN_RULE_ERROR, "workflows/t.lua:");
    assert_int_equal(atomic_load(&f.progress.id), 4);
    assert_int_equal(fixture_end(&f), 0);
}

static void
test_worker_calls_the_function_behind_a_guard_that_is_true(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f);
    start(&f, "{\"instructions\": 100000}");
    put(&f, (struct rules_frame){ .kind = RULES_FRAME_OPEN },
        a_version("function(c) return c.fields.a == 7 end", "function(c) c:emit 'y' end"));
    call_then(&f, 1, 1, 2);
    call_then(&f, 2, 1, 99);
    call_then(&f, 3, 99, 2);
    send_all(&f);
    expect_hello(&f);
    expect(&f, 1, SGN_OK, "[true,{\"value\":[{\"emit\":\"y\"}]}]");
    expect(&f, 2, SGN_OK,
           "[true,{\"error\":{\"code\":\"rule_error\",\"message\":\"workflows/t.lua:");
    expect(&f, 3, SGN_RULE_ERROR, "workflows/t.lua:");
    assert_int_equal(fixture_end(&f), 0);
}

static void
test_worker_calls_nothing_behind_a_guard_that_refuses(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f);
    start(&f, "{\"instructions\": 100000}");
    put(&f, (struct rules_frame){ .kind = RULES_FRAME_OPEN },
        a_version("function(c) return false, 'no' end", "function(c) while true do end end"));
    put(&f, (struct rules_frame){ .kind = RULES_FRAME_OPEN, .version = 1 },
        a_version("function(c) return true end", "function(c) while true do end end"));
    call_then(&f, 1, 1, 2);
    f.then_version = 1;
    call_then(&f, 2, 1, 2);
    call_then(&f, 3, 1, 2);
    send_all(&f);
    expect_hello(&f);
    expect(&f, 1, SGN_OK, "[[false,\"no\"],null]");
    for (uint64_t id = 2; id <= 3; id++)
        expect(
            &f, id, SGN_OK,
            "[true,{\"error\":{\"code\":\"rule_overrun\",\"message\":\"workflows/t.lua:4: stopped");
    assert_int_equal(fixture_end(&f), 0);
}

/* 30,000 rounds of an addition are at least two instructions each, and few more. */
static void
expect_cost(const struct rules_cost *cost, bool looped)
{
    assert_true(looped ? cost->steps >= 60000 && cost->steps <= 150000 : cost->steps < 2000);
    assert_true(cost->ns > 0 && cost->ns < INT64_C(60000000000));
}

static void
test_worker_says_what_each_function_took(void **state)
{
    static const char loop[] = "function(c) local x = 0 for i = 1, 30000 do x = x + i end %s end";
    struct rules_frame head;
    char guard[200], run[200], text[2048];
    struct fixture f;

    (void)state;
    snprintf(guard, sizeof guard, loop, "return true");
    snprintf(run, sizeof run, loop, "c:emit 'y'");
    fixture_start(&f);
    start(&f, "{}");
    put(&f, (struct rules_frame){ .kind = RULES_FRAME_OPEN },
        a_version("function(c) return true end", run));
    put(&f, (struct rules_frame){ .kind = RULES_FRAME_OPEN, .version = 1 },
        a_version(guard, "function(c) c:emit 'y' end"));
    put(&f, (struct rules_frame){ .kind = RULES_FRAME_OPEN, .version = 2 },
        a_version("function(c) return false, 'no' end", run));
    for (int i = 0; i < 3; i++) {
        f.then_version = (uint32_t)i;
        call_then(&f, (uint64_t)i + 1, 1, 2);
    }
    send_all(&f);
    expect_hello(&f);
    for (int i = 0; i < 3; i++) {
        assert_true(next(&f, &head, text, sizeof text));
        assert_int_equal(head.detail, SGN_OK);
        expect_cost(&head.cost[0], i == 1);
        if (i < 2)
            expect_cost(&head.cost[1], i == 0);
    }
    assert_int_equal(head.cost[1].steps, 0); /* it was not called */
    assert_int_equal(head.cost[1].ns, 0);
    assert_int_equal(fixture_end(&f), 0);
}

/* The budgets are those of START; what follows an overrun is not touched by it. */
static void
test_worker_overrun_is_one_calls_own(void **state)
{
    struct fixture f;

    (void)state;
    fixture_start(&f);
    start(&f, "{\"instructions\": 100000}");
    put(&f, (struct rules_frame){ .kind = RULES_FRAME_OPEN },
        a_version("function(c) while c.fields.a == 7 do end end", "function(c) c:emit 'y' end"));
    call(&f, 1, 0, 2, RULES_RUN);
    call(&f, 2, 0, 1, RULES_GUARD);
    call(&f, 3, 0, 2, RULES_RUN);
    send_all(&f);
    expect_hello(&f);
    expect(&f, 1, SGN_OK, "[{\"emit\":\"y\"}]");
    expect(&f, 2, SGN_RULE_OVERRUN, "workflows/t.lua:4: stopped: more than 100000 instructions");
    expect(&f, 3, SGN_OK, "[{\"emit\":\"y\"}]");
    assert_int_equal(fixture_end(&f), 0);
}

/* Loaded text stays in the state; so many versions must not add up for ever. */
static void
test_worker_puts_states_away_and_makes_them_anew(void **state)
{
    enum {
        VERSIONS = 40
    };
    struct fixture f;

    (void)state;
    fixture_start(&f);
    start(&f, "{\"memory\": 4194304}");
    send_all(&f);
    expect_hello(&f);
    for (uint32_t i = 0; i < VERSIONS; i++) {
        put(&f, (struct rules_frame){ .kind = RULES_FRAME_OPEN, .version = i },
            a_version("function(c) return true end", "function(c) c:emit 'y' end"));
        call(&f, 1 + i, i, 1, RULES_GUARD);
        send_all(&f);
        expect(&f, 1 + i, SGN_OK, "true");
    }
    call(&f, 100, 0, 2, RULES_RUN);
    call(&f, 101, VERSIONS - 1, 2, RULES_RUN);
    send_all(&f);
    expect(&f, 100, SGN_OK, "[{\"emit\":\"y\"}]");
    expect(&f, 101, SGN_OK, "[{\"emit\":\"y\"}]");
    assert_int_equal(fixture_end(&f), 0);
}

static void
test_worker_broken_version_fails_its_calls(void **state)
{
    struct fixture f;
    json_t *version = a_version("function(c) return true end", NULL);

    (void)state;
    json_object_set_new(version, "source", json_string("return 7 +"));
    fixture_start(&f);
    start(&f, "{}");
    put(&f, (struct rules_frame){ .kind = RULES_FRAME_OPEN }, version);
    put(&f, (struct rules_frame){ .kind = RULES_FRAME_OPEN, .version = 1 }, json_integer(3));
    call(&f, 1, 0, 1, RULES_GUARD);
    call(&f, 2, 1, 1, RULES_GUARD);
    send_all(&f);
    expect_hello(&f);
    expect(&f, 1, SGN_RULE_ERROR, "workflows/t.lua:1: ");
    expect(&f, 2, SGN_RULE_ERROR, "a version needs");
    assert_int_equal(fixture_end(&f), 0);
}

static void
test_worker_ends_at_what_is_no_message(void **state)
{
    static const struct {
        const char *what;
        struct rules_frame head;
        const char *body;
        bool started;
    } wrong[] = {
        { "call first", { .kind = RULES_FRAME_CALL, .id = 1 }, "{}", false },
        { "unknown version", { .kind = RULES_FRAME_CALL, .id = 1, .version = 9 }, "{}", true },
        { "no purpose", { .kind = RULES_FRAME_CALL, .id = 1, .detail = 9 }, "n", true },
        { "no value", { .kind = RULES_FRAME_CALL, .id = 1 }, "{}", true },
        { "then of one", { .kind = RULES_FRAME_CALL, .id = 1, .then = 2 }, "n", true },
        { "then of a run",
          { .kind = RULES_FRAME_CALL, .id = 1, .then = 2, .detail = RULES_RUN },
          "n",
          true },
        { "start again", { .kind = RULES_FRAME_START }, "{}", true },
        { "version too high", { .kind = RULES_FRAME_OPEN, .version = 1u << 30 }, "{}", true },
        { "its own word", { .kind = RULES_FRAME_ANSWER, .id = 1 }, "{}", true },
        { "no JSON", { .kind = RULES_FRAME_LOAD, .id = 1 }, "{", true },
        { "no kind", { .kind = 77 }, "{}", true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct rules_frame head = wrong[i].head;
        struct fixture f;
        char text[64];

        fixture_start(&f);
        if (wrong[i].started)
            start(&f, "{}");
        head.size = (uint32_t)strlen(wrong[i].body);
        sgn_buf_append(&f.out, &head, sizeof head);
        sgn_buf_puts(&f.out, wrong[i].body);
        send_all(&f);
        while (next(&f, &head, text, sizeof text))
            assert_int_equal(head.kind, RULES_FRAME_HELLO);
        if (fixture_end(&f) != 1)
            fail_msg("%s: it went on", wrong[i].what);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worker_loads_opens_and_calls_in_order),
        cmocka_unit_test(test_worker_calls_the_function_behind_a_guard_that_is_true),
        cmocka_unit_test(test_worker_calls_nothing_behind_a_guard_that_refuses),
        cmocka_unit_test(test_worker_says_what_each_function_took),
        cmocka_unit_test(test_worker_overrun_is_one_calls_own),
        cmocka_unit_test(test_worker_puts_states_away_and_makes_them_anew),
        cmocka_unit_test(test_worker_broken_version_fails_its_calls),
        cmocka_unit_test(test_worker_ends_at_what_is_no_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
