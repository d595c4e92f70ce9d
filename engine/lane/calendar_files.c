/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calendars as a team declares them, with the holiday files that they name.
 *
 * A file's name is a path inside the team's folder. It is opened step by step and no step may be
 * a link, so that nothing outside is ever read.
 */
#include "calendars.h"
#include "holidays.h"
#include "json.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct reading {
    const char *dir;
    const json_t *shipped;
    json_t *mistakes;
    const char *name; /* of the calendar */
    int line;         /* where it stands in team.lua */
    bool nomem;
};

static void
mistake(struct reading *reading, const char *file, int64_t line, const char *message)
{
    json_t *json = json_pack("{s:s, s:s, s:I, s:s}", "severity", "error", "file", file, "line",
                             (json_int_t)(line > 0 ? line : 1), "message", message);

    if (json_array_append_new(reading->mistakes, json) != 0)
        reading->nomem = true;
}

/* Of the calendar itself: in team.lua. */
static void
declared_mistake(struct reading *reading, const char *fmt, const char *what, const char *more)
{
    char *text = sgn_format(fmt, reading->name, what, more);

    if (text != NULL)
        mistake(reading, "team.lua", reading->line, text);
    else
        reading->nomem = true;
    free(text);
}

/* ---- files ---- */

/* Opens a path below the folder, one step after another; -1 with errno. */
static int
open_below(const char *dir, const char *path)
{
    int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    while (at >= 0) {
        char step[256];
        size_t n = strcspn(path, "/");
        bool last = path[n] == '\0';
        int next;

        if (n == 0 || n >= sizeof step || path[0] == '.') { /* also "..", and what is hidden */
            close(at);
            errno = EINVAL;
            return -1;
        }
        snprintf(step, sizeof step, "%.*s", (int)n, path);
        next = openat(at, step, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | (last ? 0 : O_DIRECTORY));
        close(at);
        if (next < 0 || last)
            return next;
        at = next;
        path += n + 1;
    }
    return -1;
}

/* The whole file; NULL with errno. */
static char *
read_below(const char *dir, const char *path, size_t *n)
{
    int fd = open_below(dir, path);
    struct stat info;
    char *text = NULL;
    ssize_t got = -1;

    if (fd < 0)
        return NULL;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= CALENDAR_HOLIDAYS_BYTES) {
        text = calloc(1, (size_t)info.st_size + 1);
        got = text != NULL ? read(fd, text, (size_t)info.st_size) : -1;
    } else {
        errno = EFBIG;
    }
    if (text != NULL && got != info.st_size) {
        free(text);
        text = NULL;
    }
    close(fd);
    *n = got > 0 ? (size_t)got : 0;
    return text;
}

/* ---- holidays ---- */

/* Lays the dates of one list over those there are. */
static void
add_days(struct reading *reading, const char *file, const char *text, size_t n, json_t *days)
{
    struct sgn_error why = { 0 };
    json_t *read = NULL;
    const char *message;
    size_t prefix = strlen(file);

    if (calendar_holidays_read(file, text, n, &read, &why) == SGN_OK) {
        if (json_object_update(days, read) != 0)
            reading->nomem = true;
    } else { /* NAME:LINE stand beside the message, not in it */
        message = why.message;
        if (strncmp(message, file, prefix) == 0 && message[prefix] == ':') {
            message += prefix + 1;
            message += strspn(message, "0123456789");
            message += strspn(message, ": ");
        }
        mistake(reading, file, sgn_json_int(why.data, "line", 1), message);
    }
    json_decref(read);
    sgn_error_clear(&why);
}

/* "cn" is cn-2024, cn-2025, ... */
static bool
is_of_list(const char *key, const char *name)
{
    size_t n = strlen(name);

    return strncmp(key, name, n) == 0 && (key[n] == '\0' || key[n] == '-');
}

