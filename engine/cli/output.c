/* SPDX-License-Identifier: Apache-2.0 */
/* Colour, values and errors as people read them; tables are in table.c. */
#include "output.h"

#include "clock.h"
#include "json.h"
#include "say.h"
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LINE_MAX_BYTES 65536
#define WIDTH_MIN      40 /* narrower terminals are treated as this wide */

static bool
wants_colour(const char *color, int fd)
{
    const char *no_color = getenv("NO_COLOR");
    const char *force = getenv("CLICOLOR_FORCE");
    const char *term = getenv("TERM");

    if (color != NULL && strcmp(color, "auto") != 0)
        return strcmp(color, "always") == 0;
    if (no_color != NULL && no_color[0] != '\0')
        return false;
    if (force != NULL && force[0] != '\0' && strcmp(force, "0") != 0)
        return true;
    return isatty(fd) == 1 && (term == NULL || strcmp(term, "dumb") != 0);
}

enum sgn_status
cli_output_init(struct cli_output *output, const char *color, bool json, struct sgn_error *err)
{
    struct winsize size = { 0 };

    *output = (struct cli_output){ .out = stdout, .err = stderr, .json = json };
    if (color != NULL && strcmp(color, "auto") != 0 && strcmp(color, "always") != 0 &&
        strcmp(color, "never") != 0)
        return sgn_fail(err, SGN_INVALID, "--color %s: expected auto, always or never", color);
    output->colour = wants_colour(color, STDOUT_FILENO);
    output->err_colour = wants_colour(color, STDERR_FILENO);
    if (isatty(STDOUT_FILENO) == 1) {
        const char *columns = getenv("COLUMNS");
        output->width = columns != NULL ? (int)strtol(columns, NULL, 10) : 0;
        if (output->width <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
            output->width = size.ws_col;
        if (output->width <= 0)
            output->width = 80;
        if (output->width < WIDTH_MIN)
            output->width = WIDTH_MIN;
    }
    return SGN_OK;
}

const char *
cli_style(bool colour, enum cli_style style)
{
    static const char *const codes[] = {
        [CLI_PLAIN] = "\033[0m", [CLI_BOLD] = "\033[1m",   [CLI_DIM] = "\033[2m",
        [CLI_RED] = "\033[31m",  [CLI_GREEN] = "\033[32m", [CLI_YELLOW] = "\033[33m",
        [CLI_CYAN] = "\033[36m",
    };

    return colour ? codes[style] : "";
}

/* ---- values ---- */

static void
put_list(struct sgn_buf *buf, const json_t *list)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item) {
        if (i > 0)
            sgn_buf_puts(buf, ", ");
        cli_value_put(buf, item);
    }
}

static void
put_members(struct sgn_buf *buf, const json_t *object)
{
    const char *name;
    json_t *value, *last = NULL;
    bool first = true;

    /* The API takes no const object, though it only reads it. */
    json_object_foreach((json_t *)object, name, value) {
        /* A list has commas of its own: what follows one stands apart. */
        if (!first)
            sgn_buf_puts(buf, json_is_array(last) ? "; " : " ");
        first = false;
        last = value;
        sgn_buf_printf(buf, "%s=", name);
        cli_value_put(buf, value);
    }
}

