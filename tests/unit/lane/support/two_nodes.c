/* SPDX-License-Identifier: Apache-2.0 */
/* What the linker sends through the tests of two nodes, see two_nodes.h. */
#include "two_nodes.h"

void (*before)(void);
void (*before_look)(void);
bool always;
const char *failing;
struct world *here, *there;

enum sgn_status __real_store_begin(struct store *store, const char *team, struct store_head *head,
                                   struct sgn_error *err);
enum sgn_status __wrap_store_begin(struct store *store, const char *team, struct store_head *head,
                                   struct sgn_error *err);
enum sgn_status __real_store_commit_wait(struct store *store, const struct store_unit *unit,
                                         struct sgn_error *err);
enum sgn_status __wrap_store_commit_wait(struct store *store, const struct store_unit *unit,
                                         struct sgn_error *err);
enum sgn_status __real_store_head_get(struct store_reader *reader, const char *team,
                                      struct store_head *out, struct sgn_error *err);
enum sgn_status __wrap_store_head_get(struct store_reader *reader, const char *team,
                                      struct store_head *out, struct sgn_error *err);
int __wrap_store_teams_per_commit(const struct store *store);

enum sgn_status
__wrap_store_head_get(struct store_reader *reader, const char *team, struct store_head *out,
                      struct sgn_error *err)
{
    void (*now)(void) = before_look;

    before_look = NULL;
    if (now != NULL)
        now();
    return __real_store_head_get(reader, team, out, err);
}

int
__wrap_store_teams_per_commit(const struct store *store)
{
    (void)store;
    return 1;
}

enum sgn_status
__wrap_store_begin(struct store *store, const char *team, struct store_head *head,
                   struct sgn_error *err)
{
    void (*now)(void) = before;

    before = NULL; /* not within itself */
    if (now != NULL)
        now();
    if (always)
        before = now;
    return __real_store_begin(store, team, head, err);
}

enum sgn_status
__wrap_store_commit_wait(struct store *store, const struct store_unit *unit, struct sgn_error *err)
{
    if (failing == NULL || unit->n_entries == 0 || strcmp(unit->entries[0].team, failing) != 0)
        return __real_store_commit_wait(store, unit, err);
    store_rollback(store, NULL);
    return sgn_fail(err, SGN_UNAVAILABLE, "it was rolled back");
}

void
begin(bool delayed)
{
    here = world_new(false, delayed);
    assert_done(world_open(here, "li", "{}"));
    assert_done(world_fire(here, "li", "TK-1", "count"));
    there = world_beside(here);
}

void
end(void)
{
    before = NULL;
    always = false;
    world_settle(here);
    world_verify(here);
    world_free(there);
    world_free(here);
}
