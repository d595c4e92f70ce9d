/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The second layer of the sandbox: when the first (sandbox.c, budget.c) has a hole, what gets out
 * finds itself in a process that can do nothing.
 *
 * An allow-list, so that what the kernel learns tomorrow is refused too. A refused call fails with
 * EPERM instead of ending the process: then the self-test below can try it, and a library that
 * merely asks goes on.
 */
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#else
#define SANITIZED false
#endif

#define STACK_BYTES ((rlim_t)8 << 20)

bool
dsl_confine_is_sanitized(void)
{
    return SANITIZED;
}

/* What malloc, the clock, the two descriptors and the end of a process need (measured with
 * strace(1), Debian 12's glibc). */
static const int needed[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(futex),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(getrandom),
    SCMP_SYS(restart_syscall),
};

/* What the sanitizers' run time does besides, to check memory and to write a report. */
static const int for_sanitizers[] = {
    SCMP_SYS(sigaltstack), SCMP_SYS(rt_sigaction),      SCMP_SYS(sched_yield),
    SCMP_SYS(nanosleep),   SCMP_SYS(getrusage),         SCMP_SYS(uname),
    SCMP_SYS(mprotect),    SCMP_SYS(readlink),          SCMP_SYS(clock_nanosleep),
    SCMP_SYS(close),       SCMP_SYS(sched_getaffinity),
};

/* abort() and the like signal themselves, and nobody else. */
static int
allow_own_signals(scmp_filter_ctx filter)
{
    scmp_datum_t self = (scmp_datum_t)getpid();

    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                            SCMP_A0(SCMP_CMP_EQ, self, 0));
}

/* New memory: never of a file, and never to run what was written into it. */
static int
allow_memory(scmp_filter_ctx filter)
{
    scmp_datum_t run = PROT_EXEC;
    int error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
                                 SCMP_A2(SCMP_CMP_MASKED_EQ, run, 0),
                                 SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS));

    /* A heap that is not brk's grows by mprotect. */
    if (error == 0 && !SANITIZED)
        error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                 SCMP_A2(SCMP_CMP_MASKED_EQ, run, 0));
    return error;
}

static enum sgn_status
filter_calls(struct sgn_error *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int error = filter != NULL ? 0 : -ENOMEM;

    for (size_t i = 0; error == 0 && i < sizeof(needed) / sizeof(needed[0]); i++)
        error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, needed[i], 0);
    for (size_t i = 0; error == 0 && SANITIZED && i < sizeof(for_sanitizers) / sizeof(int); i++)
        error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, for_sanitizers[i], 0);
    if (error == 0)
        error = allow_own_signals(filter);
    if (error == 0)
        error = allow_memory(filter);
    if (error == 0)
        error = seccomp_load(filter);
    seccomp_release(filter);
    return error == 0 ? SGN_OK
                      : sgn_fail(err, SGN_UNAVAILABLE, "the kernel takes no seccomp filter: %s",
                                 strerror(-error));
}

/* ---- limits ---- */

static enum sgn_status
limit(int what, const char *name, rlim_t most, struct sgn_error *err)
{
    struct rlimit value = { most, most }, old;

    /* One that stands lower already must not be raised, and could not be. */
    if (getrlimit(what, &old) == 0 && old.rlim_max < most)
        value.rlim_cur = value.rlim_max = old.rlim_max;
    if (setrlimit(what, &value) != 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s cannot be set: %s", name, strerror(errno));
    return SGN_OK;
}

static enum sgn_status
limit_all(const struct dsl_confine *confine, struct sgn_error *err)
{
    enum sgn_status st = limit(RLIMIT_CPU, "RLIMIT_CPU", (rlim_t)confine->cpu_seconds, err);

    if (st == SGN_OK)
        st = limit(RLIMIT_NOFILE, "RLIMIT_NOFILE", (rlim_t)confine->keep, err);
    if (st == SGN_OK)
        st = limit(RLIMIT_NPROC, "RLIMIT_NPROC", 0, err);
    if (st == SGN_OK)
        st = limit(RLIMIT_FSIZE, "RLIMIT_FSIZE", 0, err);
    if (st == SGN_OK)
        st = limit(RLIMIT_CORE, "RLIMIT_CORE", 0, err);
    if (st == SGN_OK)
        st = limit(RLIMIT_STACK, "RLIMIT_STACK", STACK_BYTES, err);
    if (st == SGN_OK && confine->address_bytes != 0 && !SANITIZED)
        st = limit(RLIMIT_AS, "RLIMIT_AS", confine->address_bytes, err);
    return st;
}

/* ---- what a process is ---- */

static enum sgn_status
set_process(const struct dsl_confine *confine, struct sgn_error *err)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "PR_SET_NO_NEW_PRIVS: %s", strerror(errno));
    /* Nobody of the same user may look into it, nor it into others by way of a core. */
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "PR_SET_DUMPABLE: %s", strerror(errno));
    if (confine->parent != 0 && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "PR_SET_PDEATHSIG: %s", strerror(errno));
    /* It may have ended before the line above. */
    if (confine->parent != 0 && getppid() != confine->parent)
        return sgn_fail(err, SGN_UNAVAILABLE, "the server is gone");
    if (syscall(SYS_close_range, (unsigned)confine->keep, ~0u, 0u) != 0)
        return sgn_fail(err, SGN_UNAVAILABLE, "close_range: %s", strerror(errno));
    return SGN_OK;
}

/* Was this refused by the filter, and not for another reason? A limit may hide a hole in it. */
static bool
is_refused(long result)
{
    return result == -1 && errno == EPERM;
}

/* Tries what must not work. System calls as such: a library's function might give up before it
 * asks the kernel. */
static enum sgn_status
self_test(struct sgn_error *err)
{
    long child;

    if (!is_refused(syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY, 0)))
        return sgn_fail(err, SGN_UNAVAILABLE, "files can still be opened");
    if (!is_refused(syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0)))
        return sgn_fail(err, SGN_UNAVAILABLE, "sockets can still be made");
    if (!is_refused(syscall(SYS_execve, NULL, NULL, NULL)))
        return sgn_fail(err, SGN_UNAVAILABLE, "programs can still be run");
    child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0)
        _exit(1); /* the child that should not be */
    if (!is_refused(child))
        return sgn_fail(err, SGN_UNAVAILABLE, "processes can still be made");
    return SGN_OK;
}

enum sgn_status
dsl_confine(const struct dsl_confine *confine, struct sgn_error *err)
{
    enum sgn_status st = set_process(confine, err);

    if (st == SGN_OK)
        st = limit_all(confine, err);
    if (st == SGN_OK)
        st = filter_calls(err);
    return st == SGN_OK ? self_test(err) : st;
}
