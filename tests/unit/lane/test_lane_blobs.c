/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folder of bytes, without a lane: pieces, hashes, what a crash between any two steps leaves,
 * what is swept. Hashes are those of FIPS 180-2 and of sha256sum.
 */
#include "support/blobs_place.h"

static enum sgn_status
put(struct place *p, const struct lane_upload *upload, int64_t offset, const char *text,
    int64_t *held)
{
    sgn_error_clear(&p->err);
    return lane_blobs_put(p->blobs, upload, offset, text, strlen(text), held, &p->err);
}

static enum sgn_status
settle(struct place *p, const struct lane_upload *upload)
{
    sgn_error_clear(&p->err);
    return lane_blobs_settle(p->blobs, upload, &p->err);
}

static void
assert_bytes(struct place *p, const char *hash, const char *expected)
{
    char bytes[64];
    size_t n;

    assert_int_equal(lane_blobs_read(p->blobs, hash, 0, bytes, sizeof bytes, &n, &p->err), SGN_OK);
    assert_int_equal(n, strlen(expected));
    assert_memory_equal(bytes, expected, n);
}

/* ---- uploads ---- */

static void
test_blobs_are_kept_under_their_hash(void **state)
{
    struct place *p = *state;
    struct lane_upload upload = upload_of(1, 5), found;
    int64_t held = 0;
    struct stat st;
    char path[160], bytes[4];
    size_t n;

    assert_int_equal(begin(p, &upload), SGN_OK);
    assert_int_equal(put(p, &upload, 0, "ab", &held), SGN_OK);
    assert_int_equal(held, 2);
    assert_false(lane_blobs_settled(p->blobs, &upload, &found));
    assert_int_equal(put(p, &upload, 2, "c", &held), SGN_OK);
    assert_int_equal(settle(p, &upload), SGN_OK);
    assert_bytes(p, ABC, "abc");
    assert_int_equal(stat(path_of(p, "ba/" ABC, path), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0400);
    assert_true(lane_blobs_settled(p->blobs, &upload, &found));
    assert_string_equal(found.name, "abc.txt");
    assert_int_equal(found.at, 5);
    assert_int_equal(lane_blobs_read(p->blobs, ABC, 2, bytes, sizeof bytes, &n, &p->err), SGN_OK);
    assert_int_equal(n, 1);
    assert_int_equal(settle(p, &upload), SGN_OK); /* repeatable */
    lane_blobs_drop(p->blobs, upload.id);
    assert_false(is_there(p, "incoming/00000000000000000000000000000001.json"));
    assert_bytes(p, ABC, "abc");
}

static void
test_blobs_pieces_may_come_again_but_leave_no_hole(void **state)
{
    struct place *p = *state;
    struct lane_upload upload = upload_of(1, 0);
    int64_t held = 0;

    assert_int_equal(begin(p, &upload), SGN_OK);
    assert_int_equal(put(p, &upload, 1, "b", &held), SGN_CONFLICT);
    assert_int_equal(json_integer_value(json_object_get(p->err.data, "offset")), 0);
    assert_int_equal(put(p, &upload, 0, "xyz", &held), SGN_OK);
    assert_int_equal(put(p, &upload, 0, "ab", &held), SGN_OK);
    assert_int_equal(held, 3); /* what lay behind stays */
    assert_int_equal(put(p, &upload, 2, "c", &held), SGN_OK);
    assert_int_equal(put(p, &upload, 3, "d", &held), SGN_INVALID);
    assert_int_equal(put(p, &upload, 0, "abcd", &held), SGN_INVALID);
    assert_int_equal(put(p, &upload, INT64_MAX, "d", &held), SGN_CONFLICT);
    assert_int_equal(settle(p, &upload), SGN_OK);
    assert_int_equal(put(p, &upload, 0, "abc", &held), SGN_NOT_NOW);
    assert_bytes(p, ABC, "abc");
}

static void
test_blobs_refuse_what_was_not_announced(void **state)
{
    struct place *p = *state;
    struct lane_upload upload = upload_of(1, 0);
    int64_t held = 0;

    assert_int_equal(begin(p, &upload), SGN_OK);
    assert_int_equal(put(p, &upload, 0, "ab", &held), SGN_OK);
    assert_int_equal(settle(p, &upload), SGN_INVALID); /* too short */
    assert_int_equal(put(p, &upload, 0, "abd", &held), SGN_OK);
    assert_int_equal(settle(p, &upload), SGN_INVALID); /* another hash */
    assert_false(is_there(p, "ba"));
    assert_int_equal(put(p, &upload, 2, "c", &held), SGN_OK); /* it can be put right */
    assert_int_equal(settle(p, &upload), SGN_OK);
}

static void
test_blobs_of_others_are_not_found(void **state)
{
    struct place *p = *state;
    struct lane_upload upload = upload_of(1, 0), other = upload, nobody = { .id = "../signoff" };
    int64_t held = 0;

    assert_int_equal(begin(p, &upload), SGN_OK);
    strcpy(other.person, "wang");
    assert_int_equal(put(p, &other, 0, "abc", &held), SGN_NOT_FOUND);
    assert_int_equal(settle(p, &other), SGN_NOT_FOUND);
    other = upload;
    strcpy(other.team, "else");
    assert_int_equal(settle(p, &other), SGN_NOT_FOUND);
    assert_int_equal(settle(p, &nobody), SGN_NOT_FOUND);
    assert_int_equal(put(p, &nobody, 0, "abc", &held), SGN_NOT_FOUND);
}

static void
test_blobs_begin_again_only_for_the_same(void **state)
{
    struct place *p = *state;
    struct lane_upload upload = upload_of(1, 0), other = upload;
    int64_t held = 0;

    assert_int_equal(begin(p, &upload), SGN_OK);
    assert_int_equal(put(p, &upload, 0, "ab", &held), SGN_OK);
    assert_int_equal(lane_blobs_begin(p->blobs, &upload, ROOM, &held, &p->err), SGN_OK);
    assert_int_equal(held, 2);
    strcpy(other.name, "b.txt");
    assert_int_equal(begin(p, &other), SGN_CONFLICT);
}

static void
test_blobs_leave_the_disk_its_reserve(void **state)
{
    struct place *p = *state;
    struct lane_upload upload = upload_of(1, 0);

    lane_blobs_free(p->blobs);
    assert_int_equal(lane_blobs_open(p->files, INT64_MAX, NULL, &p->blobs, &p->err), SGN_OK);
    assert_int_equal(begin(p, &upload), SGN_UNAVAILABLE);
    assert_false(is_there(p, "incoming/00000000000000000000000000000001"));
}

/* ---- crashes ---- */

static void
test_blobs_uploads_outlive_a_restart(void **state)
{
    struct place *p = *state;
    struct lane_upload upload = upload_of(1, 7), found;
    int64_t held = 0;

    assert_int_equal(begin(p, &upload), SGN_OK);
    assert_int_equal(put(p, &upload, 0, "ab", &held), SGN_OK);
    again(p);
    assert_int_equal(put(p, &upload, 3, "c", &held), SGN_CONFLICT);
    assert_int_equal(put(p, &upload, 2, "c", &held), SGN_OK);
    assert_int_equal(settle(p, &upload), SGN_OK);
    assert_true(lane_blobs_settled(p->blobs, &upload, &found));
    assert_memory_equal(&found, &upload, sizeof found);
}

/* The bytes are under their hash, and nobody was told: the end is asked for again. */
static void
test_blobs_a_crash_after_the_move_is_made_good(void **state)
{
    struct place *p = *state;
    struct lane_upload upload = upload_of(1, 0), found;
    int64_t held = 0;

    assert_int_equal(begin(p, &upload), SGN_OK);
    assert_int_equal(put(p, &upload, 0, "abc", &held), SGN_OK);
    assert_int_equal(settle(p, &upload), SGN_OK);
    again(p);
    assert_true(lane_blobs_next_named(p->blobs, &found)); /* its row may be there */
    assert_string_equal(found.id, upload.id);
    assert_false(lane_blobs_next_named(p->blobs, &found));
    assert_false(lane_blobs_settled(p->blobs, &upload, &found));
    assert_int_equal(settle(p, &upload), SGN_OK);
    assert_true(lane_blobs_settled(p->blobs, &upload, &found));
}

/* What a power cut may leave: bytes without a description, a description half written, or one
 * whose bytes are gone. None of it is an upload, and all of it goes. */
static void
test_blobs_remains_of_a_crash_are_removed(void **state)
{
    struct place *p = *state;
    struct lane_upload upload = upload_of(3, 0);

    write_file(p, "incoming/00000000000000000000000000000001", "abc");
    write_file(p, "incoming/00000000000000000000000000000002", "abc");
    write_file(p, "incoming/00000000000000000000000000000002.json", "{\"team\": \"de");
    write_file(p, "incoming/00000000000000000000000000000003.new", "{");
    write_file(p, "incoming/00000000000000000000000000000004.json",
               "{\"team\":\"demo\",\"person\":\"li\",\"name\":\"a\",\"type\":\"a/b\","
               "\"sha256\":\"" ABC "\",\"size\":3,\"at\":1}");
    write_file(p, "incoming/notes", "not ours");
    again(p);
    assert_int_equal(settle(p, &upload), SGN_NOT_FOUND);
    assert_false(is_there(p, "incoming/00000000000000000000000000000001"));
    assert_false(is_there(p, "incoming/00000000000000000000000000000002"));
    assert_false(is_there(p, "incoming/00000000000000000000000000000002.json"));
    assert_false(is_there(p, "incoming/00000000000000000000000000000003.new"));
    assert_false(is_there(p, "incoming/00000000000000000000000000000004.json"));
    assert_true(is_there(p, "incoming/notes"));
}

/* A link in the folder, put there by whomever, is never followed. */
static void
test_blobs_follow_no_links(void **state)
{
    struct place *p = *state;
    struct lane_upload upload = upload_of(1, 0);
    char path[160], outside[160];
    int64_t held = 0;
    size_t n;

    snprintf(outside, sizeof outside, "%s/outside", p->dir);
    fclose(fopen(outside, "w"));
    assert_int_equal(begin(p, &upload), SGN_OK);
    assert_int_equal(unlink(path_of(p, "incoming/00000000000000000000000000000001", path)), 0);
    assert_int_equal(symlink(outside, path), 0);
    assert_int_equal(put(p, &upload, 0, "abc", &held), SGN_UNAVAILABLE);
    assert_int_equal(mkdir(path_of(p, "ba", path), 0700), 0);
    assert_int_equal(symlink(outside, path_of(p, "ba/" ABC, path)), 0);
    assert_int_equal(lane_blobs_read(p->blobs, ABC, 0, path, 1, &n, &p->err), SGN_UNAVAILABLE);
}

/* ---- keeping ---- */

static void
test_blobs_check_finds_every_damage(void **state)
{
    struct place *p = *state;

    assert_int_equal(lane_blobs_check(p->blobs, ABC, 3, &p->err), SGN_INVALID);
    mkdir(path_of(p, "ba", p->err.message), 0700);
    write_file(p, "ba/" ABC, "abc");
    assert_int_equal(lane_blobs_check(p->blobs, ABC, 3, &p->err), SGN_OK);
    assert_int_equal(lane_blobs_check(p->blobs, ABC, 4, &p->err), SGN_INVALID);
    write_file(p, "ba/" ABC, "abd");
    assert_int_equal(lane_blobs_check(p->blobs, ABC, 3, &p->err), SGN_INVALID);
}

static void
test_blobs_expire_by_the_time_they_began(void **state)
{
    struct place *p = *state;
    struct lane_upload old = upload_of(1, 100), fresh = upload_of(2, 200), named = upload_of(3, 1);
    int64_t held = 0;

    assert_int_equal(begin(p, &old), SGN_OK);
    assert_int_equal(begin(p, &fresh), SGN_OK);
    assert_int_equal(begin(p, &named), SGN_OK);
    lane_blobs_named(p->blobs, named.id); /* the lane has it in hand */
    assert_int_equal(lane_blobs_expire(p->blobs, 200), 1);
    assert_int_equal(put(p, &old, 0, "abc", &held), SGN_NOT_FOUND);
    assert_int_equal(put(p, &fresh, 0, "abc", &held), SGN_OK);
    assert_int_equal(put(p, &named, 0, "abc", &held), SGN_OK);
    assert_false(is_there(p, "incoming/00000000000000000000000000000001"));
}

static enum sgn_status
needed_if(void *ctx, const char *sha256, bool *needed, struct sgn_error *err)
{
    (void)err;
    *needed = ctx != NULL && strcmp(ctx, sha256) == 0;
    return SGN_OK;
}

static int
sweep(struct place *p, const char *needed)
{
    int all = 0;

    for (int i = 0; i < LANE_BLOB_FOLDERS; i++) {
        int removed = 0;

        assert_int_equal(
            lane_blobs_sweep(p->blobs, i, needed_if, (void *)(uintptr_t)needed, &removed, &p->err),
            SGN_OK);
        all += removed;
    }
    return all;
}

static void
test_blobs_sweep_keeps_what_is_needed(void **state)
{
    struct place *p = *state;
    struct lane_upload upload = upload_of(1, 0), empty = upload_of(2, 0);
    int64_t held = 0;

    strcpy(empty.sha256, EMPTY);
    empty.size = 0;
    assert_int_equal(begin(p, &upload), SGN_OK);
    assert_int_equal(begin(p, &empty), SGN_OK);
    assert_int_equal(put(p, &upload, 0, "abc", &held), SGN_OK);
    assert_int_equal(settle(p, &upload), SGN_OK);
    assert_int_equal(settle(p, &empty), SGN_OK);
    assert_int_equal(sweep(p, NULL), 0); /* uploads need them: their rows may be on the way */
    lane_blobs_drop(p->blobs, upload.id);
    lane_blobs_drop(p->blobs, empty.id);
    assert_int_equal(sweep(p, ABC), 1);
    assert_bytes(p, ABC, "abc");
    assert_false(is_there(p, "e3/" EMPTY));
    assert_int_equal(sweep(p, NULL), 1);
    assert_false(is_there(p, "ba/" ABC));
}

/* Two nodes with one folder: neither sees the other's uploads, nor removes what it settled. */
static void
test_blobs_of_another_node_are_left_alone(void **state)
{
    struct place *p = *state, there = *p;
    struct lane_upload upload = upload_of(1, 0), half = upload_of(2, 0);
    int64_t held = 0;

    lane_blobs_free(p->blobs);
    assert_int_equal(lane_blobs_open(p->files, 1, "a", &p->blobs, &p->err), SGN_OK);
    assert_int_equal(begin(p, &upload), SGN_OK);
    assert_int_equal(put(p, &upload, 0, "abc", &held), SGN_OK);
    assert_int_equal(begin(p, &half), SGN_OK);
    assert_int_equal(put(p, &half, 0, "a", &held), SGN_OK);
    assert_int_equal(settle(p, &upload), SGN_OK);

    assert_int_equal(lane_blobs_open(p->files, 1, "b", &there.blobs, &p->err), SGN_OK);
    assert_int_equal(put(&there, &half, 1, "b", &held), SGN_NOT_FOUND);
    assert_int_equal(lane_blobs_expire(there.blobs, INT64_MAX), 0);
    assert_int_equal(sweep(&there, NULL), 0);
    assert_bytes(&there, ABC, "abc");
    lane_blobs_free(there.blobs);
    sgn_error_clear(&there.err);

    assert_int_equal(put(p, &half, 1, "bc", &held), SGN_OK);
    assert_int_equal(held, 3);
}

static void
test_blobs_open_read_changes_nothing(void **state)
{
    struct place *p = *state;
    struct lane_blobs *reading = NULL;
    char nowhere[160];

    write_file(p, "incoming/00000000000000000000000000000001", "abc");
    assert_int_equal(lane_blobs_open_read(p->files, &reading, &p->err), SGN_OK);
    lane_blobs_free(reading);
    assert_true(is_there(p, "incoming/00000000000000000000000000000001"));
    assert_int_equal(lane_blobs_open_read(path_of(p, "nowhere", nowhere), &reading, &p->err),
                     SGN_NOT_FOUND);
    assert_null(reading);
    assert_false(is_there(p, "nowhere"));
}

/* ---- names ---- */

static void
test_file_name_leads_nowhere_and_hides_nothing(void **state)
{
    static const char *const names[][2] = {
        { "report.pdf", "report.pdf" },
        { "../../etc/passwd", "passwd" },
        { "C:\\windows\\a.exe", "a.exe" },
        { "", "file" },
        { ".", "file" },
        { "..", "file" },
        { "a/", "file" },
        { "  spaced name  ", "spaced name" },
        { "a\tb\r\n\x7f.txt", "ab.txt" },
        { "a\xC2\x85"
          "b",
          "ab" }, /* C1 */
        { "gnp\xE2\x80\xAE"
          "fdp.exe",
          "gnpfdp.exe" }, /* right-to-left override */
        { "\xE2\x81\xA6x\xE2\x81\xA9", "x" },
        { "\xE6\x8A\xA5\xE5\x91\x8A.pdf", "\xE6\x8A\xA5\xE5\x91\x8A.pdf" },
    };
    char out[LANE_FILE_NAME_MAX + 1], longest[1001];

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        lane_file_name(names[i][0], out);
        assert_string_equal(out, names[i][1]);
    }
    for (size_t i = 0; i < 1000; i += 2)
        memcpy(longest + i, "\xC3\xA9", 2);
    longest[1000] = '\0';
    lane_file_name(longest, out);
    assert_int_equal(strlen(out), 254); /* whole characters only */
    assert_true(sgn_utf8_valid(out, strlen(out)));
}

