# SPDX-License-Identifier: Apache-2.0
"""Chats as endpoints: each against a receiver that behaves as its service is documented to, which
checks signatures and lengths by itself, and says under the status 200 that it refuses."""
import base64
import hashlib
import hmac
import json
import re
import time
import urllib.parse

import pytest
from receiver import OUTBOX, receivers, sender, until  # noqa: F401

SECRET = "SEC1f2e3d4c5b6a79880f1e2d3c4b5a69788"
HOSTILE = "<font color=\"info\">@all <!channel> <@U01> <at id=all> *b* [x](https://evil.example) `c`"
MARKDOWN = set("*_`#<>[]~@\\")
PUBLIC = "https://signoff.example.com/"


# ---- the services ----

def texts_of(value, names):
    """Every string that stands under one of these names, in order."""
    found = []
    if isinstance(value, list):
        for item in value:
            found += texts_of(item, names)
    elif isinstance(value, dict):
        for name, item in value.items():
            found += [item] if name in names and isinstance(item, str) else texts_of(item, names)
    return found


def markdown_lines(text):
    """Lines of one of our markdown texts, without what we put around them; whatever else could be
    markup must not be there."""
    lines = [line for line in text.split("\n") if line]
    for i, line in enumerate(lines):
        linked = re.fullmatch(r"\*\*\[(.+)\]\(%s[a-z]+/case/[A-Z]+-[0-9]+\)\*\*" % re.escape(PUBLIC), line)
        if linked:
            lines[i] = linked.group(1)
        elif line.startswith("**") and line.endswith("**"):
            lines[i] = line[2:-2]
        elif line.startswith("> "):
            lines[i] = line[2:]
        assert not MARKDOWN & set(lines[i]), lines[i]
        assert "://" not in lines[i], lines[i]
    return lines


def dingtalk(request, secret=SECRET):
    query = dict(urllib.parse.parse_qsl(request.path.split("?", 1)[1]))
    assert query["access_token"] == "TOKEN"
    if secret:
        key = secret.encode()
        right = hmac.new(key, b"%s\n%s" % (query["timestamp"].encode(), key), hashlib.sha256).digest()
        if query["sign"] != base64.b64encode(right).decode() \
                or abs(int(query["timestamp"]) / 1000 - time.time()) > 3600:
            return {"errcode": 310000, "errmsg": "sign not match"}, []
    body = json.loads(request.body)
    assert body["msgtype"] == "markdown" and body["at"] == {"isAtAll": False}
    assert len(request.body) <= 20000
    markdown_lines(body["markdown"]["title"])
    return {"errcode": 0, "errmsg": "ok"}, markdown_lines(body["markdown"]["text"])


def feishu(request, secret=SECRET):
    body = json.loads(request.body)
    if secret:
        right = hmac.new(b"%s\n%s" % (body["timestamp"].encode(), secret.encode()), b"", hashlib.sha256).digest()
        if body["sign"] != base64.b64encode(right).decode() or abs(int(body["timestamp"]) - time.time()) > 3600:
            return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}, []
    assert body["msg_type"] == "post" and len(request.body) <= 20 * 1024
    lines = []
    for paragraph in body["content"]["post"]["zh_cn"]["content"]:
        assert all(element["tag"] == "text" or element["href"].startswith(PUBLIC) for element in paragraph)
        assert all("<" not in element["text"] for element in paragraph)
        lines += [element["text"] for element in paragraph if element["text"] != " "]
    return {"code": 0, "msg": "success", "data": {}}, lines


def wecom(request, secret=None):
    body = json.loads(request.body)
    assert body["msgtype"] == "markdown" and len(body["markdown"]["content"].encode()) <= 4096
    return {"errcode": 0, "errmsg": "ok"}, markdown_lines(body["markdown"]["content"])


def slack(request, secret=None):
    body = json.loads(request.body)
    lines = []
    assert len(body["blocks"]) <= 50
    for block in body["blocks"]:
        if block["type"] == "context":
            assert block["elements"][0]["text"].startswith("<" + PUBLIC)
            continue
        limit = {"header": 150, "section": 3000}[block["type"]]
        text = block["text"]
        assert text["type"] == "plain_text" and len(text["text"]) <= limit
        assert "<" not in text["text"] and ">" not in text["text"]
        lines += [line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
                  for line in text["text"].split("\n")]
    assert "<" not in body["text"]
    return "ok", lines


