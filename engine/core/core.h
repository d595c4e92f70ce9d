/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deciding: what a command does to a case. Reads and writes nothing.
 *
 * core_decide() is a pure function of the case's row, the command, the model, the time and
 * what is known so far. When it needs a fact or the value of a function that it does not
 * know it answers CORE_NEEDS and says which; the caller finds them and asks again from
 * the beginning.
 *
 * Facts, by key (all JSON; the caller reads them afresh at each decision):
 *   "team"                     { "leads": [PERSON], "timezone", "language", "currency" }
 *   "person:KEY"               the person's row, or null
 *   "project:KEY"              { "key", "client", "title", "currency", "attributes", "state",
 *                                "calendar", "client_calendar": NAME|null,
 *                                "members": { PERSON: {"roles": [ROLE], "client": KEY|null} } } or
 * null; active persons only "group:KEY"                [PERSON], active ones, or null
 *   "contact:PROJECT"          object: when its client last heard from the team, ms, by channel
 *   "open:PROJECT:WORKFLOW"    integer: open cases, this one not counted where it is the asker's
 *   "delegation:PERSON"        rows in which the person is the stand-in, whenever they hold:
 *                              [{"person", "scope", "stand_in", "starts", "ends",
 *                              "ended"}]
 *   "stand_ins:PERSON"         the same rows, of those who stand in for the person
 *   "imported:SOURCE:KEY"      {"case", "n"} of the case that this became, or null
 *   "case:KEY"                 true when there is such a case in the team, else false
 *   "file:ID"                  { "sha256", "name", "size", "type", "person", "case": KEY|null } or
 * null
 *
 * Functions of the rules are asked by their number and the bytes of their input; see core_answers.
 */
#ifndef CORE_H
#define CORE_H

#include "calendar.h"
#include "case.h"
#include "rights.h"
#include "rules.h"

#define CORE_DOCUMENT_MAX (256 * 1024) /* bytes of a case's document */
#define CORE_COMMENT_MAX  (64 * 1024)
#define CORE_HISTORY_MAX  50000 /* entries after which comments, edits, repeats are refused */
#define CORE_ROUNDS_MAX   64    /* times a command may be decided for want of answers */

enum core_kind {
    CORE_OPEN,     /* {fields?, comment?, shared?, imported?} */
    CORE_FIRE,     /* {event, data?, comment?, shared?, expect?, on_behalf?} */
    CORE_EDIT,     /* {fields, expect?} */
    CORE_COMMENT,  /* {text?, shared?, imported?} */
    CORE_ASSIGN,   /* {to, state?, on_behalf?} */
    CORE_ATTACH,   /* {file, shared?, field?, comment?, expect?, imported?} */
    CORE_LINK,     /* {other, kind?, remove?} */
    CORE_VOTE,     /* {approval?, choice, digest, comment?, round?, on_behalf?, via?: how a
                      sign-off link was answered, see lane/links.h} */
    CORE_WITHDRAW, /* {approval?, on_behalf?} */
    CORE_TASK,     /* {task, state?, done, file?, on_behalf?} */
    CORE_DEADLINE, /* {deadline: ID}: of the engine, what is due in this case */
    CORE_RETRY,    /* {}: tries again what left the case stuck (lead) */
    CORE_CORRECT,  /* {to?: STATE or [STATE], fields?, reason, shared?, expect?} (lead) */
    CORE_MIGRATE,  /* {anyhow?, argument?: {by?, reason?}}: of the engine, the case comes to the
                      question's model, see from_model */
    CORE_SWEEP,    /* {kind, argument}: of the engine, what changed around the case */
    CORE_KINDS
};
/* The entry's kind: "open", "fire", ... A send that fires is "send", not "deadline". */
const char *core_kind_name(enum core_kind kind);

struct core_command {
    enum core_kind kind;
    const json_t *params;
    const char *actor;    /* person, or "system" */
    const char *channel;  /* line unix http ws link mail hook engine */
    int64_t at;           /* the command's time: decided on as "now" */
    const char *case_key; /* of the case, also when it is being opened */
    const char *project;  /* open only */
    const json_t *cause;  /* {"seq", "n", "depth"} of the entry whose effect this is, or NULL */
    int64_t down_ms;      /* deadline only: how long the server was down when it fell due */
    int64_t down_from;    /* and since when; 0: until the command's time */
    const struct model *from_model; /* migrate only: the version that the row is of */
};

/* A team's working calendars as compiled: what "clock" of a deadline may name. Immutable. */
struct core_calendar {
    const char *name;
    const struct calendar *calendar;
};
struct core_calendars {
    const struct core_calendar *items; /* as declared: the first is the team's own */
    int n;
    const struct calendar *round; /* every hour of every day, for a team that declares none */
};

/* A question to a function of the rules. */
struct core_call {
    int function;
    enum rules_purpose purpose;
    struct sgn_buf input;      /* a value as in rules_value.h; owned */
    int then;                  /* what a guard's agreeing leads to; 0: nothing, or nobody knows */
    struct sgn_buf then_input; /* and what that one is asked; owned */
};
struct core_calls {
    struct core_call *items;
    int n, max;
};
void core_call_deinit(struct core_call *call);
void core_calls_deinit(struct core_calls *calls);

/*
 * What functions have answered: each for one function and one input. A command that is decided
 * again is given what it has been answered so far.
 */
