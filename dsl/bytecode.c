/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a function does with variables outside it, read from its own compiled form.
 *
 * A function of the rules must remember nothing between calls, so it may not assign a variable
 * of the file around it; and it may only name what exists. Both are certain in the bytecode and
 * only guesses in the text. The bytes come from lua_dump of a function that this Lua has just
 * compiled, so they are trusted; the layout is that of Lua 5.4 (ldump.c, lopcodes.h), which
 * the header of the dump tells.
 */
#include "dsl_internal.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(LUA_VERSION_NUM == 504, "the layout of compiled functions is that of Lua 5.4");

/* The three instructions that touch variables outside the function; lopcodes.h of Lua 5.4. */
enum {
    OP_SETUPVAL = 10,
    OP_GETTABUP = 11,
    OP_SETTABUP = 15
};
enum {
    /* Marks in the dump, from ldebug.h and lobject.h. */
    ABSOLUTE_LINE = -128,
    UPVALUES_MAX = 255,
    CONSTANT_INTEGER = 0x03,
    CONSTANT_FLOAT = 0x13
};

struct text {
    const char *bytes;
    size_t n;
};

/* Upvalues of a function within the scanned one: index of the scanned one's upvalue, or -1 for
 * a local variable of some function in between. */
struct scope {
    int outer[UPVALUES_MAX];
    int n;
};

struct scan {
    lua_State *lua;
    const unsigned char *at, *end;
    struct text names[UPVALUES_MAX]; /* of the scanned function's upvalues */
    int found;                       /* entries in the table on the stack's top */
    bool naming;                     /* first pass: only the names */
};

struct dump {
    luaL_Buffer buffer;
    bool begun; /* lua_dump wants the function on top, so the buffer begins with the first bytes */
};

/* lua_dump gives the bytes in pieces of its own choosing. */
static int
append_chunk(lua_State *lua, const void *bytes, size_t n, void *ud)
{
    struct dump *dump = ud;

    if (!dump->begun) {
        dump->begun = true;
        luaL_buffinit(lua, &dump->buffer);
    }
    luaL_addlstring(&dump->buffer, bytes, n);
    return 0;
}

/* The one place where bytes are consumed, and the one check: the format is Lua's own business,
 * and a build against another 5.4.x must end in a message, never in reading past the end. */
static const unsigned char *
skip(struct scan *scan, size_t n)
{
    const unsigned char *at = scan->at;

    if ((size_t)(scan->end - at) < n)
        luaL_error(scan->lua, "unknown form of compiled function");
    scan->at += n;
    return at;
}

/* Seven bits a byte, the highest first, the last one marked: dumpSize() in ldump.c. */
static size_t
read_size(struct scan *scan)
{
    size_t value = 0;
    unsigned char byte;

    do {
        byte = *skip(scan, 1);
        value = value << 7 | (byte & 0x7f);
    } while ((byte & 0x80) == 0);
    return value;
}

/* A length one too large, so that 0 can mean "no string". Points into the dump, which stays on
 * the stack as long as the scan lasts. */
static struct text
read_text(struct scan *scan)
{
    size_t n = read_size(scan);
    struct text text = { "", 0 };

    if (n > 0) {
        text.n = n - 1;
        text.bytes = (const char *)skip(scan, n - 1);
    }
    return text;
}

static void
report(struct scan *scan, int line, const char *what, struct text name)
{
    lua_State *lua = scan->lua;

    lua_createtable(lua, 3, 0);
    lua_pushinteger(lua, line);
    lua_rawseti(lua, -2, 1);
    lua_pushstring(lua, what);
    lua_rawseti(lua, -2, 2);
    lua_pushlstring(lua, name.bytes, name.n);
    lua_rawseti(lua, -2, 3);
    lua_rawseti(lua, -2, ++scan->found);
}

struct code {
    const unsigned char *instructions, *lines, *absolute;
    size_t n, n_lines, n_absolute;
    struct text *constants; /* strings; others are empty */
    size_t n_constants;
    int first_line;
};

static void
read_constants(struct scan *scan, struct code *code)
{
    code->n_constants = read_size(scan);
    /* Collected with the stack if something raises. */
    code->constants =
        lua_newuserdatauv(scan->lua, (code->n_constants + 1) * sizeof(struct text), 0);
    for (size_t i = 0; i < code->n_constants; i++) {
        unsigned char tag = *skip(scan, 1);

        code->constants[i] = (struct text){ "", 0 };
        if (tag == CONSTANT_INTEGER || tag == CONSTANT_FLOAT)
            skip(scan, 8);
        else if ((tag & 0x0f) == LUA_TSTRING)
            code->constants[i] = read_text(scan);
    }
}

static void
look_at_constants(struct scan *scan, const struct code *code)
{
    for (size_t i = 0; i < code->n_constants; i++) {
        if (memchr(code->constants[i].bytes, 0, code->constants[i].n) != NULL)
            report(scan, code->first_line, "nul", (struct text){ "", 0 });
    }
}

/* A global name is a field of the upvalue _ENV; a function that has none uses no globals. */
static bool
is_env(struct text name)
{
    return name.n == 4 && memcmp(name.bytes, "_ENV", 4) == 0;
}

/* One instruction at a line. Reading a field of an upvalue that is a table (OP_GETTABUP on
 * another name than _ENV) is fine: constants of the file are what functions may read. */
