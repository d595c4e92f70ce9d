# SPDX-License-Identifier: Apache-2.0
"""Logins that fail: an address that tries tokens waits, on every transport; nobody is locked out by
it who has a token that was good lately; and no answer tells one failure from another."""
import json
import socket
import urllib.error
import urllib.request

import pytest
import signoff
from http_help import web  # noqa: F401 (a fixture)

LIMITS = "address_login_failures = 4\nlogin_failures = 3"
WRONG = "sgn_" + "0" * 52


def line(server, token, path=None):
    """The answer to a login on a connection of its own."""
    if path:
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(path)
    else:
        sock = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    with sock:
        sock.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "session.login",
                                 "params": {"token": token}}).encode() + b"\n")
        return sock.makefile("rb").readline()


def code(answer):
    return json.loads(answer).get("error", {}).get("data", {}).get("code")


def post(server, token):
    """(status, Retry-After, body)"""
    request = urllib.request.Request(
        "http://127.0.0.1:%d/rpc" % server.http_port,
        b'{"jsonrpc":"2.0","id":1,"method":"case.list"}',
        {"Content-Type": "application/json", "Authorization": "Bearer " + token})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, None, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Retry-After"], error.read()


def test_address_that_tries_tokens_waits_on_every_transport(web):  # noqa: F811
    server = web(limits=LIMITS)
    li, wang = server.token("li"), server.token("wang")
    assert code(line(server, li)) is None
    for _ in range(2):
        assert code(line(server, WRONG)) == "unauthenticated"
        assert post(server, WRONG)[0] == 401
    refused = json.loads(line(server, WRONG))["error"]
    assert refused["data"]["code"] == "overloaded"
    assert 0 < refused["data"]["retry_after_ms"] <= 6000 and "seconds" in refused["message"]
    status, retry, _ = post(server, WRONG)
    assert status == 429 and 1 <= int(retry) <= 6
    # A token that was good lately passes; one that has never been seen waits, good or not.
    assert code(line(server, li)) is None and post(server, li)[0] == 200
    # The operator's way in is not the strangers': the Unix socket.
    path = server.site + "/signoff.sock"
    assert code(line(server, wang, path)) is None
    assert code(line(server, wang)) is None, "good on the socket is good everywhere"
    for _ in range(6):
        assert code(line(server, WRONG, path)) == "unauthenticated"
    with server.client("li") as people:
        figures = urllib.request.urlopen("http://127.0.0.1:%d/metrics" % server.http_port).read()
        assert b"signoff_logins_failed_total 10\n" in figures, figures
        assert b"signoff_logins_refused_total 2\n" in figures
        assert people.call("case.list")["items"] == []


def test_tokens_that_were_never_good_wait_alike(web):  # noqa: F811
    server = web(limits=LIMITS)
    for _ in range(4):
        line(server, WRONG)
    answers = {line(server, token)[:80] for token in (server.token("li"), WRONG, "x")}
    assert len(answers) == 1 and b"too many" in answers.pop()


def test_connection_that_goes_on_trying_is_closed(web):  # noqa: F811
    server = web(limits=LIMITS)
    for _ in range(4):
        line(server, WRONG)
    with server.connect() as stranger:
        for _ in range(3):
            stranger.send("session.login", {"token": WRONG})
        for _ in range(3):
            assert stranger.receive()["error"]["data"]["code"] == "overloaded"
        with pytest.raises(ConnectionError):
            stranger.receive()


def test_failures_tell_nothing_apart(server, people):
    """Unknown, revoked, expired, of somebody who left: the same bytes."""
    li = people("li")
    revoked = li.call("token.create", person="sun", name="a")
    li.call("token.revoke", id=revoked["id"])
    expired = li.call("token.create", person="sun", expires="2026-01-05T09:30:00+08:00")
    li.call("clock.advance", by="1 hour")
    left = li.call("token.create", person="wang", name="b")
    li.call("person.update", person="wang", active=False)
    answers = {line(server, token) for token in
               (WRONG, revoked["token"], expired["token"], left["token"], "", "sgn_", "x" * 128)
               if token}
    assert len(answers) == 1 and code(answers.pop()) == "unauthenticated"


def test_login_of_somebody_else_takes_nothing_along(server, people, refuses):
    """No session is fixed: what one person had on a connection the next has not."""
    li = people("li")
    li.call("watch.start")
    li.login(server.token("sun"))
    assert li.call("session.whoami")["person"] == "sun"
    refuses("not_found", li, "watch.stop")
    refuses("forbidden", li, "token.list")
    with pytest.raises(signoff.RpcError):
        li.login(WRONG)
    assert li.call("session.whoami")["person"] == "sun", "a login that fails changes nothing"
    li.call("session.logout")
    refuses("unauthenticated", li, "case.list")
