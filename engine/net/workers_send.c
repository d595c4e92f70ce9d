/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a worker process is told: the calls that its team is owed, in one write for all that are
 * there, each version before the first call of it.
 */
#include "clock.h"
#include "memory.h"
#include "workers_internal.h"

#include <stdlib.h>
#include <string.h>

struct write {
    uv_write_t request;
    struct sgn_buf bytes;
};

/* A failed write is no news: the end of the process is heard of by itself. */
static void
on_written(uv_write_t *request, int error)
{
    struct write *write = request->data;

    (void)error;
    sgn_buf_deinit(&write->bytes);
    free(write);
}

bool
workers_process_write(struct workers_process *process, struct sgn_buf *bytes)
{
    struct write *write = sgn_calloc(1, sizeof *write);
    uv_buf_t buf = uv_buf_init(bytes->bytes, (unsigned)bytes->len);

    if (write == NULL || bytes->failed ||
        uv_write(&write->request, (uv_stream_t *)&process->pipe, &buf, 1, on_written) != 0) {
        free(write);
        sgn_buf_deinit(bytes);
        return false;
    }
    write->request.data = write;
    write->bytes = *bytes;
    return true;
}

static bool
is_opened(const struct workers_process *process, uint32_t number)
{
    return number < process->n_opened && process->opened[number];
}

/* The version goes before the first call of it. */
static void
put_open(struct workers_process *process, uint32_t number, struct sgn_buf *out)
{
    const struct workers_version *version = &process->team->versions[number];

    if (number >= process->team->n_versions || version->frame.len == 0) { /* it comes late */
        sgn_memory_failed();
        out->failed = true;
        return;
    }
    if (number >= process->n_opened) {
        uint32_t n = process->team->n_versions;
        bool *opened = sgn_realloc(process->opened, n * sizeof *opened);

        if (opened == NULL) {
            out->failed = true;
            return;
        }
        memset(opened + process->n_opened, 0, (n - process->n_opened) * sizeof *opened);
        process->opened = opened;
        process->n_opened = n;
    }
    sgn_buf_append(out, version->frame.bytes, version->frame.len);
    process->opened[number] = true;
}

/* Frames that lie behind one another in a batch: calls of one turn. */
struct run {
    const char *bytes;
    size_t n;
};

static void
copy_run(struct run *run, struct sgn_buf *out)
{
    sgn_buf_append(out, run->bytes, run->n);
    run->n = 0;
}

/* What the socket takes at once is not copied for it. */
static void
write_now(struct workers_process *process, struct run *run)
{
    uv_buf_t buf = uv_buf_init((char *)run->bytes, (unsigned)run->n);
    int n = run->n < UINT32_MAX ? uv_try_write((uv_stream_t *)&process->pipe, &buf, 1) : 0;

    /* An error is told by the write that follows. */
    run->bytes += n > 0 ? n : 0;
    run->n -= n > 0 ? (size_t)n : 0;
}

void
workers_process_send(struct workers_process *process)
{
    struct workers_team *team = process->team;
    struct workers_call *call = team->first;
    struct run run = { 0 };
    struct sgn_buf out;

    if (process->phase != WORKERS_READY)
        return;
    while (call != NULL && call->sent)
        call = call->next;
    if (call == NULL)
        return;
    if (workers_process_is_idle(process)) {
        process->waited_ms = 0;
        process->ticked = sgn_monotonic_ms();
    }
    sgn_buf_init(&out, SIZE_MAX / 2);
    for (; call != NULL; call = call->next) {
        const char *frame = call->batch->bytes.bytes + call->at;
        bool opens = !call->is_load && !is_opened(process, call->version);

        if (run.n > 0 && (opens || run.bytes + run.n != frame))
            copy_run(&run, &out);
        if (opens)
            put_open(process, call->version, &out);
        if (run.n == 0)
            run.bytes = frame;
        run.n += call->size;
        call->sent = true;
    }
    if (out.len == 0 && !out.failed)
        write_now(process, &run);
    if (run.n > 0)
        copy_run(&run, &out);
    if ((out.len > 0 || out.failed) && !workers_process_write(process, &out))
        workers_process_lose(process, WORKERS_FAULT, 0, "it cannot be written to");
}
