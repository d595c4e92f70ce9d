/* SPDX-License-Identifier: Apache-2.0 */
/* The fact "imported:SOURCE:KEY": what of another tool is a case here already. See core.h. */
#include "columns.h"
#include "json.h"
#include "lane_internal.h"
#include <string.h>

/* The key of the case that this became; "": there is none. Staged ones are looked at first, one by
 * one: a batch has few. */
static enum sgn_status
find_imported(const struct lane_source *from, const char *value, char key[SGN_KEY_MAX + 1],
              struct sgn_error *err)
{
    const struct lane_batch *batch =
        from->run != NULL ? lane_batch_of(from->lane, from->team) : NULL;
    json_t *fields = json_pack("{s:s}", LANE_IMPORTED, value);
    struct store_case_filter filter = { .team = from->team, .fields = fields, .limit = 1 };
    struct store_page page = { 0 };
    enum sgn_status st = fields != NULL ? SGN_OK : sgn_nomem(err);

    key[0] = '\0';
    for (const struct lane_case *c = batch != NULL ? batch->cases.map : NULL; c != NULL;
         c = c->hh.next) {
        const char *its = sgn_json_str(c->change->out.indexed, LANE_IMPORTED);
        if (its != NULL && strcmp(its, value) == 0 && strcmp(c->change->out.team, from->team) == 0)
            sgn_text_copy(key, SGN_KEY_MAX + 1, c->change->out.key);
    }
    if (st == SGN_OK && key[0] == '\0')
        st = store_case_query(from->reader, &filter, &page, err);
    if (json_array_size(page.items) > 0)
        sgn_text_copy(key, SGN_KEY_MAX + 1, sgn_json_str(json_array_get(page.items, 0), "key"));
    store_page_deinit(&page);
    json_decref(fields);
    return st;
}

/* With how much of its former history is here. */
enum sgn_status
lane_imported(const struct lane_source *from, const char *value, json_t **out,
              struct sgn_error *err)
{
    struct store_case_row stored = { 0 };
    struct lane_case *item = NULL;
    json_t *read = NULL;
    const json_t *row = NULL;
    char key[SGN_KEY_MAX + 1];
    enum sgn_status st = find_imported(from, value, key, err);

    if (st == SGN_OK && key[0] != '\0' && from->run != NULL) {
        st = lane_case_item(from->lane, from->team, key, &item, err);
        row = st == SGN_OK ? item->row : NULL;
    } else if (st == SGN_OK && key[0] != '\0') {
        st = store_case_get(from->reader, from->team, key, &stored, err);
        if (st == SGN_OK)
            st = sgn_json_parse(stored.document, strlen(stored.document), &read, err);
        row = read;
    }
    if (st == SGN_OK)
        *out = key[0] == '\0'
                   ? json_null()
                   : json_pack("{s:s, s:I}", "case", key, "n",
                               (json_int_t)sgn_json_int(json_object_get(row, "imported"), "n", 0));
    if (st == SGN_OK && *out == NULL)
        st = sgn_nomem(err);
    json_decref(read);
    store_case_row_deinit(&stored);
    return st;
}
