# SPDX-License-Identifier: Apache-2.0
"""HTTP as clients that nobody here wrote speak it: http.client, urllib, curl, and raw sockets for
what no decent client sends."""
import http.client
import json
import os
import re
import shutil
import subprocess

import pytest
from http_help import JSON, call, dial, fetch, hear_all, read_metrics, statuses, web  # noqa: F401

PING = b'{"jsonrpc":"2.0","id":1,"method":"server.ping"}'


def bearer(server, name):
    return {**JSON, "Authorization": "Bearer " + server.token(name)}


# ---- what it is for ----

def test_a_case_goes_its_way_over_http_alone(web):
    server = web()
    opened = call(server, "mei", "case.open", workflow="change_request", project="acme-erp",
                  fields={"summary": "Add export", "reason": "Auditors ask for it"})
    key = opened["result"]["case"]
    call(server, "mei", "case.fire", case=key, event="submit")
    assert call(server, "li", "case.get", case=key)["result"]["states"] == ["screening"]
    with server.client("operator") as operator, server.client("li") as li:
        channels = [e["channel"] for e in li.call("case.history", case=key)["items"]]
        assert channels == ["http", "http"]
        assert operator.call("audit.verify", team="demo")
    refused = call(server, "tom", "case.fire", case=key, event="reject")
    assert refused["error"]["data"]["code"] in ("forbidden", "not_now", "not_found")


def test_http_client_keeps_one_connection_for_many_requests(web):
    server = web()
    connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=60)
    connection.connect()
    own = connection.sock.getsockname()
    for name in ("li", "mei", "li", "operator"):
        body = json.dumps({"jsonrpc": "2.0", "id": name, "method": "session.whoami"}, indent=2)
        connection.request("POST", "/rpc", body, bearer(server, name))
        answer = connection.getresponse()
        assert answer.status == 200 and answer.getheader("Content-Type") == "application/json"
        result = json.loads(answer.read())["result"]
        assert result["person"] == (None if name == "operator" else name)
    assert connection.sock.getsockname() == own
    # In chunks, as http.client sends an iterable.
    connection.request("POST", "/rpc", iter([PING[:10], PING[10:]]), JSON, encode_chunked=True)
    assert json.loads(connection.getresponse().read())["result"] == {"pong": True}
    connection.request("HEAD", "/docs")
    answer = connection.getresponse()
    assert answer.read() == b"" and int(answer.getheader("Content-Length")) > 10000
    assert connection.sock.getsockname() == own
    connection.close()


def test_a_batch_is_answered_in_its_order(web):
    server = web()
    batch = [{"jsonrpc": "2.0", "id": i, "method": m} for i, m in
             enumerate(("server.ping", "session.whoami", "no.method"))]
    batch.append({"jsonrpc": "2.0", "method": "server.ping"})
    _, _, answer = fetch(server, "/rpc", json.dumps(batch).encode(), **bearer(server, "li"))
    answers = json.loads(answer)
    assert [a["id"] for a in answers] == [0, 1, 2] and answers[2]["error"]["code"] == -32601


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl_speaks_it(web):
    server = web()
    url = "http://127.0.0.1:%d" % server.http_port

    def curl(*words):
        done = subprocess.run(["curl", "-sS", "--max-time", "60", *words], capture_output=True,
                              text=True, check=True)
        return done.stdout
    assert json.loads(curl(url + "/rpc", "--json", PING.decode()))["result"] == {"pong": True}
    assert curl(url + "/healthz", url + "/readyz") == "ok\nready\n"
    big = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "server.ping", "params": {"x": "y" * 200000}})
    path = os.path.join(server.site, "body.json")
    with open(path, "w", encoding="ascii") as f:
        f.write(big)  # large enough for curl to wait for "100 Continue"
    assert "no parameter 'x'" in curl(url + "/rpc", "--json", "@" + path)
    assert curl("-I", url + "/docs").startswith("HTTP/1.1 200 OK\n")


# ---- who may ----

