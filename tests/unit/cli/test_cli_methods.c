/* SPDX-License-Identifier: Apache-2.0 */
/* The commands against the method table: a command calls what exists, with what it takes. */
#include "commands.h"
#include "remote.h"
#include "rpc.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool
takes(const struct rpc_method *method, const char *name, size_t n)
{
    for (const struct rpc_param *p = method->params; p != NULL && p->name != NULL; p++) {
        if (strlen(p->name) == n && strncmp(p->name, name, n) == 0)
            return true;
    }
    return false;
}

/* request_id is every writing method's and team an operator's, where it may be named: neither
 * stands in a row. */
static bool
may_send(const struct rpc_method *method, const char *name, size_t n)
{
    return takes(method, name, n) ||
           (method->where == RPC_WRITE && n == 10 && strncmp(name, "request_id", n) == 0) ||
           (method->whose && n == 4 && strncmp(name, "team", n) == 0);
}

static void
expect_param(const struct cli_command *c, const struct rpc_method *method, const char *name,
             size_t n)
{
    if (!may_send(method, name, n))
        fail_msg("signoff %s sends %.*s, which %s does not take", c->name, (int)n, name,
                 method->name);
}

static void
check_row(const struct cli_command *c)
{
    const struct rpc_method *method = rpc_method_find(c->method);

    if (method == NULL) {
        fail_msg("signoff %s calls %s, which there is not", c->name, c->method);
        return;
    }
    for (const char *at = c->params != NULL ? c->params : ""; *at != '\0';) {
        size_t n = strcspn(at, " ");
        expect_param(c, method, at, strcspn(at, " #"));
        at += n + strspn(at + n, " ");
    }
    for (const struct cli_option *o = c->options; o != NULL && o->name != NULL; o++) {
        if (o->param != NULL)
            expect_param(c, method, o->param, strcspn(o->param, "."));
    }
    if (c->run == remote_list || c->run == remote_history)
        expect_param(c, method, "limit", 5);
    if (c->writes != (method->where == RPC_WRITE))
        fail_msg("signoff %s: writes is not what %s does", c->name, c->method);
}

static void
test_commands_call_methods_that_exist_with_what_they_take(void **state)
{
    int n = 0;

    (void)state;
    for (const struct cli_group *g = cli_groups(); g->title != NULL; g++) {
        for (const struct cli_command *c = g->commands; c->name != NULL; c++) {
            if (c->method != NULL) {
                check_row(c);
                n++;
            }
        }
    }
    assert_true(n > 40);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands_call_methods_that_exist_with_what_they_take),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
