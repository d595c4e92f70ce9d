/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters out of a query, by a list of those that a path has. */
#include "http_query.h"
#include "json.h"
#include "text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 15 /* of a number: within what JSON holds exactly */

static int
hex_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

bool
net_http_decode(struct net_text text, bool is_form, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        char c = text.at[i];
        if (c == '%') {
            int high = i + 2 < text.n ? hex_of(text.at[i + 1]) : -1;
            int low = high >= 0 ? hex_of(text.at[i + 2]) : -1;
            if (low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && is_form) {
            c = ' ';
        }
        if (c == '\0')
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return sgn_utf8_valid(out, n);
}

/* The value as its kind has it; NULL: it is none of that kind. */
static json_t *
value_of(enum net_query_kind kind, const char *text)
{
    size_t n = strlen(text);

    if (kind == NET_QUERY_NUMBER)
        return n > 0 && n <= DIGITS_MAX && strspn(text, "0123456789") == n
                   ? json_integer(strtoll(text, NULL, 10))
                   : NULL;
    if (kind != NET_QUERY_FLAG)
        return json_string(text);
    if (n == 0 || strcmp(text, "1") == 0 || strcmp(text, "true") == 0)
        return json_true();
    return strcmp(text, "0") == 0 || strcmp(text, "false") == 0 ? json_false() : NULL;
}

static bool
put(json_t *out, const struct net_query_param *param, const char *text, char why[NET_QUERY_WHY])
{
    static const char *const wanted[] = { "a text", "a text", "a number in digits",
                                          "true or false" };
    json_t *value = value_of(param->kind, text), *list = json_object_get(out, param->name);

    if (value == NULL) {
        snprintf(why, NET_QUERY_WHY, "the parameter '%s' must be %s", param->name,
                 wanted[param->kind]);
        return false;
    }
    if (param->kind != NET_QUERY_TEXTS && list != NULL) {
        json_decref(value);
        snprintf(why, NET_QUERY_WHY, "the parameter '%s' is given twice", param->name);
        return false;
    }
    if (param->kind != NET_QUERY_TEXTS)
        return json_object_set_new(out, param->name, value) == 0;
    if (list == NULL && json_object_set_new(out, param->name, json_array()) == 0)
        list = json_object_get(out, param->name);
    return json_array_append_new(list, value) == 0; /* takes value even where it fails */
}

/* One "name=value"; text has room for all of it, twice. */
static bool
take(json_t *out, struct net_text pair, const struct net_query_param *known, char *text,
     char why[NET_QUERY_WHY])
{
    const char *sign = memchr(pair.at, '=', pair.n);
    struct net_text name = { pair.at, sign != NULL ? (size_t)(sign - pair.at) : pair.n };
    struct net_text value = { pair.at + pair.n, 0 };
    char *second = text + name.n + 1;

    if (sign != NULL)
        value = (struct net_text){ sign + 1, (size_t)(pair.at + pair.n - sign) - 1 };
    if (!net_http_decode(name, true, text) || !net_http_decode(value, true, second)) {
        snprintf(why, NET_QUERY_WHY, "the query is not UTF-8 in %%XX");
        return false;
    }
    while (known->name != NULL && strcmp(known->name, text) != 0)
        known++;
    if (known->name != NULL)
        return put(out, known, second, why);
    snprintf(why, NET_QUERY_WHY, "there is no parameter '%.40s' here; /docs lists what there is",
             text);
    return false;
}

json_t *
net_http_query(struct net_text query, const struct net_query_param *known, char why[NET_QUERY_WHY])
{
    json_t *out = json_object();
    char *text = malloc(query.n + 2);
    bool fine = out != NULL && text != NULL;

    why[0] = '\0';
    while (fine && query.n > 0) {
        const char *stop = memchr(query.at, '&', query.n);
        size_t n = stop != NULL ? (size_t)(stop - query.at) : query.n;
        if (n > 0)
            fine = take(out, (struct net_text){ query.at, n }, known, text, why);
        query.at += stop != NULL ? n + 1 : n;
        query.n -= stop != NULL ? n + 1 : n;
    }
    free(text);
    if (fine)
        return out;
    json_decref(out);
    return NULL;
}
