/* SPDX-License-Identifier: Apache-2.0 */
/* People, conditions and rules in few words: a drawing has little room. */
#include "diagram_internal.h"
#include "json.h"
#include <string.h>

/* ---- people ---- */

static const char *
state_title(const struct model *model, const char *name, const char *language)
{
    int state = name != NULL ? model_state_find(model, name) : -1;

    return state > 0 ? model_title(model->states[state].title, language, name) : name;
}

/* An alias is what the author calls them: "requester" says more than "opener". */
static const char *
built_in_word(const struct model_who *who, const char *word, const char *built_in)
{
    return who->name != NULL && strcmp(who->name, built_in) != 0 ? who->name : word;
}

static void
who_put(struct sgn_buf *buf, const struct model *model, const struct model_who *who,
        const char *last, const char *language)
{
    switch (who->kind) {
    case MODEL_WHO_ROLE:
    case MODEL_WHO_PERSON:
        (void)sgn_buf_puts(buf, who->name);
        break;
    case MODEL_WHO_OPENER:
        (void)sgn_buf_puts(buf, built_in_word(who, sgn_say(language, "opener"), "opener"));
        break;
    case MODEL_WHO_OWNER:
        (void)sgn_buf_puts(buf, built_in_word(who, sgn_say(language, "owner"), "owner"));
        break;
    case MODEL_WHO_PENDING:
        (void)sgn_buf_puts(buf, sgn_say(language, "those still asked"));
        break;
    case MODEL_WHO_ANYONE:
        (void)sgn_buf_puts(buf, sgn_say(language, "anyone"));
        break;
    case MODEL_WHO_SYSTEM:
        (void)sgn_buf_puts(buf, sgn_say(language, "the system"));
        break;
    case MODEL_WHO_GROUP:
        (void)sgn_buf_printf(buf, sgn_say(language, "group %s"), who->name);
        break;
    case MODEL_WHO_DECIDED_BY:
        (void)sgn_buf_printf(buf, sgn_say(language, "who decided in %s"),
                             state_title(model, who->name, language));
        break;
    case MODEL_WHO_CALL:
        (void)sgn_buf_puts(buf, sgn_say(language, "whom the rules name"));
        break;
    case MODEL_WHO_ANY_OF:
        for (int i = 0; i < who->n_of; i++) {
            (void)sgn_buf_puts(buf, i == 0               ? ""
                                    : i + 1 == who->n_of ? last
                                                         : sgn_say(language, ", "));
            who_put(buf, model, &who->of[i], last, language);
        }
        break;
    }
}

void
words_who_put(struct sgn_buf *buf, const struct model *model, const struct model_who *who,
              const char *language)
{
    if (who != NULL)
        who_put(buf, model, who, sgn_say(language, " or "), language);
}

void
words_everybody_put(struct sgn_buf *buf, const struct model *model, const struct model_who *who,
                    const char *language)
{
    who_put(buf, model, who, sgn_say(language, " & "), language);
}

/* ---- conditions ---- */

static void
value_put(struct sgn_buf *buf, const struct model_cond *cond, const json_t *value,
          const char *language)
{
    const json_t *item;
    size_t i;

    if (json_is_string(value) && cond->field != NULL)
        (void)sgn_buf_puts(buf,
                           model_choice_title(cond->field, json_string_value(value), language));
    else if (json_is_string(value))
        (void)sgn_buf_puts(buf, model_word(json_string_value(value), language));
    else if (json_is_boolean(value))
        (void)sgn_buf_puts(buf, sgn_say(language, json_is_true(value) ? "yes" : "no"));
    else if (json_is_array(value))
        json_array_foreach(value, i, item) {
            (void)sgn_buf_puts(buf, i > 0 ? sgn_say(language, " or ") : "");
            value_put(buf, cond, item, language);
        }
    else
        (void)sgn_json_append(buf, value);
}

