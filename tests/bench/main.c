/* SPDX-License-Identifier: Apache-2.0 */
/* signoff-load: options, threads, the measured window, and what is printed. */
#include "load.h"

#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define THREADS_MAX 16

static const char usage[] =
    "usage: SIGNOFF_TOKEN=... signoff-load --port N [options]\n"
    "SIGNOFF_TOKEN may hold several with a space between, each of another team: connections use\n"
    "them in turn, and all figures are of all teams together.\n"
    "  --connections N  64     --depth N     1 request in flight on each\n"
    "  --threads N      1      --cases N     1000, KEY-1 and on\n"
    "  --seconds N      10     --warmup N    2 seconds before, not counted\n"
    "  --rate R         open loop: R requests per second (default: as fast as answered)\n"
    "  --set N          cases of all teams that are worked on (default: all of them)\n"
    "  --replaced N     100 ten-thousandths of the set make way for other cases in a minute\n"
    "  --open           opens the cases instead of firing at them\n"
    "  --workflow NAME  flip, for --open\n"
    "  --key KEY        BN, of that workflow's cases\n"
    "  --pid PID        of the server: tells its CPU time per transition, children too\n"
    "  --until-eof      ends when the standard input does, if that is before the seconds are over\n"
    "  --marks          says \"measuring\" and \"measured\" on lines of their own at these "
    "moments\n"
    "  --json           the figures as one JSON object\n";

/* User and system time of a process so far, in microseconds; 0 when it cannot be read. */
static uint64_t
cpu_us(int pid)
{
    char path[64], text[1024];
    unsigned long long user, system;
    const char *after;
    size_t n;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    f = fopen(path, "r");
    if (f == NULL)
        return 0;
    n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    /* The name in parentheses may hold anything; fields 14 and 15 come after its end. */
    after = strrchr(text, ')');
    if (after == NULL || sscanf(after + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu",
                                &user, &system) != 2)
        return 0;
    return (user + system) * 1000000u / (uint64_t)sysconf(_SC_CLK_TCK);
}

/* The same with its children, which run the rules. One that began or ended in between falsifies
 * the difference: so they are started beforehand. */
static uint64_t
family_us(int pid)
{
    char path[64];
    uint64_t sum = cpu_us(pid);
    const struct dirent *thread;
    DIR *threads;

    snprintf(path, sizeof path, "/proc/%d/task", pid);
    threads = opendir(path);
    while (threads != NULL && (thread = readdir(threads)) != NULL) {
        char list[sizeof path + sizeof thread->d_name + 16];
        FILE *f;
        int child;

        snprintf(list, sizeof list, "%s/%s/children", path, thread->d_name);
        f = fopen(list, "r");
        while (f != NULL && fscanf(f, "%d", &child) == 1)
            sum += cpu_us(child);
        if (f != NULL)
            fclose(f);
    }
    if (threads != NULL)
        closedir(threads);
    return sum;
}

static bool
parse_flag(const char *name, struct load_options *o)
{
    if (strcmp(name, "--open") == 0)
        o->open = true;
    else if (strcmp(name, "--marks") == 0)
        o->marks = true;
    else if (strcmp(name, "--json") == 0)
        o->json = true;
    else if (strcmp(name, "--until-eof") == 0)
        o->until_eof = true;
    else
        return false;
    return true;
}

/* Each connection has a case of its own, and the set is the same number of each team's. */
static bool
fits(const struct load_options *o)
{
    return o->port > 0 && o->teams > 0 && o->connections > 0 && o->connections % o->teams == 0 &&
           o->depth > 0 && o->threads > 0 && o->threads <= THREADS_MAX &&
           o->cases >= o->connections / o->teams && o->seconds > 0 && o->warmup >= 0 &&
           o->rate >= 0 && o->replaced >= 0 && o->replaced <= 10000 &&
           (o->set == 0 ||
            (o->set % o->teams == 0 && o->set >= o->connections && o->set / o->teams <= o->cases));
}

