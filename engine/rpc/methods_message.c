/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inbox.messages and inbox.read: what the rules had the caller told.
 *
 * Numbers of messages grow with the entries that asked for them, so their order is that of
 * time. The list has two parts, what is not read yet and what is; a cursor names the part
 * and the number it ended with: "u123", "r45". Newest first both parts are one: "n123".
 */
#include "contacts.h"
#include "data.h"
#include "messages.h"
#include "methods.h"
#include "rpc_internal.h"
#include "titles.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_MAX 500  /* messages marked by their numbers in one request */
#define ALL_MAX  1000 /* messages marked by "all" in one request */

/* ---- one message ---- */

/* The case that it is about, as the caller sees it. *seen false: a client's person who sees it
 * no more, and is not told that it is there. */
static enum sgn_status
scene_case(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
           const char *key, json_t **document, struct model **model, bool *seen,
           struct sgn_error *err)
{
    enum core_sight sight;
    enum sgn_status status = SGN_OK;

    *seen = true;
    if (key == NULL)
        return SGN_OK;
    status = rpc_case_sight(reader, lane, job, key, &sight, document, err);
    if (status == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        *seen = !rpc_query_is_client(job);
        return SGN_OK;
    }
    if (status == SGN_OK)
        status = lane_model(lane, reader, job->team, sgn_json_str(*document, "rules"), model, err);
    return status;
}

struct listing {
    struct store_reader *reader;
    struct lane *lane;
    struct lane_job *job;
    const struct calendar_zone *zone;
    struct lane_mails mails;
    json_t *items;
    int left;      /* rows the page may still take */
    char next[24]; /* its cursor, or "" */
};

/* What became of it by mail, in place of the columns that say how it was to go. */
static int
put_sent(const struct listing *l, const json_t *row, json_t *view)
{
    const char *sent = lane_mail_of(&l->mails, row);
    bool waits = strcmp(sent, "waiting") == 0;
    int64_t due = waits ? sgn_json_int(row, "due", 0) : 0;
    int bad = json_object_set_new(view, "sent",
                                  json_string(strcmp(sent, "portal") == 0 ? "inbox" : sent));

    (void)json_object_del(view, "way");
    (void)json_object_del(view, "due");
    return bad | json_object_set_new(view, "goes", rpc_time(l->zone, due));
}

/* The row as it is answered. What the entry said stays beside the text for the team's own
 * programs; a client's person gets the text alone. */
static enum sgn_status
message_make(const struct listing *l, const json_t *row, const struct lane_message_scene *scene,
             json_t **out, struct sgn_error *err)
{
    const struct lane_job *job = l->job;
    char *text = lane_message_text(scene);
    json_t *view = rpc_row_view(STORE_MESSAGE, row, l->zone);
    int bad = text == NULL || view == NULL;

    if (!bad) {
        bad |= put_sent(l, row, view);
        bad |= json_object_set_new(view, "text", json_string(text));
        bad |= json_object_set_new(view, "title", sgn_json_string_or_null(scene->title));
        if (!rpc_query_is_client(job))
            bad |= json_object_set_new(view, "said", json_incref((json_t *)scene->said));
    }
    free(text);
    if (bad) {
        json_decref(view);
        return sgn_nomem(err);
    }
    *out = view;
    return SGN_OK;
}

/* *out NULL: it is not for the caller's eyes any more. */
static enum sgn_status
message_view(const struct listing *l, const json_t *row, json_t **out, struct sgn_error *err)
{
    const struct lane_job *job = l->job;
    const char *said = sgn_json_str(row, "text");
    json_t *document = NULL, *title = NULL, *parsed = NULL, *names = NULL;
    struct model *model = NULL;
    struct lane_message_scene scene;
    bool seen = false;
    enum sgn_status status = scene_case(l->reader, l->lane, job, sgn_json_str(row, "case"),
                                        &document, &model, &seen, err);

    *out = NULL;
    if (status == SGN_OK && seen && document != NULL)
        title = lane_case_title(model, document, rpc_query_is_client(job));
    if (status == SGN_OK && seen &&
        (said == NULL || sgn_json_parse(said, strlen(said), &parsed, NULL) != SGN_OK))
        parsed = json_object(); /* a row of no form we know says its kind */
    if (status == SGN_OK && seen)
        status = lane_told_names(l->reader, job->team, parsed, &names, err);
    if (status == SGN_OK && seen) {
        scene = (struct lane_message_scene){ .language = job->language,
                                             .kind = sgn_json_str(row, "kind"),
                                             .said = parsed,
                                             .document = document,
                                             .model = model,
                                             .title = json_string_value(title),
                                             .names = names,
                                             .for_client = rpc_query_is_client(job) };
        status = message_make(l, row, &scene, out, err);
    }
    json_decref(parsed);
    json_decref(names);
    json_decref(document);
    model_free(model);
    return status;
}

/* ---- the list ---- */

