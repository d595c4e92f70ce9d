/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The thread of mail: reads messages in the order of their numbers, puts each into the box of its
 * person, and has boxes send what is due.
 */
#include "mail_internal.h"

#include "address.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIST_MS   1000 /* between two looks at which teams there are, and for what nobody told */
#define CLOCK_MS  20   /* between two looks at a virtual clock */
#define LOOK_MS   20   /* between two looks at a team's messages */
#define LOW_MS    1000 /* between two tellings up to where a team's messages are done */
#define READ      200  /* messages together */
#define PER_ENTRY INT64_C(1000000) /* numbers of messages of one entry, see lane/effects.c */

/* ---- life ---- */

/* "Name <address>", or an address. */
static enum sgn_status
take_from(struct outbox_mails *mails, const char *text, struct sgn_error *err)
{
    const char *open = strrchr(text, '<');
    size_t n = open != NULL ? (size_t)(open - text) : 0;

    if (open == NULL) {
        sgn_text_copy(mails->from, sizeof mails->from, text);
    } else {
        while (n > 0 && text[n - 1] == ' ')
            n--;
        snprintf(mails->from_name, sizeof mails->from_name, "%.*s", (int)n, text);
        sgn_text_copy(mails->from, sizeof mails->from, open + 1);
        n = strlen(mails->from);
        if (n > 0 && mails->from[n - 1] == '>')
            mails->from[n - 1] = '\0';
    }
    return sgn_mail_valid(mails->from)
               ? SGN_OK
               : sgn_fail(err, SGN_INVALID,
                          "from of [mail]: expected an address, or Name <address>, not '%.80s'",
                          text);
}

static char *
copy_of(const char *text)
{
    return text != NULL ? strdup(text) : NULL;
}

enum sgn_status
outbox_mail_new(const struct outbox_mail_options *options, struct outbox_mails **out,
                struct sgn_error *err)
{
    struct outbox_mails *mails;
    enum sgn_status st;

    *out = NULL;
    if (strncmp(options->server, "smtp://", 7) != 0 && strncmp(options->server, "smtps://", 8) != 0)
        return sgn_fail(err, SGN_INVALID,
                        "server of [mail]: expected smtp://HOST:PORT or smtps://HOST:PORT, not "
                        "'%.80s'",
                        options->server);
    if (options->ca != NULL && access(options->ca, R_OK) != 0)
        return sgn_fail(err, SGN_INVALID, "ca of [mail]: %s: %s", options->ca, strerror(errno));
    mails = calloc(1, sizeof *mails);
    if (mails == NULL)
        return sgn_nomem(err);
    mails->options = *options;
    mails->options.site = copy_of(options->site);
    mails->options.server = copy_of(options->server);
    mails->options.user = copy_of(options->user);
    mails->options.password = copy_of(options->password);
    mails->options.ca = copy_of(options->ca);
    mails->options.from = NULL;
    mails->marked = sgn_queue_new();
    mails->offered = sgn_queue_new();
    mails->smtp = mail_smtp_new(&mails->options);
    st = take_from(mails, options->from, err);
    if (st == SGN_OK &&
        (mails->marked == NULL || mails->offered == NULL || mails->smtp == NULL ||
         mails->options.server == NULL || (options->ca != NULL && mails->options.ca == NULL)))
        st = sgn_nomem(err);
    if (st == SGN_OK)
        *out = mails;
    else
        outbox_mail_free(mails);
    return st;
}

static void marks_take(struct outbox_mails *mails, struct sgn_node *node);

static void
teams_free(struct outbox_mails *mails)
{
    while (mails->teams != NULL) {
        struct mail_team *team = mails->teams;

        mails->teams = team->next;
        mail_boxes_free(team);
        mail_asked_drop(team);
        free(team);
    }
}

void
outbox_mail_free(struct outbox_mails *mails)
{
    if (mails == NULL)
        return;
    if (mails->marked != NULL)
        marks_take(mails, sgn_queue_take_all(mails->marked, 0));
    teams_free(mails);
    mail_smtp_free(mails->smtp);
    sgn_queue_free(mails->marked);
    sgn_queue_free(mails->offered);
    free((char *)(uintptr_t)mails->options.site);
    free((char *)(uintptr_t)mails->options.server);
    free((char *)(uintptr_t)mails->options.user);
    free((char *)(uintptr_t)mails->options.password);
    free((char *)(uintptr_t)mails->options.ca);
    free(mails);
}

