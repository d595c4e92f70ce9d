/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See sim_judge.h: the two workflows of team/, as their texts say, without a
 * word of the engine's. A case is followed through its entries; each must be
 * possible where the case is, and leave it where the workflow says.
 */
#include "json.h"
#include "sim_judge.h"
#include <stdlib.h>
#include <string.h>

#define VOTERS    3
#define CASES_MAX 1000

enum where {
    WORKING,
    DECIDING,
    AGREED,
    IDLE,
    LYING,
    FILED,
    WHERES
};
static const char *const where_names[WHERES] = { "working", "deciding", "agreed",
                                                 "idle",    "lying",    "filed" };

/* What falls due where a case is, ms after it came there; 0 ends the list. */
static const int64_t dues[WHERES][5] = {
    [WORKING] = { 20000, 40000, 80000 }, [DECIDING] = { 30000, 60000 }, [AGREED] = { 20000 },
    [IDLE] = { 30000, 60000 },           [LYING] = { 25000 },
};

struct followed {
    char key[16];
    enum where where;
    int64_t since; /* when it came there */
    int fired;     /* of what falls due there */
    int64_t spins, settled, noted, nudged;
    int64_t agreed, rested; /* how often it was agreed, and began another note at rest */
    char subject[16];
    char origin[16];          /* of a note */
    char ballots[VOTERS][12]; /* that stand, in the round that is open */
};

struct sim_model {
    struct sim_judge *judge;
    struct followed cases[CASES_MAX];
    int n;
    bool joined; /* is dan among those who work? */
};

struct sim_model *
sim_model_new(struct sim_judge *judge)
{
    struct sim_model *model = calloc(1, sizeof *model);

    if (model == NULL)
        abort();
    model->judge = judge;
    return model;
}

void
sim_model_free(struct sim_model *model)
{
    free(model);
}

static struct followed *
find(struct sim_model *model, const char *key)
{
    for (int i = 0; key != NULL && i < model->n; i++)
        if (strcmp(model->cases[i].key, key) == 0)
            return &model->cases[i];
    return NULL;
}

static void
go(struct followed *f, enum where where, int64_t now)
{
    f->where = where;
    f->since = now;
    f->fired = 0;
    memset(f->ballots, 0, sizeof f->ballots);
    f->agreed += where == AGREED;
}

/* When something falls due next; 0: never. */
static int64_t
due_of(const struct followed *f)
{
    int64_t after = f->fired < 5 ? dues[f->where][f->fired] : 0;

    return after != 0 ? f->since + after : 0;
}

/* ---- who ---- */

static int
voter_of(const char *person)
{
    for (int i = 0; i < VOTERS; i++)
        if (strcmp(sim_client_person(i), person) == 0)
            return i;
    return -1;
}

static bool
works(const struct sim_model *model, const char *person)
{
    return voter_of(person) >= 0 || strcmp(person, "li") == 0 ||
           (strcmp(person, "dan") == 0 && model->joined);
}

static void
check_person(struct sim_model *model, const struct store_entry_row *entry, bool may)
{
    if (!may)
        sim_judge_say(model->judge, SIM_RIGHTS, "entry %lld: a %s on %s by %s",
                      (long long)entry->seq, entry->kind, entry->case_key, entry->actor);
}

static void
impossible(struct sim_model *model, const struct store_entry_row *entry, const struct followed *f,
           const char *what)
{
    sim_judge_say(model->judge, SIM_STATE, "entry %lld: %s on %s, which is %s",
                  (long long)entry->seq, what, f->key, where_names[f->where]);
}

/* ---- kinds of entries ---- */

