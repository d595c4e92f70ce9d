# SPDX-License-Identifier: Apache-2.0
"""The same of HTTP: every path and method that the server serves, of everybody. What a path asks for
is what a method of the protocol asks for, and so is who may."""
import hashlib
import http.client

import routes
from table import CLASSES, STRANGERS, TABLE

BYTES = b"from the web"
DIGEST = hashlib.sha256(BYTES).hexdigest()

# (path, method): who, and how it is asked. A path of a method of the protocol serves whom that
# method serves; "local": anybody on this machine, and from elsewhere whom the method serves.
ROUTES = {
    ("/rpc", "POST"): ("anyone", {"path": "/rpc",
                                  "json": b'{"jsonrpc":"2.0","id":1,"method":"server.ping"}'}),
    ("/rpc", "GET"): ("anyone", {"path": "/rpc", "status": 426}),  # a WebSocket: judged by its tests
    ("/events", "GET"): (TABLE["watch.start"].who, {"path": "/events", "team": True}),
    ("/healthz", "GET"): ("anyone", {"path": "/healthz"}),
    ("/readyz", "GET"): ("anyone", {"path": "/readyz"}),
    ("/docs", "GET"): ("anyone", {"path": "/docs"}),
    ("/openrpc.json", "GET"): ("anyone", {"path": "/openrpc.json"}),
    ("/metrics", "GET"): (TABLE["admin.stats"].who, {"path": "/metrics", "host": "signoff.example.org"}),
    ("/files", "PUT"): (TABLE["file.begin"].who, {"path": "/files?name=a.txt&sha256=" + DIGEST,
                                                  "body": BYTES}),
    # Whoever has the link: no token is looked at, and one that is no link's finds nothing.
    ("/s/", "GET"): ("link", {"path": "/s/" + "A" * 43, "status": 404}),
    ("/s/", "POST"): ("link", {"path": "/s/" + "A" * 43, "status": 404, "body": b"name=x",
                             "type": "application/x-www-form-urlencoded"}),
    # Parts of the program, the same for everybody: what their pages show is asked by methods.
    ("/", "GET"): ("anyone", {"path": "/", "status": 302}),
    ("/console", "GET"): ("anyone", {"path": "/console", "status": 302}),
    ("/portal", "GET"): ("anyone", {"path": "/portal", "status": 302}),
    ("/console/*", "GET"): ("anyone", {"path": "/console/"}),
    ("/portal/*", "GET"): ("anyone", {"path": "/portal/"}),
    # Whoever signs with the hook's secret: a token is none, and what is not signed finds nothing.
    ("/hooks/*", "POST"): ("link", {"path": "/hooks/demo/spent", "status": 404, "json": b"{}"}),
    ("/calendar/", "GET"): ("link", {"secret": "feed", "status": 200}),
    ("/files/", "GET"): (TABLE["file.get"].who, {"path": "/files/%s", "kind": "file", "team": True}),
}


def routes_of_the_program():
    """{(path, method)} of the server's own table; HEAD is GET without a body."""
    return {(path, method) for path, allow in routes.routes_of_the_program() for method in allow
            if method != "HEAD"}


class Judge:
    def __init__(self, world):
        self.world, self.faults, self.asked = world, [], 0

    def complete(self, there=None):
        there = there if there is not None else routes_of_the_program()
        self.faults += ["%s %s: no place in the table, or none in the program" % (method, path)
                        for path, method in there ^ set(ROUTES)]

    def ask(self, caller, method, how, path):
        """(status, fields without the date, bytes)"""
        self.asked += 1
        fields = {"Host": how["host"]} if "host" in how else {}
        if caller != "nobody":
            token = self.world.tokens[caller]["token"] if caller != "operator" else \
                self.world.server.token("operator")
            fields["Authorization"] = "Bearer " + token
        if "json" in how or "type" in how:
            fields["Content-Type"] = how.get("type", "application/json")
        if how.get("team") and caller == "operator":
            path += "?team=demo"
        connection = http.client.HTTPConnection("127.0.0.1", self.world.server.http_port, timeout=60)
        try:
            connection.request(method, path, how.get("json") or how.get("body"), fields)
            answer = connection.getresponse()
            body = b"" if answer.headers.get_content_type() == "text/event-stream" else answer.read()
        finally:
            connection.close()
        told = sorted((k, v) for k, v in answer.headers.items() if k not in ("Date", "X-Request-Id"))
        return answer.status, told, body

    def expected(self, caller, who):
        """The status of a refusal, or None. A token that is no good is never as good as none."""
        if caller in ("revoked", "expired", "gone", "closed"):
            return 401
        if set(who.split()) & CLASSES[caller]:
            return None
        return 401 if caller in STRANGERS else 403

    def judge(self, caller, method, how, path, who):
        status, _, body = self.ask(caller, method, how, path)
        refusal = self.expected(caller, who)
        open_to_all = who == "link" or who == "anyone" and method == "GET"  # no token is looked at
        if refusal is not None and not open_to_all:
            right = status == refusal
        else:
            right = status == how["status"] if "status" in how else 200 <= status < 300
        if not right:
            self.faults.append("%s %s as %s: %d %r" % (method, path, caller, status, body[:200]))

    def files(self, caller, how, who):
        """What is not seen is as what is not there, for GET and HEAD."""
        for method in ("GET", "HEAD"):
            answers = {}
            for name, to in self.world.items["file"]:
                status, fields, body = self.ask(caller, method, how, how["path"] % name)
                answers[name] = status, str((status, fields, body)).replace(name, "?")
                refusal = self.expected(caller, who)
                if refusal is not None and status != refusal or \
                        refusal is None and (status == 200) != (caller in to):
                    self.faults.append("%s /files of %s as %s: %d" % (method, name, caller, status))
            absent = answers[self.world.items["file"][-1][0]][1]
            self.faults += ["%s /files/%s as %s is not as what is absent" % (method, name, caller)
                            for name, to in self.world.items["file"]
                            if caller not in to and answers[name][1] != absent]

    def run(self):
        self.complete()
        for caller in CLASSES:
            for (path, method), (who, how) in sorted(ROUTES.items()):
                if how.get("kind"):
                    self.files(caller, how, who)
                else:
                    where = self.world.secret[how["secret"]] if "secret" in how else how["path"]
                    self.judge(caller, method, how, where, who)
        return self.faults
