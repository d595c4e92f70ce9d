/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET and HEAD /files/ID: the bytes of a file that the person of the request may see.
 *
 * Each piece is asked of file.get, which decides anew who may see it: rights that are taken away
 * end a download in its middle. So there are never more than a piece and what waits to be sent in
 * memory, and the disk is read by query threads.
 *
 * Bytes of strangers are never part of our pages: they are saved, not shown, but for the few types
 * that run nothing, where ?inline asks for it; nosniff holds the type, "sandbox" takes all else.
 * Who reads a whole file gets what its hash promises, or not all of it.
 */
#include "http_internal.h"
#include "http_query.h"
#include "http_range.h"
#include "json.h"
#include "log.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE ((size_t)128 << 10)

/* ---- what uploads share ---- */

static void
take_answer(struct net_http *http, const char *bytes, size_t n)
{
    struct net_http_file *file = http->file;

    file->waits = false;
    json_decref(file->said);
    file->said = NULL;
    if (sgn_json_parse(bytes, n, &file->said, NULL) != SGN_OK)
        file->said = json_object();
    if (file->said == NULL)
        net_http_refuse(http, 503, "out of memory");
}

struct net_http_file *
net_http_file_new(struct net_http *http, bool (*step)(struct net_http *http))
{
    struct net_http_file *file = calloc(1, sizeof *file);

    net_http_file_free(http);
    http->file = file;
    if (file == NULL) {
        net_http_refuse(http, 503, "out of memory");
        return NULL;
    }
    file->step = step;
    http->take = take_answer;
    sgn_sha256_init(&file->hash);
    return file;
}

void
net_http_file_free(struct net_http *http)
{
    if (http->file == NULL)
        return;
    json_decref(http->file->params);
    json_decref(http->file->said);
    free(http->file);
    http->file = NULL;
}

void
net_http_file_ask(struct net_http *http, const char *method, json_t *params_take)
{
    http->file->waits = true;
    net_http_ask(http, method, params_take, false);
}

bool
net_http_file_answer(struct net_http *http, json_t **out)
{
    struct net_http_file *file = http->file;

    *out = NULL;
    if (http->answered)
        return false;
    if (file->said == NULL) {
        if (file->waits && http->rpc_closed)
            net_http_refuse(http, 500, "the answer could not be written");
        return http->answered;
    }
    if (json_object_get(file->said, "result") == NULL)
        net_http_fail(http, file->said);
    else
        *out = json_incref(json_object_get(file->said, "result"));
    json_decref(file->said);
    file->said = NULL;
    return true;
}

/* ---- the head ---- */

/* Of those that browsers show, the ones in which nothing runs. */
static bool
is_harmless(const char *type)
{
    static const char *const types[] = { "image/png", "image/jpeg", "image/gif", "image/webp",
                                         "text/plain" };

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(type, types[i]) == 0)
            return true;
    return false;
}

/* The fields of a file, in all of its answers alike. */
static void
fields_of(const struct net_http_file *file, const json_t *row, char *out, size_t size)
{
    const char *name = sgn_json_str(row, "name"), *type = sgn_json_str(row, "type");
    bool shown = sgn_json_true(file->params, "inline") && type != NULL && is_harmless(type);
    char disposition[NET_DISPOSITION_MAX];

    net_disposition(shown, name != NULL ? name : "file", disposition);
    snprintf(out, size,
             "ETag: \"%s\"\r\nAccept-Ranges: bytes\r\nCache-Control: private, no-cache\r\n"
             "Content-Disposition: %s\r\nContent-Security-Policy: sandbox\r\n",
             file->sha256, disposition);
}

