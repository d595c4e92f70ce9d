/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine lane: one thread that takes what has gathered as a batch, decides it, commits
 * once, and only then answers.
 *
 * A job is a request that was checked for shape. Its run function is called on the lane
 * thread, reads and stages through the functions below, and never waits: when it lacks the
 * value of a function of the rules it calls lane_ask() and returns SGN_NEEDS; the job is
 * parked and run again from its beginning when the answers are there. Later jobs for the same
 * case and of the same connection wait behind it; the rest goes on.
 *
 * A job that returns another status than SGN_OK staged nothing: what it had put is dropped.
 * Answers, refusals too, are given after the commit of the batch in which they were decided.
 *
 * Reads that need no order (lists, histories) are queries: they run on two threads of
 * their own, each with a read-only connection, and see all that was answered before.
 *
 * Thread: lane_submit, lane_query, lane_stop may be called from any thread; lane_turn and the
 * functions that take a struct lane_run on the lane thread only.
 */
#ifndef LANE_H
#define LANE_H

#include "clock.h"
#include "core.h"
#include "rules.h"
#include "status.h"
#include "store.h"
#include "team.h"
#include "text.h"
#include "thread.h"
#include <stdatomic.h>

/* Among a case's indexed fields: "SOURCE:KEY" of one that was imported. No field has such a name.
 */
#define LANE_IMPORTED "@imported"
/* Likewise, "1" of a case that is under a hold. */
#define LANE_HELD "@hold"

struct lane;
struct sgn_outward;
struct lane_run; /* one job's view of the staged state */
struct lane_job;

/* ---- a lane's life ---- */

struct lane_limits {
    int64_t due_ahead_ms; /* an outage longer than this puts off rungs that speak for somebody */
    int batch_jobs;       /* jobs of one batch, 4096 */
    int64_t batch_ms; /* that deciding a batch should take, 20; whoever comes next waits for it */
    int queue_jobs;   /* that wait for the lane, 16,384; over it they are refused */
    int team_queue_jobs;       /* of them, of one team, 8,192 */
    int queries;               /* that wait for a query thread, 4,096; likewise */
    int team_queries;          /* of them, of one team, 1,024 */
    int64_t report_entries;    /* that one report may read, 1,000,000 */
    int64_t report_ms;         /* for which it may work, 60,000 */
    int due_per_turn;          /* due items fired in one turn, 256 */
    int parked_per_team;       /* 1000 */
    int64_t slow_rule_ms;      /* of one call of a function, which is logged then, 100; 0: none */
    int64_t request_window_ms; /* how long request ids are remembered on real time, 24 h */
    int64_t request_count;     /* and for how many of the team's entries at most, 4,000,000 */
    int64_t retry_ms;          /* the engine's own work rests so long after a failed commit */
    int64_t file_bytes;        /* of one file, 100 MiB */
    int64_t team_file_bytes;   /* of a team's files together, 10 GiB; the same bytes count once */
    int64_t upload_ms;         /* what is not ended or not attached by then is removed, a day */
};
void lane_limits_default(struct lane_limits *limits);

