/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Actions: changes are made to the staged row at once, effects are written down.
 *
 * An action is its JSON form, whether it stands in the model or comes from a function;
 * the latter is a stranger's input, so every member is checked here, and what is wrong
 * with it is the rule's mistake (rule_error), which undoes the whole macrostep.
 *
 * Nothing here carries an effect out. Effects are data in the entry; they happen after
 * the commit, so that a case that could not be committed has told nobody anything.
 */
#include "core_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EFFECTS_MAX 1000 /* of one entry; a rule that asks for more runs wild */

typedef enum sgn_status (*action_fn)(struct stage *stage, const json_t *action,
                                     const struct model_who *who, int at);

/* A mistake of whoever wrote the rules, in the words that they used. */
static enum sgn_status
malformed(struct stage *stage, const char *word, const char *expected)
{
    return sgn_fail(stage->err, SGN_RULE_ERROR, "%s: expected %s", word, expected);
}

/* ---- set ---- */

/* "now" is the time that the command is decided on, never a clock: deciding twice gives
 * the same value. A date is the day in the team's zone. */
static json_t *
now_for(const struct stage *stage, const struct model_field *field)
{
    json_t *text = stage_time(stage, stage->now);
    json_t *date;

    if (field->type != MODEL_DATE)
        return text;
    date = json_stringn(json_string_value(text), strlen("2026-01-05"));
    json_decref(text);
    return date;
}

/* Numbers and money add exactly, so neither ever becomes a binary float. */
static bool
as_decimal(const json_t *value, struct sgn_decimal *out)
{
    if (json_is_integer(value)) {
        *out = (struct sgn_decimal){ .coefficient = json_integer_value(value) };
        return true;
    }
    return json_is_string(value) && sgn_decimal_parse(json_string_value(value), out);
}

/* An empty field counts as zero. NULL when the sum is too large, or no whole number
 * where the field holds those; more digits than a decimal has are refused when the
 * field is set. */
static json_t *
plus(const struct model_field *field, const json_t *value, const json_t *more)
{
    struct sgn_decimal a = { 0 }, b = { 0 }, sum;
    char text[SGN_DECIMAL_TEXT];

    if ((value != NULL && !as_decimal(value, &a)) || !as_decimal(more, &b) ||
        !sgn_decimal_add(a, b, &sum))
        return NULL;
    if (field->type == MODEL_NUMBER && field->places == 0)
        return sum.scale == 0 ? json_integer(sum.coefficient) : NULL;
    sgn_decimal_format(sum, text);
    return json_string(text);
}

/* How many cases of these workflows are open in the project. All counts are asked for at once. */
static enum sgn_status
count_open(struct stage *stage, const json_t *workflows, json_t **out)
{
    enum sgn_status status = SGN_OK;
    const json_t *name;
    int64_t sum = 0;
    size_t i;

    json_array_foreach(workflows, i, name) {
        int64_t count;
        enum sgn_status one = known_open(stage, json_string_value(name), &count);
        status = status != SGN_OK ? status : one;
        sum += count;
    }
    *out = status == SGN_OK ? json_integer(sum) : NULL;
    return status;
}

/* When the project's client last heard from the team, by the channel that a field of the case
 * names: null when it never did. */
static enum sgn_status
last_contact(struct stage *stage, const char *field, json_t **out)
{
    const char *project = json_string_value(stage_member(stage, "project"));
    const char *channel = json_string_value(stage_field(stage, field)), *way;
    const json_t *ways = NULL;
    json_t *at;
    int64_t last = 0;
    enum sgn_status status = known_fact_of(stage, "contact", project != NULL ? project : "", &ways);

    json_object_foreach((json_t *)ways, way, at)
        if ((channel == NULL || strcmp(channel, "any") == 0 || strcmp(channel, way) == 0) &&
            json_integer_value(at) > last)
            last = json_integer_value(at);
    if (status == SGN_OK)
        *out = last > 0 ? stage_time(stage, last) : json_null();
    return status;
}

/* One form of set: value, plus, now, from_event, open_cases, last_contact or empty. A member of the
 * event that is missing empties the field, as empty does; whatever else gives no value is a
 * mistake. The value passes the same check as a user's, by field_set. */
