/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a template says, made of this project: who holds which role, which cases are opened, with
 * its titles and its days in their fields. What depends on nothing but the template was checked
 * when it was read (lane/project_templates.c).
 */
#include "project_begin.h"

#include "buf.h"
#include "calendar.h"
#include "calendars.h"
#include "clock.h"
#include "data.h"
#include "json.h"
#include "project_template.h"
#include "project_templates.h"
#include "rpc_internal.h"
#include "template.h"
#include <string.h>

#define NUMBERS_MOST 10000 /* of projects without a name of their own */
#define REST_MOST    60    /* days without work one after another that are passed over */

struct begin {
    struct lane_run *run;
    struct lane_job *job;
    const json_t *row; /* of the project */
    const char *key, *lead;
    const json_t *template;
    const char *language; /* the team's */
    const struct calendar_zone *zone;
    struct calendar *calendar; /* NULL: the team declares none */
    int64_t from;              /* the beginning */
    json_t *places;            /* {"project", "client"}: what texts may name */
    json_t *members, *cases, *left_out;
};

/* ---- its name ---- */

static enum sgn_status
is_taken(struct lane_run *run, const char *stem, int n, bool *out, struct sgn_error *err)
{
    char key[SGN_KEY_MAX + 1];
    json_t *match, *row = NULL;
    enum sgn_status status;

    snprintf(key, sizeof(key), "%s-%d", stem, n);
    match = json_pack("{s:s}", "project", key);
    status = match != NULL ? lane_row_get(run, STORE_PROJECT, match, &row, err) : sgn_nomem(err);
    *out = status == SGN_OK;
    json_decref(match);
    json_decref(row);
    return sgn_if_any(status, err);
}

/* A number that nobody has behind one that somebody has, or 1: found by doubling and halving, as
 * a client may have thousands. NUMBERS_MOST: there is none. */
static enum sgn_status
free_number(struct lane_run *run, const char *stem, int *out, struct sgn_error *err)
{
    int taken = 0, free_one = 1;
    bool is = true;
    enum sgn_status status = is_taken(run, stem, free_one, &is, err);

    while (status == SGN_OK && is && free_one < NUMBERS_MOST) {
        taken = free_one;
        free_one = taken * 2 < NUMBERS_MOST ? taken * 2 : NUMBERS_MOST;
        if (free_one < NUMBERS_MOST)
            status = is_taken(run, stem, free_one, &is, err);
    }
    while (status == SGN_OK && free_one - taken > 1) {
        int middle = taken + (free_one - taken) / 2;

        status = is_taken(run, stem, middle, &is, err);
        *(is ? &taken : &free_one) = middle;
    }
    *out = free_one;
    return status;
}

enum sgn_status
rpc_project_name(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *client = sgn_json_str(job->params, "client");
    char stem[SGN_KEY_MAX - 5];
    int n = 0;
    enum sgn_status status;

    sgn_text_copy(stem, sizeof(stem), client != NULL && sgn_key_valid(client) ? client : "project");
    status = free_number(run, stem, &n, err);
    if (status != SGN_OK)
        return status;
    if (n == NUMBERS_MOST)
        return rpc_data_invalid(err, "/project", "give the project a key: %s has %d already", stem,
                                NUMBERS_MOST - 1);
    return json_object_set_new(job->params, "project", json_sprintf("%s-%d", stem, n)) == 0
               ? SGN_OK
               : sgn_nomem(err);
}

/* ---- the template ---- */

/* The first mistake of that template's file, which is what its author has to mend first. */
static enum sgn_status
refuse_broken(const char *name, const json_t *mistakes, struct sgn_error *err)
{
    const json_t *one;
    char file[SGN_KEY_MAX + 32];
    size_t i;

    snprintf(file, sizeof(file), "templates/%.*s.ini", SGN_KEY_MAX, name);
    json_array_foreach(mistakes, i, one)
        if (strcmp(sgn_json_str(one, "file"), file) == 0)
            return rpc_data_invalid(err, "/template", "%s:%d: %s", file,
                                    (int)sgn_json_int(one, "line", 1),
                                    sgn_json_str(one, "message"));
    return SGN_OK;
}

