# SPDX-License-Identifier: Apache-2.0
"""The inbox: what waits for whom, most urgent first, what can be done about it, and messages
that arrive, are said in the reader's language, and are read."""
import os

import pytest
from cases import Case

TEAM = """return team "demo" { title = "Demo", timezone = "Asia/Shanghai", language = "en", use "request" }
"""

REQUEST = """return workflow "request" {
  key = "RQ", version = 1, client = "project",
  roles = { "pm", "engineer", "client", requester = "opener" },
  open = { by = { "client", "pm" } },
  fields = { summary = text { required = true } },
  internal = { margin = text {} },
  start = "draft",
  state "draft" { owner = "requester",
    edit = { requester = { "summary" } },
    on "submit" { by = "requester", to = "screening" } },
  state "screening" { owner = "pm", title = { en = "Screening", zh = "筛选" },
    edit = { pm = { "margin" } },
    within { "1 day",
      at "80%" { remind "owner" },
      late "0" { remind "owner", notify("client", "{title}: {state}, {margin}") } },
    on "accept" { by = "pm", to = "deciding" },
    on "reject" { by = "pm", to = "closed" } },
  state "deciding" {
    approval { covers = { "summary" },
      rule = all_of { one_of "pm" { nobody = "reject" }, one_of "client" { nobody = "reject" } },
      approved = "doing", rejected = "closed", deferred = "closed", changes = "screening" },
    within { "4 days", at "50%" { remind "pending" } } },
  state "doing" {
    tasks { task "documents" { by = "pm" }, task "training" { by = "pm", optional = true },
      done = "closed" } },
  final "closed",
}
"""


def prepare(server):
    folder = os.path.join(server.site, "teams", "demo")
    os.makedirs(os.path.join(folder, "workflows"), exist_ok=True)
    for name, text in (("team.lua", TEAM), ("workflows/request.lua", REQUEST)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)


@pytest.fixture
def server(make_server, folder):
    """The demo site's people, with one small workflow of their own."""
    return make_server(os.path.join(folder, "site"), "--demo", prepare=prepare)


def inbox(connection, **params):
    return connection.call("inbox.list", **params)["items"]


def messages(connection, **params):
    return connection.call("inbox.messages", **params)["items"]


def submitted(people, **fields):
    case = Case(people, "request", "mei", summary="Add export", **fields)
    assert case.fire("mei", "submit") == ["screening"]
    return case


def test_inbox_shows_what_is_asked_and_how_it_is_answered(people):
    case = submitted(people)
    item, = [item for item in inbox(people("li")) if item["case"] == case.key]
    assert (item["kind"], item["state"], item["title"]) == ("owner", "screening", "Add export")
    assert item["since"] == "2026-01-05T09:00:00+08:00" and not item["overdue"]
    assert item["can"]["method"] == "case.fire"
    assert set(item["can"]["events"]) == {"accept", "reject"}
    assert not [i for i in inbox(people("mei")) if i["case"] == case.key]


def test_a_draft_waits_for_its_opener_and_so_does_a_vote_for_who_is_asked(people):
    case = Case(people, "request", "mei", summary="Add export")
    item, = inbox(people("mei"))
    assert (item["case"], item["kind"], item["state"]) == (case.key, "owner", "draft")
    assert "submit" in item["can"]["events"]
    assert "owner" not in item and "fields" not in item, "nothing internal"


def decided(people):
    case = submitted(people)
    people("li").call("case.edit", case=case.key, fields={"margin": "12 %"})
    assert case.fire("li", "accept") == ["deciding"]
    return case


def test_a_vote_waits_with_its_digest_and_choices(people):
    case = decided(people)
    voted = set()
    while case.look() == ["deciding"]:
        asked = {w["person"] for w in case.get("li")["waiting"] if w["kind"] == "approval"}
        person = min(asked - voted)
        item, = [i for i in inbox(people(person)) if i["case"] == case.key]
        assert (item["kind"], item["can"]["method"]) == ("approval", "approval.vote")
        assert item["can"]["approval"] == "deciding"
        assert {"approve", "reject", "abstain", "defer", "changes"} == set(item["can"]["choices"])
        people(person).call("approval.vote", case=case.key, choice="approve", digest=item["digest"])
        assert "approval" not in {i["kind"] for i in inbox(people(person)) if i["case"] == case.key}
        voted.add(person)
    assert len(voted) > 1


def test_most_urgent_comes_first_and_late_is_counted(people, advance):
    first = submitted(people)                       # screening: due in a day
    advance("20 hours")
    second = submitted(people)                      # due a day later
    keys = [item["case"] for item in inbox(people("li"))]
    assert keys.index(first.key) < keys.index(second.key)
    before = people("li").call("inbox.count")
    assert before["count"] == len(keys) and before["overdue"] == 0
    assert sum(before["kinds"].values()) == before["count"]
    advance("10 hours")
    late = [item["case"] for item in inbox(people("li")) if item["overdue"]]
    assert late == [first.key]
    assert people("li").call("inbox.count")["overdue"] == 1


