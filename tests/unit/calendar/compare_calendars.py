# SPDX-License-Identifier: Apache-2.0
"""Compares working time with a slow model: one byte for every minute, open or not.

    compare_calendars.py CALENDAR_RUN [SEED] [CALENDARS]

Calendars are drawn at random (hours, breaks, closed dates, make-up days, exceptions over them) in
zones that change their clocks in different ways, over years from 1975 to 2095. The model knows
dates and zones from Python only. Percentages and sums of units are built from its answers by the
words of the specification.
"""

import bisect
import datetime
import itertools
import json
import random
import subprocess
import sys
import zoneinfo

ZONES = [
    "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC",
    "Asia/Kathmandu", "America/Havana", "Africa/Casablanca", "America/St_Johns", "Asia/Beirut",
    "Pacific/Apia",
]
WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
EPOCH = datetime.datetime(1970, 1, 1)
MINUTE = 60_000
DAYS = 460  # of a model
ASKED_DAYS = 100  # questions begin in them


def instant(zone, date, minute):
    """Milliseconds of a wall-clock time: the first of two; what is left out is the change."""
    wall = datetime.datetime.combine(date, datetime.time()) + datetime.timedelta(minutes=minute)
    at = int(wall.replace(tzinfo=zone, fold=0).timestamp())
    there = datetime.datetime.fromtimestamp(at, zone)
    if there.replace(tzinfo=None) != wall:
        while datetime.datetime.fromtimestamp(at - 60, zone).utcoffset() == there.utcoffset():
            at -= 60
    return at * 1000


def text(minute):
    return f"{minute // 60:02}:{minute % 60:02}"


