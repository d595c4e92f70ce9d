/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What PostgreSQL itself can do with our rows: the same rows, batches and head lock, once through
 * the store and once by libpq alone, in the same minute on the same server.
 *
 *     signoff-pg-bare URL TEAMS CASES BATCH CONNECTIONS SECONDS [bare|store]
 *
 * The bare program knows all cases and updates them in place; it has no row-level security, no
 * upsert, no look at what changed. Both begin with the lock and commit in one more round trip.
 * Printed: transitions per second of both, their ratio, and the client's CPU microseconds for one.
 */
#include "store.h"
#include <endian.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum {
    BATCH_MAX = 1024,
    THREADS_MAX = 32
};

struct load {
    const char *url;
    int teams, cases, batch, threads, seconds;
    int64_t *last; /* of each case of each team, its last entry; a team has one connection */
    bool bare;
    atomic_bool over;
};

struct worker {
    struct load *load;
    int number;
    uint64_t random;
    int64_t done;
    int64_t seq[4096]; /* of each team, the last entry's number */
    pthread_t thread;
};

static void
die(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static double
seconds(clockid_t which)
{
    struct timespec at;

    clock_gettime(which, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static uint64_t
next_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15)); /* splitmix64 */

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* ---- one batch of transitions ---- */

/* The rows of a batch: distinct cases of one team, each with its entry and one waiting row. */
struct batch {
    int n;
    char team[16];
    struct store_entry entries[BATCH_MAX];
    struct store_case cases[BATCH_MAX];
    char keys[BATCH_MAX][16], hashes[BATCH_MAX][65];
    json_t *waiting[BATCH_MAX];
    int64_t due[BATCH_MAX];
};

static const unsigned char salt[16] = "0123456789abcdef";
static const char header[] = /* 300 bytes, as a header is */
    "{\"actor\":\"li\",\"at\":1767571200000,\"case\":\"CR-123\",\"case_prev\":"
    "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\",\"case_seq\":7,"
    "\"channel\":\"line\",\"internal\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123\","
    "\"kind\":\"fire\",\"on_behalf\":null,\"prev\":\"0123456789abcdef0123456789abcdef\"}";
static const char internal[] = /* 200 bytes */
    "{\"deadlines\":[{\"due\":1767657600000,\"from\":1767571200000,\"id\":3,\"kind\":\"after\","
    "\"name\":\"remind\",\"order\":1,\"state\":\"screening\"}],\"owners\":{\"screening\":\"li\"},"
    "\"rev\":7,\"version\":2}";
static const char shared[] =
    "{\"entered\":[\"screening\"],\"event\":\"submit\",\"left\":[\"draft\"],"
    "\"states\":[\"screening\"]}";
static const char document[] = /* 300 bytes */
    "{\"key\":\"CR-123\",\"fields\":{\"title\":\"Export for auditors\",\"amount\":\"1200.00\"},"
    "\"states\":[\"screening\"],\"owners\":{\"screening\":\"li\"},\"deadlines\":[{\"id\":3,"
    "\"kind\":"
    "\"after\",\"name\":\"remind\",\"due\":1767657600000}],\"rounds\":[],\"tasks\":[],\"links\":[],"
    "\"files\":[],\"stuck\":null,\"rev\":7}";

static void
fill_case(struct batch *batch, int i, int number, int64_t seq, int64_t previous)
{
    struct store_case *row = &batch->cases[i];

    snprintf(batch->keys[i], sizeof batch->keys[i], "CR-%d", number);
    snprintf(batch->hashes[i], sizeof batch->hashes[i], "%064llx", (unsigned long long)seq);
    json_object_set_new(json_array_get(batch->waiting[i], 0), "due", json_integer(batch->due[i]));
    *row = (struct store_case){
        .team = batch->team,
        .key = batch->keys[i],
        .workflow = "change_request",
        .rules = "0123456789abcdef",
        .project = "erp",
        .client = "acme",
        .opener = "li",
        .owner = "wang",
        .group = "ccb",
        .priority = "normal",
        .states = " screening ",
        .version = 2,
        .rev = seq,
        .case_seq = seq,
        .opened_at = 1000 + number,
        .due_at = batch->due[i],
        .next_at = batch->due[i],
        .last_seq = seq,
        .last_hash = batch->hashes[i],
        .last_at = 1000 + seq,
        .text = "CR-123 Export for auditors \x1f 1200.00",
        .document = document,
        .waiting = batch->waiting[i],
    };
    batch->entries[i] = (struct store_entry){
        .team = batch->team,
        .seq = seq,
        .case_key = batch->keys[i],
        .case_seq = 2,
        .previous = previous,
        .at = 1000 + seq,
        .kind = "fire",
        .actor = "li",
        .hash = batch->hashes[i],
        .header = { header, sizeof header - 1 },
        .shared = { shared, sizeof shared - 1 },
        .internal = { internal, sizeof internal - 1 },
        .shared_salt = salt,
        .internal_salt = salt,
        .has_effects = i % 4 == 0,
    };
}

/* Neighbours from a random place on are distinct, which is all that matters. */
static void
make_batch(struct batch *batch, struct worker *worker, int team)
{
    const struct load *load = worker->load;
    int step = load->cases / load->batch,
        first = (int)(next_random(&worker->random) % (uint64_t)step);

    batch->n = load->batch;
    snprintf(batch->team, sizeof batch->team, "team-%d", team);
    for (int i = 0; i < batch->n; i++) {
        batch->due[i] = 2000000000000 + (int64_t)(next_random(&worker->random) % 1000000000);
        int64_t *last = &load->last[team * load->cases + first + i * step];

        fill_case(batch, i, first + i * step, worker->seq[team] + i + 1, *last);
        *last = worker->seq[team] + i + 1;
    }
}

static struct batch *
batch_new(void)
{
    struct batch *batch = calloc(1, sizeof *batch);

    for (int i = 0; batch != NULL && i < BATCH_MAX; i++)
        batch->waiting[i] = json_pack("[{s:s, s:s, s:s, s:i, s:i}]", "kind", "owner", "person",
                                      "wang", "state", "screening", "since", 5, "due", 6);
    if (batch == NULL)
        die("batch", "out of memory");
    return batch;
}

static void
batch_free(struct batch *batch)
{
    for (int i = 0; i < BATCH_MAX; i++)
        json_decref(batch->waiting[i]);
    free(batch);
}

/* ---- through the store ---- */

static void
store_batch(struct store *store, struct batch *batch)
{
    struct store_unit unit = {
        .entries = batch->entries, .n_entries = batch->n, .cases = batch->cases, .n_cases = batch->n
    };
    struct sgn_error err = { 0 };
    struct store_head head;

    if (store_begin(store, batch->team, &head, &err) != SGN_OK ||
        store_commit(store, &unit, &err) != SGN_OK)
        die("store", err.message);
}

/* ---- by libpq alone ---- */

struct array {
    char *bytes;
    size_t n, cap;
};

static void
put(struct array *array, const void *bytes, size_t n)
{
    if (array->n + n > array->cap) {
        array->cap = (array->n + n) * 2;
        array->bytes = realloc(array->bytes, array->cap);
        if (array->bytes == NULL)
            die("array", "out of memory");
    }
    memcpy(array->bytes + array->n, bytes, n);
    array->n += n;
}

static void
put_number(struct array *array, uint32_t n)
{
    n = htobe32(n);
    put(array, &n, 4);
}

static void
put_element(struct array *array, const void *bytes, size_t n)
{
    put_number(array, bytes == NULL ? UINT32_MAX : (uint32_t)n);
    if (bytes != NULL)
        put(array, bytes, n);
}

static void
put_int(struct array *array, int64_t n)
{
    uint64_t big = htobe64((uint64_t)n);

    put_element(array, &big, 8);
}

static void
begin_array(struct array *array, Oid element, int n)
{
    array->n = 0;
    put_number(array, 1);
    put_number(array, 1);
    put_number(array, element);
    put_number(array, (uint32_t)n);
    put_number(array, 1);
}

enum {
    INT8 = 20,
    TEXT = 25,
    BYTEA = 17,
    COLUMNS = 8
};

/* What a transition changes; the rest of the rows stays as it is. */
static const char *const statements[] = {
    "insert into bare.entry(team, seq, case_key, hash, at, case_seq, previous, effects, kind, "
    "actor, shared_salt, internal_salt, header, shared, internal) select $1, t.seq, t.k, t.h, "
    "t.at, 2, 1, t.e, 'fire', 'li', $8, $8, $9, $10, $11 from unnest($2::bigint[], $3::text[], "
    "$4::text[], $5::bigint[], $6::bigint[], $7::bigint[]) t(seq, k, h, at, e, due)",
    "update bare.case_ c set rev = t.seq, case_seq = t.seq, due_at = t.due, "
    "last_seq = t.seq, last_hash = t.h, last_at = t.at, document = $8 from unnest($2::bigint[], "
    "$3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[]) t(seq, k, h, at, e, due) "
    "where c.team = $1 and c.key = t.k",
    "update bare.waiting w set due = t.due from unnest($2::bigint[], $3::text[], $4::text[], "
    "$5::bigint[], $6::bigint[], $7::bigint[]) t(seq, k, h, at, e, due) where w.team = $1 "
    "and w.\"case\" = t.k and w.n = 0",
    "update bare.due d set next_at = t.due from unnest($2::bigint[], $3::text[], $4::text[], "
    "$5::bigint[], $6::bigint[], $7::bigint[]) t(seq, k, h, at, e, due) where d.team = $1 "
    "and d.key = t.k",
    "update bare.head set seq = $2, hash = $3, at = $4 where team = $1",
};

static void
drain(PGconn *pg)
{
    if (PQpipelineSync(pg) != 1)
        die("libpq", PQerrorMessage(pg));
    for (;;) {
        PGresult *res = PQgetResult(pg);
        ExecStatusType status = PQresultStatus(res);

        PQclear(res);
        if (res == NULL)
            continue;
        if (status == PGRES_PIPELINE_SYNC)
            return;
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
            die("libpq", PQerrorMessage(pg));
    }
}

static void
send_one(PGconn *pg, const char *name, int n, const char *const *values, const int *lengths)
{
    static const int binary[12] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };

    if (PQsendQueryPrepared(pg, name, n, values, lengths, binary, 1) != 1)
        die("libpq", PQerrorMessage(pg));
}

