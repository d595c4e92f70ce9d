/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The worker's loop: reads messages, loads and calls, writes answers.
 *
 * Answers are gathered while there is something to do and written before it waits, so that a
 * batch of calls is one write. The server learns from the progress page which call is under way.
 *
 * The server is believed: it is the other way round that nobody is.
 */
#include "worker.h"

#include "confine.h"
#include "dsl_internal.h"
#include "json.h"
#include "rules_frame.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define VERSIONS_MAX (1u << 20)
#define READ_BYTES   ((size_t)64 << 10)
#define WRITE_BYTES  ((size_t)64 << 10) /* answers that are gathered at most */
/* States of versions that are not called now may hold so many times what one may. */
#define STATES_HELD 2
/* Of processor time, in seconds. The server ends one that has been busy for half of it. */
#define CPU_SECONDS 3600
/* Addresses beyond those of the states: the program, its libraries, values under way. */
#define ADDRESS_BYTES ((size_t)512 << 20)

struct version {
    struct dsl_version version; /* its json is NULL: no version has this number */
    uint64_t used;              /* the call that used it last */
};

struct worker {
    int socket;
    int may_confine;
    struct rules_progress *progress;
    struct dsl_limits limits;
    bool started;
    struct version *versions; /* by the server's number */
    uint32_t n_versions;
    uint64_t calls;
    struct sgn_buf in, out;
};

/* ---- the socket ---- */

