/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The contract of lists of cases: random cases and random filters, against a model that
 * walks an array and compares member by member. The seed is fixed; every filter must have
 * both let through and held back something, or the test proves nothing.
 */
#include "contract_model.h"

enum {
    N_CASES = 160,
    N_LISTS = 800
};

/* ---- the suite's world ---- */

struct world {
    struct model_case cases[N_CASES];
    const struct model_case *want[N_CASES];
    int n_want;
};

static struct world *
world_new(struct contract *c, struct random *random)
{
    struct world *world = calloc(1, sizeof *world);

    assert_non_null(world);
    commit_row(c, STORE_MEMBERSHIP, "delivery",
               json_pack("{s:s,s:s,s:s}", "project", "erp", "person", "kim", "role", "sponsor"));
    commit_row(c, STORE_MEMBERSHIP, "delivery",
               json_pack("{s:s,s:s,s:s}", "project", "crm", "person", "kim", "role", "engineer"));
    commit_row(c, STORE_GROUP_MEMBER, "delivery",
               json_pack("{s:s,s:s}", "group", "ccb", "person", "kim"));
    for (int i = 0; i < N_CASES; i++) {
        /* Written more than once at times: the last row counts, nothing else stays. */
        do {
            model_deinit(&world->cases[i]);
            model_init(&world->cases[i], random, i + 1);
            commit_case(c, &world->cases[i].row);
        } while (random_below(random, 3) == 0);
    }
    /* The same keys in another team must never show. */
    for (int i = 0; i < 5; i++) {
        struct store_case other = sample_case("others", world->cases[i].key, 0);

        commit_case(c, &other);
    }
    return world;
}

static void
world_free(struct world *world)
{
    for (int i = 0; i < N_CASES; i++)
        model_deinit(&world->cases[i]);
    free(world);
}

static void
world_select(struct world *world, const struct store_case_filter *filter)
{
    world->n_want = 0;
    for (int i = 0; i < N_CASES; i++) {
        int at = world->n_want;

        if (!model_matches(&world->cases[i], filter))
            continue;
        for (; at > 0 && model_compare(world->want[at - 1], &world->cases[i], filter) > 0; at--)
            world->want[at] = world->want[at - 1];
        world->want[at] = &world->cases[i];
        world->n_want++;
    }
}

/* ---- filters ---- */

enum {
    N_FILTERS = 25
};

static void
set_filter(struct store_case_filter *f, int which, struct random *random, json_t **owned)
{
    const struct model_words *const w = &model_words;
    static const char *const state_names[] = {
        "draft", "screening", "work", "done", "work.a", NULL
    };
    static const char *const searches[] = { "EXPORT", "%",       "_all_", "\\",
                                            "审批",   "nowhere", "100%",  NULL };
    static const char *const waited[] = { "li", "kim", "sponsor", NULL };

    /* clang-format off */
    switch (which) {
    case 0: f->workflows = *owned = json_pack("[s, s]", "issue", "acceptance"); break;
    case 1: f->state = random_of(random, state_names); break;
    case 2: f->project = random_of(random, w->projects); break;
    case 3: f->client = random_of(random, w->clients); break;
    case 4: f->group = random_of(random, w->groups); break;
    case 5: f->owner = random_of(random, w->persons); break;
    case 6: f->priority = random_of(random, w->priorities); break;
    case 7: f->text = random_of(random, searches); break;
    case 8: f->waiting_for = random_of(random, waited); break;
    case 9: f->opener = random_of(random, w->persons); break;
    case 10: f->outcome = random_of(random, w->outcomes); break;
    case 11: f->open = true; break;
    case 12: f->ended = true; break;
    case 13: f->stuck = true; break;
    case 14: f->overdue_at = 300 + random_below(random, 22); break;
    case 15: f->opened_from = 100 + random_below(random, 42); break;
    case 16: f->opened_to = 100 + random_below(random, 42); break;
    case 17: f->closed_from = 200 + random_below(random, 42); break;
    case 18: f->closed_to = 200 + random_below(random, 42); break;
    case 19: f->fields = *owned = json_pack("{s:s}", "level", random_of(random, w->priorities)); break;
    case 20: f->fields = *owned = json_pack("{s:i}", "size", random_below(random, 3)); break;
    case 21: f->version = 1 + random_below(random, 3); break;
    case 22: f->waiting_for = "kim"; f->waiting_givers = *owned = model_givers(); break;
    case 23: f->filled = "cost"; break;
    default:
        f->visible_to = "kim";
        f->own_workflows = *owned = json_pack("[s, s]", "change_request", "issue");
        break;
    }
    /* clang-format on */
}

