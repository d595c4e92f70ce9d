/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the lane share.
 *
 * Two levels of staging: a run (one job) gathers its own rows and at most one entry; when its
 * job succeeds they are merged into the batch, which every later job of the turn sees; when it
 * fails they are dropped. The batch is written by one commit.
 *
 * Maps are JSON objects with text keys; only the lane thread touches them.
 */
#ifndef LANE_INTERNAL_H
#define LANE_INTERNAL_H

#include "cases.h"
#include "entry.h"
#include "flows.h"
#include "lane.h"
#include "log.h"
#include "pace.h"
#include "text.h"
#include <pthread.h>

#define LANE_CACHED_FACTS 20000
#define LANE_CHAIN_MAX    20
#define LANE_KEY_TEXT     192
#define LANE_MODEL_PLACES 256 /* a power of two */

/* An entry waiting for the commit. */
struct lane_entry {
    struct lane_entry *next;
    char team[SGN_KEY_MAX + 1];
    char actor[SGN_KEY_MAX + 1];
    char on_behalf[SGN_KEY_MAX + 1]; /* "" for null */
    const char *channel, *kind;      /* static */
    char client[SGN_KEY_MAX + 1];    /* of the case's project; "" for none */
    json_t *row;                     /* the case's new row; NULL for data, and once it is merged */
    json_t *shared, *internal;       /* NULL once it is merged: sealed has their texts */
    char case_key[48];               /* when merged; "": of no case */
    char request[65], request_digest[65];
    int64_t seq, at;
    int64_t decided_at; /* the command's time; at is never before the team's last entry */
    int64_t case_seq;   /* when merged */
    int64_t previous;   /* number of the case's entry before; 0 */
    bool opens_or_ends, has_effects;
    struct store_erasure *erasures; /* what it takes out of others; n_erasures of its team */
    int n_erasures;
    struct entry sealed; /* when merged */
};

/* A data row waiting for the commit. */
struct lane_put {
    struct lane_put *next;
    enum store_table table;
    char team[SGN_KEY_MAX + 1];
    json_t *row;
    bool remove;
};

struct lane_run {
    struct lane *lane;
    struct lane_job *job;
    int64_t now;
    const char *team; /* the one it acts on */
    json_t *caller;   /* person row or NULL */
    json_t *overlay;  /* {table/team/key: row or null} of this run; NULL: nothing is put yet */
    json_t *borrowed; /* [..] values lent to the run function */
    struct lane_put *puts, **puts_end;
    bool touches_facts; /* its puts change what facts are read from */
    bool touches_site;  /* it puts site-wide rows */
    struct lane_entry *entry;
    const json_t *takes; /* of an opening tried out, lent to the run: see core_decision */
    json_t *wanted; /* [key] of facts that decisions like it asked for; borrowed; NULL: none kept */
};

/* A job that waits for answers of the rules, or has some already. */
struct lane_parked {
    struct core_answers answers; /* also those that are still to come */
    int owed;                    /* answers that have not come */
    int rounds;
    int64_t asked_ns, wait_ns;        /* since when it is owed something, and for how long before */
    json_t *loaded;                   /* answer of a reload: {"value"} or {"error"} */
    struct lane_rehearsal *rehearsal; /* how far workflow.rehearse has come, see rehearse.c */
    bool starved;                     /* memory ran out for its answers: they are not to be used */
};

/* Where a batch is on its way to be durable, see commits.c. */
enum lane_stage {
    LANE_STAGED,
    LANE_ASKED, /* for its team's head */
    LANE_MOVED, /* by another node: it is to be decided again */
    LANE_SENT,
    LANE_ENDED /* its status stands */
};

/*
 * What one commit is going to carry. Where the store commits many teams at once, there is one for
 * all of them (team ""). Where a commit carries one team, each team has its own, and what belongs
 * to none has that of team "", which is committed last.
 */
