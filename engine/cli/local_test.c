/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "test": runs the test files of a team's workflows, each test on an engine of its own, and says
 * what failed and what no test has reached.
 */
#include "kit.h"
#include "local.h"

#include "json.h"
#include "reference.h"
#include "rules.h"
#include "say.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

struct run {
    struct cli *cli;
    const char *filter;
    json_t *results; /* of kit.h */
    json_t *items;   /* coverage of all teams */
    json_t *sources; /* {file: source} of the workflows in them */
    json_t *shipped; /* [NAME] that are in use and not counted, each once */
    int passed, failed;
};

/* ---- one test ---- */

/* Somebody of the team, who sees everything. */
static const char *
reader_of(const struct kit_host *host)
{
    const char *key;
    json_t *person;

    json_object_foreach(json_object_get(host->options.declared, "people"), key, person) {
        if (sgn_json_str(person, "of") == NULL)
            return key;
    }
    return NULL;
}

/* From now on that person reads in the language of whoever runs the tests: the test is over. */
static enum sgn_status
speak(struct kit_host *host, const char *language, struct sgn_error *err)
{
    json_t *answer = NULL;
    json_t *params = json_pack("{s:o, s:s}", "token", json_sprintf("sgn_%s", reader_of(host)),
                               "language", language);
    enum sgn_status st = params == NULL ? sgn_nomem(err)
                                        : kit_engine_call(host->engine, reader_of(host),
                                                          "session.login", params, &answer, err);

    json_decref(answer);
    json_decref(params);
    return st;
}

/* How the case that was touched last came to where it is. */
static enum sgn_status
add_history(struct kit_host *host, const char *language, json_t *result, struct sgn_error *err)
{
    json_t *params, *page = NULL;
    struct sgn_error why = { 0 };

    if (host->engine == NULL || host->last_case[0] == '\0' || reader_of(host) == NULL)
        return SGN_OK;
    params = json_pack("{s:s, s:i}", "case", host->last_case, "limit", 500);
    if (params == NULL)
        return sgn_nomem(err);
    /* It may be a case that never was: a test may ask for any key. */
    if (speak(host, language, &why) == SGN_OK &&
        kit_engine_call(host->engine, reader_of(host), "case.history", params, &page, &why) ==
            SGN_OK) {
        (void)json_object_set_new(result, "case", json_string(host->last_case));
        (void)json_object_set(result, "history", json_object_get(page, "items"));
        (void)json_object_set(result, "titles", json_object_get(page, "titles"));
        (void)json_object_set_new(result, "language", json_string(language));
    }
    sgn_error_clear(&why);
    json_decref(page);
    json_decref(params);
    return SGN_OK;
}

/* The n-th line (1 is the first), without its end. */
static json_t *
line_of(const char *source, int64_t n)
{
    while (source != NULL && n-- > 1) {
        source = strchr(source, '\n');
        source = source != NULL ? source + 1 : NULL;
    }
    return source != NULL ? json_stringn(source, strcspn(source, "\r\n")) : NULL;
}

static void
report(struct run *run, const json_t *result)
{
    const struct cli_output *o = &run->cli->output;
    bool passed = sgn_json_true(result, "passed");

    if (o->json)
        cli_print_json(o, result);
    else if (passed)
        fprintf(o->out, "%s%s%s %s\n", cli_style(o->colour, CLI_GREEN),
                sgn_say(run->cli->language, "ok"), cli_style(o->colour, CLI_PLAIN),
                sgn_json_str(result, "name"));
    else
        kit_print_failure(run->cli, result);
    run->passed += passed;
    run->failed += !passed;
}

static enum sgn_status
run_test(struct run *run, const struct kit_team *team, const struct kit_file *file,
         struct kit_cover *cover, const json_t *declared, int nth, struct sgn_error *err)
{
    const json_t *test = json_array_get(json_object_get(declared, "tests"), (size_t)nth);
    struct kit_host host = { .options = { .team = team, .declared = declared, .cover = cover } };
    const struct dsl_test_host calls = { .call = kit_host_call, .ctx = &host };
    json_t *failure = NULL, *result;
    int64_t began = sgn_monotonic_ms();
    enum sgn_status st = dsl_test_run(NULL, file->path, file->source, nth, &calls, &failure, err);

