# SPDX-License-Identifier: Apache-2.0
"""Feedback and complaints: a scenario for each of their outcomes, on working time reckoned apart."""
from cases import Case, after_minutes, after_workdays, at, server, share  # noqa: F401

BEGIN = at("2026-01-05 09:00")  # a Monday


def complaint(people, **fields):
    return Case(people, "feedback", "mei", summary="Nobody answers the phone",
                **dict({"kind": "complaint"}, **fields))


def investigated(people, severity="high"):
    case = complaint(people, remedy="A number that is answered")
    assert case.fire("li", "acknowledge") == ["assessing"]
    assert case.fire("li", "assess", severity=severity) == ["investigating"]
    return case


def answered(people):
    case = investigated(people)
    assert case.fire("sun", "found", finding="The line was down") == ["answering"]
    assert case.fire("li", "answer", answer="We are sorry; it is repaired") == ["answered"]
    return case


def declined(people):
    """Not content with the first answer, and answered once more."""
    case = answered(people)
    assert case.fire("mei", "disagree", comment="It is still down") == ["investigating"]
    case.fire("sun", "found", finding="Down again")
    assert case.fire("li", "answer", answer="A second line is ordered") == ["answered"]
    return case


def test_complaint_until_the_client_is_content(people):
    case = answered(people)
    assert case.fire("mei", "content") == ["settled"] and case.outcome == "settled"


def test_complaint_is_investigated_before_it_is_answered(people, refuses):
    case = complaint(people)
    case.fire("li", "acknowledge")
    refuses("not_now", people("li"), "case.fire", case=case.key, event="answer_directly")
    refuses("needs_fields", people("li"), "case.fire", case=case.key, event="assess")
    praise = complaint(people, kind="praise")
    praise.fire("li", "acknowledge")
    assert praise.fire("li", "answer_directly") == ["answering"]


def test_nobody_but_the_client_closes_a_complaint(people, refuses):
    case = answered(people)
    for person in ("li", "zhao", "sun"):
        refuses("forbidden", people(person), "case.fire", case=case.key, event="content")


def test_client_who_is_not_content_is_investigated_again(people, refuses):
    case = answered(people)
    refuses("needs_fields", people("mei"), "case.fire", case=case.key, event="disagree")
    assert case.fire("mei", "disagree", comment="It is still down") == ["investigating"]
    seen = case.get()
    assert seen["priority"] == "high" and seen["fields"]["declined"] == 1
    assert [one for one in people("zhao").call("inbox.messages")["items"]
            if one["case"] == case.key]


def test_second_refusal_goes_to_the_sponsor_and_stays_open(people, refuses):
    case = declined(people)
    refuses("not_now", people("mei"), "case.fire", case=case.key, event="outside", comment="Enough")
    assert case.fire("mei", "disagree", comment="Still down") == ["escalated"]
    assert case.get()["owners"]["escalated"] == "zhao"
    refuses("forbidden", people("li"), "case.fire", case=case.key, event="answer",
            data={"answer": "No"})
    assert case.fire("zhao", "answer", answer="A month free of charge") == ["answered"]
    assert case.fire("mei", "content") == ["settled"]


def test_complaint_is_taken_outside_at_last(people):
    case = declined(people)
    case.fire("mei", "disagree", comment="Still down")
    case.fire("zhao", "answer", answer="A month free of charge")
    assert case.fire("mei", "outside", comment="To the arbitrator") == ["external"]
    assert case.outcome == "external"


def test_complaint_is_withdrawn_by_who_made_it(people, refuses):
    case = investigated(people)
    refuses("forbidden", people("li"), "case.fire", case=case.key, event="withdraw")
    assert case.fire("mei", "withdraw") == ["withdrawn"] and case.outcome == "withdrawn"


def test_feedback_is_seen_by_who_gave_it_or_is_asked(people, refuses):
    case = complaint(people)
    case.fire("li", "acknowledge")
    refuses("not_found", people("tom"), "case.get", case=case.key)
    case = answered(people)  # waits for the client, and tom is one of them
    for person in ("mei", "tom"):
        seen = str(case.get(person)) + str(case.history(person))
        assert "finding" not in seen and "The line was down" not in seen


# ---- deadlines ----

def test_late_acknowledgement_escalates(people):
    case = complaint(people)
    due = after_workdays(BEGIN, 1)
    late = after_minutes(due, 4 * 60)
    assert late == at("2026-01-07 14:30")
    case.until(late)
    assert case.due_times("acknowledgement") == {
        "50%": share(BEGIN, due, 50), "late 0": due, "late 4 workhours": late}
    seen = case.get()
    assert seen["priority"] == "high" and seen["owners"]["received"] == "zhao"
    assert case.fire("zhao", "acknowledge") == ["assessing"]


def test_the_worse_it_is_the_sooner_it_is_investigated(people):
    cases = {days: investigated(people, severity)
             for severity, days in (("high", 2), ("medium", 5), ("low", 10))}
    for days in sorted(cases):
        due = after_workdays(BEGIN, days)
        late = after_workdays(due, 2)
        cases[days].until(late)
        assert cases[days].due_times("investigation") == {
            "80%": share(BEGIN, due, 80), "late 0": due, "late 2 workdays": late}
        assert cases[days].get()["owners"]["investigating"] == "li"


def test_feedback_without_reply_ends_as_that(people):
    case = answered(people)
    due = after_workdays(BEGIN, 10)
    end = after_workdays(due, 10)
    assert end == at("2026-02-02 18:00")
    assert case.until(at("2026-02-02 17:59")) == ["answered"]
    assert case.due_times("consent") == {"50%": share(BEGIN, due, 50), "late 0": due,
                                         "late 5 workdays": after_workdays(due, 5)}
    assert case.until(end) == ["unanswered"] and case.outcome == "unanswered"


def test_sponsor_is_reminded_of_the_offer(people):
    case = declined(people)
    case.fire("mei", "disagree", comment="Still down")
    due = after_workdays(BEGIN, 3)
    case.until(after_workdays(due, 9))
    told = [rung for deadline, rung in case.rungs() if deadline == "offer"]
    assert told[:2] == ["50%", "late 0"] and len(told) == 2 + 5
