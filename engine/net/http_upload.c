/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PUT /files: the body becomes a file by file.begin, file.put and file.end, and is answered with
 * 201 when its bytes are checked against the digest that came with them, synced, and its row is
 * committed.
 *
 *   PUT /files?name=REPORT.pdf&sha256=HEX&request_id=ID      Content-Length, Content-Type
 *
 * The digest may come as Content-Digest instead. Not a byte of the body is read before file.begin
 * has agreed, nor the next piece before the one before lies on the disk: a sender waits, and a
 * large file takes no more memory than a small one. Whoever gives a request_id may repeat it whole
 * when no answer came, and has one file.
 */
#include "http_internal.h"
#include "http_query.h"
#include "http_range.h"
#include "json.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE ((size_t)192 << 10)

/* A type is said in lower case and without parameters. */
static bool
put_type(struct net_http *http, json_t *params)
{
    struct net_text type = http->head.content_type;
    const char *stop = type.at != NULL ? memchr(type.at, ';', type.n) : NULL;
    char text[160];
    size_t n = stop != NULL ? (size_t)(stop - type.at) : type.n;

    while (n > 0 && (type.at[n - 1] == ' ' || type.at[n - 1] == '\t'))
        n--;
    if (n == 0)
        return true;
    if (n >= sizeof text)
        n = sizeof text - 1; /* too long for rpc, too, which says so */
    for (size_t i = 0; i < n; i++)
        text[i] = (char)(type.at[i] >= 'A' && type.at[i] <= 'Z' ? type.at[i] + 32 : type.at[i]);
    return json_object_set_new(params, "type", json_stringn(text, n)) == 0;
}

/* The same said twice must be the same. */
static bool
put_digest(struct net_http *http, json_t *params)
{
    const char *said = sgn_json_str(params, "sha256");
    char digest[65];

    if (http->head.content_digest.at == NULL)
        return true;
    if (!net_digest(http->head.content_digest, digest) ||
        (said != NULL && strcmp(said, digest) != 0)) {
        net_http_refuse(http, 400,
                        "Content-Digest must be sha-256=:BASE64:, the same as sha256 if both are "
                        "given");
        return false;
    }
    return json_object_set_new(params, "sha256", json_string(digest)) == 0;
}

static bool
is_encoded(struct net_text coding)
{
    return coding.at != NULL && coding.n > 0 && !net_text_is(coding, "identity");
}

static void
go_on(struct net_http *http)
{
    struct net_http_file *file = http->file;
    json_t *params;
    char *text;

    if (file->id[0] == '\0') {
        net_http_file_ask(http, "file.begin", json_incref(file->params));
    } else if (http->body.len >= file->piece || (http->whole && http->body.len > 0)) {
        text = malloc(SGN_BASE64_TEXT(file->piece));
        if (text != NULL)
            sgn_base64(http->body.bytes, http->body.len, text);
        params = text != NULL ? json_pack("{s:s, s:I, s:s}", "upload", file->id, "offset",
                                          (json_int_t)file->at, "data", text)
                              : NULL;
        free(text);
        file->at += (int64_t)http->body.len;
        sgn_buf_reset(&http->body);
        net_http_file_ask(http, "file.put", params);
    } else if (http->whole) {
        file->is_whole = true;
        net_http_file_ask(http, "file.end",
                          json_pack("{s:s, s:O*}", "upload", file->id, "request_id",
                                    json_object_get(file->params, "request_id")));
    }
}

/* It has become a file. */
static void
created(struct net_http *http, const json_t *result)
{
    struct sgn_buf text;
    char more[96];

    sgn_buf_init(&text, (size_t)RPC_PIECE_MAX);
    sgn_json_append(&text, result);
    sgn_buf_puts(&text, "\n");
    snprintf(more, sizeof more, "Location: /files/%.*s\r\n", NET_FILE_ID_MAX, http->file->id);
    if (text.failed)
        net_http_refuse(http, 503, "out of memory");
    else
        net_http_answer(
            http, &(struct net_answer){ 201, "application/json", text.bytes, text.len, more });
    sgn_buf_deinit(&text);
}

/* A repeated request whose upload has ended, and may be forgotten since: the rest of its body is
 * only read, and file.end knows what became of it. */
static bool
is_there(struct net_http_file *file)
{
    const json_t *error = json_object_get(file->said, "error");
    const char *code = sgn_json_str(json_object_get(error, "data"), "code");

    if (file->at == 0 || file->is_whole || code == NULL ||
        (strcmp(code, sgn_status_code(SGN_NOT_NOW)) != 0 &&
         strcmp(code, sgn_status_code(SGN_NOT_FOUND)) != 0))
        return false;
    json_decref(file->said);
    file->said = NULL;
    return true;
}

static bool
step(struct net_http *http)
{
    struct net_http_file *file = http->file;
    json_t *result = NULL;
    bool moved = is_there(file) || net_http_file_answer(http, &result);
    const char *id = sgn_json_str(result, "upload");

    if (result != NULL && file->is_whole) {
        created(http, result);
    } else if (result != NULL && file->id[0] == '\0') {
        snprintf(file->id, sizeof file->id, "%s", id != NULL ? id : "");
        if (!http->whole && http->head.waits && http->in.len == 0)
            http->wire.send(http->wire.ctx, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    }
    json_decref(result);
    if (!http->answered && !file->waits) {
        go_on(http);
        moved = moved || file->waits || file->said != NULL; /* refused at once */
    }
    http->wants = !http->whole && !http->answered && !file->waits && file->said == NULL;
    return moved || http->answered;
}

/* What says how its body is to be read, and is not done here. */
static const char *
unknown_form(const struct net_head *head, int *status)
{
    *status = 411;
    if (head->length < 0)
        return "Content-Length is missing";
    *status = 415;
    if (is_encoded(head->content_encoding))
        return "files are kept as they are: no Content-Encoding";
    *status = 400; /* RFC 9110, 14.5 */
    return head->content_range.at != NULL ? "a file is put whole: no Content-Range" : NULL;
}

bool
net_http_upload_admit(struct net_http *http)
{
    static const struct net_query_param known[] = { { "name", NET_QUERY_TEXT },
                                                    { "sha256", NET_QUERY_TEXT },
                                                    { "request_id", NET_QUERY_TEXT },
                                                    { NULL, 0 } };
    size_t room = http->site->body_bytes > 1024 ? http->site->body_bytes - 512 : 512;
    struct net_http_file *file;
    char why[NET_QUERY_WHY];
    int status;
    const char *unknown = unknown_form(&http->head, &status);
    json_t *params = net_http_query(http->head.query, known, why);

    if (unknown != NULL) {
        net_http_refuse(http, status, unknown);
    } else if (params == NULL) {
        net_http_refuse(http, why[0] != '\0' ? 400 : 503, why[0] != '\0' ? why : "out of memory");
    } else if (put_type(http, params) && put_digest(http, params)) {
        file = net_http_file_new(http, step);
        if (file != NULL) {
            (void)json_object_set_new(params, "size", json_integer(http->head.length));
            file->piece = room / 4 * 3 < PIECE ? room / 4 * 3 : PIECE;
            file->params = json_incref(params);
        }
    } else if (!http->answered) {
        net_http_refuse(http, 503, "out of memory");
    }
    json_decref(params);
    return !http->answered;
}