/* Adds rows, as many as the page takes; past: the number of the row before the first. One row more
 * than that tells that there is a next page. */
static enum sgn_status
list_rows(struct listing *l, const json_t *rows, char part, int64_t past, struct sgn_error *err)
{
    enum sgn_status status = SGN_OK;
    const json_t *row;
    size_t i;

    json_array_foreach((json_t *)rows, i, row) {
        json_t *view = NULL;
        if (status != SGN_OK)
            break;
        if (l->left == 0) {
            snprintf(l->next, sizeof(l->next), "%c%lld", part, (long long)past);
            break;
        }
        status = message_view(l, row, &view, err);
        if (status == SGN_OK && view != NULL && json_array_append_new(l->items, view) != 0)
            status = sgn_nomem(err);
        past = sgn_json_int(row, "id", 0);
        l->left--;
    }
    return status;
}

/* Rows of one part (read or not), oldest first behind that number, or newest first before it. */
static enum sgn_status
part_rows(const struct listing *l, bool read, bool newest, int64_t from, json_t **out,
          struct sgn_error *err)
{
    json_t *match = json_pack("{s:s, s:b}", "person", l->job->person, "read", (int)read);
    json_t *place = from > 0 ? json_pack("{s:I}", "id", (json_int_t)from) : NULL;
    enum sgn_status status = match != NULL ? SGN_OK : sgn_nomem(err);

    if (status == SGN_OK)
        status = (newest ? store_row_list_back : store_row_list)(
            l->reader, STORE_MESSAGE, l->job->team, match, place, l->left + 1, out, err);
    json_decref(match);
    json_decref(place);
    return status;
}

static enum sgn_status
list_part(struct listing *l, bool read, int64_t after, struct sgn_error *err)
{
    json_t *rows = NULL;
    enum sgn_status status = part_rows(l, read, false, after, &rows, err);

    if (status == SGN_OK)
        status = list_rows(l, rows, read ? 'r' : 'u', after, err);
    json_decref(rows);
    return status;
}

/* Both parts stand in falling order; of both together the page has the first ones. */
static json_t *
merged(const json_t *a, const json_t *b, size_t most)
{
    json_t *out = json_array();
    size_t i = 0, k = 0;

    while (out != NULL && i + k < most) {
        json_t *x = json_array_get(a, i), *y = json_array_get(b, k);
        bool first =
            x != NULL && (y == NULL || sgn_json_int(x, "id", 0) > sgn_json_int(y, "id", 0));
        if (x == NULL && y == NULL)
            break;
        if (json_array_append(out, first ? x : y) != 0) {
            json_decref(out);
            return NULL;
        }
        i += first;
        k += !first;
    }
    return out;
}

static enum sgn_status
list_newest(struct listing *l, int64_t before, struct sgn_error *err)
{
    json_t *unread = NULL, *read = NULL, *rows = NULL;
    enum sgn_status status = part_rows(l, false, true, before, &unread, err);

    if (status == SGN_OK && !sgn_json_true(l->job->params, "unread"))
        status = part_rows(l, true, true, before, &read, err);
    if (status == SGN_OK) {
        rows = merged(unread, read, (size_t)l->left + 1);
        status = rows != NULL ? list_rows(l, rows, 'n', before, err) : sgn_nomem(err);
    }
    json_decref(unread);
    json_decref(read);
    json_decref(rows);
    return status;
}

static enum sgn_status
list_all(struct listing *l, struct sgn_error *err)
{
    const char *cursor = sgn_json_str(l->job->params, "cursor");
    bool newest = sgn_json_true(l->job->params, "newest");
    char part = newest ? 'n' : 'u';
    int64_t from = 0;
    enum sgn_status status;

    if (cursor != NULL && cursor[0] != '\0') {
        part = cursor[0];
        from = strtoll(cursor + 1, NULL, 10);
    }
    if (newest ? part != 'n' : part != 'u' && part != 'r') {
        status = sgn_fail(err, SGN_PARAMS, "this is no cursor of inbox.messages");
        sgn_error_add(err, "pointer", json_string("/cursor"));
        return status;
    }
    if (newest)
        return list_newest(l, from, err);
    status = part == 'u' ? list_part(l, false, from, err) : SGN_OK;
    if (status == SGN_OK && l->next[0] == '\0' && !sgn_json_true(l->job->params, "unread"))
        status = list_part(l, true, part == 'r' ? from : 0, err);
    return status;
}

/* Whose they are comes from the session: there is no parameter that could name somebody else. */
static enum sgn_status
messages_query(struct store_reader *reader, struct lane *lane, struct lane_job *job,
               struct sgn_error *err)
{
    struct listing l = { .reader = reader,
                         .lane = lane,
                         .job = job,
                         .zone = rpc_zone(lane, job->team),
                         .items = json_array(),
                         .left = rpc_page_limit(job->params) };
    json_t *person = NULL;
    enum sgn_status status = l.items != NULL ? SGN_OK : sgn_nomem(err);