static void
take_open(struct sim_model *model, const struct store_entry_row *entry, const json_t *internal,
          int64_t now)
{
    const char *workflow = sgn_json_str(internal, "workflow");
    const json_t *fields = json_object_get(internal, "fields");
    bool note = workflow != NULL && strcmp(workflow, "note") == 0;
    struct followed *f;

    if (find(model, entry->case_key) != NULL || model->n == CASES_MAX) {
        sim_judge_say(model->judge, SIM_DOUBLED, "entry %lld opens %s once more",
                      (long long)entry->seq, entry->case_key);
        return;
    }
    check_person(model, entry,
                 note ? strcmp(entry->actor, "system") == 0 : strcmp(entry->actor, "kim") != 0);
    f = &model->cases[model->n++];
    (void)snprintf(f->key, sizeof f->key, "%s", entry->case_key);
    if (sgn_json_str(fields, "subject") != NULL)
        (void)snprintf(f->subject, sizeof f->subject, "%s", sgn_json_str(fields, "subject"));
    if (sgn_json_str(fields, "origin") != NULL)
        (void)snprintf(f->origin, sizeof f->origin, "%s", sgn_json_str(fields, "origin"));
    go(f, note ? LYING : WORKING, now);
}

/* Fires where it is due, as often as it is, and never before. */
static void
take_deadline(struct sim_model *model, struct followed *f, const struct store_entry_row *entry,
              const json_t *internal, int64_t now)
{
    int64_t said = sgn_json_int(internal, "due", 0), due = due_of(f);
    int nth = f->fired++;

    if (due == 0 || said != due)
        sim_judge_say(model->judge, SIM_DEADLINE,
                      "entry %lld: what was due at %lld in %s (%s) fires; due is %lld",
                      (long long)entry->seq, (long long)said, f->key, where_names[f->where],
                      (long long)due);
    if (now < said || entry->at < said || model->judge->world->now < said)
        sim_judge_say(model->judge, SIM_DEADLINE, "entry %lld: fires %lld ms before it is due",
                      (long long)entry->seq, (long long)(said - now));
    if (f->where == WORKING && nth == 1)
        f->nudged++;
    else if (f->where == WORKING && nth == 2)
        go(f, IDLE, now);
    else if (f->where == DECIDING && nth == 1)
        go(f, AGREED, now);
    else if (f->where == AGREED)
        go(f, WORKING, now);
    else if (f->where == IDLE && nth == 0)
        f->rested++;
    else if (f->where == LYING)
        go(f, FILED, now);
}

static void
take_amend(struct followed *f, const json_t *internal)
{
    const char *subject =
        sgn_json_str(json_object_get(json_object_get(internal, "event"), "data"), "subject");

    if (subject == NULL || strcmp(subject, f->subject) == 0)
        return;
    (void)snprintf(f->subject, sizeof f->subject, "%s", subject);
    memset(f->ballots, 0, sizeof f->ballots);
}

static void
take_fire(struct sim_model *model, struct followed *f, const struct store_entry_row *entry,
          const json_t *internal, int64_t now)
{
    const char *event = sgn_json_str(json_object_get(internal, "event"), "name");
    bool engine = json_object_get(internal, "cause") != NULL;

    if (event == NULL || f->where >= LYING) {
        impossible(model, entry, f, "an event");
    } else if (strcmp(event, "settled") == 0 || strcmp(event, "noted") == 0) {
        f->settled += event[0] == 's';
        f->noted += event[0] == 'n';
        check_person(model, entry, engine && strcmp(entry->actor, "system") == 0);
    } else if (strcmp(event, "spin") == 0 || strcmp(event, "amend") == 0) {
        f->spins += event[0] == 's';
        if (event[0] == 'a')
            take_amend(f, internal);
        check_person(model, entry, works(model, entry->actor));
    } else if (strcmp(event, "ask") == 0 && (f->where == WORKING || f->where == IDLE)) {
        check_person(model, entry, works(model, entry->actor));
        go(f, DECIDING, now);
    } else {
        impossible(model, entry, f, event);
    }
}

