/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a person may do with a case now, and why not, in that person's language.
 *
 * It asks the very same questions that deciding asks, through the same functions, and
 * so cannot promise what would be refused. One thing differs: nothing is carried yet,
 * so conditions on what an event carries count as met (stage->maybe). It changes
 * nothing and never runs content.
 */
#include "core_internal.h"
#include "say.h"
#include <stdlib.h>
#include <string.h>

struct asking {
    struct stage *stage;
    const char *language;
    json_t *list;
    json_t *givers; /* whom the person stands in for */
};

static bool
listens(const struct model_transition *transition, const char *event)
{
    for (int i = 0; transition->kind == MODEL_ON_EVENT && i < transition->n_events; i++)
        if (model_event_matches(transition->events[i], event))
            return true;
    return false;
}

/* Transitions that share an event may have several titles. The one of a state that is
 * active is what the person is looking at. */
static const char *
title_of(const struct asking *asking, const char *event)
{
    const struct model *model = asking->stage->model;
    const char *any = NULL;

    for (int i = 0; i < model->n_transitions; i++) {
        const struct model_transition *t = &model->transitions[i];
        const char *title = NULL;
        if (t->title == NULL || !listens(t, event))
            continue;
        title = model_title(t->title, asking->language, event);
        if (t->source == 0 || stage_active(asking->stage, t->source))
            return title;
        any = any != NULL ? any : title;
    }
    return any != NULL ? any : event;
}

/* What the event takes, needs and whether it wants a comment, over all transitions that
 * might be selected: a form that asks for too much is better than one that is refused.
 * A client's person is told of shared fields only. */
static void
put_carried(struct asking *asking, json_t *item, const char *event)
{
    struct stage *stage = asking->stage;
    const struct model *model = stage->model;
    json_t *needs = json_array(), *takes = json_array();
    bool note = false, shared = true;

    for (int i = 0; i < model->n_transitions; i++) {
        const struct model_transition *t = &model->transitions[i];
        const json_t *name;
        size_t k;
        if (!listens(t, event) || (t->source != 0 && !stage_active(stage, t->source)))
            continue;
        note = note || t->note_required;
        shared = shared && t->note_shared;
        for (int list = 0; list < 2; list++)
            json_array_foreach(list == 0 ? t->needs : t->takes, k, name) {
                const struct model_field *field = model_field_find(model, json_string_value(name));
                if (field != NULL && (field->shared || !stage->is_client))
                    names_add(stage, list == 0 ? needs : takes, field->name);
            }
    }
    stage_put(stage, item, "needs", needs);
    stage_put(stage, item, "takes", takes);
    stage_put(stage, item, "note", json_boolean(note));
    if (shared && stage_shares(stage)) /* to be known before it is written */
        stage_put(stage, item, "note_shared", json_true());
}

/* "not possible in A, B": all active leaves by their titles. */
static char *
not_now_zh(struct stage *stage)
{
    json_t *titles = json_array();
    char *words, *reason;

    for (int leaf = stage_next_leaf(stage, 0); leaf >= 0; leaf = stage_next_leaf(stage, leaf + 1))
        stage_append(stage, titles, json_string(stage_state_title(stage, leaf, "zh")));
    words = names_text(titles, "、");
    reason = sgn_format(message_text(MESSAGE_NOT_NOW, "zh"), words != NULL ? words : "");
    json_decref(titles);
    free(words);
    return reason;
}

/* The reason of a refusal, in the person's language where it is one of ours. Lists of
 * events and states are left out: the caller is building that list already. */
static void
put_refusal(struct asking *asking, json_t *item, enum sgn_status status, struct sgn_error *why)
{
    struct stage *stage = asking->stage;
    const char *message = why->message;
    const char *name;
    json_t *value, *roles = json_object_get(why->data, "roles");
    char *words = names_text(roles, ", "), *reason = NULL;

    if (asking->language != NULL && strcmp(asking->language, "zh") == 0) {
        if (status == SGN_FORBIDDEN)
            reason = sgn_format(
                message_text(words != NULL ? MESSAGE_FORBIDDEN : MESSAGE_SYSTEM_ONLY, "zh"), words);
        else if (status == SGN_NOT_NOW)
            reason = not_now_zh(stage);
        if (reason == NULL)
            reason = sgn_say_text("zh", message);
    }
    stage_put(stage, item, "allowed", json_false());
    stage_put(stage, item, "code", json_string(sgn_status_code(status)));
    stage_put(stage, item, "reason", json_string(reason != NULL ? reason : message));
    json_object_foreach(why->data, name, value)
        if (strcmp(name, "events") != 0 && strcmp(name, "states") != 0)
            stage_put(stage, item, name, json_incref(value));
    free(words);
    free(reason);
}

