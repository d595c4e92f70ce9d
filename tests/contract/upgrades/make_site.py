#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small site as a release leaves it, and what that release said of it.

    make_site.py SIGNOFF ARCHIVE.tar.xz [--postgres]

The archive has the site's folder, as it lay after its server was killed (so that rows which had not
been merged yet stand in the log, in that release's form); said.json: what the release answered before
that; with --postgres also dump.sql, the database. All that happens in it happens on virtual time.
Whatever a release cannot do yet is left out, by the schema that its site has.
"""
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..", "..")
sys.path[:0] = [os.path.join(ROOT, *path) for path in
                (("tests", "e2e"), ("tests", "support"), ("examples", "helpdesk"))]

import signoff  # noqa: E402
from cases import Case, upload  # noqa: E402
from postgres import Postgres, programs  # noqa: E402

MONDAY = "2026-01-05T09:00:00+08:00"
OFFER = b"%PDF-1.7 The offer, as it was sent. " * 20
LEFT_OUT = {".signoff", ".luarc.json", ".luacheckrc", "server.log", "signoff.sock", "admin.log",
            "change_request_test.lua", "signoff.lock", "lock"}
VISIT = """-- A workflow of the team's own, with a function in it.
return workflow "visit" {
  key = "VI", version = 1, client = "project",
  roles = { "pm", guest = "opener" },
  fields = { about = text { required = true }, guests = number { min = 1 } },
  start = "planned",
  state "planned" { owner = "pm",
    edit = { guest = "all" },
    on "confirm" { by = "pm", to = "confirmed", when = function(c)
      if not c.fields.guests then return false, "how many come?" end
      return true
    end },
    after "10 days" { to = "forgotten" },
  },
  final "confirmed", final "forgotten",
}
"""


class Site:
    def __init__(self, program, folder, url=None):
        self.server = signoff.Server(os.path.join(folder, "site"), program, clock=MONDAY)
        self.server.init("--demo")
        self.connections, self.url = {}, url
        path = os.path.join(self.server.site, "teams", "demo", "team.lua")
        with open(path, encoding="utf-8") as team:
            lines = team.readlines()
        with open(path, "w", encoding="utf-8") as team:
            for line in lines:
                if not re.match(r'\s*use "', line) or '"change_request"' in line:
                    team.write(line)
                if '"change_request"' in line:
                    team.write('  use "visit",\n')
        own = os.path.join(self.server.site, "teams", "demo", "workflows")
        os.makedirs(own, exist_ok=True)
        with open(os.path.join(own, "visit.lua"), "w", encoding="utf-8") as visit:
            visit.write(VISIT)
        # The settings with their defaults are another release's words; this one's are its own.
        with open(os.path.join(self.server.site, "signoff.ini"), "w", encoding="utf-8") as ini:
            ini.write("[store]\nurl = %s\n" % url if url else "")

    def people(self, name):
        if name not in self.connections:
            self.connections[name] = self.server.client(name)
        return self.connections[name]

    def restart(self):
        self.close()
        self.server.restart()

    def close(self):
        for connection in self.connections.values():
            connection.close()
        self.connections = {}

    def database(self):
        return os.path.join(self.server.site, "data", "signoff.db")

    def sql(self, text):
        """One value of the database."""
        if not self.url:
            with sqlite3.connect("file:%s?mode=ro" % self.database(), uri=True) as db:
                return db.execute(text).fetchone()[0]
        done = subprocess.run([os.path.join(programs(), "psql"), "-XAtq", "-c", text, self.url],
                              check=True, capture_output=True, text=True)
        return int(done.stdout)

    def schema(self):
        return self.sql("SELECT schema FROM signoff.version" if self.url else "PRAGMA user_version")


def assessed(people, cost):
    case = Case(people, "change_request", "mei", summary="Add export", reason="Auditors ask for it")
    case.fire("mei", "submit")
    case.fire("li", "accept")
    case.fire("sun", "assess", days=5, risk="low")
    case.fire("li", "price", cost=cost, scope="One report more", margin="3000.00")
    return case


def first_day(people):
    """Ends with a restart, so that all of it has reached its tables."""
    whole = assessed(people, "8000.00")
    people("mei").call("case.attach", case=whole.key, file=upload(people("mei"), OFFER, "offer.pdf"))
    for person in ("li", "wang", "mei"):
        whole.vote(person, "approve")
    whole.fire("sun", "implemented")
    people("li").call("case.comment", case=whole.key, text="Twelve pages; 十二页。", shared=True)
    Case(people, "change_request", "tom", summary="In screening", reason="Waits").fire("tom", "submit")
    Case(people, "visit", "mei", about="The new hall")
    people("li").call("clock.advance", by="1 hour")


def second_day(people, schema, postgres):
    deciding = assessed(people, "20000.00")
    deciding.vote("li", "approve", comment="As offered")
    hurry = Case(people, "change_request", "mei", summary="It is down", reason="Nobody can pay",
                 **{"class": "emergency"})
    hurry.fire("mei", "submit")
    hurry.fire("li", "accept")
    Case(people, "change_request", "mei", summary="A mistake", reason="None").fire("mei", "withdraw")
    visit = Case(people, "visit", "tom", about="The old hall", guests=3)
    visit.fire("li", "confirm")
    people("li").call("clock.advance", by="5 hours")
    level = (3 if schema >= 4 else 2 if schema >= 3 else 1 if schema >= 2 else 0) if postgres else (
        3 if schema >= 9 else 2 if schema >= 7 else 1 if schema >= 5 else 0)
    if level >= 1:
        people("li").call("endpoint.add", endpoint="ci", url="https://ci.example.com/hook")
        people("li").call("endpoint.disable", endpoint="ci")
    if level >= 2:
        people("li").call("link.create", case=deciding.key, person="tom")
    if schema >= (5 if postgres else 10):
        people("li").call("person.update", person="mei", channel="call")


def pages(connection, method, **params):
    items, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = connection.call(method, limit=100, **params, **more)
        items += page["items"]
        cursor = page.get("next") or page.get("cursor")
        if not cursor:
            return items


def answers(people):
    """What a release says of its site, by who asked and what."""
    keys = [item["case"] for item in pages(people("li"), "case.list")]
    said = {"now": people("li").call("clock.now"), "cases": sorted(keys)}
    for person in ("li", "mei"):
        said[person] = {
            "history": {key: pages(people(person), "case.history", case=key) for key in sorted(keys)},
            "case": {key: people(person).call("case.get", case=key) for key in sorted(keys)},
        }
    for person in ("li", "wang", "mei", "tom"):
        one = said.setdefault(person, {})
        one["inbox"] = people(person).call("inbox.list")["items"]
        one["messages"] = people(person).call("inbox.messages")["items"]
    for method in ("person.list", "project.list", "client.list"):
        said["li"][method] = people("li").call(method)["items"]
    return said


def pack(site, said, dump, archive):
    def add(tar, name, data, mode=0o600):
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(data), mode
        tar.addfile(info, io.BytesIO(data))

    with tarfile.open(archive, "w:xz", format=tarfile.USTAR_FORMAT, preset=9) as tar:
        add(tar, "said.json", json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False).encode())
        if dump is not None:
            add(tar, "dump.sql", dump)
        for folder, folders, files in os.walk(site):
            folders[:] = sorted(name for name in folders if name not in LEFT_OUT)
            for name in sorted(files):
                if name in LEFT_OUT or name.endswith("-shm"):
                    continue
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    add(tar, "site/" + os.path.relpath(path, site), file.read())


def make(program, archive, url=None, admin=None):
    folder = tempfile.mkdtemp(prefix="sgn-")
    site = Site(program, folder, url)
    try:
        site.server.start()
        schema = site.schema()
        first_day(site.people)
        site.restart()
        second_day(site.people, schema, bool(url))
        said = answers(site.people)
        said["schema"] = schema
        site.close()
        site.server.kill()
        dump = None
        if url:
            dump = subprocess.run([os.path.join(programs(), "pg_dump"), "--schema=signoff",
                                   "--no-owner", "--no-privileges", admin], check=True,
                                  stdout=subprocess.PIPE).stdout
        pack(site.server.site, said, dump, archive)
        print("%s: schema %d, %d cases, %d bytes" % (archive, schema, len(said["cases"]),
                                                    os.path.getsize(archive)))
    finally:
        site.server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    program, archive = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    if "--postgres" not in sys.argv[3:]:
        return make(program, archive)
    with Postgres() as server:
        return make(program, archive, server.url("signoff"), server.admin_url("signoff"))


if __name__ == "__main__":
    main()
