/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of this folder share: the stage, on which one command is decided.
 *
 * The sections below stand in the order of the folder's own layers. A file calls those above
 * its section, never those below, so that each can be read knowing only what came before. One
 * thing has to go the other way round, "pending" among the people of a WHO: stage->pending.
 *
 * A stage holds a deep copy of the case's row. Everything a command does is done to that
 * copy; a refused command throws it away. Lookups that lack a fact or an answer note its
 * key in stage->out and return SGN_NEEDS, which ends the decision.
 *
 * Building JSON: stage_put() and its like never return; an allocation that failed is
 * remembered in stage->nomem and found once, by stage_check(), before anything is given out.
 */
#ifndef CORE_INTERNAL_H
#define CORE_INTERNAL_H

#include "clock.h"
#include "core.h"
#include "hash.h"
#include "json.h"
#include "statechart.h"
#include "text.h"

struct stage {
    const struct core_question *question;
    const struct model *model;
    const struct core_command *command;
    struct core_decision *out; /* takes the keys of what is missing */
    struct sgn_error *err;

    json_t *row;             /* the staged copy; owned */
    struct sgn_buf input;    /* of the function that was asked last, see call.c; owned */
    json_t *over;            /* members that stand for the row's own (foresight); or NULL; owned */
    struct statechart chart; /* made by stage_chart */
    bool has_chart, nomem;

    /* Who acts, and the surroundings; set by stage_init. Borrowed from the facts. */
    bool is_system, is_client, is_lead;
    const char *as; /* whose rights are asked: the actor, or whom the actor stands in for */
    const json_t *team, *project, *person;
    const struct calendar_zone *zone;
    int digits; /* of the project's currency */
    int64_t now;
    char now_text[SGN_TIME_TEXT]; /* of it in the team's zone, once it was wanted; or "" */

    /* Persons who are asked and have not answered (round_pending); set by ask_begin. The
     * people of a rule are found through WHO, and WHO may mean those of a round: only one of
     * the two can stand below the other. A rule's own people never mean "pending". */
    enum sgn_status (*pending)(struct stage *stage, int state, json_t **out);

    /* The event under way. event_* is what functions see as e. */
    const char *external; /* the external event's name, by address */
    bool ask_by;          /* the external event is a person's: by is asked */
    const char *event_name, *event_by;
    const json_t *event_data;
    const char *comment;
    bool maybe;           /* conditions on the event's data count as met (core_allowed) */
    bool foresees;        /* a guard that has not answered counts as: */
    int agree_from;       /* ... agreeing when its call has this place in out or a later one */
    int asked_from;       /* and calls of guards from this place on are of the event under way */
    int asked;            /* the place of the call that was noted last */
    json_t *reason;       /* the last reason a guard gave; owned */
    const char *language; /* "en" or "zh": reasons are for a page; NULL: for a message */

    /* What happened, for the parts; owned. */
    json_t *entered, *left, *effects, *queue, *decided, *event, *raised;
    size_t queue_at;
    const char *manner;   /* decide ... as: becomes the outcome of a final */
    json_t *failed;       /* of core_decide_failed */
    json_t *comment_part; /* text of the comment; owned */
    bool comment_shared;
    bool to_final;       /* the transitions under way lead to top-level finals only */
    bool mute;           /* a missed reminder: remind and notify say nothing */
    bool imports;        /* opens what comes from another tool */
    json_t *import_part; /* what a piece of its former history says of itself; owned */
    int64_t due;         /* deadline and send: when it was due; else 0 */
    json_t *fired;       /* the deadline that fires, kept while its names are in use */
    json_t *sweep;       /* what a sweep moved, for the internal part; owned */
    json_t *migrate;     /* what a migration did, for the internal part; owned */
    json_t *base; /* the row before it in the new version's words: what changed since is told */
};

/* ---- known.c: facts ---- */

enum sgn_status known_fact(struct stage *stage, const char *key, const json_t **out) SGN_MUST_CHECK;
/* How many cases of that workflow are open in the case's project. */
enum sgn_status known_open(struct stage *stage, const char *workflow, int64_t *out) SGN_MUST_CHECK;
/* kind:key, e.g. "group", "ccb". */
enum sgn_status known_fact_of(struct stage *stage, const char *kind, const char *key,
                              const json_t **out) SGN_MUST_CHECK;

