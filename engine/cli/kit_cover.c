/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of the workflows was reached: every state, transition, rung and approval outcome of the
 * model, counted from what the engine says it went through (core.h, trace), never guessed from
 * where a case ended up.
 *
 * Counted is every workflow that lies in the team's folder, with a test or without; a shipped one
 * that the team only uses is not.
 *
 * A state that is only a history or around all others counts as little as the model's root: it is
 * not entered. Outcomes are those that the approval leads somewhere.
 */
#include "kit.h"

#include "buf.h"
#include "json.h"
#include "site.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHAT_MAX 512

struct kit_cover {
    json_t *items;   /* as kit_cover_items gives them */
    json_t *places;  /* {workflow: {key of an item: its place in items}} */
    json_t *sources; /* {file: source} */
    json_t *digests; /* {workflow: digest of the version that the items are of} */
    json_t *shipped; /* [workflow]: in use, and not counted */
};

/* ---- what there is ---- */

static const char *const transition_kinds[] = {
    [MODEL_ON_EVENT] = "on",    [MODEL_ALWAYS] = "always",        [MODEL_AFTER] = "after",
    [MODEL_ON_DONE] = "done",   [MODEL_ON_APPROVAL] = "approval", [MODEL_ON_GO] = "go",
    [MODEL_ON_TASKS] = "tasks",
};

/* 'draft: on "submit" → screening' */
static void
describe_transition(const struct model *model, const struct model_transition *t, char *out)
{
    const char *source = model->states[t->source].name;
    struct sgn_buf text;

    sgn_buf_init(&text, WHAT_MAX);
    sgn_buf_printf(&text, "%s: %s", source[0] != '\0' ? source : model->name,
                   transition_kinds[t->kind]);
    for (int i = 0; t->kind == MODEL_ON_EVENT && i < t->n_events; i++)
        sgn_buf_printf(&text, "%s\"%s\"", i > 0 ? ", " : " ", t->events[i]);
    if (t->kind == MODEL_ON_APPROVAL)
        sgn_buf_printf(&text, " %s", strrchr(t->events[0], '.') + 1);
    if (t->n_targets > 0)
        sgn_buf_puts(&text, " → ");
    for (int i = 0; i < t->n_targets; i++)
        sgn_buf_printf(&text, "%s%s", i > 0 ? ", " : "", model->states[t->targets[i]].name);
    snprintf(out, WHAT_MAX, "%s", text.bytes != NULL ? text.bytes : "");
    sgn_buf_deinit(&text);
}

static void
describe_rung(const struct model_deadline *deadline, const struct model_rung *rung, char *out)
{
    char offset[CALENDAR_DURATION_TEXT];

    if (rung->kind == MODEL_RUNG_AT)
        snprintf(out, WHAT_MAX, "%s: at %d%%", deadline->name, rung->percent);
    else
        snprintf(out, WHAT_MAX, rung->kind == MODEL_RUNG_LATE ? "%s: late %s" : "%s: again %s",
                 deadline->name, calendar_duration_format(&rung->offset, offset));
}

/* One model on its way into the list. */
struct adding {
    struct kit_cover *cover;
    const struct model *model;
    const char *file;
    json_t *places;
    bool good;
};

static void
add(struct adding *adding, const char *kind, const char *key, int line, const char *what)
{
    json_t *items = adding->cover->items;

    adding->good =
        adding->good &&
        json_object_set_new(adding->places, key,
                            json_integer((json_int_t)json_array_size(items))) == 0 &&
        json_array_append_new(items, json_pack("{s:s, s:s, s:i, s:s, s:s, s:i}", "workflow",
                                               adding->model->name, "file", adding->file, "line",
                                               line > 0 ? line : 1, "kind", kind, "what", what,
                                               "times", 0)) == 0;
}

static void
add_outcomes(struct adding *adding, const struct model_state *state)
{
    char key[200], what[WHAT_MAX];

    for (int i = 0; i < state->n_transitions; i++) {
        const struct model_transition *t = state->transitions[i];
        const char *outcome;

        if (t->kind != MODEL_ON_APPROVAL)
            continue;
        outcome = strrchr(t->events[0], '.') + 1;
        snprintf(key, sizeof(key), "outcome %s %s", state->name, outcome);
        snprintf(what, sizeof(what), "%s: %s", state->name, outcome);
        if (json_object_get(adding->places, key) == NULL)
            add(adding, "outcome", key, state->approval != NULL ? state->approval->line : t->line,
                what);
    }
}

static void
add_rungs(struct adding *adding)
{
    char key[200], what[WHAT_MAX];

    for (int i = 0; i < adding->model->n_deadlines; i++) {
        const struct model_deadline *deadline = &adding->model->deadlines[i];

        for (int k = 0; k < deadline->n_rungs; k++) {
            const struct model_rung *rung = &deadline->rungs[k];

            snprintf(key, sizeof(key), "rung %s %d", deadline->name, rung->number);
            describe_rung(deadline, rung, what);
            add(adding, "rung", key, rung->line > 0 ? rung->line : deadline->line, what);
        }
    }
}

static void
add_model(struct adding *adding)
{
    const struct model *model = adding->model;
    char key[200], what[WHAT_MAX];

    for (int i = 1; i < model->n_states; i++) {
        const struct model_state *state = &model->states[i];

        if (state->kind == MODEL_HISTORY)
            continue;
        snprintf(key, sizeof(key), "state %s", state->name);
        add(adding, "state", key, state->line, state->name);
        add_outcomes(adding, state);
    }
    for (int i = 0; i < model->n_transitions; i++) {
        const struct model_transition *t = &model->transitions[i];

        snprintf(key, sizeof(key), "transition %d", t->index);
        describe_transition(model, t, what);
        add(adding, "transition", key, t->line > 0 ? t->line : model->states[t->source].line, what);
    }
    add_rungs(adding);
}

