/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that another node has put in force. */
#include "support/two_nodes.h"

/* The folder of this node says so from now on. */
static void
new_rules(struct world *w, int version)
{
    json_t *model = world_model();

    json_object_set_new(model, "version", json_integer(version));
    world_set_answer(w, world_answer(model));
}

static void
reload(struct world *w)
{
    assert_done(world_ask(w, &(struct ask){ .person = "li",
                                            .run = lane_reload,
                                            .method = "workflow.reload",
                                            .access = CORE_LEAD }));
}

static void
assert_rules(struct world *w, const char *want)
{
    const struct lane_site *site = lane_site_ref(w->lane);

    assert_string_equal(lane_site_rules(site, "demo"), want);
    lane_site_free(w->lane, site);
}

static void
assert_opens(struct world *w, const char *version)
{
    struct reply *reply = world_open(w, "li", "{}");
    json_t *row;

    assert_done(reply);
    row = world_case(w, sgn_json_str(reply->result, "case"));
    assert_json(json_object_get(row, "version"), version);
    json_decref(row);
}

static void
reload_there(void)
{
    reload(there);
}

static void
test_rules_that_another_node_put_in_force_are_followed(void **state)
{
    (void)state;
    begin(false);
    assert_opens(there, "1");
    new_rules(there, 2);
    reload(there);
    assert_opens(there, "2");
    assert_opens(here, "2");
    assert_rules(there, "current");
    assert_rules(here, "stored");
    assert_done(world_fire(here, "li", "TK-3", "begin")); /* its functions come from the store */
    new_rules(here, 3);
    reload(here);
    assert_opens(there, "3");
    assert_rules(here, "current");
    assert_rules(there, "stored");
    reload(there); /* its folder says what was in force before */
    assert_opens(here, "2");
    end();
}

static void
test_command_that_a_reload_overtakes_goes_by_the_new_rules(void **state)
{
    (void)state;
    for (int delayed = 0; delayed < 2; delayed++) {
        begin(delayed == 1);
        assert_opens(here, "1");
        new_rules(there, 2);
        before = reload_there;
        assert_opens(here, "2");
        end();
    }
}

static void
test_reload_that_another_overtakes_is_the_later_one(void **state)
{
    (void)state;
    begin(false);
    new_rules(there, 2);
    new_rules(here, 3);
    before = reload_there;
    reload(here);
    assert_opens(here, "3");
    assert_opens(there, "3");
    assert_rules(there, "stored");
    end();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_that_another_node_put_in_force_are_followed),
        cmocka_unit_test(test_command_that_a_reload_overtakes_goes_by_the_new_rules),
        cmocka_unit_test(test_reload_that_another_overtakes_is_the_later_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
