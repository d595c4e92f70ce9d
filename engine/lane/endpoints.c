/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an endpoint may be, and its secrets in the form of Standard Webhooks (standard-webhooks,
 * spec/standard-webhooks.md 1.0.0, "Signature scheme").
 */
#include "endpoints.h"

#include "hash.h"
#include "json.h"
#include <stdio.h>
#include <string.h>

#define SECRET_BYTES 32 /* the standard: between 24 and 64 */
#define SECRET_LEAST 24

/* clang-format off */
static const struct lane_format formats[] = {
    { "webhook", "a program: CloudEvents 1.0 as JSON, signed by Standard Webhooks", true, true, false },
    { "dingtalk", "a robot of a DingTalk group; its secret signs", false, true, true },
    { "feishu", "a robot of a Feishu or Lark group; its secret signs", false, true, true },
    { "wecom", "a robot of a WeCom group", false, false, true },
    { "slack", "an incoming webhook of Slack", false, false, true },
    { "teams", "a workflow of Microsoft Teams that takes webhooks", false, false, true },
    { NULL, NULL, false, false, false },
};
/* clang-format on */

const struct lane_format *
lane_formats(void)
{
    return formats;
}

const struct lane_format *
lane_format_find(const char *name)
{
    for (const struct lane_format *f = formats; name != NULL && f->name != NULL; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

const char *const *
lane_entry_kinds(void)
{
    static const char *const kinds[] = { "open",     "fire",    "edit",   "comment",  "assign",
                                         "attach",   "link",    "vote",   "withdraw", "task",
                                         "deadline", "send",    "effect", "schedule", "sweep",
                                         "correct",  "migrate", "retry",  "redact",   "hold",
                                         "release",  "data",    NULL };

    return kinds;
}

/* ---- secrets ---- */

void
lane_secret_new(const char *signature, char out[LANE_SECRET_TEXT])
{
    unsigned char bytes[SECRET_BYTES];
    char text[SGN_BASE64_TEXT(SECRET_BYTES)];

    sgn_random(bytes, sizeof bytes);
    sgn_base64(bytes, sizeof bytes, text);
    sgn_text_join(out, LANE_SECRET_TEXT, strcmp(signature, "ed25519") == 0 ? "whsk_" : "whsec_",
                  text);
}

bool
lane_secret_bytes(const char *text, unsigned char out[LANE_SECRET_MAX], size_t *n, bool *asymmetric)
{
    *asymmetric = strncmp(text, "whsk_", 5) == 0;
    if (!*asymmetric && strncmp(text, "whsec_", 6) != 0)
        return false;
    text += *asymmetric ? 5 : 6;
    if (!sgn_unbase64(text, strlen(text), out, LANE_SECRET_MAX, n))
        return false;
    return *asymmetric ? *n == SGN_SIGN_SEED : *n >= SECRET_LEAST;
}

bool
lane_secret_public(const char *text, char out[LANE_SECRET_TEXT])
{
    unsigned char seed[LANE_SECRET_MAX], pub[SGN_SIGN_PUBLIC], secret[SGN_SIGN_SECRET];
    char encoded[SGN_BASE64_TEXT(SGN_SIGN_PUBLIC)];
    bool asymmetric;
    size_t n;

    if (text == NULL || !lane_secret_bytes(text, seed, &n, &asymmetric) || !asymmetric)
        return false;
    sgn_sign_seed(seed, pub, secret);
    sgn_base64(pub, sizeof pub, encoded);
    sgn_text_join(out, LANE_SECRET_TEXT, "whpk_", encoded);
    return true;
}

/* ---- the cursor ---- */

const char *
lane_endpoint_reader(const char *endpoint, char out[LANE_READER_TEXT])
{
    sgn_text_join(out, LANE_READER_TEXT, LANE_ENDPOINT_READERS, endpoint);
    return out;
}

enum sgn_status
lane_cursor_get(struct lane_run *run, const char *endpoint, json_t **out, struct sgn_error *err)
{
    char name[LANE_READER_TEXT];
    json_t *key = json_pack("{s:s}", "name", lane_endpoint_reader(endpoint, name));
    enum sgn_status st =
        key != NULL ? lane_row_get(run, STORE_READER, key, out, err) : sgn_nomem(err);

    json_decref(key);
    return st;
}

enum sgn_status
lane_cursor_set(struct lane_run *run, const char *endpoint, int64_t seq, struct sgn_error *err)
{
    char name[LANE_READER_TEXT];
    json_t *row = NULL;
    enum sgn_status st = lane_cursor_get(run, endpoint, &row, err);

    if (st == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        row = json_pack("{s:s}", "name", lane_endpoint_reader(endpoint, name));
        st = row != NULL ? SGN_OK : sgn_nomem(err);
    }
    if (st == SGN_OK &&
        (json_object_set_new(row, "seq", json_integer(seq)) != 0 ||
         json_object_set_new(row, "part", json_integer(sgn_json_int(row, "part", 0) + 1)) != 0))
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = lane_row_put(run, STORE_READER, row, err);
    json_decref(row);
    return st;
}
