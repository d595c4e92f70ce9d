/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.due: what rules of retention are going to erase, and what a hold keeps.
 *
 * A rule is due so long after a case's end, so the cases that it is for soon are those that ended
 * in a certain time: lists find these, a little more of them than there are, and each is reckoned.
 */
#include "clock.h"
#include "json.h"
#include "methods.h"
#include "rpc_internal.h"
#include <stdlib.h>
#include <string.h>

#define PAGE        500
#define ITEMS_MOST  10000 /* that are looked at for the first ones */
#define LIMIT_USUAL 50
#define WITHIN      "30 days"

struct due {
    struct store_reader *reader;
    const char *team;
    const struct calendar_zone *zone;
    int64_t now, until;
    json_t *items; /* with due_ms, which is taken out in the end */
    int rules;
};

/* What it erases, as the rule says. New reference. */
static json_t *
erase_of(const struct model_retention *rule)
{
    if (rule->fields != NULL)
        return json_incref((json_t *)rule->fields);
    return json_string(rule->all ? "all" : "internal");
}

/* Of a case that is held: by whom, since when, why. */
static enum sgn_status
read_hold(struct due *d, const char *key, json_t **out, struct sgn_error *err)
{
    struct store_case_row stored;
    json_t *row = NULL;
    const json_t *hold;
    enum sgn_status st = store_case_get(d->reader, d->team, key, &stored, err);

    if (st != SGN_OK)
        return st;
    st = sgn_json_parse(stored.document, strlen(stored.document), &row, err);
    store_case_row_deinit(&stored);
    hold = json_object_get(row, "hold");
    if (st == SGN_OK)
        *out = json_pack("{s:O?, s:o, s:O?}", "by", json_object_get(hold, "by"), "at",
                         rpc_time(d->zone, sgn_json_int(hold, "at", 0)), "reason",
                         json_object_get(hold, "reason"));
    json_decref(row);
    return st;
}

static enum sgn_status
add_item(struct due *d, const struct model_retention *rule, const json_t *item, bool held,
         struct sgn_error *err)
{
    int64_t closed = sgn_json_int(item, "closed_at", 0);
    int64_t due = calendar_period_end(&rule->after, d->zone, closed);
    json_t *hold = NULL, *one;
    enum sgn_status st = SGN_OK;

    /* What is due and not held has gone, or goes in these moments. */
    if (due > d->until || (due <= d->now && !held))
        return SGN_OK;
    if (held)
        st = read_hold(d, sgn_json_str(item, "key"), &hold, err);
    one = json_pack("{s:O, s:O, s:o, s:o, s:s, s:o, s:o?, s:I}", "case",
                    json_object_get(item, "key"), "workflow", json_object_get(item, "workflow"),
                    "ended", rpc_time(d->zone, closed), "due", rpc_time(d->zone, due), "after",
                    rule->text, "erase", erase_of(rule), "hold", hold, "due_ms", (json_int_t)due);
    if (st == SGN_OK && (one == NULL || json_array_append_new(d->items, one) != 0))
        return sgn_nomem(err);
    return st;
}

static enum sgn_status
add_page(struct due *d, const struct model_retention *rule, const json_t *items, bool only_held,
         struct sgn_error *err)
{
    const json_t *item;
    size_t i;
    enum sgn_status st = SGN_OK;

    json_array_foreach((json_t *)items, i, item) {
        bool held = json_object_get(json_object_get(item, "fields"), LANE_HELD) != NULL;

        if (st == SGN_OK && held == only_held)
            st = add_item(d, rule, item, held, err);
    }
    return st;
}

/* All that a filter lets through. */
static enum sgn_status
add_all(struct due *d, const struct model_retention *rule, struct store_case_filter *filter,
        bool only_held, struct sgn_error *err)
{
    char *cursor = NULL;
    enum sgn_status st = SGN_OK;

    do {
        struct store_page page = { 0 };

        filter->cursor = cursor;
        st = store_case_query(d->reader, filter, &page, err);
        free(cursor);
        cursor = st == SGN_OK ? page.cursor : NULL;
        if (st == SGN_OK)
            st = add_page(d, rule, page.items, only_held, err);
        page.cursor = NULL;
        store_page_deinit(&page);
    } while (st == SGN_OK && cursor != NULL && json_array_size(d->items) < ITEMS_MOST);
    free(cursor);
    return st;
}

