/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share: the memory of a model, and the reader that walks its
 * JSON and knows at every moment where it stands.
 *
 * The JSON is a stranger's. Every object is read through reader_object(), which refuses
 * members it was not told of; every name is looked up through one of the reader_* functions,
 * which say what the nearest known word is. No file here looks into JSON by other ways.
 */
#ifndef MODEL_INTERNAL_H
#define MODEL_INTERNAL_H

#include "json.h"
#include "model.h"
#include "text.h"
#include <stdatomic.h>

/* One allocation of a model; freed with it. */
struct model_block {
    struct model_block *next;
    max_align_t bytes[];
};

/* The model is the first member, so a struct model pointer is a pointer to its box. */
struct model_box {
    struct model model;
    atomic_int references;
    struct model_block *blocks;
    int *by_name;  /* states except the root, ordered by name */
    json_t *json;  /* our own copy: all strings of the model point into it */
    json_t *empty; /* an array without elements, for lists that are never NULL */
    json_t *roles; /* when the workflow did not list them: those it names */
};

/* Zeroed memory that lives as long as the model; NULL when out of memory. n may be 0. */
void *model_alloc(struct model_box *box, size_t n, size_t size);
void model_box_free(struct model_box *box);

/* Where the reader stands: a chain of members and elements up to the whole model. */
struct place {
    const struct place *up; /* NULL at the top */
    const char *key;        /* NULL: an element of an array */
    size_t index;
    int depth;
};

struct place place_member(const struct place *up, const char *key);
struct place place_element(const struct place *up, size_t index);

struct reader {
    struct model_box *box;
    struct model *model;
    struct sgn_error *err;
    const json_t *functions_source;
    bool roles_listed; /* does the workflow say which roles there are? */
    const json_t **state_json;
    struct place *state_place;
};

/* SGN_INVALID at a place; the message begins with the pointer, which is data.pointer too. */
enum sgn_status reader_fail(struct reader *r, const struct place *at, const char *fmt, ...)
    SGN_PRINTF(3, 4);
enum sgn_status reader_nomem(struct reader *r);
/* The failure of a helper that knew no place gets this one. */
enum sgn_status reader_failed_at(struct reader *r, const struct place *at, enum sgn_status status);

enum shape {
    SHAPE_ANY,
    SHAPE_TEXT,
    SHAPE_FLAG,
    SHAPE_INTEGER,
    SHAPE_ARRAY,
    SHAPE_OBJECT,
    SHAPE_TITLE, /* a string, or an object of strings by language */
    SHAPE_TEXTS, /* an array of strings, each once */
};

struct member {
    const char *name;
    enum shape shape;
    bool required;
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Is this an object with these members only, of these shapes, the required ones there?
 * what names it for the reader of the message: "a state". */
enum sgn_status reader_object(struct reader *r, const struct place *at, const json_t *json,
                              const char *what, const struct member *members, size_t n);
enum sgn_status reader_shape(struct reader *r, const struct place *at, const json_t *json,
                             enum shape shape);
/* Depth, reals and large integers of the whole value, before anything else is looked at. */
enum sgn_status reader_values(struct reader *r, const struct place *at, const json_t *json);

/* One word out of a list: *out is its index. */
enum sgn_status reader_word(struct reader *r, const struct place *at, const char *text,
                            const char *what, const char *const *known, size_t n, int *out);
enum sgn_status reader_name(struct reader *r, const struct place *at, const char *text,
                            const char *what);
/* {NAME: title}, each of one of the names; titles may be NULL. what: "choice". */
enum sgn_status reader_titles(struct reader *r, const struct place *at, const json_t *titles,
                              const char *what, const json_t *names);
enum sgn_status reader_state(struct reader *r, const struct place *at, const json_t *name,
                             int *out);
enum sgn_status reader_states(struct reader *r, const struct place *at, const json_t *names,
                              int **out, int *n);
enum sgn_status reader_field(struct reader *r, const struct place *at, const char *name,
                             const struct model_field **out);
/* An array of names of declared fields. */
enum sgn_status reader_fields(struct reader *r, const struct place *at, const json_t *names);
/* An event somebody fires, emits or sends: not the engine's. */
enum sgn_status reader_event(struct reader *r, const struct place *at, const char *name);
/* What a transition may listen to: "*" and the engine's names too. */
enum sgn_status reader_descriptor(struct reader *r, const struct place *at, const char *text);
enum sgn_status reader_role(struct reader *r, const struct place *at, const char *name,
                            enum model_who_kind *kind);
enum sgn_status reader_function(struct reader *r, const struct place *at, const json_t *number,
                                int *out);
enum sgn_status reader_duration(struct reader *r, const struct place *at, const json_t *text,
                                struct calendar_duration *out);
/* Can these states be active together? */
enum sgn_status reader_legal(struct reader *r, const struct place *at, const int *states, int n);
/* How a state is called in messages. */
const char *reader_state_label(const struct reader *r, int state);

/* One file each. A missing member (json NULL) leaves *out as it is. */
enum sgn_status parse_roles(struct reader *r, const struct place *top, const json_t *json);
enum sgn_status parse_fields(struct reader *r, const struct place *at, const json_t *json,
                             struct model_field **out, int *n);
enum sgn_status parse_who(struct reader *r, const struct place *at, const json_t *json,
                          struct model_who **out);
/* An array of who, each of its own. */
enum sgn_status parse_whos(struct reader *r, const struct place *at, const json_t *json,
                           struct model_who **out, int *n);
enum sgn_status parse_cond(struct reader *r, const struct place *at, const json_t *json,
                           struct model_cond **out);
enum sgn_status parse_functions(struct reader *r, const struct place *top, const json_t *functions);
enum sgn_status parse_migrations(struct reader *r, const struct place *top, const json_t *json);
enum sgn_status parse_retention(struct reader *r, const struct place *top, const json_t *json);
/* state: where they stand; in_rung admits other words. */
enum sgn_status parse_actions(struct reader *r, const struct place *at, const json_t *json,
                              int state, bool in_rung, struct model_actions *out);
enum sgn_status parse_approval(struct reader *r, const struct place *at, const json_t *json,
                               struct model_approval **out);
bool approval_has_outcome(const json_t *approval, const char *outcome);
enum sgn_status parse_tasks(struct reader *r, const struct place *at, const json_t *json,
                            struct model_state *state);
/* All deadlines of the model, in document order. */
enum sgn_status parse_deadlines(struct reader *r);
/* All transitions of the model, in document order; deadlines must be there. */
enum sgn_status parse_transitions(struct reader *r);
/* The tree: names, kinds, order; then where each is entered by default. */
enum sgn_status parse_tree(struct reader *r, const struct place *top, const json_t *json);
/* What states hold, but for transitions and deadlines. */
enum sgn_status parse_contents(struct reader *r);

/* "health" of a team's file, see health.h. */
enum sgn_status model_health_read(struct reader *r, const struct place *top, const json_t *json);

/* Does this value suit as the operand or bound of such a field? money in any currency. */
enum sgn_status value_suits(const struct model_field *field, const json_t *value,
                            struct sgn_error *err);
/* An integer or decimal text, exactly; false when it is neither. */
bool value_decimal(const json_t *value, struct sgn_decimal *out);
bool value_is_date(const json_t *value);
/* Do both have an order that means something for this field? */
bool value_compare(const struct model_field *field, const json_t *a, const json_t *b, int *out);

#endif
