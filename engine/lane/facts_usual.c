/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which facts a decision begins with, so that it is decided in one go: those that nearly all need,
 * and those that decisions like it have asked for before.
 */
#include "json.h"
#include "lane_internal.h"
#include <string.h>

#define WANTED_MOST 64 /* facts that a decision is given before it asks */

static enum sgn_status
put_fact(struct lane_run *run, json_t *facts, const char *key, struct sgn_error *err)
{
    const json_t *value;
    enum sgn_status st = lane_fact(run, key, &value, err);

    if (st == SGN_OK && json_object_set(facts, key, (json_t *)value) != 0)
        st = sgn_nomem(err);
    return st;
}

static enum sgn_status
read_usual(struct lane_run *run, const char *project, const char *person, json_t *facts,
           struct sgn_error *err)
{
    char key[16 + SGN_KEY_MAX];
    enum sgn_status st = put_fact(run, facts, "team", err);

    if (st == SGN_OK && project != NULL) {
        sgn_text_join(key, sizeof key, "project:", project);
        st = put_fact(run, facts, key, err);
    }
    if (st == SGN_OK && person != NULL) {
        sgn_text_join(key, sizeof key, "person:", person);
        st = put_fact(run, facts, key, err);
    }
    return st;
}

/* Kept together with the facts they are made of, and dropped with them: most commands are of the
 * same few persons in the same few projects. */
enum sgn_status
lane_usual_facts(struct lane_run *run, const struct core_command *command, const json_t *row,
                 json_t **out, struct sgn_error *err)
{
    const char *project = row != NULL ? sgn_json_str(row, "project") : command->project;
    const char *person = strcmp(command->actor, "system") != 0 ? command->actor : NULL;
    json_t *kept = run->lane->facts;
    bool keep = lane_facts_settled(run);
    char name[LANE_KEY_TEXT];
    enum sgn_status st;

    /* Names of keys alone: no fact is called so, each has a colon or no stroke. */
    keep = keep && (project == NULL || sgn_key_valid(project));
    if (keep)
        (void)lane_key(name, run->team, project != NULL ? project : "",
                       person != NULL ? person : "");
    *out = keep ? json_incref(json_object_get(kept, name)) : NULL;
    if (*out != NULL)
        return SGN_OK;
    *out = json_object();
    st = *out != NULL ? read_usual(run, project, person, *out, err) : sgn_nomem(err);
    if (st == SGN_OK && keep)
        (void)json_object_set(kept, name, *out);
    return st;
}

/* Adds facts to those that a decision has, which may be others' too. */
enum sgn_status
lane_facts_more(struct lane_run *run, json_t **facts, const json_t *keys, struct sgn_error *err)
{
    json_t *own = json_copy(*facts);

    json_decref(*facts);
    *facts = own;
    return own != NULL ? lane_facts_fill(run, own, keys, err) : sgn_nomem(err);
}

/* Of many decisions that are alike each begins with what those before it asked for: what is asked
 * for in the middle lets a decision begin again. Only what is at hand is taken, and little of it.
 */
void
lane_facts_want(struct lane_run *run, const json_t *asked)
{
    const json_t *key;
    size_t i;

    json_array_foreach(asked, i, key)
        if (json_array_size(run->wanted) < WANTED_MOST && lane_fact_keeps(json_string_value(key)))
            (void)json_array_append(run->wanted, (json_t *)key);
}
