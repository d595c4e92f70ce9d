/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands in a mail. The texts are templates (base/template.h): those of the team where its
 * folder has them, in mail/NAME.LANGUAGE.KIND, else those below. NAME is message (of one message)
 * or digest, LANGUAGE en or zh, KIND subject, txt or html. Names in them: see templates.h.
 *
 * A template that is wrong is logged and the one below used: a mail that is not sent helps nobody.
 */
#include "mail_internal.h"

#include "calendar.h"
#include "templates.h"
#include "zone.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUBJECT_BYTES 200

/* ---- the values ---- */

static const char *
time_text(struct mail_box *box, int64_t at, char out[SGN_TIME_TEXT])
{
    struct lane *lane = box->team->mails->options.lane;
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, box->team->name) : NULL;
    int offset =
        team != NULL && team->team != NULL ? calendar_zone_offset(team->team->zone, at) : 0;

    lane_site_free(lane, site);
    (void)sgn_time_format(at, offset, out);
    out[10] = ' '; /* for people: 2026-01-05 09:00 */
    out[16] = '\0';
    return out;
}

/* What one message says; *out NULL: it was read meanwhile, or is not for this person any more. */
static enum sgn_status
item_of(struct mail_box *box, const json_t *person, const json_t *row, const char *language,
        json_t **out, struct sgn_error *err)
{
    const struct outbox_mail_options *o = &box->team->mails->options;
    json_t *key = json_pack("{s:O}", "id", json_object_get(row, "id")), *now = NULL;
    struct lane_told told = { 0 };
    char at[SGN_TIME_TEXT];
    enum sgn_status st = store_row_get(o->reader, STORE_MESSAGE, box->team->name, key, &now, err);
    const json_t *read = json_object_get(now, "read");

    *out = NULL;
    if (st == SGN_OK && !json_is_true(read) && json_integer_value(read) == 0) {
        st = lane_told_read(o->lane, o->reader, box->team->name, person, now, language, &told, err);
        if (st == SGN_OK)
            *out = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "case",
                             sgn_json_str(row, "case") != NULL ? sgn_json_str(row, "case") : "",
                             "title", told.title != NULL ? told.title : "", "text", told.text, "at",
                             time_text(box, sgn_json_int(row, "at", 0), at), "link",
                             mail_link(box, sgn_json_str(row, "case")), "page",
                             mail_page(box, person, sgn_json_str(row, "case")), "enter",
                             mail_enter(box, row));
        if (st == SGN_OK && *out == NULL)
            st = sgn_nomem(err);
    }
    lane_told_deinit(&told);
    json_decref(key);
    json_decref(now);
    return sgn_if_any(st, err);
}

static enum sgn_status
items_of(struct mail_box *box, const json_t *person, size_t n, const char *language, json_t *items,
         struct sgn_error *err)
{
    enum sgn_status st = SGN_OK;

    for (size_t i = 0; st == SGN_OK && i < n; i++) {
        json_t *item = NULL;

        st = item_of(box, person, json_array_get(box->waiting, i), language, &item, err);
        if (item != NULL && json_array_append_new(items, item) != 0)
            st = sgn_nomem(err);
    }
    if (st == SGN_OK && json_array_size(items) == 0)
        st = sgn_fail(err, SGN_NOT_FOUND, "nothing is left to be told");
    return st;
}

/* In the person's language, else in the team's. */
static bool
is_zh(const struct mail_box *box, const json_t *person)
{
    struct lane *lane = box->team->mails->options.lane;
    const char *language = sgn_json_str(person, "language");
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, box->team->name) : NULL;
    bool zh;

    if (language == NULL && team != NULL && team->team != NULL)
        language = team->team->language;
    zh = language != NULL && strncmp(language, "zh", 2) == 0;
    lane_site_free(lane, site);
    return zh;
}

/* ---- the mail ---- */

