/* SPDX-License-Identifier: Apache-2.0 */
/* How many uploads may be under way, how much they may announce, and which give way. */
#include "support/blobs_place.h"

static void
test_blobs_count_uploads_under_way(void **state)
{
    struct place *p = *state;
    struct lane_upload upload, other;
    int64_t held;
    int n = 0;

    for (; n < LANE_UPLOADS_MAX; n++) {
        upload = upload_of(n, 0);
        assert_int_equal(begin(p, &upload), SGN_OK);
    }
    upload = upload_of(n, 0);
    assert_int_equal(begin(p, &upload), SGN_OVERLOADED);
    other = upload;
    strcpy(other.person, "wang");
    /* 32 uploads of 3 bytes are promised; one more fits into 99, none into 98. */
    assert_int_equal(lane_blobs_begin(p->blobs, &other, 98, &held, &p->err), SGN_TOO_LARGE);
    assert_int_equal(lane_blobs_begin(p->blobs, &other, 99, &held, &p->err), SGN_OK);
}

/* A piece of the n-th upload at that time. */
static enum sgn_status
grow(struct place *p, int n, int64_t at, int64_t offset)
{
    struct lane_upload upload = upload_of(n, at);
    int64_t held;

    sgn_error_clear(&p->err);
    return lane_blobs_put(p->blobs, &upload, offset, "abc" + offset, 1, &held, &p->err);
}

static void
test_blobs_that_do_not_grow_give_way(void **state)
{
    const int64_t still = LANE_UPLOAD_STILL_MS;
    struct place *p = *state;
    struct lane_upload upload;

    for (int n = 0; n < LANE_UPLOADS_MAX; n++) {
        upload = upload_of(n, n);
        assert_int_equal(begin(p, &upload), SGN_OK);
    }
    assert_int_equal(grow(p, 0, still / 2, 0), SGN_OK);
    upload = upload_of(100, still);
    assert_int_equal(begin(p, &upload), SGN_OVERLOADED);
    upload = upload_of(100, still + 1);
    assert_int_equal(begin(p, &upload), SGN_OK); /* 1 was begun at 1; 0 has grown */
    assert_int_equal(grow(p, 1, still + 1, 0), SGN_NOT_FOUND);
    upload = upload_of(101, still + 1);
    assert_int_equal(begin(p, &upload), SGN_OVERLOADED);
    /* The same byte again is no growth, another one is. */
    assert_int_equal(grow(p, 0, still + 1, 0), SGN_OK);
    assert_int_equal(grow(p, 2, still + 1, 0), SGN_OK);
    upload = upload_of(101, still + still / 2);
    assert_int_equal(begin(p, &upload), SGN_OK); /* the stillest of many: 3 */
    assert_int_equal(grow(p, 3, 2 * still, 0), SGN_NOT_FOUND);
    assert_int_equal(grow(p, 2, 2 * still, 1), SGN_OK);
    assert_int_equal(grow(p, 0, 2 * still, 1), SGN_OK);
}

/* Announced, and nothing sent: it is nobody's room for long, whoever announced it. */
static void
test_blobs_announced_in_vain_take_no_room(void **state)
{
    struct place *p = *state;
    struct lane_upload upload, other = upload_of(50, LANE_UPLOAD_STILL_MS);
    int64_t held;

    for (int n = 0; n < 4; n++) {
        upload = upload_of(n, 0);
        assert_int_equal(begin(p, &upload), SGN_OK);
    }
    strcpy(other.person, "wang");
    other.at = LANE_UPLOAD_STILL_MS - 1;
    assert_int_equal(lane_blobs_begin(p->blobs, &other, 12, &held, &p->err), SGN_TOO_LARGE);
    other.at = LANE_UPLOAD_STILL_MS;
    assert_int_equal(lane_blobs_begin(p->blobs, &other, 2, &held, &p->err), SGN_TOO_LARGE);
    for (int n = 0; n < 4; n++) /* nothing was dropped for what did not fit all the same */
        assert_int_equal(grow(p, n, n == 0 ? 0 : LANE_UPLOAD_STILL_MS, 0), SGN_OK);
    assert_int_equal(lane_blobs_begin(p->blobs, &other, 12, &held, &p->err), SGN_OK);
    assert_int_equal(grow(p, 0, LANE_UPLOAD_STILL_MS, 1), SGN_NOT_FOUND);
    assert_int_equal(grow(p, 1, LANE_UPLOAD_STILL_MS, 1), SGN_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(test_blobs_count_uploads_under_way),
        IN_PLACE(test_blobs_that_do_not_grow_give_way),
        IN_PLACE(test_blobs_announced_in_vain_take_no_room),
    };

    return cmocka_run_group_tests_name("lane/uploads", tests, NULL, NULL);
}