/* ---- stage.c ---- */

/* Copies the row (NULL: an empty one) and looks up team, project and actor. */
enum sgn_status stage_init(struct stage *stage, const struct core_question *question,
                           struct core_decision *out, struct sgn_error *err) SGN_MUST_CHECK;
/* The same for whoever only looks: nothing is copied, and nothing may be written. */
enum sgn_status stage_look(struct stage *stage, const struct core_question *question,
                           struct core_decision *out, struct sgn_error *err) SGN_MUST_CHECK;
void stage_deinit(struct stage *stage);
/* Makes stage->chart from the row. */
enum sgn_status stage_chart(struct stage *stage) SGN_MUST_CHECK;
void stage_put(struct stage *stage, json_t *object, const char *name, json_t *value_take);
void stage_append(struct stage *stage, json_t *array, json_t *value_take);
/* Something the decision went through, for core_question's trace: format as for json_pack. Costs
 * nothing where nobody asked for it. */
void stage_trace(struct stage *stage, const char *format, ...);
json_t *stage_text(struct stage *stage, const char *text); /* a JSON string, or null */
/* Puts an internal event into the queue; the macrostep under way or the next one takes it. */
void stage_raise(struct stage *stage, const char *name, const json_t *data);
/* SGN_NOMEM when something could not be built. */
enum sgn_status stage_check(struct stage *stage) SGN_MUST_CHECK;
json_t *stage_member(const struct stage *stage, const char *name); /* of the row, borrowed */
const char *stage_key(const struct stage *stage);
bool stage_active(const struct stage *stage, int state);
/* The next active state that is atomic or final at or after from; -1. */
int stage_next_leaf(const struct stage *stage, int from);
json_t *stage_time(const struct stage *stage, int64_t ms); /* RFC 3339 in the team's zone */
/* The field's value in the row, borrowed, or NULL when it is empty. */
const json_t *stage_field(const struct stage *stage, const char *name);
/* A state's title for the actor: a person of the client reads its client_title. */
const char *stage_state_title(const struct stage *stage, int state, const char *language);
/* Does the workflow share anything with the client? */
bool stage_shares(const struct stage *stage);

/* ---- messages.c ---- */

enum message_id {
    MESSAGE_FORBIDDEN,
    MESSAGE_NOT_NOW,
    MESSAGE_CONDITION,
    MESSAGE_ENDED,
    MESSAGE_SYSTEM_ONLY,
    MESSAGE_NOBODY,
    MESSAGE_UNNAMED,
    MESSAGE_THEN,
    MESSAGE_TIMER,
    MESSAGES
};
/* A format with one %s, or none. */
const char *message_text(enum message_id id, const char *language);

/* ---- names.c, who_words.c ---- */

/* Sets of names as sorted arrays. */
void names_add(struct stage *stage, json_t *names, const char *name);
void names_add_all(struct stage *stage, json_t *names, const json_t *more);
void names_sort(json_t *names);
/* Gives the list out, sorted, when status is SGN_OK; drops it when it is not. */
enum sgn_status names_give(json_t *names_take, enum sgn_status status, json_t **out) SGN_MUST_CHECK;
char *names_text(const json_t *names, const char *between); /* malloc'ed; NULL: no names */
/* Those of them who are the client's members of the project; new reference. */
json_t *names_of_client(struct stage *stage, const json_t *names);
json_t *who_members(const struct stage *stage); /* of the project, borrowed */
bool who_holds(const json_t *member, const char *role);
/* Holders of a role in the project, sorted; new reference. */
json_t *who_holders(struct stage *stage, const char *role);
/* How a WHO is called in a message: "pm", "pm or engineer"; malloc'ed. */
char *who_words(const struct model_who *who);
/* Names of the roles in a WHO added to an array. */
void who_roles(struct stage *stage, const struct model_who *who, json_t *into);

/* ---- delegation.c ---- */

/* Sets stage->as from params.on_behalf. SGN_FORBIDDEN says why the actor does not stand in. */
enum sgn_status delegation_begin(struct stage *stage) SGN_MUST_CHECK;
/* Whom the actor stands in for in this case now, sorted; new reference. */
enum sgn_status delegation_givers(struct stage *stage, json_t **out) SGN_MUST_CHECK;
/* Who stands in for the person in this case now, borrowed from the facts: of several the first that
 * was named. NULL: nobody. */
