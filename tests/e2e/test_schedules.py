# SPDX-License-Identifier: Apache-2.0
"""What a team has on a schedule: reports that open themselves, over the protocol and on the
command line, on virtual time. The site's clock begins on Monday 2026-01-05 09:00 in Shanghai."""
import json
import os
import subprocess

import pytest

TEAM = """return team "demo" {
  title = "Demo", timezone = "Asia/Shanghai",
  use "report", use "round",
  every "friday 16:00" { start "report" { for_each = "open project", fields = { summary = "Weekly" } } },
  every "month last 17:00" { name = "rounds", missed = "all", start "round" { for_each = "client" } },
%s}
"""

REPORT = """return workflow "report" {
  key = "PR", version = 1, title = { en = "Progress report", zh = "进度报告" },
  client = "project", roles = { "pm", "client" },
  fields = { summary = text { required = true } },
  start = "draft",
  state "draft" { owner = "pm", on "send" { by = "pm", to = "sent" } },
  state "sent" { waiting_for = "client", on "acknowledge" { by = "client", to = "done" } },
  final "done",
}
"""

ROUND = """return workflow "round" {
  key = "RO", version = 1, roles = { "pm" },
  state "due" { owner = "pm", on "held" { by = "pm", to = "held" } },
  final "held",
}
"""


