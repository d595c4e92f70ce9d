/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One person's mail: what waits, when it goes, and what the store is told of it.
 */
#include "mail_internal.h"

#include "address.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AGAIN_MS 1000 /* until what could not be told or read is tried again */

/* ---- the store is told ---- */

struct mark {
    struct outbox_mails *mails;
    char reader[SGN_KEY_MAX + 16];
};

static enum sgn_status
run_mark(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *row, *reader = json_object_get(job->params, "reader");
    enum sgn_status st = SGN_OK;
    size_t i;

    if (!lane_works(run))
        return sgn_fail(err, SGN_CONFLICT, "team %s: its work is another node's", job->team);
    if (reader != NULL)
        st = lane_row_put(run, STORE_READER, reader, err);
    json_array_foreach(json_object_get(job->params, "rows"), i, row) {
        if (st == SGN_OK)
            st = lane_row_put(run, STORE_DELIVERY, row, err);
    }
    return st;
}

/* On the lane's threads. */
static void
mark_done(struct lane_job *job)
{
    struct outbox_mails *mails = job->ctx;

    sgn_queue_push(mails->marked, &job->node);
}

bool
mail_mark(struct mail_team *team, const char *reader, int64_t seq, json_t *rows_take)
{
    struct outbox_mails *mails = team->mails;
    struct lane_job *job = lane_job_new();

    if (job == NULL) {
        json_decref(rows_take);
        return false;
    }
    sgn_text_copy(job->team, sizeof job->team, team->name);
    job->run = run_mark;
    job->done = mark_done;
    job->ctx = mails;
    job->channel = "engine";
    job->method = "mail";
    job->leased = true;
    job->at = sgn_clock_now(lane_clock(mails->options.lane));
    job->params = json_pack(
        "{s:o*, s:o*}", "reader",
        reader != NULL ? json_pack("{s:s, s:I}", "name", reader, "seq", (json_int_t)seq) : NULL,
        "rows", rows_take);
    if (job->params != NULL && lane_submit(mails->options.lane, job, NULL) == SGN_OK)
        return true;
    lane_job_free(job);
    return false;
}

static void
box_mark(struct mail_box *box)
{
    char reader[SGN_KEY_MAX + 16];
    int64_t now = sgn_monotonic_ms();

    if (box->marking || box->sent <= box->kept || now < box->mark_at)
        return;
    box->marking =
        mail_mark(box->team, mail_box_reader(box, reader), box->sent, json_deep_copy(box->refused));
    box->mark_at = now + AGAIN_MS;
}

/* ---- boxes ---- */

const char *
mail_box_reader(const struct mail_box *box, char out[SGN_KEY_MAX + 16])
{
    sgn_text_join(out, SGN_KEY_MAX + 16, lane_box_prefix(box->kind), box->person);
    return out;
}

static void
box_free(struct mail_box *box)
{
    json_decref(box->waiting);
    json_decref(box->refused);
    free(box);
}

void
mail_boxes_free(struct mail_team *team)
{
    while (team->boxes != NULL) {
        struct mail_box *box = team->boxes;

        team->boxes = box->next;
        box_free(box);
    }
}

struct mail_box *
mail_box_of(struct mail_team *team, const char *person, enum lane_box kind, struct sgn_error *err)
{
    struct mail_box *box = team->boxes;
    char reader[SGN_KEY_MAX + 16];
    json_t *key, *row = NULL;
    enum sgn_status st;

    while (box != NULL && (box->kind != kind || strcmp(box->person, person) != 0))
        box = box->next;
    if (box != NULL)
        return box;
    box = calloc(1, sizeof *box);
    if (box == NULL)
        return NULL;
    box->team = team;
    box->kind = kind;
    sgn_text_copy(box->person, sizeof box->person, person);
    box->waiting = json_array();
    box->refused = json_array();
    key = json_pack("{s:s}", "name", mail_box_reader(box, reader));
    st = store_row_get(team->mails->options.reader, STORE_READER, team->name, key, &row, err);
    if (st == SGN_NOT_FOUND)
        sgn_error_clear(err);
    box->sent = box->kept = sgn_json_int(row, "seq", 0);
    json_decref(key);
    json_decref(row);
    if (st != SGN_OK && st != SGN_NOT_FOUND) {
        box_free(box);
        return NULL;
    }
    box->next = team->boxes;
    team->boxes = box;
    return box;
}

/* ---- sending ---- */

/* The first n are done with, one way or another. */
static void
done(struct mail_box *box, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        box->sent = sgn_json_int(json_array_get(box->waiting, 0), "id", box->sent);
        (void)json_array_remove(box->waiting, 0);
    }
    box->attempts = 0;
    box->next_at = 0;
}

/* Who has no address, or may act no more, is told in the inbox alone. */
bool
mail_takes(const json_t *person)
{
    const char *mail = sgn_json_str(person, "mail");

    return mail != NULL && sgn_mail_valid(mail) && core_person_check(person, "", NULL) == SGN_OK;
}

