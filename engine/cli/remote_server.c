/* SPDX-License-Identifier: Apache-2.0 */
/* What commands about projects, groups, workflows and the clock print. */
#include "json.h"
#include "remote.h"
#include "say.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TEXT_MAX 65536

/* ---- the clock ---- */

enum sgn_status
remote_advance(struct cli *cli, struct sgn_error *err)
{
    bool by = cli_word(&cli->args, 0) != NULL;

    if (by == cli_given(&cli->args, "to")) {
        cli->exit_code = CLI_USAGE;
        return sgn_fail(err, SGN_INVALID,
                        by ? "clock advance needs either a duration or --to, not both"
                           : "clock advance needs a duration or --to TIME, such as \"90 minutes\" "
                             "or --to 2026-01-06T09:00:00+08:00");
    }
    return remote_call(cli, err);
}

void
remote_show_advance(struct cli *cli, const json_t *result)
{
    long long fired = sgn_json_int(result, "fired", 0);
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    cli_time_put(&text, json_object_get(result, "now"));
    fprintf(cli->output.out, sgn_say(cli->language, "It is %s; "),
            text.bytes != NULL ? text.bytes : "?");
    if (fired == 0)
        fputs(sgn_say(cli->language, "nothing fell due\n"), cli->output.out);
    else
        fprintf(
            cli->output.out,
            sgn_say(cli->language, fired == 1 ? "%lld thing fell due\n" : "%lld things fell due\n"),
            fired);
    sgn_buf_deinit(&text);
}

/* ---- erasing ---- */

static void
show_names(struct cli *cli, const char *format, const json_t *names)
{
    struct sgn_buf text;
    const json_t *name;
    size_t i;

    if (json_array_size(names) == 0)
        return;
    sgn_buf_init(&text, TEXT_MAX);
    json_array_foreach(names, i, name)
        sgn_buf_printf(&text, "%s%s", i > 0 ? ", " : "", json_string_value(name));
    fprintf(cli->output.out, sgn_say(cli->language, format), text.bytes != NULL ? text.bytes : "?");
    fputc('\n', cli->output.out);
    sgn_buf_deinit(&text);
}

void
remote_show_redacted(struct cli *cli, const json_t *result)
{
    const json_t *said = json_object_get(result, "redacted"), *part;
    long long entry = sgn_json_int(result, "entry", 0);
    long long messages = sgn_json_int(said, "messages", 0);
    FILE *out = cli->output.out;
    size_t i;

    json_array_foreach(json_object_get(said, "parts"), i, part) {
        fprintf(out,
                sgn_say(cli->language, entry > 0 ? "entry %lld: its %s part is removed"
                                                 : "entry %lld: its %s part would be removed"),
                (long long)sgn_json_int(part, "entry", 0), sgn_json_str(part, "part"));
        fputc('\n', out);
    }
    show_names(cli, "emptied: %s", json_object_get(said, "fields"));
    show_names(cli, "files: %s", json_object_get(said, "files"));
    if (messages > 0)
        fprintf(out, sgn_say(cli->language, "messages: %lld\n"), messages);
    if (entry > 0)
        fprintf(out, sgn_say(cli->language, "entry %lld says so\n"), entry);
    else
        fputs(sgn_say(cli->language, "nothing has been changed\n"), out);
}

void
remote_show_due(struct cli *cli, const json_t *result)
{
    json_t *items = json_object_get(result, "items");
    FILE *out = cli->output.out;
    struct sgn_error err = { 0 };
    struct sgn_buf until;

    sgn_buf_init(&until, TEXT_MAX);
    cli_time_put(&until, json_object_get(result, "until"));
    if (sgn_json_int(result, "rules", 0) == 0)
        fputs(sgn_say(cli->language,
                      "no workflow in force says retention: nothing is ever erased by "
                      "itself (signoff reference retention)\n"),
              out);
    else if (json_array_size(items) == 0)
        fprintf(out, sgn_say(cli->language, "nothing is due before %s\n"),
                until.bytes != NULL ? until.bytes : "?");
    else if (cli_table_print(&cli->output,
                             sgn_say(cli->language, "case workflow ended:t due:t erase after "
                                                    "hold.by=held_by hold.reason=why"),
                             items, &err) != SGN_OK)
        cli_print_error(&cli->output, &err);
    if (sgn_json_true(result, "more"))
        fputs(sgn_say(cli->language, "there are others: --limit shows more\n"), out);
    sgn_error_clear(&err);
    sgn_buf_deinit(&until);
}

