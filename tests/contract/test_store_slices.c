/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log of the file goes back into it a bounded piece at a time, whatever is committed meanwhile,
 * and begins anew.
 */
#include "contract.h"

#include "hash.h"
#include <stdbool.h>

#define LOG_PAGES 1000 /* after which it is copied back */
#define SLICE     500  /* a third of that, and what a commit or two add */
#define FRAME     4120 /* bytes of a page in it */
#define PAGES     20   /* that a case's document takes */

static long
stat_of(const struct contract *c, const char *name)
{
    json_t *stats = store_stats(c->reader);
    long n = (long)json_integer_value(json_object_get(stats, name));

    json_decref(stats);
    return n;
}

/* Documents of random letters, which no squeezing makes short. */
static void
commit_pages(struct contract *c, int n)
{
    static char document[PAGES * 4096];
    struct store_case row = sample_case("delivery", "CR-1", 0);
    uint64_t state = (uint64_t)n + 1;
    char key[16];

    for (size_t i = 0; i < sizeof document - 1; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        document[i] = (char)(33 + (state >> 33) % 90);
    }
    memcpy(document, "{\"a\":\"", 6);
    memcpy(document + sizeof document - 3, "\"}", 3);
    for (size_t i = 6; i < sizeof document - 3; i++)
        if (document[i] == '"' || document[i] == '\\')
            document[i] = ' ';
    snprintf(key, sizeof key, "CR-%d", n);
    row.key = key;
    row.document = document;
    commit_case(c, &row);
}

/* Of several lengths of the log; who reads all the while keeps some of it. */
static void
look_at_slices(struct contract *c, int commits)
{
    long begun = stat_of(c, "checkpoint_pages"), before = begun, most = 0;

    for (int i = 0; i < commits; i++) {
        long now;

        commit_pages(c, i);
        now = stat_of(c, "checkpoint_pages");
        most = now - before > most ? now - before : most;
        before = now;
        assert_true(stat_of(c, "wal_bytes") < (LOG_PAGES + SLICE) * (long)FRAME);
    }
    assert_in_range(most, LOG_PAGES / 4, SLICE);
    assert_true(before - begun > 5 * LOG_PAGES); /* or little of it was tried */
}

/* How often it has begun anew, as its first bytes say (SQLite's file format, 4.1). */
static long
log_number(const struct contract *c)
{
    unsigned char head[16];
    char path[160];
    FILE *file;

    snprintf(path, sizeof path, "%s/data/signoff.db-wal", c->dir);
    file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(head, 1, sizeof head, file), sizeof head);
    fclose(file);
    return (long)head[12] << 24 | (long)head[13] << 16 | (long)head[14] << 8 | (long)head[15];
}

/* All of it is copied when there is no work, so that what comes next begins it anew. */
static void
assert_begins_anew(struct contract *c)
{
    long before;

    while (store_idle(c->store))
        continue;
    before = log_number(c);
    commit_pages(c, 1);
    assert_int_equal(log_number(c), before + 1);
}

static void
test_log_is_copied_back_in_bounded_slices_and_begins_anew(void **state)
{
    struct contract *c = *state;

    look_at_slices(c, 400);
    assert_begins_anew(c);
}

static void
test_log_is_copied_back_whole_when_there_is_no_work(void **state)
{
    struct contract *c = *state;

    /* Until a part is copied and the rest is not. */
    for (int i = 0; stat_of(c, "checkpoint_pages") == 0; i++)
        commit_pages(c, i);
    assert_true(stat_of(c, "checkpoint_pages") < SLICE);
    assert_begins_anew(c);
    look_at_slices(c, 400); /* and all goes on */
}

static int
setup(void **state)
{
    *state = (void *)(uintptr_t) "sqlite:DIR";
    return contract_setup(state);
}

#define SLICES(test) cmocka_unit_test_setup_teardown(test, setup, contract_teardown)

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        SLICES(test_log_is_copied_back_in_bounded_slices_and_begins_anew),
        SLICES(test_log_is_copied_back_whole_when_there_is_no_work),
    };

    if (sgn_hash_init(NULL) != SGN_OK)
        return 1;
    return cmocka_run_group_tests_name("the log in slices", tests, NULL, NULL);
}
