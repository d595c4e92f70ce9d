/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files through the lane: rows and entries, quota, what a commit that fails or a crash leaves,
 * what the sweep takes and what it leaves. The linker puts a fault between lane and store.
 */
#include "support/world.h"
#include <sys/stat.h>
#include <unistd.h>

#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define DEF "cb8379ac2098aa165029e3938a51da0bcecfc008fd6795f401178647f96c5b34"

static bool commits_fail;

enum sgn_status __real_store_commit_wait(struct store *store, const struct store_unit *unit,
                                         struct sgn_error *err);
enum sgn_status __wrap_store_commit_wait(struct store *store, const struct store_unit *unit,
                                         struct sgn_error *err);

enum sgn_status
__wrap_store_commit_wait(struct store *store, const struct store_unit *unit, struct sgn_error *err)
{
    if (!commits_fail)
        return __real_store_commit_wait(store, unit, err);
    store_rollback(store, NULL);
    return sgn_fail(err, SGN_UNAVAILABLE, "it was rolled back");
}

static struct world *
world_with_files(void)
{
    struct world *w = world_new(true, false);
    char *files = malloc(96);

    snprintf(files, 96, "%s/data/files", w->dir);
    w->files = files;
    w->limits.team_file_bytes = 10;
    world_restart(w);
    return w;
}

static void
world_end(struct world *w)
{
    char *files = (char *)(uintptr_t)w->files;

    world_free(w);
    free(files);
}

/* A query of a person, answered at once. */
static struct reply *
query(struct world *w, const char *person, lane_query_fn fn, const char *params,
      const char *request)
{
    struct lane_job *job = lane_job_new();
    struct reply *reply = calloc(1, sizeof *reply);

    reply->world = w;
    reply->next = w->replies;
    w->replies = reply;
    job->query = fn;
    job->done = reply_done;
    job->ctx = reply;
    snprintf(job->team, sizeof job->team, "demo");
    snprintf(job->person, sizeof job->person, "%s", person);
    snprintf(job->request, sizeof job->request, "%s", request != NULL ? request : "");
    job->access = CORE_PERSON;
    job->channel = "line";
    job->method = "file.any";
    job->params = quoted(params);
    assert_int_equal(lane_query(w->lane, job, NULL), SGN_OK);
    return reply;
}

static struct reply *
begin(struct world *w, const char *person, const char *hash, int size)
{
    char params[256];

    snprintf(params, sizeof params, "{'name': 'a.txt', 'size': %d, 'sha256': '%s'}", size, hash);
    return query(w, person, lane_file_begin, params, NULL);
}

static struct reply *
end(struct world *w, const char *person, const char *upload, const char *request)
{
    char params[96];

    snprintf(params, sizeof params, "{'upload': '%s'}", upload);
    assert_done(query(w, person, lane_file_settle, params, NULL));
    return world_ask(w, &(struct ask){ .person = person,
                                       .run = lane_file_end,
                                       .method = "file.end",
                                       .params = params,
                                       .request = request });
}

/* Begun and put, not ended; data is base64 of three bytes. */
static const char *
put(struct world *w, const char *person, const char *hash, const char *data)
{
    const struct reply *begun = begin(w, person, hash, 3);
    const char *upload;
    char params[160];

    assert_done(begun);
    upload = sgn_json_str(begun->result, "upload");
    snprintf(params, sizeof params, "{'upload': '%s', 'offset': 0, 'data': '%s'}", upload, data);
    assert_done(query(w, person, lane_file_put, params, NULL));
    return upload;
}

static const char *
upload_abc(struct world *w, const char *person)
{
    const char *upload = put(w, person, ABC, "YWJj");
    const struct reply *ended = end(w, person, upload, NULL);

    assert_done(ended);
    assert_string_equal(sgn_json_str(ended->result, "file"), upload);
    return upload;
}

static enum sgn_status
run_attach(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return lane_command(run, job, CORE_ATTACH, err);
}

static struct reply *
attach(struct world *w, const char *person, const char *key, const char *file)
{
    char params[128];

    snprintf(params, sizeof params, "{'file': '%s'}", file);
    return world_ask(w, &(struct ask){ .person = person,
                                       .run = run_attach,
                                       .method = "case.attach",
                                       .params = params,
                                       .key = key });
}

static bool
has_bytes(struct world *w, const char *hash)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%.2s/%s", w->files, hash, hash);
    return access(path, F_OK) == 0;
}

