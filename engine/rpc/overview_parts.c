/* SPDX-License-Identifier: Apache-2.0 */
/* What an overview makes of each case, see overview_internal.h. */
#include "clock.h"
#include "overview_internal.h"
#include "titles.h"
#include <stdlib.h>
#include <string.h>

#define CHANGES_SHOWN 50 /* the newest; all of them count */

static void
count_up(json_t *object, const char *name, int64_t n)
{
    (void)json_object_set_new(object, name, json_integer(sgn_json_int(object, name, 0) + n));
}

static json_t *
work_of(struct rpc_overview *o, const char *workflow)
{
    json_t *work = json_object_get(o->work, workflow);

    if (work == NULL) {
        work = json_pack("{s:i, s:i, s:{}}", "open", 0, "overdue", 0, "states");
        (void)json_object_set_new(o->work, workflow, work);
    }
    return work;
}

/* In several states at once it counts for each. */
void
overview_take_open(struct rpc_overview *o, const json_t *item)
{
    json_t *work = work_of(o, sgn_json_str(item, "workflow"));
    const char *at = sgn_json_str(item, "states");
    int64_t many = sgn_json_int(item, "n", 1);
    char name[SGN_KEY_MAX * 4];

    o->open += many;
    if (rpc_row_true(item, "stuck"))
        o->stuck += many;
    count_up(work, "open", many);
    for (at = at != NULL ? at : ""; *at != '\0';) {
        size_t n = strcspn(at, " ");
        if (n > 0 && n < sizeof(name)) {
            memcpy(name, at, n);
            name[n] = '\0';
            count_up(json_object_get(work, "states"), name, many);
        }
        at += n + strspn(at + n, " ");
    }
}

void
overview_take_overdue(struct rpc_overview *o, const json_t *item)
{
    int64_t many = sgn_json_int(item, "n", 1);

    o->overdue += many;
    count_up(work_of(o, sgn_json_str(item, "workflow")), "overdue", many);
}

void
overview_take_next(struct rpc_overview *o, const json_t *item, json_t *view)
{
    int64_t due = sgn_json_int(item, "due_at", 0);

    if (due == 0) { /* they stand last */
        o->pass_ends = true;
        return;
    }
    (void)json_object_set_new(view, "late", json_boolean(due < o->now));
    (void)json_array_append(o->next, view);
}

/* ---- milestones ---- */

/* A field of type date as its day; false: it is empty, or the team's workflow has other ones. */
static bool
day_of(const json_t *fields, const char *name, int64_t *out)
{
    const char *text = sgn_json_str(fields, name);
    int y, m, d;

    if (text == NULL || !sgn_date_parse(text, &y, &m, &d))
        return false;
    *out = sgn_days_from_civil(y, m, d);
    return true;
}

static bool
is_in(const json_t *view, const char *state)
{
    return sgn_json_has(json_object_get(view, "states"), state);
}

/* "reached", "dropped": over; "confirming"; "late": its day has passed; "slipped": it has a later
 * day than was agreed first; "planned". */
static const char *
milestone_status(const struct rpc_overview *o, const json_t *view, int64_t planned, int64_t agreed)
{
    const char *outcome = sgn_json_str(view, "outcome");

    if (outcome != NULL)
        return strcmp(outcome, "dropped") == 0 ? "dropped" : "reached";
    if (is_in(view, "confirming"))
        return "confirming";
    if (planned < o->today)
        return "late";
    return planned > agreed ? "slipped" : "planned";
}

void
overview_take_milestone(struct rpc_overview *o, const json_t *view)
{
    const json_t *fields = json_object_get(view, "fields");
    int64_t planned, agreed;
    const char *status;
    json_t *one;

    if (!day_of(fields, "planned", &planned))
        return;
    if (!day_of(fields, "agreed", &agreed))
        agreed = planned;
    status = milestone_status(o, view, planned, agreed);
    if (strcmp(status, "late") == 0)
        o->milestones_late++;
    if (sgn_json_str(view, "outcome") == NULL && planned > agreed)
        o->milestones_slipped++;
    one = json_pack(
        "{s:O, s:O, s:O, s:O?, s:I, s:s, s:O, s:O, s:O}", "case", json_object_get(view, "case"),
        "title", json_object_get(view, "title"), "planned", json_object_get(fields, "planned"),
        "agreed", json_object_get(fields, "agreed"), "moved_days", (json_int_t)(planned - agreed),
        "status", status, "closed_at", json_object_get(view, "closed_at"), "states",
        json_object_get(view, "states"), "state_titles", json_object_get(view, "state_titles"));
    (void)json_array_append_new(o->milestones, one);
}

