/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A team's declaration from its JSON.
 */
#include "team.h"
#include "model_internal.h"
#include "schedule.h"
#include <stdlib.h>
#include <string.h>

static const struct member team_members[] = {
    { "name", SHAPE_TEXT, true },        { "title", SHAPE_TITLE, false },
    { "timezone", SHAPE_TEXT, false },   { "language", SHAPE_TEXT, false },
    { "currency", SHAPE_TEXT, false },   { "calendars", SHAPE_OBJECT, false },
    { "channels", SHAPE_OBJECT, false }, { "use", SHAPE_ARRAY, false },
    { "schedules", SHAPE_ARRAY, false }, { "calendar", SHAPE_TEXT, false },
    { "hooks", SHAPE_ARRAY, false },     { "source", SHAPE_TEXT, false },
    { "health", SHAPE_OBJECT, false },
};

static const struct member calendar_members[] = {
    { "timezone", SHAPE_TEXT, false },
    { "hours", SHAPE_OBJECT, true },
    { "holidays", SHAPE_TEXTS, false },
    { "line", SHAPE_INTEGER, false },
};

static const struct member use_members[] = {
    { "workflow", SHAPE_TEXT, true },
    { "group", SHAPE_TEXT, false },
};

static const struct member schedule_members[] = {
    { "name", SHAPE_TEXT, true },     { "every", SHAPE_TEXT, true },
    { "missed", SHAPE_TEXT, false },  { "starts", SHAPE_ARRAY, true },
    { "line", SHAPE_INTEGER, false },
};

static const struct member start_members[] = {
    { "start", SHAPE_TEXT, true },    { "for_each", SHAPE_TEXT, false },
    { "project", SHAPE_TEXT, false }, { "fields", SHAPE_OBJECT, false },
    { "line", SHAPE_INTEGER, false },
};

static const struct member hook_members[] = {
    { "name", SHAPE_TEXT, true },    { "scheme", SHAPE_TEXT, true },   { "by", SHAPE_TEXT, true },
    { "does", SHAPE_INTEGER, true }, { "line", SHAPE_INTEGER, false },
};

struct team_box {
    struct model_team team;
    json_t *json;
    json_t *empty_object, *empty_array;
};

static enum sgn_status
read_key(struct reader *r, const struct place *at, const char *key, const char *what)
{
    if (sgn_key_valid(key))
        return SGN_OK;
    return reader_fail(r, at,
                       "\"%.100s\" is no key of %s: a small letter, then small letters, digits "
                       "and \"-\", 32 at most",
                       key, what);
}

static enum sgn_status
read_zone(struct reader *r, const struct place *up, const json_t *json,
          const struct calendar_zone **out)
{
    struct place at = place_member(up, "timezone");
    const char *name = sgn_json_str(json, "timezone");

    *out = calendar_zone_get(name == NULL ? "UTC" : name);
    if (*out == NULL)
        return reader_fail(r, &at,
                           "there is no time zone \"%.100s\"; write it like "
                           "\"Asia/Shanghai\" or \"UTC\"",
                           name == NULL ? "UTC" : name);
    return SGN_OK;
}

