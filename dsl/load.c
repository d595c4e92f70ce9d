/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One file of a team: compiled, run in a state of its own, and what the prelude made of it taken
 * out as JSON, with every mistake that was found on the way.
 *
 * Loading has no effect but its answer: a file that is loaded twice, or by signoff check, leaves
 * no trace.
 */
#include "dsl_internal.h"

#include "json.h"
#include <stdlib.h>
#include <string.h>

/* A mistake is data, not an error: the author gets all of a file's at once. Line 1 stands for
 * "somewhere", because editors that jump to line 0 fail. */
bool
dsl_mistake(json_t *mistakes, const char *severity, const char *file, int line, const char *message,
            const char *hint)
{
    json_t *mistake = json_pack("{s:s, s:s, s:i, s:s}", "severity", severity, "file", file, "line",
                                line > 0 ? line : 1, "message", message);

    if (mistake != NULL && hint != NULL && hint[0] != '\0' &&
        json_object_set_new(mistake, "hint", json_string(hint)) != 0) {
        json_decref(mistake);
        return false;
    }
    return mistake != NULL && json_array_append_new(mistakes, mistake) == 0;
}

bool
dsl_mistake_at(json_t *mistakes, const char *path, int line, int column, const char *message,
               const char *hint)
{
    return dsl_mistake(mistakes, "error", path, line, message, hint) &&
           (column <= 0 ||
            json_object_set_new(json_array_get(mistakes, json_array_size(mistakes) - 1), "column",
                                json_integer(column)) == 0);
}

bool
dsl_warning(json_t *mistakes, const char *id, const char *file, int line, const char *message)
{
    return dsl_mistake(mistakes, "warning", file, line, message, NULL) &&
           json_object_set_new(json_array_get(mistakes, json_array_size(mistakes) - 1), "id",
                               json_string(id)) == 0;
}

/* What a protected function works on. */
struct job {
    const char *path, *source;
    json_t *made;
    bool compiled;
};

/* "support/issue.lua" -> "issue" */
static void
push_base(lua_State *lua, const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash != NULL ? slash + 1 : path;
    size_t n = strlen(base);

    if (n > 4 && strcmp(base + n - 4, ".lua") == 0)
        n -= 4;
    lua_pushlstring(lua, base, n);
}

/* Inside the protected call: compiles, runs, and takes out what the prelude has made of it. */
static int
run_file(lua_State *lua)
{
    struct job *job = lua_touserdata(lua, 1);

    dsl_push_prelude(lua, "load");
    /* Text only ("t"): bytecode is not verified, and a dumped function with one byte changed
     * crashes. */
    if (luaL_loadbufferx(lua, job->source, strlen(job->source), DSL_CHUNK, "t") != LUA_OK)
        return lua_error(lua);
    job->compiled = true;
    dsl_push_prelude(lua, "env");
    /* The chunk's only upvalue is _ENV: this is the moment at which it loses the real globals. */
    lua_setupvalue(lua, -2, 1);
    push_base(lua, job->path);
    lua_call(lua, 2, 1);
    /* Only plain data crosses; the functions themselves stay. */
    for (const char *const *name = (const char *const[]){ "functions", NULL }; *name != NULL;
         name++) {
        lua_pushnil(lua);
        lua_setfield(lua, -2, *name);
    }
    job->made = dsl_to_json(lua, -1);
    return 0;
}

/* Sorted by place, so that the same file always gives the same list. */
static int
take_mistakes(lua_State *lua)
{
    struct job *job = lua_touserdata(lua, 1);

    dsl_push_prelude(lua, "mistakes_sorted");
    lua_call(lua, 0, 1);
    job->made = dsl_to_json(lua, -1);
    return 0;
}

/*
 * The text of some lines, without the last one's end.
 *
 * A function's source is kept with its version: it is what people read in case.explain, and part of
 * the version's digest.
 */
static json_t *
lines_of(const char *source, json_int_t first, json_int_t last)
{
    const char *end;

    for (json_int_t line = 1; line < first && (end = strchr(source, '\n')) != NULL; line++)
        source = end + 1;
    end = source;
    for (json_int_t line = first; line <= last; line++)
        end = strchrnul(line == first ? end : end + (*end == '\n'), '\n');
    return json_stringn(source, (size_t)(end - source));
}