/* Reads the list page by page and compares it with the model's. */
static void
assert_list(struct contract *c, struct world *world, struct store_case_filter *filter)
{
    char *cursor = NULL;
    int seen = 0;

    world_select(world, filter);
    do {
        struct store_page page;
        size_t i = 0;
        json_t *item = NULL;

        filter->cursor = cursor;
        assert_ok(c, store_case_query(c->reader, filter, &page, &c->err));
        assert_true(json_array_size(page.items) <= (size_t)filter->limit);
        json_array_foreach(page.items, i, item) {
            assert_in_range(seen, 0, world->n_want - 1);
            assert_string_equal(json_string_value(json_object_get(item, "key")),
                                world->want[seen++]->key);
        }
        free(cursor);
        cursor = page.cursor;
        page.cursor = NULL;
        /* A cursor promises that something follows. */
        assert_true(cursor == NULL || seen < world->n_want);
        store_page_deinit(&page);
    } while (cursor != NULL);
    filter->cursor = NULL;
    assert_int_equal(seen, world->n_want);
}

/* ---- counts ---- */

/* Counts by up to three columns and compares with the model's, whose cases are selected. */
static void
assert_count(struct contract *c, const struct world *world, const struct store_case_filter *filter,
             struct random *random)
{
    struct store_count count = { .n_by = random_below(random, 4) };
    json_t *got = NULL, *want, *group, *same = json_object();
    size_t i;

    for (int b = 0; b < count.n_by; b++)
        count.by[b] = model_counted[random_below(random, 4) + 4 * b];
    want = model_groups(world->want, world->n_want, &count);
    assert_ok(c, store_case_count(c->reader, filter, &count, &got, &c->err));
    json_array_foreach(got, i, group) {
        json_t *n = json_incref(json_object_get(group, "n"));
        char *text;

        json_object_del(group, "n");
        text = json_dumps(group, JSON_SORT_KEYS);
        assert_null(json_object_get(same, text)); /* each group once */
        json_object_set_new(same, text, n);
        free(text);
    }
    assert_true(json_equal(same, want));
    json_decref(want);
    json_decref(same);
    json_decref(got);
}

static void
test_store_lists_equal_the_model_whatever_the_filter(void **state)
{
    static const char *const sorts[] = { "-", "opened", "due", "updated", "priority", "key", NULL };
    struct contract *c = *state;
    struct random random = { 20260106 };
    struct world *world = world_new(c, &random);
    int telling[N_FILTERS] = { 0 };

    for (int n = 0; n < N_LISTS; n++) {
        json_t *owned[3] = { NULL };
        int which[3], n_which = random_below(&random, 4);
        struct store_case_filter filter = { .team = "delivery" };

        filter.sort = random_of(&random, sorts);
        filter.descending = random_below(&random, 2) == 0;
        filter.limit = 1 + random_below(&random, 60);
        for (int i = 0; i < n_which; i++) {
            which[i] = random_below(&random, N_FILTERS);
            if ((which[i] == 19 || which[i] == 20) && filter.fields != NULL)
                which[i] = 6; /* both would fight for one member */
            set_filter(&filter, which[i], &random, &owned[i]);
        }
        assert_list(c, world, &filter);
        assert_count(c, world, &filter, &random);
        if (n_which == 1 && world->n_want > 0 && world->n_want < N_CASES)
            telling[which[0]]++;
        for (int i = 0; i < 3; i++)
            json_decref(owned[i]);
    }
    for (int i = 0; i < N_FILTERS; i++)
        assert_true(telling[i] > 0);
    world_free(world);
}

