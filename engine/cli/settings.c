/* SPDX-License-Identifier: Apache-2.0 */
/* Settings and their four sources. */
#include "settings.h"

#include "json.h"
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIB INT64_C(1024)
#define MIB (1024 * KIB)

/* What is nearest to [section] name: the section when that is wrong, else the name. */
static enum sgn_status
unknown(const char *section, const char *name, struct sgn_error *err)
{
    const char *sections[SETTINGS_MAX], *names[SETTINGS_MAX];
    const char *nearest;
    int n_table;
    const struct setting *table = settings_table(&n_table);
    size_t n = 0;

    for (int i = 0; i < n_table; i++) {
        sections[i] = table[i].section;
        if (strcmp(table[i].section, section) == 0)
            names[n++] = table[i].name;
    }
    nearest =
        n == 0 ? sgn_nearest(section, sections, (size_t)n_table) : sgn_nearest(name, names, n);
    if (n == 0 && section[0] == '\0')
        return sgn_fail(err, SGN_INVALID, "%s stands before any [section]", name);
    if (n == 0)
        return sgn_fail(err, SGN_INVALID, "unknown section [%s]%s%s%s", section,
                        nearest ? "; did you mean [" : "", nearest ? nearest : "",
                        nearest ? "]?" : "");
    return sgn_fail(err, SGN_INVALID, "unknown setting %s in [%s]%s%s%s", name, section,
                    nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}

static bool
read_bool(const char *text, bool *out)
{
    static const char *const yes[] = { "yes", "true", "on", "1" };
    static const char *const no[] = { "no", "false", "off", "0" };

    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
            *out = strcmp(text, yes[i]) == 0;
            return true;
        }
    }
    return false;
}

/* Digits, for bytes with K, M or G behind them. */
static bool
read_number(const char *text, bool bytes, int64_t *out)
{
    char *end = NULL;
    int64_t unit = 1;

    errno = 0;
    *out = strtoll(text, &end, 10);
    if (end == text || errno != 0)
        return false;
    if (bytes && *end != '\0') {
        unit = *end == 'K' ? KIB : *end == 'M' ? MIB : *end == 'G' ? 1024 * MIB : 0;
        end++;
    }
    return *end == '\0' && unit > 0 && !__builtin_mul_overflow(*out, unit, out);
}

static enum sgn_status
set_number(struct settings *settings, const struct setting *s, const char *text,
           struct sgn_error *err)
{
    bool bytes = s->type == SETTING_IS_BYTES;
    int64_t number;

    if (!read_number(text, bytes, &number))
        return sgn_fail(err, SGN_INVALID, "%s = %s: expected %s", s->name, text,
                        bytes ? "a size such as 512K, 16M or 2G" : "a whole number");
    if (number < s->min || number > s->max)
        return sgn_fail(err, SGN_INVALID, "%s = %s: must be between %lld and %lld", s->name, text,
                        (long long)s->min, (long long)s->max);
    memcpy((char *)settings + s->offset, &number, sizeof(number));
    return SGN_OK;
}

static enum sgn_status
set_text(struct settings *settings, const struct setting *s, const char *text,
         struct sgn_error *err)
{
    if (strlen(text) >= SETTING_TEXT)
        return sgn_fail(err, SGN_INVALID, "%s: longer than %d bytes", s->name, SETTING_TEXT - 1);
    memcpy((char *)settings + s->offset, text, strlen(text) + 1);
    return SGN_OK;
}

static enum sgn_status
set_bool(struct settings *settings, const struct setting *s, const char *text,
         struct sgn_error *err)
{
    bool yes;

    if (!read_bool(text, &yes))
        return sgn_fail(err, SGN_INVALID, "%s = %s: expected yes or no", s->name, text);
    memcpy((char *)settings + s->offset, &yes, sizeof(yes));
    return SGN_OK;
}

static struct setting_origin *
origin_of(struct settings *settings, const struct setting *s)
{
    int n;

    return &settings->origins[s - settings_table(&n)];
}