static enum sgn_status
read_language(struct reader *r, const struct place *top, struct model_team *team,
              const json_t *json)
{
    struct place at = place_member(top, "language");

    team->language = sgn_json_str(json, "language");
    if (team->language == NULL)
        team->language = "en";
    if (strlen(team->language) != 2 || strspn(team->language, "abcdefghijklmnopqrstuvwxyz") != 2)
        return reader_fail(r, &at, "a language is two small letters, such as \"en\" or \"zh\"");
    at = place_member(top, "currency");
    team->currency = sgn_json_str(json, "currency");
    if (team->currency == NULL)
        team->currency = "EUR";
    if (strlen(team->currency) != 3 || strspn(team->currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
        return reader_fail(r, &at, "a currency is three capitals, such as \"EUR\" or \"CNY\"");
    return SGN_OK;
}

static enum sgn_status
read_calendars(struct reader *r, const struct place *top, const json_t *calendars, const char *own)
{
    struct place at = place_member(top, "calendars");
    const struct calendar_zone *zone;
    const char *name;
    json_t *calendar;
    enum sgn_status st = SGN_OK;

    if (own != NULL && json_object_get(calendars, own) == NULL) {
        struct place here = place_member(top, "calendar");
        return reader_fail(r, &here, "there is no calendar \"%.100s\"", own);
    }
    json_object_foreach((json_t *)calendars, name, calendar) {
        struct place here = place_member(&at, name);

        st = read_key(r, &here, name, "a calendar");
        if (st == SGN_OK)
            st = reader_object(r, &here, calendar, "a calendar", calendar_members,
                               COUNT(calendar_members));
        if (st == SGN_OK)
            st = read_zone(r, &here, calendar, &zone);
        if (st != SGN_OK)
            return st;
    }
    return st;
}

/* What a kind of channel needs is checked by whoever sends; here it must only say its kind. */
static enum sgn_status
read_channels(struct reader *r, const struct place *top, const json_t *channels)
{
    struct place at = place_member(top, "channels");
    const char *name;
    json_t *channel;

    json_object_foreach((json_t *)channels, name, channel) {
        struct place here = place_member(&at, name);

        if (read_key(r, &here, name, "a channel") != SGN_OK)
            return SGN_INVALID;
        if (sgn_json_str(channel, "kind") == NULL)
            return reader_fail(r, &here, "a channel is an object with its \"kind\"");
    }
    return SGN_OK;
}

static enum sgn_status
read_use(struct reader *r, const struct place *top, const json_t *uses)
{
    struct place at = place_member(top, "use");
    enum sgn_status st = SGN_OK;
    json_t *use;
    size_t i;

    json_array_foreach(uses, i, use) {
        struct place here = place_element(&at, i);
        struct place group = place_member(&here, "group");
        const char *name = sgn_json_str(use, "workflow");

        st = reader_object(r, &here, use, "\"use\"", use_members, COUNT(use_members));
        if (st == SGN_OK)
            st = reader_name(r, &here, name, "a workflow");
        if (st == SGN_OK && sgn_json_str(use, "group") != NULL)
            st = read_key(r, &group, sgn_json_str(use, "group"), "a group");
        for (size_t k = 0; st == SGN_OK && k < i; k++)
            if (strcmp(sgn_json_str(json_array_get(uses, k), "workflow"), name) == 0)
                st = reader_fail(r, &here, "\"%s\" is used already", name);
        if (st != SGN_OK)
            return st;
    }
    return st;
}

static enum sgn_status
read_starts(struct reader *r, const struct place *up, const json_t *starts)
{
    struct place at = place_member(up, "starts");
    enum sgn_status st = SGN_OK;
    json_t *start;
    size_t i;

    if (json_array_size(starts) == 0)
        return reader_fail(r, &at, "a schedule starts something: { \"start\": WORKFLOW }");
    json_array_foreach(starts, i, start) {
        struct place here = place_element(&at, i);
        struct place each = place_member(&here, "for_each");
        const char *for_each = sgn_json_str(start, "for_each");
        const char *project = sgn_json_str(start, "project");

        st = reader_object(r, &here, start, "a start", start_members, COUNT(start_members));
        if (st == SGN_OK)
            st = reader_name(r, &here, sgn_json_str(start, "start"), "a workflow");
        if (st == SGN_OK && project != NULL)
            st = read_key(r, &here, project, "a project");
        if (st == SGN_OK && for_each != NULL && strcmp(for_each, "open project") != 0 &&
            strcmp(for_each, "client") != 0)
            st = reader_fail(r, &each, "for_each is \"open project\" or \"client\"");
        if (st == SGN_OK && for_each != NULL && project != NULL)
            st = reader_fail(r, &each, "for_each and project say two things");
        if (st != SGN_OK)
            return st;
    }
    return st;
}

static enum sgn_status
read_schedule(struct reader *r, const struct place *at, const json_t *schedule)
{
    struct place every = place_member(at, "every"), missed = place_member(at, "missed");
    struct place name = place_member(at, "name");
    const char *policy = sgn_json_str(schedule, "missed");
    struct calendar_schedule *parsed = NULL;
    struct sgn_error why = { 0 };
    enum sgn_status st =
        reader_object(r, at, schedule, "a schedule", schedule_members, COUNT(schedule_members));

    if (st != SGN_OK)
        return st;
    if (strlen(sgn_json_str(schedule, "name")) > MODEL_SCHEDULE_NAME_MAX)
        return reader_fail(r, &name, "the name of a schedule has %d bytes at most",
                           MODEL_SCHEDULE_NAME_MAX);
    if (calendar_schedule_parse(sgn_json_str(schedule, "every"), &parsed, &why) != SGN_OK)
        st = reader_fail(r, &every, "%s", why.message);
    calendar_schedule_free(parsed);
    sgn_error_clear(&why);
    if (st == SGN_OK && policy != NULL && strcmp(policy, "latest") != 0 &&
        strcmp(policy, "all") != 0 && strcmp(policy, "skip") != 0)
        st = reader_fail(r, &missed, "missed is \"latest\", \"all\" or \"skip\"");
    return st == SGN_OK ? read_starts(r, at, json_object_get(schedule, "starts")) : st;
}

static enum sgn_status
read_schedules(struct reader *r, const struct place *top, const json_t *schedules)
{
    struct place at = place_member(top, "schedules");
    enum sgn_status st = SGN_OK;
    json_t *schedule;
    size_t i;

    json_array_foreach(schedules, i, schedule) {
        struct place here = place_element(&at, i);

        st = read_schedule(r, &here, schedule);
        for (size_t k = 0; st == SGN_OK && k < i; k++)
            if (json_equal(json_object_get(json_array_get(schedules, k), "name"),
                           json_object_get(schedule, "name")))
                st = reader_fail(r, &here, "there is a schedule \"%s\" already",
                                 sgn_json_str(schedule, "name"));
        if (st != SGN_OK)
            return st;
    }
    return st;
}

static enum sgn_status
read_hook(struct reader *r, const struct place *at, const json_t *hook)
{
    struct place by = place_member(at, "by"), scheme = place_member(at, "scheme");
    const char *said;
    enum sgn_status st = reader_object(r, at, hook, "a hook", hook_members, COUNT(hook_members));

    if (st == SGN_OK)
        st = read_key(r, at, sgn_json_str(hook, "name"), "a hook");
    if (st == SGN_OK)
        st = read_key(r, &by, sgn_json_str(hook, "by"), "a person");
    said = sgn_json_str(hook, "scheme");
    if (st == SGN_OK && strcmp(said, "standard") != 0 && strcmp(said, "github") != 0 &&
        strcmp(said, "bearer") != 0)
        st = reader_fail(r, &scheme, "scheme is \"standard\", \"github\" or \"bearer\"");
    if (st == SGN_OK && sgn_json_int(hook, "does", 0) < 1)
        st = reader_fail(r, at, "a hook has the number of its function");
    return st;
}

static enum sgn_status
read_hooks(struct reader *r, const struct place *top, const struct model_team *team)
{
    struct place at = place_member(top, "hooks");
    enum sgn_status st = SGN_OK;
    json_t *hook;
    size_t i;

    if (json_array_size(team->hooks) > MODEL_HOOKS_MAX)
        return reader_fail(r, &at, "a team has at most %d hooks", MODEL_HOOKS_MAX);
    if (json_array_size(team->hooks) > 0 && team->source == NULL)
        return reader_fail(r, &at, "hooks are kept with the source of their functions");
    json_array_foreach(team->hooks, i, hook) {
        struct place here = place_element(&at, i);

        st = read_hook(r, &here, hook);
        if (st == SGN_OK && model_team_hook(team, sgn_json_str(hook, "name")) != hook)
            st =
                reader_fail(r, &here, "there is a hook \"%s\" already", sgn_json_str(hook, "name"));
        if (st != SGN_OK)
            return st;
    }
    return st;
}

const json_t *
model_team_hook(const struct model_team *team, const char *name)
{
    const json_t *hook;
    size_t i;

    json_array_foreach(team->hooks, i, hook) {
        const char *own = sgn_json_str(hook, "name");

        if (own != NULL && strcmp(own, name) == 0)
            return hook;
    }
    return NULL;
}

static enum sgn_status
read_team(struct reader *r, const json_t *json, struct team_box *box)
{
    struct place top = { 0 };
    struct place name = place_member(&top, "name");
    struct model_team *team = &box->team;
    enum sgn_status st;

    st = reader_object(r, &top, json, "a team", team_members, COUNT(team_members));
    if (st != SGN_OK)
        return st;
    team->name = sgn_json_str(json, "name");
    team->title = json_object_get(json, "title");
    team->calendars = json_object_get(json, "calendars");
    team->use = json_object_get(json, "use");
    team->schedules = json_object_get(json, "schedules");
    team->hooks = json_object_get(json, "hooks");
    team->health = json_object_get(json, "health");
    team->source = sgn_json_str(json, "source");
    team->json = json;
    if (team->calendars == NULL)
        team->calendars = box->empty_object;
    team->calendar = sgn_json_str(json, "calendar");
    if (team->calendar == NULL)
        team->calendar = json_object_iter_key(json_object_iter((json_t *)team->calendars));
    if (team->use == NULL)
        team->use = box->empty_array;
    if (team->schedules == NULL)
        team->schedules = box->empty_array;
    if (team->hooks == NULL)
        team->hooks = box->empty_array;
    st = read_key(r, &name, team->name, "a team");
    if (st == SGN_OK)
        st = read_zone(r, &top, json, &team->zone);
    if (st == SGN_OK)
        st = read_language(r, &top, team, json);
    if (st == SGN_OK)
        st = read_calendars(r, &top, team->calendars, team->calendar);
    if (st == SGN_OK)
        st = read_channels(r, &top, json_object_get(json, "channels"));
    if (st == SGN_OK)
        st = read_use(r, &top, team->use);
    if (st == SGN_OK)
        st = read_schedules(r, &top, json_object_get(json, "schedules"));
    if (st == SGN_OK)
        st = read_hooks(r, &top, team);
    if (st == SGN_OK && team->health != NULL)
        st = model_health_read(r, &top, team->health);
    return st;
}

enum sgn_status
model_team_parse(const json_t *json, struct model_team **out, struct sgn_error *err)
{
    struct sgn_error local = { 0 };
    struct reader r = { .err = err == NULL ? &local : err };
    struct place top = { 0 };
    struct team_box *box = NULL;
    enum sgn_status st;

    *out = NULL;
    st = reader_values(&r, &top, json);
    if (st != SGN_OK)
        goto out;
    box = calloc(1, sizeof(*box));
    if (box == NULL) {
        st = sgn_nomem(err);
        goto out;
    }
    box->json = json_deep_copy(json);
    box->empty_object = json_object();
    box->empty_array = json_array();
    if (box->json == NULL || box->empty_object == NULL || box->empty_array == NULL)
        st = sgn_nomem(err);
    else
        st = read_team(&r, box->json, box);
out:
    if (st == SGN_OK)
        *out = &box->team;
    else
        model_team_free(box == NULL ? NULL : &box->team);
    sgn_error_clear(&local);
    return st;
}

void
model_team_free(struct model_team *team)
{
    struct team_box *box = (struct team_box *)team;

    if (box == NULL)
        return;
    json_decref(box->json);
    json_decref(box->empty_object);
    json_decref(box->empty_array);
    free(box);
}
