/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading project templates. Every mistake of a file is said at once, with its line: whoever wrote
 * it is no programmer, and meets it when a project is to begin.
 */
#include "project_template.h"

#include "json.h"
#include "template.h"
#include "text.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    const char *file;
    json_t *mistakes, *made;
    json_t *of;    /* what the lines of the section are put in; NULL: a section with a mistake */
    bool is_head;  /* [template] */
    bool has_head; /* there was one */
    int line;
    bool nomem;
};

static void mistake(struct reading *r, int line, const char *fmt, ...) SGN_PRINTF(3, 4);

static void
mistake(struct reading *r, int line, const char *fmt, ...)
{
    char text[300];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (json_array_append_new(r->mistakes,
                              json_pack("{s:s, s:s, s:i, s:i, s:s}", "severity", "error", "file",
                                        r->file, "line", line, "column", 1, "message", text)) != 0)
        r->nomem = true;
}

/* Cuts the blanks at both ends; in place. */
static char *
trim(char *text)
{
    size_t n;

    text += strspn(text, " \t\r");
    n = strlen(text);
    while (n > 0 && strchr(" \t\r", text[n - 1]) != NULL)
        text[--n] = '\0';
    return text;
}

/* ---- sections ---- */

/* Two cases of one workflow need a word each: people are told which of them is wrong. */
static bool
is_there(const struct reading *r, const char *workflow, const char *word)
{
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(r->made, "cases"), i, one)
        if (strcmp(sgn_json_str(one, "workflow"), workflow) == 0 &&
            strcmp(sgn_json_str(one, "word"), word) == 0)
            return true;
    return false;
}

static void
begin_case(struct reading *r, const char *workflow, const char *word)
{
    json_t *cases = json_object_get(r->made, "cases");
    json_t *fields = json_object();

    if (!sgn_name_valid(workflow)) {
        mistake(r, r->line, "[%.60s]: expected [template] or the name of a workflow", workflow);
    } else if (is_there(r, workflow, word)) {
        mistake(r, r->line,
                "a second case of %.60s: tell it from the first by a word, [%.60s second]",
                workflow, workflow);
    } else if (json_array_size(cases) >= MODEL_TEMPLATE_CASES) {
        mistake(r, r->line, "a template has %d cases at most", MODEL_TEMPLATE_CASES);
    } else {
        if (json_array_append_new(cases,
                                  json_pack("{s:s, s:s, s:i, s:O}", "workflow", workflow, "word",
                                            word, "line", r->line, "fields", fields)) != 0)
            r->nomem = true;
        else
            r->of = fields; /* which the array holds on to */
    }
    json_decref(fields);
}

/* "[milestone delivery]" */
static void
begin_section(struct reading *r, char *text)
{
    char *end = strchr(text, ']'), *word;

    r->of = NULL;
    r->is_head = false;
    if (end == NULL || *trim(end + 1) != '\0') {
        mistake(r, r->line, "expected [SECTION] and nothing else on the line");
        return;
    }
    *end = '\0';
    text = trim(text + 1);
    word = text + strcspn(text, " \t");
    if (*word != '\0')
        *word++ = '\0';
    word = trim(word);
    if (strcmp(text, "template") != 0) {
        begin_case(r, text, word);
        return;
    }
    if (r->has_head)
        mistake(r, r->line, "a second [template]");
    r->is_head = r->has_head = true;
    r->of = r->made;
}

/* ---- lines ---- */

static void
put_roles(struct reading *r, char *value)
{
    json_t *roles = json_object_get(r->made, "roles");
    char *rest = NULL;

    for (char *role = strtok_r(value, " \t,", &rest); role != NULL;
         role = strtok_r(NULL, " \t,", &rest)) {
        if (!sgn_name_valid(role) || strcmp(role, "client") == 0)
            mistake(r, r->line, "\"%.60s\" is no role that the team's people hold", role);
        else if (!sgn_json_has(roles, role) && json_array_append_new(roles, json_string(role)) != 0)
            r->nomem = true;
    }
}