void
remote_show_held(struct cli *cli, const json_t *result)
{
    fprintf(cli->output.out,
            sgn_say(cli->language, "%s is held: nothing of it is erased until it is released\n"),
            sgn_json_str(result, "case"));
}

void
remote_show_released(struct cli *cli, const json_t *result)
{
    fprintf(cli->output.out,
            sgn_say(cli->language, "%s is held no more: what is due of it is erased\n"),
            sgn_json_str(result, "case"));
}

/* ---- projects and groups ---- */

/* Roles of a person as one line. */
static void
add_member(json_t *people, const json_t *member)
{
    const char *person = sgn_json_str(member, "person");
    const char *role = sgn_json_str(member, "role");
    const char *before = sgn_json_str(json_object_get(people, person), "roles");
    json_t *row = json_copy((json_t *)member);

    if (person == NULL || row == NULL) {
        json_decref(row);
        return;
    }
    if (role != NULL)
        (void)json_object_set_new(
            row, "roles",
            json_sprintf("%s%s%s", before != NULL ? before : "", before != NULL ? ", " : "", role));
    (void)json_object_set_new(people, person, row);
}

void
remote_show_with_members(struct cli *cli, const json_t *result)
{
    json_t *rest = json_copy((json_t *)result), *people = json_object(), *rows = json_array();
    const json_t *member;
    const char *name;
    json_t *row;
    size_t i;

    (void)json_object_del(rest, "members");
    remote_show_members(cli, rest);
    json_array_foreach(json_object_get(result, "members"), i, member)
        add_member(people, member);
    json_object_foreach(people, name, row)
        (void)json_array_append(rows, row);
    fprintf(cli->output.out, "\n");
    if (json_array_size(rows) == 0)
        fprintf(cli->output.out, "%s\n", sgn_say(cli->language, "no members"));
    else if (cli_table_print(&cli->output, sgn_say(cli->language, "person roles lead share"), rows,
                             NULL) != SGN_OK)
        fprintf(cli->output.err, "signoff: %s\n", sgn_say(cli->language, "out of memory"));
    json_decref(rows);
    json_decref(people);
    json_decref(rest);
}

/* ---- a workflow ---- */

static const char *
title_of(const struct cli *cli, const json_t *thing)
{
    return cli_title(json_object_get(thing, "title"), cli->language, "");
}

/* "name Title  rest"; a title that only repeats the name is left out. */
static void
show_line(const struct cli *cli, int indent, const char *name, const char *title, const char *rest)
{
    const struct cli_output *o = &cli->output;
    bool news = title[0] != '\0' && strcasecmp(name, title) != 0;
    struct sgn_buf head;
    int width;

    sgn_buf_init(&head, TEXT_MAX);
    sgn_buf_printf(&head, "%s%s%s", news ? " (" : "", news ? title : "", news ? ")" : "");
    width = indent + cli_text_width(name) + (news ? cli_text_width(head.bytes) : 0);
    fprintf(o->out, "%*s%s%s%s%s", indent, "", cli_style(o->colour, CLI_BOLD), name,
            cli_style(o->colour, CLI_PLAIN), news ? head.bytes : "");
    if (rest != NULL && rest[0] != '\0') {
        fprintf(o->out, "  ");
        cli_text_lines(o, rest, indent + 4, width + 2);
    } else {
        fprintf(o->out, "\n");
    }
    sgn_buf_deinit(&head);
}

/* "text, required; for the team only" */
static void
show_field(const struct cli *cli, const json_t *field)
{
    struct sgn_buf text, choices;

    sgn_buf_init(&text, TEXT_MAX);
    sgn_buf_init(&choices, TEXT_MAX);
    cli_value_put(&choices, json_object_get(field, "choices"));
    sgn_buf_printf(&text, choices.len > 0 ? sgn_say(cli->language, "%s of %s") : "%s",
                   sgn_say(cli->language, sgn_json_str(field, "type")), choices.bytes);
    sgn_buf_deinit(&choices);
    if (sgn_json_true(field, "required"))
        sgn_buf_puts(&text, sgn_say(cli->language, "; required"));
    if (!sgn_json_true(field, "shared"))
        sgn_buf_puts(&text, sgn_say(cli->language, "; internal"));
    show_line(cli, 2, sgn_json_str(field, "name"), title_of(cli, field), text.bytes);
    sgn_buf_deinit(&text);
}

