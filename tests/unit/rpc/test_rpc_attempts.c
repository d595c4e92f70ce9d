/* SPDX-License-Identifier: Apache-2.0 */
/* Failed logins of an address: how many are borne, who passes all the same, what is forgotten. */
#include "attempts.h"
#include "hash.h"
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MOST 5

static int
setup(void **state)
{
    *state = rpc_attempts_new(MOST);
    return *state != NULL ? 0 : -1;
}

static int
teardown(void **state)
{
    rpc_attempts_free(*state);
    return 0;
}

static bool
may(void *attempts, uint64_t address, const char *hash, int64_t now)
{
    int64_t retry_ms;
    bool so = rpc_attempts_may(attempts, address, hash, now, &retry_ms);

    assert_int_equal(so, retry_ms == 0);
    return so;
}

static const char *
hash_of(const char *secret, char out[SGN_HASH_HEX])
{
    sgn_sha256(secret, strlen(secret), out);
    return out;
}

static void
test_address_that_fails_too_often_waits_and_no_other_does(void **state)
{
    char hash[SGN_HASH_HEX];
    int64_t retry_ms;

    hash_of("a", hash);
    for (int i = 0; i < MOST; i++) {
        assert_true(may(*state, 7, hash, 1000));
        rpc_attempts_failed(*state, 7, hash, 1000);
    }
    assert_false(rpc_attempts_may(*state, 7, hash, 1000, &retry_ms));
    assert_int_equal(retry_ms, RPC_ATTEMPT_MS);
    assert_false(rpc_attempts_may(*state, 7, NULL, 1999, &retry_ms));
    assert_int_equal(retry_ms, RPC_ATTEMPT_MS - 999);
    assert_true(may(*state, 8, hash, 1000));
}

static void
test_one_more_failure_is_borne_after_each_while_and_all_after_as_many(void **state)
{
    int64_t now = 5000;

    for (int i = 0; i < MOST; i++)
        rpc_attempts_failed(*state, 7, NULL, now);
    for (int i = 0; i < 3; i++) {
        assert_false(may(*state, 7, NULL, now + RPC_ATTEMPT_MS - 1));
        now += RPC_ATTEMPT_MS;
        assert_true(may(*state, 7, NULL, now));
        rpc_attempts_failed(*state, 7, NULL, now);
        assert_false(may(*state, 7, NULL, now));
    }
    now += MOST * RPC_ATTEMPT_MS;
    for (int i = 0; i < MOST; i++) {
        assert_true(may(*state, 7, NULL, now));
        rpc_attempts_failed(*state, 7, NULL, now);
    }
    assert_false(may(*state, 7, NULL, now));
}

/* Whoever shares an address with somebody who tries tokens is not locked out. */
static void
test_credential_that_was_good_passes_until_it_is_no_good(void **state)
{
    char good[SGN_HASH_HEX], other[SGN_HASH_HEX];

    rpc_attempts_good(*state, hash_of("good", good));
    hash_of("other", other);
    for (int i = 0; i < MOST; i++)
        rpc_attempts_failed(*state, 7, other, 0);
    assert_false(may(*state, 7, other, 0));
    assert_true(may(*state, 7, good, 0));
    rpc_attempts_failed(*state, 7, good, 0);
    assert_false(may(*state, 7, good, 0));
}

static void
test_who_has_no_address_is_not_limited(void **state)
{
    for (int i = 0; i < 10 * MOST; i++)
        rpc_attempts_failed(*state, 0, NULL, 0);
    assert_true(may(*state, 0, NULL, 0));
}

/* A hundred thousand strangers find room, and push out nobody who has much to wait unless all that
 * share the place have more. */
static void
test_flood_of_addresses_forgets_those_with_least_to_wait(void **state)
{
    for (int i = 0; i < 100; i++)
        rpc_attempts_failed(*state, 7, NULL, 0);
    for (uint64_t address = 1000; address < 101000; address++)
        rpc_attempts_failed(*state, address, NULL, 0);
    assert_false(may(*state, 7, NULL, 0));
}

static void
test_flood_of_credentials_keeps_the_last_ones(void **state)
{
    char secret[32], hash[SGN_HASH_HEX];

    for (int i = 0; i < 20000; i++) {
        snprintf(secret, sizeof(secret), "secret %d", i);
        rpc_attempts_good(*state, hash_of(secret, hash));
    }
    for (int i = 0; i < MOST; i++)
        rpc_attempts_failed(*state, 7, NULL, 0);
    assert_true(may(*state, 7, hash, 0));
    assert_false(may(*state, 7, hash_of("secret 0", hash), 0));
    /* Seen again and again it stays, and takes one place. */
    rpc_attempts_good(*state, hash_of("mine", hash));
    for (int i = 0; i < 3; i++)
        rpc_attempts_good(*state, hash);
    assert_true(may(*state, 7, hash, 0));
    rpc_attempts_failed(*state, 7, hash, 0);
    assert_false(may(*state, 7, hash, 0));
}

int
main(void)
{
#define IT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        IT(test_address_that_fails_too_often_waits_and_no_other_does),
        IT(test_one_more_failure_is_borne_after_each_while_and_all_after_as_many),
        IT(test_credential_that_was_good_passes_until_it_is_no_good),
        IT(test_who_has_no_address_is_not_limited),
        IT(test_flood_of_addresses_forgets_those_with_least_to_wait),
        IT(test_flood_of_credentials_keeps_the_last_ones),
    };

    return cmocka_run_group_tests_name("rpc/attempts", tests, NULL, NULL);
}
