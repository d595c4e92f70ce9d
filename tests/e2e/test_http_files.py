# SPDX-License-Identifier: Apache-2.0
"""PUT /files and GET /files/ID, by http.client, curl and raw sockets: whole, in ranges, by those who
may, and never so that a stranger's bytes run in a browser.

What is right is said by RFC 9110 (ranges, conditions), RFC 6266 and 8187 (names), RFC 9530 (digests).
"""
import base64
import email.message
import email.utils
import hashlib
import http.client
import json
import os
import random
import subprocess
import urllib.parse

import pytest
from http_help import call, dial, fetch, hear_all, read_metrics, statuses, web  # noqa: F401

FIELDS = {"summary": "Add export", "reason": "Auditors ask for it"}


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Browser:
    """One connection that is kept, as one person."""

    def __init__(self, server, name):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=60)
        self.fields = {"Authorization": "Bearer " + server.token(name)} if name else {}

    def ask(self, method, path, body=None, **fields):
        """(status, fields, bytes)"""
        given = {**self.fields, **{k.replace("_", "-"): v for k, v in fields.items()}}
        self.connection.request(method, path, body, given)
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def put(self, data, name="report.pdf", type="application/pdf", **query):
        """The answer of an upload that is taken."""
        query = {"name": name, "sha256": sha256(data), **query}
        status, fields, body = self.ask("PUT", "/files?" + urllib.parse.urlencode(query), data,
                                        Content_Type=type)
        assert status == 201, (status, body)
        made = json.loads(body)
        assert fields["Location"] == "/files/" + made["file"]
        return made

    def get(self, file, query="", **fields):
        return self.ask("GET", "/files/%s%s" % (file, query), **fields)


# ---- whole ----

@pytest.mark.parametrize("size", [0, 1, 4096, 196608, 196609, 5000001])
def test_what_was_put_comes_out_again(web, size):
    server = web()
    li, data = Browser(server, "li"), random.Random(size).randbytes(size)
    made = li.put(data)
    assert (made["name"], made["size"], made["sha256"], made["type"]) == (
        "report.pdf", size, sha256(data), "application/pdf")
    status, fields, body = li.get(made["file"])
    assert status == 200 and body == data
    assert fields["Content-Type"] == "application/pdf" and fields["ETag"] == '"%s"' % sha256(data)
    assert fields["Accept-Ranges"] == "bytes"
    status, head, body = li.ask("HEAD", "/files/" + made["file"])
    assert status == 200 and body == b"" and head["Content-Length"] == str(size)
    own = {"Date": "", "X-Request-Id": ""}  # of each answer
    assert {**head, **own} == {**fields, **own}
    with server.client("li") as lines:  # the same file as by file.get
        assert lines.call("file.get", file=made["file"], length=0)["sha256"] == sha256(data)


def test_curl_puts_and_gets_with_resume(web):
    server = web()
    data, path = os.urandom(3000000), os.path.join(server.site, "file.bin")
    with open(path, "wb") as f:
        f.write(data)
    url = "http://127.0.0.1:%d/files" % server.http_port

    def curl(*words):
        return subprocess.run(["curl", "-sS", "--fail-with-body", "--max-time", "60", "-H",
                               "Authorization: Bearer " + server.token("li"), *words],
                              capture_output=True, check=True).stdout
    # Waits for "100 Continue", as curl does with large bodies.
    made = json.loads(curl("-T", path, "%s?name=file.bin&sha256=%s" % (url, sha256(data))))
    got = os.path.join(server.site, "got.bin")
    with open(got, "wb") as f:
        f.write(data[:1234567])
    curl("-C", "-", "-o", got, "%s/%s" % (url, made["file"]))
    with open(got, "rb") as f:
        assert f.read() == data
    folder = os.path.join(server.site, "down")
    os.mkdir(folder)
    curl("-OJ", "--output-dir", folder, "%s/%s" % (url, made["file"]))
    assert os.listdir(folder) == ["file.bin"]


