/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fold: an entry's parts say the result, so they are put into the row as they
 * stand.
 *
 * It knows no model and no rules; a history of ten years ago folds like one of today.
 * It is written apart from what makes the parts (parts.c), and every test compares the
 * two: a change that is forgotten in one of them is found at once. Permanent like the
 * format: a part once written must fold to the same row for ever.
 */
#include "case.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

struct fold {
    json_t *row;
    const json_t *header;
    const json_t *parts[2]; /* shared, internal; either may be NULL */
    int64_t at;             /* the time that was decided on */
    bool nomem;
};

static void
put(struct fold *fold, json_t *object, const char *name, json_t *value_take)
{
    if (json_object_set_new(object, name, value_take) != 0)
        fold->nomem = true;
}

/* A member of either part; each stands in one of them. */
static json_t *
part(const struct fold *fold, const char *name)
{
    json_t *value = json_object_get(fold->parts[0], name);

    return value != NULL ? value : json_object_get(fold->parts[1], name);
}

/* Members whose new value is simply the whole value. They are small, or change as a
 * whole; the rest is told by what changed, so that histories stay short. */
static void
fold_whole(struct fold *fold)
{
    static const char *const names[] = { "states",   "outcome", "opener",  "project",
                                         "workflow", "version", "rev",     "owners",
                                         "priority", "history", "waiting", "stuck" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        json_t *value = part(fold, names[i]);
        if (value != NULL)
            put(fold, fold->row, names[i], sgn_json_copy(value));
    }
}

/* The hold of a case, or null where it is released: a member that is there or not. */
static void
fold_hold(struct fold *fold)
{
    json_t *hold = json_object_get(fold->parts[1], "hold");

    if (json_is_null(hold))
        (void)json_object_del(fold->row, "hold");
    else if (hold != NULL)
        put(fold, fold->row, "hold", sgn_json_copy(hold));
}

/* The key and the rules stand in the header, where they are signed for both parts; so does
 * whose hand it was. */
static void
fold_open(struct fold *fold)
{
    json_t *key = json_object_get(fold->header, "case");
    json_t *rules = json_object_get(fold->header, "rules");

    put(fold, fold->row, "key", key != NULL ? json_incref(key) : json_null());
    put(fold, fold->row, "rules", rules != NULL ? json_incref(rules) : json_null());
    put(fold, fold->row, "opened_at", json_integer(fold->at));
    if (sgn_json_str(fold->header, "on_behalf") != NULL)
        put(fold, fold->row, "hand", json_incref(json_object_get(fold->header, "actor")));
}

/* Objects whose members change one by one; null takes one away. */
static void
fold_members(struct fold *fold, const char *name)
{
    json_t *into = json_object_get(fold->row, name);

    for (int i = 0; i < 2; i++) {
        const char *key;
        json_t *value;
        json_object_foreach(json_object_get(fold->parts[i], name), key, value) {
            if (json_is_null(value))
                json_object_del(into, key);
            else
                put(fold, into, key, sgn_json_copy(value));
        }
    }
}

/* "entered" may name a state twice: each time counts. */
static void
fold_visits(struct fold *fold)
{
    json_t *visits = json_object_get(fold->row, "visits");
    const json_t *name;
    size_t i;

    json_array_foreach(part(fold, "entered"), i, name) {
        const char *state = json_string_value(name);
        if (state != NULL)
            put(fold, visits, state, json_integer(sgn_json_int(visits, state, 0) + 1));
    }
}

static int64_t
order_of(const json_t *deadline)
{
    const char *id = sgn_json_str(deadline, "id");

    return id != NULL && id[0] == 'd' ? strtoll(id + 1, NULL, 10) : 0;
}

/* Changed deadlines are given whole; new ones come in the order of arming. One that was
 * armed and disarmed in the same entry is told as gone, which keeps the count of ids
 * right. */
static void
fold_deadline(struct fold *fold, const json_t *item)
{
    json_t *deadlines = json_object_get(fold->row, "deadlines");
    int64_t order = order_of(item);
    size_t at = 0;
    bool same;

    if (order > sgn_json_int(fold->row, "armed", 0))
        put(fold, fold->row, "armed", json_integer(order));
    while (at < json_array_size(deadlines) && order_of(json_array_get(deadlines, at)) < order)
        at++;
    same = order_of(json_array_get(deadlines, at)) == order;
    if (same)
        json_array_remove(deadlines, at);
    if (!sgn_json_true(item, "gone") &&
        json_array_insert_new(deadlines, at, sgn_json_copy(item)) != 0)
        fold->nomem = true;
}

