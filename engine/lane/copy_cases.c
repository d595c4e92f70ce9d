/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases of one team, page by page in the order of their keys: each is folded from its entries, its
 * columns are made as a commit makes them, and both must be what stands in the source.
 */
#include "copy_internal.h"
#include "in_force.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

#define PAGE 100 /* cases of a list, and of a commit */

/* A case on its way. */
struct one {
    struct store_case_row stored;
    json_t *row; /* its document */
    struct model *model;
    struct lane_columns columns;
};

static void
one_deinit(struct one *one)
{
    store_case_row_deinit(&one->stored);
    json_decref(one->row);
    model_free(one->model);
    lane_columns_deinit(&one->columns);
}

/* ---- versions ---- */

void
copy_versions_free(struct copying *copying)
{
    while (copying->versions != NULL) {
        struct copy_version *next = copying->versions->next;

        model_free(copying->versions->model);
        free(copying->versions);
        copying->versions = next;
    }
}

static enum sgn_status
version_read(struct copying *copying, const char *digest, struct model **out, struct sgn_error *err)
{
    struct copy_version *version = calloc(1, sizeof *version);
    json_t *row = NULL;
    enum sgn_status st = version != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK)
        st = lane_version_read(copying->from, copying->team, digest, &version->model, &row, err);
    json_decref(row);
    if (st == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        st = sgn_fail(err, SGN_INVALID, "the rules that it goes by, version %.12s, are missing",
                      digest);
    }
    if (st != SGN_OK) {
        free(version);
        return st;
    }
    sgn_text_copy(version->digest, sizeof version->digest, digest);
    version->next = copying->versions;
    copying->versions = version;
    *out = model_ref(version->model);
    return SGN_OK;
}

static enum sgn_status
version_get(struct copying *copying, const char *digest, struct model **out, struct sgn_error *err)
{
    if (digest == NULL || strlen(digest) != 64)
        return sgn_fail(err, SGN_INVALID, "it names no version");
    for (struct copy_version *version = copying->versions; version != NULL; version = version->next)
        if (strcmp(version->digest, digest) == 0) {
            *out = model_ref(version->model);
            return SGN_OK;
        }
    return version_read(copying, digest, out, err);
}

/* ---- one case ---- */

