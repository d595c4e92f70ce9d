# SPDX-License-Identifier: Apache-2.0
"""Tokens: what one is for, until when it is good, when it was used, and that what is taken away is
gone at once: in open sessions of every transport, in watches, at the command line."""
import asyncio
import json
import os
import urllib.error
import urllib.request

import pytest
import signoff
import websockets
from commands import run, site  # noqa: F401 (fixtures)
from events_help import Ended, Events
from http_help import web  # noqa: F401 (a fixture)

CASE = {"workflow": "change_request", "project": "acme-erp",
        "fields": {"summary": "Add export", "reason": "Auditors ask for it"}}
# One method of each kind, that a lead may call: what a token of each scope makes of it.
PROBES = {"read": ("case.list", {}), "decide": ("inbox.read", {"ids": []}),
          "write": ("case.open", CASE),
          "admin": ("person.create", {"person": "new", "title": "New"})}
ORDER = ["read", "decide", "write", "admin"]


def made(people, **params):
    return people("li").call("token.create", **{"person": "li", **params})


def may(connection, method, params):
    """Does the token let it through? What the method makes of the params does not matter."""
    try:
        connection.call(method, **params)
    except signoff.RpcError as error:
        if error.code == "forbidden":
            assert "scope" in error.message, error
            return False
    return True


@pytest.mark.parametrize("word", ORDER)
def test_scope_word_holds_those_before_it_and_no_more(server, people, word):
    with server.connect(made(people, scope=word)["token"]) as bound:
        assert bound.call("session.whoami")["scope"] == [word]
        for other in ORDER:
            expected = ORDER.index(other) <= ORDER.index(word)
            assert may(bound, *PROBES[other]) == expected, (word, other)


def test_scope_of_methods_lets_through_those_alone(server, people):
    with server.connect(made(people, scope=["case.open", "case.comment"])["token"]) as bound:
        case = bound.call("case.open", **CASE)["case"]
        bound.call("case.comment", case=case, text="so far")
        for method, params in (("case.get", {"case": case}), ("case.fire", {"case": case, "event": "submit"}),
                               ("inbox.list", {}), ("watch.start", {}), ("token.list", {})):
            assert not may(bound, method, params), method


def test_scope_gives_nobody_more_than_their_own_rights(server, people, refuses):
    token = made(people, person="sun", scope="admin")["token"]
    with server.connect(token) as sun:
        refuses("forbidden", sun, "person.create", person="new", title="New")


def test_scope_cannot_make_itself_larger(people, refuses):
    for scope in (["token.create"], ["read", "person.update"], "workflow.reload"):
        refuses("invalid", people("li"), "token.create", person="li", scope=scope)


@pytest.mark.parametrize("scope", ["reed", [], ["case.opne"], ["read"] * 33, [""]])
def test_scope_that_means_nothing_is_refused(people, refuses, scope):
    refuses("invalid", people("li"), "token.create", person="li", scope=scope)
    assert len(people("li").call("token.list", person="li")["items"]) == 1


def test_token_that_has_expired_already_is_not_made(people, refuses):
    refuses("invalid", people("li"), "token.create", person="li", expires="2026-01-05T09:00:00+08:00")


def uses(people):
    return {row["name"]: row["last_use"] for row in people("li").call("token.list")["items"]}


def test_last_use_is_known_to_the_hour(server, people, advance):
    token = made(people, person="sun", name="laptop")["token"]
    assert uses(people)["laptop"] is None
    with server.connect(token) as sun:
        assert uses(people)["laptop"] == "2026-01-05T09:00:00+08:00"
        advance("59 minutes")
        sun.call("case.list")
        assert uses(people)["laptop"] == "2026-01-05T09:00:00+08:00"
        advance("1 minute")
        sun.call("case.list")
        assert uses(people)["laptop"] == "2026-01-05T10:00:00+08:00"
    advance("30 minutes")
    with server.connect(token):  # within the hour: a login writes nothing either
        assert uses(people)["laptop"] == "2026-01-05T10:00:00+08:00"


def post(server, token, method, **params):
    """(HTTP status, error code or None) of one request."""
    request = urllib.request.Request(
        "http://127.0.0.1:%d/rpc" % server.http_port,
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode(),
        {"Content-Type": "application/json", "Authorization": "Bearer " + token})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            said = json.loads(answer.read())
            return answer.status, said.get("error", {}).get("data", {}).get("code")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, None


def end_token(li, made_token):
    li.call("token.revoke", id=made_token["id"])


def end_person(li, _):
    li.call("person.update", person="sun", active=False)