/* ---- charter, budgets, changes ---- */

/* The newest that was not called off; lists are read newest first. */
void
overview_take_charter(struct rpc_overview *o, const json_t *view)
{
    static const char *const members[] = { "case",         "title",   "states",
                                           "state_titles", "outcome", "outcome_title" };
    static const char *const fields[] = { "baseline", "signed_on", "change",    "budget",
                                          "goals",    "scope",     "milestones" };
    const char *outcome = sgn_json_str(view, "outcome");

    if (outcome != NULL && strcmp(outcome, "cancelled") == 0)
        return;
    o->charter = json_object();
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        (void)json_object_set(o->charter, members[i], json_object_get(view, members[i]));
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        json_t *value = json_object_get(json_object_get(view, "fields"), fields[i]);
        (void)json_object_set(o->charter, fields[i], value != NULL ? value : json_null());
    }
    o->pass_ends = true;
}

/* What is no amount, or would not fit, is left out. */
static void
money_add(struct overview_money *money, const char *amount)
{
    struct sgn_decimal value;

    if (amount != NULL && sgn_decimal_parse(amount, &value) &&
        sgn_decimal_add(money->sum, value, &money->sum))
        money->n++;
}

void
overview_take_budget(struct rpc_overview *o, const json_t *view)
{
    const json_t *fields = json_object_get(view, "fields");

    money_add(&o->granted, sgn_json_str(fields, "total"));
    money_add(&o->spent, sgn_json_str(fields, "spent"));
    (void)json_array_append_new(o->budgets, json_pack("{s:O, s:O, s:O?, s:O?, s:O?}", "case",
                                                      json_object_get(view, "case"), "title",
                                                      json_object_get(view, "title"), "total",
                                                      json_object_get(fields, "total"), "spent",
                                                      json_object_get(fields, "spent"), "outcome",
                                                      json_object_get(view, "outcome")));
}

/* Behind its approval, or carried out. */
static bool
is_agreed(const json_t *view)
{
    static const char *const states[] = { "implementing", "verifying", "reviewing", "archiving" };
    const char *outcome = sgn_json_str(view, "outcome");

    if (outcome != NULL)
        return strcmp(outcome, "implemented") == 0;
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (is_in(view, states[i]))
            return true;
    return false;
}

/* Those that cost something; read newest first. */
void
overview_take_change(struct rpc_overview *o, const json_t *view)
{
    const char *cost = sgn_json_str(json_object_get(view, "fields"), "cost");
    struct sgn_decimal value;
    bool agreed = is_agreed(view);

    if (cost == NULL || !sgn_decimal_parse(cost, &value) || value.coefficient == 0 ||
        (!agreed && sgn_json_str(view, "outcome") != NULL))
        return;
    money_add(agreed ? &o->agreed : &o->asked, cost);
    if (agreed)
        (void)json_object_set_new(o->agreed_costs, sgn_json_str(view, "case"), json_string(cost));
    if (json_array_size(o->changes) < CHANGES_SHOWN)
        (void)json_array_append_new(o->changes, json_pack("{s:O, s:O, s:s, s:b, s:n}", "case",
                                                          json_object_get(view, "case"), "title",
                                                          json_object_get(view, "title"), "cost",
                                                          cost, "agreed", (int)agreed, "baseline"));
}

void
overview_settle_change(struct rpc_overview *o, const char *change, json_t *baseline)
{
    struct sgn_decimal cost;
    const char *text = sgn_json_str(o->agreed_costs, change);
    json_t *shown;
    size_t i;

    if (text == NULL || !sgn_decimal_parse(text, &cost))
        return;
    cost.coefficient = -cost.coefficient;
    if (sgn_decimal_add(o->agreed.sum, cost, &o->agreed.sum))
        o->agreed.n--;
    (void)json_object_del(o->agreed_costs, change); /* the next baseline may name it again */
    json_array_foreach(o->changes, i, shown)
        if (strcmp(sgn_json_str(shown, "case"), change) == 0)
            (void)json_object_set(shown, "baseline", baseline);
}

