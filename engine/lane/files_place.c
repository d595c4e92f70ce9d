/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is the folder of files the one that the site's other nodes have?
 *
 * Each of them must have the same folder, on storage that they share. A file in it, site.id, holds
 * a number that the store holds, too, as the setting "files". The first node makes both; one whose
 * folder has another number, or none, takes and gives no files, says so, and serves all the rest.
 */
#include "file.h"
#include "files.h"
#include "hash.h"
#include "json.h"
#include "nodes.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SETTING "files"
#define ID_SIZE 33 /* 32 hex digits and NUL */

/* ---- the folder's ---- */

/* "" when there is none, or something else stands there. */
static void
id_read(const char *path, char out[ID_SIZE])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t n = fd >= 0 ? read(fd, out, ID_SIZE - 1) : -1;

    out[n > 0 ? n : 0] = '\0';
    if (strspn(out, "0123456789abcdef") != ID_SIZE - 1)
        out[0] = '\0';
    if (fd >= 0)
        (void)close(fd);
}

/* Of several nodes that come first at once, one makes it. */
static enum sgn_status
id_make(const char *path, char out[ID_SIZE], struct sgn_error *err)
{
    unsigned char random[16];
    enum sgn_status st;

    sgn_random(random, sizeof random);
    sgn_hex(random, sizeof random, out);
    st = sgn_file_put(path, out, ID_SIZE - 1, 0600, false, err);
    if (st != SGN_CONFLICT)
        return st;
    sgn_error_clear(err);
    id_read(path, out);
    if (out[0] != '\0')
        return SGN_OK;
    return sgn_fail(err, SGN_INVALID,
                    "%s: expected 32 hex digits, by which the nodes of a site know their folder of "
                    "files; remove it if no node of another site uses this folder",
                    path);
}

/* ---- the store's ---- */

static enum sgn_status
stored_get(struct lane *lane, char out[ID_SIZE], struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "name", SETTING), *row = NULL;
    struct sgn_error why = { 0 };
    enum sgn_status st = key != NULL
                             ? store_row_get(lane->reader, STORE_SETTING, "", key, &row, &why)
                             : sgn_nomem(&why);
    const char *id = sgn_json_str(row, "value");

    snprintf(out, ID_SIZE, "%s", id != NULL ? id : "");
    json_decref(row);
    json_decref(key);
    if (st == SGN_NOT_FOUND)
        st = SGN_OK;
    else if (st != SGN_OK)
        sgn_error_move(err, &why);
    sgn_error_clear(&why);
    return st;
}

/* Under the lock of what is site-wide: of two the first one's stands, and is in id then. */
static enum sgn_status
stored_put(struct lane *lane, char id[ID_SIZE], struct sgn_error *err)
{
    json_t *json = json_pack("{s:s, s:s}", "name", SETTING, "value", id);
    struct store_row row = { .table = STORE_SETTING, .team = "", .row = json };
    struct store_head head;
    char there[ID_SIZE] = "";
    enum sgn_status st =
        json != NULL ? store_begin(lane->options.store, "", &head, err) : sgn_nomem(err);

    if (st == SGN_OK) {
        st = stored_get(lane, there, err);
        if (st == SGN_OK && there[0] == '\0')
            st = store_commit(lane->options.store,
                              &(struct store_unit){ .rows = &row, .n_rows = 1 }, err);
        else
            store_rollback(lane->options.store, NULL);
    }
    if (there[0] != '\0')
        memcpy(id, there, ID_SIZE);
    json_decref(json);
    return st;
}

/* ---- both ---- */

enum sgn_status
lane_files_place(struct lane *lane, struct sgn_error *err)
{
    char path[4096], here[ID_SIZE] = "", stored[ID_SIZE] = "";
    enum sgn_status st;

    if (lane->nodes == NULL || lane->blobs == NULL)
        return SGN_OK;
    snprintf(path, sizeof path, "%s/site.id", lane->options.files);
    st = stored_get(lane, stored, err);
    if (st == SGN_OK && stored[0] == '\0') {
        st = id_make(path, stored, err);
        if (st == SGN_OK)
            st = stored_put(lane, stored, err);
    }
    if (st != SGN_OK)
        return st;
    id_read(path, here);
    if (strcmp(here, stored) == 0)
        return SGN_OK;
    sgn_log(SGN_LOG_ERROR,
            "the folder of files is not that of the site's other nodes: this one takes and gives "
            "none; let data of [store] name theirs, on storage that all of them share",
            "file", path, "expected", stored, NULL);
    lane->files_elsewhere = true;
    lane_blobs_free(lane->blobs);
    lane->blobs = NULL;
    return SGN_OK;
}

const char *
lane_files_node(const struct lane *lane, char out[17])
{
    char host[65] = "",
         *site = realpath(lane->options.site != NULL ? lane->options.site : ".", NULL);
    uint64_t hash;

    if (lane->nodes == NULL) {
        free(site);
        return NULL;
    }
    (void)gethostname(host, sizeof host - 1);
    hash = sgn_text_hash(sgn_text_hash(SGN_TEXT_HASH, host), site != NULL ? site : "");
    snprintf(out, 17, "%016llx", (unsigned long long)hash);
    free(site);
    return out;
}
