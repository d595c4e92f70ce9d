# SPDX-License-Identifier: Apache-2.0
"""Clients and watchers of several nodes. A client goes to another node whenever its own is gone,
silent, or it feels like it, and repeats there what was not answered."""
import socket
import threading
import time

import load
import signoff
from cluster import GUEST, PROJECT

PATIENCE = 3.0         # seconds until a silent node is given up
BETWEEN = 0.02         # between two tries to find a node
IN_FLIGHT = 4
JOBS = 8               # that are open at a time in each team
WATCH_CASES = 5        # of the workflow "watch" in each team
GUEST_SECONDS = 2.0    # between comings and goings
PASSING = ("unavailable", "unknown_outcome", "overloaded")  # asked again
BROKEN = (OSError, ValueError)


class World(load.World):
    """What the clients of one team know together, and the entries that its watchers saw."""

    def __init__(self, team):
        super().__init__()
        self.team, self.most = team, JOBS
        self.watched, self.revs = [], {}
        self.entries, self.arrived = [], []  # by number; when the first watcher had it
        self.lock, self.faults = threading.Lock(), []

    def acknowledged(self, result):
        with self.lock:
            case = result["case"]
            self.revs[case] = max(self.revs.get(case, 0), result["rev"])

    def seen(self, entry, watcher):
        """By a watcher of any node. All must see the same."""
        with self.lock:
            if entry["seq"] <= len(self.entries):
                if entry != self.entries[entry["seq"] - 1]:
                    self.faults.append(("lost", "entry %d is another one at %s than at another "
                                        "node" % (entry["seq"], watcher)))
                return
            self.entries.append(entry)
            self.arrived.append(time.time())
        self.saw(entry)


class Passing(ConnectionError):
    """The node cannot say now; the command stands."""


class Connecting:
    """Finds a node and logs in."""

    def find(self, cluster, token, rng, timeout):
        nodes = cluster.listening()
        if not nodes:
            time.sleep(BETWEEN)
            raise ConnectionError("no node listens")
        node = rng.choice(nodes)
        connection = signoff.Connection(node.port or 0, timeout=timeout)
        try:
            connection.login(token)
        except signoff.RpcError as error:
            connection.close()
            if error.code in PASSING:
                time.sleep(BETWEEN)
                raise Passing(str(error)) from None
            self.faults.append(("lost", "a client cannot come back: %s" % error))
            raise ConnectionError from None
        except BaseException:
            connection.close()
            raise
        return connection


class Client(load.Client, Connecting):
    """One person, at some node."""

    def __init__(self, cluster, world, person, pace):
        super().__init__(person, cluster.tokens[world.team][person], world)
        self.cluster, self.pace = cluster, pace
        self.reconnects, self.reads, self.roam_after = 0, 0, 0

    def work(self, over, rng):
        """Until over, and all is answered."""
        self.rng = rng
        while not over.is_set() or self.pending:
            try:
                if self.connection is None:
                    self.come_back()
                self.one_step(over)
            except BROKEN:
                self.close()
                time.sleep(BETWEEN)
        self.close()

    def come_back(self):
        self.connection = self.find(self.cluster, self.token, self.rng, PATIENCE)
        self.reconnects += 1
        self.roam_after = self.sent + self.rng.randint(5, 80)
        self.settle()
        self.look()

    def one_step(self, over):
        roams = self.sent >= self.roam_after
        while not over.is_set() and not roams and len(self.pending) < IN_FLIGHT:
            self.act()
        if self.pending:
            self.take()
        elif roams:
            raise ConnectionError("goes elsewhere")
        if not over.is_set():
            time.sleep(self.rng.expovariate(1 / self.pace))

    def take(self):
        """An answer that only puts off leaves the command where it is."""
        answer = self.connection.receive()
        self.passes(answer)
        command = self.pending.popleft()
        command.answered(answer)
        self.answered.append(command)
        self.learn(command)

    @staticmethod
    def passes(answer):
        code = answer.get("error", {}).get("data", {}).get("code")
        if code in PASSING:
            time.sleep(BETWEEN)
            raise Passing(code)

    def learn(self, command):
        if command.method == "case.open" and command.params["workflow"] == "watch":
            if command.result is not None:
                self.world.watched.append(command.result["case"])
                self.world.acknowledged(command.result)
            return
        super().learn(command)
        if command.result is not None:
            self.world.acknowledged(command.result)

    def settle(self):
        for command in self.recent:
            self.connection.send(command.method, command.params)
        for command in self.pending:
            self.send(command)
        for command in list(self.recent):
            again = self.connection.receive()
            self.passes(again)
            if again.get("result") != command.result:
                self.faults.append(("lost", "%r was answered %r, and now %r"
                                    % (command, command.result, again)))
        while self.pending:
            self.take()

    def look(self):
        """Whatever was acknowledged anywhere before it was asked for is seen here."""
        with self.world.lock:
            if not self.world.revs:
                return
            case = self.rng.choice(sorted(self.world.revs))
            least = self.world.revs[case]
        self.connection.send("case.get", {"case": case})
        answer = self.connection.receive()
        self.passes(answer)
        rev = answer["result"]["rev"] if "result" in answer else -1
        self.reads += 1
        if rev < least:
            self.faults.append(("stale", "%s had rev %d, and a node that was asked later says %r"
                                % (case, least, answer.get("error", rev))))

    def act(self):
        world, rng = self.world, self.rng
        chance = rng.random()
        if chance < 0.02 and len(world.watched) < WATCH_CASES:
            self.new("case.open", {"workflow": "watch", "project": PROJECT,
                                   "fields": {"subject": "s0"}, "comment": "MARK"})
        elif chance < 0.06 and world.watched:
            self.edit(rng.choice(world.watched))
        else:
            super().act()

    def edit(self, case):
        self.new("case.edit", {"case": case,
                               "fields": {"subject": "%s-%d" % (self.person, self.sent + 1)}})


