#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Replays four years of a help desk's real log through Signoff.

Makes a site, serves it on virtual time, creates the desk's clients and projects, and fires every
event of the log in its order over one connection. What the workflow refuses is written to its
ticket as a comment, so that nothing of the log is lost. The summary at the end is made from what
the server answered and keeps, not from the log.

    replay.py [--signoff PATH] [--site DIR] [--limit TICKETS] [--json]
"""
import argparse
import collections
import csv
import io
import json
import lzma
import os
import shutil
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import signoff  # noqa: E402
from report import milliseconds, must, show, summarise  # noqa: E402

TEAM = "helpdesk"
START = "2010-01-13T09:00:00+01:00"
IN_FLIGHT = 200  # the server takes 256 of one connection
REPEAT_WITHIN = 20 * 3600 * 1000

EVENTS = {
    "Insert ticket": "insert",
    "Assign seriousness": "assign_seriousness",
    "Take in charge ticket": "take_in_charge",
    "Wait": "wait",
    "Require upgrade": "require_upgrade",
    "Create SW anomaly": "create_anomaly",
    "Resolve SW anomaly": "resolve_anomaly",
    "Schedule intervention": "schedule_intervention",
    "Resolve ticket": "resolve",
    "Closed": "close",
    "VERIFIED": "tracker.verified",
    "RESOLVED": "tracker.resolved",
    "INVALID": "tracker.invalid",
    "DUPLICATE": "tracker.duplicate",
}
NUMBERS = ("resource", "seriousness", "customer", "product", "service_type", "workgroup")


def read_log(limit=None):
    """The log's rows in time order, in file order within a second; limit: the first tickets."""
    path = os.path.join(HERE, "helpdesk.csv.xz")
    with lzma.open(path, "rt", encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(io.StringIO(f.read())))
    if limit is not None:
        kept = set(list(dict.fromkeys(row["ticket"] for row in rows))[:limit])
        rows = [row for row in rows if row["ticket"] in kept]
    return sorted(rows, key=lambda row: row["at"])  # one zone: text sorts as time does


def attributes(row):
    values = {name: int(row[name]) for name in NUMBERS}
    values["service_level"] = row["service_level"]
    return values


class Pipeline:
    """Requests over one connection, many in flight, answered in order.

    reconnect, when given, is called when the connection breaks and gives a new one; what was
    not answered is sent again with the request_id it had, so that nothing is done twice.
    """

    def __init__(self, connection, reconnect=None, in_flight=IN_FLIGHT):
        self.connection, self.reconnect, self.most = connection, reconnect, in_flight
        self.waiting = collections.deque()
        self.sent = 0

    def put(self, method, params, then):
        """Sends; then(result, error) is called when the answer comes, one of the two None."""
        if len(self.waiting) >= self.most:
            while len(self.waiting) > self.most // 2:  # so that many go out in one write
                self.take()
        self.connection.send(method, params)
        self.waiting.append((method, params, then))
        self.sent += 1

    def take(self):
        """Waits for the oldest answer."""
        while True:
            try:
                answer = self.connection.receive()
                break
            except (OSError, ValueError):
                if self.reconnect is None:
                    raise
                self.connection = self.reconnect()
                for method, params, _ in self.waiting:
                    self.connection.send(method, params)
        _, _, then = self.waiting.popleft()
        error = signoff.RpcError(answer["error"]) if "error" in answer else None
        then(answer.get("result"), error)

    def drain(self):
        while self.waiting:
            self.take()

    def call(self, method, **params):
        box = []
        self.put(method, params, lambda result, error: box.append((result, error)))
        self.drain()
        result, error = box[0]
        if error is not None:
            raise error
        return result


# ---- the desk: who there is before the first ticket ----

def copy_team(folder):
    shutil.copytree(os.path.join(HERE, "teams", TEAM), os.path.join(folder, "teams", TEAM))


def make_site(folder, program, demo=False):
    server = signoff.Server(folder, program, clock=START)
    server.init(*(["--demo"] if demo else []))
    copy_team(folder)
    return server


def make_desk(server):
    """The account that replays the log: a lead, so that it may move the clock. Its token."""
    with server.client("operator") as operator:
        operator.call("person.create", team=TEAM, person="desk", title="Help desk", lead=True)
        return operator.call("token.create", team=TEAM, person="desk", name="replay")["token"]


def make_customers(pipeline, rows):
    """A client, a project and a contact for each customer."""
    for customer in sorted({int(row["customer"]) for row in rows}):
        client, project = "customer-%d" % customer, "support-%d" % customer
        contact = "contact-%d" % customer
        for method, params in (
                ("client.create", {"client": client, "title": "Customer %d" % customer}),
                ("project.create", {"project": project, "client": client,
                                    "title": "Support for customer %d" % customer}),
                ("person.create", {"person": contact, "client": client,
                                   "title": "Contact of customer %d" % customer}),
                ("project.member.add", {"project": project, "person": "desk", "role": "agent"}),
                ("project.member.add", {"project": project, "person": contact,
                                        "role": "client"})):
            params["request_id"] = "setup-%d" % pipeline.sent
            pipeline.put(method, params, must)
    pipeline.drain()


# ---- the replay ----

