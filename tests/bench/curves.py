#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How the figures grow with the number of open cases: a table, and the same as a picture.

    curves.py --build build/release                       # 10,000 100,000 1,000,000
    curves.py --build build/release --most 10000000       # and ten million: 80 GB, hours
    curves.py --build build/release --most 100000 --seconds 5
"""
import argparse
import json
import os
import shutil
import sys
import tempfile

import machine
import moments
import plot
from loaded import FORMS, Loaded, together
from prepared import Prepared

SIZES = (10000, 100000, 1000000, 10000000)
# Name, heading in the table, title and unit of the chart, digits, and what it may be at most (or at
# least) of what it is with the fewest cases.
COLUMNS = (
    ("rate", "rate /s", "Transitions", "per second", 0, 0.8),
    ("us", "CPU us", "Processor time of a transition", "us", 1, 1.25),
    ("bytes", "bytes", "Written for a transition", "bytes", 0, 1.5),
    ("memory", "memory MB", "Memory of the process", "MB", 0, None),
    ("start", "start s", "Start until a case is answered", "s", 2, None),
    ("recovery", "recovery s", "The same after a kill", "s", 2, None),
)
FORM_NAMES = {"pipelined": "working set", "uniform": "all cases alike"}


def of_size(options, folder, cases):
    """All figures with so many cases: {form: row}."""
    prepared = Prepared(options.build, os.path.join(options.build, "bench-sites"), cases)
    prepared.ready()
    loaded, rows = Loaded(prepared, folder), {}
    try:
        begun = moments.start(loaded, prepared, 3)
        loaded.start()
        for form, name in FORM_NAMES.items():
            row = together([loaded.window(FORMS[form], options.seconds, options.warmup)])
            row["memory"] = machine.memory(loaded.pid) / 1e6
            rows[name] = row
        back = moments.recover(loaded, prepared, options.warmup)
    finally:
        loaded.kill()
        shutil.rmtree(loaded.site, ignore_errors=True)
    first = rows["working set"]
    first.update(start=begun["answer"], recovery=back["answer"], port=begun["port"],
                 recovered_rows=back.get("recovered_rows"))
    return rows


def show(sizes, kept):
    shape = "%-12s %-16s" + " %11s" * len(COLUMNS) + "  %s"
    print((shape % ("open cases", "requests on", *(column[1] for column in COLUMNS), "")).rstrip())
    for cases in sizes:
        for form in FORM_NAMES.values():
            row = kept[cases][form]
            print((shape % (format(cases, ","), form, *(
                format(row[name], ",.%df" % digits) if name in row else ""
                for name, _, _, _, digits, _ in COLUMNS),
                "REFUSED: " + "; ".join(row["refused"]) if row["refused"] else "")).rstrip())


def charts(sizes, kept):
    """A window that was refused has no point."""
    for name, _, title, unit, _, times in COLUMNS:
        series = {form: {cases: kept[cases][form][name] for cases in sizes
                         if name in kept[cases][form] and not kept[cases][form]["refused"]}
                  for form in FORM_NAMES.values()}
        series = {form: points for form, points in series.items() if points}
        first = series.get("working set", {}).get(sizes[0])
        limit = {cases: first * times for cases in sizes} if times and first else None
        yield plot.Chart(title, unit, series, limit)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, help="folder with the programs")
    parser.add_argument("--most", type=int, default=1000000, choices=SIZES, help="open cases")
    parser.add_argument("--seconds", type=int, default=300, help="of each window")
    parser.add_argument("--svg", metavar="FILE", help="the picture (BUILD/curves.svg)")
    parser.add_argument("--json", metavar="FILE", help="all figures")
    parser.add_argument("--folder", help="on the disk to be measured (default: TMPDIR)")
    options = parser.parse_args()
    machine.end_cleanly()
    options.warmup = max(1, min(20, options.seconds // 4))
    sizes = [size for size in SIZES if size <= options.most]
    folder, kept = tempfile.mkdtemp(prefix="signoff-curves-", dir=options.folder), {}
    try:
        for cases in sizes:
            kept[cases] = of_size(options, folder, cases)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    about = "windows of %d s; %s" % (options.seconds,
                                     machine.describe(options.folder or tempfile.gettempdir()))
    print(about)
    show(sizes, kept)
    path = options.svg or os.path.join(options.build, "curves.svg")
    with open(path, "w", encoding="utf-8") as f:
        f.write(plot.svg("Signoff, by the number of open cases", about, list(charts(sizes, kept))))
    print("drawn: %s" % path)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as f:
            json.dump({"about": about, "sizes": kept}, f, indent=1)
    if any(row["refused"] for rows in kept.values() for row in rows.values()):
        sys.exit("some windows were refused")


if __name__ == "__main__":
    main()
