/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What other tools send in: the way from POST /hooks/TEAM/NAME to rpc/visit.h. Who has sent it is
 * looked at there, by its signature; here only what every request must be like, in the same words
 * for every path.
 */
#include "http_internal.h"
#include "text.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define HEADERS_MAX 100
#define NAME_BYTES  100  /* bytes of a header's name */
#define VALUE_MAX   4096 /* and of its value */

/* "TEAM/NAME" of "/hooks/TEAM/NAME". */
static struct net_text
name_of(struct net_text path)
{
    const size_t prefix = strlen("/hooks/");

    return (struct net_text){ path.at + prefix, path.n - prefix };
}

/* application/json, or another type that is JSON, as those of CloudEvents are. */
static bool
is_json(struct net_text type)
{
    const char *stop = type.at != NULL ? memchr(type.at, ';', type.n) : NULL;
    char text[128];

    if (stop != NULL)
        type.n = (size_t)(stop - type.at);
    while (type.n > 0 && (type.at[type.n - 1] == ' ' || type.at[type.n - 1] == '\t'))
        type.n--;
    if (type.n == 0 || type.n >= sizeof text)
        return false;
    snprintf(text, sizeof text, "%.*s", (int)type.n, type.at);
    return strcasecmp(text, "application/json") == 0 ||
           (type.n > 17 && strncasecmp(text, "application/", 12) == 0 &&
            strcasecmp(text + type.n - 5, "+json") == 0);
}

bool
net_http_hook_admit(struct net_http *http)
{
    const struct net_head *head = &http->head;
    struct net_text name = name_of(head->path);
    char address[NET_ADDRESS_TEXT], more[64];
    int wait;

    net_http_address(http, address);
    wait = rpc_visit_wait_s(http->site->rpc, RPC_VISIT_HOOK, address, name.at, name.n);
    if (wait > 0) {
        snprintf(more, sizeof more, "Retry-After: %d\r\n", wait);
        net_http_deny(http, 429, "too much from your address was not signed; try again later",
                      more);
    } else if (!net_http_is_own_origin(head)) {
        net_http_deny(http, 403, "a page of another origin sends this", NULL);
    } else if (!is_json(head->content_type)) {
        net_http_deny(http, 415, "Content-Type must be application/json",
                      "Accept: application/json\r\n");
    } else {
        return true;
    }
    return false;
}

/* Is it one that a sender of hooks uses? */
static bool
is_wanted(const char *name)
{
    static const char *const wanted[] = { "x-", "webhook-", "ce-" };

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (strncmp(name, wanted[i], strlen(wanted[i])) == 0)
            return true;
    return strcmp(name, "authorization") == 0 || strcmp(name, "idempotency-key") == 0;
}

/* One that comes twice is none of those that are looked for: which of them was meant? */
static void
header_put(json_t *headers, const char *name, const char *value, size_t n)
{
    json_t *before = json_object_get(headers, name);

    if (before != NULL)
        (void)json_object_set_new(
            headers, name, json_sprintf("%s, %.*s", json_string_value(before), (int)n, value));
    else
        (void)json_object_set_new(headers, name, json_stringn(value, n));
}

/* Out of a head that was read and found well-formed: one field in each line behind the first. */
static json_t *
headers_of(const struct net_http *http)
{
    const char *at = http->text.bytes, *end = at + http->text.len, *line;
    json_t *headers = json_object();

    at = memchr(at, '\n', http->text.len);
    for (line = at != NULL ? at + 1 : end; line < end; line = at + 1) {
        const char *colon, *value, *stop;
        char name[NAME_BYTES];
        size_t n;

        at = memchr(line, '\n', (size_t)(end - line));
        colon = at != NULL ? memchr(line, ':', (size_t)(at - line)) : NULL;
        if (at == NULL || colon == NULL)
            break;
        n = (size_t)(colon - line);
        if (n == 0 || n >= sizeof name || json_object_size(headers) >= HEADERS_MAX)
            continue;
        for (size_t i = 0; i < n; i++)
            name[i] = (char)tolower((unsigned char)line[i]);
        name[n] = '\0';
        for (value = colon + 1; value < at && (*value == ' ' || *value == '\t');)
            value++;
        for (stop = at; stop > value && strchr(" \t\r", stop[-1]) != NULL;)
            stop--;
        if (is_wanted(name) && stop - value <= VALUE_MAX &&
            sgn_utf8_valid(value, (size_t)(stop - value)))
            header_put(headers, name, value, (size_t)(stop - value));
    }
    return headers;
}

void
net_http_hook(struct net_http *http)
{
    struct net_text name = name_of(http->head.path);
    char address[NET_ADDRESS_TEXT];
    json_t *headers = headers_of(http);
    struct rpc_visit_ask ask = { .kind = RPC_VISIT_HOOK,
                                 .posts = true,
                                 .name = name.at,
                                 .name_n = name.n,
                                 .body = http->body.bytes != NULL ? http->body.bytes : "",
                                 .body_n = http->body.len,
                                 .headers = headers,
                                 .address = address,
                                 .agent = "" };

    net_http_address(http, address);
    net_http_visit(http, &ask);
    json_decref(headers);
}