struct lane_options {
    struct store *store; /* borrowed; used by the lane thread only from lane_start on */
    struct rules *rules; /* borrowed; likewise */
    struct sgn_clock *clock;
    const char *site;        /* the folder with teams/; NULL: nothing is loaded from disk */
    const json_t *shipped;   /* {name: source} of the shipped workflows */
    const json_t *holidays;  /* {"cn-2026": text} of the shipped holidays, or NULL */
    const json_t *templates; /* {name: text} of the shipped project templates, or NULL */
    const char *program;     /* tells this program from others: what it made of a folder need not be
                                made    again at the next start; NULL: it is, always */
    const unsigned char *site_key; /* SGN_SIGN_SECRET bytes, or NULL */
    const char *public_url;        /* where people reach it, "https://HOST"; NULL or "": not told */
    const char *files;             /* their folder, made when missing; NULL: none are taken */
    const struct sgn_outward *outward; /* where endpoints may be, see address.h; NULL: nowhere */
    const char *address;               /* where this node listens, for other nodes; or NULL */
    struct lane_limits limits;
    bool look; /* for looking at what is there: opening the site writes nothing */
    /* After a commit, of this node or another one: the team's new head, each once and in their
     * order. Called on the lane's threads; must not block nor call back. */
    void (*committed)(void *ctx, const char *team, int64_t head);
    /* All jobs of a batch were told that they are done. Lane thread. NULL: nobody asks. */
    void (*answered)(void *ctx);
    /* A decision was accepted: the version it was made by, and core_question's trace of it; for
     * measuring how much of a workflow was tried. NULL: nothing is traced. Lane thread. */
    void (*decided)(void *ctx, const struct model *model, const json_t *trace);
    /* The store failed in a commit (unknown outcome): the server must stop. */
    void (*failed)(void *ctx, const struct sgn_error *err);
    void *ctx;
};

/*
 * The site's clock, before anything else: a site is virtual or real for good, and a virtual
 * one goes on where it was. wanted is the --clock option or NULL. *ignored says that wanted
 * was given for a site already virtual. SGN_INVALID: wanted is no time, or the site is real.
 * Real time is that of the store, which several nodes share; virtual time is one server's, which
 * keeps the store for itself. SGN_CONFLICT: another one uses it.
 */
enum sgn_status lane_clock_open(struct store *store, const char *wanted, struct sgn_clock *clock,
                                bool *ignored, struct sgn_error *err) SGN_MUST_CHECK;

/*
 * The first rows of a site, prepared by "signoff init": {"rows": [{"table", "team", "row"}]};
 * they become the first entry of each team. Before lane_start. A team that has entries is
 * left alone.
 */
enum sgn_status lane_bootstrap(struct lane *lane, const json_t *init,
                               struct sgn_error *err) SGN_MUST_CHECK;

/* Makes it, reads the settings and the teams' scripts from disk and loads them; mistakes in
 * scripts are logged and leave that team without the workflow in question, not the server. */
enum sgn_status lane_new(const struct lane_options *options, struct lane **out,
                         struct sgn_error *err) SGN_MUST_CHECK;
/* Starts the lane thread and the query threads. Without it lane_turn is called by hand. */
enum sgn_status lane_start(struct lane *lane, struct sgn_error *err) SGN_MUST_CHECK;
/* Commits what has been taken, answers the rest with SGN_UNAVAILABLE, joins the threads. */
void lane_stop(struct lane *lane);
void lane_free(struct lane *lane);
/* Has it ended a turn since this was last asked? Asks it for one, so that it has by the next time,
 * unless it hangs. Any thread, but one caller. */
bool lane_alive(struct lane *lane);
/* One turn by hand (tests): takes what is there, decides, commits, answers. Returns the
 * number of jobs finished. Does not wait. Queries are run at once on the caller's thread. */
int lane_turn(struct lane *lane);

/* ---- jobs ---- */

typedef enum sgn_status (*lane_run_fn)(struct lane_run *run, struct lane_job *job,
                                       struct sgn_error *err);
typedef enum sgn_status (*lane_query_fn)(struct store_reader *reader, struct lane *lane,
                                         struct lane_job *job, struct sgn_error *err);

struct lane_job {
    struct sgn_node node;               /* the lane's while it has the job */
    lane_run_fn run;                    /* for lane_submit */
    lane_query_fn query;                /* for lane_query */
    void (*done)(struct lane_job *job); /* called once, on the lane or a query thread */
    void *ctx;                          /* the submitter's */
    void *item;                         /* the run function's: its method row */
    uint64_t connection;                /* jobs of one connection keep their order; 0: no order */

