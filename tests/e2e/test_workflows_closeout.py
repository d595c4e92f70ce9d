# SPDX-License-Identifier: Apache-2.0
"""Closeout: nothing open, the checklist done, signed, filed; a scenario for each of its ends."""
from cases import Case, after_workdays, at, server, share, upload  # noqa: F401

BEGIN = at("2026-01-05 09:00")  # a Monday


def collecting(people):
    return Case(people, "closeout", "li", summary="ERP for Acme")


def tick_off(case):
    """Everything on the checklist that must be."""
    li = case.people("li")
    li.call("case.attach", case=case.key, file=upload(li))
    for person, task in (("li", "accepted"), ("li", "documents"), ("sun", "operation"),
                         ("sun", "accounts")):
        assert case.task(person, task) == ["collecting"]


def write_up(case):
    case.edit("li", report="All delivered", lessons="Ask earlier", paid="2026-01-05",
              warranty="2027-01-05")
    assert case.fire("mei", "survey_answered", survey=9) == ["collecting"]


def presented(people):
    case = collecting(people)
    tick_off(case)
    write_up(case)
    assert case.fire("li", "present") == ["signing"]
    return case


def test_closeout_signed_and_archived(people):
    case = presented(people)
    assert case.vote("zhao", "approve") == ["signing"]
    assert case.vote("mei", "approve") == ["learning"]
    case.edit("sun", lessons="Ask earlier, and write it down")
    assert case.fire("li", "archive", filed="Cabinet 4") == ["closed"] and case.outcome == "closed"


def test_the_client_signs_what_the_sponsor_has_signed(people, refuses):
    case = presented(people)
    refuses("forbidden", people("mei"), "approval.vote", case=case.key, choice="approve",
            digest=case.round("zhao")["digest"])
    case.vote("zhao", "approve")
    assert case.vote("tom", "approve") == ["learning"]


def test_checklist_is_done_before_anything_is_presented(people, refuses):
    case = collecting(people)
    write_up(case)
    error = refuses("not_now", people("li"), "case.fire", case=case.key, event="present")
    reasons = {one["event"]: one for one in people("li").call("case.allowed", case=case.key)["events"]}
    assert "tasks" in reasons["present"]["reason"], error
    # Documents want proof, and each task its own person.
    refuses("refused", people("li"), "task.done", case=case.key, task="documents")
    refuses("forbidden", people("li"), "task.done", case=case.key, task="operation")
    tick_off(case)
    people("sun").call("task.undo", case=case.key, task="accounts")
    refuses("not_now", people("li"), "case.fire", case=case.key, event="present")
    case.task("sun", "accounts")
    assert case.fire("li", "present") == ["signing"], "what is optional may stay open"


def test_nothing_is_presented_unpaid_or_without_lessons_and_survey(people, refuses):
    case = collecting(people)
    tick_off(case)
    error = refuses("needs_fields", people("li"), "case.fire", case=case.key, event="present")
    for field in ("report", "lessons", "paid", "survey"):
        assert field in str(error.data) + error.message
    refuses("forbidden", people("li"), "case.fire", case=case.key, event="survey_answered",
            data={"survey": 10})


def test_project_with_something_open_is_not_closed(people, refuses):
    case = collecting(people)
    tick_off(case)
    write_up(case)
    change = Case(people, "change_request", "li", summary="One more", reason="Forgotten")
    refuses("not_now", people("li"), "case.fire", case=case.key, event="present")
    reasons = {one["event"]: one for one in people("li").call("case.allowed", case=case.key)["events"]}
    assert "change" in reasons["present"]["reason"].lower()
    change.fire("li", "withdraw")
    complaint = Case(people, "feedback", "mei", summary="Late", kind="complaint")
    refuses("not_now", people("li"), "case.fire", case=case.key, event="present")
    complaint.fire("mei", "withdraw")
    assert case.fire("li", "present") == ["signing"]


def test_unsigned_report_goes_back(people):
    case = presented(people)
    assert case.vote("zhao", "reject", comment="Figures are missing") == ["collecting"]
    case = presented(people)
    case.vote("zhao", "approve")
    for person in ("mei", "tom"):
        if case.states == ["signing"]:
            case.vote(person, "reject", comment="Not all delivered")
    assert case.states == ["collecting"]


def test_silence_about_the_signature_is_reminded_of_and_decides_nothing(people):
    case = presented(people)
    due = after_workdays(BEGIN, 10)
    assert case.until(at("2026-04-05 18:00")) == ["signing"]
    told = case.due_times("signing")
    assert told["50%"] == share(BEGIN, due, 50) and told["late 0"] == due
    assert len([1 for deadline, _ in case.rungs() if deadline == "signing"]) == 2 + 4


def test_survey_is_asked_for_until_it_is_answered(people):
    case = collecting(people)
    due = after_workdays(BEGIN, 10)
    half = share(BEGIN, due, 50)
    case.until(half)
    assert case.due_times("survey") == {"50%": half}
    assert [one for one in people("mei").call("inbox.messages")["items"] if one["case"] == case.key]
    case.fire("mei", "survey_answered", survey=8, praise="Good people")
    case.until(at("2026-03-05 18:00"))
    assert case.due_times("survey") == {"50%": half}, "answered: over with it"


def test_closeout_is_called_off(people, refuses):
    case = collecting(people)
    refuses("needs_fields", people("li"), "case.fire", case=case.key, event="cancel")
    assert case.fire("li", "cancel", comment="A second phase") == ["cancelled"]
    assert case.outcome == "cancelled"
    case = presented(people)
    case.vote("zhao", "approve")
    case.vote("mei", "approve")
    refuses("not_now", people("li"), "case.fire", case=case.key, event="cancel", comment="Late")
