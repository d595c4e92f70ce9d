# SPDX-License-Identifier: Apache-2.0
"""Approvals as they are read afterwards: minutes, pages and explanations, in both languages, and
what the server's log keeps of a ballot that came too late. On the demo site, whose people are li
(pm), wang and chen (ccb), sun (engineer), zhao (sponsor), mei and tom (client)."""
import os
import re
import subprocess

import pytest

from cases import Case, upload

WORKFLOW = """return workflow "agree" {
  key = "AG", version = 1, client = "project",
  roles = { "pm", "ccb", "sponsor", "engineer", "client" },
  fields = { what = text {}, cost = number {} },
  state "asked" { title = { en = "Being asked", zh = "征询" },
    edit = { pm = "all" },
    approval { covers = { "what", "cost" }, %s approved = "yes", rejected = "no" },
  },
  final "yes", final "no",
}
"""


@pytest.fixture
def agree(make_server, folder):
    """agree(rule, **fields): the demo site with a workflow of that approval, and a case of it."""
    connections = {}

    def make(rule, **fields):
        def prepare(server):
            demo = os.path.join(server.site, "teams", "demo")
            with open(os.path.join(demo, "workflows", "agree.lua"), "w", encoding="utf-8") as f:
                f.write(WORKFLOW % rule)
            with open(os.path.join(demo, "team.lua"), encoding="utf-8") as f:
                team = f.read()
            with open(os.path.join(demo, "team.lua"), "w", encoding="utf-8") as f:
                f.write(team.replace('use "issue",', 'use "issue", use "agree",'))
        server = make_server(os.path.join(folder, "site"), "--demo", prepare=prepare)

        def people(name):
            if name not in connections:
                connections[name] = server.client(name)
            return connections[name]
        case = Case(people, "agree", "li", **fields)
        case.server = server
        return case
    yield make
    for connection in connections.values():
        connection.close()


@pytest.fixture
def says(binary, folder):
    """says(case, "li", "case", "history", ...): what a command prints; zhao reads Chinese."""
    def run(case, who, *words):
        clean = {"PATH": os.environ["PATH"], "HOME": folder, "COLUMNS": "200",
                 "LANG": "C.UTF-8",
                 "XDG_CONFIG_HOME": os.path.join(folder, "config")}
        clean.update((name, os.environ[name]) for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS")
                     if name in os.environ)
        return subprocess.run([binary, *words, "--site", case.server.site, "--as", who],
                              cwd=folder, env=clean, text=True, capture_output=True,
                              timeout=120, check=True).stdout
    return run


def lines(text):
    return [line.strip() for line in text.splitlines()]


def test_a20_not_needed_stands_in_minutes_page_and_explanation(agree, says):
    case = agree('rule = at_least(2) { "ccb", "client" } { nobody = "reject" },', cost=5)
    case.vote("wang", "approve")
    case.vote("mei", "approve")
    assert case.states == ["yes"]
    [entry] = [one for one in case.history() if one["kind"] == "vote" and "decided" in one]
    assert ["chen", "tom"] in [one.get("not_needed") for one in entry["round"]]
    [entry] = [one for one in case.history("mei") if one["kind"] == "vote" and "decided" in one]
    assert [one["not_needed"] for one in entry["round"]] == [["tom"]]
    [ended] = case.get("mei")["approvals"]
    assert (ended["ended"]["outcome"], ended["not_needed"]) == ("approved", ["tom"])
    assert case.get()["approvals"][0]["not_needed"] == ["chen", "tom"]
    assert case.people("li").call("case.explain", case=case.key)["approvals"][0]["not_needed"] == \
        ["chen", "tom"]
    assert case.people("li").call("approval.preview", case=case.key)["approvals"] == []
    names = "Chen Yu (change board), Tom Baker (client)"
    assert "not needed any more: " + names in lines(
        says(case, "li", "case", "history", case.key))
    assert "无需再表决：" + names.replace(", ", "、") in lines(
        says(case, "zhao", "case", "history", case.key))
    told = lines(says(case, "mei", "case", "history", case.key))
    assert "not needed any more: Tom Baker (client)" in told
    assert not any("Chen Yu" in line for line in told)
    assert re.search(r"not needed +chen, tom", says(case, "li", "case", "show", case.key))
    assert re.search(r"无需再表决 +chen, tom", says(case, "zhao", "case", "show", case.key))
    assert "not needed any more: chen, tom" in lines(
        says(case, "li", "case", "explain", case.key))