static PGconn *
bare_open(const char *url)
{
    static const Oid types[12] = { TEXT, 1016,  1009,  1009,  1016, 1016,
                                   1016, BYTEA, BYTEA, BYTEA, BYTEA };
    static const Oid case_types[12] = { TEXT, 1016, 1009, 1009, 1016, 1016, 1016, TEXT };
    static const Oid head_types[12] = { TEXT, INT8, TEXT, INT8 };
    PGconn *pg = PQconnectdb(url);

    if (PQstatus(pg) != CONNECTION_OK)
        die("libpq", PQerrorMessage(pg));
    PQclear(PQexec(pg, "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin "
                       "= off; set plan_cache_mode = force_generic_plan; set jit = off"));
    PQclear(PQprepare(pg, "b", "begin", 0, NULL));
    PQclear(PQprepare(pg, "l",
                      "select seq, hash, clock_timestamp() from bare.head where team = $1 "
                      "for update",
                      1, types));
    PQclear(PQprepare(pg, "e", statements[0], 11, types));
    PQclear(PQprepare(pg, "c", statements[1], 8, case_types));
    PQclear(PQprepare(pg, "w", statements[2], 7, types));
    PQclear(PQprepare(pg, "d", statements[3], 7, types));
    PQclear(PQprepare(pg, "h", statements[4], 4, head_types));
    PQclear(PQprepare(pg, "x", "commit", 0, NULL));
    if (PQenterPipelineMode(pg) != 1)
        die("libpq", PQerrorMessage(pg));
    return pg;
}

