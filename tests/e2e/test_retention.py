# SPDX-License-Identifier: Apache-2.0
"""What a workflow keeps of an ended case no longer than it says goes by itself, on virtual time, and
the history still proves the rest. The clock begins on Monday 2026-01-05 09:00 in Shanghai; the days on
which something goes are those of a calendar on paper."""
import base64
import datetime
import hashlib
import json
import os
import subprocess
import sys

import pytest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "examples", "verify"))

import verify as judge  # noqa: E402

PROJECT = "acme-erp"
PHONE, TOPIC, NOTE, TALK = "phone-555-0143", "topic-Zhuangzi", "note-Laozi", "talk-Mozi"
RULES = """retention {
    { after = "30 days", erase = { "phone", "scan" } },
    { after = "6 months", erase = "internal" },
    { after = "3 years", erase = "all" },
  },"""
VISIT = """return workflow "visit" {
  key = "VI", version = %d, client = "project", roles = { "pm", "client" },
  fields = { phone = text {}, topic = text {}, scan = file {} }, internal = { note = text {} },
  %s
  start = "open",
  state "open" {
    edit = { pm = "all" }, on "propose" { by = "pm", to = "deciding" }, on "drop" { by = "pm", to = "dropped" },
  },
  state "deciding" {
    approval { covers = { "topic" }, rule = one_of "client" { nobody = "reject" },
      approved = "agreed", rejected = "dropped" },
  },
  final "agreed", final "dropped",
}
"""


def write_visit(server, rules=RULES, version=1):
    path = os.path.join(server.site, "teams", "demo", "workflows", "visit.lua")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(VISIT % (version, rules))


def prepare(server):
    write_visit(server)
    with open(os.path.join(server.site, "teams", "demo", "team.lua"), "w", encoding="utf-8") as file:
        file.write('return team "demo" { timezone = "Asia/Shanghai", language = "en", use "visit" }\n')


class Desk:
    def __init__(self, server):
        self.server = server
        self.connect()

    def connect(self):
        self.li, self.mei = self.server.client("li"), self.server.client("mei")
        self.operator = self.server.connect(self.server.token("operator"))

    def close(self):
        for one in (self.li, self.mei, self.operator):
            one.close()

    def file(self, data):
        begun = self.li.call("file.begin", name="scan.txt", size=len(data), type="text/plain",
                             sha256=hashlib.sha256(data).hexdigest())["upload"]
        self.li.call("file.put", upload=begun, offset=0, data=base64.b64encode(data).decode())
        return self.li.call("file.end", upload=begun)["file"]

    def visit(self, end="agreed", scan=None):
        """Its key, when it has ended."""
        key = self.li.call("case.open", workflow="visit", project=PROJECT)["case"]
        self.li.call("case.edit", case=key, fields={"phone": PHONE, **({"scan": scan} if scan else {})})
        self.li.call("case.edit", case=key, fields={"topic": TOPIC})
        self.li.call("case.edit", case=key, fields={"note": NOTE})
        self.li.call("case.comment", case=key, text=TALK)
        if end == "open":
            return key
        if end == "dropped":
            self.li.call("case.fire", case=key, event="drop")
            return key
        self.li.call("case.fire", case=key, event="propose")
        [round] = self.mei.call("case.get", case=key)["approvals"]
        digest = round["digest"]
        assert self.mei.call("approval.vote", case=key, choice="approve", digest=digest)["outcome"] == "agreed"
        return key

    def advance(self, by):
        self.li.call("clock.advance", by=by)

    def reload(self, rules, version=1):
        write_visit(self.server, rules, version)
        self.li.call("workflow.reload")

    def entries(self):
        found, first = [], 1
        while first is not None:
            page = self.operator.call("audit.export", team="demo", limit=500, **{"from": first})
            found, first = found + page["items"], page["next"]
        return found

    def kept(self):
        """Which of the texts stand anywhere in the history, or in what the lead is told of cases."""
        cases = [self.li.call("case.get", case=item["case"])
                 for item in self.li.call("case.list", workflow="visit")["items"]]
        said = json.dumps([self.entries(), cases])
        return [text for text in (PHONE, TOPIC, NOTE, TALK) if text in said]

    def erasures(self, key):
        items = self.li.call("case.history", case=key, limit=500)["items"]
        return [item for item in items[::-1] if item["kind"] == "redact"]

    def verified(self):
        return self.li.call("audit.verify")["redacted"]


@pytest.fixture
def desk(make_server, folder):
    desk = Desk(make_server(os.path.join(folder, "site"), "--demo", prepare=prepare))
    yield desk
    desk.close()