static int64_t
counted(struct world *w)
{
    json_t *rows = world_rows(w, STORE_COUNTER), *row;
    int64_t bytes = 0;
    size_t i;

    json_array_foreach(rows, i, row)
        if (strcmp(sgn_json_str(row, "name"), "files") == 0)
            bytes = sgn_json_int(row, "value", 0);
    json_decref(rows);
    return bytes;
}

static size_t
n_files(struct world *w)
{
    json_t *rows = world_rows(w, STORE_FILE);
    size_t n = json_array_size(rows);

    json_decref(rows);
    return n;
}

static void
test_file_end_writes_a_row_and_an_entry(void **state)
{
    struct world *w = world_with_files();
    const char *file = upload_abc(w, "li");
    json_t *rows = world_rows(w, STORE_FILE);
    const json_t *row = json_array_get(rows, 0);

    (void)state;
    assert_int_equal(json_array_size(rows), 1);
    assert_string_equal(sgn_json_str(row, "file"), file);
    assert_string_equal(sgn_json_str(row, "sha256"), ABC);
    assert_string_equal(sgn_json_str(row, "type"), "application/octet-stream");
    assert_string_equal(sgn_json_str(row, "person"), "li");
    assert_int_equal(sgn_json_int(row, "at", 0), START);
    assert_true(json_is_null(json_object_get(row, "case")));
    assert_int_equal(world_count(w, "-", "data"), 2); /* init, and this */
    assert_int_equal(counted(w), 3);
    json_decref(rows);
    world_verify(w);
    world_end(w);
}

static void
test_file_end_may_be_asked_again(void **state)
{
    struct world *w = world_with_files();
    const char *upload = put(w, "li", ABC, "YWJj");
    struct reply *first = end(w, "li", upload, "r1"), *again;
    int64_t head = world_head(w);

    (void)state;
    assert_done(first);
    again = end(w, "li", upload, "r1");
    assert_done(again);
    assert_true(json_equal(first->result, again->result));
    assert_done(end(w, "li", upload, NULL));
    assert_reply(end(w, "wang", upload, NULL), SGN_NOT_FOUND);
    assert_true(world_head(w) == head);
    world_end(w);
}

static void
test_file_rows_follow_their_case(void **state)
{
    struct world *w = world_with_files();
    const char *file = upload_abc(w, "mei");
    json_t *rows;

    (void)state;
    assert_done(world_open(w, "mei", "{}"));
    assert_reply(attach(w, "li", "TK-1", file), SGN_NOT_FOUND);
    assert_done(attach(w, "mei", "TK-1", file));
    rows = world_rows(w, STORE_FILE);
    assert_string_equal(sgn_json_str(json_array_get(rows, 0), "case"), "TK-1");
    assert_true(sgn_json_true(json_array_get(rows, 0), "shared"));
    json_decref(rows);
    assert_done(attach(w, "li", "TK-1", file)); /* now it is the case's */
    world_verify(w);
    world_end(w);
}

static void
test_file_bytes_count_once_against_the_quota(void **state)
{
    struct world *w = world_with_files();

    (void)state;
    upload_abc(w, "li");
    upload_abc(w, "wang");
    assert_int_equal(counted(w), 3);
    assert_int_equal(n_files(w), 2);
    assert_reply(begin(w, "li", DEF, 8), SGN_TOO_LARGE);
    assert_done(begin(w, "li", DEF, 7));
    assert_reply(begin(w, "wang", DEF, 1), SGN_TOO_LARGE); /* promised to li */
    world_end(w);
}

static void
test_file_end_checks_the_quota_again(void **state)
{
    struct world *w = world_with_files();
    const char *upload = put(w, "li", DEF, "ZGVm");

    (void)state;
    upload_abc(w, "li");
    w->limits.team_file_bytes = 5; /* less than there was when the upload began */
    world_restart(w);
    assert_reply(end(w, "li", upload, NULL), SGN_TOO_LARGE);
    assert_int_equal(n_files(w), 1);
    w->limits.team_file_bytes = 6;
    world_restart(w);
    assert_done(end(w, "li", upload, NULL));
    world_end(w);
}

static void
test_file_end_after_a_failed_commit_goes_on(void **state)
{
    struct world *w = world_with_files();
    const char *upload = put(w, "li", ABC, "YWJj");

    (void)state;
    commits_fail = true;
    assert_reply(end(w, "li", upload, NULL), SGN_UNAVAILABLE);
    commits_fail = false;
    world_turns(w, 20); /* a sweep goes on meanwhile, and must leave the bytes */
    assert_int_equal(n_files(w), 0);
    assert_true(has_bytes(w, ABC));
    assert_done(end(w, "li", upload, NULL));
    world_turns(w, 20);
    assert_int_equal(n_files(w), 1);
    world_end(w);
}

