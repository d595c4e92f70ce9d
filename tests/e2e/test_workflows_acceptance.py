# SPDX-License-Identifier: Apache-2.0
"""Acceptance: a scenario for each of its outcomes, on working time reckoned apart."""
import pytest
from cases import Case, after_workdays, at, server, share  # noqa: F401

BEGIN = at("2026-01-05 09:00")  # a Monday


def prepared(people, **fields):
    """Its criteria agreed with the client."""
    case = Case(people, "acceptance", "li", deliverable="Order module", **fields)
    case.edit("li", criteria="All reports print", release="2.0")
    assert case.fire("li", "propose") == ["agreeing"]
    assert case.vote("mei", "approve") == ["ready"]
    return case


def serve(case, when=BEGIN):
    return case.fire("li", "serve", served=when.isoformat())


def initial(people, when=BEGIN):
    case = prepared(people)
    assert serve(case, when) == ["initial_test"]
    return case


def final(people, when=BEGIN):
    """At the final acceptance, after an initial one and its trial."""
    case = initial(people)
    assert case.vote("mei", "approve") == ["trial"]
    assert case.fire("li", "proven", trial="No incident") == ["ready"]
    assert serve(case, when) == ["final_test"]
    return case


def reject(case, comment="Prints blank pages"):
    """One of the client's people says no: that is an answer for all, where silence is one, too."""
    return case.vote("tom", "reject", comment=comment)


# ---- accepted ----

def test_acceptance_in_two_stages_with_a_trial_between(people):
    case = final(people)
    assert case.get()["fields"]["stage"] == "final"
    assert case.vote("tom", "approve") == ["accepted"] and case.outcome == "accepted"
    assert case.get()["fields"]["warranty"] == "2026-01-05"


def test_small_deliverable_has_the_final_acceptance_only(people):
    case = prepared(people, stage="final")
    assert serve(case) == ["final_test"]
    assert case.vote("mei", "approve") == ["accepted"]


def test_criteria_are_agreed_before_anything_is_served(people, refuses):
    case = Case(people, "acceptance", "li", deliverable="Order module")
    refuses("needs_fields", people("li"), "case.fire", case=case.key, event="propose")
    case.edit("li", criteria="All reports print")
    refuses("not_now", people("li"), "case.fire", case=case.key, event="serve",
            data={"served": BEGIN.isoformat()})
    case.fire("li", "propose")
    refuses("forbidden", people("li"), "approval.vote", case=case.key, choice="approve",
            digest=case.round("mei")["digest"])
    assert case.vote("mei", "changes", comment="And to PDF") == ["preparing"]
    case.edit("li", criteria="All reports print, to PDF too")
    case.fire("li", "propose")
    assert case.vote("mei", "approve") == ["ready"]
    refuses("needs_fields", people("li"), "case.fire", case=case.key, event="serve")
    refuses("forbidden", people("mei"), "case.fire", case=case.key, event="serve")


def test_silence_about_the_criteria_agrees_to_nothing(people):
    case = Case(people, "acceptance", "li", deliverable="Order module")
    case.edit("li", criteria="All reports print")
    case.fire("li", "propose")
    due = after_workdays(BEGIN, 3)
    assert case.until(at("2026-02-05 18:00")) == ["agreeing"]
    told = case.due_times("criteria")
    assert told["50%"] == share(BEGIN, due, 50) and told["late 0"] == due


# ---- deemed ----

def test_silence_about_the_final_acceptance_is_deemed_acceptance(people):
    case = final(people)
    due = after_workdays(BEGIN, 10)
    assert due == at("2026-01-19 18:00")
    assert case.until(at("2026-01-19 17:59")) == ["final_test"]
    assert case.due_times("final_answer") == {"50%": share(BEGIN, due, 50), "80%": share(BEGIN, due, 80)}
    assert case.until(due) == ["accepted"] and case.outcome == "deemed"


