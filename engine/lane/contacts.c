/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads, and counts nothing twice: a mail that was given up reached nobody, and a call that the
 * client made is no word of ours.
 */
#include "contacts.h"

#include "clock.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

#define PAGE       500
#define NOTED_MOST 100
#define PER_ENTRY  INT64_C(1000000) /* numbers of messages of one entry, see effects.c */

/* ---- what the engine told ---- */

/* Raises *out to the reader's number. */
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
add_dead(struct store_reader *reader, const char *team, const char *box, json_t *dead,
         struct sgn_error *err)
{
    json_t *match = json_pack("{s:s, s:s}", "endpoint", box, "status", "dead"), *rows = NULL, *row;
    char number[24];
    size_t i;
    enum sgn_status st =
        match != NULL ? store_row_list(reader, STORE_DELIVERY, team, match, NULL, PAGE, &rows, err)
                      : sgn_nomem(err);

    json_array_foreach(rows, i, row) {
        int64_t first = sgn_json_int(row, "seq", 0), last = sgn_json_int(row, "last", 0);

        snprintf(number, sizeof number, "%lld", (long long)first);
        if (json_object_set_new(dead, number, json_integer(last > first ? last : first)) != 0)
            st = sgn_nomem(err);
    }
    json_decref(match);
    json_decref(rows);
    return st;
}

enum sgn_status
lane_mails_read(struct store_reader *reader, const char *team, const json_t *person,
                struct lane_mails *out, struct sgn_error *err)
{
    const char *key = sgn_json_str(person, "person");
    char name[SGN_KEY_MAX + 16];
    int64_t low = 0;
    bool found;
    enum sgn_status st;

    *out = (struct lane_mails){ 0 };
    st = reader_seq(reader, team, "mail", &low, &out->any, err);
    out->any = out->any && sgn_json_str(person, "mail") != NULL;
    for (int box = 0; st == SGN_OK && out->any && box < LANE_BOXES; box++) {
        out->seq[box] = low;
        out->dead[box] = json_object();
        sgn_text_join(name, sizeof name, lane_box_prefix((enum lane_box)box), key);
        st = reader_seq(reader, team, name, &out->seq[box], &found, err);
        if (st == SGN_OK)
            st = add_dead(reader, team, name, out->dead[box], err);
    }
    return st;
}

void
lane_mails_deinit(struct lane_mails *mails)
{
    for (int box = 0; box < LANE_BOXES; box++) {
        json_decref(mails->dead[box]);
        mails->dead[box] = NULL;
    }
}

/* Is it one of a mail that was given up? Those that it gathered lie between its first and its last
 * number. A site that gathers no reminders sends them one by one. */
static bool
is_dead(const struct lane_mails *mails, int64_t id, enum lane_box box)
{
    char number[24];
    const char *first;
    json_t *last;

    snprintf(number, sizeof number, "%lld", (long long)id);
    if (json_object_get(mails->dead[LANE_BOX_AT_ONCE], number) != NULL)
        return true;
    if (box == LANE_BOX_AT_ONCE)
        return false;
    json_object_foreach(mails->dead[box], first, last) {
        if (strtoll(first, NULL, 10) <= id && id <= json_integer_value(last))
            return true;
    }
    return false;
}

const char *
lane_mail_of(const struct lane_mails *mails, const json_t *message)
{
    enum lane_box box = lane_box_of(message, true);
    int64_t id = sgn_json_int(message, "id", 0);

    if (!mails->any || box == LANE_BOXES)
        return "portal";
    if (is_dead(mails, id, box))
        return "failed";
    if (id <= mails->seq[box])
        return "mail";
    /* Who has read it before it went out gets no mail of it. */
    return sgn_json_int(message, "read", 0) != 0 || sgn_json_true(message, "read") ? "portal"
                                                                                   : "waiting";
}

/* Whose messages of which numbers are read, and where they go. */
struct told {
    struct store_reader *reader;
    const char *team, *person;
    struct lane_told_span span;
    struct lane_mails mails;
    json_t *out;
};

