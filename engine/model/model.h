/* SPDX-License-Identifier: Apache-2.0 */
/* clang-format off */
/*
 * The plain workflow model: what a workflow is once its Lua has been run.
 *
 * A model arrives as JSON, from the rule language or from a stranger; model_parse() checks
 * every word of it and compiles it into the structs below. The engine runs the structs and
 * knows no Lua. Functions of the rules appear as numbers ("call": 3) that rules.h answers.
 *
 * The JSON form, version 1. WORD? may be missing; a TITLE is a string or {"en":..,"zh":..}.
 *
 *   MODEL      { "name", "key", "version": 1, "title"?: TITLE, "help"?: TITLE,
 *                "serves"?: what it is for, a word of purpose.h,
 *                "client"?: "none"|"own"|"project", "open"?: { "by"?: WHO, "takes"?: [FIELD NAME] },
 *                "roles"?: [ROLE], "aliases"?: { "requester": "opener" }, "fields"?: [FIELD],
 *                "start"?: [STATE NAME], "states": [STATE], "transitions"?: [TRANSITION],
 *                "outcomes"?: { OUTCOME: TITLE }, "deadlines"?: [DEADLINE], "migrations"?: [MIGRATION],
 *                "retention"?: [RETENTION],
 *                "functions"?: { "1": {"line", "uses": [WORD], "reads"?: [READ]} } }
 *   FIELD      { "name", "type": text|number|money|date|time|choice|flag|person|file|list|record,
 *                "shared": bool, "required"?, "indexed"?, "max"?, "min"?, "default"?, "choices"?,
 *                "titles"?: { CHOICE: TITLE }, "places"?: 0..6 (number), "currency"? (money), "of"?: FIELD (list),
 *                "fields"?: [FIELD] (record), "title"?, "help"? }
 *              max and min bound numbers, money, dates and times, the characters of text and the
 *              length of lists. "of" needs no name; parts need no "shared", they are as the whole.
 *   STATE      { "name", "kind": "state"|"parallel"|"final"|"history", "deep"?, "start"?: [STATE NAME],
 *                "states"?: [STATE], "transitions"?: [TRANSITION], "enter"?: [ACTION], "leave"?: [ACTION],
 *                "owner"?: WHO, "edit"?: [{"who": WHO, "fields": [FIELD NAME] | "all"}],
 *                "waiting_for"?: ROLE, "approval"?: APPROVAL, "deadlines"?: [DEADLINE],
 *                "tasks"?: [TASK], "outcome"?, "title"?, "client_title"?, "help"?, "line"? }
 *              A final has no transitions and nothing of work in it; only one at the top has an
 *              outcome. A history has a start and stands in a state or a parallel.
 *   NOTE       true (a comment is required) | { "required"?: bool, "shared"?: true }: for the client
 *   TRANSITION { "kind"?: "event"|"always"|"after"|"done"|"approval"|"go"|"tasks", "on"?: [EVENT],
 *                "after"?: DURATION, "outcome"? (approval), "deadline"? and "rung"? (go),
 *                "by"?: WHO, "when"?: COND, "needs"?: [FIELD NAME], "takes"?: [FIELD NAME], "note"?: NOTE,
 *                "to"?: [STATE NAME], "internal"?: bool, "run"?: [ACTION], "title"?, "line"? }
 *              Their order is the document order. "on" takes "*" or names, the engine's done., approval.
 *              and tasks. too; by, takes and note belong to kind "event". The other kinds but
 *              "always" listen to one event of the engine each:
 *                after      after.<state, or workflow at the top>.<n>    the n-th "after" there, from 1
 *                done       done.state.<state>            of a compound state or a parallel
 *                approval   approval.<state>.<outcome>    an outcome of its state's approval
 *                go         go.<deadline>.<rung>          a deadline of its state; "rung" counts the
 *                                                         rungs as they are written, from 1
 *                tasks      tasks.<state>                 when its state's tasks are done
 *              "done" and "tasks" stand last in their state. "to" names states that can be active
 *              together: any two stand in different regions of a parallel. Likewise "start", whose
 *              states stand inside the state (of a history: inside its parent).
 *   WHO        ROLE | [WHO] | {"group"} | {"person"} | {"decided_by": STATE NAME} | {"call": FN}
 *              built-in roles: opener owner pending anyone system; an alias names one of them.
 *              Without "roles" the workflow has the roles that it names.
 *   COND       {"all": [COND]} | {"any": [COND]} | {"not": COND} | {"in": [STATE NAME]} (any of them)
 *              | {"none_open": [WORKFLOW]} | {"tasks_done": true} | {"call": FN}
 *              | {"field"|"event": NAME, OP: VALUE}, OP: is above below min max one_in filled
 *              "priority" may stand for a field. above, below, min, max compare numbers, money,
 *              dates and times; a missing value satisfies none but {"filled": false}.
 *   ACTION     {"set": {FIELD NAME: SET}} | {"emit": EVENT, "data"?} | {"assign": WHO}
 *              | {"reassign": WHO} | {"priority": low|normal|high|urgent|up|down}
 *              | {"remind": WHO} | {"notify": WHO or {"channel"}, "template"?, "values"?}
 *              | {"open": WORKFLOW, "fields"?, "opener"?: PERSON} | {"start": WORKFLOW, "options"?}
 *              | {"fire": EVENT, "data"?, "case"?: KEY} | {"decide": OUTCOME, "as"?} | {"go": true}
 *              | {"send": EVENT, "after": DURATION, "data"?, "id"?} | {"cancel": ID} | {"call": FN}
 *              Rungs know remind notify reassign priority fire start, and alone decide and go:
 *              decide where the state has an approval, go where it has none, with its transition.
 *              send and cancel are said by functions only.
 *   SET        {"value": V} | {"plus": N} | {"now": true} | {"from_event": NAME} | {"empty": true}
 *              | {"open_cases": [WORKFLOW]} | {"last_contact": FIELD NAME}
 *   DEADLINE   { "name", "duration": DURATION | {"per": FIELD NAME, "values": {V: DURATION}}
 *                or, without from and pause, "due": FIELD NAME of a date or a time,
 *                "clock"?: team|client|CALENDAR, "from"?: FIELD NAME, "until"?: EVENT,
 *                "pause"?: [STATE NAME], "rungs": [RUNG], "title"?, "line"? }
 *   RUNG       { "at": 1..99 | "late": DURATION | ("again": DURATION, "most"?: N),
 *                "actions": [ACTION], "even_if_down"?: bool, "line"? }
 *   APPROVAL   { "covers"?: [FIELD NAME], "rule": RULE, "outcomes": [approved rejected deferred changes],
 *                "may_defer"?: WHO, "may_return"?: WHO, "exclude"?: [WHO], "distinct"?, "fixed"?, "line"? }
 *              where each outcome leads is a transition of kind "approval" in the same state.
 *   RULE       { "kind": at_least|percent|weighted|veto|all_of|any_of|in_order|everyone_answers,
 *                "n"? (at_least, weighted), "p"? (percent), "who"?: WHO,
 *                "weights"?: [{"who": WHO, "weight": N}], "rules"?: [RULE],
 *                "nobody"?: "skip"|"reject"|ROLE, "when"?: COND, "covers"?, "exclude"?: [WHO], "line"? }
 *   TASK       { "name", "title"?, "by": WHO, "optional"?, "when"?: COND, "proof"?: "file" }
 *   MIGRATION  { "from": [VERSION], "states"?: { OLD STATE: STATE NAME }, "fields"?: FN, "line"? }
 *              How a case of those versions becomes one of this: an old state that is not named
 *              is the state of its own name. No version stands in two, and not the own one.
 *   RETENTION  { "after": PERIOD (period.h), "erase": [FIELD NAME] | "internal" | "all", "line"? }
 *              No two for times of one length.
 *
 * Names of workflows, states, fields, tasks and deadlines: sgn_name_valid(), fields without dots;
 * every state, field and deadline has its own. Nothing in a model is a real number.
 *
 * Ownership: a struct model owns everything reachable from it and is immutable, so threads
 * may share it; it is reference-counted.
 */