def test_a14_in_order_the_minutes_say_whose_turn_it_is(agree, says):
    case = agree('rule = in_order { one_of "pm" { nobody = "reject" },'
                 ' one_of "sponsor" { nobody = "reject" } },', cost=5)
    case.vote("li", "approve")
    for reader, begins, asked in (
            ("li", "round 1 of Being asked begins; asked: Li Ting (project manager)",
             "now asked: Zhao Min (sponsor)"),
            ("zhao", "“征询”第 1 轮开始，待表决：Li Ting (project manager)",
             "现请表决：Zhao Min (sponsor)")):
        told = lines(says(case, reader, "case", "history", case.key))
        assert [line for line in told if "begins" in line or "轮开始" in line] == [begins]
        assert asked in told


def test_a25_who_left_is_marked_in_minutes_page_and_explanation(agree, says):
    case = agree('rule = at_least(2) "ccb" { nobody = "reject" },', cost=5)
    case.vote("wang", "approve")
    case.people("li").call("project.member.add", project="acme-erp", person="sun", role="ccb")
    case.people("li").call("project.member.remove", project="acme-erp", person="wang", role="ccb")
    case.people("li").call("clock.advance", by="1 minute")
    seen = case.round()
    assert (seen["left"], seen["ballots"][0]["left"]) == (["wang"], True)
    assert case.people("li").call("case.explain", case=case.key)["approvals"][0]["left"] == ["wang"]
    for reader, name, mark in (("li", "asked no longer: ", "; has left, does not count"),
                               ("zhao", "不再征询：", "；已离开，不计入")):
        assert name + "Wang Lei (engineer, change board)" in lines(
            says(case, reader, "case", "history", case.key))
        assert mark in says(case, reader, "case", "show", case.key)
    assert "has left, is not asked any more: wang" in lines(
        says(case, "li", "case", "explain", case.key))
    case.vote("chen", "approve")
    assert case.states == ["asked"], "the ballot of who left does not count"


def test_a52_a_late_ballot_stands_in_the_access_log(agree, refuses):
    case = agree('rule = one_of "ccb" { nobody = "reject" },', cost=5)
    digest = case.round("chen")["digest"]
    case.vote("wang", "approve")
    begin, entries = len(case.server.log()), len(case.history())
    error = refuses("not_now", case.people("chen"), "approval.vote", case=case.key,
                    choice="reject", digest=digest, comment="never tell")
    assert '"Being asked" was decided already on 2026-01-05 09:00: approved' in error.message
    assert error.data["decision"]["at"] == "2026-01-05T09:00:00+08:00"
    [line] = [one for one in case.server.log(begin).splitlines() if "ballot" in one]
    for part in ("person=chen", "case=" + case.key, "approval=asked", "choice=reject",
                 "decision=approved"):
        assert part in line.split(" "), line
    assert digest not in line and "never" not in line
    assert case.server.token("chen") not in case.server.log()
    assert len(case.history()) == entries


def test_a_vote_is_offered_with_the_choices_of_its_approval_alone(agree, says):
    case = agree('rule = one_of "ccb" { nobody = "reject" },', cost=5)
    page = says(case, "wang", "case", "show", case.key)
    assert "case vote %s approve|reject|abstain\n" % case.key in page


