# SPDX-License-Identifier: Apache-2.0
"""Hooks: what other tools send in is verified, done once by the rights of one person, and answered
so that its sender knows whether to send it again."""
import json
import os
import time

import pytest
from hook_help import Hook, desk, github, post, signed  # noqa: F401
from http_help import dial, fetch, hear_all, statuses
from receiver import OUTBOX, until

CREATED = {"event": "created", "title": "Export fails", "ref": "PROJ-12", "sum": 12.5}


def test_an_event_opens_comments_and_closes_a_case_as_its_person(desk):  # noqa: F811
    server = desk()
    with server.client("li") as li:
        hook = Hook(server, li)
        status, said = hook.send(CREATED, **{"X-Note": "from the tracker"})
        assert (status, said["case"]) == (200, "TI-1"), said
        assert said["entry"] == li.call("case.history", case="TI-1")["items"][-1]["seq"]
        assert hook.send({"event": "said", "ref": "PROJ-12", "text": "Still there"})[0] == 200
        status, said = hook.send({"event": "closed", "ref": "PROJ-12", "sum": "much"})
        assert (status, said["error"]["code"]) == (422, "invalid")
        assert hook.send({"event": "closed", "ref": "PROJ-12", "sum": "99.00"})[0] == 200
        case = li.call("case.get", case="TI-1")
        history = li.call("case.history", case="TI-1")["items"]
    assert case["fields"]["summary"] == "Export fails" and case["fields"]["sum"] == "99.00"
    assert case["outcome"] == "done"
    assert [(e["kind"], e["actor"], e["channel"]) for e in reversed(history)] == [
        ("open", "li", "hook"), ("comment", "li", "hook"), ("fire", "li", "hook")]
    assert history[-1]["comment"] == "from the tracker"


def test_what_finds_no_case_is_ignored_or_done_otherwise(desk):  # noqa: F811
    server = desk()
    with server.client("li") as li:
        hook = Hook(server, li)
        assert hook.send({"event": "closed", "ref": "X", "sum": "1.00"}) == (
            200, {"ignored": 'there is no open case: ticket with {"ref":"X"}'})
        assert hook.send({}) == (200, {"ignored": "no event of ours"})
        assert li.call("case.list", workflow="ticket")["items"] == []
        assert hook.send({"event": "said", "ref": "X", "text": "new"})[1]["case"] == "TI-1"
        assert hook.send({"event": "said", "ref": "X", "text": "more"})[1]["case"] == "TI-1"
        li.call("case.open", workflow="ticket", project="acme-erp", fields={"summary": "two", "ref": "X"})
        status, said = hook.send({"event": "said", "ref": "X", "text": "more"})
        assert status == 409 and "several" in said["error"]["message"]


def test_the_same_id_is_done_once_and_answered_as_the_first_time(desk):  # noqa: F811
    server = desk()
    with server.client("li") as li:
        hook = Hook(server, li)
        first = hook.send(CREATED, ident="same")
        assert first == hook.send(CREATED, ident="same") and first[0] == 200
        head = li.call("case.list", workflow="ticket")["items"]
        assert len(head) == 1
        # Another body under that id is a mistake, and is not done either.
        status, said = hook.send({**CREATED, "ref": "PROJ-13"}, ident="same")
        assert (status, said["error"]["code"]) == (409, "conflict")
        assert len(li.call("case.list", workflow="ticket")["items"]) == 1
    server.restart()
    assert hook.send(CREATED, ident="same") == first, "also after a restart"
    # Its sender fixes a rule and sends again what was ignored: that was never done.
    assert hook.send({}, ident="other")[1] == {"ignored": "no event of ours"}


def test_one_answer_for_whoever_cannot_sign(desk):  # noqa: F811
    server = desk()
    with server.client("li") as li:
        hook = Hook(server, li)
        body = json.dumps(CREATED).encode()
        good = signed(hook.secret, body)
        seen = []
        for name, team, headers, text in (
                ("tracker", "demo", {}, body),
                ("tracker", "demo", {**good, "webhook-signature": "v1,AAAA"}, body),
                ("tracker", "demo", {**good, "webhook-id": "msg_2"}, body),
                ("tracker", "demo", {**good, "webhook-timestamp": str(int(time.time()) - 1)}, body),
                ("tracker", "demo", good, body + b" "),
                ("tracker", "demo", signed("whsec_" + "A" * 43 + "=", body), body),
                ("github", "demo", github("", body), body),  # it has no secret
                ("nobody", "demo", good, body), ("tracker", "nobody", good, body),
                ("Tracker", "demo", good, body), ("tracker%00", "demo", good, body)):
            status, said, fields = post(server, name, text, headers, team=team)
            fields = {k: v for k, v in fields.items() if k not in ("Date", "X-Request-Id")}
            seen.append((status, json.dumps(said), fields))
        assert seen[0][0] == 404 and all(one == seen[0] for one in seen), seen
        assert li.call("case.list", workflow="ticket")["items"] == []


