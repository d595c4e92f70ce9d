# SPDX-License-Identifier: Apache-2.0
"""The scenes of file_cuts.py: what is done, and what must hold of whatever a cut leaves."""
import base64
import hashlib
import json
import os
import shutil
import sqlite3

from file_disk import write_out
from mortal import Mortal, signoff


def is_whole(left, right, name):
    """Of two trees: is this file there as it should be?"""
    return isinstance(left, dict) and name in left and left[name] == right[name]


def flat(tree, prefix=""):
    for name, what in tree.items():
        if isinstance(what, dict):
            yield from flat(what, prefix + name + "/")
        else:
            yield prefix + name, bytes(what)


def read_tree(path):
    return {entry.name: read_tree(entry.path) if entry.is_dir() else open(entry.path, "rb").read()
            for entry in os.scandir(path) if entry.is_dir() or entry.is_file()}


class Scene:
    PLACE = ""  # where syncs are left out for finding out whether that is noticed

    def __init__(self, run):
        self.run, self.last = run, 0

    def prepare(self):
        """Before anything is noted."""

    def begin(self, notes, rng):
        self.last = len(notes)

    def happened(self, index, note):
        pass

    def how_often(self, index):
        """So many different cuts after this step."""
        return 30


class init(Scene):
    """A site is made. Before that has ended it is a whole one or none; then it is a whole one."""

    SECRETS = ("site.key", ".token")

    def act(self):
        done = self.run.command("init", os.path.join(self.run.root, "site"), "--demo")
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        self.made = dict(flat(read_tree(self.run.root)))

    def look(self, index, left, rng):
        there = dict(flat(left))
        if index == self.last or "site/signoff.ini" in there:
            for name, content in self.made.items():
                if there.get(name) != content:
                    self.run.say(index, "%s %s" % (name, "is another" if name in there
                                                   else "is missing"))
        for name, content in there.items():
            if name.endswith(self.SECRETS) and content != self.made[name]:
                self.run.say(index, "%s is not whole" % name)


