# SPDX-License-Identifier: Apache-2.0
"""Several nodes on one PostgreSQL: the database, a proxy that cuts between it and each node, and
the nodes, each with a folder of its own."""
import datetime
import os
import shutil
import signal
import struct
import subprocess
import time

from mortal import HERE, Mortal
from postgres import Postgres

PROJECT = "rounds"
TEAMS = ("amber", "blue", "coral", "dusk")
VOTERS = ("an", "bo", "cy")
LEAD = "li"
GUEST = "dee"  # comes and goes as a seer, by which a sweep is begun
MAX_CONNECTIONS = "100"


class Proxy:
    """cut_proxy, in front of the database for one node."""

    def __init__(self, program, port):
        self.process = subprocess.Popen([program, str(port)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def say(self, word):
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def cuts(self):
        self.say("cuts")
        return int(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Node(Mortal):
    """One node. Its own clock may be wrong by `shift` seconds."""

    def __init__(self, cluster, number):
        super().__init__(os.path.join(cluster.folder, "node-%d" % number), cluster.program)
        self.number, self.shift, self.paused = number, 0, False
        self.proxy = Proxy(cluster.proxy_program, cluster.postgres.port)
        self.wanted = False  # it is to run: whoever finds it ended starts it again
        self.leaving = False  # it was asked to end
        self.buried = True   # whoever looks after it knows that it has ended
        self.clock_library = cluster.clock_library
        self.clock_path = self.site + ".clock"
        with open(self.clock_path, "wb") as out:
            out.write(bytes(8))

    def preloaded(self):
        return {"LD_PRELOAD": self.clock_library, "SIGNOFF_CLOCK_SHIFT": self.clock_path}

    def shift_clock(self, seconds):
        """Also of a node that runs: its clock jumps."""
        self.shift = seconds
        with open(self.clock_path, "r+b") as out:  # mapped by the node
            out.write(struct.pack("q", seconds))

    def spawn(self):
        self.port, self.leaving, self.buried = None, False, False
        super().spawn()

    def kill(self):
        self.wanted, self.paused = False, False
        super().kill()
        self.port = None

    def leave(self):
        """Asks it to end; it may go on for a while."""
        self.wanted, self.leaving, self.port = False, True, None
        if self.runs():
            self.process.send_signal(signal.SIGTERM)

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)
        self.paused = True

    def resume(self):
        if self.paused:
            self.process.send_signal(signal.SIGCONT)
            self.paused = False

    def runs(self):
        return self.process is not None and self.process.poll() is None


class Cluster:
    """with Cluster(options, folder, teams, nodes) as cluster: all nodes listen."""

    def __init__(self, options, folder, teams, nodes):
        self.program = options.signoff
        self.proxy_program = os.path.join(options.tools, "cut_proxy")
        self.clock_library = os.path.join(options.tools, "shift_clock.so")
        self.folder, self.teams = folder, teams
        self.postgres = Postgres(settings={"max_connections": MAX_CONNECTIONS})
        self.nodes, self.tokens, self.n_nodes = [], {}, nodes
        self.serving = False  # the database

    def __enter__(self):
        try:
            self.postgres.__enter__()
            self.serving = True
            self.nodes = [Node(self, n) for n in range(self.n_nodes)]
            self.prepare()
            for node in self.nodes[1:]:
                self.copy_site(node)
            for node in self.nodes:
                self.start(node)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        for node in self.nodes:
            node.kill()
            node.proxy.close()
        self.postgres.__exit__()

    # ---- the site ----

    def prepare(self):
        """The first node makes teams, people and projects, and ends."""
        first = self.nodes[0]
        first.init()
        now = datetime.datetime.now(datetime.timezone.utc)
        for team in self.teams:
            place = os.path.join(first.site, "teams", team)
            shutil.copytree(os.path.join(HERE, "team"), place)
            shutil.copytree(os.path.join(HERE, "team_nodes"), place, dirs_exist_ok=True)
            with open(os.path.join(place, "team.lua"), "w", encoding="utf-8") as out:
                out.write(team_lua(team, now))
        self.name_store(first)
        self.start(first)
        with first.client("operator") as operator:
            for team in self.teams:
                self.tokens[team] = self.people_of(operator, team)
        for team in self.teams:
            with first.connect(self.tokens[team][LEAD]) as lead:
                make_project(lead)
        if first.stop() != 0:
            raise RuntimeError("the first node does not end as it should:\n" + first.log())

    @staticmethod
    def people_of(operator, team):
        tokens = {}
        for person in (LEAD, GUEST) + VOTERS:
            operator.call("person.create", team=team, person=person, title=person,
                          lead=person == LEAD)
            tokens[person] = operator.call("token.create", team=team, person=person,
                                           name="rounds")["token"]
        return tokens

    def name_store(self, node):
        """In the node's settings, through its proxy."""
        url = self.postgres.url().replace(":%d/" % self.postgres.port, ":%d/" % node.proxy.port)
        path = os.path.join(node.site, "signoff.ini")
        with open(path, encoding="utf-8") as ini:
            text = ini.read().split("\n[store]\nurl = postgres")[0]
        with open(path, "w", encoding="utf-8") as ini:
            ini.write(text + "\n[store]\nurl = %s\n" % url)

    def copy_site(self, node):
        """The same rules and keys as the first node's, in a folder of its own."""
        shutil.copytree(self.nodes[0].site, node.site, ignore=shutil.ignore_patterns(
            "*.log", "*.sock", "lock", "init.json"))
        self.name_store(node)

    # ---- nodes that come and go ----

    def start(self, node):
        node.wanted = True
        node.spawn()
        if not node.listening():
            raise RuntimeError("node %d does not start:\n%s" % (node.number, node.log()[-4000:]))

    def listening(self):
        """Those that a client would try."""
        return [node for node in self.nodes if node.port is not None]

    # ---- the database ----

    def stop_database(self):
        self.serving = False
        self.postgres.stop("immediate")

    def start_database(self):
        self.postgres.start()
        self.serving = True

    def database_ready(self, seconds):
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            try:
                return self.postgres.sql("SELECT 1") == "1"
            except RuntimeError:
                time.sleep(0.05)
        return False


def team_lua(team, now):
    """One schedule for each of the coming hours: every minute of it."""
    hours = [(now + datetime.timedelta(hours=h)).hour for h in range(4)]
    minutes = ",".join(str(m) for m in range(60))
    every = "".join('  every "RRULE:FREQ=DAILY;BYHOUR=%d;BYMINUTE=%s" { name = "hour-%d", '
                    'missed = "all", start "note" { for_each = "open project" } },\n'
                    % (hour, minutes, hour) for hour in hours)
    return ('-- SPDX-License-Identifier: Apache-2.0\nreturn team "%s" {\n'
            '  title = "Campaign", timezone = "UTC", currency = "EUR",\n'
            '  use "job", use "note", use "watch",\n%s}\n' % (team, every))


def make_project(lead):
    lead.call("project.create", project=PROJECT, title="Campaign")
    for person in (LEAD,) + VOTERS:
        lead.call("project.member.add", project=PROJECT, person=person, role="agent")
    for person in VOTERS:
        lead.call("project.member.add", project=PROJECT, person=person, role="voter")
        lead.call("project.member.add", project=PROJECT, person=person, role="seer")
