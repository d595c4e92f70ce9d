# SPDX-License-Identifier: Apache-2.0
"""A whole project over the protocol, from the kickoff to the closeout, on virtual time: three
change requests (one voided and agreed to anew, one parked, resumed and agreed to by a stand-in, one
refused), an issue, an acceptance that the client is silent about over the Spring Festival, a complaint, and a closeout
that is refused until nothing is open. What its cases say afterwards are the project's minutes.

When something is due is reckoned apart from the server (cases.py), or counted by hand.
"""
import os
import re
import subprocess

from cases import Case, after_minutes, after_workdays, at, server, share, upload  # noqa: F401
from commands import run, site  # noqa: F401

PROJECT = "acme-wms"
MEMBERS = (("li", "pm"), ("sun", "engineer"), ("wang", "engineer"), ("wang", "ccb"), ("chen", "ccb"),
           ("chen", "support"), ("zhao", "sponsor"), ("mei", "client"), ("tom", "client"))


class Project:
    """The people, the clock and the cases of one project."""

    def __init__(self, people, server, refuses):
        self.people, self.server, self.refuses = people, server, refuses
        self.cases = []

    def kickoff(self):
        li = self.people("li")
        li.call("project.create", project=PROJECT, client="acme",
                title={"en": "Warehouse for Acme", "zh": "仓储系统"})
        for person, role in MEMBERS:
            li.call("project.member.add", project=PROJECT, person=person, role=role)

    def open(self, workflow, by, **fields):
        case = Case(self.people, workflow, by, project=PROJECT, **fields)
        self.cases.append(case)
        return case

    def until(self, moment):
        self.people("li").call("clock.advance", to=at(moment).isoformat())

    def refused(self, code, by, case, event, **params):
        return self.refuses(code, self.people(by), "case.fire", case=case.key, event=event, **params)

    def told(self, person, case):
        """What was said to that person about the case, oldest first."""
        items = self.people(person).call("inbox.messages", limit=500)["items"]
        return sorted(one["at"] for one in items if one["case"] == case.key)

    def minutes(self, person, case):
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("SIGNOFF_")}
        done = subprocess.run([self.server.signoff, "case", "history", case.key, "--site",
                               self.server.site, "--as", person],
                              check=True, capture_output=True, text=True, env=environment)
        return done.stdout


def reads(text, *lines):
    """Every one of these stands in it, in this order."""
    position = 0
    for line in lines:
        found = text.find(line, position)
        assert found >= 0, "%r is missing, or in the wrong place, in:\n%s" % (line, text)
        position = found + len(line)


def agree(case, *people):
    for person in people:
        case.vote(person, "approve")
    return case.states


def vote_for(case, stand_in, person):
    """The stand-in agrees on behalf of that person, to what that person is asked about."""
    asked = {one["person"]: one["digest"] for one in case.round(stand_in)["on_behalf"]}
    return case.took(case.people(stand_in).call(
        "approval.vote", case=case.key, choice="approve", digest=asked[person], on_behalf=person))


def assess(case, cost, days, scope):
    assert case.states == ["estimating", "pricing"]
    case.fire("sun", "assess", days=days, risk="low")
    assert case.fire("li", "price", cost=cost, scope=scope) == ["deciding"]


def build(case):
    assert case.states == ["implementing"]
    case.fire("sun", "implemented")
    case.fire("li", "verified", result="As ordered")
    assert case.fire("li", "archive", filed="Annex to the contract") == ["closed"]


def barcode_change(project):
    """January: agreed to by two, then it gets dearer, and they are asked again."""
    case = project.open("change_request", "mei", summary="Barcodes on pallets", reason="New scanners")
    project.until("2026-01-06 10:00")
    case.fire("mei", "submit")
    case.fire("li", "accept")
    assess(case, "20000.00", 5, "Labels and scanning")
    project.until("2026-01-07 10:00")
    agree(case, "wang", "mei")
    seen = case.round("chen")["digest"]
    project.until("2026-01-07 15:00")
    case.edit("li", cost="24000.00")
    project.refuses("conflict", project.people("chen"), "approval.vote", case=case.key,
                    choice="approve", digest=seen)
    assert agree(case, "li", "chen") == ["deciding"], "nobody is held to the old price"
    project.until("2026-01-08 09:30")
    assert agree(case, "wang", "tom") == ["implementing"]
    project.until("2026-01-16 17:00")
    build(case)
    return case


