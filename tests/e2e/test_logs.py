# SPDX-License-Identifier: Apache-2.0
"""The access log and the administrators' log: all that was asked stands there once, with who and from
where, and nothing that opens a door."""
import base64
import json
import os
import re
import signal
import socket
import stat
import subprocess

from http_help import call, dial, fetch, hear_all, web  # noqa: F401

FIELDS = {"summary": "Add export", "reason": "Auditors ask for it: BUSINESS"}


def text(server, name):
    with open(os.path.join(server.site, name), "rb") as f:
        return f.read()


def lines(server, name="access.log"):
    """All lines; every one is an object in printable ASCII."""
    read = text(server, name)
    assert re.fullmatch(rb"(?:[ -~]*\n)*", read)
    return [json.loads(line) for line in read.splitlines()]


def stopped(server, name="access.log"):
    """What the log holds when the server has ended: by then all is written."""
    assert server.stop() == 0
    return lines(server, name)


def test_each_call_is_told_once_with_who_what_and_how_it_ended(web):
    server = web(log="access = access.log")
    with server.client("li") as li:
        case = li.call("case.open", workflow="change_request", project="acme-erp", fields=FIELDS,
                       request_id="first")["case"]
        li.send("case.fire", {"case": case, "event": "nonsense"})
        li.receive()
        li.send_bytes(b"no json\n")
        li.receive()
        li.send("no.method", {})
        li.receive()
        li.call("session.logout")
    call(server, "mei", "case.list")
    with server.client("operator") as operator:
        operator.call("case.get", team="demo", case=case)
    logged = [e for e in stopped(server) if "method" in e or e.get("result") != "ok"]
    shown = [(e["channel"], e.get("team"), e.get("person"), e.get("operator"), e.get("method"),
              e.get("case"), e["result"]) for e in logged]
    assert shown == [
        ("line", "demo", "li", None, "session.login", None, "ok"),
        ("line", "demo", "li", None, "case.open", None, "ok"),
        ("line", "demo", "li", None, "case.fire", case, "not_now"),
        ("line", "demo", "li", None, None, None, "parse"),
        ("line", "demo", "li", None, None, None, "method"),
        ("line", "demo", "li", None, "session.logout", None, "ok"),
        ("http", "demo", "mei", None, "case.list", None, "ok"),
        ("line", None, None, True, "session.login", None, "ok"),
        ("line", "demo", None, True, "case.get", case, "ok")]
    opened = logged[1]
    assert opened["entry"] > 0 and opened["request_id"] == "first" and opened["from"] == "127.0.0.1"
    for entry in logged:
        assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", entry["at"])
        assert 0 <= entry["ms"] < 60000
    tokens = {e.get("token") for e in logged if e.get("person") == "li"}
    assert len(tokens) == 1 and re.fullmatch(r"[0-9a-f]{8,}", tokens.pop())


def test_http_is_told_without_what_may_be_secret_in_its_path(web):
    server = web(log="access = access.log")
    for path in ("/healthz", "/metrics?x=SECRET", "/s/SECRET", "/SECRET?a", "/files/SECRET", "/rpc"):
        fetch(server, path, **({"Authorization": "Bearer sgn_SECRET"} if "files" in path else {}))
    with dial(server) as sock:
        sock.sendall(b"nonsense SECRET\r\n\r\n")
        hear_all(sock)
    told = stopped(server)
    assert [(e["http"], e["status"]) for e in told if "http" in e] == [
        ("GET /healthz", 200), ("GET /metrics", 200), ("GET /s/...", 404), ("GET /SECRET", 404),
        ("GET /files/...", 401), ("GET /rpc", 426), ("- ", 400)]
    assert b"sgn_SECRET" not in text(server, "access.log")


