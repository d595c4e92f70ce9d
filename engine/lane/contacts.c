/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads, and counts nothing twice: a mail that was given up reached nobody, and a call that the
 * client made is no word of ours.
 */
#include "contacts.h"

#include "clock.h"
#include "json.h"
#include <string.h>

#define PAGE       500
#define NOTED_MOST 100
#define PER_ENTRY  INT64_C(1000000) /* numbers of messages of one entry, see effects.c */

/* ---- what the engine told ---- */

/* How far the mails to a person have gone, and which of them were given up. */
struct mails {
    bool any;           /* the team has mails sent, and the person has an address */
    int64_t one, other; /* single mails, and those that gather reminders */
    json_t *dead;       /* {NUMBER: true} */
};

static enum sgn_status
reader_seq(struct store_reader *reader, const char *team, const char *name, int64_t *out,
           bool *found, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", "name", name), *row = NULL;
    enum sgn_status st =
        key != NULL ? store_row_get(reader, STORE_READER, team, key, &row, err) : sgn_nomem(err);

    if (st == SGN_OK && sgn_json_int(row, "seq", 0) > *out)
        *out = sgn_json_int(row, "seq", 0);
    *found = st == SGN_OK;
    json_decref(key);
    json_decref(row);
    return sgn_if_any(st, err);
}

static enum sgn_status
add_dead(struct store_reader *reader, const char *team, const char *box, struct mails *mails,
         struct sgn_error *err)
{
    json_t *match = json_pack("{s:s, s:s}", "endpoint", box, "status", "dead"), *rows = NULL, *row;
    char number[24];
    size_t i;
    enum sgn_status st =
        match != NULL ? store_row_list(reader, STORE_DELIVERY, team, match, NULL, PAGE, &rows, err)
                      : sgn_nomem(err);

    json_array_foreach(rows, i, row) {
        snprintf(number, sizeof number, "%lld", (long long)sgn_json_int(row, "seq", 0));
        if (json_object_set_new(mails->dead, number, json_true()) != 0)
            st = sgn_nomem(err);
    }
    json_decref(match);
    json_decref(rows);
    return st;
}

static enum sgn_status
mails_read(struct store_reader *reader, const char *team, const json_t *person, struct mails *mails,
           struct sgn_error *err)
{
    const char *key = sgn_json_str(person, "person");
    char one[SGN_KEY_MAX + 16], other[SGN_KEY_MAX + 16];
    bool found;
    enum sgn_status st;

    *mails = (struct mails){ .dead = json_object() };
    if (mails->dead == NULL)
        return sgn_nomem(err);
    sgn_text_join(one, sizeof one, "mail/", key);
    sgn_text_join(other, sizeof other, "digest/", key);
    st = reader_seq(reader, team, "mail", &mails->one, &mails->any, err);
    mails->any = mails->any && sgn_json_str(person, "mail") != NULL;
    if (st != SGN_OK || !mails->any)
        return st;
    mails->other = mails->one;
    st = reader_seq(reader, team, one, &mails->one, &found, err);
    if (st == SGN_OK)
        st = reader_seq(reader, team, other, &mails->other, &found, err);
    if (st == SGN_OK)
        st = add_dead(reader, team, one, mails, err);
    return st == SGN_OK ? add_dead(reader, team, other, mails, err) : st;
}

static const char *
became_of(const struct mails *mails, const json_t *row)
{
    const char *kind = sgn_json_str(row, "kind");
    int64_t id = sgn_json_int(row, "id", 0);
    bool gathered = kind != NULL && strcmp(kind, "remind") == 0;
    char number[24];

    snprintf(number, sizeof number, "%lld", (long long)id);
    if (!mails->any)
        return "portal";
    if (json_object_get(mails->dead, number) != NULL)
        return "failed";
    if (id <= mails->one && (!gathered || id <= mails->other))
        return "mail";
    /* Who has read it before it went out gets no mail of it. */
    return sgn_json_int(row, "read", 0) != 0 || sgn_json_true(row, "read") ? "portal" : "waiting";
}

/* Of one part, read or not: the index is by both. */
static enum sgn_status
add_part(struct store_reader *reader, const char *team, const char *person, bool read,
         int64_t after, const struct mails *mails, json_t *out, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s, s:b}", "person", person, "read", (int)read);
    enum sgn_status st = match != NULL ? SGN_OK : sgn_nomem(err);
    size_t n = PAGE;

    while (st == SGN_OK && n == PAGE) {
        json_t *from = after > 0 ? json_pack("{s:I}", "id", (json_int_t)after) : NULL;
        json_t *rows = NULL, *row;
        size_t i;

        st = store_row_list(reader, STORE_MESSAGE, team, match, from, PAGE, &rows, err);
        n = json_array_size(rows);
        json_array_foreach(rows, i, row) {
            after = sgn_json_int(row, "id", 0);
            if (json_object_set_new(row, "sent", json_string(became_of(mails, row))) != 0 ||
                json_array_append(out, row) != 0)
                st = sgn_nomem(err);
        }
        json_decref(from);
        json_decref(rows);
    }
    json_decref(match);
    return st;
}

