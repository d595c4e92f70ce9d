/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who has signed what came in by a hook, and what it says.
 *
 * Sources: standard-webhooks, spec/standard-webhooks.md 1.0.0, "Signature scheme"; GitHub's
 * "Validating webhook deliveries".
 */
#include "hook.h"

#include "buf.h"
#include "endpoints.h"
#include "json.h"
#include "text.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define ID_MAX       256 /* bytes of a webhook-id */
#define SECRET_LEAST 16  /* of one that is text: 128 bits, if it was made well */
#define SHOWN_MAX    64  /* headers */

static const char *
header(const struct rpc_hook_sent *sent, const char *name)
{
    const char *value = sgn_json_str(sent->headers, name);

    return value != NULL ? value : "";
}

/* ---- signatures ---- */

/* The time that was signed, in ms; -1: it is none. */
static int64_t
time_of(const char *text)
{
    size_t n = strlen(text);

    if (n == 0 || n > 12 || strspn(text, "0123456789") != n)
        return -1;
    return strtoll(text, NULL, 10) * 1000;
}

/* One of "v1,BASE64 v1a,BASE64 ...": several while keys are changed. All are looked at. */
static bool
lists_mac(const char *text, const unsigned char mac[SGN_HASH_BYTES])
{
    bool found = false;

    while (*text != '\0') {
        size_t n = strcspn(text, " "), got = 0;
        unsigned char given[SGN_HASH_BYTES];

        if (n > 3 && strncmp(text, "v1,", 3) == 0 &&
            sgn_unbase64(text + 3, n - 3, given, sizeof given, &got) && got == sizeof given)
            found = sgn_same_secret(given, mac, sizeof given) || found;
        text += n;
        text += strspn(text, " ");
    }
    return found;
}

static enum rpc_hook_verdict
verify_standard(const char *secret, const struct rpc_hook_sent *sent)
{
    const char *id = header(sent, "webhook-id"), *at = header(sent, "webhook-timestamp");
    unsigned char key[LANE_SECRET_MAX] = { 0 }, mac[SGN_HASH_BYTES];
    int64_t time = time_of(at), away;
    struct sgn_buf bytes;
    bool asymmetric = false, good;
    size_t n = 0;

    good = lane_secret_bytes(secret, key, &n, &asymmetric) && !asymmetric;
    sgn_buf_init(&bytes, sent->n + 2 * (size_t)ID_MAX);
    if (strlen(id) > ID_MAX || id[0] == '\0' || strchr(id, '.') != NULL || time < 0)
        id = at = "";
    (void)sgn_buf_printf(&bytes, "%s.%s.", id, at);
    (void)sgn_buf_append(&bytes, sent->body, sent->n);
    sgn_hmac_sha256(key, n, bytes.bytes, bytes.len, mac);
    good = !bytes.failed && good && id[0] != '\0';
    sgn_buf_deinit(&bytes);
    if (!lists_mac(header(sent, "webhook-signature"), mac) || !good)
        return RPC_HOOK_FORGED;
    away = time > sent->now ? time - sent->now : sent->now - time;
    return away <= RPC_HOOK_TOLERANCE_MS ? RPC_HOOK_GOOD : RPC_HOOK_STALE;
}

static enum rpc_hook_verdict
verify_github(const char *secret, const struct rpc_hook_sent *sent)
{
    const char *text = header(sent, "x-hub-signature-256");
    unsigned char given[SGN_HASH_BYTES], mac[SGN_HASH_BYTES];

    sgn_hmac_sha256(secret, strlen(secret), sent->body, sent->n, mac);
    if (strncmp(text, "sha256=", 7) != 0 || !sgn_unhex(text + 7, given, sizeof given))
        return RPC_HOOK_FORGED;
    return sgn_same_secret(given, mac, sizeof mac) ? RPC_HOOK_GOOD : RPC_HOOK_FORGED;
}

/* Their hashes are compared: these are of one length. */
static enum rpc_hook_verdict
verify_bearer(const char *secret, const struct rpc_hook_sent *sent)
{
    const char *text = header(sent, "authorization");
    char own[SGN_HASH_HEX], given[SGN_HASH_HEX];

    if (strlen(text) > 7 && strncasecmp(text, "bearer ", 7) == 0)
        text += 7 + strspn(text + 7, " ");
    else
        text = "";
    sgn_sha256(secret, strlen(secret), own);
    sgn_sha256(text, strlen(text), given);
    return sgn_same_secret(own, given, sizeof own) ? RPC_HOOK_GOOD : RPC_HOOK_FORGED;
}

