# SPDX-License-Identifier: Apache-2.0
"""Scripts run in a process of their own for each team: one that loops, dies or is killed costs its
own command at most, and no other team notices."""
import os
import signal
import time

import pytest
import signoff

TEAM = 'return team "%s" { timezone = "UTC", use "visit" }\n'

# "go" asks what the guard says; "calm" needs no function.
VISIT = """return workflow "visit" {
  key = "VI", version = %(version)d,
  roles = { "agent" },
  fields = { n = number { default = 0 }, how = text {} },
  start = "planned",
  state "planned" {
    edit = { agent = { "how" } },
    on "go" { by = "agent", when = function(c, e) %(guard)s end, run = function(c) c:set("n", c.fields.n + 1) end,
      to = "planned" },
    on "calm" { by = "agent", to = "done" },
    on "slip" { by = "agent", to = "late" },
    %(more)s
  },
  state "late" { enter = function(c) while c.fields.how == "loop" do end c:set("n", 7) end,
    on "end" { by = "agent", to = "done" } },
  final "done",
}
"""
GUARD_LINE = 8
ENDLESS = "while c.fields.how == 'loop' do end return true"


def write(server, team, version=1, guard="return true", more=""):
    folder = os.path.join(server.site, "teams", team)
    os.makedirs(os.path.join(folder, "workflows"), exist_ok=True)
    for name, text in (("team.lua", TEAM % team),
                       ("workflows/visit.lua", VISIT % {"version": version, "guard": guard, "more": more})):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)


class Team:
    """A team with one person, who leads it, and a connection of theirs."""

    def __init__(self, server, name):
        with server.client("operator") as operator:
            operator.call("person.create", team=name, person="li", title="Li", lead=True)
            self.token = operator.call("token.create", team=name, person="li", name="test")["token"]
        self.server = server
        self.connection = server.connect(self.token)
        self.call = self.connection.call
        self.call("project.create", project="work", title="Work")
        self.call("project.member.add", project="work", person="li", role="agent")

    def open(self, **fields):
        return self.call("case.open", workflow="visit", fields=fields)["case"]


@pytest.fixture
def make_teams(make_server, folder):
    """make_teams("a", "b", guard=...): a server with these teams, all with the same script."""
    def make(*names, **script):
        def prepare(server):
            for name in names:
                write(server, name, **script)
        server = make_server(os.path.join(folder, "site"), prepare=prepare, fresh=True)
        return [Team(server, name) for name in names]
    return make


@pytest.fixture
def no_budget(monkeypatch):
    """So many instructions that only the clock ends a function, soon."""
    monkeypatch.setenv("SIGNOFF_LIMITS_RULE_INSTRUCTIONS", str(10 ** 15))
    monkeypatch.setenv("SIGNOFF_LIMITS_RULE_MS", "100")