    /* who asks; team is the one the job acts on. The lane reads the person's row and the
     * token afresh when it runs the job, so that a right that was taken away is gone. */
    char team[SGN_KEY_MAX + 1];
    char person[SGN_KEY_MAX + 1]; /* "" for operator, nobody, system */
    char token[65];               /* hash of the session's token, or "" */
    bool is_operator;
    unsigned access;     /* classes the method allows, see rights.h; 0: internal */
    int needs;           /* of the token's scope: enum core_scope */
    const char *channel; /* static: "line", "unix", ... */
    const char *method;  /* static */

    json_t *params;          /* owned by the job */
    char case_key[48];       /* of the case it is about, or "" */
    char request[65];        /* request_id, or "" */
    char request_digest[65]; /* of method and params, or "" */
    int64_t at;              /* arrival: when its line was complete */
    char language[8];        /* of the answer: "en", "zh" */
    bool leased;             /* it is the team's work, see lane_work() */

    /* of a query that is done in slices: it returns SGN_NEEDS when others shall have their turn,
     * and is called again, on any query thread, with what it keeps here */
    void *work;
    void (*work_free)(void *work);
    atomic_bool unwanted; /* nobody is there to be answered: it ends before its next slice */

    /* the lane's own */
    struct lane_flow *flow;     /* while it waits or is under way, see flows.h */
    struct lane_parked *parked; /* answers of the rules so far */
    uint64_t case_hash;         /* of team and case, see held.c; 0: not made yet */
    bool foreseen;              /* what it is going to ask of the rules has been looked at */
    bool asks;                  /* it is likely to ask something, which was not looked at yet */
    bool behind;                /* it waits for other jobs, also when it has its answers */
    /* the end */
    enum sgn_status status;
    json_t *result;         /* new reference, owned by the job */
    json_t *caller;         /* of a query: the row of the person who asks, or NULL; owned */
    struct sgn_error error; /* last, see lane_job_new */
};

/* Frees a job and what it owns. The submitter calls it when done has been called. */
struct lane_job *lane_job_new(void);
void lane_job_free(struct lane_job *job);

/* Queues a job. SGN_OVERLOADED or SGN_UNAVAILABLE: done is never called. Returns before run. */
enum sgn_status lane_submit(struct lane *lane, struct lane_job *job,
                            struct sgn_error *err) SGN_MUST_CHECK;
/* The same by who has more to come: the lane hears of it by lane_wake, or when many wait. */
enum sgn_status lane_put(struct lane *lane, struct lane_job *job,
                         struct sgn_error *err) SGN_MUST_CHECK;
/* Tells the lane of what was put, if anything was. */
void lane_wake(struct lane *lane);
/* As lane_submit, for a query. */
enum sgn_status lane_query(struct lane *lane, struct lane_job *job,
                           struct sgn_error *err) SGN_MUST_CHECK;

/* ---- run functions of methods: ready-made ---- */

/* Cases: the job's params are the method's (without case, project, workflow where the lane
 * takes them from there); the result is {case, rev, states, outcome, entry}. */
