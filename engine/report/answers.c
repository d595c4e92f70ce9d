/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who was asked and who answered: ballots of approvals, and everything that a client was asked for.
 *
 * A question begins with the row of the waiting list that asks it, whose "since" says when, and is
 * over with the entry after which the row is there no more.
 */
#include "report_internal.h"
#include <stdio.h>
#include <string.h>

/* Does the new list still hold the row? What it says of urgency may have changed. */
static bool
still_there(const json_t *waiting, const json_t *row)
{
    static const char *const keys[] = { "kind", "person", "role", "group", "state", "since" };
    const json_t *one;
    size_t i;

    json_array_foreach(waiting, i, one) {
        size_t same = 0;
        while (same < sizeof keys / sizeof keys[0]) {
            json_t *a = json_object_get(one, keys[same]), *b = json_object_get(row, keys[same]);
            if (a != b && (a == NULL || b == NULL || !json_equal(a, b)))
                break;
            same++;
        }
        if (same == sizeof keys / sizeof keys[0])
            return true;
    }
    return false;
}

/* The list as the entry leaves it: the old one where it says nothing. */
static const json_t *
list_after(const struct report_walk *walk, const struct report_entry *entry)
{
    const json_t *row = json_object_get(entry->internal, "row");
    const json_t *list = json_object_get(row != NULL ? row : entry->internal, "waiting");

    return list != NULL ? list : walk->waiting;
}

/* ---- approvals ---- */

/* The person's ballot among those that an entry brings, also by a stand-in's hand; or NULL. */
static const json_t *
ballot_of(const struct report_entry *entry, const char *person)
{
    const json_t *parts[] = { entry->shared, entry->internal }, *ballot;
    size_t i;

    for (size_t k = 0; k < 2; k++)
        json_array_foreach(json_object_get(parts[k], "ballots"), i, ballot) {
            const char *giver = sgn_json_str(ballot, "on_behalf");
            if (giver == NULL)
                giver = sgn_json_str(ballot, "person");
            if (giver != NULL && strcmp(giver, person) == 0)
                return ballot;
        }
    return NULL;
}

/* By which of the roles that the approval asks the person is asked: those held in the project. */
static void
role_of(const struct report *report, const struct report_walk *walk, const json_t *row,
        char out[REPORT_KEY_BYTES])
{
    const char *state = sgn_json_str(row, "state"), *person = sgn_json_str(row, "person");
    const json_t *asked = json_object_get(report_flow(report, walk->workflow, "approvals"), state);
    const json_t *roles = json_object_get(
        json_object_get(json_object_get(report->options.names, "roles"), walk->project), person);
    const json_t *role;
    size_t i, n = 0;

    out[0] = '\0';
    json_array_foreach(roles, i, role)
        if (sgn_json_has(asked, json_string_value(role)) && n < REPORT_KEY_BYTES)
            n += (size_t)snprintf(out + n, REPORT_KEY_BYTES - n, "%s%s", n > 0 ? ", " : "",
                                  json_string_value(role));
    if (n == 0)
        snprintf(out, REPORT_KEY_BYTES, "–");
}

static void
approval_note(struct report_count *count, struct report_walk *walk, const json_t *row, int64_t at,
              const char *field)
{
    char role[REPORT_KEY_BYTES];

    role_of(count->report, walk, row, role);
    report_note(count, walk, at, field, 1);
    report_add(count, "by_person", sgn_json_str(row, "person"), field, 1);
    report_add(count, "by_role", role, field, 1);
}

static void
approval_answered(struct report_count *count, struct report_walk *walk, const json_t *row,
                  int64_t at, const json_t *ballot)
{
    int64_t ms = report_working(count->report, sgn_json_int(row, "since", at), at);
    const char *choice = sgn_json_str(ballot, "choice");
    char role[REPORT_KEY_BYTES];

    role_of(count->report, walk, row, role);
    approval_note(count, walk, row, at, "ballots");
    if (choice != NULL && strcmp(choice, "approve") == 0)
        approval_note(count, walk, row, at, "agreed");
    report_note_time(count, walk, at, "turn", ms);
    report_time(count, "by_person", sgn_json_str(row, "person"), "turn", ms);
    report_time(count, "by_role", role, "turn", ms);
}

static bool
is_approval(const json_t *row)
{
    const char *kind = sgn_json_str(row, "kind");

    return kind != NULL && strcmp(kind, "approval") == 0 && sgn_json_str(row, "person") != NULL;
}