enum sgn_status
lane_told_rows(struct store_reader *reader, const char *team, const json_t *person, int64_t after,
               json_t **out, struct sgn_error *err)
{
    const char *key = sgn_json_str(person, "person");
    struct mails mails;
    enum sgn_status st = mails_read(reader, team, person, &mails, err);

    *out = json_array();
    if (st == SGN_OK && *out == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = add_part(reader, team, key, false, after, &mails, *out, err);
    if (st == SGN_OK)
        st = add_part(reader, team, key, true, after, &mails, *out, err);
    json_decref(mails.dead);
    return st;
}

/* ---- the fact ---- */

static enum sgn_status
later(json_t *out, const char *way, int64_t at, struct sgn_error *err)
{
    if (way == NULL || at <= sgn_json_int(out, way, 0))
        return SGN_OK;
    return json_object_set_new(out, way, json_integer(at)) == 0 ? SGN_OK : sgn_nomem(err);
}

/* What came from the client is no word of ours. */
static enum sgn_status
add_noted(struct store_reader *reader, const char *team, const char *project, json_t *out,
          struct sgn_error *err)
{
    json_t *workflows = json_pack("[s]", LANE_COMMUNICATION);
    struct store_case_filter filter = { .team = team,
                                        .project = project,
                                        .workflows = workflows,
                                        .sort = "opened",
                                        .descending = true,
                                        .limit = NOTED_MOST };
    struct store_page page = { 0 };
    const json_t *item;
    size_t i;
    enum sgn_status st =
        workflows != NULL ? store_case_query(reader, &filter, &page, err) : sgn_nomem(err);

    json_array_foreach(page.items, i, item) {
        const json_t *fields = json_object_get(item, "fields");
        const char *direction = sgn_json_str(fields, "direction");
        int64_t at;

        if (st == SGN_OK && (direction == NULL || strcmp(direction, "in") != 0) &&
            sgn_time_parse(
                sgn_json_str(fields, "happened") != NULL ? sgn_json_str(fields, "happened") : "",
                &at, NULL) == SGN_OK)
            st = later(out, sgn_json_str(fields, "kind"), at, err);
    }
    store_page_deinit(&page);
    json_decref(workflows);
    return st;
}

/* Is the message about a case of that project? */
static bool
is_of(struct store_reader *reader, const char *team, const json_t *row, const char *project)
{
    const char *key = sgn_json_str(row, "case");
    struct store_case_row found = { 0 };
    json_t *document = NULL;
    const char *its = NULL;
    bool is;

    if (key != NULL && store_case_get(reader, team, key, &found, NULL) == SGN_OK &&
        sgn_json_parse(found.document, strlen(found.document), &document, NULL) == SGN_OK)
        its = sgn_json_str(document, "project");
    is = its != NULL && strcmp(its, project) == 0;
    json_decref(document);
    store_case_row_deinit(&found);
    return is;
}

/* Of one person. What is about other projects is passed over from the latest on. */
static enum sgn_status
add_told(struct store_reader *reader, const char *team, const char *project, const json_t *person,
         int64_t after, json_t *out, struct sgn_error *err)
{
    json_t *rows = NULL;
    enum sgn_status st = lane_told_rows(reader, team, person, after, &rows, err);

    for (size_t i = json_array_size(rows); i-- > 0;) {
        const json_t *row = json_array_get(rows, i);
        const char *sent = sgn_json_str(row, "sent");
        int64_t at = sgn_json_int(row, "at", 0);

        if (st == SGN_OK && (strcmp(sent, "mail") == 0 || strcmp(sent, "portal") == 0) &&
            at > sgn_json_int(out, sent, 0) && is_of(reader, team, row, project))
            st = later(out, sent, at, err);
    }
    json_decref(rows);
    return st;
}

/* From so many entries back on; most projects have told their client something in the last few. */
static enum sgn_status
add_told_since(struct store_reader *reader, const char *team, const char *project,
               const json_t *people, int64_t after, json_t *out, struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    const json_t *one;
    size_t i;

    json_array_foreach(people, i, one) {
        json_t *key = json_pack("{s:O}", "person", json_object_get(one, "person")), *person = NULL;

        if (st == SGN_OK)
            st = store_row_get(reader, STORE_PERSON, team, key, &person, err);
        if (st == SGN_OK)
            st = add_told(reader, team, project, person, after, out, err);
        json_decref(key);
        json_decref(person);
    }
    return st;
}

enum sgn_status
lane_contact_fact(struct store_reader *reader, const char *team, const char *project, json_t **out,
                  struct sgn_error *err)
{
    static const int64_t backs[] = { 20000, 400000, INT64_MAX };
    json_t *match = json_pack("{s:s, s:s}", "project", project, "role", "client"), *people = NULL;
    struct store_head head = { 0 };
    enum sgn_status st = store_head_get(reader, team, &head, err);

    *out = json_object();
    if (st == SGN_OK && (*out == NULL || match == NULL))
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = store_row_list(reader, STORE_MEMBERSHIP, team, match, NULL, PAGE, &people, err);
    for (size_t i = 0; st == SGN_OK && i < sizeof backs / sizeof backs[0]; i++) {
        int64_t from = head.seq > backs[i] ? head.seq - backs[i] : 0;

        st = add_told_since(reader, team, project, people, from * PER_ENTRY, *out, err);
        if (from == 0 || json_object_size(*out) > 0)
            break;
    }
    if (st == SGN_OK)
        st = add_noted(reader, team, project, *out, err);
    json_decref(match);
    json_decref(people);
    return st;
}