def test_no_secret_and_no_text_of_a_case_is_written(web):
    server = web(log="access = access.log")
    secrets = [server.token(name) for name in ("li", "mei", "operator")] + ["sgn_wrong_TOKEN"]
    with server.client("li") as li:
        made = li.call("token.create", person="mei", name="phone")
        secrets.append(made["token"])
        case = li.call("case.open", workflow="change_request", project="acme-erp", fields=FIELDS)["case"]
        li.call("case.comment", case=case, text="COMMENT")
        li.send("session.login", {"token": "sgn_wrong_TOKEN"})
        li.receive()
    call(server, "mei", "case.get", case=case)
    fetch(server, "/rpc", b"{}", Content_Type="application/json", Authorization="Bearer sgn_wrong_TOKEN")
    server.stop()
    for name in ("access.log", "admin.log"):
        written = text(server, name)
        assert written
        for secret in secrets + ["BUSINESS", "COMMENT", "Add export"]:
            assert secret.encode() not in written, (name, secret)
            assert base64.b64encode(secret.encode()) not in written
        assert stat.S_IMODE(os.stat(os.path.join(server.site, name)).st_mode) == 0o600


def test_what_a_stranger_sends_forges_no_line(web):
    server = web(log="access = access.log")
    nasty = '\x1b[31m\n{"result":"ok"}\r\x7f\u202e\u0085 签'
    with server.client("li") as li:
        for params in ({"case": nasty}, {"case": nasty + "\0"}, {"case": "x" * 100000}, {"case": "CR-1", "request_id": nasty}):
            li.send("case.get", params)
            li.receive()
        li.send("person.create", {"person": nasty, "title": "x"})
        li.receive()
        li.send("person.create", {"person": "y" * 100000, "title": "x"})
        li.receive()
    told = stopped(server)  # which reads every line as printable ASCII
    assert [e["result"] for e in told].count("ok") == 1
    assert len(text(server, "access.log")) < 4000 and len(text(server, "admin.log")) < 4000
    assert lines(server, "admin.log")[-1]["about"]["person"] == "(long)"


def test_sighup_begins_a_new_file_and_loses_nothing(web):
    server = web(log="access = access.log\nadmin =")
    path = os.path.join(server.site, "access.log")
    n = 0
    with server.client("li") as li:
        for round_ in range(3):
            for _ in range(50):
                li.call("server.ping")
                n += 1
            os.rename(path, "%s.%d" % (path, round_))
            server.process.send_signal(signal.SIGHUP)
            while not os.path.exists(path):  # what is asked meanwhile is told in either
                li.call("server.ping")
                n += 1
    told = stopped(server)
    for round_ in range(3):
        told += lines(server, "access.log.%d" % round_)
    assert len([e for e in told if e.get("method") == "server.ping"]) == n
    assert not os.path.exists(os.path.join(server.site, "admin.log"))


def test_who_hangs_up_before_the_answer_is_told_all_the_same(web):
    server = web(log="access = access.log")
    for _ in range(10):
        with server.client("li") as li:
            li.send("person.update", {"person": "mei", "title": "Mei"})
            li.flush()
            li.socket.shutdown(socket.SHUT_RDWR)
    told = stopped(server, "admin.log")
    server.start()
    with server.client("li") as li:
        head = li.call("watch.start")["head"]
    done = [e for e in told if e.get("method") == "person.update" and e["result"] == "ok"]
    # Every one that became an entry, whoever waited for it: the first entries are those of the site.
    assert len(done) == head - 1 and all(e["person"] == "li" for e in done)


