# SPDX-License-Identifier: Apache-2.0
"""A client for whom the team works no more: its people may neither sign in nor decide, by whatever
way, and everybody is told why. What they were asked for goes on waiting, and nothing is lost."""
import json

import pytest
import signoff
from http_help import fetch, web  # noqa: F401
from link_help import Visitor, ask, desk, link  # noqa: F401

REASON = "the team does not work for acme any more"


def end(li, active=False):
    return li.call("client.update", client="acme", active=active)


def states(li, key):
    return li.call("case.get", case=key)["states"]


def test_its_people_are_out_at_once_and_told_why(desk):
    server = desk()
    with server.client("li") as li, server.client("mei") as mei:
        key = ask(li)
        digest = mei.call("case.get", case=key)["approvals"][0]["digest"]
        mei.call("watch.start")
        end(li)
        told = mei.notification()
        assert (told["method"], told["params"]["code"]) == ("watch.end", "unauthenticated")
        before = li.call("case.get", case=key)
        for method, params in (("case.get", {"case": key}), ("inbox.list", {}), ("case.list", {}),
                               ("case.comment", {"case": key, "text": "still here"}), ("session.whoami", {}),
                               ("approval.vote", {"case": key, "choice": "approve", "digest": digest})):
            with pytest.raises(signoff.RpcError) as caught:
                mei.call(method, **params)
            assert caught.value.code == "unauthenticated" and REASON in caught.value.message, method
        with pytest.raises(signoff.RpcError) as caught:
            server.connect(server.token("mei"))
        assert caught.value.code == "unauthenticated" and REASON in caught.value.message
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "inbox.list"}).encode()
        assert fetch(server, "/rpc", body, Content_Type="application/json",
                     Authorization="Bearer " + server.token("mei"))[0] == 401
        assert li.call("case.get", case=key) == before, "nothing of the case has changed"


def test_its_links_say_why_and_answer_nothing(desk):
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        visitor = Visitor(server, link(li, key)["path"])
        code = visitor.code()
        end(li)
        status, _, text = visitor.get()
        assert status == 403 and "does not work for your organisation" in text and "Ten" not in text
        chinese = Visitor(server, visitor.path, "zh").get()[2]
        assert "团队已不再为贵单位工作" in chinese
        status, text = visitor.post(choice="approve", name="Mei Lin", code=code)
        assert status == 403 and "does not work for your organisation" in text
        assert states(li, key) == ["asked"]
        for method, params in (("link.create", {"case": key}), ("link.login", {})):
            with pytest.raises(signoff.RpcError) as caught:
                li.call(method, person="mei", **params)
            assert caught.value.data["pointer"] == "/person" and REASON in caught.value.message
        end(li, True)
        assert visitor.post(choice="approve", name="Mei Lin", code=code)[0] == 200
        assert states(li, key) == ["agreed"], "a client again: the same link is good"


def test_its_calendars_are_silent(desk):
    server = desk()
    with server.client("li") as li, server.client("mei") as mei:
        path = mei.call("calendar.feed.create")["path"]
        assert fetch(server, path)[0] == 200
        end(li)
        assert fetch(server, path)[0] == 404
        end(li, True)
        assert fetch(server, path)[0] == 200


def test_the_team_is_told_whom_it_concerns_and_sees_what_waits(desk):
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        waiting = li.call("case.get", case=key)["waiting"]
        answer = end(li)
        message = [m for m in li.call("inbox.messages")["items"] if "acme" in m["text"]]
        assert len(message) == 1 and "a client no more" in message[0]["text"]
        assert "Mei Lin" in message[0]["text"] and "goes on waiting" in message[0]["text"]
        assert li.call("case.get", case=key)["waiting"] == waiting
        assert [c["case"] for c in li.call("case.list", client="acme", waiting_for="mei")["items"]] == [key]
        end(li)  # already so: nobody is told twice
        assert len([m for m in li.call("inbox.messages")["items"] if "acme" in m["text"]]) == 1
        entry, = [e for e in li.call("audit.export", **{"from": answer["entry"], "limit": 1})["items"]]
        assert entry["seq"] == answer["entry"]
        li.call("case.fire", case=key, event="recall")
        assert states(li, key) == ["draft"], "the team goes on with its work"


def test_other_clients_and_the_team_go_on(desk):
    server = desk()
    with server.client("li") as li, server.client("wang") as wang:
        li.call("client.create", client="globex")
        li.call("person.create", person="gil", title="Gil", client="globex")
        token = li.call("token.create", person="gil", name="its")["token"]
        end(li)
        with server.connect(token) as gil:
            assert gil.call("session.whoami")["person"] == "gil"
        assert wang.call("session.whoami")["person"] == "wang"
        with pytest.raises(signoff.RpcError) as caught:  # who has left is not told of it by their client
            li.call("person.update", person="gil", active=False)
            server.connect(token)
        assert "globex" not in caught.value.message
