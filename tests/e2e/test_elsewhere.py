# SPDX-License-Identifier: Apache-2.0
"""What users of other approval and workflow systems lost, tried here: each test is one complaint.

The numbers U05 to U17 stand in tests/lint/dsl_sentences.txt. One small workflow has what is needed:
a contract that two of a board and the client agree to, with a deadline of its own.
"""
import os
import signal

import pytest
from cases import CLOSED, Case, at

WORKFLOW = """return workflow "contract" {
  key = "CT", title = "Contract", client = "project",
  open = { by = { "pm", "client" } },
  roles = { "pm", "engineer", "ccb", "sponsor", "client" },
  fields = {
    text = text { required = true }, price = money { min = 0 }, pace = choice { "slow", "fast" },
    served = time {},
  },
  within "whole" { "60 days", late "0" { notify "pm" } },
  start = "draft",
  state "draft" { owner = "pm",
    edit = { pm = { "text", "price", "pace" } },
    on "ask"   { by = "pm", to = "deciding" },
    on "serve" { by = "pm", takes = { "served" }, to = "served" },
    on "call"  { by = "pm", to = "called" },
  },
  state "deciding" {
    edit = { pm = { "text", "price" } },
    on "recall" { by = "pm", to = "draft" },
    approval { covers = { "text", "price" },
      rule = all_of { at_least(2) "ccb" { nobody = "sponsor" }, one_of "client" { nobody = "reject" } },
      approved = "agreed", rejected = "refused" },
  },
  state "served" {
    approval { covers = { "text" }, rule = one_of "client" { nobody = "reject" },
      approved = "agreed", rejected = "refused" },
    within "answer" { "5 workdays", from = "served",
      at "60%" { remind "pending" },
      late "0" { decide "approved" { as = "deemed" } },
      late "1 workday" { notify "sponsor" } },
  },
  state "called" { owner = "engineer",
    within "callback" { per "pace" { slow = "2 workdays", fast = "4 workhours" },
      at "50%" { remind "owner" },
      late "0" { notify "pm", reassign "pm" },
      late "1 workday" { go "refused" } },
    on "done" { by = { "engineer", "pm" }, to = "agreed" },
  },
  final "agreed" { outcome = "agreed" },
  final "refused" { outcome = "refused" },
}
"""

TEAM = """return team "demo" {
  title = "Demonstration", timezone = "Asia/Shanghai", language = "en", currency = "CNY",
  calendar "office" { monday_to_friday = { "09:00-12:00", "13:30-18:00" }, holidays = "cn" },
  use "contract",
}
"""


@pytest.fixture
def server(make_server, folder):
    def contracts(made):
        team = os.path.join(made.site, "teams", "demo")
        os.makedirs(os.path.join(team, "workflows"), exist_ok=True)
        for name, text in (("team.lua", TEAM), ("workflows/contract.lua", WORKFLOW)):
            with open(os.path.join(team, name), "w", encoding="utf-8") as file:
                file.write(text)
    return make_server(os.path.join(folder, "site"), "--demo", prepare=contracts)


@pytest.fixture
def contract(people):
    def opened(event=None, **fields):
        case = Case(people, "contract", "li", text="Version A", price="100.00", **fields)
        if event:
            case.fire("li", event)
        return case
    return opened


def ballots(case, by="li"):
    """{person: choice} of the ballots that stand in the open round."""
    return {one["person"]: one["choice"] for one in case.round(by)["ballots"] if one["standing"]}


def texts(connection, case):
    return [one["text"] for one in connection.call("inbox.messages")["items"]
            if one.get("case") == case.key]


# ---- approvals ----

def test_u05_approval_does_not_outlive_what_was_approved(people, contract, refuses):
    case = contract("ask")
    seen = case.round("wang")["digest"]
    case.vote("wang", "approve")
    case.vote("mei", "approve")
    case.edit("li", text="Version B")
    assert ballots(case) == {}, "both ballots were for Version A"
    # Whoever still looks at the page of Version A cannot agree to Version B with it.
    refuses("conflict", people("chen"), "approval.vote", case=case.key, choice="approve",
            digest=seen)
    for person in ("wang", "chen"):
        assert case.vote(person, "approve") == ["deciding"]
    assert case.vote("mei", "approve") == ["agreed"]
    [ended] = [entry for entry in case.history() if entry.get("decided")]
    assert {one["person"] for one in ended["decided"] if one.get("choice")} == \
        {"wang", "chen", "mei"}


def test_u06_a_round_again_starts_with_no_ballots(people, contract):
    case = contract("ask")
    case.vote("wang", "approve")
    case.vote("mei", "approve")
    case.fire("li", "recall")
    case.fire("li", "ask")
    assert ballots(case) == {}, "nothing of the last time counts"
    case.vote("chen", "approve")
    assert case.vote("mei", "approve") == ["deciding"], "one of the board is not two"
    assert case.vote("wang", "approve") == ["agreed"]


def test_u07_quorum_needs_two_different_people_on_record(people, contract):
    case = contract("ask")
    case.vote("wang", "approve")
    case.vote("wang", "approve")
    assert case.vote("mei", "approve") == ["deciding"], "the same person twice is one"
    assert case.vote("chen", "approve") == ["agreed"]
    votes = [(entry["actor"], entry["channel"]) for entry in case.history()
             if entry["kind"] == "vote"]
    assert {person for person, _ in votes} == {"wang", "chen", "mei"}
    assert all(channel for _, channel in votes)


def test_u08_who_is_added_is_asked_and_the_number_stays(people, server, contract):
    case = contract("ask")
    with server.client("admin") as admin:
        admin.call("project.member.add", project="acme-erp", person="sun", role="ccb")
    assert "sun" in case.round()["pending"], "the newcomer is asked"
    case.vote("wang", "approve")
    case.vote("mei", "approve")
    assert case.vote("sun", "approve") == ["agreed"], "two of three, as the rule says"


