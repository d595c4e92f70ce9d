/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What rules of retention erase of one case. A rule of whole parts takes them from every entry of
 * it; a rule of fields takes the parts in which one of them was set, and of the row only these
 * fields. What entries of erasures and migrations hold, the whole row of their time, goes with what
 * stands in it.
 */
#include "erasing.h"
#include "json.h"
#include "retention.h"
#include "say.h"
#include <stdlib.h>
#include <string.h>

#define REASON_MOST (64 * 1024)

struct rule {
    const struct model_retention *is;
    bool took; /* something */
};

struct clearing {
    struct erasing erasing;
    const struct model *model;
    const json_t *row;
    struct rule *rules; /* those that are due */
    int n_rules;
    json_t *since;  /* what later parts that stay have set */
    json_t *whole;  /* what stood in the parts that go as a whole, in the form of one part */
    int64_t behind; /* entries up to here have been counted for messages; 0: none */
};

/* ---- which rules ---- */

static enum sgn_status
find_rules(struct clearing *c, int64_t closed, int64_t now, const struct calendar_zone *zone,
           struct sgn_error *err)
{
    c->rules = calloc((size_t)c->model->n_retention + 1, sizeof *c->rules);
    if (c->rules == NULL)
        return sgn_nomem(err);
    for (int i = 0; i < c->model->n_retention; i++)
        if (calendar_period_end(&c->model->retention[i].after, zone, closed) <= now)
            c->rules[c->n_rules++].is = &c->model->retention[i];
    return c->n_rules > 0 ? SGN_OK
                          : sgn_fail(err, SGN_NOT_NOW, "nothing of it is to be erased yet");
}

/* Does the rule name a field of these, of a part or of a row? Of a rule of internal parts: one that
 * is internal. */
static bool
names_any(const struct clearing *c, const struct model_retention *rule, const json_t *fields)
{
    const struct model_field *field;
    const json_t *one;
    const char *name;
    json_t *value;
    size_t i;

    json_array_foreach((json_t *)rule->fields, i, one)
        if (json_object_get(fields, json_string_value(one)) != NULL)
            return true;
    if (rule->fields != NULL)
        return false;
    json_object_foreach((json_t *)fields, name, value) {
        field = model_field_find(c->model, name);
        if (rule->all || field == NULL || !field->shared)
            return true;
    }
    return false;
}

/* Does the row that an earlier erasure holds say what the rule erases? */
static bool
row_says(const struct clearing *c, const struct model_retention *rule, const json_t *row)
{
    const json_t *ballot;
    json_t *round;
    const char *name;
    size_t i;

    if (names_any(c, rule, json_object_get(row, "fields")))
        return true;
    if (rule->fields != NULL)
        return false;
    json_object_foreach(json_object_get(row, "rounds"), name, round)
        json_array_foreach(json_object_get(round, "ballots"), i, ballot)
            if (json_object_get(ballot, "comment") != NULL)
                return true;
    return rule->all && json_array_size(json_object_get(row, "files")) > 0;
}

/* Does the rule take this part of an entry? *whole: with all that stands in it. */
static bool
takes_part(const struct clearing *c, const struct model_retention *rule, const json_t *part,
           int which, bool redacts, bool *whole)
{
    const json_t *row = json_object_get(part, "row");

    if (redacts)
        return which == 1 && row_says(c, rule, row);
    if (rule->fields != NULL)
        return names_any(c, rule, json_object_get(part, "fields")) ||
               names_any(c, rule, json_object_get(row, "fields"));
    *whole = *whole || rule->all || which == 1;
    return rule->all || which == 1;
}

/* ---- its history ---- */

/* What stood in a part that goes as a whole, as far as nothing that stays has replaced it. */
static enum sgn_status
gather(struct clearing *c, const json_t *part, struct sgn_error *err)
{
    static const char *const members[] = { "fields", "tasks" };
    static const char *const lists[] = { "files", "ballots" };
    const json_t *item;
    const char *name;
    json_t *value;
    size_t k;
    int bad = 0;

    for (size_t i = 0; i < 2; i++) {
        const json_t *since = json_object_get(c->since, members[i]);

        json_object_foreach(json_object_get(part, members[i]), name, value)
            if (json_object_get(since, name) == NULL)
                bad |= json_object_set(json_object_get(c->whole, members[i]), name, value);
    }
    for (size_t i = 0; i < 2; i++)
        json_array_foreach(json_object_get(part, lists[i]), k, item) {
            const char *id = sgn_json_str(item, "id");
            const json_t *since = json_object_get(c->since, lists[i]);

            if (id == NULL || json_object_get(since, id) == NULL)
                bad |= json_array_append(json_object_get(c->whole, lists[i]), (json_t *)item);
        }
    if (json_is_object(json_object_get(part, "stuck")) && !json_object_get(c->whole, "stuck"))
        bad |= json_object_set(c->whole, "stuck", json_object_get(part, "stuck"));
    if (json_object_get(part, "imported") != NULL)
        bad |= json_object_set(c->whole, "imported", json_object_get(part, "imported"));
    return bad == 0 ? SGN_OK : sgn_nomem(err);
}