def test_an_excluded_person_is_told_that_and_others_are_not(agree, refuses):
    case = agree('rule = any_of { one_of "pm" { exclude = { "opener" }, nobody = "skip" },'
                 ' one_of "ccb" { nobody = "reject" } },', cost=5)
    digest = case.round("chen")["digest"]
    said = [refuses("forbidden", case.people(who), "approval.vote", case=case.key,
                    choice="approve", digest=digest).message for who in ("li", "sun")]
    assert said[0].endswith("you are not asked in this approval: its rules exclude "
                            "who opened the case")
    assert said[1].endswith("you are not asked in this approval")


def test_a39_the_inbox_shows_the_digest_of_ones_own_rule(agree, says):
    """wang's rule covers the cost alone, zhao's what the approval does."""
    case = agree('rule = all_of { one_of "ccb" { nobody = "reject", covers = { "cost" } },'
                 ' one_of "sponsor" { nobody = "reject" } },', what="Export", cost=5)
    digests = {}
    for person in ("wang", "zhao"):
        [item] = case.people(person).call("inbox.list")["items"]
        assert item["digest"] == case.round(person)["digest"]
        digests[person] = item["digest"]
    assert digests["wang"] != digests["zhao"]
    assert digests["wang"][:16] + "…" in says(case, "wang", "inbox", "list")
    case.people("wang").call("delegation.set", to="chen", until="2026-01-12T09:00:00+08:00")
    items = {one.get("on_behalf"): one for one in case.people("chen").call("inbox.list")["items"]}
    assert items["wang"]["digest"] == digests["wang"]
    assert re.search("digest for wang +%s…" % digests["wang"][:16],
                     says(case, "chen", "case", "show", case.key))
    assert re.search("摘要（代zhao） +%s…" % digests["zhao"][:16], stand_in_page(case, says))
    for person in ("wang", "zhao"):
        case.people(person).call("approval.vote", case=case.key, choice="approve",
                                 digest=digests[person])
    assert case.look() == ["yes"]


def stand_in_page(case, says):
    """What zhao, who reads Chinese, sees when sun lets him answer: the other way round."""
    case.people("zhao").call("delegation.set", to="chen", until="2026-01-12T09:00:00+08:00")
    case.people("li").call("person.update", person="chen", language="zh")
    return says(case, "chen", "case", "show", case.key)


def messages(case, person, kind):
    return [(one["kind"], one["text"]) for one in case.people(person).call("inbox.messages")["items"]
            if one["case"] == case.key and one["kind"] == kind]


def test_messages_tell_opener_and_voters_of_the_decision(agree, says):
    case = agree('rule = at_least(2) { "ccb", "client" } { nobody = "reject" },', cost=5)
    case.vote("wang", "approve")
    assert messages(case, "li", "decided") == []
    case.vote("mei", "approve")
    said = "Being asked has been decided: approved"
    assert messages(case, "li", "decided") == messages(case, "wang", "decided") == [("decided", said)]
    for person in ("mei", "chen", "tom", "zhao"):  # the actor, and who had no part in it
        assert messages(case, person, "decided") == [], person
    assert said in says(case, "li", "inbox", "messages")
    case = Case(case.people, "agree", "mei")
    case.vote("wang", "reject")
    case.vote("chen", "reject")
    case.vote("tom", "reject")
    assert case.states == ["no"]
    assert messages(case, "mei", "decided") == \
        [("decided", "Being asked has been decided: rejected")]