/* Two of three decide; when two can no longer agree, it is rejected. */
static void
take_vote(struct sim_model *model, struct followed *f, const struct store_entry_row *entry,
          const json_t *internal, int64_t now)
{
    const json_t *ballot = json_array_get(json_object_get(internal, "ballots"), 0);
    const char *choice = sgn_json_str(ballot, "choice");
    int voter = voter_of(entry->actor), approved = 0, open = 0;

    check_person(model, entry, voter >= 0);
    if (f->where != DECIDING || choice == NULL || voter < 0) {
        impossible(model, entry, f, "a ballot");
        return;
    }
    (void)snprintf(f->ballots[voter], sizeof f->ballots[voter], "%s", choice);
    for (int i = 0; i < VOTERS; i++) {
        approved += strcmp(f->ballots[i], "approve") == 0;
        open += f->ballots[i][0] == '\0';
    }
    if (approved >= 2)
        go(f, AGREED, now);
    else if (approved + open < 2)
        go(f, WORKING, now);
}

static void
take_withdraw(struct sim_model *model, struct followed *f, const struct store_entry_row *entry)
{
    int voter = voter_of(entry->actor);

    check_person(model, entry, voter >= 0);
    if (f->where != DECIDING || voter < 0 || f->ballots[voter][0] == '\0')
        impossible(model, entry, f, "a withdrawal");
    else
        f->ballots[voter][0] = '\0';
}

static void
take_data(struct sim_model *model, const struct store_entry_row *entry, const json_t *internal)
{
    const char *method = sgn_json_str(internal, "method");
    const char *person = sgn_json_str(json_object_get(internal, "params"), "person");

    if (strcmp(entry->actor, "system") != 0)
        check_person(model, entry, strcmp(entry->actor, "li") == 0);
    if (method == NULL || person == NULL || strcmp(person, "dan") != 0)
        return;
    if (strcmp(method, "project.member.add") == 0)
        model->joined = true;
    if (strcmp(method, "project.member.remove") == 0)
        model->joined = false;
}

/* ---- one entry ---- */

static void
compare_number(struct sim_model *model, const struct store_entry_row *entry, const json_t *fields,
               const char *name, int64_t expected)
{
    const json_t *said = json_object_get(fields, name);

    if (said != NULL && json_integer_value(said) != expected)
        sim_judge_say(model->judge, SIM_STATE, "%s, entry %lld: %s is %lld instead of %lld",
                      entry->case_key, (long long)entry->seq, name,
                      (long long)json_integer_value(said), (long long)expected);
}

static void
compare(struct sim_model *model, const struct followed *f, const struct store_entry_row *entry,
        const json_t *internal)
{
    const json_t *fields = json_object_get(internal, "fields");
    const char *state = json_string_value(json_array_get(json_object_get(internal, "states"), 0));

    if (state != NULL && strcmp(state, where_names[f->where]) != 0)
        sim_judge_say(model->judge, SIM_STATE, "%s is %s after entry %lld, and should be %s",
                      f->key, state, (long long)entry->seq, where_names[f->where]);
    compare_number(model, entry, fields, "spins", f->spins);
    compare_number(model, entry, fields, "settled", f->settled);
    compare_number(model, entry, fields, "noted", f->noted);
    compare_number(model, entry, fields, "nudged", f->nudged);
}

