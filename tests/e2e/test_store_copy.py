# SPDX-License-Identifier: Apache-2.0
"""A site moves from one store to another and goes on there: signoff store copy. Its next entry
follows on the last one, what it refuses is refused with words that say what to do, and a copy that
is broken off is served nowhere."""
import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import time

import databases as stores
import pytest
from cases import Case
from test_change_request import agree, assessed, submitted
from test_files import upload

pytestmark = pytest.mark.skipif(not stores.CHOICE, reason="needs SIGNOFF_TEST_STORE")


class Site:
    """A demo site on virtual time whose store can be changed between two runs of its server."""

    def __init__(self, server, databases):
        self.server, self.databases, self.made = server, databases, []
        self.connections = {}

    def people(self, name):
        if name not in self.connections:
            self.connections[name] = self.server.client(name)
        return self.connections[name]

    def stop(self):
        for connection in self.connections.values():
            connection.close()
        self.connections = {}
        assert self.server.stop() == 0

    def url(self):
        """An empty database."""
        self.made.append(self.databases.make())
        return self.databases.base.rsplit("/", 1)[0] + "/" + self.made[-1]

    def folder(self, name="elsewhere"):
        return os.path.join(os.path.dirname(self.server.site), name)

    def use(self, place):
        """From now on its store is there: a database's address, or DIR/data."""
        ini = os.path.join(self.server.site, "signoff.ini")
        with open(ini, encoding="utf-8") as f:
            text = re.sub(r"\n\[store\]\nurl = .*\n", "\n", f.read())
        if "://" in place:
            text += "\n[store]\nurl = %s\n" % place
        with open(ini, "w", encoding="utf-8") as f:
            f.write(text)

    def run(self, *words, code=0, **more):
        done = subprocess.run([self.server.signoff, *words], text=True, timeout=120, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=dict(os.environ, LC_ALL="C", SIGNOFF_LOG="error", **more))
        assert done.returncode == code, done.stdout
        return done.stdout

    def copy(self, to, *more, code=0, **environment):
        return self.run("store", "copy", self.server.site, "--to", to, *more, code=code,
                        **environment)

    def refuses_to_serve(self, *words):
        done = subprocess.run([self.server.signoff, "serve", self.server.site, "--listen", "off",
                               *words], text=True, timeout=60, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert done.returncode == 1, done.stdout
        return done.stdout


@pytest.fixture
def site(server, databases):
    made = Site(server, databases)
    made.use(os.path.join(server.site, "data"))  # only when it is started again
    made.first = databases.base.rsplit("/", 1)[0] + "/" + server.database
    made.use(made.first)
    yield made
    for connection in made.connections.values():
        connection.close()
    if server.process is not None and server.process.poll() is None:
        assert server.stop() == 0
    for name in made.made:
        databases.drop(name)


def chain(server):
    """{team: (entries, head)} as the server verifies them."""
    with server.client("admin") as admin:
        found = admin.call("audit.verify")
    return found["entries"], found["head"]


def entries(path):
    """The numbers of the team's entries."""
    with sqlite3.connect(os.path.join(path, "signoff.db")) as database:
        return [row[0] for row in database.execute(
            "SELECT seq FROM entry WHERE team = 'demo' ORDER BY seq")]


def test_site_moves_to_sqlite_and_back_and_goes_on(site):
    server = site.server
    data = os.path.join(server.site, "data")
    case = assessed(site.people)
    report = upload(site.people("mei"), b"a report" * 1000)
    site.people("mei").call("case.attach", case=case.key, file=report, shared=True)
    n, head = chain(server)
    site.stop()
    said = site.copy(data)
    assert re.search(r"copied: 1 team, 1 case, %d entries" % n, said), said
    assert "verified: " in said and f"left in place, in {data}/files: 1 attached file\n" in said
    assert "must not be served any more" in said

    site.use(data)
    server.start()
    assert chain(server) == (n, head)
    agree(case, "li", "wang", "chen")
    assert case.vote("mei", "approve") == ["implementing"]
    assert len(site.people("li").call("case.get", case=case.key)["files"]) == 1
    m, head = chain(server)
    assert m > n
    site.stop()
    assert entries(data) == list(range(1, m + 1)), "no gap"

    url = site.url()
    said = site.copy(url)
    assert "url = ... under [store]" in said
    site.use(url)
    server.start()
    assert chain(server) == (m, head)
    assert case.fire("sun", "implemented") == ["verifying"]
    submitted(site.people)
    assert chain(server)[0] > m
    site.stop()
    assert "verified" in site.run("verify", server.site)


def test_copy_is_refused_while_a_server_runs_on_either(site, make_server, folder):
    said = site.copy(site.folder(), code=1)
    assert "in use" in said and "stop the server first" in said
    assert not os.path.exists(os.path.join(site.folder(), "signoff.db"))
    other = make_server(os.path.join(folder, "other"), "--demo")
    site.stop()
    target = site.databases.base.rsplit("/", 1)[0] + "/" + other.database
    said = site.copy(target, code=1)
    assert "in use" in said and "stop the server first" in said


def test_copy_into_a_site_is_refused(site, make_server, folder):
    other = make_server(os.path.join(folder, "other"), "--demo")
    assert other.stop() == 0
    site.stop()
    target = site.databases.base.rsplit("/", 1)[0] + "/" + other.database
    assert "holds a site already" in site.copy(target, code=1)
    other.start()
    with other.client("li") as li:
        li.call("server.ping")


def test_copy_killed_in_its_middle_is_served_nowhere_and_goes_on(site):
    """A transaction that holds the team's head keeps the copy where it is until it is killed."""
    submitted(site.people)
    site.stop()
    site.copy(site.folder("first"))
    url = site.url()
    # Its schema is there, and its team's head, which nobody lets go.
    subprocess.run([site.server.signoff, "store", "copy", site.server.site, "--from",
                    site.folder("first"), "--to", url], check=True, stdout=subprocess.DEVNULL)
    psql = subprocess.Popen([os.path.join(stores.programs(), "psql"), "-XAtq", url],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    empty = ("DELETE FROM signoff.%s;" * 5) % ("entry", "case_", "due", "waiting", "person")
    psql.stdin.write("SET signoff.team = 'demo'; %s DELETE FROM signoff.team_; "
                     "UPDATE signoff.head SET seq = 0, hash = '', at = 0, data_seq = 0, "
                     "case_seq = 0; INSERT INTO signoff.setting VALUES('unfinished_copy', 'true'); "
                     "BEGIN; SELECT 'held' FROM signoff.head WHERE team = 'demo' FOR UPDATE;\n"
                     % empty)
    psql.stdin.flush()
    assert psql.stdout.readline().strip() == "held"
    copy = subprocess.Popen([site.server.signoff, "store", "copy", site.server.site, "--from",
                             site.folder("first"), "--to", url])
    try:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = '%s' AND " \
                  "wait_event_type = 'Lock'" % site.made[-1]
        end = time.monotonic() + 30
        while site.databases.sql(waiting) != "1":
            assert copy.poll() is None and time.monotonic() < end
        copy.kill()
    finally:
        assert copy.wait() == -signal.SIGKILL
        psql.communicate("ROLLBACK;\n", timeout=60)
    assert "not finished" in site.refuses_to_serve("--store", url)
    said = site.copy(url, "--from", site.folder("first"))
    assert "went on with a copy" in said
    site.use(url)
    site.server.start()
    assert chain(site.server)[0] == len(entries(site.folder("first")))


def test_planted_byte_is_found_and_nothing_is_served(site):
    submitted(site.people)
    site.stop()
    site.copy(site.folder("good"))
    path = os.path.join(site.folder("good"), "signoff.db")
    with sqlite3.connect(path) as database:
        changed = database.execute(
            "UPDATE entry SET header = CAST(replace(CAST(header AS TEXT), 'Add export', "
            "'Add expert') AS BLOB) WHERE seq = (SELECT min(seq) FROM entry "
            "WHERE instr(header, CAST('Add export' AS BLOB)) > 0)").rowcount
    assert changed == 1
    url = site.url()
    said = site.copy(url, "--from", site.folder("good"), code=1)
    assert re.search(r"team demo, entry \d+: .*its hash", said), said
    assert "not finished" in site.refuses_to_serve("--store", url)
    site.copy(site.url(), "--from", site.first)  # the one that is whole


def test_no_rights_and_no_room_are_said_and_a_later_copy_goes_on(site):
    site.stop()
    url = site.url()
    user, password = re.match(r"postgres://(\w+):(\w+)@", url).groups()
    role = site.made[-1] + "_guest"
    site.databases.sql("CREATE ROLE %s LOGIN PASSWORD '%s'" % (role, password))
    try:
        said = site.copy(url.replace(user + ":", role + ":", 1), code=1)
        assert "may not make the schema" in said and "CREATE SCHEMA signoff" in said
    finally:
        site.databases.sql("DROP ROLE " + role)
    assert "password authentication failed" in site.copy(url.replace(password, "wrong"), code=1)
    said = site.copy(site.folder(), code=1, SIGNOFF_STORE_RESERVE="4000000G")
    assert "the disk is nearly full" in said
    site.copy(site.folder())


@pytest.mark.parametrize("to, code, expected", [
    (None, 2, "--to postgres://USER@HOST/DATABASE"),
    ("mysql://secret@host/db", 1, "expected postgres://USER@HOST/DATABASE, or the folder"),
    ("postgres://u:secret@127.0.0.1:1/db", 1, "127.0.0.1"),
    ("", 1, "--to: expected"),
])
def test_place_that_is_none_is_refused(site, to, code, expected):
    site.stop()
    words = [] if to is None else ["--to", to]
    said = site.run("store", "copy", site.server.site, *words, code=code)
    assert expected in said and "secret" not in said


def test_store_is_not_copied_onto_itself_nor_from_nothing(site):
    site.stop()
    assert "is in already" in site.copy(site.first, code=1)
    assert "nothing to copy" in site.copy(site.url(), "--from", site.folder("none"), code=1)
    assert not os.path.exists(site.folder("none"))


def test_copy_says_it_as_json_and_in_chinese(site):
    site.stop()
    done = json.loads(site.copy(site.folder("one"), "--json"))
    assert done["teams"] == 1 and done["entries"] >= 1 and done["rows"] > 10
    assert done["files_in"] == os.path.join(site.server.site, "data", "files")
    assert "已核验" in site.copy(site.folder("two"), "--lang", "zh")


def test_copy_shows_how_far_it_is_on_a_terminal(site):
    try:
        ours, theirs = pty.openpty()
    except OSError as why:
        pytest.skip("no pseudo-terminal here: %s" % why)
    site.stop()
    done = subprocess.run([site.server.signoff, "store", "copy", site.server.site, "--to",
                           site.folder()], stdout=theirs, stderr=theirs, timeout=120, check=True)
    os.close(theirs)
    said = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.returncode == 0 and "copying: team " in said and "verified: " in said
