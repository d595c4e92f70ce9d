/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case's complete row as bytes: how a store keeps one that has not reached its table yet, in
 * memory and in its log. The bytes are read from the disk again, so they are judged like any
 * stranger's.
 *
 * An image may be held by several threads at once; it never changes, and goes with the last of
 * them.
 */
#ifndef STORE_IMAGE_H
#define STORE_IMAGE_H

#include "store.h"

struct store_image {
    int refs;
    uint32_t n;
    char bytes[]; /* n */
};

/* id: the number of the case's row. NULL: out of memory. */
struct store_image *store_image_new(const struct store_case *row, int64_t id);
/* Room for n bytes, to be filled. */
struct store_image *store_image_room(size_t n);
struct store_image *store_image_hold(struct store_image *image);
void store_image_drop(struct store_image *image); /* NULL is fine */

/* What an image says. row points into the image, and into what is owned here. */
struct store_image_row {
    struct store_case row;
    int64_t id;
    json_t *indexed, *waiting; /* NULL until store_image_parse() */
    const char *indexed_text, *waiting_text;
};
/* SGN_INVALID when the bytes are not an image; without its JSON. */
enum sgn_status store_image_read(const struct store_image *image, struct store_image_row *out,
                                 struct sgn_error *err) SGN_MUST_CHECK;
/* Reads its JSON, too; store_image_row_deinit() is to be called in any case. */
enum sgn_status store_image_parse(struct store_image_row *row,
                                  struct sgn_error *err) SGN_MUST_CHECK;
void store_image_row_deinit(struct store_image_row *row);

#endif