static void
bare_batch(PGconn *pg, const struct batch *batch, struct array arrays[COLUMNS])
{
    static const Oid elements[6] = { INT8, TEXT, TEXT, INT8, INT8, INT8 };
    const char *values[12] = { batch->team };
    int lengths[12] = { (int)strlen(batch->team) };
    uint64_t seq = htobe64((uint64_t)batch->entries[batch->n - 1].seq);
    uint64_t at = htobe64((uint64_t)batch->entries[batch->n - 1].at);
    const char *head[4] = { batch->team, (char *)&seq, batch->hashes[batch->n - 1], (char *)&at };
    int head_lengths[4] = { lengths[0], 8, 64, 8 };

    send_one(pg, "b", 0, NULL, NULL);
    send_one(pg, "l", 1, values, lengths);
    drain(pg);
    for (int i = 0; i < 6; i++)
        begin_array(&arrays[i], elements[i], batch->n);
    for (int i = 0; i < batch->n; i++) {
        put_int(&arrays[0], batch->entries[i].seq);
        put_element(&arrays[1], batch->keys[i], strlen(batch->keys[i]));
        put_element(&arrays[2], batch->hashes[i], 64);
        put_int(&arrays[3], batch->entries[i].at);
        put_int(&arrays[4], batch->entries[i].has_effects);
        put_int(&arrays[5], batch->due[i]);
    }
    for (int i = 0; i < 6; i++) {
        values[i + 1] = arrays[i].bytes;
        lengths[i + 1] = (int)arrays[i].n;
    }
    values[7] = (const char *)salt, lengths[7] = 16;
    values[8] = header, lengths[8] = sizeof header - 1;
    values[9] = shared, lengths[9] = sizeof shared - 1;
    values[10] = internal, lengths[10] = sizeof internal - 1;
    send_one(pg, "e", 11, values, lengths);
    values[7] = document, lengths[7] = sizeof document - 1;
    send_one(pg, "c", 8, values, lengths);
    send_one(pg, "w", 7, values, lengths);
    send_one(pg, "d", 7, values, lengths);
    send_one(pg, "h", 4, head, head_lengths);
    send_one(pg, "x", 0, NULL, NULL);
    drain(pg);
}

