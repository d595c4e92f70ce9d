# SPDX-License-Identifier: Apache-2.0
"""Whoever opens, replays, forwards, guesses or floods sign-off links decides nothing. The tests are
named after what people complain of in such systems, and after the threats."""
import http.client
import threading

import pytest
from http_help import fetch
from link_help import Reader, Visitor, ask, desk, link  # noqa: F401
from signoff import RpcError

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def open_rounds(li, key):
    return [r for r in li.call("case.get", case=key)["approvals"] if "ended" not in r]


def test_bots_that_open_links_run_them_and_post_their_forms_approve_nothing(desk):
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        made = link(li, key)
        visitor = Visitor(server, made["path"])
        _, _, text = visitor.get()
        found = Reader(text)
        assert set(found.inputs) == {"comment", "name", "code"} and not any(found.inputs.values())
        for turn in range(20):
            connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=60)
            connection.request(("GET", "HEAD")[turn % 2], made["path"], headers={"Sec-Purpose": "prefetch"})
            connection.getresponse().read()
            connection.close()
            assert visitor.post(**found.inputs)[0] == 422                     # as it was found
            assert visitor.post(**found.inputs, choice=found.choices[0])[0] == 422
            assert fetch(server, made["path"], b"", **FORM)[0] == 422
        filled = {name: "test" for name in found.inputs}
        assert visitor.post(**filled, choice="approve")[0] == 422              # the same in every box
        assert fetch(server, made["path"], b"{}", **{"Content-Type": "application/json"})[0] == 415
        assert open_rounds(li, key)[0]["ballots"] == []
        assert visitor.answer()[0] == 200        # the person still can


def test_a_link_is_for_one_step_and_no_other(desk):
    """A click that comes late is not given to whichever approval waits next."""
    server = desk()
    with server.client("li") as li, server.client("mei") as mei:
        key = li.call("case.open", workflow="steps", project="acme-erp", fields={"body": "x"})["case"]
        with pytest.raises(RpcError) as early:
            link(li, key)
        assert early.value.code == "not_now"                         # not the client's turn yet
        rounds = open_rounds(li, key)
        li.call("approval.vote", case=key, choice="approve", digest=rounds[0]["digest"])
        first = Visitor(server, link(li, key)["path"])
        code = first.code()
        mei.call("approval.vote", case=key, choice="approve",
                 digest=open_rounds(mei, key)[0]["digest"])
        assert li.call("case.get", case=key)["states"] == ["last"]   # the next approval, the same person
        assert first.get()[0] == 410 and "decided already" in first.get()[2]
        status, text = first.post(choice="approve", name="Mei Lin", code=code)
        assert status == 409 and "decided already" in text
        assert li.call("case.get", case=key)["states"] == ["last"]
        second = Visitor(server, link(li, key)["path"])
        assert second.answer()[0] == 200 and li.call("case.get", case=key)["states"] == ["agreed"]


def test_a_link_is_used_once(desk):
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        visitor = Visitor(server, link(li, key)["path"])
        code = visitor.code()
        assert visitor.post(choice="reject", name="mei lin", code=code)[0] == 200
        status, text = visitor.post(choice="approve", name="mei lin", code=code)
        assert status == 409 and "has been used" in text and "reject" in text
        assert visitor.get()[0] == 200 and "<form" not in visitor.get()[2]
        ballots = open_rounds(li, key)[0]["ballots"]
        assert [b["choice"] for b in ballots] == ["reject"]


def test_two_who_race_with_one_link_decide_once(desk):
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        made = link(li, key)
        code = Visitor(server, made["path"]).code()
        results = []

        def race(choice):
            results.append(Visitor(server, made["path"]).post(choice=choice, name="Mei Lin", code=code)[0])
        threads = [threading.Thread(target=race, args=(c,)) for c in ("approve", "reject") * 8]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) == [200] + [409] * 15
        votes = [e for e in li.call("case.history", case=key)["items"] if e["kind"] == "vote"]
        assert len(votes) == 1


def test_whose_answer_it_is_is_never_in_doubt(desk):
    """One link goes to two people: only the one it is for can answer by it."""
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        visitor = Visitor(server, link(li, key, "mei")["path"])
        status, text = visitor.answer(name="Tom Baker")
        assert status == 422 and "The name is not that" in text
        assert open_rounds(li, key)[0]["ballots"] == []
        assert visitor.answer()[0] == 200
        assert li.call("case.get", case=key)["approvals"][0]["ballots"][0]["person"] == "mei"
        assert li.call("link.list")["items"][0]["wrong"] == 1