static void
add_shipped(struct reading *reading, const char *name, json_t *days)
{
    json_t *known = json_array(), *text;
    const char *key, *near;
    bool found = false;

    json_object_foreach((json_t *)reading->shipped, key, text) {
        json_array_append_new(known, json_stringn(key, strcspn(key, "-")));
        if (!is_of_list(key, name))
            continue;
        found = true;
        add_days(reading, key, json_string_value(text), json_string_length(text), days);
    }
    near = sgn_nearest_json(name, known);
    if (!found && near != NULL)
        declared_mistake(reading,
                         "calendar \"%s\": no holidays \"%s\" are shipped (did you mean \"%s\"?)",
                         name, near);
    else if (!found)
        declared_mistake(reading,
                         "calendar \"%s\": no holidays \"%s\" are shipped; a file of the team's "
                         "own is written like \"holidays/cn.ics\"",
                         name, NULL);
    json_decref(known);
}

static void
add_file(struct reading *reading, const char *path, json_t *days)
{
    size_t n = 0;
    char *text = reading->dir != NULL ? read_below(reading->dir, path, &n) : NULL;

    if (text != NULL)
        add_days(reading, path, text, n, days);
    else if (reading->dir != NULL)
        declared_mistake(reading, "calendar \"%s\": %s cannot be read: %s", path,
                         errno == EFBIG   ? "it is no file of at most 1 MiB"
                         : errno == ELOOP ? "links are not followed"
                         : errno == EINVAL
                             ? "it must be the path of a file inside the team's folder"
                             : strerror(errno));
    free(text);
}

/* ---- calendars ---- */

static json_t *
read_one(struct reading *reading, const json_t *declared, const struct calendar_zone *zone)
{
    json_t *json = json_object(), *days = json_object(), *file;
    struct calendar *compiled = NULL;
    struct sgn_error why = { 0 };
    size_t i;

    json_array_foreach(json_object_get(declared, "holidays"), i, file) {
        const char *path = json_string_value(file);
        if (strpbrk(path, "./") == NULL)
            add_shipped(reading, path, days);
        else
            add_file(reading, path, days);
    }
    if (json_object_set_new(json, "timezone",
                            json_string(sgn_json_str(declared, "timezone") != NULL
                                            ? sgn_json_str(declared, "timezone")
                                            : calendar_zone_name(zone))) != 0 ||
        json_object_set(json, "hours", json_object_get(declared, "hours")) != 0 ||
        json_object_set(json, "days", days) != 0)
        reading->nomem = true;
    if (!reading->nomem && calendar_parse(json, zone, &compiled, &why) != SGN_OK)
        declared_mistake(reading, "calendar \"%s\": %s%s", why.message, "");
    if (compiled == NULL) {
        json_decref(json);
        json = NULL;
    }
    calendar_free(compiled);
    sgn_error_clear(&why);
    json_decref(days);
    return json;
}

static void
add_calendar(struct reading *reading, const struct model_team *team, const char *name, json_t *out)
{
    const json_t *declared = json_object_get(team->calendars, name);
    json_t *json;

    reading->name = name;
    reading->line = (int)sgn_json_int(declared, "line", 1);
    json = read_one(reading, declared, team->zone);
    if (json != NULL &&
        json_array_append_new(out, json_pack("{s:s, s:O}", "name", name, "calendar", json)) != 0)
        reading->nomem = true;
    json_decref(json);
}

enum sgn_status
lane_calendars_read(const char *dir, const struct model_team *team, const json_t *shipped,
                    json_t *mistakes, json_t **out, struct sgn_error *err)
{
    struct reading reading = { .dir = dir, .shipped = shipped, .mistakes = mistakes };
    const char *name;
    json_t *ignored;

    *out = json_array();
    if (*out == NULL)
        return sgn_nomem(err);
    if (team->calendar != NULL)
        add_calendar(&reading, team, team->calendar, *out);
    json_object_foreach((json_t *)team->calendars, name, ignored)
        if (strcmp(name, team->calendar) != 0)
            add_calendar(&reading, team, name, *out);
    if (!reading.nomem)
        return SGN_OK;
    json_decref(*out);
    *out = NULL;
    return sgn_nomem(err);
}