enum sgn_status
settings_set(struct settings *settings, const char *section, const char *name, const char *text,
             struct setting_origin origin, struct sgn_error *err)
{
    const struct setting *s = settings_find(section, name);
    enum sgn_status st = SGN_OK;

    if (s == NULL)
        return unknown(section, name, err);
    if (s->type == SETTING_IS_TEXT)
        st = set_text(settings, s, text, err);
    else if (s->type == SETTING_IS_BOOL)
        st = set_bool(settings, s, text, err);
    else
        st = set_number(settings, s, text, err);
    if (st == SGN_OK)
        *origin_of(settings, s) = origin;
    return st;
}

/* ---- mistakes ---- */

enum sgn_status
settings_mistake(json_t *mistakes, const char *place, const char *message, struct sgn_error *err)
{
    size_t n = strlen(place);
    bool twice = strncmp(message, place, n) == 0 && strncmp(message + n, ": ", 2) == 0;
    json_t *row = json_pack("{s:s, s:s}", "place", place, "message", message + (twice ? n + 2 : 0));

    return row != NULL && json_array_append_new(mistakes, row) == 0 ? SGN_OK : sgn_nomem(err);
}

enum sgn_status
settings_refuse(const json_t *mistakes, struct sgn_error *err)
{
    const json_t *first = json_array_get(mistakes, 0);

    if (first == NULL)
        return SGN_OK;
    return sgn_fail(err, SGN_INVALID, "%s: %s", sgn_json_str(first, "place"),
                    sgn_json_str(first, "message"));
}

/* ---- the file, and the environment ---- */

struct reading {
    struct settings *settings;
    const char *file;
    json_t *mistakes;
    struct sgn_error *err;
    enum sgn_status status;
};

static void
note(struct reading *reading, const char *place, const struct sgn_error *wrong)
{
    if (reading->status == SGN_OK)
        reading->status = settings_mistake(reading->mistakes, place, wrong->message, reading->err);
}

static void
take_line(void *ctx, int line, const char *section, const char *name, const char *value)
{
    struct reading *reading = ctx;
    struct setting_origin origin = { SETTING_FILE, line };
    char place[SETTING_PLACE];
    struct sgn_error wrong = { 0 };
    enum sgn_status st =
        name == NULL ? sgn_fail(&wrong, SGN_INVALID, "expected NAME = VALUE or [SECTION]")
                     : settings_set(reading->settings, section, name, value, origin, &wrong);

    snprintf(place, sizeof place, "%s:%d", reading->file, line);
    if (st != SGN_OK)
        note(reading, place, &wrong);
    sgn_error_clear(&wrong);
}

static void
take_file(struct reading *reading)
{
    struct sgn_error wrong = { 0 };
    enum sgn_status st = settings_lines(reading->file, take_line, reading, &wrong);

    if (st != SGN_OK && st != SGN_NOT_FOUND)
        note(reading, reading->file, &wrong);
    sgn_error_clear(&wrong);
}