    if (status == SGN_OK)
        status = lane_person_read(reader, job->team, job->person, &person, err);
    if (status == SGN_OK)
        status = lane_mails_read(reader, job->team, person, &l.mails, err);
    if (status == SGN_OK)
        status = list_all(&l, err);
    lane_mails_deinit(&l.mails);
    json_decref(person);
    if (status != SGN_OK) {
        json_decref(l.items);
        return status;
    }
    return rpc_page_give(job, l.items, l.next[0] != '\0' ? l.next : NULL, err);
}

/* ---- marking ---- */

static enum sgn_status
put_read(struct lane_run *run, json_t *row, struct sgn_error *err)
{
    (void)json_object_set_new(row, "read", json_true());
    return lane_row_put(run, STORE_MESSAGE, row, err);
}

/* Marks one; somebody else's message is not there. */
static enum sgn_status
message_mark(struct lane_run *run, const struct lane_job *job, const json_t *id, size_t i,
             struct sgn_error *err)
{
    json_t *key = json_pack("{s:O}", "id", (json_t *)id);
    json_t *row = NULL;
    const char *person;
    char pointer[32];
    enum sgn_status status = SGN_NOT_FOUND;

    if (json_is_integer(id))
        status = lane_row_get(run, STORE_MESSAGE, key, &row, err);
    json_decref(key);
    person = sgn_json_str(row, "person");
    if (status == SGN_NOT_FOUND ||
        (status == SGN_OK && (person == NULL || strcmp(person, job->person) != 0))) {
        status = sgn_fail(err, SGN_NOT_FOUND, "you have no such message");
        snprintf(pointer, sizeof(pointer), "/ids/%zu", i);
        sgn_error_add(err, "pointer", json_string(pointer));
    }
    if (status == SGN_OK)
        status = put_read(run, row, err);
    json_decref(row);
    return status;
}

/* Those not read yet, the oldest first; ids gets their numbers. */
static enum sgn_status
mark_all(struct lane_run *run, const struct lane_job *job, json_t *ids, struct sgn_error *err)
{
    json_t *match = json_pack("{s:s, s:b}", "person", job->person, "read", 0);
    json_t *rows = NULL, *row;
    size_t i;
    enum sgn_status status = lane_row_list(run, STORE_MESSAGE, match, &rows, err);

    json_array_foreach(rows, i, row) {
        if (status != SGN_OK || i >= ALL_MAX)
            break;
        (void)json_array_append(ids, json_object_get(row, "id"));
        status = put_read(run, row, err);
    }
    json_decref(match);
    json_decref(rows);
    return status;
}

/* All or none of them, in one entry. */
static enum sgn_status
messages_read(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    json_t *named = json_object_get(job->params, "ids"), *ids;
    bool all = sgn_json_true(job->params, "all");
    enum sgn_status status = SGN_OK;
    const json_t *id;
    size_t i;

    if ((named != NULL) == all)
        return sgn_fail(err, SGN_PARAMS, "inbox.read takes either \"ids\" or \"all\": true");
    ids = all ? json_array() : json_incref(named);
    if (all)
        status = mark_all(run, job, ids, err);
    else
        json_array_foreach(named, i, id)
            if (status == SGN_OK)
                status = message_mark(run, job, id, i, err);
    if (status == SGN_OK)
        status = rpc_data_give(run, job, json_pack("{s:O}", "ids", ids), err);
    json_decref(ids);
    return status;
}

/* clang-format off */
static const struct rpc_param messages_params[] = {
    { "unread", RPC_BOOLEAN, false, 0, "Only what you have not marked as read." },
    { "newest", RPC_BOOLEAN, false, 0, "The newest first, read or not." },
    RPC_PARAM_CURSOR, RPC_PARAM_LIMIT, RPC_PARAM_END
};

const struct rpc_method rpc_m_inbox_messages = {
    .name = "inbox.messages",
    .summary = "Lists what the rules had you told: first what you have not read, each oldest first.",
    .access = CORE_PERSON, .where = RPC_QUERY, .params = messages_params,
    .result = "items: id, person, at, case, title of the case, kind, text in your language, read, "
              "sent (mail: it went out; waiting: it is to go; failed: it was given up; inbox: it stands here "
              "alone), goes (when what you have gathered goes out, or null) and, for the team's own people, said: "
              "what the text was made of; the cursor of the next page or null.",
    .query = messages_query,
};

static const struct rpc_param read_params[] = {
    { "ids", RPC_ARRAY, false, READ_MAX, "Numbers of messages, as inbox.messages gives them." },
    { "all", RPC_BOOLEAN, false, 0, "All that you have not read, up to 1,000, instead of ids." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_inbox_read = {
    .name = "inbox.read",
    .summary = "Marks messages of yours as read.",
    .access = CORE_PERSON, .where = RPC_WRITE, .needs = CORE_DECIDES, .params = read_params,
    .result = "ids: those marked.", .run = messages_read,
};
/* clang-format on */
