# SPDX-License-Identifier: Apache-2.0
"""New versions: what a rehearsal says is what a migration does. Deadlines that have fired do not
fire again, ballots that were cast stand, what cannot come stays where it is, and a server that is
killed in the middle goes on and does nothing twice."""
import os
import subprocess

import pytest
import signoff

TEAM = """return team "demo" { title = "Demo", timezone = "Asia/Shanghai",
  calendar "office" { monday_to_friday = { "09:00-12:00", "13:30-18:00" } }, use "change" }
"""

# Screening with a ladder, and a decision of three.
CHANGE = """return workflow "change" {
  key = "CH", version = %(version)d,
  roles = { "pm", "ccb", "sponsor" },
  fields = { summary = text { required = true }, %(fields)s },
  start = "%(first)s",
  %(migrate)s
  state "%(first)s" { owner = "pm",
    within { "10 days",
      at "20%%" { remind "owner" }, at "40%%" { remind "owner" },
      at "60%%" { remind "owner" }, late "0" { notify "pm" } },
    on "decide" { by = "pm", to = "deciding" },
    %(stray)s
  },
  state "deciding" {
    approval { covers = { "summary" }, rule = at_least(3) { "pm", "ccb" },
      approved = "done", rejected = "dead" },
  },
  %(astray)s
  final "done", final "dead",
}
"""
ONE = {"version": 1, "first": "screening", "fields": "weeks = number {}", "migrate": "",
       "stray": 'on "stray" { by = "pm", to = "astray" },',
       "astray": 'state "astray" { on "back" { by = "pm", to = "screening" } },'}
TWO = {"version": 2, "first": "triage", "fields": "days = number {}", "astray": "", "stray": "",
       "migrate": """migrate { from = 1, states = { screening = "triage" },
    fields = function(f) return { days = f.weeks and f.weeks * 5 or empty } end },"""}


def write(site, text):
    folder = os.path.join(site, "teams", "demo", "workflows")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "change.lua"), "w", encoding="utf-8") as file:
        file.write(text)


def prepare(server):
    with open(os.path.join(server.site, "teams", "demo", "team.lua"), "w", encoding="utf-8") as file:
        file.write(TEAM)
    write(server.site, CHANGE % ONE)


@pytest.fixture
def server(make_server, folder):
    return make_server(os.path.join(folder, "site"), "--demo", prepare=prepare)


def open_case(li, **fields):
    return li.call("case.open", workflow="change", project="acme-erp",
                   fields=dict({"summary": "Export", "weeks": 2}, **fields))["case"]


def vote(people, who, key):
    digest = people(who).call("case.get", case=key)["approvals"][0]["digest"]
    people(who).call("approval.vote", case=key, choice="approve", digest=digest)


def swept(server):
    """Lives through no time at all, but waits until every sweep has ended."""
    with server.client("li") as li:
        li.call("clock.advance", by="0 seconds")


def sweep_of(server):
    with open(os.path.join(server.site, "operator.token"), encoding="utf-8") as file:
        operator = server.connect(file.read().strip())
    with operator:
        return [s for s in operator.call("admin.sweeps")["items"] if s["kind"] == "migrate"][-1]


def rungs(connection, key):
    items = connection.call("case.history", case=key, limit=500)["items"][::-1]
    return [item["rung"]["rung"] for item in items if "rung" in item]


def rehearse(li, **more):
    return li.call("workflow.rehearse", **more)["workflows"][0]


def groups(report):
    return {(g["kind"], g.get("what"), g.get("about")): g["count"] for g in report["groups"]}


def prepared(people, advance):
    """Half a ladder, two ballots of three, and one that has gone astray."""
    li = people("li")
    late, voted, stray = open_case(li), open_case(li), open_case(li)
    li.call("case.fire", case=voted, event="decide")
    li.call("case.fire", case=stray, event="stray")
    vote(people, "li", voted)
    vote(people, "wang", voted)
    advance("5 days")
    assert rungs(li, late) == ["20%", "40%"]
    return late, voted, stray


def test_versions_rehearsal_says_what_would_be_and_does_nothing(server, people, advance, refuses):
    li = people("li")
    late, voted, stray = prepared(people, advance)
    before = [li.call("case.get", case=key) for key in (late, voted, stray)]
    write(server.site, CHANGE % TWO)
    report = rehearse(li)
    assert (report["version"], report["cases"], report["stuck"]) == (2, 3, 1)
    assert report["ballots"] == {"kept": 2, "void": 0}
    found = groups(report)
    assert found[("stuck", None, "state: astray")] == 1
    assert found[("states", None, "triage")] == 1
    assert found[("dropped", None, "weeks")] == 2
    assert not any(kind in ("deadline", "at_once", "void") for kind, _, _ in found)
    assert [li.call("case.get", case=key) for key in (late, voted, stray)] == before
    refuses("forbidden", people("wang"), "workflow.rehearse")
    # With the scripts in the request, as the command line sends them; a mistake is told.
    sources = {"team.lua": TEAM, "workflows/change.lua": CHANGE % TWO}
    assert rehearse(li, files=sources) == report
    sources["workflows/change.lua"] += "x"
    refuses("invalid", li, "workflow.rehearse", files=sources)


