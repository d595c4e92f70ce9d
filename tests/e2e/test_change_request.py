# SPDX-License-Identifier: Apache-2.0
"""The change request: a scenario for each of its outcomes, on working time that is reckoned apart
from the server."""
from cases import Case, after_minutes, after_workdays, at, server, share  # noqa: F401

BEGIN = at("2026-01-05 09:00")  # a Monday


def submitted(people, by="mei", **fields):
    case = Case(people, "change_request", by, summary="Add export", reason="Auditors ask for it",
                **fields)
    assert case.states == ["draft"]
    assert case.fire(by, "submit") == ["screening"]
    return case


def assessed(people, by="mei", cost="20000.00", **priced):
    """A change request that has been screened and assessed, and is to be decided."""
    case = submitted(people, by)
    assert case.fire("li", "accept") == ["estimating", "pricing"]
    assert case.fire("sun", "assess", days=5, risk="low") == ["estimated", "pricing"]
    assert case.fire("li", "price", cost=cost, scope="One report more", margin="3000.00",
                     **priced) == ["deciding"]
    return case


def agree(case, *people):
    for person in people:
        case.vote(person, "approve")
    return case.states


# ---- normal: assessed side by side, decided by the board, built, verified, filed ----

def test_normal_change_from_the_client_to_the_file(people):
    case = assessed(people)
    agree(case, "li", "wang", "chen")
    assert case.states == ["deciding"], "the client has not agreed yet"
    assert case.vote("mei", "approve") == ["implementing"]
    assert case.fire("sun", "implemented") == ["verifying"]
    assert case.fire("li", "failed", comment="The report is empty") == ["implementing"]
    assert case.fire("wang", "implemented") == ["verifying"]
    assert case.fire("li", "verified", result="Prints twelve pages") == ["archiving"]
    assert case.fire("li", "archive", filed="Annex 3") == ["closed"]
    assert case.outcome == "implemented"


def test_everybody_concerned_is_told_what_was_decided(people):
    case = assessed(people)
    agree(case, "li", "wang", "chen", "mei")
    for person in ("mei", "tom", "sun", "wang"):
        told = people(person).call("inbox.messages")["items"]
        assert [one for one in told if one["case"] == case.key and one["kind"] == "notify"], person


def test_the_dearer_a_change_the_more_must_agree(people):
    case = assessed(people, cost="10000.00")
    assert agree(case, "li", "wang") == ["deciding"]
    assert case.vote("mei", "approve") == ["implementing"], "one of the board is enough"
    case = assessed(people, cost="10000.01")
    assert agree(case, "li", "wang", "mei") == ["deciding"]
    assert case.vote("chen", "approve") == ["implementing"], "two of the board"
    case = assessed(people, cost="50000.00")
    assert agree(case, "li", "wang", "chen", "mei") == ["implementing"]
    case = assessed(people, cost="50000.01")
    assert agree(case, "li", "wang", "chen", "mei") == ["deciding"]
    assert case.vote("zhao", "approve") == ["implementing"], "and the sponsor"


def test_very_dear_change_needs_board_and_sponsor_together(people):
    """Weights: 2 for each of the board, 3 for the sponsor; 7 are needed."""
    case = assessed(people, cost="200000.01")
    assert agree(case, "li", "wang", "zhao", "mei") == ["deciding"]
    assert case.vote("chen", "approve") == ["implementing"]


def test_what_the_sponsor_signed_only_the_sponsor_changes(people):
    for touched in ("baseline", "charter"):
        case = assessed(people, cost="100.00", touches=touched)
        assert agree(case, "li", "wang", "mei") == ["deciding"]
        assert case.vote("zhao", "approve") == ["implementing"]


def test_nobody_decides_about_a_request_of_their_own(people, refuses):
    """li is the only project manager: the sponsor decides in their place."""
    case = assessed(people, by="li")
    refuses("forbidden", people("li"), "approval.vote", case=case.key, choice="approve",
            digest=case.round("chen")["digest"])
    assert agree(case, "wang", "chen", "mei") == ["deciding"]
    assert case.vote("zhao", "approve") == ["implementing"]


def test_ballot_on_something_else_is_a_conflict(people, refuses):
    case = assessed(people)
    refuses("conflict", people("mei"), "approval.vote", case=case.key, choice="approve",
            digest="0" * 64)
    assert case.look() == ["deciding"]


def test_ballot_after_the_decision_names_it(people, refuses):
    case = assessed(people)
    digest = case.round("tom")["digest"]
    agree(case, "li", "wang", "chen", "mei")
    refuses("not_now", people("tom"), "approval.vote", case=case.key, choice="reject",
            digest=digest, comment="too late")


