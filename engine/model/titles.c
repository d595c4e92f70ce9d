/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the names of a model are called for people, in English and Chinese. None of it is part of
 * a version's digest: a new title changes how an old history reads and nothing else.
 */
#include "model_internal.h"
#include <string.h>

/* Words that every workflow has without saying so; the workflow's own titles go first. */
struct word {
    const char *word, *en, *zh;
};

/* clang-format off */
static const struct word words[] = {
    { "approved", "approved", "通过" },
    { "rejected", "rejected", "否决" },
    { "deferred", "deferred", "悬置" },
    { "changes", "changes are asked for", "要求修改" },
    { "left", "left", "未决而止" },
    { "deemed", "deemed", "视为通过" },
    { "low", "low", "低" },
    { "normal", "normal", "普通" },
    { "high", "high", "高" },
    { "urgent", "urgent", "紧急" },
};

static const struct word votes[] = {
    { "approve", "approve", "同意" },
    { "reject", "reject", "不同意" },
    { "abstain", "abstain", "弃权" },
    { "defer", "defer", "暂缓" },
    { "changes", "changes", "要求修改" },
};
/* clang-format on */

static const char *
word_in(const struct word *word, const char *language)
{
    return language != NULL && strncmp(language, "zh", 2) == 0 ? word->zh : word->en;
}

/* A title that lacks a language falls back to English, then to whatever there is:
 * something readable is better than a name of the machine's. */
const char *
model_title(const json_t *title, const char *language, const char *or_else)
{
    const char *text = json_string_value(title);
    const char *other;
    json_t *value;

    if (text == NULL)
        text = sgn_json_str(title, language);
    if (text == NULL)
        text = sgn_json_str(title, "en");
    if (text == NULL)
        json_object_foreach((json_t *)title, other, value) {
            text = json_string_value(value);
            if (text != NULL)
                break;
        }
    return text == NULL ? or_else : text;
}

const char *
model_word(const char *word, const char *language)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (strcmp(words[i].word, word) == 0)
            return word_in(&words[i], language);
    return word;
}

const char *
model_deadline_title(const struct model *model, const struct model_deadline *deadline,
                     const char *language)
{
    const json_t *title = deadline->title;
    int state = model_state_find(model, deadline->name);

    if (title == NULL && state > 0)
        title = model->states[state].title;
    else if (title == NULL && strcmp(deadline->name, model->name) == 0)
        title = model->title;
    return model_title(title, language, deadline->name);
}

const char *
model_choice_title(const struct model_field *field, const char *choice, const char *language)
{
    return model_title(json_object_get(field->titles, choice), language, choice);
}

/* A final says in its title how the case ended: better than a name where nothing else is said. */
const char *
model_outcome_title(const struct model *model, const char *outcome, const char *language)
{
    const json_t *title = json_object_get(model->outcomes, outcome);
    const char *word = model_word(outcome, language);

    for (int i = 1; title == NULL && word == outcome && i < model->n_states; i++) {
        const struct model_state *state = &model->states[i];
        if (state->kind == MODEL_FINAL && state->parent == 0 && state->outcome != NULL &&
            strcmp(state->outcome, outcome) == 0)
            title = state->title;
    }
    return model_title(title, language, word);
}

/* ---- all of them ---- */

/* For each field and each part of it: path is "defects" or "defects.severity". */
typedef void (*each_fn)(json_t *into, const struct model_field *field, const char *path,
                        const char *language);

/* A list's own parts stand where the list stands; a record's behind a dot. */
static void
each_part(json_t *into, const struct model_field *field, const char *path, const char *language,
          each_fn each)
{
    each(into, field, path, language);
    for (int i = 0; i < field->n_fields; i++) {
        const struct model_field *part = &field->fields[i];
        char *below = part->name != NULL ? sgn_format("%s.%s", path, part->name) : NULL;

        each_part(into, part, below != NULL ? below : path, language, each);
        free(below);
    }
}

static json_t *
each_field(const struct model *model, const char *language, bool for_client, each_fn each)
{
    json_t *into = json_object();

    for (int i = 0; into != NULL && i < model->n_fields; i++)
        if (model->fields[i].shared || !for_client)
            each_part(into, &model->fields[i], model->fields[i].name, language, each);
    return into;
}

static void
add_values(json_t *into, const struct model_field *field, const char *path, const char *language)
{
    json_t *titles;
    const json_t *choice;
    size_t i;

    if (field->type != MODEL_CHOICE)
        return;
    titles = json_object();
    json_array_foreach(field->choices, i, choice) {
        const char *name = json_string_value(choice);
        (void)json_object_set_new(titles, name,
                                  json_string(model_choice_title(field, name, language)));
    }
    (void)json_object_set_new(into, path, titles);
}

static void
add_part(json_t *into, const struct model_field *field, const char *path, const char *language)
{
    if (strchr(path, '.') != NULL && field->name != NULL)
        (void)json_object_set_new(into, path,
                                  json_string(model_title(field->title, language, field->name)));
}

static json_t *
words_json(const char *const *names, size_t n, const char *language)
{
    json_t *titles = json_object();

    for (size_t i = 0; i < n; i++)
        (void)json_object_set_new(titles, names[i], json_string(model_word(names[i], language)));
    return titles;
}

/* Priority is the team's own, and reads like a field. */
json_t *
model_value_titles(const struct model *model, const char *language, bool for_client)
{
    static const char *const priorities[] = { "low", "normal", "high", "urgent" };
    json_t *titles = each_field(model, language, for_client, add_values);

    if (!for_client)
        (void)json_object_set_new(titles, "priority",
                                  words_json(priorities, COUNT(priorities), language));
    return titles;
}

json_t *
model_part_titles(const struct model *model, const char *language, bool for_client)
{
    return each_field(model, language, for_client, add_part);
}

json_t *
model_outcome_titles(const struct model *model, const char *language)
{
    static const char *const fixed[] = { "approved", "rejected", "deferred",
                                         "changes",  "left",     "deemed" };
    json_t *titles = words_json(fixed, COUNT(fixed), language), *title;
    const char *name;

    for (int i = 1; i < model->n_states; i++)
        if (model->states[i].outcome != NULL)
            (void)json_object_set_new(
                titles, model->states[i].outcome,
                json_string(model_outcome_title(model, model->states[i].outcome, language)));
    json_object_foreach((json_t *)model->outcomes, name, title)
        (void)json_object_set_new(titles, name, json_string(model_title(title, language, name)));
    return titles;
}

json_t *
model_vote_titles(const struct model_approval *approval, const char *language)
{
    json_t *titles = json_object();

    for (size_t i = 0; i < COUNT(votes); i++)
        (void)json_object_set_new(titles, votes[i].word, json_string(word_in(&votes[i], language)));
    if (approval != NULL && !approval->outcome_deferred)
        (void)json_object_del(titles, "defer");
    if (approval != NULL && !approval->outcome_changes)
        (void)json_object_del(titles, "changes");
    return titles;
}