/* The newest survey that has answers. */
void
overview_take_survey(struct rpc_overview *o, const json_t *view)
{
    const json_t *answer;
    size_t i;

    json_array_foreach(json_object_get(json_object_get(view, "fields"), "answers"), i, answer) {
        int64_t csat = sgn_json_int(answer, "csat", 0);
        if (csat < 1 || csat > 5)
            continue;
        o->csat_sum += csat;
        o->csat_n++;
        o->pass_ends = true;
    }
}

void
overview_take_closeout(struct rpc_overview *o, const json_t *view, const json_t *document)
{
    const char *outcome = sgn_json_str(view, "outcome");

    if (outcome != NULL && strcmp(outcome, "cancelled") == 0)
        return;
    o->closeout = json_pack(
        "{s:O, s:O, s:O, s:O, s:O, s:O}", "case", json_object_get(view, "case"), "title",
        json_object_get(view, "title"), "states", json_object_get(view, "states"), "state_titles",
        json_object_get(view, "state_titles"), "outcome", json_object_get(view, "outcome"),
        "outcome_title", json_object_get(view, "outcome_title"));
    o->closeout_row = json_incref((json_t *)document);
    o->pass_ends = true;
}

/* ---- what is given ---- */

static int
day_compare(const void *a, const void *b)
{
    const json_t *one = *(json_t *const *)a, *other = *(json_t *const *)b;
    int order = strcmp(sgn_json_str(one, "planned"), sgn_json_str(other, "planned"));
    const char *key = sgn_json_str(one, "case"), *other_key = sgn_json_str(other, "case");

    if (order != 0 || key == NULL || other_key == NULL)
        return order;
    order = (int)strlen(key) - (int)strlen(other_key); /* MS-9 before MS-10 */
    return order != 0 ? order : strcmp(key, other_key);
}

static json_t *
sorted(const json_t *list, int (*compare)(const void *, const void *))
{
    size_t n = json_array_size(list), i;
    json_t **order = n > 0 ? malloc(n * sizeof(json_t *)) : NULL, *out = json_array(), *one;

    if (order == NULL)
        return out;
    json_array_foreach(list, i, one)
        order[i] = one;
    qsort(order, n, sizeof(json_t *), compare);
    for (i = 0; i < n; i++)
        (void)json_array_append(out, order[i]);
    free(order);
    return out;
}

/* Of a project that has no milestones as cases those of its charter, as days alone. */
json_t *
overview_timeline(const struct rpc_overview *o)
{
    json_t *list = json_array(), *out;
    const json_t *one;
    size_t i;

    if (json_array_size(o->milestones) > 0) {
        json_decref(list);
        return sorted(o->milestones, day_compare);
    }
    json_array_foreach(json_object_get(o->charter, "milestones"), i, one) {
        int64_t day;
        if (day_of(one, "by_day", &day) && sgn_json_str(one, "what") != NULL)
            (void)json_array_append_new(list, json_pack("{s:n, s:O, s:O, s:n, s:i, s:s}", "case",
                                                        "title", json_object_get(one, "what"),
                                                        "planned", json_object_get(one, "by_day"),
                                                        "agreed", "moved_days", 0, "status",
                                                        day < o->today ? "passed" : "planned"));
    }
    out = sorted(list, day_compare);
    json_decref(list);
    return out;
}

static json_t *
decimal_json(struct sgn_decimal value)
{
    char text[SGN_DECIMAL_TEXT];

    sgn_decimal_format(value, text);
    return json_string(text);
}

static bool
budget_used(const struct rpc_overview *o, struct sgn_decimal *out)
{
    return o->granted.n > 0 && sgn_decimal_percent(o->spent.sum, o->granted.sum, out);
}

json_t *
overview_money(const struct rpc_overview *o, const char *currency)
{
    const char *base = sgn_json_str(o->charter, "budget");
    struct sgn_decimal total = { 0 }, used;
    bool has_total = base != NULL && sgn_decimal_parse(base, &total) &&
                     sgn_decimal_add(total, o->agreed.sum, &total);

    return json_pack(
        "{s:s?, s:s?, s:{s:o, s:I}, s:{s:o, s:I}, s:o, s:O, s:o, s:o, s:o, s:O}", "currency",
        currency, "charter", base, "agreed", "amount", decimal_json(o->agreed.sum), "changes",
        (json_int_t)o->agreed.n, "asked", "amount", decimal_json(o->asked.sum), "changes",
        (json_int_t)o->asked.n, "total", has_total ? decimal_json(total) : json_null(), "changes",
        o->changes, "granted", o->granted.n > 0 ? decimal_json(o->granted.sum) : json_null(),
        "spent", o->granted.n > 0 ? decimal_json(o->spent.sum) : json_null(), "used",
        budget_used(o, &used) ? decimal_json(used) : json_null(), "budgets", o->budgets);
}