/* Turns every {"lines": [first, last], ...} into {"source": text, ...}. */
static bool
give_sources(json_t *value, const char *source)
{
    json_t *lines = json_object_get(value, "lines"), *member;
    const char *key;
    size_t i;

    if (json_is_array(lines)) {
        json_t *text = lines_of(source, json_integer_value(json_array_get(lines, 0)),
                                json_integer_value(json_array_get(lines, 1)));

        if (json_object_set_new(value, "source", text) != 0)
            return false;
        json_object_del(value, "lines");
    }
    if (json_is_object(value)) {
        json_object_foreach(value, key, member) {
            if (!give_sources(member, source))
                return false;
        }
    }
    json_array_foreach(value, i, member) {
        if (!give_sources(member, source))
            return false;
    }
    return true;
}

/* The mistakes that the prelude has noted, behind those that are there already. A run of its own
 * with its own budget: a file that overran its budget still gets its mistakes reported. */
static enum sgn_status
note_mistakes(struct dsl_state *state, const char *path, json_t *mistakes, struct sgn_error *err)
{
    struct job job = { 0 };
    json_t *mistake;
    enum sgn_status st;
    size_t i;
    int line;

    lua_pushcfunction(state->lua, take_mistakes);
    lua_pushlightuserdata(state->lua, &job);
    st = dsl_protected(state, 1, 0, &line, err);
    if (st != SGN_OK)
        return st;
    json_array_foreach(job.made, i, mistake) {
        json_t *column = json_object_get(mistake, "column"), *noted;

        if (!dsl_mistake(mistakes, "error", path, (int)sgn_json_int(mistake, "line", 1),
                         sgn_json_str(mistake, "message"), sgn_json_str(mistake, "hint"))) {
            st = sgn_nomem(err);
            continue;
        }
        noted = json_array_get(mistakes, json_array_size(mistakes) - 1);
        if (column != NULL && json_object_set(noted, "column", column) != 0)
            st = sgn_nomem(err);
    }
    json_decref(job.made);
    return st;
}

/* What a pointer leads through, in words: state "b", within "answer", at. Numbers alone say
 * nothing to the author, so an element is called by its name. */
static void
put_way(struct sgn_buf *out, const json_t *at, const char *pointer)
{
    char steps[512], *rest = NULL;
    const char *list = NULL;

    snprintf(steps, sizeof steps, "%s", pointer);
    for (char *step = strtok_r(steps, "/", &rest); step != NULL && at != NULL;
         step = strtok_r(NULL, "/", &rest)) {
        const char *name, *comma = out->len > 0 ? ", " : "";

        if (!json_is_array(at)) {
            at = json_object_get(at, step);
            list = json_is_array(at) ? step : NULL;
            if (list == NULL)
                (void)sgn_buf_printf(out, "%s%s", comma, step);
            continue;
        }
        at = json_array_get(at, (size_t)strtoul(step, NULL, 10));
        name = sgn_json_str(at, "name");
        if (name != NULL && strcmp(list, "states") == 0)
            (void)sgn_buf_printf(out, "%sstate \"%.64s\"", comma, name);
        else if (name != NULL && strcmp(list, "fields") == 0)
            (void)sgn_buf_printf(out, "%sfield \"%.64s\"", comma, name);
        else if (name != NULL)
            (void)sgn_buf_printf(out, "%s\"%.64s\"", comma, name);
        else
            (void)sgn_buf_printf(out, "%s%s", comma, list);
    }
}

/*
 * A model that the prelude finds right and the engine does not is a fault of the language, but
 * the author gets it as a mistake of the file, at the nearest part there is a place for.
 */
