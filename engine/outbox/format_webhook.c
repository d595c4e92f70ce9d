/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Webhooks for programs: a CloudEvent (CloudEvents 1.0.2, JSON event format, structured mode)
 * signed as Standard Webhooks 1.0.0 says:
 *
 *     webhook-id           of the entry, the same at every attempt
 *     webhook-timestamp    of the attempt, seconds
 *     webhook-signature    over "id.timestamp.body", one for each key that is good now: "v1," and
 *                          HMAC-SHA256, or "v1a," and ed25519, in base64; a space between two
 */
#include "formats.h"
#include "hash.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

#define SIGNATURE_TEXT (4 + SGN_BASE64_TEXT(SGN_SIGN_BYTES))

/* One signature by this secret; false: it is none. */
static bool
sign_one(const char *secret, const struct sgn_buf *signed_bytes, char out[SIGNATURE_TEXT])
{
    unsigned char key[LANE_SECRET_MAX], pub[SGN_SIGN_PUBLIC], pair[SGN_SIGN_SECRET];
    unsigned char signature[SGN_SIGN_BYTES];
    char text[SGN_BASE64_TEXT(SGN_SIGN_BYTES)];
    bool asymmetric;
    size_t n;

    if (!lane_secret_bytes(secret, key, &n, &asymmetric))
        return false;
    if (asymmetric) {
        sgn_sign_seed(key, pub, pair);
        sgn_sign_plain(pair, signed_bytes->bytes, signed_bytes->len, signature);
        sgn_base64(signature, SGN_SIGN_BYTES, text);
    } else {
        sgn_hmac_sha256(key, n, signed_bytes->bytes, signed_bytes->len, signature);
        sgn_base64(signature, SGN_HASH_BYTES, text);
    }
    sgn_text_join(out, SIGNATURE_TEXT, asymmetric ? "v1a," : "v1,", text);
    return true;
}

/* The three headers of the standard. */
static enum sgn_status
sign(const struct outbox_making *making, struct outbox_post *post, struct sgn_error *err)
{
    const json_t *endpoint = making->endpoint;
    const char *secret = sgn_json_str(endpoint, "secret"), *id = making->messages->id;
    const char *old = sgn_json_str(endpoint, "old_secret");
    long long at = making->wall_s;
    char first[SIGNATURE_TEXT] = "", second[SIGNATURE_TEXT] = "";
    struct sgn_buf bytes;
    enum sgn_status st = SGN_OK;

    sgn_buf_init(&bytes, OUTBOX_BODY_MAX + 2 * OUTBOX_ID_TEXT);
    (void)sgn_buf_printf(&bytes, "%s.%lld.", id, at);
    (void)sgn_buf_append(&bytes, post->body.bytes, post->body.len);
    if (bytes.failed)
        st = sgn_nomem(err);
    else if (secret == NULL || !sign_one(secret, &bytes, first))
        st = sgn_fail(err, SGN_INTERNAL, "the endpoint has no key to sign with");
    else if (old == NULL || making->now >= sgn_json_int(endpoint, "old_until", 0) ||
             !sign_one(old, &bytes, second))
        second[0] = '\0';
    sgn_buf_deinit(&bytes);
    if (st == SGN_OK)
        st = outbox_post_header(post, err, "webhook-id", "%s", id);
    if (st == SGN_OK)
        st = outbox_post_header(post, err, "webhook-timestamp", "%lld", at);
    if (st == SGN_OK)
        st = outbox_post_header(post, err, "webhook-signature", "%s%s%s", first,
                                second[0] != '\0' ? " " : "", second);
    return st;
}

static enum sgn_status
make(const struct outbox_making *making, struct outbox_post *post, struct sgn_error *err)
{
    const struct outbox_message *message = making->messages;
    json_t *event =
        json_pack("{s:s, s:s, s:o, s:o, s:s*, s:s, s:s, s:O}", "specversion", "1.0", "id",
                  message->id, "source", json_sprintf("/teams/%s", message->team), "type",
                  json_sprintf("signoff.%s", message->kind), "subject",
                  message->subject[0] != '\0' ? message->subject : NULL, "time", message->at,
                  "datacontenttype", "application/json", "data", message->view);
    enum sgn_status st =
        event != NULL && sgn_json_append(&post->body, event) == SGN_OK ? SGN_OK : sgn_nomem(err);

    json_decref(event);
    sgn_text_copy(post->url, sizeof post->url, sgn_json_str(making->endpoint, "url"));
    post->told = 1;
    if (st == SGN_OK)
        st = outbox_post_header(post, err, "Content-Type", "%s", "application/cloudevents+json");
    return st == SGN_OK ? sign(making, post, err) : st;
}

const struct outbox_format outbox_format_webhook = {
    .name = "webhook",
    .make = make,
};