/* ---- the load ---- */

static void *
work(void *arg)
{
    struct worker *worker = arg;
    struct load *load = worker->load;
    struct batch *batch = batch_new();
    struct array arrays[COLUMNS] = { { 0 } };
    struct store_options options = { .url = load->url };
    struct sgn_error err = { 0 };
    struct store *store = NULL;
    PGconn *pg = NULL;

    if (load->bare)
        pg = bare_open(load->url);
    else if (store_open(&options, &store, &err) != SGN_OK)
        die("store", err.message);
    /* A team belongs to one connection, as a node spreads them. */
    for (int team = worker->number; !atomic_load(&load->over);
         team = team + load->threads < load->teams ? team + load->threads : worker->number) {
        make_batch(batch, worker, team);
        if (load->bare)
            bare_batch(pg, batch, arrays);
        else
            store_batch(store, batch);
        worker->seq[team] += batch->n;
        worker->done += batch->n;
    }
    for (int i = 0; i < COLUMNS; i++)
        free(arrays[i].bytes);
    batch_free(batch);
    store_close(store);
    PQfinish(pg);
    return NULL;
}

static double
run(struct load *load, struct worker *workers)
{
    double begun = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), rate;
    int64_t done = 0;

    atomic_store(&load->over, false);
    for (int i = 0; i < load->threads; i++) {
        workers[i].load = load;
        workers[i].number = i;
        workers[i].done = 0;
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            die("thread", "none");
    }
    nanosleep(&(struct timespec){ .tv_sec = load->seconds }, NULL);
    atomic_store(&load->over, true);
    for (int i = 0; i < load->threads; i++) {
        pthread_join(workers[i].thread, NULL);
        done += workers[i].done;
    }
    rate = (double)done / (seconds(CLOCK_MONOTONIC) - begun);
    printf("%-5s %8.0f transitions/s  %5.1f us of client CPU each\n", load->bare ? "bare" : "store",
           rate, (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) / (double)done * 1e6);
    fflush(stdout);
    return rate;
}