def test_stale_and_early_timestamps_are_refused(desk):  # noqa: F811
    server = desk()
    with server.client("li") as li:
        hook = Hook(server, li)
        body, now = json.dumps(CREATED).encode(), int(time.time())
        for away in (-330, 330):
            status, said, _ = post(server, "tracker", body, signed(hook.secret, body, at=now + away))
            assert status == 400 and "five minutes" in said["error"]["message"]
        for away in (-270, 270):
            assert post(server, "tracker", body, signed(hook.secret, body, "at%d" % away, now + away))[0] == 200


def test_a_new_secret_leaves_the_old_one_good_for_a_while(desk):  # noqa: F811
    server = desk()
    with server.client("li") as li:
        hook = Hook(server, li)
        old = hook.secret
        new = li.call("hook.secret", hook="tracker", hours=2)
        assert new["secret"] != old and new["rotated_until"] == "2026-01-05T11:00:00+08:00"
        assert hook.send({})[0] == 200
        hook.secret = new["secret"]
        assert hook.send({})[0] == 200
        li.call("clock.advance", by="2 hours")
        assert hook.send({})[0] == 200
        hook.secret = old
        assert hook.send({})[0] == 404
        li.call("hook.secret", hook="tracker", hours=0, secret="whsec_" + "B" * 32)
        hook.secret = new["secret"]
        assert hook.send({})[0] == 404
        hook.secret = "whsec_" + "B" * 32
        assert hook.send({})[0] == 200
        listed = {h["hook"]: h for h in li.call("hook.list")["items"]}
        assert listed["tracker"]["ready"] and not listed["github"]["ready"]
        assert listed["tracker"]["path"] == "/hooks/demo/tracker" and listed["tracker"]["by"] == "li"
        li.call("hook.revoke", hook="tracker")
        assert hook.send({})[0] == 404


def test_secrets_are_shown_once_and_kept_out_of_the_history(desk):  # noqa: F811
    server = desk()
    with server.client("li") as li:
        made = li.call("hook.secret", hook="github", secret="It's a Secret to Everybody")
        assert "secret" not in made
        entry = li.call("hook.secret", hook="tracker")["entry"]
        li.call("watch.start", **{"from": 1})
        entries = ""
        while '"seq": %d' % entry not in entries:
            entries += json.dumps(li.notification())
    assert '"hook.secret"' in entries and "whsec_" not in entries and "Everybody" not in entries


def test_github_s_own_example_is_verified(desk):  # noqa: F811
    server = desk()
    with server.client("li") as li:
        li.call("hook.secret", hook="github", secret="It's a Secret to Everybody")
        # "Validating webhook deliveries", GitHub's documentation. The body is no JSON: it is read
        # only when the signature is good.
        right = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        assert github("It's a Secret to Everybody", b"Hello, World!")["X-Hub-Signature-256"] == right
        assert post(server, "github", b"Hello, World!", {"X-Hub-Signature-256": right})[0] == 400
        wrong = right[:-1] + "8"
        assert post(server, "github", b"Hello, World!", {"X-Hub-Signature-256": wrong})[0] == 404
        assert post(server, "github", b"Hello, World.", {"X-Hub-Signature-256": right})[0] == 404
        body = b'{"zen": "Keep it logically awesome."}'
        headers = {**github("It's a Secret to Everybody", body), "X-GitHub-Event": "ping",
                   "X-GitHub-Delivery": "72d3162e"}
        assert post(server, "github", body, headers)[1]["case"] == "TI-1"
        assert li.call("case.get", case="TI-1")["fields"]["summary"] == "ping"
        # Its id is not signed: who has heard one cannot send it again under another.
        again = post(server, "github", body, {**headers, "X-GitHub-Delivery": "other", "X-GitHub-Event": "x"})
        assert again[1]["case"] == "TI-1" and len(li.call("case.list", workflow="ticket")["items"]) == 1


