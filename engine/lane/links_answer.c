/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sign-off links opened and answered. See links.h.
 *
 * The job speaks as the link's person: what the person may not see or do, the link may not, and a
 * person who has left has no links. Whether the content is still that of the link is decided where
 * every ballot's is, in the vote.
 */
#include "hash.h"
#include "json.h"
#include "lane_internal.h"
#include "links.h"
#include <stdio.h>
#include <string.h>

static const json_t *
visitor_of(const struct lane_job *job)
{
    return json_object_get(job->params, "link");
}

/* Of the staged state: of two answers at the same time the second finds the first. */
static enum sgn_status
row_of(struct lane_run *run, struct lane_job *job, json_t **out, struct sgn_error *err)
{
    const char *token = sgn_json_str(visitor_of(job), "token");
    char hash[SGN_HASH_HEX];
    json_t *key;
    enum sgn_status st;

    sgn_sha256(token, strlen(token), hash);
    key = json_pack("{s:s}", "hash", hash);
    st = lane_row_get(run, STORE_LINK, key, out, err);
    json_decref(key);
    return st;
}

/* Does the person's own ballot stand, or one given for them? */
static bool
has_answered(const json_t *round, const char *person)
{
    const json_t *ballot;
    size_t i;

    json_array_foreach(json_object_get(round, "ballots"), i, ballot) {
        const char *giver = case_ballot_giver(ballot);
        if (giver != NULL && strcmp(giver, person) == 0 && sgn_json_true(ballot, "standing"))
            return true;
    }
    return false;
}

/* Why the link cannot be answered, or "open". What the row says of itself comes first: it stays
 * so, whatever becomes of the case. */
static const char *
state_of(const json_t *row, const json_t *document, int64_t now)
{
    const char *person = sgn_json_str(row, "person"), *approval = sgn_json_str(row, "approval");
    const json_t *round = json_object_get(json_object_get(document, "rounds"), approval);
    int64_t wrong = sgn_json_int(row, "wrong", 0);

    if (sgn_json_int(row, "used", 0) != 0)
        return "used";
    if (sgn_json_int(row, "revoked", 0) != 0)
        return "revoked";
    if (sgn_json_int(row, "expires", 0) <= now)
        return "expired";
    if (wrong >= LANE_LINK_WRONG_MAX)
        return "worn";
    if (round == NULL || json_object_get(round, "ended") != NULL)
        return "decided";
    if (has_answered(round, person))
        return "answered";
    if (sgn_json_int(round, "number", 0) != sgn_json_int(row, "round", 0))
        return "again";
    if (!sgn_json_has(json_object_get(round, "eligible"), person))
        return "not_asked";
    if (wrong > 0 && wrong % LANE_LINK_WRONG == 0 &&
        now < sgn_json_int(row, "wrong_at", 0) + LANE_LINK_REST_MS)
        return "resting";
    return "open";
}

/* The row and its case, and the state that follows of both. */
static enum sgn_status
look(struct lane_run *run, struct lane_job *job, json_t **row, const char **state,
     struct sgn_error *err)
{
    struct lane_case *item = NULL;
    enum sgn_status st = row_of(run, job, row, err);

    if (st == SGN_OK)
        st = lane_case_item(run->lane, run->team, job->case_key, &item, err);
    if (st == SGN_OK)
        *state = state_of(*row, item->row, lane_command_time(run, item));
    return st;
}