static enum sgn_status
find_template(struct begin *b, json_t **all, struct sgn_error *err)
{
    const char *name = sgn_json_str(b->job->params, "template"), *near, *known;
    json_t *mistakes = json_array(), *names = json_array(), *value;
    enum sgn_status status =
        mistakes != NULL && names != NULL
            ? lane_templates_of(lane_of(b->run), b->job->team, mistakes, all, err)
            : sgn_nomem(err);

    b->template = json_object_get(*all, name);
    if (status == SGN_OK && b->template == NULL)
        status = refuse_broken(name, mistakes, err);
    if (status == SGN_OK && b->template == NULL) {
        json_object_foreach(*all, known, value)
            (void)json_array_append_new(names, json_string(known));
        near = sgn_nearest_json(name, names);
        status = rpc_data_invalid(err, "/template", "there is no template '%.40s'%s%s%s", name,
                                  near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                                  near != NULL ? "'?" : "");
    }
    json_decref(mistakes);
    json_decref(names);
    return status;
}

/* ---- when ---- */

static int64_t
wall_of(const struct begin *b, int64_t at)
{
    return at + (int64_t)calendar_zone_offset(b->zone, at) * 1000;
}

/* Now, or the first moment of the day that was given. */
static enum sgn_status
find_beginning(struct begin *b, struct sgn_error *err)
{
    const char *begins = sgn_json_str(b->job->params, "begins");
    int year, month, day;

    b->from = lane_now(b->run);
    if (begins == NULL || begins[0] == '\0')
        return SGN_OK;
    if (!sgn_date_parse(begins, &year, &month, &day))
        return rpc_data_invalid(err, "/begins", "'%.40s' is no day: expected one as 2026-01-31",
                                begins);
    b->from = calendar_zone_instant(b->zone, sgn_days_from_civil(year, month, day) * SGN_DAY_MS);
    return SGN_OK;
}

/* The project's own calendar, else its client's, else the team's: as its deadlines do. */
static enum sgn_status
find_calendar(struct begin *b, struct sgn_error *err)
{
    const char *client = sgn_json_str(b->row, "client"), *name = sgn_json_str(b->row, "calendar");
    json_t *row = NULL;
    enum sgn_status status = SGN_OK;

    if (name == NULL && client != NULL)
        status = rpc_data_row(b->run, STORE_CLIENT, client, "/client", SGN_INVALID, &row, err);
    if (name == NULL)
        name = sgn_json_str(row, "calendar");
    if (status == SGN_OK)
        status = lane_calendar_make(b->run, name, &b->calendar, err);
    status = sgn_if_any(status, err); /* a team may have none */
    json_decref(row);
    if (b->calendar != NULL)
        b->zone = calendar_zone_of(b->calendar);
    return status;
}

/* Without a calendar every day is a working day, as many days are: five of seven. */
static int64_t
due_of(const struct begin *b, struct calendar_duration after)
{
    if (b->calendar != NULL)
        return calendar_due(b->calendar, &after, b->from);
    after.days += (after.workdays * 7 + 4) / 5;
    after.elapsed_ms += after.work_ms;
    after.workdays = after.work_ms = 0;
    return calendar_duration_due(&after, b->zone, b->from);
}

/* A day, or a moment, so long after the beginning. Nobody meets on a Sunday because a quarter ends
 * there: what is no working day becomes the next one. */
static json_t *
moment(const struct begin *b, const json_t *field, const struct model_template_when *when)
{
    int64_t due = due_of(b, when->after), days;
    char text[SGN_TIME_TEXT];
    int year, month, day;

    for (int i = 0; b->calendar != NULL && !calendar_is_workday(b->calendar, due) && i < REST_MOST;
         i++)
        due = calendar_zone_instant(b->zone, wall_of(b, due) + SGN_DAY_MS);
    days = sgn_floor_div(wall_of(b, due), SGN_DAY_MS);
    if (strcmp(sgn_json_str(field, "type"), "date") == 0) {
        sgn_civil_from_days(days, &year, &month, &day);
        return json_sprintf("%04d-%02d-%02d", year, month, day);
    }
    if (when->at >= 0)
        due = calendar_zone_instant(b->zone, days * SGN_DAY_MS + (int64_t)when->at * SGN_MINUTE_MS);
    return json_string(sgn_time_format(due, calendar_zone_offset(b->zone, due), text));
}

/* ---- the cases ---- */