static void
test_store_lists_filter_by_several_fields_and_both_ways_of_seeing(void **state)
{
    struct contract *c = *state;
    struct random random = { 7 };
    struct world *world = world_new(c, &random);
    struct store_case_filter filter = { .team = "delivery", .limit = 7 };
    json_t *fields = json_pack("{s:s, s:i, s:b}", "level", "high", "size", 1, "vip", 1);
    json_t *own = json_pack("[s]", "issue"), *project = json_pack("[s]", "acceptance");
    json_t *givers = model_givers();
    int without;

    filter.fields = fields;
    assert_list(c, world, &filter);
    assert_true(world->n_want > 0);
    filter.fields = NULL;
    filter.visible_to = "kim";
    assert_list(c, world, &filter); /* no workflow is visible: nothing is */
    assert_int_equal(world->n_want, 0);
    filter.own_workflows = own;
    filter.project_workflows = project;
    assert_list(c, world, &filter);
    assert_true(world->n_want > 0);
    without = world->n_want;
    filter.visible_givers = givers;
    assert_list(c, world, &filter); /* with what kim is lent */
    assert_true(world->n_want > without);
    json_decref(givers);
    json_decref(fields);
    json_decref(own);
    json_decref(project);
    world_free(world);
}

/* New cases and changed ones between two pages: what did not move is seen once. */
static void
test_store_pages_neither_skip_nor_repeat_while_others_write(void **state)
{
    struct contract *c = *state;
    struct store_case_filter filter = { .team = "delivery", .limit = 3, .sort = "opened" };
    char key[16], *cursor = NULL;
    bool seen[10] = { false };

    for (int i = 0; i < 10; i++) {
        struct store_case row = sample_case("delivery", key, 0);

        snprintf(key, sizeof key, "CR-%d", i);
        row.opened_at = 1000 + i / 4; /* ties, too */
        commit_case(c, &row);
    }
    do {
        struct store_page page;
        struct store_case early = sample_case("delivery", "CR-99", 0);
        size_t i = 0;
        json_t *item = NULL;

        filter.cursor = cursor;
        assert_ok(c, store_case_query(c->reader, &filter, &page, &c->err));
        json_array_foreach(page.items, i, item) {
            long n = strtol(json_string_value(json_object_get(item, "key")) + 3, NULL, 10);

            assert_in_range(n, 0, 9);
            assert_false(seen[n]);
            seen[n] = true;
        }
        free(cursor);
        cursor = page.cursor;
        page.cursor = NULL;
        store_page_deinit(&page);
        early.opened_at = 1;
        commit_case(c, &early);
    } while (cursor != NULL);
    for (int i = 0; i < 10; i++)
        assert_true(seen[i]);
}

static void
test_store_list_items_are_the_case_columns(void **state)
{
    struct contract *c = *state;
    struct store_case row = sample_case("delivery", "CR-1", 0);
    struct store_case_filter filter = { .team = "delivery", .limit = 1 };
    struct store_page page;
    json_t *indexed = json_pack("{s:s, s:i}", "level", "high", "size", 3), *want = NULL;

    row.rules = "abc";
    row.client = "acme";
    row.owner = "wang";
    row.group = "ccb";
    row.due_at = 2000;
    row.next_at = 1700; /* the engine's own: no list shows it */
    row.last_at = 1500;
    row.stuck = true;
    row.indexed = indexed;
    commit_case(c, &row);
    assert_ok(c, store_case_query(c->reader, &filter, &page, &c->err));
    want = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:n,s:s,s:i,s:i,s:i,s:i,s:i,s:i,s:b,"
                     "s:i,s:i,s:O}",
                     "key", "CR-1", "workflow", "change_request", "rules", "abc", "project", "erp",
                     "client", "acme", "opener", "li", "owner", "wang", "group", "ccb", "priority",
                     "normal", "outcome", "states", " draft ", "version", 1, "rev", 1, "case_seq",
                     1, "opened_at", 1000, "closed_at", 0, "due_at", 2000, "stuck", 1, "last_seq",
                     1, "last_at", 1500, "fields", indexed);
    assert_non_null(want);
    assert_true(json_equal(json_array_get(page.items, 0), want));
    assert_null(page.cursor);
    store_page_deinit(&page);
    json_decref(want);
    json_decref(indexed);
}

