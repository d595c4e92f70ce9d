/* SPDX-License-Identifier: Apache-2.0 */
/* How a worker process comes to be: what it is given, and nothing else. */
#include "clock.h"
#include "workers_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A page of memory in a file that has no name and cannot be made shorter: a shorter one would
 * end the server when it looks. */
static int
progress_new(struct workers_process *process)
{
    int fd = memfd_create("signoff-progress", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    void *page = MAP_FAILED;

    if (fd >= 0 && ftruncate(fd, sizeof *process->progress) == 0 &&
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
        page = mmap(NULL, sizeof *process->progress, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (page == MAP_FAILED) {
        int error = -errno;

        if (fd >= 0)
            close(fd);
        return error;
    }
    process->progress = page;
    return fd;
}

/* No environment but what a sanitizer reads: nothing of the server's is a script's business. */
static int
spawn(struct workers_process *process, int progress)
{
    const struct workers_options *options = &process->workers->options;
    char *arguments[] = { (char *)"signoff", (char *)WORKERS_COMMAND, process->team->name, NULL };
    char *environment[] = { NULL, NULL }, sanitizer[512];
    uv_stdio_container_t stdio[] = {
        { .flags = UV_IGNORE },
        { .flags = UV_IGNORE },
        { .flags = WORKERS_SANITIZED ? UV_INHERIT_FD : UV_IGNORE, .data.fd = 2 },
        { .flags = UV_CREATE_PIPE | UV_READABLE_PIPE | UV_WRITABLE_PIPE,
          .data.stream = (uv_stream_t *)&process->pipe },
        { .flags = UV_INHERIT_FD, .data.fd = progress },
    };
    uv_process_options_t spawned = {
        .exit_cb = workers_process_exited,
        .file = options->program,
        .args = arguments,
        .env = environment,
        .stdio_count = sizeof stdio / sizeof stdio[0],
        .stdio = stdio,
    };

    if (WORKERS_SANITIZED && getenv("ASAN_OPTIONS") != NULL) {
        snprintf(sanitizer, sizeof sanitizer, "ASAN_OPTIONS=%s", getenv("ASAN_OPTIONS"));
        environment[0] = sanitizer;
    }
    return uv_spawn(&process->workers->loop, &process->process, &spawned);
}

static bool
say_start(struct workers_process *process)
{
    const struct workers_options *options = &process->workers->options;
    json_t *body = json_pack("{s:I}", "parent", (json_int_t)getpid());
    struct rules_frame head = { .kind = RULES_FRAME_START };
    struct sgn_buf out;

    if (body != NULL && options->memory_bytes > 0)
        json_object_set_new(body, "memory", json_integer(options->memory_bytes));
    if (body != NULL && options->instructions > 0)
        json_object_set_new(body, "instructions", json_integer(options->instructions));
    sgn_buf_init(&out, 4096);
    rules_frame_put_json(&out, head, body);
    json_decref(body);
    return workers_process_write(process, &out);
}

enum sgn_status
workers_process_start(struct workers_team *team, struct sgn_error *err)
{
    struct workers *workers = team->workers;
    struct workers_process *process = calloc(1, sizeof *process);
    int progress, error;

    if (process == NULL)
        return sgn_fail(err, SGN_OVERLOADED, "no process for the rules: out of memory");
    process->workers = workers;
    process->team = team;
    sgn_buf_init(&process->in, RULES_FRAME_MAX + 2 * WORKERS_READ_BYTES);
    process->next = workers->processes;
    workers->processes = process;
    (void)uv_pipe_init(&workers->loop, &process->pipe, 0);
    process->pipe.data = process->process.data = process;
    process->handles = 1;
    process->ticked = process->idle_since = sgn_monotonic_ms();
    error = progress = progress_new(process);
    if (progress >= 0) {
        error = spawn(process, progress);
        process->has_process = true; /* its handle is there, also when nothing was started */
        process->exited = error != 0;
        process->handles = 2;
        close(progress);
    }
    if (error == 0) {
        workers->n_processes++;
        workers->n_started++;
        workers_report(workers);
        team->process = process;
        error = uv_read_start((uv_stream_t *)&process->pipe, workers_process_room,
                              workers_process_heard);
        if (error == 0 && say_start(process))
            return SGN_OK;
        team->process = NULL;
    }
    workers_process_kill(process);
    return sgn_fail(err, SGN_OVERLOADED, "no process for the rules can be started now: %s",
                    uv_strerror(error != 0 ? error : UV_ENOMEM));
}
