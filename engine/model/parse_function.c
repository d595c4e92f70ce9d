/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The functions of a model, and what each is given.
 *
 * Numbers are in their one spelling, since they are member names. Every function has its source, or
 * two versions that differ could have one digest. What a function reads (rules.h) becomes a bit for
 * each member and the names in c.fields and e.data, so that whoever writes an input compares no
 * words.
 */
#include "model_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONAL (MODEL_USES_PEOPLE | MODEL_USES_PROJECT | MODEL_USES_BALLOTS | MODEL_USES_TASKS)
#define ALL_OF_CASE                                                                                \
    (MODEL_USES_FIELDS | MODEL_USES_KEY | MODEL_USES_NOW | MODEL_USES_OPENER |                     \
     MODEL_USES_OUTCOME | MODEL_USES_OWNER | MODEL_USES_PRIORITY | MODEL_USES_REV |                \
     MODEL_USES_STATES | MODEL_USES_VERSION | MODEL_USES_VISITS | MODEL_USES_WORKFLOW)
#define ALL_OF_EVENT                                                                               \
    (MODEL_USES_AT | MODEL_USES_BY | MODEL_USES_COMMENT | MODEL_USES_DATA | MODEL_USES_NAME |      \
     MODEL_USES_ON_BEHALF)

#define OF_FIELDS "c.fields."
#define OF_DATA   "e.data."

static const struct member function_members[] = {
    { "line", SHAPE_INTEGER, false },
    { "uses", SHAPE_TEXTS, false },
    { "reads", SHAPE_TEXTS, false },
};

static const struct {
    const char *word;
    unsigned bits;
} words[] = {
    { "c", ALL_OF_CASE | OPTIONAL },
    { "c.ballots", MODEL_USES_BALLOTS },
    { "c.fields", MODEL_USES_FIELDS },
    { "c.key", MODEL_USES_KEY },
    { "c.now", MODEL_USES_NOW },
    { "c.opener", MODEL_USES_OPENER },
    { "c.outcome", MODEL_USES_OUTCOME },
    { "c.owner", MODEL_USES_OWNER },
    { "c.people", MODEL_USES_PEOPLE },
    { "c.priority", MODEL_USES_PRIORITY },
    { "c.project", MODEL_USES_PROJECT },
    { "c.rev", MODEL_USES_REV },
    { "c.states", MODEL_USES_STATES },
    { "c.tasks", MODEL_USES_TASKS },
    { "c.version", MODEL_USES_VERSION },
    { "c.visits", MODEL_USES_VISITS },
    { "c.workflow", MODEL_USES_WORKFLOW },
    { "e", ALL_OF_EVENT },
    { "e.at", MODEL_USES_AT },
    { "e.by", MODEL_USES_BY },
    { "e.comment", MODEL_USES_COMMENT },
    { "e.data", MODEL_USES_DATA },
    { "e.name", MODEL_USES_NAME },
    { "e.on_behalf", MODEL_USES_ON_BEHALF },
};

/* Of this word; 0: there is none such. */
static unsigned
bits_of(const char *word)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].bits;
    return 0;
}

/* Which of the dearer members the text mentions. Words that nobody knows (yet) are no mistake. */
static unsigned
optional_of(const json_t *mentioned)
{
    const json_t *item;
    unsigned bits = 0;
    char word[32];
    size_t i;

    json_array_foreach(mentioned, i, item) {
        (void)snprintf(word, sizeof(word), "c.%s", json_string_value(item));
        bits |= bits_of(word) & OPTIONAL;
    }
    return bits;
}

static int
by_bytes(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;

    return strcmp(*left, *right);
}

/* One word of what it reads. */
static enum sgn_status
read_word(struct reader *r, const struct place *at, const char *word,
          struct model_function *function)
{
    bool field = strncmp(word, OF_FIELDS, sizeof(OF_FIELDS) - 1) == 0;
    unsigned bits;

    if (field && model_field_find(r->model, word + sizeof(OF_FIELDS) - 1) == NULL)
        return reader_fail(r, at, "there is no field \"%.100s\" that a function could read",
                           word + sizeof(OF_FIELDS) - 1);
    if (field) {
        function->fields[function->n_fields++] = word + sizeof(OF_FIELDS) - 1;
        return SGN_OK;
    }
    if (strncmp(word, OF_DATA, sizeof(OF_DATA) - 1) == 0) {
        function->data[function->n_data++] = word + sizeof(OF_DATA) - 1;
        return SGN_OK;
    }
    bits = bits_of(word);
    if (bits == 0)
        return reader_fail(r, at,
                           "\"%.100s\" is nothing that a function is given: expected c, e, or a "
                           "member like c.now, c.fields.NAME, e.data.NAME",
                           word);
    function->uses |= bits;
    return SGN_OK;
}

