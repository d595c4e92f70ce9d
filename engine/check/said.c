/* SPDX-License-Identifier: Apache-2.0 */
/* Noting what is wrong with something that a function says, and the names it could have meant. */
#include "said.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
said_note(const struct said *said, enum check_id id, const char *hint, const char *fmt, ...)
{
    char message[512], pointer[64];
    va_list args;
    const json_t *at = sgn_json_int(said->at, "line", 0) > 0 ? said->at : said->fact;
    json_t *finding;

    if (json_array_size(said->check->findings) >= CHECK_FINDINGS_MAX)
        return;
    va_start(args, fmt);
    vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    snprintf(pointer, sizeof pointer, "/functions/%s", said->number);
    finding =
        json_pack("{s:s, s:s, s:s, s:s*, s:I, s:I}", "id", check_id_of(id), "message", message,
                  "pointer", pointer, "hint", hint, "line", (json_int_t)sgn_json_int(at, "line", 1),
                  "column", (json_int_t)sgn_json_int(at, "column", 1));
    if (json_array_append_new(said->check->findings, finding) != 0)
        said->check->failed = true;
}

const char *
said_near(char out[SAID_NEAR], const char *name, const json_t *known)
{
    const char *near = sgn_nearest_json(name, known);

    out[0] = '\0';
    if (near != NULL)
        snprintf(out, SAID_NEAR, " (did you mean \"%s\"?)", near);
    return out;
}

json_t *
said_names(const struct model *model, const char *what)
{
    json_t *known = json_array(), *of;
    const char *alias;

    if (strcmp(what, "field") == 0) {
        for (int i = 0; i < model->n_fields; i++)
            (void)json_array_append_new(known, json_string(model->fields[i].name));
    } else if (strcmp(what, "state") == 0) {
        for (int i = 1; i < model->n_states; i++)
            (void)json_array_append_new(known, json_string(model->states[i].name));
    } else {
        static const char *const built_in[] = { "opener", "owner", "pending", "anyone", "system" };

        (void)json_array_extend(known, (json_t *)model->roles);
        json_object_foreach((json_t *)model->aliases, alias, of)
            (void)json_array_append_new(known, json_string(alias));
        for (size_t i = 0; i < sizeof built_in / sizeof built_in[0]; i++)
            (void)json_array_append_new(known, json_string(built_in[i]));
    }
    return known;
}

void
said_unknown(const struct said *said, const char *what, const char *name, const json_t *known)
{
    char near[SAID_NEAR];

    said_note(said, CHECK_FUNCTION_NAME, NULL, "the workflow has no %s \"%.100s\"%s", what, name,
              said_near(near, name, known));
}

const char *
said_text(const json_t *arg)
{
    return sgn_json_str(arg, "is");
}
