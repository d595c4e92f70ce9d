#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Kills a server under load, starts it again on the same data, and compares what is there with
what its clients were told. README.md tells how to read the summary.

    kill_rounds.py [--rounds N] [--seed N] [--planted] [--preload DIR] [--signoff PATH]
"""
import argparse
import collections
import glob
import os
import random
import shutil
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import kills  # noqa: E402
from killed_site import Found, Site  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
ROUNDS_OF_A_SITE = 25
LONG_FORM = 200      # from so many rounds on, every class of kills must have occurred,
OFTEN = {kills.MERGE: 30, kills.CHECKPOINT: 30}  # and these once in so many rounds
PLANTED_ROUNDS = 25


def find_preload():
    """Where the two libraries were built."""
    built = glob.glob(os.path.join(HERE, "..", "..", "build", "*", "tests", "fault", "kill_at.so"))
    return os.path.dirname(max(built, key=os.path.getmtime)) if built else None


def show(options, totals, seconds):
    print("%d rounds on %d sites in %.0f s, seed %d" % (totals["rounds"], totals["sites"], seconds,
                                                        options.seed))
    print("  kills    " + ", ".join("%d %s" % (totals[c], c)
                                    for c in kills.CLASSES + (kills.START,)))
    print("           %d of them before all clients had repeated what was not answered"
          % totals["early kills"])
    print("  told     %d acknowledged, %d refused" % (totals["acknowledged"], totals["refused"]))
    print("  kept     %d entries: %s" % (totals["entries"], ", ".join(
        "%d %s" % (totals[k], k) for k in ("fire", "vote", "withdraw", "comment", "open",
                                           "deadline"))))
    print("  effects  %d carried out; chain and fold verified %d times"
          % (totals["effects"], totals["verified"]))
    print("  backups  %d made under load and restored, %d cut by the kill"
          % (totals["backups"], totals["backups cut"]))


def tell(site, most):
    by_kind = collections.Counter(kind for kind, _ in site.said)
    print("WRONG on %s: %s" % (site.folder, ", ".join("%d %s" % (n, kind)
                                                      for kind, n in by_kind.items())))
    for kind, text in site.said[:most]:
        print("  %s: %s" % (kind, text))


def run(options, folder):
    """Gives the Site that something is wrong on, or None."""
    totals, begin, site = collections.Counter(), time.monotonic(), None
    try:
        for number in range(options.rounds):
            if number % ROUNDS_OF_A_SITE == 0:
                if site is not None:
                    site.finish()
                    site.end()
                    shutil.rmtree(site.folder)
                site = Site(options, number // ROUNDS_OF_A_SITE, folder, totals)
                totals["sites"] += 1
            site.round(number)
            totals["rounds"] += 1
            if totals["rounds"] % 100 == 0 and totals["rounds"] < options.rounds:
                print("%d rounds" % totals["rounds"], flush=True)
        site.finish()
    except Found:
        print("round %d" % number)
        tell(site, 3 if options.planted else 20)
        return site
    finally:
        if site is not None:
            site.end()
        show(options, totals, time.monotonic() - begin)
    missing = [c for c in kills.CLASSES
               if totals[c] < max(1, options.rounds // OFTEN.get(c, options.rounds))]
    if missing and not options.planted:
        print("  too few kills %s" % ", ".join(missing))
        if options.rounds >= LONG_FORM:
            sys.exit(1)
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, help="how many (100)")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SIGNOFF_SEED") or
                                                        random.randrange(1 << 32)))
    parser.add_argument("--signoff", default=os.environ.get("SIGNOFF_BINARY"), help="the program")
    parser.add_argument("--preload", default=find_preload(),
                        help="folder with kill_at.so and hold_log.so")
    parser.add_argument("--planted", action="store_true",
                        help="with a server that answers too early: succeeds when that is found")
    parser.add_argument("--expect", metavar="KINDS",
                        help="with --signoff of a faulty server: succeeds when one of these is found")
    parser.add_argument("--verify-every", type=int, default=5, metavar="N",
                        help="verify the chain after each Nth round (5)")
    parser.add_argument("--backup-every", type=int, default=5, metavar="N",
                        help="make a backup in each Nth round, and restore it; 0: never (5)")
    parser.add_argument("--lose-last", action="store_true",
                        help="take the last entry from what is restored: it must be found")
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    options = parser.parse_args()
    if not options.signoff or not options.preload:
        parser.error("--signoff and --preload must name what was built")
    options.signoff = os.path.abspath(options.signoff)
    options.preload = os.path.abspath(options.preload)
    options.rounds = options.rounds or (PLANTED_ROUNDS if options.planted else 100)
    print("--seed %d repeats this schedule" % options.seed, flush=True)
    folder, keep = tempfile.mkdtemp(prefix="signoff-kills-"), True
    try:
        wrong = run(options, folder)
        keep = options.keep or (wrong is not None and not options.planted and not options.expect)
    finally:
        if keep:
            print("kept: %s" % folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if options.planted or options.expect:
        kinds = (options.expect or "lost").split(",")
        found = wrong is not None and any(kind in kinds for kind, _ in wrong.said)
        print("the planted fault was %s" % ("found" if found else "NOT FOUND"))
        return 0 if found else 1
    return 0 if wrong is None else 1


if __name__ == "__main__":
    sys.exit(main())
