/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share: a Lua state with its budgets, and the tools that
 * the language's own Lua (prelude/) is given. Nothing outside dsl/ and its tests includes this.
 *
 * A state belongs to one thread and runs one team file: it is made, runs the prelude, runs the
 * file once, and is then either thrown away (load) or kept for calls (an opened version).
 */
#ifndef DSL_INTERNAL_H
#define DSL_INTERNAL_H

#include "arena.h"
#include "dsl.h"
#include "model.h"
#include "rules_value.h"
#include "text.h"
#include "tokens.h"
#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>

#define DSL_INTERVAL    1000         /* instructions between two looks at the budget */
#define DSL_STRING_MAX  (256 * 1024) /* bytes of one string */
#define DSL_UNPACK_MAX  250          /* values that one call may take or give */
#define DSL_COROUTINES  1000         /* made in one run */
#define DSL_DEPTH_MAX   32           /* nesting of values across the border */
#define DSL_CHUNK       "=@"         /* team files run under this name: messages begin "@:LINE:" */
#define DSL_MESSAGE_MAX 600

/* Why a run is over for good; nothing a script does gets it going again. */
enum dsl_spent {
    DSL_GOING,
    DSL_STEPS_SPENT,
    DSL_MEMORY_SPENT
};

struct dsl_case;

struct dsl_state {
    lua_State *lua;
    lua_State *thread; /* the coroutine that runs; lua itself when none does */
    struct dsl_limits limits;
    struct dsl_arena arena;
    void *born; /* Lua's first block, until its seed is set */
    size_t born_size;
    bool seeded;
    int64_t steps;       /* left in this run */
    int64_t took_ns;     /* the last call, with what it made again; not what others left to do */
    size_t longest;      /* longest string seen: makes every instruction dearer, see budget.c */
    size_t longest_kept; /* ... of those that the loaded file holds on to */
    size_t widest;       /* places of the largest table with names: the same */
    bool running;        /* budgets apply: the team's text is being run */
    enum dsl_spent spent;
    bool long_string; /* the last refusal of memory was of a string */
    int spent_line;   /* of the team's file, 0 when unknown */
    int coroutines;
    json_t *says;               /* of a workflow that is loaded, see rules.h; owned */
    json_t *reads;              /* of the function that was asked about last; owned */
    int reads_steps;            /* instructions that were looked at for all of them */
    int said;                   /* instructions that were looked at for it */
    struct dsl_regex *regex;    /* compiled patterns; NULL before the first; owned */
    struct sgn_buf scratch;     /* values on their way across the border */
    size_t put_from;            /* where the value that is being put begins in its buffer */
    struct dsl_tokens *tokens;  /* of the team's file; owned */
    struct dsl_proto *proto;    /* of the function that is being looked at, or was last; owned */
    struct model *model;        /* of an opened version; owned */
    struct dsl_case *functions; /* what they are given and say, see case.h; owned */
    json_t *version;            /* what was opened, to open it afresh; owned */
    int begins;                 /* the line at which the hook's function begins that was called */
    size_t opened_at;           /* footprint of the arena when it was opened */
    int64_t calls;              /* since it was opened */
    bool worn;                  /* a call came near a limit: the next one gets a fresh state */
};

/* ---- frames.c ---- */

static inline struct dsl_state *
dsl_state_of(lua_State *lua)
{
    struct dsl_state **slot = lua_getextraspace(lua);
    return *slot;
}
/* Keeps the table on top as the prelude's own. Leaves it there. */
void dsl_keep_prelude(lua_State *lua);
/* Pushes a member of the prelude's table; name NULL: the table itself. Raises. */
void dsl_push_prelude(lua_State *lua, const char *name);
/* Raises an error at the line of the team's file that is being run, however deep in the prelude
 * that is. Never returns; an int so that functions of Lua can return it. */
int dsl_raise(lua_State *lua, const char *fmt, ...) SGN_PRINTF(2, 3);
/* A function that was closed over another one calls it with its own arguments and returns what
 * comes back. */
int dsl_forward(lua_State *lua);
/* Closes function over the one that is the only argument; returns it to Lua. */
int dsl_close_over(lua_State *lua, lua_CFunction function);
/* Is it the team's own instruction that is carried out, not one of the prelude or of C? */
bool dsl_in_team_file(lua_State *lua);
/* Line of the innermost frame that runs the team's file, or 0. */
int dsl_here(lua_State *lua);

