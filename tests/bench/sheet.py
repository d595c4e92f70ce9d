# SPDX-License-Identifier: Apache-2.0
"""The targets, and the table that shows what was measured beside them."""


class Target:
    """One line: what, in which unit, from where on it is met, and from where on it is more than
    that. A limit that depends on the run (how many cases) comes with the measured value."""

    def __init__(self, row, key, what, unit, sign, must=None, moonshot=None, digits=0):
        self.row, self.key, self.what, self.unit = row, key, what, unit
        self.sign, self.must, self.moonshot, self.digits = sign, must, moonshot, digits

    def text(self, value):
        return "%s%s" % (format(value, ",.%df" % self.digits), self.unit and " " + self.unit)

    def limit(self, value):
        return "" if value is None else "%s %s" % ({">": "≥", "<": "≤"}[self.sign],
                                                   self.text(value))

    def met(self, value, limit):
        if limit is None or value is None:
            return None
        return value >= limit if self.sign == ">" else value <= limit


TARGETS = (
    Target("1", "unpipelined", "unpipelined, 200 connections", "/s", ">", 35000, 60000),
    Target("2", "pipelined", "pipelined, 100 connections with 16 in flight", "/s", ">", 75000,
           120000),
    Target("2", "pipelined_ratio", "    of a bare program that appends", "", ">", 0.4, 0.6, 2),
    Target("2u", "uniform", "pipelined, over all cases alike", "/s", ">"),
    Target("2u", "uniform_ratio", "    times a bare program that updates in place", "", ">", 3, 6,
           2),
    Target("3", "unpipelined_us", "processor time of a transition, unpipelined", "us", "<", 26, 15,
           1),
    Target("3", "pipelined_us", "    pipelined", "us", "<", 15, 8, 1),
    Target("3", "lua_unpipelined_us", "    more with guard and effect in Lua, unpipelined", "us",
           "<", 12, None, 1),
    Target("3", "lua_pipelined_us", "    more with guard and effect in Lua, pipelined", "us", "<",
           12, None, 1),
    Target("4", "open_p50", "latency at half of that rate, open loop: p50", "ms", "<", 1.5, None,
           2),
    Target("4", "open_p99", "    p99", "ms", "<", 20, 5, 2),
    Target("4", "open_p999", "    p99.9", "ms", "<", 40, None, 2),
    Target("4", "open_max", "    max", "ms", "<", 80, None, 2),
    Target("5", "alone", "one client alone: p50 above a bare sync", "ms", "<", 0.15, 0.05, 3),
    Target("6", "fired", "deadlines due at once, durable firings", "/s", ">", 30000, 60000),
    Target("6", "drained", "    all of them fired", "s", "<", None, None, 1),
    Target("6", "drain_p99", "    p99 of others meanwhile", "ms", "<", 20, None, 1),
    Target("6", "due_bytes", "    memory of one that is pending", "bytes", "<", 32),
    Target("7", "idle_bytes", "memory of an idle connection", "bytes", "<", 1024, 512),
    Target("7", "idle_held", "    so many held at once", "", ">", 15000),
    Target("8", "case_bytes", "memory of a case at work, beside its document", "bytes", "<", 160,
           96),
    Target("8", "all_bytes", "    the process when all were touched", "MB", "<"),
    Target("9", "port", "start: the port is open", "s", "<", 0.1, None, 2),
    Target("9", "answer", "    any case is answered", "s", "<", 1, 0.5, 2),
    Target("9", "replayed", "    recovery after a kill, entries", "/s", ">", 300000, 1000000),
    Target("9", "recovered", "    any case is answered after a kill", "s", "<", None, None, 2),
    Target("10", "growth_rate", "growth from 10,000 cases: rate", "times", ">", 0.8, 0.9, 2),
    Target("10", "growth_us", "    processor time", "times", "<", 1.25, 1.1, 2),
    Target("10", "growth_bytes", "    bytes written", "times", "<", 1.5, 1.1, 2),
    Target("11", "bytes", "bytes to the disk for a transition, pipelined", "bytes", "<", 2000,
           1000),
    Target("11", "unpipelined_bytes", "    unpipelined", "bytes", "<", 2000, 1000),
)


class Sheet:
    """Measured values by key, limits that the run changed, bare programs' values, refusals."""

    def __init__(self, head):
        self.head, self.values, self.limits, self.bare, self.refused = head, {}, {}, {}, {}

    def put(self, key, value, bare=None, must=None):
        assert any(target.key == key for target in TARGETS), key
        self.values[key] = value
        if bare is not None:
            self.bare[key] = bare
        if must is not None:
            self.limits[key] = must

    def refuse(self, keys, wrong):
        for key in keys if wrong else ():
            self.values.pop(key, None)
            self.refused[key] = "; ".join(wrong)

    def lines(self):
        """One object for each target, measured or not."""
        for target in TARGETS:
            value, must = self.values.get(target.key), self.limits.get(target.key, target.must)
            yield {"row": target.row, "key": target.key, "what": target.what.strip(),
                   "value": value, "unit": target.unit, "must": must, "moonshot": target.moonshot,
                   "met": target.met(value, must), "reached": target.met(value, target.moonshot),
                   "bare": self.bare.get(target.key), "refused": self.refused.get(target.key)}

    def print(self):
        print("\n".join(self.head) + "\n")
        shape = "%-3s %-51s %14s %-9s %-15s %-15s %s"
        print((shape % ("#", "what", "measured", "", "must", "moonshot", "bare program")).rstrip())
        last = None
        for target, line in zip(TARGETS, self.lines()):
            value = line["value"]
            said = ("refused" if line["refused"] else "-") if value is None else target.text(value)
            mark = {None: "", True: "met", False: "NOT MET"}[line["met"]]
            print((shape % (target.row if target.row != last else "", target.what, said,
                            "moonshot" if line["reached"] else mark, target.limit(line["must"]),
                            target.limit(target.moonshot), line["bare"] or "")).rstrip())
            last = target.row
        for wrong in sorted(set(self.refused.values())):
            print("refused: %s: %s" % (", ".join(sorted(
                key for key in self.refused if self.refused[key] == wrong)), wrong))
        print(self.summary())

    def summary(self):
        lines = list(self.lines())
        musts = [line["met"] for line in lines if line["must"] is not None]
        moonshots = [line["reached"] for line in lines if line["moonshot"] is not None]
        return ("%d of %d musts met, %d of %d moonshots reached; tests/bench/nodes.py measures "
                "12 and 13" % (musts.count(True), len(musts), moonshots.count(True),
                               len(moonshots)))
