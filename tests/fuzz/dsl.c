/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A team's scripts, whatever they hold. The first byte chooses which file it is: the team's own, or
 * that of a workflow. What was loaded without a mistake is taken by the server, which checks it
 * like a stranger's; every mistake has a line of the text, and a column.
 */
#include "dsl.h"
#include "fuzz.h"
#include "json.h"
#include "model.h"
#include "team.h"
#include "tokens.h"
#include <string.h>

#define TEAM "return team \"t\" { use \"one\" }"

static int
lines_of(const char *text)
{
    int lines = 1;

    for (; *text != '\0'; text++)
        lines += *text == '\n' || *text == '\r';
    return lines;
}

/* Is one of them an error? */
static bool
mistakes(const json_t *answer, const char *source)
{
    const json_t *mistake;
    bool errors = false;
    size_t i;

    json_array_foreach(json_object_get(answer, "mistakes"), i, mistake) {
        FUZZ_CHECK(sgn_json_str(mistake, "file") != NULL &&
                   sgn_json_str(mistake, "message") != NULL);
        FUZZ_CHECK(sgn_json_int(mistake, "line", 0) > 0 && sgn_json_int(mistake, "column", 0) > 0);
        FUZZ_CHECK(sgn_json_int(mistake, "line", 0) <= lines_of(source));
        errors |= strcmp(sgn_json_str(mistake, "severity"), "error") == 0;
    }
    return errors;
}

static void
taken(const json_t *answer)
{
    struct sgn_error err = { 0 };
    struct model_team *team = NULL;
    struct model *model = NULL;
    json_t *version;
    const char *name;

    FUZZ_CHECK(model_team_parse(json_object_get(answer, "team"), &team, &err) == SGN_OK);
    model_team_free(team);
    json_object_foreach((json_t *)json_object_get(answer, "workflows"), name, version) {
        FUZZ_CHECK(model_parse(json_object_get(version, "model"),
                               json_object_get(version, "functions"), &model, &err) == SGN_OK);
        model_free(model);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dsl_limits limits;
    struct sgn_error err = { 0 };
    json_t *source, *input, *answer = NULL;
    bool is_team;

    if (size < 1)
        return 0;
    is_team = data[0] == 't';
    source = json_stringn((const char *)data + 1, size - 1);
    if (source == NULL)
        return 0; /* files that are not UTF-8 are refused before */
    input = json_pack("{s:s, s:{}, s:{}}", "team", "t", "files", "shipped");
    json_object_set_new(json_object_get(input, "files"), "team.lua",
                        is_team ? json_incref(source) : json_string(TEAM));
    if (!is_team)
        json_object_set(json_object_get(input, "files"), "workflows/one.lua", source);
    dsl_limits_default(&limits);
    limits.instructions = 300000;
    limits.memory_bytes = (size_t)16 << 20;
    if (dsl_load(&limits, input, &answer, &err) == SGN_OK &&
        !mistakes(answer, json_string_value(source)))
        taken(answer);
    sgn_error_clear(&err);
    json_decref(answer);
    json_decref(input);
    json_decref(source);
    return 0;
}

#ifdef FUZZ_FAULT
/* Lines that were looked up are a thousand too far. */
int __real_dsl_tokens_line(const struct dsl_tokens *tokens, int at);
int __wrap_dsl_tokens_line(const struct dsl_tokens *tokens, int at);
int
__wrap_dsl_tokens_line(const struct dsl_tokens *tokens, int at)
{
    return __real_dsl_tokens_line(tokens, at) + 1000;
}
#endif