static void
test_store_lists_refuse_bad_sorts_cursors_and_values(void **state)
{
    static const char *const cursors[] = {
        "", "zz", "7b7d", "5b5d", "5b226f70656e6564225d", "' OR 1=1 --"
    };
    struct contract *c = *state;
    struct store_case_filter filter = { .team = "delivery", .limit = 1 };
    struct store_page page = { 0 };
    json_t *fields = json_pack("{s:[s]}", "level", "high");
    char *cursor = NULL;

    for (int i = 0; i < 3; i++) {
        struct store_case row = sample_case("delivery",
                                            i == 0   ? "CR-1"
                                            : i == 1 ? "CR-2"
                                                     : "CR-3",
                                            0);

        commit_case(c, &row);
    }
    filter.sort = "colour";
    assert_status(c, SGN_INVALID, store_case_query(c->reader, &filter, &page, &c->err));
    assert_non_null(strstr(c->err.message, "colour"));
    filter.sort = NULL;
    for (size_t i = 0; i < sizeof cursors / sizeof cursors[0]; i++) {
        filter.cursor = cursors[i];
        assert_status(c, SGN_INVALID, store_case_query(c->reader, &filter, &page, &c->err));
    }
    assert_string_equal(json_string_value(json_object_get(c->err.data, "pointer")), "/cursor");
    filter.cursor = NULL;
    filter.fields = fields;
    assert_status(c, SGN_INVALID, store_case_query(c->reader, &filter, &page, &c->err));
    filter.fields = NULL;

    /* A cursor serves the list it came from: not another sort, not the other direction. */
    assert_ok(c, store_case_query(c->reader, &filter, &page, &c->err));
    cursor = strdup(page.cursor);
    store_page_deinit(&page);
    filter.cursor = cursor;
    filter.sort = "updated";
    assert_status(c, SGN_INVALID, store_case_query(c->reader, &filter, &page, &c->err));
    filter.sort = "opened";
    filter.descending = true;
    assert_status(c, SGN_INVALID, store_case_query(c->reader, &filter, &page, &c->err));
    free(cursor);
    json_decref(fields);
}

static void
test_store_list_that_takes_too_long_is_refused_with_advice(void **state)
{
    struct contract *c = *state;
    struct store_options options = { .url = c->url, .read_ms = 1 };
    struct store_case_filter filter = { .team = "delivery", .limit = 1, .text = "nowhere" };
    struct store_count none = { 0 };
    struct store_reader *reader;
    struct store_page page;
    json_t *groups;
    struct store_head head;
    struct store_case rows[1000];
    char *text = malloc(20001), keys[1000][16];
    struct store_unit unit = { .cases = rows, .n_cases = 1000 };

    assert_non_null(text);
    memset(text, 'x', 20000);
    text[20000] = '\0';
    contract_close(c);
    assert_ok(c, store_open(&options, &c->store, &c->err));
    c->reader = store_own_reader(c->store);
    for (int i = 0; i < 1000; i++) {
        snprintf(keys[i], sizeof keys[i], "CR-%d", i);
        rows[i] = sample_case("delivery", keys[i], 1);
        rows[i].text = text;
    }
    assert_ok(c, store_commit(c->store, &unit, &c->err));
    /* On PostgreSQL its own first words are bounded, too, and a millisecond is little. */
    for (int i = 0; i < 200; i++) {
        sgn_error_clear(&c->err);
        if (store_reader_open(c->store, &reader, &c->err) != SGN_OVERLOADED)
            break;
    }
    assert_string_equal(c->err.message, "");
    assert_status(c, SGN_OVERLOADED, store_case_query(reader, &filter, &page, &c->err));
    assert_non_null(strstr(c->err.message, "narrow"));
    assert_status(c, SGN_OVERLOADED, store_case_count(reader, &filter, &none, &groups, &c->err));
    assert_non_null(strstr(c->err.message, "narrow"));
    /* The reader is fine afterwards, and in no hurry with what is no list. */
    assert_ok(c, store_head_get(reader, "delivery", &head, &c->err));
    store_reader_close(reader);
    /* What the engine reads for itself takes the time that it takes. */
    assert_ok(c, store_case_query(c->reader, &filter, &page, &c->err));
    assert_int_equal(json_array_size(page.items), 0);
    store_page_deinit(&page);
    free(text);
}

