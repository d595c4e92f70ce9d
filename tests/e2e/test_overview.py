# SPDX-License-Identifier: Apache-2.0
"""A project at a glance, against a reckoning of its own from single cases and their histories; limits of
health that a team changes; who has how much to do."""
import datetime
import os
import re

from commands import rows, run, site  # noqa: F401 (fixtures)

ALL_WORKFLOWS = True
PROJECT = "acme-erp"
CLIENTS = {"mei", "tom"}
# As the usual limits are told: figure, red, yellow; "<" from below.
USUAL = {"overdue": (">", 5, 0), "overdue_issues": (">", 2, None), "late_milestones": (">", 1, 0),
         "slipped_milestones": (">", None, 0), "budget_used": (">", 100, 80), "silence": (">", None, 14),
         "complaints": (">", 1, 0), "satisfaction": ("<", 2.5, 3.5), "stuck": (">", None, 0)}


def moment(text):
    return datetime.datetime.fromisoformat(text)


def whole(connection, **params):
    """All items of case.list."""
    items, cursor = [], None
    while True:
        page = connection.call("case.list", limit=7, whole=True, **params, **({"cursor": cursor} if cursor else {}))
        items += page["items"]
        cursor = page["cursor"]
        if cursor is None:
            return items


def is_overdue(connection, row, now):
    case = connection.call("case.get", case=row["case"])
    dues = [row["due_at"]] + [one.get("due") for one in case["waiting"]]
    return any(due and moment(due) < now for due in dues)


def heard(connection, cases, since):
    """When a person of the client did something in one of the cases, or was spoken to."""
    times = [since]
    for row in cases:
        entries = connection.call("case.history", case=row["case"], limit=500)["items"]
        times += [moment(one["at"]) for one in entries if one["actor"] in CLIENTS]
        if row["workflow"] == "communication" and row["fields"].get("direction") != "out":
            times.append(moment(row["fields"]["happened"]))
    return max(times)