enum sgn_status delegation_stand_in(struct stage *stage, const char *person,
                                    const char **out) SGN_MUST_CHECK;
/* core_sight() of a person (row or {"person", "client"}) with what they are lent. */
enum sgn_status delegation_sight(struct stage *stage, const json_t *person, const json_t *row,
                                 enum core_sight *out) SGN_MUST_CHECK;

/* ---- round.c: what the row holds of approvals ---- */

bool round_is_open(const json_t *round);
json_t *round_of(const struct stage *stage, const char *approval); /* borrowed, or NULL */
/* The ballot of a person, borrowed, or NULL. */
json_t *round_ballot(const json_t *round, const char *person, const char *on_behalf);

/* ---- owner.c: what the row holds of owners ---- */

/* The state around at that has an owner; -1. */
int owner_state(const struct stage *stage, int at);
/* Who an owner value stands for now. New reference. */
enum sgn_status owner_persons(struct stage *stage, const json_t *owner,
                              json_t **out) SGN_MUST_CHECK;
const char *owner_first(const struct stage *stage); /* c.owner; NULL */

/* ---- input.c, call.c ---- */

/* Appends what a function is given: c and e. */
enum sgn_status input_write(struct stage *stage, int number, struct sgn_buf *out) SGN_MUST_CHECK;
/* The same into *out, a new buffer that has its size. */
enum sgn_status input_keep(struct stage *stage, int number, struct sgn_buf *out) SGN_MUST_CHECK;
/* Notes a call, unless it is noted already; its place, or -1 when out of memory. The input is
 * copied. */
int calls_note(struct core_calls *calls, int function, enum rules_purpose purpose,
               const struct sgn_buf *input);
/* The value of a function of the rules for this input (borrowed). */
enum sgn_status known_call_with(struct stage *stage, int function, enum rules_purpose purpose,
                                const json_t *input, const json_t **out) SGN_MUST_CHECK;
/* The same for the event under way. */
enum sgn_status known_call(struct stage *stage, int function, enum rules_purpose purpose,
                           const json_t **out) SGN_MUST_CHECK;

/* ---- who.c ---- */

/* The persons a WHO names, sorted, each once; at is the state around which it is written.
 * New reference. */
enum sgn_status who_persons(struct stage *stage, const struct model_who *who, int at,
                            json_t **out) SGN_MUST_CHECK;
/* Those whom a WHO excludes: who the opener is excludes the hand that opened it for them too. */
enum sgn_status who_barred(struct stage *stage, const struct model_who *who, int at,
                           json_t **out) SGN_MUST_CHECK;
/* The same of a WHO in JSON, as functions of the rules answer it. */
enum sgn_status who_persons_json(struct stage *stage, const json_t *who, int at,
                                 json_t **out) SGN_MUST_CHECK;
enum sgn_status who_has(struct stage *stage, const struct model_who *who, int at,
                        const char *person, bool *out) SGN_MUST_CHECK;
/* Whom to ask: {WORD: [PERSON]} of the roles in a WHO, the opener, the owner and groups. */
enum sgn_status who_holders_of(struct stage *stage, const struct model_who *who, int at,
                               json_t *into) SGN_MUST_CHECK;

/* ---- task.c, cond.c ---- */

void tasks_reset(struct stage *stage, int state);
bool task_is_done(const struct stage *stage, int state, const struct model_task *task);
json_t *task_record(const struct stage *stage, int state, const struct model_task *task);
/* The file of the case that proves it: id, or with NULL the newest that was attached since the
 * task became open and proves no other; NULL: there is none. Borrowed. */
const json_t *task_proof(const struct stage *stage, int state, const struct model_task *task,
                         const char *id);
/* NULL holds. */
enum sgn_status cond_holds(struct stage *stage, const struct model_cond *cond, int at,
                           bool *out) SGN_MUST_CHECK;
/* Are all that count of the state done? */
enum sgn_status tasks_done(struct stage *stage, int state, bool *out) SGN_MUST_CHECK;
/* Appends those that stand in the way of tasks_done conditions: names, in the stage's language
 * titles. */