struct core_answer {
    int function;
    struct sgn_buf input;
    bool given; /* false: it has been asked, and counts as not known */
    enum sgn_status status;
    json_t *value; /* with SGN_OK */
    char *message; /* else; or NULL */
};
struct core_answers {
    struct core_answer *items;
    int n, max;
};
/* Makes room for an answer to come (input is copied); its place, or -1 when out of memory. */
int core_answers_expect(struct core_answers *answers, int function, const struct sgn_buf *input);
/* The answer of that place has come. value and message are borrowed. */
void core_answers_give(struct core_answers *answers, int place, enum sgn_status status,
                       const json_t *value, const char *message);
/* Frees them; empty again. */
void core_answers_clear(struct core_answers *answers);

struct core_known {
    json_t *facts;                          /* object */
    const struct core_answers *answers;     /* NULL: none */
    const struct core_calendars *calendars; /* NULL: only elapsed time can be counted */
};

struct core_question {
    const struct model *model;
    const json_t *row; /* NULL when opening */
    const struct core_command *command;
    const struct core_known *known;
    /* For who measures how much of a workflow has been tried: an array to which core_decide
     * appends what it goes through, in order; NULL: nobody does. Entries cannot say it: two
     * transitions may lead the same way. {"state": NAME} entered, {"transition": INDEX} taken,
     * {"deadline": NAME, "rung": NUMBER} carried out, {"approval": STATE, "outcome"} ended. What a
     * decision that is not accepted has appended never happened. */
    json_t *trace;
};

enum core_verdict {
    CORE_ACCEPTED,
    CORE_REFUSED,
    CORE_NEEDS
};

struct core_decision {
    enum core_verdict verdict;
    /* accepted */
    const char *kind;      /* of the entry */
    const char *on_behalf; /* whom the actor stands in for, borrowed from params; or NULL */
    json_t *row;    /* complete; case_fold(old row, header, shared, internal) gives the same */
    json_t *shared; /* part, or NULL when it has no item */
    json_t *internal;
    bool opens_or_ends;
    json_t *takes; /* [field] that may be given at opening, as far as the actor knows of them; of a
                      CORE_OPEN with dry_run, else NULL */
    /* needs */
    json_t *facts; /* [key] */
    struct core_calls calls;
};

void core_decision_deinit(struct core_decision *decision);

/*
 * Decides. The status of a refusal is what the caller is answered with (err says why);
 * decision->verdict tells the three ends apart. Command, row and known are borrowed.
 * closed_at, case_seq and rev of the new row are set; the entry's number is not known here.
 */
enum sgn_status core_decide(const struct core_question *question, struct core_decision *decision,
                            struct sgn_error *err) SGN_MUST_CHECK;

/*
 * What a command is going to ask of the rules, as far as the row and the command tell: functions
 * that core_decide would ask for the same question, known at once instead of one behind the other.
 * Of other kinds than CORE_FIRE nothing is told. Facts that it lacks it does without, and what
 * is refused asks nothing. out->items are new (core_calls_deinit). Fails for want of memory only.
 */
enum sgn_status core_foresee(const struct core_question *question, struct core_calls *out,
                             struct sgn_error *err) SGN_MUST_CHECK;
/* Members of a row that it does not look at: the row may be without them. NULL behind the last. */
const char *const *core_foresees_without(void);

/*
 * The entry for a deadline, send or effect that ended in an error: recorded as failed, the
 * case marked stuck, the rung spent. Never needs anything.
 */
enum sgn_status core_decide_failed(const struct core_question *question,
                                   const struct sgn_error *why, struct core_decision *decision,
                                   struct sgn_error *err) SGN_MUST_CHECK;

/* What a writing method answers, made from its entry's parts alone: {case, rev, states,
 * outcome, entry}, of an erasure {case, rev, entry, redacted}. header parsed; seq is its number.
 * New reference. */
json_t *core_result(const json_t *header, const json_t *shared, const json_t *internal);

/*
 * Every event of the case for a person: [{event, title, allowed: true, needs, takes, note} or
 * {event, title, allowed: false, code, reason, ...}], then what else the person may do
 * (edit, vote, assign). SGN_NEEDS fills decision->facts and calls as core_decide does.
 * language: "en" or "zh", for titles and reasons.
 */
enum sgn_status core_allowed(const struct core_question *question, const char *language,
                             json_t **out, struct core_decision *needs,
                             struct sgn_error *err) SGN_MUST_CHECK;

/*
 * The case as a person sees it: the row's members, reduced to what is shared for a client's
 * person, with titles, deadlines as times, and for each open round the ballots, who is still
 * asked, and the digest that a ballot must carry; then the rounds that have ended (with "ended"):
 * the ballots, who had left and who was not needed any more. SGN_NEEDS as above. Params: approval,
 * one of which is told where each choice leads, until when, and what happens without an answer;
 * seen, a digest: then what of it has changed since.
 */
enum sgn_status core_view(const struct core_question *question, enum core_sight sight,
                          const char *language, json_t **out, struct core_decision *needs,
                          struct sgn_error *err) SGN_MUST_CHECK;

/* An entry as a person sees it: for sight shared, without its internal part. Merges header
 * and parts into {seq, case, at, actor, on_behalf, kind, channel, rules?: the digest of the version
 * it was decided by, event?, states?, removed?: ["shared", "internal"], parts that were erased,
 * ...}.
 */
json_t *core_entry_view(const json_t *header, const json_t *shared, const json_t *internal,
                        enum core_sight sight, int offset_s);

/* Explains: the case's deadlines (what counted and what not) and rounds (open ones: who would
 * have to agree, and why; ended ones as core_view shows them). For a client's person what is shared
 * of it: the deadlines with their due times, and the rounds as core_view shows them. SGN_NEEDS as
 * above. */
enum sgn_status core_explain(const struct core_question *question, const char *language,
                             json_t **out, struct core_decision *needs,
                             struct sgn_error *err) SGN_MUST_CHECK;

#endif