def test_inbox_pages_without_losing_or_doubling(people):
    keys = [submitted(people).key for _ in range(5)]
    seen, cursor = [], None
    while True:
        page = people("li").call("inbox.list", limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [item["case"] for item in page["items"]]
        cursor = page["cursor"]
        if cursor is None:
            break
    assert sorted(set(keys) & set(seen)) == sorted(keys) and len(seen) == len(set(seen))


def test_of_more_than_a_thousand_each_comes_once_and_a_count_says_that_there_are_more(people):
    """A page of the store's, and the first items behind it."""
    client = people("mei")
    assert not client.call("inbox.count")["more"]
    before = client.call("inbox.count")["count"]
    wanted = 1003 - before
    for begin in range(0, wanted, 50):
        ids = {client.send("case.open", {"workflow": "request", "project": "acme-erp",
                                         "fields": {"summary": "Wish %d" % i}})
               for i in range(begin, min(begin + 50, wanted))}
        assert {client.receive()["id"] for _ in ids} == ids
    count = client.call("inbox.count")
    assert (count["count"], count["more"]) == (1000, True)
    seen, cursor = [], None
    while not seen or cursor is not None:
        page = client.call("inbox.list", limit=500, **({"cursor": cursor} if cursor else {}))
        seen += [item["case"] for item in page["items"]]
        cursor = page["cursor"]
    assert len(seen) == len(set(seen)) == 1003


def test_every_case_says_who_is_waited_for_and_how_long(people, advance):
    case = submitted(people)
    advance("90 minutes")
    waiting, = case.get("li")["waiting"]
    assert (waiting["kind"], waiting["person"]) == ("owner", "li")
    assert waiting["since"] == "2026-01-05T09:00:00+08:00" and waiting["due"]
    assert waiting["waited_seconds"] == 90 * 60


def test_messages_arrive_are_said_in_two_languages_and_read(people, advance, refuses):
    case = submitted(people)
    advance("26 hours")                             # 80 % and late 0 of a day
    told = messages(people("li"), unread=True)
    assert [m["case"] for m in told] == [case.key, case.key]
    assert [m["title"] for m in told] == ["Add export"] * 2
    assert told[0]["said"]["rung"] == "80%" and told[1]["said"]["rung"] == "late 0"
    texts = [m["text"] for m in told]
    assert texts in (["80% of the time for Screening has passed", "the time for Screening is up"],
                     ["“筛选”的时限已过 80%", "“筛选”的时限已到"]), texts
    refuses("not_found", people("wang"), "inbox.read", ids=[told[0]["id"]])
    people("li").call("inbox.read", ids=[told[1]["id"]])
    assert [m["id"] for m in messages(people("li"))] == [told[0]["id"], told[1]["id"]]
    assert [m["read"] for m in messages(people("li"))] == [False, True], "unread first"
    people("li").call("inbox.read", ids=[told[0]["id"]])
    assert messages(people("li"), unread=True) == []
    refuses("invalid", people("li"), "inbox.read")
    refuses("invalid", people("li"), "inbox.messages", cursor="x1")


def test_all_messages_are_read_at_once_and_paged_unread_first(people, advance):
    for _ in range(3):
        submitted(people)
    advance("26 hours")
    everything = messages(people("li"))
    assert len(everything) == 6
    people("li").call("inbox.read", ids=[m["id"] for m in everything[:2]])
    seen, cursor = [], None
    while True:
        page = people("li").call("inbox.messages", limit=3, **({"cursor": cursor} if cursor else {}))
        seen += page["items"]
        cursor = page["cursor"]
        if cursor is None:
            break
    assert [m["read"] for m in seen] == [False] * 4 + [True] * 2
    assert len({m["id"] for m in seen}) == 6
    assert len(people("li").call("inbox.read", all=True)["ids"]) == 4
    assert messages(people("li"), unread=True) == []


def test_tasks_wait_until_they_are_done(people):
    case = decided(people)
    while case.look() == ["deciding"]:
        person = [w["person"] for w in case.get("li")["waiting"] if w["kind"] == "approval"][0]
        case.vote(person, "approve")
    item, = [i for i in inbox(people("li")) if i["case"] == case.key]
    assert item["kind"] == "task" and item["can"] == {
        "method": "task.done", "tasks": ["documents", "training"]}
    assert people("li").call("inbox.count")["kinds"]["task"] == 1
    people("li").call("task.done", case=case.key, task="training")
    item, = [i for i in inbox(people("li")) if i["case"] == case.key]
    assert item["can"]["tasks"] == ["documents"]
    people("li").call("task.done", case=case.key, task="documents")
    assert not [i for i in inbox(people("li")) if i["case"] == case.key]


def test_messages_to_a_client_hold_nothing_internal(people, advance):
    late = submitted(people)
    people("li").call("case.edit", case=late.key, fields={"margin": "12 %"})
    asked = decided(people)
    advance("49 hours")                             # screening is late; half of deciding is over
    told = messages(people("mei"))
    assert sorted(m["case"] for m in told) == sorted([late.key, asked.key])
    texts = {m["case"]: m["text"] for m in told}
    assert texts[late.key] in ("Add export: Screening, –", "Add export: 筛选, –")
    assert texts[asked.key] in ("this waits for you: deciding", "此事项正在等待您处理：deciding")
    for message in told:
        assert "said" not in message and "12 %" not in str(message)
