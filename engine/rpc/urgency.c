/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How urgent what waits is, see urgency.h. The store tells for each item the due time, the
 * calendar and kind of its clock; what is left of it is counted here, at the time of the first
 * page.
 */
#include "urgency.h"
#include "calendar.h"
#include <stdlib.h>
#include <string.h>

enum rank {
    RANK_RUNNING,
    RANK_PAUSED,
    RANK_NOT_STARTED,
    RANK_NONE
};

/* What the order is made of, in this order; all but key and n are numbers, smallest first. */
#define N_PARTS 6
struct place {
    int64_t parts[N_PARTS]; /* rank, left, due, -priority, opened, n */
    const char *key;        /* borrowed */
    json_t *item;           /* borrowed; NULL in a cursor */
};

struct sorting {
    struct store_reader *reader;
    struct lane *lane;
    const struct lane_job *job;
    int64_t at;    /* when it is counted from */
    json_t *names; /* of calendars: {NAME: index} */
    struct calendar **calendars;
    size_t n_calendars;
};

/* ---- how much is left ---- */

/* The calendar of that name, compiled once for all items; NULL: it is declared no more. */
static enum sgn_status
calendar_named(struct sorting *s, const char *name, const struct calendar **out,
               struct sgn_error *err)
{
    json_t *known = json_object_get(s->names, name);
    struct calendar **grown, *calendar = NULL;
    enum sgn_status status = SGN_OK;

    if (known == NULL) {
        status = lane_calendar_read(s->lane, s->reader, s->job->team, name, &calendar, err);
        status = sgn_if_any(status, err);
        if (status != SGN_OK)
            return status;
        grown = reallocarray(s->calendars, s->n_calendars + 1, sizeof(*grown));
        if (grown == NULL ||
            json_object_set_new(s->names, name, json_integer((json_int_t)s->n_calendars)) != 0) {
            calendar_free(calendar);
            s->calendars = grown != NULL ? grown : s->calendars;
            return sgn_nomem(err);
        }
        s->calendars = grown;
        s->calendars[s->n_calendars++] = calendar;
        known = json_object_get(s->names, name);
    }
    *out = s->calendars[json_integer_value(known)];
    return SGN_OK;
}

/* Below zero: so much counted time it is over. */
static enum sgn_status
counted_left(struct sorting *s, const json_t *item, int64_t due, int64_t *out,
             struct sgn_error *err)
{
    const char *name = sgn_json_str(item, "clock");
    const struct calendar *calendar = NULL;
    enum sgn_status status = SGN_OK;

    if (name != NULL && sgn_json_int(item, "working", 0) != 0)
        status = calendar_named(s, name, &calendar, err);
    if (calendar == NULL)
        *out = due - s->at;
    else if (due >= s->at)
        *out = calendar_counted(calendar, s->at, due, CALENDAR_WORKING);
    else
        *out = -calendar_counted(calendar, due, s->at, CALENDAR_WORKING);
    return status;
}

static int64_t
priority_of(const json_t *item)
{
    static const char *const words[] = { "low", "normal", "high", "urgent" };
    const char *priority = sgn_json_str(item, "priority");

    for (int64_t i = 0; priority != NULL && i < 4; i++)
        if (strcmp(priority, words[i]) == 0)
            return i + 1;
    return 0;
}

static enum sgn_status
place_make(struct sorting *s, json_t *item, struct place *out, struct sgn_error *err)
{
    int64_t due = sgn_json_int(item, "due", 0), left = 0;
    const json_t *paused = json_object_get(item, "left");
    enum rank rank = RANK_NONE;
    enum sgn_status status = SGN_OK;

    if (due != 0) {
        rank = RANK_RUNNING;
        status = counted_left(s, item, due, &left, err);
    } else if (json_is_integer(paused)) {
        rank = RANK_PAUSED;
        left = json_integer_value(paused);
    } else if (json_is_integer(json_object_get(item, "working"))) {
        rank = RANK_NOT_STARTED;
    }
    *out = (struct place){ { rank, left, due, -priority_of(item),
                             sgn_json_int(item, "opened_at", 0), sgn_json_int(item, "n", 0) },
                           sgn_json_str(item, "case"),
                           item };
    if (status == SGN_OK &&
        json_object_set_new(item, "urgency",
                            json_pack("{s:i, s:I}", "rank", rank, "left", (json_int_t)left)) != 0)
        status = sgn_nomem(err);
    return status;
}

