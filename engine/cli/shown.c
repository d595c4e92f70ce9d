/* SPDX-License-Identifier: Apache-2.0 */
/* Values by their titles, see shown.h. */
#include "shown.h"

#include "json.h"
#include "output.h"
#include "say.h"
#include <string.h>

#define PATH_MOST  256
#define TIME_BYTES 19 /* "2026-01-05T09:00:00"; a date alone stays as it is */

const char *
cli_shown_word(const struct cli_shown *shown, const char *path, const char *word)
{
    const char *title = sgn_json_str(json_object_get(shown->values, path), word);

    return title != NULL ? title : word;
}

static void
put_list(struct sgn_buf *buf, const struct cli_shown *shown, const char *path, const json_t *list)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item) {
        /* Records have commas of their own. */
        const char *between = json_is_object(item) ? "; " : ", ";
        sgn_buf_puts(buf, i > 0 ? sgn_say(shown->language, between) : "");
        cli_shown_put(buf, shown, path, item);
    }
}

static void
put_member(struct sgn_buf *buf, const struct cli_shown *shown, const char *path, const char *title,
           const json_t *value, bool first)
{
    sgn_buf_puts(buf, first ? "" : sgn_say(shown->language, ", "));
    sgn_buf_printf(buf, "%s%s", title, sgn_say(shown->language, ": "));
    cli_shown_put(buf, shown, path, value);
}

/* In the order of the workflow, then what it does not name. */
static void
put_record(struct sgn_buf *buf, const struct cli_shown *shown, const char *path,
           const json_t *record)
{
    size_t n = strlen(path);
    char below[PATH_MOST];
    const char *name;
    json_t *title, *value;
    bool first = true;

    json_object_foreach((json_t *)shown->parts, name, title) {
        if (strncmp(name, path, n) != 0 || name[n] != '.' || strchr(name + n + 1, '.') != NULL)
            continue;
        value = json_object_get(record, name + n + 1);
        if (value == NULL || json_is_null(value))
            continue;
        put_member(buf, shown, name, json_string_value(title), value, first);
        first = false;
    }
    json_object_foreach((json_t *)record, name, value) {
        snprintf(below, sizeof(below), "%s.%s", path, name);
        if (json_object_get(shown->parts, below) != NULL)
            continue;
        put_member(buf, shown, below, name, value, first);
        first = false;
    }
}

void
cli_shown_put(struct sgn_buf *buf, const struct cli_shown *shown, const char *path,
              const json_t *value)
{
    if (json_is_string(value) && json_string_length(value) >= TIME_BYTES && cli_time_ms(value) > 0)
        cli_time_put(buf, value);
    else if (json_is_string(value))
        sgn_buf_puts(buf, cli_shown_word(shown, path, json_string_value(value)));
    else if (json_is_boolean(value))
        sgn_buf_puts(buf, sgn_say(shown->language, json_is_true(value) ? "yes" : "no"));
    else if (json_is_array(value))
        put_list(buf, shown, path, value);
    else if (json_is_object(value))
        put_record(buf, shown, path, value);
    else
        cli_value_put(buf, value);
}
