/* SPDX-License-Identifier: Apache-2.0 */
/* Values of other tools as texts and keys. See import_text.h. */
#include "buf.h"
#include "hash.h"
#include "import_text.h"
#include "json.h"
#include <ctype.h>
#include <string.h>

#define TEXT_MAX  (4 * 1024 * 1024)
#define DEPTH_MAX 40 /* of a document's paragraphs */
#define DIGEST_N  6  /* digits that tell names apart */
#define KEY_PLAIN (IMPORT_KEY_TEXT - 1 - DIGEST_N - 1)

/* ---- keys ---- */

/* Appends what a key may have of the name; *lost: something was no Latin letter or digit. */
static size_t
slug(const char *name, char *out, size_t room, bool *lost)
{
    size_t n = 0;

    for (const unsigned char *c = (const unsigned char *)name; *c != '\0'; c++) {
        if (*c >= 0x80 || n >= room)
            *lost = true;
        else if (isalnum(*c))
            out[n++] = (char)tolower(*c);
        else if (n > 0 && out[n - 1] != '-')
            out[n++] = '-';
    }
    while (n > 0 && out[n - 1] == '-')
        n--;
    out[n] = '\0';
    return n;
}

void
import_key(const char *name, char out[IMPORT_KEY_TEXT])
{
    const char *at = strchr(name, '@');
    char plain[IMPORT_KEY_TEXT], person[128], digest[SGN_HASH_HEX];
    bool lost = false;
    size_t n;

    /* jane.doe@mail.acme.com: jane-doe-mail-acme would be long, and says no more */
    if (at != NULL && at != name && strpbrk(name, " ,;") == NULL) {
        snprintf(person, sizeof(person), "%.*s-%.*s", (int)(at - name), name,
                 (int)strcspn(at + 1, "."), at + 1);
        n = slug(person, plain, KEY_PLAIN, &lost);
    } else {
        n = slug(name, plain, KEY_PLAIN, &lost);
    }
    if (!lost && n > 0) {
        snprintf(out, IMPORT_KEY_TEXT, "%s%.*s", isalpha((unsigned char)plain[0]) ? "" : "n-",
                 KEY_PLAIN, plain);
        return;
    }
    sgn_hash(SGN_HASH_REQUEST, NULL, name, strlen(name), digest);
    snprintf(out, IMPORT_KEY_TEXT, "%s%.*s-%.*s",
             n == 0 || isalpha((unsigned char)plain[0]) ? (n == 0 ? "n" : "") : "n-", KEY_PLAIN - 2,
             plain, DIGEST_N, digest);
}

/* ---- texts ---- */

static void
put_clean(struct sgn_buf *buf, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte == '\r' && c[1] != '\n')
            (void)sgn_buf_append(buf, "\n", 1);
        else if (byte == '\n' || byte == '\t' || (byte >= 0x20 && byte != 0x7f))
            (void)sgn_buf_append(buf, c, 1);
    }
}

/* Atlassian Document Format: {"type": "doc", "content": [{"type": "paragraph", "content": [{"type":
 * "text", "text"}]}]} (developer.atlassian.com, "Atlassian Document Format"). Blocks end lines. */
static void
put_document(struct sgn_buf *buf, const json_t *node, int depth)
{
    static const char *const blocks[] = { "paragraph", "heading",    "listItem", "codeBlock",
                                          "tableRow",  "blockquote", "rule" };
    const char *type = sgn_json_str(node, "type");
    const json_t *attributes = json_object_get(node, "attrs"), *child;
    size_t i;

    if (type == NULL || depth > DEPTH_MAX)
        return;
    if (strcmp(type, "text") == 0 && sgn_json_str(node, "text") != NULL)
        put_clean(buf, sgn_json_str(node, "text"));
    else if (strcmp(type, "hardBreak") == 0)
        (void)sgn_buf_puts(buf, "\n");
    else if (sgn_json_str(attributes, "text") != NULL) /* a mention, an emoji */
        put_clean(buf, sgn_json_str(attributes, "text"));
    else if (sgn_json_str(attributes, "url") != NULL)
        put_clean(buf, sgn_json_str(attributes, "url"));
    json_array_foreach(json_object_get(node, "content"), i, child)
        put_document(buf, child, depth + 1);
    for (i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
        if (strcmp(blocks[i], type) == 0 && buf->len > 0 && buf->bytes[buf->len - 1] != '\n')
            (void)sgn_buf_puts(buf, "\n");
}

/* Of an object what people call it. */
static const json_t *
name_of(const json_t *object)
{
    static const char *const names[] = {
        "displayName", "fullName", "name", "value", "title", "key"
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (json_is_string(json_object_get(object, names[i])))
            return json_object_get(object, names[i]);
    return NULL;
}

static void
put_plain(struct sgn_buf *buf, const json_t *value, int depth)
{
    const json_t *item;
    size_t i;

    if (depth > DEPTH_MAX)
        return;
    if (json_is_string(value))
        put_clean(buf, json_string_value(value));
    else if (json_is_number(value))
        (void)sgn_json_append(buf, value);
    else if (json_is_boolean(value))
        (void)sgn_buf_puts(buf, json_is_true(value) ? "true" : "false");
    else if (json_is_object(value) && json_object_get(value, "content") != NULL)
        put_document(buf, value, 0);
    else if (json_is_object(value))
        put_plain(buf, name_of(value), depth + 1);
    json_array_foreach(value, i, item) {
        if (buf->len > 0)
            (void)sgn_buf_puts(buf, ", ");
        put_plain(buf, item, depth + 1);
    }
}

/* Without the white space around it. */
json_t *
import_plain(const json_t *value)
{
    struct sgn_buf buf;
    const char *begin;
    size_t n;
    json_t *text = NULL;

    sgn_buf_init(&buf, TEXT_MAX);
    put_plain(&buf, value, 0);
    begin = buf.bytes != NULL ? buf.bytes : "";
    n = buf.len;
    while (n > 0 && isspace((unsigned char)*begin))
        begin++, n--;
    while (n > 0 && isspace((unsigned char)begin[n - 1]))
        n--;
    if (n > 0)
        text = json_stringn(begin, n);
    sgn_buf_deinit(&buf);
    return text;
}
