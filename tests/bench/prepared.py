# SPDX-License-Identifier: Apache-2.0
"""Sites with many open cases, made once and kept: a run works on a copy.

They are made as any client would make them, by the protocol, with many connections that send
without waiting. The folder's name says what is in it; a new schema of the store gets a new one."""
import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "examples", "helpdesk"))
import signoff  # noqa: E402

TEAMS = 100      # of the reference load
SET = 50000      # cases that are worked on, of all teams
LUA_TEAMS = 20   # with a rules process each; the server keeps 32 of them
BEGUN = ".begun"


def find(build, name):
    """A program that was built."""
    for folder, _, files in os.walk(build):
        if name in files and os.access(os.path.join(folder, name), os.X_OK):
            return os.path.join(folder, name)
    sys.exit("%s: no %s there; build it first" % (build, name))


def schema():
    """Of the store, as its header says."""
    with open(os.path.join(HERE, "..", "..", "engine", "store", "store.h"),
              encoding="utf-8") as f:
        return int(re.search(r"^#define STORE_SCHEMA\s+(\d+)", f.read(), re.M).group(1))


def write_teams(site, names):
    """The folders of the teams, each with the workflows of the benchmark."""
    for name in names:
        folder = os.path.join(site, "teams", name)
        shutil.copytree(os.path.join(HERE, "team"), folder)
        path = os.path.join(folder, "team.lua")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace('team "bench"', 'team "%s"' % name))


def make_people(server, names):
    """In each team its one project and the account that fires; gives {team: its token}."""
    tokens = {}
    with server.client("operator") as operator:
        for name in names:
            operator.call("person.create", team=name, person="desk", title="Desk", lead=True)
            tokens[name] = operator.call("token.create", team=name, person="desk",
                                         name="load")["token"]
    for name in names:
        with server.connect(tokens[name]) as desk:
            desk.call("project.create", project="bench", title="Benchmark")
            desk.call("project.member.add", project="bench", person="desk", role="agent")
    return tokens


def mean_length(db, table, column=None):
    columns = [column] if column else [
        row[1] for row in db.execute("SELECT * FROM pragma_table_info(?)", (table,))]
    length = " + ".join("ifnull(length(CAST(\"%s\" AS BLOB)), 0)" % name for name in columns)
    return round(db.execute("SELECT avg(%s) FROM (SELECT * FROM %s ORDER BY id DESC LIMIT 1000)" %
                            (length, table)).fetchone()[0])


class Prepared:
    """A site that is ready: its folder, its tokens, and how many cases are in it."""

    def __init__(self, build, folder, cases, teams=TEAMS):
        self.program, self.generator = find(build, "signoff"), find(build, "signoff-load")
        self.cases, self.teams = cases, teams
        self.of_team = cases // teams
        self.set = min(SET, cases) // teams * teams
        self.lua_teams = min(LUA_TEAMS, teams)
        self.lua_cases = max(1, self.set // self.lua_teams)  # of each of them
        self.names = ["team-%d" % i for i in range(teams)]
        self.place = os.path.join(folder, "site-%d-%d-schema%d" % (cases, teams, schema()))
        self.tokens = {}

    def ready(self, say=print):
        """Makes it, when that was not done before."""
        tokens = os.path.join(self.place, "tokens.json")
        if not os.path.exists(tokens):
            say("preparing %s open cases in %s (once)" % (format(self.cases, ","), self.place))
            self.make(say)
        with open(tokens, encoding="ascii") as f:
            self.tokens = json.load(f)
        return self

    def make(self, say):
        begun = self.place + BEGUN
        shutil.rmtree(begun, ignore_errors=True)
        os.makedirs(os.path.dirname(begun), exist_ok=True)
        server = signoff.Server(begun, self.program)
        try:
            server.init()
            write_teams(begun, self.names)
            tokens = make_people(server.start(), self.names)
            for workflow, names, cases in (("flip", self.names, self.of_team),
                                           ("flip_lua", self.names[:self.lua_teams],
                                            self.lua_cases)):
                say("  %s: %s" % (workflow, self.run_load(
                    server, [tokens[name] for name in names], "--open", "--workflow", workflow,
                    "--cases", str(cases), "--depth", "64")))
            # Some transitions, so that it can be seen how long their rows are.
            self.run_load(server, list(tokens.values()), "--cases", str(self.of_team),
                          "--seconds", "1", "--warmup", "0")
            server.stop()
        finally:
            server.kill()
        os.remove(server.log_path)
        with open(os.path.join(begun, "tokens.json"), "w", encoding="ascii") as f:
            json.dump(tokens, f)
        os.rename(begun, self.place)

    def run_load(self, server, tokens, *more):
        done = subprocess.run(
            [self.generator, "--port", str(server.port), "--connections", str(len(tokens)), *more],
            stdout=subprocess.PIPE, text=True, check=False,
            env=dict(os.environ, SIGNOFF_TOKEN=" ".join(tokens)))
        if done.returncode != 0:
            sys.exit("signoff-load %s: %s" % (" ".join(more), done.stdout))
        return done.stdout.strip()

    def lengths(self):
        """Bytes in the columns of an entry and of a case's row, and of its document alone: means
        of the last thousand. What the bare programs write, and what memory is compared with."""
        path = os.path.join(self.place, "data", "signoff.db")
        with contextlib.closing(sqlite3.connect("file:%s?immutable=1" % path, uri=True)) as db:
            return {"entry": mean_length(db, "entry"), "case": mean_length(db, "case_"),
                    "document": mean_length(db, "case_", "document")}

    def size(self):
        return sum(os.path.getsize(os.path.join(folder, name))
                   for folder, _, files in os.walk(self.place) for name in files)

    def copy(self, folder):
        """A site to work on, in an empty folder on the disk that is measured."""
        room = shutil.disk_usage(folder).free
        need = self.size() * 3 // 2
        if room < need:
            sys.exit("%s: %d MB are free, a run on %s cases needs %d" % (
                folder, room >> 20, format(self.cases, ","), need >> 20))
        place = os.path.join(folder, "site-%d" % self.cases)
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.place, place)
        return place
