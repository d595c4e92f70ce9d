/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verifying a team: every entry against its hash and the one before, every case's row against
 * the fold of its entries.
 */
#include "blobs.h"
#include "chain.h"
#include "json.h"
#include "lane_internal.h"
#include <stdlib.h>
#include <string.h>

#define PAGE  1000 /* entries read at a time */
#define CASES 500  /* rows of a list, likewise */

struct verify {
    const char *team;
    struct lane_chain chain;
    json_t *rows;             /* {case: folded row} */
    struct lane_blobs *blobs; /* NULL: bytes are not looked at */
    json_t *bytes;            /* {hash: true}: those that were checked */
    int64_t files;
};

static enum sgn_status
verify_entry(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct verify *verify = ctx;
    json_t *header = NULL, *next = NULL;
    enum sgn_status st = lane_chain_next(&verify->chain, entry, &header, err);

    if (st == SGN_OK && entry->case_key != NULL) {
        st = lane_chain_fold(json_object_get(verify->rows, entry->case_key), entry, header, &next,
                             err);
        if (st == SGN_OK && json_object_set_new(verify->rows, entry->case_key, next) != 0)
            st = sgn_nomem(err);
        else if (st != SGN_OK)
            sgn_error_prefix(err, "team %s, entry %lld: ", verify->team, (long long)entry->seq);
    }
    json_decref(header);
    return st;
}

static enum sgn_status
compare_row(const struct verify *verify, const char *key, const json_t *folded,
            const struct store_case_row *stored, struct sgn_error *err)
{
    json_t *row = NULL;
    enum sgn_status st = sgn_json_parse(stored->document, strlen(stored->document), &row, err);

    if (st != SGN_OK) {
        sgn_error_clear(err);
        return sgn_fail(err, SGN_INVALID, "team %s: the row of %s is not JSON", verify->team, key);
    }
    if (!json_equal(folded, row))
        st = sgn_fail(err, SGN_INVALID,
                      "team %s: the row of %s is not what its entries say (\"%s\")", verify->team,
                      key, lane_chain_difference(folded, row));
    json_decref(row);
    return st;
}

static enum sgn_status
compare_rows(struct store_reader *reader, const struct verify *verify, struct sgn_error *err)
{
    const char *key;
    json_t *folded;

    json_object_foreach(verify->rows, key, folded) {
        struct store_case_row stored;
        enum sgn_status st = store_case_get(reader, verify->team, key, &stored, err);

        if (st == SGN_NOT_FOUND)
            return sgn_fail(err, SGN_INVALID, "team %s: case %s has entries but no row",
                            verify->team, key);
        if (st != SGN_OK)
            return st;
        if (stored.last_seq <= verify->chain.seq) /* a later one is of a commit after the walk */
            st = compare_row(verify, key, folded, &stored, err);
        store_case_row_deinit(&stored);
        if (st != SGN_OK)
            return st;
    }
    return SGN_OK;
}

/* The columns that lists filter by, against what they repeat; NULL when all agree. */
static const char *
column_difference(const json_t *item, const json_t *folded)
{
    static const char *const columns[] = { "workflow", "rules", "project",  "opener",  "outcome",
                                           "version",  "rev",   "case_seq", "priority" };

    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (!json_equal(json_object_get(item, columns[i]), json_object_get(folded, columns[i])))
            return columns[i];
    return NULL;
}

static enum sgn_status
check_item(const struct verify *verify, const json_t *item, struct sgn_error *err)
{
    const char *key = sgn_json_str(item, "key"), *column;
    const json_t *folded = json_object_get(verify->rows, key);

    if (sgn_json_int(item, "last_seq", 0) > verify->chain.seq) /* of a commit after the walk */
        return SGN_OK;
    if (folded == NULL)
        return sgn_fail(err, SGN_INVALID, "team %s: case %s has a row but no entries", verify->team,
                        key);
    column = column_difference(item, folded);
    if (column == NULL)
        return SGN_OK;
    return sgn_fail(err, SGN_INVALID,
                    "team %s: the column \"%s\" of %s is not what its entries say", verify->team,
                    column, key);
}