def test_changed_content_voids_what_was_agreed(people, refuses):
    case = assessed(people)
    agree(case, "wang", "mei")
    seen = case.round("chen")["digest"]
    case.edit("li", cost="24000.00")
    assert case.states == ["deciding"]
    assert case.round()["number"] == 2
    error = refuses("conflict", people("chen"), "approval.vote", case=case.key, choice="approve",
                    digest=seen)
    assert "cost" in str(error.data) + error.message
    assert agree(case, "li", "chen") == ["deciding"], "what was agreed to 20,000 counts no more"
    assert agree(case, "wang", "mei") == ["implementing"]


def test_changes_wanted_open_the_assessment_again(people):
    case = assessed(people)
    assert case.vote("mei", "changes", comment="Two reports, please") == ["estimating", "pricing"]
    case.fire("sun", "assess", days=8, risk="low")
    case.fire("li", "price", cost="26000.00", scope="Two reports more")
    assert case.states == ["deciding"]
    assert case.round()["number"] == 2


# ---- standard: pre-authorised ----

def test_standard_change_is_the_project_managers_own(people):
    case = submitted(people, **{"class": "standard"})
    case.edit("li", cost="5000.00", scope="One label")
    assert case.fire("li", "authorise") == ["implementing"]
    case.fire("sun", "implemented")
    case.fire("li", "verified")
    assert case.fire("li", "archive") == ["closed"] and case.outcome == "implemented"


def test_standard_change_above_the_amount_goes_the_normal_way(people, refuses):
    for fields in ({"cost": "5000.01"}, {"cost": "1.00", "touches": "baseline"},
                   {"cost": "1.00", "class": "normal"}):
        case = submitted(people, **{"class": "standard"})
        case.edit("li", scope="One label", **fields)
        refuses("not_now", people("li"), "case.fire", case=case.key, event="authorise")
        assert case.fire("li", "accept") == ["estimating", "pricing"]


# ---- emergency: authorised within hours, reviewed afterwards ----

def emergency(people):
    case = submitted(people, **{"class": "emergency"})
    assert case.fire("li", "accept") == ["authorising"]
    return case


def emergency_built(people, cost="8000.00"):
    case = emergency(people)
    assert case.vote("wang", "approve") == ["implementing"]
    case.fire("sun", "implemented")
    assert case.fire("li", "verified", cost=cost, scope="A patched gateway") == ["reviewing"]
    return case


def test_emergency_is_built_at_once_and_reviewed_afterwards(people, refuses):
    case = emergency(people)
    assert case.vote("zhao", "approve") == ["implementing"]
    case.fire("sun", "implemented")
    refuses("needs_fields", people("li"), "case.fire", case=case.key, event="verified")
    assert case.fire("li", "verified", cost="8000.00", scope="A patched gateway") == ["reviewing"]
    assert agree(case, "wang", "chen") == ["reviewing"]
    assert case.vote("li", "approve") == ["archiving"]
    assert case.fire("li", "archive") == ["closed"] and case.outcome == "implemented"


def test_dear_emergency_is_reviewed_by_the_sponsor_too(people):
    case = emergency_built(people, cost="50000.01")
    assert agree(case, "wang", "chen", "li") == ["reviewing"]
    assert case.vote("zhao", "approve") == ["archiving"]


def test_emergency_that_is_not_agreed_to_afterwards_is_taken_back(people):
    case = emergency_built(people)
    case.vote("wang", "reject", comment="It opens a port")
    assert case.states == ["reverting"], "two of two are needed"
    assert case.fire("sun", "reverted") == ["taken_back"] and case.outcome == "reverted"


def test_emergency_that_is_none_is_assessed(people):
    case = emergency(people)
    assert case.vote("zhao", "changes", comment="No emergency") == ["estimating", "pricing"]
    case.fire("sun", "assess", days=2, risk="low")
    assert case.fire("li", "price", cost="100.00", scope="A switch") == ["deciding"]


def test_emergency_that_nobody_authorises_is_rejected(people):
    case = emergency(people)
    for person in ("wang", "chen", "zhao"):
        case.vote(person, "reject", comment="It can wait")
    assert case.states == ["rejected"] and case.outcome == "rejected"


def test_emergency_waits_for_hours_only(people):
    case = emergency(people)  # Monday 09:00: four hours of work are over at 14:30
    case.until(at("2026-01-05 17:59"))
    due = case.due_times("authorisation")
    assert due["50%"] == after_minutes(BEGIN, 120) == at("2026-01-05 11:00")
    assert due["late 0"] == after_minutes(BEGIN, 240) == at("2026-01-05 14:30")
    assert case.get()["priority"] == "high"


# ---- the other ends ----

def test_client_rejects_a_change(people):
    case = assessed(people)
    case.vote("li", "approve")
    for person in ("mei", "tom"):
        if case.states == ["deciding"]:
            case.vote(person, "reject", comment="Too dear")
    assert case.states == ["rejected"] and case.outcome == "rejected"


