/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages as their persons may read them now: a right that was taken away since is gone for what
 * comes late as well.
 */
#include "told.h"

#include "json.h"
#include <stdlib.h>
#include <string.h>

enum sgn_status
lane_person_sight(struct lane *lane, struct store_reader *reader, const char *team,
                  const json_t *person, const json_t *document, enum core_sight *out,
                  struct sgn_error *err)
{
    const char *rules = sgn_json_str(document, "rules");
    const char *project = sgn_json_str(document, "project");
    struct model *model = NULL;
    json_t *fact = NULL, *delegations = NULL;
    char project_key[SGN_KEY_MAX + 16], person_key[SGN_KEY_MAX + 16];
    enum sgn_status st;

    *out = CORE_SEES_ALL;
    /* Asking for the team's own people would need the model and the project of every case for one
     * known answer. */
    if (sgn_json_str(person, "client") == NULL)
        return SGN_OK;
    sgn_text_join(project_key, sizeof project_key, "project:", project != NULL ? project : "");
    sgn_text_join(person_key, sizeof person_key, "delegation:", sgn_json_str(person, "person"));
    st = lane_model(lane, reader, team, rules != NULL ? rules : "", &model, err);
    if (st == SGN_OK)
        st = lane_fact_read(lane, reader, team, project_key, &fact, err);
    if (st == SGN_OK)
        st = lane_fact_read(lane, reader, team, person_key, &delegations, err);
    if (st == SGN_OK)
        *out =
            core_sight(model, person, fact, document, delegations, sgn_clock_now(lane_clock(lane)));
    model_free(model);
    json_decref(delegations);
    json_decref(fact);
    return st;
}

/* Fields in the order of the workflow's text: its author put first what the case is about. */
json_t *
lane_case_title(const struct model *model, const json_t *document, bool for_client)
{
    json_t *title = NULL;

    for (int i = 0; title == NULL && i < model->n_fields; i++) {
        const struct model_field *field = &model->fields[i];

        if (field->type == MODEL_TEXT && (field->shared || !for_client))
            title = json_object_get(json_object_get(document, "fields"), field->name);
    }
    return title;
}

void
lane_told_deinit(struct lane_told *told)
{
    free(told->text);
    free(told->title);
    *told = (struct lane_told){ 0 };
}

/* The case that a message is about, with the version it goes by. */
static enum sgn_status
read_case(struct lane *lane, struct store_reader *reader, const char *team, const json_t *person,
          const char *key, json_t **document, struct model **model, struct sgn_error *err)
{
    struct store_case_row row = { 0 };
    enum core_sight sight = CORE_SEES_NOTHING;
    enum sgn_status st = store_case_get(reader, team, key, &row, err);

    if (st == SGN_OK)
        st = sgn_json_parse(row.document, strlen(row.document), document, err);
    if (st == SGN_OK)
        st = lane_person_sight(lane, reader, team, person, *document, &sight, err);
    if (st == SGN_OK && sight == CORE_SEES_NOTHING)
        st = sgn_fail(err, SGN_NOT_FOUND, "there is no case %.40s", key);
    if (st == SGN_OK)
        st = lane_model(lane, reader, team, sgn_json_str(*document, "rules"), model, err);
    store_case_row_deinit(&row);
    return st;
}

static enum sgn_status
add_name(struct store_reader *reader, const char *team, const json_t *key, json_t *names,
         struct sgn_error *err)
{
    json_t *by = json_pack("{s:O}", "person", key), *row = NULL;
    enum sgn_status st = SGN_OK;
    const char *title;

    if (!json_is_string(key)) {
        json_decref(by);
        return SGN_OK;
    }
    st = by != NULL ? store_row_get(reader, STORE_PERSON, team, by, &row, err) : sgn_nomem(err);
    st = sgn_if_any(st, err);
    title = sgn_json_str(row, "title");
    if (st == SGN_OK && title != NULL && title[0] != '\0' &&
        json_object_set_new(names, json_string_value(key), json_string(title)) != 0)
        st = sgn_nomem(err);
    json_decref(by);
    json_decref(row);
    return st;
}

enum sgn_status
lane_told_names(struct store_reader *reader, const char *team, const json_t *said, json_t **out,
                struct sgn_error *err)
{
    const json_t *person;
    size_t i;
    enum sgn_status st;

    *out = json_object();
    st = *out != NULL ? SGN_OK : sgn_nomem(err);
    if (st == SGN_OK)
        st = add_name(reader, team, json_object_get(said, "person"), *out, err);
    if (st == SGN_OK)
        st = add_name(reader, team, json_object_get(said, "stand_in"), *out, err);
    json_array_foreach(json_object_get(said, "people"), i, person)
        if (st == SGN_OK)
            st = add_name(reader, team, person, *out, err);
    if (st != SGN_OK) {
        json_decref(*out);
        *out = NULL;
    }
    return st;
}

enum sgn_status
lane_told_read(struct lane *lane, struct store_reader *reader, const char *team,
               const json_t *person, const json_t *row, const char *language, struct lane_told *out,
               struct sgn_error *err)
{
    const char *key = sgn_json_str(row, "case"), *text = sgn_json_str(row, "text"), *title = NULL;
    struct lane_message_scene scene = { .language = language,
                                        .kind = sgn_json_str(row, "kind"),
                                        .for_client = sgn_json_str(person, "client") != NULL };
    json_t *document = NULL, *said = NULL, *names = NULL;
    struct model *model = NULL;
    enum sgn_status st =
        key != NULL ? read_case(lane, reader, team, person, key, &document, &model, err) : SGN_OK;

    if (st == SGN_OK && model != NULL)
        title = json_string_value(lane_case_title(model, document, scene.for_client));
    if (st == SGN_OK && (text == NULL || sgn_json_parse(text, strlen(text), &said, NULL) != SGN_OK))
        said = json_object();
    if (st == SGN_OK)
        st = lane_told_names(reader, team, said, &names, err);
    if (st == SGN_OK) {
        scene.said = said;
        scene.names = names;
        scene.document = document;
        scene.model = model;
        scene.title = title;
        out->text = lane_message_text(&scene);
        out->title = title != NULL ? strdup(title) : NULL;
        if (out->text == NULL || (title != NULL && out->title == NULL))
            st = sgn_nomem(err);
    }
    json_decref(document);
    json_decref(said);
    json_decref(names);
    model_free(model);
    return st;
}