/* It is tried again later, or given up and listed. */
static void
failed(struct mail_box *box, size_t n, bool later, int code, const char *why)
{
    int64_t now = sgn_clock_now(lane_clock(box->team->mails->options.lane)), pause;
    char reader[SGN_KEY_MAX + 16];
    json_t *row;

    box->attempts++;
    pause = outbox_retry_ms(box->attempts);
    sgn_log(SGN_LOG_WARN, "mail not sent", "team", box->team->name, "person", box->person, "why",
            why, NULL);
    if (later && pause > 0) {
        box->next_at = now + pause;
        return;
    }
    row = json_pack("{s:s, s:O, s:s, s:i, s:I, s:i, s:s, s:O}", "endpoint",
                    mail_box_reader(box, reader), "seq",
                    json_object_get(json_array_get(box->waiting, 0), "id"), "status", "dead",
                    "attempts", box->attempts, "tried", (json_int_t)now, "code", code, "error", why,
                    "last", json_object_get(json_array_get(box->waiting, n - 1), "id"));
    if (json_array_append_new(box->refused, row) == 0)
        done(box, n);
}

enum sgn_status
mail_box_send(struct mail_box *box, const json_t *person, size_t n, int *code,
              struct sgn_error *err)
{
    struct outbox_mails *mails = box->team->mails;
    struct sgn_buf text;
    char why[256] = "";
    enum mail_end end;
    enum sgn_status st;

    *code = 0;
    sgn_buf_init(&text, OUTBOX_MAIL_MAX);
    st = mail_compose(box, person, n, &text, err);
    if (st == SGN_OK) {
        end = mail_smtp_send(mails->smtp, mails->from, sgn_json_str(person, "mail"), &text, code,
                             why, sizeof why);
        if (end != MAIL_SENT)
            st = sgn_fail(err, end == MAIL_REFUSED ? SGN_REFUSED : SGN_UNAVAILABLE, "%s", why);
    }
    sgn_buf_deinit(&text);
    return st;
}

static void
send_now(struct mail_box *box, const json_t *person, size_t n)
{
    struct sgn_error err = { 0 };
    int code = 0;
    enum sgn_status st = mail_box_send(box, person, n, &code, &err);

    if (st == SGN_OK || st == SGN_NOT_FOUND)
        done(box, n);
    else
        failed(box, n, st != SGN_REFUSED, code, err.message);
    sgn_error_clear(&err);
}

/* Business time at which the first one may go. */
static int64_t
due_at(const struct mail_box *box)
{
    const json_t *first = json_array_get(box->waiting, 0);
    bool own = box->kind == LANE_BOX_HOURLY || box->kind == LANE_BOX_DAILY;
    int64_t at = sgn_json_int(first, own ? "due" : "at", 0);

    if (box->kind == LANE_BOX_REMINDERS)
        at += box->team->mails->options.digest_ms;
    /* Its person may have set another time since: the earliest counts for all. */
    for (size_t i = 1; own && i < json_array_size(box->waiting); i++) {
        int64_t due = sgn_json_int(json_array_get(box->waiting, i), "due", 0);

        at = due < at ? due : at;
    }
    return at > box->next_at ? at : box->next_at;
}

size_t
mail_box_together(const struct mail_box *box)
{
    int64_t until = sgn_json_int(json_array_get(box->waiting, 0), "at", 0) +
                    box->team->mails->options.digest_ms;
    size_t n = 1, all = json_array_size(box->waiting);

    if (box->kind == LANE_BOX_HOURLY || box->kind == LANE_BOX_DAILY)
        return all < MAIL_DIGEST_MOST ? all : MAIL_DIGEST_MOST;
    while (box->kind == LANE_BOX_REMINDERS && n < all && n < MAIL_DIGEST_MOST &&
           sgn_json_int(json_array_get(box->waiting, n), "at", 0) <= until)
        n++;
    return n;
}

int64_t
mail_box_turn(struct mail_box *box, bool *by_clock)
{
    const struct outbox_mail_options *o = &box->team->mails->options;
    int64_t now = sgn_clock_now(lane_clock(o->lane)), due = due_at(box), in = -1;
    size_t n = json_array_size(box->waiting);

    if (n > 0 && now >= due) {
        json_t *person = NULL;
        enum sgn_status st =
            lane_person_read(o->reader, box->team->name, box->person, &person, NULL);

        n = mail_box_together(box);
        if (st == SGN_NOT_FOUND || (st == SGN_OK && !mail_takes(person)))
            done(box, n);
        else if (st == SGN_OK)
            send_now(box, person, n);
        json_decref(person);
        in = st == SGN_OK || st == SGN_NOT_FOUND ? 0 : AGAIN_MS;
    } else if (n > 0) {
        *by_clock = true;
        in = due - now;
    }
    box_mark(box);
    if (box->sent > box->kept && !box->marking && (in < 0 || in > AGAIN_MS))
        in = AGAIN_MS;
    return in;
}
