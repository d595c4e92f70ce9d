# SPDX-License-Identifier: Apache-2.0
"""The project of three months in examples/project, played to its end. What must have happened by itself, and
when, is reckoned apart from the server (cases.py) or by hand from the story."""
import collections
import datetime
import glob
import os
import re
import subprocess
import sys

import pytest
from cases import ZONE, after_workdays, at

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "examples", "project"))
import play  # noqa: E402
import stage  # noqa: E402


@pytest.fixture(scope="module")
def played(binary, tmp_path_factory):
    """The whole story. Whatever it says that a deed must lead to has been looked at on the way."""
    done = play.play(str(tmp_path_factory.mktemp("project")), binary)
    yield done
    assert done.close() == 0


def rung_at(case, deadline, rung):
    """When that rung was due, as its entry says."""
    due = [datetime.datetime.fromisoformat(entry["due"]).astimezone(ZONE) for entry in case.history()
           if entry.get("rung", {}).get("deadline") == deadline and entry["rung"]["rung"] == rung]
    assert len(due) == 1, (case.key, deadline, rung, due)
    return due[0]


def field(case, name, who="li"):
    return case.get(who)["fields"].get(name)


def test_a_story_that_is_not_true_is_noticed(binary, tmp_path):
    """The planted fault: a week that says something else than what happens."""
    def wrong(p):
        """The charter is signed before it is written."""
        p.open("li", "charter", ["signing"], summary="Never drafted")
    weeks, play.story.WEEKS = play.story.WEEKS, (wrong,)
    try:
        with pytest.raises(stage.Surprise, match="CH-1 is in .'drafting'. and not in .'signing'."):
            play.play(str(tmp_path / "wrong"), binary)
    finally:
        play.story.WEEKS = weeks


def test_meetings_minutes_that_nobody_objects_to_stand_after_three_working_days(played):
    due = after_workdays(at("2026-03-04 15:30"), 3)
    assert rung_at(played.kickoff, "objection", "late 0") == due == at("2026-03-09 18:00")
    assert played.kickoff.look()["outcome"] == "unopposed"


def test_change_control_parks_what_nobody_decides_on_its_fifth_working_day(played):
    """Qingming Monday does not count: 3, 7, 8, 9 and 10 April."""
    assert rung_at(played.offline, "deciding", "late 0") == after_workdays(at("2026-04-02 14:00"), 5) \
        == at("2026-04-10 18:00")


def ballots(case):
    """Every ballot that was given: (person, choice, digest of what they saw), oldest first."""
    return [(one["person"], one["choice"], one["digest"]) for entry in case.history()
            if entry["kind"] == "vote" for one in entry["ballots"]]


def test_change_control_binds_those_who_saw_the_smaller_version(played):
    """Four had agreed to 62,000; what is in force are the votes for 38,000, by all five."""
    by_content = collections.defaultdict(set)
    for person, choice, digest in ballots(played.offline):
        assert choice == "approve"
        by_content[digest].add(person)
    assert list(by_content.values()) == [{"li", "wang", "fang", "zhao"},
                                         {"li", "wang", "fang", "zhao", "mei"}]
    assert field(played.offline, "cost") == "38000.00"


def test_acceptance_by_silence_counts_no_holiday(played):
    """Labour Day, 1 to 5 May, lies in the ten working days after 17 April."""
    assert rung_at(played.hand_over, "initial_answer", "late 0") == at("2026-05-06 18:00")
    assert played.hand_over.look()["outcome"] == "accepted"


def test_acceptance_never_takes_an_objection_for_silence(played):
    """Tom alone has rejected on 15 April: that was an answer."""
    assert [person for person, choice, _ in ballots(played.hand_over) if choice == "reject"] == ["tom"]
    assert field(played.hand_over, "release") == "1.0.1"


def test_training_and_support_are_confirmed_by_the_client(played):
    assert rung_at(played.training, "confirmation", "late 0") == \
        after_workdays(at("2026-05-14 12:00"), 5) == at("2026-05-21 18:00")
    assert played.training.look()["outcome"] == "deemed" and field(played.training, "passed", "mei") == 21
    assert (played.slow.look()["outcome"], field(played.slow, "stars")) == ("helped", 5)


def test_expectations_and_scope_are_signed_by_both_sides_each_time_they_change(played):
    """In writing, and to what they read: baseline 1 with the training that Tom missed, baseline 2 after CR-1."""
    given = ballots(played.charter)
    assert [(person, choice) for person, choice, _ in given] == [
        ("zhao", "approve"), ("tom", "changes"), ("zhao", "approve"), ("mei", "approve"),
        ("zhao", "approve"), ("mei", "approve")]
    assert given[0][2] == given[1][2] != given[2][2] == given[3][2] != given[4][2] == given[5][2]
    fields = played.charter.get("mei")["fields"]
    assert (fields["baseline"], fields["change"]) == (2, played.offline.key)
    assert all(goal["measure"] and goal["by_day"] for goal in fields["goals"])


