/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fixture and samples of the store's contract tests.
 */
#include "contract.h"

#include <ftw.h>
#include <unistd.h>

enum {
    TESTS_MAX = 128
};

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void
remove_tree(const char *dir)
{
    (void)nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void
contract_open(struct contract *c)
{
    struct store_options options = { .url = c->url, .unmerged_bytes = c->unmerged_bytes };

    assert_ok(c, store_open(&options, &c->store, &c->err));
    c->reader = store_own_reader(c->store);
}

void
contract_close(struct contract *c)
{
    store_close(c->store);
    c->store = NULL;
    c->reader = NULL;
}

void
contract_reopen(struct contract *c)
{
    contract_close(c);
    contract_open(c);
}

int
contract_setup(void **state)
{
    struct contract *c = calloc(1, sizeof *c);

    assert_non_null(c);
    c->backend = *state;
    c->durable = strcmp(c->backend, "sqlite::memory:") != 0;
    c->unmerged_bytes = strcmp(c->backend, CONTRACT_MERGING) == 0 ? 48 * 1024 : 0;
    c->schema = STORE_SCHEMA;
    if (strncmp(c->backend, "postgres", 8) == 0) {
        c->schema = STORE_SCHEMA_POSTGRES;
        snprintf(c->url, sizeof c->url, "%s", c->backend);
        contract_postgres_sql(c->url, "DROP SCHEMA IF EXISTS signoff CASCADE");
    } else {
        strcpy(c->dir, "/tmp/signoff-store-XXXXXX");
        assert_non_null(mkdtemp(c->dir));
        if (c->durable)
            snprintf(c->url, sizeof c->url, "sqlite:%s/data", c->dir);
        else
            snprintf(c->url, sizeof c->url, "%s", c->backend);
    }
    contract_open(c);
    *state = c;
    return 0;
}

int
contract_teardown(void **state)
{
    struct contract *c = *state;

    contract_close(c);
    if (c->dir[0] != '\0')
        remove_tree(c->dir);
    sgn_error_clear(&c->err);
    free(c);
    return 0;
}

void
sample_init(struct sample *sample, const char *team, int64_t seq, const char *key, int64_t case_seq,
            int64_t previous)
{
    *sample = (struct sample){ .entry = { .team = team } };
    snprintf(sample->hash, sizeof sample->hash, "%064llx", (unsigned long long)seq);
    snprintf(sample->header, sizeof sample->header, "{\"seq\":%lld}", (long long)seq);
    snprintf(sample->shared, sizeof sample->shared, "{\"shared\":%lld}", (long long)seq);
    snprintf(sample->internal, sizeof sample->internal, "{\"internal\":%lld}", (long long)seq);
    memset(sample->salts[0], (int)(seq & 0x7f) + 1, 16);
    memset(sample->salts[1], (int)(seq & 0x7f) + 2, 16);
    sample->entry.seq = seq;
    sample->entry.case_key = key;
    sample->entry.case_seq = case_seq;
    sample->entry.previous = previous;
    sample->entry.at = 1000 + seq;
    sample->entry.kind = "fire";
    sample->entry.actor = "li";
    sample->entry.hash = sample->hash;
    sample->entry.header = (struct store_bytes){ sample->header, strlen(sample->header) };
    sample->entry.shared = (struct store_bytes){ sample->shared, strlen(sample->shared) };
    sample->entry.internal = (struct store_bytes){ sample->internal, strlen(sample->internal) };
    sample->entry.shared_salt = sample->salts[0];
    sample->entry.internal_salt = sample->salts[1];
}

struct store_case
sample_case(const char *team, const char *key, int64_t last_seq)
{
    return (struct store_case){
        .team = team,
        .key = key,
        .workflow = "change_request",
        .project = "erp",
        .opener = "li",
        .priority = "normal",
        .states = " draft ",
        .version = 1,
        .rev = 1,
        .case_seq = 1,
        .opened_at = 1000,
        .last_seq = last_seq,
        .last_hash = "",
        .text = "",
        .document = "{}",
    };
}

void
commit_one(struct contract *c, const struct sample *sample, const struct store_case *row)
{
    struct store_unit unit = { .entries = &sample->entry, .n_entries = 1, .cases = row };
    struct store_head head;

    unit.n_cases = row == NULL ? 0 : 1;
    assert_ok(c, store_begin(c->store, sample->entry.team, &head, &c->err));
    assert_int_equal(head.seq, sample->entry.seq - 1);
    assert_ok(c, store_commit(c->store, &unit, &c->err));
}

void
commit_case(struct contract *c, struct store_case *row)
{
    struct store_head head;
    struct sample sample;
    struct store_unit unit = { .n_entries = 1, .cases = row, .n_cases = 1 };

    assert_ok(c, store_begin(c->store, row->team, &head, &c->err));
    sample_init(&sample, row->team, head.seq + 1, row->key, row->case_seq, row->last_seq);
    row->last_seq = head.seq + 1;
    row->last_hash = sample.hash;
    unit.entries = &sample.entry;
    assert_ok(c, store_commit(c->store, &unit, &c->err));
    row->last_hash = "";
}

void
commit_row(struct contract *c, enum store_table table, const char *team, json_t *row_take)
{
    struct store_row row = { .table = table, .team = team, .row = row_take };
    struct store_unit unit = { .rows = &row, .n_rows = 1 };
    struct store_head head;

    assert_non_null(row_take);
    assert_ok(c, store_begin(c->store, team, &head, &c->err));
    assert_ok(c, store_commit(c->store, &unit, &c->err));
    json_decref(row_take);
}

static void
copy_file(const char *from, const char *to)
{
    static char bytes[1 << 16];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    size_t n;

    assert_non_null(in);
    assert_non_null(out);
    while ((n = fread(bytes, 1, sizeof bytes, in)) > 0)
        assert_int_equal(fwrite(bytes, 1, n, out), n);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

void
contract_copy_path(char out[160], const struct contract *c, const char *name)
{
    const char *own = strrchr(c->dir, '/');

    snprintf(out, 160, "%s%s-copy%s", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", own,
             name);
}

void
contract_copy(const struct contract *c)
{
    char from[160], to[160], name[32];

    contract_copy_path(to, c, "");
    remove_tree(to);
    assert_int_equal(mkdir(to, 0700), 0);
    for (int i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "/signoff.db%s", i == 0 ? "" : "-wal");
        snprintf(from, sizeof from, "%s/data%s", c->dir, name);
        contract_copy_path(to, c, name);
        copy_file(from, to);
    }
}

int
contract_run(const char *name, const struct contract_tests *const *parts, size_t n_parts,
             const char *backend)
{
    struct CMUnitTest tests[TESTS_MAX];
    size_t n = 0;

    for (size_t i = 0; i < n_parts; i++) {
        for (size_t t = 0; t < parts[i]->n; t++) {
            if (n == TESTS_MAX)
                return 1;
            tests[n] = parts[i]->tests[t];
            tests[n++].initial_state = (void *)(uintptr_t)backend;
        }
    }
    return _cmocka_run_group_tests(name, tests, n, NULL, NULL);
}