    if (st == SGN_OK) {
        result = json_pack("{s:s, s:s, s:O, s:O, s:b, s:I, s:O*}", "workflow", file->name, "file",
                           file->path, "line", json_object_get(test, "line"), "name",
                           json_object_get(test, "name"), "passed", failure == NULL, "ms",
                           (json_int_t)(sgn_monotonic_ms() - began), "failure", failure);
        st = result != NULL && json_array_append_new(run->results, result) == 0 ? SGN_OK
                                                                                : sgn_nomem(err);
        /* An error outside of the file has no line of it. */
        if (st == SGN_OK && failure != NULL && sgn_json_int(failure, "line", 0) < 1)
            (void)json_object_set(failure, "line", json_object_get(test, "line"));
        if (st == SGN_OK && failure != NULL) {
            json_t *source = line_of(file->source, sgn_json_int(failure, "line", 1));
            if (source != NULL)
                (void)json_object_set_new(result, "source", source);
            st = add_history(&host, run->cli->language, result, err);
        }
        if (st == SGN_OK)
            report(run, result);
    }
    kit_engine_free(host.engine);
    json_decref(failure);
    return st;
}

/* ---- a file, a team ---- */

/* A file that cannot be run is one failed test, so that the others are still run. */
static enum sgn_status
report_mistake(struct run *run, const struct kit_file *file, int64_t line, const char *message,
               const char *hint, struct sgn_error *err)
{
    json_t *result =
        json_pack("{s:s, s:s, s:I, s:s, s:b, s:i, s:{s:s, s:I, s:s, s:s*}, s:o*}", "workflow",
                  file->name, "file", file->path, "line", (json_int_t)line, "name", KIT_FILE_ITSELF,
                  "passed", 0, "ms", 0, "failure", "kind", "mistake", "line", (json_int_t)line,
                  "message", message, "hint", hint, "source", line_of(file->source, line));

    if (result == NULL || json_array_append_new(run->results, result) != 0)
        return sgn_nomem(err);
    report(run, result);
    return SGN_OK;
}

static enum sgn_status
report_first(struct run *run, const struct kit_file *file, const json_t *mistakes,
             struct sgn_error *err)
{
    const json_t *first = json_array_get(mistakes, 0);
    size_t n = json_array_size(mistakes);
    char *more =
        n > 1 ? sgn_format("all %zu mistakes of the file: signoff check %s", n, file->path) : NULL;
    enum sgn_status st =
        report_mistake(run, file, sgn_json_int(first, "line", 1), sgn_json_str(first, "message"),
                       more != NULL ? more : sgn_json_str(first, "hint"), err);

    free(more);
    return st;
}

/* A test file that is about no workflow would count for none: a name that was misspelt. */
static enum sgn_status
refuse_stray(struct run *run, const struct kit_file *file, const json_t *workflows,
             struct sgn_error *err)
{
    json_t *names = json_array(), *version;
    const char *name, *near;
    char message[256];

    json_object_foreach((json_t *)workflows, name, version)
        (void)json_array_append_new(names, json_string(name));
    near = sgn_nearest_json(file->name, names);
    snprintf(message, sizeof(message), "the team uses no workflow \"%.64s\"%s%.64s%s", file->name,
             near != NULL ? " (did you mean " : "", near != NULL ? near : "",
             near != NULL ? RULES_TEST_END "?)" : "");
    json_decref(names);
    return report_mistake(run, file, 1, message, NULL, err);
}

static enum sgn_status
run_file(struct run *run, const struct kit_team *team, const struct kit_file *file,
         struct kit_cover *cover, struct sgn_error *err)
{
    const struct cli_output *o = &run->cli->output;
    const json_t *workflows = json_object_get(team->answer, "workflows");
    json_t *mistakes = json_array(), *declared = NULL, *test;
    bool said = false;
    size_t i;
    enum sgn_status st =
        mistakes != NULL ? dsl_test_read(NULL, file->path, file->source, mistakes, &declared, err)
                         : sgn_nomem(err);

