#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""One, two and three servers on one PostgreSQL, and beside them, in turn and on the same
PostgreSQL, a bare libpq program that writes the same rows in the same batches under the same lock
of the team's head. Starts everything itself. Prints a line for each window, then the medians and
what they say.

    nodes.py --build build/release             # about 12 minutes
    nodes.py --build build/release --quick     # a look: short windows, once
"""
import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"),
                os.path.join(HERE, "..", "..", "examples", "helpdesk")]
import signoff  # noqa: E402
from machine import stat  # noqa: E402
from postgres import Postgres  # noqa: E402
from prepared import find, make_people, write_teams  # noqa: E402

CONNECTIONS = 4  # of a node that write, as [store] connections has it by itself


class Site:
    """Nodes 0, 1, ... on one database, each with the same teams."""

    def __init__(self, options, postgres):
        self.options, self.postgres = options, postgres
        self.folder = tempfile.mkdtemp(prefix="signoff-nodes-", dir=options.folder)
        self.program = find(options.build, "signoff")
        self.generator = find(options.build, "signoff-load")
        self.bare_program = find(options.build, "signoff-pg-bare")
        self.teams = ["team-%d" % i for i in range(options.teams)]
        self.nodes, self.tokens = [], {}
        with open(os.path.join(postgres.data, "postmaster.pid"), encoding="ascii") as f:
            self.postmaster = int(f.readline())

    def begin(self):
        for name in ("nodes", "bare"):
            self.postgres.sql("CREATE DATABASE %s OWNER signoff" % name)
        for i in range(max(self.options.nodes)):
            node = signoff.Server(os.path.join(self.folder, "n%d" % i), self.program)
            if i == 0:
                self.lay_out(node)
            else:
                shutil.copytree(self.nodes[0].site, node.site, ignore=shutil.ignore_patterns(
                    "data", "*.sock", "server.log"))
            self.nodes.append(node.start())
        self.tokens = make_people(self.nodes[0], self.teams)
        self.load([(self.nodes[0], self.teams)], "--open")

    def lay_out(self, node):
        node.init()
        write_teams(node.site, self.teams)
        with open(os.path.join(node.site, "signoff.ini"), "a", encoding="utf-8") as ini:
            ini.write("\n[store]\nurl = %s\n" % self.postgres.url("nodes"))

    def end(self):
        for node in self.nodes:
            if node.process is not None and node.process.poll() is None:
                node.stop()
            node.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- figures ----

    def database_cpu(self):
        """Of the database's processes, those that have ended too."""
        _, own, ended = stat(self.postmaster)
        total = own + ended
        for name in os.listdir("/proc"):
            if name.isdigit():
                parent, used, _ = stat(int(name))
                total += used if parent == self.postmaster else 0.0
        return total

    def batches(self):
        total = 0
        for node in self.nodes:
            with node.client("operator") as operator:
                total += operator.call("admin.stats")["engine"]["batches"]
        return total

    def load(self, shares, *more):
        """shares: (node, its teams). The load generators' outputs."""
        running = []
        for node, teams in shares:
            n = len(teams) * self.options.connections
            if len(teams) == 1:
                n *= 4
            running.append(subprocess.Popen(
                [self.generator, "--port", str(node.port), "--pid", str(node.process.pid),
                 "--cases", str(self.options.cases), "--connections", str(n),
                 "--depth", str(self.options.depth), *more],
                stdout=subprocess.PIPE, text=True,
                env=dict(os.environ, SIGNOFF_TOKEN=" ".join(self.tokens[t] for t in teams))))
        said = [one.communicate()[0] for one in running]
        if any(one.returncode != 0 for one in running):
            sys.exit("signoff-load: %s" % said)
        return said

    def shares(self, n, teams):
        """The teams over the first n nodes; one team alone is on all of them."""
        if len(teams) == 1:
            return [(node, teams) for node in self.nodes[:n]]
        return [(self.nodes[i], teams[i::n]) for i in range(n)]

    def window(self, n, teams):
        options = self.options
        shares = self.shares(n, teams)
        cpu, batches, begun = self.database_cpu(), self.batches(), time.monotonic()
        said = self.load(shares, "--seconds", str(options.seconds), "--warmup", "1")
        took = time.monotonic() - begun
        cpu, batches = self.database_cpu() - cpu, self.batches() - batches
        answers, server, p99 = 0, 0.0, []
        for text in said:
            found = re.search(r"p99 ([\d.]+) .*\((\d+) answers.*server CPU ([\d.]+) us", text)
            p99.append(float(found.group(1)))
            answers += int(found.group(2))
            server += float(found.group(3)) * int(found.group(2))
        rate = answers / options.seconds
        # The warm-up is in the database's share and in the batches: by rate, not by answers.
        all_of_it = max(1.0, rate * took)
        return {"rate": rate, "server": server / max(1, answers), "p99": max(p99),
                "database": cpu / all_of_it * 1e6, "batch": all_of_it / max(1, batches)}

    def bare(self, connections, batch, teams):
        options = self.options
        command = [self.bare_program, self.postgres.url("bare"), str(teams),
                   str(max(options.cases, batch)), str(batch), str(min(connections, teams)),
                   str(options.seconds), "bare"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        # It prints when its window is over; the database's share is taken between two looks at it.
        cpu, seen = self.database_cpu(), time.monotonic()
        marks = [(seen, cpu)]
        while process.poll() is None:
            time.sleep(0.2)
            marks.append((time.monotonic(), self.database_cpu()))
        said = process.stdout.read()
        found = re.search(r"(\d+) transitions/s +([\d.]+) us", said)
        if process.returncode != 0 or found is None:
            sys.exit("signoff-pg-bare: %s" % said)
        rate = float(found.group(1))
        last, cpu = marks[max(0, len(marks) - 2)]  # when its connections were still there
        first, before = min(marks, key=lambda m: abs(last - m[0] - options.seconds * 0.8))
        return {"rate": rate, "server": float(found.group(2)), "batch": batch, "p99": 0.0,
                "database": (cpu - before) / max(0.1, last - first) / rate * 1e6}

    # ---- take-over ----

    def take_over(self, how):
        """A node ends under load: how long until all its teams are written by another one."""
        here, there = self.nodes[-1], self.nodes[0]
        load = subprocess.Popen(
            [self.generator, "--port", str(here.port), "--cases", str(self.options.cases),
             "--connections", str(len(self.teams)), "--depth", "16", "--seconds", "60",
             "--warmup", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=dict(os.environ, SIGNOFF_TOKEN=" ".join(self.tokens[t] for t in self.teams)))
        desks = [there.connect(self.tokens[team]) for team in self.teams]
        time.sleep(2)  # it is at work
        os.kill(here.process.pid, how)
        begun = time.monotonic()
        for desk in desks:
            desk.send("case.fire", {"case": "BN-1", "event": "flip",
                                    "data": {"amount": 1, "memo": "taken over"}})
            desk.flush()
        for desk in desks:
            answer = desk.receive()
            assert "result" in answer, answer
        took = time.monotonic() - begun
        for desk in desks:
            desk.close()
        load.kill()
        load.wait()
        return took

    def verify(self):
        """All entries of all teams: numbers without a gap, chains, cases as their entries say."""
        for node in self.nodes:
            if node.process.poll() is None:
                node.stop()
        done = subprocess.run([self.program, "verify", self.nodes[0].site], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            sys.exit("verify: %s" % done.stdout)


def median(rows, name):
    return statistics.median(row[name] for row in rows)


def line(what, row):
    print("%-34s %7.0f /s  %6.1f us  database %6.1f us  batch %5.1f%s" % (
        what, row["rate"], row["server"], row["database"], row["batch"],
        "  p99 %.1f ms" % row["p99"] if row["p99"] else ""), flush=True)


def measure(site, options):
    kept = {}
    for again in range(options.rounds):
        for teams in ([options.teams, 1] if options.one_team else [options.teams]):
            for n in options.nodes:
                row = site.window(n, site.teams[:teams])
                key = (teams, n)
                what = "%d node%s, %d team%s" % (n, "s"[:n > 1], teams, "s"[:teams > 1])
                line(what, row)
                kept.setdefault(key, ([], []))[0].append(row)
                batch = max(1, min(1024, round(row["batch"])))
                row = site.bare(CONNECTIONS * n, batch, teams)
                line("  bare, %d connections" % min(CONNECTIONS * n, teams), row)
                kept[key][1].append(row)
    return kept


def tell(kept, options):
    print("\nmedians of %d windows of %d s" % (options.rounds, options.seconds))
    for (teams, n), (ours, bare) in sorted(kept.items(), key=lambda one: (-one[0][0], one[0][1])):
        print("%d node%s, %2d team%s: %7.0f /s, %.1f us a transition, %.1f us of the database; "
              "bare %7.0f /s, %.1f and %.1f us; ratio %.2f" % (
                  n, "s"[:n > 1] or " ", teams, "s"[:teams > 1] or " ", median(ours, "rate"),
                  median(ours, "server"), median(ours, "database"), median(bare, "rate"),
                  median(bare, "server"), median(bare, "database"),
                  median(ours, "rate") / median(bare, "rate")))
    one, two = kept.get((options.teams, 1)), kept.get((options.teams, 2))
    if one is not None and two is not None:
        more = median(two[0], "rate") / median(one[0], "rate")
        print("two nodes carry %.2f times what one does" % more)
        return more > 1
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--build", required=True, help="folder with the programs")
    parser.add_argument("--seconds", type=int, default=30, help="of each window")
    parser.add_argument("--rounds", type=int, default=3, help="windows of each kind, in turn")
    parser.add_argument("--teams", type=int, default=16)
    parser.add_argument("--cases", type=int, default=1000, help="of each team")
    parser.add_argument("--connections", type=int, default=2, help="of clients, for each team")
    parser.add_argument("--depth", type=int, default=32, help="requests in flight on each")
    parser.add_argument("--nodes", type=lambda text: [int(n) for n in text.split(",")],
                        default=[1, 2, 3], help="how many, as 1,2,3")
    parser.add_argument("--no-one-team", dest="one_team", action="store_false")
    parser.add_argument("--folder", help="on the disk to be measured (default: TMPDIR)")
    parser.add_argument("--quick", action="store_true", help="windows of 4 s, once, 200 cases")
    options = parser.parse_args()
    if options.quick:
        options.seconds, options.rounds, options.cases = 4, 1, 200
    if options.folder:
        tempfile.tempdir = options.folder
    with Postgres(durable=True, settings={"shared_buffers": "'256MB'", "max_wal_size": "'4GB'",
                                          "max_connections": "100"}) as postgres:
        site = Site(options, postgres)
        try:
            site.begin()
            more = tell(measure(site, options), options)
            if len(site.nodes) > 1:
                print("killed under load: all its teams written by another node after %.2f s" %
                      site.take_over(signal.SIGKILL), flush=True)
            site.verify()
            print("verified", flush=True)
        finally:
            site.end()
    if not more:
        sys.exit("two nodes carry no more than one")


if __name__ == "__main__":
    main()