static enum sgn_status
set_one(struct stage *stage, const struct model_field *field, const json_t *set)
{
    json_t *value = NULL;
    enum sgn_status status = SGN_OK;

    if (json_object_get(set, "open_cases") != NULL)
        status = count_open(stage, json_object_get(set, "open_cases"), &value);
    else if (sgn_json_str(set, "last_contact") != NULL)
        status = last_contact(stage, sgn_json_str(set, "last_contact"), &value);
    else if (json_object_get(set, "value") != NULL)
        value = json_incref(json_object_get(set, "value"));
    else if (json_object_get(set, "plus") != NULL)
        value = plus(field, stage_field(stage, field->name), json_object_get(set, "plus"));
    else if (sgn_json_true(set, "now"))
        value = now_for(stage, field);
    else if (sgn_json_str(set, "from_event") != NULL)
        value = json_incref(json_object_get(stage->event_data, sgn_json_str(set, "from_event")));
    if (value == NULL && (json_object_get(set, "from_event") || sgn_json_true(set, "empty")))
        value = json_null();
    if (status != SGN_OK)
        return status;
    if (value == NULL)
        return sgn_fail(stage->err, SGN_RULE_ERROR, "set: no value could be made for %s",
                        field->name);
    status = field_set(stage, field, value, SGN_RULE_ERROR, "/fields");
    json_decref(value);
    return status;
}

static enum sgn_status
do_set(struct stage *stage, const json_t *action, const struct model_who *who, int at)
{
    json_t *sets = json_object_get(action, "set");
    const char *name;
    json_t *set;

    (void)who;
    (void)at;
    if (!json_is_object(sets))
        return malformed(stage, "set", "fields and their values");
    json_object_foreach(sets, name, set) {
        const struct model_field *field = model_field_find(stage->model, name);
        enum sgn_status status =
            field != NULL ? set_one(stage, field, set)
                          : sgn_fail(stage->err, SGN_RULE_ERROR, "there is no field \"%s\"", name);
        if (status != SGN_OK)
            return status;
    }
    return SGN_OK;
}

/* ---- events, people, priority ---- */

/* The event of emit, send and fire. The engine's own (done. after. approval. ...) are
 * refused: if a rule could send them, an entry in the history would no longer prove
 * that a state was completed or a round decided. */
static enum sgn_status
event_name(struct stage *stage, const json_t *action, const char *word, const char **out)
{
    const char *name = sgn_json_str(action, word);
    const json_t *data = json_object_get(action, "data");

    if (name == NULL || !sgn_name_valid(name) || model_event_is_engines(name))
        return malformed(stage, word, "the name of an event of the workflow");
    if (data != NULL && !json_is_object(data) && !json_is_null(data))
        return malformed(stage, word, "data to be a record");
    *out = name;
    return SGN_OK;
}

/* An internal event of this macrostep: it is taken before anything that comes from
 * outside. */
static enum sgn_status
do_emit(struct stage *stage, const json_t *action, const struct model_who *who, int at)
{
    const char *name = NULL;
    enum sgn_status status = event_name(stage, action, "emit", &name);

    (void)who;
    (void)at;
    if (status == SGN_OK)
        stage_raise(stage, name, json_object_get(action, "data"));
    return status;
}

/* Of the innermost owned state around where the word stands. Where there is none, as in
 * a rung of the workflow itself, the first owned state that is active; and when nothing
 * is owned, the state itself gets an owner. */
static enum sgn_status
assign(struct stage *stage, const json_t *json, const struct model_who *who, int at)
{
    int state = owner_state(stage, at);

    for (int i = 1; state < 0 && i < stage->model->n_states; i++)
        if (stage_active(stage, i) && owner_state(stage, i) == i)
            state = i;
    if (state < 0)
        state = at > 0 ? at : stage_next_leaf(stage, 0);
    if (state < 0)
        return malformed(stage, "assign", "an active state");
    return owner_set(stage, state, who, json, at);
}

static enum sgn_status
do_assign(struct stage *stage, const json_t *action, const struct model_who *who, int at)
{
    return assign(stage, json_object_get(action, "assign"), who, at);
}

/* The rungs' word for assign: somebody else from now on, whoever holds it. */
static enum sgn_status
do_reassign(struct stage *stage, const json_t *action, const struct model_who *who, int at)
{
    return assign(stage, json_object_get(action, "reassign"), who, at);
}

/* "up" and "down" stop at the ends: an escalation that repeats is no mistake. */
static enum sgn_status
do_priority(struct stage *stage, const json_t *action, const struct model_who *who, int at)
{
    static const char *const levels[] = { "low", "normal", "high", "urgent" };
    const char *word = sgn_json_str(action, "priority");
    const char *now = json_string_value(stage_member(stage, "priority"));
    int level = 1;
    int found = -1;

    (void)who;
    (void)at;
    for (int i = 0; i < 4; i++) {
        if (now != NULL && strcmp(levels[i], now) == 0)
            level = i;
        if (word != NULL && strcmp(levels[i], word) == 0)
            found = i;
    }
    if (word != NULL && strcmp(word, "up") == 0)
        found = level < 3 ? level + 1 : 3;
    else if (word != NULL && strcmp(word, "down") == 0)
        found = level > 0 ? level - 1 : 0;
    if (found < 0)
        return malformed(stage, "priority", "low, normal, high, urgent, up or down");
    stage_put(stage, stage->row, "priority", json_string(levels[found]));
    return SGN_OK;
}

