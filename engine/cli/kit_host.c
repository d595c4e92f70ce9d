/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a test asks of its engine: methods of the protocol as they are, and the few words that the
 * protocol has not.
 */
#include "kit.h"

#include "calendar.h"
#include "hash.h"
#include "json.h"
#include "zone.h"
#include <stdlib.h>
#include <string.h>

#define BEGIN "2026-01-05 09:00" /* a Monday, until a test says otherwise */

/* ---- times of the team ---- */

/* " 09:00" as milliseconds of a day; "" is its beginning. -1: neither. */
static int64_t
read_clock(const char *text)
{
    static const char shape[] = " 00:00";
    int digits[6] = { 0 };

    if (text[0] == '\0')
        return 0;
    for (size_t i = 0; i < sizeof(shape); i++) {
        if (shape[i] != '0' ? text[i] != shape[i] : text[i] < '0' || text[i] > '9')
            return -1;
        if (shape[i] == '0')
            digits[i] = text[i] - '0';
    }
    if (digits[1] * 10 + digits[2] > 23 || digits[4] > 5)
        return -1;
    return (digits[1] * 10 + digits[2]) * SGN_HOUR_MS +
           (digits[4] * 10 + digits[5]) * SGN_MINUTE_MS;
}

/* "2026-03-02 09:00" or "2026-03-02" in the team's zone; at_end: the end of that day. RFC 3339 is
 * taken as it is. */
static enum sgn_status
read_time(const struct kit_team *team, const char *text, bool at_end, int64_t *out,
          struct sgn_error *err)
{
    const char *name = sgn_json_str(json_object_get(team->answer, "team"), "timezone");
    const struct calendar_zone *zone = calendar_zone_get(name != NULL ? name : "UTC");
    char date[11];
    int year, month, day;
    int64_t clock = -1, days;

    if (sgn_time_parse(text, out, NULL) == SGN_OK)
        return SGN_OK;
    snprintf(date, sizeof(date), "%s", text);
    if (sgn_date_parse(date, &year, &month, &day))
        clock = read_clock(text + strlen(date));
    if (clock < 0)
        return sgn_fail(err, SGN_INVALID,
                        "\"%s\" is no time: expected \"2026-03-02 09:00\" or \"2026-03-02\"", text);
    days = sgn_days_from_civil(year, month, day) + (at_end ? 1 : 0);
    *out = calendar_zone_instant(zone, days * SGN_DAY_MS + (at_end ? 0 : clock));
    return SGN_OK;
}

