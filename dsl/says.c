/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a function of the rules says of the case and the event: which members it reads, which
 * changes and effects it asks for, with which constants.
 *
 * Read from its instructions, from the first to the last, with what is known of every register. The
 * case and the event are known from the start; they are followed into locals that are assigned
 * once, into functions within and into helpers that are called with them. Where two ways meet only
 * such locals stay known; a test of a known value leaves one way. All else is unknown, and of what
 * is unknown nothing is said: a fact is what every run says that comes there.
 *
 * Nothing here raises an error of Lua, so that what is owned is freed.
 */
#include "says_internal.h"

#include "json.h"
#include "memory.h"
#include <stdlib.h>
#include <string.h>

#define STEPS_MAX 200000 /* instructions looked at, for all functions of a file */
#define DEPTH_MAX 12     /* functions within functions, and calls of helpers */
#define CHARGE    100    /* steps that a function costs its file */

/* ---- instructions ---- */

static struct dsl_text
name_at(const struct dsl_proto *proto, int i)
{
    if (i < proto->n_constants && proto->constants[i].kind == CONSTANT_STRING)
        return proto->constants[i].text;
    return (struct dsl_text){ NULL, 0 };
}

/* What stands at the right of an assignment: a constant of the function, or a register. */
static struct value
right_of(struct frame *frame, uint32_t word, int line)
{
    if (DSL_K(word))
        return says_constant(frame->walk, frame->proto, DSL_C(word), line);
    return frame->registers[DSL_C(word)];
}

static void
assign(struct frame *frame, const struct value *table, struct dsl_text key, uint32_t word, int line)
{
    struct value value = right_of(frame, word, line);

    if (table->kind == TABLE)
        says_set(frame->walk, table, key, &value);
    else if (key.bytes != NULL)
        (void)says_member(frame->walk, table, key, line, true);
    says_open(&value);
}

static void
set_list(struct frame *frame, uint32_t word)
{
    const struct value *table = &frame->registers[DSL_A(word)];

    if (DSL_B(word) == 0 || DSL_C(word) != 0 || DSL_K(word)) {
        says_open(table);
        return;
    }
    for (int i = 1; i <= DSL_B(word) && DSL_A(word) + i < REGISTERS; i++)
        says_append(frame->walk, table, &frame->registers[DSL_A(word) + i]);
}

/* A member of what a function is given, or a value of a table outside. */
static struct value
member(struct walk *walk, const struct value *of, struct dsl_text name, int line)
{
    if (of->kind == HERE)
        return says_entry(walk, of, name);
    return name.bytes != NULL ? says_member(walk, of, name, line, false) : says_unknown();
}

/* obj:name(...): the object goes along as the first argument. */
static void
self(struct frame *frame, uint32_t word, int line)
{
    struct value object = frame->registers[DSL_B(word)], got = says_unknown();
    struct dsl_text name = { NULL, 0 };

    if (DSL_K(word))
        name = name_at(frame->proto, DSL_C(word));
    else
        name = says_text(&frame->registers[DSL_C(word)]);
    if ((object.kind == CASE || object.kind == TEST || object.kind == TESTED) && name.bytes != NULL)
        got = (struct value){ .kind = METHOD, .line = line, .at = object.kind, .name = name };
    else
        got = member(frame->walk, &object, name, line);
    frame_put(frame, DSL_A(word) + 1, object);
    frame_put(frame, DSL_A(word), got);
}

static struct value
upvalue(const struct frame *frame, int i)
{
    return i < frame->proto->n_upvalues ? frame->upvalues[i] : says_unknown();
}

static struct value
global_or_member(struct frame *frame, uint32_t word, int line)
{
    struct value table = upvalue(frame, DSL_B(word));
    struct dsl_text name = name_at(frame->proto, DSL_C(word));
    struct dsl_text of = frame->proto->upvalues[DSL_B(word)].name;

    if (of.n == 4 && memcmp(of.bytes, "_ENV", 4) == 0)
        return (struct value){ .kind = GLOBAL, .line = line, .name = name };
    return member(frame->walk, &table, name, line);
}

static void walk_within(struct frame *frame, const struct dsl_proto *within);
static void walk_helper(struct walk *walk, const struct call *call);
static void walk_entries(struct walk *walk, const struct call *call);

