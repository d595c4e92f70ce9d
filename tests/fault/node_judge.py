# SPDX-License-Identifier: Apache-2.0
"""What must be true of a team's entries when several nodes wrote them: what judge.py asks, and what
only several nodes could get wrong."""
import collections

from cluster import GUEST, LEAD, VOTERS
from judge import Judge, Story, milliseconds

AHEAD_MS = 250        # nobody has an entry before it was written; clocks are read one after another
BEHIND_MS = 120000    # and a watcher has it soon, whatever happens to its node
LONG_AGO_MS = 60000   # no command arrives so long before it is written
MINUTE_MS = 60000


class NodeStory(Story):
    """Also whom the round of a "watch" asks. A command may find out before the sweep does."""

    def __init__(self, key, say):
        super().__init__(key, say)
        self.asked = None

    def take(self, entry):
        super().take(entry)
        for turn in entry.get("round", ()):
            if "eligible" not in turn or not self.key.startswith("WT-"):
                continue
            asked = sorted(turn["eligible"])
            if entry["kind"] == "sweep" and asked == self.asked:
                self.say("sweep", entry, "a sweep that changed nothing: %r" % (asked,))
            self.asked = asked


class NodeJudge(Judge):
    """All entries of a team, and all that its clients were told at any node."""

    story = NodeStory

    def __init__(self, say):
        super().__init__(say)
        self.schedules = collections.defaultdict(list)  # name -> times that were fired for
        self.asked_at, self.done_at = {}, {}            # of effects, in milliseconds
        self.maybe = collections.Counter()  # withdrawals that may have happened after all
        self.accepted_first = 0             # refused when repeated, and accepted elsewhere
        self.lateness = []                  # of rungs, in milliseconds
        self.waits = []                     # of effects, until they were carried out
        self.guest = False                  # is the guest a seer?

    def saw(self, entry, arrived):
        """arrived: when a watcher had it, by this machine's clock, which is the database's too."""
        at = milliseconds(entry["at"])
        came = entry.get("arrived", at)
        came = milliseconds(came) if isinstance(came, str) else came
        if not arrived * 1000 - BEHIND_MS <= at <= arrived * 1000 + AHEAD_MS:
            self.say("clock", "entry %d says %s; it was seen %+.1f s after that"
                     % (entry["seq"], entry["at"], arrived - at / 1000))
        if came > at or (entry["channel"] == "line" and came < at - LONG_AGO_MS):
            self.say("clock", "entry %d came %+.1f s before it was written"
                     % (entry["seq"], (at - came) / 1000))
        self.take(entry)
        self.note_times(entry, at)

    def note_times(self, entry, at):
        for n, effect in enumerate(entry.get("effects", ())):
            if effect["kind"] in ("open", "start", "fire"):
                self.asked_at[entry["seq"], n] = at
        if "cause" in entry:
            cause = entry["cause"]["seq"], entry["cause"]["n"]
            self.done_at[cause] = at
            self.waits.append(at - self.asked_at.get(cause, at))
        if entry["kind"] == "deadline":
            self.lateness.append(at - milliseconds(entry["due"]))

    def take(self, entry):
        super().take(entry)
        if entry["kind"] == "schedule":
            self.scheduled(entry)
        elif entry["kind"] == "data":
            if entry["params"].get("person") == GUEST and entry["params"].get("role") == "seer":
                self.guest = entry["method"] == "project.member.add"
                self.unclaimed[entry["seq"]] = entry
            elif entry["actor"] == LEAD and entry["method"].startswith("token."):
                self.unclaimed[entry["seq"]] = entry

    def scheduled(self, entry):
        """Each minute of an hour once, none left out while it is that hour's turn."""
        self.look_at_effects(entry)
        due, fired = milliseconds(entry["due"]), self.schedules[entry["schedule"]]
        if due > milliseconds(entry["at"]):
            self.say("schedule", "entry %d: fired before it was due" % entry["seq"])
        if due in fired:
            self.say("schedule", "entry %d: %s of %s fired once more"
                     % (entry["seq"], entry["schedule"], entry["due"]))
        elif fired and due != fired[-1] + MINUTE_MS:
            self.say("schedule", "entry %d: %s fired for %s after %d"
                     % (entry["seq"], entry["schedule"], entry["due"], fired[-1]))
        fired.append(due)

    def marks_of(self, entry):
        if entry["kind"] == "edit":
            return [entry["fields"]["subject"]]
        return super().marks_of(entry)

    # ---- what clients were told ----

    def claim(self, command):
        if command.method.startswith(("project.", "token.")):
            self.claim_data(command)
        elif command.error is not None and command.sends > 1:
            self.claim_refused(command)
        else:
            super().claim(command)

    def claim_data(self, command):
        if command.error is not None:
            return
        told = command.result["entry"]
        self.unclaimed.pop(told, None)
        entry = self.entries[told - 1] if told <= len(self.entries) else {}
        if (entry.get("actor"), entry.get("method")) != (command.actor, command.method):
            self.say("lost", "%r was acknowledged as entry %d, which is another"
                     % (command, told))

    def claim_refused(self, command):
        """It was sent to several nodes. One of those that did not answer may have accepted it
        after another had refused it; but once."""
        there = self.marks.get(command.id, [])
        if command.method == "approval.withdraw":
            self.maybe[command.actor, command.params["case"]] += 1
        if len(there) > 1:
            self.say("doubled", "%r was refused (%s), and is there: %r"
                     % (command, command.error.code, there))
        for seq in there:
            self.unclaimed.pop(seq, None)
            self.accepted_first += 1

    def all_claimed(self):
        for seq, entry in list(self.unclaimed.items()):
            who = entry["actor"], entry["case"]
            if entry["kind"] == "withdraw" and self.maybe[who] > 0:
                self.maybe[who] -= 1
                self.accepted_first += 1
                del self.unclaimed[seq]
        super().all_claimed()

    # ---- at rest ----

    def unswept(self):
        """Cases that do not ask whom they should, as nobody has swept them yet."""
        expected = sorted(VOTERS + ((GUEST,) if self.guest else ()))
        return ["%s asks %r; there are %r" % (key, story.asked, expected)
                for key, story in self.stories.items()
                if story.asked is not None and story.asked != expected]

    def take_over(self, killed_at):
        """Milliseconds from the kill, or from when there was work again, to the next effect that
        was carried out; None: there was no work."""
        killed = killed_at * 1000
        open_ = [self.asked_at[cause] for cause in self.asked_at
                 if self.done_at.get(cause, float("inf")) > killed]
        done = [at for at in self.done_at.values() if at > killed]
        if not open_ or not done:
            return None
        return max(0, min(done) - max(killed, min(open_)))