@pytest.mark.parametrize("end", [end_token, end_person])
def test_what_is_taken_away_is_gone_in_open_sessions_and_watches(web, end):  # noqa: F811
    server = web()
    with server.client("li") as li:
        token = li.call("token.create", person="sun", name="laptop")
        with server.connect(token["token"]) as sun:
            case = li.call("case.open", **CASE)["case"]
            sun.call("watch.start")
            assert sun.call("case.get", case=case)["case"] == case
            assert post(server, token["token"], "case.list") == (200, None)
            end(li, token)
            told = sun.notification()
            assert (told["method"], told["params"]["code"]) == ("watch.end", "unauthenticated")
            for method, params in (("case.get", {"case": case}), ("case.list", {}),
                                   ("case.comment", {"case": case, "text": "still here"}),
                                   ("watch.start", {}), ("session.whoami", {})):
                with pytest.raises(signoff.RpcError) as caught:
                    sun.call(method, **params)
                assert caught.value.code == "unauthenticated", method
            assert post(server, token["token"], "case.list")[0] == 401
            with pytest.raises(signoff.RpcError):
                server.connect(token["token"])
            li.call("case.comment", case=case, text="nobody hears")
            # Whoever has another token goes on, on the same connection.
            sun.login(server.token("wang"))
            assert sun.call("case.get", case=case)["case"] == case


@pytest.mark.parametrize("end", [end_token, end_person])
def test_what_is_taken_away_ends_streams_and_websockets(web, end):  # noqa: F811
    server = web()

    async def play():
        with server.client("li") as li:
            token = li.call("token.create", person="sun", name="laptop")
            case = li.call("case.open", **CASE)["case"]
            stream = Events(server, token["token"])
            async with websockets.connect(
                    "ws://127.0.0.1:%d/rpc" % server.http_port,
                    extra_headers={"Authorization": "Bearer " + token["token"]}) as socket:
                async def ask(method, **params):
                    await socket.send(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method,
                                                  "params": params}))
                    return json.loads(await socket.recv())
                assert "result" in await ask("case.get", case=case)
                end(li, token)
                for method, params in (("case.get", {"case": case}), ("case.list", {}),
                                       ("case.comment", {"case": case, "text": "still here"})):
                    said = await ask(method, **params)
                    assert said["error"]["data"]["code"] == "unauthenticated", said
            assert stream.status == 200
            li.call("case.comment", case=case, text="nobody hears")
            told = []
            try:
                while True:
                    told.append(stream.event())
            except Ended:
                assert "nobody hears" not in str(told)
            assert Events(server, token["token"]).status == 401
    asyncio.run(asyncio.wait_for(play(), 60))


def test_lead_who_is_one_no_more_is_refused_in_mid_session(server, people, refuses):
    with server.client("li") as li:
        people("li").call("person.update", person="wang", lead=True)
        wang = people("wang")
        wang.call("token.list")
        li.call("person.update", person="wang", lead=False)
        refuses("forbidden", wang, "token.list")
        refuses("forbidden", wang, "person.list")


def test_role_that_was_taken_away_is_refused_in_mid_session(people, refuses):
    case = people("li").call("case.open", **CASE)["case"]
    people("li").call("case.fire", case=case, event="submit")
    before = {e["event"]: e["allowed"] for e in people("li").call("case.allowed", case=case)["events"]
              if "event" in e}
    members = people("li").call("project.get", project="acme-erp")["members"]
    for member in members:
        if member["person"] == "li":
            people("li").call("project.member.remove", project="acme-erp", person="li",
                              role=member["role"])
    after = {e["event"]: e["allowed"] for e in people("li").call("case.allowed", case=case)["events"]
             if "event" in e}
    assert True in before.values() and True not in after.values(), (before, after)


def test_operators_tokens_are_made_bound_and_ended(server, refuses):
    with server.client("operator") as operator:
        first, = operator.call("token.list")["items"]
        refuses("invalid", operator, "token.revoke", id=first["id"])
        reader = operator.call("token.create", name="prometheus", scope="read")
        refuses("invalid", operator, "token.revoke", id=first["id"])  # a reader makes no tokens
        refuses("invalid", operator, "token.create", person="li")
        refuses("invalid", operator, "token.create", team="demo")
        with server.connect(reader["token"]) as bound:
            assert bound.call("session.whoami")["operator"] is True
            bound.call("admin.stats")
            refuses("forbidden", bound, "token.create", name="more")
            second = operator.call("token.create", name="second")
            operator.call("token.revoke", id=reader["id"])
            refuses("unauthenticated", bound, "admin.stats")
        with server.connect(second["token"]) as other:
            other.call("token.revoke", id=first["id"])
            refuses("unauthenticated", operator, "admin.stats")
            names = [row["name"] for row in other.call("token.list", team="demo")["items"]]
            assert "second" not in names, "a team's tokens are its own"
    with server.client("li") as li:
        assert second["id"] not in json.dumps(li.call("token.list"))
        refuses("not_found", li, "token.revoke", id=second["id"])


def test_command_line_makes_and_shows_bound_tokens(site, server):  # noqa: F811
    said = json.loads(site("admin", "token", "add", "sun", "--name", "board", "--scope", "read",
                           "--scope", "inbox.read", "--json").stdout)
    assert said["scope"] == ["read", "inbox.read"]
    assert "inbox.read" in site("admin", "token", "list").stdout
    path = os.path.join(server.site, "demo", "board.token")
    with open(path, "w", encoding="ascii") as f:
        f.write(said["token"] + "\n")
    os.chmod(path, 0o600)
    site("board", "case", "list")
    refused = site("board", "case", "open", "change_request", "--project", "acme-erp",
                   "--field", "summary=x", "--field", "reason=y", code=None)
    assert refused.returncode != 0 and "scope" in refused.stderr
