/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a dump of ldump.c into a tree. The one check is that nothing is read past the end: a
 * build against another 5.4.x must end in a message, never in a crash.
 */
#include "proto.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(LUA_VERSION_NUM == 504, "the layout of compiled functions is that of Lua 5.4");

enum {
    /* Marks in the dump, from ldebug.h and lobject.h. */
    ABSOLUTE_LINE = -128,
    TAG_FALSE = 0x01,
    TAG_TRUE = 0x11,
    TAG_INTEGER = 0x03,
    TAG_FLOAT = 0x13
};

struct dump {
    char *bytes;
    size_t n, cap;
};

struct reader {
    const char *at, *end;
    bool failed; /* once for all: what follows reads zeros, and the tree is thrown away */
};

/* lua_dump gives the bytes in pieces of its own choosing. */
static int
append_chunk(lua_State *lua, const void *bytes, size_t n, void *ud)
{
    struct dump *dump = ud;

    (void)lua;
    if (dump->cap - dump->n < n) {
        size_t cap = (dump->cap + n) * 2;
        char *more = sgn_realloc(dump->bytes, cap);

        if (more == NULL)
            return 1;
        dump->bytes = more;
        dump->cap = cap;
    }
    memcpy(dump->bytes + dump->n, bytes, n);
    dump->n += n;
    return 0;
}

/* The one place where bytes are consumed. NULL: there are not so many. */
static const char *
skip(struct reader *reader, size_t n)
{
    const char *at = reader->at;

    if (reader->failed || (size_t)(reader->end - at) < n) {
        reader->failed = true;
        return NULL;
    }
    reader->at += n;
    return at;
}

static int
read_byte(struct reader *reader)
{
    const char *at = skip(reader, 1);

    return at != NULL ? (unsigned char)*at : 0;
}

/* Seven bits a byte, the highest first, the last one marked: dumpSize() in ldump.c. */
static size_t
read_size(struct reader *reader)
{
    size_t value = 0;
    int byte;

    do {
        byte = read_byte(reader);
        value = value << 7 | (size_t)(byte & 0x7f);
    } while ((byte & 0x80) == 0 && !reader->failed);
    return value;
}

/* How many things follow, each of a byte at least. */
static int
read_count(struct reader *reader)
{
    size_t n = read_size(reader);

    if (n > (size_t)(reader->end - reader->at)) {
        reader->failed = true;
        return 0;
    }
    return (int)n;
}

/* A length one too large, so that 0 can mean "no string". */
static struct dsl_text
read_text(struct reader *reader)
{
    size_t n = read_size(reader);
    struct dsl_text text = { "", 0 };
    const char *bytes = n > 0 ? skip(reader, n - 1) : NULL;

    if (bytes != NULL)
        text = (struct dsl_text){ bytes, n - 1 };
    return text;
}

/* So many things of a size, zeroed; never NULL but when it fails. */
static void *
array(struct reader *reader, int n, size_t size)
{
    void *items = sgn_calloc((size_t)n + 1, size);

    if (items == NULL)
        reader->failed = true;
    return items;
}

static void
read_code(struct reader *reader, struct dsl_proto *proto)
{
    const char *bytes;

    proto->n_code = read_count(reader);
    proto->code = array(reader, proto->n_code, sizeof *proto->code);
    bytes = skip(reader, (size_t)proto->n_code * 4);
    if (bytes != NULL && proto->code != NULL)
        memcpy(proto->code, bytes, (size_t)proto->n_code * 4);
}

static struct dsl_constant
read_constant(struct reader *reader)
{
    struct dsl_constant constant = { .kind = CONSTANT_NIL };
    int tag = read_byte(reader);
    const char *bytes;

    if (tag == TAG_FALSE || tag == TAG_TRUE) {
        constant.kind = tag == TAG_TRUE ? CONSTANT_TRUE : CONSTANT_FALSE;
    } else if (tag == TAG_INTEGER || tag == TAG_FLOAT) {
        constant.kind = tag == TAG_INTEGER ? CONSTANT_INTEGER : CONSTANT_FLOAT;
        bytes = skip(reader, 8);
        if (bytes != NULL)
            memcpy(&constant.integer, bytes, 8);
    } else if ((tag & 0x0f) == LUA_TSTRING) {
        constant.kind = CONSTANT_STRING;
        constant.text = read_text(reader);
    }
    return constant;
}

static void
read_constants(struct reader *reader, struct dsl_proto *proto)
{
    int n = read_count(reader);

    proto->constants = array(reader, n, sizeof *proto->constants);
    for (; proto->n_constants < n && !reader->failed; proto->n_constants++)
        proto->constants[proto->n_constants] = read_constant(reader);
}

static void
read_upvalues(struct reader *reader, struct dsl_proto *proto)
{
    int n = read_count(reader);

    proto->upvalues = array(reader, n, sizeof *proto->upvalues);
    for (; proto->n_upvalues < n && !reader->failed; proto->n_upvalues++) {
        struct dsl_upvalue *upvalue = &proto->upvalues[proto->n_upvalues];

        upvalue->in_stack = read_byte(reader) != 0;
        upvalue->index = read_byte(reader);
        upvalue->name = (struct dsl_text){ "", 0 };
        read_byte(reader); /* kind */
    }
}

