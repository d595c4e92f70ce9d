/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mails that are sent once more by hand: rows of STORE_DELIVERY under mail/KEY, digest/KEY,
 * hourly/KEY and daily/KEY that delivery.retry has made wait. Each is tried once, out of its turn;
 * what became of it stands in the row then. Read meanwhile, or not for that person any more: it is
 * not sent, and the row says so.
 *
 *     row waits ──▶ asked[reader, message] = null ──▶ sent ──▶ = its row ──▶ the store knows ──▶
 * gone
 *
 * New rows are looked for when the team has a new entry of data, as delivery.retry makes one.
 */
#include "mail_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS     100
#define AGAIN_MS 1000 /* until what could not be told or read is tried again */

/* ---- what is asked for ---- */

static const char *
name_of(const json_t *row, char out[MAIL_ASKED_NAME])
{
    snprintf(out, MAIL_ASKED_NAME, "%s %lld", sgn_json_str(row, "endpoint"),
             (long long)sgn_json_int(row, "seq", 0));
    return out;
}

/* Of those whose names begin so; names of endpoints have no slash. */
static enum sgn_status
look_for(struct mail_team *team, const char *prefix, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s}", "status", "waiting"), *rows = NULL, *row;
    json_t *after = json_pack("{s:s, s:i}", "endpoint", prefix, "seq", 0);
    char name[MAIL_ASKED_NAME];
    size_t i;
    enum sgn_status st = store_row_list(team->mails->options.reader, STORE_DELIVERY, team->name,
                                        match, after, ROWS, &rows, err);

    json_array_foreach(rows, i, row) {
        const char *endpoint = sgn_json_str(row, "endpoint");

        if (endpoint == NULL || strncmp(endpoint, prefix, strlen(prefix)) != 0)
            break;
        if (json_object_get(team->asked, name_of(row, name)) == NULL &&
            json_object_set(team->asked, name, row) != 0)
            st = sgn_nomem(err);
    }
    json_decref(match);
    json_decref(after);
    json_decref(rows);
    return st;
}

enum sgn_status
mail_asked_look(struct mail_team *team, struct sgn_error *err)
{
    struct store_head head = { 0 };
    enum sgn_status st = store_head_get(team->mails->options.reader, team->name, &head, err);

    if (st != SGN_OK || head.data_seq == team->data_seq)
        return st;
    if (team->asked == NULL)
        team->asked = json_object();
    for (int box = 0; st == SGN_OK && box < LANE_BOXES; box++)
        st = look_for(team, lane_box_prefix((enum lane_box)box), err);
    if (st == SGN_OK)
        team->data_seq = head.data_seq;
    return st;
}

/* ---- sending ---- */

/* Of those gathered, what the mail did not have any more is no part of it: what was in another box,
 * and what came after its last. Who wrote down no last one went by their time alone. */
static void
keep_those_of(struct mail_box *box, int64_t last)
{
    for (size_t i = json_array_size(box->waiting); i > 0; i--) {
        const json_t *row = json_array_get(box->waiting, i - 1);

        if (lane_box_of(row, true) != box->kind || (last > 0 && sgn_json_int(row, "id", 0) > last))
            (void)json_array_remove(box->waiting, i - 1);
    }
}

/* The message itself, or those that were gathered behind it up to last. */
static enum sgn_status
fill(struct mail_box *box, int64_t id, int64_t last, struct sgn_error *err)
{
    struct mail_team *team = box->team;
    bool one = box->kind == LANE_BOX_AT_ONCE;
    const char *way = box->kind == LANE_BOX_HOURLY  ? "hourly"
                      : box->kind == LANE_BOX_DAILY ? "daily"
                                                    : NULL;
    json_t *match = json_pack("{s:s, s:s*, s:s*}", "person", box->person, "way", way, "kind",
                              way == NULL ? "remind" : NULL);
    json_t *from = json_pack("{s:I}", "id", (json_int_t)(one ? id : id - 1)), *row = NULL;
    enum sgn_status st;

    if (!one) {
        st = store_row_list(team->mails->options.reader, STORE_MESSAGE, team->name, match, from,
                            MAIL_DIGEST_MOST, &box->waiting, err);
        keep_those_of(box, last);
    } else {
        box->waiting = json_array();
        st = store_row_get(team->mails->options.reader, STORE_MESSAGE, team->name, from, &row, err);
        if (st == SGN_OK && json_array_append(box->waiting, row) != 0)
            st = sgn_nomem(err);
    }
    if (st == SGN_OK && json_array_size(box->waiting) == 0)
        st = sgn_fail(err, SGN_NOT_FOUND, "the message is not there any more");
    json_decref(match);
    json_decref(from);
    json_decref(row);
    return st;
}

