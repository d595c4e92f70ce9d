#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""tally.py REPORT...: sums ctest's reports, names what failed, and ends with "N passed, N failed".
tally.py --paced REPORT: those that may be run once more by themselves, as a pattern for ctest -R.

A REPORT of the form A+B is one run: A, and B, the second run of some of A's tests, by themselves.
What passes there has passed, and is named: it could not keep pace beside the others. Only tests
that wait for another program may be run again (PACED), and only when few failed: what explores by
chance (kills, faults, the simulation, fuzzing) has found something when it fails once, and what
neither waits nor explores fails again anyway."""

import sys
import xml.etree.ElementTree as tree

PACED = ("e2e.", "browser.", "contract.")
FEW = 5


def cases(report):
    """{name: whether it passed} of a report of ctest."""
    return {case.get("name"): case.get("status") == "run" and case.find("failure") is None
            for case in tree.parse(report).getroot().iter("testcase")}


def paced(report):
    failed = [name for name, good in cases(report).items() if not good]
    if not 0 < len(failed) <= FEW or not all(name.startswith(PACED) for name in failed):
        return ""
    return "^(%s)$" % "|".join(name.replace(".", "[.]") for name in failed)


def tally(reports):
    """(passed, failed, alone): names, those of `alone` are also in `passed`."""
    passed, failed, alone = [], [], []
    for report in reports:
        first, _, second = report.partition("+")
        again = cases(second) if second else {}
        for name, good in cases(first).items():
            saved = not good and again.get(name, False)
            (passed if good or saved else failed).append(name)
            if saved:
                alone.append(name)
    return passed, failed, alone


def main(args):
    if args and args[0] == "--paced":
        print(paced(args[1]))
        return 0
    passed, failed, alone = tally(args)
    for name in alone:
        print("passed only by itself: %s" % name)
    for name in failed:
        print("failed: %s" % name)
    print("%d passed, %d failed" % (len(passed), len(failed)))
    return 1 if failed or not passed else 0  # a run that looked at nothing is no success


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