/* Lines are stored as differences, with an absolute one now and then. */
static void
read_lines(struct reader *reader, struct dsl_proto *proto)
{
    int n = read_count(reader), line = proto->first_line, next = 0, n_absolute;
    const char *differences = skip(reader, (size_t)n);
    int *absolute;

    n_absolute = read_count(reader);
    absolute = array(reader, n_absolute, sizeof *absolute);
    for (int i = 0; i < n_absolute && !reader->failed; i++) {
        (void)read_size(reader); /* its instruction */
        absolute[i] = (int)read_size(reader);
    }
    proto->lines = array(reader, proto->n_code, sizeof *proto->lines);
    for (int i = 0; i < proto->n_code && !reader->failed; i++) {
        if (i < n && (signed char)differences[i] == ABSOLUTE_LINE)
            line = next < n_absolute ? absolute[next++] : line;
        else if (i < n)
            line += (signed char)differences[i];
        proto->lines[i] = line;
    }
    free(absolute);
}

/* The registers of locals are taken in the order in which they begin: luaF_getlocalname(). */
static void
read_locals(struct reader *reader, struct dsl_proto *proto)
{
    int n = read_count(reader);

    proto->locals = array(reader, n, sizeof *proto->locals);
    for (; proto->n_locals < n && !reader->failed; proto->n_locals++) {
        struct dsl_local *local = &proto->locals[proto->n_locals];

        local->name = read_text(reader);
        local->start = (int)read_size(reader);
        local->end = (int)read_size(reader);
        for (int i = 0; i < proto->n_locals; i++)
            local->reg +=
                proto->locals[i].start <= local->start && proto->locals[i].end > local->start;
    }
}

static void
read_names(struct reader *reader, struct dsl_proto *proto)
{
    int n = read_count(reader);

    for (int i = 0; i < n && !reader->failed; i++) {
        struct dsl_text name = read_text(reader);

        if (i < proto->n_upvalues)
            proto->upvalues[i].name = name;
    }
}

/* One function and those inside it, in the order of dumpFunction() in ldump.c. */
static void
read_function(struct reader *reader, struct dsl_proto *proto)
{
    int n;

    (void)read_text(reader); /* where it comes from */
    proto->first_line = (int)read_size(reader);
    (void)read_size(reader); /* its last line */
    proto->n_params = read_byte(reader);
    (void)skip(reader, 1); /* takes more? */
    proto->n_registers = read_byte(reader);
    read_code(reader, proto);
    read_constants(reader, proto);
    read_upvalues(reader, proto);
    n = read_count(reader);
    proto->protos = array(reader, n, sizeof *proto->protos);
    while (proto->n_protos < n && !reader->failed) /* counted first: one half read is freed, too */
        read_function(reader, &proto->protos[proto->n_protos++]);
    read_lines(reader, proto);
    read_locals(reader, proto);
    read_names(reader, proto);
}

struct dsl_proto *
dsl_proto_new(lua_State *lua, int index)
{
    struct dump dump = { 0 };
    struct dsl_proto *proto = sgn_calloc(1, sizeof *proto);
    struct reader reader = { 0 };
    bool good;

    if (proto == NULL || !lua_checkstack(lua, 2)) {
        free(proto);
        return NULL;
    }
    lua_pushvalue(lua, index);
    good = !lua_iscfunction(lua, -1) && lua_dump(lua, append_chunk, &dump, 0) == 0;
    lua_pop(lua, 1);
    proto->dump = dump.bytes;
    if (good) {
        reader.at = dump.bytes;
        reader.end = dump.bytes + dump.n;
        /* signature, version, format, conversion check, sizes, an integer, a number, upvalues */
        (void)skip(&reader, 4 + 1 + 1 + 6 + 3 + 8 + 8 + 1);
        read_function(&reader, proto);
    }
    if (good && !reader.failed)
        return proto;
    dsl_proto_free(proto);
    return NULL;
}

static void
deinit(struct dsl_proto *proto)
{
    for (int i = 0; i < proto->n_protos; i++)
        deinit(&proto->protos[i]);
    free(proto->code);
    free(proto->lines);
    free(proto->constants);
    free(proto->upvalues);
    free(proto->locals);
    free(proto->protos);
}

void
dsl_proto_free(struct dsl_proto *proto)
{
    if (proto == NULL)
        return;
    deinit(proto);
    free(proto->dump);
    free(proto);
}

/* ---- instructions ---- */

int
dsl_proto_written(uint32_t word, int *first)
{
    int op = DSL_OP(word), a = DSL_A(word);

    *first = a;
    switch (op) {
    case OP_SETUPVAL:
    case OP_SETTABUP:
    case OP_SETTABLE:
    case OP_SETI:
    case OP_SETFIELD:
    case OP_TFORPREP:
    case OP_SETLIST:
    case OP_VARARGPREP:
    case OP_EXTRAARG:
        return 0;
    case OP_LOADNIL:
        return DSL_B(word) + 1;
    case OP_SELF:
        return 2;
    case OP_FORLOOP:
    case OP_FORPREP:
        return 4;
    case OP_TFORLOOP:
        return 3;
    case OP_CALL:
    case OP_TAILCALL:
    case OP_VARARG:
        return DSL_REGISTERS - a;
    case OP_TFORCALL:
        *first = a + 4;
        return DSL_REGISTERS - *first;
    default:
        if ((op >= OP_MMBIN && op <= OP_MMBINK) || (op >= OP_CLOSE && op <= OP_TEST) ||
            (op >= OP_RETURN && op <= OP_RETURN1))
            return 0;
        return 1;
    }
}

bool
dsl_proto_writes(uint32_t word, int reg)
{
    int first, n = dsl_proto_written(word, &first);

    return reg >= first && reg < first + n;
}
