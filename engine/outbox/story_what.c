/* SPDX-License-Identifier: Apache-2.0 */
/* What an entry says has happened, and where the case went. */
#include "story.h"

#include "entry.h"
#include "json.h"
#include "messages.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)1 << 20)

/* Where several transitions of an event have titles, that of the first. */
static const char *
event_title(const struct telling *t, const char *event)
{
    for (int i = 0; t->model != NULL && i < t->model->n_transitions; i++) {
        const struct model_transition *transition = &t->model->transitions[i];

        for (int k = 0; transition->kind == MODEL_ON_EVENT && k < transition->n_events; k++)
            if (transition->title != NULL && strcmp(transition->events[k], event) == 0)
                return model_title(transition->title, t->language, event);
    }
    return event;
}

static void
put_vote(const struct telling *t, struct sgn_buf *buf)
{
    const char *choice = sgn_json_str(telling_ballot(t), "choice");
    json_t *titles = choice != NULL ? model_vote_titles(NULL, t->language) : NULL;
    const char *title = choice != NULL ? sgn_json_str(titles, choice) : NULL;

    if (choice != NULL)
        (void)sgn_buf_printf(buf, telling_say(t, "voted %s"), title != NULL ? title : choice);
    else
        (void)sgn_buf_puts(buf, telling_say(t, "voted"));
    json_decref(titles);
}

/* Which fields, not what stands in them: that is for whoever looks at the case. */
static void
put_edit(const struct telling *t, struct sgn_buf *buf)
{
    const char *name, *before = ": ";
    json_t *value;

    (void)sgn_buf_puts(buf, telling_say(t, "changed fields"));
    json_object_foreach(json_object_get(t->view, "fields"), name, value) {
        const struct model_field *field =
            t->model != NULL ? model_field_find(t->model, name) : NULL;

        (void)sgn_buf_puts(buf, telling_say(t, before));
        (void)sgn_buf_puts(buf,
                           field != NULL ? model_title(field->title, t->language, name) : name);
        before = ", ";
    }
}

static void
put_deadline(const struct telling *t, struct sgn_buf *buf)
{
    const json_t *rung = json_object_get(t->view, "rung");
    const char *left = json_string_value(json_array_get(json_object_get(t->view, "left"), 0));
    struct lane_message_scene scene = { .language = t->language, .said = rung, .model = t->model };
    char *text = json_is_object(rung) ? lane_message_text(&scene) : NULL;

    if (text != NULL)
        (void)sgn_buf_puts(buf, text);
    else if (left != NULL)
        (void)sgn_buf_printf(buf, telling_say(t, "the time in %s is over"), telling_state(t, left));
    else
        (void)sgn_buf_puts(buf, telling_say(t, "a timer fired"));
    free(text);
}

static void
put_did(const struct telling *t, struct sgn_buf *buf)
{
    const char *kind = sgn_json_str(t->view, "kind"), *event = sgn_json_str(t->view, "event");
    const char *method = sgn_json_str(t->view, "method");

    kind = kind != NULL ? kind : "?";
    if (json_object_get(t->view, "imported") != NULL)
        entry_imported_put(buf, json_object_get(t->view, "imported"), t->language);
    else if (strcmp(kind, "fire") == 0 && event != NULL)
        (void)sgn_buf_puts(buf, event_title(t, event));
    else if (strcmp(kind, "vote") == 0)
        put_vote(t, buf);
    else if (strcmp(kind, "edit") == 0)
        put_edit(t, buf);
    else if (strcmp(kind, "deadline") == 0)
        put_deadline(t, buf);
    else
        (void)sgn_buf_puts(buf, method != NULL ? method : telling_say(t, entry_said(kind)));
}

/* Where it went, when it went somewhere. */
static void
put_states(const struct telling *t, struct sgn_buf *buf)
{
    const char *outcome = sgn_json_str(t->view, "outcome");
    const json_t *name;
    size_t i;

    if (json_array_size(json_object_get(t->view, "entered")) > 0)
        json_array_foreach(json_object_get(t->view, "states"), i, name) {
            (void)sgn_buf_puts(buf, i > 0 ? telling_say(t, ", ") : " → ");
            (void)sgn_buf_puts(buf, telling_state(t, json_string_value(name)));
        }
    if (outcome != NULL) {
        (void)sgn_buf_puts(buf, telling_say(t, "; "));
        (void)sgn_buf_printf(buf, telling_say(t, "the case ended: %s"),
                             telling_outcome(t, outcome));
    }
}

void
telling_put_what(const struct telling *t, struct sgn_buf *buf)
{
    put_did(t, buf);
    put_states(t, buf);
}
