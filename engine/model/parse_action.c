/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Actions: changes and effects as data. Which words may stand where is a table; the
 * same words come from functions later, where core checks them itself.
 */
#include "model_internal.h"
#include <string.h>

/* Which member makes an action what it is, and what else it may have. */
struct action_word {
    const char *name;
    enum model_action_kind kind;
    bool in_states; /* in run, enter and leave */
    bool in_rungs;
    struct member members[4];
};

/* clang-format off */
static const struct action_word words[] = {
    { "set", MODEL_SET, true, false, { { "set", SHAPE_OBJECT, true } } },
    { "emit", MODEL_EMIT, true, false,
      { { "emit", SHAPE_TEXT, true }, { "data", SHAPE_OBJECT, false } } },
    { "assign", MODEL_ASSIGN, true, false, { { "assign", SHAPE_ANY, true } } },
    { "reassign", MODEL_REASSIGN, true, true, { { "reassign", SHAPE_ANY, true } } },
    { "priority", MODEL_PRIORITY, true, true, { { "priority", SHAPE_TEXT, true } } },
    { "remind", MODEL_REMIND, true, true, { { "remind", SHAPE_ANY, true } } },
    { "notify", MODEL_NOTIFY, true, true,
      { { "notify", SHAPE_ANY, true }, { "template", SHAPE_TEXT, false },
        { "values", SHAPE_OBJECT, false } } },
    { "open", MODEL_OPEN, true, false,
      { { "open", SHAPE_TEXT, true }, { "fields", SHAPE_OBJECT, false },
        { "opener", SHAPE_TEXT, false } } },
    { "start", MODEL_START, true, true,
      { { "start", SHAPE_TEXT, true }, { "options", SHAPE_OBJECT, false } } },
    { "fire", MODEL_FIRE, true, true,
      { { "fire", SHAPE_TEXT, true }, { "data", SHAPE_OBJECT, false },
        { "case", SHAPE_TEXT, false } } },
    { "decide", MODEL_DECIDE, false, true,
      { { "decide", SHAPE_TEXT, true }, { "as", SHAPE_TEXT, false } } },
    { "go", MODEL_GO, false, true, { { "go", SHAPE_FLAG, true } } },
    { "send", MODEL_SEND, false, false, { { "send", SHAPE_TEXT, true } } },
    { "cancel", MODEL_CANCEL, false, false, { { "cancel", SHAPE_TEXT, true } } },
    { "call", MODEL_CALL, true, false, { { "call", SHAPE_INTEGER, true } } },
};
/* clang-format on */

static const char *const priorities[] = { "low", "normal", "high", "urgent", "up", "down" };

/* last_contact gives a moment, by the channel that another field names. */
static enum sgn_status
read_channel_field(struct reader *r, const struct place *at, const json_t *value,
                   const struct model_field *field)
{
    const struct model_field *channel = NULL;
    enum sgn_status st = reader_shape(r, at, value, SHAPE_TEXT);

    if (st == SGN_OK && field->type != MODEL_TIME)
        return reader_fail(r, at, "\"%s\" is no time", field->name);
    if (st == SGN_OK)
        st = reader_field(r, at, json_string_value(value), &channel);
    if (st == SGN_OK && channel->type != MODEL_CHOICE && channel->type != MODEL_TEXT)
        return reader_fail(r, at, "\"%s\" names no channel: it is no choice and no text",
                           channel->name);
    return st;
}

/* What each form asks of the field: a value that it would take from a user, a number to
 * add to, a time for now. from_event cannot be checked before the event comes. */