enum sgn_status tasks_open(struct stage *stage, json_t *names) SGN_MUST_CHECK;

/* ---- file.c ---- */

/* The case may name the file: it has it already, or the actor's own becomes the case's. Shared:
 * from now on the client sees it. SGN_NOT_FOUND, SGN_CONFLICT. */
enum sgn_status file_take(struct stage *stage, const char *id, bool shared) SGN_MUST_CHECK;
/* The same for every file that a field's value names. */
enum sgn_status file_take_all(struct stage *stage, const struct model_field *field,
                              const json_t *value, bool shared) SGN_MUST_CHECK;

/* ---- fields.c ---- */

/* Checks a value and puts it into the row; null empties. as: the status of a bad value;
 * base: "/fields" or "/data". */
enum sgn_status field_set(struct stage *stage, const struct model_field *field, const json_t *value,
                          enum sgn_status as, const char *base) SGN_MUST_CHECK;
/* A field by a name that a person gave: internal ones are unknown to the client. */
enum sgn_status field_named(struct stage *stage, const char *name, const char *base,
                            const struct model_field **out) SGN_MUST_CHECK;
/* All required fields must be filled. */
enum sgn_status fields_required(struct stage *stage) SGN_MUST_CHECK;
/* Are these filled? SGN_NEEDS_FIELDS with data.fields, and data.note when note is missing. */
enum sgn_status fields_needed(struct stage *stage, const json_t *names, bool note) SGN_MUST_CHECK;
/* Has the case never left its start state? */
bool fields_in_start(const struct stage *stage);
int fields_start_leaf(const struct model *model);
/* May the actor (or whoever is person) edit the field in the active states? */
enum sgn_status fields_may_edit(struct stage *stage, const struct model_field *field,
                                const char *person, bool *out) SGN_MUST_CHECK;
bool edit_covers(const struct model_edit *edit, const struct model_field *field);

/* ---- owner_set.c ---- */

/* The owner of a state on entry, or by assign: one person, an offer, or the leads. */
enum sgn_status owner_set(struct stage *stage, int state, const struct model_who *who,
                          const json_t *who_json, int at) SGN_MUST_CHECK;
/* The same again for a state whose owner has left: among those who are still there. */
enum sgn_status owner_renew(struct stage *stage, int state) SGN_MUST_CHECK;
/* An offer to those who lead the team now, with this reason. */
json_t *owner_of_leads(struct stage *stage, const char *why);
/* Is it with the leads because there is nobody of this WHO? */
enum sgn_status owner_lacks(struct stage *stage, const struct model_who *who, const json_t *owner,
                            bool *out) SGN_MUST_CHECK;
/* The person who fires an event of an offered state takes it. */
enum sgn_status owner_take(struct stage *stage,
                           const struct model_transition *transition) SGN_MUST_CHECK;

/* ---- deadline_clock.c ---- */

/* How a deadline counts. calendar NULL: nothing but elapsed time can be counted. */
struct deadline_clock {
    const struct calendar *calendar;
    const char *name; /* the calendar's; NULL: the team declares none */
    enum calendar_kind kind;
};

/* The calendar that a clock ("team", "client", a name; NULL: "team") means; kind is ELAPSED. A
 * name that is not declared any more means "team". */
void clock_find(const struct stage *stage, const char *clock, struct deadline_clock *out);
/* When a duration that starts at from is due, without pauses. */
enum sgn_status clock_due(struct stage *stage, const struct deadline_clock *clock,
                          const struct calendar_duration *duration, int64_t from,
                          int64_t *out) SGN_MUST_CHECK;
/* When what was due then is late by the duration, without pauses. */
enum sgn_status clock_late(struct stage *stage, const struct deadline_clock *clock,
                           const struct calendar_duration *duration, int64_t due,
                           int64_t *out) SGN_MUST_CHECK;
/* The moment that a date or time says: of a date the close of that day, or of the first working day
 * after it (PRC Civil Code, article 203). False: it says none, or is NULL. */
bool clock_moment(const struct stage *stage, const struct deadline_clock *clock, const char *text,
                  int64_t *out);
