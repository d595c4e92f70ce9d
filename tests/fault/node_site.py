# SPDX-License-Identifier: Apache-2.0
"""One database with its nodes: clients and watchers of several teams, faults, and the judges."""
import json
import os
import subprocess
import threading
import time

import load
import node_faults
import node_load
from at_rest import AtRest
from cluster import LEAD, TEAMS, VOTERS, Cluster
from node_judge import NodeJudge
from node_planted import plant_all

FAULTS_OF_A_PHASE = 10   # between two times of rest, at which all is compared
SETTLE_SECONDS = 60      # for the answers, and for what the watchers have not seen yet
SWEEP_SECONDS = 20       # for a sweep to be over, at the end
PACE = 0.05              # seconds between two answers that a client takes
TAKE_OVER_MS = 2000
ALLOWED_MS = 1500        # more, for each processor's load: the machine does other things, too


def load_of_a_processor():
    return max(1.0, os.getloadavg()[0] / os.cpu_count())


class Found(Exception):
    """Something is wrong; what it is was said."""


class Team:
    """Clients, watchers and the judge of one team."""

    def __init__(self, site, name):
        cluster, rng = site.cluster, site.rng_of(name)
        self.name, self.world = name, node_load.World(name)
        self.judge = NodeJudge(lambda kind, text: site.said.append((kind, "%s: %s" % (name, text))))
        self.commands = []  # all that were answered
        self.clients = [node_load.Client(cluster, self.world, person, PACE) for person in VOTERS]
        self.clients.append(node_load.Lead(cluster, self.world, LEAD, PACE))
        token = cluster.tokens[name][LEAD]
        self.watchers = [node_load.Watcher(cluster, self.world, token, node,
                                           site.rng_of(name, node and node.number))
                         for node in cluster.nodes + [None]]
        self.following = [threading.Thread(target=watcher.follow, daemon=True)
                          for watcher in self.watchers]
        self.working, self.rng = [], rng
        for thread in self.following:
            thread.start()

    def begin(self, over):
        for client in self.clients:
            words = load.round_rng(self.rng.random(), client.person)
            self.working.append(threading.Thread(target=client.work, args=(over, words),
                                                 daemon=True))
            self.working[-1].start()

    def end(self):
        """False: somebody waits for an answer that does not come."""
        give_up = time.monotonic() + SETTLE_SECONDS
        for thread in self.working:
            thread.join(max(0, give_up - time.monotonic()))
        waits = any(thread.is_alive() for thread in self.working)
        self.working = []
        return not waits

    def close(self):
        for watcher in self.watchers:
            watcher.end()
        for thread in self.following:
            thread.join(5)


