# SPDX-License-Identifier: Apache-2.0
"""One site that is copied for each round, the server on the copy, and what must be so afterwards."""
import base64
import errno
import glob
import hashlib
import json
import mmap
import os
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "..", "examples", "helpdesk")]
import signoff  # noqa: E402

# The numbers of fail_at.h.
KINDS = ("write", "sync", "truncate", "open", "rename", "unlink", "map", "read", "memory")
CELLS = ("kinds", "left", "how", "error", "struck", "kind") + KINDS
NAME_BYTES = 256
ERRORS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC, "short": 0}

TEAM, START = "loss", "2026-01-05T09:00:00+08:00"
PEOPLE = {"li": ("pm", None), "wang": ("engineer", None), "zhao": ("engineer", None),
          "mei": ("client", "acme")}
ANSWER_SECONDS = 20
# What they show may be done a moment after the request that asked for it was answered.
LISTS = ("case.history", "case.list", "inbox.list")
# Refusals that say "not now": nothing was done.
PASSING = ("unavailable", "overloaded", "internal")
# What differs from run to run, or is made of what does; and when a token was last used, which is
# promised to nobody.
BY_CHANCE = {"hash", "header", "shared_salt", "internal_salt", "last_hash", "id", "token", "upload",
             "request_digest", "file", "last_use"}


# What a server need not name when it ends.
NOT_NAMED = (".", "admin.log", "access.log")
# Ids of files; keys of cases that an effect opens, of which one may be left out when it is tried
# again; and of which folder rules are, which a start after a reload writes down.
NAMES = re.compile(r'\b[0-9a-f]{32}\b|\bNT-\d+\b|\bNT-0+\d+\b|"of":(?:null|"[0-9a-f]+")')


class Found(Exception):
    """Something is wrong."""


class Control:
    """The file shared with what makes calls fail."""

    def __init__(self, path):
        self.path = path
        size = 8 * len(CELLS) + NAME_BYTES
        with open(path, "w+b") as f:
            f.truncate(size)
            self.map = mmap.mmap(f.fileno(), size)

    def __getitem__(self, cell):
        return struct.unpack_from("q", self.map, 8 * CELLS.index(cell))[0]

    def __setitem__(self, cell, value):
        struct.pack_into("q", self.map, 8 * CELLS.index(cell), value)

    def arm(self, kinds, n=0, error="EIO", good=False):
        """n 0: calls of these kinds are counted only."""
        self.disarm()
        for kind in KINDS:
            self[kind] = 0
        self["how"], self["error"] = int(good), ERRORS[error]
        self["kinds"] = sum(1 << KINDS.index(kind) for kind in kinds)
        self["left"] = n

    def disarm(self):
        self["left"] = 0
        self["kinds"] = 0

    def name(self):
        begin = 8 * len(CELLS)
        return self.map[begin:begin + NAME_BYTES].split(b"\0")[0].decode("utf-8", "replace")


