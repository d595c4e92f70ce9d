/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands in a mail. The texts are templates (base/template.h): those of the team where its
 * folder has them, in mail/NAME.LANGUAGE.KIND, else those below. NAME is message (of one message)
 * or digest, LANGUAGE en or zh, KIND subject, txt or html. Names in them: team, person, case,
 * title, text, at; count, and items (case, title, text, at of each).
 *
 * A template that is wrong is logged and the one below used: a mail that is not sent helps nobody.
 */
#include "mail_internal.h"

#include "calendar.h"
#include "file.h"
#include "template.h"
#include "zone.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUBJECT_BYTES 200
#define PATH_BYTES    1024

enum kind {
    KIND_SUBJECT,
    KIND_TEXT,
    KIND_HTML,
    KINDS
};

/* clang-format off */
static const char *const endings[KINDS] = { "subject", "txt", "html" };

/* By digest, Chinese, kind. */
static const char *const shipped[2][2][KINDS] = {
    { { "{{#case}}[{{case}}{{#title}} {{title}}{{/title}}] {{/case}}{{text}}",
        "{{text}}\n\n{{#case}}{{case}}{{#title}}: {{title}}{{/title}}\n{{/case}}{{at}}\n\n-- \n"
        "Signoff, {{team}}\n",
        "<p>{{text}}</p>\n{{#case}}<p><b>{{case}}</b> {{title}}</p>\n{{/case}}<p>{{at}}</p>\n<hr>\n"
        "<p>Signoff, {{team}}</p>\n" },
      { "{{#case}}【{{case}}{{#title}} {{title}}{{/title}}】{{/case}}{{text}}",
        "{{text}}\n\n{{#case}}{{case}}{{#title}}：{{title}}{{/title}}\n{{/case}}{{at}}\n\n-- \n"
        "Signoff，{{team}}\n",
        "<p>{{text}}</p>\n{{#case}}<p><b>{{case}}</b> {{title}}</p>\n{{/case}}<p>{{at}}</p>\n<hr>\n"
        "<p>Signoff，{{team}}</p>\n" } },
    { { "{{count}} reminders",
        "{{#items}}* {{case}}{{#title}} {{title}}{{/title}}: {{text}} ({{at}})\n{{/items}}\n-- \n"
        "Signoff, {{team}}\n",
        "<ul>\n{{#items}}<li><b>{{case}}</b> {{title}}: {{text}} ({{at}})</li>\n{{/items}}</ul>\n<hr>\n"
        "<p>Signoff, {{team}}</p>\n" },
      { "{{count}} 条提醒",
        "{{#items}}* {{case}}{{#title}} {{title}}{{/title}}：{{text}}（{{at}}）\n{{/items}}\n-- \n"
        "Signoff，{{team}}\n",
        "<ul>\n{{#items}}<li><b>{{case}}</b> {{title}}：{{text}}（{{at}}）</li>\n{{/items}}</ul>\n<hr>\n"
        "<p>Signoff，{{team}}</p>\n" } },
};
/* clang-format on */

/* The team's own; NULL: there is none. malloc'ed. */
static char *
own_template(const struct mail_box *box, const char *name, bool zh, enum kind kind)
{
    char path[PATH_BYTES], *text = NULL;
    FILE *file;
    size_t n;

    if (box->team->mails->options.site == NULL ||
        snprintf(path, sizeof path, "%s/teams/%s/mail/%s.%s.%s", box->team->mails->options.site,
                 box->team->name, name, zh ? "zh" : "en", endings[kind]) >= (int)sizeof path)
        return NULL;
    file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    text = calloc(1, SGN_TEMPLATE_MAX + 2); /* one more than a template may have: it is refused */
    n = text != NULL ? fread(text, 1, SGN_TEMPLATE_MAX + 1, file) : 0;
    (void)fclose(file);
    while (kind == KIND_SUBJECT && n > 0 && text[n - 1] == '\n')
        text[--n] = '\0';
    return text;
}

static enum sgn_status
put(const struct mail_box *box, bool digest, bool zh, enum kind kind, const json_t *values,
    struct sgn_buf *out, struct sgn_error *err)
{
    const char *name = digest ? "digest" : "message";
    char *own = own_template(box, name, zh, kind);
    struct sgn_error why = { 0 };
    enum sgn_status st = SGN_INVALID;

    if (own != NULL)
        st = sgn_template_put(out, own, values, kind == KIND_HTML, &why);
    if (own != NULL && st != SGN_OK) {
        sgn_log(SGN_LOG_WARN, "template not used", "team", box->team->name, "name", name, "kind",
                endings[kind], "why", why.message, NULL);
        sgn_buf_reset(out);
    }
    sgn_error_clear(&why);
    free(own);
    return st == SGN_OK
               ? st
               : sgn_template_put(out, shipped[digest][zh][kind], values, kind == KIND_HTML, err);
}

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
            *out = json_pack("{s:s, s:s, s:s, s:s}", "case",
                             sgn_json_str(row, "case") != NULL ? sgn_json_str(row, "case") : "",
                             "title", told.title != NULL ? told.title : "", "text", told.text, "at",
                             time_text(box, sgn_json_int(row, "at", 0), at));
        if (st == SGN_OK && *out == NULL)
            st = sgn_nomem(err);
    }
    lane_told_deinit(&told);
    json_decref(key);
    json_decref(now);
    if (st != SGN_NOT_FOUND)
        return st;
    sgn_error_clear(err);
    return SGN_OK;
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
    const char *case_key = digest ? "" : sgn_json_str(first, "case"), *title;
    json_t *values =
        json_pack("{s:s, s:s, s:I, s:O}", "team", box->team->name, "person", box->person, "count",
                  (json_int_t)json_array_size(items), "items", items);
    struct sgn_buf texts[KINDS];
    char id[96], thread[96] = "";
    enum sgn_status st = SGN_OK;

    title = sgn_json_str(person, "title");
    snprintf(id, sizeof id, "signoff.%s.%lld", box->team->name,
             (long long)sgn_json_int(row, "id", 0));
    if (case_key[0] != '\0')
        snprintf(thread, sizeof thread, "signoff.%s.%s", box->team->name, case_key);
    for (int k = 0; k < KINDS; k++)
        sgn_buf_init(&texts[k], OUTBOX_MAIL_MAX / 4);
    if (values == NULL || (!digest && json_object_update(values, (json_t *)first) != 0))
        st = sgn_nomem(err);
    for (int k = 0; st == SGN_OK && k < KINDS; k++)
        st = put(box, digest, zh, (enum kind)k, values, &texts[k], err);
    cut_subject(&texts[KIND_SUBJECT]);
    if (st == SGN_OK) {
        struct outbox_mail mail = {
            .from_name = mails->from_name,
            .from = mails->from,
            .to_name = title != NULL ? title : "",
            .to = sgn_json_str(person, "mail"),
            .subject = texts[KIND_SUBJECT].bytes != NULL ? texts[KIND_SUBJECT].bytes : "Signoff",
            .language = zh ? "zh" : "en",
            .id = id,
            .thread = thread,
            .at = sgn_clock_now(lane_clock(mails->options.lane)),
            .text = texts[KIND_TEXT].bytes != NULL ? texts[KIND_TEXT].bytes : "",
            .html = texts[KIND_HTML].bytes != NULL ? texts[KIND_HTML].bytes : ""
        };

        st = outbox_mime(&mail, out, err);
    }
    for (int k = 0; k < KINDS; k++)
        sgn_buf_deinit(&texts[k]);
    json_decref(values);
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
