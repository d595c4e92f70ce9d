# SPDX-License-Identifier: Apache-2.0
"""Sign-off links: what whoever is asked sees, and what an answer leaves behind. Who tries to answer
without being asked is in test_links_attack.py."""
import base64
import hashlib
import http.client
import os
import re

import pytest
from http_help import fetch
from link_help import Reader, Visitor, ask, desk, link  # noqa: F401
from signoff import RpcError


def states(li, key):
    return li.call("case.get", case=key)["states"]


def test_page_shows_exactly_what_is_agreed_to_and_changes_nothing(desk):
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        made = link(li, key)
        before = li.call("case.get", case=key)
        status, fields, text = Visitor(server, made["path"]).get()
        page = Reader(text)
        digest = li.call("case.get", case=key)["approvals"][0]["digest"]
        assert status == 200 and li.call("case.get", case=key) == before
    assert "Ten <b>seats</b>" in page.text and "500.00" in page.text and "What is agreed" in page.text
    assert digest in page.text and made["digest"] == digest
    assert text.index("<th>What is agreed") < text.index("<th>price") < text.index("<th>plan")
    assert "by phone" in page.text.split("For information")[1]      # not covered, and said so
    assert "by phone" not in page.text.split("For information")[0]
    assert "SECRET-MARGIN" not in text
    assert "Mei Lin" in page.text and "Li Ting" in page.text and "ERP for Acme" in page.text
    assert "2026-01-10 09:00" in page.text and "deemed" in page.text  # by when; what silence means
    assert "“agreed”" in page.text and "“refused”" in page.text and "“draft”" in page.text
    assert page.choices == ["approve", "reject", "abstain", "defer", "changes"]