def robot_change(project):
    """January to February: no budget yet, so it is parked; resumed, while the sponsor is away."""
    case = project.open("change_request", "tom", summary="Picking robots", reason="Fewer people")
    case.fire("tom", "submit")
    case.fire("li", "accept")
    assess(case, "180000.00", 30, "Interface to the robots")
    project.until("2026-01-20 11:00")
    parked = at("2026-01-20 11:00")
    assert case.vote("chen", "defer", comment="Not before the budget is passed") == ["parked"]
    project.until("2026-02-02 10:00")
    due = after_workdays(parked, 10)
    assert due == at("2026-02-03 18:00")
    assert case.due_times("material") == {"50%": share(parked, due, 50)}
    assert project.told("tom", case) == [parked.isoformat(), share(parked, due, 50).isoformat()], \
        "of the decision, and that it waits for material"
    assert case.fire("tom", "resume", comment="The budget is passed") == ["estimating", "pricing"]
    assess(case, "180000.00", 30, "Interface to the robots")
    assert case.round()["number"] == 2
    project.people("zhao").call("delegation.set", to="sun", until=at("2026-02-15 00:00").isoformat(),
                                scope={"projects": [PROJECT]})
    assert agree(case, "li", "wang", "chen", "mei") == ["deciding"], "above 50,000: the sponsor too"
    project.until("2026-02-03 09:00")
    assert vote_for(case, "sun", "zhao") == ["implementing"]
    return case


def refused_change(project):
    case = project.open("change_request", "mei", summary="Free training", reason="New people")
    case.fire("mei", "submit")
    assert case.fire("li", "reject", comment="Not part of the contract", shared=True) == ["rejected"]
    return case


def scanner_issue(project):
    """An issue that the client is asked about, and that the whole time stands still for."""
    case = project.open("issue", "mei", summary="Scanner freezes", kind="defect")
    case.fire("chen", "take")
    case.fire("chen", "ask", comment="Which firmware?", shared=True)
    project.until("2026-02-05 14:00")
    case.fire("mei", "reply", details="4.2")
    assert case.fire("chen", "solve", answer="Firmware 4.3", cause="third_party") == ["solved"]
    assert case.fire("mei", "confirm") == ["closed"]
    assert case.rungs() == [], "in time"
    return case


def acceptance(project):
    """February: two stages; the second is served before the Spring Festival, and nobody answers."""
    case = project.open("acceptance", "li", deliverable="Warehouse system")
    case.edit("li", criteria="1,000 pallets a day", release="1.0")
    case.fire("li", "propose")
    agree(case, "mei")
    case.fire("li", "serve", served=at("2026-02-05 14:00").isoformat(), report="40 of 40 passed")
    assert agree(case, "tom") == ["trial"]
    project.until("2026-02-10 10:00")
    case.fire("li", "proven", trial="Three days without an incident")
    served = at("2026-02-10 10:00")
    assert case.fire("li", "serve", served=served.isoformat()) == ["final_test"]
    # Working days: 11, 12, 13, Saturday 14; 15 to 23 closed; 24, 25, 26, 27, Saturday 28; 2 March.
    due = after_workdays(served, 10)
    assert due == at("2026-03-02 18:00")
    project.until("2026-03-02 17:59")
    assert case.look() == ["final_test"]
    reminded = [share(served, due, 50), share(served, due, 80)]
    assert list(case.due_times("final_answer").values()) == reminded
    for person in ("mei", "tom"):
        assert [moment for moment in project.told(person, case)
                if moment >= served.isoformat()] == [moment.isoformat() for moment in reminded]
    digest = case.round("mei")["digest"]
    project.until("2026-03-02 18:00")
    assert case.look() == ["accepted"] and case.outcome == "deemed"
    project.refuses("not_now", project.people("mei"), "approval.vote", case=case.key,
                    choice="reject", digest=digest, comment="We were on holiday")
    return case


