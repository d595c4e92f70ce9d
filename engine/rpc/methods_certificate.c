/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certificate.get: the proof of a decision, see core/certificate.h. On a query thread.
 *
 *   entries, newest first ──▶ the one that decided ──▶ all before it ──▶ contents, titles ──▶
 * signed
 *
 * Who sees the case may have it: it holds headers and shared parts, and of those a client may read
 * all. What internal fields are called is not in it either, whoever asks.
 */
#include "certificate.h"
#include "certificate_page.h"
#include "data.h"
#include "methods.h"
#include "rpc_internal.h"
#include "titles.h"
#include <string.h>

#define PAGE 500 /* entries read at once */

struct gathering {
    const json_t *params;
    const struct calendar_zone *zone;
    json_t *entries, *views; /* the newest first; views of those that show something */
    json_t *header;          /* of the entry that decided; NULL: not found yet */
    size_t bytes;
    int64_t oldest;
    int n; /* of this page */
};

/* ---- which decision ---- */

/* A round that has ended, of the approval and number that are wanted; or the end of the case, where
 * neither is. */
static bool
decides(const json_t *params, const json_t *shared)
{
    const char *approval = sgn_json_str(params, "approval");
    int64_t number = sgn_json_int(params, "round", 0);
    const json_t *round;
    size_t i;

    json_array_foreach(json_object_get(shared, "round"), i, round) {
        const char *its = sgn_json_str(round, "approval");
        if (json_object_get(round, "ended") != NULL &&
            (approval == NULL || (its != NULL && strcmp(its, approval) == 0)) &&
            (number == 0 || sgn_json_int(round, "number", 0) == number))
            return true;
    }
    return approval == NULL && number == 0 && sgn_json_str(shared, "outcome") != NULL;
}

static json_t *
entry_item(const struct store_entry_row *entry)
{
    char salt[2 * SGN_SALT_BYTES + 1];

    sgn_hex(entry->shared_salt, SGN_SALT_BYTES, salt);
    return json_pack("{s:s%, s:o, s:s?}", "header", entry->header, entry->header_n, "shared",
                     entry->shared != NULL ? json_stringn(entry->shared, entry->shared_n)
                                           : json_null(),
                     "salt", entry->shared != NULL ? salt : NULL);
}

static enum sgn_status
gather_one(struct gathering *g, const struct store_entry_row *entry, struct sgn_error *err)
{
    json_t *shared = NULL, *view = NULL;
    enum sgn_status status = SGN_OK;

    if (g->header == NULL) {
        if (entry->shared != NULL)
            status = sgn_json_parse(entry->shared, entry->shared_n, &shared, err);
        if (status == SGN_OK && decides(g->params, shared))
            status = sgn_json_parse(entry->header, entry->header_n, &g->header, err);
        json_decref(shared);
    }
    if (status != SGN_OK || g->header == NULL)
        return status;
    g->bytes += entry->header_n + entry->shared_n;
    if (g->bytes > CERTIFICATE_MAX / 4)
        return sgn_fail(err, SGN_TOO_LARGE, "the case's history is too long for a certificate");
    status = rpc_entry_view(entry, CORE_SEES_SHARED, g->zone, &view, err);
    if (status == SGN_OK && json_array_insert_new(g->entries, 0, entry_item(entry)) != 0)
        status = sgn_nomem(err);
    if (view != NULL && json_array_insert_new(g->views, 0, view) != 0)
        status = sgn_nomem(err);
    return status;
}

static enum sgn_status
gather_take(void *ctx, const struct store_entry_row *entry, struct sgn_error *err)
{
    struct gathering *g = ctx;

    g->oldest = entry->case_seq;
    g->n++;
    return gather_one(g, entry, err);
}

static enum sgn_status
gather(struct gathering *g, struct store_reader *reader, const struct lane_job *job,
       const char *key, struct sgn_error *err)
{
    enum sgn_status status = SGN_OK;

    do {
        int64_t before = g->oldest;
        g->n = 0;
        status = store_case_entries(reader, job->team, key, before, PAGE, gather_take, g, err);
    } while (status == SGN_OK && g->n == PAGE && g->oldest > 1);
    if (status != SGN_OK || g->header != NULL)
        return status;
    if (json_object_get(g->params, "approval") != NULL ||
        json_object_get(g->params, "round") != NULL)
        return sgn_fail(err, SGN_NOT_NOW,
                        "%s has no such decision: leave approval and round out for the last one",
                        key);
    return sgn_fail(
        err, SGN_NOT_NOW,
        "nothing has been decided in %s that its client may see: a certificate is of an "
        "approval that has ended, or of the end of the case",
        key);
}

