/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What would have to be so: a failed condition as a sentence about the case.
 *
 * Only what the person may know is said. Fields of the team, what an event of the rules carries,
 * other workflows and tasks are not the client's; a condition made of those alone gives no
 * sentence, and the caller says in general that a condition is not met.
 */
#include "core_internal.h"
#include "memory.h"
#include "say.h"
#include <stdlib.h>
#include <string.h>

enum {
    OF_STATES = MODEL_FILLED + 1,
    OF_OPEN_CASES,
    OF_TASKS,
    SENTENCES
};

/* [must be, must not be]: of %s (whose name) and %s (the value). */
/* clang-format off */
static const char *const sentences[SENTENCES][2] = {
    [MODEL_IS] = { "%s must be %s", "%s must not be %s" },
    [MODEL_ABOVE] = { "%s must be above %s", "%s must not be above %s" },
    [MODEL_BELOW] = { "%s must be below %s", "%s must not be below %s" },
    [MODEL_MIN] = { "%s must be at least %s", "%s must be below %s" },
    [MODEL_MAX] = { "%s must be at most %s", "%s must be above %s" },
    [MODEL_ONE_IN] = { "%s must be one of %s", "%s must be none of %s" },
    [MODEL_FILLED] = { "%s must be filled", "%s must be empty" },
    [OF_STATES] = { "%s must be in %s", "%s must not be in %s" },
    [OF_OPEN_CASES] = { "%s must have no open %s", "%s must have an open %s" },
    [OF_TASKS] = { "all tasks must be done", "some task must not be done" },
};
/* clang-format on */

static bool
in_chinese(const struct stage *stage)
{
    return sgn_say_is_zh(stage->language);
}

static char *
sentence(const struct stage *stage, int which, bool wanted, const char *name, const char *value)
{
    return sgn_format(sgn_say(stage->language, sentences[which][!wanted]), name, value);
}

/* A choice by its title, where the condition is about one. */
static const char *
word_of(const struct stage *stage, const struct model_cond *cond, const char *word)
{
    if (stage->language == NULL)
        return word;
    if (cond->field == NULL)
        return strcmp(cond->name, "priority") == 0 ? model_word(word, stage->language) : word;
    return model_choice_title(cond->field, word, stage->language);
}

static char *
value_text(const struct stage *stage, const struct model_cond *cond, const json_t *value)
{
    char *text = NULL;
    const json_t *item;
    size_t i;

    if (json_is_string(value))
        return sgn_strdup(word_of(stage, cond, json_string_value(value)));
    if (json_is_boolean(value) && in_chinese(stage))
        return sgn_strdup(sgn_say(stage->language, json_is_true(value) ? "yes" : "no"));
    if (json_is_boolean(value))
        return sgn_strdup(json_is_true(value) ? "yes" : "no");
    if (!json_is_array(value))
        return json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    json_array_foreach(value, i, item) {
        char *one = value_text(stage, cond, item);
        char *longer = sgn_format("%s%s%s", text != NULL ? text : "", text != NULL ? ", " : "",
                                  one != NULL ? one : "");
        free(one);
        free(text);
        text = longer;
    }
    return text;
}

/* A message names a field as the workflow does; a page, in a language, by its title. */
static const char *
name_of(const struct stage *stage, const struct model_cond *cond)
{
    if (cond->field != NULL && stage->language != NULL)
        return model_title(cond->field->title, stage->language, cond->name);
    if (cond->field == NULL && in_chinese(stage) && strcmp(cond->name, "priority") == 0)
        return "优先级";
    return cond->name;
}

/* filled = false is the contrary of filled = true. */
static char *
comparison(const struct stage *stage, const struct model_cond *cond, bool wanted)
{
    char *value, *text;

    if (cond->op == MODEL_FILLED && json_is_false(cond->value))
        wanted = !wanted;
    value = value_text(stage, cond, cond->value);
    text =
        value != NULL ? sentence(stage, (int)cond->op, wanted, name_of(stage, cond), value) : NULL;
    free(value);
    return text;
}

static char *
states(const struct stage *stage, const struct model_cond *cond, bool wanted)
{
    const char *between = in_chinese(stage) ? "”或“" : " or ";
    json_t *titles = json_array();
    char *list, *text;
    const json_t *name;
    size_t i;

    json_array_foreach(cond->value, i, name) {
        int state = model_state_find(stage->model, json_string_value(name));
        const char *title = json_string_value(name);
        if (state >= 0 && stage->language != NULL)
            title = stage_state_title(stage, state, stage->language);
        json_array_append_new(titles, json_string(title));
    }
    list = names_text(titles, between);
    text = list != NULL
               ? sentence(stage, OF_STATES, wanted, sgn_say(stage->language, "the case"), list)
               : NULL;
    free(list);
    json_decref(titles);
    return text;
}

