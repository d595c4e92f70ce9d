/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checking certificates, see certificate.h.
 *
 * Nothing in the file is trusted: first its bytes must be the only ones that it could have, then
 * the signature must be of all it holds, and then the chain is followed for itself.
 */
#include "buf.h"
#include "certificate.h"
#include "entry.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

#define BEGIN_N (sizeof CERTIFICATE_BEGIN - 1)
#define END_N   (sizeof CERTIFICATE_END - 1)

struct checking {
    const char *bytes; /* the whole file */
    size_t n;
    const char *json; /* the JSON in it */
    size_t json_n;
    char *decoded; /* owns json, of a page */
    json_t *all;   /* parsed */
    int redacted;
    json_t *last; /* the last entry's shared part */
    int64_t decided_at;
    char hash[SGN_HASH_HEX]; /* of the last entry looked at */
    struct sgn_error *err;
};

static enum sgn_status
broken(struct checking *c, const char *what)
{
    return sgn_fail(c->err, SGN_INVALID, "this is no certificate as it was made: %s", what);
}

/* ---- the bytes ---- */

/* Where a page's proof begins; NULL: it is no page. The last such place: in base64 there is none.
 */
static const char *
begin_of(const char *bytes, size_t n)
{
    const char *found = NULL, *at = bytes;
    size_t left = n;

    while (left >= BEGIN_N && (at = memmem(at, left, CERTIFICATE_BEGIN, BEGIN_N)) != NULL) {
        found = at++;
        left = n - (size_t)(at - bytes);
    }
    return found;
}

/* A page's JSON, taken out of it. */
static enum sgn_status
unpack(struct checking *c, const char *begin)
{
    const char *text = begin + BEGIN_N;
    size_t n = c->n - (size_t)(text - c->bytes);

    if (n < END_N || memcmp(text + n - END_N, CERTIFICATE_END, END_N) != 0)
        return broken(c, "its end is not that of a page");
    n -= END_N;
    c->decoded = malloc(n + 1);
    if (c->decoded == NULL)
        return sgn_nomem(c->err);
    if (!sgn_unbase64(text, n, c->decoded, n, &c->json_n))
        return broken(c, "the proof at its end is not in base64");
    c->json = c->decoded;
    return SGN_OK;
}

/* Exactly these members, each of this type. */
static bool
has_shape(const json_t *object, const char *const *names, const json_type *types, size_t n)
{
    bool fine = json_is_object(object) && json_object_size(object) == n;

    for (size_t i = 0; fine && i < n; i++) {
        const json_t *value = json_object_get(object, names[i]);
        fine = value != NULL &&
               (json_typeof(value) == types[i] || (json_is_null(value) && types[i] == JSON_STRING));
    }
    return fine;
}

/* Read, written again and compared: what means the same and is spelled differently is no
 * certificate of ours. */
static enum sgn_status
read_json(struct checking *c)
{
    struct sgn_error why = { 0 };
    struct sgn_buf again;
    enum sgn_status status = sgn_json_parse(c->json, c->json_n, &c->all, &why);

    sgn_buf_init(&again, CERTIFICATE_MAX);
    if (status == SGN_OK)
        status = sgn_json_canonical(&again, c->all, &why);
    if (status == SGN_OK && sgn_buf_puts(&again, "\n") != SGN_OK)
        status = SGN_NOMEM;
    if (status == SGN_NOMEM)
        status = sgn_nomem(c->err);
    else if (status != SGN_OK)
        status = broken(c, "it cannot be read as JSON");
    else if (again.len != c->json_n || memcmp(again.bytes, c->json, c->json_n) != 0)
        status = broken(c, "its JSON is not written as a certificate writes it");
    sgn_buf_deinit(&again);
    sgn_error_clear(&why);
    return status;
}

static enum sgn_status
read_file(struct checking *c)
{
    static const char *const names[] = { "contents", "entries",   "key",
                                         "said",     "signature", "statement" };
    static const json_type types[] = { JSON_ARRAY,  JSON_ARRAY,  JSON_STRING,
                                       JSON_OBJECT, JSON_STRING, JSON_OBJECT };
    const char *begin;
    enum sgn_status status = SGN_OK;

    if (c->n > CERTIFICATE_MAX)
        return broken(c, "it is too large");
    begin = begin_of(c->bytes, c->n);
    c->json = c->bytes;
    c->json_n = c->n;
    if (begin != NULL)
        status = unpack(c, begin);
    if (status == SGN_OK)
        status = read_json(c);
    if (status == SGN_OK && !has_shape(c->all, names, types, 6))
        status = broken(c, "it has not the members of a certificate");
    return status;
}