/* The columns of lists that follow from the document, against those that were made of it. */
static const char *
odd_column(const json_t *item, const struct store_case *made)
{
    const struct {
        const char *name, *value;
    } texts[] = {
        { "workflow", made->workflow }, { "rules", made->rules },
        { "project", made->project },   { "opener", made->opener },
        { "owner", made->owner },       { "outcome", made->outcome },
        { "states", made->states },     { "priority", made->priority },
    };
    const struct {
        const char *name;
        int64_t value;
    } numbers[] = {
        { "version", made->version },     { "rev", made->rev },
        { "case_seq", made->case_seq },   { "opened_at", made->opened_at },
        { "closed_at", made->closed_at }, { "due_at", made->due_at },
        { "last_seq", made->last_seq },   { "last_at", made->last_at },
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *said = sgn_json_str(item, texts[i].name);

        if (said == NULL || texts[i].value == NULL ? said != texts[i].value
                                                   : strcmp(said, texts[i].value) != 0)
            return texts[i].name;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (sgn_json_int(item, numbers[i].name, 0) != numbers[i].value)
            return numbers[i].name;
    if (!json_equal(json_object_get(item, "fields"), (json_t *)(uintptr_t)made->indexed))
        return "fields";
    return NULL;
}

/* Its document, which folding its entries must give. */
static enum sgn_status
read_case(struct copying *copying, const char *key, struct one *one, struct sgn_error *err)
{
    json_t *folded = NULL;
    enum sgn_status st = store_case_get(copying->from, copying->team, key, &one->stored, err);

    if (st == SGN_OK && sgn_json_parse(one->stored.document, strlen(one->stored.document),
                                       &one->row, NULL) != SGN_OK)
        st = sgn_fail(err, SGN_INVALID, "team %s: the row of %s is not JSON", copying->team, key);
    if (st == SGN_OK)
        st = lane_chain_case(copying->from, copying->team, key, &folded, err);
    if (st == SGN_OK && !json_equal(folded, one->row))
        st = sgn_fail(err, SGN_INVALID,
                      "team %s: the row of %s is not what its entries say (\"%s\")", copying->team,
                      key, lane_chain_difference(folded, one->row));
    json_decref(folded);
    return st;
}

/* item: its columns in the source's list, two of which say what was looked up when it was written:
 * the project's client and the workflow's group. */
static enum sgn_status
make_case(struct copying *copying, const json_t *item, struct one *one, struct store_case *out,
          struct sgn_error *err)
{
    const char *key = sgn_json_str(item, "key"), *odd;
    enum sgn_status st = read_case(copying, key, one, err);

    if (st != SGN_OK)
        return st;
    st = version_get(copying, sgn_json_str(one->row, "rules"), &one->model, err);
    if (st == SGN_OK)
        st = lane_columns_make(&one->columns, one->model, one->row, out, err);
    if (st != SGN_OK) {
        sgn_error_prefix(err, "team %s, case %s: ", copying->team, key);
        return st;
    }
    out->team = copying->team;
    out->client = sgn_json_str(item, "client");
    out->group = sgn_json_str(item, "group");
    out->last_seq = one->stored.last_seq;
    out->last_hash = one->stored.last_hash;
    out->last_at = one->stored.last_at;
    odd = odd_column(item, out);
    if (odd != NULL)
        return sgn_fail(err, SGN_INVALID,
                        "team %s: the column \"%s\" of %s is not what its entries say",
                        copying->team, odd, key);
    copying->files += (int64_t)json_array_size(json_object_get(one->row, "files"));
    return SGN_OK;
}

/* ---- pages ---- */

static enum sgn_status
write_page(struct copying *copying, const json_t *items, struct sgn_error *err)
{
    size_t n = json_array_size(items);
    struct store_case *cases = calloc(n + 1, sizeof *cases);
    struct one *ones = calloc(n + 1, sizeof *ones);
    enum sgn_status st = cases != NULL && ones != NULL ? SGN_OK : sgn_nomem(err);

    for (size_t i = 0; st == SGN_OK && i < n; i++)
        st = make_case(copying, json_array_get(items, i), &ones[i], &cases[i], err);
    if (st == SGN_OK && n > 0)
        st = copy_write(copying, copying->team,
                        &(struct store_unit){ .cases = cases, .n_cases = (int)n }, err);
    for (size_t i = 0; ones != NULL && i < n; i++)
        one_deinit(&ones[i]);
    free(ones);
    free(cases);
    return st;
}

/* What lists do not show of it. */
static enum sgn_status
compare_case(struct copying *copying, const char *key, struct sgn_error *err)
{
    struct store_case_row from = { 0 }, to = { 0 };
    enum sgn_status st = store_case_get(copying->from, copying->team, key, &from, err);

    if (st == SGN_OK)
        st = store_case_get(copying->to, copying->team, key, &to, err);
    if (st == SGN_OK &&
        (strcmp(from.document, to.document) != 0 || strcmp(from.last_hash, to.last_hash) != 0 ||
         from.last_seq != to.last_seq || from.last_at != to.last_at))
        st = sgn_fail(err, SGN_INVALID, "team %s, case %s: the copy says something else",
                      copying->team, key);
    store_case_row_deinit(&from);
    store_case_row_deinit(&to);
    return st;
}

static enum sgn_status
compare_page(struct copying *copying, const json_t *items, const json_t *others,
             struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    const json_t *item;
    size_t i;

    json_array_foreach((json_t *)(uintptr_t)items, i, item) {
        const json_t *other = json_array_get(others, i);

        if (!json_equal((json_t *)(uintptr_t)item, (json_t *)(uintptr_t)other))
            return sgn_fail(err, SGN_INVALID, "team %s, case %s: the copy has \"%s\" otherwise",
                            copying->team, sgn_json_str(item, "key"),
                            lane_chain_difference(item, other));
        st = compare_case(copying, sgn_json_str(item, "key"), err);
        if (st != SGN_OK)
            return st;
    }
    if (json_array_size(others) > json_array_size(items))
        return sgn_fail(err, SGN_INVALID, "team %s: the copy has cases that the source has not",
                        copying->team);
    return SGN_OK;
}

/* A page of each of the two, behind their cursors. */
struct lists {
    struct store_page from, to;
    char *from_cursor, *to_cursor;
};

static enum sgn_status
read_list(struct store_reader *reader, const char *team, struct store_page *page, char **cursor,
          struct sgn_error *err)
{
    struct store_case_filter filter = {
        .team = team, .sort = "key", .limit = PAGE, .cursor = *cursor
    };
    enum sgn_status st;

    store_page_deinit(page);
    st = store_case_query(reader, &filter, page, err);
    free(*cursor);
    *cursor = page->cursor;
    page->cursor = NULL;
    return st;
}

static enum sgn_status
next_page(struct copying *copying, struct lists *lists, struct sgn_error *err)
{
    enum sgn_status st =
        read_list(copying->from, copying->team, &lists->from, &lists->from_cursor, err);

    if (st != SGN_OK || !copying->reading_back)
        return st == SGN_OK ? write_page(copying, lists->from.items, err) : st;
    st = read_list(copying->to, copying->team, &lists->to, &lists->to_cursor, err);
    if (st == SGN_OK)
        st = compare_page(copying, lists->from.items, lists->to.items, err);
    if (st == SGN_OK && lists->from_cursor == NULL && lists->to_cursor != NULL)
        st = sgn_fail(err, SGN_INVALID, "team %s: the copy has cases that the source has not",
                      copying->team);
    return st;
}

enum sgn_status
copy_cases(struct copying *copying, struct sgn_error *err)
{
    struct lists lists = { .from_cursor = NULL };
    enum sgn_status st;
    int64_t n = 0;

    do {
        st = next_page(copying, &lists, err);
        n += (int64_t)json_array_size(lists.from.items);
        copy_tell(copying, LANE_COPY_CASES, n, 0);
    } while (st == SGN_OK && lists.from_cursor != NULL);
    if (!copying->reading_back)
        copying->cases += n;
    store_page_deinit(&lists.from);
    store_page_deinit(&lists.to);
    free(lists.from_cursor);
    free(lists.to_cursor);
    return st;
}
