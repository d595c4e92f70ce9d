# SPDX-License-Identifier: Apache-2.0
"""Standing in on the client's side, in a workflow whose cases each person sees their own of: what
waits for the giver is seen and answered for the period, and was never there outside of it."""
import os
import subprocess

import pytest

from cases import Case

UNTIL = "2026-01-07T09:00:00+08:00"

WORKFLOW = """return workflow "own" {
  key = "OW", version = 1, client = "own",
  roles = { "pm", "client", asker = "opener" },
  fields = { what = text {} },
  start = "draft",
  state "draft" { owner = "pm", on "ask" { by = "pm", to = "asked" } },
  state "asked" {
    owner = "pm",
    on "look" { by = "pm" },
    approval { covers = { "what" }, rule = at_least(1, "asker"), approved = "fine",
               rejected = "no" },
  },
  state "fine" { owner = "pm", on "end" { by = "pm", to = "over" } },
  final "over", final "no",
}
"""


@pytest.fixture
def server(make_server, folder):
    """The demo site; mei and tom are the client's, both members of the project."""
    def prepare(server):
        demo = os.path.join(server.site, "teams", "demo")
        with open(os.path.join(demo, "workflows", "own.lua"), "w", encoding="utf-8") as f:
            f.write(WORKFLOW)
        with open(os.path.join(demo, "team.lua"), encoding="utf-8") as f:
            team = f.read()
        with open(os.path.join(demo, "team.lua"), "w", encoding="utf-8") as f:
            f.write(team.replace('use "issue",', 'use "issue", use "own",'))
    return make_server(os.path.join(folder, "site"), "--demo", prepare=prepare)


@pytest.fixture
def asked(people):
    """mei's case, in which she is asked."""
    case = Case(people, "own", "mei", what="Export")
    case.fire("li", "ask")
    return case


def is_not_there(connection, case, refuses):
    """Each way says what it says of a case that does not exist, and no list has it."""
    for method, params in (("case.get", {}), ("case.history", {}), ("case.allowed", {}),
                           ("case.explain", {}), ("case.fire", {"event": "look"}),
                           ("case.comment", {"text": "hello"}),
                           ("approval.vote", {"choice": "approve", "digest": "x",
                                              "on_behalf": "mei"})):
        here = refuses("not_found", connection, method, case=case, **params)
        nowhere = refuses("not_found", connection, method, case="OW-999", **params)
        assert here.message.replace(case, "?") == nowhere.message.replace("OW-999", "?")
        assert here.data == nowhere.data
    assert case not in listed(connection, "case.list")
    assert case not in listed(connection, "inbox.list")


def listed(connection, method):
    return [one["case"] for one in connection.call(method)["items"]]


def test_client_stand_in_sees_and_answers_what_the_giver_is_asked(people, asked, refuses):
    tom = people("tom")
    other = Case(people, "own", "mei", what="Not asked yet").key
    is_not_there(tom, asked.key, refuses)
    people("mei").call("delegation.set", to="tom", until=UNTIL)
    is_not_there(tom, other, refuses)  # what she opened is hers: only what waits for her is lent
    assert listed(tom, "case.list") == [asked.key]
    [item] = tom.call("inbox.list")["items"]
    assert (item["case"], item["kind"], item["on_behalf"]) == (asked.key, "approval", "mei")
    assert tom.call("inbox.count")["count"] == 1
    assert tom.call("case.get", case=asked.key)["fields"] == {"what": "Export"}
    assert tom.call("case.explain", case=asked.key)["approvals"]
    assert [one["kind"] for one in tom.call("case.history", case=asked.key)["items"]][-1] == "open"
    votes = [one for one in tom.call("case.allowed", case=asked.key)["also"]
             if one["do"] == "vote"]
    assert [(one.get("on_behalf"), one["allowed"]) for one in votes if one["allowed"]] == [
        ("mei", True)]
    done = tom.call("approval.vote", case=asked.key, choice="approve", digest=item["digest"],
                    on_behalf="mei")
    assert done["states"] == ["fine"]
    entry = [one for one in asked.history() if one["seq"] == done["entry"]][0]
    assert (entry["actor"], entry["on_behalf"]) == ("tom", "mei")
    is_not_there(tom, asked.key, refuses)  # she is asked no more


