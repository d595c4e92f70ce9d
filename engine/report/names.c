/* SPDX-License-Identifier: Apache-2.0 */
/* What keys are called, and whose side people are on. See report.h for the names. */
#include "report_internal.h"
#include <stdio.h>
#include <string.h>

void
report_key(char out[REPORT_KEY_BYTES], const char *first, const char *second)
{
    snprintf(out, REPORT_KEY_BYTES, "%s/%s", first != NULL ? first : "",
             second != NULL ? second : "");
}

static const json_t *
named(const struct report *report, const char *kind, const char *key)
{
    return key != NULL ? json_object_get(json_object_get(report->options.names, kind), key) : NULL;
}

const json_t *
report_flow(const struct report *report, const char *workflow, const char *what)
{
    return json_object_get(named(report, "workflows", workflow), what);
}

const char *
report_serves(const struct report *report, const char *workflow)
{
    const char *said =
        workflow != NULL ? json_string_value(report_flow(report, workflow, "serves")) : NULL;

    return said != NULL ? said : workflow;
}

const char *
report_client_of(const struct report *report, const char *person)
{
    return sgn_json_str(named(report, "people", person), "client");
}

bool
report_is_clients(const struct report *report, const json_t *waiting)
{
    const char *person = sgn_json_str(waiting, "person"), *role = sgn_json_str(waiting, "role");

    if (person != NULL)
        return report_client_of(report, person) != NULL;
    return role != NULL && strcmp(role, "client") == 0;
}

/* The part of a key before its stroke into out; what is behind it. */
static const char *
split(const char *key, char out[REPORT_KEY_BYTES])
{
    const char *stroke = strchr(key, '/');
    size_t n = stroke != NULL ? (size_t)(stroke - key) : strlen(key);

    if (n >= REPORT_KEY_BYTES)
        n = REPORT_KEY_BYTES - 1;
    memcpy(out, key, n);
    out[n] = '\0';
    return stroke != NULL ? stroke + 1 : "";
}

static json_t *
title_in(const struct report *report, const char *kind, const char *key)
{
    const char *title = sgn_json_str(named(report, kind, key), "title");

    return json_string(title != NULL ? title : key);
}

/* "Client issue: Solution". */
static json_t *
flow_title(const struct report *report, const char *what, const char *key)
{
    char workflow[REPORT_KEY_BYTES];
    const char *name = split(key, workflow);
    const char *flow = sgn_json_str(named(report, "workflows", workflow), "title");
    const char *title = sgn_json_str(report_flow(report, workflow, what), name);

    return json_sprintf(sgn_say_is_zh(report->language) ? "%s：%s" : "%s: %s",
                        flow != NULL ? flow : workflow, title != NULL ? title : name);
}

static json_t *
whom_title(const struct report *report, const char *key)
{
    char kind[REPORT_KEY_BYTES];
    const char *name = split(key, kind);

    if (strcmp(kind, "person") == 0)
        return title_in(report, "people", name);
    if (strcmp(kind, "group") == 0)
        return title_in(report, "groups", name);
    return json_string(strcmp(name, "client") == 0 ? sgn_say(report->language, "the client")
                                                   : name);
}

json_t *
report_title(const struct report *report, enum report_by by, const char *key)
{
    const struct report_figure *word;

    switch (by) {
    case REPORT_BY_WORKFLOW:
        return title_in(report, "workflows", key);
    case REPORT_BY_PROJECT:
        return title_in(report, "projects", key);
    case REPORT_BY_CLIENT:
        return title_in(report, "clients", key);
    case REPORT_BY_PERSON:
        return title_in(report, "people", key);
    case REPORT_BY_WHOM:
        return whom_title(report, key);
    case REPORT_BY_DEADLINE:
        return flow_title(report, "deadlines", key);
    case REPORT_BY_STATE:
        return flow_title(report, "states", key);
    case REPORT_BY_OUTCOME:
        return flow_title(report, "outcomes", key);
    case REPORT_BY_WORD:
        word = report_figure(key);
        return json_string(word != NULL ? sgn_say(report->language, word->title) : key);
    default:
        return json_string(key);
    }
}
