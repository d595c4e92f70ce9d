/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The site's clock across restarts, and outages of a site on real time.
 */
#include "json.h"
#include "lane_internal.h"
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
    if (st != SGN_NOT_FOUND)
        return st;
    sgn_error_clear(err);
    return SGN_OK;
}

static enum sgn_status
setting_put(struct store *store, const char *name, json_t *value_take, struct sgn_error *err)
{
    json_t *json = json_pack("{s:s, s:o}", "name", name, "value", value_take);
    struct store_row row = { .table = STORE_SETTING, .team = "", .row = json };
    struct store_unit unit = { .rows = &row, .n_rows = 1 };
    struct store_head head;
    enum sgn_status st = store_begin(store, "", &head, err);

    if (st == SGN_OK)
        st = store_commit(store, &unit, err);
    json_decref(json);
    return st;
}

/* A new site: the option decides for good. */
static enum sgn_status
clock_first(struct store *store, const char *wanted, struct sgn_clock *clock, struct sgn_error *err)
{
    int64_t now = 0;
    enum sgn_status st;

    if (wanted == NULL) {
        sgn_clock_init_real(clock);
        return setting_put(store, "clock", json_pack("{s:b}", "virtual", 0), err);
    }
    st = sgn_time_parse(wanted, &now, err);
    if (st != SGN_OK) {
        sgn_error_prefix(err, "--clock: ");
        return st;
    }
    sgn_clock_init_virtual(clock, now);
    return setting_put(store, "clock",
                       json_pack("{s:b, s:I}", "virtual", 1, "now", (json_int_t)now), err);
}

enum sgn_status
lane_clock_open(struct store *store, const char *wanted, struct sgn_clock *clock, bool *ignored,
                struct sgn_error *err)
{
    json_t *value = NULL;
    enum sgn_status st = setting_get(store_own_reader(store), "clock", &value, err);

    *ignored = false;
    if (st != SGN_OK)
        return st;
    if (value == NULL)
        return clock_first(store, wanted, clock, err);
    if (sgn_json_true(value, "virtual")) {
        *ignored = wanted != NULL;
        sgn_clock_init_virtual(clock, sgn_json_int(value, "now", 0));
    } else if (wanted != NULL) {
        st = sgn_fail(err, SGN_INVALID,
                      "--clock: this site runs on real time and always will; "
                      "make another with \"signoff init\" for virtual time");
    } else {
        sgn_clock_init_real(clock);
    }
    json_decref(value);
    return st;
}

/* From the last sign of life to now, the server was not there. */
void
lane_outage_find(struct lane *lane)
{
    json_t *value = NULL;
    int64_t now = sgn_clock_now(lane->options.clock);

    if (lane->options.clock->is_virtual ||
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
