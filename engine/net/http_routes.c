/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is where: paths, their methods, and who may see them.
 *
 * Only POST /rpc and what http_visit.c and http_hook.c have change anything, and only a page of
 * this server's own may make a browser send it.
 */
#include "buf.h"
#include "docs.h"
#include "http_internal.h"
#include "json.h"
#include "metrics.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define METRICS_MAX ((size_t)1 << 20)
#define PAGE_MAX    ((size_t)8 << 20)

struct route {
    const char *path;  /* one that ends with a slash has one more part behind it, one that ends
                        * with a star anything */
    const char *allow; /* its methods, as the field Allow lists them */
    void (*run)(struct net_http *http);
};

/* ---- the others ---- */

static void
run_healthz(struct net_http *http)
{
    net_http_deny(http, 200, "ok", NULL);
}

static void
run_readyz(struct net_http *http)
{
    if (http->site->stopping)
        net_http_deny(http, 503, "stopping", "Retry-After: 10\r\n");
    else
        net_http_deny(http, 200, "ready", NULL);
}

/* By its own words this request was sent to this machine, and by nobody in between. A page that
 * has its name resolve to us sends that name. */
static bool
is_local(const struct net_http *http)
{
    static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };
    struct net_text host = http->head.host;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t n = strlen(names[i]);
        if (http->local && !http->head.proxied && http->head.origin.at == NULL && host.n >= n &&
            strncasecmp(host.at, names[i], n) == 0 && (host.n == n || host.at[n] == ':'))
            return true;
    }
    return false;
}

static void
answer_figures(struct net_http *http)
{
    struct sgn_buf text;

    sgn_buf_init(&text, METRICS_MAX);
    if (rpc_metrics(http->site->rpc, &text) == SGN_OK)
        net_http_answer(http, &(struct net_answer){ 200, "text/plain; version=0.0.4; charset=utf-8",
                                                    text.bytes, text.len, NULL });
    else
        net_http_refuse(http, 503, "out of memory");
    sgn_buf_deinit(&text);
}

/* What rpc answers to a question of our own: figures are for the operator. */
static void
take_figures(struct net_http *http, const char *bytes, size_t n)
{
    json_t *answer = NULL;

    if (sgn_json_parse(bytes, n, &answer, NULL) == SGN_OK &&
        json_object_get(answer, "result") != NULL)
        answer_figures(http);
    else
        net_http_deny(http, 403, "figures are for the operator's token", NULL);
    json_decref(answer);
}

static void
run_metrics(struct net_http *http)
{
    http->take = take_figures;
    if (http->head.authorization.at != NULL)
        net_http_ask(http, "admin.stats", json_object(), false);
    else if (is_local(http))
        answer_figures(http);
    else
        net_http_deny(http, 401, "figures are for the operator's token, or from this machine",
                      "WWW-Authenticate: Bearer\r\n");
}

/* Pages are the same for everybody, so that they are made once. */
static bool
page_make(struct net_page *page, enum sgn_status (*print)(struct sgn_buf *out))
{
    struct sgn_buf text;
    char hash[SGN_HASH_HEX];

    if (page->bytes != NULL)
        return true;
    sgn_buf_init(&text, PAGE_MAX);
    if (print(&text) == SGN_OK) {
        sgn_sha256(text.bytes, text.len, hash);
        snprintf(page->etag, sizeof page->etag, "\"%.16s\"", hash);
        page->n = text.len;
        page->bytes = sgn_buf_take(&text);
    }
    sgn_buf_deinit(&text);
    return page->bytes != NULL;
}

static void
run_docs(struct net_http *http)
{
    if (page_make(&http->site->docs, rpc_docs_page))
        net_http_page(http, &http->site->docs, "text/html; charset=utf-8");
    else
        net_http_refuse(http, 503, "out of memory");
}

static void
run_openrpc(struct net_http *http)
{
    if (page_make(&http->site->openrpc, rpc_docs_json))
        net_http_page(http, &http->site->openrpc, "application/json");
    else
        net_http_refuse(http, 503, "out of memory");
}

void
net_site_deinit(struct net_site *site)
{
    free(site->docs.bytes);
    free(site->openrpc.bytes);
    site->docs.bytes = site->openrpc.bytes = NULL;
}

/* ---- finding them ---- */

/* An upload has begun to run when its head was admitted. */
static void
run_nothing(struct net_http *http)
{
    (void)http;
}

