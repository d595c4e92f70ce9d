/* SPDX-License-Identifier: Apache-2.0 */
/* Files on their way to the server. See upload.h. */
#include "upload.h"

#include "json.h"
#include "memory.h"
#include "remote.h"
#include "text.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum sgn_status
upload_fail(const char *path, struct sgn_error *err)
{
    return sgn_fail(err, errno == ENOENT ? SGN_NOT_FOUND : SGN_UNAVAILABLE, "%s: %s", path,
                    strerror(errno));
}

static enum sgn_status
read_piece(const struct upload *up, int64_t offset, size_t *n, struct sgn_error *err)
{
    *n = 0;
    while (*n < UPLOAD_PIECE) {
        ssize_t got = pread(up->fd, up->bytes + *n, UPLOAD_PIECE - *n, offset + (int64_t)*n);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return upload_fail(up->path, err);
        if (got == 0)
            break;
        *n += (size_t)got;
    }
    return SGN_OK;
}

enum sgn_status
upload_open(struct upload *up, int fd_take, const char *path, struct sgn_error *err)
{
    struct sgn_sha256 hash;
    struct stat st;
    size_t n = 0;
    enum sgn_status status = SGN_OK;

    *up = (struct upload){ .fd = fd_take };
    if (up->fd < 0 || fstat(up->fd, &st) != 0)
        return upload_fail(path, err);
    up->path = sgn_strdup(path);
    up->bytes = malloc(UPLOAD_PIECE);
    up->text = malloc(SGN_BASE64_TEXT(UPLOAD_PIECE));
    if (up->path == NULL || up->bytes == NULL || up->text == NULL)
        return sgn_nomem(err);
    if (!S_ISREG(st.st_mode))
        return sgn_fail(err, SGN_INVALID, "%s: not a file", path);
    sgn_sha256_init(&hash);
    do {
        status = read_piece(up, up->size, &n, err);
        sgn_sha256_add(&hash, up->bytes, n);
        up->size += (int64_t)n;
    } while (status == SGN_OK && n == UPLOAD_PIECE);
    sgn_sha256_end(&hash, up->sha256);
    return status;
}

void
upload_deinit(struct upload *up)
{
    if (up->fd >= 0)
        close(up->fd);
    free(up->path);
    free(up->bytes);
    free(up->text);
    *up = (struct upload){ .fd = -1 };
}

/* By its ending, as far as people attach such things to cases. */
static const char *
type_of(const char *path)
{
    static const char *const types[][2] = {
        { "pdf", "application/pdf" },
        { "txt", "text/plain" },
        { "log", "text/plain" },
        { "md", "text/markdown" },
        { "csv", "text/csv" },
        { "json", "application/json" },
        { "png", "image/png" },
        { "jpg", "image/jpeg" },
        { "jpeg", "image/jpeg" },
        { "zip", "application/zip" },
        { "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
        { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
    };
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof types[0]; i++)
        if (strcasecmp(dot + 1, types[i][0]) == 0)
            return types[i][1];
    return "application/octet-stream";
}

static enum sgn_status
call_text(struct client *client, const char *method, json_t *params_take, const char *member,
          char out[64], struct sgn_error *err)
{
    json_t *result = NULL;
    enum sgn_status st = params_take != NULL
                             ? remote_call_patiently(client, method, params_take, &result, err)
                             : sgn_nomem(err);
    const char *text = sgn_json_str(result, member);

    if (st == SGN_OK && text != NULL && out != NULL)
        snprintf(out, 64, "%s", text);
    json_decref(result);
    json_decref(params_take);
    return st;
}

enum sgn_status
upload_send(struct upload *up, struct client *client, const char *type, char file[UPLOAD_FILE_ID],
            struct sgn_error *err)
{
    const char *slash = strrchr(up->path, '/');
    char id[64] = "";
    enum sgn_status st =
        call_text(client, "file.begin",
                  json_pack("{s:s, s:I, s:s, s:s}", "name", slash != NULL ? slash + 1 : up->path,
                            "size", (json_int_t)up->size, "sha256", up->sha256, "type",
                            type != NULL ? type : type_of(up->path)),
                  "upload", id, err);

    for (int64_t at = 0; st == SGN_OK && at < up->size;) {
        size_t n = 0;

        st = read_piece(up, at, &n, err);
        if (st == SGN_OK && n == 0)
            st = sgn_fail(err, SGN_CONFLICT, "%s became shorter while it was read", up->path);
        if (st != SGN_OK)
            break;
        sgn_base64(up->bytes, n, up->text);
        st = call_text(
            client, "file.put",
            json_pack("{s:s, s:I, s:s}", "upload", id, "offset", (json_int_t)at, "data", up->text),
            "upload", NULL, err);
        at += (int64_t)n;
    }
    if (st == SGN_OK)
        st = call_text(client, "file.end", json_pack("{s:s}", "upload", id), "file", file, err);
    return st;
}