/* All cases of all teams, written through the store, and a copy of the tables for the bare one. */
static void
prepare(const struct load *load, struct worker *workers)
{
    static const char copy[] =
        "drop schema if exists bare cascade; create schema bare;"
        "create table bare.head (like signoff.head including all) with (fillfactor = 40);"
        "create table bare.entry (like signoff.entry including all);"
        "create table bare.case_ (like signoff.case_ including all) with (fillfactor = 75);"
        "create table bare.due (like signoff.due including all);"
        "create table bare.waiting (like signoff.waiting including all) with (fillfactor = 75)";
    struct store_options options = { .url = load->url };
    struct batch *batch = batch_new();
    struct sgn_error err = { 0 };
    struct store *store = NULL;
    PGconn *pg = PQconnectdb(load->url);
    PGresult *res = PQexec(pg, "set client_min_messages = warning");

    PQclear(res);
    PQclear(PQexec(pg, "drop schema if exists signoff cascade"));
    if (store_open(&options, &store, &err) != SGN_OK)
        die("store", err.message);
    res = PQexec(pg, copy);
    if (PQresultStatus(res) != PGRES_COMMAND_OK)
        die("bare", PQerrorMessage(pg));
    PQclear(res);
    for (int team = 0; team < load->teams; team++) {
        int64_t seq = 0;
        char sql[512];

        snprintf(batch->team, sizeof batch->team, "team-%d", team);
        for (int next = 0; next < load->cases;) {
            for (batch->n = 0; batch->n < BATCH_MAX && next < load->cases; batch->n++, next++) {
                batch->due[batch->n] = 2000000000000 + next;
                fill_case(batch, batch->n, next, ++seq, 0);
                batch->entries[batch->n].case_seq = 1;
            }
            store_batch(store, batch);
        }
        for (int i = 0; i < load->threads; i++)
            workers[i].seq[team] = seq;
        snprintf(sql, sizeof sql,
                 "set signoff.team = '%s'; insert into bare.head select * from signoff.head where "
                 "team <> ''; insert into bare.case_ select * from signoff.case_; insert into "
                 "bare.due select * from signoff.due; "
                 "insert into bare.waiting select * from signoff.waiting",
                 batch->team);
        res = PQexec(pg, sql);
        if (PQresultStatus(res) != PGRES_COMMAND_OK)
            die("bare", PQerrorMessage(pg));
        PQclear(res);
    }
    PQclear(PQexec(pg,
                   "vacuum analyze signoff.case_, signoff.waiting, signoff.head, signoff.entry, "
                   "bare.case_, bare.waiting, bare.head, bare.due, signoff.due"));
    PQfinish(pg);
    store_close(store);
    batch_free(batch);
}

int
main(int argc, char **argv)
{
    struct load load = { 0 };
    struct worker *workers = calloc(THREADS_MAX, sizeof *workers);
    int64_t seq[4096];
    double rates[2];
    const char *only = argc == 8 ? argv[7] : NULL; /* side */

    if (argc < 7 || argc > 8 || workers == NULL)
        die("usage", "signoff-pg-bare URL TEAMS CASES BATCH CONNECTIONS SECONDS [bare|store]");
    load.url = argv[1];
    load.teams = atoi(argv[2]);
    load.cases = atoi(argv[3]);
    load.batch = atoi(argv[4]);
    load.threads = atoi(argv[5]);
    load.seconds = atoi(argv[6]);
    if (load.teams < load.threads || load.teams > 4096 || load.batch > BATCH_MAX ||
        load.batch < 1 || load.threads < 1 || load.threads > THREADS_MAX || load.cases < load.batch)
        die("usage", "TEAMS at least CONNECTIONS, CASES at least BATCH, BATCH at most 1024");
    load.last = calloc((size_t)load.teams * (size_t)load.cases, sizeof *load.last);
    if (load.last == NULL)
        die("cases", "out of memory");
    prepare(&load, workers);
    memcpy(seq, workers[0].seq, sizeof seq);
    for (int bare = 1; bare >= 0; bare--) {
        load.bare = bare == 1;
        if (only != NULL && load.bare != (strcmp(only, "bare") == 0))
            continue;
        for (int i = 0; i < load.threads; i++) {
            memcpy(workers[i].seq, seq, sizeof seq);
            workers[i].random = (uint64_t)i + 1;
        }
        for (int i = 0; i < load.teams * load.cases; i++)
            load.last[i] = i % load.cases + 1;
        rates[bare] = run(&load, workers);
    }
    if (only == NULL)
        printf("ratio %.2f\n", rates[0] / rates[1]);
    free(load.last);
    free(workers);
    return 0;
}