/* ---- what things are called ---- */

/* The row's key and title; null where there is none any more. */
static enum sgn_status
named(struct store_reader *reader, enum store_table table, const char *team, const char *column,
      const char *value, json_t **row, json_t *said, struct sgn_error *err)
{
    json_t *key = json_pack("{s:s}", column, value);
    json_t *title;
    enum sgn_status status = store_row_get(reader, table, team, key, row, err);

    status = sgn_if_any(status, err);
    title = json_object_get(*row, "title");
    if (status == SGN_OK && json_object_set(said, column, title != NULL ? title : json_null()) != 0)
        status = sgn_nomem(err);
    json_decref(key);
    return status;
}

struct made {
    json_t *contents, *fields, *files, *said, *body;
    struct sgn_buf out;
    bool page;
};

/* What the project and its client are called. */
static enum sgn_status
said_whose(struct store_reader *reader, const char *team, const char *key, json_t *said,
           struct sgn_error *err)
{
    json_t *project = NULL, *client = NULL;
    const char *of;
    enum sgn_status status =
        key != NULL ? named(reader, STORE_PROJECT, team, "project", key, &project, said, err)
                    : SGN_OK;

    of = sgn_json_str(project, "client");
    if (status == SGN_OK && of != NULL)
        status = named(reader, STORE_CLIENT, team, "client", of, &client, said, err);
    json_decref(project);
    json_decref(client);
    return status;
}

/* As it was called by the version, and with the values, that were decided on. */
static enum sgn_status
said_make(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
          const struct gathering *g, const struct model *model, const json_t *document,
          struct made *made, struct sgn_error *err)
{
    json_t *then = json_pack("{s:O, s:O}", "rules", json_object_get(g->header, "rules"), "fields",
                             made->fields);
    json_t *said = json_object(), *titles = NULL, *title = lane_case_title(model, then, true);
    enum sgn_status status = then != NULL && said != NULL ? SGN_OK : sgn_nomem(err);

    if (status == SGN_OK)
        status = rpc_titles_for(reader, lane, job, true, then, g->views, &titles, err);
    if (status == SGN_OK)
        status = said_whose(reader, job->team, sgn_json_str(document, "project"), said, err);
    if (status == SGN_OK &&
        (json_object_set(said, "title", title != NULL ? title : json_null()) != 0 ||
         json_object_set(said, "titles", titles) != 0 ||
         json_object_set_new(said, "language", json_string(job->language)) != 0))
        status = sgn_nomem(err);
    json_decref(titles);
    json_decref(then);
    if (status == SGN_OK)
        made->said = said;
    else
        json_decref(said);
    return status;
}

/* ---- the files ---- */

static enum sgn_status
page_make(struct made *made, const struct gathering *g, const unsigned char *secret,
          struct lane *lane, const struct lane_job *job, int64_t now, struct sgn_error *err)
{
    const json_t *last = json_array_get(g->entries, json_array_size(g->entries) - 1);
    const char *header = sgn_json_str(last, "header");
    json_t *issued = rpc_time(rpc_zone(lane, job->team), now);
    char hash[SGN_HASH_HEX], key[2 * SGN_SIGN_PUBLIC + 1];
    enum sgn_status status;

    sgn_hash(SGN_HASH_HEADER, NULL, header, strlen(header), hash);
    sgn_hex(secret + SGN_SIGN_SECRET - SGN_SIGN_PUBLIC, SGN_SIGN_PUBLIC, key);
    status = rpc_certificate_page(
        &made->out, &(struct rpc_certificate_scene){ .language = job->language,
                                                     .case_key = sgn_json_str(g->header, "case"),
                                                     .said = made->said,
                                                     .contents = made->contents,
                                                     .fields = made->fields,
                                                     .files = made->files,
                                                     .entries = g->views,
                                                     .hash = hash,
                                                     .key = key,
                                                     .issued = issued,
                                                     .n = (int)json_array_size(g->entries) });
    json_decref(issued);
    if (status != SGN_OK)
        return sgn_nomem(err);
    return certificate_seal_page(made->body, secret, now, &made->out, err);
}