struct lane_batch {
    struct lane_batch *next;
    char team[SGN_KEY_MAX + 1];
    struct lane_entry *entries, **entries_end;
    struct lane_put *puts, **puts_end;
    json_t *overlay;                           /* {table/team/key: row or null} */
    struct lane_cases cases;                   /* those that it changes, as it leaves them */
    json_t *heads;                             /* {team: {"seq","hash","at"}}, predicted */
    json_t *requests;                          /* {team/person/request: number of its entry} */
    struct sgn_node *finished, **finished_end; /* jobs to answer */
    bool touches_facts;
    struct lane_unit *unit; /* sent, and not waited for yet */
    int64_t asked_at;       /* when its head was asked for, monotonic */
    enum lane_stage stage;
    bool held;              /* it takes a way of the store: its head is held or asked for */
    bool leased;            /* some of it is the team's work, which needs the lease */
    bool work_lost;         /* such work was dropped when its jobs were decided again */
    int overtaken;          /* another node wrote first: its jobs were decided so often again */
    enum sgn_status status; /* of its commit */
    struct sgn_error why;
    int n_entries, n_finished;
    int n_stuck; /* more cases are stuck than before it */
};

/* An effect on a case that waits to be carried out. */
struct lane_effect {
    struct lane_effect *next;
    char team[SGN_KEY_MAX + 1];
    char case_key[48]; /* of the entry that asks for it; "": a schedule's */
    int64_t seq, at;   /* of that entry */
    int n, depth;
    json_t *effect;
    /* The cause its command names: seq and n, but of an earlier entry when it is tried again. */
    int64_t cause_seq;
    int cause_n;
};

/* A call of the rules on its way out; whose job asked may be gone by then, so it owns its names. */
struct lane_call {
    uint64_t id;
    struct core_call call;
    char team[SGN_KEY_MAX + 1];
    char digest[65];
};

/* A version whose figures are kept, see profile.h. */
struct lane_profile_place {
    int at;
    uint32_t born; /* 0: nowhere */
};

/* Who is owed the answer of a call that is under way. */
struct lane_asker {
    struct lane_job *job; /* NULL: nobody, the place is free */
    int answer, then;     /* places in its answers; answer -1: of a load; then -1: no function */
    int function, behind; /* what is called, and what behind it; 0: nothing */
    struct lane_profile_place place;
    uint32_t times; /* how often the place was taken */
    int next;       /* of a free place the next one; -1: none */
};
struct lane_askers {
    struct lane_asker *items;
    int max, owed, free;
};

/* How many jobs of a team wait for its rules. */
struct lane_waits {
    char team[SGN_KEY_MAX + 1];
    int parked; /* nothing else keeps them */
    int ahead;  /* asked already, behind others of their connection */
};

struct lane {
    struct lane_options options;
    struct store_reader *reader; /* the writer's own */
    json_t *store;               /* what it is; never written again */
    struct lane_flows *inbox;
    struct sgn_thread *thread;
    struct lane_flows *queries;
    struct sgn_thread *query_threads[LANE_QUERY_THREADS];
    struct lane_query_thread *query_state;
    pthread_mutex_t gate;           /* held to submit: nothing comes in once stopping is set */
    bool started;                   /* threads were started; never unset */
    _Atomic bool stopping, refused; /* refused: the store failed for good */

    struct sgn_node *jobs, **jobs_end; /* held jobs, in the order in which they were taken */
    struct lane_held *held;            /* for the walk over them */
    int n_taken;                       /* of the inbox in this turn */
    struct lane_pace pace;
    bool held_more;           /* one of them may go on without anything new */
    struct lane_waits *waits; /* of the last walk over them; n_waits */
    int n_waits, max_waits;
    struct lane_waits no_waits; /* what lane_waits_of gives when out of memory */
    struct lane_askers askers;
    struct lane_profile *profile;
    uint64_t next_call;      /* of loads that nobody waits for in line */
    struct lane_call *calls; /* asked in this turn, submitted together at its end */
    int n_calls, max_calls;