def test_the_administrators_log_has_what_changes_rights_and_who_tried(web):
    server = web()
    with server.client("li") as li, server.client("mei") as mei:
        made = li.call("token.create", person="mei", name="phone")
        li.call("token.revoke", id=made["id"])
        li.call("person.create", person="new", title="New", language="en")
        mei.send("person.create", {"person": "evil", "title": "Evil", "lead": True})
        mei.receive()
        li.call("case.open", workflow="change_request", project="acme-erp", fields=FIELDS)
        li.call("case.list")
        mei.send("session.login", {"token": "sgn_wrong"})
        mei.receive()
    fetch(server, "/rpc", b"{}", Content_Type="application/json", Authorization="Bearer sgn_wrong")
    told = stopped(server, "admin.log")
    assert [(e["channel"], e.get("person"), e["method"], e["result"]) for e in told] == [
        ("line", "li", "token.create", "ok"), ("line", "li", "token.revoke", "ok"),
        ("line", "li", "person.create", "ok"), ("line", "mei", "person.create", "forbidden"),
        ("line", "mei", "session.login", "unauthenticated"),
        ("http", None, "session.login", "unauthenticated")]
    assert told[0]["about"] == {"person": "mei", "name": "phone", "id": made["id"]}
    assert told[1]["about"] == {"id": made["id"]} and told[2]["entry"] > 0
    assert told[3]["about"] == {"person": "evil", "lead": True} and told[3]["error"]


def test_a_log_that_cannot_be_kept_is_said_at_the_start_and_a_full_disk_stops_nothing(web, binary):
    server = web(log="access = /dev/full")
    with server.client("li") as li:
        for _ in range(100):
            li.call("server.ping")
    assert server.stop() == 0
    done = subprocess.run([binary, "serve", server.site, "--listen", "127.0.0.1:0"],
                          env={**os.environ, "SIGNOFF_LOG_ACCESS": "nowhere/access.log"},
                          capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "nowhere/access.log" in done.stderr


def test_each_request_has_a_name_by_which_all_logs_call_it(web):
    server = web(log="access = access.log")
    with server.client("li") as li:
        li.call("server.ping")
        li.call("case.list")
        li.send_bytes(b"no json\n")
        li.receive()
    kept = fetch(server, "/healthz", X_Request_Id="edge-7.b_2")[1]["x-request-id"]
    asked = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "case.list"}).encode()
    fetch(server, "/rpc", asked, Content_Type="application/json", X_Request_Id="Trace-1",
          Authorization="Bearer " + server.token("mei"))
    made = [fetch(server, "/healthz", **({"X_Request_Id": said} if said else {}))[1]["x-request-id"]
            for said in (None, "two words", "x" * 65, "a\u00e9", "<b>", '"', "")]
    assert kept == "edge-7.b_2" and len(set(made)) == len(made)
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in made)
    told = stopped(server)
    lines_of_li = [e for e in told if e.get("channel") == "line"]
    (connection,) = {e["connection"] for e in lines_of_li}
    assert [e["request"] for e in lines_of_li] == ["%d-%d" % (connection, n + 1)
                                                   for n in range(len(lines_of_li))]
    assert {e["request"] for e in told if e.get("person") == "mei"} == {"Trace-1"}
    assert [e["request"] for e in told if e.get("http") == "GET /healthz"] == [kept] + made


def test_a_slow_request_is_told_of_with_its_name(web):
    server = web(log="access = access.log\nslow_request_ms = 1")
    with server.client("li") as li:
        li.call("case.open", workflow="change_request", project="acme-erp", fields=FIELDS,
                request_id="first")
    # To be durable takes a disk a while; where it did not take a millisecond nothing is slow.
    slow = [line for line in server.log().splitlines() if " slow request " in line]
    told = {e["request"]: e for e in stopped(server)}
    for line in slow:
        said = dict(re.findall(r"(\w+)=(\S+)", line))
        entry = told[said["request"]]
        assert entry["method"] == said["method"] and entry["ms"] >= 1 and said["left_out"] == "0"
        assert str(entry["connection"]) == said["connection"] and said["channel"] == "line"
        assert said["person"] in ("li", '""') and said["result"] == "ok"
    assert {e["request"] for e in told.values() if e["ms"] >= 2} <= {
        dict(re.findall(r"(\w+)=(\S+)", line))["request"] for line in slow}