static enum sgn_status
check_model(const char *path, const json_t *made, json_t *mistakes, struct sgn_error *err)
{
    const json_t *json = json_object_get(made, "model");
    struct sgn_error wrong = { 0 };
    struct model *model = NULL;
    const char *pointer, *said;
    struct sgn_buf text;
    int line, column;
    bool noted;

    if (model_parse(json, json_object_get(made, "sources"), &model, &wrong) == SGN_OK) {
        model_free(model);
        return SGN_OK;
    }
    pointer = sgn_json_str(wrong.data, "pointer") ? sgn_json_str(wrong.data, "pointer") : "";
    said = wrong.message;
    if (pointer[0] != '\0' && strncmp(said, pointer, strlen(pointer)) == 0)
        said += strlen(pointer) + strlen(": ");
    rules_place(json_object_get(made, "places"), pointer, &line, &column);
    sgn_buf_init(&text, 2048);
    put_way(&text, json, pointer);
    (void)sgn_buf_printf(&text, "%s%s", text.len > 0 ? ": " : "", said);
    noted = dsl_mistake_at(mistakes, path, line, column,
                           text.bytes != NULL ? text.bytes : wrong.message, NULL);
    sgn_buf_deinit(&text);
    sgn_error_clear(&wrong);
    return noted ? SGN_OK : sgn_nomem(err);
}

/*
 * Refusals that need no Lua, at a line and a column. NULL when there are none.
 *
 * A very long file is refused before it is compiled: the parser runs no hook, and expressions of
 * 100,000 links have crashed it.
 */
static const char *
refuse_text(const struct dsl_limits *limits, const char *source, int *line, int *column)
{
    size_t n = strlen(source);

    *line = *column = 1;
    if (n > limits->file_bytes)
        return "the file is larger than a file may be (64 KiB, unless the site says otherwise)";
    return sgn_text_fault(source, n, line, column);
}

/* An error that stopped the file comes after the mistakes that it noted before: those are
 * usually the cause. */
static enum sgn_status
run_and_note(struct dsl_state *state, struct job *job, json_t *mistakes, struct sgn_error *err)
{
    struct sgn_error wrong = { 0 };
    size_t before = json_array_size(mistakes);
    enum sgn_status st;
    int line;
    bool failed;

    lua_pushcfunction(state->lua, run_file);
    lua_pushlightuserdata(state->lua, job);
    failed = dsl_protected(state, 1, 0, &line, &wrong) != SGN_OK;
    st = note_mistakes(state, job->path, mistakes, err);
    if (st == SGN_OK && failed &&
        !(job->compiled || wrong.status == SGN_RULE_OVERRUN
              ? dsl_mistake(mistakes, "error", job->path, line, wrong.message, NULL)
              : dsl_syntax_mistakes(mistakes, job->path, job->source, state->tokens, line,
                                    wrong.message)))
        st = sgn_nomem(err);
    sgn_error_clear(&wrong);
    if (st != SGN_OK)
        return st;
    if (job->made != NULL && !give_sources(json_object_get(job->made, "sources"), job->source))
        return sgn_nomem(err);
    if (job->made != NULL && state->says != NULL &&
        json_object_set(job->made, "says", state->says) != 0)
        return sgn_nomem(err);
    /* Only a file without a mistake is shown to the engine: its complaints would name things
     * that the author has been told of already, in other words. */
    if (json_array_size(mistakes) == before && json_object_get(job->made, "sources") != NULL)
        return check_model(job->path, job->made, mistakes, err);
    return SGN_OK;
}

enum sgn_status
dsl_file_run(const struct dsl_limits *limits, const char *path, const char *source,
             struct dsl_state **state_out, json_t **made, json_t *mistakes, struct sgn_error *err)
{
    struct job job = { .path = path, .source = source };
    int line, column;
    const char *refusal = refuse_text(limits, source, &line, &column);
    struct dsl_state *state = NULL;
    enum sgn_status st = SGN_OK;

    *made = NULL;
    if (refusal != NULL)
        return dsl_mistake_at(mistakes, path, line, column, refusal, NULL) ? SGN_OK
                                                                           : sgn_nomem(err);
    st = dsl_state_new(limits, &state, err);
    if (st != SGN_OK)
        return st;
    state->tokens = dsl_tokens_new(source, strlen(source));
    st = state->tokens == NULL ? sgn_nomem(err) : run_and_note(state, &job, mistakes, err);
    if (st == SGN_OK && json_object_get(job.made, "model") != NULL) {
        *made = json_incref(job.made);
        if (state_out != NULL) {
            state->longest_kept = state->longest;
            *state_out = state;
            state = NULL;
        }
    }
    json_decref(job.made);
    dsl_state_free(state);
    return st;
}
