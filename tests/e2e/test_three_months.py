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


def test_minutes_that_nobody_objects_to_stand_after_three_working_days(played):
    due = after_workdays(at("2026-03-04 15:30"), 3)
    assert rung_at(played.kickoff, "objection", "late 0") == due == at("2026-03-09 18:00")
    assert played.kickoff.look()["outcome"] == "unopposed"


def test_change_request_without_a_decision_is_parked_on_its_fifth_working_day(played):
    """Qingming Monday does not count: 3, 7, 8, 9 and 10 April."""
    assert rung_at(played.offline, "deciding", "late 0") == after_workdays(at("2026-04-02 14:00"), 5) \
        == at("2026-04-10 18:00")


def ballots(case):
    """Every ballot that was given: (person, choice, digest of what they saw), oldest first."""
    return [(one["person"], one["choice"], one["digest"]) for entry in case.history()
            if entry["kind"] == "vote" for one in entry["ballots"]]


def test_the_change_binds_those_who_saw_the_smaller_version(played):
    """Four had agreed to 62,000; what is in force are the votes for 38,000, by all five."""
    by_content = collections.defaultdict(set)
    for person, choice, digest in ballots(played.offline):
        assert choice == "approve"
        by_content[digest].add(person)
    assert list(by_content.values()) == [{"li", "wang", "fang", "zhao"},
                                         {"li", "wang", "fang", "zhao", "mei"}]
    assert field(played.offline, "cost") == "38000.00"


def test_silence_about_the_acceptance_counts_no_holiday(played):
    """Labour Day, 1 to 5 May, lies in the ten working days after 17 April."""
    assert rung_at(played.hand_over, "initial_answer", "late 0") == at("2026-05-06 18:00")
    assert played.hand_over.look()["outcome"] == "accepted"


def test_an_objection_is_never_taken_for_silence(played):
    """Tom alone has rejected on 15 April: that was an answer."""
    assert [person for person, choice, _ in ballots(played.hand_over) if choice == "reject"] == ["tom"]
    assert field(played.hand_over, "release") == "1.0.1"


def test_training_that_nobody_objects_to_is_confirmed(played):
    assert rung_at(played.training, "confirmation", "late 0") == \
        after_workdays(at("2026-05-14 12:00"), 5) == at("2026-05-21 18:00")


def test_reports_are_acknowledged_or_given_up_but_never_forgotten(played):
    ended = collections.Counter(item["outcome"] for item in played.listed("progress_report"))
    # Mei and Tom acknowledged one each; one was skipped; the last is not over yet.
    assert ended == {"acknowledged": 2, "skipped": 1, "unanswered": 9, None: 1}
    third = played.cases["PR-3"]
    chased = after_workdays(at("2026-03-20 16:00"), 3)
    assert rung_at(third, "acknowledgement", "late 5 workdays") == after_workdays(chased, 5)


def test_the_milestone_says_that_it_was_moved_and_from_when(played):
    assert (field(played.live, "agreed"), field(played.live, "planned"), field(played.live, "slips")) \
        == ("2026-04-17", "2026-04-24", 1)


def test_the_budget_knows_what_was_spent_and_why_there_is_more(played):
    fields = played.budget.get()["fields"]
    assert (fields["total"], fields["spent"], fields["used"]) == ("430000.00", "25600.00", 6)
    assert [one["case"] for one in fields["bookings"]] == [played.spent.key]
    assert fields["change"] == played.offline.key == field(played.charter, "change")


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


def test_the_client_never_sees_what_is_internal(played):
    for path in glob.glob(os.path.join(played.diary, "*.txt")):
        with open(path, encoding="utf-8") as page:
            parts = re.findall(r"^(mei|tom)\$ signoff [^\n]*\n(.*?)(?=^\w+\$|\Z)", page.read(), re.M | re.S)
        for _, text in parts:
            assert not re.search(r"\b(BG|EX|RK|VN|LE|IM)-\d", text) and "internal" not in text, path


def test_what_was_agreed_to_can_be_proved_without_the_server(played):
    """By the script that was written from the format's description alone."""
    pages = sorted(glob.glob(os.path.join(played.diary, "*.html")))
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
