/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linked into a server that the kill rounds must find out: of the rows that go to their tables it
 * leaves one out now and then, and takes it as written.
 */
#include "store_sqlite_writing.h"

enum sgn_status __real_store_sqlite_write_case(struct store_sqlite_writing *w,
                                               const struct store_case *row, int64_t id,
                                               struct sgn_error *err);
enum sgn_status __wrap_store_sqlite_write_case(struct store_sqlite_writing *w,
                                               const struct store_case *row, int64_t id,
                                               struct sgn_error *err);

enum sgn_status
__wrap_store_sqlite_write_case(struct store_sqlite_writing *w, const struct store_case *row,
                               int64_t id, struct sgn_error *err)
{
    if (w->store != NULL && row->last_seq % 40 == 0)
        return SGN_OK;
    return __real_store_sqlite_write_case(w, row, id, err);
}
