/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A failed test for people: where, what was expected and what is, and how the case came there, as
 * minutes; and what no test has reached.
 */
#include "kit.h"

#include "json.h"
#include "minutes.h"
#include "say.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (1024 * 1024)

/* ---- minutes ---- */

/* Entries as case.history pages them: newest first. */
static void
put_minutes(struct cli *cli, const json_t *result)
{
    const json_t *entries = json_object_get(result, "history");
    struct minutes minutes = { .cli = cli,
                               .language = sgn_json_str(result, "language"),
                               .titles = json_object_get(result, "titles"),
                               .fields = json_object() };

    for (size_t i = json_array_size(entries); i > 0; i--)
        minutes_entry(&minutes, json_array_get(entries, i - 1));
    json_decref(minutes.owners);
    json_decref(minutes.fields);
}

char *
kit_minutes(const struct cli *cli, const json_t *result)
{
    struct cli plain = { .output = cli->output };
    char *text = NULL;
    size_t n = 0;

    if (json_array_size(json_object_get(result, "history")) == 0)
        return NULL;
    memcpy(plain.language, cli->language, sizeof(plain.language));
    plain.output.language = plain.language;
    plain.output.out = open_memstream(&text, &n);
    plain.output.colour = false;
    plain.output.width = 0;
    if (plain.output.out == NULL)
        return NULL;
    put_minutes(&plain, result);
    fclose(plain.output.out);
    return text;
}

/* ---- a failure ---- */

static void
print_line(const struct cli_output *o, const char *text, const char *before)
{
    struct sgn_buf clean;

    sgn_buf_init(&clean, TEXT_MAX);
    cli_text_put(&clean, text, 0);
    fprintf(o->out, "%s%s\n", before, clean.bytes != NULL ? clean.bytes : "");
    sgn_buf_deinit(&clean);
}

/* What the test kit says itself, and not what it quotes. */
static void
print_said(const struct cli_output *o, const char *text, const char *before)
{
    char *said = sgn_say_text(o->language, text);

    print_line(o, said != NULL ? said : text, before);
    free(said);
}

/* "  state     accepted          final_test": columns as wide as their widest. */
static void
print_differences(const struct cli *cli, const json_t *differences)
{
    const struct cli_output *o = &cli->output;
    const json_t *one;
    size_t i;

    json_array_foreach(differences, i, one) {
        const char *what = sgn_json_str(one, "what");
        char label[256];

        fprintf(o->out, "    %s", cli_style(o->colour, CLI_BOLD));
        print_said(o, what, "");
        fputs(cli_style(o->colour, CLI_PLAIN), o->out);
        snprintf(label, sizeof(label), "      %s", sgn_say(cli->language, "expected: "));
        print_said(o, sgn_json_str(one, "expected"), label);
        snprintf(label, sizeof(label), "      %s", sgn_say(cli->language, "actual:   "));
        print_said(o, sgn_json_str(one, "actual"), label);
    }
}

/* A test is called what its author calls it; a file that cannot be read has no test to name. */
static const char *
shown_name(const struct cli_output *o, const json_t *result)
{
    const char *name = sgn_json_str(result, "name");

    return strcmp(name, KIT_FILE_ITSELF) == 0 ? sgn_say(o->language, KIT_FILE_ITSELF) : name;
}

void
kit_print_failure(struct cli *cli, const json_t *result)
{
    const struct cli_output *o = &cli->output;
    const json_t *failure = json_object_get(result, "failure"), *line;
    const char *key = sgn_json_str(result, "case"), *source = sgn_json_str(result, "source");
    const char *file = sgn_json_str(result, "file");
    size_t i;

    fprintf(o->out, "%s%s%s %s\n", cli_style(o->colour, CLI_RED), sgn_say(cli->language, "FAILED"),
            cli_style(o->colour, CLI_PLAIN), shown_name(o, result));
    fprintf(o->out, "  %s:%lld: ", file, (long long)sgn_json_int(failure, "line", 1));
    print_said(o, sgn_json_str(failure, "message"), "");
    if (source != NULL) {
        fprintf(o->out, "  %5lld | ", (long long)sgn_json_int(failure, "line", 1));
        print_line(o, source, "");
    }
    if (sgn_json_str(failure, "hint") != NULL)
        print_said(o, sgn_json_str(failure, "hint"), "        = ");
    json_array_foreach(json_object_get(failure, "lines"), i, line) {
        if (i > 0)
            fprintf(o->out, "        %s %s:%lld\n", sgn_say(cli->language, "called at"), file,
                    (long long)json_integer_value(line));
    }
    print_differences(cli, json_object_get(failure, "differences"));
    if (key != NULL && json_array_size(json_object_get(result, "history")) > 0) {
        fprintf(o->out, "  ");
        fprintf(o->out, sgn_say(cli->language, "How %s came there:"), key);
        fprintf(o->out, "\n");
        put_minutes(cli, result);
    }
    fprintf(o->out, "\n");
}

/* ---- coverage ---- */

/* The workflows of the items, each once. */
static const char *
next_workflow(const json_t *items, const char *last)
{
    const json_t *item;
    bool past = last == NULL;
    size_t i;

    json_array_foreach(items, i, item) {
        const char *workflow = sgn_json_str(item, "workflow");
        if (strcmp(workflow, last != NULL ? last : "") == 0)
            past = true;
        else if (past)
            return workflow;
    }
    return NULL;
}

static void
print_missed(const struct cli *cli, const json_t *items, const char *workflow)
{
    const json_t *item;
    size_t i;

    json_array_foreach(items, i, item) {
        if (strcmp(sgn_json_str(item, "workflow"), workflow) != 0 ||
            sgn_json_int(item, "times", 0) > 0)
            continue;
        fprintf(cli->output.out, "  %s:%lld: ", sgn_json_str(item, "file"),
                (long long)sgn_json_int(item, "line", 1));
        fprintf(cli->output.out, sgn_say(cli->language, "never reached: %s"),
                sgn_json_str(item, "what"));
        fprintf(cli->output.out, "\n");
    }
}

void
kit_print_coverage(struct cli *cli, const json_t *items)
{
    static const char *const kinds[][2] = { { "state", "%d of %d states" },
                                            { "transition", "%d of %d transitions" },
                                            { "rung", "%d of %d rungs" },
                                            { "outcome", "%d of %d outcomes" } };
    FILE *out = cli->output.out;

    for (const char *workflow = next_workflow(items, NULL); workflow != NULL;
         workflow = next_workflow(items, workflow)) {
        int reached, all;

        fprintf(out, "%s%s%s %d%%", cli_style(cli->output.colour, CLI_BOLD), workflow,
                cli_style(cli->output.colour, CLI_PLAIN),
                kit_cover_percent(items, workflow, NULL, &reached, &all));
        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
            (void)kit_cover_percent(items, workflow, kinds[i][0], &reached, &all);
            if (all == 0)
                continue; /* a workflow has states, not always the others */
            fprintf(out, "%s", sgn_say(cli->language, i == 0 ? ": " : ", "));
            fprintf(out, sgn_say(cli->language, kinds[i][1]), reached, all);
        }
        fprintf(out, "\n");
        print_missed(cli, items, workflow);
    }
}
