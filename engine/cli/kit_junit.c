/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results as JUnit XML, the form that continuous integration reads: testsuites, a testsuite for
 * each file, a testcase for each test; a failure with its message, and what is printed of it
 * as text. The structure is that of the Ant task's schema as far as readers agree on it.
 */
#include "kit.h"

#include "json.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Markup is escaped; control characters, which XML 1.0 has no way to say, become '?'. */
static void
put_xml(FILE *out, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '&')
            fputs("&amp;", out);
        else if (c == '<')
            fputs("&lt;", out);
        else if (c == '>')
            fputs("&gt;", out);
        else if (c == '"')
            fputs("&quot;", out);
        else if (c == '\n')
            fputs("&#10;", out);
        else
            fputc(c < 0x20 && c != '\t' ? '?' : c, out);
    }
}

static void
put_attribute(FILE *out, const char *name, const char *text)
{
    fprintf(out, " %s=\"", name);
    put_xml(out, text);
    fputc('"', out);
}

static void
put_failure(FILE *out, const struct cli *cli, const json_t *result)
{
    const json_t *failure = json_object_get(result, "failure"), *one;
    bool expected = strcmp(sgn_json_str(failure, "kind"), "expectation") == 0;
    /* JUnit tells a wrong answer from a test that could not be carried out. */
    const char *element = expected ? "failure" : "error";
    char *minutes = kit_minutes(cli, result);
    size_t i;

    fprintf(out, "      <%s", element);
    put_attribute(out, "message", sgn_json_str(failure, "message"));
    put_attribute(out, "type", sgn_json_str(failure, "kind"));
    fputc('>', out);
    put_xml(out, sgn_json_str(result, "file"));
    fprintf(out, ":%lld&#10;", (long long)sgn_json_int(failure, "line", 1));
    json_array_foreach(json_object_get(failure, "differences"), i, one) {
        put_xml(out, sgn_json_str(one, "what"));
        fputs(": expected ", out);
        put_xml(out, sgn_json_str(one, "expected"));
        fputs(", actual ", out);
        put_xml(out, sgn_json_str(one, "actual"));
        fputs("&#10;", out);
    }
    put_xml(out, minutes);
    fprintf(out, "</%s>\n", element);
    free(minutes);
}

static void
put_case(FILE *out, const struct cli *cli, const json_t *result)
{
    int64_t ms = sgn_json_int(result, "ms", 0);
    bool passed = sgn_json_true(result, "passed");

    fputs("    <testcase", out);
    put_attribute(out, "classname", sgn_json_str(result, "workflow"));
    put_attribute(out, "name", sgn_json_str(result, "name"));
    put_attribute(out, "file", sgn_json_str(result, "file"));
    fprintf(out, " line=\"%lld\" time=\"%lld.%03lld\"%s>\n",
            (long long)sgn_json_int(result, "line", 1), (long long)(ms / 1000),
            (long long)(ms % 1000), passed ? "/" : "");
    if (passed)
        return;
    put_failure(out, cli, result);
    fputs("    </testcase>\n", out);
}

struct count {
    int tests, failures, errors;
    int64_t ms;
};

/* Of one file, or (NULL) of all. */
static struct count
count(const json_t *results, const char *file)
{
    struct count sum = { 0 };
    const json_t *result;
    size_t i;

    json_array_foreach(results, i, result) {
        const char *kind = sgn_json_str(json_object_get(result, "failure"), "kind");

        if (file != NULL && strcmp(sgn_json_str(result, "file"), file) != 0)
            continue;
        sum.tests++;
        sum.ms += sgn_json_int(result, "ms", 0);
        if (kind != NULL && strcmp(kind, "expectation") == 0)
            sum.failures++;
        else if (kind != NULL)
            sum.errors++;
    }
    return sum;
}

static void
put_counts(FILE *out, struct count sum)
{
    fprintf(out, " tests=\"%d\" failures=\"%d\" errors=\"%d\" time=\"%lld.%03lld\">\n", sum.tests,
            sum.failures, sum.errors, (long long)(sum.ms / 1000), (long long)(sum.ms % 1000));
}

static void
put_suites(FILE *out, const struct cli *cli, const json_t *results)
{
    const char *file = NULL;
    const json_t *result;
    size_t i;

    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"signoff test\"", out);
    put_counts(out, count(results, NULL));
    json_array_foreach(results, i, result) {
        const char *its = sgn_json_str(result, "file");

        if (file == NULL || strcmp(file, its) != 0) {
            fputs(file != NULL ? "  </testsuite>\n" : "", out);
            fputs("  <testsuite", out);
            put_attribute(out, "name", its);
            put_counts(out, count(results, its));
            file = its;
        }
        put_case(out, cli, result);
    }
    fputs(file != NULL ? "  </testsuite>\n</testsuites>\n" : "</testsuites>\n", out);
}

enum sgn_status
kit_junit_write(const char *path, struct cli *cli, const json_t *results, struct sgn_error *err)
{
    FILE *out = fopen(path, "w");
    bool bad;

    if (out == NULL)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: %s", path, strerror(errno));
    put_suites(out, cli, results);
    bad = ferror(out) != 0;
    if (fclose(out) != 0 || bad)
        return sgn_fail(err, SGN_UNAVAILABLE, "%s: could not be written", path);
    return SGN_OK;
}
