/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Links that sign somebody in: of kind "login" in the table of links. Short-lived, good once, and
 * used up by a request that says so and never by being opened. See links.h.
 */
#include "hash.h"
#include "json.h"
#include "lane_internal.h"
#include "links.h"
#include <string.h>

#define OPEN_MOST 3 /* asked for by anybody and neither used nor expired, of one person */

enum sgn_status
lane_login_make(struct lane_run *run, const char *person, int64_t expires, const char *maker,
                struct lane_link *out, struct sgn_error *err)
{
    const json_t *row = NULL;
    char fact[16 + SGN_KEY_MAX];
    enum sgn_status st;

    *out = (struct lane_link){ 0 };
    sgn_text_join(fact, sizeof fact, "person:", person);
    st = lane_fact(run, fact, &row, err);
    if (st == SGN_OK && !sgn_json_true(row, "active"))
        st = sgn_fail(err, SGN_INVALID, "there is no person '%.40s' who could sign in", person);
    else if (st == SGN_OK && sgn_json_true(row, "client_ended"))
        st = sgn_fail(err, SGN_INVALID,
                      "the team does not work for %s any more: %s could not sign in",
                      sgn_json_str(row, "client"), person);
    if (st == SGN_INVALID)
        sgn_error_add(err, "pointer", json_string("/person"));
    if (st != SGN_OK)
        return st;
    out->row = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:n, s:n}", "kind", "login", "team",
                         run->team, "person", person, "maker", maker, "created",
                         (json_int_t)run->now, "expires", (json_int_t)expires, "used", "revoked");
    st = lane_link_stage(run, out, err);
    if (st != SGN_OK)
        lane_link_deinit(out);
    return st;
}

/* Is it still good? */
static bool
is_open(const json_t *row, int64_t now)
{
    const char *kind = sgn_json_str(row, "kind");

    return kind != NULL && strcmp(kind, "login") == 0 && sgn_json_int(row, "used", 0) == 0 &&
           sgn_json_int(row, "revoked", 0) == 0 && sgn_json_int(row, "expires", 0) > now;
}

/* How many the person could use; those of no use any more are taken away. */
static enum sgn_status
count_open(struct lane_run *run, const char *person, int *out, struct sgn_error *err)
{
    json_t *rows = NULL, *row,
           *match =
               json_pack("{s:s, s:s, s:s}", "team", run->team, "person", person, "kind", "login");
    enum sgn_status st = lane_row_list(run, STORE_LINK, match, &rows, err);
    size_t i;

    *out = 0;
    json_decref(match);
    json_array_foreach(rows, i, row) {
        if (is_open(row, run->now)) {
            ++*out;
        } else if (st == SGN_OK) {
            json_t *key = json_pack("{s:O}", "hash", json_object_get(row, "hash"));

            st = lane_row_remove(run, STORE_LINK, key, err);
            json_decref(key);
        }
    }
    json_decref(rows);
    return st;
}

enum sgn_status
lane_login_offer(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *person = sgn_json_str(job->params, "person");
    struct lane_link link = { 0 };
    json_int_t ends = run->now + LANE_LOGIN_MS;
    json_t *said = NULL;
    int open = 0;
    enum sgn_status st = count_open(run, person, &open, err);

    if (st != SGN_OK || open >= OPEN_MOST)
        return st;
    st = lane_login_make(run, person, ends, "system", &link, err);
    if (st == SGN_OK) {
        said = json_pack("{s:O, s:s, s:I}", "id", json_object_get(link.row, "id"), "person", person,
                         "expires", ends);
        st = said != NULL ? lane_data_entry(run, said, err) : sgn_nomem(err);
    }
    if (st == SGN_OK)
        st = lane_data_tell(run,
                            json_pack("{s:s, s:[s], s:O}", "kind", "login", "to", person, "link",
                                      json_object_get(link.row, "id")),
                            err);
    json_decref(said);
    lane_link_deinit(&link);
    return st;
}

json_t *
lane_login_url(const struct lane *lane, const char *id)
{
    struct lane_link link = { .row = json_pack("{s:s, s:s}", "kind", "login", "id", id) };
    json_t *url = NULL;

    if (link.row != NULL && lane_link_secret(lane, &link, NULL) == SGN_OK)
        url = lane_link_url(lane, &link);
    lane_link_deinit(&link);
    return url;
}

/* One answer, whatever is wrong: nobody learns which links there were. */
static enum sgn_status
no_good(struct sgn_error *err)
{
    return sgn_fail(
        err, SGN_UNAUTHENTICATED,
        "this sign-in link is of no use any more: it is good once, and not for long; ask "
        "for a new one");
}

static json_t *
key_of(const struct lane_job *job)
{
    const char *secret = sgn_json_str(job->params, "secret");
    char hash[SGN_HASH_HEX];

    sgn_sha256(secret, strlen(secret), hash);
    return json_pack("{s:s}", "hash", hash);
}

enum sgn_status
lane_login_find(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                struct sgn_error *err)
{
    json_t *key = key_of(job), *row = NULL;
    enum sgn_status st = store_row_get(reader, STORE_LINK, "", key, &row, err);

    json_decref(key);
    if (st == SGN_NOT_FOUND || (st == SGN_OK && !is_open(row, sgn_clock_now(lane_clock(lane)))))
        st = no_good(err);
    if (st == SGN_OK) {
        sgn_text_copy(job->team, sizeof job->team, sgn_json_str(row, "team"));
        sgn_text_copy(job->person, sizeof job->person, sgn_json_str(row, "person"));
    }
    json_decref(row);
    return st;
}

/* Looked at again where nobody else can use it meanwhile. */
enum sgn_status
lane_login_use(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *key = key_of(job), *row = NULL;
    enum sgn_status st = lane_row_get(run, STORE_LINK, key, &row, err);

    json_decref(key);
    if (st == SGN_NOT_FOUND ||
        (st == SGN_OK && (!is_open(row, run->now) || !sgn_json_true(run->caller, "active"))))
        st = no_good(err);
    if (st == SGN_OK && json_object_set_new(row, "used", json_integer(run->now)) != 0)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = lane_row_put(run, STORE_LINK, row, err);
    json_decref(row);
    return st;
}