def test_the_digest_may_come_as_a_field(web):
    server = web()
    li, data = Browser(server, "li"), b"hello, world"
    digest = "sha-256=:%s:" % base64.b64encode(hashlib.sha256(data).digest()).decode()
    status, _, body = li.ask("PUT", "/files?name=a.txt", data, Content_Digest=digest,
                             Content_Type="Text/Plain; charset=utf-8")
    made = json.loads(body)
    assert status == 201 and made["sha256"] == sha256(data) and made["type"] == "text/plain"
    for wrong in (digest.replace("=:", "=:A"), "sha-256=abc", "md5=:%s:" % "A" * 22, ""):
        assert li.ask("PUT", "/files?name=a.txt", data, Content_Digest=wrong)[0] == 400
    assert li.ask("PUT", "/files?name=a.txt&sha256=" + "0" * 64, data, Content_Digest=digest)[0] == 400


def test_a_repeated_put_is_one_file(web):
    server = web()
    li, data = Browser(server, "li"), os.urandom(400000)
    first = li.put(data, request_id="once")
    assert li.put(data, request_id="once") == first
    assert li.put(data)["file"] != first["file"]
    # One whose connection broke in its middle goes on with the same request.
    broken = dial(server)
    broken.sendall(b"PUT /files?name=b&sha256=%s&request_id=twice HTTP/1.1\r\nHost: a\r\n"
                   b"Authorization: Bearer %s\r\nContent-Length: 400000\r\n\r\n" % (
                       sha256(data).encode(), server.token("li").encode()) + data[:250000])
    broken.close()
    again = li.put(data, name="b", type="application/octet-stream", request_id="twice")
    assert li.get(again["file"])[2] == data


# ---- ranges and conditions ----

def test_ranges_are_those_of_the_rfc(web):
    server = web()
    li, data = Browser(server, "li"), bytes(range(256)) * 4
    file, tag = li.put(data)["file"], '"%s"' % sha256(data)
    n = len(data)
    for asked, first, end in [("0-0", 0, 1), ("0-", 0, n), ("10-19", 10, 20), ("1000-9999", 1000, n),
                              ("-1", n - 1, n), ("-5000", 0, n), ("%d-" % (n - 1), n - 1, n)]:
        status, fields, body = li.get(file, Range="bytes=" + asked)
        assert (status, body) == (206, data[first:end]), asked
        assert fields["Content-Range"] == "bytes %d-%d/%d" % (first, end - 1, n)
        assert fields["ETag"] == tag
    for asked in ("%d-" % n, "99999999999999999999-", "-0"):
        status, fields, _ = li.get(file, Range="bytes=" + asked)
        assert status == 416 and fields["Content-Range"] == "bytes */%d" % n, asked
    for ignored in ("bytes=5-2", "bytes=a-b", "bytes=-", "bytes=0-1,5-6", "lines=0-1", "bytes 0-1"):
        status, fields, body = li.get(file, Range=ignored)
        assert (status, body, fields["Content-Range"]) == (200, data, None), ignored
    assert li.ask("HEAD", "/files/" + file, Range="bytes=0-0")[0] == 200
    assert li.get(file, Range="bytes=0-0", If_Range=tag)[0] == 206
    for other in ('"0"', "W/" + tag, "Mon, 05 Jan 2026 09:00:00 GMT"):
        assert li.get(file, Range="bytes=0-0", If_Range=other)[2] == data
    for same in (tag, "W/" + tag, '"0", %s' % tag, "*"):
        status, fields, body = li.get(file, If_None_Match=same, Range="bytes=0-0")
        assert (status, body, fields["ETag"]) == (304, b"", tag), same
    assert li.get(file, If_None_Match='"0"')[0] == 200


def test_ranges_put_together_are_the_file(web):
    server = web()
    rng = random.Random(11)
    data = rng.randbytes(700000)
    li = Browser(server, "li")
    file = li.put(data)["file"]
    for _ in range(40):
        first = rng.randrange(len(data))
        last = min(len(data) - 1, first + rng.choice([0, 1, 131071, 131072, 300000]))
        status, _, body = li.get(file, Range="bytes=%d-%d" % (first, last))
        assert status == 206 and body == data[first:last + 1], (first, last)


# ---- who may ----