/* The messages of an entry go with whatever of it goes. */
static enum sgn_status
take(struct clearing *c, const struct store_entry_row *entry, int which, const json_t *part,
     struct sgn_error *err)
{
    bool wait = false;
    int n = 0;
    enum sgn_status st = erasing_take(&c->erasing, entry->seq, which, err);

    if (st == SGN_OK && which == 0)
        c->erasing.tells = entry->seq; /* the first entry comes last */
    if (st == SGN_OK && which == 1)
        st = lane_effects_wait(c->erasing.run, entry->seq, part, &wait, err);
    if (st == SGN_OK && wait)
        st = sgn_fail(err, SGN_UNAVAILABLE,
                      "what entry %lld asks for has not all been carried out yet",
                      (long long)entry->seq);
    if (st == SGN_OK && c->behind != entry->seq)
        st = lane_messages_drop(c->erasing.run, entry->seq, &n, err);
    c->behind = entry->seq;
    c->erasing.messages += n;
    return st;
}

static enum sgn_status
look_at_part(struct clearing *c, const struct store_entry_row *entry, int which, const json_t *part,
             struct sgn_error *err)
{
    bool redacts = strcmp(entry->kind, "redact") == 0, goes = false, whole = false;
    enum sgn_status st = SGN_OK;

    if (part == NULL)
        return SGN_OK;
    for (int i = 0; i < c->n_rules; i++)
        if (takes_part(c, c->rules[i].is, part, which, redacts, &whole))
            c->rules[i].took = goes = true;
    if (goes)
        st = take(c, entry, which, part, err);
    if (st == SGN_OK && goes && redacts)
        return erasing_earlier(&c->erasing, entry->seq, entry->at, part, err);
    if (st == SGN_OK)
        st = whole ? gather(c, part, err) : case_redact_since(c->since, part, err);
    return st;
}

static enum sgn_status
look_at_entry(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    const char *const texts[] = { entry->shared, entry->internal };
    const size_t lengths[] = { entry->shared_n, entry->internal_n };
    json_t *parts[2] = { NULL, NULL };
    enum sgn_status st = SGN_OK;

    for (int k = 0; st == SGN_OK && k < 2; k++)
        if (texts[k] != NULL)
            st = sgn_json_parse(texts[k], lengths[k], &parts[k], err);
    for (int k = 0; st == SGN_OK && k < 2; k++)
        st = look_at_part(ctx, entry, k, parts[k], err);
    json_decref(parts[0]);
    json_decref(parts[1]);
    return st;
}

/* ---- its row ---- */

