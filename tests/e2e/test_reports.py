# SPDX-License-Identifier: Apache-2.0
"""Reports, on a hand-made quarter of a project on virtual time: their figures are those that a model
counts from the same entries, and, where a person can, those that are counted by hand."""
import csv
import io
import json
import os
import re

import pytest
from cases import TEAM, Case, at
from commands import run, site  # noqa: F401
from report_model import Model, ms

USED = ("issue", "change_request", "charter", "survey", "acceptance", "milestone", "feedback", "improvement")
CLIENTS = {"mei": "acme", "tom": "acme"}


@pytest.fixture
def server(make_server, folder):
    """A fresh demo site on virtual time, with office hours and the workflows that are played."""
    def office(made):
        team = "\n".join(line if "use " not in line else "  " + ", ".join(f'use "{name}"' for name in USED)
                         for line in TEAM.splitlines())
        with open(os.path.join(made.site, "teams", "demo", "team.lua"), "w") as file:
            file.write(team)
    return make_server(os.path.join(folder, "site"), "--demo", prepare=office)


class Play:
    def __init__(self, people):
        self.people = people
        self.li = people("li")
        self.li.call("project.member.add", project="acme-erp", person="chen", role="support")

    def until(self, moment):
        self.li.call("clock.advance", to=at(moment).isoformat())

    def open(self, workflow, by, **fields):
        return Case(self.people, workflow, by, **fields)

    def report(self, report, by="li", **params):
        return self.people(by).call("report.get", report=report, **params)


def issues(play):
    """Four issues: one that comes back, one that waits for the client, one of a supplier, one that nobody takes up.
    The clock stands at Monday, 5 January 2026, 09:00."""
    first = play.open("issue", "mei", summary="=cmd|' /C calc'!A0", kind="defect")
    play.until("2026-01-05 11:00")
    first.fire("chen", "take")
    play.until("2026-01-06 10:00")
    first.fire("chen", "solve", answer="Restarted", cause="product")
    play.until("2026-01-07 10:00")
    first.fire("mei", "reopen", comment="It is back")
    second = play.open("issue", "tom", summary="How do I export?", kind="question")
    second.fire("chen", "take")
    play.until("2026-01-07 16:00")
    first.fire("chen", "solve", answer="Replaced")
    second.fire("chen", "ask", comment="Which list?")
    play.until("2026-01-12 14:00")
    second.fire("tom", "reply", details="All of them")
    second.fire("chen", "escalate")
    third = play.open("issue", "mei", summary="Crash", kind="defect")
    play.until("2026-01-13 09:30")
    third.fire("chen", "take")
    third.fire("chen", "escalate")
    third.fire("wang", "pass_on", ticket="SUP-1")
    play.until("2026-01-20 09:30")
    third.fire("wang", "returned", comment="Fixed in 3.2")
    third.fire("wang", "solve", answer="Update to 3.2", cause="third_party")
    second.fire("wang", "solve", answer="Use the menu", cause="use")
    first.fire("mei", "confirm")
    third.fire("mei", "confirm")
    second.fire("tom", "confirm")
    play.open("issue", "mei", summary="Nobody looks", kind="defect")
    return first


def engagement(play):
    """From 6 March on: a charter that is signed, two changes (one agreed to, one refused), a milestone, a survey that one of
    two answers, an acceptance that waits, and a complaint that the survey opens."""
    play.li.call("project.update", project="acme-erp", currency="CNY")
    charter = play.open("charter", "li", summary="Stock in one day")
    charter.edit("li", purpose="Know what there is", scope="Stock", budget="200000.00",
                 goals=[{"goal": "Counted daily", "measure": "Count by 18:00", "by_day": "2026-06-30"}],
                 deliverables=[{"what": "Stock list"}], milestones=[{"what": "Pilot", "by_day": "2026-05-04"}])
    charter.fire("li", "propose")
    play.until("2026-03-09 10:00")
    charter.vote("zhao", "approve")
    play.until("2026-03-10 14:30")
    charter.vote("mei", "approve")
    dear = play.open("change_request", "mei", summary="Two warehouses", reason="We bought one")
    for case, cost in ((dear, "30000.00"), (play.open("change_request", "tom", summary="Dark screen", reason="Eyes"), "900.00")):
        case.fire("mei" if case is dear else "tom", "submit")
        case.fire("li", "accept")
        case.fire("wang", "assess", days=7, risk="low")
        case.fire("li", "price", cost=cost, scope="Stock")
        other = case
    play.until("2026-03-11 09:30")
    for person in ("li", "wang", "chen"):
        dear.vote(person, "approve")
    other.vote("li", "reject", comment="Not now")
    play.until("2026-03-12 11:00")
    dear.vote("tom", "approve")
    play.open("milestone", "li", summary="Pilot", planned="2026-05-04")
    survey = play.open("survey", "li", summary="First stage")
    play.until("2026-03-13 15:00")
    survey.fire("mei", "answer", csat=2, nps=3, ces=5, words="Slow")
    play.until("2026-03-17 09:00")
    survey.fire("tom", "answer", csat=5, nps=9)
    play.until("2026-03-20 18:00")


