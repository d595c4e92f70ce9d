/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a mail leads: sign-off links, pages of cases, and links that sign somebody in.
 *
 * The lane makes the first, and this thread waits: it has nothing else to do before the mail is
 * whole.
 */
#include "links.h"
#include "mail_internal.h"

#include <stdlib.h>
#include <string.h>

static void
offered(struct lane_job *job)
{
    struct outbox_mails *mails = job->ctx;

    sgn_queue_push(mails->offered, &job->node);
}

static struct lane_job *
job_new(struct mail_box *box, const char *case_key)
{
    struct outbox_mails *mails = box->team->mails;
    struct lane_job *job = lane_job_new();

    if (job == NULL)
        return NULL;
    sgn_text_copy(job->team, sizeof job->team, box->team->name);
    sgn_text_copy(job->case_key, sizeof job->case_key, case_key);
    job->run = lane_link_offer;
    job->done = offered;
    job->ctx = mails;
    job->channel = "engine";
    job->method = "link.offer";
    job->at = sgn_clock_now(lane_clock(mails->options.lane));
    job->params = json_pack("{s:s, s:s}", "case", case_key, "person", box->person);
    if (job->params != NULL && lane_submit(mails->options.lane, job, NULL) == SGN_OK)
        return job;
    lane_job_free(job);
    return NULL;
}

json_t *
mail_enter(struct mail_box *box, const json_t *row)
{
    const char *kind = sgn_json_str(row, "kind"), *text = sgn_json_str(row, "text");
    json_t *said = NULL, *url = NULL;

    if (kind != NULL && strcmp(kind, "login") == 0 && text != NULL &&
        sgn_json_parse(text, strlen(text), &said, NULL) == SGN_OK &&
        sgn_json_str(said, "link") != NULL)
        url = lane_login_url(box->team->mails->options.lane, sgn_json_str(said, "link"));
    json_decref(said);
    if (json_is_string(url))
        return url;
    json_decref(url);
    return json_string("");
}

json_t *
mail_link(struct mail_box *box, const char *case_key)
{
    struct outbox_mails *mails = box->team->mails;
    struct sgn_node *node = NULL;
    json_t *url = NULL;

    if (!mails->options.links || case_key == NULL || job_new(box, case_key) == NULL)
        return json_string("");
    while (node == NULL) /* the lane answers every job, also when it stops */
        node = sgn_queue_take_all(mails->offered, -1);
    {
        struct lane_job *job = SGN_CONTAINER(node, struct lane_job, node);

        if (job->status == SGN_OK && sgn_json_str(job->result, "url") != NULL)
            url = json_string(sgn_json_str(job->result, "url"));
        lane_job_free(job);
    }
    return url != NULL ? url : json_string("");
}

/* A text for what may be null. */
static json_t *
text_of(json_t *url_take)
{
    if (json_is_string(url_take))
        return url_take;
    json_decref(url_take);
    return json_string("");
}

json_t *
mail_page(const struct mail_box *box, const json_t *person, const char *case_key)
{
    return text_of(case_key != NULL ? lane_case_url(box->team->mails->options.lane, case_key,
                                                    sgn_json_str(person, "client") != NULL)
                                    : NULL);
}

json_t *
mail_settings(const struct mail_box *box, const json_t *person)
{
    return text_of(lane_preferences_url(box->team->mails->options.lane,
                                        sgn_json_str(person, "client") != NULL));
}
