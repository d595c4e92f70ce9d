# SPDX-License-Identifier: Apache-2.0
"""Acceptance, feedback and closeout, through scenarios on virtual time."""
from cases import PROJECT, Case


# ---- acceptance ----

def under_test(people, served="2026-01-05T09:00:00+08:00"):
    case = Case(people, "acceptance", "li", deliverable="Release 2")
    people("li").call("case.edit", case=case.key, fields={"criteria": "All reports print"})
    assert case.fire("li", "serve", served=served) == ["under_test"]
    return case


def test_acceptance_by_the_client(people):
    case = under_test(people)
    assert case.vote("mei", "approve") == ["accepted"]
    assert case.outcome == "accepted"


def test_acceptance_needs_criteria_first(people, refuses):
    case = Case(people, "acceptance", "li", deliverable="Release 2")
    refuses("needs_fields", people("li"), "case.fire", case=case.key, event="serve",
            data={"served": "2026-01-05T09:00:00+08:00"})
    refuses("forbidden", people("mei"), "case.fire", case=case.key, event="serve")


def test_silence_of_the_client_is_deemed_acceptance(people, advance):
    case = under_test(people)
    advance("13 days 23 hours")
    assert case.look() == ["under_test"]
    assert [rung for _, rung in case.rungs()] == ["50%", "80%"]
    advance("1 hour")
    assert case.look() == ["accepted"] and case.outcome == "deemed"


def test_time_to_answer_counts_from_proof_of_service(people, advance):
    case = under_test(people, served="2026-01-02T09:00:00+08:00")  # three days ago
    advance("10 days 23 hours")
    assert case.look() == ["under_test"]
    advance("1 hour")
    assert case.look() == ["accepted"] and case.outcome == "deemed"


def test_rejected_deliverable_is_reworked_and_served_again(people, advance):
    case = under_test(people)
    for person in ("mei", "tom"):
        if case.states == ["under_test"]:
            case.vote(person, "reject", comment="Prints blank pages")
    assert case.states == ["rework"]
    fields = case.get()["fields"]
    assert fields["rework"] == 1 and "served" not in fields
    advance("7 days")
    assert [rung for deadline, rung in case.rungs() if deadline == "rework"] == ["80%", "late 0"]
    assert case.fire("sun", "reworked") == ["preparing"]
    assert case.fire("li", "serve", served="2026-01-12T09:00:00+08:00") == ["under_test"]
    assert case.vote("mei", "approve") == ["accepted"]


# ---- feedback ----

def complaint(people, **fields):
    return Case(people, "feedback", "mei", summary="Nobody answers the phone",
                **dict({"kind": "complaint"}, **fields))


def answered(people):
    case = complaint(people)
    assert case.fire("li", "acknowledge") == ["assessing"]
    assert case.fire("li", "assess", severity="high") == ["investigating"]
    assert case.fire("sun", "found", finding="The line was down") == ["answering"]
    assert case.fire("li", "answer", answer="We are sorry; it is repaired") == ["answered"]
    return case


def test_complaint_until_the_client_is_content(people):
    case = answered(people)
    assert case.fire("mei", "content") == ["settled"] and case.outcome == "settled"


def test_complaint_is_investigated_before_it_is_answered(people, refuses):
    case = complaint(people)
    case.fire("li", "acknowledge")
    refuses("not_now", people("li"), "case.fire", case=case.key, event="answer_directly")
    praise = complaint(people, kind="praise")
    praise.fire("li", "acknowledge")
    assert praise.fire("li", "answer_directly") == ["answering"]


def test_client_who_is_not_content_is_investigated_again(people, refuses):
    case = answered(people)
    refuses("needs_fields", people("mei"), "case.fire", case=case.key, event="disagree")
    assert case.fire("mei", "disagree", comment="It is still down") == ["investigating"]
    assert case.get()["priority"] == "high"


def test_feedback_is_seen_by_who_gave_it_or_is_asked(people, refuses):
    case = complaint(people)
    case.fire("li", "acknowledge")
    refuses("not_found", people("tom"), "case.get", case=case.key)
    case = answered(people)  # waits for the client, and tom is one of them
    for person in ("mei", "tom"):
        seen = str(case.get(person)) + str(case.history(person))
        assert "finding" not in seen and "The line was down" not in seen


def test_late_acknowledgement_escalates(people, advance):
    case = complaint(people)
    advance("1 day")
    assert [rung for _, rung in case.rungs()][-1] == "late 0"
    assert case.get()["priority"] == "high"


def test_feedback_without_reply_ends(people, advance):
    case = answered(people)
    advance("20 days")
    assert case.look() == ["unanswered"] and case.outcome == "unanswered"


# ---- closeout ----

def collecting(people):
    case = Case(people, "closeout", "li", summary="ERP for Acme")
    people("li").call("case.edit", case=case.key, fields={"report": "All delivered"})
    return case


def test_closeout_signed_and_archived(people, refuses):
    case = collecting(people)
    assert case.fire("li", "present") == ["signing"]
    assert case.vote("zhao", "approve") == ["signing"]
    assert case.vote("mei", "approve") == ["learning"]
    refuses("needs_fields", people("li"), "case.fire", case=case.key, event="archive")
    people("sun").call("case.edit", case=case.key, fields={"lessons": "Ask earlier"})
    assert case.fire("li", "archive") == ["closed"] and case.outcome == "closed"


def test_project_with_something_open_is_not_closed(people, refuses):
    case = collecting(people)
    change = Case(people, "change_request", "li", summary="One more", reason="Forgotten")
    refuses("not_now", people("li"), "case.fire", case=case.key, event="present")
    change.fire("li", "withdraw")
    assert case.fire("li", "present") == ["signing"]


def test_unsigned_report_goes_back(people):
    case = collecting(people)
    case.fire("li", "present")
    assert case.vote("zhao", "reject", comment="Figures are missing") == ["collecting"]


def test_silence_about_the_signature_is_reminded_of_and_decides_nothing(people, advance):
    case = collecting(people)
    case.fire("li", "present")
    advance("90 days")
    rungs = [rung for deadline, rung in case.rungs() if deadline == "signing"]
    assert rungs[:2] == ["50%", "late 0"] and len(rungs) == 2 + 4
    assert case.look() == ["signing"]


# ---- what they have in common ----

SHIPPED = ("acceptance", "change_request", "closeout", "feedback", "issue")


def test_every_shipped_workflow_is_there_in_two_languages(people):
    listed = {item["name"]: item for item in people("li").call("workflow.list")["items"]}
    assert set(SHIPPED) <= set(listed)
    for name in SHIPPED:
        text = str(people("li").call("workflow.get", workflow=name))
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text), name


def test_case_allowed_says_why_not(people):
    case = Case(people, "change_request", "mei", summary="Add export", reason="Auditors")
    case.fire("mei", "submit")
    events = {item["event"]: item
              for item in people("sun").call("case.allowed", case=case.key)["events"]}
    assert events["accept"]["allowed"] is False and "pm" in events["accept"]["reason"]
    events = {item["event"]: item
              for item in people("li").call("case.allowed", case=case.key)["events"]}
    assert events["accept"]["allowed"] is True
    assert PROJECT == case.get()["project"]