    struct lane_batch batch;       /* the first; behind it those of teams */
    struct lane_batch *batch_used; /* the one asked for last */
    uint64_t starved_from;         /* sgn_memory_failures() when the turn began */
    bool by_team;                  /* a commit carries one team */
    struct lane_cases cases;       /* cache: as they are committed */
    json_t *rows;                  /* [..] of cases, read since they rested last */
    int64_t n_rests;
    json_t *facts;           /* cache: {team/fact key: value}, dropped when a team's data change */
    json_t *heads;           /* {team: {"seq","hash","at"}} as committed */
    json_t *counters;        /* {team/key: last number given} */
    json_t *new_requests;    /* {team/person/request: true}: none of them has an entry */
    json_t *stored_versions; /* {team/digest: true} */
    json_t *rules_at;        /* {team: its head's data_seq when the rules in the store were looked
                                at}; where other nodes write, too */

    struct lane_effect *effects, **effects_end;
    struct lane_schedules *schedules;
    struct lane_retention *retention;
    struct lane_calendars *calendars;
    struct {
        bool known;
        int64_t due, id; /* 0: none is due, ever */
        char team[SGN_KEY_MAX + 1];
    } period;                  /* of standing in: the one that begins or ends first */
    struct lane_sweep *sweeps; /* that have not ended, oldest first */
    json_t *sweep_ids;         /* {team: the last id given} */

    int64_t turn_now; /* when the turn began to take jobs: what is due later waits for them */
    int64_t turn_due; /* what is due by then fires by itself in this turn */
    int64_t next_due; /* earliest due time; 0: nothing is due ever */
    bool due_known;
    bool due_held;              /* all that is due waits for rules or behind commands that do */
    int64_t rest_until;         /* monotonic; the engine's own work rests after a failure */
    int64_t down_from, down_to; /* the outage before this start; 0: none */
    int64_t alive_at;           /* when the last sign of life was stored */

    struct lane_job *advance; /* the clock.advance under way */
    int64_t advance_to;
    int64_t advance_fired;
    bool clock_moved;   /* virtual time went on in this batch */
    bool clock_unsaved; /* virtual time went on in a batch that was not committed */

    struct lane_nodes *nodes;     /* NULL: there never are others */
    struct lane_leases *leases;   /* of its; NULL with it */
    json_t *missed;               /* {team, or "" for all: true}: see lane_work_missed */
    bool missed_all;              /* the same for all, where memory did not reach to say so */
    bool stuck_stale;             /* others have written since the stuck cases were counted */
    int64_t stuck_next;           /* monotonic: when they may be counted again */
    json_t *effects_seen;         /* {team: number of the entry up to which its effects wait} */
    struct lane_blobs *blobs;     /* NULL: no files are taken */
    bool files_elsewhere;         /* its folder of files is not that of the other nodes */
    int64_t files_next;           /* when the next sweep of them begins */
    int files_folder;             /* the sweep's next one */
    bool files_again;             /* more rows than one step removes */
    _Atomic bool files_sweeping;  /* a step is on a query thread */
    struct lane_backups *backups; /* see backup.h */
    int64_t heads_next;           /* when the heads are signed again, see backup.h */

    pthread_mutex_t site_lock; /* guards site and models */
    struct lane_site *site;
    struct lane_model_slot *models[LANE_MODEL_PLACES];

    _Atomic int64_t n_turns; /* that its thread has ended */
    int64_t turns_told;      /* of them, what lane_alive() was last told of; its caller's */
    _Atomic int64_t n_jobs, n_batches, n_fired, n_refused, n_parked, n_stuck;
    /* sums of the profile; its thread alone writes them */
    _Atomic int64_t n_called, n_call_errors, decide_ns, wait_ns, rules_ns;
};

/* ---- merge.c ---- */
/* Merges what a successful run staged into the batch. */
enum sgn_status lane_run_merge(struct lane_run *run, struct sgn_error *err);

/* ---- stage.c ---- */
/* Has memory run out since the turn began? What was staged may lack anything then, and is not
 * committed; what is remembered may, too, and is forgotten. */
