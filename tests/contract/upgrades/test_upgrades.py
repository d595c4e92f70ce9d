# SPDX-License-Identifier: Apache-2.0
"""Sites of every schema that a release had, as that release left them (make_site.py): each is opened by
this program, says what its own said, verifies, is decided again alike, and goes on working.

What is expected stands in the archive, in the words of the release that made it, or is reckoned here.
"""
import contextlib
import datetime
import glob
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..", "..")
sys.path[:0] = [os.path.join(ROOT, *path) for path in
                (("tests", "e2e"), ("tests", "support"), ("examples", "helpdesk"))]

import databases as stores  # noqa: E402
import signoff  # noqa: E402
from conftest import binary, databases, folder  # noqa: E402,F401
from make_site import OFFER, pages  # noqa: E402
from postgres import programs  # noqa: E402
from test_files import get  # noqa: E402

BACKEND = "postgres" if stores.CHOICE else "sqlite"
ARCHIVES = sorted(glob.glob(os.path.join(HERE, BACKEND + "-*.tar.xz")))
ZONE = datetime.timezone(datetime.timedelta(hours=8))
with open(os.path.join(ROOT, "engine", "store", "store.h"), encoding="utf-8") as header:
    NEWEST = int(re.search(r"define STORE_SCHEMA%s\s+(\d+)"
                           % ("_POSTGRES" if stores.CHOICE else ""), header.read()).group(1))
# What later releases say otherwise on purpose: titles that workflows got, a case's place in lists.
OTHERWISE = {"state_titles", "field_titles", "value_titles", "part_titles", "title", "outcome_title",
             "choices"}
SQLITE = pytest.mark.skipif(bool(stores.CHOICE), reason="about the file of SQLite")


def same(now, then, where):
    """What was said is said, whatever has been added since."""
    if isinstance(then, dict) and isinstance(now, dict):
        for name in then.keys() - OTHERWISE:
            assert name in now, "%s.%s is no longer said" % (where, name)
            same(now[name], then[name], "%s.%s" % (where, name))
    elif where.endswith(".approvals"):  # rounds that have ended were not shown at first
        rounds = {(one["approval"], one["number"]): one for one in now}
        for one in then:
            same(rounds[one["approval"], one["number"]], one, where)
    elif isinstance(then, list) and isinstance(now, list):
        assert len(now) == len(then), (where, now, then)
        for n, (new, old) in enumerate(zip(now, then)):
            same(new, old, "%s[%d]" % (where, n))
    else:
        assert now == then, (where, now, then)


