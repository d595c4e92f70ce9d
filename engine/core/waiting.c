/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who a case waits for: the complete new list, with since when and until when. It is
 * made anew after every command, and inboxes are made of it alone; so a name that is
 * forgotten here is a person who never learns of its work.
 */
#include "core_internal.h"
#include <string.h>

/* Is it a within that stands in the state or around it? */
static bool
is_around(const struct stage *stage, const json_t *deadline, int state)
{
    int where = model_state_find(stage->model, sgn_json_str(deadline, "state"));

    return strcmp(sgn_json_str(deadline, "kind"), "within") == 0 &&
           (where == state || where <= 0 || model_descends(stage->model, state, where));
}

const json_t *
waiting_deadline(const struct stage *stage, int state)
{
    const json_t *deadline, *first = NULL;
    size_t i;

    json_array_foreach(stage_member(stage, "deadlines"), i, deadline) {
        int64_t its = sgn_json_int(deadline, "due", 0);
        if (its == 0 || !is_around(stage, deadline, state))
            continue;
        if (first == NULL || its < sgn_json_int(first, "due", 0))
            first = deadline;
    }
    return first;
}

/* Of those that stand in a pause the one with the least time left, or NULL. */
static const json_t *
paused_around(const struct stage *stage, int state)
{
    const json_t *deadline, *first = NULL;
    size_t i;

    json_array_foreach(stage_member(stage, "deadlines"), i, deadline)
        if (json_object_get(deadline, "left") != NULL && is_around(stage, deadline, state) &&
            (first == NULL || sgn_json_int(deadline, "left", 0) < sgn_json_int(first, "left", 0)))
            first = deadline;
    return first;
}

/* Nobody is late for what has not begun: whoever is waited for must know that it has not. */
static void
put_not_started(struct stage *stage, json_t *item, int state)
{
    const json_t *deadline;
    size_t i;

    json_array_foreach(stage_member(stage, "deadlines"), i, deadline) {
        const struct model_deadline *within = deadline_of(stage->model, deadline);
        const char *field = within == NULL         ? NULL
                            : within->from != NULL ? within->from
                                                   : within->due;
        if (field == NULL || !is_around(stage, deadline, state) ||
            json_is_integer(json_object_get(deadline, "from")))
            continue;
        stage_put(
            stage, item, "why",
            json_sprintf("the clock of \"%s\" has not started: %s is empty", within->name, field));
        if (json_object_get(item, "working") == NULL)
            stage_put(stage, item, "working", json_false());
        return;
    }
}

/*
 * By what its urgency is measured: the nearest due time and the clock it is counted in, so that
 * an inbox can tell how much of it is left without looking at the case; of a paused clock what
 * is left of it.
 */
static void
put_clock(struct stage *stage, json_t *item, int state)
{
    const json_t *deadline = waiting_deadline(stage, state);
    const json_t *paused = deadline == NULL ? paused_around(stage, state) : NULL;
    struct deadline_clock clock;

    stage_put(stage, item, "due",
              deadline != NULL ? json_incref(json_object_get(deadline, "due")) : json_null());
    if (paused != NULL) {
        stage_put(stage, item, "left", json_incref(json_object_get(paused, "left")));
        deadline = paused;
    }
    if (deadline == NULL)
        return;
    deadline_clock_of(stage, deadline, &clock);
    if (clock.name != NULL)
        stage_put(stage, item, "clock", json_string(clock.name));
    stage_put(stage, item, "working", json_boolean(clock.kind == CALENDAR_WORKING));
}

/* The same wait for the same one: then its "since" stays. */
static bool
same(const json_t *a, const json_t *b)
{
    static const char *const keys[] = { "kind", "person", "role", "group", "state" };

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        json_t *x = json_object_get(a, keys[i]);
        json_t *y = json_object_get(b, keys[i]);
        if (x != y && !json_equal(x, y))
            return false;
    }
    return true;
}

/* It has waited since before, unless the state was entered anew in between. */
static int64_t
since(const struct stage *stage, const json_t *item)
{
    const char *state = sgn_json_str(item, "state");
    const json_t *old;
    size_t i;

    if (!sgn_json_has(stage->entered, state))
        json_array_foreach(json_object_get(stage->question->row, "waiting"), i, old)
            if (same(old, item))
                return sgn_json_int(old, "since", stage->now);
    return stage->now;
}

/* There may be more than one reason. */
static void
add_why(struct stage *stage, json_t *item, const char *why)
{
    const char *before = sgn_json_str(item, "why");

    stage_put(stage, item, "why",
              before != NULL ? json_sprintf("%s; %s", before, why) : json_string(why));
}

/* Each once: somebody may be asked by two rules, and is waited for once. */
static void
add(struct stage *stage, json_t *waiting, const char *kind, int state, const char *which,
    const char *who)
{
    json_t *item = json_pack("{s:s, s:s, s:s}", "kind", kind, which, who, "state",
                             state > 0 ? stage->model->states[state].name : "");
    const json_t *other;
    size_t i;

    json_array_foreach(waiting, i, other) {
        if (same(other, item)) {
            json_decref(item);
            return;
        }
    }
    stage_put(stage, item, "since", json_integer(since(stage, item)));
    put_clock(stage, item, state);
    put_not_started(stage, item, state);
    stage_append(stage, waiting, item);
}

/* An offer stays roles and groups in the list, so that who joins finds it in the inbox
 * without the case being touched. */
