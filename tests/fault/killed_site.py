# SPDX-License-Identifier: Apache-2.0
"""One site that is killed in every round: its server, its clients, and the judge of what is there
afterwards."""
import os
import shutil
import sqlite3
import subprocess
import threading

import kills
import load
import signoff
from at_rest import AtRest
from judge import Judge, milliseconds
from kept import Backups

HERE = os.path.dirname(os.path.abspath(__file__))
TEAM, START = "fault", "2026-01-05T09:00:00Z"
VOTERS = ("an", "bo", "cy")
SETTLE_SECONDS = 30


class Found(Exception):
    """Something is wrong; what it is was said."""


class Site:
    """One site over its rounds: server, clients, judge."""

    def __init__(self, options, number, folder, totals):
        self.options, self.number, self.totals = options, number, totals
        self.folder = os.path.join(folder, "site-%d" % number)
        os.mkdir(self.folder)
        self.virtual = number % 2 == 0
        self.said = []
        self.judge = Judge(self.say)
        self.control = kills.Control(os.path.join(self.folder, "control"))
        library = "hold_log.so" if options.planted else "kill_at.so"
        self.server = kills.Struck(os.path.join(self.folder, "site"), options.signoff,
                                   START if self.virtual else None,
                                   os.path.join(options.preload, library), self.control)
        self.verifying = None
        self.backups = Backups(self, TEAM)
        self.prepare()

    def prepare(self):
        """The team, its people and its project."""
        self.server.init()
        # As little as may be, so that rows are merged all the time.
        with open(os.path.join(self.server.site, "signoff.ini"), "a", encoding="utf-8") as conf:
            conf.write("\n[store]\nunmerged = 16K\n")
        shutil.copytree(os.path.join(HERE, "team"),
                        os.path.join(self.server.site, "teams", TEAM))
        self.server.spawn()
        if not self.server.listening():
            raise RuntimeError("the server does not start")
        tokens = {}
        with self.server.client("operator") as operator:
            for person in ("li",) + VOTERS:
                operator.call("person.create", team=TEAM, person=person, title=person,
                              lead=person == "li")
                tokens[person] = operator.call("token.create", team=TEAM, person=person,
                                               name="rounds")["token"]
        with self.server.connect(tokens["li"]) as li:
            li.call("project.create", project=load.PROJECT, title="Kill rounds")
            for person in ("li",) + VOTERS:
                li.call("project.member.add", project=load.PROJECT, person=person, role="agent")
            for person in VOTERS:
                li.call("project.member.add", project=load.PROJECT, person=person, role="voter")
        self.world, self.lead = load.World(), tokens["li"]
        self.clients = [load.Client(person, tokens[person], self.world) for person in VOTERS]
        if self.virtual:
            self.mover = load.Mover("li", tokens["li"], self.world)
            self.clients.append(self.mover)
        self.watcher = load.Watcher(tokens["li"], self.world)
        self.stop()

    # ---- a round ----

    def round(self, number):
        words = (self.options.seed, number)
        schedule = kills.Schedule(load.round_rng(*words), self.options.planted)
        for kill in schedule.starts:
            self.count(self.server.start_struck(kill))
            if self.server.process.poll() is None:  # it listened before the kill came
                self.server.kill()
        self.start()
        if schedule.load.early:
            self.arm(schedule.load)
        try:
            settled = self.settle(words) and self.check_alive()
            if settled:
                self.strike(self.with_backup(number, schedule.load))
        finally:
            self.close()
        self.server.wait_dead(0)
        self.count(self.server.killed_in())
        self.totals["early kills"] += not settled
        self.backups.end()
        if number % self.options.verify_every == 0:
            self.verify_copy()

    def start(self):
        self.control.reset()
        self.server.spawn()
        if not self.server.listening():
            raise RuntimeError("the server does not start again:\n" + self.server.log())

    def stop(self):
        if self.server.stop() != 0:
            raise RuntimeError("the server does not end as it should:\n" + self.server.log())

    def arm(self, kill):
        if kill.where:
            self.control.arm(kill)

    def settle(self, words):
        """Connects all and repeats what was not answered. False: the server died meanwhile."""
        try:
            for client in self.clients:
                client.connect(self.server, load.round_rng(*words, client.person))
            self.watcher.connect(self.server)
        except signoff.RpcError as error:
            self.said.append(("lost", "a client cannot come back: %s" % error))
            raise Found from None
        except (OSError, ValueError):
            try:  # the signal is on its way, which takes its time on a busy machine
                self.server.process.wait(5)
            except subprocess.TimeoutExpired:
                pass
            if self.server.dead():
                return False
            raise
        threads, broken = load.run_all(self.clients, "settle")
        for thread in threads:
            thread.join(SETTLE_SECONDS)
            if thread.is_alive():
                raise RuntimeError("a client waits for an answer that does not come")
        if broken:
            self.server.process.wait(10)
            return not self.server.dead()
        return True

    def check_alive(self):
        """False: the server died meanwhile, by a kill that was armed early."""
        try:
            self.check()
        except (OSError, ValueError):
            self.server.process.wait(10)
            return not self.server.dead()
        return True

    def check(self):
        """Everything was answered: what was told must be there, and nothing else. What can break
        off comes first: then nothing is judged."""
        armed, how = self.control["left"], self.control["where"]
        self.control.disarm()  # looking is not a part of the load
        head, now = self.watcher.head(), self.watcher.connection.call("clock.now")["now"]
        self.watcher.until(head)
        for entry in self.watcher.entries[len(self.judge.entries):]:
            self.judge.take(entry)
        for client in self.clients:
            for command in client.answered:
                self.judge.claim(command)
                self.totals["refused" if command.error else "acknowledged"] += 1
            client.answered = []
            self.said += client.faults
        self.said += self.watcher.faults
        self.judge.all_claimed()
        self.backups.judge(self.watcher.entries)
        if self.virtual and milliseconds(now) < milliseconds(self.mover.now or START):
            self.said.append(("lost", "the clock was told to be %s; it is %s"
                              % (self.mover.now, now)))
        self.raise_found()
        self.control["where"], self.control["left"] = how, armed

    def strike(self, kill):
        """Load until the server dies: by itself, where it was told to, or at the time."""
        dead = threading.Event()
        self.arm(kill)
        threads, _ = load.run_all(self.clients + [self.watcher], "load", dead)
        try:
            self.server.wait_dead(kill.seconds)
        finally:
            dead.set()
            for thread in threads:
                thread.join(SETTLE_SECONDS)

    def with_backup(self, number, kill):
        """In some rounds one is made meanwhile: every other time there is enough of it left."""
        every = self.options.backup_every
        if every == 0 or number % every:
            return kill
        self.backups.begin()
        return kill if number // every % 2 else kills.Kill(None, 0, 0, kill.seconds + 1, False)

    def close(self):
        for client in self.clients + [self.watcher]:
            client.close()

    def count(self, kind):
        if kind is not None:
            self.totals[kind] += 1

    def say(self, kind, text):
        self.said.append((kind, text))

    def raise_found(self):
        if self.said:
            raise Found

    # ---- chain and fold, on a copy, so that the server still meets its log as the kill left it ----

    def verify_copy(self):
        if self.verifying is not None:
            if self.verifying.poll() is None:
                return
            self.verified()
        copy = os.path.join(self.folder, "copy")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.server.site, copy, ignore=shutil.ignore_patterns(
            "*.log", "*-shm", "lock", "*.sock"))
        self.verifying = self.verify(copy)

    def verify(self, site):
        return subprocess.Popen([self.options.signoff, "verify", site], stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True)

    def verified(self):
        said, _ = self.verifying.communicate()
        if self.verifying.returncode != 0:
            self.said.append(("chain", said.strip()))
        self.verifying = None
        self.totals["verified"] += 1
        self.raise_found()

    # ---- the end ----

    def finish(self):
        """Lets the site come to rest, and looks at all of it once more."""
        self.start()
        try:
            if not self.settle((self.options.seed, "end", self.number)):
                raise RuntimeError("the server died of nothing")
            self.check()
            self.look()
        finally:
            self.close()
        self.stop()
        if self.verifying is not None:
            self.verified()
        self.verifying = self.verify(self.server.site)
        self.verified()
        self.look_at_requests()
        self.totals.update(self.judge.counts)
        self.totals["entries"] += len(self.judge.entries)
        self.totals["effects"] += len(self.judge.carried)
        self.raise_found()

    def look(self):
        """Comes to rest, and is asked."""
        at_rest = AtRest(self.judge, self.check, self.say, self.virtual)
        at_rest.effects()
        with self.server.connect(self.lead) as li:
            at_rest.cases(li)
        self.raise_found()
        for client in self.clients[:len(VOTERS)]:
            with self.server.connect(client.token) as connection:
                at_rest.messages(connection, client.person)

    def look_at_requests(self):
        """In the store itself: no person's request_id stands twice."""
        path = "file:%s?mode=ro" % os.path.join(self.server.site, "data", "signoff.db")
        with sqlite3.connect(path, uri=True) as database:
            rows = database.execute("SELECT actor, request, count(*) FROM entry WHERE team = ? "
                                    "AND request IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1",
                                    (TEAM,)).fetchall()
        for row in rows:
            self.said.append(("doubled", "request %s of %s has %d entries" % (row[1], row[0], row[2])))

    def end(self):
        self.close()
        self.server.kill()
        self.backups.stop()
        if self.verifying is not None:
            self.verifying.kill()
            self.verifying.wait()
        self.control.close()