class Kept:
    """A site out of an archive, and what its release said of it."""

    def __init__(self, archive, binary, folder, databases):  # noqa: F811
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data") if hasattr(tarfile, "data_filter") \
                else tar.extractall(folder)
        with open(os.path.join(folder, "said.json"), encoding="utf-8") as file:
            self.said = json.load(file)
        self.server = signoff.Server(os.path.join(folder, "site"), binary)
        self.database = os.path.join(self.server.site, "data", "signoff.db")
        self.databases, self.name, self.connections = databases, None, {}
        if stores.CHOICE:
            self.name = databases.make()
            url = "%s/%s" % (databases.base.rsplit("/", 1)[0], self.name)
            with open(os.path.join(self.server.site, "signoff.ini"), "w", encoding="utf-8") as ini:
                ini.write("[store]\nurl = %s\n" % url)
            subprocess.run([os.path.join(programs(), "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-f",
                            os.path.join(folder, "dump.sql"), url], check=True,
                           stdout=subprocess.DEVNULL)

    def person(self, name):
        if name not in self.connections:
            self.connections[name] = self.server.client(name)
        return self.connections[name]

    def stop(self):
        for connection in self.connections.values():
            connection.close()
        self.connections = {}
        assert self.server.stop() == 0, self.server.log()

    def run(self, *words, code=0):
        done = subprocess.run([self.server.signoff, *words], text=True, timeout=60, check=False,
                              capture_output=True, cwd=self.server.site)
        assert done.returncode == code, (words, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def end(self):
        self.server.kill()
        if self.name:
            self.databases.drop(self.name)


@pytest.fixture(params=ARCHIVES, ids=[os.path.basename(one)[:-len(".tar.xz")] for one in ARCHIVES])
def kept(request, binary, folder, databases):  # noqa: F811
    site = Kept(request.param, binary, folder, databases)
    yield site
    site.end()


@pytest.fixture
def oldest(binary, folder, databases):  # noqa: F811
    site = Kept(ARCHIVES[0], binary, folder, databases)
    yield site
    site.end()


@contextlib.contextmanager
def opened(database):
    with contextlib.closing(sqlite3.connect(database)) as db:
        yield db


def moment(text):
    return datetime.datetime.fromisoformat(text)


def says_what_it_said(kept):
    li, said = kept.person("li"), kept.said
    assert li.call("clock.now")["now"] == said["now"]["now"]
    assert sorted(item["case"] for item in pages(li, "case.list")) == said["cases"]
    for person in ("li", "mei"):
        for key in said["cases"]:
            same(pages(kept.person(person), "case.history", case=key), said[person]["history"][key],
                 "%s's history of %s" % (person, key))
            same(kept.person(person).call("case.get", case=key), said[person]["case"][key],
                 "%s's %s" % (person, key))
    for person in ("li", "wang", "mei", "tom"):
        same(kept.person(person).call("inbox.list")["items"], said[person]["inbox"],
             person + "'s inbox")
        same(kept.person(person).call("inbox.messages")["items"], said[person]["messages"],
             person + "'s messages")
    for method in ("person.list", "project.list", "client.list"):
        same(li.call(method)["items"], said["li"][method], method)


def goes_on(kept):
    """Ballots on what was shown before, functions of rules that were kept, files, and deadlines at the
    moments that the older release had reckoned."""
    seen = kept.said["li"]["case"]["CR-3"]["approvals"][0]
    for person in ("wang", "chen", "mei"):
        done = kept.person(person).call("approval.vote", case="CR-3", approval=seen["approval"],
                                        choice="approve", digest=seen["digest"])
    assert done["states"] == ["implementing"]
    with pytest.raises(signoff.RpcError, match="how many come"):
        kept.person("li").call("case.fire", case="VI-1", event="confirm")
    file = kept.said["li"]["case"]["CR-1"]["files"][0]["id"]
    assert get(kept.person("mei"), file) == OFFER
    armed = {(key, one["id"]): moment(one["next"]) for key, case in kept.said["li"]["case"].items()
             for one in case["deadlines"] if key != "CR-3" and one.get("next")}
    assert {key for key, _ in armed} == {"CR-1", "CR-2", "CR-4", "VI-1"}
    kept.person("li").call("clock.advance", to="2026-01-16T09:00:00+08:00")
    fired = [(key, moment(entry["due"])) for key in ("CR-1", "CR-2", "CR-4", "VI-1")
             for entry in pages(kept.person("li"), "case.history", case=key)
             if entry["kind"] == "deadline" and moment(entry["due"]) > moment(kept.said["now"]["now"])]
    for (key, name), due in armed.items():
        assert fired.count((key, due)) == 1, (key, name, due, fired)
    assert kept.person("li").call("case.get", case="VI-1")["states"] == ["forgotten"]


def test_site_of_an_older_release(kept):
    schema = kept.said["schema"]
    if schema < NEWEST:
        assert "written by an older Signoff (schema %d" % schema in kept.run("verify", ".", code=1)
    kept.server.start()
    log = kept.server.log()
    for n in range(schema + 1, NEWEST + 1):
        assert re.search(r"changing the store schema=%d brings=\S" % n, log), log
    says_what_it_said(kept)
    goes_on(kept)
    kept.stop()
    verified = kept.run("verify", ".")
    entries = max(entry["seq"] for history in kept.said["li"]["history"].values() for entry in history)
    found = re.search(r"team demo: (\d+) entries and 7 cases verified, 1 file\b", verified)
    assert found and int(found.group(1)) > entries, verified
    # By the rules that lie there every decision of before would be the same.
    assert ", 0 different" in kept.run("replay", "teams/demo", "--on", ".")


def test_there_is_a_site_of_every_schema_but_the_newest():
    there = {int(re.search(r"-(\d+)\.tar", one).group(1)) for one in ARCHIVES}
    assert set(range(1, NEWEST)) <= there, "make.sh makes them"


@SQLITE
def test_the_way_back_is_kept(oldest):
    """The copy is what was there: its schema is, and all that its release had written."""
    with opened(oldest.database) as db:
        before = list(db.iterdump())
    oldest.server.start()
    oldest.stop()
    copy = os.path.join(oldest.server.site, "data", "signoff.schema-1.db")
    assert os.stat(copy).st_mode & 0o777 == 0o600
    with opened(copy) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert list(db.iterdump()) == before


@SQLITE
def test_a_copy_is_not_made_where_the_settings_say_so(oldest):
    with open(os.path.join(oldest.server.site, "signoff.ini"), "w", encoding="utf-8") as ini:
        ini.write("[store]\nupgrade_copy = no\n")
    oldest.server.start()
    oldest.stop()
    assert not glob.glob(os.path.join(oldest.server.site, "data", "signoff.schema*"))


@SQLITE
def test_going_back_is_refused_with_what_to_do(oldest):
    oldest.server.start()
    oldest.stop()
    with opened(oldest.database) as db, db:
        db.execute("PRAGMA user_version = %d" % (NEWEST + 7))
        db.execute("UPDATE written SET signoff = '9.8.7'")
    with open(oldest.database, "rb") as file:
        before = file.read()
    version = oldest.run("--version").split()[-1]
    with pytest.raises(RuntimeError) as refused:
        oldest.server.start()
    for words in ("written by a newer Signoff", "schema %d" % (NEWEST + 7), "knows %d" % NEWEST,
                  "9.8.7", version, "the copy or the backup from before the upgrade"):
        assert words in str(refused.value)
    assert "9.8.7" in oldest.run("verify", ".", code=1)
    with open(oldest.database, "rb") as file:
        assert file.read() == before


def killed_at(server, log, nth):
    """Serves, and is killed at its n-th write to the database's log; else once it serves. Was it?"""
    command = ["strace", "-f", "-o", "/dev/null", "-P", log, "-e", "trace=pwrite64", "-e",
               "inject=pwrite64:signal=KILL:when=%d" % nth, server.signoff, "serve", server.site,
               "--listen", "127.0.0.1:0"]
    with open(server.log_path, "wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                   process_group=0)
    while process.poll() is None and not server.ready(0):
        time.sleep(0.01)
    if process.poll() is not None:
        return True
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return False


@SQLITE
def test_killed_while_it_migrates_nothing_has_changed(oldest):
    """At its n-th write to the database's log, for every n until it comes through: all that was there
    is, in the old schema or the newest, which is whole."""
    data = os.path.dirname(oldest.database)
    begin = os.path.join(os.path.dirname(oldest.server.site), "begin")
    shutil.copytree(data, begin)
    schemas, killed = [], True
    while killed:
        shutil.rmtree(data)
        shutil.copytree(begin, data)
        killed = killed_at(oldest.server, oldest.database + "-wal", len(schemas) + 1)
        with opened(oldest.database) as db:
            schemas.append(db.execute("PRAGMA user_version").fetchone()[0])
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert db.execute("SELECT count(*) FROM entry").fetchone()[0] >= 30
            made = db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'written'").fetchone()[0]
        assert schemas[-1] in (1, NEWEST) and (made == 1) == (schemas[-1] == NEWEST), schemas
    assert schemas.count(1) > 3, "it was killed before the commit, too"
    assert schemas == sorted(schemas) and schemas[-1] == NEWEST
    oldest.server.start()
    says_what_it_said(oldest)