def test_a_person_s_rights_decide(desk):  # noqa: F811
    server = desk()
    with server.client("li") as li:
        secret = li.call("hook.secret", hook="crm")["secret"]
        li.call("case.open", workflow="ticket", project="acme-erp", fields={"summary": "s"})
        bearer = {"Authorization": "Bearer " + secret}
        body = b'{"fire": "close", "case": "TI-1"}'
        status, said, _ = post(server, "crm", body, bearer)
        assert (status, said["error"]["code"]) == (403, "forbidden"), "wang is no pm"
        assert post(server, "crm", body, {"Authorization": "Bearer " + secret + "x"})[0] == 404
        status, said, _ = post(server, "crm", b'{"fire": "close", "case": "TI-99"}', bearer)
        assert (status, said["error"]["code"]) == (422, "not_found")
        status, said, _ = post(server, "crm", b'{"fire": "nonsense", "case": "TI-1"}', bearer)
        assert (status, said["error"]["code"]) == (409, "not_now")
        li.call("person.update", person="wang", active=False)
        status, said, _ = post(server, "crm", body, bearer)
        assert status == 403

@pytest.mark.parametrize("by", ["mei", "ghost"])
def test_only_a_person_of_the_team_acts(desk, by):  # noqa: F811
    """Not one of a client, and not one that there is not; whoever left may nothing any more."""
    hooks = """hook "in" { scheme = "bearer", by = "%s", does = function(h)
        return { open = "ticket", project = "acme-erp", fields = { summary = "s" } } end },
      hook "left" { scheme = "bearer", by = "wang", does = function(h)
        return { open = "ticket", project = "acme-erp", fields = { summary = "s" } } end },
    """ % by
    server = desk(hooks=hooks)
    with server.client("li") as li:
        bearer = {"Authorization": "Bearer " + li.call("hook.secret", hook="in")["secret"]}
        status, said, _ = post(server, "in", b"{}", bearer)
        assert status == 403, said
        bearer = {"Authorization": "Bearer " + li.call("hook.secret", hook="left")["secret"]}
        assert post(server, "left", b"{}", bearer)[0] == 200
        li.call("person.update", person="wang", active=False)
        assert post(server, "left", b"{}", bearer)[0] == 403
        assert len(li.call("case.list", workflow="ticket")["items"]) == 1


def test_rules_that_fail_or_loop_are_told_to_the_sender(desk):  # noqa: F811
    server = desk()
    with server.client("li") as li:
        hook = Hook(server, li)
        status, said = hook.send({"fail": True})
        assert (status, said["error"]["code"]) == (422, "rule_error")
        assert said["error"]["message"].startswith("team.lua:")
        status, said = hook.send({"loop": True})
        assert (status, said["error"]["code"]) == (422, "rule_overrun")
        for back in ({}, {"open": 1}, {"fire": "x"}, {"fire": "x", "case": "a", "extra": 1}, [1],
                     {"open": "ticket", "fields": [1]}, {"comment": "x", "case": {"workflow": "ticket"}},
                     {"fire": "x", "case": "a", "otherwise": {"fire": "x", "case": "a", "otherwise": {"ignore": "x"}}}):
            status, said = hook.send({"back": back})
            assert status == 422 and said["error"]["code"] == "rule_error", (back, said)
        assert hook.send({"back": {"open": "nothing"}})[0] == 422
        assert hook.send({"back": {"comment": "x" * 70000, "case": "TI-1"}})[0] == 422
        assert hook.send(CREATED)[0] == 200, "and the next one is served"