    if (st == SGN_OK && declared == NULL)
        st = report_first(run, file, mistakes, err);
    else if (st == SGN_OK && json_object_get(workflows, file->name) == NULL)
        st = refuse_stray(run, file, workflows, err);
    json_array_foreach(json_object_get(declared, "tests"), i, test) {
        const char *name = sgn_json_str(test, "name");
        if (st != SGN_OK || json_object_get(workflows, file->name) == NULL ||
            (run->filter != NULL && strstr(name, run->filter) == NULL))
            continue;
        if (!said && !o->json)
            fprintf(o->out, "%s%s%s\n", cli_style(o->colour, CLI_BOLD), file->path,
                    cli_style(o->colour, CLI_PLAIN));
        said = true;
        st = run_test(run, team, file, cover, declared, (int)i, err);
    }
    json_decref(declared);
    json_decref(mistakes);
    return st;
}

static enum sgn_status
run_team(struct run *run, const struct kit_team *team, struct sgn_error *err)
{
    struct kit_cover *cover = NULL;
    const json_t *name;
    size_t i;
    enum sgn_status st = kit_cover_new(team, &cover, err);

    for (int k = 0; st == SGN_OK && k < team->n_tests; k++)
        st = run_file(run, team, &team->tests[k], cover, err);
    json_array_foreach(kit_cover_shipped(cover), i, name)
        if (!sgn_json_has(run->shipped, json_string_value(name)))
            (void)json_array_append(run->shipped, (json_t *)name);
    if (st == SGN_OK && (json_array_extend(run->items, (json_t *)kit_cover_items(cover)) != 0 ||
                         json_object_update(run->sources, (json_t *)kit_cover_sources(cover)) != 0))
        st = sgn_nomem(err);
    kit_cover_free(cover);
    return st;
}

/* ---- the end ---- */

/* Nothing was run: that is no success. Whoever has no tests yet is shown one. */
static enum sgn_status
refuse_nothing(const struct run *run, const char *word, struct sgn_error *err)
{
    struct cli *cli = run->cli;

    if (run->filter != NULL)
        return sgn_fail(err, SGN_NOT_FOUND, "no test's name holds \"%s\"", run->filter);
    if (cli->output.json)
        return sgn_fail(err, SGN_NOT_FOUND, "%s holds no tests", word);
    fprintf(cli->output.err,
            sgn_say(cli->language, "%s holds no tests. They stand beside a workflow, in "
                                   "WORKFLOW_test.lua; a first one, workflows/%s:"),
            word, "change_request" RULES_TEST_END);
    fprintf(cli->output.err, "\n\n%s", LOCAL_FIRST_TEST);
    cli->exit_code = CLI_FAILED;
    return SGN_OK;
}

/* So that nobody wonders where they are. */
static void
print_shipped(const struct run *run)
{
    const struct cli_output *o = &run->cli->output;
    struct sgn_buf text;
    const json_t *name;
    size_t i;

    sgn_buf_init(&text, 65536);
    json_array_foreach(run->shipped, i, name)
        (void)sgn_buf_printf(&text, "%s%s", i > 0 ? ", " : "", json_string_value(name));
    if (text.len > 0) {
        fputs(cli_style(o->colour, CLI_DIM), o->out);
        fprintf(o->out, sgn_say(o->language, "not counted, because they are shipped: %s"),
                text.bytes);
        fprintf(o->out, "%s\n", cli_style(o->colour, CLI_PLAIN));
    }
    sgn_buf_deinit(&text);
}

static void
print_end(struct run *run, int percent)
{
    struct cli *cli = run->cli;
    FILE *out = cli->output.out;

    if (cli->output.json) {
        json_t *end = json_pack("{s:i, s:i, s:i, s:O*, s:O}", "passed", run->passed, "failed",
                                run->failed, "coverage", percent, "items",
                                cli_given(&cli->args, "coverage") ? run->items : NULL,
                                "not_counted", run->shipped);
        cli_print_json(&cli->output, end);
        json_decref(end);
        return;
    }
    fprintf(out, "\n");
    if (json_array_size(run->items) == 0)
        fprintf(out, sgn_say(cli->language, "%d passed, %d failed"), run->passed, run->failed);
    else
        fprintf(out, sgn_say(cli->language, "%d passed, %d failed; %d%% of the workflows reached"),
                run->passed, run->failed, percent);
    fprintf(out, "\n");
    print_shipped(run);
}

