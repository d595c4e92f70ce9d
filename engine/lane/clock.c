/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The site's clock across restarts, and outages of a site on real time.
 */
#include "json.h"
#include "lane_internal.h"
#include "nodes.h"
#include <string.h>

static enum sgn_status
setting_get(struct store_reader *reader, const char *name, json_t **out, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "name", name), *row = NULL;
    enum sgn_status st = store_row_get(reader, STORE_SETTING, "", key, &row, err);

    *out = NULL;
    json_decref(key);
    if (st == SGN_OK)
        *out = json_incref(json_object_get(row, "value"));
    json_decref(row);
    return sgn_if_any(st, err);
}

/* A new site: the option decides for good. Of several nodes that start at once the first one's. */
static enum sgn_status
decide_first(struct store *store, const char *wanted, json_t **value, bool *ours,
             struct sgn_error *err)
{
    json_t *row = json_pack("{s:s, s:{s:b}}", "name", "clock", "value", "virtual", wanted != NULL);
    struct store_row put = { .table = STORE_SETTING, .team = "", .row = row };
    struct store_head head;
    int64_t now = 0;
    enum sgn_status st = wanted != NULL ? sgn_time_parse(wanted, &now, err) : SGN_OK;

    if (st != SGN_OK)
        sgn_error_prefix(err, "--clock: ");
    if (wanted != NULL)
        json_object_set_new(json_object_get(row, "value"), "now", json_integer(now));
    if (st == SGN_OK)
        st = store_begin(store, "", &head, err);
    if (st == SGN_OK)
        st = setting_get(store_own_reader(store), "clock", value, err);
    *ours = st == SGN_OK && *value == NULL;
    if (*ours) {
        *value = json_incref(json_object_get(row, "value"));
        st = store_commit(store, &(struct store_unit){ .rows = &put, .n_rows = 1 }, err);
    } else {
        store_rollback(store, NULL);
    }
    json_decref(row);
    return st;
}

/* The store's, where several nodes share it: what their own machines say may be hours apart. */
static enum sgn_status
real_time(struct store *store, struct sgn_clock *clock, struct sgn_error *err)
{
    int64_t before = sgn_monotonic_ms(), now = 0;
    enum sgn_status st = SGN_OK;

    sgn_clock_init_real(clock);
    if (store_teams_per_commit(store) > 1)
        return SGN_OK;
    st = store_clock(store_own_reader(store), &now, err);
    if (st == SGN_OK)
        sgn_clock_follow(clock, now, before, sgn_monotonic_ms());
    return st;
}

/* Where it is now: until nobody else could use the store, another server may have moved it. */
static enum sgn_status
virtual_time(struct store *store, struct sgn_clock *clock, struct sgn_error *err)
{
    json_t *value = NULL;
    enum sgn_status st = store_keep_alone(store, err);

    if (st == SGN_CONFLICT) {
        sgn_error_clear(err);
        st = sgn_fail(err, SGN_CONFLICT,
                      "in use by another server: a site on virtual time is one server's; several "
                      "need a site on real time");
    }
    if (st == SGN_OK)
        st = setting_get(store_own_reader(store), "clock", &value, err);
    if (st == SGN_OK)
        sgn_clock_init_virtual(clock, sgn_json_int(value, "now", 0));
    json_decref(value);
    return st;
}

enum sgn_status
lane_clock_open(struct store *store, const char *wanted, struct sgn_clock *clock, bool *ignored,
                struct sgn_error *err)
{
    json_t *value = NULL;
    bool ours = false;
    enum sgn_status st = setting_get(store_own_reader(store), "clock", &value, err);

    *ignored = false;
    if (st == SGN_OK && value == NULL)
        st = decide_first(store, wanted, &value, &ours, err);
    if (st != SGN_OK)
        goto out;
    if (sgn_json_true(value, "virtual")) {
        *ignored = wanted != NULL && !ours;
        st = virtual_time(store, clock, err);
    } else if (wanted != NULL) {
        st = sgn_fail(err, SGN_INVALID,
                      "--clock: this site runs on real time and always will; "
                      "make another with \"signoff init\" for virtual time");
    } else {
        st = real_time(store, clock, err);
    }
out:
    json_decref(value);
    return st;
}

/* From the last sign of life to now, the server was not there; but where another node served it was
 * no outage. */
void
lane_outage_find(struct lane *lane)
{
    json_t *value = NULL;
    int64_t now = sgn_clock_now(lane->options.clock);

    if (lane->options.clock->is_virtual || lane_nodes_others(lane) ||
        setting_get(lane->reader, "alive", &value, NULL) != SGN_OK)
        return;
    if (json_is_integer(value) && now - json_integer_value(value) > SGN_MINUTE_MS) {
        lane->down_from = json_integer_value(value);
        lane->down_to = now;
    }
    json_decref(value);
}

void
lane_sign_of_life(struct lane *lane)
{
    int64_t now;

    if (lane->options.clock->is_virtual)
        return;
    now = sgn_clock_now(lane->options.clock);
    if (now - lane->alive_at < SGN_MINUTE_MS)
        return;
    lane->alive_at = now;
    (void)lane_batch_put(lane, "", STORE_SETTING,
                         json_pack("{s:s, s:I}", "name", "alive", "value", (json_int_t)now), NULL);
}