/* Fields that rules name go, wherever they came from; a file with its bytes. */
static enum sgn_status
gather_named(struct clearing *c, struct rule *rule, struct sgn_error *err)
{
    json_t *has = json_object_get(c->row, "fields");
    const json_t *one;
    size_t i;
    int bad = 0;

    json_array_foreach((json_t *)rule->is->fields, i, one) {
        const char *name = json_string_value(one);
        const struct model_field *field = model_field_find(c->model, name);
        json_t *value = json_object_get(has, name);

        if (value == NULL)
            continue;
        rule->took = true;
        bad |= json_object_set(json_object_get(c->whole, "fields"), name, value);
        if (field != NULL && field->type == MODEL_FILE && json_is_string(value))
            bad |= json_array_append_new(json_object_get(c->whole, "files"),
                                         json_pack("{s:O}", "id", value));
    }
    return bad == 0 ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
empty_row(struct clearing *c, struct sgn_error *err)
{
    const json_t *const parts[2] = { c->whole, NULL };
    json_t *nothing = json_object();
    enum sgn_status st = nothing != NULL ? SGN_OK : sgn_nomem(err);

    for (int i = 0; st == SGN_OK && i < c->n_rules; i++)
        st = gather_named(c, &c->rules[i], err);
    if (st == SGN_OK)
        st = case_redact(c->row, parts, nothing, &c->erasing.row, &c->erasing.gone, err);
    json_decref(nothing);
    return st;
}

/* ---- what the entry says ---- */

/* "phone, note after 3 years" */
static void
put_rule(struct sgn_buf *buf, const struct model_retention *rule, const char *language)
{
    struct sgn_buf what, after;
    const json_t *one;
    size_t i;

    sgn_buf_init(&what, REASON_MOST);
    sgn_buf_init(&after, REASON_MOST);
    if (rule->fields == NULL)
        (void)sgn_buf_puts(&what, rule->all ? "all" : "internal");
    json_array_foreach((json_t *)rule->fields, i, one)
        (void)sgn_buf_printf(&what, "%s%s", i > 0 ? ", " : "", json_string_value(one));
    calendar_period_put(&after, &rule->after, language);
    if (what.failed || after.failed)
        buf->failed = true;
    else
        (void)sgn_buf_printf(buf, sgn_say(language, "%s after %s"), what.bytes, after.bytes);
    sgn_buf_deinit(&what);
    sgn_buf_deinit(&after);
}

/* "retention of issue, version 2: phone, note after 3 years; all after 10 years", in the team's
 * language. */
static json_t *
reason(const struct clearing *c, const char *language)
{
    struct sgn_buf buf;
    json_t *text;
    bool more = false;

    sgn_buf_init(&buf, REASON_MOST);
    (void)sgn_buf_printf(&buf, sgn_say(language, "retention of %s, version %lld: "), c->model->name,
                         (long long)c->model->version);
    for (int i = 0; i < c->n_rules; i++) {
        if (!c->rules[i].took)
            continue;
        (void)sgn_buf_puts(&buf, more ? "; " : "");
        put_rule(&buf, c->rules[i].is, language);
        more = true;
    }
    text = buf.failed ? NULL : json_stringn(buf.bytes, buf.len);
    sgn_buf_deinit(&buf);
    return text;
}

/* ---- the whole ---- */

static enum sgn_status
clear(struct clearing *c, const char *key, const char *language, struct sgn_error *err)
{
    struct lane_run *run = c->erasing.run;
    json_t *why = NULL;
    enum sgn_status st =
        store_case_entries(run->lane->reader, run->team, key, 0, INT32_MAX, look_at_entry, c, err);

    if (st == SGN_OK)
        st = empty_row(c, err);
    if (st == SGN_OK && json_array_size(c->erasing.taken) == 0 &&
        json_array_size(json_object_get(c->erasing.gone, "fields")) == 0 &&
        json_array_size(json_object_get(c->erasing.gone, "files")) == 0)
        st = sgn_fail(err, SGN_NOT_NOW, "nothing is left of it to be erased");
    if (st == SGN_OK && (why = reason(c, language)) == NULL)
        st = sgn_nomem(err);
    c->erasing.why = why;
    if (st == SGN_OK)
        st = erasing_write(&c->erasing, key, err);
    json_decref(why);
    return st;
}

enum sgn_status
lane_retention_case(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const struct lane_team *team = lane_site_team(run->lane->site, run->team);
    struct lane_case *item = NULL;
    struct clearing c = { .since = json_object(),
                          .whole = json_pack("{s:{}, s:{}, s:[], s:[]}", "fields", "tasks", "files",
                                             "ballots") };
    enum sgn_status st = erasing_init(&c.erasing, run) && c.since != NULL && c.whole != NULL
                             ? lane_case_item(run->lane, run->team, job->case_key, &item, err)
                             : sgn_nomem(err);

    if (st == SGN_OK) {
        c.row = item->row;
        c.model = lane_team_workflow(team, sgn_json_str(c.row, "workflow"));
    }
    if (st == SGN_OK && (c.model == NULL || case_is_open(c.row)))
        st = sgn_fail(err, SGN_NOT_NOW, "%s is open, or no rule stands", job->case_key);
    if (st == SGN_OK)
        st = lane_hold_check(c.row, err);
    if (st == SGN_OK)
        st = find_rules(&c, sgn_json_int(c.row, "closed_at", 0), run->now,
                        lane_team_zone(run->lane, run->team), err);
    if (st == SGN_OK)
        st = clear(&c, job->case_key, team->team->language, err);
    erasing_deinit(&c.erasing);
    json_decref(c.since);
    json_decref(c.whole);
    free(c.rules);
    return st;
}