static enum sgn_status
send_it(struct mail_box *box, const json_t *asked, int *code, struct sgn_error *err)
{
    int64_t last = sgn_json_int(asked, "last", 0);
    struct store_reader *reader = box->team->mails->options.reader;
    json_t *person = NULL;
    enum sgn_status st = lane_person_read(reader, box->team->name, box->person, &person, err);

    if (st == SGN_OK && !mail_takes(person))
        st = sgn_fail(err, SGN_NOT_FOUND, "%s has no mail address, or has left", box->person);
    if (st == SGN_OK)
        st = fill(box, sgn_json_int(asked, "seq", 0), last, err);
    if (st == SGN_OK)
        st = mail_box_send(box, person,
                           last > 0 ? json_array_size(box->waiting) : mail_box_together(box), code,
                           err);
    json_decref(person);
    return st;
}

/* The row as it is from now on; NULL: out of memory, it will be tried again. */
static json_t *
try_one(struct mail_team *team, const json_t *asked)
{
    const char *endpoint = sgn_json_str(asked, "endpoint"), *slash = strchr(endpoint, '/');
    struct mail_box box = { .team = team };
    struct sgn_error err = { 0 };
    int code = 0;
    json_t *row = NULL;
    enum sgn_status st;

    for (int kind = 0; kind < LANE_BOXES; kind++) {
        const char *prefix = lane_box_prefix((enum lane_box)kind);

        if (strncmp(endpoint, prefix, strlen(prefix)) == 0)
            box.kind = (enum lane_box)kind;
    }
    sgn_text_copy(box.person, sizeof box.person, slash + 1);
    st = send_it(&box, asked, &code, &err);
    if (st != SGN_NOMEM)
        row = json_pack("{s:s, s:O, s:s, s:i, s:I, s:i, s:s*, s:O*, s:O*}", "endpoint", endpoint,
                        "seq", json_object_get(asked, "seq"), "status",
                        st == SGN_OK ? "delivered" : "dead", "attempts", 1, "tried",
                        (json_int_t)sgn_clock_now(lane_clock(team->mails->options.lane)), "code",
                        code, "error", st == SGN_OK ? NULL : err.message, "person",
                        json_object_get(asked, "person"), "last", json_object_get(asked, "last"));
    sgn_error_clear(&err);
    json_decref(box.waiting);
    return row;
}

/* ---- the turn ---- */

int64_t
mail_asked_turn(struct mail_team *team)
{
    int64_t now = sgn_monotonic_ms();
    const char *name;
    json_t *row;
    void *next;

    if (json_object_size(team->asked) == 0 || team->asking)
        return -1;
    if (now < team->ask_at)
        return team->ask_at - now;
    json_object_foreach_safe(team->asked, next, name, row) {
        json_t *tried = strcmp(sgn_json_str(row, "status"), "waiting") == 0 ? try_one(team, row)
                                                                            : json_incref(row);

        if (tried != NULL) {
            (void)json_object_set(team->asked, name, tried);
            team->asking = mail_mark(team, NULL, 0, json_pack("[o]", json_deep_copy(tried)));
        }
        json_decref(tried);
        break; /* one after another: what waits in its turn is not held up */
    }
    team->ask_at = now + (team->asking ? 0 : AGAIN_MS);
    return team->asking ? -1 : AGAIN_MS;
}

void
mail_asked_told(struct mail_team *team, const json_t *row, bool fine)
{
    char name[MAIL_ASKED_NAME];

    team->asking = false;
    if (fine)
        (void)json_object_del(team->asked, name_of(row, name));
    else
        team->ask_at = sgn_monotonic_ms() + AGAIN_MS;
}

void
mail_asked_drop(struct mail_team *team)
{
    json_decref(team->asked);
    team->asked = NULL;
    team->asking = false;
    team->data_seq = -1;
}