/* Options are rows: a name and where its value goes. */
static bool
parse(int argc, char **argv, struct load_options *o)
{
    const struct {
        const char *name;
        int *number;
        const char **text;
    } rows[] = {
        { "port", &o->port, NULL },         { "connections", &o->connections, NULL },
        { "depth", &o->depth, NULL },       { "threads", &o->threads, NULL },
        { "cases", &o->cases, NULL },       { "seconds", &o->seconds, NULL },
        { "warmup", &o->warmup, NULL },     { "rate", &o->rate, NULL },
        { "pid", &o->pid, NULL },           { "key", NULL, &o->key },
        { "workflow", NULL, &o->workflow }, { "set", &o->set, NULL },
        { "replaced", &o->replaced, NULL },
    };
    size_t n = sizeof rows / sizeof rows[0];

    o->tokens = getenv("SIGNOFF_TOKEN"); /* an argument would be seen by all in ps */
    o->teams = o->tokens != NULL ? 1 : 0;
    for (const char *at = o->tokens; at != NULL && *at != '\0'; at++)
        o->teams += *at == ' ' ? 1 : 0;

    for (int i = 1; i < argc; i++) {
        size_t row = 0;
        if (parse_flag(argv[i], o))
            continue;
        while (row < n && (strncmp(argv[i], "--", 2) != 0 || strcmp(argv[i] + 2, rows[row].name)))
            row++;
        if (row == n || ++i == argc)
            return false;
        if (rows[row].number != NULL)
            *rows[row].number = atoi(argv[i]);
        else
            *rows[row].text = argv[i];
    }
    snprintf(o->run, sizeof o->run, "%llx%x", (unsigned long long)time(NULL), (unsigned)getpid());
    return fits(o);
}

static void
print(const struct load_options *o, const struct load_result *all, double seconds, uint64_t cpu)
{
    const struct histogram *h = &all->latency;
    double rate = (double)(o->open ? all->answers : all->counted) / seconds;

    printf("%.0f /s  p50 %.2f ms  p90 %.2f  p99 %.2f  p99.9 %.2f  max %.2f  (%llu answers", rate,
           (double)histogram_at(h, 0.5) / 1e3, (double)histogram_at(h, 0.9) / 1e3,
           (double)histogram_at(h, 0.99) / 1e3, (double)histogram_at(h, 0.999) / 1e3,
           (double)h->max / 1e3, (unsigned long long)(o->open ? all->answers : all->counted));
    if (o->rate > 0 && !o->open)
        printf(" of %d /s asked", o->rate);
    printf(")");
    if (cpu != 0 && all->counted != 0)
        printf("  server CPU %.1f us per transition, %.2f cores",
               (double)cpu / (double)all->counted, (double)cpu / 1e6 / seconds);
    printf("\n");
    if (all->errors != 0)
        printf("%llu errors, the first: %s\n", (unsigned long long)all->errors, all->first_error);
}

static void
print_json(const struct load_options *o, const struct load_result *all, double seconds,
           uint64_t cpu)
{
    const struct histogram *h = &all->latency;

    struct rusage own;

    getrusage(RUSAGE_SELF, &own);
    printf("{\"answers\":%llu,\"all\":%llu,\"errors\":%llu,\"seconds\":%.3f,\"asked\":%d,"
           "\"load_cpu_us\":%lld,\"cpu_us\":%llu,\"p50\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%."
           "3f}\n",
           (unsigned long long)(o->open ? all->answers : all->counted),
           (unsigned long long)all->answers, (unsigned long long)all->errors, seconds, o->rate,
           (own.ru_utime.tv_sec + own.ru_stime.tv_sec) * 1000000LL + own.ru_utime.tv_usec +
               own.ru_stime.tv_usec,
           (unsigned long long)cpu, (double)histogram_at(h, 0.5) / 1e3,
           (double)histogram_at(h, 0.99) / 1e3, (double)histogram_at(h, 0.999) / 1e3,
           (double)h->max / 1e3);
    if (all->errors != 0)
        fprintf(stderr, "signoff-load: the first error: %s\n", all->first_error);
}