def test_refused_request_keeps_its_record(people, refuses):
    case = submitted(people)
    refuses("needs_fields", people("li"), "case.fire", case=case.key, event="reject")
    assert case.fire("li", "reject", comment="Out of contract", shared=True) == ["rejected"]
    found = people("mei").call("case.list", workflow=["change_request"], ended=True)["items"]
    assert [(one["case"], one["outcome"]) for one in found] == [(case.key, "rejected")]
    assert "Out of contract" in str(case.history("mei"))
    assert case.get("mei")["fields"]["reason"] == "Auditors ask for it"
    refuses("not_now", people("li"), "case.fire", case=case.key, event="accept")


def test_request_is_withdrawn(people):
    case = Case(people, "change_request", "mei", summary="Add export", reason="Auditors")
    assert case.fire("mei", "withdraw") == ["withdrawn"] and case.outcome == "withdrawn"


def test_required_fields_and_notes_are_asked_for(people, refuses):
    case = Case(people, "change_request", "mei", summary="Add export",
                reason="Auditors ask for it")
    people("mei").call("case.edit", case=case.key, fields={"summary": "Add two exports"})
    refuses("forbidden", people("tom"), "case.edit", case=case.key, fields={"summary": "No"})
    case.fire("mei", "submit")
    refuses("needs_fields", people("li"), "case.fire", case=case.key, event="return")
    refuses("forbidden", people("sun"), "case.fire", case=case.key, event="accept")
    case.fire("li", "accept")
    refuses("needs_fields", people("sun"), "case.fire", case=case.key, event="assess",
            data={"days": 3})
    assert case.look() == ["estimating", "pricing"]


# ---- silence ----

def test_silence_in_screening_escalates(people):
    case = submitted(people)
    due = after_workdays(BEGIN, 1)
    assert due == at("2026-01-06 18:00")
    assert share(BEGIN, due, 80) == at("2026-01-06 15:00")  # 12 of 15 hours
    case.until(at("2026-01-06 14:59"))
    assert case.rungs() == []
    case.until(at("2026-01-06 15:00"))
    assert case.rungs() == [("screening", "80%")]
    case.until(at("2026-01-06 18:00"))
    assert case.get()["owners"]["screening"] == "li"
    case.until(at("2026-01-07 17:59"))
    assert len(case.rungs()) == 2
    case.until(at("2026-01-07 18:00"))
    seen = case.get()
    assert seen["owners"]["screening"] == "zhao" and seen["priority"] == "high"
    assert case.until(at("2026-02-07 18:00")) == ["screening"]
    assert len(case.rungs()) == 3, "nothing fires twice"


def test_silence_in_the_decision_parks_and_then_lapses(people):
    case = assessed(people)
    case.vote("li", "approve")
    due = after_workdays(BEGIN, 5)
    assert due == at("2026-01-12 18:00")
    assert case.until(at("2026-01-12 17:59")) == ["deciding"]
    told = case.due_times("deciding")
    assert told == {"50%": share(BEGIN, due, 50), "80%": share(BEGIN, due, 80)}
    assert case.until(due) == ["parked"]
    assert case.until(at("2026-02-11 17:59")) == ["parked"]  # thirty days later
    assert case.until(at("2026-02-11 18:00")) == ["lapsed"] and case.outcome == "lapsed"


def test_late_answer_does_not_overtake_the_deadline(people, refuses):
    """What is due in a case fires before a command that arrives at that moment."""
    case = assessed(people)
    digest = case.round("mei")["digest"]
    people("li").call("clock.advance", to=after_workdays(BEGIN, 5).isoformat())
    refuses("not_now", people("mei"), "approval.vote", case=case.key, choice="approve",
            digest=digest)
    assert case.look() == ["parked"]


def test_parked_change_is_resumed(people, advance):
    case = assessed(people)
    assert case.vote("mei", "defer", comment="After the audit") == ["parked"]
    advance("10 days")
    assert case.fire("mei", "resume") == ["estimating", "pricing"]
    advance("25 days")
    assert case.look() == ["estimating", "pricing"], "the thirty days of parking are over with it"


def test_material_for_a_parked_change_is_asked_for(people):
    case = assessed(people)
    case.vote("mei", "defer", comment="After the audit")
    due = after_workdays(BEGIN, 10)
    assert case.until(due) == ["parked"]
    assert case.due_times("material") == {"50%": share(BEGIN, due, 50), "late 0": due}


def test_assessment_and_verification_are_reminded_of(people):
    case = submitted(people)
    case.fire("li", "accept")
    due = after_workdays(BEGIN, 3)
    case.until(due)
    assert case.due_times("impact") == {"80%": share(BEGIN, due, 80), "late 0": due}