static void
add_owner(struct stage *stage, json_t *waiting, int state)
{
    static const char *const kinds[] = { "role", "group", "person" };
    const json_t *owner =
        json_object_get(stage_member(stage, "owners"), stage->model->states[state].name);
    const json_t *item;
    size_t i;

    if (json_is_string(owner))
        add(stage, waiting, "owner", state, "person", json_string_value(owner));
    json_array_foreach(json_object_get(owner, "offer"), i, item) {
        for (size_t k = 0; k < 3; k++) {
            const char *who = sgn_json_str(item, kinds[k]);
            if (who == NULL)
                continue;
            add(stage, waiting, "offer", state, kinds[k], who);
            /* Offered because nobody holds the role: the inbox says so. */
            if (sgn_json_str(owner, "why") != NULL)
                add_why(stage, json_array_get(waiting, json_array_size(waiting) - 1),
                        sgn_json_str(owner, "why"));
        }
    }
}

static void
add_persons(struct stage *stage, json_t *waiting, const char *kind, int state,
            const json_t *persons)
{
    const json_t *name;
    size_t i;

    json_array_foreach(persons, i, name)
        add(stage, waiting, kind, state, "person", json_string_value(name));
}

static bool
has_covers(const struct model_rule *rule)
{
    bool has = rule->covers != NULL;

    for (int i = 0; i < rule->n_rules; i++)
        has = has || has_covers(&rule->rules[i]);
    return has;
}

/* Who is asked, and where rules cover less than the approval what that person's ballot must
 * carry: an inbox is made of this list alone. */
static enum sgn_status
add_asked(struct stage *stage, json_t *waiting, int state, const json_t *persons)
{
    const json_t *name;
    size_t i;
    enum sgn_status status = SGN_OK;

    json_array_foreach(persons, i, name) {
        const char *person = json_string_value(name);
        size_t n = json_array_size(waiting);
        char digest[SGN_HASH_HEX];
        add(stage, waiting, "approval", state, "person", person);
        if (status != SGN_OK || n == json_array_size(waiting) ||
            !has_covers(&stage->model->states[state].approval->rule))
            continue;
        status = round_digest(stage, state, person, digest);
        if (status == SGN_OK)
            stage_put(stage, json_array_get(waiting, n), "digest", json_string(digest));
    }
    return status;
}

/* Roles by name as in an offer; everybody else as persons. */
static enum sgn_status
add_who(struct stage *stage, json_t *waiting, const char *kind, int state,
        const struct model_who *who)
{
    json_t *persons = NULL;
    enum sgn_status status = SGN_OK;

    if (who->kind == MODEL_WHO_ROLE) {
        add(stage, waiting, kind, state, "role", who->name);
        return SGN_OK;
    }
    if (who->kind == MODEL_WHO_GROUP) {
        add(stage, waiting, kind, state, "group", who->name);
        return SGN_OK;
    }
    for (int i = 0; who->kind == MODEL_WHO_ANY_OF && status == SGN_OK && i < who->n_of; i++)
        status = add_who(stage, waiting, kind, state, &who->of[i]);
    if (who->kind == MODEL_WHO_ANY_OF)
        return status;
    status = who_persons(stage, who, state, &persons);
    if (status == SGN_OK)
        add_persons(stage, waiting, kind, state, persons);
    json_decref(persons);
    return status;
}

/* Optional ones wait for nobody, nor do those whose "when" says no. */
static enum sgn_status
add_tasks(struct stage *stage, json_t *waiting, int state)
{
    const struct model_state *s = &stage->model->states[state];
    enum sgn_status status = SGN_OK;

    for (int i = 0; status == SGN_OK && i < s->n_tasks; i++) {
        bool counts = false;
        if (s->tasks[i].optional || task_is_done(stage, state, &s->tasks[i]))
            continue;
        status = cond_holds(stage, s->tasks[i].when, state, &counts);
        if (status == SGN_OK && counts)
            status = add_who(stage, waiting, "task", state, s->tasks[i].by);
    }
    return status;
}

/* waiting_for names whose turn it is beside the owner: the client, say, while the team's owner
 * keeps the case. Where an approval asks somebody, it is their turn and nobody else's: the others
 * have answered, or are not asked yet. */
static enum sgn_status
add_state(struct stage *stage, json_t *waiting, int state)
{
    const struct model_state *s = &stage->model->states[state];
    json_t *pending = NULL;
    enum sgn_status status = SGN_OK;

    add_owner(stage, waiting, state);
    if (s->approval != NULL && round_is_open(round_of(stage, s->name))) {
        status = round_pending(stage, state, &pending);
        if (status == SGN_OK)
            status = add_asked(stage, waiting, state, pending);
    }
    if (s->waiting_for != NULL && json_array_size(pending) == 0)
        add(stage, waiting, "owner", state, "role", s->waiting_for);
    json_decref(pending);
    return status == SGN_OK ? add_tasks(stage, waiting, state) : status;
}

/* An ended case waits for nobody. A stuck one waits for the leads as well. */
enum sgn_status
waiting_make(struct stage *stage)
{
    json_t *waiting = json_array();
    enum sgn_status status = SGN_OK;

    for (int i = 1; case_is_open(stage->row) && status == SGN_OK && i < stage->model->n_states; i++)
        if (stage_active(stage, i))
            status = add_state(stage, waiting, i);
    if (status == SGN_OK && json_is_object(stage_member(stage, "stuck")))
        add_persons(stage, waiting, "stuck", 0, json_object_get(stage->team, "leads"));
    if (status != SGN_OK) {
        json_decref(waiting);
        return status;
    }
    stage_put(stage, stage->row, "waiting", waiting);
    return stage_check(stage);
}
