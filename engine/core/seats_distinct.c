/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging with distinct = true: all seats of an approval are different persons.
 *
 * A way to yes is one choice in every any_of; it needs the seats of the rules it goes through.
 * It is taken when the persons who approved can be put on those seats, each on one: a bipartite
 * matching, by augmenting paths. Seats with weights have no number; there the rest of the
 * approvals is summed up, so persons are seated in the order of their weight, the lightest
 * first: what an augmenting path has seated stays seated, so the seated set is then the
 * lightest one possible. This holds for one weighted rule, and the model admits no second.
 *
 * A veto takes no seat. The whole is a pure function, like seats_judge_each(). When memory
 * runs out the round stays open, and the next command judges again.
 */
#include "approval.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

#define NO_SEAT (-1)

struct row {
    const struct seats *rule;
    int64_t needs, taken;
};

struct sitter {
    const char *person;
    int64_t weight; /* in the weighted rule; 0 where it is not eligible */
    int row;        /* where it is seated, or NO_SEAT */
};

struct match {
    const json_t *choices;
    struct row *rows;
    int n_rows;
    const struct seats *weighted; /* NULL: no rule has weights */
    const char *also;             /* counts as one who approved, or NULL */
    bool waits;                   /* an everyone_answers has not been answered by all */
    struct sitter *sitters;
    int n_sitters;
    bool *seen; /* rows an augmenting path has tried */
};

static bool
is_out(const struct seats *seats, const json_t *choices)
{
    return seats_judge_each(seats, choices) == VERDICT_OUT;
}

static bool
must_wait(const struct seats *seats, const json_t *choices)
{
    return seats->kind == MODEL_EVERYONE_ANSWERS && !seats_all_answered(seats, choices);
}

/* Ways through the rule; 0: it says no whatever is still answered. */
static int
count_ways(const struct seats *seats, const json_t *choices)
{
    bool any = seats->kind == MODEL_ANY_OF;
    int n = any ? 0 : 1;

    if (seats->fixed != VERDICT_OPEN)
        return seats->fixed == VERDICT_NO ? 0 : 1;
    if (must_wait(seats, choices))
        return 1;
    if (seats->people != NULL)
        return seats->kind == MODEL_VETO && seats_judge_each(seats, choices) == VERDICT_NO ? 0 : 1;
    for (int i = 0; i < seats->n_rules; i++) {
        int one = count_ways(&seats->rules[i], choices);
        if (is_out(&seats->rules[i], choices))
            continue;
        n = any ? n + one : n * one;
    }
    return n;
}

static int
count_leaves(const struct seats *seats)
{
    int n = seats->people != NULL;

    for (int i = 0; i < seats->n_rules; i++)
        n += count_leaves(&seats->rules[i]);
    return n;
}

static int
count_people(const struct seats *seats)
{
    int n = (int)json_object_size(seats->people);

    for (int i = 0; i < seats->n_rules; i++)
        n += count_people(&seats->rules[i]);
    return n;
}

/* The rules of one way; the number of the way is its choices as digits. */
static void
gather(struct match *m, const struct seats *seats, int way)
{
    if (is_out(seats, m->choices))
        return;
    if (must_wait(seats, m->choices)) {
        m->waits = true;
        return;
    }
    if (seats->people != NULL) {
        if (seats->kind == MODEL_WEIGHTED)
            m->weighted = seats;
        else if (seats->kind != MODEL_VETO)
            m->rows[m->n_rows++] = (struct row){ .rule = seats };
        return;
    }
    for (int i = 0; i < seats->n_rules; i++) {
        int ways = count_ways(&seats->rules[i], m->choices);
        if (is_out(&seats->rules[i], m->choices))
            continue;
        if (seats->kind != MODEL_ANY_OF) {
            gather(m, &seats->rules[i], way % ways);
            way /= ways;
        } else if (way < ways) {
            gather(m, &seats->rules[i], way);
            return;
        } else {
            way -= ways;
        }
    }
}

/*
 * The seats of a percentage shrink with those who abstain. Whoever has not answered may yet
 * abstain, so a hopeful look takes the fewest seats there can be; a sober one the most.
 */
static int64_t
seats_needed(const struct seats *rule, const json_t *choices, bool hopeful)
{
    int64_t base = 0, needs;
    const char *person;
    json_t *weight;

    if (rule->kind != MODEL_PERCENT)
        return rule->n;
    json_object_foreach(rule->people, person, weight) {
        const char *choice = sgn_json_str(choices, person);
        bool counts = choice != NULL
                          ? strcmp(choice, "approve") == 0 || strcmp(choice, "reject") == 0
                          : !hopeful;
        base += counts;
    }
    needs = (base * rule->n + 99) / 100;
    return needs > 0 ? needs : 1;
}

static bool
may_sit(const struct match *m, const char *person, bool hopeful)
{
    const char *choice = sgn_json_str(m->choices, person);

    if (m->also != NULL && strcmp(m->also, person) == 0)
        return true;
    return choice != NULL ? strcmp(choice, "approve") == 0 : hopeful;
}

static void
add_sitters(struct match *m, const struct seats *rule, bool hopeful)
{
    const char *person;
    json_t *weight;

    json_object_foreach(rule->people, person, weight) {
        bool known = false;
        if (!may_sit(m, person, hopeful))
            continue;
        for (int i = 0; i < m->n_sitters && !known; i++)
            known = strcmp(m->sitters[i].person, person) == 0;
        if (!known)
            m->sitters[m->n_sitters++] = (struct sitter){
                .person = person,
                .weight = m->weighted != NULL ? sgn_json_int(m->weighted->people, person, 0) : 0,
                .row = NO_SEAT
            };
    }
}