def test_bodies_that_are_none_are_refused(desk):  # noqa: F811
    server = desk()
    with server.client("li") as li:
        hook = Hook(server, li)
        for body in (b"", b"{", b'{"a": 1, "a": 2}', b"\xff", b'"\xed\xa0\x80"', b'{"a": "\\u0000"}',
                     b"[" * 100 + b"]" * 100, b'{"a": 99999999999999999999}', b"{} {}"):
            status, said = hook.send(body)
            assert (status, said["error"]["code"]) == (400, "parse"), body
        body = json.dumps(CREATED).encode()
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
            assert post(server, "tracker", body, signed(hook.secret, body), kind=kind)[0] == 415
        kind = "application/cloudevents+json; charset=utf-8"
        assert post(server, "tracker", body, signed(hook.secret, body), kind=kind)[0] == 200
        with dial(server) as sock:
            sock.sendall(b"POST /hooks/demo/tracker HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                         b"Content-Length: %d\r\n\r\n" % (2 << 20))
            assert statuses(hear_all(sock)) == [413]
        assert fetch(server, "/hooks/demo/tracker")[0] == 405
        for path in ("/hooks", "/hooks/", "/hooks/demo", "/hooks/demo/", "/hooks//x", "/hooks/demo/tracker/x"):
            assert fetch(server, path, body, Content_Type="application/json")[0] == 404, path


def test_addresses_that_forge_are_put_off_but_not_who_signs(desk):  # noqa: F811
    server = desk()
    with server.client("li") as li:
        hook, body = Hook(server, li), b"{}"
        assert hook.send({})[0] == 200
        seen = []
        for _ in range(60):
            status, _, fields = post(server, "github", body, {})
            seen.append(status)
            if status == 429:
                assert int(fields["Retry-After"]) >= 1
                break
        assert seen[-1] == 429 and set(seen[:-1]) == {404}, seen
        assert hook.send({})[0] == 200, "it has signed from here before"


def test_trying_says_what_would_be_done_and_does_nothing(desk, refuses):  # noqa: F811
    server = desk()
    with server.client("li") as li:
        assert li.call("hook.try", hook="tracker", body=CREATED, headers={"X-Note": "n", "X-Token": "t"}) == {
            "method": "case.open", "by": "li",
            "params": {"workflow": "ticket", "project": "acme-erp", "comment": "n",
                       "fields": {"summary": "Export fails", "ref": "PROJ-12", "sum": "12.5"}}}
        assert li.call("hook.try", hook="tracker", body={}) == {"ignored": "no event of ours", "by": "li"}
        assert li.call("case.list", workflow="ticket")["items"] == []
        refuses("rule_error", li, "hook.try", hook="tracker", body={"fail": True})
        refuses("not_found", li, "hook.try", hook="trackr", body={})
        refuses("not_found", li, "hook.secret", hook="trackr")
        refuses("invalid", li, "hook.secret", hook="tracker", secret="whsec_short")
        refuses("invalid", li, "hook.secret", hook="crm", secret="short")
    with server.client("wang") as wang:
        for method in ("hook.list", "hook.revoke", "hook.secret", "hook.try"):
            refuses("forbidden", wang, method,
                    **({} if method == "hook.list" else {"hook": "tracker"}),
                    **({"body": {}} if method == "hook.try" else {}))


def test_one_team_s_webhook_is_another_s_hook(desk):  # noqa: F811
    """What Signoff delivers is signed as a hook of Signoff wants it."""
    def allow(server):
        with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
            f.write(OUTBOX)
    hooks = """hook "other" { scheme = "standard", by = "li", does = function(h)
        if h.body.type ~= "signoff.open" then return { ignore = h.body.type } end
        return { open = "ticket", project = "acme-erp", fields = { summary = h.body.subject, ref = h.body.id } }
      end },
    """
    server = desk(hooks=hooks, prepare=allow)
    with server.client("li") as li:
        secret = li.call("hook.secret", hook="other")["secret"]
        li.call("endpoint.add", endpoint="self", secret=secret, workflows=["issue"],
                url="http://127.0.0.1:%d/hooks/demo/other" % server.http_port)
        case = li.call("case.open", workflow="issue", project="acme-erp", fields={"summary": "s"})["case"]
        made = until(lambda: li.call("case.list", workflow="ticket")["items"])
        assert [m["title"] for m in made] == [case]
        until(lambda: li.call("delivery.list")["items"] == [])


@pytest.mark.parametrize("hooks", ["", 'hook "later" { scheme = "bearer", by = "li", does = function(h) return { ignore = "x" } end },'])
def test_a_reload_changes_which_hooks_there_are(desk, hooks):  # noqa: F811
    server = desk()
    path = os.path.join(server.site, "teams", "demo", "team.lua")
    with server.client("li") as li:
        hook = Hook(server, li)
        assert hook.send({})[0] == 200
        with open(path, encoding="utf-8") as f:
            text = f.read()
        begin, end = text.index("hook \"tracker\""), text.rindex("}")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text[:begin] + hooks + text[end:])
        li.call("workflow.reload")
        assert hook.send({})[0] == 404
        assert [h["hook"] for h in li.call("hook.list")["items"]] == (["later"] if hooks else [])
