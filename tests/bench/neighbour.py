#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How much another team's attacks cost a neighbour on the same server.

  neighbour.py PROGRAM [SECONDS]     PROGRAM: signoff, a release build; SECONDS of each window, 5

Windows at rest and windows under attack take turns, so that what else the machine does falls on
both. Each has its own p99; the medians of these are compared. The goal: under attack at most twice
the value at rest.
"""
import os
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "attack"))

import attacks  # noqa: E402
import on_server  # noqa: E402

TURNS = 9


def p99(took):
    return sorted(took)[int(len(took) * 0.99)]


def window(worker, seconds, step):
    """p99 of the neighbour's requests while step() is called again and again."""
    begin, end = len(worker.took), time.monotonic() + seconds
    while time.monotonic() < end:
        step()
    return p99(worker.took[begin:])


def main():
    program = os.path.abspath(sys.argv[1])
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 5.0
    hostile = [attack for attack in attacks.corpus() if attack.expect == "rule_overrun"]
    turn = iter(range(1 << 30))
    with tempfile.TemporaryDirectory(prefix="sgn-") as folder:
        site = on_server.Site(folder, program)
        worker = on_server.Worker(site.neighbour)
        worker.start()
        try:
            rest, siege = [], []
            for _ in range(TURNS):
                rest.append(window(worker, seconds, lambda: time.sleep(0.05)))
                siege.append(window(worker, seconds,
                                    lambda: site.run(hostile[next(turn) % len(hostile)])))
            wrong = worker.stop()
        finally:
            site.server.stop()
    if wrong:
        sys.exit("the neighbour was not answered: %s" % wrong)
    at_rest, attacked = statistics.median(rest), statistics.median(siege)
    print("p99 of the neighbour: %.2f ms at rest, %.2f ms under %d attacks: %.2f times (%d answers)" % (
        at_rest * 1000, attacked * 1000, next(turn), attacked / at_rest, len(worker.took)))
    return 0 if attacked <= 2 * at_rest else 1


if __name__ == "__main__":
    sys.exit(main())
