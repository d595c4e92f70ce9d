/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a backend is: a row of functions. store.c picks it by the URL and
 * checks preconditions once for all of them; the functions mean what store.h says.
 */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "store.h"

struct store_ops {
    enum sgn_status (*open)(const struct store_options *options, const char *place,
                            struct store **out, struct sgn_error *err);
    void (*close)(struct store *store);
    enum sgn_status (*keep_alone)(struct store *store, struct sgn_error *err); /* NULL: it is */
    struct store_reader *(*own_reader)(struct store *store);
    void (*reads)(struct store *store, bool begin); /* NULL: nothing is gained by it */
    enum sgn_status (*reader_open)(struct store *store, struct store_reader **out,
                                   struct sgn_error *err);
    void (*reader_close)(struct store_reader *reader);
    int teams_per_commit;

    /* Four for several commits at the same time; NULL where there is one. */
    int (*ways)(struct store *store, int n);
    void (*begin_send)(struct store *store, const char *team);
    void (*commit_send)(struct store *store, const struct store_unit *unit);
    const char *(*answered)(struct store *store, bool wait);
    enum sgn_status (*begin)(struct store *store, const char *team, struct store_head *head,
                             struct sgn_error *err);
    enum sgn_status (*commit_wait)(struct store *store, const struct store_unit *unit,
                                   struct sgn_error *err);
    void (*rollback)(struct store *store, const char *team);
    bool (*idle)(struct store *store);
    enum sgn_status (*check)(struct store *store, struct sgn_error *err);

    /* A backend that nobody else writes has none of these ten. */
    enum sgn_status (*waker_open)(struct store *store, struct store_waker **out,
                                  struct sgn_error *err);
    void (*waker_close)(struct store_waker *waker);
    int (*waker_fd)(struct store_waker *waker);
    enum sgn_status (*waker_take)(struct store_waker *waker, json_t **out, struct sgn_error *err);
    enum sgn_status (*wake)(struct store_waker *waker, const json_t *teams, struct sgn_error *err);
    enum sgn_status (*node_sign)(struct store_waker *waker, const struct store_node *node,
                                 int64_t *now, struct sgn_error *err);
    void (*node_leave)(struct store_waker *waker, const char *id);
    enum sgn_status (*nodes)(struct store_reader *reader, json_t **out, struct sgn_error *err);
    enum sgn_status (*lease_take)(struct store_waker *waker, const struct store_fence *fence,
                                  bool all, json_t **out, struct sgn_error *err);
    enum sgn_status (*heads)(struct store_waker *waker, const json_t *teams, json_t **out,
                             struct sgn_error *err);

    enum sgn_status (*clock)(struct store_reader *reader, int64_t *out, struct sgn_error *err);
    enum sgn_status (*changes)(struct store_reader *reader, const char *team, int64_t since,
                               int limit, json_t **out, struct sgn_error *err);
    enum sgn_status (*teams)(struct store_reader *reader, json_t **out, struct sgn_error *err);
    enum sgn_status (*head_get)(struct store_reader *reader, const char *team,
                                struct store_head *out, struct sgn_error *err);
    enum sgn_status (*entries)(struct store_reader *reader, const char *team, int64_t first,
                               int limit, store_entry_fn fn, void *ctx, struct sgn_error *err);
    enum sgn_status (*case_entries)(struct store_reader *reader, const char *team,
                                    const char *case_key, int64_t before, int limit,
                                    store_entry_fn fn, void *ctx, struct sgn_error *err);
    enum sgn_status (*effect_entries)(struct store_reader *reader, const char *team, int64_t first,
                                      int limit, store_entry_fn fn, void *ctx,
                                      struct sgn_error *err);
    enum sgn_status (*requests_find)(struct store_reader *reader, const char *team,
                                     struct store_request *requests, int n, struct sgn_error *err);
    enum sgn_status (*request_get)(struct store_reader *reader, const char *team,
                                   const char *person, const char *request, int64_t since,
                                   struct store_entry_row *out, struct sgn_error *err);
    enum sgn_status (*case_get)(struct store_reader *reader, const char *team, const char *key,
                                struct store_case_row *out, struct sgn_error *err);
    enum sgn_status (*case_query)(struct store_reader *reader,
                                  const struct store_case_filter *filter, struct store_page *out,
                                  struct sgn_error *err);
    enum sgn_status (*case_count)(struct store_reader *reader,
                                  const struct store_case_filter *filter,
                                  const struct store_count *count, json_t **out,
                                  struct sgn_error *err);
    enum sgn_status (*open_count)(struct store_reader *reader, const char *team,
                                  const char *project, const char *workflow, int64_t *out,
                                  struct sgn_error *err);
    /* NULL: they are counted in a list */
    enum sgn_status (*stuck_count)(struct store_reader *reader, const char *team, int64_t *out,
                                   struct sgn_error *err);
    enum sgn_status (*due_next)(struct store_reader *reader, int64_t now, int limit, json_t **out,
                                struct sgn_error *err);
    enum sgn_status (*due_first)(struct store_reader *reader, int64_t *out, struct sgn_error *err);
    enum sgn_status (*inbox)(struct store_reader *reader, const struct store_inbox_filter *filter,
                             const char *cursor, int limit, struct store_page *out,
                             struct sgn_error *err);
    enum sgn_status (*row_get)(struct store_reader *reader, enum store_table table,
                               const char *team, const json_t *key, json_t **out,
                               struct sgn_error *err);
    /* limit below zero: store_row_list_back(), at most -limit. */
    enum sgn_status (*row_list)(struct store_reader *reader, enum store_table table,
                                const char *team, const json_t *match, const json_t *after,
                                int limit, json_t **out, struct sgn_error *err);
    json_t *(*describe)(struct store *store);
    json_t *(*stats)(struct store_reader *reader);

    bool (*room)(const struct store *store, struct store_room *out); /* NULL: not ours to know */

    /* NULL, all four: another program makes the copies. */
    enum sgn_status (*copy_begin)(struct store_reader *reader, struct store_copy **out,
                                  struct sgn_error *err);
    enum sgn_status (*copy_step)(struct store_copy *copy, struct sgn_error *err);
    int (*copy_take)(struct store_copy *copy);
    void (*copy_free)(struct store_copy *copy);
};

/* The first member of a backend's own structs. */
struct store {
    const struct store_ops *ops;
};
struct store_reader {
    const struct store_ops *ops;
};
struct store_waker {
    const struct store_ops *ops;
};
struct store_copy {
    const struct store_ops *ops;
};

/* store_unit.c: asserts what every backend takes for granted of a unit. */
void store_unit_check(const struct store_unit *unit);

extern const struct store_ops store_sqlite_ops, store_postgres_ops;

/* The end of store_changes: takes the cases that were read, one more than the limit at most. */
enum sgn_status store_changes_done(enum sgn_status st, json_t *cases_take, int limit, json_t **out,
                                   struct sgn_error *err);

/* The place is taken: whoever opens the store may do what waits for that. */
static inline enum sgn_status
store_taken(const struct store_options *options, struct sgn_error *err)
{
    return options->taken != NULL ? options->taken(options->ctx, err) : SGN_OK;
}

/* Opening for a look (store_options): a store of an older schema is refused, since another Signoff
 * may still want to write what it wrote; schema 0 is none at all. */
enum sgn_status store_look(const char *where, int64_t schema, int newest,
                           struct sgn_error *err) SGN_MUST_CHECK;

/* A case's key with its number padded, so that text order is the order of the numbers. */
#define STORE_KEY_ORDER 64
void store_key_order(const char *key, char out[STORE_KEY_ORDER]);

#endif
