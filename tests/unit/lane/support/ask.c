/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See world.h: asking the lane for things.
 */
#include "hash.h"
#include "world.h"

#define TURNS_MAX 3000

enum sgn_status
run_edit(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return lane_command(run, job, CORE_EDIT, err);
}

enum sgn_status
run_comment(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return lane_command(run, job, CORE_COMMENT, err);
}

enum sgn_status
run_assign(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return lane_command(run, job, CORE_ASSIGN, err);
}

enum sgn_status
run_retry(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    return lane_command(run, job, CORE_RETRY, err);
}

enum sgn_status
run_put(struct lane_run *run, struct lane_job *job, struct sgn_error *err)
{
    const char *name = sgn_json_str(job->params, "table");
    const json_t *row = json_object_get(job->params, "row");

    for (int i = 0; i < STORE_TABLES; i++)
        if (strcmp(store_table((enum store_table)i)->name, name) == 0) {
            enum sgn_status st = lane_row_put(run, (enum store_table)i, row, err);

            return st == SGN_OK ? lane_data_entry(run, job->params, err) : st;
        }
    return sgn_fail(err, SGN_INVALID, "no table %s", name);
}

void
reply_done(struct lane_job *job)
{
    struct reply *reply = job->ctx;

    reply->times++;
    reply->order = ++reply->world->n_answers;
    reply->status = job->status;
    snprintf(reply->message, sizeof reply->message, "%s", job->error.message);
    reply->data = json_incref(job->error.data);
    reply->result = json_incref(job->result);
    lane_job_free(job);
}

void
assert_reply_at(const struct reply *reply, enum sgn_status want, const char *file, int line)
{
    if (reply->status == want && reply->times == 1)
        return;
    print_error("%s:%d: answered %d times, %s (%s); expected %s\n", file, line, reply->times,
                sgn_status_code(reply->status), reply->message, sgn_status_code(want));
    fail();
}

static void
digest(struct lane_job *job)
{
    json_t *request = json_pack("{s:s, s:s, s:O}", "method", job->method, "case", job->case_key,
                                "params", job->params);

    assert_int_equal(sgn_hash_json(SGN_HASH_REQUEST, request, job->request_digest, NULL), SGN_OK);
    json_decref(request);
}

struct reply *
world_submit(struct world *w, const struct ask *ask)
{
    struct lane_job *job = lane_job_new();
    struct reply *reply = calloc(1, sizeof *reply);
    struct sgn_error err = { 0 };
    enum sgn_status st;

    reply->world = w;
    reply->next = w->replies;
    w->replies = reply;
    job->run = ask->run;
    job->done = reply_done;
    job->ctx = reply;
    job->connection = ask->connection;
    snprintf(job->team, sizeof job->team, "%s", ask->team != NULL ? ask->team : "demo");
    snprintf(job->person, sizeof job->person, "%s", ask->person != NULL ? ask->person : "");
    snprintf(job->token, sizeof job->token, "%s", ask->token != NULL ? ask->token : "");
    snprintf(job->case_key, sizeof job->case_key, "%s", ask->key != NULL ? ask->key : "");
    snprintf(job->request, sizeof job->request, "%s", ask->request != NULL ? ask->request : "");
    snprintf(job->language, sizeof job->language, "en");
    job->is_operator = ask->person == NULL;
    job->access = ask->access;
    if (ask->access == 0)
        job->access = ask->person == NULL ? CORE_OPERATOR : CORE_PERSON;
    job->channel = "line";
    job->method = ask->method;
    job->params = quoted(ask->params != NULL ? ask->params : "{}");
    job->at = ask->at != 0 ? ask->at : sgn_clock_now(&w->clock);
    digest(job);
    st = lane_submit(w->lane, job, &err);
    if (st != SGN_OK) { /* refused at the door: done is never called */
        reply->times = 1;
        reply->status = st;
        snprintf(reply->message, sizeof reply->message, "%s", err.message);
        lane_job_free(job);
    }
    sgn_error_clear(&err);
    return reply;
}

int
world_turns(struct world *w, int n)
{
    int finished = 0;

    while (n-- > 0)
        finished += lane_turn(w->lane);
    return finished;
}

struct reply *
world_ask(struct world *w, const struct ask *ask)
{
    struct reply *reply = world_submit(w, ask);

    for (int i = 0; i < TURNS_MAX && reply->times == 0; i++)
        (void)lane_turn(w->lane);
    if (reply->times == 0)
        fail_msg("%s was not answered in %d turns", ask->method, TURNS_MAX);
    return reply;
}

void
world_settle(struct world *w)
{
    int quiet = 0;

    for (int i = 0; i < TURNS_MAX && quiet < 4; i++) {
        int64_t before = world_head(w);

        (void)lane_turn(w->lane);
        quiet = world_head(w) == before && w->rules->ops->pending(w->rules) == 0 ? quiet + 1 : 0;
    }
}

struct reply *
world_open(struct world *w, const char *person, const char *fields)
{
    char params[1024];

    snprintf(params, sizeof params, "{'workflow': 'ticket', 'project': 'erp', 'fields': %s}",
             fields);
    return world_ask(
        w, &(struct ask){
               .person = person, .run = lane_case_open, .method = "case.open", .params = params });
}

struct reply *
submit_fire(struct world *w, const char *person, const char *key, const char *event)
{
    char params[256];

    snprintf(params, sizeof params, "{'event': '%s'}", event);
    return world_submit(w, &(struct ask){ .person = person,
                                          .run = lane_case_fire,
                                          .method = "case.fire",
                                          .params = params,
                                          .key = key });
}

struct reply *
submit_person(struct world *w, const char *team)
{
    return world_submit(w, &(struct ask){ .run = run_put,
                                          .method = "person.update",
                                          .team = team,
                                          .params = "{'table': 'person', 'row': {'person': 'new', "
                                                    "'lead': true, 'active': true}}" });
}

struct ask
ask_count(void)
{
    return (struct ask){ .person = "li",
                         .run = lane_case_fire,
                         .method = "case.fire",
                         .params = "{'event': 'count'}",
                         .key = "TK-1",
                         .request = "r1" };
}

struct reply *
world_fire(struct world *w, const char *person, const char *key, const char *event)
{
    char params[256];

    snprintf(params, sizeof params, "{'event': '%s'}", event);
    return world_ask(w, &(struct ask){ .person = person,
                                       .run = lane_case_fire,
                                       .method = "case.fire",
                                       .params = params,
                                       .key = key });
}

struct reply *
world_advance(struct world *w, const char *by)
{
    char params[128];

    snprintf(params, sizeof params, "{'by': '%s'}", by);
    return world_ask(w, &(struct ask){ .person = "li",
                                       .run = lane_clock_advance,
                                       .method = "clock.advance",
                                       .params = params,
                                       .access = CORE_LEAD | CORE_OPERATOR });
}

json_t *
fired(const struct reply *reply)
{
    assert_done(reply);
    return json_object_get(reply->result, "fired");
}