/* ---- what the store was told ---- */

static struct mail_team *
team_find(struct outbox_mails *mails, const char *name)
{
    struct mail_team *team = mails->teams;

    while (team != NULL && strcmp(team->name, name) != 0)
        team = team->next;
    return team;
}

static void
take_one(struct outbox_mails *mails, const struct lane_job *job)
{
    const json_t *reader = json_object_get(job->params, "reader");
    const char *name = sgn_json_str(reader, "name");
    struct mail_team *team = team_find(mails, job->team);
    int64_t seq = sgn_json_int(reader, "seq", 0);
    char of_box[SGN_KEY_MAX + 16];

    if (team != NULL && name == NULL)
        mail_asked_told(team, json_array_get(json_object_get(job->params, "rows"), 0),
                        job->status == SGN_OK);
    if (team == NULL || name == NULL)
        return;
    if (strcmp(name, "mail") == 0) {
        team->marking = false;
        if (job->status == SGN_OK)
            team->kept = seq;
        return;
    }
    for (struct mail_box *box = team->boxes; box != NULL; box = box->next) {
        if (strcmp(mail_box_reader(box, of_box), name) != 0)
            continue;
        box->marking = false;
        if (job->status != SGN_OK)
            continue;
        box->kept = seq;
        for (size_t n = json_array_size(json_object_get(job->params, "rows")); n > 0; n--)
            (void)json_array_remove(box->refused, 0);
    }
}

static void
marks_take(struct outbox_mails *mails, struct sgn_node *node)
{
    while (node != NULL) {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);

        node = node->next;
        take_one(mails, job);
        lane_job_free(job);
    }
}

/* ---- a team ---- */

/* Into the box of its way; what its person wants in the inbox alone, into none. */
static enum sgn_status
sort_in(struct mail_team *team, json_t *row, struct sgn_error *err)
{
    const char *person = sgn_json_str(row, "person");
    enum lane_box kind = lane_box_of(row, team->mails->options.digest_ms > 0);
    int64_t id = sgn_json_int(row, "id", 0);
    bool goes = person != NULL && kind != LANE_BOXES;
    struct mail_box *box = goes ? mail_box_of(team, person, kind, err) : NULL;

    if (goes && box == NULL)
        return sgn_nomem(err); /* or it could not be read: it is tried again */
    if (box != NULL && id > box->sent && json_array_append(box->waiting, row) != 0)
        return sgn_nomem(err);
    team->read = id;
    return SGN_OK;
}

static enum sgn_status
read_on(struct mail_team *team, bool *more, struct sgn_error *err)
{
    json_t *after = json_pack("{s:I}", "id", (json_int_t)team->read), *rows = NULL, *row;
    size_t i;
    enum sgn_status st = store_row_list(team->mails->options.reader, STORE_MESSAGE, team->name,
                                        NULL, after, READ, &rows, err);

    json_array_foreach(rows, i, row) {
        if (st == SGN_OK)
            st = sort_in(team, row, err);
    }
    *more = st == SGN_OK && json_array_size(rows) == READ;
    json_decref(after);
    json_decref(rows);
    return st;
}

/* From where it is to go on: the head, the first time. */
static enum sgn_status
begin(struct mail_team *team, struct sgn_error *err)
{
    struct store_reader *reader = team->mails->options.reader;
    json_t *key = json_pack("{s:s}", "name", "mail"), *row = NULL;
    struct store_head head = { 0 };
    enum sgn_status st = store_row_get(reader, STORE_READER, team->name, key, &row, err);

    if (st == SGN_OK) {
        team->read = team->kept = sgn_json_int(row, "seq", 0);
    } else if (st == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        st = store_head_get(reader, team->name, &head, err);
        team->read = (head.seq + 1) * PER_ENTRY - 1;
        team->kept = -1;
    }
    json_decref(key);
    json_decref(row);
    return st;
}

