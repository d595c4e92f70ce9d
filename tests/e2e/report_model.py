# SPDX-License-Identifier: Apache-2.0
"""Reports, counted apart from the server: a small model over the entries as audit.export gives them.

It reads whole histories into lists and counts from those, slowly and plainly; working time is
reckoned from office hours date by date.
"""
import datetime
import json

from cases import ZONE, works

HOUR = 3600_000
SHIFTS = ((9 * HOUR, 12 * HOUR), (13 * HOUR + HOUR // 2, 18 * HOUR))
DAY = 24 * HOUR
OFFSET = 8 * HOUR  # Asia/Shanghai has no summer time


def ms(moment):
    return round(moment.timestamp() * 1000)


def working(begin, end):
    """Milliseconds of office hours between two instants."""
    total = 0
    for day in range((begin + OFFSET) // DAY, (end + OFFSET) // DAY + 1):
        if works(datetime.date(1970, 1, 1) + datetime.timedelta(days=day)):
            for opens, closes in SHIFTS:
                first, last = day * DAY - OFFSET + opens, day * DAY - OFFSET + closes
                total += max(0, min(end, last) - max(begin, first))
    return total


def percentile(values, percent):
    """The smallest of them that so many percent do not exceed; None of none."""
    for value in sorted(values):
        if 100 * sum(one <= value for one in values) >= percent * len(values):
            return value
    return None


def share(part, whole):
    """In percent with one place, half away from zero, as text."""
    if whole == 0:
        return None
    tenths = (2000 * abs(part) + whole) // (2 * whole)
    return f"{'-' if part < 0 and tenths else ''}{tenths // 10}.{tenths % 10}"


class Case:
    def __init__(self, key):
        self.key, self.entries = key, []

    def add(self, header, shared, internal):
        self.entries.append((internal.get("arrived", header["at"]), header, shared, internal))

    def value(self, name, before):
        """What the last entry before that time says of it."""
        found = None
        for at, _, shared, internal in self.entries:
            if at < before:
                found = shared.get(name, internal.get(name, found))
        return found

    @property
    def opened(self):
        return self.entries[0][0]

    @property
    def workflow(self):
        return self.entries[0][3]["workflow"]

    def ended(self, before):
        """When it got its outcome; None: open at that time."""
        if self.value("outcome", before) is None:
            return None
        return max(at for at, _, shared, internal in self.entries
                   if at < before and "outcome" in {**shared, **internal})

    def spans(self, begin, end):
        """(from, to, waiting, states) without a gap, cut to the period."""
        times = [at for at, *_ in self.entries if at < end] + [end]
        for first, last in zip(times, times[1:]):
            if max(first, begin) < last:
                yield max(first, begin), last, self.value("waiting", last) or [], self.value("states", last)

    def clocks(self, before):
        """{id: (name, due or None, left or None, when it was over or None)} of its withins."""
        found = {}
        for at, _, shared, internal in self.entries:
            if at >= before:
                break
            for one in shared.get("deadlines", []) + internal.get("deadlines", []):
                if one.get("gone"):
                    if one["id"] in found and found[one["id"]][3] is None:
                        found[one["id"]] = found[one["id"]][:3] + (at,)
                elif one["kind"] == "within":
                    found[one["id"]] = (one["name"], one.get("due"), one.get("left"), None)
        return found


class Model:
    def __init__(self, connection, clients):
        """clients: {PERSON: CLIENT}."""
        self.clients, self.cases = clients, {}
        for entry in self.entries(connection):
            header = json.loads(entry["header"])
            if header["case"] is not None:
                case = self.cases.setdefault(header["case"], Case(header["case"]))
                case.add(header, json.loads(entry["shared"] or "{}"), json.loads(entry["internal"] or "{}"))

    @staticmethod
    def entries(connection):
        cursor = {}
        while True:
            page = connection.call("audit.export", limit=500, **cursor)
            yield from page["items"]
            if not page.get("cursor"):
                return
            cursor = {"cursor": page["cursor"]}

    def throughput(self, begin, end):
        known = [case for case in self.cases.values() if case.opened < end]
        ended = [case.ended(end) for case in known]
        return {"opened": sum(begin <= case.opened for case in known),
                "ended": sum(one is not None and begin <= one for one in ended),
                "open": sum(one is None for one in ended),
                "overdue": sum(any(due and due < end and over is None for _, due, _, over in case.clocks(end).values())
                               for case in known if case.ended(end) is None)}

    def done(self, begin, end):
        return [case for case in self.cases.values()
                if case.opened < end and (case.ended(end) or 0) >= begin and case.ended(end) is not None]

    def cycle_time(self, begin, end):
        done = self.done(begin, end)
        times = [working(case.opened, case.ended(end)) for case in done]
        held = [sum(working(a, b) for a, b, waiting, _ in case.spans(case.opened, case.ended(end)) if waiting)
                for case in done]
        elapsed = [case.ended(end) - case.opened for case in done]
        return {"ended": len(done), "median": percentile(times, 50), "p85": percentile(times, 85),
                "p95": percentile(times, 95), "held_median": percentile(held, 50),
                "elapsed_median": percentile(elapsed, 50)}

    def is_client(self, one):
        return one["person"] in self.clients if "person" in one else one.get("role") == "client"

    def side(self, waiting, states):
        client = any(self.is_client(one) for one in waiting)
        team = [one for one in waiting if not self.is_client(one)]
        if client:
            return "both" if team else "client"
        if not team:
            return "nobody"
        return "third" if all(one.get("state") == "third_line" for one in team) else "team"

    def waiting(self, begin, end):
        times = dict.fromkeys(("team", "client", "both", "third", "nobody"), 0)
        for case in self.cases.values():
            for first, last, waiting, states in case.spans(begin, end):
                if case.ended(last) is None:
                    times[self.side(waiting, states)] += working(first, last)
        return {**{f"waiting_{side}": time for side, time in times.items()},
                "client_share": share(times["client"], sum(times.values()))}

    def judged(self, begin, end):
        """(workflow/deadline, kept, late by or None) of every deadline that is judged."""
        for case in self.cases.values():
            for name, due, left, over in case.clocks(end).values():
                if due is None and not left:
                    continue  # its clock never began
                if due is None:
                    kept, at = True, over
                else:
                    kept = over is not None and over <= due
                    at = over if kept else due
                if at is not None and begin <= at < end:
                    late = working(due, over) if not kept and over is not None else None
                    yield f"{case.workflow}/{name}", kept, late

    def deadlines(self, begin, end):
        judged = list(self.judged(begin, end))
        late = [time for _, kept, time in judged if time is not None]
        kept = sum(one for _, one, _ in judged)
        return {"judged": len(judged), "kept": kept, "missed": len(judged) - kept,
                "kept_rate": share(kept, len(judged)), "late_median": percentile(late, 50),
                "late_p85": percentile(late, 85)}

    def events(self, begin, end):
        for case in self.cases.values():
            for at, header, shared, internal in case.entries:
                if begin <= at < end:
                    yield case, header, shared.get("event") or internal.get("event") or {}, shared, internal

    def reopened(self, begin, end):
        again = [case.key for case, header, event, *_ in self.events(0, end)
                 if header["kind"] == "fire" and event.get("name") == "reopen"]
        within = [case.key for case, header, event, *_ in self.events(begin, end)
                  if header["kind"] == "fire" and event.get("name") == "reopen"]
        done = self.done(begin, end)
        back = sum(case.key in again for case in done)
        return {"ended": len(done), "reopened": back, "reopen_rate": share(back, len(done)),
                "reopenings": len(within)}

    def escalations(self, begin, end):
        rungs = [event["rung"] for _, header, event, *_ in self.events(begin, end)
                 if header["kind"] == "deadline" and "rung" in event]
        return {"warnings": sum(rung.endswith("%") for rung in rungs),
                "escalations": sum(not rung.endswith("%") for rung in rungs)}

    # ---- who was asked ----

    def questions(self, begin, end, wanted):
        """(case, row, when it was over or None, the entry then or None) of every row of a waiting list that
        wanted(row, list) holds; each once, by who, where and since when."""
        for case in self.cases.values():
            open_rows = {}
            for at, header, shared, internal in [*case.entries, (None, None, {}, {})]:
                if at is None or at >= end:
                    if case.ended(end) is None:
                        yield from ((case, row, None, None) for row in open_rows.values())
                    break
                rows = shared.get("waiting", internal.get("waiting"))
                if rows is None:
                    continue
                now = {(one["kind"], one.get("person"), one.get("role"), one["state"], one["since"]): one
                       for one in rows if wanted(one, rows)}
                for key, row in open_rows.items():
                    if key not in now and begin <= at:
                        yield case, row, at, (header, shared, internal)
                open_rows = now

    def approvals(self, begin, end):
        turns, agreed, not_needed, still = [], 0, 0, 0
        for _, row, at, entry in self.questions(begin, end, lambda one, _: one["kind"] == "approval"):
            if at is None:
                still += 1
                continue
            ballots = [one for part in entry[1:] for one in part.get("ballots", [])
                       if one.get("on_behalf") in (None, row["person"]) and row["person"] in (one["person"], one.get("on_behalf"))]
            if ballots:
                turns.append(working(row["since"], at))
                agreed += ballots[0]["choice"] == "approve"
            else:
                not_needed += 1
        return {"ballots": len(turns), "turn_median": percentile(turns, 50), "turn_p85": percentile(turns, 85),
                "agreed_share": share(agreed, len(turns)), "not_needed": not_needed, "still_asked": still}

    def is_asked(self, one, rows):
        """By name; as a role only where nobody of the client is asked by name in that state."""
        return self.is_client(one) and ("person" in one or not any(
            "person" in other and self.is_client(other) and other["state"] == one["state"] for other in rows))

    def first_answer(self, case, row, end):
        """When somebody whose turn it was did something first, and who; None: nobody did."""
        for at, header, *_ in case.entries:
            by = header["on_behalf"] or header["actor"]
            if row["since"] <= at < end and header["kind"] in ("fire", "vote", "withdraw", "task", "edit") \
                    and by in self.clients and row.get("person", by) == by and header["case_seq"] > self.asked_by(case, row):
                return at, by
        return None

    @staticmethod
    def asked_by(case, row):
        """The number of the entry that asked."""
        return next(header["case_seq"] for at, header, shared, internal in case.entries
                    if any(one["state"] == row["state"] and one["since"] == row["since"]
                           for one in shared.get("waiting", internal.get("waiting", []))))

    def requests(self, begin, end):
        """Who was asked, what became of it, and in which working time they answered."""
        for case, row, over, entry in self.questions(0, end, self.is_asked):
            whom = "person/" + row["person"] if "person" in row else "role/" + row["role"]
            first = self.first_answer(case, row, end if over is None else over + 1)
            if first is not None:
                if first[0] >= begin:
                    yield "person/" + first[1], "answers", working(row["since"], first[0])
            elif over is None:
                yield whom, "still_asked", None
            elif over >= begin:  # a ballot that others have made needless is no silence
                needless = row["kind"] == "approval" and entry[0]["kind"] in ("fire", "vote", "withdraw", "task", "edit")
                yield whom, "not_needed" if needless else "unanswered", None

    def participants(self, begin, end):
        """{WHOM: {figure: number}}: all who were asked, also those who never answered."""
        out = {}
        for whom, what, _ in self.requests(begin, end):
            row = out.setdefault(whom, dict.fromkeys(("asked", "answers", "unanswered", "still_asked", "not_needed"), 0))
            row[what] += 1
            row["asked"] += what != "not_needed"
        return out

    def participation(self, begin, end):
        requests = list(self.requests(begin, end))
        answers = [time for _, what, time in requests if what == "answers"]
        unanswered, still = (sum(what == one for _, what, _ in requests) for one in ("unanswered", "still_asked"))
        asked = len(answers) + unanswered + still
        return {"asked": asked, "answers": len(answers), "answer_share": share(len(answers), asked),
                "answer_median": percentile(answers, 50), "answer_p85": percentile(answers, 85),
                "unanswered": unanswered, "still_asked": still}

    def workload(self, begin, end):
        waits = late = 0
        for case in self.cases.values():
            if case.opened < end and case.ended(end) is None:
                people = {}
                for one in case.value("waiting", end) or []:
                    if "person" in one and not self.is_client(one):
                        people.setdefault(one["person"], one)
                waits += len(people)
                late += sum(bool(one["due"]) and one["due"] < end for one in people.values())
        acts = sum(header["actor"] not in self.clients and header["actor"] != "system"
                   for _, header, *_ in self.events(begin, end))
        return {"waits": waits, "late": late, "acts": acts}