def test_silence_about_the_initial_acceptance_leads_to_the_trial(people):
    case = initial(people)
    assert case.until(after_workdays(BEGIN, 10)) == ["trial"]
    assert "deemed" in str([entry.get("round") for entry in case.history()])


def test_time_to_answer_counts_from_proof_of_service(people):
    served = at("2025-12-31 16:00")  # before the New Year, which is closed until 4 January
    case = final(people, when=served)
    # 1 to 3 January are closed, Sunday the 4th is worked: the ten days are the 4th to the 9th,
    # without Saturday the 10th, and the 12th to the 15th.
    assert case.until(at("2026-01-15 17:59")) == ["final_test"]
    assert case.until(at("2026-01-15 18:00")) == ["accepted"] and case.outcome == "deemed"


def test_nobody_is_silent_before_they_are_asked(people, refuses):
    case = prepared(people)
    for long_ago in ("2020-01-05T09:00:00+08:00", "2025-12-10T09:00:00+08:00"):
        error = refuses("invalid", people("li"), "case.fire", case=case.key, event="serve",
                        data={"served": long_ago})
        assert "before anybody was asked" in error.message
        assert error.data["pointer"] == "/data/served"
    assert case.look() == ["ready"] and case.get()["fields"].get("served") is None
    # Ten workdays from 22 December end on 8 January: there is time left to answer.
    assert serve(case, at("2025-12-22 16:00")) == ["initial_test"]


def test_spring_festival_does_not_count(people):
    case = prepared(people, stage="final")
    case.until(at("2026-02-10 10:00"))
    serve(case, at("2026-02-10 10:00"))
    due = after_workdays(at("2026-02-10 10:00"), 10)
    # 11, 12, 13, Saturday 14; the festival; 24, 25, 26, 27, Saturday 28; 2 March
    assert due == at("2026-03-02 18:00")
    assert case.until(at("2026-03-02 17:59")) == ["final_test"]
    assert case.until(due) == ["accepted"] and case.outcome == "deemed"


def test_an_answer_in_time_is_never_deemed(people):
    case = final(people)
    case.until(at("2026-01-19 17:59"))
    assert case.vote("mei", "approve") == ["accepted"] and case.outcome == "accepted"


# ---- rejected, and reworked ----

def test_rejected_deliverable_is_reworked_and_served_again(people):
    case = initial(people)
    case.fire("mei", "note_defects", defects=[{"what": "Prints blank pages", "severity": "critical"},
                                              {"what": "Logo is small", "severity": "minor"}])
    assert reject(case) == ["rework"]
    fields = case.get("mei")["fields"]
    assert fields["rework"] == 1 and "served" not in fields
    assert [one["severity"] for one in fields["defects"]] == ["critical", "minor"]
    due = after_workdays(BEGIN, 5)
    case.until(due)
    assert case.due_times("rework") == {"80%": share(BEGIN, due, 80), "late 0": due}
    assert case.fire("sun", "reworked", release="2.1") == ["ready"]
    assert serve(case, due) == ["initial_test"], "the stage that failed is tested again"
    assert case.vote("mei", "approve") == ["trial"]


def test_third_rejection_ends_it(people):
    case = final(people)
    for number in (1, 2):
        assert reject(case) == ["rework"] and case.get()["fields"]["rework"] == number
        case.fire("sun", "reworked")
        assert serve(case) == ["final_test"]
    assert reject(case) == ["refused"] and case.outcome == "rejected"


def test_failed_trial_is_reworked(people):
    case = initial(people)
    case.vote("mei", "approve")
    assert case.fire("mei", "failed", comment="Down for a day") == ["rework"]
    case.fire("sun", "reworked", release="2.2")
    assert serve(case) == ["final_test"]


# ---- with reservations, in part ----

