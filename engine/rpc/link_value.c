/* SPDX-License-Identifier: Apache-2.0 */
/* Values in HTML, see link_value.h. */
#include "link_value.h"
#include "html.h"
#include "json.h"
#include "say.h"
#include <stdio.h>
#include <string.h>

#define PATH_MAX_OF 256
#define DEPTH_MAX   8 /* values lie no deeper; whatever does is not followed */

struct valuing {
    struct sgn_buf *out;
    const json_t *view;
    const char *language;
    int depth;
    bool linked;
};

void
rpc_link_time(struct sgn_buf *out, const char *text)
{
    size_t n = text != NULL ? strlen(text) : 0;

    if (n < 20 || text[10] != 'T') {
        rpc_html_put(out, text);
        return;
    }
    (void)sgn_buf_printf(out, "%.10s %.5s", text, text + 11);
    if (strcmp(text + 19, "Z") != 0)
        (void)sgn_buf_printf(out, " <small>%.6s</small>", text + n - 6);
    else
        (void)sgn_buf_puts(out, " <small>UTC</small>");
}

void
rpc_link_size(struct sgn_buf *out, int64_t bytes, const char *language)
{
    (void)sgn_buf_printf(out, sgn_say(language, "%lld bytes"), (long long)bytes);
}

/* What is agreed to are its bytes. Ids are ours: letters and digits. */
void
rpc_link_file(struct sgn_buf *out, const json_t *file, const char *language, bool linked)
{
    if (linked) {
        (void)sgn_buf_puts(out, "<a href=\"?file=");
        rpc_html_put(out, sgn_json_str(file, "id"));
        (void)sgn_buf_puts(out, "\">");
    }
    (void)sgn_buf_puts(out, "<bdi>");
    rpc_html_put(out, sgn_json_str(file, "name"));
    (void)sgn_buf_puts(out, linked ? "</bdi></a>, " : "</bdi>, ");
    rpc_link_size(out, sgn_json_int(file, "size", 0), language);
    (void)sgn_buf_puts(out, "<br><code>SHA-256 ");
    rpc_html_put(out, sgn_json_str(file, "sha256"));
    (void)sgn_buf_puts(out, "</code>");
}

static const json_t *
file_of(const json_t *view, const char *id)
{
    const json_t *file;
    size_t i;

    json_array_foreach(json_object_get(view, "files"), i, file) {
        const char *its = sgn_json_str(file, "id");
        if (its != NULL && strcmp(its, id) == 0)
            return file;
    }
    return NULL;
}

/* A choice by its title, a file by what it is, a time as one, else as it stands. */
static void
put_text(struct valuing *v, const char *path, const char *text)
{
    const json_t *titles = json_object_get(json_object_get(v->view, "value_titles"), path);
    const char *title = sgn_json_str(titles, text);
    const json_t *file = file_of(v->view, text);

    if (file != NULL) {
        rpc_link_file(v->out, file, v->language, v->linked);
    } else if (strlen(text) >= 20 && text[4] == '-' && text[7] == '-' && text[10] == 'T') {
        rpc_link_time(v->out, text);
    } else {
        (void)sgn_buf_puts(v->out, "<bdi>");
        rpc_html_put(v->out, title != NULL ? title : text);
        (void)sgn_buf_puts(v->out, "</bdi>");
    }
}

static void put_value(struct valuing *v, const char *path, const json_t *value);

static void
put_list(struct valuing *v, const char *path, const json_t *list)
{
    const json_t *item;
    size_t i;

    (void)sgn_buf_puts(v->out, "<ul>");
    json_array_foreach((json_t *)list, i, item) {
        (void)sgn_buf_puts(v->out, "<li>");
        put_value(v, path, item);
    }
    (void)sgn_buf_puts(v->out, "</ul>");
}

static void
put_record(struct valuing *v, const char *path, const json_t *record)
{
    const json_t *titles = json_object_get(v->view, "part_titles");
    const char *name;
    json_t *value;

    (void)sgn_buf_puts(v->out, "<dl>");
    json_object_foreach((json_t *)record, name, value) {
        char inner[PATH_MAX_OF];
        const char *title;
        snprintf(inner, sizeof inner, "%s.%s", path, name);
        title = sgn_json_str(titles, inner);
        (void)sgn_buf_puts(v->out, "<dt>");
        rpc_html_put(v->out, title != NULL ? title : name);
        (void)sgn_buf_puts(v->out, "<dd>");
        put_value(v, inner, value);
    }
    (void)sgn_buf_puts(v->out, "</dl>");
}

static void
put_value(struct valuing *v, const char *path, const json_t *value)
{
    if (++v->depth > DEPTH_MAX)
        (void)sgn_buf_puts(v->out, "…");
    else if (json_is_string(value))
        put_text(v, path, json_string_value(value));
    else if (json_is_boolean(value))
        (void)sgn_buf_puts(v->out, sgn_say(v->language, json_is_true(value) ? "yes" : "no"));
    else if (json_is_integer(value))
        (void)sgn_buf_printf(v->out, "%lld", (long long)json_integer_value(value));
    else if (json_is_array(value))
        put_list(v, path, value);
    else if (json_is_object(value))
        put_record(v, path, value);
    v->depth--;
}

void
rpc_link_value(struct sgn_buf *out, const json_t *view, const char *field, const json_t *value,
               const char *language, bool linked)
{
    struct valuing v = { out, view, language, 0, linked };

    put_value(&v, field, value);
}
