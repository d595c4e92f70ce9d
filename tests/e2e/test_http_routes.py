# SPDX-License-Identifier: Apache-2.0
"""Every path with every method, and what a request may look like before it is anybody's: statuses
by RFC 9110 (sections named) and RFC 6585. What is served is judged elsewhere; here it is who gets
there at all."""
import itertools
import json

import routes
from http_help import dial, hear_all, statuses, web  # noqa: F401

PING = b'{"jsonrpc":"2.0","id":1,"method":"server.ping"}'
JSON = b"Content-Type: application/json\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
LINK = "/s/" + "A" * 43

# Path of the program's table, an address below it, its methods, and the status each is answered with
# when nobody asks with nothing: served, or refused for another reason than its method.
ROUTES = [
    ("/rpc", "/rpc", {"GET": 426, "POST": 415}),
    ("/events", "/events", {"GET": 401}),
    ("/healthz", "/healthz", {"GET": 200, "HEAD": 200}),
    ("/readyz", "/readyz", {"GET": 200, "HEAD": 200}),
    ("/metrics", "/metrics", {"GET": 401, "HEAD": 401}),  # not by this machine's name
    ("/docs", "/docs", {"GET": 200, "HEAD": 200}),
    ("/openrpc.json", "/openrpc.json", {"GET": 200, "HEAD": 200}),
    ("/files", "/files?name=a&sha256=" + DIGEST, {"PUT": 401}),
    ("/files/", "/files/" + "a" * 32, {"GET": 401, "HEAD": 401}),
    ("/s/", LINK, {"GET": 404, "HEAD": 404, "POST": 415}),
    ("/calendar/", "/calendar/AAAA.ics", {"GET": 404, "HEAD": 404}),
    ("/", "/", {"GET": 302, "HEAD": 302}),
    ("/console", "/console", {"GET": 302, "HEAD": 302}),
    ("/portal", "/portal", {"GET": 302, "HEAD": 302}),
    ("/console/*", "/console/case/CR-1", {"GET": 200, "HEAD": 200}),  # at any depth
    ("/portal/*", "/portal/", {"GET": 200, "HEAD": 200}),
    ("/hooks/*", "/hooks/demo/none", {"POST": 415}),
]
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]
UNKNOWN = ["PATCH", "TRACE", "CONNECT", "PROPFIND", "get", "QUERY", "X-ANY"]


def missing(of_the_program, table):
    """What only one of the two has."""
    return set((path, *sorted(methods)) for path, methods in of_the_program) ^ \
        set((path, *sorted(methods)) for path, _, methods in table)


def request(method, target, fields=b"", body=b"", host=b"Host: signoff.example\r\n", version=b"1.1"):
    length = b"Content-Length: %d\r\n" % len(body) if body or method in ("POST", "PUT") else b""
    return b"%s %s HTTP/%s\r\n%s%s%s\r\n%s" % (method.encode(), target.encode(), version, host, fields,
                                             length, body)


class Line:
    """A connection that is kept; answers one after another, read by their lengths."""

    def __init__(self, server):
        self.server = server
        self.sock, self.rest = dial(server), b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def more(self):
        got = self.sock.recv(65536)
        assert got, "it was closed; heard: %r" % self.rest
        self.rest += got

    def redial(self):
        self.sock.close()
        self.sock, self.rest = dial(self.server), b""

    def answer(self, method):
        """(status, {field: value}, body)"""
        while b"\r\n\r\n" not in self.rest:
            self.more()
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("ascii").split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines)
        assert len(fields) == len(lines), "a field stands twice: " + repr(lines)
        status = int(first.split(" ")[1])
        n = 0 if method == "HEAD" or status in (100, 204, 304) else int(fields["Content-Length"])
        while len(self.rest) < n:
            self.more()
        body, self.rest = self.rest[:n], self.rest[n:]
        if fields.get("Connection") == "close":
            assert self.rest + hear_all(self.sock) == b"", "more is said behind the last answer"
            self.redial()
        return status, fields, body

    def ask(self, method, target, *more, **how):
        self.sock.sendall(request(method, target, *more, **how))
        return self.answer(method)


def once(server, text):
    """Of a request that ends its connection, or is alone on it: all that was answered."""
    with dial(server) as sock:
        sock.sendall(text)
        sock.shutdown(1)
        return hear_all(sock)


# ---- methods ----

def test_the_table_has_every_path_of_the_program_once():
    there = routes.routes_of_the_program()
    assert not missing(there, ROUTES)
    assert len(there) == len(set(path for path, _ in there)), "a path stands twice"
    assert missing(there + [("/backdoor", ["GET"])], ROUTES), "a path too many is not seen"
    assert missing(there[:-1], ROUTES) and missing([("/rpc", ["GET"])] + there[1:], ROUTES)


