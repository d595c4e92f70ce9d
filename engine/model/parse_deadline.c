/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deadlines and their rungs, all of a model in document order. Rungs are sorted into
 * the order in which they fire, so that core walks up the ladder without looking back.
 */
#include "clock.h"
#include "model_internal.h"
#include <stdlib.h>
#include <string.h>

#define AGAIN_MOST     10 /* repeats when "most" is not said */
#define AGAIN_MOST_MAX 10000

static const struct member deadline_members[] = {
    { "name", SHAPE_TEXT, true },    { "duration", SHAPE_ANY, false },
    { "due", SHAPE_TEXT, false },    { "clock", SHAPE_TEXT, false },
    { "from", SHAPE_TEXT, false },   { "until", SHAPE_TEXT, false },
    { "pause", SHAPE_TEXTS, false }, { "rungs", SHAPE_ARRAY, true },
    { "title", SHAPE_TITLE, false }, { "line", SHAPE_INTEGER, false },
};

static const struct member per_members[] = {
    { "per", SHAPE_TEXT, true },
    { "values", SHAPE_OBJECT, true },
};

static const struct member rung_members[] = {
    { "at", SHAPE_INTEGER, false },   { "late", SHAPE_TEXT, false },
    { "again", SHAPE_TEXT, false },   { "most", SHAPE_INTEGER, false },
    { "actions", SHAPE_ARRAY, true }, { "even_if_down", SHAPE_FLAG, false },
    { "line", SHAPE_INTEGER, false },
};

static const char *const priorities[] = { "low", "normal", "high", "urgent" };

/* Repeating without a pause would fire for ever at one moment. */
static bool
is_zero(const struct calendar_duration *d)
{
    return d->elapsed_ms == 0 && d->days == 0 && d->work_ms == 0 && d->workdays == 0;
}

/* A duration for a value that the field cannot have would never be used: a slip. */
static enum sgn_status
read_per_value(struct reader *r, const struct place *at, const char *value,
               const struct model_field *field)
{
    int unused;

    if (field == NULL)
        return reader_word(r, at, value, "priority", priorities, COUNT(priorities), &unused);
    if (field->type == MODEL_CHOICE && !sgn_json_has(field->choices, value))
        return reader_fail(r, at, "\"%.100s\" is no choice of \"%s\"", value, field->name);
    return SGN_OK;
}

/* By a choice, a text or the priority: values that can be member names. A value without
 * a duration is allowed: the clock does not run while the field has it. */
static enum sgn_status
read_per(struct reader *r, const struct place *at, const json_t *json, struct model_deadline *d)
{
    struct place per = place_member(at, "per");
    struct place values = place_member(at, "values");
    const struct model_field *field = NULL;
    struct calendar_duration duration;
    const char *value;
    json_t *text;
    enum sgn_status st;

    st = reader_object(r, at, json, "a duration by field", per_members, COUNT(per_members));
    if (st != SGN_OK)
        return st;
    d->per = sgn_json_str(json, "per");
    d->per_values = json_object_get(json, "values");
    if (strcmp(d->per, "priority") != 0)
        st = reader_field(r, &per, d->per, &field);
    if (st != SGN_OK)
        return st;
    if (field != NULL && field->type != MODEL_CHOICE && field->type != MODEL_TEXT)
        return reader_fail(r, &per, "\"%s\" is neither a choice nor text", d->per);
    if (json_object_size(d->per_values) == 0)
        return reader_fail(r, &values, "must say how long for which value");
    json_object_foreach((json_t *)d->per_values, value, text) {
        struct place here = place_member(&values, value);

        st = read_per_value(r, &here, value, field);
        if (st == SGN_OK)
            st = reader_duration(r, &here, text, &duration);
        if (st != SGN_OK)
            return st;
    }
    return st;
}

/* One of at, late and again. 100% is "late 0": there is one way to say what is due when
 * it is due. */