def test_a_token_is_asked_for_at_every_request(web):
    server = web()
    me = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "session.whoami"}).encode()
    connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=60)

    def ask(fields):
        connection.request("POST", "/rpc", me, fields)
        answer = connection.getresponse()
        return answer.status, answer.getheader("WWW-Authenticate"), answer.read()
    assert ask(bearer(server, "li"))[0] == 200
    status, _, answer = ask(JSON)  # the one before lends it nothing
    assert status == 200 and json.loads(answer)["error"]["data"]["code"] == "unauthenticated"
    assert ask({**JSON, "Authorization": "Bearer nonsense"})[:2] == (
        401, 'Bearer error="invalid_token"')
    assert ask({**JSON, "Authorization": "Basic bGk6bGk="})[0] == 401
    # A token that is revoked is so at once, also on the connection that has used it.
    assert ask(bearer(server, "mei"))[0] == 200
    with server.client("li") as li:
        for token in li.call("token.list", person="mei")["items"]:
            li.call("token.revoke", **{k: token[k] for k in ("token", "id", "hash") if k in token})
    status, _, answer = ask(bearer(server, "mei"))
    assert status == 401 or json.loads(answer)["error"]["data"]["code"] == "unauthenticated"
    connection.close()


def test_what_lasts_is_refused(web):
    server = web()
    for method, params in (("session.login", {"token": server.token("li")}), ("watch.start", {}),
                           ("session.logout", {})):
        assert call(server, "li", method, **params)["error"]["data"]["code"] == "forbidden"


