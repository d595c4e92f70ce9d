/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counting, choosing and forking. The allocator is in points_memory.c.
 */
#include "points_internal.h"

#include <execinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHILD_SECONDS 60
#define FRAMES        40
#define SITES_MAX     64
#define LEAKS         3 /* exit code of a child */

static const char *const kinds[] = { "memory", "read", "write", "sync", "file" };
static const char *const hows[] = { "once", "for good" };

/* A finding, told once for each place that it was planted at. */
struct site {
    void *frames[8];
    char what[48];
};

static struct {
    const struct points_options *options;
    struct points_report report;
    struct timespec begun;
    int64_t n;      /* points counted so far */
    int64_t passed; /* of these, of the kinds that are tried */
    uint64_t dice;
    double cost; /* seconds of a trial, the mean so far */
    bool open, child, struck;
    bool traces;
    enum point_how how;
    int64_t trials;
    struct site sites[SITES_MAX];
    int n_sites;
    int out; /* what a child says goes here first */
} points;

void
points_init(void)
{
    void *frame[1];

    (void)backtrace(frame, 1); /* loads what it needs now, not at a point */
    points_memory_init();
    points.out = memfd_create("said", MFD_CLOEXEC);
}

void
points_begin(const struct points_options *options)
{
    points.options = options;
    points.n = points.passed = 0;
    points.trials = 0;
    points.dice = options != NULL ? options->seed * 2 + 1 : 1;
    memset(&points.report, 0, sizeof points.report);
    clock_gettime(CLOCK_MONOTONIC, &points.begun);
}

void
points_end(struct points_report *out)
{
    *out = points.report;
    points.options = NULL;
}

void
points_open(void)
{
    points.open = true;
}

void
points_close(void)
{
    points.open = false;
}

bool
points_struck(void)
{
    return points.struck;
}

enum point_how
points_how(void)
{
    return points.how;
}

static double
seconds_since(const struct timespec *then)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

/* 0 to 1; xorshift, so that a seed always chooses the same. */
static double
throw_dice(void)
{
    points.dice ^= points.dice << 13;
    points.dice ^= points.dice >> 7;
    points.dice ^= points.dice << 17;
    return (double)(points.dice >> 11) / (double)(1ULL << 53);
}

/* So many that they are evenly spread over all points when the time is over. */
static bool
is_chosen(enum point_kind kind)
{
    const struct points_options *o = points.options;
    double left, spent;

    if (o == NULL || (o->kinds & 1U << kind) == 0 || (o->find && points.report.findings > 0))
        return false;
    points.passed++;
    if (o->only != 0)
        return points.n == o->only;
    if (o->parts > 1 && points.n % o->parts != o->part)
        return false;
    if (o->seconds == 0)
        return true;
    spent = seconds_since(&points.begun);
    if (spent > (double)o->seconds)
        return false;
    left = (double)(o->expected - points.passed + 1) / (o->parts > 1 ? o->parts : 1);
    return points.cost == 0 ||
           throw_dice() * left * POINT_HOWS * points.cost < (double)o->seconds - spent;
}

/* ---- what became of a child ---- */

void
points_tell_place(void *const *frames, int n)
{
    char command[4096];
    int at = snprintf(command, sizeof command, "addr2line -Cfsp -e /proc/%d/exe", (int)getpid());

    for (int i = 0; i < n; i++)
        at += snprintf(command + at, sizeof command - (size_t)at, " %p",
                       (void *)((char *)frames[i] - 1));
    snprintf(command + at, sizeof command - (size_t)at, " | grep -v '^?' 1>&2");
    if (system(command) != 0)
        fprintf(stderr, "(addr2line, of binutils, would tell where)\n");
}

static bool
is_told(void *const *frames, int n, const char *what)
{
    struct site *site = &points.sites[points.n_sites];

    for (int i = 0; i < points.n_sites; i++)
        if (memcmp(points.sites[i].frames, frames, sizeof site->frames) == 0 &&
            strncmp(points.sites[i].what, what, sizeof site->what - 1) == 0)
            return true;
    if (points.n_sites == SITES_MAX || n < 8)
        return points.n_sites == SITES_MAX;
    memcpy(site->frames, frames, sizeof site->frames);
    snprintf(site->what, sizeof site->what, "%.*s", (int)sizeof site->what - 1, what);
    points.n_sites++;
    return false;
}

static void
tell(enum point_kind kind, enum point_how how, int status)
{
    void *frames[FRAMES];
    int n = backtrace(frames, FRAMES);
    char said[6000];
    ssize_t got = pread(points.out, said, sizeof said - 1, 0);

    said[got > 0 ? got : 0] = '\0';
    points.report.findings++;
    if (is_told(frames + 3, n - 3, said))
        return;
    fprintf(stderr, "\npoint %lld: %s fails %s: ", (long long)points.n, kinds[kind], hows[how]);
    if (WIFSIGNALED(status))
        fprintf(stderr, "the process was ended by signal %d (%s)\n", WTERMSIG(status),
                strsignal(WTERMSIG(status)));
    fprintf(stderr, "%s\n  the call came from:\n", said);
    points_tell_place(frames, n);
}

/* True in the child. trace: a child before it has found a leak, and this one is to say where from.
 */
static bool
branch(enum point_kind kind, enum point_how how, bool trace)
{
    struct timespec begun;
    int status = 0;
    pid_t pid;

    clock_gettime(CLOCK_MONOTONIC, &begun);
    if (ftruncate(points.out, 0) != 0 || lseek(points.out, 0, SEEK_SET) != 0)
        abort();
    pid = fork();
    if (pid < 0) {
        perror("points: fork");
        abort();
    }
    if (pid == 0) {
        points.child = points.struck = true;
        points.how = how;
        dup2(points.out, 1);
        dup2(points.out, 2);
        points.traces = trace;
        if (trace)
            points_trace();
        alarm(CHILD_SECONDS);
        return true;
    }
    if (waitpid(pid, &status, 0) != pid)
        abort();
    points.report.tried[kind]++;
    points.trials++;
    points.cost += (seconds_since(&begun) - points.cost) / (double)points.trials;
    if (WIFEXITED(status) && WEXITSTATUS(status) == LEAKS)
        return branch(kind, how, true);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        tell(kind, how, status);
    return false;
}

bool
points_fails(enum point_kind kind)
{
    if (!points.open)
        return false;
    if (points.child) /* the one of this process has failed */
        return points.how == POINT_FOR_GOOD && (points.options->kinds & 1U << kind) != 0;
    points.n++;
    points.report.counted[kind]++;
    if (!is_chosen(kind))
        return false;
    for (enum point_how how = POINT_ONCE; how < POINT_HOWS; how++)
        if (branch(kind, how, false))
            return true;
    return false;
}

void
points_good(void)
{
    if (points_live() == 0)
        _exit(0);
    if (!points.traces)
        _exit(LEAKS);
    fprintf(stderr, "%lld blocks are never freed\n", (long long)points_live());
    points_tell_live();
    _exit(1);
}

void
points_bad(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vdprintf(2, fmt, args);
    va_end(args);
    if (!points.struck) {
        dprintf(2, "\nfault_points: without any fault\n");
        _exit(2);
    }
    _exit(1);
}