/* ---- sandbox.c ---- */

/* A state with the prelude run: ready for one file. source is borrowed for its life. */
enum sgn_status dsl_state_new(const struct dsl_limits *limits, struct dsl_state **out,
                              struct sgn_error *err) SGN_MUST_CHECK;
void dsl_state_free(struct dsl_state *state);
/* Each gets what the other was. */
void dsl_state_swap(struct dsl_state *a, struct dsl_state *b);
/* The one protected call: runs the function below its n arguments, leaves results values.
 * SGN_RULE_ERROR or SGN_RULE_OVERRUN with err ("12: message", the line of the team's file,
 * 0 when unknown, in *line) and nothing left on the stack. */
enum sgn_status dsl_protected(struct dsl_state *state, int n, int results, int *line,
                              struct sgn_error *err) SGN_MUST_CHECK;

/* ---- seed.c ---- */

/* Gives the Lua state that is being made in born always the same seed; called from within its
 * second allocation, when nothing has been hashed yet. False: this Lua is laid out otherwise. */
bool dsl_seed_set(void *born, size_t n, const struct dsl_state *state);

/* ---- budget.c ---- */

void *dsl_allocate(void *ud, void *ptr, size_t osize, size_t nsize);
/* Begins a run: full budgets, hook armed. */
void dsl_run_begin(struct dsl_state *state);
void dsl_run_end(struct dsl_state *state);
/* Pays for work that no instruction counts. Raises when the budget is spent. */
void dsl_charge(lua_State *lua, int64_t steps);
/* pcall, coroutine.*, for the environment's libraries. Table on top of the stack. */
void dsl_open_protected(lua_State *lua);

/* ---- case_call.c; the rest of it is in case.h ---- */

void dsl_case_free(struct dsl_case *given);

/* ---- strings.c, patterns.c, decimal.c ---- */

/* Adds the bounded string functions to the table on top. */
void dsl_open_strings(lua_State *lua);
void dsl_open_patterns(lua_State *lua);
void dsl_open_decimal(lua_State *lua);
/* The decimal at index, or NULL. */
const struct sgn_decimal *dsl_decimal_at(lua_State *lua, int index);
void dsl_push_decimal(lua_State *lua, struct sgn_decimal value);

/* ---- regex.c ---- */

struct dsl_regex;
void dsl_regex_free(struct dsl_regex *regex);
/* Adds matches(text, pattern) to the table on top. */
void dsl_open_regex(lua_State *lua);

/* ---- values.c ---- */

/* Pushes a value: records and lists as tables, null as nil inside tables. Raises. */
void dsl_push_value(lua_State *lua, const struct rules_value *value);
void dsl_push_json(lua_State *lua, const json_t *value);
/* Appends the value at index; tables of the prelude marked as lists or records are what they say,
 * others are lists when they hold 1..n only. Raises on what cannot cross (fractions, functions,
 * cycles, text that is not UTF-8) and when what is in out from this place on would be too large an
 * answer; what was put so far is the caller's to take back. */
void dsl_put(lua_State *lua, int index, struct sgn_buf *out, size_t from);
/* Raises when what was put into out from this place on is too large, or could not be put. */
void dsl_check_room(lua_State *lua, const struct sgn_buf *out, size_t from);
/* The names of the record at index in their order, in an object that is pushed. Raises. */
const char **dsl_push_names(lua_State *lua, int index, size_t *n);
/* The same as JSON, new reference. */
json_t *dsl_to_json(lua_State *lua, int index);

/* ---- host.c: C functions for the prelude ---- */

void dsl_open_host(lua_State *lua);
/* bytecode.c: pushes an array of what the function at index does that it must not:
 * { line, "upvalue"|"global"|"name", name }, and { line, "nul", "" } for a text with a NUL byte. */
int dsl_scan_function(lua_State *lua);

/* blame.c, of a handler of messages: says which field was empty in a comparison. */
int dsl_blame(lua_State *lua);
/* reads.c: (function, its purpose): pushes { WORD = true } of what it may read of what it is given,
 * words as in rules.h. */
int dsl_reads_function(lua_State *lua);
/* says.c: (function, its number as text, its purpose): adds what it says to the state's says. Of a
 * hook's, which is given h in the case's place, the facts are returned, too, and among them what it
 * returns: { "line", "column", "returns": ARG of rules.h with true for what is unknown }. */