/* Who may: a role by name, or as the model says it. */
static void
put_who(const struct cli *cli, struct sgn_buf *buf, const char *before, const json_t *who)
{
    if (who == NULL || json_is_null(who))
        return;
    sgn_buf_printf(buf, "%s%s", buf->len > 0 ? sgn_say(cli->language, "; ") : "",
                   sgn_say(cli->language, before));
    cli_value_put(buf, who);
}

/* "note": true is short for one that is required. */
static bool
note_says(const json_t *transition, const char *what)
{
    const json_t *note = json_object_get(transition, "note");

    return sgn_json_true(note, what) || (json_is_true(note) && strcmp(what, "required") == 0);
}

static void
show_transition(const struct cli *cli, int indent, const json_t *transition)
{
    const json_t *on = json_object_get(transition, "on");
    struct sgn_buf name, text;

    sgn_buf_init(&name, TEXT_MAX);
    sgn_buf_init(&text, TEXT_MAX);
    cli_value_put(&name, on);
    if (name.len == 0 && sgn_json_str(transition, "after") != NULL)
        sgn_buf_printf(&name, sgn_say(cli->language, "after %s"),
                       sgn_json_str(transition, "after"));
    if (name.len == 0)
        sgn_buf_puts(&name, sgn_json_str(transition, "kind"));
    if (sgn_json_str(transition, "outcome") != NULL)
        sgn_buf_printf(&name, " %s", sgn_json_str(transition, "outcome"));
    sgn_buf_puts(&text, "→ ");
    if (json_array_size(json_object_get(transition, "to")) > 0)
        cli_value_put(&text, json_object_get(transition, "to"));
    else
        sgn_buf_puts(&text, sgn_say(cli->language, "stays"));
    put_who(cli, &text, "by ", json_object_get(transition, "by"));
    put_who(cli, &text, "needs ", json_object_get(transition, "needs"));
    put_who(cli, &text, "takes ", json_object_get(transition, "takes"));
    if (note_says(transition, "required"))
        sgn_buf_puts(&text, sgn_say(cli->language, "; with a comment"));
    if (note_says(transition, "shared"))
        sgn_buf_puts(&text, sgn_say(cli->language, "; the client reads the comment"));
    show_line(cli, indent, name.bytes, title_of(cli, transition), text.bytes);
    sgn_buf_deinit(&text);
    sgn_buf_deinit(&name);
}

static void
show_deadline(const struct cli *cli, int indent, const json_t *deadline)
{
    const json_t *rung;
    size_t i;
    struct sgn_buf text;

    sgn_buf_init(&text, TEXT_MAX);
    cli_value_put(&text, json_object_get(deadline, "duration"));
    if (text.len == 0)
        sgn_buf_printf(&text, sgn_say(cli->language, "by %s"), sgn_json_str(deadline, "per"));
    json_array_foreach(json_object_get(deadline, "rungs"), i, rung) {
        if (json_is_integer(json_object_get(rung, "at")))
            sgn_buf_printf(&text, sgn_say(cli->language, "; at %lld%%"),
                           (long long)sgn_json_int(rung, "at", 0));
        else if (sgn_json_str(rung, "late") != NULL)
            sgn_buf_printf(&text, sgn_say(cli->language, "; late %s"), sgn_json_str(rung, "late"));
        else
            sgn_buf_puts(&text, sgn_say(cli->language, "; again"));
        sgn_buf_puts(&text, sgn_say(cli->language, ": "));
        cli_value_put(&text, json_object_get(rung, "actions"));
    }
    show_line(cli, indent, sgn_say(cli->language, "within"), "", text.bytes);
    sgn_buf_deinit(&text);
}