def test_a41_whose_ballot_is_void_is_told_and_stands_in_the_minutes(agree, says):
    case = agree("""rule = all_of {
      at_least(2) "ccb" { covers = { "cost" } }, one_of "client" { covers = { "what" } } },""",
                 what="A report", cost=8000)
    case.vote("wang", "approve")
    case.vote("mei", "approve")
    case.edit("li", cost=60000)

    def told(name):
        return [one["text"] for one in case.people(name).call("inbox.messages")["items"]
                if one["case"] == case.key and one["kind"] == "voided"]
    [text] = told("wang")
    assert text == "what you voted on in Being asked has changed: your ballot is void, please look again"
    assert told("mei") == told("chen") == [], "hers is on the text alone and stands"
    minutes = says(case, "li", "case", "history", case.key)
    assert "void, since what was asked has changed: the ballots of Wang Lei" in minutes
    assert "still standing: the ballots of Mei Lin" in minutes
    minutes = says(case, "zhao", "case", "history", case.key)
    assert "审批内容已变更，以下人员的表决作废：Wang Lei" in minutes
    minutes = says(case, "mei", "case", "history", case.key)
    assert "round 2 of Being asked begins" in minutes and "Wang Lei" not in minutes
    assert "still standing: the ballots of Mei Lin" in minutes


def test_messages_offer_a_case_to_each_holder_once(people):
    """A change request in review by its board: wang and chen may take it."""
    case = Case(people, "change_request", "mei", summary="Add export", reason="Auditors")
    case.fire("mei", "submit")
    case.fire("li", "accept")
    engineers = {"wang", "sun"}
    for person in ("li", "wang", "sun", "chen", "mei"):
        told = messages(case, person, "offered")
        assert len(told) == (1 if person in engineers else 0), (person, told)
    case.fire("wang", "assess", days=5, risk="low")
    assert len(messages(case, "sun", "offered")) == 1


def test_t02_the_proof_of_a_task_is_recorded_and_shown(server, people, refuses, says):
    li = people("li")
    case = Case(people, "closeout", "li", summary="The end")
    case.server = server
    error = refuses("refused", li, "task.done", case=case.key, task="documents")
    assert error.data["pointer"] == "/file"
    file = upload(li, name="handover.pdf")
    li.call("task.done", case=case.key, task="documents", file=file)
    [task] = [one for one in case.get()["tasks"] if one["task"] == "documents"]
    assert (task["done"], task["file"], task["file_name"]) == (True, file, "handover.pdf")
    assert [one["id"] for one in case.get()["files"]] == [file]
    assert "task Documents are handed over done; proof: handover.pdf" in lines(
        says(case, "li", "case", "history", case.key))
    assert "任务“文档已移交”已完成；证明文件：handover.pdf" in lines(
        says(case, "zhao", "case", "history", case.key))
    assert "; proof: handover.pdf" in says(case, "li", "case", "show", case.key)
    says(case, "li", "task", "undo", case.key, "documents")
    says(case, "li", "task", "done", case.key, "documents", "--file", file)
    assert [one["done"] for one in case.get()["tasks"] if one["task"] == "documents"] == [True]


def test_notes_to_the_client_are_read_by_the_client(server, people, says):
    """A question to the client and the reason of a refusal, unless whoever writes says otherwise."""
    people("li").call("project.member.add", project="acme-erp", person="wang", role="support")
    case = Case(people, "issue", "mei", summary="Export fails")
    case.server = server
    assert case.fire("wang", "take") == ["working"]
    events = {one["event"]: one for one in people("wang").call("case.allowed",
                                                               case=case.key)["events"]}
    assert (events["ask"]["note"], events["ask"]["note_shared"]) == (True, True)
    assert "note_shared" not in events["solve"]
    assert "(the client reads the comment)" in says(case, "wang", "case", "show", case.key)
    case.fire("wang", "ask", comment="Since when?")
    assert "“Since when?”" in lines(says(case, "mei", "case", "history", case.key))
    case = Case(people, "change_request", "mei", summary="Add export", reason="Auditors")
    case.server = server
    case.fire("mei", "submit")
    says(case, "li", "case", "fire", case.key, "reject", "--comment", "never", "--internal")
    assert "never" not in says(case, "mei", "case", "history", case.key)
    case = Case(people, "change_request", "mei", summary="Add export", reason="Auditors")
    case.server = server
    case.fire("mei", "submit")
    case.fire("li", "reject", comment="Out of scope")
    assert "“Out of scope”" in lines(says(case, "mei", "case", "history", case.key))

