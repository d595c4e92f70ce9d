/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is opened by its address alone: the way from a request to rpc/visit.h and back.
 *
 * No cookie, no token in a header: a page of another site that makes a browser send a request here
 * would have to know the address, which is all there is to know. So "Origin: null" is taken, which
 * is what a browser sends from a page that keeps its own address to itself, as ours does.
 */
#include "http_internal.h"
#include "http_range.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BODY_MAX    ((int64_t)64 << 10)
#define AGENT_MAX   256
#define FILE_ID_MAX 64

/* ---- who asks ---- */

/* Behind a proxy on this machine, which nobody else could pretend to be: the address it names. */
void
net_http_address(const struct net_http *http, char out[NET_ADDRESS_TEXT])
{
    struct net_text text = http->head.forwarded;
    const char *comma = text.at != NULL ? memrchr(text.at, ',', text.n) : NULL;
    size_t n;

    snprintf(out, NET_ADDRESS_TEXT, "%s", http->wire.from != NULL ? http->wire.from : "");
    if (!http->local || text.at == NULL)
        return;
    if (comma != NULL) {
        text.n -= (size_t)(comma + 1 - text.at);
        text.at = comma + 1;
    }
    while (text.n > 0 && (*text.at == ' ' || *text.at == '\t')) {
        text.at++;
        text.n--;
    }
    for (n = 0; n < text.n && (isxdigit((unsigned char)text.at[n]) || strchr(".:[]", text.at[n]));)
        n++;
    if (n > 0 && n == text.n && n < NET_ADDRESS_TEXT)
        snprintf(out, NET_ADDRESS_TEXT, "%.*s", (int)n, text.at);
}

/* "lang=zh" of the query, else what the browser asks for. */
static const char *
language_of(const struct net_head *head)
{
    if (net_text_is(head->query, "lang=zh"))
        return "zh";
    if (net_text_is(head->query, "lang=en"))
        return "en";
    return net_http_language(head->language);
}

/* "file=ID" of the query; anything else is no file's. */
static void
file_of(const struct net_head *head, char out[FILE_ID_MAX + 1])
{
    const size_t prefix = strlen("file=");
    struct net_text query = head->query;

    if (query.at == NULL || query.n <= prefix || query.n - prefix > FILE_ID_MAX ||
        memcmp(query.at, "file=", prefix) != 0)
        return;
    snprintf(out, FILE_ID_MAX + 1, "%.*s", (int)(query.n - prefix), query.at + prefix);
}

static bool
is_form(struct net_text type)
{
    const char *stop = type.at != NULL ? memchr(type.at, ';', type.n) : NULL;

    if (stop != NULL)
        type.n = (size_t)(stop - type.at);
    return net_text_is(type, "application/x-www-form-urlencoded");
}

/* What stands behind "/s/" and its like. */
static struct net_text
part_of(struct net_text path)
{
    const char *slash = memrchr(path.at, '/', path.n);

    return (struct net_text){ slash + 1, path.n - (size_t)(slash + 1 - path.at) };
}

bool
net_http_visit_admit(struct net_http *http)
{
    const struct net_head *head = &http->head;
    struct net_text name = part_of(head->path);
    char address[NET_ADDRESS_TEXT], more[64];
    int wait;

    net_http_address(http, address);
    wait = rpc_visit_wait_s(http->site->rpc, RPC_VISIT_LINK, address, name.at, name.n);
    if (wait > 0) {
        snprintf(more, sizeof more, "Retry-After: %d\r\n", wait);
        net_http_deny(http, 429, "too many requests for what there is not; try again later", more);
    } else if (!net_text_is(head->origin, "null") && !net_http_is_own_origin(head)) {
        net_http_deny(http, 403, "a page of another origin sends this", NULL);
    } else if (head->length > BODY_MAX) {
        net_http_refuse(http, 413, "the body is larger than it may be");
    } else if (net_text_is(head->method, "POST") && !is_form(head->content_type)) {
        net_http_deny(http, 415, "Content-Type must be application/x-www-form-urlencoded", NULL);
    } else {
        return true;
    }
    return false;
}

