/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folder of a store: network file systems by their numbers, locks, room.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store_disk.h"
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
test_disk_network_knows_network_file_systems(void **state)
{
    (void)state;
    assert_string_equal(store_disk_network(NFS_SUPER_MAGIC), "NFS");
    assert_string_equal(store_disk_network(SMB_SUPER_MAGIC), "SMB");
    assert_string_equal(store_disk_network(SMB2_SUPER_MAGIC), "SMB2");
    assert_string_equal(store_disk_network(CIFS_SUPER_MAGIC), "SMB (CIFS)");
    assert_string_equal(store_disk_network(AFS_SUPER_MAGIC), "AFS");
    assert_string_equal(store_disk_network(CODA_SUPER_MAGIC), "Coda");
    /* As a machine with 32-bit signed types widens it. */
    assert_string_equal(store_disk_network((unsigned long)(int32_t)CIFS_SUPER_MAGIC), "SMB (CIFS)");
}

static void
test_disk_network_lets_local_file_systems_be(void **state)
{
    static const unsigned long local[] = {
        EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC,  BTRFS_SUPER_MAGIC,
        TMPFS_MAGIC,      F2FS_SUPER_MAGIC, OVERLAYFS_SUPER_MAGIC
    };

    (void)state;
    for (size_t i = 0; i < sizeof local / sizeof local[0]; i++)
        assert_null(store_disk_network(local[i]));
}

static void
test_disk_lock_is_held_by_one(void **state)
{
    char dir[] = "/tmp/signoff-disk-XXXXXX", path[64], words[64];
    struct sgn_error err = { 0 };
    int one = -1, two = -1;

    (void)state;
    assert_non_null(mkdtemp(dir));
    assert_int_equal(store_disk_lock(dir, &one, &err), SGN_OK);
    assert_int_equal(store_disk_lock(dir, &two, &err), SGN_CONFLICT);
    snprintf(words, sizeof words, "process %ld", (long)getpid());
    assert_non_null(strstr(err.message, words));
    assert_int_equal(close(one), 0);
    assert_int_equal(store_disk_lock(dir, &two, &err), SGN_OK);
    assert_int_equal(close(two), 0);
    snprintf(path, sizeof path, "%s/lock", dir);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0);
    assert_int_equal(store_disk_lock(dir, &two, &err), SGN_UNAVAILABLE);
    sgn_error_clear(&err);
}

static void
test_disk_free_and_size_never_fail(void **state)
{
    (void)state;
    assert_true(store_disk_free("/tmp") > 0);
    assert_true(store_disk_free("/nowhere/at/all") == INT64_MAX);
    assert_int_equal(store_disk_size("/nowhere/at/all"), 0);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_disk_network_knows_network_file_systems),
        cmocka_unit_test(test_disk_network_lets_local_file_systems_be),
        cmocka_unit_test(test_disk_lock_is_held_by_one),
        cmocka_unit_test(test_disk_free_and_size_never_fail),
    };
    return cmocka_run_group_tests_name("store/disk", tests, NULL, NULL);
}