static void
approvals_entry(struct report_count *count, struct report_walk *walk,
                const struct report_entry *entry)
{
    const json_t *after = list_after(walk, entry), *row, *ballot;
    size_t i;

    if (!report_in_period(count->report, entry->at) || after == walk->waiting)
        return;
    json_array_foreach(walk->waiting, i, row) {
        if (!is_approval(row) || still_there(after, row))
            continue;
        ballot = ballot_of(entry, sgn_json_str(row, "person"));
        if (ballot != NULL)
            approval_answered(count, walk, row, entry->at, ballot);
        else
            approval_note(count, walk, row, entry->at, "not_needed");
    }
}

static void
approvals_last(struct report_count *count, struct report_walk *walk)
{
    const json_t *row;
    size_t i;

    json_array_foreach(walk->waiting, i, row)
        if (walk->closed_at == 0 && is_approval(row))
            approval_note(count, walk, row, -1, "still_asked");
}

#define BALLOT_COLUMNS                                                                             \
    {                                                                                              \
        { .figure = "ballots" }, REPORT_COLUMN("turn_median", "turn", REPORT_MEDIAN),              \
            REPORT_COLUMN("turn_p85", "turn", REPORT_P85),                                         \
            REPORT_COLUMN_OF("agreed_share", "agreed", REPORT_SHARE, "ballots"),                   \
            { .figure = "not_needed" },                                                            \
        {                                                                                          \
            .figure = "still_asked"                                                                \
        }                                                                                          \
    }

const struct report_section report_approvals = {
    .name = "approvals",
    .title = "Approvals",
    .text = "How soon those who are asked to agree say so.",
    .figures = BALLOT_COLUMNS,
    .tables = {
        { "by_role", "By role", REPORT_BY_ROLE, "ballots", { "bars", { "turn_median" } }, BALLOT_COLUMNS },
        { "by_person", "By person", REPORT_BY_PERSON, "ballots", { 0 }, BALLOT_COLUMNS },
        { "by_workflow", "By workflow", REPORT_BY_WORKFLOW, "ballots", { 0 }, BALLOT_COLUMNS },
        { "by_project", "By project", REPORT_BY_PROJECT, "ballots", { 0 }, BALLOT_COLUMNS },
        { "by_client", "By client", REPORT_BY_CLIENT, "ballots", { 0 }, BALLOT_COLUMNS },
    },
    .entry = approvals_entry,
    .last = approvals_last,
};

/* ---- participation ---- */