/* Of one part, read or not: the index is by both. */
static enum sgn_status
add_part(const struct told *told, bool read, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s, s:b}", "person", told->person, "read", (int)read);
    enum sgn_status st = match != NULL ? SGN_OK : sgn_nomem(err);
    int64_t after = told->span.after;
    size_t n = PAGE;

    while (st == SGN_OK && n == PAGE) {
        json_t *from = after > 0 ? json_pack("{s:I}", "id", (json_int_t)after) : NULL;
        json_t *rows = NULL, *row;
        size_t i;

        st = store_row_list(told->reader, STORE_MESSAGE, told->team, match, from, PAGE, &rows, err);
        n = json_array_size(rows);
        json_array_foreach(rows, i, row) {
            after = sgn_json_int(row, "id", 0);
            if (told->span.upto > 0 && after > told->span.upto) {
                n = 0;
                break;
            }
            if (json_object_set_new(row, "sent", json_string(lane_mail_of(&told->mails, row))) !=
                    0 ||
                json_array_append(told->out, row) != 0)
                st = sgn_nomem(err);
        }
        json_decref(from);
        json_decref(rows);
    }
    json_decref(match);
    return st;
}

enum sgn_status
lane_told_rows(struct store_reader *reader, const char *team, const json_t *person,
               struct lane_told_span span, json_t **out, struct sgn_error *err)
{
    struct told told = { .reader = reader,
                         .team = team,
                         .person = sgn_json_str(person, "person"),
                         .span = span,
                         .out = json_array() };
    enum sgn_status st = lane_mails_read(reader, team, person, &told.mails, err);

    *out = told.out;
    if (st == SGN_OK && told.out == NULL)
        st = sgn_nomem(err);
    if (st == SGN_OK)
        st = add_part(&told, false, err);
    if (st == SGN_OK)
        st = add_part(&told, true, err);
    lane_mails_deinit(&told.mails);
    return st;
}

enum sgn_status
lane_told_within(struct store_reader *reader, const char *team, const json_t *row,
                 const char *project, bool *out, struct sgn_error *err)
{
    const char *key = sgn_json_str(row, "case"), *its;
    struct store_case_row found = { 0 };
    json_t *document = NULL;
    enum sgn_status st;

    *out = false;
    if (key == NULL)
        return SGN_OK;
    st = store_case_get(reader, team, key, &found, err);
    if (st == SGN_OK)
        st = sgn_json_parse(found.document, strlen(found.document), &document, err);
    its = sgn_json_str(document, "project");
    *out = its != NULL && strcmp(its, project) == 0;
    json_decref(document);
    store_case_row_deinit(&found);
    return sgn_if_any(st, err); /* a case that is gone is in no project */
}

/* ---- when the client last heard ---- */

struct hearing {
    struct store_reader *reader;
    const char *team, *project, *client;
    json_t *out;
};