def test_it_is_seen_by_those_who_see_it_by_file_get(web):
    server = web()
    with server.client("li") as li:
        case = call(server, "mei", "case.open", workflow="change_request", project="acme-erp",
                    fields=FIELDS)["result"]["case"]
        file = Browser(server, "li").put(b"internal")["file"]
        assert Browser(server, "mei").get(file)[0] == 404
        li.call("case.attach", case=case, file=file)
        assert Browser(server, "mei").get(file)[0] == 404  # the client's person: not shared
        shared = Browser(server, "li").put(b"shared")["file"]
        li.call("case.attach", case=case, file=shared, shared=True)
        assert Browser(server, "mei").get(shared)[2] == b"shared"
        for name in ("li", "mei", "tom"):
            for id in (file, shared, "0" * 32):
                status = Browser(server, name).get(id)[0]
                answer = call(server, name, "file.get", file=id)
                code = answer.get("error", {}).get("data", {}).get("code", "ok")
                assert {"ok": 200, "not_found": 404}[code] == status, (name, id)
        # Absent and foreign cannot be told apart.
        told = [Browser(server, "mei").get(id)[2].replace(id.encode(), b"ID") for id in (file, "0" * 32)]
        assert told[0] == told[1]
        operator = Browser(server, "operator")
        assert operator.get(shared, "?team=demo")[2] == b"shared"
        assert operator.get(shared)[0] == 400
        assert operator.ask("PUT", "/files?name=a&sha256=" + sha256(b"a"), b"a")[0] == 403
    for name, status in ((None, 401), ("li", 200)):
        assert Browser(server, name).get(shared)[0] == status
    assert fetch(server, "/files/" + shared, Authorization="Bearer sgn_wrong")[0] == 401
    assert fetch(server, "/files/" + shared, Origin="https://evil.example")[0] == 403


# ---- what is refused, and what that changes ----

def test_what_is_wrong_with_an_upload_is_said_and_leaves_nothing(web):
    server = web(limits="team_files = 1M")
    data = b"x" * 1000
    good = "/files?name=a&sha256=" + sha256(data)
    for status, path, body, fields in [
            (400, "/files?sha256=" + sha256(data), data, {}),
            (400, "/files?name=a", data, {}),
            (400, "/files?name=a&sha256=XYZ", data, {}),
            (400, "/files?name=%ff&sha256=" + sha256(data), data, {}),
            (400, good + "&shared=1", data, {}),
            (400, "/files?name=a&sha256=" + "0" * 64, data, {}),  # other bytes than were promised
            (400, good, data, {"Content-Type": "nonsense"}),
            (400, good, data, {"Content-Range": "bytes 0-999/1000"}),
            (411, good, iter([data]), {"Transfer-Encoding": "chunked"}),
            (415, good, data, {"Content-Encoding": "gzip"}),
            (405, "/files/" + "0" * 32, data, {}),
            (404, "/files/", data, {}), (404, "/files/a/b", data, {})]:
        li = Browser(server, "li")
        status_, _, told = li.ask("PUT", path, body, **fields)
        assert status_ == status and told, (path, status_, told)
    incoming = os.path.join(server.site, "data", "files", "incoming")
    li = Browser(server, "li")
    li.put(b"y" * 600000)
    assert len(os.listdir(incoming)) <= 4  # the wrong digest keeps what it has until it expires


def test_who_expects_to_be_told_is_told_before_the_body(web):
    server = web(limits="team_files = 1M")
    Browser(server, "li").put(b"y" * 600000)
    good = server.token("li")
    for token, name, size, status in (("sgn_wrong", "a", 1, 401), (good, "a", 2000000, 413),
                                      (good, "a", 600000, 413), (good, "", 1, 400)):
        for expect in (b"", b"Expect: 100-continue\r\n"):
            with dial(server) as sock:
                sock.sendall(b"PUT /files?%s&sha256=%s HTTP/1.1\r\nHost: a\r\nAuthorization: "
                             b"Bearer %s\r\nContent-Length: %d\r\n%s\r\n" % (
                                 b"name=a" if name else b"", b"0" * 64, token.encode(), size, expect))
                assert statuses(hear_all(sock)) == [status]  # and no 100