/* Where the reader finds the file: in the team's folder, or in a folder of workflows, whose files
 * are taken for a team's. */
static char *
file_of(const struct kit_team *team, const char *file)
{
    char *path = site_shown(team->dir, file);

    if (path != NULL && access(path, R_OK) != 0) {
        free(path);
        path = site_shown(team->dir, strchr(file, '/') + 1);
    }
    return path;
}

/* A team does not have to test what it only uses: shipped workflows have tests of their own. */
static bool
is_shipped(const char *file)
{
    return strncmp(file, "shipped/", 8) == 0;
}

static enum sgn_status
add_workflow(struct kit_cover *cover, const struct kit_team *team, const char *name,
             const json_t *version, struct sgn_error *err)
{
    struct adding adding = { .cover = cover, .places = json_object(), .good = true };
    struct model *model = NULL;
    char *file = NULL;
    enum sgn_status st = SGN_OK;

    st = model_parse(json_object_get(version, "model"), json_object_get(version, "functions"),
                     &model, err);
    file = file_of(team, sgn_json_str(version, "file"));
    if (st == SGN_OK) {
        adding.model = model;
        adding.file = file;
        if (file != NULL)
            add_model(&adding);
        if (file == NULL || !adding.good ||
            json_object_set(cover->places, name, adding.places) != 0 ||
            json_object_set_new(cover->digests, name, json_string(model->digest)) != 0 ||
            json_object_set(cover->sources, file, json_object_get(version, "source")) != 0)
            st = sgn_nomem(err);
    }
    free(file);
    model_free(model);
    json_decref(adding.places);
    return st;
}

enum sgn_status
kit_cover_new(const struct kit_team *team, struct kit_cover **out, struct sgn_error *err)
{
    struct kit_cover *cover = calloc(1, sizeof(*cover));
    const char *name;
    json_t *version;
    enum sgn_status st = SGN_OK;

    if (cover == NULL)
        return sgn_nomem(err);
    cover->items = json_array();
    cover->places = json_object();
    cover->sources = json_object();
    cover->digests = json_object();
    cover->shipped = json_array();
    json_object_foreach(json_object_get(team->answer, "workflows"), name, version) {
        if (st == SGN_OK && is_shipped(sgn_json_str(version, "file")))
            st = json_array_append_new(cover->shipped, json_string(name)) == 0 ? SGN_OK
                                                                               : sgn_nomem(err);
        else if (st == SGN_OK)
            st = add_workflow(cover, team, name, version, err);
    }
    if (st != SGN_OK) {
        kit_cover_free(cover);
        return st;
    }
    *out = cover;
    return SGN_OK;
}

void
kit_cover_free(struct kit_cover *cover)
{
    if (cover == NULL)
        return;
    json_decref(cover->items);
    json_decref(cover->places);
    json_decref(cover->sources);
    json_decref(cover->digests);
    json_decref(cover->shipped);
    free(cover);
}

/* ---- what was reached ---- */

static void
note(struct kit_cover *cover, const json_t *places, const json_t *step)
{
    const char *state = sgn_json_str(step, "state"), *deadline = sgn_json_str(step, "deadline");
    const char *approval = sgn_json_str(step, "approval");
    char key[200];
    const json_t *place;
    json_t *item;

    if (state != NULL)
        snprintf(key, sizeof(key), "state %s", state);
    else if (deadline != NULL)
        snprintf(key, sizeof(key), "rung %s %d", deadline, (int)sgn_json_int(step, "rung", 0));
    else if (approval != NULL)
        snprintf(key, sizeof(key), "outcome %s %s", approval, sgn_json_str(step, "outcome"));
    else
        snprintf(key, sizeof(key), "transition %d", (int)sgn_json_int(step, "transition", -1));
    place = json_object_get(places, key);
    item = json_array_get(cover->items, (size_t)json_integer_value(place));
    if (place != NULL)
        (void)json_object_set_new(item, "times", json_integer(sgn_json_int(item, "times", 0) + 1));
}

void
kit_cover_note(struct kit_cover *cover, const struct model *model, const json_t *trace)
{
    const json_t *places = cover != NULL ? json_object_get(cover->places, model->name) : NULL;
    const char *digest = cover != NULL ? sgn_json_str(cover->digests, model->name) : NULL;
    const json_t *step;
    size_t i;

    if (places == NULL || strcmp(digest, model->digest) != 0)
        return;
    json_array_foreach(trace, i, step)
        note(cover, places, step);
}

const json_t *
kit_cover_items(const struct kit_cover *cover)
{
    return cover->items;
}

const json_t *
kit_cover_shipped(const struct kit_cover *cover)
{
    return cover->shipped;
}

const json_t *
kit_cover_sources(const struct kit_cover *cover)
{
    return cover->sources;
}

int
kit_cover_percent(const json_t *items, const char *workflow, const char *kind, int *reached,
                  int *all)
{
    const json_t *item;
    size_t i;

    *reached = *all = 0;
    json_array_foreach(items, i, item) {
        if ((workflow != NULL && strcmp(sgn_json_str(item, "workflow"), workflow) != 0) ||
            (kind != NULL && strcmp(sgn_json_str(item, "kind"), kind) != 0))
            continue;
        ++*all;
        *reached += sgn_json_int(item, "times", 0) > 0;
    }
    return *all > 0 ? (int)(100LL * *reached / *all) : 100;
}