/* The counted time from one to the other; negative when to is before from. */
int64_t clock_counted(const struct deadline_clock *clock, int64_t from, int64_t to);
int64_t clock_add(const struct deadline_clock *clock, int64_t from, int64_t counted);
/*
 * What is at end when the clock starts at from and never stops, through the pauses there were:
 * *at is when it is reached. False: a pause that is not over stands before it, and *at is the
 * counted time that is left.
 */
bool clock_reach(const struct deadline_clock *clock, const json_t *pauses, int64_t from,
                 int64_t end, int64_t *at);
/* Notes that the state pauses the deadline from now on; -1: nothing does. */
void clock_pause(struct stage *stage, const struct deadline_clock *clock, json_t *deadline,
                 int state);

/* ---- deadline.c, deadline_arm.c ---- */

/* The clock of an armed within, after or send. */
void deadline_clock_of(const struct stage *stage, const json_t *deadline,
                       struct deadline_clock *out);
/* The counted time until it is due; negative: so long ago. False: its clock has not started. */
bool deadline_left(const struct stage *stage, const json_t *deadline, int64_t *out);
const struct model_deadline *deadline_of(const struct model *model, const json_t *deadline);
/* The rung that fires next: its index, its repeat (0 unless again), its time; false: none. */
bool deadline_next(struct stage *stage, const struct model_deadline *within, const json_t *deadline,
                   int *rung, int64_t *at);
/* Counts the rung as fired and plans the next one. */
void deadline_spend(struct stage *stage, const struct model_deadline *within, json_t *deadline,
                    int rung);
void deadline_plan(struct stage *stage, const struct model_deadline *within, json_t *deadline);
/* When a rung is due (repeat: how many-th time of again); -1 when it cannot be said. */
int64_t deadline_rung_time(struct stage *stage, const struct model_deadline *within,
                           const json_t *deadline, int rung, int64_t repeat);
/* How often an again-rung has fired. */
int64_t deadline_repeats(const struct model_deadline *within, const json_t *deadline, int rung);
const char *rung_label(const struct model_rung *rung, char out[CALENDAR_DURATION_TEXT]);
/* The row's deadlines anew: started by a field, paused, resumed, by the calendar as it is. */
enum sgn_status deadline_settle(struct stage *stage) SGN_MUST_CHECK;
/* What the case was due by in the tool that it comes from is so here: the first within that is
 * armed, of the outermost state therefore, unless its own time is a field's. What has passed there
 * is due as every case is. */
void deadline_import(struct stage *stage);
/* Does the rung decide, move or fire for somebody, and not only remind or tell? */
bool deadline_speaks(const struct model_rung *rung);
/* Arms what stands in the state: its after transitions, its withins. */
enum sgn_status deadline_arm(struct stage *stage, int state) SGN_MUST_CHECK;
/* One of them; state is the name of where it stands. */
enum sgn_status deadline_arm_after(struct stage *stage, const struct model_transition *transition,
                                   const char *state) SGN_MUST_CHECK;
enum sgn_status deadline_arm_within(struct stage *stage, const struct model_deadline *within,
                                    const char *state) SGN_MUST_CHECK;
void deadline_disarm(struct stage *stage, const char *state);
void deadline_until(struct stage *stage, const char *event);
enum sgn_status deadline_send(struct stage *stage, const json_t *action) SGN_MUST_CHECK;
void deadline_cancel(struct stage *stage, const char *id);
json_t *deadline_find(const struct stage *stage, const char *id); /* borrowed */
void deadline_remove(struct stage *stage, const char *id);

/* ---- seats_find.c, approval.c (and approval_internal.h) ---- */

/* What the person's ballot must carry. */
enum sgn_status round_digest(struct stage *stage, int state, const char *person,
                             char out[SGN_HASH_HEX]) SGN_MUST_CHECK;
/* Opens a round for a state that was entered; ends the one of a state that is left. */
void round_open(struct stage *stage, int state);
void round_leave(struct stage *stage, const char *state);
/* New digests, E, evaluation; ends the round when it is decided and raises its event. */
enum sgn_status round_settle(struct stage *stage, int state, bool *ended) SGN_MUST_CHECK;
enum sgn_status round_end(struct stage *stage, int state, const char *outcome,
                          const char *manner) SGN_MUST_CHECK;
