/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a function of a team is given, c and e, and what it says: C's part. Nothing outside dsl/
 * includes this.
 *
 * The objects that functions see are made once, when a version is opened, and are empty tables
 * whose metamethods read the input of the call that is under way, member by member, from its bytes.
 * What a function says is written as an action (rules.h) at once. So a call that reads three
 * members and sets one pays for these, and leaves nothing behind but what it took from the input.
 */
#ifndef DSL_CASE_H
#define DSL_CASE_H

#include "dsl_internal.h"

#define DSL_ACTIONS_MAX 1000

struct dsl_case {
    bool open; /* a function is being called; else the objects are of no use */
    enum rules_purpose purpose;
    const struct model_function *function;
    const char *input; /* where the value begins */
    struct rules_value c, e, fields, data;
    const char *priority; /* as this call has said it, or NULL */
    bool remembers;       /* the table of made values is not empty */
    struct sgn_buf said;  /* actions */
    size_t whole;         /* as far as they are complete: one that raised in its middle is none */
    int n_said;
    size_t *set;  /* by field: where in said its new value lies; 0: this call has not set it */
    bool any_set; /* ... any of them */
};

static inline struct dsl_case *
dsl_case_of(lua_State *lua)
{
    return dsl_state_of(lua)->functions;
}

/* ---- case_value.c ---- */

/* Makes the tables that the functions below need; before any of them. */
void dsl_case_open_values(lua_State *lua);
/* Pushes a value of the input or of what was said as a function sees it: decimals as such, lists
 * and records read-only, the same object for the same value. field: its type, or NULL. Raises. */
void dsl_case_push(lua_State *lua, const struct model_field *field,
                   const struct rules_value *value);
/* The call is over: what it had made is nobody's. */
void dsl_case_forget(lua_State *lua);
/* Does this field hold decimals, which are text outside? */
bool dsl_case_is_decimal(const struct model_field *field);
/* Replaces the table on top by an empty one that gives what is in it. */
void dsl_case_read_only(lua_State *lua);
/* Pushes the table that is behind the one at index, or that itself. */
void dsl_case_behind(lua_State *lua, int index);
/* Replaces the metatable on top by an empty table that has it. Who goes through that table gets
 * what content returns. */
void dsl_case_view(lua_State *lua, lua_CFunction content);

/* ---- case_data.c ---- */

/* The error of an unknown name, with what it may have meant: say is the prelude's function that
 * knows the words. Never returns. */
int dsl_case_unknown(lua_State *lua, const char *say, int key);
/* The value at index in the words of an error; the text is left on the stack. */
const char *dsl_case_describe(lua_State *lua, int index);
/* "expected WHAT, got ...". Never returns. */
int dsl_case_expected(lua_State *lua, const char *what, int index);
/* The text at index; raises when it is none. */
const char *dsl_case_text(lua_State *lua, int index, const char *what, size_t *n);
/* Appends plain data, checked now so that an error has its line. */
void dsl_case_put_data(lua_State *lua, int index);
/* Appends people: a role, a person's key, group "x", person "x", a list of these. */
void dsl_case_put_people(lua_State *lua, int index);
/* Is the value at index a node of this word of the language? Pushes what it is named if so. */
bool dsl_case_node(lua_State *lua, int index, const char *word);

/* ---- case_member.c ---- */

/* What the call under way is given; raises when there is none. */
struct dsl_case *dsl_case_given(lua_State *lua);
/* In an __index: what the name asked for (index 2) is in the table at the function's first upvalue,
 * which is left on top; its type. */
int dsl_case_look_up(lua_State *lua);
/* The member of a record by that name. False: it has none, or null. */
bool dsl_case_member(lua_State *lua, const struct rules_value *record, struct rules_value *out);
/* The same, pushed; else nil is. */
bool dsl_case_push_member(lua_State *lua, const struct rules_value *record,
                          const struct model_field *field);
/* There was nothing by that name: raises when the function was not given OF.NAME (name NULL: all of
 * it), which it should have been. Else that it is empty is the truth. */
void dsl_case_missed(lua_State *lua, const char *of, const char *name);
/* Pushes a table of all its members; with of_event those of fields have the fields' types. */
int dsl_case_content(lua_State *lua, const struct rules_value *record, bool of_event);
/* Sets these names, up to NULL, to a number in the table on top. */
void dsl_case_name(lua_State *lua, const char *const *names, lua_Integer member);
/* The same for the other members of c or of e (which says it). */
void dsl_case_name_rest(lua_State *lua, const char *which, lua_Integer member);
/* Replaces the table of names on top by a view of these metamethods. */
void dsl_case_push_view(lua_State *lua, lua_CFunction index, lua_CFunction refuse,
                        lua_CFunction content);

/* ---- case_say.c ---- */

/* Adds c's methods to the table at this index. */
void dsl_case_open_methods(lua_State *lua, int table);

/* ---- case_view.c, event_view.c ---- */

/* Push c and e. */
void dsl_case_push_case(lua_State *lua);
void dsl_case_push_event(lua_State *lua);
/* The __newindex of both. */
int dsl_case_refuse_write(lua_State *lua);

/* ---- hook.c ---- */

/* Inside a protected call, once per state: finds the functions of the hooks of a team's file. */
int dsl_hooks_open(lua_State *lua);
/* Calls one of them with the input that begins here; what it returned is checked and appended to
 * out. Raises. */
void dsl_hook_call(lua_State *lua, int function, const char *input, struct sgn_buf *out);

/* ---- case_call.c ---- */

/* Once per state, after P.prepare, with the list of the functions on top, which is popped. */
void dsl_case_open(lua_State *lua);
/* Calls a function with the input that begins here; what it returned is checked and appended to out
 * as its purpose wants it. Raises. */
void dsl_case_call(lua_State *lua, int function, enum rules_purpose purpose, const char *input,
                   struct sgn_buf *out);

#endif