def test_u09_a_stand_in_for_a_period_sees_and_decides_and_no_longer(people, contract, advance,
                                                                    refuses):
    case = contract("ask")
    people("chen").call("delegation.set", to="sun", until="2026-01-07T09:00:00+08:00")
    mine = [one for one in people("sun").call("inbox.list")["items"] if one["case"] == case.key]
    assert [one["on_behalf"] for one in mine] == ["chen"]
    # A stand-in of the stand-in has nothing of chen's: it goes no further.
    people("sun").call("delegation.set", to="zhao", until="2026-01-07T09:00:00+08:00")
    refuses("forbidden", people("zhao"), "approval.vote", case=case.key, choice="approve",
            digest=case.round()["digest"], on_behalf="chen")
    advance("3 days")
    assert not [one for one in people("sun").call("inbox.list")["items"]
                if one["case"] == case.key]
    refuses("forbidden", people("sun"), "approval.vote", case=case.key, choice="approve",
            digest=case.round()["digest"], on_behalf="chen")


# ---- timers, escalation ----

def test_u10_silence_is_agreement_with_its_evidence(people, contract):
    case = contract()
    case.fire("li", "serve", served="2026-01-05T09:00:00+08:00")
    assert case.until(at("2026-01-12 17:59")) == ["served"]
    assert case.until(at("2026-01-12 18:00")) == ["agreed"], "the close of the fifth workday"
    assert case.outcome == "deemed"
    fired = [entry for entry in case.history() if entry.get("rung", {}).get("rung") == "late 0"]
    assert [(one["actor"], one["due"]) for one in fired] == [
        ("system", "2026-01-12T18:00:00+08:00")]


def test_u11_nobody_answers_and_somebody_else_is_told_and_takes_over(people, contract):
    case = contract("call", pace="slow")
    case.until(at("2026-01-07 18:00"))
    assert [rung for _, rung in case.rungs()] == ["50%", "late 0"]
    assert texts(people("li"), case), "the project manager was told"
    assert case.get()["owners"]["called"] == "li"


def test_u12_a_deadline_does_what_it_says_and_nothing_goes_on_beside_it(people, contract,
                                                                         refuses):
    case = contract("call", pace="slow")
    assert case.until(at("2026-01-08 18:00")) == ["refused"]
    refuses("not_now", people("sun"), "case.fire", case=case.key, event="done")
    case.until(at("2026-03-31 09:00"))
    assert [rung for name, rung in case.rungs()] == ["50%", "late 0", "late 1 workday"]


def test_u13_each_case_has_its_own_time_and_the_whole_has_one_too(people, contract):
    slow, fast = contract("call", pace="slow"), contract("call", pace="fast")

    def due(case, name):
        return [one["due"] for one in case.get()["deadlines"] if one["name"] == name]
    assert due(slow, "callback") == ["2026-01-07T18:00:00+08:00"]
    assert due(fast, "callback") == ["2026-01-05T14:30:00+08:00"]
    assert due(slow, "whole") == ["2026-03-06T09:00:00+08:00"]


def test_u14_a_late_answer_is_refused_by_name_of_what_came_before(people, contract, refuses):
    case = contract()
    case.fire("li", "serve", served="2026-01-05T09:00:00+08:00")
    digest = case.round("mei")["digest"]
    case.until(at("2026-01-12 18:00"))
    late = refuses("not_now", people("mei"), "approval.vote", case=case.key, approval="served",
                   choice="reject", digest=digest, comment="Not like this")
    assert "deemed" in str(late.message) + str(late.data), "she is told what was decided"


def test_u15_what_waits_wakes_once_after_a_crash(people, server, contract):
    case = contract("call", pace="slow")
    case.until(at("2026-01-06 18:00"))
    before = case.rungs()
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    server.start()
    with server.client("li") as li:
        again = Case.__new__(Case)
        again.people, again.key = (lambda name: li), case.key
        assert again.rungs() == before, "nothing fires again because of the restart"
        again.until(at("2026-01-08 18:00"))
        assert again.rungs() == [("callback", "50%"), ("callback", "late 0"),
                                 ("callback", "late 1 workday")]


@pytest.mark.parametrize("opened, due", [
    ("2026-01-06 07:00", "2026-01-06 14:30"),  # before opening: 3 h until noon, 1 h after lunch
    ("2026-01-06 12:30", "2026-01-06 17:30"),  # in the break: from 13:30 on
    ("2026-01-06 18:30", "2026-01-07 14:30"),  # after closing: the next day's hours
    ("2026-01-10 10:00", "2026-01-12 14:30"),  # on a Saturday
    ("2026-02-14 17:00", "2026-02-24 12:00"),  # a made-up Saturday, then Spring Festival
])
def test_u16_hours_before_opening_after_closing_and_holidays_do_not_count(people, contract, opened,
                                                                         due):
    people("li").call("clock.advance", to=at(opened).isoformat())
    case = contract("call", pace="fast")
    [deadline] = [one for one in case.get()["deadlines"] if one["name"] == "callback"]
    assert deadline["due"] == at(due).isoformat()
    assert at("2026-02-17 09:00").date() in CLOSED, "the festival is in the calendar used here"


def test_u17_every_step_has_the_name_that_its_author_gave_it(people, contract):
    case = contract("call", pace="slow")
    case.until(at("2026-01-07 18:00"))
    explained = people("li").call("case.explain", case=case.key)
    assert "callback" in {one["name"] for one in explained["deadlines"]}
    assert {name for name, _ in case.rungs()} == {"callback"}