static void
compare_put(struct sgn_buf *buf, const struct model_cond *cond, const char *language)
{
    static const char *const signs[] = {
        [MODEL_IS] = "=",  [MODEL_ABOVE] = ">", [MODEL_BELOW] = "<",
        [MODEL_MIN] = "≥", [MODEL_MAX] = "≤",   [MODEL_ONE_IN] = "="
    };
    const char *name = cond->field != NULL ? model_title(cond->field->title, language, cond->name)
                                           : sgn_say(language, cond->name);

    if (cond->op == MODEL_FILLED) {
        (void)sgn_buf_printf(
            buf, sgn_say(language, json_is_false(cond->value) ? "%s is empty" : "%s is filled"),
            name);
        return;
    }
    (void)sgn_buf_printf(buf, "%s %s ", name, signs[cond->op]);
    value_put(buf, cond, cond->value, language);
}

/* Names of states by their titles, others as they are. */
static void
names_put(struct sgn_buf *buf, const struct model *model, const json_t *names, const char *language)
{
    const json_t *name;
    size_t i;

    json_array_foreach(names, i, name) {
        (void)sgn_buf_puts(buf, i > 0 ? sgn_say(language, " or ") : "");
        (void)sgn_buf_puts(buf, state_title(model, json_string_value(name), language));
    }
}

/* A sentence of one place around what put puts. */
static void
around_put(struct sgn_buf *buf, const char *format, struct sgn_buf *inner)
{
    (void)sgn_buf_printf(buf, format, inner->bytes != NULL ? inner->bytes : "");
    sgn_buf_deinit(inner);
}

static void
several_put(struct sgn_buf *buf, const struct model *model, const struct model_cond *cond,
            const char *language)
{
    const char *between = sgn_say(language, cond->kind == MODEL_COND_ALL ? " and " : " or ");

    for (int i = 0; i < cond->n_of; i++) {
        const struct model_cond *one = &cond->of[i];
        bool within = cond->kind == MODEL_COND_ANY && one->kind == MODEL_COND_ALL && one->n_of > 1;
        bool apart = cond->kind == MODEL_COND_ALL && one->kind == MODEL_COND_ANY && one->n_of > 1;
        (void)sgn_buf_puts(buf, i > 0 ? between : "");
        (void)sgn_buf_puts(buf, within || apart ? "(" : "");
        words_cond_put(buf, model, one, language);
        (void)sgn_buf_puts(buf, within || apart ? ")" : "");
    }
}

void
words_cond_put(struct sgn_buf *buf, const struct model *model, const struct model_cond *cond,
               const char *language)
{
    struct sgn_buf inner;
    char number[24];

    sgn_buf_init(&inner, DIAGRAM_MAX);
    switch (cond->kind) {
    case MODEL_COND_ALL:
    case MODEL_COND_ANY:
        several_put(buf, model, cond, language);
        break;
    case MODEL_COND_NOT:
        words_cond_put(&inner, model, &cond->of[0], language);
        around_put(buf, sgn_say(language, "not (%s)"), &inner);
        return;
    case MODEL_COND_FIELD:
    case MODEL_COND_EVENT:
        compare_put(buf, cond, language);
        break;
    case MODEL_COND_IN:
        names_put(&inner, model, cond->value, language);
        around_put(buf, sgn_say(language, "is in %s"), &inner);
        return;
    case MODEL_COND_NONE_OPEN:
        names_put(&inner, model, cond->value, language);
        around_put(buf, sgn_say(language, "no open %s"), &inner);
        return;
    case MODEL_COND_TASKS_DONE:
        (void)sgn_buf_puts(buf, sgn_say(language, "all tasks done"));
        break;
    case MODEL_COND_CALL:
        (void)snprintf(number, sizeof(number), "%d", cond->function);
        (void)sgn_buf_printf(
            buf, sgn_say(language, "a rule says so (line %d)"),
            (int)sgn_json_int(json_object_get(model->functions, number), "line", 0));
        break;
    }
    sgn_buf_deinit(&inner);
}

/* ---- rules of approvals ---- */

static void
weights_put(struct sgn_buf *buf, const struct model *model, const struct model_rule *rule,
            const char *language)
{
    (void)sgn_buf_printf(buf, sgn_say(language, "weights adding up to %d"), rule->n);
    for (int i = 0; i < rule->n_weights; i++) {
        (void)sgn_buf_puts(buf, sgn_say(language, i == 0 ? ": " : ", "));
        words_who_put(buf, model, &rule->weight_who[i], language);
        (void)sgn_buf_printf(buf, " %d", rule->weights[i]);
    }
}