def test_what_a_rule_names_goes_on_its_day_and_not_before(desk):
    key = desk.visit(scan=desk.file(b"a scan of it"))
    # 5 January and 30 days: 4 February is the last of them.
    desk.advance("30 days")
    assert desk.kept() == [PHONE, TOPIC, NOTE, TALK] and desk.verified() == 0
    desk.advance("14 hours 59 minutes 59 seconds")
    assert desk.kept() == [PHONE, TOPIC, NOTE, TALK]
    desk.advance("1 second")
    assert desk.kept() == [TOPIC, NOTE, TALK]
    case = desk.li.call("case.get", case=key)
    assert case["fields"] == {"topic": TOPIC, "note": NOTE} and case["files"] == []
    [said] = desk.erasures(key)
    assert said["actor"] == "system"
    assert said["comment"] == "retention of visit, version 1: phone, scan after 30 days"
    assert sorted(said["redacted"]["fields"]) == ["phone", "scan"] and len(said["redacted"]["files"]) == 1
    assert said["at"] == "2026-02-05T00:00:00+08:00"
    # 5 July is the last day of the six months, 5 January 2029 that of the three years.
    desk.advance("150 days")
    assert desk.kept() == [TOPIC, NOTE, TALK]
    desk.advance("1 day")
    assert desk.kept() == [TOPIC] and desk.li.call("case.get", case=key)["fields"] == {"topic": TOPIC}
    desk.li.call("clock.advance", to="2029-01-05T23:59:59+08:00")
    assert desk.kept() == [TOPIC]
    certificate = desk.li.call("certificate.get", case=key)["text"].encode()
    site_key = desk.li.call("server.info")["public_key"]
    assert judge.verify(certificate, site_key)["redacted"] > 0
    desk.advance("1 second")
    assert desk.kept() == []
    case = desk.li.call("case.get", case=key)
    assert (case["fields"], case["outcome"], case["states"]) == ({}, "agreed", ["agreed"])
    assert [one["comment"] for one in desk.erasures(key)[-1:]] == ["retention of visit, version 1: all after 3 years"]
    assert [one["at"][:10] for one in desk.erasures(key)] == ["2026-02-05", "2026-07-06", "2029-01-06"]
    assert desk.verified() > 0
    # A certificate of before proves it still: its headers are those of the history.
    headers = [entry["header"] for entry in desk.entries()]
    assert judge.verify(certificate, site_key)["outcome"] == "agreed"
    assert all(one["header"] in headers for one in json.loads(judge.unpack(certificate)[0])["entries"])
    head = max(entry["seq"] for entry in desk.entries())
    desk.advance("400 days")
    assert max(entry["seq"] for entry in desk.entries()) == head  # nothing twice


def test_who_was_away_for_years_erases_all_at_once(desk):
    keys = [desk.visit() for _ in range(3)] + [desk.visit("open")]
    desk.advance("2000 days")
    assert desk.kept() == [PHONE, TOPIC, NOTE, TALK]  # of the one that has not ended
    for key in keys[:3]:
        assert desk.li.call("case.get", case=key)["fields"] == {}
    assert desk.li.call("case.get", case=keys[3])["fields"] == {"phone": PHONE, "topic": TOPIC, "note": NOTE}
    assert desk.erasures(keys[3]) == []
    desk.verified()


def test_a_case_that_is_opened_again_begins_anew(desk):
    key = desk.visit("dropped")
    desk.advance("20 days")
    desk.li.call("case.correct", case=key, to="open", reason="a mistake")
    desk.advance("100 days")
    assert PHONE in desk.kept() and desk.erasures(key) == []
    desk.li.call("case.fire", case=key, event="drop")
    desk.advance("30 days")
    assert PHONE in desk.kept()
    desk.advance("15 hours")
    assert PHONE not in desk.kept()
    desk.verified()


def test_the_version_in_force_says_it_for_cases_that_ended_before(desk):
    desk.reload("")
    key = desk.visit()
    desk.advance("500 days")
    assert desk.kept() == [PHONE, TOPIC, NOTE, TALK] and desk.erasures(key) == []
    # The same version: what is kept how long is no rule that a case goes by.
    desk.reload('retention { { after = "1 year", erase = { "topic" } } },')
    desk.advance("1 day")
    assert desk.kept() == [PHONE, NOTE, TALK]
    desk.reload('retention { { after = "1 year", erase = "internal" } },', version=2)
    desk.advance("1 day")
    assert desk.kept() == [PHONE]
    said = desk.erasures(key)[-1]  # the earlier one held the note, too, and is said by the later one
    assert said["comment"] == "retention of visit, version 2: internal after 1 year"
    assert [one["comment"] for one in said["earlier"]] == ["retention of visit, version 1: topic after 1 year"]
    desk.verified()


