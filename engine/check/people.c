/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom words for people can mean, as far as the model alone tells.
 *
 * The role "client" is held by the client's persons only, every other role and every group by the
 * team's own. Nobody of the client sees a case whose workflow says client = "none", so nobody of it
 * can act there. Who holds a role, and what a function answers, is not known here: any number of
 * people.
 */
#include "check_internal.h"

#include <stdio.h>
#include <string.h>

bool
people_each(const struct model_who *who, people_each_fn each, void *ctx)
{
    if (who == NULL)
        return true;
    if (who->kind != MODEL_WHO_ANY_OF)
        return each(ctx, who);
    for (int i = 0; i < who->n_of; i++)
        if (!people_each(&who->of[i], each, ctx))
            return false;
    return true;
}

struct gathering {
    const struct check *check;
    int state, sides;
};

static bool
add_sides(void *ctx, const struct model_who *who)
{
    struct gathering *g = ctx;

    g->sides |= people_sides(g->check, who, g->state);
    return true;
}

static int
client_side(const struct check *check)
{
    return check->model->client != MODEL_CLIENT_NONE ? SIDE_CLIENT : 0;
}

static bool
is_no_opener(void *ctx, const struct model_who *who)
{
    (void)ctx;
    return who->kind != MODEL_WHO_OPENER;
}

/* Who may open says who the opener can be; "opener" there is whoever comes. */
static int
opener_sides(const struct check *check)
{
    const struct model_who *by = check->model->open_by;
    struct gathering g = { check, 0, 0 };

    if (by == NULL || !people_each(by, is_no_opener, NULL))
        return SIDE_TEAM | client_side(check);
    (void)people_each(by, add_sides, &g);
    return g.sides;
}

/* The innermost owner around a state; above it, those of the states within are meant. */
static bool
has_owner(const struct check *check, int state)
{
    const struct model *model = check->model;

    for (int at = state; at >= 0; at = model->states[at].parent)
        if (model->states[at].owner != NULL)
            return true;
    for (int i = state; i <= model->states[state].last; i++)
        if (model->states[i].owner != NULL)
            return true;
    return false;
}

/* Words outside every approval mean all open rounds. */
static bool
has_approval(const struct check *check)
{
    for (int i = 0; i < check->model->n_states; i++)
        if (check->model->states[i].approval != NULL)
            return true;
    return false;
}

int
people_sides(const struct check *check, const struct model_who *who, int state)
{
    int both = SIDE_TEAM | client_side(check);

    switch (who->kind) {
    case MODEL_WHO_ROLE:
        return strcmp(who->name, "client") == 0 ? client_side(check) : SIDE_TEAM;
    case MODEL_WHO_GROUP:
        return SIDE_TEAM;
    case MODEL_WHO_OPENER:
        return opener_sides(check);
    case MODEL_WHO_OWNER:
        return has_owner(check, state) ? both : 0;
    case MODEL_WHO_PENDING:
        return has_approval(check) ? both : 0;
    case MODEL_WHO_SYSTEM:
        return 0;
    case MODEL_WHO_ANYONE:
    case MODEL_WHO_PERSON:
    case MODEL_WHO_DECIDED_BY:
    case MODEL_WHO_CALL:
        return both;
    case MODEL_WHO_ANY_OF:
    default: {
        struct gathering g = { check, state, 0 };

        (void)people_each(who, add_sides, &g);
        return g.sides;
    }
    }
}

int
people_most(const struct check *check, const struct model_who *who, int state)
{
    if (people_sides(check, who, state) == 0)
        return 0;
    return who->kind == MODEL_WHO_OPENER || who->kind == MODEL_WHO_PERSON ? 1 : PEOPLE_MANY;
}

bool
people_within(const struct model_who *who, const struct model_who *other)
{
    bool member = who->kind == MODEL_WHO_ROLE || who->kind == MODEL_WHO_OPENER;

    if (other->kind == MODEL_WHO_ANYONE && member)
        return true;
    if (who->kind != other->kind || who->kind == MODEL_WHO_CALL)
        return false;
    if (who->kind == MODEL_WHO_OPENER || who->kind == MODEL_WHO_OWNER ||
        who->kind == MODEL_WHO_ANYONE || who->kind == MODEL_WHO_PENDING)
        return true;
    return who->name != NULL && other->name != NULL && strcmp(who->name, other->name) == 0;
}

const char *
people_label(const struct model_who *who, char *out, size_t n)
{
    switch (who->kind) {
    case MODEL_WHO_GROUP:
        snprintf(out, n, "group \"%s\"", who->name);
        break;
    case MODEL_WHO_PERSON:
        snprintf(out, n, "person \"%s\"", who->name);
        break;
    case MODEL_WHO_DECIDED_BY:
        snprintf(out, n, "decided_by \"%s\"", who->name);
        break;
    case MODEL_WHO_CALL:
        snprintf(out, n, "the people of a function");
        break;
    default:
        snprintf(out, n, "\"%s\"", who->name != NULL ? who->name : "?");
        break;
    }
    return out;
}
