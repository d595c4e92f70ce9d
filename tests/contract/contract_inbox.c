/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The contract of the inbox: who is reached by name, role or group, and in which order.
 */
#include "contract.h"

struct waiting {
    const char *key, *project, *priority;
    int64_t opened;
    const char *person, *role, *group;
    int64_t due; /* 0: none */
};

static void
commit_waiting(struct contract *c, const struct waiting *one)
{
    struct store_case row = sample_case("delivery", one->key, 0);
    json_t *waiting =
        json_pack("[{s:s, s:s?, s:s?, s:s?, s:s, s:i, s:o}]", "kind", "owner", "person",
                  one->person, "role", one->role, "group", one->group, "state", "draft", "since", 5,
                  "due", one->due == 0 ? json_null() : json_integer(one->due));

    row.project = one->project;
    row.priority = one->priority;
    row.opened_at = one->opened;
    row.waiting = waiting;
    commit_case(c, &row);
    json_decref(waiting);
}

/* The keys of a whole inbox, read in pages of limit, with spaces between. */
static void
read_inbox(struct contract *c, const char *person, int limit, char out[256])
{
    char *cursor = NULL;

    out[0] = '\0';
    do {
        struct store_page page;
        size_t i = 0;
        json_t *item = NULL;

        assert_ok(c, store_inbox(c->reader, "delivery", person, cursor, limit, &page, &c->err));
        json_array_foreach(page.items, i, item) {
            size_t n = strlen(out);

            snprintf(out + n, 256 - n, "%s%s", n == 0 ? "" : " ",
                     json_string_value(json_object_get(item, "case")));
        }
        free(cursor);
        cursor = page.cursor;
        page.cursor = NULL;
        store_page_deinit(&page);
    } while (cursor != NULL);
}

static void
assert_inbox(struct contract *c, const char *person, const char *want)
{
    for (int limit = 1; limit <= 4; limit++) {
        char got[256];

        read_inbox(c, person, limit, got);
        assert_string_equal(got, want);
    }
}

static void
give_membership(struct contract *c, const char *project, const char *person, const char *role)
{
    commit_row(c, STORE_MEMBERSHIP, "delivery",
               json_pack("{s:s, s:s, s:s}", "project", project, "person", person, "role", role));
}

