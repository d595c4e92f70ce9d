/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of bytes of a test's own, and uploads of "abc". Included by one .c file of a program. */
#ifndef BLOBS_PLACE_H
#define BLOBS_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "blobs.h"
#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ABC   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" /* "abc" */
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" /* "" */
#define ROOM  1000

struct place {
    char dir[64], files[80];
    struct lane_blobs *blobs;
    struct sgn_error err;
};

static inline int
setup(void **state)
{
    struct place *p = calloc(1, sizeof *p);

    assert_int_equal(sgn_hash_init(&p->err), SGN_OK);
    snprintf(p->dir, sizeof p->dir, "/tmp/sgn-blobs-XXXXXX");
    assert_non_null(mkdtemp(p->dir));
    snprintf(p->files, sizeof p->files, "%s/files", p->dir);
    assert_int_equal(lane_blobs_open(p->files, 1, NULL, &p->blobs, &p->err), SGN_OK);
    *state = p;
    return 0;
}

static inline int
remove_one(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
    (void)info;
    (void)flag;
    (void)walk;
    return remove(path);
}

static inline int
teardown(void **state)
{
    struct place *p = *state;

    lane_blobs_free(p->blobs);
    sgn_error_clear(&p->err);
    (void)nftw(p->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(p);
    return 0;
}

/* As after a crash: what is on the disk is all that is known. */
static inline void
again(struct place *p)
{
    lane_blobs_free(p->blobs);
    p->blobs = NULL;
    assert_int_equal(lane_blobs_open(p->files, 1, NULL, &p->blobs, &p->err), SGN_OK);
}

static inline char *
path_of(const struct place *p, const char *name, char out[160])
{
    snprintf(out, 160, "%s/%s", p->files, name);
    return out;
}

static inline bool
is_there(const struct place *p, const char *name)
{
    char path[160];

    return access(path_of(p, name, path), F_OK) == 0;
}

static inline void
write_file(const struct place *p, const char *name, const char *text)
{
    char path[160];
    FILE *file = fopen(path_of(p, name, path), "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* Upload number n of "abc", begun at that time by li. */
static inline struct lane_upload
upload_of(int n, int64_t at)
{
    struct lane_upload upload = { .team = "demo",
                                  .person = "li",
                                  .name = "abc.txt",
                                  .type = "text/plain",
                                  .sha256 = ABC,
                                  .size = 3,
                                  .at = at };

    snprintf(upload.id, sizeof upload.id, "%032x", (unsigned)n);
    return upload;
}

static inline enum sgn_status
begin(struct place *p, const struct lane_upload *upload)
{
    int64_t held;

    sgn_error_clear(&p->err);
    return lane_blobs_begin(p->blobs, upload, ROOM, &held, &p->err);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
