/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What SQLite and the disk can do by themselves, beside which the server's rates are put: a loop
 * over prepared statements, without a protocol, rights, rules, a hash, or an index.
 *
 *   append   one row per transition joins a table
 *   update   an entry is appended, and the rows of a case, of its deadline and of its delivery are
 *            updated in place; the case is any of CASES, each as likely as the others
 *   sync     4 KiB are written to a file of that size and to the end of one, each with fdatasync
 *
 * A commit holds BATCH transitions and is as durable as the server's: a log, synchronous=FULL. The
 * log is copied back after 1,000 pages, as SQLite does it by itself.
 *
 * One line of JSON is printed: transitions, seconds, cpu_us of this process, written (bytes to the
 * disk); or p50 of both kinds of sync in milliseconds.
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define PAGE      4096
#define ROWS_MOST 65536 /* bytes of an entry or of a case */

static const char usage[] =
    "usage: signoff-sqlite-bare FOLDER append|update ENTRY_BYTES CASE_BYTES CASES BATCH SECONDS\n"
    "       signoff-sqlite-bare FOLDER sync SECONDS\n";

struct bare {
    const char *folder;
    sqlite3 *db;
    sqlite3_stmt *entry, *case_, *due, *delivery, *begin, *commit;
    int entry_bytes, case_bytes, cases, batch;
    double seconds;
    uint64_t rng, n;
    char *noise; /* ROWS_MOST bytes that rows are cut out of */
};

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
cpu_us(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

/* Of this process, all that reached or will reach the disk; -1 where the kernel does not tell. */
static long long
written(void)
{
    char line[128];
    long long bytes = -1;
    FILE *f = fopen("/proc/self/io", "r");

    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        sscanf(line, "write_bytes: %lld", &bytes);
    if (f != NULL)
        fclose(f);
    return bytes;
}

/* xorshift64*, as in the load generator. */
static uint64_t
next_random(struct bare *b)
{
    b->rng ^= b->rng >> 12;
    b->rng ^= b->rng << 25;
    b->rng ^= b->rng >> 27;
    return b->rng * 2685821657736338717u;
}

static void
die(struct bare *b, const char *doing)
{
    fprintf(stderr, "signoff-sqlite-bare: %s: %s\n", doing, sqlite3_errmsg(b->db));
    exit(1);
}

static void
exec(struct bare *b, const char *sql)
{
    if (sqlite3_exec(b->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        die(b, sql);
}

static sqlite3_stmt *
prepare(struct bare *b, const char *sql)
{
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_prepare_v3(b->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) != SQLITE_OK)
        die(b, sql);
    return stmt;
}

static void
step(struct bare *b, sqlite3_stmt *stmt)
{
    if (sqlite3_step(stmt) != SQLITE_DONE)
        die(b, sqlite3_sql(stmt));
    sqlite3_reset(stmt);
}

/* Bytes that differ from row to row. */
static void
bind_noise(struct bare *b, sqlite3_stmt *stmt, int column, int bytes)
{
    uint64_t at = next_random(b) % (uint64_t)(ROWS_MOST - bytes);

    sqlite3_bind_blob(stmt, column, b->noise + at, bytes, SQLITE_STATIC);
}

static void
open_database(struct bare *b, const char *name)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", b->folder, name);
    if (sqlite3_open(path, &b->db) != SQLITE_OK)
        die(b, path);
    exec(b, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;"
            "CREATE TABLE IF NOT EXISTS entry(id INTEGER PRIMARY KEY, at INTEGER, bytes BLOB);"
            "CREATE TABLE IF NOT EXISTS case_(id INTEGER PRIMARY KEY, rev INTEGER, bytes BLOB);"
            "CREATE TABLE IF NOT EXISTS due(id INTEGER PRIMARY KEY, at INTEGER);"
            "CREATE TABLE IF NOT EXISTS delivery(id INTEGER PRIMARY KEY, seq INTEGER, at INTEGER)");
    b->begin = prepare(b, "BEGIN IMMEDIATE");
    b->commit = prepare(b, "COMMIT");
    b->entry = prepare(b, "INSERT INTO entry(at, bytes) VALUES(?, ?)");
}

/* The cases that are updated; a database that has them is taken as it is. */
static void
fill(struct bare *b)
{
    sqlite3_stmt *count = prepare(b, "SELECT count(*) FROM delivery"), *one, *due, *delivery;
    int n = sqlite3_step(count) == SQLITE_ROW ? sqlite3_column_int(count, 0) : 0;

    sqlite3_finalize(count);
    one = prepare(b, "INSERT INTO case_(id, rev, bytes) VALUES(?, 0, ?)");
    due = prepare(b, "INSERT INTO due VALUES(?, 0)");
    delivery = prepare(b, "INSERT INTO delivery VALUES(?, 0, 0)");
    exec(b, "BEGIN");
    for (int i = n + 1; i <= b->cases; i++) {
        sqlite3_bind_int(one, 1, i);
        bind_noise(b, one, 2, b->case_bytes);
        step(b, one);
        sqlite3_bind_int(due, 1, i);
        step(b, due);
        sqlite3_bind_int(delivery, 1, i);
        step(b, delivery);
    }
    exec(b, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    sqlite3_finalize(one);
    sqlite3_finalize(due);
    sqlite3_finalize(delivery);
    b->case_ = prepare(b, "UPDATE case_ SET rev = rev + 1, bytes = ? WHERE id = ?");
    b->due = prepare(b, "UPDATE due SET at = ? WHERE id = ?");
    b->delivery = prepare(b, "UPDATE delivery SET seq = seq + 1, at = ? WHERE id = ?");
}

static void
transition(struct bare *b)
{
    sqlite3_int64 id = (sqlite3_int64)(next_random(b) % (uint64_t)b->cases) + 1;

    sqlite3_bind_int64(b->entry, 1, (sqlite3_int64)++b->n);
    bind_noise(b, b->entry, 2, b->entry_bytes);
    step(b, b->entry);
    if (b->case_ == NULL)
        return;
    bind_noise(b, b->case_, 1, b->case_bytes);
    sqlite3_bind_int64(b->case_, 2, id);
    step(b, b->case_);
    sqlite3_bind_int64(b->due, 1, (sqlite3_int64)b->n);
    sqlite3_bind_int64(b->due, 2, id);
    step(b, b->due);
    sqlite3_bind_int64(b->delivery, 1, (sqlite3_int64)b->n);
    sqlite3_bind_int64(b->delivery, 2, id);
    step(b, b->delivery);
}

static void
run_rows(struct bare *b, bool update)
{
    double begun, took, cpu;
    long long bytes;

    open_database(b, update ? "bare-update.db" : "bare-append.db");
    if (update)
        fill(b);
    begun = now();
    cpu = cpu_us();
    bytes = written();
    while (now() - begun < b->seconds) {
        step(b, b->begin);
        for (int i = 0; i < b->batch; i++)
            transition(b);
        step(b, b->commit);
    }
    took = now() - begun;
    printf("{\"transitions\":%llu,\"seconds\":%.3f,\"cpu_us\":%.0f,\"written\":%lld}\n",
           (unsigned long long)b->n, took, cpu_us() - cpu, written() - bytes);
    for (sqlite3_stmt *stmt; (stmt = sqlite3_next_stmt(b->db, NULL)) != NULL;)
        sqlite3_finalize(stmt);
    sqlite3_close(b->db);
}

static int
by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

/* The median of one kind: the file has its size already, or grows. */
static double
sync_p50(struct bare *b, bool append)
{
    enum {
        MOST = 100000
    };
    double *took = calloc(MOST, sizeof *took), begun = now(), p50;
    char path[4096];
    int n = 0, fd;

    snprintf(path, sizeof path, "%s/bare-sync", b->folder);
    fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (took == NULL || fd < 0 || pwrite(fd, b->noise, PAGE, 0) != PAGE || fsync(fd) != 0) {
        perror(path);
        exit(1);
    }
    for (; n < MOST && (n < 10 || now() - begun < b->seconds / 2); n++) {
        double at = now();
        if (pwrite(fd, b->noise + n % PAGE, PAGE, append ? (off_t)(n + 1) * PAGE : 0) != PAGE ||
            fdatasync(fd) != 0) {
            perror(path);
            exit(1);
        }
        took[n] = (now() - at) * 1e3;
    }
    qsort(took, (size_t)n, sizeof *took, by_size);
    p50 = took[n / 2];
    free(took);
    close(fd);
    unlink(path);
    return p50;
}

int
main(int argc, char **argv)
{
    struct bare b = { .folder = argc > 1 ? argv[1] : NULL, .rng = 88172645463325252u };
    bool sync = argc == 4 && strcmp(argv[2], "sync") == 0;
    bool update = argc == 8 && strcmp(argv[2], "update") == 0;

    b.noise = malloc(ROWS_MOST);
    if (argc == 8 && (update || strcmp(argv[2], "append") == 0)) {
        b.entry_bytes = atoi(argv[3]);
        b.case_bytes = atoi(argv[4]);
        b.cases = atoi(argv[5]);
        b.batch = atoi(argv[6]);
    }
    b.seconds = sync || b.batch > 0 ? atof(argv[argc - 1]) : 0;
    if (b.noise == NULL || b.seconds <= 0 ||
        (!sync && (b.entry_bytes <= 0 || b.entry_bytes >= ROWS_MOST || b.case_bytes <= 0 ||
                   b.case_bytes >= ROWS_MOST || b.cases <= 0))) {
        fputs(usage, stderr);
        free(b.noise);
        return 2;
    }
    for (int i = 0; i < ROWS_MOST; i++)
        b.noise[i] = (char)(next_random(&b) >> 56);
    if (sync)
        printf("{\"overwrite\":%.4f,\"append\":%.4f}\n", sync_p50(&b, false), sync_p50(&b, true));
    else
        run_rows(&b, update);
    free(b.noise);
    return 0;
}