static bool
write_out(struct worker *worker)
{
    size_t done = 0;

    while (done < worker->out.len) {
        ssize_t n = write(worker->socket, worker->out.bytes + done, worker->out.len - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    sgn_buf_reset(&worker->out);
    return true;
}

/* Waits for bytes. False: there will be none. */
static bool
read_in(struct worker *worker)
{
    char bytes[READ_BYTES];
    ssize_t n;

    do
        n = read(worker->socket, bytes, sizeof bytes);
    while (n < 0 && errno == EINTR);
    return n > 0 && sgn_buf_append(&worker->in, bytes, (size_t)n) == SGN_OK;
}

/* ---- answers ---- */

/* Statuses that the server takes from here are few: the rest are faults that it can do nothing
 * about. */
static void
answer_error(struct worker *worker, uint64_t id, enum sgn_status st, const struct sgn_error *err)
{
    struct rules_frame head = { .kind = RULES_FRAME_ANSWER, .id = id };

    head.detail = (uint8_t)(st == SGN_RULE_OVERRUN ? SGN_RULE_OVERRUN : SGN_RULE_ERROR);
    rules_frame_put(&worker->out, head, err->message, strlen(err->message));
}

/* What was written as an answer from place on is taken back where it does not fit: half a frame
 * would be the end of us. */
static void
finish_answer(struct worker *worker, size_t place, uint64_t id, enum sgn_status st, size_t max,
              struct sgn_error *err)
{
    if (st == SGN_OK) {
        rules_frame_close(&worker->out, place);
        if (!worker->out.failed && worker->out.len - place <= max + sizeof(struct rules_frame))
            return;
        st = sgn_fail(err, SGN_RULE_OVERRUN, "an answer of more than %zu bytes", max);
    }
    sgn_buf_cut(&worker->out, place);
    answer_error(worker, id, st, err);
}

/* ---- versions ---- */

static struct version *
version_at(struct worker *worker, uint32_t number)
{
    if (number >= worker->n_versions || worker->versions[number].version.json == NULL)
        return NULL;
    return &worker->versions[number];
}

/* States that nobody has called for longest go when all together hold too much: they are made
 * anew when they are called. */
static void
make_room(struct worker *worker, const struct version *keep)
{
    size_t most = STATES_HELD * worker->limits.memory_bytes;

    for (;;) {
        struct version *oldest = NULL;
        size_t held = 0;

        for (uint32_t i = 0; i < worker->n_versions; i++) {
            struct version *version = &worker->versions[i];

            if (version->version.state == NULL)
                continue;
            held += version->version.state->arena.mapped;
            if (version != keep && (oldest == NULL || version->used < oldest->used))
                oldest = version;
        }
        if (held <= most || oldest == NULL)
            return;
        dsl_state_free(oldest->version.state);
        oldest->version.state = NULL;
    }
}

/* ---- messages ---- */

static enum sgn_status
confine(const struct worker *worker, int64_t parent, struct sgn_error *err)
{
    const struct dsl_confine wanted = {
        .address_bytes = (STATES_HELD + 2) * worker->limits.memory_bytes + ADDRESS_BYTES,
        .cpu_seconds = CPU_SECONDS,
        .keep = worker->socket + 1,
        .parent = (int)parent,
    };

    return dsl_confine(&wanted, err);
}

/* Whether an unconfined worker may go on is the server's to say, not ours. */
/* The body as JSON, which all but calls are; NULL: it is none. */
static json_t *
json_of(const struct rules_frame *head, const char *bytes)
{
    json_t *body = NULL;

    return sgn_json_parse(bytes, head->size, &body, NULL) == SGN_OK ? body : NULL;
}

static bool
on_start(struct worker *worker, const json_t *body)
{
    struct rules_frame head = { .kind = RULES_FRAME_HELLO };
    struct sgn_error err = { 0 };
    struct dsl_limits *limits = &worker->limits;

    if (worker->started)
        return false;
    worker->started = true;
    dsl_limits_default(limits);
    limits->memory_bytes = (size_t)sgn_json_int(body, "memory", (int64_t)limits->memory_bytes);
    limits->instructions = sgn_json_int(body, "instructions", limits->instructions);
    if (worker->may_confine && confine(worker, sgn_json_int(body, "parent", 0), &err) == SGN_OK)
        head.detail = 1;
    rules_frame_put(&worker->out, head, err.message, strlen(err.message));
    sgn_error_clear(&err);
    return true;
}

static bool
on_open(struct worker *worker, const struct rules_frame *head, const json_t *body)
{
    struct version *versions;

    if (head->version >= VERSIONS_MAX || version_at(worker, head->version) != NULL)
        return false;
    if (head->version >= worker->n_versions) {
        uint32_t n = head->version + 16;

        versions = realloc(worker->versions, n * sizeof *versions);
        if (versions == NULL)
            return false;
        memset(versions + worker->n_versions, 0, (n - worker->n_versions) * sizeof *versions);
        worker->versions = versions;
        worker->n_versions = n;
    }
    worker->versions[head->version].version.json = json_incref((json_t *)body);
    return true;
}

static bool
on_load(struct worker *worker, const struct rules_frame *head, const json_t *body)
{
    struct rules_frame answer = { .kind = RULES_FRAME_ANSWER, .id = head->id, .detail = SGN_OK };
    size_t place = rules_frame_open(&worker->out, answer);
    struct sgn_error err = { 0 };
    json_t *value = NULL;
    enum sgn_status st = dsl_load(&worker->limits, body, &value, &err);

    if (st == SGN_OK && sgn_json_append(&worker->out, value) != SGN_OK)
        worker->out.failed = true;
    finish_answer(worker, place, head->id, st, RULES_FRAME_MAX, &err);
    json_decref(value);
    sgn_error_clear(&err);
    return true;
}

/* The call as the frame says it. False: the body is not what it must be. */
static bool
question_of(const struct rules_frame *head, const char *body, struct dsl_question *out)
{
    struct rules_value inputs;
    const char *end = body + head->size;

    *out = (struct dsl_question){ .function = head->function,
                                  .purpose = (enum rules_purpose)head->detail,
                                  .input = body,
                                  .then = head->then };
    if (head->detail > RULES_HOOK || rules_value_check(body, head->size, NULL) != SGN_OK)
        return false;
    if (head->then == 0)
        return true;
    rules_value_read(body, &inputs);
    if (head->detail != RULES_GUARD || inputs.kind != RULES_VALUE_LIST || inputs.n == 0)
        return false;
    out->input = inputs.bytes;
    out->then_input = rules_value_read(out->input, &inputs);
    return out->then_input < end && rules_value_read(out->then_input, &inputs) == end;
}

static bool
on_call(struct worker *worker, const struct rules_frame *head, const char *body)
{
    struct version *version = version_at(worker, head->version);
    struct rules_frame answer = { .kind = RULES_FRAME_ANSWER, .id = head->id, .detail = SGN_OK };
    struct dsl_question question;
    struct sgn_error err = { 0 };
    enum sgn_status st;
    size_t place;
    bool opened;

    if (version == NULL || !question_of(head, body, &question))
        return false;
    opened = version->version.state != NULL;
    version->used = ++worker->calls;
    place = rules_frame_open(&worker->out, answer);
    st = dsl_version_answer(&worker->limits, &version->version, &question, &worker->out, &err);
    finish_answer(worker, place, head->id, st, RULES_ANSWER_MAX, &err);
    rules_frame_cost(&worker->out, place, version->version.cost);
    sgn_error_clear(&err);
    if (!opened)
        make_room(worker, version);
    return true;
}

/* What has JSON for its body. */
static bool
on_other(struct worker *worker, const struct rules_frame *head, const json_t *body)
{
    if (head->kind == RULES_FRAME_START)
        return on_start(worker, body);
    if (!worker->started)
        return false;
    if (head->kind == RULES_FRAME_LOAD)
        return on_load(worker, head, body);
    return head->kind == RULES_FRAME_OPEN && on_open(worker, head, body);
}

/* False: not a message that the server sends now; the end. */
static bool
on_message(struct worker *worker, const struct rules_frame *head, const char *bytes)
{
    json_t *body;
    bool good;

    if (worker->progress != NULL)
        atomic_store_explicit(&worker->progress->id, head->id, memory_order_release);
    if (head->kind == RULES_FRAME_CALL)
        return worker->started && on_call(worker, head, bytes);
    body = json_of(head, bytes);
    good = body != NULL && on_other(worker, head, body);
    json_decref(body);
    return good;
}

/* All whole messages that are there. */
static bool
work(struct worker *worker)
{
    size_t at = 0;
    bool good = true;

    while (good) {
        struct rules_frame head;
        const char *body;
        enum sgn_status st =
            rules_frame_get(worker->in.bytes + at, worker->in.len - at, &head, &body, NULL);

        if (st == SGN_NEEDS)
            break;
        good = st == SGN_OK && on_message(worker, &head, body);
        at += sizeof head + head.size;
        if (good && worker->out.len >= WRITE_BYTES)
            good = write_out(worker);
    }
    if (good)
        sgn_buf_consume(&worker->in, at);
    return good;
}

int
dsl_worker_serve(int socket, struct rules_progress *progress, int may_confine)
{
    struct worker worker = { .socket = socket, .may_confine = may_confine, .progress = progress };
    bool good = true;

    sgn_buf_init(&worker.in, 2 * (size_t)RULES_FRAME_MAX);
    sgn_buf_init(&worker.out, 2 * (size_t)RULES_FRAME_MAX);
    while (good && read_in(&worker)) {
        good = work(&worker) && !worker.out.failed && write_out(&worker);
    }
    for (uint32_t i = 0; i < worker.n_versions; i++)
        dsl_version_deinit(&worker.versions[i].version);
    free(worker.versions);
    sgn_buf_deinit(&worker.in);
    sgn_buf_deinit(&worker.out);
    return good ? 0 : 1;
}

/* Keys of JSON objects are hashed with a seed that is read from a file: before there are none. */
int
dsl_worker_main(void)
{
    void *page = mmap(NULL, sizeof(struct rules_progress), PROT_READ | PROT_WRITE, MAP_SHARED,
                      DSL_WORKER_PROGRESS, 0);
    int status;

    if (page == MAP_FAILED)
        return 1;
    json_object_seed(0);
    /* The keyboard's and the service manager's signals are the server's to hear; when it ends it
     * closes the socket. */
    for (const int *number = (const int[]){ SIGINT, SIGTERM, SIGHUP, SIGPIPE, 0 }; *number != 0;
         number++)
        (void)signal(*number, SIG_IGN);
    status = dsl_worker_serve(DSL_WORKER_SOCKET, page, 1);
    /* Without what exit() would do: a leak check starts a process, which is refused here. */
    _exit(status);
}
