/* SPDX-License-Identifier: Apache-2.0 */
/* What a backend may leave to others, see store.h: copies of all of it, and its place on the disk.
 */
#include "store_internal.h"
#include <assert.h>

enum sgn_status
store_copy_begin(struct store_reader *reader, struct store_copy **out, struct sgn_error *err)
{
    assert(reader != NULL && out != NULL);
    *out = NULL;
    if (reader->ops->copy_begin != NULL)
        return reader->ops->copy_begin(reader, out, err);
    (void)sgn_fail(err, SGN_NOT_NOW,
                   "the database of this site is kept by PostgreSQL: pg_dump makes its backups, "
                   "while the site is served");
    sgn_error_add(err, "hint",
                  json_string("pg_dump --format=custom --schema=signoff --file=signoff.dump URL, "
                              "as an administrator; then copy the folder of attached files and the "
                              "site's own folder; \"Backup\" in README.md has every step"));
    return SGN_NOT_NOW;
}

enum sgn_status
store_copy_step(struct store_copy *copy, struct sgn_error *err)
{
    assert(copy != NULL);
    return copy->ops->copy_step(copy, err);
}

int
store_copy_take(struct store_copy *copy)
{
    assert(copy != NULL);
    return copy->ops->copy_take(copy);
}

void
store_copy_free(struct store_copy *copy)
{
    if (copy != NULL)
        copy->ops->copy_free(copy);
}

bool
store_room(const struct store *store, struct store_room *out)
{
    assert(store != NULL && out != NULL);
    return store->ops->room != NULL && store->ops->room(store, out);
}
