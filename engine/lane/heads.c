/* SPDX-License-Identifier: Apache-2.0 */
/* Signed heads, see backup.h. */
#include "backup.h"
#include "hash.h"
#include "json.h"
#include <string.h>

#define STATEMENT_MAX 1024

/* What is signed of a head. */
static enum sgn_status
statement(const json_t *head, struct sgn_buf *out, struct sgn_error *err)
{
    json_t *said =
        json_pack("{s:i, s:O, s:O, s:O, s:O}", "v", 1, "team", json_object_get(head, "team"), "seq",
                  json_object_get(head, "seq"), "hash", json_object_get(head, "hash"), "at",
                  json_object_get(head, "at"));
    enum sgn_status st = said != NULL ? sgn_json_canonical(out, said, err) : sgn_nomem(err);

    json_decref(said);
    return st;
}

static enum sgn_status
sign(json_t *head, const unsigned char *secret, struct sgn_error *err)
{
    unsigned char signature[SGN_SIGN_BYTES];
    char hex[2 * SGN_SIGN_BYTES + 1];
    struct sgn_buf text;
    enum sgn_status st = SGN_OK;

    if (secret == NULL)
        return json_object_set_new(head, "signature", json_null()) == 0 ? SGN_OK : sgn_nomem(err);
    sgn_buf_init(&text, STATEMENT_MAX);
    st = statement(head, &text, err);
    if (st == SGN_OK) {
        sgn_sign(secret, text.bytes, text.len, signature);
        sgn_hex(signature, sizeof signature, hex);
        if (json_object_set_new(head, "signature", json_string(hex)) != 0)
            st = sgn_nomem(err);
    }
    sgn_buf_deinit(&text);
    return st;
}

static enum sgn_status
add_head(struct store_reader *reader, const unsigned char *secret, const char *team, json_t *heads,
         struct sgn_error *err)
{
    struct store_head head = { 0 };
    json_t *json;
    enum sgn_status st = store_head_get(reader, team, &head, err);

    if (st != SGN_OK || head.seq == 0)
        return st;
    json = json_pack("{s:s, s:I, s:s, s:I}", "team", team, "seq", (json_int_t)head.seq, "hash",
                     head.hash, "at", (json_int_t)head.at);
    if (json == NULL || json_array_append(heads, json) != 0)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = sign(json, secret, err);
    json_decref(json);
    return st;
}

enum sgn_status
lane_heads(struct store_reader *reader, const unsigned char *secret, json_t **out,
           struct sgn_error *err)
{
    json_t *teams = NULL, *heads = json_array();
    const json_t *team;
    size_t i;
    enum sgn_status st = heads != NULL ? store_teams(reader, &teams, err) : sgn_nomem(err);

    json_array_foreach(teams, i, team) {
        if (st == SGN_OK)
            st = add_head(reader, secret, json_string_value(team), heads, err);
    }
    json_decref(teams);
    if (st == SGN_OK)
        *out = heads;
    else
        json_decref(heads);
    return st;
}

/* ---- checking ---- */

static bool
is_signed(const json_t *head, const unsigned char *key)
{
    const char *hex = sgn_json_str(head, "signature");
    unsigned char signature[SGN_SIGN_BYTES];
    struct sgn_buf text;
    bool good;

    sgn_buf_init(&text, STATEMENT_MAX);
    good = hex != NULL && sgn_unhex(hex, signature, sizeof signature) &&
           statement(head, &text, NULL) == SGN_OK &&
           sgn_sign_verify(key, text.bytes, text.len, signature);
    sgn_buf_deinit(&text);
    return good;
}

struct found {
    const char *hash;
    bool there, same;
};

static enum sgn_status
take_entry(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct found *found = ctx;

    (void)err;
    found->there = true;
    found->same = strcmp(entry->hash, found->hash) == 0;
    return SGN_OK;
}

static enum sgn_status
check_head(struct store_reader *reader, const json_t *head, const unsigned char *key,
           struct sgn_error *err)
{
    const char *team = sgn_json_str(head, "team"), *hash = sgn_json_str(head, "hash");
    int64_t seq = sgn_json_int(head, "seq", 0);
    struct store_head now = { 0 };
    struct found found = { .hash = hash };
    enum sgn_status st = SGN_OK;

    if (team == NULL || hash == NULL || seq < 1)
        return sgn_fail(err, SGN_INVALID, "a signed head names no team, entry and hash");
    if (key != NULL && !is_signed(head, key))
        return sgn_fail(err, SGN_INVALID, "team %.64s: the head is not signed by the site's key",
                        team);
    st = store_head_get(reader, team, &now, err);
    if (st == SGN_OK && now.seq < seq)
        return sgn_fail(err, SGN_INVALID,
                        "team %s: the history ends with entry %lld, and its signed head is entry "
                        "%lld: the end is missing",
                        team, (long long)now.seq, (long long)seq);
    if (st == SGN_OK)
        st = store_entries(reader, team, seq, 1, take_entry, &found, err);
    if (st == SGN_OK && (!found.there || !found.same))
        st = sgn_fail(err, SGN_INVALID,
                      "team %s: entry %lld is not the one that was signed as its head: the history "
                      "was written anew",
                      team, (long long)seq);
    return st;
}

enum sgn_status
lane_heads_check(struct store_reader *reader, const json_t *heads, const unsigned char *key,
                 struct sgn_error *err)
{
    const json_t *head;
    size_t i;
    enum sgn_status st = SGN_OK;

    json_array_foreach((json_t *)(uintptr_t)heads, i, head) {
        if (st == SGN_OK)
            st = check_head(reader, head, key, err);
    }
    return st;
}
