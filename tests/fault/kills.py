# SPDX-License-Identifier: Apache-2.0
"""When and where the server is killed: the schedule, the file shared with kill_at.c, and the
server that may die at any time, while it starts as well."""
import collections
import mmap
import struct

from mortal import START_SECONDS, Mortal

# The numbers of kill_at.h.
CELLS = ("where", "left", "how", "phase", "struck", "writes", "syncs", "reads", "checkpoints",
         "merges")
WHERE = ("nowhere", "begin", "write", "sync", "synced", "checkpoint", "read", "merge")
PHASES = ("idle", "committing", "untold", "checkpointing", "merging")

# What a kill counts as: by where the preloaded library struck, or by the phase in which a kill
# from outside met the server.
BEFORE, WITHIN, AFTER = "before a commit", "within a commit", "after a commit"
CHECKPOINT, MERGE = "in a checkpoint", "in a merge"
START, RECOVERY = "at the start", "in recovery"
CLASSES = (BEFORE, WITHIN, AFTER, MERGE, CHECKPOINT, RECOVERY)
OF_WHERE = {"begin": BEFORE, "write": WITHIN, "sync": WITHIN, "synced": AFTER,
            "checkpoint": CHECKPOINT, "merge": MERGE}
OF_PHASE = {"idle": BEFORE, "committing": WITHIN, "untold": AFTER, "checkpointing": CHECKPOINT,
            "merging": MERGE}

# where: a moment of kill_at.c, the n-th; or None: from outside, after so many seconds.
# early: armed before the clients have repeated what was not answered.
Kill = collections.namedtuple("Kill", "where n how seconds early")


class Control:
    """The file shared with the preloaded library."""

    def __init__(self, path):
        self.path = path
        with open(path, "w+b") as f:
            f.truncate(8 * len(CELLS))
            self.map = mmap.mmap(f.fileno(), 8 * len(CELLS))

    def __getitem__(self, cell):
        return struct.unpack_from("q", self.map, 8 * CELLS.index(cell))[0]

    def __setitem__(self, cell, value):
        struct.pack_into("q", self.map, 8 * CELLS.index(cell), value)

    def reset(self):
        for cell in CELLS:
            self[cell] = 0

    def arm(self, kill):
        self["left"] = 0
        self["where"], self["how"] = WHERE.index(kill.where), kill.how
        self["left"] = kill.n  # last: from now on it counts

    def disarm(self):
        self["left"] = 0

    def struck(self):
        return WHERE[self["struck"]] if self["struck"] else None

    def close(self):
        self.map.close()


class Schedule:
    """The kills of one round, from its own random numbers: those of the starts before it, and
    the one under load."""

    def __init__(self, rng, planted=False):
        self.starts = []
        if planted:
            self.load = Kill(None, 0, 0, rng.uniform(0.1, 0.4), False)
            return
        while rng.random() < 0.3 and len(self.starts) < 4:
            self.starts.append(self.at_start(rng))
        where = rng.choices((None, "begin", "write", "sync", "synced", "checkpoint", "merge"),
                            (32, 8, 15, 8, 13, 12, 12))[0]
        # Few commits to a round, and many writes to a commit. Not every round has as many: then
        # the time decides.
        n = rng.randint(1, 20 if where == "checkpoint" else 250 if where in ("write", "merge") else 40)
        seconds = rng.uniform(0.01, 0.3) if where is None else 0.6
        self.load = Kill(where, n, rng.randint(0, 1000), seconds, rng.random() < 0.2)

    @staticmethod
    def at_start(rng):
        """Recovery is a read for each page of the log; what follows is met by the clock."""
        if rng.random() < 0.6:
            return Kill("read", int(2 ** rng.uniform(0, 10)), 0, START_SECONDS, True)
        return Kill(None, 0, 0, rng.uniform(0, 0.15), True)


class Struck(Mortal):
    """Killed by the preloaded library, or from outside."""

    def __init__(self, site, program, clock, preload, control):
        super().__init__(site, program, clock)
        self.preload, self.control = preload, control

    def preloaded(self):
        return {"LD_PRELOAD": self.preload, "SIGNOFF_KILL_AT": self.control.path}

    def killed_in(self):
        """Which of CLASSES the kill of a server under load was."""
        struck = self.control.struck()
        return OF_WHERE[struck] if struck else OF_PHASE[PHASES[self.control["phase"]]]

    def start_struck(self, kill):
        """Starts, to be killed on the way. Gives the class of the kill, or None when it came to
        listen before that."""
        self.control.reset()
        if kill.where:
            self.control.arm(kill)
        self.spawn()
        if self.listening(kill.seconds):
            self.control.disarm()
            if not self.dead():
                return None
        self.wait_dead(0)
        return RECOVERY if self.control["reads"] else START
