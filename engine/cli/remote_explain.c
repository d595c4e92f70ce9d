/* SPDX-License-Identifier: Apache-2.0 */
/* "case explain" and "case approval": clocks with what counted, rules with who has to agree. */
#include "clock.h"
#include "json.h"
#include "remote.h"
#include "say.h"
#include <string.h>

#define TEXT_MAX 65536

/* ---- approvals ---- */

/* "at least 2 of", "all of": how a rule judges. */
static void
put_rule(struct sgn_buf *buf, const json_t *rule, const char *language)
{
    const char *kind = sgn_json_str(rule, "rule");
    long long n = sgn_json_int(rule, "n", 0);

    if (kind == NULL)
        return;
    if (strcmp(kind, "at_least") == 0)
        sgn_buf_printf(buf, sgn_say(language, n == 1 ? "any %lld of" : "at least %lld of"), n);
    else if (strcmp(kind, "percent") == 0)
        sgn_buf_printf(buf, sgn_say(language, "%lld%% of"), n);
    else if (strcmp(kind, "weighted") == 0)
        sgn_buf_printf(buf, sgn_say(language, "weight of %lld among"), n);
    else
        sgn_buf_puts(buf, sgn_say(language, strcmp(kind, "one_of") == 0     ? "one of"
                                            : strcmp(kind, "all_of") == 0   ? "all of"
                                            : strcmp(kind, "any_of") == 0   ? "any of"
                                            : strcmp(kind, "no_veto") == 0  ? "no veto"
                                            : strcmp(kind, "in_order") == 0 ? "in order"
                                                                            : kind));
}

static void
put_people(struct sgn_buf *buf, const json_t *rule, const char *language)
{
    const char *person;
    json_t *choice;
    int n = 0;

    json_object_foreach(json_object_get(rule, "people"), person, choice) {
        sgn_buf_puts(buf, n++ > 0 ? sgn_say(language, ", ") : " ");
        sgn_buf_printf(buf, sgn_say(language, "%s (%s)"), person,
                       sgn_say(language, json_string_value(choice)));
    }
    if (n == 0 && json_object_get(rule, "people") != NULL)
        sgn_buf_printf(buf, " %s", sgn_say(language, "nobody"));
}

static void
show_rule(const struct cli_output *o, const json_t *rule, int indent)
{
    static const struct {
        const char *says, *mark;
        enum cli_style style;
    } marks[] = { { "yes", "✓", CLI_GREEN }, { "no", "✗", CLI_RED }, { "open", "·", CLI_YELLOW } };
    const char *says = sgn_json_str(rule, "says");
    const char *mark = "-";
    enum cli_style style = CLI_DIM;
    const json_t *part;
    struct sgn_buf text;
    size_t i;

    for (i = 0; says != NULL && i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (strcmp(says, marks[i].says) == 0) {
            mark = marks[i].mark;
            style = marks[i].style;
        }
    }
    sgn_buf_init(&text, TEXT_MAX);
    put_rule(&text, rule, o->language);
    put_people(&text, rule, o->language);
    sgn_buf_puts(&text, sgn_say(o->language, ": "));
    sgn_buf_puts(&text, says != NULL ? sgn_say(o->language, says) : "?");
    fprintf(o->out, "%*s%s%s%s ", indent, "", cli_style(o->colour, style), mark,
            cli_style(o->colour, CLI_PLAIN));
    cli_text_lines(o, text.bytes, indent + 4, indent + 2);
    sgn_buf_deinit(&text);
    json_array_foreach(json_object_get(rule, "rules"), i, part)
        show_rule(o, part, indent + 2);
}

/* "  wang: approve, for li; has left, does not count" */
static void
show_ballot(const struct cli_output *o, const json_t *ballot)
{
    const char *giver = sgn_json_str(ballot, "on_behalf");
    struct sgn_buf text;

    if (!sgn_json_true(ballot, "standing"))
        return;
    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_printf(&text, sgn_say(o->language, "%s: %s"), sgn_json_str(ballot, "person"),
                   sgn_say(o->language, sgn_json_str(ballot, "choice")));
    if (giver != NULL)
        sgn_buf_printf(&text, sgn_say(o->language, ", for %s"), giver);
    if (sgn_json_true(ballot, "left"))
        sgn_buf_puts(&text, sgn_say(o->language, "; has left, does not count"));
    fprintf(o->out, "  ");
    cli_text_lines(o, text.bytes, 4, 2);
    sgn_buf_deinit(&text);
}

static void
show_names(const struct cli_output *o, const char *what, const json_t *names)
{
    struct sgn_buf text;

    if (json_array_size(names) == 0)
        return;
    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_printf(&text, "%s%s", sgn_say(o->language, what), sgn_say(o->language, ": "));
    cli_value_put(&text, names);
    fprintf(o->out, "  ");
    cli_text_lines(o, text.bytes, 4, 2);
    sgn_buf_deinit(&text);
}

