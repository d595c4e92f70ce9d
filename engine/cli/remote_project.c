/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "project new": a project by a template, with the keys of the cases that it begins with. They are
 * opened behind the answer, so it looks a few times until they are there.
 */
#include "buf.h"
#include "json.h"
#include "remote.h"
#include "say.h"
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#define LOOKS    40 /* then whoever asked has to look */
#define LOOK_MS  50
#define TEXT_MAX 4096

static enum sgn_status
list_cases(struct client *client, const json_t *project, json_t **out, struct sgn_error *err)
{
    json_t *params = json_pack("{s:O, s:i}", "project", project, "limit", 200);
    enum sgn_status st =
        params != NULL ? client_call(client, "case.list", params, out, err) : sgn_nomem(err);

    json_decref(params);
    return st;
}

/* *out: the page with all of them, or with those that came in time. */
static enum sgn_status
await_cases(struct client *client, const json_t *project, size_t wanted, json_t **out,
            struct sgn_error *err)
{
    const struct timespec pause = { 0, LOOK_MS * 1000000L };
    enum sgn_status st = SGN_OK;

    for (int i = 0; st == SGN_OK && i < LOOKS; i++) {
        json_decref(*out);
        *out = NULL;
        st = list_cases(client, project, out, err);
        if (st != SGN_OK || json_array_size(json_object_get(*out, "items")) >= wanted)
            break;
        (void)nanosleep(&pause, NULL);
    }
    return st;
}

/* Prints a line of ours; what a server sent may hold anything, so it goes by cli_text_lines. */
static void line(const struct cli_output *o, int indent, const char *fmt, ...) SGN_PRINTF(3, 4);

static void
line(const struct cli_output *o, int indent, const char *fmt, ...)
{
    char text[600];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    fprintf(o->out, "%*s", indent, "");
    cli_text_lines(o, text, indent, indent);
}

static void
show_people(const struct cli_output *o, const json_t *members)
{
    json_t *by_person = json_object(), *roles;
    const json_t *one;
    const char *person;
    size_t i;

    json_array_foreach(members, i, one) {
        const char *before = sgn_json_str(by_person, sgn_json_str(one, "person"));
        json_object_set_new(by_person, sgn_json_str(one, "person"),
                            json_sprintf("%s%s%s", before != NULL ? before : "",
                                         before != NULL ? ", " : "", sgn_json_str(one, "role")));
    }
    json_object_foreach(by_person, person, roles)
        line(o, 2, "%s: %s", person, json_string_value(roles));
    json_decref(by_person);
}

static void
show(struct cli *cli, const json_t *made, const json_t *cases)
{
    const struct cli_output *o = &cli->output;
    const char *project = sgn_json_str(made, "project");
    const json_t *one;
    size_t i, n = json_array_size(cases);

    line(o, 0, sgn_say(o->language, "Began the project %s."), project);
    show_people(o, json_object_get(made, "members"));
    for (i = n; i > 0; i--) { /* newest first, as they are listed */
        const char *title = sgn_json_str(json_array_get(cases, i - 1), "title");
        line(o, 2, "%s  %s", sgn_json_str(json_array_get(cases, i - 1), "case"),
             title != NULL ? title : "");
    }
    json_array_foreach(json_object_get(made, "left_out"), i, one)
        line(o, 2, sgn_say(o->language, "left out: %s, which the team does not use"),
             json_string_value(one));
    if (n < json_array_size(json_object_get(made, "cases")))
        line(o, 0, sgn_say(o->language, "The rest is being opened: signoff case list --project %s"),
             project);
}

enum sgn_status
remote_project_new(struct cli *cli, struct sgn_error *err)
{
    struct client *client = NULL;
    json_t *params = NULL, *made = NULL, *page = NULL;
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK && json_object_get(params, "template") == NULL)
        (void)json_object_set_new(params, "template", json_string("small"));
    if (st == SGN_OK)
        st = remote_name_request(params, err);
    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = remote_call_patiently(client, "project.create", params, &made, err);
    if (st == SGN_OK && cli->output.json) {
        cli_print_json(&cli->output, made);
    } else if (st == SGN_OK) {
        st = await_cases(client, json_object_get(made, "project"),
                         json_array_size(json_object_get(made, "cases")), &page, err);
        if (st == SGN_OK)
            show(cli, made, json_object_get(page, "items"));
    }
    json_decref(page);
    json_decref(made);
    json_decref(params);
    client_free(client);
    return st;
}

/* A template with what it is for and what it opens, as a paragraph each. */
void
remote_show_templates(struct cli *cli, const json_t *result)
{
    const struct cli_output *o = &cli->output;
    const json_t *one, *of;
    size_t i, k;

    json_array_foreach(json_object_get(result, "items"), i, one) {
        const char *says = sgn_json_str(one, "says");
        struct sgn_buf text;

        line(o, 0, "%s  %s", sgn_json_str(one, "template"), sgn_json_str(one, "title"));
        if (says != NULL)
            line(o, 2, "%s", says);
        sgn_buf_init(&text, TEXT_MAX);
        json_array_foreach(json_object_get(one, "cases"), k, of)
            sgn_buf_printf(&text, "%s%s", k > 0 ? ", " : "", sgn_json_str(of, "workflow"));
        line(o, 2, "%s", text.bytes != NULL ? text.bytes : "");
        sgn_buf_deinit(&text);
    }
    json_array_foreach(json_object_get(result, "mistakes"), i, one) {
        char *said = sgn_say_text(o->language, sgn_json_str(one, "message"));

        line(o, 0, "%s:%d: %s", sgn_json_str(one, "file"), (int)sgn_json_int(one, "line", 1),
             said != NULL ? said : sgn_json_str(one, "message"));
        free(said);
    }
}