/* Persons who are asked and have not answered; new reference. */
enum sgn_status round_pending(struct stage *stage, int state, json_t **out) SGN_MUST_CHECK;

/* ---- tell.c: messages of the engine itself ---- */

/* To whom states are offered from now on. */
enum sgn_status tell_offered(struct stage *stage) SGN_MUST_CHECK;
/* ended: the end of the state's round, as it is going to be in the row. */
enum sgn_status tell_decided(struct stage *stage, int state, const json_t *ended) SGN_MUST_CHECK;
enum sgn_status tell_voided(struct stage *stage, int state) SGN_MUST_CHECK;
void tell_stuck(struct stage *stage, const char *code, const char *message);

/* ---- actions.c ---- */

enum sgn_status actions_run(struct stage *stage, const struct model_actions *actions,
                            int at) SGN_MUST_CHECK;
enum sgn_status action_json(struct stage *stage, const json_t *action, const struct model_who *who,
                            int at) SGN_MUST_CHECK;

/* ---- macrostep.c, settle.c ---- */

/* Do by and when hold? As statechart_ops says, ctx is the stage. */
enum sgn_status macrostep_holds(void *ctx, const struct model_transition *transition,
                                const struct statechart_event *event, bool *out) SGN_MUST_CHECK;
/* The event becomes the one under way. */
void macrostep_hear(struct stage *stage, const struct statechart_event *event);
/* The same, and what it carries becomes fields. */
enum sgn_status macrostep_take(struct stage *stage,
                               const struct model_transition *const *transitions, int n,
                               const struct statechart_event *event) SGN_MUST_CHECK;
/* Runs an external event (name NULL: none). by_person: its rights are asked. */
enum sgn_status macrostep_event(struct stage *stage, const char *name, const json_t *data, int only,
                                bool by_person, bool *taken) SGN_MUST_CHECK;
enum sgn_status macrostep_start(struct stage *stage) SGN_MUST_CHECK;
/* Would the event enable something for the actor? */
enum sgn_status macrostep_would(struct stage *stage, const char *name, bool *out) SGN_MUST_CHECK;
/* What leaving a state is beside its content: owner, timers, round. */
void macrostep_left(struct stage *stage, const char *state);
/* And entering it: owner, tasks, visits. Its timers are armed and its round is opened by whoever
 * enters it. */
enum sgn_status macrostep_entered(struct stage *stage, int state) SGN_MUST_CHECK;
/* Writes active and remembered states into the row. */
void macrostep_write(struct stage *stage);
/* To the end of the decision: rounds, tasks, what they raise; deadlines; the case's end. */
enum sgn_status macrostep_settle(struct stage *stage) SGN_MUST_CHECK;
/* raise_done of statechart_ops over a stage. */
enum sgn_status macrostep_raise_done(void *ctx, const char *name) SGN_MUST_CHECK;

/* ---- cond_words.c, refuse.c ---- */

/* Why a condition that cond_holds denied does not hold: "cost must be above 50000", in the
 * stage's language; malloc'ed, NULL when there is nothing that the actor may be told. */
char *cond_reason(struct stage *stage, const struct model_cond *cond, int at);
/* Why did the event enable nothing? Fills the error. */
enum sgn_status refuse_event(struct stage *stage, const char *name) SGN_MUST_CHECK;

/* ---- waiting.c, parts.c ---- */

/* The within around a state that is due first, among those whose clock runs; NULL. */
const json_t *waiting_deadline(const struct stage *stage, int state);
enum sgn_status waiting_make(struct stage *stage) SGN_MUST_CHECK;
/* What changed between the question's row and the staged one, as the entry's parts. */
enum sgn_status parts_make(struct stage *stage) SGN_MUST_CHECK;

/* ---- ask.c: the frame of every question ---- */

/* stage_init, and what points upwards. */
enum sgn_status ask_begin(struct stage *stage, const struct core_question *question,
                          struct core_decision *out, struct sgn_error *err) SGN_MUST_CHECK;
/* The same for whoever only looks, see stage_look. */
enum sgn_status ask_look(struct stage *stage, const struct core_question *question,
                         struct core_decision *out, struct sgn_error *err) SGN_MUST_CHECK;