/* All is known of the file but its bytes: what is answered? */
static void
begin(struct net_http *http, const json_t *row)
{
    struct net_http_file *file = http->file;
    const char *hash = sgn_json_str(row, "sha256"), *type = sgn_json_str(row, "type");
    char more[NET_DISPOSITION_MAX + 512], etag[SGN_HASH_HEX + 2], *end;
    int64_t size = sgn_json_int(row, "size", 0);
    int status;

    snprintf(file->sha256, sizeof file->sha256, "%s", hash != NULL ? hash : "");
    snprintf(etag, sizeof etag, "\"%s\"", file->sha256);
    fields_of(file, row, more, sizeof more);
    end = more + strlen(more);
    if (net_etag_listed(http->head.if_none_match, etag)) {
        net_http_answer(http, &(struct net_answer){ .status = 304, .more = more });
        return;
    }
    status = net_range(&http->head, etag, size, &file->at, &file->end);
    if (status == 416) {
        snprintf(end, sizeof more - (size_t)(end - more), "Content-Range: bytes */%lld\r\n",
                 (long long)size);
        net_http_deny(http, 416, "the file has no such bytes", more);
        return;
    }
    if (status == 206)
        snprintf(end, sizeof more - (size_t)(end - more), "Content-Range: bytes %lld-%lld/%lld\r\n",
                 (long long)file->at, (long long)file->end - 1, (long long)size);
    file->is_whole = status == 200;
    net_http_begin(http, status, type != NULL ? type : "application/octet-stream",
                   file->end - file->at, more);
    http->answered = file->at == file->end || net_text_is(http->head.method, "HEAD");
}

/* ---- the bytes ---- */

/* Without a status to say it by, what is left unsaid says it. */
static void
cut(struct net_http *http)
{
    http->keep = false;
    http->answered = true;
}

static bool
is_what_was_promised(struct net_http_file *file)
{
    char hash[SGN_HASH_HEX];

    if (!file->is_whole || file->at < file->end)
        return true;
    sgn_sha256_end(&file->hash, hash);
    if (strcmp(hash, file->sha256) == 0)
        return true;
    sgn_log(SGN_LOG_ERROR, "the bytes of a file have changed", "sha256", file->sha256, "is", hash,
            NULL);
    return false;
}

static void
send_piece(struct net_http *http, const json_t *result)
{
    struct net_http_file *file = http->file;
    const json_t *data = json_object_get(result, "data");
    char *bytes = malloc(PIECE);
    size_t n = 0;

    if (bytes != NULL &&
        sgn_unbase64(json_string_value(data), json_string_length(data), bytes, PIECE, &n) &&
        n > 0 && (int64_t)n <= file->end - file->at) {
        file->at += (int64_t)n;
        sgn_sha256_add(&file->hash, bytes, n);
        if (is_what_was_promised(file)) {
            net_http_send(http, bytes, n);
            http->answered = file->at == file->end;
        } else {
            cut(http);
        }
    } else {
        cut(http);
    }
    free(bytes);
}

static void
ask_piece(struct net_http *http)
{
    struct net_http_file *file = http->file;
    int64_t left = file->end - file->at;
    json_t *params = json_deep_copy(file->params);

    (void)json_object_del(params, "inline");
    (void)json_object_set_new(params, "offset", json_integer(file->at));
    (void)json_object_set_new(params, "length",
                              json_integer(left < (int64_t)PIECE ? left : (int64_t)PIECE));
    net_http_file_ask(http, "file.get", params);
}

/* Begins with no bytes at all, to know what the file is. */
static bool
step(struct net_http *http)
{
    struct net_http_file *file = http->file;
    json_t *result = NULL;
    bool moved = net_http_file_answer(http, &result);

    if (result != NULL && !http->begun)
        begin(http, result);
    else if (result != NULL)
        send_piece(http, result);
    json_decref(result);
    if (http->answered || file->waits)
        return moved;
    ask_piece(http);
    return true;
}

void
net_http_file(struct net_http *http)
{
    static const struct net_query_param known[] = { { "inline", NET_QUERY_FLAG },
                                                    { "team", NET_QUERY_TEXT },
                                                    { NULL, 0 } };
    const size_t below = strlen("/files/");
    const char *id = http->head.path.at + below;
    size_t n = http->head.path.n - below;
    struct net_http_file *file = net_http_file_new(http, step);
    char why[NET_QUERY_WHY];

    if (file == NULL)
        return;
    file->params = net_http_query(http->head.query, known, why);
    if (file->params == NULL)
        net_http_deny(http, why[0] != '\0' ? 400 : 503, why[0] != '\0' ? why : "out of memory",
                      NULL);
    else if (json_object_set_new(file->params, "file", json_stringn(id, n)) != 0)
        net_http_refuse(http, 503, "out of memory");
}
