/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sign-off links as rows: making them, finding them again. See links.h.
 */
#include "links.h"
#include "hash.h"
#include "json.h"
#include "lane_internal.h"
#include <stdlib.h>
#include <string.h>

#define ID_BYTES 8

/* Without what looks like another letter or digit when it is written down. */
#define CODE_LETTERS "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

bool
lane_link_token_valid(const char *text, size_t n)
{
    if (n != LANE_LINK_TOKEN - 1)
        return false;
    for (size_t i = 0; i < n; i++)
        if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", text[i]) ==
                NULL ||
            text[i] == '\0')
            return false;
    return true;
}

/* 30 bits of a hash over both: it is of no use without the address, and an address found in a log
 * is of no use without looking at the page. */
void
lane_link_code(const char *token, const char *digest, char out[LANE_LINK_CODE])
{
    unsigned char bits[SGN_HASH_BYTES];
    char text[sizeof("code\n") + LANE_LINK_TOKEN + SGN_HASH_HEX], hash[SGN_HASH_HEX];
    int n = snprintf(text, sizeof text, "code\n%s\n%s", token, digest);

    sgn_sha256(text, (size_t)n, hash);
    (void)sgn_unhex(hash, bits, sizeof bits);
    for (size_t i = 0; i < LANE_LINK_CODE - 1; i++)
        out[i] = CODE_LETTERS[bits[i] % (sizeof(CODE_LETTERS) - 1)];
    out[LANE_LINK_CODE - 1] = '\0';
}

void
lane_link_deinit(struct lane_link *link)
{
    json_decref(link->row);
    *link = (struct lane_link){ 0 };
}

json_t *
lane_link_path(const struct lane_link *link)
{
    const char *kind = sgn_json_str(link->row, "kind");

    if (kind != NULL && strcmp(kind, "calendar") == 0)
        return json_sprintf("/calendar/%s.ics", link->token);
    /* Behind the #: what a browser sends to no server, and no log has. */
    if (kind != NULL && strcmp(kind, "login") == 0)
        return json_sprintf("/console/#/enter/%s", link->token);
    return json_sprintf("/s/%s", link->token);
}

/* Behind the public address, or null. */
static json_t *
url_of(const struct lane *lane, json_t *path_take)
{
    const char *base = lane->options.public_url;
    size_t n = base != NULL ? strlen(base) : 0;
    json_t *url;

    while (n > 0 && base[n - 1] == '/')
        n--;
    url = n > 0 ? json_sprintf("%.*s%s", (int)n, base, json_string_value(path_take)) : json_null();
    json_decref(path_take);
    return url;
}

json_t *
lane_link_url(const struct lane *lane, const struct lane_link *link)
{
    return url_of(lane, lane_link_path(link));
}

json_t *
lane_case_url(const struct lane *lane, const char *case_key, bool for_client)
{
    return url_of(lane, json_sprintf("/%s/case/%s", for_client ? "portal" : "console", case_key));
}

json_t *
lane_preferences_url(const struct lane *lane, bool for_client)
{
    return url_of(lane, json_sprintf("/%s/preferences", for_client ? "portal" : "console"));
}

/* ---- what a person is asked ---- */

/* The case as another person sees it, with what is asked of them; their row is found on the way. */
static enum sgn_status
view_for(struct lane_run *run, struct lane_job *job, const char *person, json_t **out,
         struct sgn_error *err)
{
    json_t *caller = run->caller, *row;
    const json_t *found = NULL;
    char kept[sizeof job->person], fact[16 + SGN_KEY_MAX];
    enum sgn_status st;

    sgn_text_join(fact, sizeof fact, "person:", person);
    st = lane_fact(run, fact, &found, err);
    if (st == SGN_OK && !sgn_json_true(found, "active"))
        st = sgn_fail(err, SGN_INVALID, "there is no person '%.40s' who could be asked", person);
    else if (st == SGN_OK && sgn_json_true(found, "client_ended"))
        st = sgn_fail(err, SGN_INVALID,
                      "the team does not work for %s any more: %s could not answer",
                      sgn_json_str(found, "client"), person);
    if (st == SGN_INVALID)
        sgn_error_add(err, "pointer", json_string("/person"));
    if (st != SGN_OK)
        return st;
    row = json_incref((json_t *)found);
    sgn_text_copy(kept, sizeof kept, job->person);
    sgn_text_copy(job->person, sizeof job->person, person);
    run->caller = row;
    st = lane_case_view(run, job, err);
    run->caller = caller;
    sgn_text_copy(job->person, sizeof job->person, kept);
    json_decref(row);
    *out = job->result;
    job->result = NULL;
    return st;
}

