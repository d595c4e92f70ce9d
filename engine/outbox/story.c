/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries in words, for chats: what the case is, who did what, what was said, and what is asked of
 * whom until when.
 *
 * Made of the entry as the endpoint may see it; of the case's row only its title. A name without a
 * title, and an entry whose version is lost, are told by their names.
 */
#include "story.h"

#include "json.h"
#include "links.h"
#include "team.h"
#include "told.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)1 << 20)

void
outbox_story_deinit(struct outbox_story *story)
{
    free(story->about);
    free(story->link);
    for (int i = 0; i < story->n_lines; i++)
        free(story->lines[i]);
    *story = (struct outbox_story){ 0 };
}

/* ---- texts ---- */

/* Adds a line; the text's memory is let go. One that is empty is none, one too many is left out. */
static enum sgn_status
line_add(struct telling *t, struct sgn_buf *text, struct sgn_error *err)
{
    struct outbox_story *story = t->story;
    bool failed = text->failed, none = text->len == 0 || story->n_lines == OUTBOX_STORY_LINES;
    char *line = none || failed ? NULL : telling_plain(text);

    sgn_buf_deinit(text);
    if (line != NULL)
        story->lines[story->n_lines++] = line;
    return line != NULL || (none && !failed) ? SGN_OK : sgn_nomem(err);
}

/* ---- the lines ---- */

/* "Li Wei for Zhao Min: Submit → Screening" */
static enum sgn_status
tell_what(struct telling *t, struct sgn_error *err)
{
    const char *giver = sgn_json_str(t->view, "on_behalf");
    struct sgn_buf line, actor, behalf;
    enum sgn_status st;

    sgn_buf_init(&line, TEXT_MAX);
    sgn_buf_init(&actor, TEXT_MAX);
    sgn_buf_init(&behalf, TEXT_MAX);
    if (giver == NULL)
        giver = sgn_json_str(telling_ballot(t), "on_behalf");
    st = telling_put_person(t, &actor, sgn_json_str(t->view, "actor"), err);
    if (st == SGN_OK && giver != NULL)
        st = telling_put_person(t, &behalf, giver, err);
    if (giver != NULL)
        (void)sgn_buf_printf(&line, telling_say(t, "%s for %s"), actor.bytes, behalf.bytes);
    else
        (void)sgn_buf_append(&line, actor.bytes, actor.len);
    (void)sgn_buf_puts(&line, telling_say(t, ": "));
    telling_put_what(t, &line);
    line.failed = line.failed || actor.failed || behalf.failed;
    sgn_buf_deinit(&actor);
    sgn_buf_deinit(&behalf);
    if (st == SGN_OK)
        return line_add(t, &line, err);
    sgn_buf_deinit(&line);
    return st;
}

static enum sgn_status
tell_said(struct telling *t, struct sgn_error *err)
{
    const json_t *comment = json_object_get(t->view, "comment");
    const char *said = sgn_json_str(telling_ballot(t), "comment");
    struct sgn_buf line;

    sgn_buf_init(&line, TEXT_MAX);
    if (said == NULL)
        said = json_is_string(comment) ? json_string_value(comment) : sgn_json_str(comment, "text");
    if (said != NULL)
        (void)sgn_buf_printf(&line, "“%s”", said);
    return line_add(t, &line, err);
}

/* How rounds ended. */
static enum sgn_status
tell_rounds(struct telling *t, struct sgn_error *err)
{
    const json_t *round;
    struct sgn_buf line;
    size_t i;

    sgn_buf_init(&line, TEXT_MAX);
    json_array_foreach(json_object_get(t->view, "round"), i, round) {
        const char *outcome = sgn_json_str(json_object_get(round, "ended"), "outcome");

        if (outcome == NULL)
            continue;
        (void)sgn_buf_puts(&line, line.len > 0 ? telling_say(t, "; ") : "");
        (void)sgn_buf_printf(&line, telling_say(t, "Round %lld of %s: %s"),
                             (long long)sgn_json_int(round, "number", 1),
                             telling_state(t, sgn_json_str(round, "approval")),
                             telling_outcome(t, outcome));
    }
    return line_add(t, &line, err);
}

/* ---- who is asked ---- */

static bool
same_waiting(const json_t *a, const json_t *b)
{
    static const char *const members[] = { "kind", "state", "due" };

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (!json_equal(json_object_get(a, members[i]), json_object_get(b, members[i])))
            return false;
    return true;
}

static enum sgn_status
put_asked(const struct telling *t, struct sgn_buf *buf, const json_t *item, struct sgn_error *err)
{
    const char *person = sgn_json_str(item, "person"), *group = sgn_json_str(item, "group");
    const char *role = sgn_json_str(item, "role");

    if (person != NULL)
        return telling_put_person(t, buf, person, err);
    if (group != NULL)
        return telling_put_group(t, buf, group, err);
    (void)sgn_buf_puts(buf, role != NULL ? role : "?");
    return SGN_OK;
}

/* "to act in Screening, due 2026-01-06 18:00" */
static void
put_task(const struct telling *t, struct sgn_buf *buf, const json_t *item)
{
    static const char *const kinds[][2] = {
        { "owner", "to act in %s" },
        { "offer", "to take over %s" },
        { "approval", "to vote in %s" },
    };
    const char *kind = sgn_json_str(item, "kind"), *due = sgn_json_str(item, "due");
    const char *said = "to answer in %s";

    for (size_t i = 0; kind != NULL && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i][0], kind) == 0)
            said = kinds[i][1];
    (void)sgn_buf_printf(buf, telling_say(t, said), telling_state(t, sgn_json_str(item, "state")));
    if (due != NULL && strlen(due) >= 16) /* of RFC 3339 the day and the time, in the team's zone */
        (void)sgn_buf_printf(buf, "%s%.10s %.5s", telling_say(t, ", due "), due, due + 11);
}

