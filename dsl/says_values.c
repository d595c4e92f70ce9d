/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the values mean that a function of the rules handles: members of the case and the event,
 * tables that it makes, calls of the case's methods. Each becomes a fact at its place, as rules.h
 * has them.
 */
#include "says_internal.h"

#include "json.h"
#include "text.h"
#include "tokens_internal.h"
#include <string.h>

#define FACTS_MAX 400 /* of one function */

static json_t *
keep(struct walk *walk, json_t *json_take)
{
    if (json_array_append_new(walk->kept, json_take) != 0) {
        walk->failed = true;
        return NULL;
    }
    return json_take;
}

struct value
says_known(struct walk *walk, json_t *json_take, int line)
{
    json_t *json = keep(walk, json_take);

    return json != NULL ? (struct value){ .kind = IS, .line = line, .json = json } : says_unknown();
}

/* ---- places ---- */

/* A member behind its sign, or a text. -1: not on this line. */
static int
find(const struct dsl_tokens *tokens, int line, struct dsl_text name)
{
    const struct token_list *list = &tokens->list;

    for (int i = dsl_tokens_first(tokens, line); i < list->n && list->items[i].line == line; i++) {
        const struct token *token = &list->items[i];

        if (token->n != name.n || memcmp(token->text, name.bytes, name.n) != 0)
            continue;
        if (token->kind == TOKEN_STRING ||
            (token->kind == TOKEN_NAME && i > 0 && strchr(".:", token[-1].text[0]) != NULL))
            return i;
    }
    return -1;
}

/* A helper that is called twice says the same twice. */
static bool
is_there(const json_t *facts, const json_t *fact)
{
    const json_t *one;
    size_t i;

    json_array_foreach(facts, i, one) {
        if (json_equal((json_t *)one, (json_t *)fact))
            return true;
    }
    return false;
}

/* A fact at the line of what is named, and its column; the line's first word when it hides. */
static void
add(struct walk *walk, json_t *fact_take, int line, struct dsl_text name)
{
    int at = find(walk->tokens, line, name);

    if (at < 0)
        at = dsl_tokens_first(walk->tokens, line);
    if (fact_take == NULL || json_array_size(walk->facts) >= FACTS_MAX ||
        at >= dsl_tokens_count(walk->tokens)) {
        json_decref(fact_take);
        return;
    }
    if (json_object_set_new(fact_take, "line", json_integer(dsl_tokens_line(walk->tokens, at))) !=
            0 ||
        json_object_set_new(fact_take, "column",
                            json_integer(dsl_tokens_column(walk->tokens, at))) != 0)
        walk->failed = true;
    if (is_there(walk->facts, fact_take))
        json_decref(fact_take);
    else if (json_array_append_new(walk->facts, fact_take) != 0)
        walk->failed = true;
}

static json_t *
text_json(struct dsl_text text)
{
    return sgn_utf8_valid(text.bytes, text.n) ? json_stringn(text.bytes, text.n) : NULL;
}

/* ---- members ---- */

static const char *
word_of(enum kind kind)
{
    static const char *const words[] = {
        [CASE] = "case",     [EVENT] = "event", [FIELDS] = "fields", [DATA] = "data",
        [PEOPLE] = "people", [TEST] = "t",      [TESTED] = "c",      [FUNCTION] = NULL
    };

    return words[kind];
}

static bool
is_word(struct dsl_text name, const char *word)
{
    return name.n == strlen(word) && memcmp(name.bytes, word, name.n) == 0;
}

/* Reading, or writing, a member of what functions are given. */
struct value
says_member(struct walk *walk, const struct value *of, struct dsl_text name, int line, bool write)
{
    json_t *text = word_of(of->kind) != NULL ? text_json(name) : NULL;
    struct value value = { .kind = ANY, .line = line, .name = name };

    if (text == NULL)
        return says_unknown();
    add(walk, json_pack("{s:s, s:o, s:b}", "of", word_of(of->kind), "name", text, "write", write),
        line, name);
    if (of->kind == CASE)
        value.kind = is_word(name, "fields") ? FIELDS : is_word(name, "people") ? PEOPLE : MEMBER;
    else if (of->kind == EVENT && is_word(name, "data"))
        value.kind = DATA;
    return value;
}

struct value
says_constant(struct walk *walk, const struct dsl_proto *proto, int i, int line)
{
    const struct dsl_constant *k = &proto->constants[i];

    if (i >= proto->n_constants)
        return says_unknown();
    switch (k->kind) {
    case CONSTANT_NIL:
        return says_known(walk, json_null(), line);
    case CONSTANT_FALSE:
    case CONSTANT_TRUE:
        return says_known(walk, json_boolean(k->kind == CONSTANT_TRUE), line);
    case CONSTANT_INTEGER:
        return says_known(walk, json_integer(k->integer), line);
    case CONSTANT_STRING:
        return sgn_utf8_valid(k->text.bytes, k->text.n) ? says_known(walk, text_json(k->text), line)
                                                        : says_unknown();
    default:
        return says_unknown();
    }
}

