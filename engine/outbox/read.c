/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries as an endpoint gets them: those that its filters let through, of each what it may see.
 *
 * Without "internal" an endpoint sees what a client would: the shared parts, and of an entry
 * without one nothing, not even that it is there.
 */
#include "outbox_internal.h"

#include "calendar.h"
#include "hash.h"
#include "zone.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct outbox_endpoint *endpoint;
    bool all; /* whatever the filters say */
    struct outbox_message *found, **end;
    int n_found;
    int64_t seen;
};

bool
outbox_is_paused(const struct outbox_endpoint *endpoint)
{
    return endpoint->format == NULL || sgn_json_str(endpoint->row, "paused") != NULL;
}

void
outbox_message_free(struct outbox_message *message)
{
    if (message == NULL)
        return;
    json_decref(message->view);
    json_decref(message->document);
    outbox_story_deinit(&message->story);
    free(message);
}

static void
messages_free(struct outbox_message *message)
{
    while (message != NULL) {
        struct outbox_message *next = message->next;

        outbox_message_free(message);
        message = next;
    }
}

void
outbox_messages_drop(struct outbox_endpoint *endpoint)
{
    int keep = endpoint->request != NULL && !endpoint->by_hand ? endpoint->sent : 0;
    struct outbox_message **rest = &endpoint->first;

    endpoint->read = endpoint->seen;
    endpoint->n_messages = keep;
    for (int i = 0; i < keep; i++) {
        endpoint->read = (*rest)->seq;
        rest = &(*rest)->next;
    }
    messages_free(*rest);
    *rest = NULL;
}

/* ---- what it wants and may see ---- */

static bool
lets(const json_t *filter, const char *word)
{
    return json_array_size(filter) == 0 || (word != NULL && sgn_json_has(filter, word));
}

static enum sgn_status
document_of(const struct outbox_endpoint *endpoint, const char *case_key, json_t **out,
            struct sgn_error *err)
{
    struct store_case_row row = { 0 };
    enum sgn_status st = store_case_get(endpoint->team->outbox->options.reader,
                                        endpoint->team->name, case_key, &row, err);

    if (st == SGN_OK)
        st = sgn_json_parse(row.document, strlen(row.document), out, err);
    store_case_row_deinit(&row);
    return st;
}

/* *document: the case's row where it was needed. */
static enum sgn_status
is_wanted(const struct reading *reading, const struct store_entry_row *entry, bool *wanted,
          json_t **document, struct sgn_error *err)
{
    const json_t *row = reading->endpoint->row;
    const json_t *workflows = json_object_get(row, "workflows");
    bool by_case = entry->case_key != NULL &&
                   (reading->endpoint->format->people || json_array_size(workflows) > 0);
    enum sgn_status st = SGN_OK;

    *wanted = reading->all || lets(json_object_get(row, "kinds"), entry->kind);
    /* What is kept of the team itself is for programs, and for who asks for it. */
    if (*wanted && !reading->all && entry->case_key == NULL && reading->endpoint->format->people)
        *wanted = json_array_size(json_object_get(row, "kinds")) > 0;
    if (*wanted && by_case)
        st = document_of(reading->endpoint, entry->case_key, document, err);
    if (*wanted && !reading->all && json_array_size(workflows) > 0)
        *wanted = st == SGN_OK && lets(workflows, sgn_json_str(*document, "workflow"));
    return st;
}

bool
outbox_sees_internal(const struct outbox_endpoint *endpoint)
{
    const json_t *value = json_object_get(endpoint->row, "internal"); /* as the store gives flags */

    return json_is_true(value) || json_integer_value(value) != 0;
}

static enum sgn_status
part_read(const char *bytes, size_t n, json_t **out, struct sgn_error *err)
{
    *out = NULL;
    return bytes != NULL ? sgn_json_parse(bytes, n, out, err) : SGN_OK;
}

/* *out NULL: the endpoint sees nothing of it. */
static enum sgn_status
view_of(const struct outbox_endpoint *endpoint, const struct store_entry_row *entry, int offset_s,
        json_t **out, struct sgn_error *err)
{
    bool all = outbox_sees_internal(endpoint);
    json_t *header = NULL, *shared = NULL, *internal = NULL;
    enum sgn_status st = part_read(entry->header, entry->header_n, &header, err);

    if (st == SGN_OK)
        st = part_read(entry->shared, entry->shared_n, &shared, err);
    if (st == SGN_OK && all)
        st = part_read(entry->internal, entry->internal_n, &internal, err);
    if (st == SGN_OK && (all || sgn_json_str(header, "shared") != NULL)) {
        *out = core_entry_view(header, shared, internal, all ? CORE_SEES_ALL : CORE_SEES_SHARED,
                               offset_s);
        st = *out != NULL ? SGN_OK : sgn_nomem(err);
    }
    json_decref(header);
    json_decref(shared);
    json_decref(internal);
    return st;
}

/* ---- messages ---- */

/* Of the entry and no other: its hash keeps it apart from one of the same number elsewhere. No dot,
 * as Standard Webhooks asks. */
static void
make_id(struct outbox_message *message, const char *hash)
{
    snprintf(message->id, sizeof message->id, "%s-%lld-%.16s", message->team,
             (long long)message->seq, hash);
}