/* Answers on a stage with its chart into an empty answer (taken); SGN_NEEDS fills needs. */
typedef enum sgn_status (*ask_fn)(struct stage *stage, const void *ctx, json_t *answer);
enum sgn_status ask_question(const struct core_question *question, ask_fn fn, const void *ctx,
                             json_t *answer_take, json_t **out, struct core_decision *needs,
                             struct sgn_error *err) SGN_MUST_CHECK;

/* ---- decide_checks.c ---- */

/* SGN_NOT_FOUND, in the words for what does not exist: it is not for the actor to see. */
enum sgn_status decide_sight(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status decide_open_case(struct stage *stage) SGN_MUST_CHECK; /* SGN_NOT_NOW: ended */
enum sgn_status decide_expect(struct stage *stage) SGN_MUST_CHECK;
/* SGN_TOO_LARGE: the history is so long that nothing is added to it that could be left out. */
enum sgn_status decide_room(struct stage *stage) SGN_MUST_CHECK;
/* A params object that may be missing; SGN_PARAMS when it is something else. */
enum sgn_status decide_object(struct stage *stage, const char *name,
                              const json_t **out) SGN_MUST_CHECK;
/* The command's comment, into the entry and into e. */
enum sgn_status decide_comment(struct stage *stage, const char *member) SGN_MUST_CHECK;
/* "... is for pm", with data.roles and data.holders; at is where the WHO is written. */
enum sgn_status decide_forbid(struct stage *stage, const char *what, const struct model_who *who,
                              int at) SGN_MUST_CHECK;

/* ---- decide_work.c ---- */

/* What a fire is checked for before anything is looked at: its event and data (borrowed). */
enum sgn_status fire_begin(struct stage *stage, const char **event,
                           const json_t **data) SGN_MUST_CHECK;
/* Changes one field as an edit does: named by a person, who must be allowed to. */
enum sgn_status decide_edit_field(struct stage *stage, const char *name,
                                  const json_t *value) SGN_MUST_CHECK;

/* ---- explain_deadline.c ---- */

/* A clock as people know it: a term's title; of a timer what comes then ("then: Lapsed"), or whose
 * timer it is; NULL for a send. New reference. */
json_t *deadline_title(struct stage *stage, const json_t *deadline, const char *language);

/* A clock accounts for itself: where it started, what counted and what did not, and why. */
enum sgn_status explain_deadline(struct stage *stage, const json_t *deadline,
                                 json_t **out) SGN_MUST_CHECK;

/* ---- decide_sweep.c ---- */

/* What has moved since the question's row, for an entry of kind "sweep": deadlines, owners,
 * who is asked. False: nothing. Goes into stage->sweep. */
bool sweep_note(struct stage *stage, const char *kind, const json_t *argument);

/* ---- decide_import.c: params.imported ---- */

/* Of open: checks what is said and puts it into the row. SGN_CONFLICT with data.imported {case, n}:
 * it is here already. */
enum sgn_status import_begin(struct stage *stage) SGN_MUST_CHECK;
/* Does it say in which state the case was? Then the rules' own start is not gone through. */
bool import_is_placed(const struct stage *stage);
/* Puts it there, and gives it to whom it belonged. */
enum sgn_status import_place(struct stage *stage) SGN_MUST_CHECK;
/* Of comment, and of attach: one more of its former history. SGN_CONFLICT with data.n: how many
 * there are. */
enum sgn_status import_history(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status import_file(struct stage *stage) SGN_MUST_CHECK;

/* ---- decide_correct.c ---- */

/* Puts a case that has no state yet into these (a name or several), as a correction would; base
 * is the pointer that a refusal names. */
enum sgn_status correct_place(struct stage *stage, const json_t *to,
                              const char *base) SGN_MUST_CHECK;

/* ---- decide_*.c: one function for each kind of command ---- */

enum sgn_status open_decide(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status fire_decide(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status edit_decide(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status comment_decide(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status assign_decide(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status link_decide(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status attach_decide(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status vote_decide(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status withdraw_decide(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status task_decide(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status due_decide(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status retry_decide(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status correct_decide(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status migrate_decide(struct stage *stage) SGN_MUST_CHECK;
enum sgn_status sweep_decide(struct stage *stage) SGN_MUST_CHECK;

#endif
