# SPDX-License-Identifier: Apache-2.0
"""How many cases there are: exactly as many as a list would show to the same person, and no number
tells of what they do not see."""
import json
import os
from collections import Counter

import pytest
import signoff

from commands import run, site  # noqa: F401
from test_clients import WORKFLOW, Desk, prepare

JOB = """return workflow "job" {
  key = "JB", title = "Job", client = "project",
  roles = { "pm", "client" },
  fields = { summary = text {}, hours = number {}, fee = money {}, price = money { currency = "EUR" } },
  start = "work",
  parallel "work" {
    state "drafting" { start = "drawing",
      state "drawing" { owner = "pm", on "drawn" { by = "pm", to = "drawn" } },
      final "drawn",
    },
    state "making" { start = "building",
      state "building" { owner = "pm", on "built" { by = "pm", to = "built" } },
      final "built",
    },
    done = "made",
  },
  state "made" { edit = { pm = "all" }, on "agree" { by = "pm", to = "done" } },
  final "done" { outcome = "agreed" },
}
"""
SHARED = ("state", "workflow", "project", "outcome", "opener")
INTERNAL = ("owner", "priority", "client", "group", "version")
FILTERS = ({}, {"open": True}, {"ended": True}, {"workflow": "seen_by_client"}, {"project": "acme-erp"}, {"state": "asked"},
           {"opener": "ann"}, {"workflow": ["seen_by_opener", "job"], "open": True})


def with_jobs(server):
    prepare(server)
    team = os.path.join(server.site, "teams", "demo")
    with open(os.path.join(team, "workflows", "job.lua"), "w", encoding="utf-8") as script:
        script.write(JOB)
    with open(os.path.join(team, "team.lua"), encoding="utf-8") as script:
        text = script.read()
    with open(os.path.join(team, "team.lua"), "w", encoding="utf-8") as script:
        script.write(text.replace("use ", 'use "job", use ', 1))


@pytest.fixture
def desk(make_server, folder):
    made = Desk(make_server(os.path.join(folder, "site"), prepare=with_jobs))
    yield made
    made.close()


@pytest.fixture
def busy(desk):
    """Cases of every way in which a client sees them, some ended, in two projects."""
    for n in range(3):
        desk.case("seen_by_client", by=desk.ann if n else desk.admin)
        desk.case("seen_by_opener", by=desk.ann)
        desk.case("seen_by_opener", by=desk.bob)
        desk.case("seen_by_team")
        desk.case("seen_by_client", "globex-erp", by=desk.eve)
        desk.case("job", summary="Job")
    for case in ("SC-1", "SO-1", "ST-1"):
        desk.admin.call("case.fire", case=case, event="agree")
    desk.admin.call("case.fire", case="JB-1", event="drawn")
    return desk


def values_of(row, by):
    """What a row of a list counts under; once for each of its states."""
    of = [row["states"] if word == "state" else [row[word]] for word in by]
    return [(one,) for one in of[0]] if len(by) == 1 else [(one, two) for one in of[0] for two in of[1]]


def the_same(person, by, **params):
    rows = person.call("case.list", limit=500, **params)["items"]
    told = person.call("case.count", by=list(by), **params)
    assert told["count"] == len(rows) and told["more"] is False
    assert Counter({tuple(item[word] for word in by): item["count"] for item in told["items"]}) == \
        Counter(values for row in rows for values in values_of(row, by))
    counts = [item["count"] for item in told["items"]]
    assert counts == sorted(counts, reverse=True)
    return len(rows)


@pytest.mark.parametrize("who", ["admin", "ann", "bob", "eve"])
def test_count_is_what_the_list_shows(busy, who):
    person = getattr(busy, who)
    words = SHARED + (INTERNAL if who == "admin" else ())
    seen = [the_same(person, by, **params) for params in FILTERS
            for by in [(word,) for word in words] + [("project", "outcome"), ("workflow", "state")]]
    assert 0 < max(seen) < 18 or who == "admin"
    assert person.call("case.count") == {"count": max(seen), "items": [], "more": False}


def test_case_in_two_states_counts_in_both_and_once_in_all(busy):
    told = busy.admin.call("case.count", workflow="job", by="state")
    assert told["count"] == 3
    assert {item["state"]: item["count"] for item in told["items"]} == {"drawing": 2, "building": 3, "drawn": 1}


def test_what_was_answered_is_counted_at_once(desk):
    for n in range(1, 30):
        case = desk.case("seen_by_client")
        assert desk.admin.call("case.count", open=True)["count"] == n
    desk.admin.call("case.fire", case=case, event="agree")
    assert desk.admin.call("case.count", by="outcome")["items"] == [{"outcome": None, "count": 28}, {"outcome": "done", "count": 1}]