/* A text in a language: {"line", "en", "zh"}. */
static void
put_text(struct reading *r, const char *name, const char *language, const char *value)
{
    json_t *said = json_object_get(r->of, name);

    if (said == NULL) {
        said = json_pack("{s:i}", "line", r->line);
        if (json_object_set_new(r->of, name, said) != 0) {
            r->nomem = true;
            return;
        }
    }
    if (json_object_get(said, language) != NULL)
        mistake(r, r->line, "a second %.60s", name);
    else if (json_object_set_new(said, language, json_string(value)) != 0)
        r->nomem = true;
}

/* "summary.zh = ..." */
static void
put_line(struct reading *r, char *text)
{
    static const char *const known[] = { "title", "says", "roles" };
    char *equals = strchr(text, '='), *name, *value, *language;
    bool is_known = false;

    if (equals == NULL) {
        mistake(r, r->line, "expected NAME = VALUE");
        return;
    }
    *equals = '\0';
    name = trim(text);
    value = trim(equals + 1);
    language = strrchr(name, '.');
    if (language != NULL && (strcmp(language, ".zh") == 0 || strcmp(language, ".en") == 0))
        *language++ = '\0';
    else
        language = NULL;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        is_known = is_known || strcmp(name, known[i]) == 0;
    if (r->of == NULL)
        return; /* its section is told of already */
    if (r->is_head && !is_known)
        mistake(r, r->line, "unknown \"%.60s\" in [template]: expected title, says or roles", name);
    else if (!sgn_name_valid(name))
        mistake(r, r->line, "\"%.60s\" cannot be the name of a field", name);
    else if (r->is_head && strcmp(name, "roles") == 0)
        put_roles(r, value);
    else
        put_text(r, name, language != NULL ? language : "en", value);
}

static void
read_lines(struct reading *r, char *text)
{
    char *next;

    for (char *line = text; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        r->line++;
        line = trim(line);
        if (*line == '\0' || *line == ';' || *line == '#')
            continue;
        if (*line == '[')
            begin_section(r, line);
        else if (!r->has_head && r->of == NULL && json_array_size(r->mistakes) == 0)
            mistake(r, r->line, "expected [template] first");
        else
            put_line(r, line);
    }
}

enum sgn_status
model_template_read(const char *file, const char *text, json_t *mistakes, json_t **out,
                    struct sgn_error *err)
{
    struct reading r = { .file = file, .mistakes = mistakes };
    int line = 1, column = 1;
    size_t n = strlen(text), before = json_array_size(mistakes);
    const char *fault = n > MODEL_TEMPLATE_BYTES ? "a template has 32 KiB at most"
                                                 : sgn_text_fault(text, n, &line, &column);
    char *copy = strdup(text);

    r.made = json_pack("{s:[], s:[]}", "roles", "cases");
    if (copy == NULL || r.made == NULL)
        r.nomem = true;
    else if (fault != NULL)
        mistake(&r, line, "%s", fault);
    else
        read_lines(&r, copy);
    if (!r.nomem && json_array_size(mistakes) == before && !r.has_head)
        mistake(&r, 1, "there is no [template] with a title and roles");
    free(copy);
    if (r.nomem) {
        json_decref(r.made);
        return sgn_nomem(err);
    }
    json_object_del(json_object_get(r.made, "title"), "line");
    json_object_del(json_object_get(r.made, "says"), "line");
    *out = r.made;
    return SGN_OK;
}

/* ---- values ---- */

const json_t *
model_template_field(const json_t *model, const char *name)
{
    const json_t *field;
    size_t i;

    json_array_foreach(json_object_get(model, "fields"), i, field)
        if (strcmp(sgn_json_str(field, "name"), name) == 0)
            return field;
    return NULL;
}

const char *
model_template_text(const json_t *said, const char *language)
{
    const char *text = language != NULL ? sgn_json_str(said, language) : NULL;

    if (text == NULL)
        text = sgn_json_str(said, "en");
    return text != NULL ? text : sgn_json_str(said, "zh");
}

static bool
is_type(const json_t *field, const char *type)
{
    const char *its = sgn_json_str(field, "type");

    return its != NULL && strcmp(its, type) == 0;
}

/* "10:00" as minutes of the day; -1: it is no such thing. */
static int
minutes_of(const char *text)
{
    char *end = NULL;
    long hour = strtol(text, &end, 10), minute = 60;

    if (end != text && *end == ':' && strlen(end) == 3)
        minute = strtol(end + 1, &end, 10);
    return *end == '\0' && hour >= 0 && hour < 24 && minute >= 0 && minute < 60
               ? (int)(hour * 60 + minute)
               : -1;
}

