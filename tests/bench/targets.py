#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every target beside what was measured, in one run: run.sh builds what is needed and calls this.

    targets.py --build build/release                # windows of 5 minutes, 1,000,000 cases
    targets.py --build build/release --quick        # under three minutes: a look
"""
import argparse
import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile

import judge
import machine
import moments
from loaded import FORMS, Loaded, figures, together
from prepared import SET, TEAMS, Prepared, find, signoff
from sheet import Sheet

SLICE = 60        # seconds after which the server and a bare program take turns
SMALL = 10000     # cases of the small site that growth is measured from
QUICK_ROOM = "16M" # [store] unmerged
WARM_SET = 1000   # cases that were at work when memory is looked at first
PARTS = ("start", "rates", "latency", "lua", "growth", "moments")


class Run:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.bare_program = find(options.build, "signoff-sqlite-bare")
        sites = os.path.join(options.build, "bench-sites")
        self.big = Prepared(options.build, sites, options.cases).ready(say)
        self.small = Prepared(options.build, sites, SMALL).ready(say)
        self.lengths = self.big.lengths()
        self.sheet = Sheet([])
        self.windows, self.failed = {}, []

    def environment(self):
        """Of the servers. In so short a look the room for rows that are not merged would not get
        full, so it is smaller."""
        return dict(os.environ, **({"SIGNOFF_STORE_UNMERGED": QUICK_ROOM}
                                   if self.options.quick else {}))

    # ---- windows ----

    def measure(self, loaded, name, rate=0, between=None, warmup=None):
        """A form over all its seconds, in slices between which something else may be measured."""
        options, rows = self.options, []
        n = max(options.slices, options.seconds // SLICE)
        for _ in range(n):
            rows.append(loaded.window(FORMS[name], max(1, options.seconds // n),
                                      options.warmup if warmup is None else warmup, rate))
            if between is not None:
                with loaded.at_rest():
                    between(figures(dict(rows[-1])))
        row = together(rows)
        self.windows.setdefault(name, row)
        say("  %-16s %8.0f /s  %6.1f us  %6.0f bytes  p50 %.2f ms  p99 %.2f  %d checkpoints%s%s" % (
            name, row["rate"], row["us"], row["bytes"], row["p50"], row["p99"],
            row["checkpoints"], "  %d merges" % row["merges"] if "merges" in row else "",
            "  REFUSED: " + "; ".join(row["refused"]) if row["refused"] else ""))
        return row

    def bare(self, *arguments):
        done = subprocess.run([self.bare_program, self.folder, *map(str, arguments)], check=False,
                              stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit("signoff-sqlite-bare failed")
        return json.loads(done.stdout)

    def bare_rows(self, mode, kept):
        """What is run between slices of the server: the same rows in the same batches."""
        def run(window):
            kept.append(self.bare(mode, self.lengths["entry"], self.lengths["case"],
                                  self.options.cases, max(1, round(window["batch"])),
                                  max(1, self.options.seconds / 5 if self.options.quick else 20)))
            append = os.path.join(self.folder, "bare-append.db")
            if os.path.exists(append):
                os.remove(append)
        return run

    def beside_bare(self, loaded, name, mode):
        kept = []
        row = self.measure(loaded, name, between=self.bare_rows(mode, kept))
        rate = sum(one["transitions"] for one in kept) / sum(one["seconds"] for one in kept)
        cpu = sum(one["cpu_us"] for one in kept) / sum(one["transitions"] for one in kept)
        say("  %-16s %8.0f /s  %6.1f us  batches of %.0f" % ("  bare " + mode, rate, cpu,
                                                             row["batch"]))
        put, said = self.sheet.put, "%s /s" % format(round(rate), ",")
        put(name, row["rate"], said)
        put(name + "_ratio", row["rate"] / rate, said)
        self.sheet.refuse((name, name + "_ratio"), row["refused"])
        return row

    # ---- parts, in this order ----

    def start(self, loaded):
        row = moments.start(loaded, self.big, 3)
        self.sheet.put("port", row["port"])
        self.sheet.put("answer", row["answer"])
        say("  started: port %.2f s, answered %.2f s" % (row["port"], row["answer"]))

    def rates(self, loaded):
        put, refuse = self.sheet.put, self.sheet.refuse
        before = self.memory_of_few(loaded)
        row = self.beside_bare(loaded, "pipelined", "append")
        after = machine.memory(loaded.pid)
        put("pipelined_us", row["us"])
        put("bytes", row["bytes"])
        refuse(("pipelined_us", "bytes"), row["refused"])
        put("case_bytes", (after - before) / max(1, self.big.set - WARM_SET) -
            self.lengths["document"], "document %d bytes" % self.lengths["document"])
        row = self.measure(loaded, "unpipelined")
        put("unpipelined", row["rate"])
        put("unpipelined_us", row["us"])
        put("unpipelined_bytes", row["bytes"])
        refuse(("unpipelined", "unpipelined_us", "unpipelined_bytes"), row["refused"])
        self.beside_bare(loaded, "uniform", "update")
        put("all_bytes", machine.memory(loaded.pid) / 1e6)

    def memory_of_few(self, loaded):
        """Of the process when everything is there but the many cases."""
        few = Prepared(self.options.build, os.path.dirname(self.big.place), self.options.cases)
        few.tokens, few.set = self.big.tokens, WARM_SET
        loaded.prepared = few
        loaded.window(FORMS["pipelined"], 2, 1)
        loaded.prepared = self.big
        return machine.memory(loaded.pid)

    def latency(self, loaded):
        put = self.sheet.put
        if "unpipelined" not in self.windows:
            self.measure(loaded, "unpipelined")
        row = self.measure(loaded, "open-loop", round(self.windows["unpipelined"]["rate"] / 2))
        for key, name in (("open_p50", "p50"), ("open_p99", "p99"), ("open_p999", "p999"),
                          ("open_max", "max")):
            put(key, row[name])
        self.sheet.refuse(("open_p50", "open_p99", "open_p999", "open_max"), row["refused"])
        syncs = []

        def sync(_):
            syncs.append(self.bare("sync", 2))
        row = self.measure(loaded, "alone", between=sync)
        # The log is written over again and again, so the sooner of the two is what it can be.
        over, end = (sum(one[name] for one in syncs) / len(syncs)
                     for name in ("overwrite", "append"))
        put("alone", row["p50"] - over, "sync %.2f ms, %.2f at the end of a file; alone %.2f" % (
            over, end, row["p50"]))
        self.sheet.refuse(("alone",), judge.alone(row, over))

    def lua(self, loaded):
        for name in ("unpipelined", "pipelined"):
            base = self.windows.get(name) or self.measure(loaded, name)
            row = self.measure(loaded, "lua-" + name)
            self.sheet.put("lua_%s_us" % name, row["us"] - base["us"])
            self.sheet.refuse(("lua_%s_us" % name,), row["refused"] + base["refused"])

    def growth(self, loaded):
        """The small site and the big one in turn, since what else the machine does changes too."""
        options, rows = self.options, {"big": [], "small": []}
        n = max(2, options.seconds // SLICE)
        with served(self.small, self.folder, self.environment()) as small:
            for _ in range(n):
                for name, one, other in (("small", small, loaded), ("big", loaded, small)):
                    with other.at_rest():
                        rows[name].append(one.window(
                            FORMS["pipelined"], max(1, options.seconds // n), options.warmup))
        big, small = together(rows["big"]), together(rows["small"])
        for cases, row in ((options.cases, big), (SMALL, small)):
            say("  %9s cases  %8.0f /s  %6.1f us  %6.0f bytes" % (
                format(cases, ","), row["rate"], row["us"], row["bytes"]))
        for name in ("rate", "us", "bytes"):
            self.sheet.put("growth_" + name, big[name] / max(1e-9, small[name]),
                           "%s cases" % format(options.cases, ","))
            self.sheet.refuse(("growth_" + name,), big["refused"] + small["refused"])

    def moments(self, loaded):
        put = self.sheet.put
        row = moments.recover(loaded, self.big, min(5, self.options.seconds))
        if row.get("recovered_rows"):
            put("replayed", row["recovered_rows"] / max(1, row["recovery_ms"]) * 1e3,
                "%s read again" % format(row["recovered_rows"], ","))
        put("recovered", row["answer"])
        say("  killed: port %.2f s, answered %.2f s" % (row["port"], row["answer"]))

    def deadlines(self):
        """On new copies, since it ends with each deadline spent. What a connection takes is seen on
        a server that has done nothing yet: one that has worked has room left over."""
        options = self.options
        environment, shift = moments.shifted(options.build, self.folder)
        memory = {}
        for prepared in (self.small, self.big):
            with served(prepared, self.folder, environment) as loaded:
                memory[prepared.cases] = (machine.memory(loaded.pid),
                                          loaded.stats()["store"]["cases"])
                if prepared is self.big:
                    row = moments.drain(loaded, prepared, shift, options.give_up)
                else:
                    idle = moments.idle(loaded, prepared, 15000)
        (few, n_few), (many, n_many) = memory[SMALL], memory[options.cases]
        rate, n = row["fired"] / max(row["took"], 0.05), row["wanted"]
        put = self.sheet.put
        put("fired", rate, "%s due" % format(n, ","))
        put("drained", row["took"] if row["fired"] >= n else None, must=35 * n / 1e6)
        put("drain_p99", row["p99"], "%d /s asked" % moments.FOREGROUND)
        if many > few:
            put("due_bytes", (many - few) / (n_many - n_few))
        put("idle_bytes", idle["bytes"])
        put("idle_held", idle["held"] - 1)
        say("  deadlines: %d of %d in %.1f s, others p99 %.1f ms" % (row["fired"], n, row["took"],
                                                                    row["p99"]))
        self.sheet.refuse(("fired", "drained", "drain_p99"),
                          judge.drained(row["fired"], row["entries"], min(n, 1000)))

    def all(self):
        parts = [part for part in PARTS if not self.options.only or part in self.options.only]
        with contextlib.ExitStack() as stack:
            loaded = Loaded(self.big, self.folder, self.environment())
            stack.callback(loaded.kill)
            if "start" in parts:
                self.attempt(self.start, loaded)
            loaded.start()
            for part in parts:
                if part != "start":
                    self.attempt(getattr(self, part), loaded)
        shutil.rmtree(loaded.site)
        if "moments" in parts:
            self.attempt(self.deadlines)

    def attempt(self, part, *arguments):
        """A part that fails is told of at the end, and takes no other part's figures with it."""
        try:
            part(*arguments)
        except (SystemExit, OSError, RuntimeError, signoff.RpcError) as failure:
            said = "%s: %s" % (part.__name__, failure)
            say("  FAILED: " + said)
            self.failed.append(said)