/* clang-format on */
#ifndef MODEL_H
#define MODEL_H

#include "duration.h"
#include "period.h"
#include "status.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define MODEL_STATES_MAX 1024 /* the root included; a configuration is a bit set of this size */

enum model_field_type {
    MODEL_TEXT,
    MODEL_NUMBER, /* an integer, or with places a decimal, which is a string in JSON */
    MODEL_MONEY,  /* a string of major units */
    MODEL_DATE,   /* "2026-01-05" */
    MODEL_TIME,   /* RFC 3339 */
    MODEL_CHOICE,
    MODEL_FLAG,
    MODEL_PERSON,
    MODEL_FILE,
    MODEL_LIST,
    MODEL_RECORD,
};

struct model_field {
    const char *name;
    enum model_field_type type;
    bool shared;
    bool required;
    bool indexed;
    int places;
    const char *currency;              /* of money; NULL: the project's or the team's */
    const json_t *min, *max, *or_else; /* or_else: the default; NULL when not said */
    const json_t *choices;             /* array of strings */
    const json_t *titles;              /* object: choice -> title, or NULL */
    const json_t *title, *help;
    struct model_field *fields; /* of a record; a list has one: its "of" */
    int n_fields;
};

enum model_who_kind {
    MODEL_WHO_ROLE, /* a project role of the workflow */
    MODEL_WHO_OPENER,
    MODEL_WHO_OWNER,
    MODEL_WHO_PENDING, /* who has not answered an open approval */
    MODEL_WHO_ANYONE,
    MODEL_WHO_SYSTEM,
    MODEL_WHO_GROUP,
    MODEL_WHO_PERSON,
    MODEL_WHO_DECIDED_BY, /* who cast a counted ballot in that state's last round */
    MODEL_WHO_CALL,
    MODEL_WHO_ANY_OF,
};

