/* SPDX-License-Identifier: Apache-2.0 */
/* The planted fault: a commit of which nobody knows whether it happened is acknowledged. */
#include "store.h"

enum sgn_status __real_store_commit_wait(struct store *store, const struct store_unit *unit,
                                         struct sgn_error *err);
enum sgn_status __wrap_store_commit_wait(struct store *store, const struct store_unit *unit,
                                         struct sgn_error *err);

enum sgn_status
__wrap_store_commit_wait(struct store *store, const struct store_unit *unit, struct sgn_error *err)
{
    enum sgn_status st = __real_store_commit_wait(store, unit, err);

    return st == SGN_UNKNOWN_OUTCOME ? SGN_OK : st;
}