static json_t *
group_of(struct contract *c, const struct store_case_filter *filter, const struct store_count *by)
{
    json_t *got = NULL;

    assert_ok(c, store_case_count(c->reader, filter, by, &got, &c->err));
    return got;
}

/* As it stands in the document, also where no index has it; a number is a text here. */
static void
test_store_counts_by_what_a_field_says_and_of_nothing_none(void **state)
{
    static const char *const documents[] = { "{\"fields\":{\"cost\":\"12.50\",\"size\":3}}",
                                             "{\"fields\":{\"cost\":\"12.50\"}}",
                                             "{\"fields\":{}}" };
    static const char *const keys[] = { "CR-1", "CR-2", "CR-3" };
    struct contract *c = *state;
    struct store_case_filter filter = { .team = "delivery" };
    struct store_count all = { 0 }, cost = { .field = "cost" }, size = { .field = "size" };
    struct store_count unknown = { .by = { "document" }, .n_by = 1 };
    json_t *got, *want;

    got = group_of(c, &filter, &all);
    assert_int_equal(json_array_size(got), 0);
    json_decref(got);
    for (int i = 0; i < 3; i++) {
        struct store_case row = sample_case("delivery", keys[i], 0);

        row.document = documents[i];
        commit_case(c, &row);
    }
    got = group_of(c, &filter, &all);
    want = json_pack("[{s:i}]", "n", 3);
    assert_true(json_equal(got, want));
    json_decref(got);
    json_decref(want);
    filter.state = "draft";
    got = group_of(c, &filter, &cost);
    assert_int_equal(json_array_size(got), 2);
    for (int i = 0; i < 2; i++) {
        const json_t *group = json_array_get(got, (size_t)i);
        bool none = json_is_null(json_object_get(group, "field"));

        assert_int_equal(json_integer_value(json_object_get(group, "n")), none ? 1 : 2);
        if (!none)
            assert_string_equal(json_string_value(json_object_get(group, "field")), "12.50");
    }
    json_decref(got);
    filter.state = "elsewhere";
    got = group_of(c, &filter, &size);
    assert_int_equal(json_array_size(got), 0);
    json_decref(got);
    filter.state = NULL;
    got = group_of(c, &filter, &size);
    assert_int_equal(json_array_size(got), 2);
    json_decref(got);
    assert_status(c, SGN_INVALID, store_case_count(c->reader, &filter, &unknown, &got, &c->err));
    assert_non_null(strstr(c->err.message, "document"));
    assert_null(got);
}

static const struct CMUnitTest tests[] = {
    CONTRACT(test_store_lists_equal_the_model_whatever_the_filter),
    CONTRACT(test_store_lists_filter_by_several_fields_and_both_ways_of_seeing),
    CONTRACT(test_store_pages_neither_skip_nor_repeat_while_others_write),
    CONTRACT(test_store_counts_by_what_a_field_says_and_of_nothing_none),
    CONTRACT(test_store_list_items_are_the_case_columns),
    CONTRACT(test_store_lists_refuse_bad_sorts_cursors_and_values),
    CONTRACT(test_store_list_that_takes_too_long_is_refused_with_advice),
};
CONTRACT_TESTS(contract_case_tests, tests);