/* The open round in which the person is asked: the named one, or the only one. Borrowed. */
static enum sgn_status
asked_in(const json_t *view, const char *person, const char *approval, const json_t **out,
         struct sgn_error *err)
{
    const json_t *round;
    int n = 0;
    size_t i;

    json_array_foreach(json_object_get(view, "approvals"), i, round) {
        const char *name = sgn_json_str(round, "approval");
        if (json_object_get(round, "ended") != NULL ||
            !sgn_json_has(json_object_get(round, "pending"), person) ||
            (approval != NULL && strcmp(name, approval) != 0))
            continue;
        *out = round;
        n++;
    }
    if (n == 0)
        return sgn_fail(err, SGN_NOT_NOW, "%s is not asked for an answer in %s now", person,
                        approval != NULL ? approval : sgn_json_str(view, "case"));
    if (n > 1)
        return sgn_fail(err, SGN_INVALID, "%s is asked in several approvals: say which one",
                        person);
    return SGN_OK;
}

/* ---- rows ---- */

enum sgn_status
lane_link_secret(const struct lane *lane, struct lane_link *link, struct sgn_error *err)
{
    if (lane->options.site_key == NULL)
        return sgn_fail(err, SGN_NOT_NOW, "this server has no site key to make links with");
    sgn_derive(lane->options.site_key, sgn_json_str(link->row, "kind"),
               sgn_json_str(link->row, "id"), link->token);
    return SGN_OK;
}

enum sgn_status
lane_link_stage(struct lane_run *run, struct lane_link *out, struct sgn_error *err)
{
    unsigned char bytes[ID_BYTES];
    char id[2 * ID_BYTES + 1], hash[SGN_HASH_HEX];
    enum sgn_status st;

    sgn_random(bytes, sizeof bytes);
    sgn_hex(bytes, sizeof bytes, id);
    if (out->row == NULL || json_object_set_new(out->row, "id", json_string(id)) != 0)
        return sgn_nomem(err);
    st = lane_link_secret(run->lane, out, err);
    if (st != SGN_OK)
        return st;
    sgn_sha256(out->token, strlen(out->token), hash);
    if (json_object_set_new(out->row, "hash", json_string(hash)) != 0)
        return sgn_nomem(err);
    return lane_row_put(run, STORE_LINK, out->row, err);
}

static enum sgn_status
row_make(struct lane_run *run, const struct lane_job *job, const char *person, const json_t *round,
         int64_t expires, const char *maker, struct lane_link *out, struct sgn_error *err)
{
    out->row = json_pack(
        "{s:s, s:s, s:s, s:s, s:O, s:O, s:O, s:s, s:I, s:I, s:n, s:n, s:i, s:n}", "kind", "signoff",
        "team", run->team, "person", person, "case", job->case_key, "approval",
        json_object_get(round, "approval"), "round", json_object_get(round, "number"), "digest",
        json_object_get(round, "digest"), "maker", maker, "created", (json_int_t)run->now,
        "expires", (json_int_t)expires, "used", "revoked", "wrong", 0, "wrong_at");
    return lane_link_stage(run, out, err);
}

enum sgn_status
lane_feed_make(struct lane_run *run, struct lane_job *job, int64_t expires, struct lane_link *out,
               struct sgn_error *err)
{
    enum sgn_status st;

    *out = (struct lane_link){
        .row =
            json_pack("{s:s, s:s, s:s, s:s, s:I, s:o, s:n}", "kind", "calendar", "team", run->team,
                      "person", job->person, "maker", job->person, "created", (json_int_t)run->now,
                      "expires", expires != 0 ? json_integer(expires) : json_null(), "revoked"),
    };
    st = lane_link_stage(run, out, err);
    if (st != SGN_OK)
        lane_link_deinit(out);
    return st;
}

static enum sgn_status
check_expiry(const struct lane_run *run, int64_t *expires, struct sgn_error *err)
{
    if (*expires == 0)
        *expires = run->now + LANE_LINK_DAYS * SGN_DAY_MS;
    if (*expires > run->now && *expires <= run->now + LANE_LINK_DAYS_MAX * SGN_DAY_MS)
        return SGN_OK;
    sgn_fail(err, SGN_INVALID, "a link ends after now and within %d days", LANE_LINK_DAYS_MAX);
    sgn_error_add(err, "pointer", json_string("/expires"));
    return SGN_INVALID;
}

