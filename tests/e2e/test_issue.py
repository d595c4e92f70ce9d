# SPDX-License-Identifier: Apache-2.0
"""The client issue: priorities, waiting for the client, reopening, escalation."""
import pytest
from cases import PROJECT, Case


@pytest.fixture
def desk(people):
    """wang and chen are the first line; sun is an engineer, li the project manager."""
    for person in ("wang", "chen"):
        people("li").call("project.member.add", project=PROJECT, person=person, role="support")
    return people


def reported(people, **fields):
    return Case(people, "issue", "mei", summary="Export fails", **fields)


def taken(people, **fields):
    case = reported(people, **fields)
    assert case.fire("wang", "take") == ["working"]
    return case


def solved(people):
    case = taken(people)
    assert case.fire("wang", "solve", answer="Use version 2.1") == ["solved"]
    return case


def solution_rungs(case):
    return [rung for deadline, rung in case.rungs() if deadline == "solution"]


def test_issue_from_report_to_settled(desk, advance):
    case = taken(desk)
    assert case.fire("wang", "escalate") == ["second_line"]
    assert case.get()["fields"]["level"] == "second_line"
    assert case.fire("sun", "solve", answer="Use version 2.1", cause="product") == ["solved"]
    assert case.fire("mei", "confirm") == ["closed"]
    assert case.outcome is None, "for thirty days it can come back"
    advance("30 days")
    assert case.look() == ["settled"] and case.outcome == "solved"


def test_answer_is_needed_to_solve(desk, refuses):
    case = taken(desk)
    refuses("needs_fields", desk("wang"), "case.fire", case=case.key, event="solve")
    assert case.look() == ["working"]


def test_reply_brings_it_back_to_where_it_was(desk):
    case = taken(desk)
    assert case.fire("wang", "ask", comment="Which version?") == ["waiting"]
    assert case.fire("mei", "reply", details="2.0") == ["working"]
    case.fire("wang", "escalate")
    assert case.fire("sun", "ask", comment="Which database?") == ["waiting"]
    assert case.fire("tom", "reply") == ["second_line"]


def test_offer_is_owned_by_whoever_takes_it(desk):
    case = reported(desk)
    assert case.get()["owners"]["reported"] != "wang"
    desk("chen").call("case.assign", case=case.key, to="chen")
    assert case.get()["owners"]["reported"] == "chen"


def test_time_to_solve_stands_still_while_the_client_is_asked(desk, advance):
    case = taken(desk)                             # normal: three days
    advance("1 day")
    case.fire("wang", "ask", comment="Which version?")
    advance("10 days")
    assert solution_rungs(case) == []
    case.fire("mei", "reply")                      # two days are left
    advance("11 hours")
    assert solution_rungs(case) == []
    advance("1 hour")                              # a day and a half have been counted
    assert solution_rungs(case) == ["50%"]
    advance("1 day 11 hours")
    assert "late 0" not in solution_rungs(case)
    advance("1 hour")
    assert solution_rungs(case)[-1] == "late 0"


def test_silence_of_the_client_ends_the_issue(desk, advance):
    case = taken(desk)
    case.fire("wang", "ask", comment="Which version?")
    advance("13 days 23 hours")
    assert case.look() == ["waiting"]
    advance("1 hour")
    assert case.look() == ["unanswered"] and case.outcome == "unanswered"


def test_raised_priority_shortens_the_time_from_the_same_start(desk, advance):
    case = taken(desk)                             # normal: three days
    advance("20 hours")
    assert solution_rungs(case) == []
    case.fire("mei", "raise", comment="Month-end closing")   # high: one day from the start
    assert case.get()["priority"] == "high"
    advance("3 hours")
    assert "late 0" not in solution_rungs(case)
    advance("1 hour")
    assert solution_rungs(case)[-1] == "late 0"


def test_note_is_required_to_raise(desk, refuses):
    case = taken(desk)
    refuses("needs_fields", desk("mei"), "case.fire", case=case.key, event="raise")
    assert case.get()["priority"] == "normal"


def test_unanswered_report_escalates_to_the_project_manager(desk, advance):
    case = reported(desk)                          # normal: first answer within eight hours
    advance("7 hours")
    assert ("first_answer", "75%") in case.rungs()
    advance("1 hour")
    assert ("first_answer", "late 0") in case.rungs()
    assert case.get()["owners"]["reported"] != "li"
    advance("4 hours")
    seen = case.get()
    assert seen["owners"]["reported"] == "li" and seen["priority"] == "high"
    # Raised to high, the times count from the same start: nothing of the ladder fires again.
    fired = [rung for deadline, rung in case.rungs() if deadline == "first_answer"]
    assert sorted(fired) == sorted(set(fired)) and len(fired) == 3


def test_unsolved_issue_climbs_the_whole_ladder_once(desk, advance):
    case = taken(desk)
    advance("60 days")
    rungs = solution_rungs(case)
    ladder = [rung for rung in rungs if not rung.startswith("again")]
    assert ladder == ["50%", "80%", "late 0", "late 1 day", "late 3 days"]
    assert len(rungs) - len(ladder) == 5, "the repeats end after as many as are said"
    assert case.get()["owners"]["working"] == "li"
    assert case.look() == ["working"]


def test_client_confirms_by_silence(desk, advance):
    case = solved(desk)
    advance("14 days")
    assert case.look() == ["closed"]


def test_reopened_issue_is_more_urgent(desk, refuses):
    case = solved(desk)
    refuses("needs_fields", desk("mei"), "case.fire", case=case.key, event="reopen")
    assert case.fire("mei", "reopen", comment="Still fails") == ["working"]
    seen = case.get()
    assert seen["priority"] == "high" and seen["fields"]["reopened"] == 1
    case.fire("wang", "solve", answer="Use version 2.2")
    case.fire("mei", "confirm")
    assert case.fire("mei", "reopen", comment="And again") == ["working"]
    assert case.get()["fields"]["reopened"] == 2


def test_settled_issue_is_final(desk, advance, refuses):
    case = solved(desk)
    advance("44 days")
    assert case.look() == ["settled"]
    refuses("not_now", desk("mei"), "case.fire", case=case.key, event="reopen", comment="Hm")


def test_declined_issue_needs_a_reason(desk, refuses):
    case = reported(desk)
    refuses("needs_fields", desk("wang"), "case.fire", case=case.key, event="reject")
    assert case.fire("wang", "reject", comment="Not our product") == ["declined"]
    assert case.outcome == "declined"


def test_issue_without_support_people_goes_to_the_lead(people):
    case = reported(people)
    waiting = people("li").call("inbox.list")["items"]
    assert [item for item in waiting if item["case"] == case.key]
