/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A commit while the disk fails: every write and every sync of it, one after the other. What
 * was answered must be true after a restart, and a unit is there whole or not at all.
 */
#include "contract.h"
#include "fault_vfs.h"

#include "hash.h"

struct faulty {
    struct contract *c;
    struct fault_vfs fault;
};

static int
setup(void **state)
{
    struct faulty *f = calloc(1, sizeof *f);
    void *c = (void *)(uintptr_t) "sqlite:DIR";

    assert_non_null(f);
    fault_vfs_register(&f->fault);
    (void)contract_setup(&c);
    f->c = c;
    *state = f;
    return 0;
}

static int
teardown(void **state)
{
    struct faulty *f = *state;
    void *c = f->c;

    fault_vfs_disarm(&f->fault);
    (void)contract_teardown(&c);
    fault_vfs_unregister(&f->fault);
    free(f);
    return 0;
}

/* Entry, case and counter number n of team delivery, in one unit. */
static enum sgn_status
commit_number(struct contract *c, int64_t n, size_t padding)
{
    char *large = calloc(1, padding + 1);
    json_t *counter = json_pack("{s:s, s:I}", "name", "n", "value", (json_int_t)n);
    struct store_row row = { .table = STORE_COUNTER, .team = "delivery", .row = counter };
    struct store_case one = sample_case("delivery", "CR-1", n);
    struct sample sample;
    struct store_unit unit = {
        .n_entries = 1, .cases = &one, .n_cases = 1, .rows = &row, .n_rows = 1
    };
    struct store_head head;
    enum sgn_status st;

    assert_non_null(large);
    memset(large, 'x', padding);
    sample_init(&sample, "delivery", n, "CR-1", n, n - 1);
    if (padding > 0)
        sample.entry.internal = (struct store_bytes){ large, padding };
    unit.entries = &sample.entry;
    st = store_begin(c->store, "delivery", &head, &c->err);
    if (st == SGN_OK) {
        assert_int_equal(head.seq, n - 1);
        st = store_commit(c->store, &unit, &c->err);
    }
    json_decref(counter);
    free(large);
    return st;
}

/* The number up to which everything is there; asserts that entry, case, counter agree. */
static int64_t
read_number(struct contract *c)
{
    json_t *key = json_pack("{s:s}", "name", "n"), *row = NULL;
    struct store_case_row one = { 0 };
    struct store_head head;

    assert_ok(c, store_head_get(c->reader, "delivery", &head, &c->err));
    if (head.seq == 0) {
        assert_status(c, SGN_NOT_FOUND,
                      store_case_get(c->reader, "delivery", "CR-1", &one, &c->err));
    } else {
        assert_ok(c, store_row_get(c->reader, STORE_COUNTER, "delivery", key, &row, &c->err));
        assert_int_equal(json_integer_value(json_object_get(row, "value")), head.seq);
        assert_ok(c, store_case_get(c->reader, "delivery", "CR-1", &one, &c->err));
        assert_int_equal(one.last_seq, head.seq);
    }
    store_case_row_deinit(&one);
    json_decref(row);
    json_decref(key);
    return head.seq;
}

/* A latched store says so to everybody who wants to write, and still reads. */
static void
assert_latched(struct contract *c)
{
    struct store_unit unit = { 0 };
    struct store_head head;

    assert_status(c, SGN_UNKNOWN_OUTCOME, store_begin(c->store, "delivery", &head, &c->err));
    assert_status(c, SGN_UNKNOWN_OUTCOME, store_begin(c->store, "others", &head, &c->err));
    assert_status(c, SGN_UNKNOWN_OUTCOME, store_commit(c->store, &unit, &c->err));
    assert_non_null(strstr(c->err.message, "request_id"));
    assert_ok(c, store_head_get(c->reader, "delivery", &head, &c->err));
}

/* One commit whose nth call fails; what is answered must be what is found afterwards.
 * Returns false when the commit has fewer than nth such calls. */
