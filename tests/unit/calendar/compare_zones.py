# SPDX-License-Identifier: Apache-2.0
"""Compares every zone with Python's zoneinfo, which reads the same tzdata by another way.

    compare_zones.py ZONE_CONVERT

Asked are random times, and those around every change of an offset from 1970 to 2100: a second
before and at the change, and wall-clock times every quarter of an hour in the two hours around it,
where a time happens twice or never. zoneinfo's fold=0 is our rule: the first of two, the offset
before a gap. Of zones that are links to the same file one is asked everything, the others random
times only.
"""

import datetime
import pathlib
import random
import subprocess
import sys
import zoneinfo

UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1)
FROM = int(datetime.datetime(1970, 1, 1, tzinfo=UTC).timestamp())
TO = int(datetime.datetime(2100, 12, 31, tzinfo=UTC).timestamp())
STEP = 3 * 86400
APART = 2 * 86400  # our way from a wall clock to an instant needs changes further apart than this
NO_ZONES = {"Factory", "localtime", "posixrules"}


def names():
    every = zoneinfo.available_timezones() - NO_ZONES
    return sorted(name for name in every if not name.startswith(("posix/", "right/")))


def offset(zone, second):
    at = datetime.datetime.fromtimestamp(second, UTC)
    return int(at.astimezone(zone).utcoffset().total_seconds())


def instant(zone, wall):
    at = (EPOCH + datetime.timedelta(seconds=wall)).replace(tzinfo=zone, fold=0)
    return int(at.timestamp())


def distinct():
    """The first name of each zone; its links have the same bytes."""
    first = {}
    for name in names():
        for folder in zoneinfo.TZPATH:
            path = pathlib.Path(folder, name)
            if path.is_file():
                first.setdefault(path.read_bytes(), name)
                break
    return set(first.values())


def changes(zone):
    """The seconds at which the offset changes."""
    before = offset(zone, FROM)
    for low in range(FROM, TO, STEP):
        high = low + STEP
        after = offset(zone, high)
        if after != before:
            first, last = low, high
            while last - first > 1:
                middle = (first + last) // 2
                if offset(zone, middle) == before:
                    first = middle
                else:
                    last = middle
            yield last, before
        before = after


def questions(chance):
    """(zone, what, argument, expected), times in seconds."""
    asked_all = distinct()
    for name in names():
        zone = zoneinfo.ZoneInfo(name)
        last = FROM - 2 * APART
        for change, before in changes(zone) if name in asked_all else ():
            if change - last <= APART:
                sys.exit(f"{name} changes twice within two days, at {last} and {change}")
            last = change
            yield name, "offset", change - 1, before
            yield name, "offset", change, offset(zone, change)
            for quarter in range(-8, 9):
                wall = change + before + quarter * 900
                yield name, "instant", wall, instant(zone, wall)
        for _ in range(20):
            second = chance.randrange(FROM, TO)
            yield name, "offset", second, offset(zone, second)
            yield name, "instant", second, instant(zone, second)


def main(program):
    asked = list(questions(random.Random(1)))
    lines = "".join(f"{name} {what} {at * 1000}\n" for name, what, at, _ in asked)
    done = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
    answers = done.stdout.split()
    if len(answers) != len(asked) or len(asked) < 100000:
        sys.exit(f"{len(asked)} questions, {len(answers)} answers")
    wrong = 0
    for (name, what, at, expected), answer in zip(asked, answers):
        expected = expected if what == "offset" else expected * 1000
        if answer != str(expected):
            wrong += 1
            print(f"{name} {what} {at * 1000}: expected {expected}, got {answer}")
    if wrong:
        sys.exit(f"{wrong} of {len(asked)} answers differ")
    print(f"{len(asked)} answers agree")


if __name__ == "__main__":
    main(sys.argv[1])
