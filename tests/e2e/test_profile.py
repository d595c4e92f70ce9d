# SPDX-License-Identifier: Apache-2.0
"""Where the time of a team goes, as admin.profile and "signoff profile" tell it, and the log of slow
rules."""
import json
import os
import re
import subprocess

import pytest

ROUNDS = 1200000  # of a loop of two instructions at least
TEAM = 'return team "demo" { title = "Demo", timezone = "UTC", use "heavy" }\n'
WORKFLOW = """return workflow "heavy" {
  key = "HV", client = "none", roles = { "pm" }, fields = { n = number {} }, start = "a",
  state "a" {
    on "spin" { by = "pm", to = "a", run = function(c)
      local x = 0
      for i = 1, %d do x = x + i end
      c:set("n", x)
    end },
    on "ask" { by = "pm", to = "z", when = function(c) return false, "not today" end },
    on "trip" { by = "pm", to = "z", when = function(c) return c.fields.n.x.y end },
  },
  final "z",
}
""" % ROUNDS
SPIN, ASK, TRIP = ("workflows/heavy.lua:%d" % line for line in (4, 9, 10))


@pytest.fixture
def played(make_server, folder):
    """A case that was spun three times, asked for in vain twice and tripped over once."""
    def prepare(server):
        team = os.path.join(server.site, "teams", "demo")
        for name, text in (("team.lua", TEAM), ("workflows/heavy.lua", WORKFLOW)):
            with open(os.path.join(team, name), "w", encoding="utf-8") as f:
                f.write(text)
        with open(os.path.join(server.site, "signoff.ini"), "a", encoding="utf-8") as f:
            f.write("\n[log]\nslow_rule_ms = 1\n")
    server = make_server(os.path.join(folder, "site"), "--demo", prepare=prepare)
    with server.client("li") as li:
        case = li.call("case.open", workflow="heavy", project="acme-erp")["case"]
        for event in ("spin", "spin", "spin", "ask", "ask", "trip", "nonsense"):
            li.send("case.fire", {"case": case, "event": event, "request_id": None})
            li.receive()
    return server


def run(server, *words):
    return subprocess.run([server.signoff, *words, "--site", server.site, "--operator"], text=True,
                          capture_output=True, check=True).stdout


def by(items, member):
    return {item[member]: item for item in items}


def test_what_was_called_how_often_and_by_which_event(played):
    with played.client("operator") as operator:
        (team,) = operator.call("admin.profile", team="demo")["teams"]
    rules, events = by(team["rules"], "rule"), by(team["events"], "event")
    assert {name: (rule["calls"], rule["errors"]) for name, rule in rules.items()} == {
        SPIN: (3, 0), ASK: (2, 0), TRIP: (1, 1)}
    assert {name: (event["kind"], event["commands"], event["refused"])
            for name, event in events.items()} == {
        None: ("open", 1, 0), "spin": ("fire", 3, 0), "ask": ("fire", 2, 2), "trip": ("fire", 1, 1)}
    # A round is an addition and a step of the loop: two instructions, and a few around them.
    assert 3 * ROUNDS * 2 <= rules[SPIN]["steps"] < 3 * ROUNDS * 4 and rules[ASK]["steps"] < 1000
    assert rules[SPIN]["slowest"]["case"] == "HV-1" and rules[SPIN]["slowest"]["at"].startswith("20")
    assert team["rules"][0]["rule"] == SPIN and team["events"][0]["event"] == "spin"
    # What it says twice agrees.
    assert team["calls"] == 6 and team["commands"] == 8 and team["refused"] == 4
    assert abs(team["rules_us"] - sum(rule["rules_us"] for rule in rules.values())) <= 3
    (workflow,) = team["workflows"]
    assert workflow["workflow"] == "heavy" and workflow["version"] == 1
    assert workflow["rules_us"] > 0 and workflow["calls"] == 6
    # Whoever waits for a function waits at least for as long as it runs.
    assert team["wait_us"] >= team["rules_us"] > 0 and team["decide_us"] > 0


def test_as_tables_as_json_and_in_chinese(played):
    said = run(played, "profile")
    assert re.search(r"^demo +8 +4 ", said, re.M) and "heavy" not in said
    said = run(played, "profile", "demo", "--limit", "2")
    assert re.search(r"^spin +heavy 1 +3 +0 ", said, re.M)
    assert re.search(r"^workflows/heavy.lua:4 +heavy 1 +3 +0 .* HV-1$", said, re.M)
    assert SPIN in said and len([rule for rule in (SPIN, ASK, TRIP) if rule in said]) == 2
    assert "规则内" in run(played, "profile", "demo", "--lang", "zh")
    told = json.loads(run(played, "profile", "--json"))
    assert [team["team"] for team in told["teams"]] == ["demo"] and "rules" not in told["teams"][0]


def test_what_is_slow_is_logged_with_its_place(played):
    slow = [line for line in played.log().splitlines() if " slow rule " in line]
    assert slow and all(re.search(
        r"warn slow rule team=demo workflow=heavy version=1 rule=workflows/heavy\.lua:\d+ case=HV-1 "
        r"event=\w+ request_id=\S+ connection=\d+ method=case\.fire person=li steps=\d+ ms=\d+\.\d{3} left_out=0$", line) for line in slow)
    assert any("lua:4 " in line and "event=spin" in line for line in slow)


def test_a_team_that_did_nothing_and_one_that_is_not_there(server, refuses):
    with server.client("operator") as operator, server.client("li") as li:
        assert operator.call("admin.profile")["teams"] == []
        refuses("not_found", operator, "admin.profile", team="nobody")
        refuses("forbidden", li, "admin.profile")
    assert "nothing has been decided since then" in run(server, "profile")
