#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Bytes written for one transition, by the table or index that they are of.

    pages.py --build build/release                            # 100,000 cases, 60 seconds
    pages.py --build build/release --form unpipelined --room 16M

A library that is preloaded into the server counts which pages go to the log and to the file
(count_pages.c); a copy of the file, made while the server stands still, tells whose they are
(dbstat). A page that was of another table before is counted for the one that has it at the end; the
rest of long values, which the log of rows is made of, is known by its pages."""
import argparse
import array
import collections
import contextlib
import mmap
import os
import shutil
import sqlite3
import sys
import tempfile

import machine
from loaded import FORMS, Loaded, figures
from prepared import Prepared

PAGE = 4096
LONG = "(long values: the log of rows)"
FREE = "(free at the end)"


def owners(site, folder):
    """{page: its table or index}, of a copy."""
    data, copy = os.path.join(site, "data"), os.path.join(folder, "copy")
    shutil.rmtree(copy, ignore_errors=True)
    os.makedirs(copy)
    for name in ("signoff.db", "signoff.db-wal"):
        if os.path.exists(os.path.join(data, name)):
            shutil.copy(os.path.join(data, name), copy)
    with contextlib.closing(sqlite3.connect(os.path.join(copy, "signoff.db"))) as db:
        found = {page: name for name, page in db.execute("SELECT name, pageno FROM dbstat")}
    shutil.rmtree(copy)
    return found


class Counters:
    """Of count_pages.c."""

    def __init__(self, path):
        with open(path, "rb") as f:
            self.map = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)

    def read(self, pages):
        """[to the log, to the file] of page n at 2n and 2n + 1."""
        return array.array("I", self.map[:8 * (pages + 1)])


def by_owner(before, after, whose):
    counts = collections.defaultdict(lambda: [0, 0, 0])
    for page in range(len(after) // 2):
        was = (before[2 * page], before[2 * page + 1]) if 2 * page + 1 < len(before) else (0, 0)
        log, file = after[2 * page] - was[0], after[2 * page + 1] - was[1]
        if log or file:
            row = counts[whose.get(page, FREE) if page else LONG]
            row[0] += log
            row[1] += file
            row[2] += 1
    return counts


def pages_of(loaded):
    """A bound for the numbers of pages: of the file, and of those that are in the log alone."""
    data = os.path.join(loaded.site, "data")
    return sum(os.path.getsize(os.path.join(data, name))
               for name in ("signoff.db", "signoff.db-wal")) // PAGE + 65536


def show(row, counts):
    n = max(1, row["entries"])
    print("%d transitions, %.0f /s, batches of %.0f; %d merges of %d rows, %d checkpoints" % (
        n, row["rate"], row["batch"], row.get("merges", 0), row.get("merged_cases", 0),
        row["checkpoints"]))
    print("%.1f us of processor time, %.0f bytes for each, as the store counts them" % (
        row["us"], row["bytes"]))
    print("%-32s %9s %9s %9s %9s" % ("bytes for each transition", "log", "file", "both", "pages"))
    total = [0, 0]
    for name, (log, file, pages) in sorted(counts.items(), key=lambda item: -sum(item[1][:2])):
        total[0] += log
        total[1] += file
        print("%-32s %9.0f %9.0f %9.0f %9d" % (name, log * PAGE / n, file * PAGE / n,
                                              (log + file) * PAGE / n, pages))
    print("%-32s %9.0f %9.0f %9.0f" % ("all", total[0] * PAGE / n, total[1] * PAGE / n,
                                      sum(total) * PAGE / n))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, help="folder with the programs")
    parser.add_argument("--cases", type=int, default=100000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--warmup", type=int, default=5)
    parser.add_argument("--form", choices=("pipelined", "unpipelined", "uniform"),
                        default="pipelined")
    parser.add_argument("--room", default="64M", help="[store] unmerged")
    parser.add_argument("--recover", action="store_true",
                        help="then SIGKILL, and how fast the next start reads what is not merged")
    parser.add_argument("--folder", help="on the disk to be measured (default: TMPDIR)")
    return parser.parse_args()


def recovery(loaded):
    """Killed as it is: what the next start reads again, and how long that takes it."""
    loaded.operator.close()
    loaded.server.kill()
    loaded.start()
    stats = loaded.stats()["store"]
    rows, ms = stats["recovered_rows"], max(1, stats["recovery_ms"])
    print("recovered %d rows in %d ms: %.0f a second" % (rows, ms, rows / ms * 1e3))


def main():
    options = arguments()
    machine.end_cleanly()
    folder = tempfile.mkdtemp(prefix="signoff-pages-", dir=options.folder)
    loaded = None
    try:
        prepared = Prepared(options.build, os.path.join(options.build, "bench-sites"),
                            options.cases).ready(lambda text: print(text, file=sys.stderr))
        counted = os.path.join(folder, "counters")
        library = os.path.join(options.build, "tests", "bench", "count_pages.so")
        loaded = Loaded(prepared, folder, dict(
            os.environ, SIGNOFF_STORE_UNMERGED=options.room, COUNT_PAGES=counted,
            LD_PRELOAD=library)).start()
        loaded.window(FORMS[options.form], options.warmup, 0)
        counters = Counters(counted)
        before = counters.read(pages_of(loaded))
        row = figures(loaded.window(FORMS[options.form], options.seconds, 0))
        with loaded.at_rest():
            after = counters.read(pages_of(loaded))
            whose = owners(loaded.site, folder)
        show(row, by_owner(before, after, whose))
        if options.recover:
            recovery(loaded)
    finally:
        if loaded is not None:
            loaded.kill()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