static enum sgn_status
read_set_form(struct reader *r, const struct place *at, const char *form, const json_t *value,
              const struct model_field *field)
{
    bool number = field->type == MODEL_NUMBER || field->type == MODEL_MONEY;
    bool time = field->type == MODEL_DATE || field->type == MODEL_TIME;
    json_t *canonical = NULL;
    enum sgn_status st;

    if (strcmp(form, "value") == 0) {
        st = reader_failed_at(r, at, model_value_check(field, value, 6, &canonical, r->err));
        json_decref(canonical);
        return st;
    }
    if (strcmp(form, "plus") == 0)
        return number ? reader_failed_at(r, at, value_suits(field, value, r->err))
                      : reader_fail(r, at, "\"%s\" is no number and no money", field->name);
    if (strcmp(form, "now") == 0 && !time)
        return reader_fail(r, at, "\"%s\" is no date and no time", field->name);
    if (strcmp(form, "open_cases") == 0)
        return field->type == MODEL_NUMBER && field->places == 0
                   ? reader_shape(r, at, value, SHAPE_TEXTS)
                   : reader_fail(r, at, "\"%s\" is no whole number", field->name);
    if (strcmp(form, "last_contact") == 0)
        return read_channel_field(r, at, value, field);
    if (strcmp(form, "from_event") == 0)
        return reader_shape(r, at, value, SHAPE_TEXT);
    return json_is_true(value) ? SGN_OK : reader_fail(r, at, "must be true");
}

/* One form for each field: two of them would have to be done in some order. */
static enum sgn_status
read_set(struct reader *r, const struct place *at, const json_t *json)
{
    static const char *const forms[] = { "value", "plus",       "now",         "from_event",
                                         "empty", "open_cases", "last_contact" };
    const struct model_field *field = NULL;
    const char *name;
    json_t *set;
    enum sgn_status st;
    int unused;

    if (json_object_size(json) == 0)
        return reader_fail(r, at, "must name a field");
    json_object_foreach((json_t *)json, name, set) {
        struct place here = place_member(at, name);
        struct place inner;
        const char *form;

        st = reader_field(r, &here, name, &field);
        if (st != SGN_OK)
            return st;
        if (json_object_size(set) != 1)
            return reader_fail(r, &here,
                               "must be an object of one member: value, plus, now, from_event, "
                               "open_cases, last_contact or empty");
        form = json_object_iter_key(json_object_iter(set));
        inner = place_member(&here, form);
        st = reader_word(r, &inner, form, "change", forms, COUNT(forms), &unused);
        if (st == SGN_OK)
            st = read_set_form(r, &inner, form, json_object_get(set, form), field);
        if (st != SGN_OK)
            return st;
    }
    return SGN_OK;
}

/* People, or a channel of the team: channels are data of the team and not known here. */
static enum sgn_status
read_notify(struct reader *r, const struct place *at, const json_t *whom,
            struct model_action *action)
{
    static const struct member channel_members[] = { { "channel", SHAPE_TEXT, true } };
    enum sgn_status st;

    if (json_object_get(whom, "channel") == NULL)
        return parse_who(r, at, whom, &action->who);
    st = reader_object(r, at, whom, "a channel", channel_members, COUNT(channel_members));
    action->name = sgn_json_str(whom, "channel");
    return st;
}

/* "decide" ends the round of the state in which the deadline stands, so that is where
 * its outcome must be one. */
static enum sgn_status
read_decide(struct reader *r, const struct place *at, const char *outcome, int state)
{
    const json_t *approval = json_object_get(r->state_json[state], "approval");

    if (approval == NULL)
        return reader_fail(r, at, "\"decide\" ends a round, and %s has no approval",
                           reader_state_label(r, state));
    if (!approval_has_outcome(approval, outcome))
        return reader_fail(r, at, "\"%.100s\" is no outcome of the approval in \"%s\"", outcome,
                           r->model->states[state].name);
    return SGN_OK;
}

/* Where an approval is open, a rung that simply leaves would decide it silently. */
static enum sgn_status
read_go(struct reader *r, const struct place *at, const json_t *go, int state)
{
    if (!json_is_true(go))
        return reader_fail(r, at, "must be true: the transition of kind \"go\" says where to");
    if (json_object_get(r->state_json[state], "approval") != NULL)
        return reader_fail(r, at, "\"%s\" has an approval: a rung decides it, and does not go",
                           r->model->states[state].name);
    return SGN_OK;
}