def test_figures_are_for_the_operator_or_this_machine(web):
    server = web()
    status, fields, text = fetch(server, "/metrics")
    assert status == 200 and fields["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    values = read_metrics(text.decode())
    assert values["signoff_connections_limit"] > 0 and len(values) > 20
    assert values["signoff_connections"] == 1  # the one that asks
    assert fetch(server, "/metrics", Host="signoff.example")[0] == 401
    assert fetch(server, "/metrics", X_Forwarded_For="192.0.2.1")[0] == 401
    as_operator = {"Authorization": "Bearer " + server.token("operator")}
    assert fetch(server, "/metrics", Host="signoff.example", **as_operator)[0] == 200
    assert fetch(server, "/metrics", Authorization="Bearer " + server.token("li"))[0] == 403
    assert fetch(server, "/metrics", Authorization="Bearer x")[0] == 401
    before = values["signoff_engine_jobs_total"]
    call(server, "li", "case.open", workflow="change_request", project="acme-erp",
         fields={"summary": "Add export", "reason": "Auditors ask for it"})
    after = read_metrics(fetch(server, "/metrics")[2].decode())
    assert after["signoff_engine_jobs_total"] > before


@pytest.mark.parametrize("text", [
    "a_total 1\n", "# TYPE a_total counter\na_total 1", "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\na 2\n",
    "# TYPE a counter\na 1\n", "# TYPE a gauge\na{x=1} 1\n", "# TYPE a gauge\na 1\na 1\n",
])
def test_the_reader_of_figures_finds_what_is_wrong(text):
    with pytest.raises(AssertionError):
        read_metrics(text)


def test_pages_of_other_origins_get_nothing(web):
    server = web()
    for origin in ("https://evil.example", "null", "http://127.0.0.1"):
        status, fields, _ = fetch(server, "/rpc", PING, Origin=origin, **JSON)
        assert status == 403 and not any(k.lower().startswith("access-control") for k in fields)
    own = "http://127.0.0.1:%d" % server.http_port
    assert fetch(server, "/rpc", PING, Origin=own, **JSON)[0] == 200
    # What a form can send without asking.
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert fetch(server, "/rpc", PING, Content_Type=kind)[0] == 415


def test_every_answer_guards_its_reader(web):
    server = web()
    for path in ("/healthz", "/docs", "/nothing", "/metrics", "/openrpc.json"):
        _, fields, _ = fetch(server, path)
        assert fields["X-Content-Type-Options"] == "nosniff", path
        assert "frame-ancestors 'none'" in fields["Content-Security-Policy"], path
        assert fields["Referrer-Policy"] == "no-referrer" and fields["Cache-Control"], path
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", fields["Date"])


# ---- pages ----

def test_docs_name_every_method_and_are_fetched_once(web):
    server = web()
    status, fields, page = fetch(server, "/docs")
    document = json.loads(fetch(server, "/openrpc.json")[2])
    with server.client("li") as li:
        assert document == li.call("rpc.discover")
    for method in document["methods"]:
        assert b'<h2 id="%s">' % method["name"].encode() in page
    assert status == 200 and b"<script" not in page and fields["Content-Type"].startswith("text/html")
    assert fetch(server, "/docs", If_None_Match=fields["ETag"])[0] == 304
    assert fetch(server, "/docs", If_None_Match='"other"')[0] == 200


# ---- what no decent client sends ----

HEAD = b"POST /rpc HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize("status, sent", [
    (400, HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    (400, HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
    (400, HEAD + b"Content-Length : 47\r\n\r\n" + PING),
    (400, HEAD + b"X: a\r\n folded\r\n\r\n"),
    (400, HEAD.replace(b"\r\n", b"\n") + b"\n"),
    (400, HEAD + b"X: \0\r\n\r\n"),
    (400, b"GET http://other/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    (431, HEAD + b"X: y\r\n" * 101 + b"\r\n"),
    (431, HEAD + b"X: " + b"y" * 20000),
    (414, b"GET /" + b"y" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"),
    (413, HEAD + b"Content-Length: 999999999\r\n\r\n"),
    (501, HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n"),
    (505, b"GET / HTTP/3.0\r\nHost: a\r\n\r\n"),
    (400, b'{"jsonrpc":"2.0","id":1,"method":"server.ping"}\n'),
])
def test_what_can_be_read_in_two_ways_is_answered_once_and_closed(web, status, sent):
    server = web()
    with dial(server) as sock:
        sock.sendall(sent + b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        answers = hear_all(sock)
    assert statuses(answers) == [status], answers
    assert b"\r\nConnection: close\r\n" in answers
    assert fetch(server, "/healthz")[0] == 200


def test_slow_heads_and_bodies_are_told_and_silence_is_closed(web):
    server = web(net="line_ms = 300\nidle_ms = 500")
    slow = [b"POST /rpc HT", HEAD + b"Content-Length: 47\r\n\r\n" + PING[:5]]
    socks = [dial(server) for _ in slow]
    for sock, begin in zip(socks, slow):
        sock.sendall(begin)
    for sock in socks:
        assert statuses(hear_all(sock)) == [408]
        sock.close()
    with dial(server) as silent:
        assert hear_all(silent) == b""
    with dial(server) as served:
        served.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert statuses(hear_all(served)) == [200]  # and closed when no other request came


def test_over_its_limit_it_answers_in_http(web):
    server = web(net="connections = 2")
    with dial(server) as first, dial(server) as second:
        for sock in (first, second):
            sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            assert sock.recv(15) == b"HTTP/1.1 200 OK"
        with dial(server) as third:
            refused = hear_all(third)
    assert statuses(refused) == [503] and b"\r\nRetry-After: 10\r\n" in refused


def test_a_request_in_flight_is_answered_before_it_stops(web):
    server = web()
    with dial(server) as sock:
        sock.sendall(b"GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert sock.recv(15) == b"HTTP/1.1 200 OK"
        assert server.stop() == 0
        hear_all(sock)


# ---- where it listens ----

def test_other_addresses_need_to_be_told_that_nothing_is_encrypted(binary, web, folder):
    server = web()
    done = subprocess.run([binary, "serve", server.site, "--listen", "127.0.0.1:0", "--http",
                           "0.0.0.0:0"], capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "http = 0.0.0.0:0" in done.stderr
    assert "insecure = yes" in done.stderr


def test_listen_alone_means_no_http(make_server, folder):
    assert make_server(os.path.join(folder, "site"), "--demo").http_port == 0
