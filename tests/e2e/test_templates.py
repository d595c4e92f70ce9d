# SPDX-License-Identifier: Apache-2.0
"""Projects that begin by a template: what is shipped, a team's own, what is refused, one person alone."""
import datetime
import json
import os
import time

from cases import Case, after_workdays, at, server  # noqa: F401
from commands import rows, run, site  # noqa: F401

BEGIN = at("2026-01-05 09:00")  # a Monday

OWN = """; ours
[template]
title = Campaign
title.zh = 推广活动
roles = pm engineer

[milestone launch]
summary = Launch of {{project}} for {{client}}
planned = 10 workdays

[issue]
summary = {{project}}
"""


def write(server, name, text):
    folder = os.path.join(server.site, "teams", "demo", "templates")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def cases_of(person, project, n):
    """Those that are opened behind the answer, as soon as the engine has opened so many."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        items = person.call("case.list", project=project, limit=100)["items"]
        if len(items) >= n:
            return {one["case"]: person.call("case.get", case=one["case"]) for one in items}
    raise AssertionError(items)


def by_title(cases):
    return {one["fields"]["summary"]: one for one in cases.values()}


def taken(people, key):
    """A case that is there, as those that a test opens."""
    case = Case.__new__(Case)
    case.people, case.key = people, key
    case.look()
    return case


def test_templates_small_has_its_people_cases_and_days(server, people, run):
    words = ("project", "new", "--template", "small", "--client", "acme", "--lead", "li", "--site", server.site)
    shown = run(*words, "--request-id", "begin-1").stdout
    # The same request again is the same project.
    assert run(*words, "--request-id", "begin-1").stdout.splitlines()[0] == shown.splitlines()[0]
    assert "Began the project acme-1." in shown and "li: pm, engineer, sponsor" in shown and "MT-1" in shown
    cases = by_title(cases_of(people("li"), "acme-1", 4))
    assert set(cases) == {"acme-1", "Kick-off of acme-1", "Delivery", "How the project stands"}
    meeting, milestone = cases["Kick-off of acme-1"], cases["Delivery"]
    third = after_workdays(BEGIN, 3)
    assert meeting["fields"]["begins"] == third.replace(hour=10).isoformat() and meeting["opener"] == "li"
    assert milestone["fields"]["planned"] == after_workdays(BEGIN, 20).date().isoformat()
    held = {(one["person"], one["role"]) for one in people("li").call("project.get", project="acme-1")["members"]}
    assert held == {("mei", "client"), ("tom", "client")} | {
        ("li", role) for role in ("pm", "engineer", "sponsor", "support", "finance")}
    assert len(cases_of(people("mei"), "acme-1", 4)) == 4, "the client sees it from the first moment on"


def test_templates_one_person_in_all_roles_brings_a_small_project_to_its_end(server, people, run):
    """On virtual time: charter signed, kick-off minuted, delivered and accepted, closed."""
    run("project", "new", "mini", "--client", "acme", "--lead", "li", "--site", server.site)
    cases = cases_of(people("li"), "mini", 4)
    key = {name.split("-")[0]: name for name in cases}
    charter, milestone = taken(people, key["CH"]), taken(people, key["MS"])
    charter.edit("li", purpose="Sell online", scope="Shop", budget="5000",
                 goals=[{"goal": "Orders", "measure": "10 a day", "by_day": "2026-03-01"}],
                 deliverables=[{"what": "Shop"}], milestones=[{"what": "Delivery", "by_day": "2026-02-02"}])
    charter.fire("li", "propose")
    assert charter.vote("li", "approve") == ["signing"] and charter.vote("mei", "approve") == ["baselined"]
    milestone.fire("li", "reach", evidence="It sells")
    assert milestone.vote("mei", "approve") == ["reached"]
    meeting = taken(people, key["MT"])
    meeting.until(at("2026-01-08 10:00"))
    assert meeting.states == ["held"]
    assert meeting.fire("li", "circulate", present="Li, Mei", minutes="As planned") == ["circulated"]
    assert meeting.vote("mei", "approve") == ["done"]
    assert charter.fire("li", "fulfil") == ["fulfilled"]
    assert taken(people, key["CP"]).fire("li", "end") == ["ended"]
    assert people("li").call("case.list", project="mini", open=True)["items"] == []


def test_templates_of_the_team_replace_shipped_ones_and_say_what_is_wrong(server, people, run, refuses):
    write(server, "campaign.ini", OWN)
    write(server, "small.ini", OWN.replace("[issue]", "[isue]").replace("launch of", "x"))
    li = people("li")
    listed = li.call("project.templates")
    assert {one["template"]: one["shipped"] for one in listed["items"]} == {
        "campaign": False, "full": True, "maintenance": True}
    assert [(one["file"], one["line"]) for one in listed["mistakes"]] == [("templates/small.ini", 11)]
    assert 'uses no workflow "isue"' in listed["mistakes"][0]["message"]
    # The same by those who look at the folder before anybody begins a project.
    checked = run("check", server.site, code=1).stdout
    assert "templates/small.ini:11" in checked and "isue" in checked
    said = run("project", "templates", "--lang", "zh", "--site", server.site).stdout
    assert "推广活动" in said and "小型项目" not in said and "团队未启用流程" in said
    with open(os.path.join(server.site, "admin.token"), encoding="utf-8") as file:
        admin = server.connect(file.read().strip())
    with admin:
        create = lambda code, **more: refuses(code, admin, "project.create", **more)  # noqa: E731
        assert "templates/small.ini:11" in create("invalid", template="small").message
        assert "campaign" in create("invalid", template="campain", project="x").message
        assert create("invalid", template="campaign", lead="mei").data["pointer"] == "/lead"
        assert create("invalid", template="campaign", begins="soon").data["pointer"] == "/begins"
        refuses("forbidden", people("chen"), "project.create", template="campaign")
        assert "x" not in {one["project"] for one in li.call("project.list", limit=100)["items"]}
        made = admin.call("project.create", template="campaign", client="acme", lead="wang", begins="2026-02-13",
                          title={"en": "Spring", "zh": "春季"})
        # Without a key it is called by its client, with a number that nobody has behind one that is taken.
        taken = {one["project"] for one in admin.call("project.list", limit=500)["items"]}
        for _ in range(9):
            key = admin.call("project.create", client="acme", title="One of many")["project"]
            stem, number = key.rsplit("-", 1)
            assert stem == "acme" and key not in taken and (number == "1" or "acme-%d" % (int(number) - 1) in taken)
            taken.add(key)
    assert made["project"] == "acme-1"
    cases = by_title(cases_of(li, "acme-1", 2))
    # Ten working days after Friday, 13 February: the Spring Festival lies between, two Saturdays are worked.
    launch = cases["Launch of Spring for Acme Trading"]
    assert launch["fields"]["planned"] == after_workdays(at("2026-02-13 00:00"), 10).date().isoformat()


def test_templates_leave_out_what_the_team_does_not_use(make_server, folder, run):
    def few(made):
        path = os.path.join(made.site, "teams", "demo", "team.lua")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join(line for line in text.splitlines(True) if 'use "' not in line or '"meeting"' in line))
    few_used = make_server(os.path.join(folder, "few"), "--demo", prepare=few)
    said = run("project", "new", "--template", "small", "--lead", "li", "--site", few_used.site).stdout
    assert "left out: charter" in said and "left out: milestone" in said and "MT-1" in said


def test_templates_case_that_cannot_be_opened_is_told_to_the_leads(server, run):
    """What a template leaves out may be required: what is opened is opened, and the rest is told."""
    write(server, "odd.ini", "[template]\nroles = pm\n[milestone one]\nevidence = x\n[issue]\nsummary = y\n")
    said = json.loads(run("project", "new", "odd", "--template", "odd", "--lead", "li", "--json", "--site",
                          server.site).stdout)
    assert [one["workflow"] for one in said["cases"]] == ["milestone", "issue"]
    with open(os.path.join(server.site, "admin.token"), encoding="utf-8") as file:
        admin = server.connect(file.read().strip())
    with admin:
        cases_of(admin, "odd", 1)
        texts = [one["text"] for one in admin.call("inbox.messages")["items"]]
    assert any("milestone" in one and "odd" in one for one in texts), texts
