/* SPDX-License-Identifier: Apache-2.0 */
/* Deadlines and their rungs in words. */
#include "diagram_internal.h"
#include "json.h"
#include <string.h>

/* ---- deadlines ---- */

static const char *
field_title(const struct model *model, const char *name, const char *language)
{
    const struct model_field *field = model_field_find(model, name);

    return field != NULL ? model_title(field->title, language, name) : sgn_say(language, name);
}

/* "High 2 workdays"; nothing for a value without a duration of its own. */
static void
per_value_put(struct sgn_buf *buf, const struct model_deadline *deadline, const char *name,
              const char *title, const char *language)
{
    const char *duration = sgn_json_str(deadline->per_values, name);

    if (duration == NULL)
        return;
    (void)sgn_buf_puts(buf, buf->len > 0 ? sgn_say(language, ", ") : "");
    (void)sgn_buf_printf(buf, "%s ", title);
    calendar_duration_text_put(buf, duration, language);
}

/* In the order of the choices. */
static void
per_put(struct sgn_buf *buf, const struct model *model, const struct model_deadline *deadline,
        const char *language)
{
    static const char *const priorities[] = { "urgent", "high", "normal", "low" };
    const struct model_field *field = model_field_find(model, deadline->per);
    const json_t *choice;
    size_t i;

    for (i = 0; field == NULL && i < sizeof(priorities) / sizeof(priorities[0]); i++)
        per_value_put(buf, deadline, priorities[i], model_word(priorities[i], language), language);
    json_array_foreach(field != NULL ? field->choices : NULL, i, choice) {
        const char *name = json_string_value(choice);
        per_value_put(buf, deadline, name, model_choice_title(field, name, language), language);
    }
    (void)sgn_buf_puts(buf, sgn_say(language, ", "));
    (void)sgn_buf_printf(buf, sgn_say(language, "by %s"),
                         field_title(model, deadline->per, language));
}

void
clock_deadline_put(struct sgn_buf *buf, const struct model *model,
                   const struct model_deadline *deadline, const char *language)
{
    const char *comma = sgn_say(language, ", ");
    struct sgn_buf length;

    sgn_buf_init(&length, DIAGRAM_MAX);
    if (deadline->per != NULL)
        per_put(&length, model, deadline, language);
    else if (deadline->due == NULL)
        calendar_duration_put(&length, &deadline->duration, language);
    if (deadline->due != NULL)
        (void)sgn_buf_printf(buf, sgn_say(language, "on the day of %s"),
                             field_title(model, deadline->due, language));
    else
        (void)sgn_buf_printf(buf, sgn_say(language, "within %s"),
                             length.bytes != NULL ? length.bytes : "");
    sgn_buf_deinit(&length);
    if (deadline->clock != NULL && strcmp(deadline->clock, "client") == 0)
        (void)sgn_buf_printf(buf, "%s%s", comma, sgn_say(language, "the client's calendar"));
    else if (deadline->clock != NULL && strcmp(deadline->clock, "team") != 0) {
        (void)sgn_buf_puts(buf, comma);
        (void)sgn_buf_printf(buf, sgn_say(language, "calendar %s"), deadline->clock);
    }
    if (deadline->from != NULL) {
        (void)sgn_buf_puts(buf, comma);
        (void)sgn_buf_printf(buf, sgn_say(language, "from %s"),
                             field_title(model, deadline->from, language));
    }
    if (deadline->until != NULL) {
        (void)sgn_buf_puts(buf, comma);
        (void)sgn_buf_printf(buf, sgn_say(language, "until %s"), deadline->until);
    }
}

/* ---- rungs ---- */

void
clock_rung_put(struct sgn_buf *buf, const struct model_rung *rung, const char *language)
{
    struct sgn_buf length;

    sgn_buf_init(&length, DIAGRAM_MAX);
    calendar_duration_put(&length, &rung->offset, language);
    if (rung->kind == MODEL_RUNG_AT)
        (void)sgn_buf_printf(buf, "%d%%", rung->percent);
    else if (rung->kind == MODEL_RUNG_AGAIN)
        (void)sgn_buf_printf(buf, sgn_say(language, "then every %s"), length.bytes);
    else if (strcmp(length.bytes, "0") == 0)
        (void)sgn_buf_puts(buf, sgn_say(language, "when due"));
    else
        (void)sgn_buf_printf(buf, sgn_say(language, "%s late"), length.bytes);
    sgn_buf_deinit(&length);
}

static void
whom_put(struct sgn_buf *buf, const struct model *model, const struct model_action *action,
         const char *format, const char *language)
{
    struct sgn_buf who;

    sgn_buf_init(&who, DIAGRAM_MAX);
    if (action->who != NULL)
        words_everybody_put(&who, model, action->who, language);
    else if (action->name != NULL)
        (void)sgn_buf_puts(&who, action->name);
    (void)sgn_buf_printf(buf, format, who.bytes != NULL ? who.bytes : "?");
    sgn_buf_deinit(&who);
}

static void
decide_put(struct sgn_buf *buf, const struct model *model, const struct model_action *action,
           const char *language)
{
    const char *as = sgn_json_str(action->json, "as");

    (void)sgn_buf_printf(buf, sgn_say(language, "decide: %s"),
                         model_outcome_title(model, action->name, language));
    if (as != NULL)
        (void)sgn_buf_printf(buf, " (%s)", model_outcome_title(model, as, language));
}

static void
priority_put(struct sgn_buf *buf, const char *level, const char *language)
{
    if (strcmp(level, "up") == 0 || strcmp(level, "down") == 0)
        (void)sgn_buf_puts(buf, sgn_say(language, *level == 'u' ? "priority up" : "priority down"));
    else
        (void)sgn_buf_printf(buf, sgn_say(language, "priority %s"), model_word(level, language));
}

static void
action_put(struct sgn_buf *buf, const struct model *model, const struct model_action *action,
           const char *language)
{
    switch (action->kind) {
    case MODEL_REMIND:
        whom_put(buf, model, action, sgn_say(language, "remind %s"), language);
        break;
    case MODEL_NOTIFY:
        whom_put(buf, model, action, sgn_say(language, "tell %s"), language);
        break;
    case MODEL_REASSIGN:
    case MODEL_ASSIGN:
        whom_put(buf, model, action, sgn_say(language, "give to %s"), language);
        break;
    case MODEL_PRIORITY:
        priority_put(buf, action->name, language);
        break;
    case MODEL_DECIDE:
        decide_put(buf, model, action, language);
        break;
    case MODEL_START:
    case MODEL_OPEN:
        (void)sgn_buf_printf(buf, sgn_say(language, "open %s"), action->name);
        break;
    case MODEL_FIRE:
        (void)sgn_buf_printf(buf, sgn_say(language, "fire %s"), action->name);
        break;
    case MODEL_CALL:
        (void)sgn_buf_puts(buf, sgn_say(language, "call a rule"));
        break;
    default:
        (void)sgn_buf_puts(buf, sgn_say(language, "more"));
    }
}

/* Where a rung leads is an arrow. */
void
clock_actions_put(struct sgn_buf *buf, const struct model *model,
                  const struct model_actions *actions, const char *language)
{
    bool first = true;

    for (int i = 0; i < actions->n; i++) {
        if (actions->items[i].kind == MODEL_GO)
            continue;
        (void)sgn_buf_puts(buf, first ? "" : sgn_say(language, ", "));
        first = false;
        action_put(buf, model, &actions->items[i], language);
    }
}