/* A round by its approval; a new number begins it anew, without ballots. */
static json_t *
round_for(struct fold *fold, const char *approval, const json_t *number)
{
    json_t *rounds = json_object_get(fold->row, "rounds");
    json_t *round = json_object_get(rounds, approval);

    if (round != NULL && json_equal(json_object_get(round, "number"), number))
        return round;
    round = json_pack("{s:O, s:s, s:I, s:n, s:[], s:[]}", "number", number, "state", approval,
                      "opened_at", (json_int_t)fold->at, "digest", "ballots", "eligible");
    put(fold, rounds, approval, round);
    return json_object_get(rounds, approval);
}

/* Both parts may speak of a round: the shared one of its beginning and end, the
 * internal one of what is asked. Either may come first, or alone. */
static void
fold_round(struct fold *fold, const json_t *item)
{
    static const char *const members[] = { "digest", "eligible", "shown",     "earlier",
                                           "seats",  "left",     "not_needed" };
    const char *approval = sgn_json_str(item, "approval");
    const json_t *number = json_object_get(item, "number");
    json_t *ended = json_object_get(item, "ended");
    json_t *round;

    if (approval == NULL || !json_is_integer(number))
        return;
    round = round_for(fold, approval, number);
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (json_object_get(item, members[i]) != NULL)
            put(fold, round, members[i], sgn_json_copy(json_object_get(item, members[i])));
    if (ended != NULL) {
        json_t *copy = sgn_json_copy(ended);
        put(fold, copy, "at", json_integer(fold->at));
        put(fold, round, "ended", copy);
    }
}

/* Ballots stand in the order (at, person, on behalf of), whoever may see them: the
 * parts hold the client's and the team's apart, and the order must not depend on that. */
static int
ballot_compare(const json_t *a, const json_t *b)
{
    static const char *const keys[] = { "person", "on_behalf" };
    int64_t at_a = sgn_json_int(a, "at", 0);
    int64_t at_b = sgn_json_int(b, "at", 0);

    if (at_a != at_b)
        return at_a < at_b ? -1 : 1;
    for (size_t i = 0; i < 2; i++) {
        const char *x = sgn_json_str(a, keys[i]);
        const char *y = sgn_json_str(b, keys[i]);
        int order = strcmp(x != NULL ? x : "", y != NULL ? y : "");
        if (order != 0)
            return order;
    }
    return 0;
}

/* Whose ballot it is: a stand-in's is his whom he stands in for. */
static const json_t *
giver_of(const json_t *ballot)
{
    const json_t *on_behalf = json_object_get(ballot, "on_behalf");

    return on_behalf != NULL ? on_behalf : json_object_get(ballot, "person");
}

static bool
same_giver(const json_t *a, const json_t *b)
{
    return json_equal((json_t *)giver_of(a), (json_t *)giver_of(b));
}

/* A ballot replaces the one that its giver gave before; that one is in its own entry. */
static void
fold_ballot(struct fold *fold, const json_t *item)
{
    const char *approval = sgn_json_str(item, "approval");
    json_t *round =
        approval != NULL ? json_object_get(json_object_get(fold->row, "rounds"), approval) : NULL;
    json_t *ballots = json_object_get(round, "ballots");
    json_t *copy = sgn_json_copy(item);
    size_t at = 0;

    json_object_del(copy, "approval");
    for (size_t i = json_array_size(ballots); i > 0; i--)
        if (same_giver(json_array_get(ballots, i - 1), copy))
            json_array_remove(ballots, i - 1);
    while (at < json_array_size(ballots) && ballot_compare(json_array_get(ballots, at), copy) < 0)
        at++;
    if (json_array_insert_new(ballots, at, copy) != 0)
        fold->nomem = true;
}

/* Links and files: items are added, or gone. */
static void
fold_item(struct fold *fold, const char *name, const json_t *item, const char *key)
{
    json_t *items = json_object_get(fold->row, name);
    json_t *copy;

    for (size_t i = json_array_size(items); i > 0; i--) {
        const json_t *old = json_array_get(items, i - 1);
        if (json_equal(json_object_get(old, key), json_object_get(item, key)) &&
            (strcmp(key, "case") != 0 ||
             json_equal(json_object_get(old, "kind"), json_object_get(item, "kind"))))
            json_array_remove(items, i - 1);
    }
    if (sgn_json_true(item, "gone"))
        return;
    copy = sgn_json_copy(item);
    if (json_array_append_new(items, copy) != 0)
        fold->nomem = true;
}

