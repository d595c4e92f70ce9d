/* SPDX-License-Identifier: Apache-2.0 */
/* What stands behind the "?": decoded by the letter, or refused with a reason. */
#include "http_query.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct net_query_param known[] = {
    { "case", NET_QUERY_TEXTS },
    { "since", NET_QUERY_NUMBER },
    { "titles", NET_QUERY_FLAG },
    { "name", NET_QUERY_TEXT },
    { NULL, 0 },
};

static struct net_text
text_of(const char *text)
{
    return (struct net_text){ text, strlen(text) };
}

/* Reads as this JSON, whose members come sorted. */
static void
reads(const char *query, const char *json)
{
    char why[NET_QUERY_WHY], *text;
    json_t *read = net_http_query(text_of(query), known, why);

    if (read == NULL)
        fail_msg("%s: %s", query, why);
    text = json_dumps(read, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text, json);
    free(text);
    json_decref(read);
}

static void
refused(const char *query, const char *words)
{
    char why[NET_QUERY_WHY];
    json_t *read = net_http_query(text_of(query), known, why);

    if (read != NULL || strstr(why, words) == NULL)
        fail_msg("%s: %s", query, read != NULL ? "was read" : why);
}

static void
test_query_decodes_what_forms_encode(void **state)
{
    (void)state;
    reads("", "{}");
    reads("&&", "{}");
    reads("case=CR-1&case=CR-2", "{\"case\":[\"CR-1\",\"CR-2\"]}");
    reads("since=42&titles", "{\"since\":42,\"titles\":true}");
    reads("titles=0", "{\"titles\":false}");
    reads("name=a+b%2Bc%26d%3De", "{\"name\":\"a b+c&d=e\"}");
    reads("name=%E7%AD%BE%e6%a0%b8.pdf", "{\"name\":\"\xe7\xad\xbe\xe6\xa0\xb8.pdf\"}");
    reads("n%61me=x=y", "{\"name\":\"x=y\"}");
    reads("name=", "{\"name\":\"\"}");
    reads("since=999999999999999", "{\"since\":999999999999999}");
}

static void
test_query_refuses_what_it_would_have_to_guess(void **state)
{
    (void)state;
    refused("nonsense=1", "'nonsense'");
    refused("since=1&since=2", "twice");
    refused("name=a&name=a", "twice");
    refused("since=", "number");
    refused("since=-1", "number");
    refused("since=1x", "number");
    refused("since=1000000000000000", "number");
    refused("titles=maybe", "true or false");
    refused("name=%", "UTF-8");
    refused("name=%4", "UTF-8");
    refused("name=%4g", "UTF-8");
    refused("name=a%00b", "UTF-8");
    refused("name=%ff", "UTF-8");
    refused("name=%c0%80", "UTF-8");
}

static void
test_paths_keep_their_plus(void **state)
{
    char out[8];

    (void)state;
    assert_true(net_http_decode(text_of("a+b%20"), false, out));
    assert_string_equal(out, "a+b ");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query_decodes_what_forms_encode),
        cmocka_unit_test(test_query_refuses_what_it_would_have_to_guess),
        cmocka_unit_test(test_paths_keep_their_plus),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