/* Without it everything is read: versions of before have none. */
static enum sgn_status
parse_reads(struct reader *r, const struct place *here, const json_t *json,
            struct model_function *function)
{
    const json_t *reads = json_object_get(json, "reads");
    unsigned optional = optional_of(json_object_get(json, "uses"));
    struct place at = place_member(here, "reads");
    enum sgn_status st = SGN_OK;

    function->reads = reads;
    if (reads == NULL) {
        function->uses = ALL_OF_CASE | ALL_OF_EVENT | optional;
        return SGN_OK;
    }
    function->fields = model_alloc(r->box, json_array_size(reads), sizeof(*function->fields));
    function->data = model_alloc(r->box, json_array_size(reads), sizeof(*function->data));
    if (function->fields == NULL || function->data == NULL)
        return sgn_nomem(r->err);
    for (size_t i = 0; i < json_array_size(reads) && st == SGN_OK; i++) {
        struct place one = place_element(&at, i);

        st = read_word(r, &one, json_string_value(json_array_get(reads, i)), function);
    }
    function->uses &= ~(unsigned)OPTIONAL | optional;
    qsort(function->fields, (size_t)function->n_fields, sizeof(*function->fields), by_bytes);
    qsort(function->data, (size_t)function->n_data, sizeof(*function->data), by_bytes);
    return st;
}

enum sgn_status
parse_functions(struct reader *r, const struct place *top, const json_t *functions)
{
    struct place at = place_member(top, "functions");
    struct model *model = r->model;
    struct model_function *one;
    const char *number;
    json_t *function;
    enum sgn_status st;

    model->functions = functions;
    model->function_list =
        model_alloc(r->box, json_object_size(functions), sizeof(*model->function_list));
    if (model->function_list == NULL)
        return sgn_nomem(r->err);
    json_object_foreach((json_t *)functions, number, function) {
        struct place here = place_member(&at, number);
        char canonical[24];
        long value = strtol(number, NULL, 10);

        (void)snprintf(canonical, sizeof(canonical), "%ld", value);
        if (value < 1 || value > 1000000 || strcmp(canonical, number) != 0)
            return reader_fail(r, &here, "functions are numbered from 1");
        st = reader_object(r, &here, function, "a function", function_members,
                           COUNT(function_members));
        if (st != SGN_OK)
            return st;
        if (json_object_get(r->functions_source, number) == NULL)
            return reader_fail(r, &here, "the source of function %s is missing", number);
        one = &model->function_list[model->n_functions++];
        one->number = (int)value;
        st = parse_reads(r, &here, function, one);
        if (st != SGN_OK)
            return st;
    }
    return SGN_OK;
}

/* ---- looking them up ---- */

/* They come in their order more often than not. */
const struct model_function *
model_function_find(const struct model *model, int number)
{
    if (number >= 1 && number <= model->n_functions &&
        model->function_list[number - 1].number == number)
        return &model->function_list[number - 1];
    for (int i = 0; i < model->n_functions; i++)
        if (model->function_list[i].number == number)
            return &model->function_list[i];
    return NULL;
}

unsigned
model_function_uses(const struct model *model, int number)
{
    const struct model_function *function = model_function_find(model, number);

    return function != NULL ? function->uses : 0;
}

bool
model_function_reads(const struct model_function *function, const char *word)
{
    unsigned bits = bits_of(word);
    bool of_fields = strncmp(word, OF_FIELDS, sizeof(OF_FIELDS) - 1) == 0;
    bool of_data = strncmp(word, OF_DATA, sizeof(OF_DATA) - 1) == 0;

    if (function->reads == NULL || sgn_json_has(function->reads, word))
        return true;
    if (of_fields || of_data)
        return (function->uses & (of_fields ? MODEL_USES_FIELDS : MODEL_USES_DATA)) != 0;
    return sgn_json_has(function->reads, word[0] == 'c' ? "c" : "e") ||
           (bits != 0 && (function->uses & bits) == bits);
}