static void
call(struct frame *frame, uint32_t word, int line)
{
    int a = DSL_A(word), n = DSL_B(word);
    /* without a number: up to what the call before gave; a word of the language gives one */
    bool word_last = n == 0 && frame->top > a && frame->registers[frame->top].kind == WORD;
    int last = n > 0 ? a + n - 1 : frame->top - !word_last;
    struct call call = { .function = &frame->registers[a],
                         .args = &frame->registers[a + 1],
                         .n = last > a ? last - a : 0,
                         .more = n == 0 && !word_last,
                         .line = line };
    struct value got;

    if (a + 1 + call.n > REGISTERS)
        return;
    got = says_called(frame->walk, &call);
    if (call.function->kind == FUNCTION && !call.more)
        walk_helper(frame->walk, &call);
    else if (call.function->kind == ENTRY && !call.more)
        walk_entries(frame->walk, &call);
    for (int i = a; i < REGISTERS; i++)
        frame->registers[i] = says_unknown();
    frame_put(frame, a, got);
    frame->top = a;
}

/* Values that are said by one instruction. */
static bool
load(struct frame *frame, uint32_t word, int line, struct value *out)
{
    struct walk *walk = frame->walk;

    switch (DSL_OP(word)) {
    case OP_MOVE:
        *out = frame->registers[DSL_B(word)];
        return true;
    case OP_LOADI:
        *out = says_known(walk, json_integer(DSL_SBX(word)), line);
        return true;
    case OP_LOADK:
        *out = says_constant(walk, frame->proto, DSL_BX(word), line);
        return true;
    case OP_LOADFALSE:
    case OP_LFALSESKIP:
    case OP_LOADTRUE:
        *out = says_known(walk, json_boolean(DSL_OP(word) == OP_LOADTRUE), line);
        return true;
    case OP_GETUPVAL:
        *out = upvalue(frame, DSL_B(word));
        return true;
    case OP_GETTABUP:
        *out = global_or_member(frame, word, line);
        return true;
    case OP_NEWTABLE:
        *out = says_table(walk, line);
        return true;
    default:
        return false;
    }
}

/* obj[key], where the key is known. */
static struct value
get(struct frame *frame, uint32_t word, int line)
{
    struct value *object = &frame->registers[DSL_B(word)], *key = &frame->registers[DSL_C(word)];
    struct dsl_text name = { NULL, 0 };

    if (DSL_OP(word) == OP_GETFIELD) {
        name = name_at(frame->proto, DSL_C(word));
    } else {
        name = says_text(key);
        line = key->line > 0 ? key->line : line;
    }
    return member(frame->walk, object, name, line);
}

static void
forget(struct frame *frame, uint32_t word)
{
    int first, n = dsl_proto_written(word, &first);

    for (int i = first; i < first + n && i < REGISTERS; i++)
        frame->registers[i] = says_unknown();
}

/* Of helpers, and of functions within, it is not known what becomes of it. */
static void
returned(const struct frame *frame, int a)
{
    if (frame->walk->returns && frame->walk->depth == 1)
        says_returned(frame->walk, &frame->registers[a]);
}

static void
run(struct frame *frame, int pc)
{
    uint32_t word = frame->proto->code[pc];
    int line = frame->proto->lines[pc], a = DSL_A(word);
    const struct dsl_text nobody_knows = { NULL, 0 };
    struct value value;

    switch (DSL_OP(word)) {
    case OP_GETTABLE:
    case OP_GETFIELD:
        frame_put(frame, a, get(frame, word, line));
        break;
    case OP_SELF:
        self(frame, word, line);
        break;
    case OP_SETFIELD:
        assign(frame, &frame->registers[a], name_at(frame->proto, DSL_B(word)), word, line);
        break;
    case OP_SETTABLE:
        assign(frame, &frame->registers[a], says_text(&frame->registers[DSL_B(word)]), word, line);
        break;
    case OP_SETI:
        assign(frame, &frame->registers[a], nobody_knows, word, line);
        break;
    case OP_SETTABUP:
        value = upvalue(frame, a);
        assign(frame, &value, name_at(frame->proto, DSL_B(word)), word, line);
        break;
    case OP_SETUPVAL:
        says_open(&frame->registers[a]);
        break;
    case OP_VARARG:
        forget(frame, word);
        frame->top = a;
        break;
    case OP_SETLIST:
        set_list(frame, word);
        break;
    case OP_CALL:
    case OP_TAILCALL:
        call(frame, word, line);
        break;
    case OP_RETURN:
    case OP_RETURN1:
        returned(frame, a);
        break;
    case OP_CLOSURE:
        if (DSL_BX(word) < frame->proto->n_protos)
            walk_within(frame, &frame->proto->protos[DSL_BX(word)]);
        forget(frame, word);
        break;
    default:
        if (load(frame, word, line, &value))
            frame_put(frame, a, value);
        else
            forget(frame, word);
        for (int i = 0; DSL_OP(word) == OP_LOADNIL && i <= DSL_B(word); i++)
            frame_put(frame, a + i, says_known(frame->walk, json_null(), line));
    }
}

