# SPDX-License-Identifier: Apache-2.0
"""What the shipped workflows have in common. Their scenarios: test_change_request.py, test_issue.py,
test_workflows_acceptance.py, test_workflows_feedback.py, test_workflows_closeout.py."""
import os
import re
import subprocess

import pytest
from cases import PROJECT, SHIPPED, SOURCES, Case, server  # noqa: F401



def chinese(text):
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def titles(value):
    """Every title of a model, wherever it stands."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name in ("title", "client_title"):
                yield member
            yield from titles(member)
    elif isinstance(value, list):
        for member in value:
            yield from titles(member)


def test_every_shipped_workflow_is_there_in_two_languages(people):
    listed = {item["name"]: item for item in people("li").call("workflow.list")["items"]}
    assert set(SHIPPED) <= set(listed)
    for name in SHIPPED:
        found = list(titles(people("li").call("workflow.get", workflow=name)))
        assert len(found) > 15, name
        for title in found:
            if isinstance(title, dict):
                assert set(title) >= {"en", "zh"} and chinese(title["zh"]), (name, title)


def test_a_team_that_works_office_hours_is_warned_of_nothing(server):
    checked = subprocess.run([server.signoff, "check", server.site, "--strict"], check=True,
                             capture_output=True, text=True)
    assert "%d workflows, 1 test file, no findings" % len(SHIPPED) in checked.stdout


@pytest.mark.parametrize("name", SHIPPED)
def test_deadlines_are_working_time(name):
    """Days round the clock stand in few places: what is parked lapses after 30 of them, what is settled can
    come back for as long, and how often a client hears from us goes by weeks."""
    with open(os.path.join(SOURCES, name + ".lua"), encoding="utf-8") as file:
        text = file.read()
    spans = re.findall(r'"\d+ (days?|hours?|minutes?|weeks?)"', text)
    allowed = {"change_request": 1, "issue": 1, "communication_plan": 5}
    assert len(spans) == allowed.get(name, 0), spans
    assert re.search(r'"\d+ work(days|day|hours|hour)"', text) or " due = " in text


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