/* What every answer to a visitor holds. view_take may be NULL. */
static enum sgn_status
give(struct lane_run *run, struct lane_job *job, const char *state, const json_t *row,
     json_t *view_take, struct sgn_error *err)
{
    const char *title = sgn_json_str(run->caller, "title");
    char code[LANE_LINK_CODE];
    json_t *link = json_copy((json_t *)row);

    lane_link_code(sgn_json_str(visitor_of(job), "token"), sgn_json_str(row, "digest"), code);
    json_object_del(link, "hash");
    json_decref(job->result);
    job->result =
        json_pack("{s:s, s:o, s:s, s:{s:s, s:s}, s:o}", "state", state, "link", link, "code", code,
                  "person", "person", job->person, "title", title != NULL ? title : job->person,
                  "case", view_take != NULL ? view_take : json_null());
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

/* The round that the link is of, as it is shown now; NULL: it is not open. */
static const json_t *
round_shown(const json_t *view, const json_t *row)
{
    const json_t *round;
    size_t i;

    json_array_foreach(json_object_get(view, "approvals"), i, round)
        if (json_equal(json_object_get(round, "approval"), json_object_get(row, "approval")) &&
            json_object_get(round, "ended") == NULL)
            return round;
    return NULL;
}

/* Names of those a reader is told of: who asks, and whom the case is of. */
static enum sgn_status
put_names(struct lane_run *run, json_t *view, struct sgn_error *err)
{
    static const char *const facts[] = { "person:", "project:" };
    static const char *const members[] = { "opener", "project" };
    static const char *const titles[] = { "opener_title", "project_title" };
    enum sgn_status st = SGN_OK;

    for (size_t i = 0; st == SGN_OK && i < 2; i++) {
        const char *key = sgn_json_str(view, members[i]);
        const json_t *fact = NULL;
        char name[16 + SGN_KEY_MAX];
        if (key == NULL || strcmp(key, "system") == 0)
            continue;
        sgn_text_join(name, sizeof name, facts[i], key);
        st = lane_fact(run, name, &fact, err);
        if (st == SGN_OK && json_object_get(fact, "title") != NULL)
            json_object_set(view, titles[i], json_object_get(fact, "title"));
    }
    return st;
}

enum sgn_status
lane_link_show(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *state = NULL;
    const json_t *round;
    json_t *row = NULL, *view;
    enum sgn_status st = look(run, job, &row, &state, err);

    if (st == SGN_OK) {
        json_object_set(job->params, "approval", json_object_get(row, "approval"));
        json_object_set(job->params, "seen", json_object_get(row, "digest"));
        st = lane_case_view(run, job, err);
    }
    if (st == SGN_OK) {
        view = job->result;
        job->result = NULL;
        round = round_shown(view, row);
        if ((strcmp(state, "open") == 0 || strcmp(state, "again") == 0) &&
            json_object_get(round, "changed") != NULL)
            state = "changed";
        st = put_names(run, view, err);
        if (st == SGN_OK)
            st = give(run, job, state, row, view, err);
        else
            json_decref(view);
    }
    json_decref(row);
    return st;
}

/* ---- answering ---- */

/* Letters without their case, and no spaces: people write their names as they like. */
static size_t
folded(const char *text, char *out, size_t size)
{
    size_t n = 0;

    for (const char *c = text; *c != '\0' && n + 1 < size; c++) {
        if (strncmp(c, "\u3000", 3) == 0) {
            c += 2;
            continue;
        }
        if (strncmp(c, "\u00a0", 2) == 0) {
            c += 1;
            continue;
        }
        if (*c == ' ' || *c == '\t' || *c == '-')
            continue;
        out[n++] = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    }
    out[n] = '\0';
    return n;
}

static bool
is_same(const char *typed, const char *wanted)
{
    char a[512], b[512];

    return folded(typed, a, sizeof a) > 0 && folded(wanted, b, sizeof b) > 0 && strcmp(a, b) == 0;
}

/* "Mei Lin (client)" may be typed as "Mei Lin": what stands in brackets is no part of a name. */
static bool
is_name(const char *typed, const char *title)
{
    static const char *const brackets[] = { "(", "\uff08" };
    char plain[256];

    if (is_same(typed, title))
        return true;
    for (size_t i = 0; i < sizeof brackets / sizeof brackets[0]; i++) {
        const char *at = strstr(title, brackets[i]);
        if (at == NULL || at == title || (size_t)(at - title) >= sizeof plain)
            continue;
        snprintf(plain, sizeof plain, "%.*s", (int)(at - title), title);
        if (is_same(typed, plain))
            return true;
    }
    return false;
}

/* NULL: what was typed is what only a reader of the page could type. */
static const char *
typed_wrong(const struct lane_run *run, const struct lane_job *job, const json_t *row)
{
    const char *name = sgn_json_str(visitor_of(job), "name");
    const char *typed = sgn_json_str(visitor_of(job), "code");
    const char *title = sgn_json_str(run->caller, "title");
    char code[LANE_LINK_CODE];

    lane_link_code(sgn_json_str(visitor_of(job), "token"), sgn_json_str(row, "digest"), code);
    if (typed == NULL || !is_same(typed, code))
        return "code";
    if (name == NULL || !is_name(name, title != NULL ? title : job->person))
        return "name";
    return NULL;
}

/* Counted in the link, and written down: nobody knows whose hand it was, so that the entry is the
 * system's. */
static enum sgn_status
count_wrong(struct lane_run *run, struct lane_job *job, json_t *row, const char *what,
            struct sgn_error *err)
{
    const json_t *visitor = visitor_of(job);
    char person[sizeof job->person];
    json_t *said;
    enum sgn_status st;

    json_object_set_new(row, "wrong", json_integer(sgn_json_int(row, "wrong", 0) + 1));
    json_object_set_new(row, "wrong_at", json_integer(run->now));
    st = lane_row_put(run, STORE_LINK, row, err);
    if (st == SGN_OK)
        st = give(run, job, what, row, NULL, err);
    if (st != SGN_OK)
        return st;
    said = json_pack("{s:O, s:O, s:O, s:s, s:O?, s:O?}", "id", json_object_get(row, "id"), "person",
                     json_object_get(row, "person"), "case", json_object_get(row, "case"), "wrong",
                     what, "address", json_object_get(visitor, "address"), "agent",
                     json_object_get(visitor, "agent"));
    sgn_text_copy(person, sizeof person, job->person);
    job->person[0] = '\0';
    st = said != NULL ? lane_data_entry(run, said, err) : sgn_nomem(err);
    sgn_text_copy(job->person, sizeof job->person, person);
    json_decref(said);
    return st;
}

/* What becomes of the visitor's words: the parameters of a vote, and how it came. The job may be
 * run again: all are set anew each time. */
static enum sgn_status
put_vote(struct lane_job *job, const json_t *row, struct sgn_error *err)
{
    static const char *const from_row[] = { "approval", "round", "digest" };
    static const char *const from_visitor[] = { "choice", "comment" };
    const json_t *visitor = visitor_of(job);
    json_t *via = json_pack(
        "{s:O, s:O, s:O, s:O?, s:O?}", "link", json_object_get(row, "id"), "maker",
        json_object_get(row, "maker"), "name", json_object_get(visitor, "name"), "address",
        json_object_get(visitor, "address"), "agent", json_object_get(visitor, "agent"));
    int bad = via == NULL || json_object_set_new(job->params, "via", via) != 0;

    for (size_t i = 0; i < sizeof from_row / sizeof from_row[0]; i++)
        bad |= json_object_set(job->params, from_row[i], json_object_get(row, from_row[i]));
    for (size_t i = 0; i < sizeof from_visitor / sizeof from_visitor[0]; i++)
        if (json_object_get(visitor, from_visitor[i]) != NULL)
            bad |= json_object_set(job->params, from_visitor[i],
                                   json_object_get(visitor, from_visitor[i]));
    return bad ? sgn_nomem(err) : SGN_OK;
}

/* The ballot and the end of its link are in one commit. */
static enum sgn_status
answer(struct lane_run *run, struct lane_job *job, json_t *row, struct sgn_error *err)
{
    json_t *entry = NULL;
    enum sgn_status st = put_vote(job, row, err);

    if (st == SGN_OK)
        st = lane_command(run, job, CORE_VOTE, err);
    if (st != SGN_OK)
        return st;
    json_object_set_new(row, "used", json_integer(run->now));
    st = lane_row_put(run, STORE_LINK, row, err);
    entry = json_incref(json_object_get(job->result, "entry"));
    if (st == SGN_OK)
        st = give(run, job, "done", row, NULL, err);
    if (st == SGN_OK) {
        json_object_set(job->result, "entry", entry);
        json_object_set(job->result, "choice", json_object_get(job->params, "choice"));
    }
    json_decref(entry);
    return st;
}

enum sgn_status
lane_link_answer(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *state = NULL, *wrong;
    json_t *row = NULL;
    enum sgn_status st = look(run, job, &row, &state, err);

    if (st != SGN_OK || strcmp(state, "open") != 0) {
        if (st == SGN_OK)
            st = give(run, job, state, row, NULL, err);
        json_decref(row);
        return st;
    }
    wrong = typed_wrong(run, job, row);
    st = wrong != NULL ? count_wrong(run, job, row, wrong, err) : answer(run, job, row, err);
    json_decref(row);
    return st;
}