/* ---- the signature ---- */

static enum sgn_status
check_signature(struct checking *c, const unsigned char *known)
{
    const char *key_text = sgn_json_str(c->all, "key");
    const char *signature_text = sgn_json_str(c->all, "signature");
    unsigned char key[SGN_SIGN_PUBLIC], signature[SGN_SIGN_BYTES];
    struct sgn_buf text;
    enum sgn_status status;

    if (key_text == NULL || !sgn_unhex(key_text, key, sizeof key) || signature_text == NULL ||
        !sgn_unhex(signature_text, signature, sizeof signature))
        return broken(c, "its key or its signature is none");
    if (known != NULL && memcmp(known, key, sizeof key) != 0)
        return sgn_fail(c->err, SGN_INVALID,
                        "this certificate was signed by another key than the one given: by %s",
                        key_text);
    sgn_buf_init(&text, CERTIFICATE_MAX);
    status = sgn_json_canonical(&text, json_object_get(c->all, "statement"), c->err);
    if (status == SGN_OK && !sgn_sign_verify(key, text.bytes, text.len, signature))
        status = broken(c, "the signature is not over what it states");
    sgn_buf_deinit(&text);
    return status;
}

/* The hash in the statement, or null where there is nothing to hash. */
static bool
states(const struct checking *c, const char *member, const char *hash)
{
    const json_t *value = json_object_get(json_object_get(c->all, "statement"), member);

    return hash == NULL ? json_is_null(value)
                        : json_is_string(value) && strcmp(json_string_value(value), hash) == 0;
}

static enum sgn_status
check_whole(struct checking *c)
{
    static const char *const members[] = { "contents", "entries", "said" };
    char whole[SGN_HASH_HEX], page[SGN_HASH_HEX];
    json_t *body = json_object();
    enum sgn_status status = body != NULL ? SGN_OK : sgn_nomem(c->err);

    for (size_t i = 0; status == SGN_OK && i < 3; i++)
        if (json_object_set(body, members[i], json_object_get(c->all, members[i])) != 0)
            status = sgn_nomem(c->err);
    if (status == SGN_OK)
        status = sgn_hash_json(SGN_HASH_WHOLE, body, whole, c->err);
    json_decref(body);
    if (status == SGN_OK && !states(c, "whole", whole))
        return broken(c, "what it holds is not what was signed");
    if (c->decoded != NULL)
        sgn_hash(SGN_HASH_PAGE, NULL, c->bytes, (size_t)(begin_of(c->bytes, c->n) - c->bytes),
                 page);
    if (status == SGN_OK && !states(c, "page", c->decoded != NULL ? page : NULL))
        return broken(c, "the page is not the one that was signed");
    return status;
}

/* ---- the chain ---- */

static enum sgn_status
check_entry(struct checking *c, const json_t *entry, int64_t number)
{
    static const char *const names[] = { "header", "salt", "shared" };
    static const json_type types[] = { JSON_STRING, JSON_STRING, JSON_STRING };
    const json_t *statement = json_object_get(c->all, "statement"), *header, *shared;
    unsigned char salt[SGN_SALT_BYTES];
    char hash[SGN_HASH_HEX], before[SGN_HASH_HEX];
    const char *salted = sgn_json_str(entry, "salt");
    json_t *parsed = NULL;
    enum sgn_status status;

    if (!has_shape(entry, names, types, 3) || json_is_null(json_object_get(entry, "header")) ||
        (salted != NULL && !sgn_unhex(salted, salt, sizeof salt)))
        return broken(c, "an entry in it is none");
    header = json_object_get(entry, "header");
    shared = json_object_get(entry, "shared");
    memcpy(before, c->hash, sizeof before);
    sgn_hash(SGN_HASH_HEADER, NULL, json_string_value(header), json_string_length(header), hash);
    memcpy(c->hash, hash, sizeof hash);
    status = entry_verify(&(struct entry_check){ .header = json_string_value(header),
                                                 .header_n = json_string_length(header),
                                                 .shared = json_string_value(shared),
                                                 .shared_n = json_string_length(shared),
                                                 .shared_salt = salted != NULL ? salt : NULL,
                                                 .hash = hash,
                                                 .team = sgn_json_str(statement, "team"),
                                                 .case_key = sgn_json_str(statement, "case"),
                                                 .prev_hash = before,
                                                 .seq = number },
                          &c->redacted, &parsed, c->err);
    c->decided_at = sgn_json_int(parsed, "at", 0);
    json_decref(parsed);
    return status;
}

