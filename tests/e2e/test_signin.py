# SPDX-License-Identifier: Apache-2.0
"""Signing in by a link: who asks for one learns nothing, who has it gets a token, once."""
import json
import os
import re
import urllib.error
import urllib.request

import pytest
from commands import run  # noqa: F401
from signoff import RpcError
from test_mail import addresses, box, text_of  # noqa: F401

ADDRESS = re.compile(r"https://signoff\.example\.com/console/#/enter/([A-Za-z0-9_-]{43})\b")


@pytest.fixture
def server(make_server, folder, box):  # noqa: F811
    """A demo site that sends mail to the box, with HTTP."""
    def write(server):
        with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
            f.write("\n[mail]\nserver = smtp://127.0.0.1:%d\nfrom = Signoff <signoff@example.com>\n"
                    "insecure = yes\n[net]\npublic_url = https://signoff.example.com\n" % box.port)
    return make_server(os.path.join(folder, "site"), "--demo", prepare=write,
                       arguments=["--http", "127.0.0.1:0"])


def post(server, method, token=None, **params):
    """As nobody, or with a token: the answer. What HTTP itself refuses is told by its status alone."""
    request = urllib.request.Request(
        "http://127.0.0.1:%d/rpc" % server.http_port,
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode(),
        {"Content-Type": "application/json", **({"Authorization": "Bearer " + token} if token else {})})
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        code = {401: "unauthenticated", 429: "overloaded"}[refused.code]
        return {"error": {"data": {"code": code, "retry_s": int(refused.headers.get("Retry-After", 0))}}}


def asked(server, box, who, n=1):
    """The secrets of the links that were sent to mei after somebody asked for them."""
    assert post(server, "session.link", who=who)["result"] == {}
    box.wait(n)
    return [ADDRESS.search(text_of(mail)).group(1) for mail in box.to("mei@example.com")]


def made(people, **params):
    return people("li").call("link.login", person="mei", **params)["path"].rpartition("/")[2]


@pytest.mark.parametrize("who", ["mei", "mei@example.com"])
def test_who_is_known_is_sent_a_link_that_becomes_a_token_of_theirs(server, people, addresses, box, who):
    secret, = asked(server, box, who)
    entered = post(server, "session.enter", secret=secret)["result"]
    assert post(server, "session.whoami", entered["token"])["result"]["person"] == "mei"
    assert entered["expires"] == "2026-01-05T21:00:00+08:00"
    kept = post(server, "session.enter", secret=made(people), keep=True)["result"]
    assert kept["expires"] == "2026-02-04T09:00:00+08:00"


def test_a_link_is_good_once(server, people):
    secret = made(people)
    assert "result" in post(server, "session.enter", secret=secret)
    again = post(server, "session.enter", secret=secret)["error"]
    never = post(server, "session.enter", secret="A" * 43)["error"]
    assert again["data"]["code"] == "unauthenticated" and again == never


def test_a_link_that_was_asked_for_holds_half_an_hour(server, people, addresses, advance, box):
    first, = asked(server, box, "mei")
    advance("29 minutes 59 seconds")
    assert "result" in post(server, "session.enter", secret=first)
    _, second = asked(server, box, "mei", 2)
    advance("30 minutes")
    assert post(server, "session.enter", secret=second)["error"]["data"]["code"] == "unauthenticated"


def test_who_left_is_let_in_no_more(server, people):
    secret = made(people)
    people("li").call("person.update", person="mei", active=False)
    assert post(server, "session.enter", secret=secret)["error"]["data"]["code"] == "unauthenticated"
    with pytest.raises(RpcError, match="no person 'mei' who could sign in"):
        made(people)


def test_known_and_unknown_are_answered_alike(server, people, addresses, box):
    answers = {who: post(server, "session.link", who=who) for who in
               ("mei", "nobody", "tom", "x@example.com", "MEI", "' OR 1=1", "a" * 254)}
    assert set(map(str, answers.values())) == {str({"jsonrpc": "2.0", "id": 1, "result": {}})}
    box.wait(1)
    people("li").call("delegation.set", to="sun", until="2026-02-23T09:00:00+08:00")
    box.wait(3)                                     # a mail that is sent after all the others
    assert [m.sent_to for m in box.mails].count(["mei@example.com"]) == 1 and len(box.mails) == 3


def test_nobody_s_mailbox_is_flooded(server, people, addresses, box):
    for _ in range(6):
        assert "result" in post(server, "session.link", who="mei")
    people("li").call("delegation.set", to="sun", until="2026-02-23T09:00:00+08:00")
    box.wait(5)
    assert len(box.to("mei@example.com")) == 3


def test_guesses_and_questions_of_an_address_are_limited(server, people):
    for _ in range(20):
        assert post(server, "session.enter", secret="A" * 43)["error"]["data"]["code"] == "unauthenticated"
    late = [post(server, "session.enter", secret="B" * 43), post(server, "session.link", who="mei")]
    assert [answer["error"]["data"]["code"] for answer in late] == ["overloaded"] * 2
    assert all(0 < answer["error"]["data"]["retry_s"] <= 6 for answer in late)


def test_signing_out_ends_the_token_of_a_link_and_no_other(server, people):
    entered = post(server, "session.enter", secret=made(people))["result"]["token"]
    assert post(server, "session.end", entered)["result"]["ended"] is True
    assert post(server, "session.whoami", entered)["error"]["data"]["code"] == "unauthenticated"
    given = people("li").call("token.create", person="mei")["token"]
    assert post(server, "session.end", given)["result"]["ended"] is False
    assert post(server, "session.whoami", given)["result"]["person"] == "mei"


def test_no_secret_is_written_down(server, people, addresses, box):
    secret, = asked(server, box, "mei")
    token = post(server, "session.enter", secret=secret)["result"]["token"]
    told = json.dumps(people("li").call("audit.export")) + json.dumps(people("mei").call("inbox.messages"))
    for folder, _, names in os.walk(server.site):
        for name in names:
            if not name.endswith((".sock", ".token")):
                with open(os.path.join(folder, name), "rb") as f:
                    told += f.read().decode("latin-1")
    assert secret not in told and token not in told


def test_only_leads_and_the_operator_hand_out_links(server, people):
    for person in ("wang", "mei"):
        with pytest.raises(RpcError) as refused:
            people(person).call("link.login", person="mei")
        assert refused.value.code == "forbidden"
    with pytest.raises(RpcError, match="within 7 days"):
        made(people, expires="2026-01-12T09:00:01+08:00")


def test_the_command_prints_the_address(server, run):
    shown = run("link", "login", "mei", "--site", server.site, "--as", "li")
    assert shown.returncode == 0 and ADDRESS.search(shown.stdout)