static bool
try_fault(struct faulty *f, int64_t *n, unsigned calls, int nth, int code, bool forever, bool torn)
{
    struct contract *c = f->c;
    enum sgn_status st;
    int64_t found;
    bool fired;

    fault_vfs_arm(&f->fault, calls, nth, code, forever);
    f->fault.torn = torn;
    st = commit_number(c, *n + 1, 3000);
    fired = f->fault.fired;
    if (st == SGN_UNKNOWN_OUTCOME)
        assert_latched(c);
    else if (st == SGN_UNAVAILABLE)
        assert_int_equal(read_number(c), *n);
    else
        assert_ok(c, st);
    fault_vfs_disarm(&f->fault);
    contract_reopen(c);
    found = read_number(c);
    if (st == SGN_OK)
        assert_int_equal(found, *n + 1);
    else if (st == SGN_UNAVAILABLE)
        assert_int_equal(found, *n);
    else
        assert_in_range(found, *n, *n + 1);
    assert_ok(c, store_check(c->store, &c->err));
    *n = found;
    return fired;
}

static void
try_all(struct faulty *f, unsigned calls, int code, bool forever, bool torn)
{
    int64_t n = 0;
    int nth = 1;

    assert_ok(f->c, commit_number(f->c, ++n, 3000));
    while (try_fault(f, &n, calls, nth, code, forever, torn))
        nth++;
    assert_true(nth > 1); /* or nothing was tried */
}

static void
test_store_commit_survives_failing_writes(void **state)
{
    try_all(*state, FAULT_WRITE, SQLITE_IOERR_WRITE, false, false);
}

static void
test_store_commit_survives_a_disk_that_fails_for_good(void **state)
{
    try_all(*state, FAULT_WRITE, SQLITE_IOERR_WRITE, true, false);
}

static void
test_store_commit_survives_torn_writes(void **state)
{
    try_all(*state, FAULT_WRITE, SQLITE_IOERR_WRITE, true, true);
}

static void
test_store_commit_survives_failing_syncs(void **state)
{
    try_all(*state, FAULT_SYNC, SQLITE_IOERR_FSYNC, false, false);
}

static void
test_store_commit_survives_a_full_disk(void **state)
{
    try_all(*state, FAULT_WRITE, SQLITE_FULL, true, true);
}

static void
test_store_commit_survives_failing_reads(void **state)
{
    struct faulty *f = *state;
    int64_t n = 0;

    /* Reads come before a commit, too: begin may fail, and then nothing happened. */
    assert_ok(f->c, commit_number(f->c, ++n, 0));
    for (int nth = 1; nth < 20; nth++) {
        enum sgn_status st;

        contract_reopen(f->c);
        fault_vfs_arm(&f->fault, FAULT_READ, nth, SQLITE_IOERR_READ, false);
        st = commit_number(f->c, n + 1, 0);
        fault_vfs_disarm(&f->fault);
        if (st == SGN_OK)
            n++;
        else
            assert_true(st == SGN_UNKNOWN_OUTCOME || st == SGN_UNAVAILABLE);
        store_rollback(f->c->store, NULL);
        contract_reopen(f->c);
        assert_in_range(read_number(f->c), n, n + 1);
        n = read_number(f->c);
    }
}

static void
test_store_that_latched_stays_so_until_it_is_opened_anew(void **state)
{
    struct faulty *f = *state;
    int64_t found;

    assert_ok(f->c, commit_number(f->c, 1, 0));
    fault_vfs_arm(&f->fault, FAULT_SYNC, 1, SQLITE_IOERR_FSYNC, false);
    assert_status(f->c, SGN_UNKNOWN_OUTCOME, commit_number(f->c, 2, 0));
    fault_vfs_disarm(&f->fault);
    /* The disk is well again; the store does not trust it. */
    for (int i = 0; i < 3; i++)
        assert_latched(f->c);
    contract_reopen(f->c);
    found = read_number(f->c);
    assert_in_range(found, 1, 2);
    assert_ok(f->c, commit_number(f->c, found + 1, 0));
    assert_int_equal(read_number(f->c), found + 1);
}