static void
kind_put(struct sgn_buf *buf, const struct model *model, const struct model_rule *rule,
         const char *language)
{
    struct sgn_buf who;

    sgn_buf_init(&who, DIAGRAM_MAX);
    words_who_put(&who, model, rule->who, language);
    switch (rule->kind) {
    case MODEL_AT_LEAST:
        if (rule->n == 1)
            (void)sgn_buf_printf(buf, sgn_say(language, "one of %s"), who.bytes);
        else
            (void)sgn_buf_printf(buf, sgn_say(language, "at least %d of %s"), rule->n, who.bytes);
        break;
    case MODEL_PERCENT:
        (void)sgn_buf_printf(buf, sgn_say(language, "%d%% of %s"), rule->n, who.bytes);
        break;
    case MODEL_WEIGHTED:
        weights_put(buf, model, rule, language);
        break;
    case MODEL_VETO:
        (void)sgn_buf_printf(buf, sgn_say(language, "no veto of %s"), who.bytes);
        break;
    case MODEL_ALL_OF:
        (void)sgn_buf_puts(buf, sgn_say(language, "all of these"));
        break;
    case MODEL_ANY_OF:
        (void)sgn_buf_puts(buf, sgn_say(language, "any of these"));
        break;
    case MODEL_IN_ORDER:
        (void)sgn_buf_puts(buf, sgn_say(language, "one after the other"));
        break;
    case MODEL_EVERYONE_ANSWERS:
        (void)sgn_buf_puts(buf, sgn_say(language, "once all have answered"));
        break;
    }
    sgn_buf_deinit(&who);
}

void
words_rule_put(struct sgn_buf *buf, const struct model *model, const struct model_rule *rule,
               const char *language)
{
    struct sgn_buf inner;

    kind_put(buf, model, rule, language);
    for (int i = 0; i < rule->n_exclude; i++) {
        sgn_buf_init(&inner, DIAGRAM_MAX);
        words_who_put(&inner, model, &rule->exclude[i], language);
        around_put(buf, sgn_say(language, ", not %s"), &inner);
    }
    if (rule->when == NULL)
        return;
    sgn_buf_init(&inner, DIAGRAM_MAX);
    words_cond_put(&inner, model, rule->when, language);
    around_put(buf, sgn_say(language, " (if %s)"), &inner);
}

/* ---- lines ---- */

/* Bytes of the character that begins here, and its columns: from U+2E80 on mostly wide. */
static int
character(const char *at, int *columns)
{
    unsigned char lead = (unsigned char)*at;
    int n = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

    *columns = lead >= 0xe3 || (lead == 0xe2 && (unsigned char)at[1] >= 0xba) ? 2 : 1;
    for (int i = 1; i < n; i++)
        if (at[i] == '\0')
            return i;
    return n;
}

/* Greedy: at the last space that fits, or before a wide character. */
char *
words_wrap(const char *text, int columns)
{
    struct sgn_buf out;
    size_t space = 0; /* behind the last space of this line, in out */
    int used = 0, since = 0;

    sgn_buf_init(&out, DIAGRAM_MAX);
    while (*text != '\0') {
        int width, n = character(text, &width);
        bool plain = (unsigned char)*text >= 0x20 && *text != 0x7f;

        if (used + width > columns && width == 2) {
            (void)sgn_buf_puts(&out, "\n");
            used = since = 0;
            space = 0;
        } else if (used + width > columns && space > 0 && out.bytes != NULL) {
            out.bytes[space - 1] = '\n';
            used = since;
            space = 0;
        }
        (void)sgn_buf_append(&out, plain ? text : " ", plain ? (size_t)n : 1);
        used += width;
        since += width;
        if (*text == ' ') {
            space = out.len;
            since = 0;
        }
        text += n;
    }
    if (out.len == 0)
        (void)sgn_buf_puts(&out, " ");
    return sgn_buf_take(&out);
}