/* Between the move of the bytes and the commit. */
static void
test_file_end_after_a_crash_goes_on(void **state)
{
    struct world *w = world_with_files();
    const char *upload = put(w, "li", ABC, "YWJj");
    char params[96];

    (void)state;
    snprintf(params, sizeof params, "{'upload': '%s'}", upload);
    assert_done(query(w, "li", lane_file_settle, params, NULL));
    world_restart(w);
    world_turns(w, 20);
    assert_true(has_bytes(w, ABC));
    assert_int_equal(n_files(w), 0); /* nothing names them yet */
    assert_done(end(w, "li", upload, NULL));
    assert_done(world_open(w, "li", "{}"));
    assert_done(attach(w, "li", "TK-1", upload));
    world_verify(w);
    world_end(w);
}

static void
test_file_sweep_takes_what_was_not_attached_for_a_day(void **state)
{
    struct world *w = world_with_files();
    const char *kept = upload_abc(w, "li"), *open = put(w, "wang", DEF, "ZGVm");

    (void)state;
    assert_done(world_open(w, "li", "{}"));
    assert_done(attach(w, "li", "TK-1", kept));
    upload_abc(w, "wang"); /* the same bytes, never attached */
    assert_done(end(w, "wang", open, NULL));
    assert_done(world_advance(w, "23 hours"));
    world_turns(w, 20);
    assert_int_equal(n_files(w), 3);
    assert_done(world_advance(w, "61 minutes"));
    world_turns(w, 20);
    assert_int_equal(n_files(w), 1);
    assert_true(has_bytes(w, ABC)); /* the attached one's */
    assert_false(has_bytes(w, DEF));
    assert_int_equal(counted(w), 3);
    assert_int_equal(world_count(w, "-", "data"), 5); /* init, three ends, one removal */
    world_verify(w);
    world_end(w);
}

static void
test_file_sweep_takes_uploads_that_were_never_ended(void **state)
{
    struct world *w = world_with_files();
    const char *upload = put(w, "li", ABC, "YWJj");
    char params[96];

    (void)state;
    snprintf(params, sizeof params, "{'upload': '%s'}", upload);
    assert_done(query(w, "li", lane_file_settle, params, NULL));
    assert_done(world_advance(w, "25 hours"));
    world_turns(w, 40);
    assert_reply(end(w, "li", upload, NULL), SGN_NOT_FOUND);
    /* Its bytes go with the next sweep at the latest. */
    assert_done(world_advance(w, "61 minutes"));
    world_turns(w, 40);
    assert_false(has_bytes(w, ABC));
    world_end(w);
}

static void
test_file_verify_finds_lost_bytes(void **state)
{
    struct world *w = world_with_files();
    const char *file = upload_abc(w, "li");
    char path[256];
    json_t *report = NULL;

    (void)state;
    assert_done(world_open(w, "li", "{}"));
    assert_done(attach(w, "li", "TK-1", file));
    assert_int_equal(lane_verify(store_own_reader(w->store), w->files, "demo", &report, &w->err),
                     SGN_OK);
    assert_int_equal(sgn_json_int(report, "files", 0), 1);
    json_decref(report);
    snprintf(path, sizeof path, "%s/ba/%s", w->files, ABC);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(lane_verify(store_own_reader(w->store), w->files, "demo", &report, &w->err),
                     SGN_INVALID);
    assert_non_null(strstr(w->err.message, "TK-1"));
    world_end(w);
}

static void
test_file_methods_say_when_none_are_kept(void **state)
{
    struct world *w = world_new(false, false);

    (void)state;
    assert_reply(begin(w, "li", ABC, 3), SGN_UNAVAILABLE);
    world_free(w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file_end_writes_a_row_and_an_entry),
        cmocka_unit_test(test_file_end_may_be_asked_again),
        cmocka_unit_test(test_file_rows_follow_their_case),
        cmocka_unit_test(test_file_bytes_count_once_against_the_quota),
        cmocka_unit_test(test_file_end_checks_the_quota_again),
        cmocka_unit_test(test_file_end_after_a_failed_commit_goes_on),
        cmocka_unit_test(test_file_end_after_a_crash_goes_on),
        cmocka_unit_test(test_file_sweep_takes_what_was_not_attached_for_a_day),
        cmocka_unit_test(test_file_sweep_takes_uploads_that_were_never_ended),
        cmocka_unit_test(test_file_verify_finds_lost_bytes),
        cmocka_unit_test(test_file_methods_say_when_none_are_kept),
    };
    return cmocka_run_group_tests_name("lane/files", tests, NULL, NULL);
}