/* Those that are open, where that is known: nobody looks for what is done. */
static char *
open_cases(struct stage *stage, const struct model_cond *cond, bool wanted)
{
    json_t *open = json_array(), *name;
    int64_t count;
    char *list, *text = NULL;
    size_t i;

    json_array_foreach(cond->value, i, name) {
        if (wanted && known_open(stage, json_string_value(name), &count) == SGN_OK && count > 0)
            (void)json_array_append(open, name);
    }
    list = names_text(json_array_size(open) > 0 ? open : cond->value,
                      in_chinese(stage) ? " 或 " : " or ");
    json_decref(open);
    if (list != NULL)
        text =
            sentence(stage, OF_OPEN_CASES, wanted, sgn_say(stage->language, "the project"), list);
    free(list);
    return text;
}

/* Which are open: by title on a page, by the name that "task done" takes in a message. */
static char *
tasks(struct stage *stage, bool wanted)
{
    char *all = sentence(stage, OF_TASKS, wanted, "", ""), *list, *text;
    json_t *open = json_array();

    if (wanted && tasks_open(stage, open) != SGN_OK)
        (void)json_array_clear(open);
    list = names_text(open, sgn_say(stage->language, ", "));
    json_decref(open);
    if (all == NULL || list == NULL)
        return all;
    text = sgn_format(sgn_say(stage->language, "%s; open: %s"), all, list);
    free(list);
    free(all);
    return text;
}

static bool
may_know(const struct stage *stage, const struct model_cond *cond)
{
    if (!stage->is_client)
        return true;
    if (cond->kind == MODEL_COND_FIELD || cond->kind == MODEL_COND_EVENT)
        return cond->field != NULL && cond->field->shared;
    return cond->kind == MODEL_COND_IN;
}

static char *words(struct stage *stage, const struct model_cond *cond, int at, bool wanted);

/* One of them stands in the way: the first, in the order in which they are asked. */
static char *
first_of(struct stage *stage, const struct model_cond *cond, int at, bool wanted)
{
    for (int i = 0; i < cond->n_of; i++) {
        bool holds;
        if (cond_holds(stage, &cond->of[i], at, &holds) != SGN_OK)
            return NULL;
        if (holds != wanted)
            return words(stage, &cond->of[i], at, wanted);
    }
    return NULL;
}

/* Each of them would do. */
static char *
each_of(struct stage *stage, const struct model_cond *cond, int at, bool wanted)
{
    char *text = NULL;

    for (int i = 0; i < cond->n_of; i++) {
        char *one = words(stage, &cond->of[i], at, wanted);
        char *longer;
        if (one == NULL)
            continue;
        longer = sgn_format("%s%s%s", text != NULL ? text : "",
                            text == NULL        ? ""
                            : in_chinese(stage) ? "，或"
                                                : ", or ",
                            one);
        free(one);
        free(text);
        text = longer;
    }
    return text;
}

/* wanted: how it would have to be; inside no { ... } the contrary, and all and any change
 * places. */
static char *
words(struct stage *stage, const struct model_cond *cond, int at, bool wanted)
{
    switch (cond->kind) {
    case MODEL_COND_ALL:
    case MODEL_COND_ANY:
        return (cond->kind == MODEL_COND_ALL) == wanted ? first_of(stage, cond, at, wanted)
                                                        : each_of(stage, cond, at, wanted);
    case MODEL_COND_NOT:
        return words(stage, &cond->of[0], at, !wanted);
    case MODEL_COND_FIELD:
    case MODEL_COND_EVENT:
        return may_know(stage, cond) ? comparison(stage, cond, wanted) : NULL;
    case MODEL_COND_IN:
        return states(stage, cond, wanted);
    case MODEL_COND_NONE_OPEN:
        return may_know(stage, cond) ? open_cases(stage, cond, wanted) : NULL;
    case MODEL_COND_TASKS_DONE:
        return may_know(stage, cond) ? tasks(stage, wanted) : NULL;
    case MODEL_COND_CALL:
    default:
        return NULL; /* a function speaks for itself */
    }
}

char *
cond_reason(struct stage *stage, const struct model_cond *cond, int at)
{
    return cond != NULL ? words(stage, cond, at, true) : NULL;
}
