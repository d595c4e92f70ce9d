/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a confined process cannot do. Each attempt is made in a child of its own, which first
 * makes it unconfined: an attempt that fails anyway would prove nothing.
 */
#include "dsl_support.h"

#include "confine.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum outcome {
    DONE, /* it was possible */
    REFUSED,
    USELESS, /* it was not possible without confinement either */
    BROKEN   /* the confinement itself failed */
};

static long
raw(long number, long a, long b, long c)
{
    return syscall(number, a, b, c, 0L, 0L, 0L);
}

static bool
open_file(void)
{
    return raw(SYS_open, (long)"/etc/passwd", O_RDONLY, 0) >= 0;
}

static bool
openat_file(void)
{
    return raw(SYS_openat, AT_FDCWD, (long)"/etc/passwd", O_RDONLY) >= 0;
}

static bool
openat2_file(void)
{
    uint64_t how[3] = { 0 };

    return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", how, sizeof how) >= 0;
}

static bool
look_at_file(void)
{
    struct stat info;

    return syscall(SYS_newfstatat, AT_FDCWD, "/etc/passwd", &info, 0) == 0;
}

static bool
remove_file(void)
{
    char path[] = "/tmp/sgn-confine-XXXXXX";

    /* made before the confinement by the first attempt only; then it is not there */
    if (mkstemp(path) < 0)
        return false;
    return raw(SYS_unlink, (long)path, 0, 0) == 0;
}

static bool
change_folder(void)
{
    return raw(SYS_chdir, (long)"/", 0, 0) == 0;
}

static bool
inet_socket(void)
{
    return raw(SYS_socket, AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool
unix_pair(void)
{
    int pair[2];

    return syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair) == 0;
}

static bool
new_pipe(void)
{
    int ends[2];

    return raw(SYS_pipe2, (long)ends, 0, 0) == 0;
}

static bool
memory_file(void)
{
    return raw(SYS_memfd_create, (long)"x", 0, 0) >= 0;
}

static bool
duplicate(void)
{
    return raw(SYS_dup, 0, 0, 0) >= 0;
}

static bool
new_process(void)
{
    long child = raw(SYS_fork, 0, 0, 0);

    if (child == 0)
        _exit(0);
    return child > 0;
}

static bool
clone_process(void)
{
    long child = raw(SYS_clone, SIGCHLD, 0, 0);

    if (child == 0)
        _exit(0);
    return child > 0;
}

static bool
clone3_process(void)
{
    uint64_t args[11] = { [4] = SIGCHLD };
    long child = raw(SYS_clone3, (long)args, sizeof args, 0);

    if (child == 0)
        _exit(0);
    return child > 0;
}

static bool
other_program(void)
{
    char *const arguments[] = { (char *)"/bin/true", NULL };

    if (syscall(SYS_execve, arguments[0], arguments, NULL) != 0)
        return false;
    return true;
}

static bool
other_namespace(void)
{
    return raw(SYS_unshare, CLONE_FILES, 0, 0) == 0;
}

static bool
signal_parent(void)
{
    return raw(SYS_kill, getppid(), 0, 0) == 0;
}

static bool
signal_thread_of_parent(void)
{
    return syscall(SYS_tgkill, getppid(), getppid(), 0) == 0;
}

static bool
raise_limit(void)
{
    struct rlimit limit = { 100, 100 };

    return raw(SYS_setrlimit, RLIMIT_NOFILE, (long)&limit, 0) == 0;
}

static bool
raise_prlimit(void)
{
    struct rlimit limit = { 100, 100 };

    return syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &limit, NULL) == 0;
}

static bool
become_dumpable(void)
{
    return raw(SYS_prctl, PR_SET_DUMPABLE, 1, 0) == 0;
}

static bool
runnable_memory(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                0) != MAP_FAILED;
}

static bool
mapped_file(void)
{
    return mmap(NULL, 4096, PROT_READ, MAP_SHARED, 0, 0) != MAP_FAILED;
}