def test_a_workflow_shown_to_the_client_from_now_on_adds_nothing_of_before(desk):
    desk.case("seen_by_team")
    desk.case("seen_by_client")
    path = os.path.join(desk.server.site, "teams", "demo", "workflows", "seen_by_team.lua")
    with open(path, "w", encoding="utf-8") as script:
        script.write(WORKFLOW % {"name": "seen_by_team", "key": "ST", "client": 'version = 2, client = "project",'})
    desk.admin.call("workflow.reload")
    assert the_same(desk.ann, ("workflow",)) == 1
    assert desk.ann.call("case.count", by="workflow", workflow="seen_by_team")["items"] == []
    desk.case("seen_by_team")
    assert the_same(desk.ann, ("workflow",)) == 2
    assert desk.admin.call("case.count", by="version", workflow="seen_by_team")["items"] == [
        {"version": 1, "count": 1}, {"version": 2, "count": 1}]


def test_client_is_counted_only_what_it_is_shown(busy):
    for word in INTERNAL:
        with pytest.raises(signoff.RpcError) as caught:
            busy.ann.call("case.count", by=word)
        assert (caught.value.code, caught.value.data["pointer"]) == ("forbidden", "/by")
    for params in ({"owner": "admin"}, {"priority": "high"}, {"stuck": True}, {"workflow": "job", "sum": "hours"}):
        with pytest.raises(signoff.RpcError) as caught:
            busy.ann.call("case.count", **params)
        assert caught.value.code == "forbidden"


def test_amounts_add_up_exactly_and_by_currency(desk):
    fees = ["0.10", "0.20", "12345678.90", None]
    for n, fee in enumerate(fees):
        case = desk.case("job", summary="Job", hours=n, **({} if fee is None else {"fee": fee, "price": fee}))
        if n == 0:
            for event in ("drawn", "built", "agree"):
                desk.admin.call("case.fire", case=case, event=event)
    told = desk.admin.call("case.count", workflow="job", project="acme-erp", by="outcome", sum="fee")
    assert told == {"count": 4, "sum": "12345679.20", "summed": 3, "more": False, "items": [
        {"outcome": None, "count": 3, "sum": "12345679.10", "summed": 2}, {"outcome": "agreed", "count": 1, "sum": "0.10", "summed": 1}]}
    assert desk.admin.call("case.count", workflow="job", sum="price")["sum"] == "12345679.20"
    assert desk.admin.call("case.count", workflow="job", sum="hours", open=True)["sum"] == "6"
    assert desk.admin.call("case.count", workflow="job", sum="hours", state="made") == {
        "count": 0, "sum": "0", "summed": 0, "items": [], "more": False}


@pytest.mark.parametrize("params, pointer, said", [
    ({"by": "stat"}, "/by", "did you mean 'state'?"),
    ({"by": ["state", "owner", "project"]}, "/by", "at most 2"),
    ({"workflow": "seen_by_clint"}, "/workflow", "did you mean 'seen_by_client'?"),
    ({"workflow": "job", "state": "buildin"}, "/state", "did you mean 'building'?"),
    ({"sum": "hours"}, "/sum", "say of which one"),
    ({"workflow": ["job", "seen_by_client"], "sum": "hours"}, "/sum", "say of which one"),
    ({"workflow": "job", "sum": "summary"}, "/sum", "no amount"),
    ({"workflow": "job", "sum": "fee"}, "/sum", "say of which project"),
])
def test_what_cannot_be_counted_is_named(desk, params, pointer, said):
    with pytest.raises(signoff.RpcError) as caught:
        desk.admin.call("case.count", **params)
    assert caught.value.code == "invalid" and caught.value.data["pointer"] == pointer
    assert said in caught.value.message


def test_names_come_along(busy):
    told = busy.admin.call("case.count", by=["opener", "project"], names=True)
    assert told["names"]["people"]["ann"] == "Ann" and told["names"]["projects"]["acme-erp"] == "ERP"


def test_command_line_counts(site):  # noqa: F811
    for n in range(3):
        site("mei", "case", "open", "issue", "--project", "acme-erp", "-f", f"summary=Issue {n}")
    told = json.loads(site("li", "case", "count", "--by", "workflow", "--by", "outcome", "--json").stdout)
    assert told["items"] == [{"workflow": "issue", "outcome": None, "count": 3}]
    lines = site("li", "case", "count", "--open", "--by", "workflow", "--by", "outcome").stdout.splitlines()
    assert [line.split() for line in lines] == [["workflow", "outcome", "count"], ["issue", "open", "3"], ["3", "cases"]]
    assert site("li", "case", "count", "--ended").stdout == "0 cases\n"
    assert site("li", "case", "count", "--by", "owner", "--lang", "zh").stdout.splitlines()[-1] == "3 个事项"
    assert "did you mean 'state'?" in site("li", "case", "count", "--by", "stat", code=1).stderr
    help_text = site("li", "case", "count", "--help").stdout
    assert "--by WORD" in help_text and "--sum FIELD" in help_text


def test_inbox_of_one_case_is_what_the_whole_one_has_of_it(people):
    keys = [people("mei").call("case.open", workflow="change_request", project="acme-erp",
                               fields={"summary": f"Change {n}", "reason": "Auditors ask"})["case"] for n in range(3)]
    everything = people("mei").call("inbox.list")["items"]
    assert {item["case"] for item in everything} == set(keys)
    for key in keys:
        told = people("mei").call("inbox.list", case=key)
        assert told["items"] == [item for item in everything if item["case"] == key] and told["cursor"] is None
    assert people("mei").call("inbox.list", case="CR-99")["items"] == []