def test_a_large_file_takes_no_more_memory_than_a_small_one(web, binary):
    server = web()
    data = os.urandom(1 << 20) * 40
    li = Browser(server, "li")

    def memory():
        with open("/proc/%d/status" % server.process.pid, encoding="ascii") as f:
            return next(int(line.split()[1]) for line in f if line.startswith("VmHWM"))
    li.put(data[:1 << 20])
    before = memory()
    made = li.put(data)
    slow = dial(server)
    slow.sendall(b"GET /files/%s HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer %s\r\n\r\n"
                 % (made["file"].encode(), server.token("li").encode()))
    held = read_metrics(fetch(server, "/metrics")[2].decode())["signoff_buffered_bytes"]
    assert held < 2 << 20
    answer = hear_all(slow)
    slow.close()
    assert answer.split(b"\r\n\r\n", 1)[1] == data
    with open(binary, "rb") as f:
        sanitized = b"__asan_init" in f.read()
    if not sanitized:  # whose memory is not ours to judge
        assert memory() - before < 24 << 10  # KiB; the file has 40 MiB


def test_bytes_that_changed_on_the_disk_do_not_pass_as_the_file(web):
    server = web()
    li, data = Browser(server, "li"), os.urandom(500000)
    made = li.put(data)
    path = os.path.join(server.site, "data", "files", sha256(data)[:2], sha256(data))
    os.chmod(path, 0o600)
    with open(path, "r+b") as f:
        f.seek(250000)
        f.write(bytes([data[250000] ^ 1]))
    with pytest.raises(http.client.IncompleteRead):
        li.get(made["file"])
    assert "have changed" in server.log()
    assert fetch(server, "/healthz")[0] == 200


def test_rights_that_are_taken_away_end_a_download(web):
    server = web()
    data = os.urandom(1 << 20) * 20
    file = Browser(server, "mei").put(data)["file"]
    with dial(server) as slow, server.client("li") as li:
        slow.sendall(b"GET /files/%s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n"
                     % (file.encode(), server.token("mei").encode()))
        assert slow.recv(15) == b"HTTP/1.1 200 OK"
        for token in li.call("token.list", person="mei")["items"]:
            li.call("token.revoke", **{k: token[k] for k in ("token", "id", "hash") if k in token})
        assert len(hear_all(slow)) < len(data)


# ---- names, and browsers ----

NAMES = ["report.pdf", "签核 report.pdf", 'a"b\\c%d.txt', "a;b=c.txt", "ünïcode.txt", "a'b.txt",
         "%41.txt", "x" * 250 + ".txt", "字" * 80 + ".txt"]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_read_back_by_a_reader_nobody_here_wrote(web, name):
    server = web()
    li = Browser(server, "li")
    made = li.put(b"x", name=name)
    _, fields, _ = li.get(made["file"])
    message = email.message.Message()
    message["Content-Disposition"] = fields["Content-Disposition"]
    assert message.get_content_disposition() == "attachment"
    if "filename*=" in fields["Content-Disposition"]:  # which goes before the other one
        del message["Content-Disposition"]
        first, _, second = fields["Content-Disposition"].partition("; filename*=")
        message["Content-Disposition"] = first.split(";")[0] + "; filename*=" + second
    read = email.utils.collapse_rfc2231_value(message.get_param("filename", header="content-disposition"))
    assert read == made["name"] == name.split("\\")[-1], fields["Content-Disposition"]
    fields["Content-Disposition"].encode("ascii")


def test_a_strangers_bytes_are_saved_and_never_run(web):
    server = web()
    li = Browser(server, "li")
    for type in ("text/html", "image/svg+xml", "application/pdf", "text/javascript",
                 "application/xhtml+xml"):
        file = li.put(b"<script>alert(1)</script>", name="a.html", type=type)["file"]
        for query in ("", "?inline"):
            _, fields, _ = li.get(file, query)
            assert fields["Content-Disposition"].startswith("attachment;"), (type, query)
            assert "sandbox" in fields.get_all("Content-Security-Policy")
            assert fields["X-Content-Type-Options"] == "nosniff"
            assert "no-cache" in fields["Cache-Control"] and "private" in fields["Cache-Control"]
    file = li.put(b"\x89PNG", name="a.png", type="image/png")["file"]
    assert li.get(file)[1]["Content-Disposition"].startswith("attachment;")
    _, fields, _ = li.get(file, "?inline")
    assert fields["Content-Disposition"].startswith("inline;")
    assert "sandbox" in fields.get_all("Content-Security-Policy")