def test_versions_migration_does_what_was_rehearsed(server, people, advance):
    li = people("li")
    late, voted, stray = prepared(people, advance)
    write(server.site, CHANGE % TWO)
    li.call("workflow.reload")
    report = rehearse(li)
    li.call("workflow.migrate", workflow="change")
    swept(server)
    done = sweep_of(server)
    assert done["touched"] == report["cases"] - report["stuck"]
    assert [(c["case"], c["reason"], c["about"]) for c in done["argument"]["left"]] == [
        (stray, "state", "astray")]
    assert [c["case"] for c in li.call("case.list", open=True, version=1)["items"]] == [stray]

    seen = li.call("case.get", case=late)
    assert seen["states"] == ["triage"] and seen["fields"]["days"] == 10
    advance("30 days")  # the rest of the ladder fires, once
    assert rungs(li, late) == ["20%", "40%", "60%", "late 0"]
    vote(people, "chen", voted)  # the third of three
    assert li.call("case.get", case=voted)["outcome"] == "done"
    ended = li.call("case.history", case=voted)["items"][0]
    assert len(ended["decided"]) == 3

    # Corrected in its old version, it can come.
    li.call("case.correct", case=stray, to="screening", reason="went astray")
    li.call("workflow.migrate", workflow="change", cases=[stray])
    swept(server)
    assert li.call("case.get", case=stray)["states"] == ["triage"]
    assert people("admin").call("audit.verify")["cases"] == 3


def test_versions_minutes_and_pages_in_two_languages(server, people, advance, binary):
    late, _, _ = prepared(people, advance)

    def run(name, *words, code=0):
        done = subprocess.run([binary, *words, "--site", server.site, "--as", name], text=True,
                              env=dict(os.environ, HOME=server.site, LANG="C.UTF-8"),
                              capture_output=True, timeout=120)
        assert done.returncode == code, (done.stdout, done.stderr)
        return done.stdout
    new = os.path.join(server.site, "new", "workflows")
    os.makedirs(new)
    with open(os.path.join(new, "..", "team.lua"), "w", encoding="utf-8") as file:
        file.write(TEAM)
    with open(os.path.join(new, "change.lua"), "w", encoding="utf-8") as file:
        file.write(CHANGE % TWO)
    # Three cases, put together by what happens to them; some cannot come, so it ends with 1.
    page = run("li", "rehearse", os.path.dirname(new), code=1)
    assert "change: 3 open cases would come to version 2: 3 are of version 1" in page
    assert '1 cannot come: the state "astray" has no counterpart' in page
    assert "2 come, and something is another for them" in page
    assert "ballots cast in open rounds: 2 stand, 0 are void" in page
    assert "Nothing was changed. Mend the scripts and rehearse again" in page
    people("li").call("person.update", person="li", language="zh")
    assert "1 个无法迁移：状态“astray”在新版中没有对应" in run("li", "rehearse", os.path.dirname(new), code=1)
    assert '"stuck":1' in run("li", "rehearse", os.path.dirname(new), "--json", code=1).replace(" ", "")
    write(server.site, CHANGE % TWO)
    people("li").call("workflow.reload")
    assert "第 2 版" in run("li", "workflow", "migrate", "change", code=1)
    assert "从第 1 版迁移到第 2 版流程" in run("li", "case", "history", late)


def test_versions_kill_in_the_middle_loses_and_doubles_nothing(server, people):
    li = people("li")
    keys = [open_case(li) for _ in range(350)]
    write(server.site, CHANGE % TWO)
    li.call("workflow.reload")
    li.call("workflow.migrate", workflow="change")
    server.kill()  # 100 cases a turn: somewhere between the first and the last
    server.start()
    swept(server)
    with server.client("li") as again:
        for key in keys:
            items = again.call("case.history", case=key)["items"]
            assert [item["kind"] for item in items] == ["migrate", "open"], key
    with server.client("admin") as admin:
        assert admin.call("audit.verify")["cases"] == len(keys)


def test_versions_refuses_what_has_no_migration(server, people, refuses):
    li = people("li")
    open_case(li)
    refuses("refused", li, "workflow.migrate", workflow="change")
    refuses("not_found", li, "workflow.migrate", workflow="chance")
    refuses("refused", li, "workflow.rehearse")
    refuses("forbidden", people("wang"), "workflow.migrate", workflow="change")
    report = rehearse(li, workflow="change")  # itself: nobody is of another version
    assert report["cases"] == 0
    write(server.site, CHANGE % dict(TWO, migrate=""))
    report = rehearse(li, workflow="change")
    assert groups(report) == {("stuck", None, "no_migration: 1"): 1}
    write(server.site, CHANGE % TWO)
    li.call("workflow.reload")
    refuses("refused", li, "workflow.migrate", workflow="change", **{"from": 7})