static enum sgn_status
later(json_t *out, const char *way, int64_t at, struct sgn_error *err)
{
    if (way == NULL || at <= sgn_json_int(out, way, 0))
        return SGN_OK;
    return json_object_set_new(out, way, json_integer(at)) == 0 ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
lane_heard_noted(json_t *out, const json_t *fields, struct sgn_error *err)
{
    const char *direction = sgn_json_str(fields, "direction");
    const char *happened = sgn_json_str(fields, "happened");
    int64_t at;

    if ((direction != NULL && strcmp(direction, "in") == 0) || happened == NULL ||
        sgn_time_parse(happened, &at, NULL) != SGN_OK)
        return SGN_OK;
    return later(out, sgn_json_str(fields, "kind"), at, err);
}

static enum sgn_status
add_noted(const struct hearing *h, struct sgn_error *err)
{
    json_t *workflows = json_pack("[s]", LANE_COMMUNICATION);
    struct store_case_filter filter = { .team = h->team,
                                        .project = h->project,
                                        .client = h->client,
                                        .workflows = workflows,
                                        .sort = "opened",
                                        .descending = true,
                                        .limit = NOTED_MOST };
    struct store_page page = { 0 };
    const json_t *item;
    size_t i;
    enum sgn_status st =
        workflows != NULL ? store_case_query(h->reader, &filter, &page, err) : sgn_nomem(err);

    json_array_foreach(page.items, i, item)
        if (st == SGN_OK)
            st = lane_heard_noted(h->out, json_object_get(item, "fields"), err);
    store_page_deinit(&page);
    json_decref(workflows);
    return st;
}

/* Of one person. What is about other projects is passed over from the latest on. */
static enum sgn_status
add_told(const struct hearing *h, const json_t *person, struct lane_told_span span,
         struct sgn_error *err)
{
    json_t *rows = NULL;
    enum sgn_status st = lane_told_rows(h->reader, h->team, person, span, &rows, err);

    for (size_t i = json_array_size(rows); st == SGN_OK && i-- > 0;) {
        const json_t *row = json_array_get(rows, i);
        const char *sent = sgn_json_str(row, "sent"), *kind = sgn_json_str(row, "kind");
        int64_t at = sgn_json_int(row, "at", 0);
        bool counts = kind == NULL || strcmp(kind, "login") != 0;

        if ((strcmp(sent, "mail") != 0 && strcmp(sent, "portal") != 0) ||
            at <= sgn_json_int(h->out, sent, 0))
            continue;
        if (h->project != NULL)
            st = lane_told_within(h->reader, h->team, row, h->project, &counts, err);
        if (st == SGN_OK && counts)
            st = later(h->out, sent, at, err);
    }
    json_decref(rows);
    return st;
}

/* Who holds the role client in the project, or belongs to the client: their keys. */
static enum sgn_status
people_of(const struct hearing *h, json_t **out, struct sgn_error *err)
{
    json_t *match = h->project != NULL
                        ? json_pack("{s:s, s:s}", "project", h->project, "role", "client")
                        : json_pack("{s:s}", "client", h->client);
    enum sgn_status st =
        match != NULL
            ? store_row_list(h->reader, h->project != NULL ? STORE_MEMBERSHIP : STORE_PERSON,
                             h->team, match, NULL, PAGE, out, err)
            : sgn_nomem(err);

    json_decref(match);
    return st;
}

static enum sgn_status
add_told_in(const struct hearing *h, const json_t *people, struct lane_told_span span,
            struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;
    const json_t *one;
    size_t i;

    json_array_foreach(people, i, one) {
        json_t *key = json_pack("{s:O}", "person", json_object_get(one, "person")), *person = NULL;

        if (st == SGN_OK)
            st = store_row_get(h->reader, STORE_PERSON, h->team, key, &person, err);
        if (st == SGN_OK)
            st = add_told(h, person, span, err);
        json_decref(key);
        json_decref(person);
    }
    return st;
}

/* Most clients have been told something in the last few entries; what was read of those is not read
 * again when it takes more of them. */
enum sgn_status
lane_heard(struct store_reader *reader, const char *team, const char *project, const char *client,
           json_t **out, struct sgn_error *err)
{
    static const int64_t backs[] = { 20000, LANE_HEARD_ENTRIES };
    struct hearing h = { reader, team, project, client, json_object() };
    json_t *people = NULL;
    struct store_head head = { 0 };
    int64_t upto = 0;
    enum sgn_status st = h.out != NULL ? store_head_get(reader, team, &head, err) : sgn_nomem(err);

    *out = h.out;
    if (st == SGN_OK)
        st = people_of(&h, &people, err);
    for (size_t i = 0; st == SGN_OK && i < sizeof backs / sizeof backs[0]; i++) {
        int64_t from = head.seq > backs[i] ? (head.seq - backs[i]) * PER_ENTRY : 0;

        st = add_told_in(&h, people, (struct lane_told_span){ from, upto }, err);
        if (from == 0 || json_object_size(h.out) > 0)
            break;
        upto = from;
    }
    if (st == SGN_OK)
        st = add_noted(&h, err);
    json_decref(people);
    return st;
}
