# SPDX-License-Identifier: Apache-2.0
"""Certificates: what they prove, to whom they are given, and that no byte of one can be another. The
judge beside the program is examples/verify/verify.py, written from the format's description."""
import base64
import html.parser
import json
import os
import re
import subprocess
import sys

import pytest
from link_help import Visitor, ask, desk, link  # noqa: F401
from signoff import RpcError

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "examples", "verify"))

import verify as judge  # noqa: E402


@pytest.fixture
def decided(desk):
    """A running site in which mei has agreed to a sheet by a link; and the sheet's key."""
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        li.call("case.comment", case=key, text="INTERNAL-TALK about the margin")
        li.call("case.comment", case=key, text="For you to read", shared=True)
        Visitor(server, link(li, key)["path"]).answer(comment="As <b>discussed</b>")
    return server, key


def get(server, who, key, **params):
    with server.client(who) as one:
        return one.call("certificate.get", case=key, **params)


def site_key(server):
    with server.client("li") as li:
        return li.call("server.info")["public_key"]


def run(server, *words, check=None, **more):
    done = subprocess.run([server.signoff, *words], capture_output=True, env={**os.environ, **more})
    assert check is None or done.returncode == check, done.stderr.decode()
    return done


def keep(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(data)
    return path


def test_says_who_agreed_to_exactly_what_and_when(decided):
    server, key = decided
    made = get(server, "mei", key)
    found = judge.verify(made["text"].encode(), site_key(server))
    assert (found["team"], found["case"], found["outcome"]) == ("demo", key, "agreed")
    assert [(r["approval"], r["number"], r["ended"]) for r in found["rounds"]] == \
        [("asked", 1, {"outcome": "approved"})]
    ballot, = found["ballots"]
    assert (ballot["person"], ballot["choice"]) == ("mei", "approve")
    assert ballot["content"]["fields"] == {"body": "Ten <b>seats</b>", "price": "500.00"}
    assert ballot["content"]["case"] == key and ballot["content"]["workflow"] == "sheet"
    with server.client("li") as li:
        rounds = li.call("case.get", case=key)["approvals"]
    assert ballot["digest"] == rounds[0]["ballots"][0]["digest"]


def test_shows_nothing_internal_whoever_asks(decided):
    server, key = decided
    for who in ("li", "mei"):
        for form in ("json", "html"):
            text = get(server, who, key, format=form)["text"]
            if form == "html":
                text += base64.b64decode(text[text.rindex("1\n") + 2:-len("\n-->\n")]).decode()
            assert "SECRET-MARGIN" not in text and "INTERNAL-TALK" not in text
            shown = re.sub(r"<style>.*?</style>", "", text, flags=re.S)
            assert "margin" not in shown, "not even what an internal field is called"
            assert "For you to read" in text


def test_is_given_to_who_may_see_the_case(decided):
    server, key = decided
    with server.client("li") as li:
        li.call("client.create", client="other", title="Other")
        li.call("person.create", person="eve", title="Eve", client="other")
        secret = li.call("token.create", person="eve")["token"]
        open_one = ask(li)
        with pytest.raises(RpcError) as refused:
            li.call("certificate.get", case=open_one)
        assert refused.value.code == "not_now"
        with pytest.raises(RpcError) as refused:
            li.call("certificate.get", case=key, round=7)
        assert refused.value.code == "not_now"
        for name, value in (("format", "pdf"), ("language", "fr")):
            with pytest.raises(RpcError) as refused:
                li.call("certificate.get", case=key, **{name: value})
            assert refused.value.code == "invalid" and refused.value.data["pointer"] == "/" + name
    with server.connect(secret) as eve:
        for absent in (key, "SH-77"):
            with pytest.raises(RpcError) as refused:
                eve.call("certificate.get", case=absent)
            assert refused.value.code == "not_found"


def test_every_changed_byte_of_the_json_is_found(decided, folder):
    server, key = decided
    data = get(server, "mei", key)["text"].encode()
    known = site_key(server)
    judge.verify(data, known)
    for i in range(len(data)):
        with pytest.raises(judge.Broken):
            judge.verify(data[:i] + bytes([data[i] ^ 0x01]) + data[i + 1:], known)
    for changed in (data[:-1], data + b"\n", b" " + data, b"\xef\xbb\xbf" + data,
                    data.replace(b",", b", ", 1), data.replace(b":", b" :", 1)):
        with pytest.raises(judge.Broken):
            judge.verify(changed, known)


def test_changed_bytes_of_the_page_are_found(decided):
    """Each third: unit.test_certificate has all of them."""
    server, key = decided
    data = get(server, "mei", key, format="html")["text"].encode()
    known = site_key(server)
    assert judge.verify(data, known)["page"] is True
    for i in range(0, len(data), 3):
        with pytest.raises(judge.Broken):
            judge.verify(data[:i] + bytes([data[i] ^ 0x01]) + data[i + 1:], known)
    for changed in (data[:-1], data + b"\n", b"\n" + data, data.replace(b"</main>", b"</main> ")):
        with pytest.raises(judge.Broken):
            judge.verify(changed, known)


def test_the_program_finds_what_the_script_finds(decided, folder):
    """One run of the program per byte would take too long: some of each file here, and all of them
    in unit.test_certificate."""
    server, key = decided
    known = site_key(server)
    for form in ("json", "html"):
        data = get(server, "mei", key, format=form)["text"].encode()
        path = keep(folder, "whole." + form, data)
        assert b"whole" in run(server, "verify", path, "--key", known, check=0).stdout
        found = json.loads(run(server, "verify", path, "--key", known, "--json", check=0).stdout)
        theirs = judge.verify(data, known)
        assert [b["content"] for b in found["ballots"]] == [b["content"] for b in theirs["ballots"]]
        assert found["key_known"] is True and found["entries"] == theirs["entries"]
        for i in range(0, len(data), max(1, len(data) // 40)):
            bad = keep(folder, "bad", data[:i] + bytes([data[i] ^ 1]) + data[i + 1:])
            done = run(server, "verify", bad, "--key", known)
            assert done.returncode != 0 and b"bad" in done.stderr, i
        other = run(server, "verify", path, "--key", "0" * 64)
        assert other.returncode != 0 and known.encode() in other.stderr
    assert b"64 hex digits" in run(server, "verify", path, "--key", "abc").stderr


def test_another_site_cannot_make_one(decided, folder, make_server):
    """A key of one's own signs, and is told apart by the key alone: without it a certificate says
    so."""
    server, key = decided
    path = keep(folder, "c.json", get(server, "mei", key)["text"].encode())
    said = run(server, "verify", path, "--lang", "en", check=0).stdout
    assert b"is not checked" in said
    assert b"is not checked" not in run(server, "verify", path, "--lang", "en", "--key",
                                        site_key(server), check=0).stdout


def test_the_command_line_keeps_the_very_bytes(decided, folder):
    server, key = decided
    there = {"SIGNOFF_SITE": server.site, "XDG_CONFIG_HOME": folder}
    page = os.path.join(folder, "c.html")
    run(server, "certificate", key, "--as", "mei", "--output", page, check=0, **there)
    with open(page, "rb") as file:
        assert judge.verify(file.read(), site_key(server))["page"]
    again = run(server, "certificate", key, "--as", "mei", "--output", page, **there)
    assert again.returncode != 0, "what is there is not overwritten"
    printed = run(server, "certificate", key, "--as", "li", "--json", check=0, **there).stdout
    judge.verify(printed, site_key(server))
    words = run(server, "certificate", key, "--as", "mei", "--lang", "en", check=0, **there).stdout.decode()
    assert "Ten <b>seats</b>" in words and "Mei Lin" in words and "approved" in words
    assert "签" in run(server, "certificate", key, "--as", "mei", "--lang", "zh", check=0, **there).stdout.decode()
    script = subprocess.run([sys.executable, judge.__file__, page, "--key", site_key(server)],
                            capture_output=True, check=True)
    assert b"mei: approve" in script.stdout and b"price: 500.00" in script.stdout


class Tags(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.handlers = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name in ("src", "href")]

    def handle_data(self, data):
        self.words.append(data)


def test_page_runs_nothing_and_is_in_both_languages(decided):
    server, key = decided
    for language, words in (("en", ("Certificate of a decision", "What is agreed", "approved", "Who decided")),
                            ("zh", ("约定内容", "签核凭证"))):
        text = get(server, "mei", key, format="html", language=language)["text"]
        page = Tags(text)
        read = " ".join(page.words)
        for word in words:
            assert word in read, word
        assert not {"script", "img", "iframe", "link", "form"} & set(page.tags) and not page.handlers
        assert "As <b>discussed</b>" in read and "Mei Lin" in read and key in read
        assert "@media print" in text and 'name="viewport"' in text
    assert not re.search(r"url\(|@import", text)


def test_deemed_decision_is_certified_without_a_ballot(desk):
    server = desk()
    with server.client("li") as li:
        key = ask(li)
        li.call("clock.advance", by="6 days")
        found = judge.verify(li.call("certificate.get", case=key)["text"].encode())
        assert found["ballots"] == [] and found["rounds"][0]["ended"] == {"manner": "deemed", "outcome": "approved"}


def test_each_round_has_its_own(desk):
    server = desk()
    with server.client("li") as li, server.client("mei") as mei:
        key = ask(li)
        for choice, body in (("changes", "Ten <b>seats</b>"), ("approve", "Twelve seats")):
            digest = mei.call("case.get", case=key)["approvals"][0]["digest"]
            mei.call("approval.vote", case=key, choice=choice, digest=digest, comment="Twelve")
            if choice == "changes":
                li.call("case.edit", case=key, fields={"body": "Twelve seats"})
                li.call("case.fire", case=key, event="ask")
        first = judge.verify(mei.call("certificate.get", case=key, round=1)["text"].encode())
        last = judge.verify(mei.call("certificate.get", case=key, approval="asked")["text"].encode())
    for found, choice, body in ((first, "changes", "Ten <b>seats</b>"), (last, "approve", "Twelve seats")):
        ballot, = found["ballots"]
        assert ballot["choice"] == choice and ballot["content"]["fields"]["body"] == body
