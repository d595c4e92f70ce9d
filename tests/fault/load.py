# SPDX-License-Identifier: Apache-2.0
"""The clients: they send without pause, log what they were told, and after a crash repeat what was
not answered, with the same request_id."""
import collections
import random
import threading

import signoff

PROJECT = "rounds"
JOBS = 40        # cases that are open at a time; they never end
IN_FLIGHT = 6
DEAF_IN_FLIGHT = 60
RECENT = 3       # answered requests that are repeated after a crash nevertheless

# Refusals that the rules of the team explain; any other is a fault.
EXPECTED = ("not_now", "conflict", "refused")


class Command:
    """A request that writes: what was sent, and what came back."""

    def __init__(self, actor, request, method, params):
        self.actor, self.id, self.method = actor, request, method
        self.params = dict(params, request_id=request)
        self.result, self.error = None, None
        self.sends = 0  # on how many connections it was sent

    def answered(self, answer):
        if "error" in answer:
            self.error = signoff.RpcError(answer["error"])
        else:
            self.result = answer["result"]

    def __repr__(self):
        return "%s of %s by %s" % (self.method, self.id, self.actor)


class World:
    """What the clients of a site know of it together. A guess: they act on it, nothing more."""

    def __init__(self):
        self.jobs, self.opening, self.most = [], 0, JOBS
        self.states, self.digests = {}, {}

    def saw(self, entry):
        case = entry["case"]
        if case is None or not case.startswith("JB-"):
            return
        if "states" in entry:
            self.states[case] = entry["states"]
        for turn in entry.get("round", ()):
            if "digest" in turn:
                self.digests[case] = turn["digest"]


class Client:
    """One person's connection. Log: every command in the order of sending, with its answer."""

    def __init__(self, person, token, world):
        self.person, self.token, self.world = person, token, world
        self.rng, self.connection = None, None
        self.pending = collections.deque()  # Commands that were not answered
        self.answered = []                  # Commands that were, and were not judged yet
        self.recent = collections.deque(maxlen=RECENT)
        self.sent, self.faults = 0, []

    def connect(self, server, rng):
        self.rng = rng
        self.connection = server.connect(self.token)

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def new(self, method, params):
        self.sent += 1
        request = "%s-%d" % (self.person, self.sent)
        for name, value in params.items():  # the mark by which the history knows the request
            if value == "MARK":
                params[name] = request
        if method == "case.open":
            params["fields"]["mark"] = request
        command = Command(self.person, request, method, params)
        self.pending.append(command)
        self.send(command)

    def send(self, command):
        command.sends += 1
        self.connection.send(command.method, command.params)

    def take(self):
        """The oldest answer."""
        answer = self.connection.receive()
        command = self.pending.popleft()
        command.answered(answer)
        self.answered.append(command)
        self.learn(command)

    def learn(self, command):
        if command.error is not None:
            if command.error.code not in EXPECTED:
                # "internal": the server itself met something that cannot be.
                kind = "internal" if command.error.code == "internal" else "unexpected"
                self.faults.append((kind, "%r: %s" % (command, command.error)))
        elif command.method != "clock.advance":
            self.recent.append(command)
            self.world.states[command.result["case"]] = command.result["states"]
        if command.method == "case.open":
            self.world.opening -= 1
            if command.result is not None:
                self.world.jobs.append(command.result["case"])

    def settle(self):
        """After a crash: the last answers once more, which must be the same, then what was not
        answered."""
        for command in self.recent:
            self.connection.send(command.method, command.params)
        for command in self.pending:
            self.send(command)
        for command in list(self.recent):
            again = self.connection.receive()
            if again.get("result") != command.result:
                self.faults.append(("lost", "%r was answered %r, and now %r"
                                    % (command, command.result, again)))
        while self.pending:
            self.take()

    def load(self, dead):
        """Sends until the connection breaks. A deaf client stops reading on the way, so that
        much of what it has to repeat was done."""
        deaf_after = self.rng.randint(1, 40) if self.rng.random() < 0.3 else None
        begin = self.sent
        while True:
            deaf = deaf_after is not None and self.sent - begin >= deaf_after
            while len(self.pending) < (DEAF_IN_FLIGHT if deaf else IN_FLIGHT):
                self.act()
            if deaf:
                self.connection.flush()
                dead.wait()
                return
            self.take()

    def act(self):
        """One random act. Which cases it fits is partly guessed: refusals belong to the load."""
        world, rng = self.world, self.rng
        if not world.jobs or (len(world.jobs) + world.opening < world.most and rng.random() < 0.2):
            world.opening += 1
            self.new("case.open", {"workflow": "job", "project": PROJECT,
                                   "fields": {"subject": "s0"}, "comment": "MARK"})
            return
        case = rng.choice(world.jobs)
        deciding = world.states.get(case) == ["deciding"]
        what = rng.choices(("vote", "withdraw", "amend", "spin", "comment"), (45, 33, 6, 8, 8))[0] \
            if deciding else rng.choices(("ask", "spin", "comment", "vote"), (50, 25, 20, 5))[0]
        if what == "comment":
            self.new("case.comment", {"case": case, "text": "MARK"})
        elif what == "withdraw":
            self.new("approval.withdraw", {"case": case})
        elif what == "vote":
            if case not in world.digests:
                world.digests[case] = "0" * 64  # wrong, and refused
            choice = rng.choices(("approve", "reject", "abstain"), (5, 4, 1))[0]
            self.new("approval.vote", {"case": case, "choice": choice, "comment": "MARK",
                                       "digest": world.digests[case]})
        elif what == "amend":
            self.new("case.fire", {"case": case, "event": "amend", "comment": "MARK",
                                   "data": {"subject": "s%d" % rng.randrange(1000)}})
        else:
            self.new("case.fire", {"case": case, "event": what, "comment": "MARK"})


