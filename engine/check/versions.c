/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A version against the one before it, where that is known: on a server, the one in force until
 * now. A workflow that says migrate means that cases come to it; a state that a case may stand in
 * and that has no counterpart keeps its cases where they are, which the author learns here and not
 * when the sweep has left them. Finals at the top are left out: what has ended does not come.
 */
#include "check_internal.h"
#include "said.h"

#include <string.h>

/* As a migration finds it: the state itself by its new name, else the nearest around it that the
 * migration names. */
static bool
has_counterpart(const struct model *model, const struct model_migration *m, const struct model *old,
                int state)
{
    const char *name = sgn_json_str(m->states, old->states[state].name);
    int found = model_state_find(model, name != NULL ? name : old->states[state].name);

    for (int at = old->states[state].parent; found <= 0 && at > 0; at = old->states[at].parent) {
        name = sgn_json_str(m->states, old->states[at].name);
        found = name != NULL ? model_state_find(model, name) : -1;
    }
    return found > 0 && model->states[found].kind != MODEL_HISTORY;
}

/* Can a case that is open stand in it, and in nothing further within? */
static bool
is_place(const struct model *old, int state)
{
    const struct model_state *s = &old->states[state];

    return s->kind == MODEL_ATOMIC || (s->kind == MODEL_FINAL && s->parent > 0);
}

/* "asked" of states = { asked = "waiting" }: is it one of that version's? */
static void
look_names(struct check *check, const struct model_migration *m, const struct model *old,
           const char *pointer)
{
    json_t *known = json_array(), *now;
    const char *name;
    char near[SAID_NEAR];

    for (int i = 1; i < old->n_states; i++)
        (void)json_array_append_new(known, json_string(old->states[i].name));
    json_object_foreach((json_t *)m->states, name, now) {
        if (model_state_find(old, name) <= 0)
            check_note(check, CHECK_MIGRATE_UNKNOWN, pointer, NULL,
                       "version %lld has no state \"%.100s\"%s", (long long)old->version, name,
                       said_near(near, name, known));
    }
    json_decref(known);
}

static void
compare(struct check *check, const struct model *old)
{
    const struct model_migration *m = model_migration_from(check->model, old->version);
    char pointer[CHECK_POINTER_MAX];
    int n = 0;

    while (m != NULL && n < check->model->n_migrations && &check->model->migrations[n] != m)
        n++;
    snprintf(pointer, sizeof(pointer), "/migrations/%d", n);
    if (m != NULL && json_array_size(m->from) == 1) /* of several, the name may be another's */
        look_names(check, m, old, pointer);
    for (int i = 1; m != NULL && i < old->n_states; i++)
        if (is_place(old, i) && !has_counterpart(check->model, m, old, i))
            check_note(check, CHECK_MIGRATE_STATE, pointer,
                       "say states = { OLD = \"NEW\" }, or take the state up again",
                       "the state \"%s\" of version %lld has no counterpart here: cases in it "
                       "stay at that version",
                       old->states[i].name, (long long)old->version);
}

/* A version before that cannot be read says nothing: it is not what is being checked. */
void
check_versions(struct check *check)
{
    const json_t *version = json_object_get(check->team->previous, check->model->name);
    struct sgn_error why = { 0 };
    struct model *old = NULL;

    if (version == NULL || check->model->n_migrations == 0)
        return;
    if (model_parse(json_object_get(version, "model"), json_object_get(version, "functions"), &old,
                    &why) == SGN_OK)
        compare(check, old);
    sgn_error_clear(&why);
    model_free(old);
}