def teams(request, secret=None):
    body = json.loads(request.body)
    assert len(request.body) <= 28 * 1024
    card, = body["attachments"]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert "msteams" not in card["content"]
    assert all(b["type"] == "RichTextBlock" for b in card["content"]["body"]), "knows no markdown"
    return "", texts_of(card["content"]["body"], {"text"})


SERVICES = {"dingtalk": dingtalk, "feishu": feishu, "wecom": wecom, "slack": slack, "teams": teams}
SIGNED = {"dingtalk", "feishu"}


class Chat:
    """One of the services on the loopback. said: the lines of each message that it took."""

    def __init__(self, receiver, name):
        self.receiver, self.name, self.said, self.refuse, self.wrong = receiver, name, [], None, []
        receiver.answer = self.answer

    @property
    def url(self):
        return self.receiver.url + ("?access_token=TOKEN" if self.name == "dingtalk" else "")

    def answer(self, request):
        assert request.headers["content-type"].startswith("application/json")
        try:
            answer, lines = SERVICES[self.name](request, SECRET)
        except Exception as wrong:  # told to the test, which waits for it
            self.wrong.append(wrong)
            return 400
        if self.refuse is not None:
            return self.refuse
        self.said.append(lines)
        text = answer if isinstance(answer, str) else json.dumps(answer)
        return 202 if self.name == "teams" else 200, {}, text.encode()

    def wait(self, n):
        until(lambda: self.wrong or len(self.said) >= n)
        assert not self.wrong, self.wrong[0]
        return self.said


@pytest.fixture
def chats(receivers):  # noqa: F811
    made = []

    def make(name):
        made.append(Chat(receivers(), name))
        return made[-1]
    yield make
    for chat in made:
        assert not chat.wrong, chat.wrong[0]


def add(li, chat, **more):
    if chat.name in SIGNED:
        more.setdefault("secret", SECRET)
    return li.call("endpoint.add", **{"endpoint": "group", **more}, url=chat.url, format=chat.name)


def open_case(li, summary="Export"):
    return li.call("case.open", workflow="change_request", project="acme-erp",
                   fields={"summary": summary, "reason": "Auditors ask"})["case"]


# ---- what a chat is told ----

@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_chat_is_told_who_did_what_and_who_is_asked_until_when(sender, chats, name):  # noqa: F811
    chat = chats(name)
    with sender().client("li") as li:
        add(li, chat, internal=True, kinds=["fire"])
        case = open_case(li)
        li.call("case.fire", case=case, event="submit")
        said, = chat.wait(1)
        li.call("endpoint.get", endpoint="group")
    assert said[0] == "CR-1 Export"
    assert said[1].endswith(": Submit → Screening")
    assert said[2].endswith("to act in Screening, due 2026-01-06 18:00"), "15 working hours from 09:00"


def test_a_chat_is_told_in_its_own_language(sender, chats):  # noqa: F811
    chat = chats("feishu")
    with sender().client("li") as li:
        add(li, chat, internal=True, kinds=["fire"], language="zh")
        case = open_case(li)
        li.call("case.fire", case=case, event="submit")
        said, = chat.wait(1)
    assert said[1].endswith("：提交 → 初审")
    assert said[2].endswith("：处理“初审”，截止 2026-01-06 18:00")


def test_a_chat_is_told_of_deadlines(sender, chats):  # noqa: F811
    chat = chats("slack")
    with sender().client("li") as li:
        add(li, chat, internal=True, kinds=["deadline"])
        li.call("case.fire", case=open_case(li), event="submit")
        li.call("clock.advance", by="2 days")
        chat.wait(1)
        until(lambda: sum(len(lines) for lines in chat.said) >= 3)
    said = [line for lines in chat.said for line in lines if not line.startswith("CR-1")]
    assert said == ["the system: 80% of the time for Screening has passed", "the system: the time for Screening is up"]


def test_a_chat_without_internal_sees_what_a_client_would(sender, chats):  # noqa: F811
    chat = chats("slack")
    with sender().client("li") as li:
        add(li, chat)
        case = open_case(li)
        li.call("case.comment", case=case, text="between us")
        li.call("case.comment", case=case, text="for all", shared=True)
        li.call("case.fire", case=case, event="submit")
        until(lambda: any("Submit" in line for lines in chat.said for line in lines))
    said = [line for lines in chat.said for line in lines]
    assert "“for all”" in said and not any("between us" in line or "to act" in line for line in said)
    assert not any("endpoint.add" in line for line in said), "what is kept of the team is no news"


