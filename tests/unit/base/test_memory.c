/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that ran out is counted, whoever noticed it, for the thread in which it did. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "memory.h"
#include "text.h"
#include "thread.h"
#include <cmocka.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>

/* What the linker sends here fails while this is set. */
static _Thread_local bool empty;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t n);

void *
__wrap_malloc(size_t n)
{
    return empty ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
    return empty ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *old, size_t n)
{
    return empty ? NULL : __real_realloc(old, n);
}

static void
test_memory_counts_json_that_lacks_a_member(void **state)
{
    json_t *object = json_object(), *text = json_string("text");
    uint64_t before = sgn_memory_failures();

    (void)state;
    assert_int_equal(json_object_set(object, "one", text), 0);
    assert_int_equal(sgn_memory_failures(), before);
    empty = true;
    (void)json_object_set(object, "two", text); /* nobody looks, and it is not there */
    empty = false;
    assert_null(json_object_get(object, "two"));
    assert_true(sgn_memory_failures() > before);
    json_decref(text);
    json_decref(object);
}

static void
test_memory_counts_what_buffers_and_errors_say(void **state)
{
    struct sgn_error err = { 0 };
    struct sgn_buf buf;
    uint64_t before = sgn_memory_failures();

    (void)state;
    sgn_buf_init(&buf, 100);
    empty = true;
    assert_int_equal(sgn_buf_puts(&buf, "text"), SGN_NOMEM);
    empty = false;
    assert_int_equal(sgn_memory_failures(), before + 1);
    assert_int_equal(sgn_nomem(&err), SGN_NOMEM);
    assert_int_equal(sgn_memory_failures(), before + 2);
    sgn_buf_reset(&buf);
    assert_int_equal(sgn_buf_append(&buf, &buf, 101), SGN_TOO_LARGE); /* a ceiling is none */
    assert_int_equal(sgn_memory_failures(), before + 2);
    sgn_buf_deinit(&buf);
}

static void
test_memory_counts_what_its_own_functions_lack(void **state)
{
    uint64_t before = sgn_memory_failures();

    (void)state;
    empty = true;
    assert_null(sgn_calloc(1, 10));
    assert_null(sgn_realloc(NULL, 10));
    empty = false;
    assert_int_equal(sgn_memory_failures(), before + 2);
}

static void
other_thread(void *ctx)
{
    uint64_t *counted = ctx;

    (void)sgn_nomem(NULL);
    *counted = sgn_memory_failures();
}

static void
test_memory_counts_each_thread_by_itself(void **state)
{
    uint64_t before = sgn_memory_failures(), counted = 0;
    struct sgn_thread *thread = sgn_thread_start("other", other_thread, &counted);

    (void)state;
    assert_non_null(thread);
    sgn_thread_join(thread);
    assert_int_equal(counted, 1);
    assert_int_equal(sgn_memory_failures(), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_counts_json_that_lacks_a_member),
        cmocka_unit_test(test_memory_counts_what_buffers_and_errors_say),
        cmocka_unit_test(test_memory_counts_what_its_own_functions_lack),
        cmocka_unit_test(test_memory_counts_each_thread_by_itself),
    };

    sgn_memory_watch();
    return cmocka_run_group_tests_name("base/memory", tests, NULL, NULL);
}