def numbers(report, section):
    (found,) = [one for one in report["sections"] if one["name"] == section]
    return {one["name"]: one["value"] for one in found["figures"]}


def table(report, name):
    section, name = name.split(".")
    (found,) = [one for one in report["sections"] if one["name"] == section]
    (rows,) = [one["rows"] for one in found["tables"] if one["name"] == name]
    return {row["key"]: row for row in rows}


def agrees(report, section, expected):
    found = numbers(report, section)
    assert {name: found[name] for name in expected} == expected


def test_figures_are_those_of_the_model_and_of_the_hand(people, server, site, refuses):
    play = Play(people)
    issues(play)
    play.until("2026-03-06 18:00")
    model = Model(people("li"), CLIENTS)

    for begin, last, end in (("2026-01-05", "2026-03-05", "2026-03-06"), ("2026-01-12", "2026-01-18", "2026-01-19"),
                             ("2026-01-07", "2026-01-07", "2026-01-08"), ("2025-01-01", "2026-01-06", "2026-01-07")):
        period = ms(at(f"{begin} 00:00")), ms(at(f"{end} 00:00"))
        for name, sections in (("throughput", ("throughput",)), ("cycle_time", ("cycle_time", "reopened")),
                               ("waiting", ("waiting",)), ("deadlines", ("deadlines", "escalations"))):
            report = play.report(name, **{"from": begin, "to": last})
            for section in sections:
                agrees(report, section, getattr(model, section)(*period))

    by_hand(play)
    files(play, site)
    engagement(play)
    model = Model(people("li"), CLIENTS)
    for begin, last, end in (("2026-03-06", "2026-03-19", "2026-03-20"), ("2026-03-10", "2026-03-10", "2026-03-11"),
                             ("2026-03-11", "2026-03-16", "2026-03-17"), ("2026-01-01", "2026-03-12", "2026-03-13")):
        period = ms(at(f"{begin} 00:00")), ms(at(f"{end} 00:00"))
        for name in ("approvals", "participation", "workload", "waiting", "deadlines", "throughput"):
            agrees(play.report(name, **{"from": begin, "to": last}), name, getattr(model, name)(*period))
        asked = table(play.report("participation", **{"from": begin, "to": last}), "participation.by_person")
        expected = model.participants(*period)
        assert {whom: {name: row[name] for name in expected[whom]} for whom, row in asked.items()} == expected
    money_and_marks(play)
    documents(play, site, refuses)
    whose(play, refuses)


