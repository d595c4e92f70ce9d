# SPDX-License-Identifier: Apache-2.0
"""What must be true of the histories, whatever was killed. Everything here is computed from the
entries by rules of its own: nothing is asked of the engine that it could have got wrong."""
import collections
import datetime

VOTERS = 3
NEEDED = 2  # of job.lua: at_least(2) "voter"
ON_CASES = ("open", "start", "fire")
COUNTERS = ("spins", "settled", "noted", "nudged")


def milliseconds(text):
    when = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return round(when.timestamp() * 1000)


def changes(entry):
    """What the entry says of deadlines, with times as milliseconds."""
    for change in entry.get("deadlines", ()):
        due = change.get("next")
        yield dict(change, next=milliseconds(due) if isinstance(due, str) else due)


class Story:
    """One case, folded from its entries. say(kind, text) reports what is wrong."""

    def __init__(self, key, say):
        self.key, self.report = key, say
        self.length, self.rev, self.at = 0, 0, 0
        self.states, self.outcome = None, None
        self.counters = dict.fromkeys(COUNTERS, 0)
        self.deadlines = {}  # id -> as it was armed or moved last
        self.round, self.ballots = 0, {}

    def say(self, kind, entry, text):
        self.report(kind, "entry %d of %s: %s" % (entry["seq"], self.key, text))

    def take(self, entry):
        self.length += 1
        if entry["case_seq"] != self.length:
            self.say("number", entry, "number %d of its case, after %d"
                     % (entry["case_seq"], self.length - 1))
        if not 0 <= entry["rev"] - self.rev <= 1:
            self.say("number", entry, "rev %d after %d" % (entry["rev"], self.rev))
        if entry.get("failed") or entry.get("stuck"):
            self.say("unexpected", entry, "failed: %r" % (entry.get("failed"),))
        self.rev = entry["rev"]
        self.look_at_time(entry)
        self.look_at_counters(entry)
        self.look_at_ballots(entry)
        self.states = entry.get("states", self.states)
        self.outcome = entry.get("outcome", self.outcome)

    # ---- rungs ----

    def look_at_time(self, entry):
        at = milliseconds(entry["at"])
        if entry["kind"] == "deadline":
            self.fired(entry, at)
        elif entry["channel"] == "line":
            came = entry.get("arrived", at)
            came = milliseconds(came) if isinstance(came, str) else came
            late = [d for d in self.deadlines.values() if d["next"] and d["next"] <= came]
            if late:
                self.say("rung", entry, "came at %d and overtook %r" % (came, late))
        for change in changes(entry):
            if change.get("gone"):
                self.deadlines.pop(change["id"], None)
            else:
                self.deadlines[change["id"]] = change

    def fired(self, entry, at):
        """Exactly one deadline was to fire now, and it moves on: so no rung fires twice, and none
        is left out."""
        due = milliseconds(entry["due"])
        name = entry["rung"]["deadline"] if "rung" in entry else entry["event"]
        fitting = [d for d in self.deadlines.values() if d["name"] == name and d["next"] == due]
        if len(fitting) != 1:
            self.say("rung", entry, "%s fired, due %s; armed is %r"
                     % (name, entry["due"], self.deadlines))
            return
        if due > at:
            self.say("rung", entry, "fired before it was due")
        before = [d for d in self.deadlines.values() if d["next"] and d["next"] < due]
        if before:
            self.say("rung", entry, "fired before %r" % (before,))
        moved = [c for c in changes(entry) if c["id"] == fitting[0]["id"]]
        if not moved or not (moved[0].get("gone") or moved[0]["next"] != due):
            self.say("rung", entry, "%s stays armed as it was" % name)

    # ---- counters ----

    def look_at_counters(self, entry):
        mine, event = self.counters, entry.get("event")
        if entry["kind"] == "fire" and event == "spin":
            mine["spins"] += 1
        elif entry["kind"] == "fire" and event in ("settled", "noted"):
            mine[event] += 1
        elif entry.get("rung", {}).get("rung") == "late 0" and self.states == ["working"]:
            mine["nudged"] += 1
        for name in COUNTERS:
            said = entry.get("fields", {}).get(name)
            if said is not None and said != mine[name]:
                self.say("doubled", entry, "%s is %d; it happened %d times"
                         % (name, said, mine[name]))

    # ---- ballots ----

    def look_at_ballots(self, entry):
        turns = entry.get("round", ())
        ended = [turn["ended"]["outcome"] for turn in turns if "ended" in turn]
        for turn in turns:  # the first says that a round begins, the next whom it asks
            if "ended" not in turn and turn["number"] != self.round:
                if turn["number"] != self.round + 1:
                    self.say("ballot", entry, "round %d after %d" % (turn["number"], self.round))
                self.round = turn["number"]
        if "deciding" in entry.get("entered", ()):
            self.ballots = {}
        for ballot in entry.get("ballots", ()):
            if ballot["standing"]:
                self.ballots[ballot["person"]] = ballot["choice"]
            else:
                self.ballots.pop(ballot["person"], None)
        if entry["kind"] in ("vote", "withdraw"):
            expected = self.decision()
            if ended != ([expected] if expected else []):
                self.say("ballot", entry, "%r stand, which is %s; the round ended with %r"
                         % (self.ballots, expected or "open", ended))
        if "decided" in entry:
            counted = {ballot["person"]: ballot["choice"] for ballot in entry["decided"]}
            if counted != self.ballots or len(entry["decided"]) != len(counted):
                self.say("ballot", entry, "%r stand; counted were %r"
                         % (self.ballots, entry["decided"]))
        if ended or "deciding" in entry.get("left", ()):
            self.ballots = {}

    def decision(self):
        given = collections.Counter(self.ballots.values())
        if given["approve"] >= NEEDED:
            return "approved"
        if given["approve"] + VOTERS - len(self.ballots) < NEEDED:
            return "rejected"
        return None