class Replay:
    """Fires the log. careful: as a client does that repeats after a crash what was not answered.
    Never two commands for one ticket in flight, so that a repeated one meets its ticket as it was;
    and nothing unanswered when time moves on by so much that its request_id would be forgotten
    (server.info tells the window: 24 hours of the site's clock)."""

    def __init__(self, pipeline, rows, progress=None, careful=False):
        self.pipeline, self.rows, self.progress, self.careful = pipeline, rows, progress, careful
        self.cases = {}                # ticket -> key of its case
        self.busy = collections.Counter()
        self.acknowledged = []         # (ticket, event, result) in the order of the answers
        self.refused = []              # (ticket, activity, code)
        self.comments = 0
        self.opened = 0

    def run(self):
        now, oldest = None, None
        for number, row in enumerate(self.rows):
            if row["at"] != now:
                now = row["at"]
                if oldest is None or milliseconds(now) - oldest > REPEAT_WITHIN:
                    oldest = milliseconds(now)
                    if self.careful:
                        self.pipeline.drain()
                self.pipeline.put("clock.advance", {"to": now, "request_id": "t%d" % number}, must)
            if row["ticket"] not in self.cases:
                self.open(row)
            self.fire(number, row)
            if self.progress:
                self.progress(number + 1, len(self.rows))
        self.pipeline.drain()

    def put(self, ticket, method, params, then):
        def answered(result, error):
            self.busy[ticket] -= 1
            then(result, error)
        while self.careful and self.busy[ticket]:
            self.pipeline.take()
        self.busy[ticket] += 1
        self.pipeline.put(method, params, answered)

    def open(self, row):
        """Keys are given in the order of the commands, so the next one is known before the
        answer; that it is right is checked when the answer comes."""
        ticket = row["ticket"]
        self.opened += 1
        expected = "HD-%d" % self.opened
        self.cases[ticket] = expected

        def opened(result, error):
            if must(result, error)["case"] != expected:
                raise AssertionError("ticket %s became %s, not %s"
                                     % (ticket, result["case"], expected))
            self.acknowledged.append((ticket, None, result))
        fields = dict(attributes(row), ticket=int(ticket))
        self.put(ticket, "case.open",
                 {"workflow": "ticket", "project": "support-" + row["customer"], "fields": fields,
                  "request_id": "open-" + ticket}, opened)

    def fire(self, number, row):
        ticket, event = row["ticket"], EVENTS[row["activity"]]

        def fired(result, error):
            if error is None:
                self.acknowledged.append((ticket, event, result))
            elif error.code in ("not_now", "refused"):
                self.refused.append((ticket, row["activity"], error.code))
                self.note(number, row, error)
            else:
                raise error
        self.put(ticket, "case.fire",
                 {"case": self.cases[ticket], "event": event, "data": attributes(row),
                  "request_id": "e%d" % number}, fired)

    def note(self, number, row, error):
        text = ("%s at %s by resource %s was refused: %s"
                % (row["activity"], row["at"], row["resource"], error.message))
        self.comments += 1
        # Not through put(): an answer is being handled, and comments disturb nothing.
        self.pipeline.put("case.comment",
                          {"case": self.cases[row["ticket"]], "text": text,
                           "request_id": "c%d" % number}, must)


# ---- the command ----

class Progress:
    """A bar on a terminal, a line every tenth otherwise; both on standard error."""

    def __init__(self):
        self.begin, self.shown = time.monotonic(), -1
        self.terminal = sys.stderr.isatty()

    def __call__(self, done, whole):
        step = done * (200 if self.terminal else 10) // whole
        if step == self.shown:
            return
        self.shown = step
        rate = done / max(time.monotonic() - self.begin, 0.001)
        if self.terminal:
            filled = done * 40 // whole
            sys.stderr.write("\r[%s%s] %6d of %d events, %5.0f/s%s" % (
                "#" * filled, "." * (40 - filled), done, whole, rate,
                "\n" if done == whole else ""))
        else:
            sys.stderr.write("%3d %%  %d events, %.0f/s\n" % (done * 100 // whole, done, rate))
        sys.stderr.flush()


def find_program():
    built = [os.path.join(HERE, "..", "..", "build", place, "signoff")
             for place in (".", "engine", "release", "release/engine", "dev", "dev/engine")]
    return next((path for path in built if os.path.exists(path)), "signoff")


def run(options):
    rows = read_log(options.limit)
    folder = options.site or tempfile.mkdtemp(prefix="signoff-helpdesk-")
    server = None
    try:
        server = make_site(folder, options.signoff, options.demo)
        server.start()
        pipeline = Pipeline(server.connect(make_desk(server)))
        make_customers(pipeline, rows)
        replay = Replay(pipeline, rows, progress=Progress())
        replay.run()
        summary, detail = summarise(pipeline, replay)
        pipeline.connection.close()
        if server.stop() != 0:
            sys.exit("the server did not end as it should:\n" + server.log())
    finally:
        if server:
            server.kill()
        if not options.site:
            shutil.rmtree(folder, ignore_errors=True)
    if options.json:
        if options.detail:
            summary["by_ticket"] = detail
        print(json.dumps(summary, indent=2, sort_keys=True))
    else:
        show(summary, replay.comments)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--signoff", default=find_program(), help="the program")
    parser.add_argument("--site", help="a folder to make the site in, and to keep")
    parser.add_argument("--demo", action="store_true", help="with the demonstration's team beside it")
    parser.add_argument("--limit", type=int, help="only the first tickets of the log")
    parser.add_argument("--json", action="store_true", help="the summary for machines")
    parser.add_argument("--detail", action="store_true", help="with --json: by ticket as well")
    run(parser.parse_args())


if __name__ == "__main__":
    main()