class Calendar:
    """A calendar at random, and its minutes."""

    def __init__(self, chance):
        self.name = chance.choice(ZONES)
        self.zone = zoneinfo.ZoneInfo(self.name)
        self.first = datetime.date(chance.randrange(1975, 2095), chance.randrange(1, 13), 1)
        if self.name == "Pacific/Apia":  # which had no 30 December then
            self.first = datetime.date(2011, 12, 1)
        self.week = self.draw_week(chance)
        self.days = self.draw_days(chance, 40)
        self.exceptions = self.draw_days(chance, 8)
        self.fill()

    @staticmethod
    def draw_hours(chance):
        quarter = chance.choice([1, 15, 30])
        count = chance.choice([1, 1, 2, 2, 3])
        ends = sorted(chance.sample(range(0, 1440 // quarter + 1), 2 * count))
        return [(a * quarter, b * quarter) for a, b in zip(ends[::2], ends[1::2])]

    def draw_week(self, chance):
        how = chance.random()
        if how < 0.5:  # an office
            usual = chance.choice([[(540, 720), (810, 1080)], [(480, 1020)]])
            return [usual] * 5 + [[], []]
        if how < 0.6:  # never closed
            return [[(0, 1440)]] * 7
        if how < 0.7:  # a night shift
            return [[(0, 360), (1320, 1440)]] * 7
        if how < 0.8:  # intervals that begin and end in the hour that is left out, or comes twice
            return [[(0, 20), (30, 90), (100, 130), (150, 170), (175, 185), (190, 600)]] * 7
        week = [self.draw_hours(chance) if chance.random() < 0.7 else [] for _ in range(7)]
        return week if any(week) else [[(60, 180)]] + week[1:]

    def draw_days(self, chance, count):
        days = {}
        for _ in range(count):
            date = self.first + datetime.timedelta(days=chance.randrange(-5, DAYS))
            for length in range(chance.choice([1, 1, 1, 3, 9])):
                day = date + datetime.timedelta(days=length)
                days[day] = chance.choice(
                    [[], [], [], True, chance.choice(WEEK), self.draw_hours(chance)]
                )
                if isinstance(days[day], str) and not self.week[WEEK.index(days[day])]:
                    days[day] = True
        return days

    def hours(self, date):
        given = self.exceptions.get(date, self.days.get(date, WEEK[date.weekday()]))
        if given is True:
            given = next(name for name, hours in zip(WEEK, self.week) if hours)
        return self.week[WEEK.index(given)] if isinstance(given, str) else given

    def json(self):
        def plain(hours):
            if isinstance(hours, list):
                return [f"{text(a)}-{text(b)}" for a, b in hours]
            return hours

        def dates(days, word):
            return {
                str(day): {"hours": plain(hours), "why": f"{word} {day}"}
                for day, hours in days.items()
            }

        return {
            "timezone": self.name,
            "hours": {
                name: [[text(a), text(b)] for a, b in hours]
                for name, hours in zip(WEEK, self.week)
                if hours
            },
            "days": dates(self.days, "day"),
            "exceptions": dates(self.exceptions, "exception"),
        }

    def fill(self):
        """The minutes from the first date on, open or not, and how many were open before."""
        self.start = instant(self.zone, self.first, 0)
        self.open = bytearray(DAYS * 1440)
        for number in range(-2, DAYS + 2):
            date = self.first + datetime.timedelta(days=number)
            for opens, closes in self.hours(date):
                a = (instant(self.zone, date, opens) - self.start) // MINUTE
                b = (instant(self.zone, date, closes) - self.start) // MINUTE
                for minute in range(max(a, 0), min(b, len(self.open))):
                    self.open[minute] = 1
        self.before = [0, *itertools.accumulate(self.open)]

    # What the model answers; None: beyond its end.

    def working(self, at):
        """Milliseconds of working time from the start to an instant."""
        minute, rest = divmod(at - self.start, MINUTE)
        if minute >= len(self.open):
            return None
        return self.before[minute] * MINUTE + (rest if self.open[minute] else 0)

    def counted(self, a, b):
        if b <= a:
            return 0
        low, high = self.working(a), self.working(b)
        return None if high is None else high - low

    def add(self, at, counted):
        """The first instant with so much working time since at."""
        if counted == 0:
            return at
        wanted = self.working(at) + counted
        minute = bisect.bisect_left(self.before, -(-wanted // MINUTE)) - 1
        if minute >= len(self.open):
            return None
        return self.start + minute * MINUTE + wanted - self.before[minute] * MINUTE

    def next_open(self, at):
        minute, rest = divmod(at - self.start, MINUTE)
        found = self.open.find(1, minute)
        if found < 0:
            return None
        return at if found == minute else self.start + found * MINUTE

    def date(self, at):
        seconds = datetime.datetime.fromtimestamp(at // 1000, self.zone)
        return seconds.date()

    def days_later(self, at, days):
        wall = datetime.datetime.fromtimestamp(at // 1000, self.zone).replace(tzinfo=None, fold=0)
        later = (wall + datetime.timedelta(days=days)).replace(tzinfo=self.zone, fold=0)
        return int(later.timestamp()) * 1000 + at % 1000

    def workdays_later(self, at, days, closing=False):
        date = self.date(at)
        before = date - datetime.timedelta(days=1)
        if closing and self.hours(before) and instant(self.zone, before, 1440) == at and \
                self.hours(before)[-1][1] == 1440:
            date = before  # its 24:00
        while days > 0:
            date += datetime.timedelta(days=1)
            days -= bool(self.hours(date))
            if (date - self.first).days > DAYS:
                return None
        return instant(self.zone, date, self.hours(date)[-1][1])

    def due(self, at, days, workdays, workhours, minutes, closing=False):
        if days:
            at = self.days_later(at, days)
        if workdays:
            at = self.workdays_later(at, workdays, closing)
        if at is not None and at >= self.start + (DAYS - 2) * 1440 * MINUTE:
            return None
        if workhours and at is not None:
            at = self.add(at, workhours * 60 * MINUTE)
        return None if at is None else at + minutes * MINUTE


def draw_time(chance, calendar, days=ASKED_DAYS):
    at = calendar.start + chance.randrange(days * 1440) * MINUTE
    return at + chance.choice([0, 0, 0, 1, 59_999, chance.randrange(MINUTE)])


def questions(chance, calendar):
    """(question, check of the answer) pairs."""

    for _ in range(40):
        a, b = draw_time(chance, calendar), draw_time(chance, calendar, 400)
        kind = chance.choice(["working"] * 4 + ["elapsed"])
        working = kind == "working"
        counted = calendar.counted(a, b) if working else max(b - a, 0)
        asked = {"from": a, "to": b, "kind": kind}
        yield {"op": "counted", **asked}, "ms", counted
        percent = chance.randrange(101)
        share = counted * percent // 100
        at = calendar.add(a, share) if working else a + share
        yield {"op": "percent", "percent": percent, **asked}, "at", at
        counted = chance.choice([0, 1, chance.randrange(600 * 60) * MINUTE, chance.randrange(10**9)])
        yield {"op": "add", "from": a, "ms": counted, "kind": "working"}, "at", calendar.add(a, counted)
        yield {"op": "open", "from": a}, "at", calendar.next_open(a)
        yield {"op": "workday", "from": a}, "workday", bool(calendar.hours(calendar.date(a)))
    for _ in range(60):
        parts = {
            "day": chance.choice([0, 0, 0, 1, 3, 14]),
            "workday": chance.choice([0, 1, 2, 5, 10, 30, 60]),
            "workhour": chance.choice([0, 0, 0, 1, 4, 8, 40]),
            "minute": chance.choice([0, 0, 0, 30, 600]),
        }
        words = [f"{n} {unit}s" for unit, n in parts.items() if n] or ["0"]
        chance.shuffle(words)
        a = draw_time(chance, calendar)
        asked = {"op": "due", "duration": " ".join(words), "from": a}
        yield asked, "at", calendar.due(a, *parts.values())
        due = calendar.workdays_later(a, chance.choice([0, 1, 1, 2])) if chance.random() < 0.7 \
            and calendar.hours(calendar.date(a)) else a
        if due is not None:
            yield {**asked, "op": "late", "from": due}, "at", \
                calendar.due(due, *parts.values(), closing=True)
    for _ in range(10):
        a = draw_time(chance, calendar)
        b = a + chance.randrange(1, 40 * 1440) * MINUTE
        yield {"op": "explain", "from": a, "to": b, "kind": "working"}, "stretches", calendar


def check_stretches(calendar, asked, stretches):
    """They leave no gap, count what is open, and say of closed dates why."""
    at = asked["from"]
    for one in stretches:
        if one["from"] != at or one["to"] <= at:
            return f"a gap at {at}"
        at = one["to"]
        length = at - one["from"]
        counted = calendar.counted(one["from"], one["to"])
        if counted != (length if one["counted"] else 0):
            return f"{one}: of {length} ms {counted} count"
        reason = one.get("reason")
        if reason and one["kind"] in ("closed", "holiday"):
            word, _, day = reason.partition(" ")
            layer = calendar.exceptions if word == "exception" else calendar.days
            if layer[datetime.date.fromisoformat(day)] != []:
                return f"{one}: that date is open"
            if (one["kind"] == "closed") != (word == "exception"):
                return f"{one}: the wrong layer"
    for one, other in zip(stretches, stretches[1:]):
        if (one["why"], one["counted"]) == (other["why"], other["counted"]):
            return f"{one} and {other} are one"
    return None if at == asked["to"] else f"ends at {at}"


def main(program, seed=1, calendars=60):
    chance = random.Random(seed)
    drawn = [Calendar(chance) for _ in range(calendars)]
    asked = []
    for calendar in drawn:
        asked.append((calendar, {"calendar": calendar.json()}, "ok", True))
        asked += [(calendar, *rest) for rest in questions(chance, calendar)]
    lines = "".join(json.dumps(question) + "\n" for _, question, _, _ in asked)
    done = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(asked):
        sys.exit(f"{len(asked)} questions, {len(answers)} answers")
    compared = wrong = 0
    for (calendar, question, key, expected), answer in zip(asked, answers):
        if expected is None:
            continue  # beyond the model
        compared += 1
        if key == "stretches":
            fault = check_stretches(calendar, question, answer.get(key, []))
        else:
            fault = None if answer.get(key) == expected else f"expected {expected}, got {answer}"
        if fault:
            wrong += 1
            if wrong < 20:
                print(f"{calendar.name} {calendar.first}: {json.dumps(question)[:200]}: {fault}")
    if wrong or compared < len(asked) * 0.8:
        sys.exit(f"{wrong} of {compared} answers differ, of {len(asked)} asked")
    print(f"{compared} answers agree")


if __name__ == "__main__":
    main(sys.argv[1], *(int(number) for number in sys.argv[2:]))
