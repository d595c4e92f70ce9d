/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What comes before the first process: the rules are loaded before the network is opened.
 */
#include "workers.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Whether a process ends before it is written to is chance, so what the writer hears is looked
 * at. */
static void
test_workers_process_that_ends_at_once_does_not_end_the_server(void **state)
{
    struct workers_options options;
    struct rules *rules = NULL;
    struct sgn_error err = { 0 };
    struct sigaction action = { 0 };

    (void)state;
    (void)signal(SIGPIPE, SIG_DFL);
    workers_options_default(&options);
    assert_int_equal(workers_new(&options, &rules, &err), SGN_OK);
    assert_int_equal(sigaction(SIGPIPE, NULL, &action), 0);
    assert_ptr_equal(action.sa_handler, SIG_IGN);
    rules->ops->free(rules);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_workers_process_that_ends_at_once_does_not_end_the_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