class Mover(Client):
    """Moves virtual time, so that something is due always."""

    def __init__(self, person, token, world):
        super().__init__(person, token, world)
        self.now = ""  # the latest time that was acknowledged

    def learn(self, command):
        super().learn(command)
        if command.result is not None and command.method == "clock.advance":
            self.now = max(self.now, command.result["now"])

    def load(self, dead):
        """One at a time: an advance is a barrier, and the others are to come between."""
        while True:
            self.act()
            self.take()

    def act(self):
        self.new("clock.advance", {"by": "%d seconds" % self.rng.randint(1, 3)})


class Watcher:
    """Collects the team's entries by their numbers, over all crashes. What it saw before one must
    be there after it."""

    OVERLAP = 40

    def __init__(self, token, world):
        self.token, self.world = token, world
        self.entries = []  # entries[n] has the number n + 1
        self.connection, self.faults = None, []
        self.watch, self.next = None, 1

    def connect(self, server):
        self.connection = server.connect(self.token)
        self.next = max(1, len(self.entries) + 1 - self.OVERLAP)
        head = self.head()
        if head < len(self.entries):
            self.faults.append(("lost", "entry %d was told to a watcher; the last is %d now"
                                % (len(self.entries), head)))
        self.watch = self.connection.call("watch.start",
                                          **{"from": min(self.next, head + 1)})["watch"]

    def head(self):
        """The number of the team's last entry: what another watch would begin behind."""
        head = self.connection.call("watch.start")["head"]
        self.connection.call("watch.stop")  # the latest
        return head

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def take(self):
        message = self.connection.notification()
        if message["method"] != "watch.entry" or message["params"]["watch"] != self.watch:
            return
        entry = message["params"]["entry"]
        if entry["seq"] != self.next:
            self.faults.append(("number", "entry %d after %d" % (entry["seq"], self.next - 1)))
        self.next = entry["seq"] + 1
        if entry["seq"] <= len(self.entries):
            if entry != self.entries[entry["seq"] - 1]:
                self.faults.append(("lost", "entry %d is another one than it was before the crash"
                                    % entry["seq"]))
            return
        self.entries.append(entry)
        self.world.saw(entry)

    def until(self, head):
        while self.next <= head:
            self.take()

    def load(self, _):
        while True:
            self.take()


def run_all(clients, what, *arguments):
    """Every client in a thread of its own, until all are done or their connections are broken.
    Gives whether all were done."""
    broken = []

    def one(client):
        try:
            getattr(client, what)(*arguments)
        except (OSError, ValueError):  # ValueError: the half of a line
            broken.append(client)
    threads = [threading.Thread(target=one, args=(client,), daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    return threads, broken


def round_rng(*words):
    """Random numbers of their own for each purpose, so that one does not disturb another."""
    return random.Random(":".join(str(word) for word in words))