/* A subject is one line that people see whole; not cut within a character. */
static void
cut_subject(struct sgn_buf *subject)
{
    size_t n = SUBJECT_BYTES;

    if (subject->len <= n)
        return;
    while (n > 0 && ((unsigned char)subject->bytes[n] & 0xc0) == 0x80)
        n--;
    sgn_buf_cut(subject, n);
    (void)sgn_buf_puts(subject, "…");
}

static enum sgn_status
make(struct mail_box *box, const json_t *person, const json_t *items, bool zh, struct sgn_buf *out,
     struct sgn_error *err)
{
    const struct outbox_mails *mails = box->team->mails;
    const json_t *first = json_array_get(items, 0), *row = json_array_get(box->waiting, 0);
    bool digest = json_array_size(items) > 1;
    /* What its person has gathered is more than reminders. */
    bool notices = box->kind == LANE_BOX_HOURLY || box->kind == LANE_BOX_DAILY;
    const char *case_key = digest ? "" : sgn_json_str(first, "case"), *title;
    json_t *values =
        json_pack("{s:s, s:s, s:I, s:O, s:s, s:o}", "team", box->team->name, "person", box->person,
                  "count", (json_int_t)json_array_size(items), "items", items, "notices",
                  notices ? "notices" : "", "settings", mail_settings(box, person));
    struct sgn_buf texts[OUTBOX_TEXTS];
    char id[96], thread[96] = "";
    /* A team's own template need not know where to put it. */
    bool enters = !digest && sgn_json_str(first, "enter")[0] != '\0';
    char *dir = mails->options.site != NULL && !enters
                    ? sgn_format("%s/teams/%s", mails->options.site, box->team->name)
                    : NULL;
    enum sgn_status st = SGN_OK;

    title = sgn_json_str(person, "title");
    snprintf(id, sizeof id, "signoff.%s.%lld", box->team->name,
             (long long)sgn_json_int(row, "id", 0));
    if (case_key[0] != '\0')
        snprintf(thread, sizeof thread, "signoff.%s.%s", box->team->name, case_key);
    for (int k = 0; k < OUTBOX_TEXTS; k++)
        sgn_buf_init(&texts[k], OUTBOX_MAIL_MAX / 4);
    if (values == NULL || (!digest && json_object_update(values, (json_t *)first) != 0))
        st = sgn_nomem(err);
    for (int k = 0; st == SGN_OK && k < OUTBOX_TEXTS; k++)
        st = outbox_template_put(dir, digest, zh, (enum outbox_text)k, values, &texts[k], err);
    cut_subject(&texts[OUTBOX_SUBJECT]);
    if (st == SGN_OK) {
        struct outbox_mail mail = {
            .from_name = mails->from_name,
            .from = mails->from,
            .to_name = title != NULL ? title : "",
            .to = sgn_json_str(person, "mail"),
            .subject =
                texts[OUTBOX_SUBJECT].bytes != NULL ? texts[OUTBOX_SUBJECT].bytes : "Signoff",
            .language = zh ? "zh" : "en",
            .id = id,
            .thread = thread,
            .at = sgn_clock_now(lane_clock(mails->options.lane)),
            .text = texts[OUTBOX_TXT].bytes != NULL ? texts[OUTBOX_TXT].bytes : "",
            .html = texts[OUTBOX_HTML].bytes != NULL ? texts[OUTBOX_HTML].bytes : ""
        };

        st = outbox_mime(&mail, out, err);
    }
    for (int k = 0; k < OUTBOX_TEXTS; k++)
        sgn_buf_deinit(&texts[k]);
    json_decref(values);
    free(dir);
    return st;
}

enum sgn_status
mail_compose(struct mail_box *box, const json_t *person, size_t n, struct sgn_buf *out,
             struct sgn_error *err)
{
    bool zh = is_zh(box, person);
    json_t *items = json_array();
    enum sgn_status st =
        items != NULL ? items_of(box, person, n, zh ? "zh" : "en", items, err) : sgn_nomem(err);

    if (st == SGN_OK)
        st = make(box, person, items, zh, out, err);
    json_decref(items);
    return st;
}