static void
put_count(json_t *figures, const char *name, int64_t n)
{
    (void)json_object_set_new(figures, name, json_sprintf("%lld", (long long)n));
}

/* "open" or "overdue" of all workflows that serve as it. */
static int64_t
work_sum(const struct rpc_overview *o, const char *purpose, const char *what)
{
    const json_t *name;
    int64_t n = 0;
    size_t i;

    json_array_foreach(json_object_get(o->purposes, purpose), i, name)
        n += sgn_json_int(json_object_get(o->work, json_string_value(name)), what, 0);
    return n;
}

json_t *
overview_figures(const struct rpc_overview *o)
{
    json_t *figures = json_object();
    struct sgn_decimal used;

    put_count(figures, "overdue", o->overdue);
    put_count(figures, "overdue_issues", work_sum(o, OVERVIEW_ISSUE, "overdue"));
    put_count(figures, "late_milestones", o->milestones_late);
    put_count(figures, "slipped_milestones", o->milestones_slipped);
    put_count(figures, "complaints", work_sum(o, OVERVIEW_COMPLAINT, "open"));
    put_count(figures, "stuck", o->stuck);
    if (budget_used(o, &used))
        (void)json_object_set_new(figures, "budget_used", decimal_json(used));
    if (o->heard > 0)
        put_count(figures, "silence", o->now > o->heard ? (o->now - o->heard) / SGN_DAY_MS : 0);
    if (o->csat_n > 0) /* to a tenth, half of one up */
        (void)json_object_set_new(figures, "satisfaction",
                                  decimal_json((struct sgn_decimal){
                                      (20 * o->csat_sum + o->csat_n) / (2 * o->csat_n), 1 }));
    return figures;
}

/* ---- open work ---- */

static int
most_first(const void *a, const void *b)
{
    const json_t *one = *(json_t *const *)a, *other = *(json_t *const *)b;
    int64_t n = sgn_json_int(one, "open", 0), m = sgn_json_int(other, "open", 0);

    if (n != m)
        return n < m ? 1 : -1;
    return strcmp(sgn_json_str(one, "workflow"), sgn_json_str(other, "workflow"));
}

/* In document order, as the version in force has them; a state that it has no more comes last,
 * under its name. */
static json_t *
states_of(const struct rpc_overview *o, const json_t *states, const struct model *model,
          const char *language)
{
    json_t *list = json_array(), *n;
    const char *name;

    for (int i = 1; model != NULL && i < model->n_states; i++) {
        n = json_object_get(states, model->states[i].name);
        if (n != NULL)
            (void)json_array_append_new(
                list, json_pack("{s:s, s:s, s:O}", "state", model->states[i].name, "title",
                                rpc_state_title(model, i, language, o->for_client), "open", n));
    }
    json_object_foreach((json_t *)(uintptr_t)states, name, n)
        if (model == NULL || model_state_find(model, name) < 0)
            (void)json_array_append_new(
                list, json_pack("{s:s, s:s, s:O}", "state", name, "title", name, "open", n));
    return list;
}

json_t *
overview_work(const struct rpc_overview *o, const struct lane_team *team, const char *language)
{
    json_t *list = json_array(), *work, *out;
    const char *workflow;

    json_object_foreach(o->work, workflow, work) {
        const struct model *model = team != NULL ? lane_team_workflow(team, workflow) : NULL;
        (void)json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:O, s:O, s:o}", "workflow", workflow, "title",
                      model != NULL ? model_title(model->title, language, workflow) : workflow,
                      "open", json_object_get(work, "open"), "overdue",
                      o->for_client ? json_null() : json_object_get(work, "overdue"), "states",
                      states_of(o, json_object_get(work, "states"), model, language)));
    }
    out = sorted(list, most_first);
    json_decref(list);
    return out;
}