static void
test_media_types_are_those_of_rfc_6838(void **state)
{
    static const char *const good[] = { "text/plain", "application/vnd.ms-excel", "image/svg+xml",
                                        "a/b", "x-1/y_2.z" };
    static const char *const wrong[] = { "",
                                         "text",
                                         "text/",
                                         "/plain",
                                         "Text/plain",
                                         "text/plain; charset=utf-8",
                                         "text/pl ain",
                                         "a/b/c",
                                         "-a/b",
                                         "a/\n" };

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(lane_media_type_valid(good[i]));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(lane_media_type_valid(wrong[i]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(test_blobs_are_kept_under_their_hash),
        IN_PLACE(test_blobs_pieces_may_come_again_but_leave_no_hole),
        IN_PLACE(test_blobs_refuse_what_was_not_announced),
        IN_PLACE(test_blobs_of_others_are_not_found),
        IN_PLACE(test_blobs_begin_again_only_for_the_same),
        IN_PLACE(test_blobs_leave_the_disk_its_reserve),
        IN_PLACE(test_blobs_uploads_outlive_a_restart),
        IN_PLACE(test_blobs_a_crash_after_the_move_is_made_good),
        IN_PLACE(test_blobs_remains_of_a_crash_are_removed),
        IN_PLACE(test_blobs_follow_no_links),
        IN_PLACE(test_blobs_check_finds_every_damage),
        IN_PLACE(test_blobs_expire_by_the_time_they_began),
        IN_PLACE(test_blobs_sweep_keeps_what_is_needed),
        IN_PLACE(test_blobs_of_another_node_are_left_alone),
        IN_PLACE(test_blobs_open_read_changes_nothing),
        cmocka_unit_test(test_file_name_leads_nowhere_and_hides_nothing),
        cmocka_unit_test(test_media_types_are_those_of_rfc_6838),
    };
    return cmocka_run_group_tests_name("lane/blobs", tests, NULL, NULL);
}