/* The key stands before n, the last number. */
static int
place_compare(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = 0;

    for (int i = 0; order == 0 && i < N_PARTS - 1; i++)
        order = (x->parts[i] > y->parts[i]) - (x->parts[i] < y->parts[i]);
    if (order == 0)
        order = strcmp(x->key, y->key);
    if (order == 0)
        order = (x->parts[N_PARTS - 1] > y->parts[N_PARTS - 1]) -
                (x->parts[N_PARTS - 1] < y->parts[N_PARTS - 1]);
    return order;
}

/* ---- cursors ---- */

/* ["urgent", at, stretch: the store's cursor it begins after or null, [parts], key]; without
 * parts and key the stretch begins. */
struct mark {
    int64_t at;
    const char *stretch;
    struct place after;
    bool has_after;
    json_t *owned;
};

static bool
mark_parse(const char *cursor, struct mark *out)
{
    const json_t *parts, *stretch;

    if (sgn_json_parse(cursor, strlen(cursor), &out->owned, NULL) != SGN_OK)
        return false;
    stretch = json_array_get(out->owned, 2);
    parts = json_array_get(out->owned, 3);
    if (json_array_size(out->owned) != 5 || !json_is_string(json_array_get(out->owned, 0)) ||
        strcmp(json_string_value(json_array_get(out->owned, 0)), "urgent") != 0 ||
        !json_is_integer(json_array_get(out->owned, 1)) ||
        !(json_is_string(stretch) || json_is_null(stretch)))
        return false;
    out->at = json_integer_value(json_array_get(out->owned, 1));
    out->stretch = json_string_value(stretch);
    out->after.key = json_string_value(json_array_get(out->owned, 4));
    out->has_after = out->after.key != NULL;
    for (size_t i = 0; out->has_after && i < N_PARTS; i++) {
        if (!json_is_integer(json_array_get(parts, i)))
            return false;
        out->after.parts[i] = json_integer_value(json_array_get(parts, i));
    }
    return out->at >= 0 && out->at <= SGN_TIME_MAX;
}

static enum sgn_status
mark_read(const char *cursor, int64_t now, struct mark *out, struct sgn_error *err)
{
    *out = (struct mark){ .at = now };
    if (cursor == NULL || mark_parse(cursor, out))
        return SGN_OK;
    (void)sgn_fail(err, SGN_INVALID, "this cursor is not one that inbox.list gave");
    sgn_error_add(err, "pointer", json_string("/cursor"));
    return SGN_INVALID;
}

static char *
mark_text(int64_t at, const char *stretch, const struct place *after)
{
    json_t *parts = json_array(), *mark;
    char *text;

    for (int i = 0; after != NULL && i < N_PARTS; i++)
        (void)json_array_append_new(parts, json_integer(after->parts[i]));
    mark = json_pack("[s, I, s?, o, s?]", "urgent", (json_int_t)at, stretch, parts,
                     after != NULL ? after->key : NULL);
    text = mark != NULL ? sgn_json_text(mark) : NULL;
    json_decref(mark);
    return text;
}

/* ---- pages ---- */

/* The store's items of a stretch, in one query: it sorts all that waits for them each time.
 * *next: the store's cursor behind it, NULL: there is no more. */
static enum sgn_status
stretch_read(struct sorting *s, const json_t *others, const char *after, json_t **items,
             char **next, struct sgn_error *err)
{
    const struct store_inbox_filter filter = { .team = s->job->team,
                                               .person = s->job->person,
                                               .others = others,
                                               .case_key = sgn_json_str(s->job->params, "case") };
    struct store_page page = { 0 };
    enum sgn_status status =
        store_inbox_for(s->reader, &filter, after, RPC_URGENT_MOST, &page, err);

    *items = status == SGN_OK ? json_incref(page.items) : NULL;
    *next = page.cursor;
    page.cursor = NULL;
    store_page_deinit(&page);
    return status;
}

/* Takes what stands behind the mark, as far as the limit goes: *last NULL when that was all. */
static enum sgn_status
stretch_take(struct sorting *s, const json_t *items, const struct mark *mark, int limit,
             struct rpc_urgent_page *out, struct place *last, bool *full, struct sgn_error *err)
{
    size_t n = json_array_size(items);
    struct place *places = calloc(n + 1, sizeof(*places));
    enum sgn_status status = places != NULL ? SGN_OK : sgn_nomem(err);