/* A line for all of whom the same is asked. */
static enum sgn_status
tell_asked(struct telling *t, struct sgn_error *err)
{
    const json_t *list = json_object_get(t->view, "waiting");
    size_t n = json_array_size(list), i = 0;
    enum sgn_status st = SGN_OK;

    while (st == SGN_OK && i < n) {
        const json_t *first = json_array_get(list, i);
        struct sgn_buf line;
        const char *between = "";

        sgn_buf_init(&line, TEXT_MAX);
        for (; st == SGN_OK && i < n && same_waiting(first, json_array_get(list, i)); i++) {
            (void)sgn_buf_puts(&line, between);
            st = put_asked(t, &line, json_array_get(list, i), err);
            between = telling_say(t, ", ");
        }
        (void)sgn_buf_puts(&line, telling_say(t, ": "));
        put_task(t, &line, first);
        if (st == SGN_OK)
            st = line_add(t, &line, err);
        else
            sgn_buf_deinit(&line);
    }
    return st;
}

/* ---- the story ---- */

/* "CR-1 Export"; of the team, its title. */
static enum sgn_status
tell_about(struct telling *t, const struct outbox_message *message, const json_t *team_title,
           struct sgn_error *err)
{
    const char *title = NULL;
    struct sgn_buf about;

    if (t->model != NULL && message->document != NULL)
        title = json_string_value(lane_case_title(t->model, message->document, t->for_client));
    sgn_buf_init(&about, TEXT_MAX);
    if (message->subject[0] != '\0')
        (void)sgn_buf_printf(&about, "%s%s%s", message->subject, title != NULL ? " " : "",
                             title != NULL ? title : "");
    else
        (void)sgn_buf_puts(&about, model_title(team_title, t->language, message->team));
    t->story->about = about.failed ? NULL : telling_plain(&about);
    sgn_buf_deinit(&about);
    return t->story->about != NULL ? SGN_OK : sgn_nomem(err);
}

/* A room has many readers: no sign-off link, which is one person's, but where each of them acts
 * under their own name. */
static enum sgn_status
tell_where(struct telling *t, const struct outbox_message *message, struct sgn_error *err)
{
    const struct lane *lane = t->endpoint->team->outbox->options.lane;
    json_t *url;
    bool none;

    if (message->subject[0] == '\0')
        return SGN_OK;
    url = lane_case_url(lane, message->subject, t->for_client);
    if (json_is_string(url))
        t->story->link = strdup(json_string_value(url));
    none = json_is_null(url);
    json_decref(url);
    return none || t->story->link != NULL ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
tell_test(struct telling *t, struct sgn_error *err)
{
    struct sgn_buf line;

    sgn_buf_init(&line, TEXT_MAX);
    (void)sgn_buf_printf(&line, telling_say(t, "a test of deliveries to %s"), t->endpoint->key);
    return line_add(t, &line, err);
}

/* Words are an addition: only what may be there the next time ends it. */
static enum sgn_status
model_of(struct telling *t, struct sgn_error *err)
{
    struct outbox_team *team = t->endpoint->team;
    const char *rules = sgn_json_str(t->view, "rules");
    enum sgn_status st = SGN_OK;

    if (rules != NULL)
        st = lane_model(team->outbox->options.lane, team->outbox->options.reader, team->name, rules,
                        &t->model, err);
    if (st == SGN_OK || st == SGN_NOMEM || st == SGN_UNAVAILABLE)
        return st;
    sgn_error_clear(err);
    return SGN_OK;
}

static enum sgn_status
tell(struct telling *t, struct outbox_message *message, const struct model_team *team,
     struct sgn_error *err)
{
    const char *language = sgn_json_str(t->endpoint->row, "language");
    enum sgn_status st = model_of(t, err);

    t->language = language != NULL ? language : team != NULL ? team->language : "en";
    if (st == SGN_OK)
        st = tell_about(t, message, team != NULL ? team->title : NULL, err);
    if (st == SGN_OK && message->seq == 0)
        return tell_test(t, err);
    if (st == SGN_OK)
        st = tell_where(t, message, err);
    if (st == SGN_OK)
        st = tell_what(t, err);
    if (st == SGN_OK)
        st = tell_said(t, err);
    if (st == SGN_OK)
        st = tell_rounds(t, err);
    return st == SGN_OK ? tell_asked(t, err) : st;
}

enum sgn_status
outbox_story_read(struct outbox_endpoint *endpoint, struct outbox_message *message,
                  struct sgn_error *err)
{
    struct lane *lane = endpoint->team->outbox->options.lane;
    const struct lane_site *site = lane_site_ref(lane);
    const struct lane_team *team = site != NULL ? lane_site_team(site, endpoint->team->name) : NULL;
    struct telling t = { .endpoint = endpoint,
                         .view = message->view,
                         .for_client = !outbox_sees_internal(endpoint),
                         .story = &message->story };
    enum sgn_status st = tell(&t, message, team != NULL ? team->team : NULL, err);

    lane_site_free(lane, site);
    model_free(t.model);
    return st;
}