static enum sgn_status
host_time(struct kit_host *host, const json_t *params, json_t **result, struct sgn_error *err)
{
    const struct kit_team *team = host->options.team;
    const char *name = sgn_json_str(json_object_get(team->answer, "team"), "timezone");
    const struct calendar_zone *zone = calendar_zone_get(name != NULL ? name : "UTC");
    char text[SGN_TIME_TEXT];
    int64_t at = 0;
    enum sgn_status st = SGN_OK;

    if (sgn_json_str(params, "time") != NULL)
        st = read_time(team, sgn_json_str(params, "time"), sgn_json_true(params, "end"), &at, err);
    else
        at = kit_engine_now(host->engine);

    if (st != SGN_OK)
        return st;
    *result = json_pack("{s:s}", "time", sgn_time_format(at, calendar_zone_offset(zone, at), text));
    return *result != NULL ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
host_begin(struct kit_host *host, const json_t *params, json_t **result, struct sgn_error *err)
{
    const char *at = sgn_json_str(params, "at");
    enum sgn_status st =
        read_time(host->options.team, at != NULL ? at : BEGIN, false, &host->options.start, err);

    if (st == SGN_OK && kit_engine_new(&host->options, &host->engine, err) != SGN_OK)
        st = SGN_INTERNAL; /* no fault of the test */
    if (st == SGN_OK)
        *result = json_object();
    return st;
}

/* ---- more words ---- */

static enum sgn_status
host_upload(struct kit_host *host, const char *who, const json_t *params, json_t **result,
            struct sgn_error *err)
{
    const char *text = sgn_json_str(params, "text");
    size_t n = strlen(text);
    char hash[SGN_HASH_HEX], *data = malloc(SGN_BASE64_TEXT(n));
    json_t *said = NULL, *begun = NULL, *put = NULL;
    enum sgn_status st = data != NULL ? SGN_OK : sgn_nomem(err);

    if (st == SGN_OK) {
        sgn_sha256(text, n, hash);
        sgn_base64(text, n, data);
        said = json_pack("{s:s, s:I, s:s, s:s}", "name", sgn_json_str(params, "name"), "size",
                         (json_int_t)n, "type", "text/plain", "sha256", hash);
        st = kit_engine_call(host->engine, who, "file.begin", said, &begun, err);
        json_decref(said);
    }
    if (st == SGN_OK) {
        said = json_pack("{s:O, s:i, s:s}", "upload", json_object_get(begun, "upload"), "offset", 0,
                         "data", data);
        st = kit_engine_call(host->engine, who, "file.put", said, &put, err);
        json_decref(said);
    }
    if (st == SGN_OK) {
        said = json_pack("{s:O}", "upload", json_object_get(begun, "upload"));
        st = kit_engine_call(host->engine, who, "file.end", said, result, err);
        json_decref(said);
    }
    json_decref(put);
    json_decref(begun);
    free(data);
    return st;
}

static enum sgn_status
host_allowed(struct kit_host *host, const char *who, const json_t *params, json_t **result,
             struct sgn_error *err)
{
    json_t *allowed = NULL, *events = json_array();
    const json_t *event;
    size_t i;
    enum sgn_status st = kit_engine_call(host->engine, who, "case.allowed", params, &allowed, err);

    json_array_foreach(json_object_get(allowed, "events"), i, event) {
        if (sgn_json_true(event, "allowed"))
            (void)json_array_append(events, json_object_get(event, "event"));
    }
    if (st == SGN_OK)
        *result = json_pack("{s:O}", "events", events);
    json_decref(events);
    json_decref(allowed);
    return st != SGN_OK || *result != NULL ? st : sgn_nomem(err);
}

/* What a message's text is made of: the protocol tells it to the team alone. */
static void
add_said(json_t *items, const json_t *rows)
{
    json_t *item;
    const json_t *row;
    size_t i, k;

    json_array_foreach(items, i, item) {
        json_array_foreach(rows, k, row) {
            const char *text = sgn_json_str(row, "text");
            json_t *said = NULL;

            if (sgn_json_int(row, "id", -1) != sgn_json_int(item, "id", 0) || text == NULL)
                continue;
            if (sgn_json_parse(text, strlen(text), &said, NULL) == SGN_OK)
                (void)json_object_set_new(item, "said", said);
        }
    }
}

static enum sgn_status
host_messages(struct kit_host *host, const char *who, json_t **result, struct sgn_error *err)
{
    json_t *params = json_pack("{s:i}", "limit", 500), *items = json_array(), *rows = NULL;
    enum sgn_status st = params != NULL && items != NULL ? SGN_OK : sgn_nomem(err);
    bool more = true;

    while (st == SGN_OK && more) {
        json_t *page = NULL, *cursor;

        st = kit_engine_call(host->engine, who, "inbox.messages", params, &page, err);
        (void)json_array_extend(items, json_object_get(page, "items"));
        cursor = json_object_get(page, "cursor");
        more = cursor != NULL && !json_is_null(cursor);
        if (more)
            (void)json_object_set(params, "cursor", cursor);
        json_decref(page);
    }
    if (st == SGN_OK)
        st = kit_engine_messages(host->engine, who, &rows, err);
    add_said(items, rows);
    if (st == SGN_OK)
        *result = json_pack("{s:O}", "items", items);
    json_decref(rows);
    json_decref(items);
    json_decref(params);
    return st != SGN_OK || *result != NULL ? st : sgn_nomem(err);
}

enum sgn_status
kit_host_call(void *ctx, const char *who, const char *method, const json_t *params, json_t **result,
              struct sgn_error *err)
{
    struct kit_host *host = ctx;
    const char *key = sgn_json_str(params, "case");
    enum sgn_status st;

    if (strcmp(method, "test.begin") == 0)
        return host_begin(host, params, result, err);
    if (strcmp(method, "test.time") == 0)
        return host_time(host, params, result, err);
    if (key != NULL)
        snprintf(host->last_case, sizeof(host->last_case), "%s", key);
    if (strcmp(method, "test.upload") == 0)
        return host_upload(host, who, params, result, err);
    if (strcmp(method, "test.messages") == 0)
        return host_messages(host, who, result, err);
    if (strcmp(method, "test.allowed") == 0)
        return host_allowed(host, who, params, result, err);
    st = kit_engine_call(host->engine, who, method, params, result, err);
    key = sgn_json_str(st == SGN_OK ? *result : NULL, "case");
    if (key != NULL)
        snprintf(host->last_case, sizeof(host->last_case), "%s", key);
    return st;
}