/* ---- and back ---- */

/* Not to be found by those who search, nor kept by anybody in between. */
static void
on_answer(void *ctx, const struct rpc_visit_answer *answer)
{
    static const char *const types[] = { [RPC_VISIT_TEXT] = "text/plain; charset=utf-8",
                                         [RPC_VISIT_HTML] = "text/html; charset=utf-8",
                                         [RPC_VISIT_CALENDAR] = "text/calendar; charset=utf-8",
                                         [RPC_VISIT_FILE] = "application/octet-stream",
                                         [RPC_VISIT_JSON] = "application/json" };
    struct net_http *http = ctx;
    char more[704 + NET_DISPOSITION_MAX], retry[48] = "", policy[384] = "", hash[SGN_HASH_HEX],
                                          tag[96] = "";
    char name[NET_DISPOSITION_MAX] = "", said[NET_DISPOSITION_MAX + 32] = "";
    bool same = false;

    http->visit = NULL;
    if (answer->name != NULL) {
        net_disposition(false, answer->name, name);
        snprintf(said, sizeof said, "Content-Disposition: %s\r\n", name);
    }
    if (answer->type == RPC_VISIT_CALENDAR) { /* calendar programs ask again all day */
        sgn_sha256(answer->body, answer->n, hash);
        snprintf(tag, sizeof tag, "\"%.32s\"", hash);
        same = net_etag_listed(http->head.if_none_match, tag);
        snprintf(tag, sizeof tag, "ETag: \"%.32s\"\r\nCache-Control: private, no-cache\r\n", hash);
    }
    if (answer->retry_s > 0)
        snprintf(retry, sizeof retry, "Retry-After: %d\r\n", answer->retry_s);
    if (answer->policy != NULL)
        snprintf(policy, sizeof policy, "Content-Security-Policy: %s\r\n", answer->policy);
    snprintf(more, sizeof more, "X-Robots-Tag: noindex, nofollow, noarchive\r\n%s%s%s%s", retry,
             policy, tag, said);
    net_http_answer(http, &(struct net_answer){ same ? 304 : answer->status,
                                                same ? NULL : types[answer->type], answer->body,
                                                answer->n, more });
    http->wire.again(http->wire.ctx);
}

void
net_http_visit(struct net_http *http, const struct rpc_visit_ask *ask)
{
    http->visit = rpc_visit_begin(http->site->rpc, ask, on_answer, http);
    if (http->visit == NULL)
        net_http_deny(http, 503, "the server is busy; try again", "Retry-After: 10\r\n");
}

static void
visit(struct net_http *http, enum rpc_visit_kind kind)
{
    const struct net_head *head = &http->head;
    struct net_text name = part_of(head->path);
    char address[NET_ADDRESS_TEXT], agent[AGENT_MAX + 1] = "", file[FILE_ID_MAX + 1] = "";
    struct rpc_visit_ask ask = { .kind = kind,
                                 .posts = net_text_is(head->method, "POST"),
                                 .tasks = net_text_is(head->query, "as=tasks"),
                                 .name = name.at,
                                 .name_n = name.n,
                                 .body = http->body.bytes != NULL ? http->body.bytes : "",
                                 .body_n = http->body.len,
                                 .file = file,
                                 .address = address,
                                 .agent = agent,
                                 .language = language_of(head) };

    net_http_address(http, address);
    file_of(head, file);
    if (head->agent.at != NULL)
        snprintf(agent, sizeof agent, "%.*s",
                 (int)(head->agent.n < AGENT_MAX ? head->agent.n : AGENT_MAX), head->agent.at);
    net_http_visit(http, &ask);
}

void
net_http_feed(struct net_http *http)
{
    visit(http, RPC_VISIT_FEED);
}

void
net_http_link(struct net_http *http)
{
    visit(http, RPC_VISIT_LINK);
}
