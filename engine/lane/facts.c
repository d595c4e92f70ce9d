/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts (see core.h): what a decision may ask of the team's data, read from the store with the
 * batch's staged rows laid over. Kept between decisions until data of any team change.
 */
#include "contacts.h"
#include "json.h"
#include "known.h"
#include "lane_internal.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static enum sgn_status
get(const struct lane_source *from, enum store_table table, const char *column, const char *value,
    json_t **out, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", column, value);
    enum sgn_status st;

    if (from->run != NULL)
        st = lane_row_get(from->run, table, key, out, err);
    else
        st = store_row_get(from->reader, table, from->team, key, out, err);
    json_decref(key);
    return st;
}

static enum sgn_status
list(const struct lane_source *from, enum store_table table, const char *column, json_t *value_take,
     json_t **out, struct sgn_error *err)
{
    json_t *match = json_pack("{s:o}", column, value_take);
    enum sgn_status st;

    if (from->run != NULL)
        st = lane_row_list(from->run, table, match, out, err);
    else
        st = store_row_list(from->reader, table, from->team, match, NULL, 10000, out, err);
    json_decref(match);
    return st;
}

/* A row, or JSON null when there is none. */
static enum sgn_status
get_or_null(const struct lane_source *from, enum store_table table, const char *column,
            const char *value, json_t **out, struct sgn_error *err)
{
    enum sgn_status st = get(from, table, column, value, out, err);

    if (st == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        *out = json_null();
        st = SGN_OK;
    }
    return st;
}

static enum sgn_status
fact_team(const struct lane_source *from, json_t **out, struct sgn_error *err)
{
    const struct lane_site *site = lane_site_ref(from->lane);
    const struct lane_team *team = lane_site_team(site, from->team);
    json_t *persons = NULL, *person, *leads = json_array();
    size_t i;
    enum sgn_status st = list(from, STORE_PERSON, "lead", json_true(), &persons, err);

    if (st != SGN_OK)
        goto out;
    json_array_foreach(persons, i, person)
        if (sgn_json_true(person, "active"))
            json_array_append(leads, json_object_get(person, "person"));
    *out = json_pack("{s:O, s:s, s:s, s:s?}", "leads", leads, "timezone",
                     team != NULL ? calendar_zone_name(team->team->zone) : "UTC", "language",
                     team != NULL && team->team->language != NULL ? team->team->language : "en",
                     "currency", team != NULL ? team->team->currency : NULL);
    st = *out != NULL ? SGN_OK : sgn_nomem(err);
out:
    json_decref(persons);
    json_decref(leads);
    lane_site_free(from->lane, site);
    return st;
}

/* Adds the roles of one membership row to members, unless its person is gone. */
static enum sgn_status
add_member(const struct lane_source *from, const json_t *membership, json_t *members,
           struct sgn_error *err)
{
    const char *key = sgn_json_str(membership, "person");
    json_t *member = json_object_get(members, key), *person = NULL;
    enum sgn_status st = SGN_OK;

    if (member == NULL) {
        st = get_or_null(from, STORE_PERSON, "person", key, &person, err);
        if (st != SGN_OK || !sgn_json_true(person, "active")) {
            json_decref(person);
            return st;
        }
        member = json_pack("{s:[], s:O?}", "roles", "client", json_object_get(person, "client"));
        if (json_object_get(member, "client") == NULL)
            json_object_set_new(member, "client", json_null());
        json_object_set_new(members, key, member);
        json_decref(person);
    }
    json_array_append(json_object_get(member, "roles"), json_object_get(membership, "role"));
    return SGN_OK;
}

/* The calendar of the project's client, for deadlines that go by the client's clock. */
static enum sgn_status
add_client_calendar(const struct lane_source *from, json_t *project, struct sgn_error *err)
{
    const char *key = sgn_json_str(project, "client");
    json_t *client = NULL, *calendar;
    enum sgn_status st = SGN_OK;

    if (key != NULL)
        st = get_or_null(from, STORE_CLIENT, "client", key, &client, err);
    calendar = json_object_get(client, "calendar");
    if (st == SGN_OK &&
        json_object_set_new(project, "client_calendar",
                            calendar != NULL ? json_incref(calendar) : json_null()) != 0)
        st = sgn_nomem(err);
    json_decref(client);
    return st;
}

