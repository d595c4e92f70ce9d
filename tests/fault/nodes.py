#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Several nodes on one PostgreSQL under load and faults; what their clients were told and what
their watchers saw is compared with what is there. README.md tells how to read the summary.

    nodes.py [--faults N] [--seed N] [--nodes N] [--only KIND,...] [--signoff PATH] [--tools DIR]
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

from mortal import HERE  # noqa: E402
import node_faults  # noqa: E402
from node_site import Found, NodeSite  # noqa: E402

FAULTS_OF_A_SITE = 50
LONG_FORM = 100  # from so many faults on, every kind must have occurred


def find_tools():
    """Where cut_proxy and shift_clock.so were built."""
    built = glob.glob(os.path.join(HERE, "..", "..", "build", "*", "tests", "fault", "cut_proxy"))
    return os.path.dirname(max(built, key=os.path.getmtime)) if built else None


def spread(values, unit):
    if not values:
        return "none measured"
    values = sorted(values)
    at = lambda share: values[min(len(values) - 1, int(share * len(values)))]  # noqa: E731
    return "%d: median %d, 95 %% %d, most %d %s" % (len(values), at(0.5), at(0.95), values[-1], unit)


def show(campaign, seconds):
    options, totals = campaign.options, campaign.totals
    kinds = [kind.kind for kind in node_faults.KINDS]
    print("%d faults in %d nodes on %d sites in %.0f s, seed %d"
          % (totals["faults"], options.nodes, totals["sites"], seconds, options.seed))
    print("  faults   " + ", ".join("%d %s" % (totals[kind], kind) for kind in kinds)
          + "; %d times two at once" % totals["pairs"])
    print("           %d commits cut; %d nodes ended of themselves" % (totals["cuts"],
                                                                     totals["endings"]))
    print("  told     %d acknowledged, %d refused; %d sent more than once, %d of them refused by"
          " one node and accepted by another"
          % (totals["acknowledged"], totals["refused"], totals["repeated"], totals["accepted first"]))
    print("  kept     %d entries: %s" % (totals["entries"], ", ".join(
        "%d %s" % (totals["kind " + k], k)
        for k in ("fire", "vote", "withdraw", "comment", "edit", "open", "deadline", "sweep",
                  "schedule"))))
    print("  watched  by watchers that came back %d times; %d reads at another node"
          % (totals["watcher reconnects"], totals["reads"]))
    print("  effects  waited, " + spread(campaign.waits, "ms"))
    print("  rungs    late, " + spread(campaign.lateness, "ms"))
    print("  takes    over after a kill, " + spread(campaign.takes, "ms"))
    print("  judges   found each of %d faults planted into what was written" % totals["planted"])


def tell(site):
    by_kind = collections.Counter(kind for kind, _ in site.said)
    print("WRONG on %s: %s" % (site.folder, ", ".join("%d %s" % (n, kind)
                                                      for kind, n in by_kind.items())))
    for kind, text in site.said[:20]:
        print("  %s: %s" % (kind, text))


class Campaign:
    """Sites one after another, until all faults have been."""

    def __init__(self, options):
        self.options, self.totals = options, collections.Counter()
        self.takes, self.lateness, self.waits, self.site = [], [], [], None

    def run(self, folder):
        """Gives the site that something is wrong on, or None."""
        begin, number = time.monotonic(), 0
        try:
            while self.totals["faults"] < self.options.faults:
                self.one_site(folder, number)
                number += 1
        except Found:
            tell(self.site)
            return self.site
        finally:
            show(self, time.monotonic() - begin)
        missing = [k.kind for k in self.options.kinds if self.totals[k.kind] == 0]
        if missing and self.options.faults >= LONG_FORM:
            print("  no fault of the kind %s" % ", ".join(missing))
            sys.exit(1)
        return None

    def one_site(self, folder, number):
        most = min(FAULTS_OF_A_SITE, self.options.faults - self.totals["faults"])
        self.totals["sites"] += 1
        self.site = NodeSite(self.options, number, folder, self.totals)
        try:
            with self.site as site:
                site.run(most)
        finally:
            self.takes += self.site.takes
            self.lateness += self.site.lateness
            self.waits += self.site.waits
        if self.options.progress and self.totals["faults"] < self.options.faults:
            print("%d faults" % self.totals["faults"], flush=True)
        if not self.options.keep:
            shutil.rmtree(self.site.folder)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--faults", type=int, default=20, help="how many (20)")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SIGNOFF_SEED") or
                                                        random.randrange(1 << 32)))
    parser.add_argument("--nodes", type=int, default=3, help="how many (3)")
    parser.add_argument("--teams", type=int, default=3, help="how many (3)")
    parser.add_argument("--only", help="kinds of faults, such as kill,cut")
    parser.add_argument("--signoff", default=os.environ.get("SIGNOFF_BINARY"), help="the program")
    parser.add_argument("--tools", default=find_tools(), help="folder with cut_proxy and shift_clock.so")
    parser.add_argument("--expect", metavar="KIND",
                        help="succeeds only when this is found wrong: rung, doubled, ...")
    parser.add_argument("--verbose", action="store_true", help="print each fault")
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    options = parser.parse_args()
    if not options.signoff or not options.tools:
        parser.error("--signoff and --tools must name what was built")
    options.signoff = os.path.abspath(options.signoff)
    options.tools = os.path.abspath(options.tools)
    options.kinds = [node_faults.OF_KIND[kind] for kind in options.only.split(",")] \
        if options.only else list(node_faults.KINDS)
    options.progress = options.faults > FAULTS_OF_A_SITE
    return options


def main():
    options = parse()
    print("--seed %d repeats these faults" % options.seed, flush=True)
    folder, keep = tempfile.mkdtemp(prefix="signoff-nodes-"), True
    try:
        wrong = Campaign(options).run(folder)
        keep = options.keep or (wrong is not None and not options.expect)
    finally:
        if keep:
            print("kept: %s" % folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if options.expect:
        found = wrong is not None and any(kind == options.expect for kind, _ in wrong.said)
        print("the planted fault was %s" % ("found" if found else "NOT FOUND"))
        return 0 if found else 1
    return 0 if wrong is None else 1


if __name__ == "__main__":
    sys.exit(main())
