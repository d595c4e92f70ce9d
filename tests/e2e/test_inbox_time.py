# SPDX-License-Identifier: Apache-2.0
"""The inbox by the time that counts: working time and hours on the wall, clocks that stand in a
pause, and those that have not started. The office is open Monday to Friday from 09:00 to 17:00."""
import os

import pytest
from cases import Case

TEAM = """return team "demo" { title = "Demo", timezone = "Asia/Shanghai", language = "en",
  calendar "office" { monday_to_friday = { "09:00-17:00" } }, use "job" }
"""

JOB = """return workflow "job" {
  key = "JB", version = 1, client = "own", roles = { "pm", "client" },
  open = { by = "pm" },
  fields = { summary = text {},
    served = time { title = { en = "Proof of service", zh = "送达证明" } } },
  start = "new",
  state "new" { owner = "pm", on "slow" { by = "pm", to = "slow" },
    on "fast" { by = "pm", to = "fast" }, on "post" { by = "pm", to = "posted" } },
  state "slow" { start = "working",
    within { "24 workhours" },
    state "working" { owner = "pm", on "ask" { by = "pm", to = "asking" } },
    state "asking" { owner = "pm", waiting_for = "client" } },
  state "fast" { owner = "pm", within { "30 hours" } },
  state "posted" { owner = "pm", within { "2 workdays", from = "served" },
    on "serve" { by = "pm", takes = { "served" } } },
}
"""


def prepare(server):
    folder = os.path.join(server.site, "teams", "demo")
    os.makedirs(os.path.join(folder, "workflows"), exist_ok=True)
    for name, text in (("team.lua", TEAM), ("workflows/job.lua", JOB)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)


@pytest.fixture
def server(make_server, folder):
    return make_server(os.path.join(folder, "site"), "--demo", prepare=prepare)


@pytest.fixture
def job(people):
    """job("slow"): a job that went on by this event."""
    def make(*events):
        case = Case(people, "job", "li", summary="Work")
        for event in events:
            case.fire("li", event)
        return case.key
    return make


def inbox(connection):
    """[(case, clock, hours left, overdue)], in its order."""
    return [(item["case"], item["clock"], item.get("left_seconds", 0) / 3600, item["overdue"])
            for item in connection.call("inbox.list")["items"]]


def test_inbox_is_sorted_by_the_working_time_that_is_left(people, job, advance):
    slow = job("slow")  # due on Wednesday 17:00, after 24 hours of work
    fast = job("fast")  # due on Tuesday 15:00, after 30 hours
    none = job()
    li = people("li")
    assert inbox(li) == [(slow, "running", 24, False), (fast, "running", 30, False),
                         (none, None, 0, False)]
    assert [item.get("counts") for item in li.call("inbox.list")["items"]] == [
        "working time", "elapsed time", None]
    advance("1 day")    # Tuesday 09:00: the night counted for one of them
    assert inbox(li) == [(fast, "running", 6, False), (slow, "running", 16, False),
                         (none, None, 0, False)]
    advance("33 hours")  # Wednesday 18:00: over by 27 hours, and by nothing that counts
    assert inbox(li) == [(fast, "running", -27, True), (slow, "running", 0, True),
                         (none, None, 0, False)]


def test_inbox_of_a_paused_clock_comes_after_those_that_run(people, job, advance):
    paused, running = job("slow", "ask"), job("slow")
    advance("2 hours")
    assert inbox(people("li")) == [(running, "running", 22, False), (paused, "paused", 24, False)]


def test_d16_the_inbox_says_that_a_clock_has_not_started(people, server, job):
    posted, none, fast = job("post"), job(), job("fast")
    li = people("li")
    assert inbox(li) == [(fast, "running", 30, False), (posted, "not started", 0, False),
                         (none, None, 0, False)]
    said = {item["case"]: item["why"] for item in li.call("inbox.list")["items"]}
    assert said == {fast: None, none: None,
                    posted: "its clock has not started: Proof of service is empty"}
    li.call("person.update", person="li", language="zh")
    with server.client("li") as again:
        assert "尚未计时：“送达证明”为空" in [
            item["why"] for item in again.call("inbox.list")["items"]]
    li.call("case.fire", case=posted, event="serve", data={"served": "2026-01-05T09:00:00+08:00"})
    assert inbox(li) == [(posted, "running", 24, False), (fast, "running", 30, False),
                         (none, None, 0, False)]


def test_inbox_sees_an_exception_to_the_calendar_at_once(people, job):
    slow = job("slow")
    people("li").call("calendar.exception.add", calendar="office", date="2026-01-06", hours="closed",
                      reason="The power is off")
    [(case, clock, hours, overdue)] = inbox(people("li"))
    assert (case, clock, hours, overdue) == (slow, "running", 24, False)
    assert people("li").call("inbox.list")["items"][0]["due"] == "2026-01-08T17:00:00+08:00"