static void
test_inbox_reaches_by_name_role_and_group(void **state)
{
    static const struct waiting rows[] = {
        { "CR-1", "erp", "normal", 1, "li", NULL, NULL, 0 },
        { "CR-2", "erp", "normal", 2, NULL, "engineer", NULL, 0 },
        { "CR-3", "crm", "normal", 3, NULL, "engineer", NULL, 0 },
        { "CR-4", "erp", "normal", 4, NULL, "sponsor", NULL, 0 },
        { "CR-5", "crm", "normal", 5, NULL, NULL, "ccb", 0 },
        { "CR-6", NULL, "normal", 6, NULL, "engineer", NULL, 0 },
        { "CR-7", "erp", "normal", 7, "wang", NULL, NULL, 0 },
    };
    struct contract *c = *state;

    give_membership(c, "erp", "li", "engineer");
    give_membership(c, "crm", "li", "pm");
    commit_row(c, STORE_GROUP_MEMBER, "delivery",
               json_pack("{s:s,s:s}", "group", "ccb", "person", "li"));
    commit_row(c, STORE_GROUP_MEMBER, "others",
               json_pack("{s:s,s:s}", "group", "ccb", "person", "wang"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        commit_waiting(c, &rows[i]);
    assert_inbox(c, "li", "CR-1 CR-2 CR-5");
    assert_inbox(c, "wang", "CR-7");
    assert_inbox(c, "nobody", "");
}

static void
test_inbox_follows_memberships_as_they_change(void **state)
{
    static const struct waiting one = { "CR-1", "erp", "normal", 1, NULL, "engineer", NULL, 0 };
    struct contract *c = *state;
    json_t *key = json_pack("{s:s,s:s,s:s}", "project", "erp", "person", "li", "role", "engineer");
    struct store_row row = {
        .table = STORE_MEMBERSHIP, .team = "delivery", .row = key, .remove = true
    };
    struct store_unit unit = { .rows = &row, .n_rows = 1 };

    commit_waiting(c, &one);
    assert_inbox(c, "li", "");
    give_membership(c, "erp", "li", "engineer");
    assert_inbox(c, "li", "CR-1");
    assert_ok(c, store_commit(c->store, &unit, &c->err));
    assert_inbox(c, "li", "");
    json_decref(key);
}

static void
test_inbox_shows_a_row_reached_twice_once(void **state)
{
    struct contract *c = *state;
    struct store_case row = sample_case("delivery", "CR-1", 0);
    json_t *waiting =
        json_pack("[{s:s, s:s, s:s, s:s}, {s:s, s:s}]", "kind", "approval", "role", "engineer",
                  "person", "li", "group", "ccb", "kind", "task", "person", "li");

    give_membership(c, "erp", "li", "engineer");
    commit_row(c, STORE_GROUP_MEMBER, "delivery",
               json_pack("{s:s,s:s}", "group", "ccb", "person", "li"));
    row.waiting = waiting;
    commit_case(c, &row);
    assert_inbox(c, "li", "CR-1 CR-1"); /* two rows, each once */
    json_decref(waiting);
}

static void
test_inbox_is_most_urgent_first(void **state)
{
    static const struct waiting rows[] = {
        { "CR-1", "erp", "low", 1, "li", NULL, NULL, 0 },
        { "CR-2", "erp", "urgent", 9, "li", NULL, NULL, 0 },
        { "CR-3", "erp", "low", 9, "li", NULL, NULL, 50 },
        { "CR-4", "erp", "normal", 9, "li", NULL, NULL, 50 },
        { "CR-5", "erp", "low", 9, "li", NULL, NULL, 40 },
        { "CR-6", "erp", "urgent", 8, "li", NULL, NULL, 0 },
        { "CR-7", "erp", "low", 1, "li", NULL, NULL, 0 },
        { "CR-8", "erp", "high", 1, "li", NULL, NULL, 0 },
    };
    struct contract *c = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        commit_waiting(c, &rows[i]);
    assert_inbox(c, "li", "CR-5 CR-4 CR-3 CR-6 CR-2 CR-8 CR-1 CR-7");
}

static void
test_inbox_forgets_what_a_case_no_longer_waits_for(void **state)
{
    struct contract *c = *state;
    struct waiting one = { "CR-1", "erp", "normal", 1, "li", NULL, NULL, 0 };
    struct store_case row = sample_case("delivery", "CR-1", 0);

    commit_waiting(c, &one);
    one.person = "wang";
    commit_waiting(c, &one);
    assert_inbox(c, "li", "");
    assert_inbox(c, "wang", "CR-1");
    commit_case(c, &row); /* waits for nobody */
    assert_inbox(c, "wang", "");
}

static void
test_inbox_items_hold_the_waiting_and_the_case(void **state)
{
    static const struct waiting one = { "CR-1", "erp", "high", 7, NULL, NULL, "ccb", 50 };
    struct contract *c = *state;
    struct store_page page;
    const json_t *item = NULL;

    commit_row(c, STORE_GROUP_MEMBER, "delivery",
               json_pack("{s:s,s:s}", "group", "ccb", "person", "li"));
    commit_waiting(c, &one);
    assert_ok(c, store_inbox(c->reader, "delivery", "li", NULL, 5, &page, &c->err));
    item = json_array_get(page.items, 0);
    assert_string_equal(json_string_value(json_object_get(item, "case")), "CR-1");
    assert_string_equal(json_string_value(json_object_get(item, "kind")), "owner");
    assert_string_equal(json_string_value(json_object_get(item, "group")), "ccb");
    assert_true(json_is_null(json_object_get(item, "person")));
    assert_true(json_is_null(json_object_get(item, "case_group")));
    assert_string_equal(json_string_value(json_object_get(item, "state")), "draft");
    assert_int_equal(json_integer_value(json_object_get(item, "since")), 5);
    assert_int_equal(json_integer_value(json_object_get(item, "due")), 50);
    assert_string_equal(json_string_value(json_object_get(item, "workflow")), "change_request");
    assert_string_equal(json_string_value(json_object_get(item, "priority")), "high");
    assert_int_equal(json_integer_value(json_object_get(item, "opened_at")), 7);
    store_page_deinit(&page);
    assert_status(c, SGN_INVALID,
                  store_inbox(c->reader, "delivery", "li", "5b5d", 5, &page, &c->err));
}

/* The keys of a whole inbox with that of others, "=" and whose it is behind those. */
static void
assert_inbox_of(struct contract *c, const char *others_text, const char *case_key, const char *want)
{
    json_t *others = json_loads(others_text, 0, NULL);
    const struct store_inbox_filter filter = {
        .team = "delivery", .person = "sun", .others = others, .case_key = case_key
    };

    assert_non_null(others);
    for (int limit = 1; limit <= 4; limit++) {
        char got[256] = "";
        char *cursor = NULL;

        do {
            struct store_page page;
            size_t i = 0;
            json_t *item = NULL;

            assert_ok(c, store_inbox_for(c->reader, &filter, cursor, limit, &page, &c->err));
            json_array_foreach(page.items, i, item) {
                const char *giver = json_string_value(json_object_get(item, "on_behalf"));
                size_t n = strlen(got);

                snprintf(got + n, sizeof got - n, "%s%s%s%s", n == 0 ? "" : " ",
                         json_string_value(json_object_get(item, "case")), giver != NULL ? "=" : "",
                         giver != NULL ? giver : "");
            }
            free(cursor);
            cursor = page.cursor;
            page.cursor = NULL;
            store_page_deinit(&page);
        } while (cursor != NULL);
        assert_string_equal(got, want);
    }
    json_decref(others);
}

static void
assert_inbox_for(struct contract *c, const char *others_text, const char *want)
{
    assert_inbox_of(c, others_text, NULL, want);
}

static void
test_inbox_has_what_waits_for_others_within_their_scope(void **state)
{
    static const struct waiting rows[] = {
        { "CR-1", "erp", "normal", 1, "sun", NULL, NULL, 0 },
        { "CR-2", "erp", "normal", 2, "li", NULL, NULL, 0 },
        { "CR-3", "erp", "normal", 3, NULL, "pm", NULL, 0 },
        { "CR-4", "crm", "normal", 4, NULL, NULL, "ccb", 0 },
        { "CR-5", "erp", "normal", 5, NULL, "engineer", NULL, 0 },
        { "CR-6", "crm", "normal", 6, "mo", NULL, NULL, 0 },
    };
    struct contract *c = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        commit_waiting(c, &rows[i]);
    give_membership(c, "erp", "li", "pm");
    give_membership(c, "erp", "li", "engineer");
    give_membership(c, "erp", "sun", "engineer");
    commit_row(c, STORE_GROUP_MEMBER, "delivery",
               json_pack("{s:s,s:s}", "group", "ccb", "person", "li"));
    assert_inbox_for(c, "[]", "CR-1 CR-5");
    assert_inbox_for(c, "[{\"person\":\"li\"}]", "CR-1 CR-2=li CR-3=li CR-4=li CR-5");
    assert_inbox_for(c, "[{\"person\":\"li\",\"projects\":[\"erp\"]}]",
                     "CR-1 CR-2=li CR-3=li CR-5");
    assert_inbox_for(c, "[{\"person\":\"li\",\"workflows\":[\"issue\"]}]", "CR-1 CR-5");
    assert_inbox_for(c,
                     "[{\"person\":\"li\",\"workflows\":[\"issue\",\"change_request\"],"
                     "\"projects\":[\"crm\"]},{\"person\":\"mo\"}]",
                     "CR-1 CR-4=li CR-5 CR-6=mo");
    /* Of one case: by whatever way it is reached, and nothing where none leads. */
    assert_inbox_of(c, "[]", "CR-5", "CR-5");
    assert_inbox_of(c, "[{\"person\":\"li\"}]", "CR-5", "CR-5");
    assert_inbox_of(c, "[{\"person\":\"li\"}]", "CR-4", "CR-4=li");
    assert_inbox_of(c, "[]", "CR-4", "");
    assert_inbox_of(c, "[{\"person\":\"li\"}]", "CR-6", "");
    assert_inbox_of(c, "[{\"person\":\"li\"}]", "CR-7", "");
}

static const struct CMUnitTest tests[] = {
    CONTRACT(test_inbox_reaches_by_name_role_and_group),
    CONTRACT(test_inbox_follows_memberships_as_they_change),
    CONTRACT(test_inbox_shows_a_row_reached_twice_once),
    CONTRACT(test_inbox_is_most_urgent_first),
    CONTRACT(test_inbox_forgets_what_a_case_no_longer_waits_for),
    CONTRACT(test_inbox_items_hold_the_waiting_and_the_case),
    CONTRACT(test_inbox_has_what_waits_for_others_within_their_scope),
};
CONTRACT_TESTS(contract_inbox_tests, tests);