def test_client_stand_in_sees_nothing_after_the_period_or_out_of_scope(people, asked, advance,
                                                                       refuses):
    tom, mei = people("tom"), people("mei")
    mei.call("delegation.set", to="tom", until=UNTIL, scope={"workflows": ["feedback"]})
    is_not_there(tom, asked.key, refuses)
    mei.call("delegation.end", id=1)
    mei.call("delegation.set", to="tom", until=UNTIL, scope={"workflows": ["own"]})
    assert listed(tom, "case.list") == [asked.key]
    advance("47 hours 59 minutes")
    assert tom.call("case.get", case=asked.key)["states"] == ["asked"]
    advance("1 minute")
    is_not_there(tom, asked.key, refuses)
    mei.call("delegation.set", to="tom", until="2026-01-09T09:00:00+08:00")
    assert listed(tom, "case.list") == [asked.key]
    mei.call("delegation.end", id=3)
    is_not_there(tom, asked.key, refuses)


def test_client_stand_in_need_not_be_of_the_project(people, asked, refuses):
    people("li").call("project.member.remove", project="acme-erp", person="tom", role="client")
    people("mei").call("delegation.set", to="tom", until=UNTIL)
    assert listed(people("tom"), "case.list") == [asked.key]
    assert people("tom").call("case.get", case=asked.key)["states"] == ["asked"]
    people("mei").call("delegation.end", id=1)
    is_not_there(people("tom"), asked.key, refuses)


@pytest.fixture
def says(binary, folder, server):
    """says("tom", "case", "show", ...): what a command prints."""
    def run(who, *words):
        clean = {"PATH": os.environ["PATH"], "HOME": folder, "COLUMNS": "200", "LANG": "C.UTF-8",
                 "XDG_CONFIG_HOME": os.path.join(folder, "config")}
        clean.update((name, os.environ[name]) for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS")
                     if name in os.environ)
        words += ("--site", server.site, "--as", who)
        done = subprocess.run([binary, *words], cwd=folder, env=clean, text=True,
                              capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout
    return run


def test_client_stand_in_opens_a_case_that_is_the_givers(people, server, says, refuses):
    tom, mei = people("tom"), people("mei")
    refuses("forbidden", tom, "case.open", workflow="own", project="acme-erp", on_behalf="mei")
    mei.call("delegation.set", to="tom", until=UNTIL, scope={"workflows": ["own"]})
    refuses("forbidden", tom, "case.open", workflow="feedback", project="acme-erp",
            on_behalf="mei")
    says("tom", "case", "open", "own", "--project", "acme-erp", "--for", "mei", "--field", "what=Export")
    [case] = listed(mei, "case.list")
    seen = mei.call("case.get", case=case)
    assert (seen["opener"], seen["hand"]) == ("mei", "tom")
    [opened] = tom.call("case.history", case=case)["items"]  # the hand sees what it opened
    assert (opened["actor"], opened["on_behalf"]) == ("tom", "mei")
    assert listed(tom, "case.list") == [case]
    assert "tom for mei" in says("mei", "case", "show", case)
    assert "Tom Baker (client) for Mei Lin (client)" in says("li", "case", "history", case)
    assert "Tom Baker (client)（代Mei Lin (client)）" in says("zhao", "case", "history", case)
    mei.call("delegation.end", id=1)
    is_not_there(tom, case, refuses)
    server.restart()
    with server.client("li") as li:
        assert li.call("audit.verify")["redacted"] == 0
        assert li.call("case.get", case=case)["hand"] == "tom"