def test_accepted_with_reservations_when_they_are_done(people):
    case = final(people)
    assert case.fire("mei", "reserve", reservations="The manual is to come") == ["reserving"]
    assert case.vote("mei", "approve") == ["reserving"], "the project manager agrees to the list"
    assert case.vote("li", "approve") == ["reserved"]
    due = after_workdays(BEGIN, 20)
    case.until(due)
    assert case.due_times("punch_list") == {"80%": share(BEGIN, due, 80), "late 0": due}
    assert case.fire("mei", "cleared") == ["accepted_reserved"]
    assert case.outcome == "accepted_with_reservations"


def test_reservations_of_the_initial_acceptance_go_into_the_trial(people):
    case = initial(people)
    case.fire("tom", "reserve", reservations="The manual is to come")
    case.vote("tom", "approve")
    assert case.vote("li", "approve") == ["trial"]


def test_reservations_that_are_not_agreed_to_are_reworked(people):
    case = final(people)
    case.fire("mei", "reserve", reservations="And a mobile version")
    assert case.vote("li", "reject", comment="Not in the criteria") == ["rework"]


def test_accepted_in_part_and_the_rest_as_a_case_of_its_own(people):
    case = final(people)
    assert case.fire("mei", "accept_part", taken="Reports", remaining="Interfaces") == ["parting"]
    case.vote("mei", "approve")
    assert case.vote("li", "approve") == ["accepted_part"]
    assert case.outcome == "partially_accepted"
    rest = [one for one in people("li").call("case.list", workflow=["acceptance"])["items"]
            if one["case"] != case.key]
    assert len(rest) == 1 and rest[0]["states"] == ["preparing"]
    fields = people("li").call("case.get", case=rest[0]["case"])["fields"]
    assert fields["deliverable"] == "Interfaces" and fields["criteria"] == "All reports print"


# ---- put off, and tested alone ----

def test_client_who_puts_it_off_for_ever_gets_our_report(people, refuses):
    case = final(people)
    refuses("needs_fields", people("mei"), "case.fire", case=case.key, event="postpone")
    assert case.fire("mei", "postpone", comment="Nobody has time") == ["postponed"]
    due = after_workdays(BEGIN, 10)
    assert case.until(at("2026-01-19 17:59")) == ["postponed"]
    refuses("not_now", people("li"), "case.fire", case=case.key, event="test_alone")
    assert case.until(due) == ["overdue"]
    refuses("needs_fields", people("li"), "case.fire", case=case.key, event="test_alone",
            data={"served": due.isoformat()})
    assert case.fire("li", "test_alone", served=due.isoformat(),
                     report="48 of 48 tests passed") == ["unilateral"]
    end = after_workdays(due, 5)
    assert end == at("2026-01-26 18:00")
    assert case.until(at("2026-01-26 17:59")) == ["unilateral"]
    assert case.until(end) == ["accepted"] and case.outcome == "unilateral"


def test_objection_to_our_own_test_is_heard(people):
    case = final(people)
    case.fire("mei", "postpone", comment="Nobody has time")
    due = after_workdays(BEGIN, 10)
    case.until(due)
    case.fire("li", "test_alone", served=due.isoformat(), report="All passed")
    assert reject(case) == ["rework"]


@pytest.mark.parametrize("late", (False, True))
def test_postponed_test_goes_on(people, late):
    case = initial(people)
    case.fire("mei", "postpone", comment="Nobody has time")
    now = after_workdays(BEGIN, 10) if late else BEGIN
    if late:
        case.until(now)
    assert case.fire("mei", "continue") == ["ready"]
    assert serve(case, now) == ["initial_test"]


def test_cancelled(people, refuses):
    case = Case(people, "acceptance", "li", deliverable="Order module")
    refuses("needs_fields", people("li"), "case.fire", case=case.key, event="cancel")
    assert case.fire("li", "cancel", comment="Not ordered after all") == ["cancelled"]
    case = prepared(people)
    assert case.fire("li", "cancel", comment="Not ordered after all") == ["cancelled"]
    assert case.outcome == "cancelled"