def complaint(project):
    """March: about exactly that; the first answer does not content the client."""
    case = project.open("feedback", "mei", kind="complaint", summary="Accepted while we were away",
                        remedy="Two more weeks of tests")
    received = at("2026-03-03 09:00")
    project.until("2026-03-05 15:00")  # nobody acknowledges it for two days
    due = after_workdays(received, 1)
    late = after_minutes(due, 4 * 60)
    assert case.due_times("acknowledgement") == {
        "50%": share(received, due, 50), "late 0": due, "late 4 workhours": late}
    assert case.get()["owners"]["received"] == "zhao"
    case.fire("zhao", "acknowledge")
    case.fire("li", "assess", severity="medium")
    case.fire("sun", "found", finding="Served and reminded as agreed")
    case.fire("li", "answer", answer="The contract says ten working days")
    assert case.fire("mei", "disagree", comment="Nobody read it") == ["investigating"]
    return case


def satisfied(case):
    case.fire("sun", "found", finding="The reminders went to people on leave")
    case.fire("li", "answer", answer="Two weeks of tests, free of charge")
    assert case.fire("mei", "content") == ["settled"]


def closeout(project, open_complaint, issue, change):
    """Refused while anything is open: the change, the complaint, the issue that may come back."""
    case = project.open("closeout", "li", summary="Warehouse for Acme")
    li = project.people("li")
    li.call("case.attach", case=case.key, file=upload(li, name="handbook.pdf"))
    for person, task in (("li", "accepted"), ("li", "documents"), ("sun", "operation"),
                         ("wang", "accounts")):
        case.task(person, task)
    case.edit("li", report="Delivered with two changes", lessons="Serve before a holiday, twice",
              paid="2026-03-05", warranty="2027-03-02")
    case.fire("tom", "survey_answered", survey=8)
    project.refused("not_now", "li", case, "present")
    build(change)
    project.refused("not_now", "li", case, "present")
    satisfied(open_complaint)
    project.refused("not_now", "li", case, "present")
    project.until("2026-03-09 10:00")  # thirty days since 5 February, 14:00, are over on 7 March
    assert issue.look() == ["settled"]
    assert case.fire("li", "present") == ["signing"]
    assert agree(case, "zhao") == ["signing"]
    assert agree(case, "mei") == ["learning"]
    assert case.fire("li", "archive", filed="Cabinet 4") == ["closed"] and case.outcome == "closed"
    return case


def look_at_change_minutes(project, case):
    text = project.minutes("li", case)
    reads(text, "2026-01-05 09:00  Mei Lin (client): opened the case → Draft",
          "Summary: Barcodes on pallets",
          "2026-01-06 10:00  Mei Lin (client): Submit → Screening",
          "Accept for assessment → Technical impact: Estimating, Commercial impact: Pricing",
          "2026-01-07 10:00  Wang Lei (engineer, change board): voted approve",
          "2026-01-07 10:00  Mei Lin (client): voted approve",
          "2026-01-07 15:00  Li Ting (project manager): ", "Cost: 20000.00 → 24000.00",
          "2026-01-08 09:30  Tom Baker (client): voted approve → Implementing",
          "Round 2 of Deciding: approved",
          "Verified → Being filed", "File → Closed and filed")
    text = project.minutes("zhao", case)
    reads(text, "草稿", "提交 → 初审", "受理 → 技术影响：技术评估中、商务影响：报价中", "“审批”第 2 轮：通过",
          "验证通过 → 待归档", "归档 → 已关闭归档")


def look_at_other_minutes(project, robots, accepted, complained, closed):
    reads(project.minutes("li", robots), "“Not before the budget is passed”",
          "50% of the time for Material from the client has passed",
          "Tom Baker (client): Resume", "“The budget is passed”",
          "Sun Hao (engineer) for Zhao Min (sponsor): voted approve → Implementing")
    reads(project.minutes("zhao", robots), "→ 悬置", "“补充材料”的时限已用去 50%", "恢复 →",
          "Zhao Min (sponsor)", "→ 实施中", "“审批”第 2 轮：通过")
    reads(project.minutes("li", accepted),
          "Round 1 of Agreeing the criteria: approved", "Hand over → Initial acceptance",
          "Round 1 of Initial acceptance: approved", "The trial has shown it → Ready to be handed over",
          "2026-02-10 10:00  Li Ting (project manager): Hand over → Final acceptance",
          "50% of the time for Answer to the final acceptance has passed",
          "80% of the time for Answer to the final acceptance has passed",
          "2026-03-02 18:00  the system: ", "→ Accepted; the case ended: Deemed accepted",
          "Round 1 of Final acceptance: approved (Deemed accepted)")
    reads(project.minutes("zhao", accepted), "提交验收 → 终验", "“终验答复”的时限已用去 50%",
          "2026-03-02 18:00", "→ 验收通过；事项结束：视为验收")
    reads(project.minutes("mei", complained), "opened the case → Received", "Acknowledge → Assessing",
          "“Nobody read it”", "Content → Settled")
    assert "people on leave" not in project.minutes("mei", complained), "the finding is internal"
    reads(project.minutes("li", closed), "Present for signature → Signing", "Round 1 of Signing: approved",
          "Archive → Closed")
    reads(project.minutes("zhao", closed), "提交签署 → 签署", "“签署”第 1 轮：通过", "归档 → 已结项")