static void
look(struct scan *scan, const struct scope *scope, const struct code *code, uint32_t word, int line)
{
    int op = word & 0x7f, a = word >> 7 & 0xff, b = word >> 16 & 0xff, c = (int)(word >> 24);
    int upvalue = op == OP_SETTABUP ? a : b;
    int constant = op == OP_SETTABUP ? b : c;
    int outer;

    if (op != OP_SETUPVAL && op != OP_GETTABUP && op != OP_SETTABUP)
        return;
    outer = upvalue < scope->n ? scope->outer[upvalue] : -1;
    if (outer < 0)
        return;
    if (op == OP_SETUPVAL)
        report(scan, line, "upvalue", scan->names[outer]);
    else if (is_env(scan->names[outer]) && (size_t)constant < code->n_constants)
        report(scan, line, op == OP_SETTABUP ? "global" : "name", code->constants[constant]);
}

/* Lines are stored as differences, with an absolute one now and then. */
static void
look_at_all(struct scan *scan, const struct scope *scope, const struct code *code,
            const int *absolute_lines)
{
    int line = code->first_line;
    size_t next = 0;

    for (size_t i = 0; i < code->n; i++) {
        uint32_t word;

        if (i < code->n_lines && (signed char)code->lines[i] == ABSOLUTE_LINE) {
            if (next < code->n_absolute)
                line = absolute_lines[next++];
        } else if (i < code->n_lines) {
            line += (signed char)code->lines[i];
        }
        memcpy(&word, code->instructions + i * 4, 4);
        look(scan, scope, code, word, line);
    }
}

/* Follows each upvalue of an inner function outwards to the scanned one's, so that a counter
 * that is hidden two closures deep is found as well. Locals in between are the function's own. */
static void
read_upvalues(struct scan *scan, const struct scope *parent, struct scope *scope)
{
    scope->n = (int)read_size(scan);
    for (int i = 0; i < scope->n; i++) {
        const unsigned char *upvalue = skip(scan, 3); /* in the parent's stack?, index, kind */

        if (parent == NULL)
            scope->outer[i] = i;
        else if (upvalue[0] || upvalue[1] >= parent->n)
            scope->outer[i] = -1;
        else
            scope->outer[i] = parent->outer[upvalue[1]];
    }
}

static void scan_function(struct scan *scan, const struct scope *parent);

/* Lines and names. Names come last in a dump but are needed for the report: so there are two
 * passes. */
static void
read_debug(struct scan *scan, const struct scope *scope, struct code *code, bool top)
{
    int *absolute_lines;

    code->n_lines = read_size(scan);
    code->lines = skip(scan, code->n_lines);
    code->n_absolute = read_size(scan);
    absolute_lines = lua_newuserdatauv(scan->lua, (code->n_absolute + 1) * sizeof(int), 0);
    lua_insert(scan->lua, -2); /* the report stays on top */
    for (size_t i = 0; i < code->n_absolute; i++) {
        read_size(scan);
        absolute_lines[i] = (int)read_size(scan);
    }
    for (size_t n = read_size(scan); n > 0; n--) {
        read_text(scan);
        read_size(scan);
        read_size(scan);
    }
    for (size_t i = 0, n = read_size(scan); i < n; i++) {
        struct text name = read_text(scan);

        if (top && scan->naming && i < UPVALUES_MAX)
            scan->names[i] = name;
    }
    if (!scan->naming)
        look_at_all(scan, scope, code, absolute_lines);
    lua_remove(scan->lua, -2);
}

/* One function and those inside it, in the order of dumpFunction() in ldump.c. */
static void
scan_function(struct scan *scan, const struct scope *parent)
{
    struct code code = { 0 };
    struct scope scope;

    luaL_checkstack(scan->lua, 8, "functions nested too deeply");
    read_text(scan); /* where it comes from */
    code.first_line = (int)read_size(scan);
    read_size(scan);
    skip(scan, 3);
    code.n = read_size(scan);
    code.instructions = skip(scan, code.n * 4);
    lua_pushvalue(scan->lua, -1); /* the report stays on top of what is pushed here */
    read_constants(scan, &code);
    lua_insert(scan->lua, -2);
    if (!scan->naming)
        look_at_constants(scan, &code);
    read_upvalues(scan, parent, &scope);
    for (size_t n = read_size(scan); n > 0; n--)
        scan_function(scan, &scope);
    read_debug(scan, &scope, &code, parent == NULL);
    lua_pop(scan->lua, 2);
}

int
dsl_scan_function(lua_State *lua)
{
    struct dump dump = { .begun = false };
    struct scan scan = { .lua = lua };
    bool running = dsl_state_of(lua)->running;
    const char *bytes;
    size_t n;

    luaL_checktype(lua, 1, LUA_TFUNCTION);
    lua_settop(lua, 1);
    /* The dump is no string of the script's: it neither counts as long nor costs. */
    dsl_state_of(lua)->running = false;
    if (lua_dump(lua, append_chunk, &dump, 0) != 0)
        return luaL_error(lua, "a function that cannot be read");
    luaL_pushresult(&dump.buffer);
    bytes = lua_tolstring(lua, -1, &n);
    lua_newtable(lua);
    for (scan.naming = true;; scan.naming = false) {
        scan.at = (const unsigned char *)bytes;
        scan.end = scan.at + n;
        /* signature, version, format, conversion check, sizes, an integer, a number, upvalues */
        skip(&scan, 4 + 1 + 1 + 6 + 3 + 8 + 8 + 1);
        scan_function(&scan, NULL);
        if (!scan.naming)
            break;
    }
    dsl_state_of(lua)->running = running;
    return 1;
}
