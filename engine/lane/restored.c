/* SPDX-License-Identifier: Apache-2.0 */
/* What a restored site must not go on with, see backup.h. */
#include "backup.h"
#include "endpoints.h"
#include "json.h"
#include "links.h"
#include <string.h>

#define PAGE 500

struct settling {
    struct store *store;
    const char *team;
    struct store_head head;
    int64_t deliveries, logins; /* counted */
};

/* What becomes of a row: false: it stays. *remove: it goes, else it is as it is now. */
typedef bool (*settle_fn)(struct settling *settling, json_t *row, bool *remove);

static enum sgn_status
write_rows(struct settling *settling, const struct store_row *rows, int n, struct sgn_error *err)
{
    struct store_head head;
    enum sgn_status st = store_begin(settling->store, settling->team, &head, err);

    return st == SGN_OK ? store_commit(settling->store,
                                       &(struct store_unit){ .rows = rows, .n_rows = n }, err)
                        : st;
}

/* The key columns of a row, to go on behind it. */
static json_t *
key_of(enum store_table table, const json_t *row)
{
    const struct store_table_row *about = store_table(table);
    json_t *key = json_object();

    for (int i = 0; i < about->n_key; i++)
        (void)json_object_set(key, about->columns[i].name,
                              json_object_get(row, about->columns[i].name));
    return key;
}

static enum sgn_status
settle_page(struct settling *settling, enum store_table table, json_t *page, settle_fn fn,
            struct sgn_error *err)
{
    struct store_row rows[PAGE];
    json_t *row;
    size_t i;
    int n = 0;

    json_array_foreach(page, i, row) {
        bool remove = false;

        if (fn(settling, row, &remove))
            rows[n++] = (struct store_row){
                .table = table, .team = settling->team, .row = row, .remove = remove
            };
    }
    return n > 0 ? write_rows(settling, rows, n, err) : SGN_OK;
}

static enum sgn_status
settle_table(struct settling *settling, enum store_table table, settle_fn fn, struct sgn_error *err)
{
    json_t *after = NULL;
    size_t n = PAGE;
    enum sgn_status st = SGN_OK;

    while (st == SGN_OK && n == PAGE) {
        json_t *page = NULL;

        st = store_row_list(store_own_reader(settling->store), table, settling->team, NULL, after,
                            PAGE, &page, err);
        n = json_array_size(page);
        json_decref(after);
        after = n > 0 ? key_of(table, json_array_get(page, n - 1)) : NULL;
        if (st == SGN_OK)
            st = settle_page(settling, table, page, fn, err);
        json_decref(page);
    }
    json_decref(after);
    return st;
}

/* ---- deliveries ---- */

/* An endpoint goes on behind the head; mail has no cursor, and begins there by itself. The reader
 * of effects stays: what a case asked of others is part of the history. */
static bool
settle_reader(struct settling *settling, json_t *row, bool *remove)
{
    const char *name = sgn_json_str(row, "name");

    if (name != NULL && strcmp(name, "mail") == 0) {
        *remove = true;
        return true;
    }
    if (name == NULL || strncmp(name, LANE_ENDPOINT_READERS, strlen(LANE_ENDPOINT_READERS)) != 0)
        return false;
    (void)json_object_set_new(row, "seq", json_integer((json_int_t)settling->head.seq));
    (void)json_object_set_new(row, "part", json_integer(sgn_json_int(row, "part", 0) + 1));
    return true;
}

static bool
settle_delivery(struct settling *settling, json_t *row, bool *remove)
{
    const char *status = sgn_json_str(row, "status");

    *remove = status != NULL && strcmp(status, "waiting") == 0;
    settling->deliveries += *remove;
    return *remove;
}

/* ---- who is logged in ---- */

static bool
settle_link(struct settling *settling, json_t *row, bool *remove)
{
    const char *kind = sgn_json_str(row, "kind");

    *remove = kind != NULL && strcmp(kind, "login") == 0;
    settling->logins += *remove;
    return *remove;
}

/* What session.enter made of a link that signs in. */
static bool
settle_token(struct settling *settling, json_t *row, bool *remove)
{
    const char *name = sgn_json_str(row, "name");

    *remove = name != NULL && strcmp(name, LANE_BROWSER_TOKEN) == 0;
    settling->logins += *remove;
    return *remove;
}

static enum sgn_status
settle_team(struct settling *settling, struct sgn_error *err)
{
    enum sgn_status st =
        store_head_get(store_own_reader(settling->store), settling->team, &settling->head, err);

    if (st == SGN_OK)
        st = settle_table(settling, STORE_READER, settle_reader, err);
    return st == SGN_OK ? settle_table(settling, STORE_DELIVERY, settle_delivery, err) : st;
}

enum sgn_status
lane_restored(struct store *store, bool resend, json_t **out, struct sgn_error *err)
{
    struct settling settling = { .store = store, .team = "" };
    json_t *teams = NULL;
    const json_t *team;
    size_t i;
    enum sgn_status st = settle_table(&settling, STORE_LINK, settle_link, err);

    if (st == SGN_OK)
        st = settle_table(&settling, STORE_TOKEN, settle_token, err);
    if (st == SGN_OK && !resend)
        st = store_teams(store_own_reader(store), &teams, err);
    json_array_foreach(teams, i, team) {
        settling.team = json_string_value(team);
        if (st == SGN_OK && settling.team[0] != '\0')
            st = settle_team(&settling, err);
    }
    json_decref(teams);
    if (st == SGN_OK) {
        *out = json_pack("{s:I, s:I}", "deliveries_dropped", (json_int_t)settling.deliveries,
                         "logins_ended", (json_int_t)settling.logins);
        st = *out != NULL ? SGN_OK : sgn_nomem(err);
    }
    return st;
}