/* What counts as an answer; a comment alone moves nothing. */
static bool
is_answer(const struct report_entry *entry)
{
    static const char *const kinds[] = { "fire", "vote", "withdraw", "task", "edit" };
    const char *kind = sgn_json_str(entry->header, "kind");

    for (size_t i = 0; kind != NULL && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    return false;
}

/* Where people are asked by name, the role that stands beside them asks nobody else. */
static bool
is_question(const struct report *report, const json_t *waiting, const json_t *row)
{
    const char *state = sgn_json_str(row, "state");
    const json_t *other;
    size_t i;

    if (!report_is_clients(report, row))
        return false;
    if (sgn_json_str(row, "person") != NULL)
        return true;
    json_array_foreach(waiting, i, other) {
        const char *its = sgn_json_str(other, "state");
        if (sgn_json_str(other, "person") != NULL && report_is_clients(report, other) &&
            state != NULL && its != NULL && strcmp(state, its) == 0)
            return false;
    }
    return true;
}

static void
question_key(const json_t *row, char out[REPORT_KEY_BYTES])
{
    const char *who = sgn_json_str(row, "person");

    snprintf(out, REPORT_KEY_BYTES, "%s/%s/%lld", who != NULL ? who : "",
             sgn_json_str(row, "state"), (long long)sgn_json_int(row, "since", 0));
}

/* Who was asked: a person, or the client's people together. */
static void
asked_whom(const json_t *row, char out[REPORT_KEY_BYTES])
{
    const char *person = sgn_json_str(row, "person"), *role = sgn_json_str(row, "role");

    report_key(out, person != NULL ? "person" : "role", person != NULL ? person : role);
}

/* A request without an answer: "unanswered", or "still_asked". */
static void
silent(struct report_count *count, struct report_walk *walk, const json_t *row, int64_t at,
       const char *figure)
{
    char whom[REPORT_KEY_BYTES];

    asked_whom(row, whom);
    report_note(count, walk, at, "asked", 1);
    report_note(count, walk, at, figure, 1);
    report_add(count, "by_person", whom, "asked", 1);
    report_add(count, "by_person", whom, figure, 1);
}

/* Others have decided: a ballot that is needed no more was nobody's silence. */
static void
forestalled(struct report_count *count, const json_t *row)
{
    char whom[REPORT_KEY_BYTES];

    asked_whom(row, whom);
    report_add(count, "by_person", whom, "not_needed", 1);
}

static void
answered(struct report_count *count, struct report_walk *walk, const json_t *row, int64_t at,
         const char *person)
{
    int64_t ms = report_working(count->report, sgn_json_int(row, "since", at), at);
    char whom[REPORT_KEY_BYTES];

    if (!report_in_period(count->report, at))
        return;
    report_key(whom, "person", person);
    report_note(count, walk, at, "asked", 1);
    report_note(count, walk, at, "answers", 1);
    report_note_time(count, walk, at, "answer_time", ms);
    report_add(count, "by_person", whom, "asked", 1);
    report_add(count, "by_person", whom, "answers", 1);
    report_time(count, "by_person", whom, "answer_time", ms);
}

static void
participation_entry(struct report_count *count, struct report_walk *walk,
                    const struct report_entry *entry)
{
    const json_t *after = list_after(walk, entry), *row;
    const char *giver = report_giver(entry), *person;
    bool by_client = is_answer(entry) && report_client_of(count->report, giver) != NULL;
    json_t *memory = report_memory(count, walk);
    char key[REPORT_KEY_BYTES];
    size_t i;

    json_array_foreach(walk->waiting, i, row) {
        if (!is_question(count->report, walk->waiting, row))
            continue;
        question_key(row, key);
        person = sgn_json_str(row, "person");
        if (json_object_get(memory, key) == NULL && by_client &&
            (person == NULL || strcmp(person, giver) == 0)) {
            answered(count, walk, row, entry->at, giver);
            if (json_object_set_new(memory, key, json_true()) != 0)
                count->report->nomem = true;
        }
        if (still_there(after, row))
            continue;
        if (json_object_get(memory, key) == NULL && report_in_period(count->report, entry->at)) {
            if (is_approval(row) && is_answer(entry))
                forestalled(count, row);
            else
                silent(count, walk, row, entry->at, "unanswered");
        }
        (void)json_object_del(memory, key);
    }
}

static void
participation_last(struct report_count *count, struct report_walk *walk)
{
    const json_t *row, *memory = report_memory(count, walk);
    char key[REPORT_KEY_BYTES];
    size_t i;

    json_array_foreach(walk->waiting, i, row) {
        if (walk->closed_at != 0 || !is_question(count->report, walk->waiting, row))
            continue;
        question_key(row, key);
        if (json_object_get(memory, key) != NULL)
            continue;
        silent(count, walk, row, -1, "still_asked");
    }
}

#define ANSWER_COLUMNS                                                                             \
    {                                                                                              \
        { .figure = "asked" }, { .figure = "answers" },                                            \
            REPORT_COLUMN_OF("answer_share", "answers", REPORT_SHARE, "asked"),                    \
            REPORT_COLUMN("answer_median", "answer_time", REPORT_MEDIAN),                          \
            REPORT_COLUMN("answer_p85", "answer_time", REPORT_P85), { .figure = "unanswered" },    \
        {                                                                                          \
            .figure = "still_asked"                                                                \
        }                                                                                          \
    }

const struct report_section report_participation = {
    .name = "participation",
    .title = "Participation",
    .text = "What clients were asked for, whether they answered, and how long it took.",
    .figures = ANSWER_COLUMNS,
    .tables = {
        { "by_client", "By client", REPORT_BY_CLIENT, "asked", { "stack", { "answers", "unanswered", "still_asked" } }, ANSWER_COLUMNS },
        { "by_person", "Who was asked", REPORT_BY_WHOM, "asked", { 0 },
          { { .figure = "asked" }, { .figure = "answers" },
            REPORT_COLUMN("answer_median", "answer_time", REPORT_MEDIAN),
            REPORT_COLUMN("answer_p85", "answer_time", REPORT_P85), { .figure = "unanswered" },
            { .figure = "still_asked" }, { .figure = "not_needed" } } },
        { "by_workflow", "By workflow", REPORT_BY_WORKFLOW, "asked", { 0 }, ANSWER_COLUMNS },
        { "by_project", "By project", REPORT_BY_PROJECT, "asked", { 0 }, ANSWER_COLUMNS },
    },
    .entry = participation_entry,
    .last = participation_last,
};