def test_an_approval_does_not_outlive_its_content(desk):
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        visitor = Visitor(server, link(li, key)["path"])
        code = visitor.code()
        li.call("case.edit", case=key, fields={"note": "not covered"})
        assert visitor.get()[0] == 200                                 # it is still the same content
        li.call("case.edit", case=key, fields={"price": "900.00"})
        status, _, text = visitor.get()
        assert status == 410 and "price" in text.split("What has changed")[1] and "<form" not in text
        assert "What is agreed" not in text.split("What has changed")[1].split("</ul>")[0]
        status, text = visitor.post(choice="approve", name="Mei Lin", code=code)
        assert status == 409 and "price" in text.split("What has changed")[1]
        li.call("case.edit", case=key, fields={"price": "500.00"})     # as it was, but another round
        assert visitor.get()[0] == 410 and "asked anew" in visitor.get()[2]
        assert visitor.post(choice="approve", name="Mei Lin", code=code)[0] == 409
        assert open_rounds(li, key)[0]["ballots"] == []
        newer = Visitor(server, link(li, key)["path"])
        assert newer.code() != code and newer.answer()[0] == 200


def test_the_next_round_is_not_answered_by_the_last_one_s_link(desk):
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        visitor = Visitor(server, link(li, key)["path"])
        code = visitor.code()
        li.call("case.fire", case=key, event="recall")
        status, _, text = visitor.get()
        assert status == 410
        li.call("case.fire", case=key, event="ask")                    # the same content, asked anew
        assert visitor.get()[0] == 410
        assert visitor.post(choice="approve", name="Mei Lin", code=code)[0] == 409
        assert li.call("case.get", case=key)["states"] == ["asked"]


def test_a_late_answer_never_overtakes_the_deadline(desk):
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        visitor = Visitor(server, link(li, key, expires="2026-02-01T00:00:00+08:00")["path"])
        code = visitor.code()
        li.call("clock.advance", by="6 days")
        assert li.call("case.get", case=key)["states"] == ["agreed"]   # deemed
        status, _, text = visitor.get()
        assert status == 410 and "deemed" in text and "2026-01-10 09:00" in text
        assert visitor.post(choice="reject", name="Mei Lin", code=code)[0] == 409
        assert li.call("case.get", case=key)["states"] == ["agreed"]


def test_links_that_were_withdrawn_or_have_ended_say_so_and_then_are_forgotten(desk):
    server = desk()
    with server.client("li") as li:
        key = ask(li, {"body": "x"})
        gone = link(li, key)
        ended = link(li, key, "tom", expires="2026-01-06T09:00:00+08:00")
        li.call("link.revoke", id=gone["id"])
        visitor = Visitor(server, gone["path"])
        assert visitor.get()[0] == 410 and "withdrawn" in visitor.get()[2]
        assert visitor.post(choice="approve", name="Mei Lin", code="ABCDEF")[0] == 410
        late = Visitor(server, ended["path"])
        assert late.get()[0] == 200
        li.call("clock.advance", by="1 day")
        assert late.get()[0] == 410 and "has ended" in late.get()[2]
        assert late.post(choice="approve", name="Tom Baker", code="ABCDEF")[0] == 410
        li.call("clock.advance", by="31 days")
        never = Visitor(server, "/s/" + "A" * 43).get()
        assert late.get()[0] == never[0] == 404 and late.get()[2] == never[2]
        with pytest.raises(RpcError):
            li.call("link.revoke", id="0" * 16)


def test_unknown_links_look_alike_whatever_is_wrong_with_them(desk):
    server = desk()
    with server.client("li") as li, server.client("operator") as operator:
        key = ask(li)
        left = link(li, key, "tom")
        li.call("person.update", person="tom", active=False)           # has left: their links with them
        paths = ["/s/" + "A" * 43, "/s/x", "/s/" + "%00" * 3, "/s/" + left["path"][3:-1] + "A",
                 left["path"], "/s/" + "B" * 3000]
        pages = [Visitor(server, p).get() for p in paths]
        assert {p[0] for p in pages} == {404} and len({p[2] for p in pages}) == 1
        heads = [{k: v for k, v in p[1].items() if k not in ("Date", "X-Request-Id")} for p in pages]
        assert all(h == heads[0] for h in heads)
        posted = [Visitor(server, p).post(choice="approve", name="Tom Baker", code="ABCDEF")
                  for p in paths]
        assert all(p == (404, pages[0][2]) for p in posted)
        assert operator.call("audit.verify", team="demo")