class Served(Scene):
    """With a server on a site that was there before."""

    def prepare(self):
        site = os.path.join(self.run.root, "site")
        done = self.run.command("init", site, "--demo", noted=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        self.server = Noted(self.run, site)


class Noted(Mortal):
    def __init__(self, run, site, noted=True):
        super().__init__(site, run.options.signoff)
        self.run, self.noted = run, noted
        with open(self.log_path, "ab"):
            pass  # so that it is there before anything is noted

    def preloaded(self):
        return self.run.environment() if self.noted else {}

    def serve(self):
        self.spawn()
        if not self.listening():
            raise RuntimeError("the server does not start:\n" + self.log())

    def end(self):
        if self.stop() != 0:
            raise RuntimeError("the server does not end as it should:\n" + self.log())


class login(Served):
    """What a login keeps is that of before or the new one, whole; the new one, when it is told."""

    def act(self):
        self.server.noted = False
        self.server.serve()
        self.kept = []
        try:
            for person in ("li", "wang"):
                token = os.path.join(self.server.site, "demo", person + ".token")
                done = self.run.command("login", "--server", "127.0.0.1:%d" % self.server.port,
                                        "--token-file", token, XDG_CONFIG_HOME=os.path.join(self.run.root, "kept"))
                if done.returncode != 0:
                    raise RuntimeError(done.stderr)
                with open(os.path.join(self.run.root, "kept/signoff/login.json"), "rb") as f:
                    self.kept.append(f.read())
        finally:
            self.server.end()

    def begin(self, notes, rng):
        super().begin(notes, rng)
        processes = [note.process for note in notes]
        self.first = processes.index(processes[-1])  # steps until the first one has ended

    def look(self, index, left, rng):
        content = dict(flat(left)).get("kept/signoff/login.json")
        may = [None, self.kept[0]] if index < self.first else list(self.kept)
        if index == self.first:
            may = [self.kept[0]]
        elif index == self.last:
            may = [self.kept[1]]
        if content not in may:
            self.run.say(index, "the login is %r" % (content if content is None
                                                     else bytes(content)[:40],))


class upload(Served):
    """Files are uploaded and attached. What was acknowledged is there, and so are the bytes of
    every file that the database names."""

    PLACE = "/data/files"

    def prepare(self):
        super().prepare()
        self.contents = [b"", b"one", bytes(range(256)) * 900, b"two" * 50000, b"one"]
        self.contents += [b"%d" % n * 1000 for n in range(12)]

    def act(self):
        self.server.serve()
        try:
            with self.server.client("li") as li:
                self.upload_all(li)
        finally:
            self.server.end()

    def upload_all(self, li):
        self.asked = []
        opened = self.ask(li, "case.open", workflow="change_request", project="acme-erp",
                          fields={"summary": "Files", "reason": "Cuts"}, request_id="open")
        for number, content in enumerate(self.contents):
            half = len(content) // 2
            begun = li.call("file.begin", name="f%d" % number, size=len(content),
                            sha256=hashlib.sha256(content).hexdigest())["upload"]
            for at, part in ((0, content[:half]), (half, content[half:])):
                if not part:
                    continue
                li.call("file.put", upload=begun, offset=at, data=base64.b64encode(part).decode())
            ended = self.ask(li, "file.end", upload=begun, request_id="end%d" % number)
            if number % 3 != 2:
                self.ask(li, "case.attach", case=opened["case"], file=ended["file"],
                         request_id="attach%d" % number)

    def ask(self, li, method, **params):
        result = li.call(method, **params)
        self.asked.append((method, params, result))
        return result

    # ---- what was said ----

    def begin(self, notes, rng):
        """Cuts come where something becomes durable, or is said; elsewhere seldom."""
        super().begin(notes, rng)
        busy = [i for i, note in enumerate(notes, 1) if note.what in "dfsrmcu"]
        self.wanted = sorted(rng.choice(busy) if rng.random() < 0.8 else rng.randint(1, self.last)
                             for _ in range(self.run.options.cuts))
        self.tries = set(rng.sample(range(len(self.wanted)), self.run.options.starts))
        self.heard, self.told, self.looked = b"", 0, 0
        self.results = [json.dumps(result, sort_keys=True) for _, _, result in self.asked]

    def how_often(self, index):
        return self.wanted.count(index)

    def happened(self, index, note):
        """Counts what of the acknowledged has been said so far."""
        if note.what != "s":
            return
        self.heard += note.second
        *lines, self.heard = self.heard.split(b"\n")
        for line in lines:
            try:
                result = json.loads(line).get("result")
            except ValueError:
                continue  # to a process of the server's own
            if self.told < len(self.asked) and json.dumps(result, sort_keys=True) == \
                    self.results[self.told]:
                self.told += 1

    # ---- what is left ----

    def look(self, index, left, rng):
        number, self.looked = self.looked, self.looked + 1
        folder = os.path.join(self.run.folder, "cut")
        write_out(left, folder)
        try:
            data = os.path.join(folder, "site", "data")
            self.look_at_bytes(index, data, self.rows(index, data))
            if number in self.tries:
                self.start_on(index, os.path.join(folder, "site"))
        finally:
            shutil.rmtree(folder)

    def rows(self, index, data):
        """{file: sha256} that the database names, once SQLite has read its log."""
        path = os.path.join(data, "signoff.db")
        if not os.path.exists(path) or os.path.getsize(path) == 0:
            return {}
        db = sqlite3.connect(path)
        try:
            return dict(db.execute('SELECT "file", sha256 FROM "file"'))
        except sqlite3.DatabaseError as error:
            if self.told > 0:  # before that it may have no tables
                self.run.say(index, "the database: %s" % error)
            return {}
        finally:
            db.close()

    def look_at_bytes(self, index, data, rows):
        for method, _, result in self.asked[:self.told]:
            if method == "file.end" and result["file"] not in rows:
                self.run.say(index, "%s was acknowledged, and is not there" % result["file"])
        for file, sha256 in rows.items():
            path = os.path.join(data, "files", sha256[:2], sha256)
            if not os.path.exists(path):
                self.run.say(index, "file %s has no bytes" % file)
                continue
            with open(path, "rb") as f:
                if hashlib.sha256(f.read()).hexdigest() != sha256:
                    self.run.say(index, "file %s has other bytes" % file)

    def start_on(self, index, site):
        """The real server: it starts, everything verifies, the first answers are given again."""
        self.run.starts += 1
        done = self.run.command("verify", site, noted=False)
        if done.returncode != 0 and self.told > 0:
            self.run.say(index, "verify: %s" % (done.stdout + done.stderr).strip()[:300])
        server = Noted(self.run, site, noted=False)
        try:
            server.serve()
            with server.client("li") as li:
                for method, params, result in self.asked[:self.told]:
                    if li.call(method, **params) != result:
                        self.run.say(index, "%s %s has another answer" % (method, params))
            server.end()
        except (RuntimeError, signoff.RpcError) as error:
            self.run.say(index, "the server: %s" % error)
        finally:
            server.kill()


SCENES = (init, login, upload)