static bool
set_timer(void)
{
    return raw(SYS_alarm, 0, 0, 0) == 0;
}

static bool
ring(void)
{
    char parameters[256] = { 0 };

    return raw(SYS_io_uring_setup, 1, (long)parameters, 0) >= 0;
}

static bool
read_other_memory(void)
{
    char byte = 'x';
    struct iovec mine = { &byte, 1 }, theirs = { &byte, 1 };

    return syscall(SYS_process_vm_readv, getppid(), &mine, 1, &theirs, 1, 0) == 1;
}

static const struct {
    const char *what;
    bool (*try)(void);
    bool runs_away;      /* leaves this program when it succeeds: not tried unconfined */
    bool may_be_useless; /* the machine itself may not have it */
} attempts[] = {
    { "open", open_file, false, false },
    { "openat", openat_file, false, false },
    { "openat2", openat2_file, false, true },
    { "stat", look_at_file, false, false },
    { "unlink", remove_file, false, false },
    { "chdir", change_folder, false, false },
    { "socket", inet_socket, false, false },
    { "socketpair", unix_pair, false, false },
    { "pipe", new_pipe, false, false },
    { "memfd_create", memory_file, false, false },
    { "dup", duplicate, false, false },
    { "fork", new_process, false, false },
    { "clone", clone_process, false, false },
    { "clone3", clone3_process, false, true },
    { "execve", other_program, true, false },
    { "unshare", other_namespace, false, false },
    { "kill", signal_parent, false, false },
    { "tgkill", signal_thread_of_parent, false, false },
    { "setrlimit", raise_limit, false, false },
    { "prlimit", raise_prlimit, false, false },
    { "prctl", become_dumpable, false, false },
    { "mmap to run", runnable_memory, false, false },
    { "mmap of a file", mapped_file, false, false },
    { "alarm", set_timer, false, false },
    { "io_uring", ring, false, true },
    { "process_vm_readv", read_other_memory, false, true },
};

static int
outcome_of(pid_t child)
{
    int status = 0;

    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static struct dsl_confine
usual(void)
{
    return (struct dsl_confine){ .keep = 3, .cpu_seconds = 60, .address_bytes = 1u << 30 };
}

static int
attempt(size_t i)
{
    struct dsl_confine wanted = usual();
    pid_t child = fork();

    wanted.keep = 500; /* or the limit of descriptors would refuse for the filter */
    if (child == 0) {
        struct sgn_error err = { 0 };
        int null = open(SGN_SOURCE_DIR "/LICENSE", O_RDONLY);

        (void)dup2(null, 0); /* a file, for mmap */
        if (!attempts[i].runs_away && !attempts[i].try())
            _exit(USELESS);
        if (dsl_confine(&wanted, &err) != SGN_OK)
            _exit(BROKEN);
        _exit(attempts[i].try() ? DONE : REFUSED);
    }
    return outcome_of(child);
}

static void
test_confined_process_can_do_none_of_this(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++) {
        int outcome = attempt(i);

        if (outcome == USELESS && attempts[i].may_be_useless)
            continue;
        if (outcome != REFUSED)
            fail_msg("%s: outcome %d", attempts[i].what, outcome);
    }
}

/* It must be able to do its work. */
static void
test_confined_process_can_compute_read_and_write(void **state)
{
    struct dsl_confine wanted = usual();
    int to[2], from[2];
    char word[8] = "";
    pid_t child;

    (void)state;
    assert_int_equal(pipe(to), 0);
    assert_int_equal(pipe(from), 0);
    child = fork();
    if (child == 0) {
        struct timespec now;
        char bytes[8], *block;

        (void)dup2(to[0], 0);
        (void)dup2(from[1], 1);
        if (dsl_confine(&wanted, NULL) != SGN_OK)
            _exit(BROKEN);
        block = malloc(64u << 20);
        memset(block, 1, 64u << 20);
        block = realloc(block, 100u << 20);
        free(block);
        if (clock_gettime(CLOCK_MONOTONIC, &now) != 0 || read(0, bytes, 4) != 4 ||
            write(1, bytes, 4) != 4)
            _exit(1);
        _exit(0);
    }
    assert_int_equal(write(to[1], "ping", 4), 4);
    assert_int_equal(read(from[0], word, 4), 4);
    assert_string_equal(word, "ping");
    assert_int_equal(outcome_of(child), 0);
    for (int i = 0; i < 2; i++) {
        close(to[i]);
        close(from[i]);
    }
}