static enum sgn_status
fact_project(const struct lane_source *from, const char *key, json_t **out, struct sgn_error *err)
{
    json_t *project = NULL, *rows = NULL, *row, *members;
    size_t i;
    enum sgn_status st = get_or_null(from, STORE_PROJECT, "project", key, &project, err);

    if (st != SGN_OK || json_is_null(project)) {
        *out = project;
        return st;
    }
    members = json_object();
    st = add_client_calendar(from, project, err);
    if (st == SGN_OK)
        st = list(from, STORE_MEMBERSHIP, "project", json_string(key), &rows, err);
    if (st != SGN_OK)
        goto out;
    json_array_foreach(rows, i, row) {
        st = add_member(from, row, members, err);
        if (st != SGN_OK)
            goto out;
    }
    json_object_set(project, "members", members);
    json_object_set_new(project, "key", json_string(key));
    json_object_del(project, "project");
    *out = json_incref(project);
out:
    json_decref(project);
    json_decref(rows);
    json_decref(members);
    return st;
}

static enum sgn_status
fact_group(const struct lane_source *from, const char *key, json_t **out, struct sgn_error *err)
{
    json_t *group = NULL, *rows = NULL, *row, *person;
    size_t i;
    enum sgn_status st = get_or_null(from, STORE_GROUP, "group", key, &group, err);

    if (st != SGN_OK || json_is_null(group)) {
        *out = group;
        return st;
    }
    json_decref(group);
    st = list(from, STORE_GROUP_MEMBER, "group", json_string(key), &rows, err);
    if (st != SGN_OK)
        return st;
    *out = json_array();
    json_array_foreach(rows, i, row) {
        st = get_or_null(from, STORE_PERSON, "person", sgn_json_str(row, "person"), &person, err);
        if (st != SGN_OK)
            break;
        if (sgn_json_true(person, "active"))
            json_array_append(*out, json_object_get(row, "person"));
        json_decref(person);
    }
    json_decref(rows);
    return st;
}

/* Was the case open as it is committed? From the cache, or from the store. */
static bool
was_open(const struct lane_source *from, const char *name, const char *key)
{
    const struct lane_case *kept = lane_cases_find(&from->lane->cases, name);
    struct store_case_row stored = { 0 };
    const char *text;
    json_t *row = NULL;
    bool open = false;

    if (kept == NULL && store_case_get(from->reader, from->team, key, &stored, NULL) != SGN_OK)
        return false;
    text = kept != NULL ? kept->document : stored.document;
    if (sgn_json_parse(text, strlen(text), &row, NULL) == SGN_OK)
        open = case_is_open(row);
    json_decref(row);
    store_case_row_deinit(&stored);
    return open;
}

static bool
is_of(const char *its, const char *flow, const char *project, const char *workflow)
{
    return its != NULL && flow != NULL && strcmp(its, project) == 0 && strcmp(flow, workflow) == 0;
}

/* What this batch has changed of the count, and the asker's own case, which does not count. */
static int64_t
open_correction(const struct lane_source *from, const char *project, const char *workflow)
{
    const struct lane_batch *batch = lane_batch_of(from->lane, from->team);
    const char *own = from->run->job->case_key;
    struct lane_case *item;
    int64_t n = 0;

    for (const struct lane_case *c = batch->cases.map; c != NULL; c = c->hh.next) {
        const struct store_case *row = &c->change->out;

        if (strcmp(row->team, from->team) == 0 &&
            is_of(row->project, row->workflow, project, workflow))
            n += (int)(row->outcome == NULL) - (int)was_open(from, c->name, row->key);
    }
    if (own[0] != '\0' && lane_case_item(from->lane, from->team, own, &item, NULL) == SGN_OK &&
        is_of(sgn_json_str(item->row, "project"), sgn_json_str(item->row, "workflow"), project,
              workflow))
        n -= case_is_open(item->row);
    return n;
}