static void
sleep_until(uint64_t us)
{
    struct timespec t = { .tv_sec = (time_t)(us / 1000000u),
                          .tv_nsec = (long)(us % 1000000u) * 1000 };
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

static void
mark(const struct load_options *o, const char *what)
{
    if (o->marks) {
        puts(what);
        fflush(stdout);
    }
}

/* Until the window is over, however it ends. */
static void
sleep_out(const struct load_options *o, struct load_result *times, struct load_worker *workers)
{
    struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
    uint64_t now = load_now_us();

    if (!o->until_eof) {
        sleep_until(times->stop_at);
        return;
    }
    if (now < times->stop_at && poll(&in, 1, (int)((times->stop_at - now) / 1000u)) > 0)
        times->stop_at = load_now_us();
    for (int i = 0; i < o->threads; i++)
        workers[i].result.stop_at = times->stop_at;
}

/* What of the server's CPU time falls into the measured part. */
static uint64_t
watch(const struct load_options *o, struct load_result *times, struct load_worker *workers)
{
    uint64_t before, after;

    if (o->pid == 0 && !o->marks && !o->until_eof)
        return 0;
    sleep_until(times->measure_at);
    before = o->pid != 0 ? family_us(o->pid) : 0;
    mark(o, "measuring");
    sleep_out(o, times, workers);
    after = o->pid != 0 ? family_us(o->pid) : 0;
    mark(o, "measured");
    return after - before;
}

static void
set_times(const struct load_options *o, struct load_result *times)
{
    uint64_t warmup = o->open ? 0 : (uint64_t)o->warmup * 1000000u;

    times->begin_at = load_now_us();
    times->measure_at = times->begin_at + warmup;
    times->stop_at = o->open ? UINT64_MAX : times->measure_at + (uint64_t)o->seconds * 1000000u;
}

/* Starts the threads, sets the times when all are connected, joins them. */
static bool
run(const struct load_options *o, struct load_result *all)
{
    struct load_worker *workers = calloc((size_t)o->threads, sizeof *workers);
    pthread_t ids[THREADS_MAX];
    pthread_barrier_t barrier;
    uint64_t cpu = 0;
    bool ok = workers != NULL;

    if (!ok)
        return false;
    pthread_barrier_init(&barrier, NULL, (unsigned)o->threads + 1);
    for (int i = 0; i < o->threads; i++) {
        workers[i] = (struct load_worker){ .options = o, .number = i, .barrier = &barrier };
        if (pthread_create(&ids[i], NULL, load_thread, &workers[i]) != 0)
            abort(); /* the barrier would never open */
    }
    pthread_barrier_wait(&barrier);
    set_times(o, all);
    for (int i = 0; i < o->threads; i++) {
        workers[i].result.begin_at = all->begin_at;
        workers[i].result.measure_at = all->measure_at;
        workers[i].result.stop_at = all->stop_at;
    }
    pthread_barrier_wait(&barrier);
    if (!o->open)
        cpu = watch(o, all, workers);
    for (int i = 0; i < o->threads; i++) {
        pthread_join(ids[i], NULL);
        ok = ok && workers[i].ok;
        histogram_merge(&all->latency, &workers[i].result.latency);
        all->answers += workers[i].result.answers;
        all->counted += workers[i].result.counted;
        all->errors += workers[i].result.errors;
        if (all->first_error[0] == '\0')
            memcpy(all->first_error, workers[i].result.first_error, sizeof all->first_error);
    }
    (o->json ? print_json : print)(
        o, all, (double)((o->open ? load_now_us() : all->stop_at) - all->measure_at) / 1e6, cpu);
    pthread_barrier_destroy(&barrier);
    free(workers);
    return ok;
}

int
main(int argc, char **argv)
{
    struct load_options options = { .connections = 64,
                                    .depth = 1,
                                    .threads = 1,
                                    .cases = 1000,
                                    .seconds = 10,
                                    .warmup = 2,
                                    .replaced = 100,
                                    .workflow = "flip",
                                    .key = "BN" };
    struct load_result *all = calloc(1, sizeof *all);
    bool ok;

    if (all == NULL || !parse(argc, argv, &options)) {
        fputs(usage, stderr);
        free(all);
        return 2;
    }
    ok = run(&options, all);
    if (!ok)
        fprintf(stderr, "signoff-load: a connection failed or was closed%s%s\n",
                all->first_error[0] != '\0' ? ": " : "", all->first_error);
    ok = ok && all->errors == 0;
    free(all);
    return ok ? 0 : 1;
}