static enum sgn_status
make(struct made *made, struct store_reader *reader, struct lane *lane, const struct lane_job *job,
     const struct gathering *g, const json_t *document, struct sgn_error *err)
{
    const unsigned char *secret = lane_site_key(lane);
    int64_t now = sgn_clock_now(lane_clock(lane));
    struct model *model = NULL;
    enum sgn_status status =
        lane_model(lane, reader, job->team, sgn_json_str(g->header, "rules"), &model, err);

    if (status == SGN_OK)
        status = certificate_contents(model, g->entries, &made->contents, &made->fields,
                                      &made->files, err);
    if (status == SGN_OK)
        status = said_make(reader, lane, job, g, model, document, made, err);
    model_free(model);
    if (status != SGN_OK)
        return status;
    made->body = json_pack("{s:O, s:O, s:O}", "contents", made->contents, "entries", g->entries,
                           "said", made->said);
    if (made->body == NULL)
        return sgn_nomem(err);
    if (made->page)
        return page_make(made, g, secret, lane, job, now, err);
    return certificate_seal(made->body, &(struct certificate_seal){ .secret = secret, .at = now },
                            &made->out, err);
}

static enum sgn_status
give(struct made *made, const struct gathering *g, struct lane_job *job, struct sgn_error *err)
{
    const char *key = sgn_json_str(g->header, "case");
    char name[SGN_KEY_MAX + 40];

    snprintf(name, sizeof name, "%.*s-%lld.certificate.%s", SGN_KEY_MAX, key,
             (long long)sgn_json_int(g->header, "case_seq", 0), made->page ? "html" : "json");
    job->result = json_pack("{s:s, s:O, s:s, s:s, s:s%}", "case", key, "entry",
                            json_object_get(g->header, "seq"), "name", name, "type",
                            made->page ? "text/html; charset=utf-8" : "application/json", "text",
                            made->out.bytes, made->out.len);
    return job->result != NULL ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
certificate_get(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                struct sgn_error *err)
{
    const char *key = sgn_json_str(job->params, "case");
    const char *language = sgn_json_str(job->params, "language");
    const char *format = sgn_json_str(job->params, "format");
    struct gathering g = { .params = job->params, .zone = rpc_zone(lane, job->team) };
    struct made made = { .page = format != NULL && strcmp(format, "html") == 0 };
    json_t *document = NULL;
    enum core_sight sight;
    enum sgn_status status = SGN_OK;

    if (format != NULL && !made.page && strcmp(format, "json") != 0)
        return rpc_data_invalid(err, "/format", "format is json or html");
    status = rpc_data_language(language, "/language", err);
    if (status != SGN_OK)
        return status;
    if (language != NULL)
        sgn_text_copy(job->language, sizeof job->language, language);
    status = rpc_case_sight(reader, lane, job, key, &sight, &document, err);
    if (status == SGN_OK && lane_site_key(lane) == NULL)
        status = sgn_fail(err, SGN_NOT_NOW, "this server has no site key to sign with");
    g.entries = json_array();
    g.views = json_array();
    sgn_buf_init(&made.out, CERTIFICATE_MAX);
    if (status == SGN_OK)
        status = gather(&g, reader, job, key, err);
    if (status == SGN_OK)
        status = make(&made, reader, lane, job, &g, document, err);
    if (status == SGN_OK)
        status = give(&made, &g, job, err);
    sgn_buf_deinit(&made.out);
    json_decref(made.contents);
    json_decref(made.fields);
    json_decref(made.files);
    json_decref(made.said);
    json_decref(made.body);
    json_decref(g.entries);
    json_decref(g.views);
    json_decref(g.header);
    json_decref(document);
    return status;
}

/* clang-format off */
static const struct rpc_param get_params[] = {
    RPC_PARAM_CASE,
    { "approval", RPC_STRING, false, 64, "The state whose approval it is; the last decision when not said." },
    { "round", RPC_INTEGER, false, 0, "Its round; the last one that ended when not said." },
    { "format", RPC_STRING, false, 8, "json (when not said), or html: a page to read, print and keep." },
    { "language", RPC_STRING, false, 8, "en or zh; yours when not said." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_certificate_get = {
    .name = "certificate.get",
    .summary = "Proves a decision: the case's entries up to it as far as its client may read them, "
               "signed by the site, to be verified without the server.",
    .access = CORE_PERSON | CORE_OPERATOR, .where = RPC_QUERY, .params = get_params,
    .result = "case, entry (the one that decided), name (of a file), type, text: the file's bytes, "
              "to be kept exactly so; signoff verify FILE checks them.",
    .query = certificate_get,
};
/* clang-format on */
