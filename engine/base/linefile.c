/* SPDX-License-Identifier: Apache-2.0 */
/* Lines on their way to a file: a queue, and the thread behind it. */
#include "linefile.h"
#include "buf.h"
#include "log.h"
#include "thread.h"
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAITING_MAX ((size_t)32 << 20) /* bytes of lines that the disk has not taken */
#define WRITE_MAX   ((size_t)1 << 20)  /* gathered for one write */

struct line {
    struct sgn_node node;
    size_t n;
    char bytes[];
};

struct sgn_linefile {
    char *path;
    int fd;       /* the thread's; -1: it could not be opened again */
    bool failing; /* the thread's: the last write failed, which was told */
    struct sgn_queue *lines;
    struct sgn_thread *thread;
    _Atomic size_t waiting;
    _Atomic long long lost;
    atomic_bool reopen, stopping;
};

static int
file_open(const char *path)
{
    return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* The old file is kept until there is a new one: better in the wrong place than nowhere. */
static void
look_again(struct sgn_linefile *file)
{
    int fd;

    if (!atomic_exchange(&file->reopen, false))
        return;
    fd = file_open(file->path);
    if (fd < 0) {
        sgn_log(SGN_LOG_ERROR, "cannot open a log again", "path", file->path, "why",
                strerror(errno), NULL);
        return;
    }
    (void)close(file->fd);
    file->fd = fd;
}

static void
file_write(struct sgn_linefile *file, struct sgn_buf *text)
{
    size_t done = 0;

    while (done < text->len) {
        ssize_t n = write(file->fd, text->bytes + done, text->len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            break;
        done += (size_t)n;
    }
    if (done < text->len && !file->failing)
        sgn_log(SGN_LOG_ERROR, "cannot write a log", "path", file->path, "why", strerror(errno),
                NULL);
    file->failing = done < text->len;
    for (size_t i = done; i < text->len; i++)
        file->lost += text->bytes[i] == '\n';
    sgn_buf_reset(text);
}

/* What was left out is said where it is missing, as far as that is known. */
static void
say_lost(struct sgn_linefile *file, struct sgn_buf *text)
{
    long long lost = atomic_exchange(&file->lost, 0);

    if (lost > 0)
        sgn_buf_printf(text, "{\"lost\":%lld}\n", lost);
}

static void
write_all(struct sgn_linefile *file, struct sgn_node *node)
{
    struct sgn_buf text;
    struct sgn_node *next;

    sgn_buf_init(&text, 2 * WRITE_MAX);
    say_lost(file, &text);
    for (; node != NULL; node = next) {
        struct line *line = SGN_CONTAINER(node, struct line, node);
        next = node->next;
        if (sgn_buf_append(&text, line->bytes, line->n) != SGN_OK)
            file->lost++;
        file->waiting -= line->n;
        free(line);
        if (text.len >= WRITE_MAX)
            file_write(file, &text);
    }
    file_write(file, &text);
    sgn_buf_deinit(&text);
}

static void
run(void *arg)
{
    struct sgn_linefile *file = arg;
    bool stopping;

    do {
        stopping = atomic_load(&file->stopping); /* before: what was added until then is written */
        struct sgn_node *node = sgn_queue_take_all(file->lines, stopping ? 0 : -1);
        look_again(file);
        write_all(file, node);
    } while (!stopping);
}

enum sgn_status
sgn_linefile_open(const char *path, struct sgn_linefile **out, struct sgn_error *err)
{
    struct sgn_linefile *file = calloc(1, sizeof *file);

    *out = NULL;
    if (file == NULL)
        return sgn_nomem(err);
    file->fd = file_open(path);
    if (file->fd < 0) {
        free(file);
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", path, strerror(errno));
    }
    file->path = strdup(path);
    file->lines = sgn_queue_new();
    if (file->path != NULL && file->lines != NULL)
        file->thread = sgn_thread_start("log", run, file);
    if (file->thread == NULL) {
        sgn_linefile_free(file);
        return sgn_nomem(err);
    }
    *out = file;
    return SGN_OK;
}

void
sgn_linefile_free(struct sgn_linefile *file)
{
    if (file == NULL)
        return;
    atomic_store(&file->stopping, true);
    if (file->thread != NULL) {
        sgn_queue_wake(file->lines);
        sgn_thread_join(file->thread);
    }
    sgn_queue_free(file->lines);
    (void)close(file->fd);
    free(file->path);
    free(file);
}

void
sgn_linefile_add(struct sgn_linefile *file, const char *bytes, size_t n)
{
    struct line *line = file->waiting <= WAITING_MAX ? malloc(sizeof *line + n) : NULL;

    if (line == NULL) {
        file->lost++;
        return;
    }
    line->n = n;
    memcpy(line->bytes, bytes, n);
    file->waiting += n;
    sgn_queue_push(file->lines, &line->node);
}

void
sgn_linefile_reopen(struct sgn_linefile *file)
{
    if (file == NULL)
        return;
    atomic_store(&file->reopen, true);
    sgn_queue_wake(file->lines);
}