def words_of(model):
    """What a workflow calls its choices and how it may end, as machines say it."""
    found = {"approve", "reject", "abstain", "defer", "low", "normal", "high", "urgent"}

    def walk(part):
        if isinstance(part, list):
            for one in part:
                walk(one)
        elif isinstance(part, dict):
            for key in ("choices", "outcomes"):
                found.update(part.get(key) or [])
            for key in ("outcome", "as"):
                found.update([part[key]] if isinstance(part.get(key), str) else [])
            for value in part.values():
                walk(value)
    walk(model)
    return found


def texts_of(entry):
    """What people wrote in their own words, wherever it stands in an entry."""
    if isinstance(entry, str):
        return {entry} if " " in entry or entry != entry.lower() else set()
    values = entry.values() if isinstance(entry, dict) else entry if isinstance(entry, list) else []
    return set().union(*(texts_of(one) for one in values))


def bare_words(text, words, written):
    """Those of the words that stand in a text, but for what people wrote themselves."""
    for one in sorted(written, key=len, reverse=True):
        text = text.replace(one, "")
    return sorted(word for word in words if re.search(r"(?<![\w.-])%s(?![\w-])" % re.escape(word), text,
                                                      re.ASCII))


def test_project_bare_words_are_found_where_nobody_wrote_them():
    assert bare_words("风险：low （内部）", {"low", "high"}, set()) == ["low"]
    assert bare_words("留言：“so low”，事项结束：closed", {"low", "closed"}, {"so low"}) == ["closed"]
    assert bare_words("风险：低", {"low"}, set()) == []


def has_no_bare_words(project, case):
    model = project.people("li").call("workflow.get", workflow=case.get()["workflow"])["model"]
    entries = project.people("zhao").call("case.history", case=case.key, limit=500)["items"]
    words = words_of(model)
    assert {"approve", "urgent"} < words and len(words) > 10
    text = project.minutes("zhao", case)
    assert bare_words(text, words, texts_of(entries)) == [], text


def test_project_from_kickoff_to_closeout(people, server, refuses):
    project = Project(people, server, refuses)
    project.kickoff()
    barcodes = barcode_change(project)
    robots = robot_change(project)
    refused = refused_change(project)
    issue = scanner_issue(project)
    accepted = acceptance(project)
    project.until("2026-03-03 09:00")
    complained = complaint(project)
    closed = closeout(project, complained, issue, robots)
    assert [case.get()["outcome"] for case in project.cases] == [
        "implemented", "implemented", "rejected", "solved", "deemed", "settled", "closed"]
    still_open = people("li").call("case.list", project=PROJECT)["items"]
    assert [one["case"] for one in still_open if one["outcome"] is None] == []
    assert "“Not part of the contract”" in project.minutes("mei", refused), "its record is kept"
    reads(project.minutes("tom", issue), "Ask the client → Waiting for you", "“Which firmware?”",
          "Mei Lin (client): Reply", "Solve → Solved: please confirm")
    for case in project.cases:
        has_no_bare_words(project, case)
    look_at_change_minutes(project, barcodes)
    look_at_other_minutes(project, robots, accepted, complained, closed)
    verified = people("li").call("audit.verify")
    assert verified["cases"] >= len(project.cases)


def test_cli_a_role_that_no_workflow_has_is_given_with_a_warning(site):
    done = site("li", "project", "member", "add", "acme-erp", "sun", "enginer")
    assert 'no workflow in use has a role "enginer"; did you mean "engineer"?' in done.stdout
    assert "warning" not in site("li", "project", "member", "add", "acme-erp", "sun", "ccb").stdout