def test_a_chat_is_not_told_what_was_imported(sender, chats):  # noqa: F811
    """A thousand old cases are no news; programs get them like every entry."""
    chat = chats("slack")
    with sender().client("li") as li:
        add(li, chat, internal=True)
        old = li.call("case.open", workflow="change_request", project="acme-erp", fields={"summary": "Old", "reason": "x"},
                      imported={"source": "jira", "key": "A-1", "state": "implementing", "by": "Jane"})["case"]
        li.call("case.comment", case=old, text="said there", imported={"n": 1, "by": "Jane"})
        li.call("case.fire", case=open_case(li), event="submit")
        until(lambda: any("Submit" in line for lines in chat.said for line in lines))
    said = [line for lines in chat.said for line in lines]
    assert not any("said there" in line or "jira" in line or "Old" in line for line in said)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_nobody_is_mentioned_and_nothing_linked_by_what_people_write(sender, chats, name):  # noqa: F811
    chat = chats(name)  # its service refuses markup that is not ours
    with sender().client("li") as li:
        add(li, chat, kinds=["comment"])
        case = open_case(li, HOSTILE)
        li.call("case.comment", case=case, text="a\n# b\n" + HOSTILE + "\u202eevil" * 300, shared=True)
        (about, _, said), = chat.wait(1)
    assert about.startswith("CR-1 ") and "channel" in about
    if name in ("slack", "teams"):
        assert about == "CR-1 " + HOSTILE or about.endswith("…")
        assert said.startswith("“a # b " + HOSTILE + "evilevil")
    assert "\u202e" not in said and said.endswith("…")


def links_of(value):
    """Every address in it but those of schemas, in order, whatever form it has."""
    return re.findall(r"https?://(?!adaptivecards)[^\s)|>\"]+", json.dumps(value, ensure_ascii=False))


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_the_case_s_name_leads_to_its_page(sender, chats, name):  # noqa: F811
    """Of the console, or of the portal for a room that sees what clients see; never a sign-off link,
    which is one person's."""
    rooms = [chats(name), chats(name)]
    with sender(OUTBOX + "[net]\npublic_url = %s\n" % PUBLIC).client("li") as li:
        add(li, rooms[0], internal=True, kinds=["open", "comment"])
        add(li, rooms[1], kinds=["comment"], endpoint="clients")
        case = open_case(li)
        for text in ("one", "two"):
            li.call("case.comment", case=case, text=text, shared=True)
        for room, place in zip(rooms, ("console", "portal")):
            until(lambda room=room: room.wrong or any("“two”" in line for lines in room.said for line in lines))
            for lines, request in zip(room.wait(1), room.receiver.requests):
                assert lines[0] == "CR-1 Export"
                assert set(links_of(json.loads(request.body))) == {PUBLIC + place + "/case/CR-1"}


# ---- answers and limits ----

@pytest.mark.parametrize("name,refusal", [
    ("dingtalk", b'{"errcode":310000,"errmsg":"keywords not in content"}'),
    ("feishu", b'{"code":19024,"msg":"Key Words Not Found"}'),
    ("wecom", b'{"errcode":93000,"errmsg":"invalid webhook url"}'),
    ("slack", b"<html>a proxy's page</html>"),
    ("teams", b"Webhook message delivery failed: Microsoft Teams endpoint returned HTTP error 429"),
])
def test_a_refusal_under_200_is_none_that_has_arrived(sender, chats, name, refusal):  # noqa: F811
    chat = chats(name)
    chat.refuse = (200, {}, refusal)
    with sender().client("li") as li:
        add(li, chat, kinds=["comment"])
        entry = li.call("case.comment", case=open_case(li), text="one", shared=True)["entry"]
        row = until(lambda: li.call("delivery.list")["items"])[0]
        assert (row["entry"], row["status"], row["code"]) == (entry, "waiting", 200)
        assert refusal[-20:].decode().strip('"}') in row["error"] or name == "slack"
        chat.refuse = None
        li.call("clock.advance", by="5 minutes")
        assert "“one”" in chat.wait(1)[0]
        until(lambda: li.call("delivery.list")["items"] == [])