struct model_who {
    enum model_who_kind kind;
    const char *name; /* role, group, person, state; as written for aliases */
    int function;
    struct model_who *of;
    int n_of;
};

enum model_cond_kind {
    MODEL_COND_ALL,
    MODEL_COND_ANY,
    MODEL_COND_NOT,
    MODEL_COND_FIELD,
    MODEL_COND_EVENT,
    MODEL_COND_IN,
    MODEL_COND_NONE_OPEN,
    MODEL_COND_TASKS_DONE,
    MODEL_COND_CALL,
};

enum model_op {
    MODEL_IS,
    MODEL_ABOVE,
    MODEL_BELOW,
    MODEL_MIN,
    MODEL_MAX,
    MODEL_ONE_IN,
    MODEL_FILLED,
};

struct model_cond {
    enum model_cond_kind kind;
    const char *name;                /* field or event member */
    const struct model_field *field; /* when name is a field of the workflow, else NULL */
    enum model_op op;
    const json_t *value; /* operand; array of names for IN and NONE_OPEN */
    int function;
    struct model_cond *of;
    int n_of;
};

enum model_action_kind {
    MODEL_SET,
    MODEL_EMIT,
    MODEL_ASSIGN,
    MODEL_REASSIGN,
    MODEL_PRIORITY,
    MODEL_REMIND,
    MODEL_NOTIFY,
    MODEL_OPEN,
    MODEL_START,
    MODEL_FIRE,
    MODEL_DECIDE,
    MODEL_GO,
    MODEL_SEND,
    MODEL_CANCEL,
    MODEL_CALL,
};

struct model_action {
    enum model_action_kind kind;
    const char *name;      /* event, priority, workflow, outcome, id, channel */
    struct model_who *who; /* NULL when the action names nobody */
    const json_t *json;    /* the action as it stands, for its further members */
    int function;
};

struct model_actions {
    struct model_action *items;
    int n;
};

enum model_transition_kind {
    MODEL_ON_EVENT,
    MODEL_ALWAYS,
    MODEL_AFTER,
    MODEL_ON_DONE,
    MODEL_ON_APPROVAL,
    MODEL_ON_GO,
    MODEL_ON_TASKS,
};

struct model_transition {
    enum model_transition_kind kind;
    int index;           /* its place in document order over the whole model */
    int source;          /* state */
    const char **events; /* descriptors: "claim", "*"; for the other kinds the one engine event */
    int n_events;
    int *targets; /* states; none: targetless */
    int n_targets;
    bool internal;
    bool note_required;
    bool note_shared;        /* a comment given with it is for the client too, unless it is said */
    struct model_who *by;    /* NULL: system only (kind event), not asked (the others) */
    struct model_cond *when; /* NULL: always */
    const json_t *needs, *takes; /* arrays of field names, never NULL */
    struct model_actions run;
    struct calendar_duration after;
    const json_t *title;
    int line;
};

