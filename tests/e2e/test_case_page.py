# SPDX-License-Identifier: Apache-2.0
"""What a case, a list and a refusal say to whoever has to act on them."""
import os

import pytest
import signoff

from cases import Case


def test_case_page_list_tells_when_it_is_due_not_when_a_rung_fires(people, advance):
    li = people("li")
    case = Case(people, "change_request", "mei", summary="Add export", reason="Auditors")
    case.fire("mei", "submit")
    key = case.key

    def due():
        return [item["due_at"] for item in li.call("case.list")["items"] if item["case"] == key][0]
    waiting = [item["due"] for item in li.call("inbox.list")["items"] if item["case"] == key]
    assert waiting == [due()]
    at_first = due()
    advance("3 days")  # every rung has fired: it is late, and still due when it was
    assert due() == at_first
    late = li.call("case.list", overdue=True, sort="due")["items"]
    assert [item["case"] for item in late] == [key]


@pytest.mark.parametrize("method", ["case.get", "case.history", "case.allowed", "case.fire"])
def test_case_page_a_missing_case_is_said_the_same_way(people, refuses, method):
    params = {"event": "submit"} if method == "case.fire" else {}
    error = refuses("not_found", people("li"), method, case="CR-9", **params)
    assert error.message == "there is no case CR-9"


def test_case_page_operator_is_told_what_is_missing(server):
    with open(os.path.join(server.site, "operator.token")) as file:
        operator = server.connect(file.read().strip())
    with operator, pytest.raises(signoff.RpcError) as caught:
        operator.call("case.list")
    assert "must name the team" in caught.value.message


def test_case_page_history_and_workflow_title_their_deadlines(people):
    li = people("li")
    key = Case(people, "issue", "mei", summary="Export fails").key
    titles = li.call("case.history", case=key)["titles"]["deadlines"]
    assert titles["first_answer"] in ("First answer", "首次答复")
    assert li.call("workflow.get", workflow="issue")["deadlines"] == titles


def test_case_page_shows_a_link_from_both_sides_until_it_is_taken_away(people):
    first, second = (Case(people, "issue", "li", summary=text).key for text in ("Broken", "Also broken"))
    li = people("li")
    li.call("case.link", case=first, other=second, kind="blocks")
    assert li.call("case.get", case=first)["links"] == [{"case": second, "kind": "blocks"}]
    assert li.call("case.get", case=first)["linked_from"] == []
    assert li.call("case.get", case=second)["linked_from"] == [{"case": first, "kind": "blocks"}]
    assert "linked_from" not in people("mei").call("case.get", case=second), "links are the team's"
    li.call("case.link", case=first, other=second, kind="blocks", remove=True)
    assert li.call("case.get", case=second)["linked_from"] == []


def test_case_page_of_a_case_that_a_thousand_others_link_to_is_shown_in_bounds(people):
    li = people("li")
    target = Case(people, "issue", "li", summary="All about it").key
    from_there = [Case(people, "issue", "li", summary="One of many").key for _ in range(11)]
    for n in range(1, 92):
        for key in from_there:
            li.call("case.link", case=key, other=target, kind="about_%d" % n)
    seen = li.call("case.get", case=target)
    assert (len(seen["linked_from"]), seen["linked_more"]) == (1000, True)
    li.call("case.link", case=from_there[0], other=target, kind="about_1", remove=True)
    seen = li.call("case.get", case=target)
    assert (len(seen["linked_from"]), seen["linked_more"]) == (1000, False)


def test_a_case_that_is_refused_takes_no_number(people, refuses):
    li = people("li")
    first = Case(people, "issue", "li", summary="Broken").key
    for fields in ({"nothing": "x"}, {"summary": "x" * 100_000}):
        refuses("invalid", li, "case.open", workflow="issue", project="acme-erp", fields=fields)
    refuses("invalid", li, "case.open", workflow="issue", project="acme-erp", fields={"kind": "no such kind"})
    assert Case(people, "issue", "li", summary="Broken, too").key == "IS-%d" % (int(first[3:]) + 1)