static enum sgn_status
read_kind(struct reader *r, const struct place *at, const json_t *json, struct model_rung *rung)
{
    static const char *const names[] = { "at", "late", "again" };
    struct place most = place_member(at, "most");
    struct place here;
    int64_t percent = sgn_json_int(json, "at", 0);
    int64_t repeats = sgn_json_int(json, "most", AGAIN_MOST);
    enum sgn_status st;
    int n = 0;

    for (int i = 0; i < 3; i++)
        if (json_object_get(json, names[i]) != NULL) {
            rung->kind = (enum model_rung_kind)i;
            n++;
        }
    if (n != 1)
        return reader_fail(r, at, "a rung has one of at, late and again");
    here = place_member(at, names[rung->kind]);
    if (rung->kind != MODEL_RUNG_AGAIN && json_object_get(json, "most") != NULL)
        return reader_fail(r, &most, "belongs to \"again\" only");
    if (rung->kind == MODEL_RUNG_AT) {
        rung->percent = (int)percent;
        return percent >= 1 && percent <= 99
                   ? SGN_OK
                   : reader_fail(r, &here,
                                 "must be a percentage from 1 to 99; what is due at "
                                 "100%% is late \"0\"");
    }
    st = reader_duration(r, &here, json_object_get(json, names[rung->kind]), &rung->offset);
    if (st != SGN_OK || rung->kind == MODEL_RUNG_LATE)
        return st;
    if (is_zero(&rung->offset))
        return reader_fail(r, &here, "cannot repeat without a pause");
    if (repeats < 1 || repeats > AGAIN_MOST_MAX)
        return reader_fail(r, &most, "must be a whole number from 1 to %d", AGAIN_MOST_MAX);
    rung->most = (int)repeats;
    return SGN_OK;
}

/* go and decide end what the deadline stands in, or its round, so a rung does it once;
 * reminding and telling may stand beside. */
static enum sgn_status
read_rung(struct reader *r, const struct place *at, const json_t *json, int state,
          struct model_rung *rung)
{
    struct place actions = place_member(at, "actions");
    enum sgn_status st;
    int speaks = 0;

    st = reader_object(r, at, json, "a rung", rung_members, COUNT(rung_members));
    if (st == SGN_OK)
        st = read_kind(r, at, json, rung);
    if (st == SGN_OK)
        st = parse_actions(r, &actions, json_object_get(json, "actions"), state, true,
                           &rung->actions);
    rung->line = (int)sgn_json_int(json, "line", 0);
    rung->even_if_down = sgn_json_true(json, "even_if_down");
    rung->go_transition = -1;
    for (int i = 0; st == SGN_OK && i < rung->actions.n; i++)
        speaks +=
            rung->actions.items[i].kind == MODEL_GO || rung->actions.items[i].kind == MODEL_DECIDE;
    if (st == SGN_OK && speaks > 1)
        return reader_fail(r, &actions, "a rung goes or decides once");
    return st;
}

/* Offsets of different units cannot be compared exactly; a working day counts as a day.
 * Only the order of rungs depends on it, and core looks at times before it fires. */
static int64_t
rough_length(const struct calendar_duration *d)
{
    return d->elapsed_ms + d->work_ms + (d->days + d->workdays) * SGN_DAY_MS;
}

/* Percentages, then what is late, then what repeats; repeats stand side by side. */
static bool
comes_after(const struct model_rung *a, const struct model_rung *b)
{
    if (a->kind != b->kind)
        return a->kind > b->kind;
    if (a->kind == MODEL_RUNG_AT)
        return a->percent > b->percent;
    return a->kind == MODEL_RUNG_LATE && rough_length(&a->offset) > rough_length(&b->offset);
}

/* The number of a rung is its place as written: that is what "go" refers to. */
static enum sgn_status
read_rungs(struct reader *r, const struct place *up, const json_t *json, struct model_deadline *d)
{
    struct place at = place_member(up, "rungs");
    enum sgn_status st = SGN_OK;
    json_t *one;
    size_t i;

    d->rungs = model_alloc(r->box, json_array_size(json), sizeof(*d->rungs));
    if (d->rungs == NULL)
        return reader_nomem(r);
    json_array_foreach(json, i, one) {
        struct place here = place_element(&at, i);
        struct model_rung rung = { 0 };
        int k = d->n_rungs;

        st = read_rung(r, &here, one, d->state, &rung);
        if (st != SGN_OK)
            return st;
        rung.number = (int)i + 1;
        /* Insertion keeps what is equal in the order it was written. */
        for (; k > 0 && comes_after(&d->rungs[k - 1], &rung); k--)
            d->rungs[k] = d->rungs[k - 1];
        d->rungs[k] = rung;
        d->n_rungs++;
    }
    return st;
}

/* The name is the deadline's identity in histories and new versions, so there may be no
 * two of one. A calendar is checked as a name only: calendars are the team's. */