/* Every row that lists show, against the folded ones. */
static enum sgn_status
check_lists(struct store_reader *reader, const struct verify *verify, struct sgn_error *err)
{
    struct store_case_filter filter = { .team = verify->team, .sort = "key", .limit = CASES };
    char *cursor = NULL;
    enum sgn_status st = SGN_OK;
    bool more = true;

    while (st == SGN_OK && more) {
        struct store_page page;
        json_t *item;
        size_t i;

        filter.cursor = cursor;
        st = store_case_query(reader, &filter, &page, err);
        json_array_foreach(page.items, i, item) {
            if (st == SGN_OK)
                st = check_item(verify, item, err);
        }
        free(cursor);
        cursor = page.cursor;
        page.cursor = NULL;
        more = cursor != NULL;
        store_page_deinit(&page);
    }
    free(cursor);
    return st;
}

/* ---- files ---- */

/* An attached file against its row, and its bytes against their hash; the same bytes once. */
static enum sgn_status
check_file(struct store_reader *reader, struct verify *verify, const char *key, const json_t *file,
           struct sgn_error *err)
{
    const char *id = sgn_json_str(file, "id"), *hash = sgn_json_str(file, "sha256"), *of;
    json_t *asked = json_pack("{s:s?}", "file", id), *row = NULL;
    enum sgn_status st = store_row_get(reader, STORE_FILE, verify->team, asked, &row, err);

    json_decref(asked);
    of = sgn_json_str(row, "case");
    if (st == SGN_NOT_FOUND || (st == SGN_OK && (of == NULL || strcmp(of, key) != 0 ||
                                                 !json_equal(json_object_get(row, "sha256"),
                                                             json_object_get(file, "sha256"))))) {
        sgn_error_clear(err);
        st = sgn_fail(err, SGN_INVALID, "its row is not what the case's entries say");
    }
    json_decref(row);
    if (st == SGN_OK && verify->blobs != NULL && json_object_get(verify->bytes, hash) == NULL) {
        st = lane_blobs_check(verify->blobs, hash, sgn_json_int(file, "size", 0), err);
        json_object_set_new(verify->bytes, hash, json_true());
    }
    if (st != SGN_OK)
        sgn_error_prefix(err, "team %s, case %s, file %s: ", verify->team, key, id);
    verify->files++;
    return st;
}

static enum sgn_status
check_files(struct store_reader *reader, struct verify *verify, const char *folder,
            struct sgn_error *err)
{
    const char *key;
    json_t *row, *file;
    size_t i;
    enum sgn_status st = SGN_OK;

    json_object_foreach(verify->rows, key, row)
        json_array_foreach(json_object_get(row, "files"), i, file) {
            if (folder != NULL && verify->blobs == NULL) /* only now: it may not be there */
                st = lane_blobs_open_read(folder, &verify->blobs, err);
            if (st == SGN_OK)
                st = check_file(reader, verify, key, file, err);
            if (st != SGN_OK)
                return st;
        }
    return SGN_OK;
}

enum sgn_status
lane_verify(struct store_reader *reader, const char *files, const char *team, json_t **out,
            struct sgn_error *err)
{
    struct verify verify = {
        .team = team, .chain = { .team = team }, .rows = json_object(), .bytes = json_object()
    };
    struct store_head head;
    enum sgn_status st = store_head_get(reader, team, &head, err);

    *out = NULL;
    while (st == SGN_OK && verify.chain.seq < head.seq) {
        int64_t before = verify.chain.seq;

        st = store_entries(reader, team, verify.chain.seq + 1, PAGE, verify_entry, &verify, err);
        if (st == SGN_OK && verify.chain.seq == before)
            st = sgn_fail(err, SGN_INVALID, "team %s: entry %lld is missing (the head is %lld)",
                          team, (long long)verify.chain.seq + 1, (long long)head.seq);
    }
    if (st == SGN_OK && verify.chain.seq == head.seq && strcmp(verify.chain.hash, head.hash) != 0)
        st = sgn_fail(err, SGN_INVALID, "team %s: the head's hash is not that of its last entry",
                      team);
    if (st == SGN_OK)
        st = compare_rows(reader, &verify, err);
    if (st == SGN_OK)
        st = check_lists(reader, &verify, err);
    if (st == SGN_OK)
        st = check_files(reader, &verify, files, err);
    if (st == SGN_OK)
        *out = json_pack(
            "{s:s, s:I, s:I, s:I, s:i, s:s}", "team", team, "entries", (json_int_t)verify.chain.seq,
            "cases", (json_int_t)json_object_size(verify.rows), "files", (json_int_t)verify.files,
            "redacted", verify.chain.redacted, "head", verify.chain.hash);
    json_decref(verify.rows);
    json_decref(verify.bytes);
    lane_blobs_free(verify.blobs);
    return st;
}