/* More than the page cache holds, so that the disk is full before COMMIT: a clean refusal. */
static void
test_store_full_before_the_commit_is_a_clean_refusal(void **state)
{
    struct faulty *f = *state;

    assert_ok(f->c, commit_number(f->c, 1, 0));
    fault_vfs_arm(&f->fault, FAULT_WRITE, 3, SQLITE_FULL, true);
    assert_status(f->c, SGN_UNAVAILABLE, commit_number(f->c, 2, 40 << 20));
    assert_true(f->fault.fired);
    assert_non_null(strstr(f->c->err.message, "make room"));
    assert_int_equal(read_number(f->c), 1);
    fault_vfs_disarm(&f->fault);
    assert_ok(f->c, commit_number(f->c, 2, 0)); /* room again: it goes on */
    contract_reopen(f->c);
    assert_int_equal(read_number(f->c), 2);
}

/* The same with a disk that fails: COMMIT was never reached, but nobody trusts it now. */
static void
test_store_disk_error_before_the_commit_latches(void **state)
{
    struct faulty *f = *state;

    assert_ok(f->c, commit_number(f->c, 1, 0));
    fault_vfs_arm(&f->fault, FAULT_WRITE, 3, SQLITE_IOERR_WRITE, false);
    assert_status(f->c, SGN_UNKNOWN_OUTCOME, commit_number(f->c, 2, 40 << 20));
    assert_latched(f->c);
    assert_int_equal(read_number(f->c), 1);
    contract_reopen(f->c);
    assert_int_equal(read_number(f->c), 1);
}

/* A checkpoint that fails takes nothing back, and the store writes no more. */
static void
test_store_failing_checkpoint_loses_nothing(void **state)
{
    struct faulty *f = *state;

    for (int64_t n = 1; n <= 3; n++)
        assert_ok(f->c, commit_number(f->c, n, 9000));
    fault_vfs_arm(&f->fault, FAULT_WRITE | FAULT_SYNC, 2, SQLITE_IOERR_WRITE, true);
    (void)store_idle(f->c->store);
    assert_true(f->fault.fired);
    assert_latched(f->c);
    assert_int_equal(read_number(f->c), 3);
    fault_vfs_disarm(&f->fault);
    contract_reopen(f->c);
    assert_int_equal(read_number(f->c), 3);
    assert_ok(f->c, store_check(f->c->store, &f->c->err));
}

/* Opening while the disk fails at every place: an error or a store, never a wrong one. */
static void
test_store_open_survives_failing_disks(void **state)
{
    struct faulty *f = *state;
    struct contract *c = f->c;
    struct store_options options = { .url = c->url };
    bool fired = true;

    assert_ok(c, commit_number(c, 1, 0));
    for (int nth = 1; fired && nth < 200; nth++) {
        contract_close(c);
        fault_vfs_arm(&f->fault, FAULT_WRITE | FAULT_SYNC | FAULT_READ | FAULT_TRUNCATE, nth,
                      SQLITE_IOERR, false);
        if (store_open(&options, &c->store, &c->err) == SGN_OK)
            store_close(c->store);
        else
            assert_true(c->err.message[0] != '\0');
        fired = f->fault.fired;
        fault_vfs_disarm(&f->fault);
        c->store = NULL;
        contract_open(c);
        assert_int_equal(read_number(c), 1);
    }
    assert_false(fired);
}

#define FAULTY(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        FAULTY(test_store_commit_survives_failing_writes),
        FAULTY(test_store_commit_survives_a_disk_that_fails_for_good),
        FAULTY(test_store_commit_survives_torn_writes),
        FAULTY(test_store_commit_survives_failing_syncs),
        FAULTY(test_store_commit_survives_a_full_disk),
        FAULTY(test_store_commit_survives_failing_reads),
        FAULTY(test_store_that_latched_stays_so_until_it_is_opened_anew),
        FAULTY(test_store_full_before_the_commit_is_a_clean_refusal),
        FAULTY(test_store_disk_error_before_the_commit_latches),
        FAULTY(test_store_failing_checkpoint_loses_nothing),
        FAULTY(test_store_open_survives_failing_disks),
    };

    if (sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return cmocka_run_group_tests_name("store faults", tests, NULL, NULL);
}