/* "all of (any 1 pm; at least 2 ccb)" */
static void
put_rule(const struct cli *cli, struct sgn_buf *buf, const json_t *rule)
{
    const json_t *part;
    size_t i;

    for (const char *at = sgn_json_str(rule, "kind"); at != NULL && *at != '\0'; at++)
        sgn_buf_printf(buf, "%c", *at == '_' ? ' ' : *at);
    if (json_is_integer(json_object_get(rule, "n")))
        sgn_buf_printf(buf, " %lld", (long long)sgn_json_int(rule, "n", 0));
    if (json_object_get(rule, "who") != NULL) {
        sgn_buf_puts(buf, " ");
        cli_value_put(buf, json_object_get(rule, "who"));
    }
    if (json_object_get(rule, "when") != NULL) {
        sgn_buf_puts(buf, sgn_say(cli->language, " when "));
        cli_value_put(buf, json_object_get(rule, "when"));
    }
    if (json_array_size(json_object_get(rule, "rules")) == 0)
        return;
    sgn_buf_puts(buf, " (");
    json_array_foreach(json_object_get(rule, "rules"), i, part) {
        sgn_buf_puts(buf, i > 0 ? sgn_say(cli->language, "; ") : "");
        put_rule(cli, buf, part);
    }
    sgn_buf_puts(buf, ")");
}

static void
show_approval(const struct cli *cli, int indent, const json_t *approval)
{
    struct sgn_buf text;

    if (approval == NULL)
        return;
    sgn_buf_init(&text, TEXT_MAX);
    put_rule(cli, &text, json_object_get(approval, "rule"));
    put_who(cli, &text, "covers ", json_object_get(approval, "covers"));
    show_line(cli, indent, sgn_say(cli->language, "approval"), "", text.bytes);
    sgn_buf_deinit(&text);
}

static void
show_state(const struct cli *cli, int indent, const json_t *state)
{
    const char *kind = sgn_json_str(state, "kind");
    const json_t *part;
    struct sgn_buf text;
    size_t i;

    sgn_buf_init(&text, TEXT_MAX);
    if (kind != NULL && strcmp(kind, "state") != 0)
        sgn_buf_puts(&text, sgn_say(cli->language, kind));
    put_who(cli, &text, "owner ", json_object_get(state, "owner"));
    put_who(cli, &text, "outcome ", json_object_get(state, "outcome"));
    show_line(cli, indent, sgn_json_str(state, "name"), title_of(cli, state), text.bytes);
    sgn_buf_deinit(&text);
    show_approval(cli, indent + 4, json_object_get(state, "approval"));
    json_array_foreach(json_object_get(state, "transitions"), i, part)
        show_transition(cli, indent + 4, part);
    json_array_foreach(json_object_get(state, "deadlines"), i, part)
        show_deadline(cli, indent + 4, part);
    json_array_foreach(json_object_get(state, "states"), i, part)
        show_state(cli, indent + 2, part);
}

void
remote_show_workflow(struct cli *cli, const json_t *result)
{
    const struct cli_output *o = &cli->output;
    const json_t *model = json_object_get(result, "model");
    json_t *head = json_copy((json_t *)result);
    const json_t *part;
    size_t i;

    (void)json_object_del(head, "model");
    (void)json_object_set(head, "roles", json_object_get(model, "roles"));
    remote_show_members(cli, head);
    json_decref(head);
    if (model == NULL)
        return; /* the rules are the team's own affair */
    fprintf(o->out, "\n%s%s%s\n", cli_style(o->colour, CLI_BOLD), sgn_say(o->language, "Fields"),
            cli_style(o->colour, CLI_PLAIN));
    json_array_foreach(json_object_get(model, "fields"), i, part)
        show_field(cli, part);
    fprintf(o->out, "\n%s%s%s\n", cli_style(o->colour, CLI_BOLD), sgn_say(o->language, "States"),
            cli_style(o->colour, CLI_PLAIN));
    json_array_foreach(json_object_get(model, "states"), i, part)
        show_state(cli, 2, part);
}

/* ---- how it is ---- */

void
remote_show_health(struct cli *cli, const json_t *result)
{
    const struct cli_output *o = &cli->output;
    const json_t *alarm;
    size_t i;

    json_array_foreach(json_object_get(result, "alarms"), i, alarm) {
        const char *english = sgn_json_str(alarm, "text");
        char *text = sgn_say_text(cli->language, english != NULL ? english : "?");

        fprintf(o->out, "%s%s%s: ", cli_style(o->colour, CLI_RED), sgn_say(cli->language, "alarm"),
                cli_style(o->colour, CLI_PLAIN));
        cli_text_lines(o, text != NULL ? text : "?", 7, 7);
        free(text);
    }
    remote_show_nested(cli, result);
}
