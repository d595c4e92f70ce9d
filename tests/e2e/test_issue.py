# SPDX-License-Identifier: Apache-2.0
"""The client issue: priorities, waiting for the client, reopening, escalation."""
import pytest
from cases import (PROJECT, Case, after_minutes, after_workdays, at, server, share,  # noqa: F401
                   worked_minutes)

BEGIN = at("2026-01-05 09:00")  # a Monday


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


def test_supplier_is_waited_for_on_our_own_time(desk, refuses):
    case = taken(desk)
    case.fire("wang", "escalate")
    refuses("needs_fields", desk("sun"), "case.fire", case=case.key, event="pass_on")
    assert case.fire("sun", "pass_on", ticket="4711") == ["third_line"]
    assert case.get()["fields"]["level"] == "supplier"
    assert "4711" not in str(case.get("mei"))
    case.until(after_workdays(BEGIN, 5))
    assert solution_rungs(case)[-1] == "late 0"
    assert case.due_times("supplier")["late 0"] == after_workdays(BEGIN, 3)
    assert case.fire("sun", "returned", comment="Patched") == ["second_line"]
    assert case.fire("sun", "hand_back", comment="Please install") == ["working"]
    assert case.get()["fields"]["level"] == "first_line"


def test_time_to_solve_stands_still_while_the_client_is_asked(desk):
    case = taken(desk)                                     # normal: five working days
    total = worked_minutes(BEGIN, after_workdays(BEGIN, 5))
    asked, answered = at("2026-01-06 12:00"), at("2026-01-20 10:00")
    used = worked_minutes(BEGIN, asked)
    case.until(asked)
    case.fire("wang", "ask", comment="Which version?")
    case.until(answered)
    assert solution_rungs(case) == []
    case.fire("mei", "reply")
    half, due = (after_minutes(answered, total * part - used) for part in (0.5, 1))
    case.until(due)
    told = case.due_times("solution")
    assert (told["50%"], told["late 0"]) == (half, due)


def test_silence_of_the_client_ends_the_issue(desk):
    case = taken(desk)
    case.fire("wang", "ask", comment="Which version?")
    end = after_workdays(BEGIN, 15)
    assert end == at("2026-01-26 18:00")
    assert case.until(at("2026-01-26 17:59")) == ["waiting"]
    due = after_workdays(BEGIN, 5)
    assert case.due_times("reply") == {"50%": share(BEGIN, due, 50), "late 0": due}
    assert case.until(end) == ["unanswered"] and case.outcome == "unanswered"


def test_raised_priority_shortens_the_time_from_the_same_start(desk):
    case = taken(desk)                                     # normal: five working days
    case.until(at("2026-01-07 10:00"))
    assert solution_rungs(case) == []
    case.fire("mei", "raise", comment="Month-end closing")   # high: two, of the same Monday
    assert case.get()["priority"] == "high"
    case.until(at("2026-01-07 17:59"))
    assert "late 0" not in solution_rungs(case)
    case.until(after_workdays(BEGIN, 2))
    assert solution_rungs(case)[-1] == "late 0"


@pytest.mark.parametrize("priority, raised, due", (
    ("normal", 0, "2026-01-12 18:00"), ("high", 1, "2026-01-07 18:00"),
    ("urgent", 2, "2026-01-06 09:30")))                    # eight working hours
def test_each_priority_has_its_time(desk, priority, raised, due):
    case = taken(desk)
    for _ in range(raised):
        case.fire("mei", "raise", comment="Month-end closing")
    assert case.get()["priority"] == priority
    case.until(at(due))
    assert case.due_times("solution")["late 0"] == at(due)


def test_note_is_required_to_raise(desk, refuses):
    case = taken(desk)
    refuses("needs_fields", desk("mei"), "case.fire", case=case.key, event="raise")
    assert case.get()["priority"] == "normal"


def test_unanswered_report_escalates_to_the_project_manager(desk):
    case = reported(desk)                          # normal: first answer within a working day
    due = after_workdays(BEGIN, 1)
    case.until(due)
    assert case.due_times("first_answer") == {"75%": share(BEGIN, due, 75), "late 0": due}
    assert case.get()["owners"]["reported"] != "li"
    late = after_minutes(due, 4 * 60)
    assert late == at("2026-01-07 14:30")
    case.until(late)
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
    assert ladder == ["50%", "80%", "late 0", "late 1 workday", "late 3 workdays"]
    assert len(rungs) - len(ladder) == 5, "the repeats end after as many as are said"
    assert case.get()["owners"]["working"] == "li"
    assert case.look() == ["working"]


def test_client_confirms_by_silence(desk):
    case = solved(desk)
    end = after_workdays(BEGIN, 10)
    assert case.until(at("2026-01-19 17:59")) == ["solved"]
    assert case.until(end) == ["closed"]


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
    advance("45 days")
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


def test_issue_that_nobody_supports_is_offered_to_the_leads_in_their_language(people, server):  # noqa: F811
    case = Case(people, "issue", "mei", summary="Export fails").key

    def why(connection):
        return [(item["kind"], item["why"]) for item in connection.call("inbox.list")["items"]
                if item["case"] == case]
    assert why(people("li")) == [("offer", "nobody is support")]
    people("li").call("person.update", person="li", language="zh")
    with server.client("li") as again:
        assert why(again) == [("offer", "没有人担任support")]