static int
by_weight(const void *a, const void *b)
{
    const struct sitter *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight < y->weight ? -1 : 1;
    return strcmp(x->person, y->person);
}

/* An augmenting path: a free seat, or one whose sitter can be seated elsewhere. */
static bool
seat(struct match *m, int who)
{
    for (int r = 0; r < m->n_rows; r++) {
        struct row *row = &m->rows[r];
        if (m->seen[r] || json_object_get(row->rule->people, m->sitters[who].person) == NULL)
            continue;
        m->seen[r] = true;
        if (row->taken < row->needs) {
            row->taken++;
            m->sitters[who].row = r;
            return true;
        }
        for (int other = 0; other < m->n_sitters; other++) {
            if (m->sitters[other].row == r && seat(m, other)) {
                m->sitters[who].row = r;
                return true;
            }
        }
    }
    return false;
}

static bool
try_seat(struct match *m, int who)
{
    memset(m->seen, 0, (size_t)m->n_rows * sizeof(*m->seen));
    return seat(m, who);
}

/* Seats all who approved; hopeful: those who may yet approve too. */
static void
fill(struct match *m, bool hopeful)
{
    m->n_sitters = 0;
    for (int r = 0; r < m->n_rows; r++) {
        m->rows[r].taken = 0;
        m->rows[r].needs = seats_needed(m->rows[r].rule, m->choices, hopeful);
        add_sitters(m, m->rows[r].rule, hopeful);
    }
    if (m->weighted != NULL)
        add_sitters(m, m->weighted, hopeful);
    if (m->n_sitters > 0)
        qsort(m->sitters, (size_t)m->n_sitters, sizeof(*m->sitters), by_weight);
    for (int i = 0; i < m->n_sitters; i++)
        (void)try_seat(m, i);
}

/* What those without a seat weigh, as far as it is needed. */
static int64_t
weight_left(const struct match *m)
{
    int64_t sum = 0;

    for (int i = 0; m->weighted != NULL && i < m->n_sitters; i++)
        sum += m->sitters[i].row == NO_SEAT ? m->sitters[i].weight : 0;
    return m->weighted != NULL && sum > m->weighted->n ? m->weighted->n : sum;
}

static int64_t
seats_taken(const struct match *m)
{
    int64_t sum = 0;

    for (int r = 0; r < m->n_rows; r++)
        sum += m->rows[r].taken;
    return sum;
}

static bool
is_full(const struct match *m)
{
    for (int r = 0; r < m->n_rows; r++)
        if (m->rows[r].taken < m->rows[r].needs)
            return false;
    return m->weighted == NULL || weight_left(m) >= m->weighted->n;
}

static bool
match_init(struct match *m, const struct seats *seats, const json_t *choices)
{
    size_t leaves = (size_t)count_leaves(seats) + 1;

    *m = (struct match){ .choices = choices };
    m->rows = calloc(leaves, sizeof(*m->rows));
    m->seen = calloc(leaves, sizeof(*m->seen));
    m->sitters = calloc((size_t)count_people(seats) + 1, sizeof(*m->sitters));
    return m->rows != NULL && m->seen != NULL && m->sitters != NULL;
}

static void
match_deinit(struct match *m)
{
    free(m->rows);
    free(m->seen);
    free(m->sitters);
}

/* Begins a way; false when it cannot be gone to its end any more. */
static bool
begin_way(struct match *m, const struct seats *seats, int way)
{
    m->n_rows = 0;
    m->weighted = NULL;
    m->waits = false;
    gather(m, seats, way);
    fill(m, true);
    return is_full(m);
}

enum verdict
seats_judge_distinct(const struct seats *seats, const json_t *choices)
{
    enum verdict verdict = VERDICT_NO;
    struct match m;
    int ways;

    if (is_out(seats, choices))
        return VERDICT_OUT;
    if (!match_init(&m, seats, choices)) {
        match_deinit(&m);
        return VERDICT_OPEN;
    }
    ways = count_ways(seats, choices);
    for (int way = 0; way < ways && verdict != VERDICT_YES; way++) {
        if (!begin_way(&m, seats, way))
            continue;
        fill(&m, false);
        verdict = is_full(&m) && !m.waits ? VERDICT_YES : VERDICT_OPEN;
    }
    match_deinit(&m);
    return verdict;
}

/* Asked whatever the seats say: where all must answer, and where one may object. */
static bool
asked_anyway(const struct seats *seats, const json_t *choices, const char *person, bool waits)
{
    waits = waits || must_wait(seats, choices);
    if (seats->fixed != VERDICT_OPEN)
        return false;
    if ((waits || seats->kind == MODEL_VETO) && json_object_get(seats->people, person) != NULL)
        return true;
    for (int i = 0; i < seats->n_rules; i++)
        if (asked_anyway(&seats->rules[i], choices, person, waits))
            return true;
    return false;
}

bool
seats_distinct_helps(const struct seats *seats, const json_t *choices, const char *person)
{
    struct match m;
    int64_t taken, weight;
    bool helps = false;
    int ways = count_ways(seats, choices);

    if (asked_anyway(seats, choices, person, false))
        return true;
    if (!match_init(&m, seats, choices)) {
        match_deinit(&m);
        return true; /* better asked for nothing than not asked */
    }
    for (int way = 0; way < ways && !helps; way++) {
        if (!begin_way(&m, seats, way))
            continue;
        fill(&m, false);
        taken = seats_taken(&m);
        weight = weight_left(&m);
        m.also = person;
        fill(&m, false);
        helps = seats_taken(&m) > taken || weight_left(&m) > weight;
        m.also = NULL;
    }
    match_deinit(&m);
    return helps;
}
