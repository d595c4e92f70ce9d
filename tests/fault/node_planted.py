# SPDX-License-Identifier: Apache-2.0
"""The test of the judges: into what a team's nodes really wrote a fault is planted, each in turn,
and the judge must find it, as what it is. Numbers are moved on as a node would have done that
believed the fault, so that it is not found by a gap or a double in them."""
import copy
import random

from node_judge import NodeJudge

HOUR_SECONDS = 3600


class Told:
    """The team's entries with one more or one less, and everything that refers to them moved."""

    def __init__(self, entries, arrived, commands, at, by):
        """by: 1 repeats the entry of that index, -1 leaves it out, 0 does neither."""
        moved = lambda seq: seq + by if seq > at + 1 or (by < 0 and seq > at) else seq  # noqa: E731
        extra = [copy.deepcopy(entries[at])] if by > 0 else []
        self.entries = entries[:at + (by >= 0)] + extra + entries[at + 1:]
        self.arrived = arrived[:at + (by >= 0)] + [arrived[at]] * len(extra) + arrived[at + 1:]
        case, first = entries[at]["case"], at + (by >= 0)
        for n in range(first, len(self.entries)):
            entry = dict(self.entries[n], seq=n + 1)
            if "cause" in entry:
                entry["cause"] = dict(entry["cause"], seq=moved(entry["cause"]["seq"]))
            if case is not None and entry["case"] == case:
                entry["case_seq"] += by
            self.entries[n] = entry
        self.commands = [self.move(command, moved) for command in commands]

    @staticmethod
    def move(command, moved):
        if command.result is None or "entry" not in command.result:
            return command
        command = copy.copy(command)
        command.result = dict(command.result, entry=moved(command.result["entry"]))
        return command

    def judged(self):
        """The kinds of what is found."""
        found = set()
        judge = NodeJudge(lambda kind, text: found.add(kind))
        for entry, arrived in zip(self.entries, self.arrived):
            judge.saw(entry, arrived)
        for command in self.commands:
            judge.claim(command)
        judge.all_claimed()
        return found


def changed(told, at, **members):
    told.entries[at] = dict(told.entries[at], **members)
    return told


def shifted(told, at):
    """Written by a node that believes its own clock."""
    told.arrived[at] += HOUR_SECONDS
    return told


def recounted(told, at):
    fields = dict(told.entries[at]["fields"])
    fields["spins"] += 1
    return changed(told, at, fields=fields)


def revoted(told, at):
    """The ballot that was counted is another one than was given."""
    decided = copy.deepcopy(told.entries[at]["decided"])
    decided[0]["choice"] = "reject" if decided[0]["choice"] == "approve" else "approve"
    return changed(told, at, decided=decided)


def by_line(kind):
    return lambda entry: entry["kind"] == kind and entry["channel"] == "line"


# What it is called, what it must be found as, whether one entry is repeated or left out, which
# entry it may be, and what else is done to it.
FAULTS = (
    ("a rung that fires twice", "rung", 1, lambda e: "rung" in e, None),
    ("a timer that fires twice", "rung", 1,
     lambda e: e["kind"] == "deadline" and "rung" not in e, None),
    ("a rung that never fires", "rung", -1,
     lambda e: e["kind"] == "deadline" and e["case"].startswith("JB-"), None),
    ("an effect carried out twice", "doubled", 1, lambda e: "cause" in e, None),
    ("a schedule that fires twice", "schedule", 1, lambda e: e["kind"] == "schedule", None),
    ("a request that stands twice", "doubled", 1, by_line("comment"), None),
    ("a vote that stands twice", "doubled", 1, by_line("vote"), None),
    ("an acknowledged entry that is gone", "lost", -1, by_line("comment"), None),
    ("an edit that is gone", "lost", -1, by_line("edit"), None),
    ("a coming or going that is gone", "lost", -1,
     lambda e: e["kind"] == "data" and e["params"].get("person") == "dee"
     and e["params"].get("role") == "seer", None),
    ("a sweep that changes a case twice", "sweep", 1, lambda e: e["kind"] == "sweep", None),
    ("a number left out", "number", 0, lambda e: e["case"] is not None,
     lambda told, at: changed(told, at, case_seq=told.entries[at]["case_seq"] + 1)),
    ("a clock an hour ahead", "clock", 0, by_line("fire"),
     lambda told, at: shifted(told, at)),
    ("a counter that counted twice", "doubled", 0,
     lambda e: "spins" in e.get("fields", {}), recounted),
    ("a ballot counted as another", "ballot", 0, lambda e: e.get("decided"), revoted),
)


def plant_all(entries, arrived, commands, rng=None):
    """Gives how many were planted, and the names of those that were not found. The last entries
    are left alone: what follows from them is not there yet."""
    rng = rng or random.Random(1)
    planted, missed = 0, []
    for name, kind, by, fits, change in FAULTS:
        places = [n for n in range(len(entries) // 2) if fits(entries[n])]
        if not places:
            continue
        planted += 1
        at = rng.choice(places)
        told = Told(entries, arrived, commands, at, by)
        told = change(told, at) if change else told
        if kind not in told.judged():
            missed.append("%s (entry %d), to be found as %s" % (name, at + 1, kind))
    return planted, missed