class Failing(signoff.Server):
    """A server in which calls fail, when it is told to."""

    def __init__(self, site, program, preload, control):
        super().__init__(site, program)
        self.control = control
        self.clock = START
        self.environment = dict(os.environ, SIGNOFF_FAIL_AT=control.path, SIGNOFF_FAIL_UNDER=self.site)
        if preload:
            self.environment["LD_PRELOAD"] = os.path.join(preload, "fail_io.so")
        self.environment["ASAN_OPTIONS"] = ":".join(filter(None, [
            os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"]))


def scenario():
    """(who, method, params) one after the other; DIGEST is what that case's approval is about."""
    with open(os.path.join(HERE, "fail.scenario"), encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                who, method, params = line.split(None, 2)
                yield who, method, json.loads(params)


def dump(site):
    """All that the store holds but for what chance decides, read by SQLite alone."""
    path, = glob.glob(os.path.join(site, "data", "signoff.db"))
    rows = []
    with sqlite3.connect("file:%s?mode=ro" % path, uri=True) as database:
        tables = [name for name, in database.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
        for table in sorted(tables):
            found = database.execute('SELECT * FROM "%s"' % table)
            names = [column[0] for column in found.description]
            if table == "counter":  # the last key given, see NAMES
                continue
            rows += sorted(NAMES.sub("#", repr((table, {
                name: value for name, value in zip(names, row) if name not in BY_CHANCE})))
                           for row in found)
    database.close()
    return rows


def same(got, want):
    """Answers, but for what chance decides."""
    if isinstance(want, str) and isinstance(got, str):
        return NAMES.sub("#", got) == NAMES.sub("#", want)
    if isinstance(want, list) and isinstance(got, list):
        return len(got) == len(want) and all(map(same, got, want))
    if isinstance(want, dict) and isinstance(got, dict):
        names = (set(got) | set(want)) - BY_CHANCE
        return all(name in got and name in want and same(got[name], want[name]) for name in names)
    return got == want


class Template:
    def __init__(self, options, site):
        self.options, self.site = options, site
        self.control = Control(site + ".control")
        self.steps = list(scenario())
        self.make()
        self.answers, self.end = None, None

    def server(self, site, preload=True):
        return Failing(site, self.options.signoff, self.options.preload if preload else None,
                       self.control)

    def make(self):
        """The site: its people, a project, one case; stopped."""
        server = self.server(self.site, False)
        server.init()
        shutil.copytree(os.path.join(HERE, "loss"), os.path.join(self.site, "teams", TEAM))
        server.start()
        with server.client("operator") as operator:
            operator.call("client.create", team=TEAM, client="acme", title="Acme")
            for person, (_, client) in PEOPLE.items():
                more = {"client": client} if client else {}
                operator.call("person.create", team=TEAM, person=person, title=person,
                              lead=person == "li", **more)
                token = operator.call("token.create", team=TEAM, person=person, name="loss")["token"]
                with open(os.path.join(self.site, person + ".token"), "w", encoding="ascii") as f:
                    f.write(token)
            operator.call("project.create", team=TEAM, project="erp", title="ERP", client="acme")
            for person, (role, _) in PEOPLE.items():
                operator.call("project.member.add", team=TEAM, project="erp", person=person,
                              role=role)
        if server.stop() != 0:
            raise RuntimeError(server.log())

    def copy(self, to):
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.site, to, ignore=shutil.ignore_patterns("server.log", "*.sock"))
        server = self.server(to)
        server.clock = None  # the site keeps it
        return server

    # ---- without a fault ----

    def count(self, kinds):
        """How many calls of each kind there are: {phase: {kind: n}}. Learns the right answers."""
        counted = {}
        server = self.copy(self.site + ".count")
        self.control.arm(kinds)
        server.start()
        counted["start"] = {kind: self.control[kind] for kind in kinds}
        self.control.arm(kinds)
        run = Run(self, server)
        run.play()
        counted["serving"] = {kind: self.control[kind] for kind in kinds}
        self.control.disarm()
        if run.unanswered() or server.stop() != 0:
            raise RuntimeError("without a fault: %r: %s\n%s"
                               % (run.unanswered(), run.why, server.log()))
        for step, answer in zip(self.steps, run.answers):
            if answer == {"error": "invalid"}:
                raise RuntimeError("not a request: %r" % (step,))
        self.answers, self.end = run.answers, dump(server.site)
        return counted

    # ---- with one ----

    def round(self, site, phase, kind, n, error, good):
        """What came of it, in words; Found when something is wrong."""
        server = self.copy(site)
        self.control["struck"] = 0
        end = "served on"
        try:
            if phase == "start":
                self.control.arm([kind], n, error, good)
            try:
                server.start()
            except RuntimeError as why:
                if phase != "start":
                    raise
                self.judge_end(server, str(why))
                end = "did not start"
                self.control.disarm()
                server.start()
            run = Run(self, server)
            if phase == "serving":
                self.control.arm([kind], n, error, good)
            run.play()
            self.control.disarm()
            if phase == "start" and end == "served on" and not self.control["struck"]:
                end = "not reached"
            if run.is_over():
                self.judge_end(server, server.log())
                end = "ended, told unknown_outcome" if run.is_unknown() else "ended"
                server.start()
            elif run.refusals():
                end = "refused"
            run.again(server)
            if run.unanswered() and run.has_ended():  # it was about to, and took its time
                self.judge_end(server, server.log())
                end = "ended"
                server.start()
                run.again(server)
            self.judge(server, run)
        finally:
            self.control.disarm()
            server.kill()
        return end

    def judge_end(self, server, log):
        """It ended by itself: not by a signal, not as if all were well, and it said why."""
        try:
            code = server.process.wait(ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            raise Found("it neither serves nor ends:\n" + log[-2000:]) from None
        if code <= 0:
            raise Found("it ended with %d:\n%s" % (code, log[-3000:]))
        if "Sanitizer" in log or "runtime error" in log:
            raise Found("a sanitizer complained:\n" + log[-3000:])
        # The file that failed, or of a log or an index the database that it belongs to. A folder
        # that is opened by its descriptor has no name here, and it is not for a file of lines
        # that a server ends: what failed behind it is named.
        name = os.path.basename(self.control.name())
        for ending in ("-wal", "-shm", "-journal"):
            name = name.removesuffix(ending)
        if self.control["kind"] != KINDS.index("memory") and name not in NOT_NAMED and \
                name not in log:
            raise Found("it does not say that %s failed:\n%s" % (self.control.name(), log[-1500:]))

    def judge(self, server, run):
        left = run.unanswered()
        if left:
            raise Found("not answered, though all is well again: %r: %s" % (left[0], run.why))
        for i, (got, want) in enumerate(zip(run.answers, self.answers)):
            if not same(got, want):
                raise Found("%s of %s is answered %r, not %r"
                            % (self.steps[i][1], self.steps[i][0], got, want))
        if server.stop() != 0:
            raise Found("it does not end well:\n" + server.log()[-3000:])
        log = server.log()
        if "Sanitizer" in log or "runtime error" in log:
            raise Found("a sanitizer complained:\n" + log[-3000:])
        verified = subprocess.run([self.options.signoff, "verify", server.site], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if verified.returncode != 0:
            raise Found("verify: " + verified.stdout)
        self.judge_store(dump(server.site))

    def judge_store(self, rows):
        """Entries of a request that was refused, or carried out twice, would stand out."""
        for row in rows:
            if row not in self.end:
                raise Found("in the store, and should not be: %.600s" % row)
        for row in self.end:
            if row not in rows:
                raise Found("not in the store, and should be: %.600s" % row)


class Run:
    """The scenario on one server, and what it was answered."""

    def __init__(self, template, server):
        self.template, self.server = template, server
        self.answers = [None] * len(template.steps)
        self.refused = {}  # step: what it was told first
        self.why = ""
        self.connections, self.lost, self.digest = {}, False, None

    def unanswered(self):
        return [(self.template.steps[i][1], self.refused.get(i)) for i, answer
                in enumerate(self.answers) if answer is None]

    def refusals(self):
        return len(self.refused)

    def is_unknown(self):
        return "unknown_outcome" in self.refused.values()

    def is_over(self):
        """Has the server ended, or said that it will?"""
        unknown = self.is_unknown()
        if not unknown and not self.lost:
            return False
        try:
            self.server.process.wait(ANSWER_SECONDS if unknown else 1)
            return True
        except subprocess.TimeoutExpired:
            if unknown and not self.answer_lost_only():
                raise Found("it said unknown_outcome and serves on:\n"
                            + self.server.log()[-2000:]) from None
            return False

    def has_ended(self):
        """Of itself; a server with sanitizers looks for leaks first."""
        try:
            self.server.process.wait(ANSWER_SECONDS)
            return True
        except subprocess.TimeoutExpired:
            return False

    def answer_lost_only(self):
        """An answer that could not be written is unknown to its client alone."""
        return "commit failed" not in self.server.log()

    def connection(self, who):
        if who not in self.connections:
            connection = signoff.Connection(self.server.port, timeout=ANSWER_SECONDS)
            try:
                connection.login(self.server.token(who))
            except (signoff.RpcError, OSError):
                connection.close()  # the next step comes as nobody otherwise
                raise
            self.connections[who] = connection
        return self.connections[who]

    def hang_up(self, who):
        connection = self.connections.pop(who, None)
        if connection is not None:
            connection.close()

    def play(self):
        """All steps in their order. After one that has no answer those that follow are sent all
        the same: what they rest on may be missing, so that any answer of theirs is left out."""
        for i in range(len(self.answers)):
            if not self.step(i):
                return
            self.rest()

    def rest(self):
        """What it set going comes to its end: so the next step always meets the same."""
        try:
            self.connection("operator").call("clock.advance", by="0 seconds")
        except signoff.RpcError:
            pass  # it will be done later
        except OSError:
            self.hang_up("operator")

    def again(self, server):
        """On a server that is well: from the first one that has no answer on, and some before."""
        for who in list(self.connections):
            self.hang_up(who)
        self.server = server
        first = next((i for i, answer in enumerate(self.answers) if answer is None),
                     len(self.answers))
        for i in range(max(0, first - 3), len(self.answers)):
            before = self.answers[i]
            if before is not None and "request_id" not in self.params(i):
                continue
            self.answers[i] = None
            if not self.step(i):
                return
            self.rest()
            if before is not None and not same(self.answers[i], before):
                raise Found("%s, asked again, is answered %r, not %r"
                            % (self.template.steps[i][1], self.answers[i], before))

    def params(self, i):
        _, method, params = self.template.steps[i]
        if method in ("case.get", "case.list", "case.history", "inbox.list", "audit.verify",
                      "person.list", "file.begin", "file.put", "watch.start", "workflow.reload"):
            return params
        return dict(params, request_id="step-%d" % i)

    def step(self, i):
        """False: it has no answer, and nothing is asked behind it."""
        who, method, _ = self.template.steps[i]
        params = self.params(i)
        try:
            connection = self.connection(who)
            if params.get("digest") == "DIGEST":
                case = connection.call("case.get", case=params["case"])
                self.digest = next((a["digest"] for a in case["approvals"] if a["asked"]),
                                   self.digest)
                params["digest"] = self.digest
            if method == "file.put":
                return self.upload(i, connection, params)
            self.answers[i] = connection.call(method, **params)
            if method in LISTS:
                self.settle(i, connection)
        except signoff.RpcError as error:
            if error.code in PASSING or error.code == "unknown_outcome" or self.unread(method, error):
                self.refused[i] = error.code
                self.why = error.message
                return False
            self.answers[i] = {"error": error.code}
        except TimeoutError:
            raise Found("%s of %s: no answer in %d s:\n%s" % (
                method, who, ANSWER_SECONDS, self.server.log()[-2000:])) from None
        except (ConnectionError, OSError):
            self.refused.setdefault(i, "closed")
            self.lost = True
            self.hang_up(who)
            return False
        return True

    def unread(self, method, error):
        """Scripts that could not be read are a mistake of the folder, as the server sees it."""
        return method == "workflow.reload" and error.code == "invalid" and \
            self.template.control["struck"]

    def settle(self, i, connection):
        """What the engine does by itself may have failed and is tried again after a while: a list
        is asked for until it holds that, too."""
        _, method, params = self.template.steps[i]
        end = time.monotonic() + ANSWER_SECONDS
        while self.template.answers and not same(self.answers[i], self.template.answers[i]):
            if time.monotonic() > end:
                break
            self.rest()
            self.answers[i] = connection.call(method, **params)

    def upload(self, i, connection, params):
        """A file from its beginning to its end, in one step."""
        content = base64.b64decode(params["data"])
        begun = connection.call("file.begin", name=params["name"], size=len(content),
                                sha256=hashlib.sha256(content).hexdigest())
        connection.call("file.put", upload=begun["upload"], offset=0, data=params["data"])
        ended = connection.call("file.end", upload=begun["upload"], request_id="step-%d" % i)
        self.answers[i] = {"size": ended.get("size")}
        return True
