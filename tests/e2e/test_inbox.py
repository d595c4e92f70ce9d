# SPDX-License-Identifier: Apache-2.0
"""The inbox: what waits for whom, most urgent first, what can be done about it, and messages
that arrive, are said in the reader's language, and are read."""
from cases import Case

TEXTS = {"summary": "Add export", "reason": "Auditors ask for it"}


def inbox(connection, **params):
    return connection.call("inbox.list", **params)["items"]


def messages(connection, **params):
    return connection.call("inbox.messages", **params)["items"]


def submitted(people, **fields):
    case = Case(people, "change_request", "mei", **dict(TEXTS, **fields))
    assert case.fire("mei", "submit") == ["screening"]
    return case


def test_inbox_shows_what_is_asked_and_how_it_is_answered(people):
    case = submitted(people)
    item, = [item for item in inbox(people("li")) if item["case"] == case.key]
    assert (item["kind"], item["state"], item["title"]) == ("owner", "screening", "Add export")
    assert item["since"] == "2026-01-05T09:00:00+08:00" and not item["overdue"]
    assert item["can"]["method"] == "case.fire"
    assert set(item["can"]["events"]) == {"accept", "return", "reject"}
    assert not [i for i in inbox(people("mei")) if i["case"] == case.key]


def test_a_draft_waits_for_its_opener_and_so_does_a_vote_for_who_is_asked(people):
    case = Case(people, "change_request", "mei", **TEXTS)
    item, = inbox(people("mei"))
    assert (item["case"], item["kind"], item["state"]) == (case.key, "owner", "draft")
    assert "submit" in item["can"]["events"]
    assert "owner" not in item and "fields" not in item, "nothing internal"


def decided(people):
    case = submitted(people)
    case.fire("li", "accept")
    case.fire("sun", "assess", days=3, risk="low")
    assert case.fire("li", "price", cost="900.00", scope="one button", margin="10.00") == ["deciding"]
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
    first = submitted(people)                       # screening: due in a working day
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


def test_every_case_says_who_is_waited_for_and_how_long(people, advance):
    case = submitted(people)
    advance("90 minutes")
    waiting, = case.get("li")["waiting"]
    assert (waiting["kind"], waiting["person"]) == ("owner", "li")
    assert waiting["since"] == "2026-01-05T09:00:00+08:00" and waiting["due"]
    assert waiting["waited_seconds"] == 90 * 60


def test_messages_arrive_are_said_in_two_languages_and_read(people, advance, refuses):
    case = submitted(people)
    advance("26 hours")                             # 80 % and late 0 of one working day
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


def test_messages_to_a_client_hold_nothing_internal(people, advance):
    decided(people)
    advance("4 days")                               # half of the time for deciding has passed
    told = messages(people("mei"))
    assert told, "the client is one of those who are asked"
    for message in told:
        assert "said" not in message
        assert "%" not in message["text"] and "deciding" not in message["text"]
        assert "margin" not in str(message)
