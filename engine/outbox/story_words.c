/* SPDX-License-Identifier: Apache-2.0 */
/* What stories are put together from, see story.h. */
#include "story.h"

#include "json.h"
#include <string.h>

#define LINE_BYTES 1000 /* longer ones end in "…" */
#define MORE       "…"

/* ---- texts ---- */

/* The character of these bytes; of four bytes, none that matters here. */
static uint32_t
code_of(const unsigned char *c, size_t n)
{
    if (n == 1)
        return c[0];
    if (n == 2)
        return (c[0] & 0x1FU) << 6 | (c[1] & 0x3FU);
    return n == 3 ? (c[0] & 0x0FU) << 12 | (c[1] & 0x3FU) << 6 | (c[2] & 0x3FU) : 'x';
}

/* Spaces and what ends lines. */
static bool
is_space(uint32_t code)
{
    return code <= ' ' || (code >= 0x7F && code <= 0xA0) || code == 0x2028 || code == 0x2029;
}

/* What nobody sees and makes others look as they are not. */
static bool
is_hidden(uint32_t code)
{
    return code == 0x200B || code == 0x200E || code == 0x200F ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2060 && code <= 0x2069) ||
           code == 0xFEFF;
}

char *
telling_plain(const struct sgn_buf *text)
{
    struct sgn_buf out;
    size_t i = 0, n, fits = 0;
    bool space = false;

    sgn_buf_init(&out, LINE_BYTES + 16);
    while (i < text->len) {
        const unsigned char *c = (const unsigned char *)text->bytes + i;

        n = 1;
        while (i + n < text->len && (c[n] & 0xC0) == 0x80)
            n++;
        i += n;
        if (is_space(code_of(c, n)))
            space = out.len > 0;
        if (is_space(code_of(c, n)) || is_hidden(code_of(c, n)))
            continue;
        if (out.len + n + space > LINE_BYTES) {
            sgn_buf_cut(&out, fits);
            (void)sgn_buf_puts(&out, MORE);
            break;
        }
        (void)sgn_buf_append(&out, " ", space);
        (void)sgn_buf_append(&out, c, n);
        space = false;
        if (out.len + strlen(MORE) <= LINE_BYTES)
            fits = out.len;
    }
    (void)sgn_buf_append(&out, "", 0);
    return sgn_buf_take(&out);
}

/* ---- names ---- */

/* The title of a row with this key, or its key. */
static enum sgn_status
put_row(const struct telling *t, struct sgn_buf *buf, enum store_table table, const char *member,
        const char *name, struct sgn_error *err)
{
    struct outbox_team *team = t->endpoint->team;
    json_t *key = json_pack("{s:s}", member, name), *row = NULL;
    const json_t *title;
    enum sgn_status st =
        key != NULL ? store_row_get(team->outbox->options.reader, table, team->name, key, &row, err)
                    : sgn_nomem(err);

    st = sgn_if_any(st, err);
    /* One of a person is a text, the others have one for each language. */
    title = json_object_get(row, "title");
    (void)sgn_buf_puts(buf, json_is_string(title) ? json_string_value(title)
                                                  : model_title(title, t->language, name));
    json_decref(row);
    json_decref(key);
    return st;
}

enum sgn_status
telling_put_person(const struct telling *t, struct sgn_buf *buf, const char *key,
                   struct sgn_error *err)
{
    if (key == NULL || strcmp(key, "system") == 0) {
        (void)sgn_buf_puts(buf, telling_say(t, "the system"));
        return SGN_OK;
    }
    return put_row(t, buf, STORE_PERSON, "person", key, err);
}

enum sgn_status
telling_put_group(const struct telling *t, struct sgn_buf *buf, const char *key,
                  struct sgn_error *err)
{
    return put_row(t, buf, STORE_GROUP, "group", key, err);
}

const char *
telling_state(const struct telling *t, const char *name)
{
    int i = t->model != NULL && name != NULL ? model_state_find(t->model, name) : -1;
    const struct model_state *state = i >= 0 ? &t->model->states[i] : NULL;

    if (state == NULL)
        return name != NULL ? name : "?";
    return model_title(t->for_client && state->client_title != NULL ? state->client_title
                                                                    : state->title,
                       t->language, name);
}

const char *
telling_outcome(const struct telling *t, const char *outcome)
{
    if (outcome == NULL)
        return "?";
    return t->model != NULL ? model_outcome_title(t->model, outcome, t->language) : outcome;
}

/* The ballot of who acts, or NULL. */
const json_t *
telling_ballot(const struct telling *t)
{
    const char *actor = sgn_json_str(t->view, "actor"), *person;
    const json_t *ballot;
    size_t i;

    json_array_foreach(json_object_get(t->view, "ballots"), i, ballot) {
        person = sgn_json_str(ballot, "person");
        if (person != NULL && actor != NULL && strcmp(person, actor) == 0)
            return ballot;
    }
    return NULL;
}