@contextlib.contextmanager
def served(prepared, folder, environment=None):
    loaded = Loaded(prepared, folder, environment)
    try:
        yield loaded.start()
    finally:
        loaded.kill()
        shutil.rmtree(loaded.site)


def say(text):
    print(text, file=sys.stderr, flush=True)


def head(options):
    busy = os.getloadavg()[0] > 0.5 * os.cpu_count()
    return ["%s open cases of %d teams, %s of them at work; windows of %d s%s" % (
        format(options.cases, ","), TEAMS, format(min(SET, options.cases), ","), options.seconds,
        " and %sB of unmerged rows: a look, not figures to be kept" % QUICK_ROOM
        if options.quick else ""),
        machine.describe(options.folder or tempfile.gettempdir())] + (
            ["OTHERS ARE AT WORK HERE: compare processor times; rates and latencies say little"]
            if busy else [])


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, prog="run.sh",
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, help="folder with the programs")
    parser.add_argument("--quick", action="store_true", help="100,000 cases, windows of 8 s")
    parser.add_argument("--cases", type=int, help="open cases of all teams (1000000)")
    parser.add_argument("--seconds", type=int, help="of each window (300)")
    parser.add_argument("--only", action="append", choices=PARTS,
                        help="a part; may be repeated")
    parser.add_argument("--json", metavar="FILE", help="the figures, too (- for the output alone)")
    parser.add_argument("--folder", help="on the disk to be measured (default: TMPDIR)")
    options = parser.parse_args()
    options.cases = options.cases or (100000 if options.quick else 1000000)
    options.seconds = options.seconds or (8 if options.quick else 300)
    options.warmup = 2 if options.quick else 20
    options.slices = 1
    options.give_up = 15 if options.quick else 600
    return options


def main():
    options = arguments()
    machine.end_cleanly()
    few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(few, min(most, 20000)), most))
    folder = tempfile.mkdtemp(prefix="signoff-bench-", dir=options.folder)
    lines = head(options)
    try:
        run = Run(options, folder)
        run.sheet.head = lines
        run.all()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if options.json != "-":
        run.sheet.print()
    if options.json:
        said = json.dumps({"head": lines, "targets": list(run.sheet.lines()),
                           "windows": run.windows}, indent=1)
        if options.json == "-":
            print(said)
        else:
            with open(options.json, "w", encoding="utf-8") as f:
                f.write(said + "\n")
    if run.sheet.refused or run.failed:
        sys.exit("\n".join(["failed: " + said for said in run.failed] or
                           ["%d values were refused" % len(run.sheet.refused)]))


if __name__ == "__main__":
    main()