int dsl_says_function(lua_State *lua);
/* (test): the facts of a test, whose "of" is "t", what it is given, or "c", a case that it opened.
 */
int dsl_says_test(lua_State *lua);
/* (list, name): a name that the case ("members", "methods") or the event ("event") has. */
int dsl_says_name(lua_State *lua);

/* ---- load.c ---- */

/*
 * Runs one file. made is what the prelude made of it, { "kind", "name", "model", "sources",
 * "places" } or with "lines" for a team; NULL when nothing could be made. mistakes (an array) gets
 * what was found. The state is kept in *state when state is not NULL and made is not. Only faults
 * of ours (out of memory) are errors.
 */
enum sgn_status dsl_file_run(const struct dsl_limits *limits, const char *path, const char *source,
                             struct dsl_state **state, json_t **made, json_t *mistakes,
                             struct sgn_error *err) SGN_MUST_CHECK;
/* Adds a mistake ("error" or "warning"); false when out of memory. */
bool dsl_mistake(json_t *mistakes, const char *severity, const char *file, int line,
                 const char *message, const char *hint);
/* An error with its column; 0 when that is not known. */
bool dsl_mistake_at(json_t *mistakes, const char *path, int line, int column, const char *message,
                    const char *hint);
/* The same for what the engine can run; id is one of check.h's. */
bool dsl_warning(json_t *mistakes, const char *id, const char *file, int line, const char *message);

/* ---- remarks.c ---- */

/* { PATH: [ REMARK ] } as in rules.h, of the team's files and of the shipped ones it uses. New
 * reference. */
enum sgn_status dsl_remarks(const json_t *files, const json_t *workflows, json_t **out,
                            struct sgn_error *err) SGN_MUST_CHECK;
/* Gives every mistake that has no column the first one of its line that is not blank; input as
 * in rules.h. False when out of memory. */
bool dsl_columns(json_t *mistakes, const json_t *input);

/* ---- syntax.c ---- */

/* Adds what keeps a text from being compiled, each with its place and what would be right: said is
 * Lua's message about line. False when out of memory. */
bool dsl_syntax_mistakes(json_t *mistakes, const char *path, const char *source,
                         const struct dsl_tokens *tokens, int line, const char *said);

/* ---- clocks.c ---- */

/* Clocks that no calendar of the team answers for, and working time without one, as mistakes. */
enum sgn_status dsl_check_clocks(const json_t *team, const json_t *workflows, json_t *mistakes,
                                 struct sgn_error *err) SGN_MUST_CHECK;

/* ---- hook_check.c ---- */

/* What the hooks of a team name that there is not, as mistakes. says: of its file, may be NULL. */
enum sgn_status dsl_check_hooks(const json_t *says, const json_t *workflows, json_t *mistakes,
                                struct sgn_error *err) SGN_MUST_CHECK;

/* ---- call.c ---- */

/* Makes a version callable. Borrows version. */
enum sgn_status dsl_version_open(const struct dsl_limits *limits, const json_t *version,
                                 struct dsl_state **out, struct sgn_error *err) SGN_MUST_CHECK;
/* Calls one function; path names the file in messages, input begins a value that was checked.
 * Appends the answer to out, nothing when the status is another than SGN_OK. */
enum sgn_status dsl_version_call(struct dsl_state *state, const char *path, int function,
                                 enum rules_purpose purpose, const char *input, struct sgn_buf *out,
                                 struct sgn_error *err) SGN_MUST_CHECK;

/* ---- version.c ---- */

/* A version as those keep it who answer calls to it. */
struct dsl_version {
    json_t *json;
    struct dsl_state *state;   /* NULL: not opened yet, put away, or lost in an overrun */
    struct rules_cost cost[2]; /* of the last answer, without opening the version */
};

/* A call as rules.h has it; inputs are checked values. */
struct dsl_question {
    int function;
    enum rules_purpose purpose;
    const char *input;
    int then; /* 0: none */
    const char *then_input;
};

/* Answers a question, opening the version when it must be. Appends to out as dsl_version_call; what
 * it took stands in version->cost. */
enum sgn_status dsl_version_answer(const struct dsl_limits *limits, struct dsl_version *version,
                                   const struct dsl_question *question, struct sgn_buf *out,
                                   struct sgn_error *err) SGN_MUST_CHECK;
void dsl_version_deinit(struct dsl_version *version);

#endif