enum model_rung_kind {
    MODEL_RUNG_AT,
    MODEL_RUNG_LATE,
    MODEL_RUNG_AGAIN
};

struct model_rung {
    enum model_rung_kind kind;
    int percent;
    struct calendar_duration offset;
    int most; /* repeats of MODEL_RUNG_AGAIN */
    struct model_actions actions;
    int number;        /* its place as written, from 1: what "rung" of a go counts */
    int go_transition; /* index of the transition of its go, or -1 */
    bool even_if_down;
    int line;
};

struct model_deadline {
    const char *name;
    int state;                         /* where it stands; 0 (the root) for the workflow's own */
    struct calendar_duration duration; /* when per is NULL */
    const char *per;                   /* a field's name, or "priority" */
    const json_t *per_values;          /* value -> duration text */
    const char *clock;                 /* "team", "client" or a calendar's name */
    const char *from;                  /* field of type time, or NULL */
    const char *due;                   /* field of type date or time that says when; or NULL */
    const char *until;                 /* event, or NULL */
    const json_t *pause;               /* state names, or NULL */
    struct model_rung *rungs;          /* in the order at (ascending), late (ascending), again */
    int n_rungs;
    const json_t *title;
    int line;
};

enum model_rule_kind {
    MODEL_AT_LEAST,
    MODEL_PERCENT,
    MODEL_WEIGHTED,
    MODEL_VETO,
    MODEL_ALL_OF,
    MODEL_ANY_OF,
    MODEL_IN_ORDER,
    MODEL_EVERYONE_ANSWERS,
};

struct model_rule {
    enum model_rule_kind kind;
    int n; /* approvals or weights needed; percent */
    struct model_who *who;
    struct model_who *weight_who; /* weighted: n_weights of them */
    int *weights;
    int n_weights;
    struct model_rule *rules;
    int n_rules;
    const char *nobody; /* "skip", "reject", a role, or NULL */
    struct model_cond *when;
    const json_t *covers; /* NULL: the approval's */
    struct model_who *exclude;
    int n_exclude;
    int line;
};

struct model_approval {
    const json_t *covers; /* field names, never NULL */
    struct model_rule rule;
    bool outcome_deferred, outcome_changes;
    struct model_who *may_defer, *may_return;
    struct model_who *exclude;
    int n_exclude;
    bool distinct, fixed;
    int line;
};

struct model_task {
    const char *name;
    const json_t *title;
    struct model_who *by;
    struct model_cond *when;
    bool optional, proof_file;
};

enum model_state_kind {
    MODEL_ATOMIC,
    MODEL_COMPOUND,
    MODEL_PARALLEL,
    MODEL_FINAL,
    MODEL_HISTORY
};

struct model_edit {
    struct model_who *who;
    const json_t *fields; /* names */
    bool all;
};

struct model_state {
    const char *name; /* "" for the root */
    enum model_state_kind kind;
    bool deep;     /* history */
    int index;     /* document order; the root is 0 */
    int parent;    /* -1 for the root */
    int depth;     /* 0 for the root */
    int last;      /* the largest index among it and its descendants */
    int *children; /* document order */
    int n_children;
    int *start; /* states entered by default; a history's own defaults */
    int n_start;
    struct model_transition **transitions; /* document order */
    int n_transitions;
    struct model_actions enter, leave;
    struct model_who *owner;
    struct model_edit *edit; /* NULL: edit is not said in this state */
    int n_edit;
    const char *waiting_for; /* role, or NULL */
    struct model_approval *approval;
    int *deadlines; /* indexes into model->deadlines */
    int n_deadlines;
    struct model_task *tasks;
    int n_tasks;
    const char *outcome; /* of a top-level final: given, or its own name */
    const json_t *title, *client_title, *help;
    int line;
};