/* ---- effects ---- */

/* Notes an effect. Those of a rung say which one they belong to, so that of missed
 * reminders only the latest needs to be sent, and so that each can be traced to its
 * deadline. */
static enum sgn_status
effect_add(struct stage *stage, json_t *effect_take)
{
    const char *deadline = sgn_json_str(stage->event, "deadline");

    if (deadline != NULL) {
        stage_put(stage, effect_take, "deadline", json_string(deadline));
        stage_put(stage, effect_take, "rung", json_incref(json_object_get(stage->event, "rung")));
    }
    stage_append(stage, stage->effects, effect_take);
    if (json_array_size(stage->effects) > EFFECTS_MAX)
        return sgn_fail(stage->err, SGN_RULE_OVERRUN, "more than %d effects of one event",
                        EFFECTS_MAX);
    return SGN_OK;
}

/* Members that may be missing: null counts as missing, so that the entry has one form. */
static void
copy_members(struct stage *stage, json_t *to, const json_t *from, const char *const *names)
{
    for (; *names != NULL; names++) {
        json_t *value = json_object_get(from, *names);
        if (value != NULL && !json_is_null(value))
            stage_put(stage, to, *names, json_incref(value));
    }
}

/* remind and notify. People are looked up now, not when the message goes out: the entry
 * says who was told. A rung that later reminders have overtaken is mute. */
static enum sgn_status
message(struct stage *stage, const char *kind, const json_t *action, const struct model_who *who,
        int at)
{
    static const char *const more[] = { "template", "values", NULL };
    const json_t *named = json_object_get(action, kind);
    const char *channel = sgn_json_str(named, "channel");
    json_t *effect, *persons = NULL;
    enum sgn_status status = SGN_OK;

    if (stage->mute)
        return SGN_OK;
    if (channel == NULL)
        status = who != NULL ? who_persons(stage, who, at, &persons)
                             : who_persons_json(stage, named, at, &persons);
    if (status != SGN_OK)
        return status;
    effect = json_pack("{s:s}", "kind", kind);
    if (channel != NULL)
        stage_put(stage, effect, "channel", json_string(channel));
    else
        stage_put(stage, effect, "to", persons);
    copy_members(stage, effect, action, more);
    return effect_add(stage, effect);
}

static enum sgn_status
do_remind(struct stage *stage, const json_t *action, const struct model_who *who, int at)
{
    return message(stage, "remind", action, who, at);
}

static enum sgn_status
do_notify(struct stage *stage, const json_t *action, const struct model_who *who, int at)
{
    return message(stage, "notify", action, who, at);
}

/* open and start: another case, made by a command of its own after this commit. It is
 * opened in this case's project, whatever the rule says; whose it is, a function may say. */
static enum sgn_status
open_case(struct stage *stage, const char *kind, const json_t *action)
{
    static const char *const more[] = { "fields", "options", "opener", NULL };
    const char *workflow = sgn_json_str(action, kind);
    const json_t *opener = json_object_get(action, "opener");
    json_t *effect;

    if (workflow == NULL || !sgn_name_valid(workflow))
        return malformed(stage, kind, "the name of a workflow");
    if (opener != NULL && !(json_is_string(opener) && sgn_key_valid(json_string_value(opener))))
        return malformed(stage, kind, "a person's key as its opener");
    effect = json_pack("{s:s, s:s}", "kind", kind, "workflow", workflow);
    copy_members(stage, effect, action, more);
    stage_put(stage, effect, "project", json_incref(stage_member(stage, "project")));
    return effect_add(stage, effect);
}

static enum sgn_status
do_open(struct stage *stage, const json_t *action, const struct model_who *who, int at)
{
    (void)who;
    (void)at;
    return open_case(stage, "open", action);
}

static enum sgn_status
do_start(struct stage *stage, const json_t *action, const struct model_who *who, int at)
{
    (void)who;
    (void)at;
    return open_case(stage, "start", action);
}

/* An event to a case; without a key to this one, later and as an external event. */
static enum sgn_status
do_fire(struct stage *stage, const json_t *action, const struct model_who *who, int at)
{
    static const char *const more[] = { "data", NULL };
    const char *name = NULL;
    const char *key = sgn_json_str(action, "case");
    json_t *effect;
    enum sgn_status status = event_name(stage, action, "fire", &name);

    (void)who;
    (void)at;
    if (status != SGN_OK)
        return status;
    effect = json_pack("{s:s, s:s}", "kind", "fire", "event", name);
    stage_put(stage, effect, "case", stage_text(stage, key != NULL ? key : stage_key(stage)));
    copy_members(stage, effect, action, more);
    return effect_add(stage, effect);
}

/* ---- timers of functions ---- */