/* Open cases of a workflow in a project: the store's count, corrected by what is staged. */
static enum sgn_status
fact_open(const struct lane_source *from, const char *rest, json_t **out, struct sgn_error *err)
{
    const char *colon = strchr(rest, ':');
    char project[SGN_KEY_MAX + 1];
    int64_t n = 0;
    enum sgn_status st;

    if (colon == NULL || colon - rest > SGN_KEY_MAX)
        return sgn_fail(err, SGN_INTERNAL, "no fact \"open:%s\"", rest);
    snprintf(project, sizeof project, "%.*s", (int)(colon - rest), rest);
    st = store_open_count(from->reader, from->team, project, colon + 1, &n, err);
    if (st == SGN_OK && from->run != NULL)
        n += open_correction(from, project, colon + 1);
    *out = st == SGN_OK ? json_integer(n) : NULL;
    return st;
}

static enum sgn_status
fact_case(const struct lane_source *from, const char *key, json_t **out, struct sgn_error *err)
{
    struct store_case_row stored;
    struct lane_case *item;
    enum sgn_status st;

    if (from->run != NULL) {
        st = lane_case_item(from->lane, from->team, key, &item, err);
    } else {
        st = store_case_get(from->reader, from->team, key, &stored, err);
        if (st == SGN_OK)
            store_case_row_deinit(&stored);
    }
    if (st != SGN_OK && st != SGN_NOT_FOUND)
        return st;
    sgn_error_clear(err);
    *out = json_boolean(st == SGN_OK);
    return SGN_OK;
}

/* With "client_ended" where the team works for the person's client no more: it takes the right to
 * act, and nothing of what the person was asked for. */
static enum sgn_status
fact_person(const struct lane_source *from, const char *name, json_t **out, struct sgn_error *err)
{
    json_t *person = NULL, *client = NULL;
    const char *key;
    enum sgn_status st = get_or_null(from, STORE_PERSON, "person", name, &person, err);

    key = sgn_json_str(person, "client");
    if (st == SGN_OK && key != NULL)
        st = get_or_null(from, STORE_CLIENT, "client", key, &client, err);
    if (st == SGN_OK && json_is_object(client) && !sgn_json_true(client, "active")) {
        json_t *marked = json_copy(person); /* the row itself may be what is staged */

        json_decref(person);
        person = marked;
        if (person == NULL || json_object_set_new(person, "client_ended", json_true()) != 0)
            st = sgn_nomem(err);
    }
    json_decref(client);
    if (st == SGN_OK)
        *out = person;
    else
        json_decref(person);
    return st;
}

/* What was noted a moment ago, in this batch, is heard of, too. */
static enum sgn_status
fact_contact(const struct lane_source *from, const char *project, json_t **out,
             struct sgn_error *err)
{
    const struct lane_batch *batch =
        from->run != NULL ? lane_batch_of(from->lane, from->team) : NULL;
    enum sgn_status st = lane_heard(from->reader, from->team, project, NULL, out, err);

    for (const struct lane_case *c = batch != NULL ? batch->cases.map : NULL; c != NULL;
         c = c->hh.next) {
        const struct store_case *row = &c->change->out;

        if (st == SGN_OK && strcmp(row->team, from->team) == 0 &&
            is_of(row->project, row->workflow, project, LANE_COMMUNICATION))
            st = lane_heard_noted(*out, row->indexed, err);
    }
    return st;
}

static enum sgn_status
fact(const struct lane_source *from, const char *key, json_t **out, struct sgn_error *err)
{
    *out = NULL;
    if (strcmp(key, "team") == 0)
        return fact_team(from, out, err);
    if (strncmp(key, "person:", 7) == 0)
        return fact_person(from, key + 7, out, err);
    if (strncmp(key, "project:", 8) == 0)
        return fact_project(from, key + 8, out, err);
    if (strncmp(key, "group:", 6) == 0)
        return fact_group(from, key + 6, out, err);
    if (strncmp(key, "open:", 5) == 0)
        return fact_open(from, key + 5, out, err);
    if (strncmp(key, "delegation:", 11) == 0)
        return list(from, STORE_DELEGATION, "stand_in", json_string(key + 11), out, err);
    if (strncmp(key, "stand_ins:", 10) == 0)
        return list(from, STORE_DELEGATION, "person", json_string(key + 10), out, err);
    if (strncmp(key, "case:", 5) == 0)
        return fact_case(from, key + 5, out, err);
    if (strncmp(key, "imported:", 9) == 0)
        return lane_imported(from, key + 9, out, err);
    if (strncmp(key, "contact:", 8) == 0)
        return fact_contact(from, key + 8, out, err);
    if (strncmp(key, "file:", 5) == 0)
        return get_or_null(from, STORE_FILE, "file", key + 5, out, err);
    return sgn_fail(err, SGN_INTERNAL, "no fact \"%.80s\"", key);
}