static enum sgn_status
read_names(struct reader *r, const struct place *up, const json_t *json, struct model_deadline *d)
{
    struct place at = place_member(up, "name");
    const struct model_field *field = NULL;
    enum sgn_status st;
    int *pause = NULL;
    int n = 0;

    d->name = sgn_json_str(json, "name");
    st = reader_name(r, &at, d->name, "a deadline");
    for (const struct model_deadline *other = r->model->deadlines; st == SGN_OK && other < d;
         other++)
        if (strcmp(other->name, d->name) == 0)
            return reader_fail(r, &at, "there is a deadline \"%s\" already: give one a name",
                               d->name);
    d->clock = sgn_json_str(json, "clock");
    if (d->clock == NULL)
        d->clock = "team";
    at = place_member(up, "clock");
    if (st == SGN_OK && !sgn_name_valid(d->clock) && !sgn_key_valid(d->clock))
        return reader_fail(r, &at, "must be team, client or the name of a calendar");
    d->from = sgn_json_str(json, "from");
    at = place_member(up, "from");
    if (st == SGN_OK && d->from != NULL)
        st = reader_field(r, &at, d->from, &field);
    if (st == SGN_OK && field != NULL && field->type != MODEL_TIME)
        return reader_fail(r, &at, "\"%s\" is no field of type time", d->from);
    d->until = sgn_json_str(json, "until");
    at = place_member(up, "until");
    if (st == SGN_OK && d->until != NULL)
        st = reader_event(r, &at, d->until);
    d->pause = json_object_get(json, "pause");
    at = place_member(up, "pause");
    if (st == SGN_OK)
        st = reader_states(r, &at, d->pause, &pause, &n);
    return st;
}

/* By a field: the day is a promise, and nothing moves it but whoever changes the field. */
static enum sgn_status
read_due(struct reader *r, const struct place *at, const json_t *json, struct model_deadline *d)
{
    struct place due = place_member(at, "due");
    const struct model_field *field = NULL;
    enum sgn_status st;

    d->due = sgn_json_str(json, "due");
    st = reader_field(r, &due, d->due, &field);
    if (st != SGN_OK)
        return st;
    if (field->type != MODEL_DATE && field->type != MODEL_TIME)
        return reader_fail(r, &due, "\"%s\" is no field of type date or time", d->due);
    if (json_object_get(json, "duration") != NULL || d->from != NULL || d->pause != NULL)
        return reader_fail(r, &due,
                           "due says when: a duration, from and pause have no place beside it");
    return SGN_OK;
}

/* "until" is an event that ends it; "pause" names states that stop it. */
static enum sgn_status
read_deadline(struct reader *r, const struct place *at, const json_t *json, int state)
{
    struct model_deadline *d = &r->model->deadlines[r->model->n_deadlines];
    struct place duration = place_member(at, "duration");
    const json_t *value = json_object_get(json, "duration");
    enum sgn_status st;

    st = reader_object(r, at, json, "a deadline", deadline_members, COUNT(deadline_members));
    if (st != SGN_OK)
        return st;
    d->state = state;
    d->title = json_object_get(json, "title");
    d->line = (int)sgn_json_int(json, "line", 0);
    st = read_names(r, at, json, d);
    if (st == SGN_OK && json_object_get(json, "due") != NULL)
        st = read_due(r, at, json, d);
    else if (st == SGN_OK && value == NULL)
        st = reader_fail(r, &duration, "a deadline needs a duration, or due");
    else if (st == SGN_OK)
        st = json_is_object(value) ? read_per(r, &duration, value, d)
                                   : reader_duration(r, &duration, value, &d->duration);
    if (st == SGN_OK)
        st = read_rungs(r, at, json_object_get(json, "rungs"), d);
    r->model->n_deadlines++;
    return st;
}

enum sgn_status
parse_deadlines(struct reader *r)
{
    struct model *model = r->model;
    enum sgn_status st = SGN_OK;
    size_t n = 0;
    json_t *one;
    size_t k;

    for (int i = 0; i < model->n_states; i++)
        n += json_array_size(json_object_get(r->state_json[i], "deadlines"));
    model->deadlines = model_alloc(r->box, n, sizeof(*model->deadlines));
    if (model->deadlines == NULL)
        return reader_nomem(r);
    for (int i = 0; i < model->n_states; i++) {
        const json_t *deadlines = json_object_get(r->state_json[i], "deadlines");
        struct place at = place_member(&r->state_place[i], "deadlines");
        struct model_state *state = &model->states[i];

        state->deadlines = model_alloc(r->box, json_array_size(deadlines), sizeof(int));
        if (state->deadlines == NULL)
            return reader_nomem(r);
        json_array_foreach(deadlines, k, one) {
            struct place here = place_element(&at, k);

            state->deadlines[state->n_deadlines++] = model->n_deadlines;
            st = read_deadline(r, &here, one, i);
            if (st != SGN_OK)
                return st;
        }
    }
    return st;
}