def write(server, name, text):
    path = os.path.join(server.site, "teams", "demo", name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def declare(server, more=""):
    write(server, "team.lua", TEAM % more)
    write(server, "workflows/report.lua", REPORT)
    write(server, "workflows/round.lua", ROUND)


@pytest.fixture
def admin(make_server, folder):
    server = make_server(os.path.join(folder, "site"), prepare=declare)
    with server.client("admin") as connection:
        connection.server = server
        for client, project in (("acme", "erp"), ("acme", "crm"), ("bolt", "shop")):
            if client not in [c["client"] for c in connection.call("client.list")["items"]]:
                connection.call("client.create", client=client, title=client.capitalize())
            connection.call("project.create", project=project, client=client)
            connection.call("project.member.add", project=project, person="admin", role="pm")
        connection.call("project.update", project="crm", state="closed")
        yield connection


def cases(admin, workflow):
    items = admin.call("case.list", workflow=workflow, sort="key")["items"]
    return [(case["case"], case["project"]) for case in items]


def schedule(admin, name):
    return [s for s in admin.call("schedule.list")["items"] if s["schedule"] == name][0]


def projects_open(admin):
    return sorted(p["project"] for p in admin.call("project.list")["items"]
                  if p["state"] == "open")


def test_schedules_are_listed_before_they_were_ever_due(admin):
    weekly = schedule(admin, "friday 16:00")
    assert weekly["next"] == "2026-01-09T16:00:00+08:00"
    assert weekly["upcoming"] == ["2026-01-09T16:00:00+08:00", "2026-01-16T16:00:00+08:00",
                                  "2026-01-23T16:00:00+08:00"]
    assert weekly["missed"] == "latest" and weekly["last"] is None
    assert weekly["starts"] == [{"workflow": "report", "title": "Progress report",
                                 "for_each": "open project", "fields": {"summary": "Weekly"}}]
    assert schedule(admin, "rounds")["next"] == "2026-01-31T17:00:00+08:00"


def test_reports_open_in_every_open_project(admin):
    expected = projects_open(admin)
    fired = admin.call("clock.advance", to="2026-01-09T16:00:00+08:00")
    assert fired["fired"] == 1
    assert sorted(project for _, project in cases(admin, "report")) == expected
    key = cases(admin, "report")[0][0]
    case = admin.call("case.get", case=key)
    assert case["opener"] == "system" and case["fields"] == {"summary": "Weekly"}
    assert case["opened_at"] == "2026-01-09T16:00:00+08:00"
    last = schedule(admin, "friday 16:00")["last"]
    assert (last["asked"], last["opened"], last["failed"]) == (len(expected), len(expected), 0)
    assert last["due"] == "2026-01-09T16:00:00+08:00" and key in last["cases"]
    assert admin.call("inbox.list")["items"], "they wait for their owner"


def test_rounds_open_once_for_each_client(admin):
    admin.call("clock.advance", to="2026-02-01T00:00:00+08:00")
    rounds = dict((project, key) for key, project in cases(admin, "round"))
    assert "erp" in rounds and "shop" in rounds and "crm" not in rounds


def test_schedules_go_on_over_a_kill(admin):
    admin.call("clock.advance", to="2026-01-09T16:00:00+08:00")
    first = cases(admin, "report")
    server = admin.server
    server.kill()
    server.start()
    with server.client("admin") as again:
        assert cases(again, "report") == first
        assert schedule(again, "friday 16:00")["next"] == "2026-01-16T16:00:00+08:00"
        again.call("clock.advance", to="2026-01-16T16:00:00+08:00")
        assert len(cases(again, "report")) == 2 * len(first)
        again.call("audit.verify")


def test_a_reload_takes_new_schedules_and_keeps_the_old_in_step(admin):
    admin.call("clock.advance", by="6 days")
    declare(admin.server, '  every "2 days 10:00" { start "round" { project = "erp" } },\n')
    assert admin.call("workflow.reload")["in_force"]
    names = [s["schedule"] for s in admin.call("schedule.list")["items"]]
    assert names == ["2 days 10:00", "friday 16:00", "rounds"]
    assert schedule(admin, "friday 16:00")["last"]["due"] == "2026-01-09T16:00:00+08:00"
    admin.call("clock.advance", by="2 days")
    assert [project for _, project in cases(admin, "round")] == ["erp"]


def test_mistakes_of_a_schedule_are_told_and_change_nothing(admin, refuses):
    declare(admin.server, '  every "fridy 16:00" { start "reprt" },\n')
    told = refuses("invalid", admin, "workflow.reload")
    text = "\n".join(mistake["message"] for mistake in told.data["mistakes"])
    assert 'every "fridy 16:00"' in text and "expected a weekday" in text
    assert 'did you mean "report"?' in text
    assert schedule(admin, "friday 16:00")["next"] == "2026-01-09T16:00:00+08:00"


def test_what_cannot_be_opened_is_told_to_the_lead_once(admin):
    write(admin.server, "workflows/round.lua", ROUND.replace(
        'roles = { "pm" },', 'roles = { "pm" }, fields = { place = text { required = true } },')
        .replace("version = 1", "version = 2"))
    assert admin.call("workflow.reload")["in_force"]
    admin.call("clock.advance", to="2026-02-01T00:00:00+08:00")
    last = schedule(admin, "rounds")["last"]
    assert last["opened"] == 0 and last["failed"] == last["asked"] > 0
    assert "place" in last["failures"][0]["message"]
    told = [m for m in admin.call("inbox.messages")["items"] if m["kind"] == "failed"]
    assert len(told) == last["failed"] and "rounds" in told[0]["text"]
    admin.call("clock.advance", by="1 day")
    again = [m for m in admin.call("inbox.messages")["items"] if m["kind"] == "failed"]
    assert len(again) == len(told)


def test_the_history_of_a_schedule_is_in_the_chain(admin):
    admin.call("clock.advance", to="2026-01-09T16:00:00+08:00")
    headers = [json.loads(entry["header"]) for entry in admin.call("audit.export", limit=500)["items"]]
    fired = [h for h in headers if h["kind"] == "schedule"]
    assert [(h["actor"], h["case"], h["rules"], h["shared"]) for h in fired] == [
        ("system", None, None, None)]
    admin.call("audit.verify")


def test_schedules_on_the_command_line(admin, binary):
    admin.call("clock.advance", to="2026-01-09T16:00:00+08:00")
    said = subprocess.run([binary, "schedule", "list", "--site", admin.server.site],
                          capture_output=True, text=True, check=True,
                          env=dict(os.environ, LANG="C.UTF-8")).stdout
    assert "friday 16:00" in said and "2026-01-16 16:00" in said and "PR-1" in said