bool
lane_facts_settled(const struct lane_run *run)
{
    return !lane_batch_of(run->lane, run->team)->touches_facts && !run->lane->batch.touches_facts &&
           !run->touches_facts && lane_team_known(run->lane, run->team);
}

/* Others change with every case, and are read each time. */
bool
lane_fact_keeps(const char *key)
{
    return strncmp(key, "open:", 5) != 0 && strncmp(key, "case:", 5) != 0 &&
           strncmp(key, "file:", 5) != 0 && strncmp(key, "imported:", 9) != 0 &&
           strncmp(key, "contact:", 8) != 0;
}

static bool
may_keep(const struct lane_run *run, const char *key)
{
    /* A stranger may ask for what no name is long enough for. */
    return lane_facts_settled(run) && lane_fact_keeps(key) &&
           strlen(key) < LANE_KEY_TEXT - SGN_KEY_MAX - 2;
}

enum sgn_status
lane_fact(struct lane_run *run, const char *key, const json_t **out, struct sgn_error *err)
{
    struct lane_source from = { run->lane, run, run->lane->reader, run->team };
    char name[LANE_KEY_TEXT];
    bool keep = may_keep(run, key);
    json_t *value = NULL;
    enum sgn_status st;

    *out = NULL;
    if (keep)
        value = json_object_get(run->lane->facts, lane_key(name, run->team, key, NULL));
    if (value != NULL) {
        *out = lane_lend(run, json_incref(value));
        return SGN_OK;
    }
    st = fact(&from, key, &value, err);
    if (st != SGN_OK)
        return st;
    if (keep)
        json_object_set(run->lane->facts, name, value);
    *out = lane_lend(run, value);
    return SGN_OK;
}

enum sgn_status
lane_facts_fill(struct lane_run *run, json_t *facts, const json_t *keys, struct sgn_error *err)
{
    size_t i;
    json_t *key;

    json_array_foreach((json_t *)keys, i, key) {
        const json_t *value;
        enum sgn_status st = lane_fact(run, json_string_value(key), &value, err);

        if (st != SGN_OK)
            return st;
        json_object_set(facts, json_string_value(key), (json_t *)value);
    }
    return SGN_OK;
}

enum sgn_status
lane_fact_read(struct lane *lane, struct store_reader *reader, const char *team, const char *key,
               json_t **out, struct sgn_error *err)
{
    struct lane_source from = { lane, NULL, reader, team };

    return fact(&from, key, out, err);
}

/* ---- times ---- */

const struct calendar_zone *
lane_team_zone(const struct lane *lane, const char *team)
{
    const struct lane_team *its = lane->site != NULL ? lane_site_team(lane->site, team) : NULL;
    const struct calendar_zone *zone = its != NULL && its->team != NULL ? its->team->zone : NULL;

    return zone != NULL ? zone : calendar_zone_get("UTC");
}

void
lane_time_tell(json_t *object, const char *name, const struct calendar_zone *zone)
{
    const json_t *ms = json_object_get(object, name);
    char text[SGN_TIME_TEXT];
    int64_t at = json_integer_value(ms);

    if (json_is_integer(ms))
        (void)json_object_set_new(
            object, name, json_string(sgn_time_format(at, calendar_zone_offset(zone, at), text)));
}

enum sgn_status
lane_person_read(struct store_reader *reader, const char *team, const char *person, json_t **out,
                 struct sgn_error *err)
{
    const struct lane_source from = { .reader = reader, .team = team };
    enum sgn_status st = fact_person(&from, person, out, err);

    if (st != SGN_OK || json_is_object(*out))
        return st;
    json_decref(*out);
    *out = NULL;
    return sgn_fail(err, SGN_NOT_FOUND, "there is no person '%.40s'", person);
}