def test_guessing_a_code_is_stopped(desk):
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        visitor = Visitor(server, link(li, key)["path"])
        code = visitor.code()
        for guess in range(5):
            status, text = visitor.post(choice="approve", name="Mei Lin", code="AAAAA%d" % (guess + 2))
            assert status == 422 and "The code is not" in text
        assert visitor.post(choice="approve", name="Mei Lin", code=code)[0] == 429   # even the right one
        assert visitor.get()[0] == 429
        li.call("clock.advance", by="15 minutes")
        assert visitor.get()[0] == 200
        for turn in range(3):
            for guess in range(5):
                assert visitor.post(choice="approve", name="Mei Lin", code="BBBBBB")[0] == 422
            li.call("clock.advance", by="15 minutes")
        assert visitor.get()[0] == 410 and "too many wrong answers" in visitor.get()[2]
        assert visitor.post(choice="approve", name="Mei Lin", code=code)[0] == 410
        assert open_rounds(li, key)[0]["ballots"] == []
        assert li.call("link.list")["items"][0]["wrong"] == 20


def test_who_tries_addresses_is_put_off_whatever_is_behind_them(desk):
    server = desk()
    with server.client("li") as li:
        good = link(li, ask(li))["path"]
    for i in range(20):        # limits.address_login_failures
        assert Visitor(server, "/s/%043d" % i, X_Forwarded_For="203.0.113.5").get()[0] == 404
    for path in ("/s/" + "A" * 43, good):
        status, fields, _ = Visitor(server, path, X_Forwarded_For="203.0.113.5").get()
        assert status == 429 and 0 < int(fields["Retry-After"]) <= 600
    assert Visitor(server, good, X_Forwarded_For="203.0.113.6").get()[0] == 200
    # Who shares the address is not locked out of what was there lately.
    assert Visitor(server, good, X_Forwarded_For="203.0.113.5").get()[0] == 200


def test_another_site_s_page_cannot_answer(desk):
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        made = link(li, key)
        code = Visitor(server, made["path"]).code()
        assert Visitor(server, made["path"], Origin="https://evil.example").post(
            choice="approve", name="Mei Lin", code=code)[0] == 403
        # A browser that keeps its page's address to itself says "null".
        assert Visitor(server, made["path"], Origin="null").post(
            choice="approve", name="Mei Lin", code=code)[0] == 200


def test_forms_that_can_be_read_two_ways_decide_nothing(desk):
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        visitor = Visitor(server, link(li, key)["path"])
        code = visitor.code().encode()
        good = b"choice=approve&name=Mei+Lin&code=" + code
        for body in (good + b"&choice=reject", good.replace(b"Lin", b"Lin%00"),
                     good + b"&comment=%ff", good.replace(b"Mei", b"%F0%90"), b"&" * 5000,
                     good + b"&comment=" + b"x" * 20000 + b"&name=Tom",
                     b"choice=steal&name=Mei+Lin&code=" + code):
            assert fetch(visitor.server, visitor.path, body, **FORM)[0] == 422, body[:60]
        assert fetch(visitor.server, visitor.path, b"x" * 70000, **FORM)[0] == 413
        assert open_rounds(li, key)[0]["ballots"] == []
        assert fetch(visitor.server, visitor.path, good, **FORM)[0] == 200


def test_evidence_cannot_be_forged_by_who_votes_over_the_protocol(desk):
    server = desk()
    with server.client("li") as li, server.client("mei") as mei:
        key = ask(li)
        digest = open_rounds(mei, key)[0]["digest"]
        with pytest.raises(RpcError) as refused:
            mei.call("approval.vote", case=key, choice="approve", digest=digest,
                     via={"link": "x", "address": "192.0.2.1"})
        assert refused.value.number == -32602
        with pytest.raises(RpcError) as refused:        # the same content, but not the same question
            mei.call("approval.vote", case=key, choice="approve", digest=digest, round=2)
        assert refused.value.code == "conflict" and refused.value.data["round"] == 1
        mei.call("approval.vote", case=key, choice="approve", digest=digest, round=1)
        assert "via" not in li.call("case.get", case=key)["approvals"][0]["ballots"][0]


def test_a_content_that_is_hostile_stays_text(desk):
    server = desk()
    evil = "</td></table><script>alert(1)</script><form action=//evil><img src=x onerror=1>\" ' &lt;"
    with server.client("li") as li:
        key = ask(li, {"body": evil})
        _, _, text = Visitor(server, link(li, key)["path"]).get()
    page = Reader(text)
    assert "script" not in page.tags and "img" not in page.tags and page.tags.count("form") == 1
    assert evil in page.text