def opened(case):
    """The cases that were opened from it; each of them says so, too."""
    keys = {one["case"] for one in case.get()["linked_from"] if one["kind"] == "opened_by"}
    for key in keys:
        assert {"case": case.key, "kind": "opened_by"} in case.stage.cases[key].get()["links"]
    return keys


def test_requirements_are_traced_to_what_hands_them_over(played):
    assert [played.cases[key].look()["outcome"] for key in ("RQ-1", "RQ-2")] == ["accepted", "accepted"]
    assert opened(played.receipt) == {"AC-2"} and opened(played.stock) == {"AC-3"}
    # The form that Mei never filled in was pressed for, then written down from an interview.
    assert rung_at(played.stock, "survey", "50%") > at("2026-03-09 10:00")
    assert field(played.stock, "importance", "mei") == "must"


def test_risks_have_a_plan_before_they_come_true(played):
    fields = played.late_data.get()["fields"]
    assert (fields["exposure"], fields["level"]) == (4 * 4, "high")
    assert [person for person, _, _ in ballots(played.late_data)] == ["zhao"]
    assert played.late_data.look()["outcome"] == "materialised"


def test_client_issues_come_back_when_they_are_not_solved(played):
    assert (field(played.slow_list, "reopened", "tom"), played.slow_list.look()["outcome"]) == (1, "solved")
    assert played.question.look()["outcome"] == "solved" and opened(played.cases["PR-2"]) == {played.question.key}


def test_complaints_end_with_the_clients_consent_and_a_correction(played):
    case = played.complaint
    assert (field(case, "declined", "tom"), case.look()["outcome"]) == (1, "settled")
    assert field(case, "investigator") == "sun" and field(case, "concerned") == "wang"
    assert opened(case) == {"IM-1"}
    assert "finding" not in case.get("tom")["fields"]


def test_suppliers_are_decided_on_by_whom_the_amount_asks_for(played):
    """25,600 is more than 20,000: project manager, finance and sponsor."""
    assert {person for person, _, _ in ballots(played.devices)} == {"li", "fang", "zhao"}
    assert (played.devices.look()["outcome"], field(played.devices, "stars")) == ("paid", 4)


def test_documents_say_who_confirmed_which_bytes(played):
    (confirmed,) = played.plan.get("mei")["fields"]["confirmed"]
    assert (confirmed["release"], confirmed["who"]) == ("1.0", "tom")


def test_meetings_decide_on_actions_that_somebody_owes(played):
    assert field(played.data, "holder") == "mei" and opened(played.kickoff) == {played.data.key}
    # Due on Friday the 13th at close, done a week later: the reminder came by itself.
    assert rung_at(played.data, "action", "late 0") == at("2026-03-13 18:00")


def test_lessons_and_improvement_are_kept_and_their_effect_is_looked_at(played):
    assert played.better.look()["outcome"] == "effective" and field(played.better, "effect")
    assert played.lesson.look()["states"] == ["kept"]
    found = played.people["sun"].call("case.list", workflow="lesson", text="same pallet")["items"]
    assert [item["case"] for item in found] == [played.lesson.key]


def test_closeout_is_signed_by_both_sides_when_nothing_is_open(played):
    """The story tries it with an issue that may still come back, and is told so."""
    fields = played.closeout.get("mei")["fields"]
    assert (fields["survey"], fields["paid"]) == (9, "2026-05-27")
    assert [person for person, _, _ in ballots(played.closeout)] == ["zhao", "mei"]
    assert played.closeout.look()["outcome"] == "closed"



def test_regular_reports_are_acknowledged_or_given_up_but_never_forgotten(played):
    ended = collections.Counter(item["outcome"] for item in played.listed("progress_report"))
    # Mei and Tom acknowledged one each; one was skipped; the last is not over yet.
    assert ended == {"acknowledged": 2, "skipped": 1, "unanswered": 9, None: 1}
    third = played.cases["PR-3"]
    chased = after_workdays(at("2026-03-20 16:00"), 3)
    assert rung_at(third, "acknowledgement", "late 2 workdays") == after_workdays(chased, 2)


def test_milestones_say_that_they_were_moved_and_from_when(played):
    assert (field(played.live, "agreed"), field(played.live, "planned"), field(played.live, "slips")) \
        == ("2026-04-17", "2026-04-24", 1)