/* What a function is given, see rules.h. */
enum {
    MODEL_USES_PEOPLE = 1 << 0,
    MODEL_USES_PROJECT = 1 << 1,
    MODEL_USES_BALLOTS = 1 << 2,
    MODEL_USES_TASKS = 1 << 3,
    MODEL_USES_FIELDS = 1 << 4, /* all of them */
    MODEL_USES_KEY = 1 << 5,
    MODEL_USES_NOW = 1 << 6,
    MODEL_USES_OPENER = 1 << 7,
    MODEL_USES_OUTCOME = 1 << 8,
    MODEL_USES_OWNER = 1 << 9,
    MODEL_USES_PRIORITY = 1 << 10,
    MODEL_USES_REV = 1 << 11,
    MODEL_USES_STATES = 1 << 12,
    MODEL_USES_VERSION = 1 << 13,
    MODEL_USES_VISITS = 1 << 14,
    MODEL_USES_WORKFLOW = 1 << 15,
    MODEL_USES_AT = 1 << 16,
    MODEL_USES_BY = 1 << 17,
    MODEL_USES_COMMENT = 1 << 18,
    MODEL_USES_DATA = 1 << 19, /* all of it */
    MODEL_USES_NAME = 1 << 20,
    MODEL_USES_ON_BEHALF = 1 << 21
};

struct model_function {
    int number;
    unsigned uses; /* MODEL_USES_* */
    /* Of fields and data that are not given as a whole: these names, in the order of their bytes.
     */
    const char **fields, **data;
    int n_fields, n_data;
    const json_t *reads; /* array, or NULL */
};

struct model_migration {
    const json_t *from;   /* array of versions */
    const json_t *states; /* old name -> new name; NULL: none is renamed */
    int function;         /* of the old fields; 0: none */
    int line;
};

/* What goes when, counted from a case's end: lane/retention.h. */
struct model_retention {
    struct calendar_period after;
    const char *text;     /* after, as it was written */
    const json_t *fields; /* names; NULL: whole parts go */
    bool all;             /* of those the shared ones, too */
    int line;
};

enum model_client {
    MODEL_CLIENT_NONE,
    MODEL_CLIENT_OWN,
    MODEL_CLIENT_PROJECT
};

struct model {
    const char *name, *key;
    int64_t version;
    const char *serves; /* what it is for, see purpose.h: as it says, else its own name */
    char digest[65];    /* rules digest, see model_digest() */
    enum model_client client;
    struct model_who *open_by; /* NULL: anyone in the project */
    const json_t *open_takes;  /* NULL: not said */
    const json_t *roles;       /* array of role names, aliases not included */
    const json_t *aliases;     /* object */
    struct model_field *fields;
    int n_fields;
    struct model_state *states; /* states[0] is the root */
    int n_states;
    struct model_transition *transitions; /* all, document order */
    int n_transitions;
    struct model_deadline *deadlines; /* all, document order */
    int n_deadlines;
    struct model_migration *migrations;
    int n_migrations;
    struct model_retention *retention; /* as they were written */
    int n_retention;
    const json_t *functions; /* object: number as text -> {line, uses, reads} */
    struct model_function *function_list;
    int n_functions;
    const json_t *title, *help;
    const json_t *outcomes; /* object: outcome or manner -> title, or NULL */
    const json_t *json;     /* the whole model as it arrived */
};

/*
 * Checks and compiles. functions_source is what model_digest() needs ({} when there are
 * no functions); every function of the model must be in it. On SGN_INVALID err names the place as a
 * JSON pointer into the model (data.pointer) and what would be right. Borrows both.
 */
enum sgn_status model_parse(const json_t *json, const json_t *functions_source, struct model **out,
                            struct sgn_error *err) SGN_MUST_CHECK;
struct model *model_ref(struct model *model);
void model_free(struct model *model); /* drops one reference */

/*
 * The identity of a version: SHA-256(0x03, canonical JSON of {model, functions}), the model
 * without serves and retention, and without title, client_title, help and line members anywhere and
 * without what its functions read, which follows from their sources; functions as { "3": {"source":
 * text, "constants": value} }.
 */
enum sgn_status model_digest(const json_t *json, const json_t *functions_source, char out[65],
                             struct sgn_error *err) SGN_MUST_CHECK;