def figures(connection, now):
    cases = whole(connection, project=PROJECT)
    still = [row for row in cases if row["outcome"] is None]
    late = [row for row in still if is_overdue(connection, row, now)]
    stones = [row for row in still if row["workflow"] == "milestone"]
    moved = [row for row in stones if row["fields"]["planned"] > row["fields"]["agreed"]]
    passed = [row for row in stones if row["fields"]["planned"] < now.date().isoformat() and row["states"] != ["confirming"]]
    out = {"overdue": len(late), "overdue_issues": sum(row["workflow"] == "issue" for row in late),
           "late_milestones": len(passed), "slipped_milestones": len(moved),
           "complaints": sum(row["workflow"] == "complaint" for row in still),
           "stuck": sum(bool(row["stuck"]) for row in still), "budget_used": None, "satisfaction": None}
    budgets = [row["fields"] for row in cases if row["workflow"] == "budget"]
    if budgets:
        part = sum(round(float(one["spent"]) * 100) for one in budgets)
        out["budget_used"] = -(-part * 1000 // sum(round(float(one["total"]) * 100) for one in budgets)) / 10
    for row in sorted((row for row in cases if row["workflow"] == "survey"), key=lambda row: row["opened_at"], reverse=True):
        entries = connection.call("case.history", case=row["case"], limit=500)["items"]
        given = [one["data"]["csat"] for one in entries if one.get("event") == "answer"]
        if given:
            out["satisfaction"] = int(10 * sum(given) / len(given) + 0.5) / 10
            break
    first = min(moment(row["opened_at"]) for row in cases)
    out["silence"] = (now - heard(connection, cases, first)).days
    return cases, still, late, out


def colours(values, limits=USUAL):
    """{figure: "red"|"yellow"} of those that are beyond."""
    out = {}
    for name, (way, red, yellow) in limits.items():
        for colour, bound in (("red", red), ("yellow", yellow)):
            value = values[name]
            if bound is not None and value is not None and name not in out and \
                    (value > bound if way == ">" else value < bound):
                out[name] = colour
    return out


def compared(connection):
    """What project.overview says is what the reckoning says; its answer."""
    said = connection.call("project.overview", project=PROJECT)
    now = moment(said["made_at"])
    cases, still, late, values = figures(connection, now)
    told = {one["figure"]: one["value"] for one in said["health"]["figures"]}
    assert {name: value if value is None else float(value) for name, value in told.items()} == \
        {name: value if value is None else float(value) for name, value in values.items()}
    expected = colours(values)
    assert {one["figure"]: one["colour"] for one in said["health"]["reasons"]} == expected
    assert said["health"]["colour"] == ("red" if "red" in expected.values() else "yellow" if expected else "green")
    assert (said["work"]["open"], said["work"]["overdue"]) == (len(still), len(late))
    for one in said["work"]["workflows"]:
        its = [row for row in still if row["workflow"] == one["workflow"]]
        assert one["open"] == len(its) and one["overdue"] == sum(row in late for row in its)
        assert {state["state"]: state["open"] for state in one["states"]} == \
            {state: sum(state in row["states"] for row in its) for row in its for state in row["states"]}
    assert sum(one["open"] for one in said["work"]["workflows"]) == len(still)
    dates = sorted(row["due_at"] for row in still if row["due_at"])[:8]
    assert [one["due_at"] for one in said["next"]] == dates
    stones = sorted((row["fields"]["planned"], int(row["case"][3:]), row["case"]) for row in cases if row["workflow"] == "milestone")
    assert [one["case"] for one in said["milestones"]] == [key for _, _, key in stones]
    return said


def opens(connection, workflow, **fields):
    return connection.call("case.open", workflow=workflow, project=PROJECT, fields=fields)["case"]


def vote(connection, case):
    (round_,) = [one for one in connection.call("case.get", case=case)["approvals"] if one.get("ended") is None]
    connection.call("approval.vote", case=case, choice="approve", digest=round_["digest"])


def test_a_project_is_counted_week_by_week_as_one_reckons_apart(people, advance):
    li, mei, tom = people("li"), people("mei"), people("tom")
    # A charter that is signed, with two milestones of it tracked as cases.
    charter = opens(li, "charter", summary="ERP")
    assert [one["status"] for one in li.call("project.overview", project=PROJECT)["milestones"]] == []
    li.call("case.edit", case=charter, fields={
        "purpose": "x", "scope": "y", "goals": [{"goal": "a", "measure": "b", "by_day": "2026-06-01"}],
        "deliverables": [{"what": "ERP"}], "budget": "5000.00",
        "milestones": [{"what": "Prototype", "by_day": "2026-01-14"}, {"what": "Go-live", "by_day": "2026-03-31"}]})
    of_charter = li.call("project.overview", project=PROJECT)["milestones"]
    assert [(one["case"], one["planned"], one["status"]) for one in of_charter] == \
        [(None, "2026-01-14", "planned"), (None, "2026-03-31", "planned")]
    li.call("case.fire", case=charter, event="propose")
    vote(people("zhao"), charter)
    vote(mei, charter)
    prototype, live = opens(li, "milestone", summary="Prototype", planned="2026-01-14"), \
        opens(li, "milestone", summary="Go-live", planned="2026-03-31")
    money = opens(li, "budget", summary="All", total="5000.00")
    said = compared(li)
    assert said["health"]["colour"] == "green" and said["charter"]["case"] == charter
    assert [(one["number"], one["budget"], one["change"]) for one in said["charter"]["baselines"]] == [(1, "5000.00", None)]
    assert said["budget"]["charter"] == "5000.00" and said["budget"]["used"] == "0.0"

    # A week in which nobody does anything, then issues that nobody takes up.
    for name in ("Printer", "Scanner", "Export"):
        opens(mei, "issue", summary=name)
    advance("7 days")
    said = compared(li)
    assert said["health"]["colour"] == "red"
    assert "Issues overdue: 3, allowed 2" in [one["text"] for one in said["health"]["reasons"]]

    # The first milestone slips; the money goes.
    advance("3 days")
    assert {one["case"]: one["status"] for one in compared(li)["milestones"]} == {prototype: "late", live: "planned"}
    li.call("case.fire", case=prototype, event="replan", data={"planned": "2026-02-04", "why": "A part is late"})
    li.call("case.correct", case=money, reason="booked elsewhere", fields={"spent": "5000.01"})
    said = compared(li)
    assert [(one["status"], one["moved_days"]) for one in said["milestones"]] == [("slipped", 21), ("planned", 0)]
    assert said["budget"]["used"] == "100.1"
    assert "Budget used: 100.1 %, allowed 100 %" in [one["text"] for one in said["health"]["reasons"]]

    # Unhappy answers, a complaint, and then silence.
    survey = opens(li, "survey", summary="Stage one")
    mei.call("case.fire", case=survey, event="answer", data={"csat": 2, "nps": 3})
    tom.call("case.fire", case=survey, event="answer", data={"csat": 3, "nps": 7})
    opens(mei, "complaint", summary="Rude")
    said = compared(li)
    assert {one["figure"]: one["value"] for one in said["health"]["figures"]}["satisfaction"] == "2.5"
    advance("16 days")
    assert "silence" in {one["figure"] for one in compared(li)["health"]["reasons"]}
    li.call("communication.add", project=PROJECT, summary="We wrote", kind="mail", direction="out")
    assert "silence" in {one["figure"] for one in compared(li)["health"]["reasons"]}, "our own word is none of theirs"
    li.call("communication.add", project=PROJECT, summary="They called", kind="call", direction="in")
    assert "silence" not in {one["figure"] for one in compared(li)["health"]["reasons"]}
    li.call("case.fire", case=live, event="reach", data={"evidence": "It runs"})
    vote(mei, live)
    assert {one["case"]: one["status"] for one in compared(li)["milestones"]} == {prototype: "slipped", live: "reached"}

    # Of a project that is closed nobody asks how it is.
    li.call("project.update", project=PROJECT, state="closed")
    assert li.call("project.overview", project=PROJECT)["health"] is None


def test_money_of_changes_is_told_by_what_was_agreed(people):
    li = people("li")
    costs = {"100.10": "implementing", "7.00": "deciding", "3.25": "draft", "50.00": "rejected"}
    for cost, state in costs.items():
        key = opens(people("mei"), "change_request", summary=state, reason="x")
        li.call("case.correct", case=key, reason="as it was before", to=state, fields={"cost": cost})
    budget = li.call("project.overview", project=PROJECT)["budget"]
    assert (budget["agreed"], budget["asked"]) == ({"amount": "100.10", "changes": 1}, {"amount": "10.25", "changes": 2})
    assert [(one["cost"], one["agreed"]) for one in budget["changes"]] == [("3.25", False), ("7.00", False), ("100.10", True)]
    assert budget["total"] is None and budget["granted"] is None, "without a charter and a budget there is nothing to add to"


def test_closeout_waits_for_what_its_rules_ask(people):
    li, mei = people("li"), people("mei")
    issue = opens(mei, "issue", summary="Printer")

    def still_open():
        closeout = li.call("project.overview", project=PROJECT)["closeout"]
        return closeout, {one["name"] for one in closeout["items"] if not one["done"]}
    tasks = {"collecting/accepted", "collecting/documents", "collecting/operation", "collecting/accounts"}
    fields = {"report", "lessons", "paid", "survey"}
    closeout, waits = still_open()
    assert closeout["case"] is None and waits == tasks | fields | {"closeout", "issue"}
    key = opens(li, "closeout", summary="End")
    li.call("task.done", case=key, task="accepted")
    li.call("case.edit", case=key, fields={"report": "It is done", "paid": "2026-01-05"})
    closeout, waits = still_open()
    assert closeout["case"] == key and waits == tasks - {"collecting/accepted"} | {"lessons", "survey", "issue"}
    assert closeout["ready"] is False
    assert "1 open: Client issue" in [one["text"] for one in closeout["items"]]
    li.call("case.correct", case=issue, reason="by phone", to="settled")
    assert "issue" not in still_open()[1]


def test_a_client_is_told_what_it_may_see_and_no_more(people, refuses):
    li, mei = people("li"), people("mei")
    opens(li, "budget", summary="All", total="5000.00")
    opens(li, "milestone", summary="Go-live", planned="2026-03-31")
    opens(li, "risk", summary="A supplier fails")
    said = mei.call("project.overview", project=PROJECT)
    for hidden in ("next", "closeout", "health", "members"):
        assert said[hidden] is None
    assert said["work"]["open"] == 1 and [one["workflow"] for one in said["work"]["workflows"]] == ["milestone"]
    assert said["work"]["overdue"] is None and said["work"]["stuck"] is None
    assert [one["title"] for one in said["milestones"]] == ["Go-live"]
    assert said["budget"]["granted"] is None and said["budget"]["budgets"] == []
    assert "5000" not in str(said) and "supplier" not in str(said)
    li.call("client.create", client="globex", title="Globex")
    li.call("project.create", project="globex-crm", client="globex", title="CRM")
    hidden = refuses("not_found", mei, "project.overview", project="globex-crm").message
    absent = refuses("not_found", mei, "project.overview", project="no-such-one").message
    assert hidden.replace("globex-crm", "?") == absent.replace("no-such-one", "?")


def write_team(server, health):
    path = os.path.join(server.site, "teams", "demo", "team.lua")
    with open(path, encoding="utf-8") as script:
        text = re.sub(r"(?s)  health \{.*\},\n", "", script.read())
    with open(path, "w", encoding="utf-8") as script:
        script.write(text.replace('  use "change_request"', health + '  use "change_request"', 1))


def test_a_team_changes_what_makes_a_project_red(server, people, refuses, site, run):
    li = people("li")
    opens(people("mei"), "complaint", summary="Rude")

    def colour():
        return li.call("project.overview", project=PROJECT)["health"]
    assert (colour()["colour"], colour()["own_limits"]) == ("yellow", False)
    write_team(server, "  health { red = { complaints = min(1) } },\n")
    li.call("workflow.reload")
    assert (colour()["colour"], colour()["own_limits"]) == ("red", True)
    assert [one["text"] for one in colour()["reasons"]] == ["Open complaints: 1, allowed less than 1"]
    write_team(server, "  health { red = {}, yellow = { overdue = above(0) } },\n")
    li.call("workflow.reload")
    assert colour()["colour"] == "green"
    # A slip of the pen has its place, the nearest word, and leaves the old limits in force.
    write_team(server, "  health { red = { complaint = above(0) } },\n")
    refuses("invalid", li, "workflow.reload")
    assert colour()["colour"] == "green"
    checked = run("check", server.site, code=1)
    assert re.search(r'team\.lua:\d+:\d+: .*unknown figure "complaint" \(did you mean "complaints"\?\)', checked.stdout + checked.stderr)
    write_team(server, "")
    li.call("workflow.reload")
    assert colour()["colour"] == "yellow"


def test_health_stands_in_the_list_and_on_the_page(site, people):
    li = people("li")
    opens(people("mei"), "complaint", summary="Rude")
    (listed,) = [one for one in rows(site("li", "project", "list", "--health", "--json")) if one["project"] == PROJECT]
    assert listed["health"] == li.call("project.overview", project=PROJECT)["health"]
    assert "health" not in rows(site("li", "project", "list", "--json"))[0]
    assert "yellow: Open complaints: 1, allowed 0" in site("li", "project", "list", "--health").stdout
    assert "黄: 未结投诉：1，允许 0" in site("li", "project", "list", "--health", "--lang", "zh").stdout
    opens(li, "milestone", summary="Go-live", planned="2026-03-31")
    opens(li, "budget", summary="All", total="5000.00")
    text = site("li", "project", "show", PROJECT).stdout
    for line in ("  ● yellow", "  · Open complaints: 1, allowed 0", "  ○ 2026-03-31  MS-1  Go-live  planned",
                 "  ○ The closeout has not been opened yet", "  zhao          sponsor"):
        assert line in text.splitlines(), text
    assert re.search(r"^  spent +\[·{30}\] 0\.0 %: 0\.00 of 5000\.00$", text, re.MULTILINE), text
    assert "健康状况" in site("li", "project", "show", PROJECT, "--lang", "zh").stdout
    assert site("li", "project", "show", "no-such-one", code=None).returncode != 0


def test_load_tells_shares_work_and_absences(people, site, refuses):
    li, mei = people("li"), people("mei")
    li.call("project.member.add", project=PROJECT, person="sun", role="engineer", share=70)
    li.call("project.create", project="second", title="Second")
    li.call("project.member.add", project="second", person="sun", role="engineer", share=30)
    li.call("project.member.add", project="second", person="sun", role="pm", share=10)
    li.call("project.create", project="over", title="Over")
    li.call("project.member.add", project="over", person="sun", role="pm", share=90)
    li.call("project.update", project="over", state="closed")
    people("sun").call("delegation.set", to="wang", until="2026-02-01T09:00:00+08:00")
    for _ in range(2):
        opens(mei, "issue", summary="Printer")

    def load(of, **params):
        return {one["person"]: one for one in of.call("person.load", **params)["items"]}
    of_all = load(li)
    assert set(of_all) == {"admin", "chen", "li", "sun", "wang", "zhao"}, "people of clients have no share"
    sun = of_all["sun"]
    assert [(one["project"], one["roles"], one["share"]) for one in sun["projects"]] == \
        [(PROJECT, ["engineer"], 70), ("second", ["engineer", "pm"], 40)]
    assert (sun["share"], sun["over"]) == (110, True)
    assert [(one["person"], one["now"], one["in_part"]) for one in sun["away"]] == [("wang", True, False)]
    assert [one["person"] for one in of_all["wang"]["stands_in"]] == ["sun"]
    assert (of_all["li"]["share"], of_all["li"]["over"]) == (None, False)
    for person, row in of_all.items():
        inbox = [one for one in people(person).call("inbox.list", limit=500)["items"] if not one.get("on_behalf")]
        own = {one["case"] for one in inbox if one["kind"] != "offer"}
        assert row["waits"] == len(own), person
        assert row["offered"] == len({one["case"] for one in inbox} - own), person
        assert row["owns"] == len(whole(li, owner=person, open=True)), person
    assert set(load(people("wang"))) == {"wang"}, "what others have to do is for leads"
    refuses("forbidden", mei, "person.load")
    text = site("li", "person", "load").stdout
    assert re.search(r"^sun .*110 % !.*acme-erp engineer 70 %, second engineer/pm 40 %.*wang until 2026-02-01 09:00", text, re.MULTILINE), text


OWN_BUDGET = """return workflow "kosten" { key = "KO", client = "none", roles = { "pm" }, SERVES
  fields = { summary = text { required = true }, total = money { required = true }, spent = money {} },
  state "open" { edit = { pm = "all" }, on "close" { by = "pm", to = "closed" } },
  final "closed",
}
"""
OWN_END = """return workflow "abschluss" { key = "AB", client = "none", roles = { "pm" }, serves = "closeout",
  fields = { summary = text { required = true } },
  state "packing" {
    on "hand_over" { by = "pm", to = "closed", title = { en = "Hand over", zh = "移交" },
      when = { no { none_open "issue" }, function(c) return c.fields.summary == "Ready", "say that it is ready" end } },
  },
  final "closed",
}
"""


def test_a_teams_own_workflows_take_part_by_what_they_serve_as(server, people, site, run):
    li = people("li")
    folder = os.path.join(server.site, "teams", "demo")
    os.makedirs(os.path.join(folder, "workflows"), exist_ok=True)

    def install(name, text, instead):
        with open(os.path.join(folder, "workflows", name + ".lua"), "w", encoding="utf-8") as script:
            script.write(text)
        path = os.path.join(folder, "team.lua")
        with open(path, encoding="utf-8") as script:
            team = script.read()
        with open(path, "w", encoding="utf-8") as script:
            script.write(team.replace('use "%s"' % instead, 'use "%s"' % name))
        li.call("workflow.reload")

    def shown():
        return li.call("project.overview", project=PROJECT)
    old = opens(li, "budget", summary="Before", total="1000.00")
    install("kosten", OWN_BUDGET.replace("SERVES", ""), "budget")
    own = opens(li, "kosten", summary="All", total="4000.00", spent="1000.00")
    # It is called like nothing that is counted; what is there of the shipped one still is.
    assert [one["case"] for one in shown()["budget"]["budgets"]] == [old]
    install("kosten", OWN_BUDGET.replace("SERVES", 'serves = "budget",'), "budget")
    assert {one["case"] for one in shown()["budget"]["budgets"]} == {old, own}
    # 1,000 of 5,000; the word makes no other version of the rules.
    assert (shown()["budget"]["granted"], shown()["budget"]["used"]) == ("5000.00", "20.0")
    assert li.call("case.get", case=own)["version"] == 1

    # Its guard is a function beside a condition that is none of the list's: both are asked when it is tried.
    install("abschluss", OWN_END, "closeout")
    closeout = shown()["closeout"]
    assert {(one["kind"], one["name"], one["done"]) for one in closeout["items"]} == \
        {("begin", "abschluss", False), ("rule", "hand_over", None)} and closeout["ready"] is False
    opens(li, "abschluss", summary="End")
    assert shown()["closeout"]["ready"] is None
    assert "  ? A rule decides when it is tried: Hand over" in site("li", "project", "show", PROJECT).stdout.splitlines()
    assert "届时由规则判断：移交" in site("li", "project", "show", PROJECT, "--lang", "zh").stdout

    # Without the fields that are read for it the word says nothing, and the check says so.
    install("kosten", OWN_BUDGET.replace("SERVES", 'serves = "budget",').replace("spent = money", "paid = money")
            .replace('"KO",', '"KO", version = 2,'), "budget")
    assert "serves-fields" in run("check", server.site, code=None).stdout
