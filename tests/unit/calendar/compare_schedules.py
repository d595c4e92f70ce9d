# SPDX-License-Identifier: Apache-2.0
"""Compares schedules with python3-dateutil (rules) and with a slow search (plain words, zones).

    compare_schedules.py CALENDAR_RUN [SEED]

Left out are rules that dateutil reads otherwise than RFC 5545: it takes BYDAY=FR,4FR as what is
both, and BYWEEKNO without BYDAY as the whole week (which we refuse). It also searches rules that
never happen until the year 9999, so each one gets a fraction of a second.
"""

import calendar
import datetime
import json
import random
import signal
import subprocess
import sys
import zoneinfo

from dateutil.rrule import rrulestr

EPOCH = datetime.datetime(1970, 1, 1)
MONDAY = datetime.datetime(1970, 1, 5)
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]
COUNT = 4


def ms(wall):
    return int((wall - EPOCH).total_seconds()) * 1000


# ---- rules ----


def draw_rule(chance):
    def some(draw, most):
        return ",".join(str(draw()) for _ in range(chance.randrange(1, most + 1)))

    def signed(most):
        return chance.choice([1, 1, -1]) * chance.randrange(1, most + 1)

    freq = chance.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = {"FREQ": freq}
    if chance.random() < 0.5:
        parts["INTERVAL"] = chance.choice([1, 2, 3, 5])
    if chance.random() < 0.3:
        parts["BYMONTH"] = some(lambda: chance.randrange(1, 13), 3)
    if freq != "WEEKLY" and chance.random() < 0.3:
        parts["BYMONTHDAY"] = some(lambda: signed(31), 3)
    if freq == "YEARLY" and chance.random() < 0.1:
        parts["BYYEARDAY"] = some(lambda: signed(366), 3)
    if freq == "YEARLY" and chance.random() < 0.1:
        parts["BYWEEKNO"] = some(lambda: chance.randrange(2, 52), 2)
        parts["BYDAY"] = some(lambda: chance.choice(DAYS), 2)
    elif chance.random() < 0.5:
        numbered = freq in ("MONTHLY", "YEARLY") and chance.random() < 0.4
        most = 5 if freq == "MONTHLY" or "BYMONTH" in parts else 40
        parts["BYDAY"] = some(
            lambda: f"{signed(most) if numbered else ''}{chance.choice(DAYS)}", 3
        )
    if chance.random() < 0.2:
        parts["BYHOUR"] = some(lambda: chance.randrange(24), 3)
    if chance.random() < 0.1:
        parts["BYMINUTE"] = some(lambda: chance.randrange(60), 2)
    if any(name.startswith("BY") for name in parts) and chance.random() < 0.15:
        parts["BYSETPOS"] = some(lambda: signed(4), 2)
    if chance.random() < 0.2:
        parts["WKST"] = chance.choice(DAYS)
    return ";".join(f"{name}={value}" for name, value in parts.items())


def stop(*_):
    raise TimeoutError


def expand(rule, start, after):
    """The next times, or None where dateutil gives no answer in time or fails itself."""
    times = []
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        for wall in rrulestr("RRULE:" + rule, dtstart=start).xafter(after, count=COUNT):
            if wall.year >= 2400:
                break
            times.append(ms(wall))
    except (IndexError, TimeoutError):
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return times


def rules(chance):
    """Questions and answers about rules, in UTC: from 1970 on, where intervals begin."""
    for _ in range(300):
        rule = draw_rule(chance)
        start = MONDAY if "FREQ=WEEKLY" in rule else EPOCH
        after = EPOCH + datetime.timedelta(days=chance.randrange(100, 9000), hours=12)
        yield f"RRULE:{rule}", "UTC", ms(after), expand(rule, start, after)


# ---- plain words ----


def draw_words(chance):
    """Plain words, and the test whether a date is meant."""
    first, last = chance.randrange(7), chance.randrange(7)
    number = chance.choice([1, 2, 3])
    day = chance.randrange(1, 32)
    month = chance.randrange(1, 13)
    nth = chance.randrange(4)

    def end(date):
        return date.day == calendar.monthrange(date.year, date.month)[1]

    return chance.choice(
        [
            (f"{WEEK[first]}", lambda date: date.weekday() == first),
            (
                f"{WEEK[first]} to {WEEK[last]}",
                lambda date: (date.weekday() - first) % 7 <= (last - first) % 7,
            ),
            (
                f"{number} weeks {WEEK[first]}",
                lambda date: date.weekday() == first
                and (date - MONDAY.date()).days // 7 % number == 0,
            ),
            (f"{number} days", lambda date: (date - EPOCH.date()).days % number == 0),
            (f"month {day}", lambda date: date.day == day),
            ("month last", end),
            (
                f"month {['first', 'second', 'third', 'fourth'][nth]} {WEEK[first]}",
                lambda date: date.weekday() == first and (date.day - 1) // 7 == nth,
            ),
            (f"quarter {day}", lambda date: date.day == day and date.month % 3 == 1),
            ("quarter last", lambda date: end(date) and date.month % 3 == 0),
            (
                f"year {month:02}-{min(day, 28):02}",
                lambda date: (date.month, date.day) == (month, min(day, 28)),
            ),
        ]
    )


def words(chance):
    """Every date is looked at, in zones that change their clocks."""
    for _ in range(400):
        text, is_meant = draw_words(chance)
        hour, minute = chance.randrange(24), chance.choice([0, 15, 30])
        name = chance.choice(ZONES)
        zone = zoneinfo.ZoneInfo(name)
        date = datetime.date(chance.randrange(1975, 2090), chance.choice([3, 4, 10, 11]), 1)
        date += datetime.timedelta(days=chance.randrange(30))
        after = int(datetime.datetime.combine(date, datetime.time(3), zone).timestamp()) * 1000
        times = set()
        for later in range(-2, 1500):
            if is_meant(date + datetime.timedelta(days=later)):
                wall = datetime.datetime.combine(
                    date + datetime.timedelta(days=later), datetime.time(hour, minute), zone
                )
                times.add(int(wall.timestamp()) * 1000)
        expected = sorted(at for at in times if at > after)[:COUNT]
        yield f"{text} {hour:02}:{minute:02}", name, after, expected


def main(program, seed=1):
    signal.signal(signal.SIGALRM, stop)
    chance = random.Random(seed)
    asked = [*rules(chance), *words(chance)]
    lines = "".join(
        json.dumps({"op": "every", "every": every, "timezone": zone, "from": after, "n": COUNT}) + "\n"
        for every, zone, after, _ in asked
    )
    done = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if len(answers) != len(asked):
        sys.exit(f"{len(asked)} questions, {len(answers)} answers")
    limit = ms(datetime.datetime(2400, 1, 1))
    wrong = compared = 0
    for (every, zone, after, expected), answer in zip(asked, answers):
        if expected is None:
            continue
        compared += 1
        got = [at for at in answer.get("times", []) if at is not None and at < limit]
        if len(expected) < COUNT and "RRULE" not in every:
            got = got[: len(expected)]  # the search ended after four years
        if got != expected:
            wrong += 1
            print(f"{every} in {zone} after {after}: expected {expected}, got {answer}")
    if wrong or compared < 500:
        sys.exit(f"{wrong} of {compared} answers differ, of {len(asked)} asked")
    print(f"{compared} answers agree")


if __name__ == "__main__":
    main(sys.argv[1], *(int(number) for number in sys.argv[2:]))