/* One event, tried without being fired. The error is caught: here a refusal is the
 * answer. Only what makes every answer impossible (facts that are lacking, memory) goes
 * up. */
/* Is it possible for somebody the person stands in for? *out stays NULL: for nobody. */
static enum sgn_status
ask_for_others(struct asking *asking, const char *event, const char **out)
{
    struct stage *stage = asking->stage;
    const char *as = stage->as;
    const json_t *name;
    size_t i;
    enum sgn_status status = SGN_OK;

    json_array_foreach(asking->givers, i, name) {
        bool would = false;
        enum sgn_status one;
        stage->as = json_string_value(name);
        one = macrostep_would(stage, event, &would);
        if (would && *out == NULL)
            *out = stage->as;
        status = status != SGN_OK ? status : one;
    }
    stage->as = as;
    return status;
}

static enum sgn_status
ask_event(struct asking *asking, const char *event)
{
    struct stage *stage = asking->stage;
    struct sgn_error why = { 0 };
    struct sgn_error *err = stage->err;
    const char *other = NULL;
    json_t *item;
    bool would = false;
    enum sgn_status status = SGN_OK;

    stage->err = &why;
    if (case_is_open(stage->row))
        status = macrostep_would(stage, event, &would);
    if (status == SGN_OK && !would && case_is_open(stage->row))
        status = ask_for_others(asking, event, &other);
    would = would || other != NULL;
    if (status == SGN_OK && !would)
        status = case_is_open(stage->row)
                     ? refuse_event(stage, event)
                     : sgn_fail(&why, SGN_NOT_NOW, message_text(MESSAGE_ENDED, asking->language),
                                json_string_value(stage_member(stage, "outcome")));
    stage->err = err;
    if (status == SGN_NEEDS || status == SGN_NOMEM) {
        sgn_error_move(err, &why);
        return status;
    }
    item = json_pack("{s:s, s:s}", "event", event, "title", title_of(asking, event));
    if (would) {
        stage_put(stage, item, "allowed", json_true());
        if (other != NULL)
            stage_put(stage, item, "on_behalf", json_string(other));
        put_carried(asking, item, event);
    } else {
        put_refusal(asking, item, status, &why);
    }
    stage_append(stage, asking->list, item);
    sgn_error_clear(&why);
    return SGN_OK;
}

/* Every event of the workflow, with or without a chance: a page shows what is not
 * possible too. Patterns ("*") are no names that one could fire. All are asked even
 * when one lacks a fact, so that everything lacking is found in one round. */
static enum sgn_status
ask_events(struct asking *asking)
{
    json_t *events = model_events(asking->stage->model);
    const json_t *event;
    size_t i;
    enum sgn_status status = SGN_OK;

    json_array_foreach(events, i, event) {
        enum sgn_status one;
        if (strchr(json_string_value(event), '*') != NULL)
            continue;
        one = ask_event(asking, json_string_value(event));
        if (one != SGN_OK && one != SGN_NEEDS) {
            status = one;
            break;
        }
        status = status != SGN_OK ? status : one;
    }
    json_decref(events);
    return status;
}

/* Fields that the person may edit now: nothing is editable where no state says so. other: whom
 * they would edit for, or NULL. */
static enum sgn_status
ask_edit_as(struct asking *asking, const char *as, const char *other)
{
    struct stage *stage = asking->stage;
    json_t *fields = json_array();
    enum sgn_status status = SGN_OK;

    for (int i = 0; case_is_open(stage->row) && i < stage->model->n_fields; i++) {
        const struct model_field *field = &stage->model->fields[i];
        bool may = false;
        if (!field->shared && stage->is_client)
            continue;
        status = fields_may_edit(stage, field, as, &may);
        if (status != SGN_OK)
            break;
        if (may)
            names_add(stage, fields, field->name);
    }
    if (status == SGN_OK && json_array_size(fields) > 0)
        stage_append(stage, asking->list,
                     json_pack("{s:s, s:b, s:O, s:s*}", "do", "edit", "allowed", 1, "fields",
                               fields, "on_behalf", other));
    json_decref(fields);
    return status;
}

static enum sgn_status
ask_edit(struct asking *asking)
{
    enum sgn_status status = ask_edit_as(asking, asking->stage->as, NULL);
    const json_t *name;
    size_t i;

    json_array_foreach(asking->givers, i, name) {
        const char *other = json_string_value(name);
        enum sgn_status one = ask_edit_as(asking, other, other);
        status = status != SGN_OK ? status : one;
    }
    return status;
}