struct dsl_text
says_text(const struct value *value)
{
    if (value->kind == IS && json_is_string(value->json))
        return (struct dsl_text){ json_string_value(value->json), json_string_length(value->json) };
    return (struct dsl_text){ NULL, 0 };
}

/* ---- tables ---- */

struct value
says_table(struct walk *walk, int line)
{
    struct value value =
        says_known(walk, json_pack("{s:{}, s:[], s:b}", "keys", "items", "open", 0), line);

    if (value.kind == IS)
        value.kind = TABLE;
    return value;
}

void
says_open(const struct value *table)
{
    if (table->kind == TABLE)
        (void)json_object_set_new(table->json, "open", json_true());
}

/* As rules.h has it: {"is"}, {"word", "name"}, {"keys", "items", "open"} or null. New reference. */
static json_t *
value_json(const struct walk *walk, const struct value *value)
{
    struct dsl_text text = says_text(value);
    json_t *json;
    int at;

    if (value->kind == TABLE || value->kind == WORD)
        return sgn_json_copy(value->json);
    if (value->kind != IS)
        return json_null();
    json = json_pack("{s:O}", "is", value->json);
    /* what is a variable's stands elsewhere */
    at = text.bytes != NULL && value->line > 0 ? find(walk->tokens, value->line, text) : -1;
    if (at >= 0) {
        (void)json_object_set_new(json, "line", json_integer(dsl_tokens_line(walk->tokens, at)));
        (void)json_object_set_new(json, "column",
                                  json_integer(dsl_tokens_column(walk->tokens, at)));
    }
    return json;
}

void
says_set(struct walk *walk, const struct value *table, struct dsl_text key,
         const struct value *value)
{
    if (table->kind != TABLE)
        return;
    says_open(value); /* whoever holds it through the other may change it */
    if (key.bytes == NULL || memchr(key.bytes, 0, key.n) != NULL ||
        !sgn_utf8_valid(key.bytes, key.n))
        says_open(table);
    else if (json_object_setn_new(json_object_get(table->json, "keys"), key.bytes, key.n,
                                  value_json(walk, value)) != 0)
        walk->failed = true;
}

void
says_append(struct walk *walk, const struct value *table, const struct value *value)
{
    if (table->kind != TABLE)
        return;
    says_open(value);
    if (json_array_append_new(json_object_get(table->json, "items"), value_json(walk, value)) != 0)
        walk->failed = true;
}

/* Nobody changes it any more. */
void
says_returned(struct walk *walk, const struct value *value)
{
    if (value->kind == TABLE)
        add(walk, json_pack("{s:o}", "returns", sgn_json_copy(value->json)), value->line,
            (struct dsl_text){ "", 0 });
}

/* ---- calls ---- */

static void
method_fact(struct walk *walk, const struct call *call, enum kind of, int first, bool dot)
{
    struct dsl_text name = call->function->name;
    json_t *text = text_json(name), *args = json_array();

    for (int i = first; i < call->n; i++)
        (void)json_array_append_new(args, value_json(walk, &call->args[i]));
    if (text == NULL) {
        json_decref(args);
        return;
    }
    add(walk,
        json_pack("{s:s, s:o, s:o, s:b, s:b}", "of", word_of(of), "call", text, "args", args,
                  "more", call->more, "dot", dot),
        call->function->line, name);
}

/* What a call gives: people and channels by the language's words. */
static struct value
word_called(struct walk *walk, const struct call *call)
{
    static const char *const words[] = { "channel", "group", "person", "decided_by" };
    struct dsl_text name =
        call->n == 1 && !call->more ? says_text(call->args) : (struct dsl_text){ NULL, 0 };

    for (size_t i = 0; name.bytes != NULL && i < sizeof words / sizeof words[0]; i++)
        if (is_word(call->function->name, words[i])) {
            struct value value =
                says_known(walk, json_pack("{s:s, s:o}", "word", words[i], "name", text_json(name)),
                           call->line);

            value.kind = value.kind == IS ? WORD : ANY;
            return value;
        }
    return says_unknown();
}

struct value
says_called(struct walk *walk, const struct call *call)
{
    bool method = call->function->kind == METHOD;

    for (int i = 0; !method && i < call->n; i++)
        says_open(&call->args[i]);
    if (method)
        method_fact(walk, call, (enum kind)call->function->at, 1, false);
    else if (call->function->kind == MEMBER) /* c.set(c, ...) is what c:set(...) is short for */
        method_fact(walk, call, CASE, call->n > 0 && call->args[0].kind == CASE ? 1 : 0,
                    call->n > 0 && call->args[0].kind != CASE);
    if (method && call->function->at == TEST &&
        (is_word(call->function->name, "open") || is_word(call->function->name, "case")))
        return (struct value){ .kind = TESTED, .line = call->line };
    if (call->function->kind == GLOBAL)
        return word_called(walk, call);
    return says_unknown();
}
