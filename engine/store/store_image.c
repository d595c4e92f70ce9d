/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A row as bytes: a mark of the form, whole numbers of eight bytes, then texts, each behind its
 * length (with the NUL that ends it; 0: null), least byte first. What changes seldom stands first.
 * See the header.
 *
 * Knows no column's meaning: a row comes out as it went in.
 */
#include "store_image.h"

#include "json.h"
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define FORM    1
#define N_INTS  11
#define N_TEXTS 17

/* ---- images ---- */

struct store_image *
store_image_room(size_t n)
{
    struct store_image *image = n < UINT32_MAX ? malloc(sizeof *image + n) : NULL;

    if (image != NULL) {
        image->refs = 1;
        image->n = (uint32_t)n;
    }
    return image;
}

struct store_image *
store_image_hold(struct store_image *image)
{
    __atomic_add_fetch(&image->refs, 1, __ATOMIC_RELAXED);
    return image;
}

void
store_image_drop(struct store_image *image)
{
    if (image != NULL && __atomic_sub_fetch(&image->refs, 1, __ATOMIC_ACQ_REL) == 0)
        free(image);
}

/* ---- writing ---- */

static char *
put_int(char *to, int64_t n)
{
    uint64_t bytes = htole64((uint64_t)n);

    memcpy(to, &bytes, sizeof bytes);
    return to + sizeof bytes;
}

static char *
put_text(char *to, const char *text, uint32_t n)
{
    uint32_t bytes = htole32(n);

    memcpy(to, &bytes, sizeof bytes);
    to += sizeof bytes;
    if (n > 0)
        memcpy(to, text, n);
    return to + n;
}

/* An empty array or object says as much as none. */
static char *
json_of(const json_t *value, bool *failed)
{
    char *text = NULL;

    if (json_array_size(value) == 0 && json_object_size(value) == 0)
        return NULL;
    text = sgn_json_text(value);
    *failed = *failed || text == NULL;
    return text;
}

struct store_image *
store_image_new(const struct store_case *row, int64_t id)
{
    bool failed = false;
    char *indexed = json_of(row->indexed, &failed), *waiting = json_of(row->waiting, &failed);
    const int64_t ints[N_INTS] = {
        id,          row->version, row->opened_at,     row->closed_at, row->rev,    row->case_seq,
        row->due_at, row->next_at, row->stuck ? 1 : 0, row->last_seq,  row->last_at
    };
    const char *const texts[N_TEXTS] = { row->team,      row->key,      row->workflow, row->rules,
                                         row->project,   row->client,   row->opener,   row->owner,
                                         row->group,     row->priority, row->outcome,  row->states,
                                         row->last_hash, row->text,     row->document, indexed,
                                         waiting };
    struct store_image *image = NULL;
    uint32_t lengths[N_TEXTS];
    size_t n = 1 + sizeof ints + sizeof lengths;
    char *to;

    for (int i = 0; i < N_TEXTS; i++) {
        lengths[i] = texts[i] == NULL ? 0 : (uint32_t)strlen(texts[i]) + 1;
        n += lengths[i];
    }
    image = failed ? NULL : store_image_room(n);
    if (image != NULL) {
        to = image->bytes;
        *to++ = FORM;
        for (int i = 0; i < N_INTS; i++)
            to = put_int(to, ints[i]);
        for (int i = 0; i < N_TEXTS; i++)
            to = put_text(to, texts[i], lengths[i]);
    }
    free(indexed);
    free(waiting);
    return image;
}

/* ---- reading ---- */

static bool
take_texts(const char *at, const char *end, const char *texts[N_TEXTS])
{
    for (int i = 0; i < N_TEXTS; i++) {
        uint32_t n;

        if ((size_t)(end - at) < sizeof n)
            return false;
        memcpy(&n, at, sizeof n);
        n = le32toh(n);
        at += sizeof n;
        if ((size_t)(end - at) < n || (n > 0 && at[n - 1] != '\0'))
            return false;
        texts[i] = n > 0 ? at : NULL;
        at += n;
    }
    return at == end;
}

enum sgn_status
store_image_read(const struct store_image *image, struct store_image_row *out,
                 struct sgn_error *err)
{
    const char *texts[N_TEXTS];
    int64_t n[N_INTS];
    bool good = image->n > 1 + sizeof n && image->bytes[0] == FORM &&
                take_texts(image->bytes + 1 + sizeof n, image->bytes + image->n, texts);

    *out = (struct store_image_row){ 0 };
    if (!good || texts[0] == NULL || texts[1] == NULL || texts[2] == NULL || texts[11] == NULL ||
        texts[14] == NULL)
        return sgn_fail(err, SGN_INVALID, "a case's row in the log is damaged");
    for (int i = 0; i < N_INTS; i++) {
        uint64_t bytes;

        memcpy(&bytes, image->bytes + 1 + sizeof bytes * (size_t)i, sizeof bytes);
        n[i] = (int64_t)le64toh(bytes);
    }
    out->id = n[0];
    out->indexed_text = texts[15];
    out->waiting_text = texts[16];
    out->row = (struct store_case){
        .team = texts[0],
        .key = texts[1],
        .workflow = texts[2],
        .rules = texts[3],
        .project = texts[4],
        .client = texts[5],
        .opener = texts[6],
        .owner = texts[7],
        .group = texts[8],
        .priority = texts[9],
        .outcome = texts[10],
        .states = texts[11],
        .last_hash = texts[12],
        .text = texts[13],
        .document = texts[14],
        .version = n[1],
        .opened_at = n[2],
        .closed_at = n[3],
        .rev = n[4],
        .case_seq = n[5],
        .due_at = n[6],
        .next_at = n[7],
        .stuck = n[8] != 0,
        .last_seq = n[9],
        .last_at = n[10],
    };
    return SGN_OK;
}

enum sgn_status
store_image_parse(struct store_image_row *row, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    if (row->indexed_text != NULL)
        st = sgn_json_parse(row->indexed_text, strlen(row->indexed_text), &row->indexed, err);
    if (st == SGN_OK && row->waiting_text != NULL)
        st = sgn_json_parse(row->waiting_text, strlen(row->waiting_text), &row->waiting, err);
    row->row.indexed = row->indexed;
    row->row.waiting = row->waiting;
    return st;
}

void
store_image_row_deinit(struct store_image_row *row)
{
    json_decref(row->indexed);
    json_decref(row->waiting);
    *row = (struct store_image_row){ 0 };
}