bool lane_starved(const struct lane *lane);
void lane_batch_init(struct lane_batch *batch);
/* Drops what is staged; the finished jobs must have been taken. */
void lane_batch_clear(struct lane_batch *batch);
/* Takes a team's batch that has ended out of the turn, so that the team can have another one. */
void lane_batch_retire(struct lane *lane, struct lane_batch *batch);
/* The same for all of them, for the next turn. */
void lane_batches_clear(struct lane *lane);
/* The batch in which what this team stages lies ("": what belongs to none). Never NULL. */
struct lane_batch *lane_batch_of(struct lane *lane, const char *team);
/* Drops what is staged in this one, and what others see of it: its jobs are decided again. */
void lane_batch_drop(struct lane *lane, struct lane_batch *batch);
/* How many entries are staged in this turn. */
int lane_staged(const struct lane *lane);
void lane_run_init(struct lane_run *run, struct lane *lane, struct lane_job *job);
void lane_run_deinit(struct lane_run *run);
/* Lets go of what an entry that is sealed was made of. */
void lane_entry_rest(struct lane_entry *entry);
/* A case with its row, staged first. Borrowed: the row until rows rest, the rest until the case is
 * merged, forgotten or trimmed. */
enum sgn_status lane_case_item(struct lane *lane, const char *team, const char *key,
                               struct lane_case **out, struct sgn_error *err) SGN_MUST_CHECK;
/* The same as it is at hand, without its row and without asking the store; NULL: it is not. */
struct lane_case *lane_case_known(struct lane *lane, const char *team, const char *key);
/* The row of a case that is at hand, as lane_case_item gives it. */
enum sgn_status lane_case_row(struct lane *lane, struct lane_case *one,
                              struct sgn_error *err) SGN_MUST_CHECK;
