/* SPDX-License-Identifier: Apache-2.0 */
/* A workflow's model, and a team's, as a process that may lie has sent them. In a model that is
 * taken every transition leads from a state to states, and it has an identity, the same each time.
 */
#include "model.h"
#include "fuzz.h"
#include "json.h"
#include "team.h"
#include <string.h>

/* A source for each function that the model names. New reference. */
static json_t *
sources(const json_t *model)
{
    json_t *all = json_object(), *function;
    const char *number;

    json_object_foreach((json_t *)json_object_get(model, "functions"), number, function)
        json_object_set_new(all, number,
                            json_pack("{s:s, s:n}", "source", "return 1", "constants"));
    return all;
}

static void
whole(const struct model *model)
{
    for (int i = 0; i < model->n_transitions; i++) {
        const struct model_transition *t = &model->transitions[i];

        FUZZ_CHECK(t->source >= 0 && t->source < model->n_states);
        for (int k = 0; k < t->n_targets; k++)
            FUZZ_CHECK(t->targets[k] > 0 && t->targets[k] < model->n_states);
    }
}

static void
take_model(const json_t *json)
{
    struct sgn_error err = { 0 };
    struct model *model = NULL;
    json_t *functions = sources(json);
    char first[65], second[65];

    if (model_parse(json, functions, &model, &err) == SGN_OK) {
        FUZZ_CHECK(model_digest(json, functions, first, &err) == SGN_OK);
        FUZZ_CHECK(model_digest(model->json, functions, second, &err) == SGN_OK);
        FUZZ_CHECK(strcmp(first, second) == 0);
        whole(model);
        model_free(model);
    } else {
        FUZZ_CHECK(err.message[0] != '\0');
    }
    sgn_error_clear(&err);
    json_decref(functions);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sgn_error err = { 0 };
    struct model_team *team = NULL;
    json_t *json = NULL;

    if (sgn_json_parse((const char *)data, size, &json, &err) == SGN_OK) {
        take_model(json);
        if (model_team_parse(json, &team, &err) == SGN_OK)
            model_team_free(team);
    }
    sgn_error_clear(&err);
    json_decref(json);
    return 0;
}

#ifdef FUZZ_FAULT
/* A state that there is not is one far behind the last. */
int __real_model_state_find(const struct model *model, const char *name);
int __wrap_model_state_find(const struct model *model, const char *name);
int
__wrap_model_state_find(const struct model *model, const char *name)
{
    int found = __real_model_state_find(model, name);

    return found == -1 ? 30000 : found;
}
#endif