def test_a_wrong_secret_is_refused_and_a_new_one_signs(sender, chats, refuses):  # noqa: F811
    chat = chats("feishu")
    with sender().client("li") as li:
        add(li, chat, kinds=["comment"], secret="another")
        li.call("case.comment", case=open_case(li), text="one", shared=True)
        until(lambda: li.call("delivery.list")["items"])
        # The receiver answered 19021; only its own secret, given by hand, helps.
        assert "19021" in li.call("delivery.list")["items"][0]["error"]
        assert "other side" in refuses("invalid", li, "endpoint.rotate", endpoint="group").message
        chat.said.clear()
        assert "secret" not in li.call("endpoint.rotate", endpoint="group", secret=SECRET)
        li.call("clock.advance", by="1 minute")
        assert "“one”" in chat.wait(1)[0]


def test_what_comes_too_fast_goes_together_and_in_order(sender, chats):  # noqa: F811
    chat = chats("wecom")
    with sender().client("li") as li:
        add(li, chat, kinds=["comment"])
        case = open_case(li)
        for n in range(12):
            last = li.call("case.comment", case=case, text="n%d" % n, shared=True)["entry"]
            chat.wait(1)
        until(lambda: li.call("endpoint.get", endpoint="group")["seen"] == last)
    assert not chat.wrong
    said = [line for lines in chat.said for line in lines]
    assert [line for line in said if line.startswith("“n")] == ["“n%d”" % n for n in range(12)]
    assert 2 <= len(chat.said) <= 3, "one at once, the others when the limit lets them"
    assert [lines[0] for lines in chat.said] == ["CR-1 Export"] * len(chat.said)
    assert said.count("CR-1 Export") == len(chat.said), "named once in each"
    at = [request.at for request in chat.receiver.requests]
    assert all(b - a >= 3 for a, b in zip(at, at[1:])), "20 a minute"


def test_who_is_refused_for_haste_waits_and_loses_nothing(sender, chats):  # noqa: F811
    chat = chats("dingtalk")
    chat.refuse = (200, {}, b'{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}')
    with sender().client("li") as li:
        add(li, chat, kinds=["comment"])
        case = open_case(li)
        for n in range(3):
            last = li.call("case.comment", case=case, text="n%d" % n, shared=True)["entry"]
        row = until(lambda: li.call("delivery.list")["items"])[0]
        assert row["next"] == "2026-01-05T09:10:00+08:00", "ten minutes, not the schedule's five seconds"
        chat.refuse = None
        li.call("clock.advance", by="10 minutes")
        until(lambda: li.call("endpoint.get", endpoint="group")["seen"] == last)
    said = [line for lines in chat.wait(2) for line in lines if line.startswith("“n")]
    assert said == ["“n0”", "“n1”", "“n2”"]


def test_a_test_says_that_it_is_one(sender, chats):  # noqa: F811
    chat = chats("teams")
    with sender().client("li") as li:
        add(li, chat)
        li.call("endpoint.test", endpoint="group")
        assert chat.wait(1)[0][1] == "a test of deliveries to group"
        until(lambda: li.call("delivery.list")["items"][0]["status"] == "delivered")


# ---- secrets ----

def test_secrets_are_shown_to_nobody_again(sender, chats):  # noqa: F811
    chat = chats("dingtalk")
    server = sender()
    with server.client("li") as li:
        shown = [add(li, chat, kinds=["comment"])]
        li.call("case.comment", case=open_case(li), text="one", shared=True)
        chat.wait(1)
        chat.refuse = 500
        li.call("case.comment", case="CR-1", text="two", shared=True)
        until(lambda: li.call("delivery.list")["items"])
        shown += [li.call("endpoint.list"), li.call("endpoint.get", endpoint="group"),
                  li.call("endpoint.update", endpoint="group", language="zh"),
                  li.call("endpoint.rotate", endpoint="group", secret="SECother"),
                  li.call("delivery.list")]
    assert server.stop() == 0
    text = json.dumps(shown) + server.log()
    assert shown[0]["url"] == "http://127.0.0.1:%d" % chat.receiver.port
    for secret in (SECRET, "SECother", "TOKEN", "/hook"):
        assert secret not in text


def test_a_chat_has_no_signature_of_ours_and_no_secret_that_it_did_not_give(sender, chats, refuses):  # noqa: F811
    with sender().client("li") as li:
        for name in SERVICES:
            chat = chats(name)
            refuses("invalid", li, "endpoint.add", endpoint="x", url=chat.url, format=name, signature="hmac")
            if name in SIGNED:
                assert "secret" not in li.call("endpoint.add", endpoint=name, url=chat.url, format=name)
            else:
                refuses("invalid", li, "endpoint.add", endpoint="x", url=chat.url, format=name, secret="s")