class Judge:
    """All entries of a team and all that its clients were told."""

    story = Story

    def __init__(self, say):
        self.say = say
        self.entries, self.stories, self.at = [], {}, 0
        self.marks = collections.defaultdict(list)  # request_id -> entries that carry it
        self.unclaimed = {}   # entries of persons that no client was told of yet
        self.effects = {}     # (entry, n) that waits to be carried out
        self.carried = set()
        self.reminders = collections.Counter()
        self.counts = collections.Counter()

    def take(self, entry):
        self.entries.append(entry)
        if entry["seq"] != len(self.entries):
            self.say("number", "entry %d is the %dth" % (entry["seq"], len(self.entries)))
        at = milliseconds(entry["at"])
        if at < self.at:
            self.say("number", "entry %d is older than the one before" % entry["seq"])
        self.at = at
        self.counts[entry["kind"]] += 1
        if entry["case"] is None:
            return
        if entry["case"] not in self.stories:
            self.stories[entry["case"]] = self.story(entry["case"], self.say)
        self.stories[entry["case"]].take(entry)
        self.look_at_effects(entry)
        if entry["channel"] == "line":
            self.unclaimed[entry["seq"]] = entry
            for mark in self.marks_of(entry):
                self.marks[mark].append(entry["seq"])

    @staticmethod
    def marks_of(entry):
        """A vote's comment stands in its ballot; the others that it shows are older ones."""
        if entry["kind"] == "vote":
            return [ballot["comment"] for ballot in entry["ballots"]
                    if ballot["person"] == entry["actor"]]
        return [entry["comment"]] if "comment" in entry else []

    def look_at_effects(self, entry):
        for n, effect in enumerate(entry.get("effects", ())):
            if effect["kind"] in ON_CASES:
                self.effects[entry["seq"], n] = effect
            elif effect["kind"] == "remind":
                self.reminders.update(effect["to"])
        if "cause" not in entry:
            return
        cause = (entry["cause"]["seq"], entry["cause"]["n"])
        effect = self.effects.pop(cause, None)
        if cause in self.carried:
            self.say("doubled", "entry %d carries out effect %d of entry %d once more"
                     % (entry["seq"], cause[1], cause[0]))
        elif effect is None:
            self.say("effect", "entry %d has a cause that asked for nothing: %r"
                     % (entry["seq"], cause))
        elif entry["kind"] != ("fire" if effect["kind"] == "fire" else "open"):
            self.say("effect", "entry %d is not what %r asks for" % (entry["seq"], effect))
        self.carried.add(cause)

    def claim(self, command):
        """What a client was told, against what is there."""
        there = self.marks.get(command.id, [])
        if command.error is not None:
            if there:
                self.say("doubled", "%r was refused (%s), and is there: %r"
                         % (command, command.error.code, there))
            return
        if command.method == "clock.advance":
            return
        told = command.result["entry"]
        entry = self.unclaimed.pop(told, None)
        if entry is None:
            self.say("lost", "%r was acknowledged as entry %d, which is not there or another's"
                     % (command, told))
            return
        # An entry of no case has no revision: where an entry is missing, it may stand in that one's place.
        if (entry["actor"], entry["case"], entry.get("rev"), entry.get("states")) != (
                command.actor, command.result["case"], command.result["rev"],
                command.result["states"]):
            self.say("lost", "%r was acknowledged as %r; entry %d is another"
                     % (command, command.result, told))
        if command.method != "approval.withdraw" and there != [told]:
            self.say("doubled", "%r was told entry %d; there is %r" % (command, told, there))

    def all_claimed(self):
        """Every client was answered everything: nothing may be there that nobody was told."""
        for entry in self.unclaimed.values():
            self.say("doubled", "entry %d (%s by %s) is there; no answer told it"
                     % (entry["seq"], entry["kind"], entry["actor"]))
        self.unclaimed.clear()

    # ---- at the end of a site ----

    def compare(self, case, history):
        """What case.get and case.history say, against the fold and what the watcher saw."""
        story = self.stories[case["case"]]
        armed = {d["id"]: d["next"] for d in story.deadlines.values()}
        said = {d["id"]: d["next"] and milliseconds(d["next"]) for d in case["deadlines"]}
        mine = (story.states, story.rev, story.outcome, armed, len(history))
        theirs = (case["states"], case["rev"], case["outcome"], said, story.length)
        if mine != theirs:
            self.say("fold", "%s is %r; its entries come to %r" % (story.key, theirs, mine))
        if story.key.startswith("JB-"):
            counters = {name: case["fields"][name] for name in COUNTERS}
            if counters != story.counters:
                self.say("fold", "%s has %r; its entries come to %r"
                         % (story.key, counters, story.counters))
        for entry in history:
            seen = self.entries[entry["seq"] - 1]
            if any(seen.get(name) != entry[name] for name in ("case", "case_seq", "kind", "at",
                                                              "actor", "event") if name in entry):
                self.say("fold", "entry %d of %s is another one than the watcher saw"
                         % (entry["seq"], story.key))