/* Up to where nothing waits. */
static void
mark_low(struct mail_team *team)
{
    int64_t low = team->read, now = sgn_monotonic_ms();

    for (struct mail_box *box = team->boxes; box != NULL; box = box->next) {
        int64_t first = sgn_json_int(json_array_get(box->waiting, 0), "id", team->read + 1);

        if (box->sent > box->kept)
            first = box->kept + 1 < first ? box->kept + 1 : first;
        low = first - 1 < low ? first - 1 : low;
    }
    if (low <= team->kept || team->marking || now < team->mark_at)
        return;
    team->mark_at = now + LOW_MS;
    team->marking = mail_mark(team, "mail", low, NULL);
}

static enum sgn_status
look(struct mail_team *team, bool *more, struct sgn_error *err)
{
    int64_t work = lane_work(team->mails->options.lane, team->name);
    enum sgn_status st = SGN_OK;

    if (work != team->work) { /* another node may have sent meanwhile */
        mail_boxes_free(team);
        mail_asked_drop(team);
        team->work = 0;
        team->marking = false;
        if (work != 0)
            st = begin(team, err);
        if (st == SGN_OK)
            team->work = work;
    }
    if (st == SGN_OK && team->work != 0)
        st = read_on(team, more, err);
    return st == SGN_OK && team->work != 0 ? mail_asked_look(team, err) : st;
}

/* Returns in how many ms there may be something to do. */
static int64_t
team_turn(struct mail_team *team)
{
    bool is_virtual = lane_clock(team->mails->options.lane)->is_virtual, more = false;
    struct sgn_error err = { 0 };
    int64_t soonest = LIST_MS, now = sgn_monotonic_ms();

    if (now < team->look_at) {
        soonest = team->look_at - now;
    } else {
        if (look(team, &more, &err) != SGN_OK)
            sgn_log(SGN_LOG_WARN, "mail waits", "team", team->name, "why", err.message, NULL);
        team->look_at = now + LOOK_MS;
        sgn_error_clear(&err);
    }
    for (struct mail_box *box = team->boxes; box != NULL; box = box->next) {
        bool by_clock = false;
        int64_t in = mail_box_turn(box, &by_clock);

        if (by_clock && is_virtual && in > CLOCK_MS)
            in = CLOCK_MS;
        if (in >= 0 && in < soonest)
            soonest = in;
        if (atomic_load(&team->mails->stopping))
            break;
    }
    {
        int64_t in = mail_asked_turn(team);

        soonest = in >= 0 && in < soonest ? in : soonest;
    }
    mark_low(team);
    return more ? 0 : soonest;
}

/* ---- the thread ---- */

static void
list(struct outbox_mails *mails)
{
    const struct lane_site *site = lane_site_ref(mails->options.lane);

    for (int i = 0; site != NULL && i < site->n_teams; i++) {
        struct mail_team *team = team_find(mails, site->teams[i]->name);

        if (team != NULL)
            continue;
        team = calloc(1, sizeof *team);
        if (team == NULL)
            break;
        team->mails = mails;
        sgn_text_copy(team->name, sizeof team->name, site->teams[i]->name);
        team->next = mails->teams;
        mails->teams = team;
    }
    lane_site_free(mails->options.lane, site);
}

static void
run(void *arg)
{
    struct outbox_mails *mails = arg;

    while (!atomic_load(&mails->stopping)) {
        int64_t now = sgn_monotonic_ms(), soonest = LIST_MS;

        if (now >= mails->teams_at) {
            list(mails);
            mails->teams_at = now + LIST_MS;
        }
        for (struct mail_team *team = mails->teams; team != NULL; team = team->next) {
            int64_t in = team_turn(team);

            soonest = in < soonest ? in : soonest;
        }
        marks_take(mails, sgn_queue_take_all(mails->marked, soonest));
    }
}

enum sgn_status
outbox_mail_start(struct outbox_mails *mails, struct sgn_error *err)
{
    mails->thread = sgn_thread_start("mail", run, mails);
    return mails->thread != NULL ? SGN_OK : sgn_nomem(err);
}

void
outbox_mail_stop(struct outbox_mails *mails)
{
    if (mails == NULL || mails->thread == NULL)
        return;
    atomic_store(&mails->stopping, true);
    sgn_queue_wake(mails->marked);
    sgn_thread_join(mails->thread);
    mails->thread = NULL;
}

void
outbox_mail_committed(struct outbox_mails *mails)
{
    if (mails != NULL)
        sgn_queue_wake(mails->marked);
}