enum sgn_status lane_case_open(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
/* case.fire: as lane_command, but what it asks of the rules is asked before its turn comes. */
enum sgn_status lane_case_fire(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
/* edit, comment, assign, attach, link, vote, withdraw, task, retry on job->case_key. */
enum sgn_status lane_command(struct lane_run *run, struct lane_job *job, enum core_kind kind,
                             struct sgn_error *err);
/* case.get, case.allowed, case.explain: reads of staged state. */
enum sgn_status lane_case_view(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
enum sgn_status lane_case_allowed(struct lane_run *run, struct lane_job *job,
                                  struct sgn_error *err);
enum sgn_status lane_case_explain(struct lane_run *run, struct lane_job *job,
                                  struct sgn_error *err);
/* clock.advance: {"by"} or {"to"}; a barrier over all jobs. */
enum sgn_status lane_clock_advance(struct lane_run *run, struct lane_job *job,
                                   struct sgn_error *err);
/* Of the engine: {"hash", "at"}: the token was used then. Coarse by its callers, see rpc/uses.c. */
enum sgn_status lane_token_used(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
/* workflow.migrate: {"workflow", "from"?, "cases"?, "reason"?}; a sweep brings cases to the version
 * in force. */
enum sgn_status lane_migrate(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
/* workflow.rehearse: {"workflow"?, "files"?, "limit"?}; see rehearse.c. */
enum sgn_status lane_rehearse(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
/* The same on a lane that was made and not started, with rules in this process; writes nothing.
 * *out: what workflow.rehearse answers. */
enum sgn_status lane_rehearse_here(struct lane *lane, const char *team, const char *language,
                                   const json_t *params, json_t **out,
                                   struct sgn_error *err) SGN_MUST_CHECK;
/* audit.redact: {"entry", "part"?: "shared" or "internal", "reason", "dry_run"?}; see redact.c. */
enum sgn_status lane_redact(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
/* audit.hold, audit.release: {"case", "reason"}; see hold.c. */
enum sgn_status lane_hold_case(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
/* workflow.reload: reads the team's scripts again. */
enum sgn_status lane_reload(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
/* workflow.check: reads them and says what a reload would; changes nothing. */
enum sgn_status lane_check(struct lane_run *run, struct lane_job *job, struct sgn_error *err);

/* ---- files (files.c) ---- */

#define LANE_FILE_PIECE (512 * 1024) /* bytes that travel at once */

/*
 * Queries; params are the methods'. lane_file_settle is the first half of file.end, which checks
 * the bytes and puts them under their hash; lane_file_end is the second, on the lane, which
 * gives them a row. An upload that the first does not know the second may: it has ended before.
 */
enum sgn_status lane_file_begin(struct store_reader *reader, struct lane *lane,
                                struct lane_job *job, struct sgn_error *err);
enum sgn_status lane_file_put(struct store_reader *reader, struct lane *lane, struct lane_job *job,
                              struct sgn_error *err);
enum sgn_status lane_file_settle(struct store_reader *reader, struct lane *lane,
                                 struct lane_job *job, struct sgn_error *err);
enum sgn_status lane_file_end(struct lane_run *run, struct lane_job *job, struct sgn_error *err);
/* A piece of the file whose row this is: {data, next}. Whoever calls has checked that the
 * caller may see it. */
enum sgn_status lane_file_piece(struct lane *lane, const json_t *row, int64_t offset,
                                int64_t length, json_t **out, struct sgn_error *err) SGN_MUST_CHECK;

/* ---- what a run function may do ---- */

struct lane *lane_of(struct lane_run *run);
int64_t lane_now(const struct lane_run *run); /* the job's time */
/* The caller's own row, or NULL. Borrowed. */
const json_t *lane_caller(const struct lane_run *run);
/* The project of a case, staged state first; new reference. SGN_NOT_FOUND. */
enum sgn_status lane_case_project(struct lane_run *run, const char *key, json_t **out,
                                  struct sgn_error *err) SGN_MUST_CHECK;

/* Data rows, staged ones first. As store_row_get and store_row_list; list has no paging here
 * (limit 10,000; SGN_TOO_LARGE beyond). */
enum sgn_status lane_row_get(struct lane_run *run, enum store_table table, const json_t *key,
                             json_t **out, struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status lane_row_list(struct lane_run *run, enum store_table table, const json_t *match,
                              json_t **out, struct sgn_error *err) SGN_MUST_CHECK;
/* The first of them, in key order, and staged ones: no more than most of the store's. more: it has
 * others. */
struct lane_rows {
    enum store_table table;
    const json_t *match;
    int most;
};
enum sgn_status lane_row_some(struct lane_run *run, const struct lane_rows *which, json_t **out,
                              bool *more, struct sgn_error *err) SGN_MUST_CHECK;
/* Stages a row (borrowed). Site-wide tables too. */
enum sgn_status lane_row_put(struct lane_run *run, enum store_table table, const json_t *row,
                             struct sgn_error *err) SGN_MUST_CHECK;
enum sgn_status lane_row_remove(struct lane_run *run, enum store_table table, const json_t *key,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* The number of the team's last entry, staged ones counted. */
enum sgn_status lane_team_head(struct lane_run *run, int64_t *out,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* Stages the entry of kind data for this job: its method and these params (without secrets).
 * Every writing run function that changes rows of a team calls it once. The job's result is
 * params with "entry" added, unless the run function set one (which gets "entry" too). */
enum sgn_status lane_data_entry(struct lane_run *run, const json_t *params,
                                struct sgn_error *err) SGN_MUST_CHECK;
/* After lane_data_entry: that entry has persons told: {"kind", "to": [PERSON], ...} (taken). */
enum sgn_status lane_data_tell(struct lane_run *run, json_t *message_take,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* After lane_data_entry: when that entry is committed a case is opened, once: {"workflow",
 * "project", "opener"?: PERSON, "fields"} (taken). That it cannot be is an entry of its own, and
 * the team's leads are told. */
enum sgn_status lane_data_open(struct lane_run *run, json_t *opened_take,
                               struct sgn_error *err) SGN_MUST_CHECK;
/* Drops what the run has put so far, its entry too: the job answers, and nothing comes of it. */
void lane_run_drop(struct lane_run *run);
/* A person's row as facts have it: with "client_ended" where the team works for the person's client
 * no more, so that they may do nothing. SGN_NOT_FOUND. Any thread, with a reader of its own. */
enum sgn_status lane_person_read(struct store_reader *reader, const char *team, const char *person,
                                 json_t **out, struct sgn_error *err) SGN_MUST_CHECK;
/* A fact by its key (see core.h), staged state first. Borrowed until the job ends. */
enum sgn_status lane_fact(struct lane_run *run, const char *key, const json_t **out,
                          struct sgn_error *err) SGN_MUST_CHECK;
/* Asks for what a decision needs; the run function then returns SGN_NEEDS. */
enum sgn_status lane_ask(struct lane_run *run, struct core_decision *needs,
                         const struct model *model, struct sgn_error *err) SGN_MUST_CHECK;

/* ---- what every thread may read ---- */

/* A team's declaration and workflows as now in force: a snapshot that stays valid until
 * lane_site_free; made anew at each reload. */
struct lane_team {
    char name[SGN_KEY_MAX + 1];
    struct model_team *team;
    struct model **workflows; /* current versions, by name */
    const char **groups;      /* the group that owns each, or NULL */
    int n_workflows;
    json_t *calendars; /* as lane_calendars_read gives them, see calendars.h */
    json_t *mistakes;  /* of the last load, put in force or not */
    int64_t loaded_at; /* when these rules came in force first */
    bool old;          /* the folder says others, and has mistakes: these are of before */
    bool stored;       /* another node has put them in force: this one's folder says others, or has
                          not been looked at since */
    int refs;          /* snapshots that hold it */
};
struct lane_site {
    struct lane_team **teams;
    int n_teams;
    json_t *without; /* {TEAM: its mistakes}: whose folder is broken and had no rules before */
    int refs;
};
const struct lane_site *lane_site_ref(struct lane *lane);
void lane_site_free(struct lane *lane, const struct lane_site *site);
const struct lane_team *lane_site_team(const struct lane_site *site, const char *name);
/* The same; without a name, as the operator asks, the only team there is: whose zone times are in.
 */
const struct lane_team *lane_site_whose(const struct lane_site *site, const char *name);
/* Which rules of a team are in force: "current" (as its folder had them when it was loaded last),
 * "old" (the folder has mistakes), "stored" (another node's), "none". Static. */
const char *lane_site_rules(const struct lane_site *site, const char *name);
const struct model *lane_team_workflow(const struct lane_team *team, const char *name);

/* The model of a version by its digest: current, or compiled from its stored row and kept.
 * Any thread, with a reader of its own. Reference for the caller (model_free). */
enum sgn_status lane_model(struct lane *lane, struct store_reader *reader, const char *team,
                           const char *digest, struct model **out,
                           struct sgn_error *err) SGN_MUST_CHECK;

/* A fact (core.h) from a reader: for queries. New reference. */
enum sgn_status lane_fact_read(struct lane *lane, struct store_reader *reader, const char *team,
                               const char *key, json_t **out, struct sgn_error *err) SGN_MUST_CHECK;

/* A calendar of the team as a reader sees it, compiled: calendar_free(). name NULL: the team's
 * own. SGN_NOT_FOUND. For queries. */
enum sgn_status lane_calendar_read(struct lane *lane, struct store_reader *reader, const char *team,
                                   const char *name, struct calendar **out,
                                   struct sgn_error *err) SGN_MUST_CHECK;

struct sgn_clock *lane_clock(struct lane *lane);
const struct sgn_outward *lane_outward(const struct lane *lane);
/* The number under which this node has the right to do the team's work (deliveries, too), which is
 * another one whenever it got it anew; 0: it has not. A commit of such work by a job with leased
 * set is refused when the right is gone. */
int64_t lane_work(struct lane *lane, const char *team);
/* Has it, as far as the lane knows in this turn? For such a job, which ends when it has not. */
bool lane_works(const struct lane_run *run);
/* What the store is, as store_describe says. New reference. */
json_t *lane_store(const struct lane *lane);
const struct lane_limits *lane_limits(const struct lane *lane);
/* As rules_ops.state says; NULL where the rules run in this process. New reference. */
json_t *lane_rules_state(struct lane *lane);
/* The servers that use the store: [{id, host, address, version, started, seen, here: is it this
 * one}], times in ms; of one that keeps the store for itself id, started, seen are null. */
enum sgn_status lane_nodes(struct lane *lane, struct store_reader *reader, json_t **out,
                           struct sgn_error *err) SGN_MUST_CHECK;
/* How it is kept; -1: not known, or nothing of ours. Any thread; never waits. */
struct lane_keeping {
    int64_t disk_free, log_bytes; /* where the files, or the database, lie; of its log */
    int queue, queue_most;        /* commands that wait */
    bool backups;                 /* they are made by us (admin.backup) */
    bool is_virtual;
    int64_t now, began_at, backup_at; /* business time; of the lane; of the last one kept, or 0 */
};
void lane_keeping(struct lane *lane, struct lane_keeping *out);
/*
 * Where the time of teams goes: {"since": ms, "teams": [{team, parked, commands, refused,
 * decide_us, wait_us, calls, errors, steps, rules_us, slowest_us}], "rules"}; of one team (another
 * name than NULL) also "workflows", "events", "rules", at most so many of each. What took most
 * comes first. Lane thread. New reference.
 */
json_t *lane_profile_tell(struct lane_run *run, const char *team, int most);
/* {jobs, parked, batches, fired, stuck, queue, ...} for server.health. New reference. */
json_t *lane_stats(struct lane *lane);

/* Verifies a team's chain and folds its cases against their rows: {entries, cases, files,
 * redacted, head}; SGN_INVALID with what is broken and where. files: the folder in which the
 * bytes of attached files must lie, and be right; NULL: they are not looked at. For
 * audit.verify and signoff verify. */
enum sgn_status lane_verify(struct store_reader *reader, const char *files, const char *team,
                            json_t **out, struct sgn_error *err) SGN_MUST_CHECK;
/* The folder of its files, or NULL: it has none, or not the one of the site's other nodes. */
const char *lane_files(const struct lane *lane);
/* The site's secret key (SGN_SIGN_SECRET bytes), or NULL: what is signed in its name. Any thread.
 */
const unsigned char *lane_site_key(const struct lane *lane);

#endif