/* With what may be voted there; giver: for whom, NULL: for oneself. */
static void
add_vote(struct asking *asking, int state, const json_t *giver)
{
    struct stage *stage = asking->stage;
    const struct model_state *s = &stage->model->states[state];
    json_t *item = json_pack("{s:s, s:s, s:s, s:o, s:b}", "do", "vote", "approval", s->name,
                             "title", stage_state_title(stage, state, asking->language), "choices",
                             model_vote_titles(s->approval, asking->language), "allowed", 1);

    if (giver != NULL)
        stage_put(stage, item, "on_behalf", json_incref((json_t *)giver));
    stage_append(stage, asking->list, item);
}

/* The person is among those whom the round asks at present; of in_order, in turn. */
static enum sgn_status
ask_votes(struct asking *asking)
{
    struct stage *stage = asking->stage;
    const struct model *model = stage->model;

    for (int i = 1; i < model->n_states; i++) {
        const json_t *round = round_of(stage, model->states[i].name);
        const json_t *eligible = json_object_get(round, "eligible"), *name;
        size_t k;
        if (!stage_active(stage, i) || !round_is_open(round))
            continue;
        if (sgn_json_has(eligible, stage->as))
            add_vote(asking, i, NULL);
        json_array_foreach(asking->givers, k, name)
            if (sgn_json_has(eligible, json_string_value(name)))
                add_vote(asking, i, name);
    }
    return SGN_OK;
}

/* Assigning: the owner, a lead, and whom it is offered to. */
static enum sgn_status
ask_assign(struct asking *asking)
{
    struct stage *stage = asking->stage;
    const struct model *model = stage->model;

    for (int i = 1; i < model->n_states; i++) {
        const json_t *owner = json_object_get(stage_member(stage, "owners"), model->states[i].name);
        json_t *persons = NULL;
        enum sgn_status status;
        if (owner == NULL || !stage_active(stage, i))
            continue;
        status = owner_persons(stage, owner, &persons);
        if (status != SGN_OK)
            return status;
        if (stage->is_lead || sgn_json_has(persons, stage->as))
            stage_append(stage, asking->list,
                         json_pack("{s:s, s:s, s:b}", "do", "assign", "state",
                                   model->states[i].name, "allowed", 1));
        json_decref(persons);
    }
    return SGN_OK;
}

/* By their own right, or by that of somebody they stand in for: *other. */
static enum sgn_status
may_do_task(struct asking *asking, const struct model_task *task, int state, bool *may,
            const char **other)
{
    struct stage *stage = asking->stage;
    const json_t *name;
    size_t i;
    enum sgn_status status = who_has(stage, task->by, state, stage->as, may);

    json_array_foreach(asking->givers, i, name) {
        if (status != SGN_OK || *may)
            break;
        *other = json_string_value(name);
        status = who_has(stage, task->by, state, *other, may);
    }
    *other = *may ? *other : NULL;
    return status;
}

/* Tasks that are open now and that the person may tick off. */
static enum sgn_status
ask_tasks(struct asking *asking)
{
    struct stage *stage = asking->stage;
    const struct model *model = stage->model;
    enum sgn_status status = SGN_OK;

    for (int i = 1; i < model->n_states; i++)
        for (int k = 0; stage_active(stage, i) && k < model->states[i].n_tasks; k++) {
            const struct model_task *task = &model->states[i].tasks[k];
            const char *other = NULL;
            bool counts = false, may = false;
            enum sgn_status one = cond_holds(stage, task->when, i, &counts);
            if (one == SGN_OK && counts && !task_is_done(stage, i, task))
                one = may_do_task(asking, task, i, &may, &other);
            if (one == SGN_OK && may)
                stage_append(stage, asking->list,
                             json_pack("{s:s, s:s, s:s, s:s, s:s*, s:b, s:b, s:b}", "do", "task",
                                       "task", task->name, "state", model->states[i].name, "title",
                                       model_title(task->title, asking->language, task->name),
                                       "on_behalf", other, "optional", task->optional, "proof",
                                       task->proof_file, "allowed", 1));
            status = status != SGN_OK ? status : one;
        }
    return status;
}

static enum sgn_status
allowed(struct stage *stage, const void *ctx, json_t *answer)
{
    struct asking asking = { stage, ctx, answer, NULL };
    enum sgn_status status = SGN_OK;

    stage->maybe = true;
    stage->language = ctx;
    if (stage->as == stage->command->actor)
        status = delegation_givers(stage, &asking.givers);
    if (status == SGN_OK)
        status = ask_events(&asking);
    if (status == SGN_OK)
        status = ask_edit(&asking);
    if (status == SGN_OK)
        status = ask_votes(&asking);
    if (status == SGN_OK)
        status = ask_tasks(&asking);
    if (status == SGN_OK)
        status = ask_assign(&asking);
    json_decref(asking.givers);
    return status;
}

enum sgn_status
core_allowed(const struct core_question *question, const char *language, json_t **out,
             struct core_decision *needs, struct sgn_error *err)
{
    return ask_question(question, allowed, language, json_array(), out, needs, err);
}