static int
offset_of(const struct outbox_endpoint *endpoint, int64_t at)
{
    struct lane *lane = endpoint->team->outbox->options.lane;
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, endpoint->team->name) : NULL;
    int offset =
        team != NULL && team->team != NULL ? calendar_zone_offset(team->team->zone, at) : 0;

    lane_site_free(lane, site);
    return offset;
}

static struct outbox_message *
message_new(const struct outbox_endpoint *endpoint, int64_t seq, const char *kind, int64_t at)
{
    struct outbox_message *message = calloc(1, sizeof *message);

    if (message == NULL)
        return NULL;
    sgn_text_copy(message->team, sizeof message->team, endpoint->team->name);
    sgn_text_copy(message->kind, sizeof message->kind, kind);
    message->seq = seq;
    (void)sgn_time_format(at, offset_of(endpoint, at), message->at);
    return message;
}

static enum sgn_status
take(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct reading *reading = ctx;
    struct outbox_endpoint *endpoint = reading->endpoint;
    struct outbox_message *message = NULL;
    json_t *view = NULL, *document = NULL;
    bool wanted = false;
    enum sgn_status st = SGN_OK;

    if (endpoint->n_messages + reading->n_found >= OUTBOX_MESSAGES_MAX)
        return SGN_NEEDS; /* enough for now: this ends the walk */
    st = is_wanted(reading, entry, &wanted, &document, err);
    if (st == SGN_OK && wanted)
        st = view_of(endpoint, entry, offset_of(endpoint, entry->at), &view, err);
    /* What came from another tool is no news for people; programs get it like everything. */
    if (view != NULL && endpoint->format->people && !reading->all &&
        json_object_get(view, "imported") != NULL) {
        json_decref(view);
        view = NULL;
    }
    if (st == SGN_OK && view != NULL) {
        message = message_new(endpoint, entry->seq, entry->kind, entry->at);
        st = message != NULL ? SGN_OK : sgn_nomem(err);
    }
    if (message != NULL) {
        make_id(message, entry->hash);
        sgn_text_copy(message->subject, sizeof message->subject, entry->case_key);
        message->view = json_incref(view);
        message->document = json_incref(document);
        *reading->end = message;
        reading->end = &message->next;
        reading->n_found++;
    }
    if (message != NULL && endpoint->format->people)
        st = outbox_story_read(endpoint, message, err);
    if (st == SGN_OK)
        reading->seen = entry->seq;
    json_decref(view);
    json_decref(document);
    return st;
}

enum sgn_status
outbox_read_more(struct outbox_endpoint *endpoint, struct sgn_error *err)
{
    struct reading reading = { .endpoint = endpoint, .seen = endpoint->read };
    struct outbox_message **last = &endpoint->first;
    enum sgn_status st;

    reading.end = &reading.found;
    st = store_entries(endpoint->team->outbox->options.reader, endpoint->team->name,
                       endpoint->read + 1, OUTBOX_ENTRIES_READ, take, &reading, err);
    if (st == SGN_NEEDS)
        st = SGN_OK;
    if (st != SGN_OK) {
        messages_free(reading.found);
        return st;
    }
    while (*last != NULL)
        last = &(*last)->next;
    *last = reading.found;
    endpoint->n_messages += reading.n_found;
    endpoint->read = reading.seen;
    return SGN_OK;
}

/* A message that is no entry: it says so, and has an id of its own each time it is asked for. */
static enum sgn_status
make_test(struct outbox_endpoint *endpoint, struct outbox_message **out, struct sgn_error *err)
{
    int64_t now = sgn_clock_now(lane_clock(endpoint->team->outbox->options.lane));
    struct outbox_message *message = message_new(endpoint, 0, "test", now);
    unsigned char bytes[8];
    char unique[17];

    if (message == NULL)
        return sgn_nomem(err);
    sgn_random(bytes, sizeof bytes);
    sgn_hex(bytes, sizeof bytes, unique);
    snprintf(message->id, sizeof message->id, "%s-test-%s", message->team, unique);
    message->view =
        json_pack("{s:s, s:s, s:s}", "kind", "test", "endpoint", endpoint->key, "at", message->at);
    *out = message;
    if (message->view == NULL)
        return sgn_nomem(err);
    return endpoint->format->people ? outbox_story_read(endpoint, message, err) : SGN_OK;
}

enum sgn_status
outbox_read_one(struct outbox_endpoint *endpoint, int64_t seq, struct outbox_message **out,
                struct sgn_error *err)
{
    struct reading reading = { .endpoint = endpoint, .all = true };
    enum sgn_status st;
    int n = endpoint->n_messages;

    *out = NULL;
    if (seq == 0)
        return make_test(endpoint, out, err);
    reading.end = &reading.found;
    endpoint->n_messages = 0; /* what waits in its turn does not count here */
    st = store_entries(endpoint->team->outbox->options.reader, endpoint->team->name, seq, 1, take,
                       &reading, err);
    endpoint->n_messages = n;
    *out = reading.found;
    if (st == SGN_OK && *out == NULL)
        st = sgn_fail(err, SGN_NOT_FOUND, "there is nothing in entry %lld that it may see",
                      (long long)seq);
    return st;
}
