# SPDX-License-Identifier: Apache-2.0
"""A server that starts over a broken folder goes on with the rules that were in force before, and
says so: in its log, in its health, to its operator, and to whoever checks the team's scripts."""
import os
import shutil
import subprocess

import pytest
from commands import run  # noqa: F401 (a fixture)

TEAM = """return team "demo" {
  title = "Demo", timezone = "Asia/Shanghai",
  calendar "office" { monday_to_friday = { "09:00-18:00" }, holidays = "days.ics" },
  use "visit", use "call" { group = "support" },
  every "friday 16:00" { start "visit" },
}
"""
DAYS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
SUMMARY:Out of office\r
DTSTART;VALUE=DATE:20260106\r
DTEND;VALUE=DATE:20260107\r
END:VEVENT\r
END:VCALENDAR\r
"""
WORKFLOW = """return workflow "%s" {
  key = "%s", roles = { "pm", boss = "opener" }, start = "planned",
  state "planned" {
    on "visit" { by = "boss", when = function(c, e) return true end, to = "done" },
    within { "2 workdays", late "0" { notify "pm" } },
  },
  final "done",
}
"""
FILES = {"team.lua": TEAM, "days.ics": DAYS, "workflows/visit.lua": WORKFLOW % ("visit", "VI"),
         "support/call.lua": WORKFLOW % ("call", "CA")}
# Monday 09:00 and two working days; Tuesday is none by days.ics: the close of Thursday
DUE = "2026-01-08T18:00:00+08:00"


def path_of(server, name):
    return os.path.join(server.site, "teams", "demo", name)


def write(server, name, text):
    os.makedirs(os.path.dirname(path_of(server, name)), exist_ok=True)
    with open(path_of(server, name), "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode("utf-8"))


def prepare(server):
    for name, text in FILES.items():
        write(server, name, text)


@pytest.fixture
def server(make_server, folder):
    return make_server(os.path.join(folder, "site"), prepare=prepare, fresh=True)


def replace(name, old, new):
    def breaks(server):
        assert old in FILES[name]
        write(server, name, FILES[name].replace(old, new))
    return breaks


def link_out(server):
    os.rename(path_of(server, "workflows/visit.lua"), server.site + "/elsewhere.lua")
    os.symlink(server.site + "/elsewhere.lua", path_of(server, "workflows/visit.lua"))


# how the folder is broken: what is done to it, and where the log says that something is wrong
BROKEN = {
    "team.lua does not parse": (replace("team.lua", "use \"visit\",", "use \"visit\" ="),
                                "team.lua", 4, "expected"),
    "team.lua has an unknown word": (replace("team.lua", "timezone", "timezoen"), "team.lua", 2,
                                     'did you mean \\"timezone\\"'),
    "use of an unknown name": (replace("team.lua", 'use "visit"', 'use "visti"'), "team.lua", 4,
                               'did you mean \\"visit\\"'),
    "a workflow does not parse": (replace("workflows/visit.lua", 'state "planned" {',
                                          'state "planned" { ='), "workflows/visit.lua", 3,
                                  "unexpected symbol"),
    "holidays that are none": (lambda s: write(s, "days.ics", "Tuesday\n"), "days.ics", 1, ""),
    "holidays that are gone": (lambda s: os.remove(path_of(s, "days.ics")), "team.lua", 3,
                               "No such file"),
    "team.lua is gone": (lambda s: os.remove(path_of(s, "team.lua")), "team.lua", 1,
                         "has no team.lua"),
    "team.lua is not UTF-8": (lambda s: write(s, "team.lua", b'return team "demo" {\n-- \xe9\n}\n'),
                              "team.lua", 2, "not UTF-8"),
    "team.lua is a folder": (lambda s: (os.remove(path_of(s, "team.lua")),
                                        os.mkdir(path_of(s, "team.lua"))), "team.lua", 1, ""),
    "a file cannot be read": (lambda s: os.mkfifo(path_of(s, "support/pipe.lua")),
                              "support/pipe.lua", 1, "not a file"),
    "a link out of the site": (link_out, "workflows/visit.lua", 1, "link"),
    "the team's folder is gone": (lambda s: shutil.rmtree(path_of(s, "")), "team.lua", 1,
                                  "No such file"),
    "all teams are gone": (lambda s: shutil.rmtree(s.site + "/teams"), "team.lua", 1,
                           "No such file"),
}


def due_of(connection, case):
    deadline, = connection.call("case.get", case=case)["deadlines"]
    return deadline["due"]


def line_with(text, *words):
    found = [line for line in text.splitlines() if all(word in line for word in words)]
    assert found, (words, text)
    return found[0]


@pytest.mark.parametrize("how", BROKEN)
def test_the_rules_of_before_go_on_over(how, server):
    breaks, file, line, why = BROKEN[how]
    with server.client("admin") as admin:
        before = {name: admin.call("workflow.get", workflow=name) for name in ("visit", "call")}
        open_case = admin.call("case.open", workflow="visit", fields={})["case"]
        assert due_of(admin, open_case) == DUE
        schedules = admin.call("schedule.list")  # after the first turn, which gives them rows
    breaks(server)
    server.restart()
    line_with(server.log(), "mistake in rules", "demo", file, "line=%d " % line, why)
    line_with(server.log(), "old rules in force", "demo")
    with server.client("admin") as admin:
        assert {name: admin.call("workflow.get", workflow=name)
                for name in ("visit", "call")} == before
        assert before["call"]["group"] == "support"
        # "call" had no case before, so nothing but the kept rules knows it; days and hours hold
        key = admin.call("case.open", workflow="call", fields={})["case"]
        assert [due_of(admin, case) for case in (key, open_case)] == [DUE, DUE]
        assert admin.call("schedule.list") == schedules and schedules["items"]
        assert admin.call("case.fire", case=key, event="visit")["states"] == ["done"]
        health = admin.call("server.health")
        assert health["status"] == "degraded"
        assert health["engine"]["teams"] == {"current": 0, "old": 1, "stored": 0, "none": 0}
        checked = admin.call("workflow.check")
        assert checked["taken"] is False and checked["rules"] == "old"
        assert (file, line) in [(m["file"], m["line"]) for m in checked["mistakes"]
                                if m["severity"] == "error"]
    with server.client("operator") as operator:
        team, = operator.call("admin.teams")["items"]
        assert (team["rules"], team["workflows"]) == ("old", 2) and team["mistakes"] > 0


def test_a_folder_made_good_is_taken_again(server, run):  # noqa: F811
    words = ["workflow", "check", "--site", server.site, "--as", "admin"]
    os.remove(path_of(server, "team.lua"))
    server.restart()
    said = run(*words, code=1).stdout
    assert "team.lua:1:1: error: the team's folder has no team.lua" in said
    assert "In force: the last good rules, older than the folder's" in said
    write(server, "team.lua", TEAM.replace('use "visit", ', "").replace(
        'every "friday 16:00" { start "visit" },', ""))
    assert "signoff workflow reload takes these" in run(*words).stdout
    run("workflow", "reload", "--site", server.site, "--as", "admin")
    assert "In force" not in run(*words).stdout
    # what a good load took away stays away over a bad start
    write(server, "team.lua", "return\n")
    server.restart()
    with server.client("admin") as admin:
        assert [w["name"] for w in admin.call("workflow.list")["items"]] == ["call"]


def test_a_new_site_says_what_is_missing_and_serves_without(make_server, folder, run):  # noqa: F811
    def breaks(server):
        prepare(server)
        os.remove(path_of(server, "team.lua"))
    server = make_server(os.path.join(folder, "site"), prepare=breaks, fresh=True)
    line_with(server.log(), "mistake in rules", "demo", "the team's folder has no team.lua")
    line_with(server.log(), "team not served", "demo")
    with server.client("admin") as admin:
        assert admin.call("workflow.list")["items"] == []
        assert admin.call("workflow.check")["rules"] == "none"
        assert admin.call("server.health")["engine"]["teams"]["none"] == 1
    with server.client("operator") as operator:
        team, = operator.call("admin.teams")["items"]
        assert (team["team"], team["rules"], team["workflows"]) == ("demo", "none", 0)
    said = run("workflow", "check", "--site", server.site, "--as", "admin", code=1).stdout
    assert "In force: no rules at all" in said
    write(server, "team.lua", TEAM)
    run("workflow", "reload", "--site", server.site, "--as", "admin")
    with server.client("admin") as admin:
        assert admin.call("server.health")["status"] == "ok"
        assert admin.call("case.open", workflow="visit", fields={})["case"] == "VI-1"


def test_a_new_site_leaves_out_the_workflow_that_use_does_not_find(make_server, folder):
    def breaks(server):
        prepare(server)
        replace("team.lua", 'use "call"', 'use "cal"')(server)
    server = make_server(os.path.join(folder, "site"), prepare=breaks, fresh=True)
    line_with(server.log(), "mistake in rules", "team.lua", 'did you mean \\"call\\"')
    with server.client("admin") as admin:
        assert [w["name"] for w in admin.call("workflow.list")["items"]] == ["visit"]
        assert admin.call("workflow.check")["rules"] == "old"


def test_a_site_without_teams_is_refused(make_server, folder, binary):
    server = make_server(os.path.join(folder, "site"), start=False)
    shutil.rmtree(server.site + "/teams")
    done = subprocess.run([binary, "serve", server.site, "--clock", "2026-01-05T09:00:00+08:00"],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "signoff init" in done.stderr