def test_a_walk_goes_on_where_it_was_when_the_server_was_killed(desk):
    desk.reload("")
    keys = [desk.visit("dropped") for _ in range(60)]
    desk.advance("40 days")
    # Pages of twenty: the server is killed while they come.
    write_visit(desk.server)
    desk.li.send("workflow.reload")
    desk.li.flush()
    desk.mei.call("server.ping")
    desk.close()
    desk.server.kill()
    desk.server.start()
    desk.connect()
    desk.li.call("workflow.reload")
    desk.advance("1 day")
    assert desk.kept() == [TOPIC, NOTE, TALK]
    assert [len(desk.erasures(key)) for key in keys] == [1] * 60
    desk.verified()


def test_clients_learn_that_something_went_and_not_why(desk):
    key = desk.visit()
    desk.advance("31 days")
    seen = desk.mei.call("case.history", case=key)["items"][0]
    assert seen["kind"] == "redact" and "comment" not in seen and "redacts" in seen
    assert desk.mei.call("case.get", case=key)["fields"] == {"topic": TOPIC}


def test_the_checker_names_what_is_wrong_and_where(desk):
    def check(rules):
        write_visit(desk.server, rules)
        done = subprocess.run([desk.server.signoff, "check", desk.server.site], text=True, capture_output=True,
                              timeout=60, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
        return done.returncode, done.stdout + done.stderr

    for rules, said in (
            ('retention { { after = "3 years", erase = { "phne" } } },', 'did you mean "phone"'),
            ('retention { { after = "3 yaers", erase = "all" } },', "years, months, weeks and days"),
            ('retention { { after = "3 years", erase = {} } },', "this erases nothing"),
            ('retention { { after = "3 years", erase = "some" } },', '"internal", or a list of fields, got "some"'),
            ('retention { { after = "3 years" } },', 'lacks "erase"'),
            ('retention { { after = "1 year", erase = "all" }, { after = "12 months", erase = "internal" } },',
             "another rule is for this time"),
            ("retention {},", "retention holds no rule")):
        code, text = check(rules)
        assert code != 0 and said in text and "visit.lua:4:" in text, (rules, text)
    code, text = check('retention { { after = "1 year", erase = "all" }, { after = "2 years", erase = { "phone" } } },')
    assert "retention-void" in text and "after 2 years nothing is left" in text, text


def test_a_hold_stops_it_and_release_lets_it_go(desk, refuses):
    key, other = desk.visit("dropped"), desk.visit("dropped")
    held = desk.li.call("audit.hold", case=key, reason="claim of 3 March")
    assert held["case"] == key
    refused = refuses("not_now", desk.operator, "audit.hold", team="demo", case=key, reason="again")
    assert "claim of 3 March" in refused.message
    desk.advance("40 days")
    assert PHONE in desk.kept() and desk.erasures(key) == [] and len(desk.erasures(other)) == 1
    case = desk.li.call("case.get", case=key)
    assert case["hold"] == {"by": "li", "at": "2026-01-05T09:00:00+08:00", "reason": "claim of 3 March"}
    assert "hold" not in desk.mei.call("case.get", case=key)
    edit = next(item["seq"] for item in desk.li.call("case.history", case=key)["items"] if "fields" in item)
    refused = refuses("not_now", desk.operator, "audit.redact", team="demo", entry=edit, reason="asked to")
    assert "claim of 3 March" in refused.message and refused.data["hold"]["by"] == "li"
    desk.verified()
    head = max(entry["seq"] for entry in desk.entries())
    desk.close()
    desk.server.restart()
    desk.connect()
    desk.advance("1 day")
    assert max(entry["seq"] for entry in desk.entries()) == head
    desk.operator.call("audit.release", team="demo", case=key, reason="settled")
    desk.advance("1 second")
    assert PHONE not in desk.kept() and len(desk.erasures(key)) == 1
    assert "hold" not in desk.li.call("case.get", case=key)
    kinds = {item["kind"]: item for item in desk.li.call("case.history", case=key)["items"]}
    assert kinds["release"]["comment"] == "settled" and kinds["hold"]["comment"] == "claim of 3 March"
    assert not {"hold", "release"} & {item["kind"] for item in desk.mei.call("case.history", case=key)["items"]}
    desk.verified()
    refuses("not_now", desk.li, "audit.release", case=key, reason="again")
    refuses("forbidden", desk.mei, "audit.hold", case=key, reason="mine")
    assert refuses("not_found", desk.li, "audit.hold", case="VI-99", reason="x").data["pointer"] == "/case"
    assert refuses("invalid", desk.li, "audit.hold", case=key, reason="").data["pointer"] == "/reason"


@pytest.mark.parametrize("language,held,released", [
    ("C.UTF-8", "is held: nothing of it is erased", "is held no more"), ("zh_CN.UTF-8", "已冻结", "已解除冻结")])
def test_a_hold_by_the_command_line(desk, language, held, released):
    def run(*words):
        done = subprocess.run([desk.server.signoff, *words, "--as", "li", "--site", desk.server.site], text=True,
                              capture_output=True, timeout=60, check=False,
                              env={**os.environ, "LC_ALL": language, "LANGUAGE": ""})
        assert done.returncode == 0, done.stderr
        return done.stdout

    key = desk.visit("dropped")
    assert held in run("audit", "hold", key, "--reason", "a claim")
    assert released in run("audit", "release", key, "--reason", "settled")
    assert "a claim" in run("case", "history", key)


def run_due(desk, language, *words):
    done = subprocess.run([desk.server.signoff, "audit", "due", *words, "--as", "li", "--site", desk.server.site],
                          text=True, capture_output=True, timeout=60, check=False,
                          env={**os.environ, "LC_ALL": language, "LANGUAGE": ""})
    assert done.returncode == 0, done.stderr
    return done.stdout


def day_after(year, month, day):
    return datetime.datetime.combine(datetime.date(year, month, day) + datetime.timedelta(days=1), datetime.time(0),
                                     datetime.timezone(datetime.timedelta(hours=8))).isoformat()


def test_what_is_due_is_told_before(desk, refuses):
    first = desk.visit("dropped")
    desk.advance("26 days")  # 31 January
    second = desk.visit("dropped")
    desk.visit("open")
    desk.li.call("audit.hold", case=first, reason="a claim")
    told = desk.li.call("audit.due", within="5 years")
    # By the calendar: 30 days behind 31 January is 2 March, six months behind it 31 July.
    fields, hold = ["phone", "scan"], {"by": "li", "at": "2026-01-31T09:00:00+08:00", "reason": "a claim"}
    assert [(one["case"], one["due"], one["after"], one["erase"], one["hold"]) for one in told["items"]] == [
        (first, day_after(2026, 2, 4), "30 days", fields, hold),
        (second, day_after(2026, 3, 2), "30 days", fields, None),
        (first, day_after(2026, 7, 5), "6 months", "internal", hold),
        (second, day_after(2026, 7, 31), "6 months", "internal", None),
        (first, day_after(2029, 1, 5), "3 years", "all", hold),
        (second, day_after(2029, 1, 31), "3 years", "all", None)]
    assert told["rules"] == 3 and told["more"] is False and told["items"][0]["ended"] == "2026-01-05T09:00:00+08:00"
    told = desk.operator.call("audit.due", team="demo", within="5 years", limit=2)
    assert len(told["items"]) == 2 and told["more"] is True
    assert [one["case"] for one in desk.li.call("audit.due", within="10 days")["items"]] == [first]
    desk.advance("60 days")
    # What is held was due, and is told; what was not has gone.
    assert [(one["case"], one["after"]) for one in desk.li.call("audit.due")["items"]] == [(first, "30 days")]
    assert len(desk.erasures(second)) == 1
    said = run_due(desk, "C.UTF-8")
    assert first in said and "phone, scan" in said and "a claim" in said and second not in said
    assert refuses("invalid", desk.li, "audit.due", within="5 fortnights").data["pointer"] == "/within"
    refuses("forbidden", desk.mei, "audit.due")


def test_where_nothing_is_due_it_says_why(desk):
    assert "nothing is due before" in run_due(desk, "C.UTF-8", "--within", "1 week")
    assert "之前没有到期的内容" in run_due(desk, "zh_CN.UTF-8", "--within", "1 week")
    desk.reload("")
    assert "no workflow in force says retention" in run_due(desk, "C.UTF-8")
    assert "不会自行清除任何内容" in run_due(desk, "zh_CN.UTF-8")


def test_it_is_counted_from_the_end_and_not_from_what_was_written_before(desk):
    key = desk.visit("open")
    desk.advance("20 days")
    desk.li.call("case.fire", case=key, event="drop")  # 25 January: 24 February is the last day
    desk.li.call("clock.advance", to="2026-02-24T23:59:59+08:00")
    assert PHONE in desk.kept() and desk.erasures(key) == []
    desk.advance("1 second")
    assert PHONE not in desk.kept()