def judge_methods(line, target, served):
    """15.5.6: 405 generates Allow; 9.3.2: HEAD is GET without the body."""
    for method in METHODS:
        status, fields, body = line.ask(method, target)
        if method in served:
            assert status == served[method], (method, target, status, body)
            assert "Allow" not in fields
        else:
            assert status == 405, (method, target, status, body)
            assert fields["Allow"].split(", ") == [m for m in METHODS if m in served]
        assert (body == b"") == (method == "HEAD"), (method, target, body)
    if "HEAD" in served:
        (_, head, _), (_, get, _) = line.ask("HEAD", target), line.ask("GET", target)
        own = {"Date": "", "X-Request-Id": ""}  # of each answer
        assert {**head, **own} == {**get, **own}


def test_a_method_is_served_or_those_that_are_get_named(web):
    with Line(web()) as line:
        for _, target, served in ROUTES:
            judge_methods(line, target, served)


def test_a_method_that_nobody_knows_is_told_so(web):
    """9.1: 501, whatever the path; what would follow it could be its body, so nothing is read."""
    server = web()
    for method in UNKNOWN:
        for path in ("/rpc", "/healthz", "/nowhere", LINK):
            heard = once(server, request(method, path) + request("GET", "/healthz"))
            assert statuses(heard) == [501] and b"\r\nConnection: close\r\n" in heard, heard


# ---- targets ----

ABSENT = [
    "//", "/consol", "/portals/", "/rpc/", "//rpc", "/rpc//", "/RPC", "/healthz/", "//healthz", "/healthz/x", "/docs/", "/files/",
    "/files//", "/files/a/b", "/s/", "/s", "/s//x", "/s/a/b", "/calendar/", "/calendar", "/./healthz",
    "/docs/../healthz", "/../healthz", "/healthz/.", "/healthz/..", "/%68ealthz", "/healthz%00",
    "/healthz%2f", "/%2e/healthz", "/files/../healthz", "/healthz;a=b", "/s/../metrics", "/healthz%0d%0aX:1",
]


def test_a_path_is_taken_by_the_letter(web):
    """Nothing is decoded, folded or resolved on the way to a route, so that whoever stands before the
    server and judges by paths judges the same ones."""
    with Line(web()) as line:
        for method, target in itertools.product(("GET", "POST", "PUT", "OPTIONS"), ABSENT):
            status, fields, _ = line.ask(method, target)
            assert status == 404 and "Allow" not in fields, (method, target, status)


TARGETS = [
    ("/healthz?a=b", 200), ("/healthz?", 200), ("http://signoff.example/healthz", 200),
    ("HTTP://SIGNOFF.example/healthz?x", 200), ("http://other.example/healthz", 400),
    ("http://u@signoff.example/healthz", 400), ("ftp://signoff.example/healthz", 400),
    ("healthz", 400), ("signoff.example:80", 400), ("/healthz#a", 400), ("/health z", 400),
    ("/healthz\\x", 400), ("/healthz\t", 400), ("*", 400), ("", 400),
]


def test_a_target_is_a_path_or_names_this_host(web):
    """RFC 9112, 3.2."""
    server = web()
    told = [(target, statuses(once(server, request("GET", target)))) for target, _ in TARGETS]
    assert told == [(target, [status]) for target, status in TARGETS]


def test_the_server_as_a_whole_has_no_options(web):
    """9.3.7: OPTIONS * asks whether it lives, and is answered with its methods; other methods
    ask nothing of "*"."""
    server = web()
    with Line(server) as line:
        status, fields, body = line.ask("OPTIONS", "*")
        assert (status, body) == (204, b"") and fields["Allow"].split(", ") == METHODS[:4]
        assert "Access-Control-Allow-Origin" not in fields
    for method in ("GET", "POST", "DELETE"):
        assert statuses(once(server, request(method, "*"))) == [400]


def test_too_long_is_said_by_what_is_too_long(web):
    """15.5.15: 414; RFC 6585, 5: 431; 15.5.14: 413. One less is taken."""
    server = web(limits="frame = 4K")
    room = 16384 - len(request("GET", "/healthz", b"X: \r\n"))
    taken = [request("GET", "/healthz?" + "a" * (8000 - 9)), request("GET", "/healthz", b"X: " + b"a" * room + b"\r\n"),
             request("GET", "/healthz", b"X: a\r\n" * 99)]
    assert [statuses(once(server, text)) for text in taken] == [[200]] * 3
    refused = [(414, request("GET", "/healthz?" + "a" * (8000 - 8))),
               (431, request("GET", "/healthz", b"X: " + b"a" * (room + 1) + b"\r\n")),
               (431, request("GET", "/healthz", b"X: a\r\n" * 100)),
               (413, request("POST", "/rpc", JSON, b" " * 4097)),
               (413, request("POST", LINK, FORM, b"a" * 65537))]
    for status, text in refused:
        heard = once(server, text + request("GET", "/healthz"))
        assert statuses(heard) == [status] and b"\r\nConnection: close\r\n" in heard, heard


# ---- hosts and versions ----