class NodeSite:
    """with NodeSite(...) as site: site.run(faults)"""

    def __init__(self, options, number, folder, totals):
        self.options, self.number, self.totals = options, number, totals
        self.folder = os.path.join(folder, "site-%d" % number)
        os.mkdir(self.folder)
        self.said, self.teams = [], []
        self.takes, self.lateness, self.waits = [], [], []  # milliseconds
        self.cluster = Cluster(options, self.folder, TEAMS[:options.teams], options.nodes)
        self.injector, self.kills = None, []

    def __enter__(self):
        self.cluster.__enter__()
        self.injector = node_faults.Injector(self.cluster, self.say)
        try:
            self.teams = [Team(self, name) for name in self.cluster.teams]
        except BaseException:
            self.cluster.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        for team in self.teams:
            team.close()
            self.count(team)
            if self.said:
                self.keep(team)
        for node in self.cluster.nodes:
            self.totals["cuts"] += node.proxy.cuts()
        self.totals["endings"] += self.injector.endings
        self.cluster.__exit__()

    def keep(self, team):
        """All entries, one a line, for whoever looks at what was found."""
        with open(os.path.join(self.folder, team.name + ".entries"), "w", encoding="utf-8") as out:
            for entry in team.world.entries:
                out.write(json.dumps(entry) + "\n")

    def rng_of(self, *words):
        return load.round_rng(self.options.seed, self.number, *words)

    def say(self, kind, text):
        self.said.append((kind, text))

    # ---- load and faults ----

    def run(self, faults):
        rng = self.rng_of("faults")
        while faults > 0:
            faults -= self.phase(rng, min(faults, FAULTS_OF_A_PHASE))
        self.finish()

    def phase(self, rng, most):
        over, n = threading.Event(), 0
        for team in self.teams:
            team.begin(over)
        try:
            self.injector.rest(rng.uniform(0.5, 1.5))
            while n < most:
                n += self.inject(node_faults.choose(rng, self.cluster.nodes, self.options.kinds))
                self.injector.rest(rng.uniform(0.1, 1.0))
        finally:
            over.set()
        self.settle()
        self.check()
        return n

    def inject(self, faults):
        if self.options.verbose:
            print("  %s  %s" % (time.strftime("%H:%M:%S"), " and ".join(map(str, faults))), flush=True)
        alone = len(faults) == 1 and faults[0].kind == "kill" and len(self.cluster.nodes) > 1
        came_back = self.injector.inject(faults)
        if alone:
            self.kills.append((faults[0].begun, time.time()))
        for fault in faults:
            self.totals[fault.kind] += 1
        self.totals["faults"] += len(faults)
        self.totals["pairs"] += len(faults) == 2
        if not came_back or self.said:
            raise Found
        return len(faults)

    def settle(self):
        for team in self.teams:
            if not team.end():
                self.say("lost", "%s: a client waits for an answer that does not come" % team.name)
                raise Found

    # ---- at rest ----

    def head(self, team):
        return int(self.cluster.postgres.sql("SELECT seq FROM signoff.head WHERE team = '%s'" % team.name,
                                             "signoff"))

    def check(self):
        """All was answered: what was told must be there, and nothing else."""
        for team in self.teams:
            self.watched(team)
            self.take_in(team)
            for client in team.clients:
                self.claim(team, client)
            team.judge.all_claimed()
        self.look_at_takes()
        if self.said:
            raise Found

    def take_in(self, team):
        """What the watchers of the team have seen until now."""
        for n in range(len(team.judge.entries), len(team.world.entries)):
            team.judge.saw(team.world.entries[n], team.world.arrived[n])
        self.said += team.world.faults
        for watcher in team.watchers:
            self.said += watcher.faults
        if self.said:
            raise Found

    def watched(self, team):
        """The watchers of every node see all that is there by now."""
        head, give_up = self.head(team), time.monotonic() + SETTLE_SECONDS
        for watcher in team.watchers:
            while watcher.next <= head and time.monotonic() < give_up:
                time.sleep(0.01)
            if watcher.next <= head:
                self.say("watch", "%s: the last entry is %d; %s stands at %d"
                         % (team.name, head, watcher, watcher.next - 1))

    def claim(self, team, client):
        for command in client.answered:
            team.judge.claim(command)
            team.commands.append(command)
            self.totals["refused" if command.error else "acknowledged"] += 1
            self.totals["repeated"] += command.sends > 1
        client.answered = []
        self.said += client.faults

    def look_at_takes(self):
        """A kill with nothing else: how long the team's effects stood still."""
        for begun, ended in self.kills:
            for team in self.teams:
                took = team.judge.take_over(begun)
                if took is None or begun * 1000 + took > ended * 1000:
                    continue  # the node was back before anybody was missed
                self.takes.append(took)
                if took > TAKE_OVER_MS + ALLOWED_MS * load_of_a_processor():
                    self.say("take-over", "%s: effects stood still for %d ms after a kill"
                             % (team.name, took))
        self.kills = []

    # ---- the end ----

    def finish(self):
        """Everything comes to rest, and is looked at once more."""
        for team in self.teams:
            self.look(team)
        self.stop()
        self.verify()
        for team in self.teams:
            self.look_at_requests(team)
        self.plant(self.teams[self.number % len(self.teams)])
        if self.said:
            raise Found

    def look(self, team):
        rng = self.rng_of("end", team.name)
        at_rest = AtRest(team.judge, lambda: self.take_in(team),
                         lambda kind, text: self.say(kind, "%s: %s" % (team.name, text)), False)
        at_rest.effects()
        self.look_at_sweeps(team)
        with rng.choice(self.cluster.nodes).connect(team.clients[-1].token) as lead:
            at_rest.cases(lead)
        for client in team.clients[:len(VOTERS)]:
            with rng.choice(self.cluster.nodes).connect(client.token) as connection:
                at_rest.messages(connection, client.person)

    def look_at_sweeps(self, team):
        give_up = time.monotonic() + SWEEP_SECONDS
        while team.judge.unswept() and time.monotonic() < give_up:
            time.sleep(0.05)
            self.take_in(team)
        for text in team.judge.unswept():
            self.say("sweep", "%s: %s" % (team.name, text))

    def plant(self, team):
        """Would the judge have found it?"""
        planted, missed = plant_all(team.world.entries, team.world.arrived, team.commands)
        self.totals["planted"] += planted
        for text in missed:
            self.say("judge", "%s: %s" % (team.name, text))

    def stop(self):
        for team in self.teams:
            team.close()
        for node in self.cluster.nodes:
            node.wanted = False
            if node.stop() != 0 or node.complaint():
                self.say("node", "node %d does not end as it should:\n%s"
                         % (node.number, node.log(node.begin)[-3000:]))

    def verify(self):
        node = self.cluster.nodes[0]
        done = subprocess.run([self.options.signoff, "verify", node.site], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            self.say("chain", done.stdout.strip())

    def look_at_requests(self, team):
        """In the store itself: no person's request_id stands twice."""
        rows = self.cluster.postgres.sql(
            "SELECT actor, request, count(*) FROM signoff.entry WHERE team = '%s' AND request IS NOT NULL "
            "GROUP BY 1, 2 HAVING count(*) > 1" % team.name, "signoff")
        for row in rows.splitlines():
            self.say("doubled", "%s: a request stands several times: %s" % (team.name, row))

    def count(self, team):
        totals, judge = self.totals, team.judge
        for kind, n in judge.counts.items():
            totals["kind " + kind] += n
        totals["entries"] += len(judge.entries)
        totals["accepted first"] += judge.accepted_first
        totals["watcher reconnects"] += sum(w.reconnects for w in team.watchers)
        totals["reads"] += sum(c.reads for c in team.clients)
        self.lateness += judge.lateness
        self.waits += judge.waits