void
sim_model_entry(struct sim_model *model, const struct store_entry_row *entry,
                const json_t *internal)
{
    struct followed *f = find(model, entry->case_key);
    int64_t now = sgn_json_int(internal, "arrived", entry->at), due = f != NULL ? due_of(f) : 0;
    const char *kind = entry->kind;

    if (strcmp(kind, "data") == 0) {
        take_data(model, entry, internal);
        return;
    }
    if (strcmp(kind, "open") == 0) {
        take_open(model, entry, internal, now);
        return;
    }
    if (f == NULL) {
        if (entry->case_key != NULL)
            sim_judge_say(model->judge, SIM_STATE, "entry %lld: %s was never opened",
                          (long long)entry->seq, entry->case_key);
        return;
    }
    if (strcmp(kind, "deadline") != 0 && due != 0 && due <= now)
        sim_judge_say(model->judge, SIM_DEADLINE, "entry %lld (%s) overtakes what was due in %s",
                      (long long)entry->seq, kind, f->key);
    if (strcmp(kind, "deadline") == 0)
        take_deadline(model, f, entry, internal, now);
    else if (strcmp(kind, "fire") == 0)
        take_fire(model, f, entry, internal, now);
    else if (strcmp(kind, "vote") == 0)
        take_vote(model, f, entry, internal, now);
    else if (strcmp(kind, "withdraw") == 0)
        take_withdraw(model, f, entry);
    compare(model, f, entry, internal);
}

/* ---- what people see ---- */

void
sim_model_see(struct sim_model *model, const json_t *shown)
{
    const struct followed *f = find(model, sgn_json_str(shown, "case"));
    const json_t *fields = json_object_get(shown, "fields");
    const char *state = json_string_value(json_array_get(json_object_get(shown, "states"), 0));
    const char *subject = sgn_json_str(fields, "subject");

    if (f == NULL || state == NULL || strcmp(state, where_names[f->where]) != 0)
        sim_judge_say(model->judge, SIM_STATE, "%s is shown as %s, and is %s",
                      f != NULL ? f->key : "a case", state != NULL ? state : "nothing",
                      f != NULL ? where_names[f->where] : "not there");
    else if (subject == NULL || strcmp(subject, f->subject) != 0 ||
             sgn_json_int(fields, "spins", 0) != f->spins ||
             sgn_json_int(fields, "nudged", 0) != f->nudged)
        sim_judge_say(model->judge, SIM_STATE, "the fields of %s are shown as they are not",
                      f->key);
}

void
sim_model_inbox(struct sim_model *model, int client, const json_t *shown)
{
    const json_t *item;
    size_t i;
    int asked = 0, listed = 0;

    for (int c = 0; c < model->n; c++)
        asked += model->cases[c].where == DECIDING && model->cases[c].ballots[client][0] == '\0';
    json_array_foreach(json_object_get(shown, "items"), i, item) {
        const char *kind = sgn_json_str(item, "kind");
        const struct followed *f = find(model, sgn_json_str(item, "case"));

        if (kind == NULL || strcmp(kind, "approval") != 0)
            continue;
        listed++;
        if (f == NULL || f->where != DECIDING || f->ballots[client][0] != '\0')
            sim_judge_say(model->judge, SIM_WAITING, "%s is asked for a ballot on %s",
                          sim_client_person(client), f != NULL ? f->key : "nothing");
    }
    if (listed != asked)
        sim_judge_say(model->judge, SIM_WAITING, "%s is asked for %d ballots; %d are missing",
                      sim_client_person(client), listed, asked);
}

/* ---- at rest ---- */

void
sim_model_rest(struct sim_model *model, int64_t now, bool at_end)
{
    int64_t notes = 0, expected = 0;

    for (int i = 0; i < model->n; i++) {
        const struct followed *f = &model->cases[i];
        int64_t due = due_of(f);

        if (due != 0 && due <= now)
            sim_judge_say(model->judge, SIM_DEADLINE, "%s (%s): what was due at %lld has not fired",
                          f->key, where_names[f->where], (long long)due);
        notes += f->where >= LYING;
        expected += f->agreed + f->rested;
        if (f->settled != f->agreed || (at_end && f->noted != f->agreed))
            sim_judge_say(model->judge, SIM_DOUBLED,
                          "%s was agreed %lld times, settled %lld and noted %lld", f->key,
                          (long long)f->agreed, (long long)f->settled, (long long)f->noted);
    }
    if (notes != expected)
        sim_judge_say(model->judge, SIM_DOUBLED, "%lld notes were asked for; %lld are there",
                      (long long)expected, (long long)notes);
}