/* A timer of the case, whatever state it is in when it is due; see deadline_arm.c. */
static enum sgn_status
do_send(struct stage *stage, const json_t *action, const struct model_who *who, int at)
{
    const char *name = NULL;
    enum sgn_status status = event_name(stage, action, "send", &name);

    (void)who;
    (void)at;
    return status == SGN_OK ? deadline_send(stage, action) : status;
}

/* Cancelling what is not armed (any more) is no mistake: it may just have fired. */
static enum sgn_status
do_cancel(struct stage *stage, const json_t *action, const struct model_who *who, int at)
{
    const char *id = sgn_json_str(action, "cancel");

    (void)who;
    (void)at;
    if (id == NULL)
        return malformed(stage, "cancel", "the id of a send");
    deadline_cancel(stage, id);
    return SGN_OK;
}

/* Can it surely be kept, told without writing it? Counts off what it can take at most; numbers that
 * are large, and lists in lists without end, are for the one who writes it to judge. */
static bool
is_plain(const json_t *value, int depth, size_t *left)
{
    size_t n = 24, i;
    const char *name;
    json_t *item;

    if (json_is_string(value))
        n = 2 + 6 * json_string_length(value); /* every byte as \u00xx */
    if (json_is_real(value) || depth > 16 || n > *left ||
        (json_is_integer(value) &&
         (json_integer_value(value) > INT32_MAX || json_integer_value(value) < INT32_MIN)))
        return false;
    *left -= n;
    json_array_foreach(value, i, item)
        if (!is_plain(item, depth + 1, left))
            return false;
    json_object_foreach((json_t *)value, name, item) {
        n = 4 + 6 * strlen(name);
        if (n > *left || !is_plain(item, depth + 1, left))
            return false;
        *left -= n < *left ? n : *left;
    }
    return true;
}

/* Answers are kept in entries for ever, so they are made of what canonical JSON can
 * hold: no reals, no integers beyond 2^53, no more than a case may hold. */
static enum sgn_status
check_answer(struct stage *stage, const json_t *answer)
{
    struct sgn_error why = { 0 };
    struct sgn_buf buf;
    size_t left = CORE_DOCUMENT_MAX;
    enum sgn_status status;

    if (!json_is_array(answer))
        return malformed(stage, "a function", "a list of changes and effects");
    if (is_plain(answer, 0, &left))
        return SGN_OK;
    sgn_buf_init(&buf, CORE_DOCUMENT_MAX);
    status = sgn_json_canonical(&buf, answer, &why);
    if (status == SGN_INVALID || status == SGN_TOO_LARGE)
        status = sgn_fail(stage->err, SGN_RULE_ERROR, "what a function did cannot be kept: %s",
                          why.message);
    sgn_error_clear(&why);
    sgn_buf_deinit(&buf);
    return status;
}

/* A function of the rules: its answer is a list of changes and effects, done in order
 * as if they stood here. It may not name a further function: what calls what is fixed
 * at load. */
static enum sgn_status
do_call(struct stage *stage, const json_t *action, const struct model_who *who, int at)
{
    int64_t function = sgn_json_int(action, "call", -1);
    const json_t *answer = NULL, *one;
    size_t i;
    enum sgn_status status = known_call(stage, (int)function, RULES_RUN, &answer);

    (void)who;
    if (status == SGN_OK)
        status = check_answer(stage, answer);
    json_array_foreach(answer, i, one) {
        if (status != SGN_OK)
            return status;
        if (json_object_get(one, "call") != NULL)
            return malformed(stage, "a function", "changes and effects, no further functions");
        status = action_json(stage, one, NULL, at);
    }
    return status;
}

/* The first word that an action has decides what it is; the model has checked its own
 * actions, so this order matters for functions only. */
static const struct {
    const char *word;
    action_fn run;
} action_words[] = {
    { "set", do_set },       { "emit", do_emit },         { "assign", do_assign },
    { "call", do_call },     { "reassign", do_reassign }, { "priority", do_priority },
    { "remind", do_remind }, { "notify", do_notify },     { "open", do_open },
    { "start", do_start },   { "fire", do_fire },         { "send", do_send },
    { "cancel", do_cancel },
};

enum sgn_status
action_json(struct stage *stage, const json_t *action, const struct model_who *who, int at)
{
    for (size_t i = 0; i < sizeof(action_words) / sizeof(action_words[0]); i++)
        if (json_object_get(action, action_words[i].word) != NULL)
            return action_words[i].run(stage, action, who, at);
    return malformed(stage, "an action", "one of the words for changes and effects");
}

enum sgn_status
actions_run(struct stage *stage, const struct model_actions *actions, int at)
{
    for (int i = 0; i < actions->n; i++) {
        const struct model_action *action = &actions->items[i];
        enum sgn_status status = action_json(stage, action->json, action->who, at);
        if (status != SGN_OK)
            return status;
    }
    return SGN_OK;
}