/* ---- functions ---- */

static void
walk_code(struct frame *frame)
{
    bool live = true;

    for (int pc = 0; pc < frame->proto->n_code && !frame->walk->failed; pc++) {
        live = live || (frame->marks[pc] & LIVE) != 0;
        if ((frame->marks[pc] & (JOIN | BACK)) != 0)
            frame_join(frame, pc);
        if (!live)
            continue;
        if (++frame->walk->steps > STEPS_MAX)
            return;
        frame->pc = pc;
        run(frame, pc);
        live = frame_flow(frame, pc);
        /* the body of a loop over pairs is come to from its end only */
        if (DSL_OP(frame->proto->code[pc]) == OP_TFORPREP)
            live = true;
    }
}

/* upvalues: of the function, borrowed. args: what its parameters are; those behind n are nil. */
static void
walk_function(struct walk *walk, const struct dsl_proto *proto, struct value *upvalues,
              const struct value *args, int n)
{
    struct frame *frame = sgn_calloc(1, sizeof *frame);

    if (frame == NULL || !frame_init(frame, walk, proto, upvalues)) {
        walk->failed = true;
    } else if (walk->depth < DEPTH_MAX) {
        walk->depth++;
        for (int i = 0; i < proto->n_params && i < REGISTERS; i++)
            frame_put(frame, i,
                      args == NULL ? says_unknown()
                      : i < n      ? args[i]
                                   : says_known(walk, json_null(), proto->first_line));
        walk_code(frame);
        walk->depth--;
    }
    if (frame != NULL)
        frame_deinit(frame);
    free(frame);
}

/* A function within this one, where it is made: nobody knows what it is called with. */
static void
walk_within(struct frame *frame, const struct dsl_proto *within)
{
    struct value *upvalues = sgn_calloc((size_t)within->n_upvalues + 1, sizeof *upvalues);

    if (upvalues == NULL) {
        frame->walk->failed = true;
        return;
    }
    for (int i = 0; i < within->n_upvalues; i++) {
        const struct dsl_upvalue *of = &within->upvalues[i];

        /* its own name is not there yet: unknown */
        if (!of->in_stack)
            upvalues[i] = upvalue(frame, of->index);
        else if (frame_lasts(frame, of->index))
            upvalues[i] = frame->registers[of->index];
        says_open(&upvalues[i]);
    }
    walk_function(frame->walk, within, upvalues, NULL, 0);
    free(upvalues);
}

/* The function at this place of the stack, called so. */
static void
walk_at(struct walk *walk, int at, const struct value *args, int n)
{
    int top = lua_gettop(walk->lua);
    struct dsl_proto *proto = dsl_proto_new(walk->lua, at);
    struct value *upvalues =
        proto != NULL ? sgn_calloc((size_t)proto->n_upvalues + 1, sizeof *upvalues) : NULL;

    if (upvalues == NULL || !lua_checkstack(walk->lua, proto->n_upvalues + 4)) {
        walk->failed = true;
    } else {
        for (int i = 0; i < proto->n_upvalues; i++)
            if (lua_getupvalue(walk->lua, at, i + 1) != NULL)
                upvalues[i] = says_variable(walk, lua_gettop(walk->lua));
        walk_function(walk, proto, upvalues, args, n);
    }
    lua_settop(walk->lua, top);
    free(upvalues);
    dsl_proto_free(proto);
}

/* Has this function been looked at with the like of these? */
static bool
seen(struct walk *walk, const struct call *call)
{
    char key[256];
    int n = snprintf(key, sizeof key, "%p", lua_topointer(walk->lua, call->function->at));

    for (int i = 0; i < call->n && n < (int)sizeof key - 40; i++) {
        struct dsl_text text = says_text(&call->args[i]);

        n += snprintf(key + n, sizeof key - (size_t)n, " %d:%.30s%d", call->args[i].kind,
                      text.bytes != NULL ? text.bytes : "",
                      call->args[i].kind == IS && json_is_true(call->args[i].json));
    }
    if (json_object_get(walk->seen, key) != NULL)
        return true;
    (void)json_object_set_new(walk->seen, key, json_true());
    return false;
}

/* One that is called with neither the case nor the event says nothing of them. */
static void
walk_helper(struct walk *walk, const struct call *call)
{
    bool matters = false;

    for (int i = 0; i < call->n; i++)
        matters = matters || (call->args[i].kind >= CASE && call->args[i].kind <= TESTED);
    if (matters && !seen(walk, call))
        walk_at(walk, call->function->at, call->args, call->n);
}

