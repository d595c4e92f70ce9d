# SPDX-License-Identifier: Apache-2.0
"""The change request, through scenarios with its different people on virtual time."""
from cases import Case


def assessed(people, by="mei", cost="20000.00"):
    """A change request that has been screened and assessed, and is to be decided."""
    case = Case(people, "change_request", by, summary="Add export", reason="Auditors ask for it")
    assert case.states == ["draft"]
    assert case.fire(by, "submit") == ["screening"]
    assert case.fire("li", "accept") == ["estimating", "pricing"]
    assert case.fire("sun", "assess", days=5, risk="low") == ["estimated", "pricing"]
    assert case.fire("li", "price", cost=cost, scope="One report more",
                     margin="3000.00") == ["deciding"]
    return case


def test_change_request_from_the_client_to_its_end(people):
    case = assessed(people)
    case.vote("li", "approve")
    case.vote("wang", "approve")
    case.vote("chen", "approve")
    assert case.states == ["deciding"], "the client has not agreed yet"
    assert case.vote("mei", "approve") == ["implementing"]
    assert case.fire("sun", "implemented") == ["verifying"]
    assert case.fire("li", "failed", comment="The report is empty") == ["implementing"]
    assert case.fire("wang", "implemented") == ["verifying"]
    assert case.fire("li", "verified") == ["closed"]
    assert case.outcome == "implemented"


def test_costly_change_needs_the_sponsor(people):
    case = assessed(people, cost="50000.01")
    for person in ("li", "wang", "chen", "mei"):
        assert case.vote(person, "approve") == ["deciding"]
    assert case.vote("zhao", "approve") == ["implementing"]


def test_change_that_costs_the_threshold_does_not(people):
    case = assessed(people, cost="50000.00")
    for person in ("li", "wang", "chen"):
        case.vote(person, "approve")
    assert case.vote("mei", "approve") == ["implementing"]


def test_client_rejects_a_change(people):
    case = assessed(people)
    case.vote("li", "approve")
    for person in ("mei", "tom"):
        if case.states == ["deciding"]:
            case.vote(person, "reject", comment="Too dear")
    assert case.states == ["rejected"] and case.outcome == "rejected"


def test_nobody_decides_about_a_request_of_their_own(people, refuses):
    """li is the only project manager: the sponsor decides in their place."""
    case = assessed(people, by="li")
    refuses("forbidden", people("li"), "approval.vote", case=case.key, choice="approve",
            digest=case.round("chen")["digest"])
    for person in ("wang", "chen", "mei"):
        assert case.vote(person, "approve") == ["deciding"]
    assert case.vote("zhao", "approve") == ["implementing"]


def test_ballot_on_something_else_is_a_conflict(people, refuses):
    case = assessed(people)
    refuses("conflict", people("mei"), "approval.vote", case=case.key, choice="approve",
            digest="0" * 64)
    assert case.look() == ["deciding"]


def test_ballot_after_the_decision_names_it(people, refuses):
    case = assessed(people)
    digest = case.round("tom")["digest"]
    for person in ("li", "wang", "chen", "mei"):
        case.vote(person, "approve")
    refuses("not_now", people("tom"), "approval.vote", case=case.key, choice="reject",
            digest=digest, comment="too late")


def test_changes_wanted_open_the_assessment_again(people):
    case = assessed(people)
    assert case.vote("mei", "changes", comment="Two reports, please") == ["estimating", "pricing"]
    case.fire("sun", "assess", days=8, risk="low")
    case.fire("li", "price", cost="26000.00", scope="Two reports more")
    assert case.states == ["deciding"]
    assert case.round()["number"] == 2


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


def test_silence_in_screening_escalates(people, advance):
    case = Case(people, "change_request", "mei", summary="Add export",
                reason="Auditors ask for it")
    case.fire("mei", "submit")
    advance("19 hours")
    assert case.rungs() == []
    advance("13 minutes")  # 80 % of a day is 19 hours 12 minutes
    assert len(case.rungs()) == 1
    advance("5 hours")
    assert len(case.rungs()) == 2
    assert case.get()["owners"]["screening"] == "li"
    advance("1 day")
    assert len(case.rungs()) == 3
    seen = case.get()
    assert seen["owners"]["screening"] == "zhao" and seen["priority"] == "high"
    advance("30 days")
    assert len(case.rungs()) == 3, "nothing fires twice"
    assert case.look() == ["screening"]


def test_silence_in_the_decision_parks_and_then_lapses(people, advance):
    case = assessed(people)
    case.vote("li", "approve")
    advance("6 days")
    assert case.look() == ["deciding"]
    advance("1 day")
    assert case.look() == ["parked"]
    advance("29 days")
    assert case.look() == ["parked"]
    advance("1 day")
    assert case.look() == ["lapsed"] and case.outcome == "lapsed"


def test_late_answer_does_not_overtake_the_deadline(people, advance, refuses):
    """What is due in a case fires before a command that arrives at that moment."""
    case = assessed(people)
    digest = case.round("mei")["digest"]
    advance("7 days")
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
