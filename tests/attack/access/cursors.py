# SPDX-License-Identifier: Apache-2.0
"""Cursors: each list with its own, with those of others and of other lists, and with what was made of
them. A cursor is a place and no right: whoever brings one is told that it is none, or sees what they
see without it."""
import json

CALLERS = ("ann", "eve", "pam", "lead", "olga", "operator")
OF_A_LIST = 3     # cursors that are kept of each list and caller: of pages of one item each
MADE_UP = [
    "", "0", "00", "zz", "[]", "null", "-1", "9" * 30, "a" * 5000, "' OR 1=1 --", "../..", "SH-1", "pam",
    "ann", "acme-erp", "\u202e",
    *(json.dumps(value).encode().hex() for value in (
        [], {}, None, ["inbox"], ["case"], ["inbox", None, None, None, None, None],
        ["inbox", "a", "b", "c", 4, "e"], ["inbox", 1e300, 0, 0, "", 0],
        ["inbox", -(2 ** 63), -(2 ** 63), -(2 ** 63), "", -(2 ** 63)], ["inbox", 2 ** 70, 0, 0, "", 0],
        ["key", "SH-0"], ["case", {"$ne": None}], [["inbox"]], "x" * 600))]
# Of an item what may change from one look to the next.
MOVING = {"last_use", "seen", "connections", "now", "at_now"}


def tampered(cursor):
    """What a curious client makes of one."""
    middle = len(cursor) // 2
    return [cursor[:-1], cursor[:-2], cursor + "0", cursor + "00", cursor[::-1], cursor.upper(), " " + cursor,
            cursor[:middle] + ("0" if cursor[middle] != "0" else "1") + cursor[middle + 1:]]


def same(item):
    """An item as text, without what moves by itself."""
    kept = {k: v for k, v in item.items() if k not in MOVING} if isinstance(item, dict) else item
    return json.dumps(kept, sort_keys=True)


def beyond(items, own):
    """Items that are not among the caller's own."""
    return [text for text in map(same, items) if text not in own]


class Cursors:
    def __init__(self, judge, probe):
        """judge: of the matrix, which knows who may ask what; probe: makes a request of it."""
        self.judge, self.probe, self.faults = judge, probe, []
        self.own, self.found = {}, {}  # {(caller, method): texts}; {(caller, method): cursors}

    def lists(self, caller):
        return [m for m in self.judge.listed(caller, True)
                if "cursor" in self.judge.methods[m] and not m.startswith("watch.")]

    def params(self, method, caller, **more):
        """The whole list: the number of one of its items is no part of the question."""
        return {k: v for k, v in self.judge.params(method, caller, **more).items() if k != "sweep"}

    def ask(self, probes):
        self.judge.asked += len(probes)
        return self.judge.asked_of(probes)

    def walk(self, caller, method):
        """The whole list, page by page."""
        own, cursors, more = set(), [], {"limit": 1}
        for _ in range(1000):
            params = self.params(method, caller, **more)
            probe, = self.ask([self.probe(caller, method, params)])
            result = probe.answer.get("result")
            if result is None:
                break
            own |= {same(item) for item in result["items"]}
            if not result.get("cursor"):
                break
            cursors.append(result["cursor"])
            more = {"cursor": result["cursor"], **({"limit": 1} if len(cursors) < OF_A_LIST else {})}
        else:
            self.faults.append("%s as %s: its pages do not end" % (method, caller))
        self.own[caller, method] = own
        self.found[caller, method] = cursors

    def judged(self, probe):
        result = probe.answer.get("result")
        if result is None:
            if probe.code() != "invalid":
                self.faults.append(probe.fault("a cursor that is none"))
            return
        for text in beyond(result["items"], self.own[probe.caller, probe.method]):
            self.faults.append(probe.fault("a cursor brings what is not theirs: " + text[:200]))

    def run(self):
        for caller in CALLERS:
            for method in self.lists(caller):
                self.walk(caller, method)
        pool = sorted({c for cursors in self.found.values() for c in cursors})
        if len(pool) < 20:
            self.faults.append("only %d cursors were found" % len(pool))
        pool += MADE_UP + sorted({t for c in pool[::4] for t in tampered(c)})
        for caller in CALLERS:
            for method in self.lists(caller):
                probes = [self.probe(caller, method, self.params(method, caller, cursor=c)) for c in pool]
                for probe in self.ask(probes):
                    self.judged(probe)
                    self.judge.marks(caller, method, json.dumps(probe.params), probe.said(), probe)
        return self.faults
