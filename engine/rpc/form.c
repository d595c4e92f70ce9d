/* SPDX-License-Identifier: Apache-2.0 */
/* Reading what an HTML form sends, see form.h. */
#include "form.h"
#include "buf.h"
#include "text.h"
#include <string.h>

#define PAIRS_MAX 32

static int
digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* A "%" that no two hex digits follow stands for itself, as the standard wants it. */
static enum sgn_status
decode(const char *text, size_t n, struct sgn_buf *out, struct sgn_error *err)
{
    sgn_buf_init(out, n + 1);
    for (size_t i = 0; i < n; i++) {
        char c = text[i] == '+' ? ' ' : text[i];
        if (c == '%' && n - i > 2 && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
            c = (char)(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        }
        (void)sgn_buf_append(out, &c, 1);
    }
    if (out->failed)
        return sgn_nomem(err);
    if (!sgn_utf8_valid(out->bytes != NULL ? out->bytes : "", out->len))
        return sgn_fail(err, SGN_INVALID, "the form is not UTF-8");
    return SGN_OK;
}

static enum sgn_status
add_pair(const char *text, size_t n, json_t *into, struct sgn_error *err)
{
    const char *equals = memchr(text, '=', n);
    size_t name_n = equals != NULL ? (size_t)(equals - text) : n;
    struct sgn_buf name, value;
    const char *key;
    json_t *string;
    enum sgn_status st;

    sgn_buf_init(&value, 0);
    st = decode(text, name_n, &name, err);
    if (st == SGN_OK)
        st = decode(equals != NULL ? equals + 1 : "", equals != NULL ? n - name_n - 1 : 0, &value,
                    err);
    key = name.bytes != NULL ? name.bytes : "";
    if (st == SGN_OK && json_object_get(into, key) != NULL)
        st = sgn_fail(err, SGN_INVALID, "the form names something twice");
    if (st == SGN_OK && json_object_size(into) >= PAIRS_MAX)
        st = sgn_fail(err, SGN_INVALID, "the form is longer than it may be");
    if (st == SGN_OK) {
        string = json_stringn(value.bytes != NULL ? value.bytes : "", value.len);
        if (string == NULL || json_object_set_new(into, key, string) != 0)
            st = sgn_nomem(err);
    }
    sgn_buf_deinit(&name);
    sgn_buf_deinit(&value);
    return st;
}

enum sgn_status
rpc_form_read(const char *bytes, size_t n, json_t **out, struct sgn_error *err)
{
    json_t *pairs = json_object();
    enum sgn_status st = pairs != NULL ? SGN_OK : sgn_nomem(err);

    while (st == SGN_OK && n > 0) {
        const char *and = memchr(bytes, '&', n);
        size_t pair_n = and != NULL ? (size_t)(and-bytes) : n;

        if (pair_n > 0)
            st = add_pair(bytes, pair_n, pairs, err);
        bytes += pair_n + (and != NULL);
        n -= pair_n + (and != NULL);
    }
    if (st == SGN_OK)
        *out = pairs;
    else
        json_decref(pairs);
    return st;
}
