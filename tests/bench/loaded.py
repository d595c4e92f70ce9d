# SPDX-License-Identifier: Apache-2.0
"""A server on a copy of a prepared site, what is fired at it, and what a window of that says."""
import contextlib
import json
import os
import signal
import subprocess
import sys

import judge
import machine
from prepared import signoff

# Of the store's counters (admin.stats), those that a window is the difference of.
COUNTED = ("entries", "commits", "log_pages", "checkpoints", "checkpoint_pages", "merges",
           "merged_cases")
PAGE, FRAME = 4096, 4120  # bytes of a page in the file, and in the log


class Loaded:
    """The server; window() fires at it and gives the figures of the measured part."""

    def __init__(self, prepared, folder, environment=None):
        self.prepared, self.folder = prepared, folder
        self.site = prepared.copy(folder)
        self.environment = environment
        self.server, self.operator = None, None

    def start(self):
        self.server = signoff.Server(self.site, self.prepared.program)
        self.server.environment = self.environment
        self.server.start()
        self.operator = self.server.client("operator")
        return self

    @property
    def pid(self):
        return self.server.process.pid

    def stop(self):
        if self.operator is not None:
            self.operator.close()
        self.server.stop()

    def kill(self):
        if self.server is not None:
            self.server.kill()

    @contextlib.contextmanager
    def at_rest(self):
        """It stands still, so that it puts nothing off to a moment that nobody measures."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def stats(self):
        return self.operator.call("admin.stats")

    def sample(self):
        """All that is counted, at this moment."""
        stats = self.stats()
        store = {name: stats["store"][name] for name in COUNTED if name in stats["store"]}
        device, flushes = machine.device(self.folder)
        return {**store, "batches": stats["engine"]["batches"], "fired": stats["engine"]["fired"],
                "written": machine.written(self.pid), "device": device, "flushes": flushes}

    def load(self, options, names=None):
        """The load generator at work; names: of the teams (all)."""
        names = names or self.prepared.names
        command = [self.prepared.generator, "--port", str(self.server.port), "--pid",
                   str(self.pid), "--marks", "--json"]
        for name, value in options.items():
            command += ["--" + name] if value is True else ["--" + name, str(value)]
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, SIGNOFF_TOKEN=" ".join(self.prepared.tokens[n] for n in names)))

    def window(self, form, seconds, warmup, rate=0):
        """Fires as the form says. The counters are read when the measured part begins and ends."""
        options, names = form.options(self.prepared, rate), form.names(self.prepared)
        running = self.load({**options, "seconds": seconds, "warmup": warmup}, names)
        try:
            await_mark(running, "measuring")
            before = self.sample()
            await_mark(running, "measured")
            after = self.sample()
            said = running.stdout.read()  # what was read ahead of a mark, too
            running.wait()
        finally:
            running.kill()
            running.wait()
        if running.returncode != 0:
            sys.exit("signoff-load: %s failed: %s" % (" ".join(running.args[3:]), said))
        row = {name: after[name] - before[name] for name in before}
        row.update(json.loads(said))
        row["memory"] = machine.memory(self.pid)
        return row


def await_mark(running, mark):
    line = running.stdout.readline().strip()
    if line != mark:
        running.wait()
        sys.exit("signoff-load: %s instead of %r; %s" % (line or "nothing", mark,
                                                         " ".join(running.args[3:])))


class Form:
    """How one window is fired at: one row of FORMS."""

    def __init__(self, connections, depth, workflow="flip", uniform=False):
        self.connections, self.depth = connections, depth
        self.workflow, self.uniform = workflow, uniform

    def names(self, prepared):
        names = prepared.names
        if self.workflow == "flip_lua":
            names = names[:prepared.lua_teams]
        return names[:1] if self.connections == 1 else names

    def options(self, prepared, rate):
        lua = self.workflow == "flip_lua"
        teams = len(self.names(prepared))
        said = {"connections": max(1, self.connections // teams) * teams, "depth": self.depth,
                "key": "BL" if lua else "BN",
                "cases": prepared.lua_cases if lua else prepared.of_team}
        if not self.uniform and not lua:
            said["set"] = prepared.set // prepared.teams * teams
        if rate:
            said["rate"] = rate
        return said


FORMS = {
    "unpipelined": Form(200, 1),
    "pipelined": Form(100, 16),
    "uniform": Form(100, 16, uniform=True),
    "open-loop": Form(200, 8),
    "alone": Form(1, 1),
    "lua-unpipelined": Form(200, 1, "flip_lua"),
    "lua-pipelined": Form(100, 16, "flip_lua"),
}


def together(windows):
    """Several windows of one form as one: sums, and the worst latency of each."""
    whole = dict(windows[0])
    for window in windows[1:]:
        for name, value in window.items():
            if name in ("p50", "p99", "p999", "max", "memory"):
                whole[name] = max(whole[name], value)
            elif name != "asked":
                whole[name] += value
    return figures(whole)


def figures(window):
    """The rates beside the counts."""
    n = max(1, window["answers"])
    window["rate"] = window["answers"] / window["seconds"]
    window["us"] = window["cpu_us"] / n
    # What the system counts for the process is too much where the files' pages lie together in
    # memory (Linux 6.16 and later, ext4): a page that is written counts for all of them.
    window["bytes"] = (window["log_pages"] * FRAME + window["checkpoint_pages"] * PAGE
                       if "log_pages" in window else window["written"]) / n
    window["batch"] = window["entries"] / max(1, window["commits"])
    window["refused"] = judge.window(window)
    return window