HOSTS = [
    (b"", 400), (b"Host: a\r\nHost: a\r\n", 400), (b"Host: a\r\nhOST: b\r\n", 400), (b"Host:\r\n", 400),
    (b"Host: a, b\r\n", 400), (b"Host: a b\r\n", 400), (b"Host: a/b\r\n", 400), (b"Host: u@a\r\n", 400),
    (b"Host: a\r\n", 200), (b"Host: a:7481\r\n", 200), (b"Host: [::1]:7481\r\n", 200),
]


def test_there_is_one_host(web):
    """RFC 9112, 3.2."""
    server = web()
    told = [(host, statuses(once(server, request("GET", "/healthz", host=host)))) for host, _ in HOSTS]
    assert told == [(host, [status]) for host, status in HOSTS]


def test_a_client_of_http_1_0_is_served_and_closed(web):
    server = web()
    old = {"host": b"", "version": b"1.0"}
    next_one = request("GET", "/healthz")
    assert statuses(once(server, request("GET", "/healthz", **old) + next_one)) == [200]
    heard = once(server, request("POST", "/rpc", JSON, PING, **old))
    assert statuses(heard) == [200] and b'"pong":true' in heard and b"\r\nConnection: close\r\n" in heard
    assert statuses(once(server, request("GET", "/healthz", b"Connection: keep-alive\r\n", **old) +
                         next_one)) == [200, 200]
    # 10.1.1: of such a client an expectation is not heard, and it would not know what 100 is.
    assert statuses(once(server, request("POST", "/rpc", JSON + b"Expect: 100-continue\r\n", PING,
                                         **old))) == [200]
    for version, status in ((b"0.9", 505), (b"2.0", 505), (b"1.2", 200), (b"11", 400)):
        assert statuses(once(server, request("GET", "/healthz", version=version))) == [status]


# ---- 100-continue ----

WAITS = b"Expect: 100-continue\r\n"


def test_who_waits_is_told_to_go_on_before_the_body(web):
    """10.1.1."""
    with Line(web()) as line:
        head = request("POST", "/rpc", JSON + WAITS, PING)
        line.sock.sendall(head[:-len(PING)])
        assert line.answer("HEAD")[0] == 100
        line.sock.sendall(PING)
        status, _, body = line.answer("POST")
        assert status == 200 and json.loads(body)["result"] == {"pong": True}
        assert line.ask("GET", "/healthz", WAITS)[0] == 200  # nothing to wait for


IN_VAIN = [
    ("POST", "/rpc", b"", 47, 415), ("POST", "/rpc", JSON, 99999999, 413), ("POST", "/nowhere", JSON, 47, 404),
    ("DELETE", "/rpc", JSON, 47, 405), ("PATCH", "/rpc", JSON, 47, 501), ("POST", LINK, b"", 5, 415),
    ("PUT", "/files?name=a&sha256=" + DIGEST, b"", 5, 401),
    ("POST", "/rpc", JSON + b"Origin: https://evil.example\r\n", 47, 403),
]


def test_who_waits_in_vain_is_told_so_at_once(web):
    """The final status instead of 100; the body was not sent, so the connection ends."""
    server = web()
    for waits, (method, target, fields, length, status) in itertools.product((WAITS, b""), IN_VAIN):
        with dial(server) as sock:
            head = b"%s %s HTTP/1.1\r\nHost: a\r\n%s%sContent-Length: %d\r\n\r\n"
            sock.sendall(head % (method.encode(), target.encode(), fields, waits, length))
            heard = hear_all(sock)
        assert statuses(heard) == [status] and b"\r\nConnection: close\r\n" in heard, (target, heard)


def test_nothing_else_can_be_expected(web):
    """15.5.18."""
    heard = once(web(), request("GET", "/healthz", b"Expect: 200-ok\r\n"))
    assert statuses(heard) == [417]


# ---- slowness ----

def test_a_body_that_stops_is_given_up_wherever_it_goes(web):
    """15.5.9: 408. The deadline is a setting, and nothing here waits but for the answer."""
    server = web(net="line_ms = 300")
    token = b"Authorization: Bearer %s\r\n" % server.token("li").encode()
    begun = [request("GET", "/healthz")[:-2], b"POST /rpc HTTP/1.1\r\nHo", b"G",
             request("POST", "/rpc", JSON, PING)[:-1], request("POST", LINK, FORM, b"name=x")[:-1],
             request("PUT", "/files?name=a&sha256=" + DIGEST, token, b"hello")[:-1],
             b"POST /rpc HTTP/1.1\r\nHost: a\r\n%sTransfer-Encoding: chunked\r\n\r\n2f\r\n{" % JSON]
    socks = [dial(server) for _ in begun]
    for sock, text in zip(socks, begun):
        sock.sendall(text)
    for sock, text in zip(socks, begun):
        heard = hear_all(sock)
        assert statuses(heard) == [408] and b"\r\nConnection: close\r\n" in heard, (text, heard)
        sock.close()