/* Percent as a whole number from 0 to 100; -1: not given; a mistake is one of usage. */
static enum sgn_status
least_coverage(struct cli *cli, int *out, struct sgn_error *err)
{
    const char *text = cli_option(&cli->args, "min-coverage");
    char *end = NULL;
    long n = text != NULL ? strtol(text, &end, 10) : -1;

    *out = (int)n;
    if (text == NULL || (end != text && *end == '\0' && n >= 0 && n <= 100))
        return SGN_OK;
    cli->exit_code = CLI_USAGE;
    return sgn_fail(err, SGN_INVALID, "--min-coverage %s: expected percent from 0 to 100", text);
}

static enum sgn_status
write_reports(struct run *run, struct sgn_error *err)
{
    const char *junit = cli_option(&run->cli->args, "junit");
    const char *html = cli_option(&run->cli->args, "html");
    enum sgn_status st = SGN_OK;

    if (junit != NULL)
        st = kit_junit_write(junit, run->cli, run->results, err);
    if (st == SGN_OK && html != NULL)
        st = kit_html_write(html, run->cli, run->results, run->items, run->sources, err);
    return st;
}

/* All is run; what comes out of it. */
static enum sgn_status
finish(struct run *run, int least, struct sgn_error *err)
{
    struct cli *cli = run->cli;
    int reached, all, percent = kit_cover_percent(run->items, NULL, NULL, &reached, &all);
    bool short_of = least >= 0 && 100LL * reached < (long long)least * all;

    if (!cli->output.json && (short_of || cli_given(&cli->args, "coverage"))) {
        fprintf(cli->output.out, "\n");
        kit_print_coverage(cli, run->items);
    }
    print_end(run, percent);
    if (short_of && !cli->output.json) {
        fprintf(cli->output.out,
                sgn_say(cli->language, "too little: %d of %d reached, %d%% are asked for"), reached,
                all, least);
        fprintf(cli->output.out, "\n");
    }
    if (run->failed > 0 || short_of)
        cli->exit_code = CLI_FAILED;
    return write_reports(run, err);
}

static enum sgn_status
print_words(const struct cli *cli, struct sgn_error *err)
{
    char *text = NULL;
    enum sgn_status st = dsl_reference("tests", NULL, &text, err);

    if (st == SGN_OK)
        fputs(text, cli->output.out);
    free(text);
    return st;
}

enum sgn_status
local_test(struct cli *cli, struct sgn_error *err)
{
    struct run run = { .cli = cli,
                       .filter = cli_option(&cli->args, "filter"),
                       .results = json_array(),
                       .items = json_array(),
                       .sources = json_object(),
                       .shipped = json_array() };
    struct kit_team *teams = NULL;
    int n = 0, least = -1;
    const char *word = cli_word(&cli->args, 0);
    enum sgn_status st = least_coverage(cli, &least, err);

    if (st == SGN_OK && cli_given(&cli->args, "words")) {
        st = print_words(cli, err);
        goto out;
    }
    word = word != NULL ? word : ".";

    /* What the engine logs is not news here; who wants it says so. */
    (void)setenv("SIGNOFF_LOG", "error", 0);
    if (st == SGN_OK)
        st = kit_teams_find(word, &teams, &n, err);
    for (int i = 0; st == SGN_OK && i < n; i++)
        if (teams[i].n_tests > 0)
            st = run_team(&run, &teams[i], err);
    if (st == SGN_OK && json_array_size(run.results) == 0)
        st = refuse_nothing(&run, word, err);
    else if (st == SGN_OK)
        st = finish(&run, least, err);
out:
    kit_teams_free(teams, n);
    json_decref(run.sources);
    json_decref(run.shipped);
    json_decref(run.items);
    json_decref(run.results);
    return st;
}
