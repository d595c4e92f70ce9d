/* SPDX-License-Identifier: Apache-2.0 */
/* Sealing certificates, see certificate.h. */
#include "certificate.h"
#include "buf.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

static const json_t *
last_of(const json_t *list)
{
    return json_array_get(list, json_array_size(list) - 1);
}

static enum sgn_status
statement_make(const json_t *body, const struct certificate_seal *seal, json_t **out,
               struct sgn_error *err)
{
    const json_t *last = json_object_get(last_of(json_object_get(body, "entries")), "header");
    char hash[SGN_HASH_HEX], whole[SGN_HASH_HEX], page[SGN_HASH_HEX];
    json_t *header = NULL;
    enum sgn_status status =
        last != NULL
            ? sgn_json_parse(json_string_value(last), json_string_length(last), &header, err)
            : sgn_fail(err, SGN_INVALID, "a certificate has at least one entry");

    if (status == SGN_OK)
        status = sgn_hash_json(SGN_HASH_WHOLE, body, whole, err);
    if (status == SGN_OK) {
        sgn_hash(SGN_HASH_HEADER, NULL, json_string_value(last), json_string_length(last), hash);
        if (seal->page != NULL)
            sgn_hash(SGN_HASH_PAGE, NULL, seal->page, seal->page_n, page);
        *out = json_pack("{s:i, s:O, s:O, s:O, s:s, s:I, s:s?, s:s}", "v", 1, "team",
                         json_object_get(header, "team"), "case", json_object_get(header, "case"),
                         "case_seq", json_object_get(header, "case_seq"), "hash", hash, "at",
                         (json_int_t)seal->at, "page", seal->page != NULL ? page : NULL, "whole",
                         whole);
        status = *out != NULL ? SGN_OK : sgn_nomem(err);
    }
    json_decref(header);
    return status;
}

enum sgn_status
certificate_seal(const json_t *body, const struct certificate_seal *seal, struct sgn_buf *out,
                 struct sgn_error *err)
{
    json_t *statement = NULL, *all = json_copy((json_t *)body);
    unsigned char signature[SGN_SIGN_BYTES];
    char hex[2 * SGN_SIGN_BYTES + 1], key[2 * SGN_SIGN_PUBLIC + 1];
    struct sgn_buf signed_text;
    enum sgn_status status = statement_make(body, seal, &statement, err);

    sgn_buf_init(&signed_text, CERTIFICATE_MAX);
    if (status == SGN_OK)
        status = sgn_json_canonical(&signed_text, statement, err);
    if (status == SGN_OK) {
        sgn_sign(seal->secret, signed_text.bytes, signed_text.len, signature);
        sgn_hex(signature, sizeof signature, hex);
        /* The public half is the secret's second (RFC 8032 5.1.5, as libsodium keeps it). */
        sgn_hex(seal->secret + SGN_SIGN_SECRET - SGN_SIGN_PUBLIC, SGN_SIGN_PUBLIC, key);
        if (json_object_set(all, "statement", statement) != 0 ||
            json_object_set_new(all, "key", json_string(key)) != 0 ||
            json_object_set_new(all, "signature", json_string(hex)) != 0)
            status = sgn_nomem(err);
    }
    if (status == SGN_OK)
        status = sgn_json_canonical(out, all, err);
    if (status == SGN_OK && sgn_buf_puts(out, "\n") != SGN_OK)
        status = sgn_fail(err, SGN_TOO_LARGE, "the certificate is larger than %zu MiB",
                          CERTIFICATE_MAX >> 20);
    sgn_buf_deinit(&signed_text);
    json_decref(statement);
    json_decref(all);
    return status;
}

enum sgn_status
certificate_seal_page(const json_t *body, const unsigned char *secret, int64_t at,
                      struct sgn_buf *out, struct sgn_error *err)
{
    struct certificate_seal seal = {
        .secret = secret, .at = at, .page = out->bytes, .page_n = out->len
    };
    struct sgn_buf json;
    char *text = NULL;
    enum sgn_status status;

    sgn_buf_init(&json, CERTIFICATE_MAX);
    status = certificate_seal(body, &seal, &json, err);
    if (status == SGN_OK && (text = malloc(SGN_BASE64_TEXT(json.len))) == NULL)
        status = sgn_nomem(err);
    if (status == SGN_OK) {
        sgn_base64(json.bytes, json.len, text);
        (void)sgn_buf_puts(out, CERTIFICATE_BEGIN);
        (void)sgn_buf_puts(out, text);
        if (sgn_buf_puts(out, CERTIFICATE_END) != SGN_OK)
            status = sgn_fail(err, SGN_TOO_LARGE, "the certificate is larger than %zu MiB",
                              CERTIFICATE_MAX >> 20);
    }
    free(text);
    sgn_buf_deinit(&json);
    return status;
}