def by_hand(play):
    """Office hours are 09:00 to 12:00 and 13:30 to 18:00: 7.5 hours a day."""
    report = play.report("throughput", **{"from": "2026-01-05", "to": "2026-03-05"})
    weeks = table(report, "throughput.by_period")
    assert [weeks[week]["opened"] for week in ("2026-01-05", "2026-01-12", "2026-01-19")] == [2, 1, 1]
    # Confirmed on 20 January they are the same issue for thirty days, and settled on 19 February.
    assert (weeks["2026-02-16"]["ended"], weeks["2026-02-16"]["open"], weeks["2026-02-09"]["open"]) == (3, 1, 4)
    assert table(report, "throughput.by_outcome")["issue/solved"]["share"] == "100.0"
    assert table(report, "throughput.by_state")["issue/reported"]["open"] == 1

    waited = play.report("waiting", **{"from": "2026-01-05", "to": "2026-01-12"})
    hours = {name: row["waiting_time"] / 3600_000 for name, row in table(waited, "waiting.by_state").items()}
    # Asked on Wednesday at 16:00, answered on Monday at 14:00: 2 + 7.5 + 7.5 + 3.5.
    assert hours["issue/waiting"] == 20.5
    # The first: from 11:00 on Monday 5.5 hours, on Tuesday 1, on Wednesday 10:00 to 16:00 4.5; the second
    # 4.5 on that Wednesday.
    assert hours["issue/working"] == 5.5 + 1 + 4.5 + 4.5

    again = numbers(play.report("cycle_time", **{"from": "2026-01-05", "to": "2026-03-05"}), "reopened")
    assert again == {"ended": 3, "reopened": 1, "reopen_rate": "33.3", "reopenings": 1}
    late = table(play.report("deadlines", **{"from": "2026-01-05", "to": "2026-03-05"}), "deadlines.by_deadline")
    # The supplier had three working days, until Friday, 16 January, 18:00, and answered on Tuesday at 09:30.
    assert late["issue/supplier"]["missed"] == 1 and late["issue/supplier"]["late_median"] == 8 * 3600_000


def money_and_marks(play):
    period = {"from": "2026-03-06", "to": "2026-03-19"}
    assert numbers(play.report("changes", **period), "changes") == {
        "changes_asked": 2, "changes_agreed": 1, "changes_refused": 1, "changes_done": 0, "days_agreed": 7,
        "cost_agreed": "30000.00", "baseline": "200000.00", "cost_share": "15.0"}
    # 2 and 5: one of two in the top box; 3 and 9: a detractor and a promoter; 5: easy.
    assert numbers(play.report("satisfaction", **period), "satisfaction") == {
        "csat_answers": 2, "csat_top": "50.0", "csat_mean": "3.5", "nps_answers": 2, "nps": "0.0",
        "ces_answers": 1, "ces_easy": "100.0"}
    weeks = table(play.report("satisfaction", **period), "satisfaction.by_period")
    assert [weeks[week]["nps"] for week in ("2026-03-02", "2026-03-09", "2026-03-16")] == [None, "-100.0", "100.0"]
    # Asked on Tuesday at 14:30, with the board: on Wednesday at 09:30 that is 4 hours later.
    roles = table(play.report("approvals", **period), "approvals.by_role")
    assert roles["ccb"]["turn_median"] == 4 * 3600_000 and roles["pm"]["ballots"] == 2
    assert play.report("approvals", by="chen", **period)["sections"][0]["note"]


def documents(play, site, refuses):
    """Written from the history, to be read from the beginning."""
    end = play.report("project_end", project="acme-erp")
    assert end["from"].startswith("2026-01-05")
    assert end["says"][1:3] == ["2 changes were asked for and 1 agreed to.",
                                "They cost 30000.00 CNY, which is 15.0% of the baseline of 200000.00."]
    goals = table(end, "agreement.goals")
    assert [(row["goal"], row["measure"], row["by_day"]) for row in goals.values()] == [
        ("Counted daily", "Count by 18:00", "2026-06-30")]
    changes = {row["what"]: row for row in table(end, "course.change_list").values()}
    assert changes["Two warehouses"]["cost"] == "30000.00" and changes["Dark screen"]["stands"] == "Rejected"
    assert any(row["what"] == "Survey: First stage" for row in table(end, "course.complaints").values())
    year = play.report("client_year", client="acme", language="zh", format="html")["text"]
    assert "批准费用 30000.00 CNY，占基线的 15.0%（基线 200000.00）。" in year and "Stock in one day" in year
    assert "客户年度回顾" in year and "Two warehouses" in year and "已否决" in year
    told = refuses("invalid", play.people("li"), "report.get", report="project_end")
    assert "say which" in told.message
    assert "What was agreed" in site("li", "report", "project_end", "--project", "acme-erp").stdout