static enum sgn_status
put_field(struct begin *b, const json_t *field, const json_t *said, json_t *fields,
          struct sgn_error *err)
{
    const char *text = model_template_text(said, b->language);
    struct model_template_when when;
    struct sgn_buf filled;
    json_t *value = NULL;
    enum sgn_status status = SGN_OK;

    sgn_buf_init(&filled, MODEL_TEMPLATE_BYTES);
    if (model_template_when(field, text, &when))
        value = moment(b, field, &when);
    else
        status = sgn_template_put(&filled, text, b->places, false, err);
    if (status == SGN_OK && value == NULL)
        value = model_template_value(field, filled.bytes != NULL ? filled.bytes : "");
    if (status == SGN_OK &&
        (value == NULL || json_object_set_new(fields, sgn_json_str(field, "name"), value) != 0))
        status = sgn_nomem(err);
    sgn_buf_deinit(&filled);
    return status;
}

static enum sgn_status
put_case(struct begin *b, const struct model *model, const json_t *one, struct sgn_error *err)
{
    json_t *fields = json_object(), *said;
    const char *name;
    enum sgn_status status = fields != NULL ? SGN_OK : sgn_nomem(err);

    json_object_foreach(json_object_get(one, "fields"), name, said) {
        const json_t *field = model_template_field(model->json, name);
        if (status == SGN_OK && field != NULL)
            status = put_field(b, field, said, fields, err);
    }
    if (status == SGN_OK &&
        json_array_append_new(
            b->cases, json_pack("{s:s, s:O}", "workflow", model->name, "fields", fields)) != 0)
        status = sgn_nomem(err);
    json_decref(fields);
    return status;
}

static enum sgn_status
put_cases(struct begin *b, const struct lane_team *team, struct sgn_error *err)
{
    const json_t *one;
    enum sgn_status status = SGN_OK;
    size_t i;

    json_array_foreach(json_object_get(b->template, "cases"), i, one) {
        const char *workflow = sgn_json_str(one, "workflow");
        const struct model *model = lane_team_workflow(team, workflow);

        if (status == SGN_OK && model != NULL)
            status = put_case(b, model, one, err);
        else if (!sgn_json_has(b->left_out, workflow))
            (void)json_array_append_new(b->left_out, json_string(workflow));
    }
    return status;
}

/* ---- the people ---- */

/* Who leads: the one that was named, else whoever asks. */
static enum sgn_status
find_lead(struct begin *b, struct sgn_error *err)
{
    json_t *person = NULL;
    enum sgn_status status;

    b->lead = sgn_json_str(b->job->params, "lead");
    if (b->lead == NULL || b->lead[0] == '\0')
        b->lead = b->job->person;
    if (b->lead[0] == '\0')
        return rpc_data_invalid(err, "/lead", "lead is needed: who holds the project's roles?");
    status = rpc_data_row(b->run, STORE_PERSON, b->lead, "/lead", SGN_INVALID, &person, err);
    if (status == SGN_OK && sgn_json_str(person, "client") != NULL)
        status = rpc_data_invalid(err, "/lead", "%s belongs to client %s: one of the team leads",
                                  b->lead, sgn_json_str(person, "client"));
    if (status == SGN_OK && !rpc_row_true(person, "active"))
        status = rpc_data_invalid(err, "/lead", "%s has left", b->lead);
    json_decref(person);
    return status;
}

static enum sgn_status
put_member(struct begin *b, const char *person, const char *role, struct sgn_error *err)
{
    json_t *row = json_pack("{s:s, s:s, s:s}", "project", b->key, "person", person, "role", role);
    enum sgn_status status =
        row != NULL ? lane_row_put(b->run, STORE_MEMBERSHIP, row, err) : sgn_nomem(err);

    if (status == SGN_OK && json_array_append_new(b->members, json_pack("{s:s, s:s}", "person",
                                                                        person, "role", role)) != 0)
        status = sgn_nomem(err);
    json_decref(row);
    return status;
}

/* The lead holds every role, and the client's people theirs: who is to hold one instead is given
 * it, and it is taken from these, as in any project. */
