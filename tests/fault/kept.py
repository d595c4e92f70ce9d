# SPDX-License-Identifier: Apache-2.0
"""Backups in the kill rounds: one is made under load, and restored when the server is dead. A backup
that a server was killed under must not be there; one that is there must be the site, up to some entry
that is not before the last one known when it was begun."""
import json
import os
import shutil
import sqlite3
import subprocess

import load
import signoff

SECONDS = 120


class Backups:
    def __init__(self, site, team):
        self.site, self.team = site, team
        self.making, self.known, self.file = None, 0, None
        self.restored = None  # its entries, until the site itself can be asked for them

    def path(self, name):
        return os.path.join(self.site.folder, name)

    def begin(self):
        """In the midst of the load; nobody waits for it."""
        self.file = self.path("backup.signoff")
        self.known = len(self.site.watcher.entries)
        self.making = subprocess.Popen(
            [self.site.options.signoff, "backup", self.file, "--site", self.site.server.site],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def end(self):
        """The server is dead."""
        if self.making is None:
            return
        said, _ = self.making.communicate(timeout=SECONDS)
        made, self.making = self.making.returncode == 0, None
        parts = [name for name in os.listdir(self.site.folder) if name.startswith("backup.signoff")]
        if parts != (["backup.signoff"] if made else []):
            self.site.say("backup", "a backup ended with %r and left %r" % (said.strip(), parts))
        elif made:
            self.restore()
            os.remove(self.file)
        elif "damaged" in said:
            self.site.say("backup", said.strip())
        self.site.totals["backups cut"] += not made
        self.site.raise_found()

    def restore(self):
        there = self.path("restored")
        done = subprocess.run([self.site.options.signoff, "restore", self.file, there, "--json"],
                              capture_output=True, text=True, timeout=SECONDS, check=False)
        if done.returncode != 0:
            self.site.say("backup", "what was made is refused: %s" % done.stderr.strip())
            self.site.raise_found()
        told = {head["team"]: head["seq"] for head in json.loads(done.stdout)["heads"]}
        path = os.path.join(there, "data", "signoff.db")
        with sqlite3.connect(path) as database:
            if self.site.options.lose_last:
                database.execute("DELETE FROM entry WHERE id = (SELECT max(id) FROM entry WHERE "
                                 "team = ?)", (self.team,))
            n = database.execute("SELECT max(seq) FROM entry WHERE team = ?",
                                 (self.team,)).fetchone()[0]
        database.close()
        if n < max(self.known, told.get(self.team, 0)):
            self.site.say("backup", "it ends with entry %d; when it was begun there were %d, and it "
                          "says %r" % (n, self.known, told))
            self.site.raise_found()
        self.restored = self.read(there, n)
        self.site.totals["backups"] += 1
        shutil.rmtree(there)

    def read(self, there, n):
        """Its first n entries: what it goes on with is its own."""
        server = signoff.Server(there, self.site.options.signoff, self.site.server.clock).start()
        watcher = load.Watcher(self.site.lead, load.World())
        try:
            watcher.connect(server)
            watcher.until(n)
        finally:
            watcher.close()
            code = server.stop()
        if code != 0 or watcher.faults:
            self.site.say("backup", "%r\n%s" % (watcher.faults, server.log()))
        return watcher.entries[:n]

    def judge(self, entries):
        """The site has all of them, and the same: entries are its own, up to its head."""
        for mine, its in zip(self.restored or (), entries):
            if mine != its:
                self.site.say("backup", "entry %d is %r in the restored site and %r in the site"
                              % (mine["seq"], mine, its))
        if self.restored and len(self.restored) > len(entries):
            self.site.say("backup", "it has %d entries, and the site %d"
                          % (len(self.restored), len(entries)))
        self.restored = None

    def stop(self):
        if self.making is not None:
            self.making.kill()
            self.making.wait()