def test_budget_knows_what_was_spent_and_why_there_is_more(played):
    fields = played.budget.get()["fields"]
    assert (fields["total"], fields["spent"], fields["used"]) == ("430000.00", "25600.00", 6)
    assert [one["case"] for one in fields["bookings"]] == [played.spent.key]
    assert fields["change"] == played.offline.key == field(played.charter, "change")
    # The second baseline rests on the change: what it costs is in the charter's budget, and counts once.
    seen = played.people["li"].call("project.overview", project=stage.PROJECT)
    assert [one["budget"] for one in seen["charter"]["baselines"]] == ["480000.00", "518000.00"]
    assert (seen["budget"]["charter"], seen["budget"]["total"]) == ("518000.00", "518000.00")
    assert seen["budget"]["agreed"]["changes"] == 0
    assert [(one["case"], one["cost"], one["baseline"]) for one in seen["budget"]["changes"]] == [
        (played.offline.key, "38000.00", 2)]


def test_satisfaction_by_the_formulas_that_it_names(played):
    """Answers: CSAT 2 and 4, NPS 5 and 9, CES 4 and 6."""
    fields = played.survey.get()["fields"]
    assert [fields[name] for name in ("csat_top", "csat_mean", "nps_score", "ces_easy")] == \
        ["50.0", "3.0", "0.0", "50.0"]
    assert played.unhappy.look()["outcome"] == "settled"


def test_everybody_is_asked_on_monday_for_what_waits_for_them(played):
    """The Monday after Mei's long silence: one line for each thing, and nothing of the team's own."""
    with open(glob.glob(os.path.join(played.diary, "*2026-04-20-monday.txt"))[0], encoding="utf-8") as page:
        inboxes = dict(re.findall(r"^(\w+)\$ signoff inbox\n(.*?)(?=^\w+\$|\Z)", page.read(), re.M | re.S))
    assert set(inboxes) == {*stage.OURS, *stage.THEIRS}
    asked = {who: re.findall(r"^([A-Z]{2}-\d+) ", text, re.M) for who, text in inboxes.items()}
    # Handed over on the 17th, beside the report of that day; the change is parked and waits for material.
    for who in stage.THEIRS:
        assert sorted(asked[who]) == ["AC-1", "CR-1", "PR-7"], inboxes[who]
    # The milestone that was moved, the final one, and the closing of the month: no budget, no charter in force.
    assert asked["li"] == ["MS-1", "MS-2"], inboxes["li"]


def test_health_is_told_every_monday_by_what_was_so(played):
    """Nothing is late when it begins. On 27 April Tom's complaint is open and a milestone has moved; on 4 May he alone
    has answered the survey, with 2; Mei's 4 comes later, and 3 is their mean."""
    told = {}
    for path in glob.glob(os.path.join(played.diary, "*-monday.txt")):
        with open(path, encoding="utf-8") as page:
            (line,) = re.findall(r"^boss\$ signoff project list --health\n(?:.*\n)*?(%s .*)$" % stage.PROJECT, page.read(), re.M)
        told[re.search(r"\d{4}-\d\d-\d\d", os.path.basename(path))[0]] = line
    assert len(told) == 14 and told["2026-03-02"].rstrip().endswith("green")
    for words in ("yellow: ", "Milestones slipped: 1, allowed 0", "Open complaints: 1, allowed 0"):
        assert words in told["2026-04-27"], told
    assert "red: Satisfaction: 2.0, expected 2.5 or more" in told["2026-05-04"], told
    assert "yellow: Satisfaction: 3.0, expected 3.5 or more" in told["2026-06-01"], told


def test_the_client_never_sees_what_is_internal(played):
    for path in glob.glob(os.path.join(played.diary, "*.txt")):
        with open(path, encoding="utf-8") as page:
            parts = re.findall(r"^(mei|tom)\$ signoff [^\n]*\n(.*?)(?=^\w+\$|\Z)", page.read(), re.M | re.S)
        for _, text in parts:
            assert not re.search(r"\b(BG|EX|RK|VN|LE|IM)-\d", text) and "internal" not in text, path


def test_communication_plan_finds_the_silence_that_there_was(played):
    """Called on 26 March and not again for 14 days: on 9 April at ten. All seven calls are in the record, beside
    what the client's people were told."""
    assert field(played.calls, "silences") == 1
    (silent,) = [entry for entry in played.calls.history() if "quiet" in entry.get("entered", [])
                 and "silent" in entry["entered"]]
    assert datetime.datetime.fromisoformat(silent["at"]).astimezone(ZONE) == at("2026-04-09 10:00")
    items = played.people["li"].call("communication.list", project=stage.PROJECT, limit=200)["items"]
    assert sum(one["how"] == "noted" for one in items) == 7