enum rpc_hook_verdict
rpc_hook_verify(const char *scheme, const char *secret, const struct rpc_hook_sent *sent)
{
    if (strcmp(scheme, "standard") == 0)
        return verify_standard(secret, sent);
    return strcmp(scheme, "github") == 0 ? verify_github(secret, sent)
                                         : verify_bearer(secret, sent);
}

const char *
rpc_hook_secret_wrong(const char *scheme, const char *secret)
{
    unsigned char bytes[LANE_SECRET_MAX];
    bool asymmetric;
    size_t n;

    if (strcmp(scheme, "standard") == 0)
        return lane_secret_bytes(secret, bytes, &n, &asymmetric) && !asymmetric
                   ? NULL
                   : "a secret is whsec_ and 24 to 64 bytes in base64";
    if (strlen(secret) < SECRET_LEAST)
        return "a secret has 16 characters at least";
    for (const char *c = secret; *c != '\0'; c++)
        if (!isprint((unsigned char)*c) || (*c == ' ' && strcmp(scheme, "bearer") == 0))
            return "a secret is printable ASCII, without spaces where it is a bearer's";
    return NULL;
}

/* ---- once ---- */

void
rpc_hook_request(const char *hook, const char *scheme, const struct rpc_hook_sent *sent,
                 char out[SGN_HASH_HEX])
{
    const char *id = header(sent, "webhook-id");
    struct sgn_sha256 hash;

    out[0] = '\0';
    if (strcmp(scheme, "bearer") == 0 && header(sent, "idempotency-key")[0] != '\0')
        id = header(sent, "idempotency-key");
    if (strcmp(scheme, "github") != 0 && id[0] == '\0')
        return;
    sgn_sha256_init(&hash);
    sgn_sha256_add(&hash, hook, strlen(hook) + 1);
    if (strcmp(scheme, "github") == 0)
        sgn_sha256_add(&hash, sent->body, sent->n);
    else
        sgn_sha256_add(&hash, id, strlen(id));
    sgn_sha256_end(&hash, out);
}

/* ---- what it says ---- */

json_t *
rpc_hook_shown(const json_t *headers)
{
    static const char *const first[] = { "x-", "webhook-", "ce-" };
    static const char *const never[] = { "signature", "token",     "secret", "auth",
                                         "key",       "forwarded", "real-ip" };
    json_t *shown = json_object(), *value;
    const char *name;

    json_object_foreach((json_t *)headers, name, value) {
        bool may = false;

        for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
            may = may || strncmp(name, first[i], strlen(first[i])) == 0;
        for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
            may = may && strstr(name, never[i]) == NULL;
        if (may && json_object_size(shown) < SHOWN_MAX)
            (void)json_object_set(shown, name, value);
    }
    return shown;
}

/* The shortest decimal that is this number again: what its sender wrote, but for zeros. */
static json_t *
text_of(double number)
{
    char text[40];

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            break;
    }
    return json_string(text);
}

/* Rules know whole numbers and decimals, which are text outside; see json.h for what is refused. */
enum sgn_status
rpc_hook_plain(json_t **value, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    const char *name;
    json_t *member;
    void *next;
    size_t i;

    if (json_is_real(*value)) {
        json_t *text = text_of(json_real_value(*value));

        json_decref(*value);
        *value = text;
        return text != NULL ? SGN_OK : sgn_nomem(err);
    }
    json_array_foreach(*value, i, member) {
        json_t *plain = json_incref(member);

        if (st == SGN_OK)
            st = rpc_hook_plain(&plain, err);
        if (plain != member && plain != NULL)
            (void)json_array_set(*value, i, plain);
        json_decref(plain);
    }
    if (json_is_object(*value))
        json_object_foreach_safe(*value, next, name, member) {
            json_t *plain = json_incref(member);

            if (st == SGN_OK)
                st = rpc_hook_plain(&plain, err);
            if (plain != member && plain != NULL)
                (void)json_object_set(*value, name, plain);
            json_decref(plain);
        }
    return st;
}

enum sgn_status
rpc_hook_body(const char *body, size_t n, json_t **out, struct sgn_error *err)
{
    enum sgn_status st = sgn_json_parse(body, n, out, err);

    return st == SGN_OK ? rpc_hook_plain(out, err) : st;
}

/* ---- what is to be done ---- */

/* A member of DOES, where its place among the params is; NULL of the method: of all. */
static const struct {
    const char *deed, *from, *to;
    json_type type;
} members[] = {
    { "fire", "fire", "event", JSON_STRING },      { "fire", "data", "data", JSON_OBJECT },
    { "fire", "comment", "comment", JSON_STRING }, { "open", "open", "workflow", JSON_STRING },
    { "open", "project", "project", JSON_STRING }, { "open", "fields", "fields", JSON_OBJECT },
    { "open", "comment", "comment", JSON_STRING }, { "comment", "comment", "text", JSON_STRING },
};

