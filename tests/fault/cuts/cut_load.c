/* SPDX-License-Identifier: Apache-2.0 */
/* See cut_load.h. */
#include "cut_load.h"

#include "json.h"
#include "store.h"
#include <stdio.h>
#include <string.h>

struct act {
    struct cut_load *load;
    int person;
    char id[24];
    char key[24]; /* of a job, or "" */
};

static struct cut_request *
ask(const struct act *act, const char *method, json_t *params_take)
{
    act->load->asked++;
    return cut_site_ask(act->load->site, act->person, method, params_take, act->id);
}

/* ---- what there is ---- */

/* A job that its opener was told of. */
static bool
choose_job(struct act *act)
{
    const char *keys[CUT_JOBS * 2];
    int n = 0;

    for (const struct cut_request *r = act->load->site->requests; r != NULL; r = r->next)
        if (strcmp(r->method, "case.open") == 0 && r->answer == CUT_DONE && n < CUT_JOBS * 2)
            keys[n++] = sgn_json_str(r->result, "case");
    act->key[0] = '\0';
    if (n == 0)
        return false;
    snprintf(act->key, sizeof act->key, "%s", keys[cut_random_below(act->load->random, n)]);
    return true;
}

static int
count_jobs(const struct cut_site *site)
{
    int n = 0;

    for (const struct cut_request *r = site->requests; r != NULL; r = r->next)
        n += strcmp(r->method, "case.open") == 0 && r->answer != CUT_REFUSED;
    return n;
}

/* ---- cases ---- */

static void
open_job(const struct act *act)
{
    (void)ask(act, "case.open",
              json_pack("{s:s, s:s, s:{s:s, s:s}, s:s}", "workflow", "job", "project", CUT_PROJECT,
                        "fields", "mark", act->id, "subject", "s0", "comment", act->id));
}

static void
fire(const struct act *act, const char *event)
{
    (void)ask(act, "case.fire",
              json_pack("{s:s, s:s, s:s}", "case", act->key, "event", event, "comment", act->id));
}

static void
amend(const struct act *act)
{
    char subject[16];

    snprintf(subject, sizeof subject, "s%d", cut_random_below(act->load->random, 1000));
    (void)ask(act, "case.fire",
              json_pack("{s:s, s:s, s:s, s:{s:s}}", "case", act->key, "event", "amend", "comment",
                        act->id, "data", "subject", subject));
}

static void
comment(const struct act *act)
{
    (void)ask(act, "case.comment", json_pack("{s:s, s:s}", "case", act->key, "text", act->id));
}

/* As a person does: looks at the case, and votes on what they saw. */
static void
vote(const struct act *act)
{
    static const char *const choices[] = { "approve", "approve", "reject", "abstain" };
    struct cut_site *site = act->load->site;
    struct cut_request *look =
        cut_site_ask(site, act->person, "case.get", json_pack("{s:s}", "case", act->key), "");
    const char *digest = NULL;

    if (cut_site_wait(site, look) && look->answer == CUT_DONE)
        digest =
            sgn_json_str(json_array_get(json_object_get(look->result, "approvals"), 0), "digest");
    if (cut_disk_is_dead(site->cut->disk))
        return;
    if (digest == NULL) /* nothing is to be decided */
        fire(act, "ask");
    else
        (void)ask(act, "approval.vote",
                  json_pack("{s:s, s:s, s:s, s:s}", "case", act->key, "choice",
                            choices[cut_random_below(act->load->random, 4)], "comment", act->id,
                            "digest", digest));
}

static void
withdraw(const struct act *act)
{
    (void)ask(act, "approval.withdraw", json_pack("{s:s}", "case", act->key));
}

/* ---- the lead's ---- */

static void
advance(struct act *act)
{
    char by[24];

    act->person = CUT_PERSONS - 1;
    snprintf(by, sizeof by, "%d seconds", 1 + cut_random_below(act->load->random, 3));
    (void)ask(act, "clock.advance", json_pack("{s:s}", "by", by));
}

static void
change_data(struct act *act)
{
    act->person = CUT_PERSONS - 1;
    switch (cut_random_below(act->load->random, 5)) {
    case 0:
        (void)ask(act, "person.update",
                  json_pack("{s:s, s:s}", "person", cut_person_name(0), "title", act->id));
        break;
    case 1:
        (void)ask(act, "client.create",
                  json_pack("{s:s, s:s}", "client", act->id, "title", act->id));
        break;
    case 2: /* who may vote is another one: a sweep over the open cases */
    case 3:
        (void)ask(act,
                  cut_random_percent(act->load->random, 50) ? "project.member.add"
                                                            : "project.member.remove",
                  json_pack("{s:s, s:s, s:s}", "project", CUT_PROJECT, "person", cut_person_name(2),
                            "role", "voter"));
        break;
    default:
        (void)ask(act, "project.update",
                  json_pack("{s:s, s:s}", "project", CUT_PROJECT, "title", act->id));
    }
}

/* ---- one after another ---- */

static void
act_once(struct cut_load *load)
{
    struct act act = { .load = load, .person = cut_random_below(load->random, CUT_PERSONS - 1) };
    int jobs = count_jobs(load->site), what = cut_random_below(load->random, 100);

    snprintf(act.id, sizeof act.id, "r%d", load->site->n_requests);
    if (jobs == 0 || (jobs < CUT_JOBS && what < 20) || !choose_job(&act))
        open_job(&act);
    else if (what < 35)
        vote(&act);
    else if (what < 50)
        fire(&act, "ask");
    else if (what < 62)
        fire(&act, "spin");
    else if (what < 70)
        amend(&act);
    else if (what < 78)
        comment(&act);
    else if (what < 82)
        withdraw(&act);
    else if (what < 92)
        advance(&act);
    else
        change_data(&act);
}

void
cut_load_idle(struct cut_load *load)
{
    load->idles++;
    while (!cut_disk_is_dead(load->site->cut->disk) && store_idle(load->site->server.store))
        ;
}

void
cut_load_restart(struct cut_load *load)
{
    struct sgn_error err = { 0 };

    load->restarts++;
    cut_site_stop(load->site);
    if (cut_site_start(load->site, &err) != SGN_OK && !cut_disk_is_dead(load->site->cut->disk))
        fprintf(stderr, "after a stop in good order: %s\n", err.message);
    sgn_error_clear(&err);
}

void
cut_load_step(struct cut_load *load)
{
    int what = cut_random_below(load->random, 100);
    int n = what < 60 ? 1 : 1 + cut_random_below(load->random, 8);

    if (what < 6) {
        cut_load_idle(load);
        return;
    }
    if (what == 99) {
        cut_load_restart(load);
        return;
    }
    while (n-- > 0 && !cut_disk_is_dead(load->site->cut->disk))
        act_once(load);
    if (what < 70) {
        cut_site_settle(load->site);
        return;
    }
    load->turns++;
    if (!cut_disk_is_dead(load->site->cut->disk))
        cut_site_turn(load->site);
}