static bool
is_at(const char *path, struct net_text asked)
{
    size_t n = strlen(path);

    if (n > 1 && path[n - 1] == '*')
        return asked.n >= n - 1 && memcmp(asked.at, path, n - 1) == 0;
    if (n > 1 && path[n - 1] == '/')
        return asked.n > n && memcmp(asked.at, path, n) == 0 &&
               memchr(asked.at + n, '/', asked.n - n) == NULL;
    return asked.n == n && memcmp(asked.at, path, n) == 0;
}

static const struct route *
route_of(struct net_text path)
{
    static const struct route routes[] = {
        { "/rpc", "GET, POST", net_http_rpc },
        { "/events", "GET", net_http_events },
        { "/healthz", "GET, HEAD", run_healthz },
        { "/readyz", "GET, HEAD", run_readyz },
        { "/metrics", "GET, HEAD", run_metrics },
        { "/docs", "GET, HEAD", run_docs },
        { "/openrpc.json", "GET, HEAD", run_openrpc },
        { "/files", "PUT", run_nothing },
        { "/files/", "GET, HEAD", net_http_file },
        { "/s/", "GET, HEAD, POST", net_http_link },
        { "/calendar/", "GET, HEAD", net_http_feed },
        { "/hooks/*", "POST", net_http_hook },
        { "/", "GET, HEAD", net_http_console },
        { "/console", "GET, HEAD", net_http_console },
        { "/console/*", "GET, HEAD", net_http_asset },
        { "/portal", "GET, HEAD", net_http_portal },
        { "/portal/*", "GET, HEAD", net_http_asset },
    };

    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++)
        if (is_at(routes[i].path, path))
            return &routes[i];
    return NULL;
}

/* RFC 9110, 9.1: those that are standard but of no use here are known all the same. */
static bool
is_known_method(struct net_text method)
{
    static const char *const known[] = { "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS" };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (method.n == strlen(known[i]) && memcmp(method.at, known[i], method.n) == 0)
            return true;
    return false;
}

static bool
allows(const struct route *route, struct net_text method)
{
    char name[16];

    snprintf(name, sizeof name, "%.*s", (int)method.n, method.at);
    return net_text_lists((struct net_text){ route->allow, strlen(route->allow) }, name);
}

/* A type that forms cannot have: no page of another site sends it without being asked first, and
 * whoever asks is told nothing. */
static bool
is_json(struct net_text type)
{
    const char *stop = type.at != NULL ? memchr(type.at, ';', type.n) : NULL;

    if (stop != NULL)
        type.n = (size_t)(stop - type.at);
    while (type.n > 0 && (type.at[type.n - 1] == ' ' || type.at[type.n - 1] == '\t'))
        type.n--;
    return net_text_is(type, "application/json");
}

/* Is what it opens shown by its address alone? */
static bool
is_visit(const struct route *route)
{
    return route->run == net_http_link || route->run == net_http_feed;
}

bool
net_http_admit(struct net_http *http)
{
    const struct net_head *head = &http->head;
    const struct route *route = route_of(head->path);
    char allow[64];

    if (!is_known_method(head->method)) {
        net_http_refuse(http, 501, "this method is not known");
    } else if (net_text_is(head->path, "*")) { /* RFC 9110, 9.3.7 */
        net_http_answer(
            http, &(struct net_answer){ .status = 204, .more = "Allow: GET, HEAD, POST, PUT\r\n" });
    } else if (route == NULL) {
        net_http_deny(http, 404, "there is nothing here; /docs lists what there is", NULL);
    } else if (!allows(route, head->method)) {
        snprintf(allow, sizeof allow, "Allow: %s\r\n", route->allow);
        net_http_deny(http, 405, "this method is not for this path", allow);
    } else if (is_visit(route)) {
        return net_http_visit_admit(http);
    } else if (route->run == net_http_hook) {
        return net_http_hook_admit(http);
    } else if (!net_http_is_own_origin(head)) {
        net_http_deny(http, 403, "a page of another origin sends this", NULL);
    } else if (route->run == net_http_rpc && net_text_is(head->method, "GET")) {
        return net_http_upgrade_admit(http);
    } else if (route->run == net_http_rpc && !is_json(head->content_type)) {
        net_http_deny(http, 415, "Content-Type must be application/json",
                      "Accept: application/json\r\n");
    } else if (net_text_is(head->path, "/files")) {
        return net_http_upload_admit(http);
    } else {
        return true;
    }
    return false;
}

void
net_http_run(struct net_http *http)
{
    route_of(http->head.path)->run(http);
}
