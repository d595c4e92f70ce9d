#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the replay of the help desk's log must come to, by plain arithmetic.

Reads the log and a table (successions.json) and knows nothing of the server. A ticket is in one
state; the table says which activity leads where; everything else is refused. Two deadlines run
from the moment a ticket enters their states until it leaves them: response while it is in the
queue, resolution while it is active; the latter stands still in the paused states. A deadline
that is due at the very second of an event is missed: what is due fires first.

    oracle.py [--limit TICKETS] [--table FILE] [--detail]
"""
import argparse
import csv
import datetime
import io
import json
import lzma
import os

HERE = os.path.dirname(os.path.abspath(__file__))
LOG = os.path.join(HERE, "..", "..", "examples", "helpdesk", "helpdesk.csv.xz")
TABLE = os.path.join(HERE, "successions.json")


def read_log(path=LOG, limit=None):
    """Events in time order, in file order within a second; limit keeps the first tickets."""
    with lzma.open(path, "rt", encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(io.StringIO(f.read())))
    kept = set(list(dict.fromkeys(row["ticket"] for row in rows))[:limit])
    rows = [row for row in rows if row["ticket"] in kept]
    for row in rows:
        row["seconds"] = int(datetime.datetime.fromisoformat(row["at"]).timestamp())
    return sorted(rows, key=lambda row: row["seconds"])  # stable


class Deadline:
    """One run of a deadline, from arming to leaving."""

    def __init__(self, hours, start, level):
        self.hours, self.start, self.level = hours, start, level
        self.paused, self.paused_since, self.missed = 0, None, None

    def look(self, now):
        due = self.start + self.hours[self.level] * 3600 + self.paused
        if self.missed is None and self.paused_since is None and due <= now:
            self.missed = due

    def pause(self, now, on):
        if on and self.paused_since is None:
            self.paused_since = now
        elif not on and self.paused_since is not None:
            self.paused += now - self.paused_since
            self.paused_since = None


class Ticket:
    def __init__(self, table, row):
        self.table, self.state, self.taken_by = table, None, None
        self.refused, self.paused, self.paused_since = [], 0, None
        self.running = {}
        self.ended = {"response": {"met": 0, "missed": 0, "open": 0},
                      "resolution": {"met": 0, "missed": 0, "open": 0}}
        self.missed_at = []
        self.enter(table["start"], row)

    def enter(self, state, row):
        now, table = row["seconds"], self.table
        inside = {"response": state in table["queue"],
                  "resolution": state not in table["outside"]}
        for name, holds in inside.items():
            if holds and name not in self.running:
                hours = table["hours"][name]
                self.running[name] = Deadline(hours, now, row["service_level"])
            elif not holds and name in self.running:
                self.end(name, self.running.pop(name), "met")
        waits = state in table["paused"]
        for deadline in self.running.values():
            deadline.pause(now, waits)
        if waits and self.paused_since is None:
            self.paused_since = now
        elif not waits and self.paused_since is not None:
            self.paused += now - self.paused_since
            self.paused_since = None
        self.state = state

    def end(self, name, deadline, otherwise):
        if deadline.missed is None:
            self.ended[name][otherwise] += 1
        else:
            self.ended[name]["missed"] += 1
            self.missed_at.append([name, deadline.missed])

    def look(self, now):
        for deadline in self.running.values():
            deadline.look(now)

    def take(self, row):
        now, activity = row["seconds"], row["activity"]
        self.look(now)
        to = self.table["allowed"][self.state].get(activity)
        if to is None:
            self.refused.append(("not_now", activity))
        elif (self.table["colleague_only"].get(self.state) == activity
              and self.taken_by == row["resource"]):
            self.refused.append(("refused", activity))
        else:
            if activity == "Take in charge ticket":
                self.taken_by = row["resource"]
            for deadline in self.running.values():
                deadline.level = row["service_level"]
            self.enter(to, row)
            self.look(now)

    def finish(self, end):
        self.look(end)
        for name, deadline in self.running.items():
            self.end(name, deadline, "open")
        if self.paused_since is not None:
            self.paused += end - self.paused_since


def add(counts, keys, n):
    for key in keys[:-1]:
        counts = counts.setdefault(key, {})
    counts[keys[-1]] = counts.get(keys[-1], 0) + n


def compute(events, table):
    tickets = {}
    for row in events:
        if row["ticket"] not in tickets:
            tickets[row["ticket"]] = Ticket(table, row)
        tickets[row["ticket"]].take(row)
    summary = {"tickets": len(tickets), "events": len(events), "accepted": len(events),
               "refused": {}, "end_states": {}, "paused_seconds": 0, "deadlines": {}}
    detail = {}
    for number, ticket in tickets.items():
        ticket.finish(events[-1]["seconds"])
        summary["accepted"] -= len(ticket.refused)
        for code, activity in ticket.refused:
            add(summary["refused"], [code, activity], 1)
        add(summary["end_states"], [ticket.state], 1)
        summary["paused_seconds"] += ticket.paused
        for name, ends in ticket.ended.items():
            for end, n in ends.items():
                add(summary["deadlines"], [name, end], n)
        detail[number] = {"state": ticket.state, "refused": len(ticket.refused),
                          "paused_seconds": ticket.paused, "missed": sorted(ticket.missed_at)}
    return summary, detail


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--limit", type=int, help="only the first tickets of the log")
    parser.add_argument("--table", default=TABLE, help="allowed successions, JSON")
    parser.add_argument("--detail", action="store_true", help="ticket by ticket as well")
    options = parser.parse_args()
    with open(options.table, encoding="utf-8") as f:
        table = json.load(f)
    summary, detail = compute(read_log(limit=options.limit), table)
    if options.detail:
        summary["by_ticket"] = detail
    print(json.dumps(summary, indent=2, sort_keys=True))


if __name__ == "__main__":
    main()