/* One is chosen by what the event or a field holds: each of them may be it. */
static void
walk_entries(struct walk *walk, const struct call *call)
{
    const struct value table = { .kind = HERE, .at = call->function->at };
    struct dsl_text names[SAYS_HANDLERS_MAX];
    int n = says_handlers(walk->lua, table.at, names);

    for (int i = 0; i < n && !walk->failed; i++) {
        struct value function = says_entry(walk, &table, names[i]);
        struct call one = *call;

        one.function = &function;
        if (function.kind == FUNCTION)
            walk_helper(walk, &one);
    }
}

/* An object or array of the state's says, made when it is asked for first; NULL: out of memory. */
static json_t *
says_part(struct dsl_state *state, const char *name, bool list)
{
    json_t *part;

    if (state->says == NULL)
        state->says = json_object();
    part = json_object_get(state->says, name);
    if (part == NULL) {
        part = list ? json_array() : json_object();
        if (json_object_set_new(state->says, name, part) != 0)
            part = NULL;
    }
    return part;
}

int
dsl_says_name(lua_State *lua)
{
    const char *list = luaL_checkstring(lua, 1), *name = luaL_checkstring(lua, 2);

    (void)json_array_append_new(says_part(dsl_state_of(lua), list, true), json_string(name));
    return 0;
}

/* What the function says that stands at the stack's first place; new reference, NULL: that is not
 * known, and nothing depends on it but findings. */
static json_t *
facts_of(lua_State *lua, const struct value *args, int n, bool returns)
{
    struct dsl_state *state = dsl_state_of(lua);
    struct walk walk = {
        .lua = lua, .tokens = state->tokens, .steps = state->said, .returns = returns
    };

    walk.facts = json_array();
    walk.kept = json_array();
    walk.seen = json_object();
    if (walk.facts == NULL || walk.kept == NULL || walk.seen == NULL)
        walk.failed = true;
    else
        walk_at(&walk, 1, args, n);
    state->said = walk.steps;
    json_decref(walk.kept);
    json_decref(walk.seen);
    if (!walk.failed)
        return walk.facts;
    json_decref(walk.facts);
    return NULL;
}

/* What is not known is null, which is nothing in Lua: it becomes true, so that it is there. */
static void
fill_returned(json_t *arg)
{
    json_t *keys = json_object_get(arg, "keys"), *value;
    const char *key;

    json_object_foreach(keys, key, value) {
        if (json_is_null(value))
            (void)json_object_set_new(keys, key, json_true());
        else
            fill_returned(value);
    }
}

int
dsl_says_function(lua_State *lua)
{
    const struct value args[] = { { .kind = CASE }, { .kind = EVENT } };
    const char *number = luaL_checkstring(lua, 2), *purpose = luaL_checkstring(lua, 3);
    bool migrates = strcmp(purpose, "fields") == 0; /* gets the fields of another version */
    bool hook = strcmp(purpose, "hook") == 0;
    json_t *facts, *fact;
    size_t i;

    luaL_checktype(lua, 1, LUA_TFUNCTION);
    dsl_charge(lua, CHARGE);
    facts = migrates ? json_array() : facts_of(lua, args, hook ? 1 : 2, hook);
    json_array_foreach(facts, i, fact)
        fill_returned(json_object_get(fact, "returns"));
    if (facts != NULL)
        (void)json_object_set_new(says_part(dsl_state_of(lua), "functions", false), number,
                                  json_pack("{s:s, s:o}", "for", purpose, "facts", facts));
    if (!hook || facts == NULL)
        return 0;
    dsl_push_json(lua, facts); /* may raise: the state owns it */
    return 1;
}

static void
fill_unknown(json_t *fact)
{
    json_t *args = json_object_get(fact, "args"), *arg, *value;
    const char *key;
    size_t i;

    json_array_foreach(args, i, arg) {
        json_object_foreach(json_object_get(arg, "keys"), key, value) {
            if (json_is_null(value))
                (void)json_object_set_new(json_object_get(arg, "keys"), key, json_true());
        }
        if (json_is_null(arg))
            (void)json_array_set_new(args, i, json_true());
    }
}

int
dsl_says_test(lua_State *lua)
{
    const struct value args[] = { { .kind = TEST } };
    struct dsl_state *state = dsl_state_of(lua);
    json_t *fact;
    size_t i;

    luaL_checktype(lua, 1, LUA_TFUNCTION);
    dsl_charge(lua, CHARGE);
    json_decref(state->says);
    state->says = facts_of(lua, args, 1, false);
    json_array_foreach(state->says, i, fact)
        fill_unknown(fact);
    if (state->says == NULL)
        lua_newtable(lua);
    else
        dsl_push_json(lua, state->says); /* may raise: the state owns it */
    return 1;
}