/* Lets go of the rows that lane_case_item has read: between jobs. */
void lane_rows_rest(struct lane *lane);
/* What is known of a team's head, staged first: {"seq","hash","at"}. Borrowed. */
enum sgn_status lane_head_item(struct lane *lane, const char *team, json_t **out,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* Number and time of the team's head, staged entries counted. */
enum sgn_status lane_head(struct lane *lane, const char *team, int64_t *seq, int64_t *at,
                          struct sgn_error *err);
/* Has it anything for the store? */
bool lane_batch_writes(const struct lane_batch *batch);
/* Whose head is taken for it; "": it has site-wide rows alone. */
const char *lane_batch_head(const struct lane *lane, const struct lane_batch *batch);
/*
 * The steps of a commit: the head is asked for, it is got and the unit sent, the unit's end is
 * waited for. SGN_CONFLICT of the second: another node has moved the team's head; it is held, so
 * that what is decided again now is committed next. When the third fails nothing is held.
 */
void lane_batch_ask(struct lane *lane, struct lane_batch *batch);
enum sgn_status lane_batch_begin(struct lane *lane, struct lane_batch *batch,
                                 struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status lane_batch_end(struct lane *lane, struct lane_batch *batch,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* All of them, or what lane_batch_stands says. */
enum sgn_status lane_batch_commit(struct lane *lane, struct lane_batch *batch,
                                  struct sgn_error *err);
/* Commits what a team has staged before there are turns. SGN_CONFLICT: another node was first, and
 * it is dropped: decide again. */
enum sgn_status lane_commit_now(struct lane *lane, const char *team,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* Stages a row (taken) that belongs to no job: the clock, cursors, messages. It is committed with
 * what the team stages, a site-wide row too. */
enum sgn_status lane_batch_put(struct lane *lane, const char *team, enum store_table table,
                               json_t *row_take, struct sgn_error *err);
/* Lends a value (taken) to the run function until the job ends. */
const json_t *lane_lend(struct lane_run *run, json_t *value_take);

/* ---- stage_rows.c ---- */
/* Site-wide rows of this batch are seen no more. */
void lane_rows_unsee(struct lane *lane, const struct lane_batch *batch);

/* ---- facts.c ---- */
/* Adds the facts of these keys. */
enum sgn_status lane_facts_fill(struct lane_run *run, json_t *facts, const json_t *keys,
                                struct sgn_error *err);
/* May what is read now be kept for later decisions? Not while data are staged. */
bool lane_facts_settled(const struct lane_run *run);
/* ---- facts.c: times ---- */

/* The zone of a team's scripts in force; UTC where it has none. Borrowed for good. */
const struct calendar_zone *lane_team_zone(const struct lane *lane, const char *team);
/* A member that is a time in milliseconds becomes text. */
void lane_time_tell(json_t *object, const char *name, const struct calendar_zone *zone);

/* Is a fact of this key remembered as long as nothing changes what facts are made of? */
bool lane_fact_keeps(const char *key);

/* ---- facts_imported.c ---- */

/* Where a fact's rows come from: a run on the lane, or a reader alone (query threads). */
struct lane_source {
    struct lane *lane;
    struct lane_run *run; /* NULL: reader, only what is committed */
    struct store_reader *reader;
    const char *team;
};
/* The fact "imported:VALUE". */
enum sgn_status lane_imported(const struct lane_source *from, const char *value, json_t **out,
                              struct sgn_error *err) SGN_MUST_CHECK;

/* ---- facts_usual.c ---- */
/* The facts that nearly every decision needs: of the team, the project and the actor. New reference
 * of what others may hold too: not to be written. */
enum sgn_status lane_usual_facts(struct lane_run *run, const struct core_command *command,
                                 const json_t *row, json_t **out, struct sgn_error *err);
/* Adds facts to those that a decision has, which it no longer shares then. */
enum sgn_status lane_facts_more(struct lane_run *run, json_t **facts, const json_t *keys,
                                struct sgn_error *err);
/* Notes in run->wanted what the run's next decisions are going to begin with. */
void lane_facts_want(struct lane_run *run, const json_t *asked);

/* ---- access.c ---- */
/* May the job's method run for who asks? Reads token and person afresh; notes the person's row in
 * run->caller, and of a query in job->caller. */
enum sgn_status lane_access(struct lane_run *run, struct sgn_error *err);
enum sgn_status lane_access_read(struct store_reader *reader, struct lane_job *job, int64_t now,
                                 struct sgn_error *err);

/* ---- command.c, open.c ---- */
/* Decides a command on a case (row NULL: opening), asking for what it lacks; on SGN_OK the
 * entry is in run->entry. */
enum sgn_status lane_decide(struct lane_run *run, const struct core_command *command,
                            const struct model *model, const json_t *row, struct sgn_error *err);
/* Records that a command of the system ended in an error. */
enum sgn_status lane_decide_failed(struct lane_run *run, const struct core_command *command,
                                   const struct model *model, const json_t *row,
                                   const struct sgn_error *why, struct sgn_error *err);
/* When the command on this case happens: never before the case's last entry. */
int64_t lane_command_time(const struct lane_run *run, const struct lane_case *item);
enum sgn_status lane_model_of(struct lane_run *run, const json_t *row, struct model **out,
                              struct sgn_error *err);

/* An entry of the run's team, empty but for these; the run's when it is put there. NULL: out of
 * memory. */
struct lane_entry *lane_entry_draft(struct lane_run *run, const char *actor, const char *channel);
/* Makes it one of the case of this row, which it leaves like this; whose client may hear of it. */
enum sgn_status lane_entry_case(struct lane_run *run, struct lane_entry *entry, const json_t *row,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* The key that stands in the entry as its actor. */
const char *lane_actor(const struct lane_job *job);
/* Puts the job's request on the run's entry and makes the job's answer from it. */
enum sgn_status lane_finish(struct lane_run *run, struct sgn_error *err);

/* What the run's caller may see of the case (row NULL: of this workflow's in the project). */
enum sgn_status lane_sight(struct lane_run *run, const struct model *model, const json_t *project,
                           const json_t *row, enum core_sight *out, struct sgn_error *err);
/* The job's case for its caller, and how much of it the caller sees. */
enum sgn_status lane_find_case(struct lane_run *run, struct lane_case **item, struct model **model,
                               enum core_sight *sight, struct sgn_error *err);

/* ---- due.c ---- */
/* Fires what is due in one case at or before until; each as an entry of its own, merged. */
enum sgn_status lane_fire_due(struct lane_run *run, const char *key, int64_t until,
                              struct sgn_error *err);
/* Is it an error of a rule or its case, which is recorded? Others are trouble that passes. */
bool lane_is_recorded(enum sgn_status st);
/* Is this job what is due in a case? */
bool lane_is_due(const struct lane_job *job);
/* The same as a job of the engine's own; SGN_NEEDS: it is held. */
enum sgn_status lane_fire_case(struct lane *lane, const char *team, const char *key, int64_t until,
                               struct sgn_error *err);
/* Fires what is due over all cases, in order, a bounded number. */
void lane_due_turn(struct lane *lane);
/* The engine's own work failed: it is tried again a little later, not at once and for ever. */
void lane_rest(struct lane *lane);
bool lane_rests(const struct lane *lane);
int64_t lane_due_timeout(struct lane *lane);

/* ---- periods.c: standing in, as time passes ---- */

/* A row of delegation is other than what is known. */
void lane_periods_changed(struct lane *lane);
/* When the first of all begins or ends; 0: none does. */
enum sgn_status lane_periods_first(struct lane *lane, int64_t *due, struct sgn_error *err);
/* Tells the first one, at this time. */
enum sgn_status lane_period_fire(struct lane *lane, int64_t now, struct sgn_error *err);
/* Tells what is due by the beginning of the turn, a bounded number. */
void lane_periods_turn(struct lane *lane);

/* ---- advance.c ---- */
void lane_advance_turn(struct lane *lane);
/* Stages the setting that keeps virtual time. */
void lane_clock_put(struct lane *lane);

/* ---- due_walk.c ---- */

/* Walks what is due by until: what the store listed, and what this batch has changed since. */
struct lane_walk {
    struct lane *lane;
    int64_t until;
    json_t *list; /* of the store: [{team, case, due}], earliest first */
    size_t next;
    bool more;    /* the store has more than it listed */
    json_t *held; /* {team/case: true}: waited for by a command, which fires it itself */
};

struct lane_due {
    char team[SGN_KEY_MAX + 1];
    char key[48];
    int64_t due;
};

enum sgn_status lane_walk_init(struct lane_walk *walk, struct lane *lane, int64_t until,
                               struct sgn_error *err);
void lane_walk_deinit(struct lane_walk *walk);
/* What is due first; false: nothing, or nobody knows before the next turn. */
bool lane_walk_next(struct lane_walk *walk, struct lane_due *out);
/* Passes over this case from now on. */
void lane_walk_hold(struct lane_walk *walk, const struct lane_due *due);

/* ---- notices.c ---- */
/* How one message goes, see notices.h. */
struct lane_notice_way {
    char way[8]; /* "": as usual */
    int64_t due; /* of what is gathered: when it goes; else 0 */
};
enum sgn_status lane_notice_fix(struct lane_run *run, const struct lane_entry *entry,
                                const json_t *effect, const char *person,
                                struct lane_notice_way *out, struct sgn_error *err) SGN_MUST_CHECK;

/* ---- effects.c, effects_run.c ---- */
/* Is this job an effect that is being carried out? NULL: it is another one. */
const struct lane_effect *lane_effect_of(const struct lane_job *job);
/* And does it open a case? */
bool lane_effect_opens(const struct lane_job *job);
void lane_effects_of(struct lane_run *run, const struct lane_entry *entry);
/* Of one team, or (NULL) of all: those that the store knows of instead of those that wait; what is
 * staged stays. At start, and when others have written. */
enum sgn_status lane_effects_resume(struct lane *lane, const char *team, struct sgn_error *err);
/* Are all that wait of the team known, up to the head that is? */
bool lane_effects_known(const struct lane *lane, const char *team);
/* The team's head is this one, by a commit of this node; before lane->heads says so. */
void lane_effects_adopt(struct lane *lane, const char *team, int64_t head);
/* Carries out waiting effects, a bounded number. Returns how many. */
int lane_effects_turn(struct lane *lane);
void lane_effects_clear(struct lane *lane, const char *team);
void lane_effect_free(struct lane_effect *effect);
/* Have effects on cases that this entry asks for not been carried out yet? */
enum sgn_status lane_effects_wait(struct lane_run *run, int64_t seq, const json_t *internal,
                                  bool *wait, struct sgn_error *err) SGN_MUST_CHECK;
/* Stages that the messages of this entry are gone; *n: how many there were. */
enum sgn_status lane_messages_drop(struct lane_run *run, int64_t seq, int *n,
                                   struct sgn_error *err) SGN_MUST_CHECK;
/* Does the reader of effects carry this one out (and not a message)? */
bool lane_effect_is_on_cases(const json_t *effect);

/* ---- stuck.c ---- */
/* Counts anew, some time after others have written; before anything is staged. */
void lane_stuck_turn(struct lane *lane);
/* Counts the stuck cases of all teams, at start. */
enum sgn_status lane_stuck_count(struct lane *lane, struct sgn_error *err);

/* ---- park.c ---- */
/* Would lane_deliver do something now? */
bool lane_rules_ready(struct lane *lane);
void lane_deliver(struct lane *lane);
/* Answers that come from now on wake the lane. */
void lane_rules_listen(struct lane *lane, bool on);
void lane_park_free(struct lane_parked *parked);
/* The job has ended and is not run again: what it was answered is let go, here and now, while it
 * is at hand. (Where nodes write beside each other it may be, see lane_batch_again.) */
void lane_park_end(struct lane_job *job);
/* May the job go on with the answers it has? SGN_NOMEM: memory ran out when they came. */
enum sgn_status lane_park_check(struct lane_job *job, struct sgn_error *err) SGN_MUST_CHECK;
/* Answers that are still to come for this job are nobody's. */
void lane_park_forget(struct lane *lane, const struct lane_job *job);
/* Does a job still lack answers that it asked for? */
bool lane_is_owed(const struct lane_job *job);
/* Notes calls (their inputs are taken) for the end of the turn; the job is owed their answers. */
enum sgn_status lane_gather(struct lane *lane, struct lane_job *job, const struct model *model,
                            struct core_calls *calls, struct sgn_error *err);
/* Asks for a load of the team's scripts; the job's parked->loaded gets the answer. */
enum sgn_status lane_ask_load(struct lane_run *run, json_t *input_take, struct sgn_error *err);
enum sgn_status lane_submit_calls(struct lane *lane, struct sgn_error *err);

/* ---- turn.c ---- */
/* Runs one job now, merging on success. SGN_NEEDS: it is parked. */
enum sgn_status lane_run_job(struct lane *lane, struct lane_job *job);
/* The same for a job of the engine's own (method NULL, done NULL): when it must wait it is held. */
enum sgn_status lane_run_own(struct lane *lane, struct lane_job *job);
bool lane_own_is_held(struct lane *lane);
/* Its answer goes out after the commit. */
void lane_finished(struct lane *lane, struct lane_job *job);
void lane_main(void *arg);
/* Runs what has come since the turn began and need not wait for its commits. */
void lane_turn_more(struct lane *lane);
/* All jobs that have come end with this status. Returns how many. */
int lane_refuse_all(struct lane *lane, enum sgn_status st, const char *why);
bool lane_case_is_held(struct lane *lane, const char *team, const char *key);

/* ---- turn_end.c ---- */
/* Commits what the turn has staged and answers its jobs. Returns how many. */
int lane_turn_end(struct lane *lane);

/* ---- commits.c ---- */
/* Commits the batches of teams side by side, or that of no team; those that are durable, and those
 * that only read, are answered at once. Returns how many jobs; *lost: something is to be forgotten
 * or found again. */
int lane_commits(struct lane *lane, bool teams, bool *lost);
/* Is a batch of the team on its way? Then nothing of it may be decided before that has ended. */
bool lane_team_busy(const struct lane *lane, const char *team);

/* ---- foresee.c ---- */

/*
 * Asks for what the job's command is going to need of the rules, before it is decided. behind: it
 * waits for other jobs first. Whatever goes wrong, the decision asks for itself.
 */
void lane_foresee(struct lane *lane, struct lane_job *job, bool behind);

/* ---- clock.c ---- */
void lane_sign_of_life(struct lane *lane);
void lane_outage_find(struct lane *lane);

/* "team/rest" into out; asserts that it fits. */
const char *lane_key(char out[LANE_KEY_TEXT], const char *a, const char *b, const char *c);

#endif