class Lead(Client):
    """Lets a guest come and go, by which a sweep is begun each time; and gives the guest a token
    and takes it back, of which every node must know at once."""

    def __init__(self, cluster, world, person, pace):
        super().__init__(cluster, world, person, pace)
        self.there = False
        self.key = None  # (id, secret) of the token that the guest has

    def one_step(self, over):
        if not self.pending:
            self.act()
        self.take()
        self.recent.clear()  # what comes and goes may be said only once
        over.wait(GUEST_SECONDS * self.rng.uniform(0.3, 1.0))

    def act(self):
        if self.rng.random() < 0.5:
            self.new("project.member.remove" if self.there else "project.member.add",
                     {"project": PROJECT, "person": GUEST, "role": "seer"})
        elif self.key is None:
            self.new("token.create", {"person": GUEST, "name": "key"})
        else:
            self.new("token.revoke", {"id": self.key[0]})

    def learn(self, command):
        if command.error is not None:
            self.faults.append(("unexpected", "%r: %s" % (command, command.error)))
        elif command.method == "token.create":
            # The secret is told once: who repeats the request does not see it.
            self.key = (command.result["id"], command.result.get("token"))
            self.try_key(True)
        elif command.method == "token.revoke":
            self.try_key(False)
            self.key = None
        else:
            self.there = command.method == "project.member.add"

    def try_key(self, opens):
        """At any node."""
        nodes = self.cluster.listening()
        if not nodes or self.key[1] is None:
            return
        node = self.rng.choice(nodes)
        try:
            with signoff.Connection(node.port or 0, timeout=PATIENCE) as connection:
                connection.send("session.login", {"token": self.key[1]})
                answer = connection.receive()
        except BROKEN:
            return
        code = answer.get("error", {}).get("data", {}).get("code")
        self.reads += 1
        if code not in PASSING and (code is None) != opens:
            self.faults.append(("stale", "node %d %s a token that was %s before: %r" % (
                node.number, "refuses" if opens else "takes",
                "made" if opens else "taken back", answer)))


class Watcher(Connecting):
    """Watches one team at one node, whenever that is there; with none, at whichever."""

    def __init__(self, cluster, world, token, node, rng):
        self.cluster, self.world, self.token, self.node = cluster, world, token, node
        self.rng, self.connection, self.watch = rng, None, None
        self.next, self.reconnects, self.faults = 1, 0, []
        self.over = threading.Event()

    def __str__(self):
        return "node %d" % self.node.number if self.node else "a roaming watcher"

    def follow(self):
        while not self.over.is_set():
            try:
                if self.connection is None:
                    self.come_back()
                self.take()
                self.wander()
            except BROKEN + (signoff.RpcError, AttributeError):
                self.close()  # AttributeError: ended by another thread
                time.sleep(BETWEEN)

    def listening(self):
        """As of a cluster of one node."""
        return [self.node] if self.node.port is not None else []

    def come_back(self):
        """From the next number on, or some before it."""
        self.connection = self.find(self if self.node else self.cluster, self.token, self.rng, 120)
        self.reconnects += 1
        begin = max(1, self.next - self.rng.randint(0, 3))
        started = self.connection.call("watch.start", **{"from": begin})
        self.watch, self.next = started["watch"], begin
        if started["head"] < begin - 1:
            self.faults.append(("lost", "a watcher saw entry %d; at %s the last is %d"
                                % (begin - 1, self, started["head"])))

    def take(self):
        message = self.connection.notification()
        if message["method"] == "watch.end":
            raise ConnectionError("the node cannot read now")
        if message["method"] != "watch.entry" or message["params"]["watch"] != self.watch:
            return
        entry = message["params"]["entry"]
        if entry["seq"] != self.next:
            self.faults.append(("watch", "entry %d after %d at %s"
                                % (entry["seq"], self.next - 1, self)))
        self.next = entry["seq"] + 1
        self.world.seen(entry, self)

    def wander(self):
        if self.node is None and self.rng.random() < 0.005:
            raise ConnectionError("goes elsewhere")

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def end(self):
        """From another thread."""
        self.over.set()
        connection = self.connection
        if connection is not None:
            try:
                connection.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
