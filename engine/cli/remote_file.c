/* SPDX-License-Identifier: Apache-2.0 */
/* "file put" and "file get", and a case's files on its page. */
#include "hash.h"
#include "json.h"
#include "page.h"
#include "remote.h"
#include "say.h"
#include "text.h"
#include "upload.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- put ---- */

enum sgn_status
remote_file_put(struct cli *cli, struct sgn_error *err)
{
    struct upload up = { .fd = -1 };
    struct client *client = NULL;
    json_t *params = NULL, *result = NULL;
    char file[UPLOAD_FILE_ID] = "";
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK)
        st = upload_open(&up, open(cli_word(&cli->args, 1), O_RDONLY | O_CLOEXEC),
                         cli_word(&cli->args, 1), err);
    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = upload_send(&up, client, cli_option(&cli->args, "type"), file, err);
    if (st == SGN_OK) {
        json_object_set_new(params, "file", json_string(file));
        st = client_call(client, "case.attach", params, &result, err);
        if (st != SGN_OK) /* the bytes are there: nobody need send them again */
            sgn_error_add(err, "hint",
                          json_sprintf("it was uploaded: signoff case attach %s %s",
                                       sgn_json_str(params, "case"), file));
    }
    if (st == SGN_OK) {
        json_object_set_new(result, "file", json_string(file));
        if (cli->output.json)
            cli_print_json(&cli->output, result);
        else
            fprintf(cli->output.out, sgn_say(cli->language, "%s is attached to %s\n"), file,
                    sgn_json_str(params, "case"));
    }
    upload_deinit(&up);
    json_decref(result);
    json_decref(params);
    client_free(client);
    return st;
}

/* ---- get ---- */

struct download {
    char *path; /* NULL: the standard output */
    int fd;
    struct sgn_sha256 hash;
    unsigned char *bytes;
};

/* The server's name for it is a stranger's text: it may not lead anywhere. */
static enum sgn_status
open_download(struct download *down, const char *said, const json_t *first, struct sgn_error *err)
{
    const char *name = sgn_json_str(first, "name");
    const char *slash = name != NULL ? strrchr(name, '/') : NULL;

    sgn_sha256_init(&down->hash);
    down->bytes = malloc(UPLOAD_PIECE);
    if (down->bytes == NULL)
        return sgn_nomem(err);
    if (said != NULL && strcmp(said, "-") == 0) {
        down->fd = STDOUT_FILENO;
        return SGN_OK;
    }
    name = slash != NULL ? slash + 1 : name;
    if (name == NULL || name[strspn(name, ".")] == '\0')
        name = "file";
    down->path = strdup(said != NULL ? said : name);
    if (down->path == NULL)
        return sgn_nomem(err);
    down->fd = open(down->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (down->fd < 0 && errno == EEXIST)
        return sgn_fail(err, SGN_CONFLICT, "%s is there already; name another PATH", down->path);
    return down->fd >= 0 ? SGN_OK : upload_fail(down->path, err);
}

static enum sgn_status
write_piece(struct download *down, const json_t *piece, struct sgn_error *err)
{
    const json_t *data = json_object_get(piece, "data");
    const unsigned char *from = down->bytes;
    size_t n = 0;

    if (!json_is_string(data) || !sgn_unbase64(json_string_value(data), json_string_length(data),
                                               down->bytes, UPLOAD_PIECE, &n))
        return sgn_fail(err, SGN_INTERNAL, "the server sent something that is no base64");
    sgn_sha256_add(&down->hash, down->bytes, n);
    while (n > 0) {
        ssize_t wrote = write(down->fd, from, n);

        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return upload_fail(down->path != NULL ? down->path : "standard output", err);
        from += wrote;
        n -= (size_t)wrote;
    }
    return SGN_OK;
}

/* Piece after piece; *first is the first one, which says what the file is. */
static enum sgn_status
receive(struct cli *cli, struct client *client, json_t *params, struct download *down,
        json_t **first, struct sgn_error *err)
{
    const json_t *next;
    enum sgn_status st = client_call(client, "file.get", params, first, err);
    json_t *piece = json_incref(*first);
    char hash[SGN_HASH_HEX];

    if (st == SGN_OK)
        st = open_download(down, cli_word(&cli->args, 1), *first, err);
    while (st == SGN_OK) {
        st = write_piece(down, piece, err);
        next = json_object_get(piece, "next");
        if (st != SGN_OK || !json_is_integer(next))
            break;
        json_object_set(params, "offset", (json_t *)next);
        json_decref(piece);
        piece = NULL;
        st = client_call(client, "file.get", params, &piece, err);
    }
    json_decref(piece);
    if (st != SGN_OK)
        return st;
    sgn_sha256_end(&down->hash, hash);
    if (sgn_json_str(*first, "sha256") == NULL || strcmp(hash, sgn_json_str(*first, "sha256")) != 0)
        st = sgn_fail(err, SGN_INVALID, "what came is not the file: its SHA-256 is %s", hash);
    return st;
}

enum sgn_status
remote_file_get(struct cli *cli, struct sgn_error *err)
{
    struct download down = { .fd = -1 };
    struct client *client = NULL;
    json_t *params = NULL, *first = NULL;
    enum sgn_status st = cli_params(cli, &params, err);

    if (st == SGN_OK)
        st = cli_connect(cli, &client, err);
    if (st == SGN_OK)
        st = receive(cli, client, params, &down, &first, err);
    if (down.path != NULL && down.fd >= 0) {
        if (close(down.fd) != 0 && st == SGN_OK)
            st = upload_fail(down.path, err);
        if (st != SGN_OK)
            (void)unlink(down.path);
    }
    if (st == SGN_OK && down.path != NULL && cli->output.json) {
        json_object_del(first, "data");
        json_object_del(first, "next");
        json_object_set_new(first, "path", json_string(down.path));
        cli_print_json(&cli->output, first);
    } else if (st == SGN_OK && down.path != NULL) {
        fprintf(cli->output.out, sgn_say(cli->language, "%s: %lld bytes\n"), down.path,
                (long long)sgn_json_int(first, "size", 0));
    }
    free(down.path);
    free(down.bytes);
    json_decref(first);
    json_decref(params);
    client_free(client);
    return st;
}

/* ---- on a case's page ---- */

void
page_files(const struct page *page, const json_t *view)
{
    const json_t *files = json_object_get(view, "files"), *file;
    bool has_client = sgn_json_str(view, "client") != NULL;
    size_t i;

    if (json_array_size(files) == 0)
        return;
    page_heading(page, page_say(page, "Files"));
    json_array_foreach(files, i, file) {
        const char *name = sgn_json_str(file, "name"), *type = sgn_json_str(file, "type");
        const char *id = sgn_json_str(file, "id");
        char *text = sgn_format(
            "%s, %lld B%s%s", type != NULL ? type : "?", (long long)sgn_json_int(file, "size", 0),
            has_client && !sgn_json_true(file, "shared") ? " " : "",
            has_client && !sgn_json_true(file, "shared") ? page_say(page, "(internal)") : "");

        page_line(page, id != NULL ? id : "?", name != NULL ? name : "?");
        if (text != NULL)
            page_line(page, "", text);
        free(text);
    }
}
