# SPDX-License-Identifier: Apache-2.0
"""What is done to the nodes and their database: each fault begins, lasts, and ends."""
import signal
import time

HOUR = 3600
START_SECONDS = 60   # for a node to come back, on a busy machine
EXIT_CODES = (0, 1)  # of a node that says why it ends


class Fault:
    """One fault of a node. begin() and end() do not wait for its consequences."""

    kind, database = None, False

    def __init__(self, rng, node):
        self.rng, self.node = rng, node
        self.seconds = self.length()
        self.begun = 0.0  # time.time()

    def length(self):
        """Shorter than a lease, or longer."""
        return self.rng.uniform(0.0, 0.6) if self.rng.random() < 0.4 else self.rng.uniform(2.5, 4.0)

    def begin(self, cluster):
        raise NotImplementedError

    def end(self, cluster):
        pass

    def __str__(self):
        return "%s of node %d for %.1f s" % (self.kind, self.node.number, self.seconds)


class Kill(Fault):
    kind = "kill"

    def begin(self, cluster):
        self.node.kill()

    def end(self, cluster):
        self.node.wanted = True


class Leave(Kill):
    """Asked to end, as for an upgrade; in the midst of its work."""
    kind = "leave"

    def begin(self, cluster):
        self.node.leave()


class Clock(Fault):
    """The clock of the running node jumps: an hour ahead, behind, or right again."""
    kind = "clock"

    def length(self):
        return self.rng.uniform(0.0, 1.0)

    def begin(self, cluster):
        others = [shift for shift in (-HOUR, 0, HOUR) if shift != self.node.shift]
        self.node.shift_clock(self.rng.choice(others))


class Pause(Fault):
    kind = "pause"

    def begin(self, cluster):
        if self.node.runs():
            self.node.pause()

    def end(self, cluster):
        if self.node.runs():
            self.node.resume()


class Hold(Fault):
    """The network between the node and the database stands still; the node does not."""
    kind = "hold"

    def begin(self, cluster):
        self.node.proxy.say("hold")

    def end(self, cluster):
        self.node.proxy.say("go")


class Cut(Fault):
    """The node's connection is lost in a COMMIT: in the midst of the word, before it or after."""
    kind = "cut"

    def length(self):
        return self.rng.uniform(0.3, 0.8)

    def begin(self, cluster):
        self.node.proxy.say(self.rng.choice(("before", "within", "after")))

    def end(self, cluster):
        self.node.proxy.say("none")  # it committed nothing meanwhile


class Database(Fault):
    """The database ends as in a power cut, and comes back."""
    kind, database = "database", True

    def length(self):
        return self.rng.uniform(0.0, 1.5)

    def begin(self, cluster):
        if cluster.serving:
            cluster.stop_database()

    def end(self, cluster):
        if not cluster.serving:
            cluster.start_database()

    def __str__(self):
        return "end of the database for %.1f s" % self.seconds


KINDS = (Kill, Pause, Cut, Database, Clock, Hold, Leave)
WEIGHTS = (26, 20, 20, 12, 10, 8, 4)
OF_KIND = {kind.kind: kind for kind in KINDS}


def choose(rng, nodes, kinds=KINDS):
    """One fault, or two at once of different kinds and (where there are several) nodes."""
    weights = [WEIGHTS[KINDS.index(kind)] for kind in kinds]
    first = rng.choices(kinds, weights)[0](rng, rng.choice(nodes))
    if len(kinds) == 1 or rng.random() > 0.25:
        return [first]
    others = [node for node in nodes if node is not first.node] or nodes
    second = rng.choices(kinds, weights)[0](rng, rng.choice(others))
    if second.kind == first.kind and (second.database or second.node is first.node):
        return [first]
    return [first, second]


class Injector:
    """Lets faults happen, and brings back the nodes that end of themselves."""

    def __init__(self, cluster, say):
        self.cluster, self.say = cluster, say
        self.endings = 0  # nodes that ended of themselves
        self.trouble = 0  # until when a node may do so, monotonic

    def inject(self, faults):
        """All begin at once; over when each has ended and all nodes listen again."""
        begin = time.monotonic()
        self.trouble = float("inf")
        for fault in faults:
            fault.begun = time.time()
            fault.begin(self.cluster)
        for fault in sorted(faults, key=lambda f: f.seconds):
            self.tend(lambda f=fault: time.monotonic() - begin >= f.seconds)
            fault.end(self.cluster)
        return self.recover()

    def recover(self):
        give_up = time.monotonic() + START_SECONDS
        self.tend(lambda: self.all_listen() or time.monotonic() > give_up)
        self.trouble = time.monotonic() + 5
        if self.all_listen():
            return True
        for node in self.cluster.nodes:
            if node.port is None:
                self.say("node", "node %d does not come back:\n%s"
                         % (node.number, node.log(node.begin)[-3000:]))
        return False

    def rest(self, seconds):
        until = time.monotonic() + seconds
        self.tend(lambda: time.monotonic() >= until)

    def tend(self, done):
        while not done():
            for node in self.cluster.nodes:
                self.look_after(node)
            time.sleep(0.01)

    def all_listen(self):
        return all(node.port is not None and node.runs() for node in self.cluster.nodes)

    def look_after(self, node):
        if node.runs():
            if node.port is None and node.wanted and not node.leaving:
                node.ready(node.begin)
            return
        if not node.buried:
            self.ended(node)
            node.port, node.buried = None, True
        if node.wanted and self.cluster.serving:
            node.spawn()

    def ended(self, node):
        """Killed, asked to, or because the outcome of a commit stays unknown to it."""
        code = node.process.returncode
        if code == -signal.SIGKILL or (node.leaving and code == 0):
            return
        self.endings += 1
        if node.complaint():
            self.say("node", "node %d complained:\n%s" % (node.number, node.complaint()))
        elif code not in EXIT_CODES or time.monotonic() > self.trouble:
            self.say("node", "node %d ended by itself, with %d:\n%s"
                     % (node.number, code, node.log(node.begin)[-3000:]))