def workers(server):
    """{team: pid} of the processes that the server has started and that are there now."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % name, encoding="ascii") as f:
                parent = int(f.read().rsplit(")", 1)[1].split()[1])
            if parent != server.process.pid:
                continue
            with open("/proc/%s/cmdline" % name, encoding="utf-8") as f:
                words = f.read().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if len(words) > 2 and words[1] == "rules-worker":
            found[words[2]] = int(name)
    return found


def rules(team):
    return team.call("server.health")["engine"]["rules"]


def kinds(team, case):
    return [entry["kind"] for entry in team.call("case.history", case=case)["items"]]


def test_endless_function_is_stopped_by_its_budget_not_by_the_clock(make_teams, refuses):
    (team,) = make_teams("a", guard=ENDLESS)
    case, started = team.open(how="loop"), rules(team)["started"]
    error = refuses("rule_overrun", team.connection, "case.fire", case=case, event="go")
    assert "visit.lua:%d" % GUARD_LINE in error.message and "instructions" in error.message
    assert rules(team)["overruns"] == 0 and rules(team)["started"] == started


def test_function_that_only_the_clock_ends_costs_its_own_command(make_teams, no_budget):
    one, other = make_teams("a", "b", guard=ENDLESS)
    good, bad, last = one.open(), one.open(how="loop"), one.open()
    calm = other.open()
    slow = [one.server.connect(one.token) for _ in range(3)]
    for connection, case in zip(slow, (good, bad, last)):
        connection.send("case.fire", {"case": case, "event": "go"})
        connection.flush()
    for _ in range(20):
        other.call("case.fire", case=calm, event="go")
    answers = [connection.receive() for connection in slow]
    assert "result" in answers[0] and "result" in answers[2], answers
    assert answers[1]["error"]["data"]["code"] == "rule_overrun"
    assert "visit.lua:%d" % GUARD_LINE in answers[1]["error"]["message"]
    assert kinds(one, bad) == ["open"]
    assert one.call("case.fire", case=bad, event="calm")["states"] == ["done"]
    assert rules(one)["overruns"] == 1 and rules(one)["cut_off"] == 0
    for connection in slow:
        connection.close()


def test_killed_processes_lose_and_double_nothing(make_teams):
    (team,) = make_teams("a")
    server, n = team.server, 150
    cases = [team.open() for _ in range(n)]
    with server.connect(team.token) as connection:
        sent = [connection.send("case.fire", {"case": case, "event": "go"}) for case in cases]
        connection.flush()
        answers = []
        while len(answers) < n:
            if len(answers) in (3, 40, 90):
                pid = workers(server).get("a")
                if pid:
                    os.kill(pid, signal.SIGKILL)
            answers.append(connection.receive())
    assert [answer["id"] for answer in answers] == sent
    assert all("result" in answer for answer in answers), answers
    for case in cases:
        assert sorted(kinds(team, case)) == ["fire", "open"]
        assert team.call("case.get", case=case)["fields"]["n"] == 1
    assert 1 <= rules(team)["faults"] <= 3
    assert team.call("audit.verify")["cases"] == n


def test_process_that_was_killed_while_idle_is_not_missed(make_teams):
    (team,) = make_teams("a")
    case = team.open()
    team.call("case.fire", case=case, event="go")
    os.kill(workers(team.server)["a"], signal.SIGKILL)
    assert team.call("case.fire", case=case, event="go")["states"] == ["planned"]
    assert team.call("case.get", case=case)["fields"]["n"] == 2


STRIKES = 5


def overrun(team, times=STRIKES):
    case = team.open(how="loop")
    for _ in range(times):
        with pytest.raises(signoff.RpcError) as caught:
            team.call("case.fire", case=case, event="go")
        assert caught.value.code == "rule_overrun", caught.value
    return case


def test_team_that_overruns_again_and_again_is_cut_off_until_its_scripts_change(
        make_teams, no_budget, refuses):
    one, other = make_teams("a", "b", guard=ENDLESS)
    case, good = overrun(one), one.open()
    error = refuses("unavailable", one.connection, "case.fire", case=good, event="go")
    for word in ("cut off", "visit.lua:%d" % GUARD_LINE, "signoff workflow reload"):
        assert word in error.message
    assert rules(one)["cut_off"] == 1
    assert "visit.lua:%d" % GUARD_LINE in one.call("workflow.list")["cut_off"]
    assert other.call("workflow.list")["cut_off"] is None
    with one.server.client("operator") as operator:
        said = {item["team"]: item["cut_off"] for item in operator.call("admin.teams")["items"]}
        assert "visit.lua" in said["a"] and said["b"] is None
    assert "rules are cut off" in one.server.log()
    # What needs no function goes on, and so do the others.
    assert one.call("case.fire", case=good, event="calm")["states"] == ["done"]
    assert other.call("case.fire", case=other.open(), event="go")["states"] == ["planned"]
    write(one.server, "a", version=2)
    one.call("workflow.check")
    assert rules(one)["cut_off"] == 1, "looking at scripts is not taking them"
    one.call("workflow.reload")
    assert rules(one)["cut_off"] == 0
    assert one.call("workflow.list")["cut_off"] is None
    assert one.call("case.fire", case=one.open(how="loop"), event="go")["states"] == ["planned"]
    # The case of the old rules is stopped again, and only it.
    refuses("rule_overrun", one.connection, "case.fire", case=case, event="go")


DUE = 'within { "1 day", late "0" { go "late" } },'


def test_deadline_of_a_team_that_is_cut_off_is_stuck_and_tried_again(make_teams, no_budget):
    one, other = make_teams("a", "b", guard=ENDLESS, more=DUE)
    waiting, elsewhere = one.open(), other.open()
    overrun(one)
    one.call("clock.advance", by="2 days")
    assert other.call("case.get", case=elsewhere)["fields"]["n"] == 7
    assert one.call("case.get", case=waiting)["fields"]["n"] == 0
    assert one.call("case.get", case=waiting)["stuck"]
    write(one.server, "a", guard=ENDLESS, more=DUE)
    one.call("workflow.reload")
    give_up = time.monotonic() + 60
    while one.call("case.get", case=waiting)["fields"]["n"] != 7:
        assert time.monotonic() < give_up
    assert not one.call("case.get", case=waiting)["stuck"]


def test_no_more_processes_than_the_site_allows(make_teams, monkeypatch):
    monkeypatch.setenv("SIGNOFF_RULES_PROCESSES", "2")
    teams = make_teams("a", "b", "c", "d")
    cases = [team.open() for team in teams]
    for _ in range(3):
        for team, case in zip(teams, cases):
            assert team.call("case.fire", case=case, event="go")["states"] == ["planned"]
            assert len(workers(team.server)) <= 2
    assert rules(teams[0])["faults"] == 0


def test_process_has_nothing_but_its_socket(make_teams):
    (team,) = make_teams("a")
    pid = workers(team.server)["a"]
    with open("/proc/%d/status" % pid, encoding="ascii") as f:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)
    assert status["Seccomp"] == "2" and status["NoNewPrivs"] == "1"
    with open("/proc/%d/limits" % pid, encoding="ascii") as f:
        limits = f.read()
    for name in ("Max file size", "Max core file size", "Max processes"):
        assert any(line.startswith(name) and line.split()[-2:] != ["unlimited"] and
                   line[26:].split()[:2] == ["0", "0"] for line in limits.splitlines()), limits
    try:
        opened = {name: os.readlink("/proc/%d/fd/%s" % (pid, name))
                  for name in os.listdir("/proc/%d/fd" % pid)}
    except PermissionError:
        return  # nobody may look into it: that is how it should be
    assert set(opened) == {"0", "1", "2", "3"} and opened["3"].startswith("socket:")
    assert opened["0"] == opened["1"] == "/dev/null"


def test_processes_end_with_their_server(make_teams):
    (team,) = make_teams("a")
    pid = workers(team.server)["a"]
    team.server.kill()
    give_up = time.monotonic() + 30
    while True:
        try:
            with open("/proc/%d/stat" % pid, encoding="ascii") as f:
                if f.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return
        except (FileNotFoundError, ProcessLookupError):
            return
        assert time.monotonic() < give_up, "it outlives its server"


def test_script_that_is_endless_when_it_is_loaded_leaves_the_old_one_in_force(make_teams):
    (team,) = make_teams("a")
    case = team.open()
    path = os.path.join(team.server.site, "teams", "a", "workflows", "visit.lua")
    with open(path, "w", encoding="utf-8") as f:
        f.write("while true do end\n")
    with pytest.raises(signoff.RpcError) as caught:
        team.call("workflow.reload")
    assert "visit.lua" in str(caught.value.data) + caught.value.message
    assert team.call("case.fire", case=case, event="go")["states"] == ["planned"]