    *full = false;
    for (size_t i = 0; status == SGN_OK && i < n; i++)
        status = place_make(s, json_array_get(items, i), &places[i], err);
    if (status == SGN_OK)
        qsort(places, n, sizeof(*places), place_compare);
    for (size_t i = 0; status == SGN_OK && i < n && !*full; i++) {
        if (mark->has_after && place_compare(&places[i], &mark->after) <= 0)
            continue;
        *full = json_array_size(out->items) >= (size_t)limit;
        if (*full)
            break;
        if (json_array_append(out->items, places[i].item) != 0)
            status = sgn_nomem(err);
        *last = places[i];
    }
    free(places);
    return status;
}

/* One stretch; the next one too when nothing of this one is left behind the mark. */
static enum sgn_status
page_fill(struct sorting *s, const json_t *others, struct mark *mark, int limit,
          struct rpc_urgent_page *out, struct sgn_error *err)
{
    json_t *items = NULL;
    char *begins = NULL, *next = NULL;
    struct place last = { .key = NULL };
    bool full = false;
    enum sgn_status status = SGN_OK;

    do {
        const char *stretch = begins != NULL ? begins : mark->stretch;
        json_decref(items);
        items = NULL;
        status = stretch_read(s, others, stretch, &items, &next, err);
        if (status == SGN_OK)
            status = stretch_take(s, items, mark, limit, out, &last, &full, err);
        if (status == SGN_OK && full)
            out->cursor = mark_text(s->at, stretch, &last);
        else if (status == SGN_OK && next != NULL && json_array_size(out->items) > 0)
            out->cursor = mark_text(s->at, next, NULL);
        free(begins);
        begins = next;
        next = NULL;
        mark->has_after = false; /* a stretch behind it is read from its beginning */
    } while (status == SGN_OK && begins != NULL && json_array_size(out->items) == 0);
    if (status == SGN_OK && out->cursor == NULL && (full || begins != NULL))
        status = sgn_nomem(err);
    free(begins);
    json_decref(items);
    return status;
}

enum sgn_status
rpc_urgent_page(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
                const json_t *others, const char *cursor, int limit, struct rpc_urgent_page *out,
                struct sgn_error *err)
{
    struct sorting s = { .reader = reader, .lane = lane, .job = job, .names = json_object() };
    struct mark mark;
    enum sgn_status status = mark_read(cursor, sgn_clock_now(lane_clock(lane)), &mark, err);

    *out = (struct rpc_urgent_page){ .items = json_array() };
    s.at = mark.at;
    if (status == SGN_OK)
        status = page_fill(&s, others, &mark, limit, out, err);
    for (size_t i = 0; i < s.n_calendars; i++)
        calendar_free(s.calendars[i]);
    free(s.calendars);
    json_decref(s.names);
    json_decref(mark.owned);
    if (status != SGN_OK)
        rpc_urgent_page_deinit(out);
    return status;
}

void
rpc_urgent_page_deinit(struct rpc_urgent_page *page)
{
    json_decref(page->items);
    free(page->cursor);
    *page = (struct rpc_urgent_page){ 0 };
}

/* ---- shown ---- */

static int64_t
rank_of(const json_t *item)
{
    return sgn_json_int(json_object_get(item, "urgency"), "rank", RANK_NONE);
}

bool
rpc_urgency_waits(const json_t *item)
{
    return rank_of(item) == RANK_NOT_STARTED;
}

enum sgn_status
rpc_urgency_show(const json_t *item, json_t *view, struct sgn_error *err)
{
    static const char *const clocks[] = { "running", "paused", "not started", NULL };
    const json_t *urgency = json_object_get(item, "urgency");
    int64_t rank = rank_of(item);
    bool counts = rank == RANK_RUNNING || rank == RANK_PAUSED;
    bool working = sgn_json_int(item, "working", 0) != 0;
    int bad = json_object_set_new(view, "clock", sgn_json_string_or_null(clocks[rank]));

    if (counts) {
        bad |= json_object_set_new(view, "left_seconds",
                                   json_integer(sgn_json_int(urgency, "left", 0) / SGN_SECOND_MS));
        bad |= json_object_set_new(view, "counts",
                                   json_string(working ? "working time" : "elapsed time"));
    }
    return bad == 0 ? SGN_OK : sgn_nomem(err);
}