/* A date has no colon that could be mistaken for the hour: " at " parts them. */
bool
model_template_when(const json_t *field, const char *text, struct model_template_when *out)
{
    const char *at = strstr(text, " at ");
    char *duration;
    bool ok;

    if (!is_type(field, "date") && !is_type(field, "time"))
        return false;
    *out = (struct model_template_when){ .at = -1 };
    if (at != NULL && is_type(field, "time"))
        out->at = minutes_of(at + strlen(" at "));
    if (at != NULL && out->at < 0)
        return false;
    duration = at != NULL ? strndup(text, (size_t)(at - text)) : strdup(text);
    ok = duration != NULL && calendar_duration_parse(duration, &out->after, NULL) == SGN_OK;
    free(duration);
    return ok;
}

json_t *
model_template_value(const json_t *field, const char *text)
{
    char *end = NULL;
    long long number;
    json_t *value = NULL;

    if (is_type(field, "flag"))
        return strcmp(text, "yes") == 0  ? json_true()
               : strcmp(text, "no") == 0 ? json_false()
                                         : NULL;
    if (is_type(field, "list") || is_type(field, "record"))
        return sgn_json_parse(text, strlen(text), &value, NULL) == SGN_OK ? value : NULL;
    if (!is_type(field, "number") || sgn_json_int(field, "places", 0) > 0)
        return json_string(text);
    errno = 0;
    number = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' ? json_integer(number) : NULL;
}

/* ---- against the workflows ---- */

static void
check_value(struct reading *r, const char *workflow, const json_t *field, const json_t *said)
{
    static const char *const places[] = { "project", "client", NULL };
    static const char *const languages[] = { "en", "zh" };
    const char *name = sgn_json_str(field, "name");
    int line = (int)sgn_json_int(said, "line", 1);

    for (size_t i = 0; i < 2; i++) {
        const char *text = sgn_json_str(said, languages[i]);
        struct model_template_when when;
        struct sgn_error why = { 0 };
        json_t *value;

        if (text == NULL || model_template_when(field, text, &when))
            continue;
        value = model_template_value(field, text);
        if (value == NULL)
            mistake(r, line, "%s.%s: \"%.60s\" is no value of a %s", workflow, name, text,
                    sgn_json_str(field, "type"));
        else if (model_field_suits(field, value, false, &why) != SGN_OK ||
                 sgn_template_check(text, places, &why) != SGN_OK)
            mistake(r, line, "%s.%s: %s", workflow, name, why.message);
        sgn_error_clear(&why);
        json_decref(value);
    }
}

static void
check_case(struct reading *r, const json_t *one, const json_t *model)
{
    const char *workflow = sgn_json_str(one, "workflow"), *name;
    json_t *said, *known = json_array();
    const json_t *field;
    size_t i;

    json_array_foreach(json_object_get(model, "fields"), i, field)
        (void)json_array_append(known, json_object_get(field, "name"));
    json_object_foreach(json_object_get(one, "fields"), name, said) {
        const char *near = sgn_nearest_json(name, known);

        field = model_template_field(model, name);
        if (field != NULL)
            check_value(r, workflow, field, said);
        else
            mistake(r, (int)sgn_json_int(said, "line", 1), "%s has no field \"%s\"%s%s%s", workflow,
                    name, near != NULL ? " (did you mean \"" : "", near != NULL ? near : "",
                    near != NULL ? "\"?)" : "");
    }
    json_decref(known);
}

enum sgn_status
model_template_check(const json_t *read, const json_t *workflows, bool shipped, const char *file,
                     json_t *mistakes, struct sgn_error *err)
{
    struct reading r = { .file = file, .mistakes = mistakes };
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(read, "cases"), i, one) {
        const char *workflow = sgn_json_str(one, "workflow");
        const json_t *model = json_object_get(workflows, workflow);

        if (model != NULL)
            check_case(&r, one, model);
        else if (!shipped)
            mistake(&r, (int)sgn_json_int(one, "line", 1),
                    "the team uses no workflow \"%.60s\": add use \"%.60s\" to team.lua", workflow,
                    workflow);
    }
    return r.nomem ? sgn_nomem(err) : SGN_OK;
}