int model_state_find(const struct model *model, const char *name); /* -1: none */
/* Does a case end there: is it a final at the top? */
bool model_ends_at(const struct model *model, int state);
/* How a case of that version becomes one of this; NULL: it does not. */
const struct model_migration *model_migration_from(const struct model *model, int64_t version);
const struct model_field *model_field_find(const struct model *model, const char *name);
const char *model_field_type_name(enum model_field_type type); /* "text"; static */
/* NULL for a number that the model does not have. */
const struct model_function *model_function_find(const struct model *model, int number);
/* Is it given this word of rules.h, by itself or by one that holds it? */
bool model_function_reads(const struct model_function *function, const char *word);
/* MODEL_USES_* of a function; 0 for a number that the model does not have. */
unsigned model_function_uses(const struct model *model, int number);
/* Is state a proper descendant of ancestor? */
bool model_descends(const struct model *model, int state, int ancestor);
/* Can both be entered together? They stand in different regions of a parallel (SCXML 3.11). */
bool model_states_together(const struct model *model, int a, int b);
/* Every event name that on transitions listen to and case.fire may send; new array. */
json_t *model_events(const struct model *model);

/*
 * Titles, in a language ("en", "zh"). One that lacks the language falls back to English, then to
 * whatever there is, then to or_else; what has none to its name. Borrowed.
 */
const char *model_title(const json_t *title, const char *language, const char *or_else);
/* A word that every workflow has: an approval's outcome, a priority. */
const char *model_word(const char *word, const char *language);
/* Of a deadline; one that has the name of its state, or of the workflow, is titled like it. */
const char *model_deadline_title(const struct model *model, const struct model_deadline *deadline,
                                 const char *language);
const char *model_choice_title(const struct model_field *field, const char *choice,
                               const char *language);
/* Of a case, of an approval, or a manner; else that of the final which ends so. */
const char *model_outcome_title(const struct model *model, const char *outcome,
                                const char *language);
/*
 * The same all at once, for pages; new objects, NULL when out of memory. A client is told of
 * shared fields only. PATH is a field's name, "defects", or with a dot that of a part,
 * "defects.severity".
 */
/* {PATH: {VALUE: title}} of the choices, and of "priority" for the team. */
json_t *model_value_titles(const struct model *model, const char *language, bool for_client);
/* {PATH: title} of the parts of records. */
json_t *model_part_titles(const struct model *model, const char *language, bool for_client);
/* {OUTCOME: title}, manners too. */
json_t *model_outcome_titles(const struct model *model, const char *language);
/* {CHOICE: title} of what may be voted; approval NULL: anywhere. */
json_t *model_vote_titles(const struct model_approval *approval, const char *language);

/* Does an event name match a descriptor? Words joined by dots: "claim" takes "claim" and
 * "claim.late"; "*" takes all (SCXML 1.0 section 3.12.1). An event of the engine is taken only
 * by a descriptor that says so itself: "done.state", but neither "*" nor "done". */
bool model_event_matches(const char *descriptor, const char *name);
/* Begins with done. after. approval. go. or tasks.? Those "*" never takes, and case.fire refuses.
 */
bool model_event_is_engines(const char *name);

/* ---- values ---- */

/*
 * Checks a value given by a user or a rule for a field and gives its canonical form (new
 * reference): decimals rescaled to their places, times with their offset kept. JSON null
 * means empty and is given back as null, and so is text without characters. SGN_INVALID with what
 * would be right; the pointer is the caller's business. money_digits is the currency's. persons,
 * clients and files are checked for shape only.
 */
enum sgn_status model_value_check(const struct model_field *field, const json_t *value,
                                  int money_digits, json_t **out,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/*
 * The same before there is a model; json is a field in the model's form; operand: of the field's
 * type, bounds and lengths are no part of it. A field that is wrong itself suits everything: that
 * is told elsewhere.
 */
enum sgn_status model_field_suits(const json_t *json, const json_t *value, bool operand,
                                  struct sgn_error *err) SGN_MUST_CHECK;
/* Compares a value of the field's type with a condition's operand: money and decimals by their
 * amount, times by the instant. NULL, null, "" and an empty list are not filled. field may be NULL
 * (an undeclared member of an event): then numbers and strings compare as they are. */
bool model_value_holds(const struct model_field *field, const json_t *value, enum model_op op,
                       const json_t *operand);

#endif
