/* SPDX-License-Identifier: Apache-2.0 */
/* A world whose case comes to another version of its workflow. */
#ifndef CORE_MIGRATING_H
#define CORE_MIGRATING_H

#include "world.h"

static inline struct model *
model_of(const char *text)
{
    struct sgn_error err = { 0 };
    struct model *model = NULL;
    json_t *value = json(text), *none = json_object();
    const char *number;
    json_t *function;

    json_object_foreach(json_object_get(value, "functions"), number, function)
        json_object_set_new(none, number, json_pack("{s:s, s:{}}", "source", "-", "constants"));
    if (model_parse(value, none, &model, &err) != SGN_OK)
        fail_msg("model: %s", err.message);
    json_decref(value);
    json_decref(none);
    return model;
}

/* The world goes on with the new model when it is accepted. Takes the model. */
static inline enum sgn_status
migrate_to(struct world *w, struct model *model_take)
{
    json_t *params = json_object();
    struct core_command command = { .kind = CORE_MIGRATE,
                                    .params = params,
                                    .actor = "system",
                                    .channel = "engine",
                                    .at = w->now,
                                    .case_key = "CR-1",
                                    .from_model = w->model };
    struct model *old = w->model;
    enum sgn_status status;

    w->model = model_take;
    status = world_command(w, &command);
    if (status != SGN_OK) {
        w->model = old;
        old = model_take;
    }
    model_free(old);
    json_decref(params);
    return status;
}

static inline enum sgn_status
migrate(struct world *w, const char *text)
{
    return migrate_to(w, model_of(text));
}

static inline json_t *
report_of(struct world *w, const char *member)
{
    return json_object_get(json_object_get(w->internal, "migrate"), member);
}

#endif