def test_page_runs_nothing_fetches_nothing_and_tells_nobody(desk):
    server = desk()
    with server.client("li") as li:
        made = link(li, ask(li))
    _, fields, text = Visitor(server, made["path"]).get()
    page = Reader(text)
    assert "script" not in page.tags and not page.fetched and "Set-Cookie" not in fields
    policy = fields["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy
    assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
    style = re.search(r"<style>(.*?)</style>", text, re.S).group(1)
    assert "'sha256-%s'" % base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in policy
    assert "'unsafe" not in policy
    assert fields["Referrer-Policy"] == "no-referrer" and "noindex" in fields["X-Robots-Tag"]
    assert fields["Cache-Control"] == "no-store" and "noindex" in text
    assert 'name="viewport"' in text and "@media print" in text


def test_page_is_in_the_language_of_who_reads_it(desk):
    server = desk()
    with server.client("li") as li:
        made = link(li, ask(li))
    chinese = Visitor(server, made["path"], "zh-CN,zh;q=0.9,en;q=0.8")
    assert 'lang="zh-CN"' in chinese.get()[2] and "约定内容" in chinese.get()[2]
    assert "您的答复" in chinese.get()[2] and "Your answer" not in chinese.get()[2]
    assert "Your answer" in chinese.get("?lang=en")[2] and 'href="?lang=zh"' in chinese.get("?lang=en")[2]
    assert "没有这个链接" in Visitor(server, "/s/nothing", "zh").get()[2]


def test_an_answer_is_a_ballot_of_that_person_with_its_evidence(desk):
    server = desk()
    with server.client("li") as li, server.client("tom") as tom:
        key = ask(li)
        made = link(li, key)
        visitor = Visitor(server, made["path"], X_Forwarded_For="spoofed, 203.0.113.9")
        status, text = visitor.answer(comment="As discussed <i>", name=" mei  LIN ")
        assert status == 200 and "Your answer has been recorded" in text
        assert "As discussed &lt;i&gt;" in text and made["digest"] in text
        view = li.call("case.get", case=key)
        ballot = view["approvals"][0]["ballots"][0]
        entry = li.call("case.history", case=key)["items"][0]
        assert view["states"] == ["agreed"]
        assert (ballot["person"], ballot["choice"], ballot["channel"]) == ("mei", "approve", "link")
        assert ballot["digest"] == made["digest"]
        assert ballot["via"] == {"link": made["id"], "maker": "li", "name": " mei  LIN ",
                                 "address": "203.0.113.9", "agent": "Test browser/1.0"}
        assert entry["kind"] == "vote" and entry["actor"] == "mei" and entry["channel"] == "link"
        assert tom.call("case.get", case=key)["approvals"][0]["ballots"][0]["via"] == ballot["via"]
        row = li.call("link.list", case=key)["items"][0]
        assert row["used"] and row["wrong"] == 0 and "path" not in row and "hash" not in row
        assert li.call("audit.verify")["entries"] > 0


def test_choices_that_need_a_reason_are_refused_without_one(desk):
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        visitor = Visitor(server, link(li, key)["path"])
        status, text = visitor.answer("changes")
        assert status == 422 and "Nothing has been decided" in text and states(li, key) == ["asked"]
        assert 'value="changes" required checked' in text         # what was chosen is still there
        status, text = visitor.answer("changes", comment="Twelve seats")
        assert status == 200 and states(li, key) == ["draft"]
        assert "Twelve seats" in str(li.call("case.history", case=key)["items"])


def test_links_are_made_by_their_person_or_a_lead(desk):
    server = desk()
    with server.client("li") as li, server.client("mei") as mei, server.client("wang") as wang, \
            server.client("operator") as operator:
        key = ask(li)
        assert link(li, key)["maker"] == "li"
        assert mei.call("link.create", case=key)["person"] == "mei"
        assert link(li, key, "tom")["person"] == "tom"
        for who, params, code in ((mei, {"person": "tom"}, "forbidden"),
                                  (wang, {"person": "mei"}, "forbidden"),
                                  (operator, {"team": "demo", "person": "mei"}, "forbidden"),
                                  (wang, {}, "not_now"), (li, {"person": "nobody"}, "invalid"),
                                  (li, {"person": "mei", "expires": "2026-01-01T00:00:00Z"}, "invalid"),
                                  (li, {"person": "mei", "approval": "draft"}, "not_now")):
            with pytest.raises(RpcError) as refused:
                who.call("link.create", case=key, **params)
            assert refused.value.code == code, params
        assert len(li.call("link.list")["items"]) == 3
        assert [r["person"] for r in mei.call("link.list", person="tom")["items"]] == ["mei", "mei"]
        assert wang.call("link.list")["items"] == []
        with pytest.raises(RpcError) as refused:
            wang.call("link.revoke", id=mei.call("link.list")["items"][0]["id"])
        assert refused.value.code == "not_found"


def test_what_the_store_holds_opens_nothing(desk):
    """Nor does the history: the address is shown once, and by nothing that is kept."""
    server = desk()
    with server.client("li") as li, server.client("operator") as operator:
        key = ask(li)
        made = li.call("link.create", case=key, person="mei", request_id="once")
        token = made["path"].split("/")[-1]
        again = li.call("link.create", case=key, person="mei", request_id="once")
        assert again["id"] == made["id"] and "path" not in again and "url" not in again
        exported = str(operator.call("audit.export", team="demo", limit=500))
        assert made["id"] in exported and token not in exported
        assert token not in str(li.call("link.list"))
    server.stop()
    for folder, _, names in os.walk(server.site):
        for name in names:
            with open(os.path.join(folder, name), "rb") as f:
                assert token.encode() not in f.read(), name


def test_links_have_the_public_address_of_the_site(desk):
    server = desk(net="public_url = https://signoff.example/")
    with server.client("li") as li:
        made = link(li, ask(li))
        assert made["url"] == "https://signoff.example" + made["path"]
        assert re.fullmatch(r"/s/[A-Za-z0-9_-]{43}", made["path"])


def test_head_is_as_get_without_its_body(desk):
    server = desk()
    with server.client("li") as li:
        made = link(li, ask(li))
    connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=60)
    connection.request("HEAD", made["path"])
    answer = connection.getresponse()
    assert answer.status == 200 and answer.read() == b"" and int(answer.getheader("Content-Length")) > 1000
    for method, path, expected in (("PUT", made["path"], 405), ("GET", "/s/", 404),
                                   ("GET", made["path"] + "/x", 404), ("GET", "/s", 404)):
        connection.request(method, path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == expected, (method, path)
    connection.close()


def test_files_that_are_agreed_to_can_be_read_and_no_others(desk):
    server = desk()
    plan, secret = b"%PDF-1.4 the plan" + bytes(range(256)) * 3000, b"not for clients"
    with server.client("li") as li:
        def upload(data, name):
            begun = li.call("file.begin", name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())
            for at in range(0, len(data), 300000):
                li.call("file.put", upload=begun["upload"], offset=at,
                        data=base64.b64encode(data[at:at + 300000]).decode())
            return li.call("file.end", upload=begun["upload"])["file"]
        shown, hidden, other = upload(plan, "计划 \"v2\".pdf"), upload(secret, "x"), upload(b"y", "y")
        key = ask(li, {"body": "as planned", "plan": shown})
        li.call("case.attach", case=key, file=shown, shared=True)
        li.call("case.attach", case=key, file=hidden)
        li.call("case.attach", case=ask(li), file=other, shared=True)
        made = link(li, key)
        visitor = Visitor(server, made["path"])
        _, _, text = visitor.get()
        digest = hashlib.sha256(plan).hexdigest()
        assert text.index(digest) < text.index("Digest of this content")     # it is what is agreed to
        assert 'href="?file=%s"' % shown in text and "%d bytes" % len(plan) in text
        assert hidden not in text and hashlib.sha256(secret).hexdigest() not in text
        status, fields, body = fetch(server, made["path"] + "?file=" + shown)
        assert status == 200 and body == plan and fields["Content-Type"] == "application/octet-stream"
        assert fields["Content-Disposition"].startswith("attachment") and "\r" not in str(fields)
        assert fields["X-Content-Type-Options"] == "nosniff"
        for wrong in (hidden, other, "x" * 32, shown[:-1] + "0", "../../etc/passwd"):
            assert fetch(server, made["path"] + "?file=" + wrong)[0] == 404, wrong
        assert visitor.answer()[0] == 200
        assert fetch(server, made["path"] + "?file=" + shown)[2] == plan     # what was agreed to
        again = link(li, ask(li))
        li.call("link.revoke", id=again["id"])
        assert fetch(server, again["path"] + "?file=" + shown)[0] == 404