def files(play, site):
    """As a file it holds the same; what a spreadsheet would run is kept from it; nothing is fetched."""
    params = {"from": "2026-01-05", "to": "2026-03-05"}
    report = play.report("waiting", **params)
    made = play.report("waiting", format="csv", table="waiting.by_whom", **params)
    assert made["name"] == "waiting-2026-03-05.csv" and made["text"].startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(made["text"][1:], newline="")))
    assert rows[0] == ["Who", "Working time (hours of working time)"]
    told = {row["title"]: f"{row['waiting_time'] / 3600_000:.2f}" for row in table(report, "waiting.by_whom").values()}
    assert dict(rows[1:]) == told
    whole = list(csv.reader(io.StringIO(play.report("summary", format="csv", **params)["text"][1:], newline="")))
    assert {len(row) for row in whole} == {6}
    assert ["Throughput", "", "", "Opened", "", "4"] in whole

    page = play.report("summary", format="html", language="zh", **params)["text"]
    assert '<html lang="zh-CN">' in page and "吞吐量" in page and "指标定义" in page and "<svg" in page
    assert "<script" not in page and not re.search(r"(src|href|url)\s*[=(]", page)
    for one in report["defined"]:
        assert one["text"] in play.report("waiting", format="html", **params)["text"].replace("&#39;", "'")

    printed = site("li", "report", "deadlines", "--from", "2026-01-05", "--to", "2026-03-05").stdout
    assert "Client issue: The supplier's answer" in printed and "What the figures mean" in printed
    same = site("li", "report", "waiting", "--from", "2026-01-05", "--to", "2026-03-05", "--format", "csv").stdout
    assert same.startswith("\ufeffSection,Table,Row,Figure,Unit,Value")
    assert "summary" in site("li", "report", "list").stdout
    listed = [json.loads(line) for line in site("li", "report", "list", "--json").stdout.splitlines()]
    assert {one["name"] for one in listed[0]["items"]} >= {"summary", "throughput", "waiting"}
    assert "等待谁处理" in site("li", "report", "waiting", "--lang", "zh").stdout


def whose(play, refuses):
    """Everybody of the team sees the figures, of single people their own; a client nothing."""
    mine = play.report("waiting", by="chen", **{"from": "2026-01-05", "to": "2026-03-05"})
    shown = set(table(mine, "waiting.by_whom"))
    assert "person/chen" in shown and "person/li" not in shown and "person/wang" not in shown
    assert mine["sections"][0]["note"]
    refuses("forbidden", play.people("mei"), "report.get", report="summary")
    refuses("forbidden", play.people("mei"), "report.list")
    wrong = refuses("not_found", play.people("li"), "report.get", report="waitings")
    assert "did you mean 'waiting'" in wrong.message
    for params in ({"from": "2026-02-30"}, {"from": "2026-02-01", "to": "2026-01-01"}, {"from": "2027-01-01"},
                   {"project": "nowhere"}, {"client": "nobody"}, {"group": "none"}, {"format": "pdf"},
                   {"format": "csv", "table": "waiting.by_nobody"}):
        refuses("invalid", play.people("li"), "report.get", report="waiting", **params)
    refuses("not_found", play.people("li"), "report.get", report="waiting", workflow="isue")
    none = play.report("waiting", project="demo")
    assert none["cases"] == 0 and set(numbers(none, "waiting").values()) == {0, None}


@pytest.fixture
def small(make_server, folder):
    """A server whose reports may read no more than ten entries."""
    def prepare(made):
        with open(os.path.join(made.site, "signoff.ini"), "a") as file:
            file.write("\n[limits]\nreport_entries = 10\n")
    return make_server(os.path.join(folder, "small"), "--demo", prepare=prepare)


def test_a_report_that_reads_too_much_is_cut_with_what_would_be_right(small, refuses):
    with small.client("li") as li, small.client("mei") as mei:
        for n in range(12):
            mei.call("case.open", workflow="issue", project="acme-erp", fields={"summary": str(n)})
        wrong = refuses("too_large", li, "report.get", report="summary")
        assert "more than 10 entries" in wrong.message and "shorter period" in wrong.message
        assert li.call("report.get", report="summary", workflow="survey")["cases"] == 0
        assert li.call("server.info")["limits"]["report_entries"] == 10