static enum sgn_status
check_chain(struct checking *c)
{
    const json_t *statement = json_object_get(c->all, "statement"), *entry, *shared;
    const json_t *entries = json_object_get(c->all, "entries");
    size_t i, n = json_array_size(entries);
    int redacted = 0;
    enum sgn_status status = SGN_OK;

    if (sgn_json_str(statement, "case") == NULL || n == 0)
        return broken(c, "it holds no entry of a case");
    json_array_foreach(entries, i, entry) {
        c->redacted = 0;
        if (status == SGN_OK)
            status = check_entry(c, entry, (int64_t)i + 1);
        redacted += c->redacted;
    }
    c->redacted = redacted;
    if (status != SGN_OK)
        return status;
    if (sgn_json_int(statement, "v", 0) != 1 ||
        sgn_json_int(statement, "case_seq", 0) != (int64_t)n || !states(c, "hash", c->hash))
        return broken(c, "its last entry is not the one that was signed");
    shared = json_object_get(json_array_get(entries, n - 1), "shared");
    if (!json_is_string(shared))
        return broken(c, "the entry that decided holds nothing");
    return sgn_json_parse(json_string_value(shared), json_string_length(shared), &c->last, c->err);
}

/* ---- what it says ---- */

/* Its ballot's content among the certificate's; each of those must be some ballot's. */
static enum sgn_status
match_contents(struct checking *c, json_t *ballots)
{
    const json_t *content, *ballot;
    char hash[SGN_HASH_HEX];
    size_t i, k;

    json_array_foreach(json_object_get(c->all, "contents"), i, content) {
        bool found = false;
        enum sgn_status status = sgn_hash_json(SGN_HASH_BALLOT, content, hash, c->err);
        if (status != SGN_OK)
            return status;
        json_array_foreach(ballots, k, ballot) {
            const char *digest = sgn_json_str(ballot, "digest");
            if (digest == NULL || strcmp(digest, hash) != 0)
                continue;
            found = true;
            if (json_object_set((json_t *)ballot, "content", (json_t *)content) != 0)
                return sgn_nomem(c->err);
        }
        if (!found)
            return broken(c, "it holds a content that no ballot agreed to");
    }
    return SGN_OK;
}

static json_t *
rounds_of(const struct checking *c)
{
    json_t *rounds = json_array();
    const json_t *round;
    size_t i;

    json_array_foreach(json_object_get(c->last, "round"), i, round) {
        const json_t *ended = json_object_get(round, "ended");
        if (ended != NULL)
            (void)json_array_append_new(rounds,
                                        json_pack("{s:O?, s:O?, s:O?, s:O*}", "approval",
                                                  json_object_get(round, "approval"), "number",
                                                  json_object_get(round, "number"), "outcome",
                                                  json_object_get(ended, "outcome"), "manner",
                                                  json_object_get(ended, "manner")));
    }
    return rounds;
}

static enum sgn_status
give(struct checking *c, json_t **out)
{
    const json_t *statement = json_object_get(c->all, "statement");
    json_t *ballots = json_deep_copy(json_object_get(c->last, "decided"));
    enum sgn_status status;

    if (ballots == NULL)
        ballots = json_array();
    status = match_contents(c, ballots);
    if (status == SGN_OK) {
        *out = json_pack(
            "{s:O, s:O, s:O, s:O, s:O, s:b, s:i, s:i, s:I, s:O?, s:o, s:O, s:O}", "team",
            json_object_get(statement, "team"), "case", json_object_get(statement, "case"), "at",
            json_object_get(statement, "at"), "hash", json_object_get(statement, "hash"), "key",
            json_object_get(c->all, "key"), "page", c->decoded != NULL, "entries",
            (int)json_array_size(json_object_get(c->all, "entries")), "redacted", c->redacted,
            "decided_at", (json_int_t)c->decided_at, "outcome", json_object_get(c->last, "outcome"),
            "rounds", rounds_of(c), "ballots", ballots, "said", json_object_get(c->all, "said"));
        status = *out != NULL ? SGN_OK : sgn_nomem(c->err);
    }
    json_decref(ballots);
    return status;
}

enum sgn_status
certificate_verify(const char *bytes, size_t n, const unsigned char *key, json_t **out,
                   struct sgn_error *err)
{
    struct checking c = { .bytes = bytes, .n = n, .err = err };
    enum sgn_status status = read_file(&c);

    if (status == SGN_OK)
        status = check_signature(&c, key);
    if (status == SGN_OK)
        status = check_whole(&c);
    if (status == SGN_OK)
        status = check_chain(&c);
    if (status == SGN_OK)
        status = give(&c, out);
    free(c.decoded);
    json_decref(c.all);
    json_decref(c.last);
    return status;
}