static enum sgn_status
put_members(struct begin *b, struct sgn_error *err)
{
    const char *client = sgn_json_str(b->row, "client");
    json_t *match, *people = NULL, *one;
    enum sgn_status status = SGN_OK;
    size_t i;

    json_array_foreach(json_object_get(b->template, "roles"), i, one)
        if (status == SGN_OK)
            status = put_member(b, b->lead, json_string_value(one), err);
    if (status != SGN_OK || client == NULL)
        return status;
    match = json_pack("{s:s}", "client", client);
    status = lane_row_list(b->run, STORE_PERSON, match, &people, err);
    json_array_foreach(people, i, one)
        if (status == SGN_OK && rpc_row_true(one, "active"))
            status = put_member(b, sgn_json_str(one, "person"), "client", err);
    json_decref(match);
    json_decref(people);
    return status;
}

/* ---- all of it ---- */

/* Titles in the team's language: what is opened is read by its people first. */
static enum sgn_status
find_places(struct begin *b, struct sgn_error *err)
{
    const char *client = sgn_json_str(b->row, "client");
    json_t *row = NULL;
    enum sgn_status status = SGN_OK;

    if (client != NULL)
        status = rpc_data_row(b->run, STORE_CLIENT, client, "/client", SGN_INVALID, &row, err);
    b->places = json_pack(
        "{s:s, s:s}", "project", model_title(json_object_get(b->row, "title"), b->language, b->key),
        "client",
        client != NULL ? model_title(json_object_get(row, "title"), b->language, client) : "");
    json_decref(row);
    return status != SGN_OK ? status : b->places != NULL ? SGN_OK : sgn_nomem(err);
}

/* The entry says all of it, so that the same is answered when the request is repeated. */
static enum sgn_status
finish(struct begin *b, struct sgn_error *err)
{
    json_t *said = rpc_row_view(STORE_PROJECT, b->row, rpc_zone(lane_of(b->run), b->job->team));
    const json_t *one;
    size_t i;
    enum sgn_status status = said != NULL ? SGN_OK : sgn_nomem(err);

    if (status == SGN_OK &&
        (json_object_set(said, "template", json_object_get(b->job->params, "template")) != 0 ||
         json_object_set(said, "members", b->members) != 0 ||
         json_object_set(said, "cases", b->cases) != 0 ||
         json_object_set(said, "left_out", b->left_out) != 0))
        status = sgn_nomem(err);
    if (status == SGN_OK)
        status = rpc_data_give(b->run, b->job, json_incref(said), err);
    json_array_foreach(b->cases, i, one)
        if (status == SGN_OK)
            status = lane_data_open(b->run,
                                    json_pack("{s:O, s:s, s:s, s:O}", "workflow",
                                              json_object_get(one, "workflow"), "project", b->key,
                                              "opener", b->lead, "fields",
                                              json_object_get(one, "fields")),
                                    err);
    json_decref(said);
    return status;
}

enum sgn_status
rpc_project_begin(struct lane_run *run, struct lane_job *job, json_t *row_take,
                  struct sgn_error *err)
{
    struct begin b = { .run = run,
                       .job = job,
                       .row = row_take,
                       .key = sgn_json_str(row_take, "project"),
                       .zone = rpc_zone(lane_of(run), job->team),
                       .members = json_array(),
                       .cases = json_array(),
                       .left_out = json_array() };
    const struct lane_site *site = lane_site_ref(lane_of(run));
    const struct lane_team *team = lane_site_team(site, job->team);
    json_t *all = NULL;
    enum sgn_status status = find_template(&b, &all, err);

    b.language = team != NULL && team->team != NULL ? team->team->language : NULL;
    if (status == SGN_OK)
        status = find_lead(&b, err);
    if (status == SGN_OK)
        status = find_calendar(&b, err);
    if (status == SGN_OK)
        status = find_beginning(&b, err);
    if (status == SGN_OK)
        status = find_places(&b, err);
    if (status == SGN_OK)
        status = put_cases(&b, team, err);
    if (status == SGN_OK)
        status = lane_row_put(run, STORE_PROJECT, row_take, err);
    if (status == SGN_OK)
        status = put_members(&b, err);
    if (status == SGN_OK)
        status = finish(&b, err);
    calendar_free(b.calendar);
    lane_site_free(lane_of(run), site);
    json_decref(all);
    json_decref(b.places);
    json_decref(b.members);
    json_decref(b.cases);
    json_decref(b.left_out);
    json_decref(row_take);
    return status;
}