static void
test_confined_process_has_only_the_descriptors_it_keeps(void **state)
{
    struct dsl_confine wanted = usual();
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);

        if (null < 0 || write(null, "x", 1) != 1 || dsl_confine(&wanted, NULL) != SGN_OK)
            _exit(BROKEN);
        _exit(write(null, "x", 1) < 0 && errno == EBADF ? REFUSED : DONE);
    }
    assert_int_equal(outcome_of(child), REFUSED);
}

static void
test_confined_process_has_so_much_memory_and_no_more(void **state)
{
    struct dsl_confine wanted = usual();
    pid_t child;

    (void)state;
    if (dsl_confine_is_sanitized()) /* a sanitizer's shadow alone takes more addresses */
        skip();
    child = fork();
    if (child == 0) {
        if (dsl_confine(&wanted, NULL) != SGN_OK)
            _exit(BROKEN);
        _exit(malloc((size_t)2 << 30) == NULL ? REFUSED : DONE);
    }
    assert_int_equal(outcome_of(child), REFUSED);
}

/* abort() and a fault end it as they should: with the signal. */
static void
test_confined_process_that_fails_ends(void **state)
{
    struct dsl_confine wanted = usual();
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        (void)signal(SIGABRT, SIG_DFL);
        if (dsl_confine(&wanted, NULL) != SGN_OK)
            _exit(BROKEN);
        abort();
    }
    assert_int_equal(outcome_of(child), -SIGABRT);
}

static void
test_confined_process_ends_with_its_parent(void **state)
{
    struct dsl_confine wanted = usual();
    int pair[2];
    char byte;
    pid_t parent;

    (void)state;
    assert_int_equal(pipe(pair), 0);
    parent = fork();
    if (parent == 0) {
        pid_t child = fork();

        close(pair[0]);
        if (child == 0) {
            (void)dup2(pair[1], 2);
            wanted.parent = getppid();
            if (dsl_confine(&wanted, NULL) != SGN_OK)
                _exit(BROKEN);
            (void)!write(2, "r", 1); /* ready */
            for (;;)
                ;
        }
        (void)outcome_of(child);
        _exit(0);
    }
    close(pair[1]);
    assert_int_equal(read(pair[0], &byte, 1), 1);
    kill(parent, SIGKILL);
    (void)outcome_of(parent);
    assert_int_equal(read(pair[0], &byte, 1), 0); /* nobody holds the other end any more */
    close(pair[0]);
}

/* A parent that is not the one that was meant: it had ended before. */
static void
test_confining_fails_when_the_parent_is_gone(void **state)
{
    struct dsl_confine wanted = usual();
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        wanted.parent = getppid() + 1;
        _exit(dsl_confine(&wanted, NULL) == SGN_UNAVAILABLE ? REFUSED : DONE);
    }
    assert_int_equal(outcome_of(child), REFUSED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_confined_process_can_do_none_of_this),
        cmocka_unit_test(test_confined_process_can_compute_read_and_write),
        cmocka_unit_test(test_confined_process_has_only_the_descriptors_it_keeps),
        cmocka_unit_test(test_confined_process_has_so_much_memory_and_no_more),
        cmocka_unit_test(test_confined_process_that_fails_ends),
        cmocka_unit_test(test_confined_process_ends_with_its_parent),
        cmocka_unit_test(test_confining_fails_when_the_parent_is_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