static void
fold_lists(struct fold *fold)
{
    const json_t *item;
    size_t k;

    for (int i = 0; i < 2; i++) {
        json_array_foreach(json_object_get(fold->parts[i], "deadlines"), k, item)
            fold_deadline(fold, item);
        json_array_foreach(json_object_get(fold->parts[i], "round"), k, item)
            fold_round(fold, item);
        json_array_foreach(json_object_get(fold->parts[i], "links"), k, item)
            fold_item(fold, "links", item, "case");
        json_array_foreach(json_object_get(fold->parts[i], "files"), k, item)
            fold_item(fold, "files", item, "id");
    }
    /* Only now, when both parts have said which rounds begin anew. */
    for (int i = 0; i < 2; i++)
        json_array_foreach(json_object_get(fold->parts[i], "ballots"), k, item)
            fold_ballot(fold, item);
}

/* Where a case came from stands in the entry that opens it; from then on only how much of its
 * former history is here. */
static void
fold_imported(struct fold *fold, bool opens)
{
    json_t *value = part(fold, "imported");
    json_t *kept = json_object_get(fold->row, "imported");

    if (value != NULL && opens)
        put(fold, fold->row, "imported", sgn_json_copy(value));
    else if (value != NULL && kept != NULL)
        put(fold, kept, "n", sgn_json_copy(json_object_get(value, "n")));
}

/* The number in the case is checked: an entry that is missing or stands twice would
 * give a row that never existed. */
static enum sgn_status
begin(struct fold *fold, const json_t *row, struct sgn_error *err)
{
    const char *kind = sgn_json_str(fold->header, "kind");
    const json_t *whole = json_object_get(fold->parts[1], "row");
    int64_t seq = sgn_json_int(fold->header, "case_seq", 0);

    if (whole != NULL) /* an erasure, a migration: the history goes on from the row it holds */
        fold->row = sgn_json_copy(whole);
    else
        fold->row = row != NULL ? sgn_json_copy(row) : case_new();
    if (fold->row == NULL)
        return sgn_nomem(err);
    if (whole != NULL)
        return SGN_OK;
    if (kind == NULL || (row == NULL) != (strcmp(kind, "open") == 0))
        return sgn_fail(err, SGN_INVALID, "a case begins with an entry that opens it, and only so");
    if (seq != sgn_json_int(fold->row, "case_seq", 0) + 1)
        return sgn_fail(err, SGN_INVALID, "entry %lld of a case follows on entry %lld",
                        (long long)seq, (long long)sgn_json_int(fold->row, "case_seq", 0));
    return SGN_OK;
}

/* "arrived" is when the command came, where that differs from when it was written: the
 * row holds the times that were decided on. */
enum sgn_status
case_fold(const json_t *row, const json_t *header, const json_t *shared, const json_t *internal,
          json_t **out, struct sgn_error *err)
{
    struct fold fold = { .header = header, .parts = { shared, internal } };
    bool was_open;
    enum sgn_status status;

    fold.at = sgn_json_int(internal, "arrived", sgn_json_int(header, "at", 0));
    status = begin(&fold, row, err);
    if (status != SGN_OK) {
        json_decref(fold.row);
        return status;
    }
    if (json_object_get(internal, "row") != NULL) {
        put(&fold, fold.row, "case_seq", json_integer(sgn_json_int(header, "case_seq", 0)));
        *out = fold.row;
        return fold.nomem ? sgn_nomem(err) : SGN_OK;
    }
    was_open = case_is_open(fold.row);
    if (row == NULL)
        fold_open(&fold);
    fold_whole(&fold);
    fold_hold(&fold);
    fold_members(&fold, "fields");
    fold_members(&fold, "tasks");
    fold_visits(&fold);
    fold_lists(&fold);
    fold_imported(&fold, row == NULL);
    put(&fold, fold.row, "case_seq", json_integer(sgn_json_int(header, "case_seq", 0)));
    if (was_open && !case_is_open(fold.row))
        put(&fold, fold.row, "closed_at", json_integer(fold.at));
    if (!was_open && case_is_open(fold.row))
        put(&fold, fold.row, "closed_at", json_null());
    if (fold.nomem) {
        json_decref(fold.row);
        return sgn_nomem(err);
    }
    *out = fold.row;
    return SGN_OK;
}
