# SPDX-License-Identifier: Apache-2.0
"""What is asked of a team at its end, over the protocol: effects, cases and messages, against what
its entries come to."""
import time

from judge import milliseconds

EFFECT_SECONDS = 20
TOLERATED_MS = 5000  # real time: by how much a rung may be late on a busy machine


def standing(case):
    """What an entry may change of a case. A repeated reminder changes only when the next is due."""
    armed = {deadline["id"]: deadline["next"] for deadline in case["deadlines"]}
    return case["rev"], case["states"], case["outcome"], case["fields"], armed


def pages(connection, method, **params):
    items = []
    while True:
        page = connection.call(method, limit=500, **params)
        items += page["items"]
        if not page.get("cursor"):
            return items
        params["cursor"] = page["cursor"]


class AtRest:
    """judge: of the team. check() brings it up to date. virtual: nothing happens of itself."""

    def __init__(self, judge, check, say, virtual):
        self.judge, self.check, self.say, self.virtual = judge, check, say, virtual

    def effects(self):
        """All effects asked for until now must be carried out, soon."""
        waiting = set(self.judge.effects)
        give_up = time.monotonic() + EFFECT_SECONDS
        while waiting & set(self.judge.effects) and time.monotonic() < give_up:
            self.check()
        for cause in sorted(waiting & set(self.judge.effects)):
            self.say("effect", "effect %d of entry %d is never carried out" % (cause[1], cause[0]))

    def cases(self, connection):
        for key in list(self.judge.stories):
            self.case(connection, key)

    def case(self, connection, key):
        """On real time rungs go on firing: a case is looked at until nothing came between."""
        while True:
            case = connection.call("case.get", case=key)
            history = pages(connection, "case.history", case=key)
            if self.virtual:
                break
            self.check()
            if self.judge.stories[key].length == len(history) \
                    and standing(case) == standing(connection.call("case.get", case=key)):
                break
        self.judge.compare(case, history)
        now = milliseconds(connection.call("clock.now")["now"])
        for deadline in case["deadlines"]:
            if case["outcome"] is None and deadline["next"] and \
                    milliseconds(deadline["next"]) < now - TOLERATED_MS:
                self.say("rung", "%s: %r is overdue" % (key, deadline))

    def messages(self, connection, person):
        """Every reminder became one message. Not for the lead, who is told more."""
        before = self.judge.reminders[person]
        messages = pages(connection, "inbox.messages")
        self.check()
        reminders = [m for m in messages if m["kind"] == "remind"]
        if not before <= len(reminders) <= self.judge.reminders[person]:
            self.say("effect", "%s has %d reminders; the entries ask for %d"
                     % (person, len(reminders), before))