const char *
settings_variable(const struct setting *setting, char out[SETTING_VARIABLE])
{
    snprintf(out, SETTING_VARIABLE, "SIGNOFF_%s_%s", setting->section, setting->name);
    for (char *c = out; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
    return out;
}

static void
take_variable(struct reading *reading, const struct setting *s)
{
    char variable[SETTING_VARIABLE];
    const char *text = getenv(settings_variable(s, variable));
    struct setting_origin origin = { SETTING_ENVIRONMENT, 0 };
    struct sgn_error wrong = { 0 };

    if (text != NULL && text[0] != '\0' &&
        settings_set(reading->settings, s->section, s->name, text, origin, &wrong) != SGN_OK)
        note(reading, variable, &wrong);
    sgn_error_clear(&wrong);
}

enum sgn_status
settings_gather(struct settings *settings, const char *file, json_t *mistakes,
                struct sgn_error *err)
{
    struct reading reading = {
        .settings = settings, .file = file, .mistakes = mistakes, .err = err, .status = SGN_OK
    };
    struct setting_origin origin = { SETTING_DEFAULT, 0 };
    int n;
    const struct setting *table = settings_table(&n);
    enum sgn_status st = SGN_OK;

    *settings = (struct settings){ 0 };
    for (int i = 0; i < n && st == SGN_OK; i++)
        st = settings_set(settings, table[i].section, table[i].name, table[i].or_else, origin, err);
    if (st == SGN_OK && file != NULL)
        take_file(&reading);
    for (int i = 0; i < n && st == SGN_OK; i++)
        take_variable(&reading, &table[i]);
    return st != SGN_OK ? st : reading.status;
}

enum sgn_status
settings_read(struct settings *settings, const char *file, struct sgn_error *err)
{
    json_t *mistakes = json_array();
    enum sgn_status st =
        mistakes != NULL ? settings_gather(settings, file, mistakes, err) : sgn_nomem(err);

    if (st == SGN_OK)
        st = settings_refuse(mistakes, err);
    json_decref(mistakes);
    return st;
}

/* ---- for people ---- */

void
settings_place(const struct settings *settings, const struct setting *setting, const char *file,
               char out[SETTING_PLACE])
{
    int n;
    const struct setting_origin *origin = &settings->origins[setting - settings_table(&n)];
    char variable[SETTING_VARIABLE];
    /* Of the options of serve one alone is called otherwise than its setting. */
    bool store = strcmp(setting->section, "store") == 0 && strcmp(setting->name, "url") == 0;

    switch (origin->source) {
    case SETTING_DEFAULT:
        snprintf(out, SETTING_PLACE, "default");
        break;
    case SETTING_FILE:
        snprintf(out, SETTING_PLACE, "%s:%d", file, origin->line);
        break;
    case SETTING_ENVIRONMENT:
        snprintf(out, SETTING_PLACE, "%s", settings_variable(setting, variable));
        break;
    case SETTING_OPTION:
        snprintf(out, SETTING_PLACE, "--%s", store ? "store" : setting->name);
        break;
    }
}

/* The password of "scheme://USER:PASSWORD@..." or "?password=PASSWORD" is not told. */
static void
put_masked(struct sgn_buf *out, const char *text)
{
    const char *host = strstr(text, "://"), *end, *colon, *said;

    if (host == NULL) {
        sgn_buf_puts(out, text);
        return;
    }
    host += 3;
    end = memrchr(host, '@', strcspn(host, "/?"));
    colon = end != NULL ? memchr(host, ':', (size_t)(end - host)) : NULL;
    if (colon != NULL) {
        sgn_buf_append(out, text, (size_t)(colon + 1 - text));
        sgn_buf_puts(out, "***");
        text = end;
    }
    while ((said = strstr(text, "password=")) != NULL) {
        said += strlen("password=");
        sgn_buf_append(out, text, (size_t)(said - text));
        sgn_buf_puts(out, "***");
        text = said + strcspn(said, "&");
    }
    sgn_buf_puts(out, text);
}

static void
put_bytes(struct sgn_buf *out, int64_t bytes)
{
    static const char units[] = { 'K', 'M', 'G' };
    int unit = -1;

    while (bytes != 0 && bytes % KIB == 0 && unit < 2) {
        bytes /= KIB;
        unit++;
    }
    sgn_buf_printf(out, "%lld", (long long)bytes);
    if (unit >= 0)
        sgn_buf_append(out, &units[unit], 1);
}

void
settings_value(const struct settings *settings, const struct setting *setting, struct sgn_buf *out)
{
    const char *at = (const char *)settings + setting->offset;
    int64_t number;
    bool yes;

    switch (setting->type) {
    case SETTING_IS_TEXT:
        put_masked(out, at);
        break;
    case SETTING_IS_BOOL:
        memcpy(&yes, at, sizeof yes);
        sgn_buf_puts(out, yes ? "yes" : "no");
        break;
    case SETTING_IS_INTEGER:
        memcpy(&number, at, sizeof number);
        sgn_buf_printf(out, "%lld", (long long)number);
        break;
    case SETTING_IS_BYTES:
        memcpy(&number, at, sizeof number);
        put_bytes(out, number);
        break;
    }
}
