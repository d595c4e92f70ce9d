/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copying a site, see copy.h: what comes after what.
 *
 *   1. the target is empty, or an unfinished copy of this source; it is marked
 *   2. site-wide rows; of each team its rows, its entries, its cases
 *   3. the same once more, comparing
 *   4. the mark is taken away
 */
#include "copy_internal.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

void
copy_tell(const struct copying *copying, enum lane_copy_part part, int64_t done, int64_t all)
{
    const struct lane_copy_options *options = copying->options;

    if (options->progress != NULL)
        options->progress(options->ctx,
                          &(struct lane_copy_progress){ .team = copying->team,
                                                        .part = part,
                                                        .reading_back = copying->reading_back,
                                                        .done = done,
                                                        .all = all });
}

/* The head is taken with the unit ready: it is not held for longer than writing takes. */
enum sgn_status
copy_write(struct copying *copying, const char *team, const struct store_unit *unit,
           struct sgn_error *err)
{
    struct store_head head;
    enum sgn_status st = store_begin(copying->options->to, team, &head, err);

    return st == SGN_OK ? store_commit(copying->options->to, unit, err) : st;
}

/* ---- the mark ---- */

static enum sgn_status
mark(struct copying *copying, bool remove, struct sgn_error *err)
{
    json_t *json = remove ? json_pack("{s:s}", "name", STORE_UNFINISHED)
                          : json_pack("{s:s, s:b}", "name", STORE_UNFINISHED, "value", 1);
    struct store_row row = { .table = STORE_SETTING, .team = "", .row = json, .remove = remove };
    enum sgn_status st =
        json != NULL
            ? copy_write(copying, "", &(struct store_unit){ .rows = &row, .n_rows = 1 }, err)
            : sgn_nomem(err);

    json_decref(json);
    return st;
}

/* Anything of a site's: teams, or rows of a table that is site-wide. */
static enum sgn_status
expect_empty(struct copying *copying, struct sgn_error *err)
{
    static const enum store_table tables[] = { STORE_TOKEN, STORE_SETTING, STORE_LINK };
    json_t *found = NULL;
    size_t n = 0;
    enum sgn_status st = store_teams(copying->to, &found, err);

    n = json_array_size(found);
    json_decref(found);
    for (size_t i = 0; st == SGN_OK && n == 0 && i < sizeof tables / sizeof tables[0]; i++) {
        st = store_row_list(copying->to, tables[i], "", NULL, NULL, 1, &found, err);
        if (st == SGN_OK) {
            n += json_array_size(found);
            json_decref(found);
        }
    }
    if (st != SGN_OK || n == 0)
        return st;
    return sgn_fail(err, SGN_CONFLICT,
                    "the target holds a site already; a copy goes into an empty database, or into "
                    "a folder without signoff.db");
}

/* ---- all of it ---- */

/* What is there must be this source's: its teams, and of each the first entries. */
static enum sgn_status
expect_teams(struct copying *copying, const json_t *teams, struct sgn_error *err)
{
    json_t *there = NULL, *team;
    size_t i, k;
    enum sgn_status st = store_teams(copying->to, &there, err);

    json_array_foreach(there, i, team) {
        bool known = false;
        json_t *one;

        json_array_foreach((json_t *)(uintptr_t)teams, k, one) {
            known = known || json_equal(one, team);
        }
        if (st == SGN_OK && !known)
            st = sgn_fail(err, SGN_CONFLICT,
                          "the target holds an unfinished copy of another site: the source has no "
                          "team %s; empty it first",
                          json_string_value(team));
        if (st == SGN_OK)
            st = copy_entries_fit(copying, json_string_value(team), err);
    }
    json_decref(there);
    return st;
}

static enum sgn_status
one_team(struct copying *copying, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (int table = 0; st == SGN_OK && table < STORE_TABLES; table++) {
        /* What a case waits for is written with it, and read back with the other tables. */
        if (!store_table((enum store_table)table)->site &&
            (table != STORE_WAITING || copying->reading_back))
            st = copy_table(copying, (enum store_table)table, copying->team, err);
    }
    if (st == SGN_OK)
        st = copy_entries(copying, err);
    if (st == SGN_OK)
        st = copy_cases(copying, err);
    copy_versions_free(copying);
    return st;
}

static enum sgn_status
everything(struct copying *copying, const json_t *teams, bool reading_back, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    const json_t *team;
    size_t i;

    copying->reading_back = reading_back;
    copying->team = "";
    for (int table = 0; st == SGN_OK && table < STORE_TABLES; table++) {
        if (store_table((enum store_table)table)->site)
            st = copy_table(copying, (enum store_table)table, "", err);
    }
    json_array_foreach((json_t *)(uintptr_t)teams, i, team) {
        copying->team = json_string_value(team);
        if (st == SGN_OK)
            st = one_team(copying, err);
    }
    return st;
}

static enum sgn_status
prepare(struct copying *copying, const json_t *teams, bool *went_on, struct sgn_error *err)
{
    enum sgn_status st = store_unfinished(copying->to, went_on, err);

    if (st != SGN_OK)
        return st;
    if (*went_on)
        return expect_teams(copying, teams, err);
    st = expect_empty(copying, err);
    return st == SGN_OK ? mark(copying, false, err) : st;
}

enum sgn_status
lane_copy(const struct lane_copy_options *options, json_t **out, struct sgn_error *err)
{
    struct copying copying = { .options = options,
                               .from = store_own_reader(options->from),
                               .to = store_own_reader(options->to),
                               .team = "" };
    json_t *teams = NULL;
    bool went_on = false;
    enum sgn_status st = store_teams(copying.from, &teams, err);

    *out = NULL;
    if (st == SGN_OK)
        st = prepare(&copying, teams, &went_on, err);
    if (st == SGN_OK)
        st = everything(&copying, teams, false, err);
    if (st == SGN_OK)
        st = everything(&copying, teams, true, err);
    if (st == SGN_OK)
        st = store_check(options->to, err);
    if (st == SGN_OK)
        st = mark(&copying, true, err);
    if (st == SGN_OK) {
        *out =
            json_pack("{s:I, s:I, s:I, s:I, s:I, s:i, s:b}", "teams",
                      (json_int_t)json_array_size(teams), "entries", (json_int_t)copying.entries,
                      "cases", (json_int_t)copying.cases, "rows", (json_int_t)copying.rows, "files",
                      (json_int_t)copying.files, "redacted", copying.redacted, "went_on", went_on);
        st = *out != NULL ? SGN_OK : sgn_nomem(err);
    }
    json_decref(teams);
    return st;
}