def report(played, name, **more):
    """The figures of a report's sections, {"SECTION.FIGURE": value}, and its tables, {"SECTION.TABLE": rows}."""
    given = played.people["li"].call("report.get", report=name, project=stage.PROJECT, **more)
    figures, tables = {}, {}
    for section in given["sections"]:
        figures.update(("%s.%s" % (section["name"], one["name"]), one["value"]) for one in section["figures"])
        tables.update(("%s.%s" % (section["name"], one["name"]), one["rows"]) for one in section["tables"])
    return figures, tables


WHOLE = {"from": "2026-03-01", "to": "2026-06-06"}


def test_performance_is_counted_from_what_happened(played):
    figures, _ = report(played, "throughput", **WHOLE)
    assert figures["throughput.opened"] == len(played.people["li"].call(
        "case.list", project=stage.PROJECT, limit=200)["items"]) == 39 + 8
    assert (figures["throughput.ended"], figures["throughput.open"]) == (47 - 3, 3)
    figures, _ = report(played, "changes", **WHOLE)
    assert (figures["changes.changes_agreed"], figures["changes.cost_agreed"], figures["changes.baseline"]) == \
        (1, "38000.00", "480000.00")
    assert figures["changes.cost_share"] == "7.9"  # 38,000 of 480,000


def test_client_participation_says_who_answered_and_who_was_silent(played):
    """Tom answers at once, Mei does not: that is what the story is about."""
    _, tables = report(played, "participation", **WHOLE)
    tom, mei = ({row["key"]: row for row in tables["participation.by_person"]}["person/" + who]
                for who in ("tom", "mei"))
    assert tom["answers"] > mei["answers"] > 0 and tom["answer_median"] < mei["answer_median"]
    for row in (tom, mei):
        assert row["asked"] == row["answers"] + row["unanswered"] + row["still_asked"]


def test_resources_and_team_say_who_is_there_with_what_share_and_who_stands_in(played):
    """Zhao is away in the week of 18 May: what he is asked for Fang answers, and both names are kept."""
    li = played.people["li"]
    shares = {one["person"]: one["share"] for one in li.call("project.get", project=stage.PROJECT)["members"]
              if one["share"] is not None}
    assert shares == stage.SHARES
    (released,) = [entry for entry in played.cases["PR-12"].history() if entry["kind"] == "vote"]
    assert (released["actor"], released["on_behalf"]) == ("fang", "zhao")
    boss = played.people["boss"].call("report.get", report="workload", project=stage.PROJECT)
    assert [section["name"] for section in boss["sections"]] == ["workload"]


def test_client_file_has_contacts_projects_and_what_passed_with_them(played):
    li = played.people["li"]
    assert li.call("client.get", client=stage.CLIENT)["title"] == {"en": "Yuanhang Logistics", "zh": "远航物流"}
    contacts = [one["person"] for one in
                played.people["boss"].call("person.list", limit=200)["items"] if one["client"] == stage.CLIENT]
    assert sorted(contacts) == sorted(stage.THEIRS)
    projects = [one["project"] for one in li.call("project.list", limit=200)["items"]
                if one["client"] == stage.CLIENT]
    assert projects == [stage.PROJECT]
    passed = li.call("communication.list", client=stage.CLIENT, limit=200)["items"]
    assert {one["how"] for one in passed} == {"noted", "told"}
    assert "Why nothing is decided" in [one["fields"]["summary"] for one in passed if one["how"] == "noted"]


def test_every_theme_of_the_readme_has_a_scenario_here(played):
    """The table in README names for each theme the tests that play it."""
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as readme:
        rows = re.findall(r"^\| ([^|]+) \| [^|\n]*[\u4e00-\u9fff][^|\n]* \| [^\n]*`(test_\w+)_\*`", readme.read(), re.M)
    assert len(rows) >= 17
    for theme, name in rows:
        assert any(one.startswith(name + "_") for one in globals()), (theme, name)


def test_what_was_agreed_to_can_be_proved_without_the_server(played):
    """By the script that was written from the format's description alone."""
    pages = sorted(glob.glob(os.path.join(played.diary, "*-1.html")))
    assert [os.path.basename(page) for page in pages] == ["ac-1.html", "ch-1.html", "co-1.html", "cr-1.html"]
    for page in pages:
        verified = subprocess.run([sys.executable, os.path.join(ROOT, "examples", "verify", "verify.py"), page],
                                  capture_output=True, text=True)
        assert verified.returncode == 0, verified.stdout + verified.stderr


def test_nothing_is_left_open_but_what_stays(played):
    left = sorted(item["case"] for item in played.people["li"].call(
        "case.list", project=stage.PROJECT, open=True, limit=200)["items"])
    # The document in force, the lesson in the register, and the report of the last Friday.
    assert left == ["DC-1", "LE-1", "PR-13"]
    assert played.people["li"].call("case.list", project=stage.PROJECT, stuck=True)["items"] == []
