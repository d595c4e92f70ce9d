/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frame of every question: a stage is set up, something is asked on it, and the stage is
 * thrown away. Only here is the stage given what points upwards in the folder.
 */
#include "core_internal.h"

enum sgn_status
ask_begin(struct stage *stage, const struct core_question *question, struct core_decision *out,
          struct sgn_error *err)
{
    enum sgn_status status = stage_init(stage, question, out, err);

    stage->pending = round_pending;
    return status == SGN_OK ? delegation_begin(stage) : status;
}

enum sgn_status
ask_look(struct stage *stage, const struct core_question *question, struct core_decision *out,
         struct sgn_error *err)
{
    enum sgn_status status = stage_look(stage, question, out, err);

    stage->pending = round_pending;
    return status == SGN_OK ? delegation_begin(stage) : status;
}

enum sgn_status
ask_question(const struct core_question *question, ask_fn fn, const void *ctx, json_t *answer_take,
             json_t **out, struct core_decision *needs, struct sgn_error *err)
{
    struct stage stage;
    enum sgn_status status;

    *needs = (struct core_decision){ 0 };
    status = ask_begin(&stage, question, needs, err);
    if (status == SGN_OK && answer_take == NULL)
        status = sgn_nomem(err);
    if (status == SGN_OK)
        status = stage_chart(&stage);
    if (status == SGN_OK)
        status = fn(&stage, ctx, answer_take);
    if (status == SGN_OK)
        status = stage_check(&stage);
    if (status == SGN_OK)
        *out = json_incref(answer_take);
    needs->verdict =
        status == SGN_OK ? CORE_ACCEPTED : (status == SGN_NEEDS ? CORE_NEEDS : CORE_REFUSED);
    json_decref(answer_take);
    stage_deinit(&stage);
    return status;
}