/* The times of ending are a little wider than the rule: months have 28 to 31 days. */
static enum sgn_status
add_rule(struct due *d, const struct model *model, const struct model_retention *rule,
         struct sgn_error *err)
{
    int64_t longest = rule->after.months * 31 + rule->after.days + 2;
    int64_t shortest = rule->after.months * 28 + rule->after.days;
    int64_t from = d->now - longest * SGN_DAY_MS;
    json_t *workflows = json_pack("[s]", model->name), *held = json_pack("{s:s}", LANE_HELD, "1");
    struct store_case_filter filter = { .team = d->team,
                                        .workflows = workflows,
                                        .ended = true,
                                        .closed_from = from > 1 ? from : 1,
                                        .closed_to = d->until - shortest * SGN_DAY_MS,
                                        .sort = "opened",
                                        .limit = PAGE };
    enum sgn_status st = workflows != NULL && held != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK && filter.closed_to > 0)
        st = add_all(d, rule, &filter, false, err);
    filter.closed_from = 0;
    filter.fields = held;
    if (st == SGN_OK && filter.closed_to > 0)
        st = add_all(d, rule, &filter, true, err);
    json_decref(workflows);
    json_decref(held);
    d->rules++;
    return st;
}

/* ---- the answer ---- */

static int
sooner_first(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    int64_t at = sgn_json_int(x, "due_ms", 0), other = sgn_json_int(y, "due_ms", 0);

    if (at != other)
        return at < other ? -1 : 1;
    return strcmp(sgn_json_str(x, "case"), sgn_json_str(y, "case"));
}

static enum sgn_status
answer(struct due *d, size_t limit, json_t **out, struct sgn_error *err)
{
    size_t n = json_array_size(d->items), i;
    json_t **sorted = calloc(n + 1, sizeof *sorted), *items = json_array(), *item;
    int bad = sorted == NULL || items == NULL;

    for (i = 0; bad == 0 && i < n; i++)
        sorted[i] = json_array_get(d->items, i);
    if (bad == 0)
        qsort(sorted, n, sizeof *sorted, sooner_first);
    for (i = 0; bad == 0 && i < n && i < limit; i++)
        bad |= json_array_append(items, sorted[i]);
    json_array_foreach(items, i, item)
        (void)json_object_del(item, "due_ms");
    free(sorted);
    *out = json_pack("{s:o, s:i, s:o, s:b}", "items", items, "rules", d->rules, "until",
                     rpc_time(d->zone, d->until), "more", n > limit);
    return bad == 0 && *out != NULL ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
read_within(const struct lane_job *job, struct due *d, struct sgn_error *err)
{
    const char *within = sgn_json_str(job->params, "within");
    struct calendar_period period;
    enum sgn_status st = calendar_period_parse(within != NULL ? within : WITHIN, &period, err);

    if (st != SGN_OK)
        sgn_error_add(err, "pointer", json_string("/within"));
    else
        d->until = calendar_period_end(&period, d->zone, d->now);
    return st;
}

static enum sgn_status
gather(struct due *d, const struct lane_team *team, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int i = 0; team != NULL && i < team->n_workflows; i++)
        for (int k = 0; st == SGN_OK && k < team->workflows[i]->n_retention; k++)
            st = add_rule(d, team->workflows[i], &team->workflows[i]->retention[k], err);
    return st;
}

static enum sgn_status
audit_due(struct store_reader *reader, struct lane *lane, struct lane_job *job,
          struct sgn_error *err)
{
    const struct lane_site *site = lane_site_ref(lane);
    struct due d = { .reader = reader,
                     .team = job->team,
                     .zone = rpc_zone(lane, job->team),
                     .now = sgn_clock_now(lane_clock(lane)),
                     .items = json_array() };
    int64_t limit = sgn_json_int(job->params, "limit", LIMIT_USUAL);
    enum sgn_status st = d.items != NULL ? read_within(job, &d, err) : sgn_nomem(err);

    if (st == SGN_OK)
        st = gather(&d, lane_site_team(site, job->team), err);
    if (st == SGN_OK)
        st = answer(&d, (size_t)limit, &job->result, err);
    lane_site_free(lane, site);
    json_decref(d.items);
    return st;
}

/* clang-format off */
static const struct rpc_param due_params[] = {
    { "within", RPC_STRING, false, 100, "How far ahead, such as \"1 year\": years, months, weeks and days; 30 days when not said." },
    RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_audit_due = {
    .name = "audit.due",
    .summary = "Lists what retention is going to erase of cases that have ended, the soonest first, and what a hold keeps.",
    .access = CORE_LEAD | CORE_OPERATOR, .where = RPC_QUERY, .params = due_params,
    .result = "items: case, workflow, ended, due (the moment behind the last day), after and erase as the workflow's rule says "
              "(\"all\", \"internal\" or names of fields), hold (by, at, reason, or null: what is held may have been due "
              "before); rules (how many are in force; 0: nothing is ever erased by itself), until, more: are there others?",
    .query = audit_due,
};