/* The value that stands with the word; further members have been checked by their
 * shape. */
static enum sgn_status
read_word(struct reader *r, const struct place *at, const json_t *value, int state,
          struct model_action *action)
{
    int unused;

    action->name = json_string_value(value);
    switch (action->kind) {
    case MODEL_SET:
        return read_set(r, at, value);
    case MODEL_EMIT:
    case MODEL_FIRE:
        return reader_event(r, at, action->name);
    case MODEL_ASSIGN:
    case MODEL_REASSIGN:
    case MODEL_REMIND:
        action->name = NULL;
        return parse_who(r, at, value, &action->who);
    case MODEL_PRIORITY:
        return reader_word(r, at, action->name, "priority", priorities, COUNT(priorities), &unused);
    case MODEL_NOTIFY:
        action->name = NULL;
        return read_notify(r, at, value, action);
    case MODEL_OPEN:
    case MODEL_START:
        return reader_name(r, at, action->name, "a workflow");
    case MODEL_DECIDE:
        return read_decide(r, at, action->name, state);
    case MODEL_GO:
        return read_go(r, at, value, state);
    case MODEL_CALL:
        return reader_function(r, at, value, &action->function);
    case MODEL_SEND:
    case MODEL_CANCEL:
        break;
    }
    return SGN_OK;
}

/* By the first member: an action has few, and a slip in its word is the usual mistake. */
static enum sgn_status
fail_no_word(struct reader *r, const struct place *at, const json_t *json)
{
    const char *names[COUNT(words)];
    const char *name = json_object_iter_key(json_object_iter((json_t *)json));
    int unused;

    for (size_t i = 0; i < COUNT(words); i++)
        names[i] = words[i].name;
    return name == NULL ? reader_fail(r, at, "an action says what to do")
                        : reader_word(r, at, name, "action", names, COUNT(names), &unused);
}

/* An action is made by one word. "send" and "cancel" are of functions only: their times
 * and names are computed. */
static enum sgn_status
read_action(struct reader *r, const struct place *at, const json_t *json, int state, bool in_rung,
            struct model_action *action)
{
    const struct action_word *word = NULL;
    struct place here;
    enum sgn_status st;
    size_t n = 0;

    if (!json_is_object(json))
        return reader_fail(r, at, "must be an action: an object");
    for (size_t i = 0; i < COUNT(words) && word == NULL; i++)
        if (json_object_get(json, words[i].name) != NULL)
            word = &words[i];
    if (word == NULL)
        return fail_no_word(r, at, json);
    while (n < COUNT(word->members) && word->members[n].name != NULL)
        n++;
    if (!word->in_states && !word->in_rungs)
        return reader_fail(r, at, "only a function says \"%s\"", word->name);
    if (in_rung ? !word->in_rungs : !word->in_states)
        return reader_fail(r, at, "\"%s\" stands in %s only", word->name,
                           word->in_rungs ? "rungs" : "run, enter and leave");
    st = reader_object(r, at, json, "an action", word->members, n);
    if (st != SGN_OK)
        return st;
    action->kind = word->kind;
    action->json = json;
    here = place_member(at, word->name);
    return read_word(r, &here, json_object_get(json, word->name), state, action);
}

enum sgn_status
parse_actions(struct reader *r, const struct place *at, const json_t *json, int state, bool in_rung,
              struct model_actions *out)
{
    enum sgn_status st;
    json_t *action;
    size_t i;

    if (json == NULL)
        return SGN_OK;
    st = reader_shape(r, at, json, SHAPE_ARRAY);
    if (st != SGN_OK)
        return st;
    out->items = model_alloc(r->box, json_array_size(json), sizeof(*out->items));
    if (out->items == NULL)
        return reader_nomem(r);
    json_array_foreach(json, i, action) {
        struct place here = place_element(at, i);

        st = read_action(r, &here, action, state, in_rung, &out->items[i]);
        if (st != SGN_OK)
            return st;
        out->n++;
    }
    return SGN_OK;
}