enum sgn_status
lane_link_make(struct lane_run *run, struct lane_job *job, const char *person, const char *approval,
               int64_t expires, const char *maker, struct lane_link *out, struct sgn_error *err)
{
    json_t *view = NULL;
    const json_t *round = NULL;
    enum sgn_status st;

    *out = (struct lane_link){ 0 };
    st = check_expiry(run, &expires, err);
    if (st == SGN_OK)
        st = view_for(run, job, person, &view, err);
    if (st == SGN_OK)
        st = asked_in(view, person, approval, &round, err);
    if (st == SGN_OK)
        st = row_make(run, job, person, round, expires, maker, out, err);
    json_decref(view);
    if (st != SGN_OK)
        lane_link_deinit(out);
    return st;
}

/* ---- of the engine ---- */

/* The link that a message carried before, when it is still good for this round. */
static enum sgn_status
offered_before(struct lane_run *run, const struct lane_job *job, const char *person,
               const json_t *round, struct lane_link *out, struct sgn_error *err)
{
    static const char *const same[] = { "approval", "digest" };
    json_t *rows = NULL, *row,
           *match = json_pack("{s:s, s:s, s:s, s:s, s:s}", "team", run->team, "person", person,
                              "case", job->case_key, "kind", "signoff", "maker", "system");
    enum sgn_status st = lane_row_list(run, STORE_LINK, match, &rows, err);
    size_t i;

    json_decref(match);
    json_array_foreach(rows, i, row) {
        bool fits = json_equal(json_object_get(row, "round"), json_object_get(round, "number")) &&
                    sgn_json_int(row, "used", 0) == 0 && sgn_json_int(row, "revoked", 0) == 0 &&
                    sgn_json_int(row, "expires", 0) > run->now + SGN_DAY_MS;
        for (size_t k = 0; k < sizeof same / sizeof same[0]; k++)
            fits =
                fits && json_equal(json_object_get(row, same[k]), json_object_get(round, same[k]));
        if (fits && out->row == NULL)
            out->row = json_incref(row);
    }
    json_decref(rows);
    return st == SGN_OK && out->row != NULL ? lane_link_secret(run->lane, out, err) : st;
}

static enum sgn_status
offer_give(struct lane_run *run, struct lane_job *job, const struct lane_link *link, bool is_new,
           struct sgn_error *err)
{
    static const char *const members[] = { "id", "person", "case", "approval", "expires" };
    json_t *said = json_object();
    enum sgn_status st = said != NULL ? SGN_OK : sgn_nomem(err);

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        json_object_set(said, members[i], json_object_get(link->row, members[i]));
    job->result = json_copy(said);
    json_object_set_new(job->result, "path", lane_link_path(link));
    json_object_set_new(job->result, "url", lane_link_url(run->lane, link));
    if (st == SGN_OK && is_new)
        st = lane_data_entry(run, said, err);
    json_decref(said);
    return st;
}

enum sgn_status
lane_link_offer(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *person = sgn_json_str(job->params, "person");
    struct lane_link link = { 0 };
    json_t *view = NULL;
    const json_t *round = NULL;
    bool is_new = false;
    enum sgn_status st;

    if (person == NULL || job->case_key[0] == '\0')
        return sgn_fail(err, SGN_INVALID, "a link is offered to a person, of a case");
    st = view_for(run, job, person, &view, err);
    if (st == SGN_OK)
        st = asked_in(view, person, sgn_json_str(job->params, "approval"), &round, err);
    if (st == SGN_OK)
        st = offered_before(run, job, person, round, &link, err);
    if (st == SGN_OK && link.row == NULL) {
        is_new = true;
        st = row_make(run, job, person, round, run->now + LANE_LINK_DAYS * SGN_DAY_MS, "system",
                      &link, err);
    }
    if (st == SGN_OK)
        st = offer_give(run, job, &link, is_new, err);
    json_decref(view);
    lane_link_deinit(&link);
    return st;
}

/* ---- finding ---- */

/* Of those that ended long ago the row stays, for the history; nobody is told of it. */
enum sgn_status
lane_link_find(struct store_reader *reader, struct lane *lane, struct lane_job *job,
               struct sgn_error *err)
{
    const char *token = sgn_json_str(job->params, "token");
    char hash[SGN_HASH_HEX];
    json_t *key, *row = NULL;
    enum sgn_status st;

    sgn_sha256(token, strlen(token), hash);
    key = json_pack("{s:s}", "hash", hash);
    st = store_row_get(reader, STORE_LINK, "", key, &row, err);
    json_decref(key);
    if (st == SGN_OK && sgn_json_int(row, "expires", 0) != 0 &&
        sgn_json_int(row, "expires", 0) + LANE_LINK_TOLD_MS < sgn_clock_now(lane_clock(lane))) {
        json_decref(row);
        st = sgn_fail(err, SGN_NOT_FOUND, "there is no such link");
    }
    if (st == SGN_OK)
        job->result = row;
    return st;
}
