/* SPDX-License-Identifier: Apache-2.0 */
/* What is going to be removed is announced, and who uses it is told of in the log, once. */
#include "deprecated.h"
#include "fake_peer.h"
#include "log.h"

static const struct rpc_deprecation planted[] = {
    { "server.ping", "0.2.0", "0.3.0", "server.health" },
    { "case.get case", "0.2.0", "0.3.0", "key" },
    { NULL, NULL, NULL, NULL },
};

static int logged;

void __wrap_sgn_log(enum sgn_log_level level, const char *what, ...);

void
__wrap_sgn_log(enum sgn_log_level level, const char *what, ...)
{
    logged += level == SGN_LOG_WARN && strcmp(what, "used, and going to be removed") == 0;
}

static int
setup(void **state)
{
    static struct fake fake;

    fake_open(&fake, NULL);
    fake.rpc->options.deprecations = planted;
    fake_login(&fake, "li");
    logged = 0;
    *state = &fake;
    return 0;
}

static int
teardown(void **state)
{
    fake_close(*state);
    return 0;
}

static void
test_deprecated_method_and_parameter_are_known_and_others_not(void **state)
{
    json_t *with = json_pack("{s:s}", "case", "CR-1"), *without = json_object();

    (void)state;
    assert_ptr_equal(rpc_deprecation_used(planted, "server.ping", NULL), &planted[0]);
    assert_ptr_equal(rpc_deprecation_used(planted, "case.get", with), &planted[1]);
    assert_null(rpc_deprecation_used(planted, "case.get", without));
    assert_null(rpc_deprecation_used(planted, "case.list", with));
    assert_null(rpc_deprecation_used(planted, "server.pin", NULL));
    assert_null(rpc_deprecation_used(rpc_deprecations(), "server.ping", NULL));
    json_decref(with);
    json_decref(without);
}

static void
test_deprecated_is_listed_with_versions_and_what_to_use(void **state)
{
    json_t *listed = rpc_deprecations_json(planted);
    json_t *want =
        json_pack("[{s:s, s:s, s:s, s:s}, {s:s, s:s, s:s, s:s}]", "what", "server.ping", "since",
                  "0.2.0", "removed", "0.3.0", "instead", "server.health", "what", "case.get case",
                  "since", "0.2.0", "removed", "0.3.0", "instead", "key");

    (void)state;
    assert_true(json_equal(listed, want));
    json_decref(listed);
    json_decref(want);
}

static void
test_deprecated_use_is_logged_once_for_a_connection(void **state)
{
    struct fake *fake = *state;

    fake_say(fake, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server.info\"}");
    assert_int_equal(logged, 0);
    fake_say(fake, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"server.ping\"}");
    fake_say(fake, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"server.ping\"}");
    assert_int_equal(logged, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deprecated_method_and_parameter_are_known_and_others_not),
        cmocka_unit_test(test_deprecated_is_listed_with_versions_and_what_to_use),
        cmocka_unit_test_setup_teardown(test_deprecated_use_is_logged_once_for_a_connection, setup,
                                        teardown),
    };

    return cmocka_run_group_tests_name("rpc/deprecated", tests, NULL, NULL);
}
