/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model of lists of cases.
 */
#include "contract_model.h"

#include <ctype.h>

const struct model_words model_words = {
    .workflows = { "change_request", "issue", "acceptance", NULL },
    .projects = { "erp", "crm", "web", "-", NULL },
    .clients = { "acme", "globex", "-", NULL },
    .persons = { "li", "wang", "kim", "-", NULL },
    .groups = { "ccb", "desk", "-", NULL },
    .priorities = { "low", "normal", "high", "urgent", NULL },
    .outcomes = { "-", "-", "approved", "rejected", NULL },
    .states = { " draft ", " screening ", " work draft2 ", " work.a done ", NULL },
    .texts = { "Export for auditors", "100% of _all_ rows", "back\\slash", "审批中 export", "",
               "Shared\x1f export for us alone", NULL },
    .roles = { "sponsor", "engineer", NULL },
};

static uint64_t
random_next(struct random *random)
{
    uint64_t z = (random->state += UINT64_C(0x9E3779B97F4A7C15)); /* splitmix64 */

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

int
random_below(struct random *random, int n)
{
    return (int)(random_next(random) % (uint64_t)n);
}

/* One of the words, or NULL for one that says so. */
const char *
random_of(struct random *random, const char *const *words)
{
    int n = 0;

    while (words[n] != NULL)
        n++;
    if (n == 0)
        return NULL;
    n = random_below(random, n);
    return strcmp(words[n], "-") == 0 ? NULL : words[n];
}

void
model_init(struct model_case *one, struct random *random, int n)
{
    static const char *const documents[] = { "{\"hand\":\"kim\"}",
                                             "{\"hand\":\"sun\",\"fields\":{}}",
                                             "{\"hand\":\"kim\",\"fields\":{\"cost\":\"12.50\"}}",
                                             "{\"hand\":\"sun\",\"fields\":{\"cost\":null}}",
                                             "{\"hand\":\"kim\",\"fields\":{\"cost\":0}}",
                                             "{\"hand\":\"sun\",\"fields\":{\"costs\":1}}" };
    struct store_case *row = &one->row;

    *one = (struct model_case){ 0 };
    snprintf(one->key, sizeof one->key, "%s-%d", n % 3 == 0 ? "IS" : "CR", n);
    *row = sample_case("delivery", one->key, 0);
    row->document = documents[n % 6];
    row->workflow = random_of(random, model_words.workflows);
    row->project = random_of(random, model_words.projects);
    row->client = random_of(random, model_words.clients);
    row->opener = random_of(random, model_words.persons);
    row->owner = random_of(random, model_words.persons);
    row->group = random_of(random, model_words.groups);
    row->priority = random_of(random, model_words.priorities);
    row->outcome = random_of(random, model_words.outcomes);
    row->states = random_of(random, model_words.states);
    row->text = random_of(random, model_words.texts);
    row->opened_at = 100 + random_below(random, 40);
    row->closed_at = row->outcome == NULL ? 0 : 200 + random_below(random, 40);
    row->due_at = random_below(random, 3) == 0 ? 0 : 300 + random_below(random, 20);
    row->last_at = 400 + random_below(random, 40);
    row->stuck = random_below(random, 4) == 0;
    row->version = 1 + random_below(random, 3);
    one->indexed =
        json_pack("{s:s, s:i, s:b, s:n}", "level", random_of(random, model_words.priorities),
                  "size", random_below(random, 3), "vip", random_below(random, 2), "none");
    one->wait_due = random_below(random, 2) == 0 ? 0 : 300 + random_below(random, 20);
    switch (random_below(random, 4)) {
    case 0:
        one->wait_person = random_of(random, model_words.persons);
        break;
    case 1:
        one->wait_role = random_of(random, model_words.roles);
        break;
    case 2:
        one->wait_group = random_of(random, model_words.groups);
        break;
    default:
        break;
    }
    one->waiting = json_pack("[{s:s, s:s?, s:s?, s:s?, s:s, s:i, s:I}]", "kind", "owner", "person",
                             one->wait_person, "role", one->wait_role, "group", one->wait_group,
                             "state", "draft", "since", 5, "due", (json_int_t)one->wait_due);
    row->indexed = one->indexed;
    row->waiting = one->waiting;
}

void
model_deinit(struct model_case *one)
{
    json_decref(one->indexed);
    json_decref(one->waiting);
}

static bool
same(const char *want, const char *value)
{
    return want == NULL || (value != NULL && strcmp(want, value) == 0);
}

static bool
has(const json_t *array, const char *text)
{
    size_t i = 0;
    json_t *one = NULL;

    json_array_foreach(array, i, one) {
        if (strcmp(json_string_value(one), text) == 0)
            return true;
    }
    return false;
}

/* Is needle part of text, where ASCII letters are the same in either case? */
static bool
contains(const char *text, const char *needle)
{
    for (;; text++) {
        size_t i = 0;

        while (needle[i] != '\0' &&
               tolower((unsigned char)text[i]) == tolower((unsigned char)needle[i]))
            i++;
        if (needle[i] == '\0')
            return true;
        if (*text == '\0')
            return false;
    }
}

/* What of a case's text a search reaches: with visible_to only what stands before the unit
 * separator. */
static bool
text_matches(const struct model_case *one, const struct store_case_filter *f)
{
    char text[256];

    snprintf(text, sizeof text, "%s", one->row.text);
    if (f->visible_to != NULL)
        text[strcspn(text, "\x1f")] = '\0';
    return contains(text, f->text);
}

/* kim is the only member (erp: sponsor; crm: engineer) and the only one in group ccb. */
static bool
kim_sees(const struct model_case *one, const struct store_case_filter *filter)
{
    const char *project = one->row.project;
    bool in_erp = project != NULL && strcmp(project, "erp") == 0;
    bool in_crm = project != NULL && strcmp(project, "crm") == 0;
    bool asked = (one->wait_person != NULL && strcmp(one->wait_person, "kim") == 0) ||
                 (one->wait_group != NULL && strcmp(one->wait_group, "ccb") == 0) ||
                 (one->wait_role != NULL && in_erp && strcmp(one->wait_role, "sponsor") == 0) ||
                 (one->wait_role != NULL && in_crm && strcmp(one->wait_role, "engineer") == 0);
    bool opened = one->row.opener != NULL && strcmp(one->row.opener, "kim") == 0;

    return (has(filter->own_workflows, one->row.workflow) && (asked || opened)) ||
           (has(filter->project_workflows, one->row.workflow) && (in_erp || in_crm));
}

json_t *
model_givers(void)
{
    return json_pack("[{s:s, s:[s]}, {s:s, s:[s]}]", "person", "li", "projects", "erp", "person",
                     "wang", "workflows", "issue");
}

/* Who is waited for lends it within the scope above. */
static bool
lent_to_kim(const struct model_case *one)
{
    bool erp = one->row.project != NULL && strcmp(one->row.project, "erp") == 0;
    bool issue = strcmp(one->row.workflow, "issue") == 0;
    const char *person = one->wait_person != NULL ? one->wait_person : "";

    return (strcmp(person, "li") == 0 && erp) || (strcmp(person, "wang") == 0 && issue);
}

/* Asked by name, and holding that role in the case's project. */
static bool
holder_waits(const struct model_case *one, const char *role)
{
    const char *project = one->row.project != NULL ? one->row.project : "";

    return one->wait_person != NULL && strcmp(one->wait_person, "kim") == 0 &&
           ((strcmp(role, "sponsor") == 0 && strcmp(project, "erp") == 0) ||
            (strcmp(role, "engineer") == 0 && strcmp(project, "crm") == 0));
}

/* What kim opened for one of them: the document names the hand. */
static bool
opened_for(const struct model_case *one)
{
    bool erp = one->row.project != NULL && strcmp(one->row.project, "erp") == 0;
    bool issue = strcmp(one->row.workflow, "issue") == 0;
    const char *opener = one->row.opener != NULL ? one->row.opener : "";

    return strstr(one->row.document, "\"hand\":\"kim\"") != NULL &&
           ((strcmp(opener, "li") == 0 && erp) || (strcmp(opener, "wang") == 0 && issue));
}

static bool
fields_match(const struct model_case *one, const json_t *fields)
{
    const char *name = NULL;
    json_t *value = NULL;

    json_object_foreach((json_t *)(uintptr_t)fields, name, value) {
        if (!json_equal(json_object_get(one->indexed, name), value))
            return false;
    }
    return true;
}

/* "cost" is the field that documents have. */
static bool
filled_match(const struct model_case *one, const char *field)
{
    return field == NULL ||
           (strcmp(field, "cost") == 0 && strstr(one->row.document, "\"cost\":") != NULL &&
            strstr(one->row.document, "null") == NULL);
}

bool
model_matches(const struct model_case *one, const struct store_case_filter *f)
{
    const struct store_case *row = &one->row;
    char state[64];

    snprintf(state, sizeof state, " %s ", f->state == NULL ? "" : f->state);
    return same(f->project, row->project) && same(f->client, row->client) &&
           same(f->group, row->group) && same(f->owner, row->owner) &&
           same(f->priority, row->priority) && same(f->opener, row->opener) &&
           same(f->outcome, row->outcome) &&
           (f->workflows == NULL || has(f->workflows, row->workflow)) &&
           (f->state == NULL || strstr(row->states, state) != NULL) &&
           (f->text == NULL || text_matches(one, f)) &&
           (f->waiting_for == NULL ||
            (one->wait_person != NULL && strcmp(one->wait_person, f->waiting_for) == 0) ||
            (one->wait_role != NULL && strcmp(one->wait_role, f->waiting_for) == 0) ||
            holder_waits(one, f->waiting_for) || (f->waiting_givers != NULL && lent_to_kim(one))) &&
           (!f->open || row->outcome == NULL) && (!f->ended || row->outcome != NULL) &&
           (!f->stuck || row->stuck) && (f->version == 0 || row->version == f->version) &&
           (f->overdue_at == 0 ||
            (row->outcome == NULL && ((row->due_at > 0 && row->due_at < f->overdue_at) ||
                                      (one->wait_due > 0 && one->wait_due < f->overdue_at)))) &&
           (f->opened_from == 0 || row->opened_at >= f->opened_from) &&
           (f->opened_to == 0 || row->opened_at < f->opened_to) &&
           (f->closed_from == 0 || row->closed_at >= f->closed_from) &&
           (f->closed_to == 0 || (row->closed_at > 0 && row->closed_at < f->closed_to)) &&
           fields_match(one, f->fields) && filled_match(one, f->filled) &&
           (f->visible_to == NULL || kim_sees(one, f) ||
            (f->visible_givers != NULL && (lent_to_kim(one) || opened_for(one)) &&
             (has(f->own_workflows, row->workflow) || has(f->project_workflows, row->workflow))));
}

static int64_t
rank(const struct model_case *one, const struct store_case_filter *filter)
{
    if (filter->sort == NULL || strcmp(filter->sort, "opened") == 0)
        return one->row.opened_at;
    if (strcmp(filter->sort, "updated") == 0)
        return one->row.last_at;
    if (strcmp(filter->sort, "due") == 0) /* none: last either way */
        return one->row.due_at == 0 && !filter->descending ? INT64_MAX : one->row.due_at;
    if (strcmp(filter->sort, "priority") == 0) {
        for (int i = 0; model_words.priorities[i] != NULL; i++) {
            if (strcmp(model_words.priorities[i], one->row.priority) == 0)
                return i;
        }
    }
    /* key: letters first, then the number */
    return (one->key[0] == 'C' ? 0 : 1000000) + strtol(one->key + 3, NULL, 10);
}

int
model_compare(const struct model_case *a, const struct model_case *b,
              const struct store_case_filter *filter)
{
    int64_t one = rank(a, filter), two = rank(b, filter);
    int order = one != two ? (one < two ? -1 : 1) : strcmp(a->key, b->key);

    return filter->descending ? -order : order;
}

/* ---- counts ---- */

const char *const model_counted[12] = { "workflow", "project", "client",  "opener",
                                        "owner",    "group",   "outcome", "priority",
                                        "states",   "version", "rules",   "key" };

/* What the case has in this column, as a group shows it. New reference. */
static json_t *
model_value(const struct model_case *one, const char *name)
{
    const struct store_case *row = &one->row;
    const char *const texts[] = { row->workflow, row->project, row->client,  row->opener,
                                  row->owner,    row->group,   row->outcome, row->priority,
                                  row->states,   NULL,         row->rules,   row->key };

    if (strcmp(name, "version") == 0)
        return json_integer(row->version);
    for (size_t i = 0; i < 12; i++)
        if (strcmp(model_counted[i], name) == 0)
            return texts[i] == NULL ? json_null() : json_string(texts[i]);
    fail();
    return NULL;
}

json_t *
model_groups(const struct model_case *const *cases, int n, const struct store_count *count)
{
    json_t *groups = json_object();

    for (int i = 0; i < n; i++) {
        json_t *values = json_object();
        char *text;

        for (int b = 0; b < count->n_by; b++)
            json_object_set_new(values, count->by[b], model_value(cases[i], count->by[b]));
        text = json_dumps(values, JSON_SORT_KEYS);
        json_object_set_new(groups, text,
                            json_integer(json_integer_value(json_object_get(groups, text)) + 1));
        free(text);
        json_decref(values);
    }
    return groups;
}
