/* SPDX-License-Identifier: Apache-2.0 */
/* How long what is kept of cases that have ended. Whoever applies the rules goes by their times. */
#include "model_internal.h"

static const struct member rule_members[] = {
    { "after", SHAPE_TEXT, true },
    { "erase", SHAPE_ANY, true },
    { "line", SHAPE_INTEGER, false },
};

static enum sgn_status
read_after(struct reader *r, const struct place *up, struct model_retention *rule)
{
    struct place at = place_member(up, "after");
    enum sgn_status st =
        reader_failed_at(r, &at, calendar_period_parse(rule->text, &rule->after, r->err));

    for (int i = 0; st == SGN_OK && i < r->model->n_retention; i++)
        if (calendar_period_compare(&r->model->retention[i].after, &rule->after) == 0)
            st = reader_fail(r, &at, "another rule is for this time: one can name all that goes");
    return st;
}

static enum sgn_status
read_erase(struct reader *r, const struct place *up, const json_t *erase,
           struct model_retention *rule)
{
    static const char *const words[] = { "internal", "all" };
    struct place at = place_member(up, "erase");
    enum sgn_status st;
    int word = 0;

    if (json_is_string(erase)) {
        st = reader_word(r, &at, json_string_value(erase), "part of a history", words, COUNT(words),
                         &word);
        rule->all = word == 1;
        return st;
    }
    st = reader_shape(r, &at, erase, SHAPE_TEXTS);
    if (st == SGN_OK && json_array_size(erase) == 0)
        st = reader_fail(r, &at, "erases nothing");
    rule->fields = erase;
    return st == SGN_OK ? reader_fields(r, &at, erase) : st;
}

enum sgn_status
parse_retention(struct reader *r, const struct place *top, const json_t *json)
{
    struct place at = place_member(top, "retention");
    const json_t *list = json_object_get(json, "retention"), *one;
    enum sgn_status st = SGN_OK;
    size_t i;

    r->model->retention = model_alloc(r->box, json_array_size(list), sizeof *r->model->retention);
    if (r->model->retention == NULL)
        return reader_nomem(r);
    json_array_foreach(list, i, one) {
        struct place here = place_element(&at, i);
        struct model_retention *rule = &r->model->retention[i];

        st = reader_object(r, &here, one, "a rule of retention", rule_members, COUNT(rule_members));
        if (st != SGN_OK)
            return st;
        *rule = (struct model_retention){ .text = sgn_json_str(one, "after"),
                                          .line = (int)sgn_json_int(one, "line", 0) };
        st = read_after(r, &here, rule);
        if (st == SGN_OK)
            st = read_erase(r, &here, json_object_get(one, "erase"), rule);
        if (st != SGN_OK)
            return st;
        r->model->n_retention++; /* only now: it is not compared with itself */
    }
    return st;
}