static enum sgn_status
no_deed(struct sgn_error *err, const char *what)
{
    return sgn_fail(err, SGN_RULE_ERROR,
                    "what the hook's function returned is none of what it may "
                    "return: %.40s",
                    what);
}

/* A rule's empty table is a list to whoever cannot know. */
static bool
fits(const json_t *value, json_type type)
{
    return json_typeof(value) == type ||
           (type == JSON_OBJECT && json_is_array(value) && json_array_size(value) == 0);
}

static enum sgn_status
put_member(json_t *params, const char *deed, const char *name, json_t *value, struct sgn_error *err)
{
    if (strcmp(name, "shared") == 0 && json_is_boolean(value))
        return json_object_set(params, name, value) == 0 ? SGN_OK : sgn_nomem(err);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (strcmp(members[i].deed, deed) != 0 || strcmp(members[i].from, name) != 0 ||
            !fits(value, members[i].type))
            continue;
        if (json_typeof(value) == members[i].type)
            return json_object_set(params, members[i].to, value) == 0 ? SGN_OK : sgn_nomem(err);
        return json_object_set_new(params, members[i].to, json_object()) == 0 ? SGN_OK
                                                                              : sgn_nomem(err);
    }
    return no_deed(err, name);
}

/* CASE: a key into params, or what is to be found. */
static enum sgn_status
put_case(json_t *plan, json_t *params, const json_t *value, struct sgn_error *err)
{
    json_t *fields;

    if (json_is_string(value))
        return json_object_set(params, "case", (json_t *)value) == 0 ? SGN_OK : sgn_nomem(err);
    if (!json_is_object(value) || sgn_json_str(value, "workflow") == NULL ||
        json_object_size(value) < 2)
        return no_deed(err, "case");
    fields = json_copy((json_t *)value);
    (void)json_object_del(fields, "workflow");
    return json_object_set_new(plan, "find",
                               json_pack("{s:O, s:o}", "workflow",
                                         json_object_get(value, "workflow"), "fields", fields)) == 0
               ? SGN_OK
               : sgn_nomem(err);
}

static enum sgn_status plan_make(const json_t *does, bool inner, json_t **out,
                                 struct sgn_error *err);

static enum sgn_status
plan_of(const json_t *does, const char *deed, bool inner, json_t *plan, struct sgn_error *err)
{
    json_t *params = json_object(), *value, *otherwise = NULL;
    enum sgn_status st = SGN_OK;
    const char *name;
    bool on_case = strcmp(deed, "open") != 0;

    if (json_object_set_new(plan, "params", params) != 0 ||
        json_object_set_new(plan, "method", json_sprintf("case.%s", deed)) != 0)
        return sgn_nomem(err);
    json_object_foreach((json_t *)does, name, value) {
        if (st != SGN_OK)
            break;
        if (on_case && strcmp(name, "case") == 0) {
            st = put_case(plan, params, value, err);
        } else if (on_case && !inner && strcmp(name, "otherwise") == 0) {
            st = plan_make(value, true, &otherwise, err);
            if (st == SGN_OK && json_object_set(plan, "otherwise", otherwise) != 0)
                st = sgn_nomem(err);
        } else {
            st = put_member(params, deed, name, value, err);
        }
    }
    json_decref(otherwise);
    if (st == SGN_OK && on_case && json_object_get(params, "case") == NULL &&
        json_object_get(plan, "find") == NULL)
        st = no_deed(err, "no case");
    return st;
}

static enum sgn_status
plan_make(const json_t *does, bool inner, json_t **out, struct sgn_error *err)
{
    static const char *const deeds[] = { "fire", "open", "comment" };
    const char *ignored = sgn_json_str(does, "ignore");
    json_t *made = json_object();
    enum sgn_status st = made != NULL ? no_deed(err, "nothing") : sgn_nomem(err);

    if (ignored != NULL && json_object_size(does) == 1)
        st = json_object_set_new(made, "ignored", json_string(ignored)) == 0 ? SGN_OK
                                                                             : sgn_nomem(err);
    for (size_t i = 0; made != NULL && i < sizeof deeds / sizeof deeds[0]; i++)
        if (json_object_get(does, deeds[i]) != NULL) {
            st = plan_of(does, deeds[i], inner, made, err);
            break;
        }
    if (st == SGN_OK) {
        sgn_error_clear(err);
        *out = made;
    } else {
        json_decref(made);
    }
    return st;
}

enum sgn_status
rpc_hook_plan(const json_t *does, json_t **out, struct sgn_error *err)
{
    *out = NULL;
    return plan_make(does, false, out, err);
}