/* An open round by its rule; an ended one by what it rests on. */
static void
show_round(const struct cli_output *o, const json_t *round)
{
    const json_t *ended = json_object_get(round, "ended"), *ballot;
    const char *manner = sgn_json_str(ended, "manner");
    size_t i;

    fputs(cli_style(o->colour, CLI_BOLD), o->out);
    fprintf(o->out, sgn_say(o->language, "Approval in %s, round %lld"),
            sgn_json_str(round, "approval"), (long long)sgn_json_int(round, "number", 1));
    fputs(cli_style(o->colour, CLI_PLAIN), o->out);
    if (ended != NULL)
        fprintf(o->out, "%s%s", sgn_say(o->language, ": "), sgn_json_str(ended, "outcome"));
    if (ended != NULL && manner != NULL)
        fprintf(o->out, sgn_say(o->language, " (%s)"), sgn_say(o->language, manner));
    fprintf(o->out, "\n");
    if (ended == NULL && json_object_get(round, "rule") != NULL)
        show_rule(o, json_object_get(round, "rule"), 2);
    else
        json_array_foreach(json_object_get(round, "ballots"), i, ballot)
            show_ballot(o, ballot);
    show_names(o, "has left, is not asked any more", json_object_get(round, "left"));
    show_names(o, "not needed any more", json_object_get(round, "not_needed"));
}

static void
show_rounds(const struct cli_output *o, const json_t *rounds)
{
    const json_t *round;
    size_t i;
    bool open = false;

    json_array_foreach(rounds, i, round) {
        show_round(o, round);
        open = open || json_object_get(round, "ended") == NULL;
    }
    if (!open)
        fprintf(o->out, "%s\n", sgn_say(o->language, "no approval is open"));
}

void
remote_show_preview(struct cli *cli, const json_t *result)
{
    show_rounds(&cli->output, json_object_get(result, "approvals"));
}

/* ---- deadlines ---- */

static void
put_span(struct sgn_buf *buf, const char *format, const json_t *clock, const char *member,
         const char *language)
{
    bool counted = strcmp(member, "paused_seconds") != 0; /* pauses are by the clock on the wall */
    struct sgn_buf span;

    sgn_buf_init(&span, TEXT_MAX);
    remote_span_put(&span, sgn_json_int(clock, member, 0),
                    counted ? sgn_json_str(clock, "counts") : NULL, language);
    sgn_buf_printf(buf, sgn_say(language, format), span.bytes != NULL ? span.bytes : "");
    sgn_buf_deinit(&span);
}

static void
put_clock(struct sgn_buf *buf, const json_t *clock, const char *language)
{
    const char *how = sgn_json_str(clock, "clock");
    const char *field = sgn_json_str(clock, "waits_for_field");
    const char *rung = sgn_json_str(clock, "next_rung");
    int64_t left = sgn_json_int(clock, "left_seconds", 0);

    sgn_buf_puts(buf, how != NULL ? sgn_say(language, how) : "?");
    if (field != NULL)
        sgn_buf_printf(buf, sgn_say(language, ", waits for the field %s"), field);
    if (json_object_get(clock, "from") == NULL)
        return;
    sgn_buf_puts(buf, sgn_say(language, " since "));
    cli_time_put(buf, json_object_get(clock, "from"));
    put_span(buf, ", %s in all", clock, "total_seconds", language);
    put_span(buf, left < 0 ? ", late by %s" : ", left %s", clock, "left_seconds", language);
    if (sgn_json_int(clock, "paused_seconds", 0) > 0)
        put_span(buf, ", stood still for %s", clock, "paused_seconds", language);
    if (json_object_get(clock, "due") != NULL) {
        sgn_buf_puts(buf, sgn_say(language, ", due "));
        cli_time_put(buf, json_object_get(clock, "due"));
    }
    if (rung != NULL) {
        sgn_buf_printf(buf, sgn_say(language, ", next %s at "), rung);
        cli_time_put(buf, json_object_get(clock, "next"));
    }
}

static void
show_clocks(const struct cli_output *o, const json_t *clocks)
{
    const json_t *clock;
    size_t i;

    if (json_array_size(clocks) == 0)
        fprintf(o->out, "%s\n", sgn_say(o->language, "no deadline is set"));
    json_array_foreach(clocks, i, clock) {
        const char *title = sgn_json_str(clock, "title");
        const char *name = title != NULL ? title : sgn_json_str(clock, "name");
        struct sgn_buf text;
        sgn_buf_init(&text, TEXT_MAX);
        put_clock(&text, clock, o->language);
        fputs(cli_style(o->colour, CLI_BOLD), o->out);
        fprintf(o->out, sgn_say(o->language, "Deadline %s"), name != NULL ? name : "?");
        fprintf(o->out, "%s\n  ", cli_style(o->colour, CLI_PLAIN));
        cli_text_lines(o, text.bytes, 4, 2);
        sgn_buf_deinit(&text);
        remote_show_stretches(o, json_object_get(clock, "stretches"), 4);
    }
}

void
remote_show_explain(struct cli *cli, const json_t *result)
{
    show_clocks(&cli->output, json_object_get(result, "deadlines"));
    show_rounds(&cli->output, json_object_get(result, "approvals"));
}