void
cli_value_put(struct sgn_buf *buf, const json_t *value)
{
    switch (value == NULL ? JSON_NULL : json_typeof(value)) {
    case JSON_STRING:
        sgn_buf_puts(buf, json_string_value(value));
        break;
    case JSON_INTEGER:
        sgn_buf_printf(buf, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        sgn_buf_printf(buf, "%g", json_real_value(value));
        break;
    case JSON_TRUE:
        sgn_buf_puts(buf, "yes");
        break;
    case JSON_FALSE:
        sgn_buf_puts(buf, "no");
        break;
    case JSON_NULL:
        break;
    case JSON_ARRAY:
        put_list(buf, value);
        break;
    case JSON_OBJECT:
        put_members(buf, value);
        break;
    }
}

void
cli_who_put(struct sgn_buf *buf, const json_t *who)
{
    static const char *const kinds[] = { "person", "role", "group" };
    const json_t *item;
    size_t i;

    json_array_foreach(who, i, item) {
        sgn_buf_puts(buf, i > 0 ? ", " : "");
        cli_who_put(buf, item);
    }
    for (i = 0; json_is_object(who) && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const char *name = sgn_json_str(who, kinds[i]);
        if (name != NULL)
            sgn_buf_printf(buf, "%s%s", strcmp(kinds[i], "group") == 0 ? "group " : "", name);
    }
    if (json_is_string(who))
        sgn_buf_puts(buf, json_string_value(who));
}

/* Seconds east of UTC that a time is written with: of "+08:00" at its end. */
static int
offset_of(const char *time)
{
    size_t n = time != NULL ? strlen(time) : 0;
    long hours, minutes;

    if (n < 6 || time[n - 3] != ':')
        return 0;
    hours = strtol(time + n - 5, NULL, 10);
    minutes = strtol(time + n - 2, NULL, 10);
    return (int)(hours * 60 + minutes) * (time[n - 6] == '-' ? -60 : 60);
}

void
cli_time_put(struct sgn_buf *buf, const json_t *value)
{
    cli_time_put_as(buf, value, NULL);
}

void
cli_time_put_as(struct sgn_buf *buf, const json_t *value, const char *like)
{
    const char *text = json_string_value(value);
    char made[SGN_TIME_TEXT];

    if (json_is_integer(value))
        text = json_integer_value(value) > 0
                   ? sgn_time_format(json_integer_value(value), offset_of(like), made)
                   : NULL;
    if (text == NULL)
        return;
    /* Seconds matter only when they are there: deadlines mostly fall on whole minutes. */
    if (strlen(text) < 19 || text[10] != 'T')
        sgn_buf_puts(buf, text);
    else if (strncmp(text + 16, ":00", 3) == 0 && text[19] != '.')
        sgn_buf_printf(buf, "%.10s %.5s", text, text + 11);
    else
        sgn_buf_printf(buf, "%.10s %.8s", text, text + 11);
}

int64_t
cli_time_ms(const json_t *value)
{
    int64_t ms = -1;

    if (json_is_integer(value))
        return json_integer_value(value);
    if (!json_is_string(value) || sgn_time_parse(json_string_value(value), &ms, NULL) != SGN_OK)
        return -1;
    return ms;
}

void
cli_span_put(struct sgn_buf *buf, int64_t ms, const char *language)
{
    long long minutes = (ms < 0 ? -ms : ms) / SGN_MINUTE_MS;
    long long days = minutes / (24 * 60), hours = minutes / 60 % 24;

    if (days >= 10 || (days > 0 && hours == 0))
        sgn_buf_printf(buf, sgn_say(language, "%lld d"), days);
    else if (days > 0)
        sgn_buf_printf(buf, sgn_say(language, "%lld d %lld h"), days, hours);
    else if (hours > 0 && minutes % 60 != 0)
        sgn_buf_printf(buf, sgn_say(language, "%lld h %lld min"), hours, minutes % 60);
    else if (hours > 0)
        sgn_buf_printf(buf, sgn_say(language, "%lld h"), hours);
    else
        sgn_buf_printf(buf, sgn_say(language, "%lld min"), minutes);
}

const char *
cli_count(struct cli_count *count, const char *language, long long n, const char *one,
          const char *several)
{
    snprintf(count->text, sizeof count->text, sgn_say(language, n == 1 ? one : several), n);
    return count->text;
}

const char *
cli_title(const json_t *title, const char *language, const char *or_else)
{
    const char *text;

    if (json_is_string(title))
        return json_string_value(title);
    text = sgn_json_str(title, sgn_say_is_zh(language) ? "zh" : "en");
    if (text == NULL)
        text = sgn_json_str(title, "en");
    if (text == NULL)
        text = sgn_json_str(title, "zh");
    return text != NULL ? text : or_else;
}

/* ---- results and errors ---- */

void
cli_print_json(const struct cli_output *output, const json_t *value)
{
    char *text = sgn_json_text(value);

    if (text != NULL)
        fprintf(output->out, "%s\n", text);
    free(text);
}

static void
print_clean(FILE *file, const char *language, const char *text)
{
    char *said = sgn_say_text(language, text);
    struct sgn_buf buf;

    sgn_buf_init(&buf, LINE_MAX_BYTES);
    cli_text_put(&buf, said != NULL ? said : text, 0);
    fputs(buf.bytes != NULL ? buf.bytes : "", file);
    sgn_buf_deinit(&buf);
    free(said);
}

/* Members of an error's data that have a sentence of their own, or are said already. */
static bool
is_told(const char *name)
{
    static const char *const told[] = { "code", "pointer", "hint", "nearest", "message" };

    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        if (strcmp(name, told[i]) == 0)
            return true;
    }
    return false;
}

/* Does the message hold it word by word? */
static bool
is_said(const char *message, const json_t *value)
{
    struct sgn_buf buf;
    bool said;

    sgn_buf_init(&buf, LINE_MAX_BYTES);
    cli_value_put(&buf, value);
    said = buf.bytes != NULL && strstr(message, buf.bytes) != NULL;
    sgn_buf_deinit(&buf);
    return said;
}

static void
print_detail(const struct cli_output *output, const char *name, const json_t *value)
{
    struct sgn_buf buf;
    bool c = output->err_colour;

    sgn_buf_init(&buf, LINE_MAX_BYTES);
    cli_value_put(&buf, value);
    if (buf.len > 0) {
        fprintf(output->err, "  %s%s%s%s", cli_style(c, CLI_DIM), sgn_say(output->language, name),
                sgn_say(output->language, ": "), cli_style(c, CLI_PLAIN));
        print_clean(output->err, output->language, buf.bytes);
        fputc('\n', output->err);
    }
    sgn_buf_deinit(&buf);
}

void
cli_print_error(const struct cli_output *output, const struct sgn_error *err)
{
    bool c = output->err_colour;
    const char *name;
    json_t *value;

    if (output->json) {
        json_t *line =
            json_pack("{s:{s:s, s:s, s:o*}}", "error", "code", sgn_status_code(err->status),
                      "message", err->message, "data", json_incref(err->data));
        char *text = sgn_json_text(line);
        fprintf(output->err, "%s\n", text != NULL ? text : err->message);
        free(text);
        json_decref(line);
        return;
    }
    fprintf(output->err, "%ssignoff:%s ", cli_style(c, CLI_RED), cli_style(c, CLI_PLAIN));
    print_clean(output->err, output->language, err->message);
    fputc('\n', output->err);
    if (sgn_json_str(err->data, "pointer") != NULL && sgn_json_str(err->data, "pointer")[0] != '\0')
        print_detail(output, "at", json_object_get(err->data, "pointer"));
    if (sgn_json_str(err->data, "nearest") != NULL &&
        strstr(err->message, sgn_json_str(err->data, "nearest")) == NULL)
        print_detail(output, "did you mean", json_object_get(err->data, "nearest"));
    json_object_foreach(err->data, name, value) {
        if (!is_told(name) && !json_is_boolean(value) && !is_said(err->message, value))
            print_detail(output, name, value);
    }
    if (sgn_json_str(err->data, "hint") != NULL)
        print_detail(output, "hint", json_object_get(err->data, "hint"));
}
