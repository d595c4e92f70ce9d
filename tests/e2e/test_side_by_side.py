# SPDX-License-Identifier: Apache-2.0
"""Teams of one server on PostgreSQL that write at the same time."""
import os
import shutil
import subprocess
import time

import databases as stores
import pytest
import signoff
from postgres import programs

pytestmark = pytest.mark.skipif(not stores.CHOICE, reason="needs SIGNOFF_TEST_STORE")
TEAMS = ["demo"] + ["team%d" % i for i in range(1, 8)]


@pytest.fixture
def serve(binary, folder, databases):
    """serve("[store] settings"): a server with eight teams."""
    made = []

    def begin(settings=""):
        server = signoff.Server(os.path.join(folder, "s%d" % len(made)), binary)
        server.init("--demo")
        teams = os.path.join(server.site, "teams")
        for team in TEAMS[1:]:
            shutil.copytree(os.path.join(teams, "demo"), os.path.join(teams, team))
            path = os.path.join(teams, team, "team.lua")
            with open(path, encoding="utf-8") as f:
                text = f.read()
            with open(path, "w", encoding="utf-8") as f:
                f.write(text.replace('team "demo"', 'team "%s"' % team))
        server.database = databases.give(server.site)
        with open(os.path.join(server.site, "signoff.ini"), "a", encoding="utf-8") as ini:
            ini.write(settings)
        made.append(server)
        return server.start()

    yield begin
    for server in made:
        server.kill()
        databases.drop(server.database)


def url(databases, server):
    return "%s/%s" % (databases.base.rsplit("/", 1)[0], server.database)


def ask(databases, server, sql):
    return subprocess.run([os.path.join(programs(), "psql"), "-XAtq", url(databases, server), "-c",
                           sql], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def number(databases, server, team):
    """Of the team's last entry."""
    return int(ask(databases, server,
                   "SET signoff.team = '%s'; SELECT coalesce(max(seq), 0) FROM signoff.head" % team))


def add_person(operator, team, name):
    return operator.send("person.create", {"team": team, "person": name, "title": name})


class Hold:
    """Another node, as the database sees it: it has a team's head until release()."""

    def __init__(self, databases, server, team):
        self.psql = subprocess.Popen(
            [os.path.join(programs(), "psql"), "-XAtq", url(databases, server)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.psql.stdin.write("BEGIN; SET LOCAL signoff.team = '%s';\n"
                              "SELECT 'held' FROM signoff.head FOR UPDATE;\n" % team)
        self.psql.stdin.flush()
        assert self.psql.stdout.readline() == "held\n"

    def release(self):
        self.psql.communicate("ROLLBACK;\n")


def answers(connection, n):
    for _ in range(n):
        answer = connection.receive()
        assert "result" in answer, answer


def test_team_whose_head_another_node_holds_keeps_no_other_commit_waiting(serve, databases):
    server = serve()
    last, rest = TEAMS[-1], TEAMS[:-1]
    with server.client("operator") as first, server.client("operator") as many:
        for team in TEAMS:
            add_person(first, team, "p")
        answers(first, len(TEAMS))
        before = {team: number(databases, server, team) for team in rest}
        # The turn of the last team waits, and all others come together into the next one.
        held, door = Hold(databases, server, "demo"), Hold(databases, server, last)
        add_person(first, last, "q")
        first.flush()
        for team in rest:
            add_person(many, team, "q")
        many.flush()
        with server.connect() as anyone:
            for _ in range(2):  # by the second answer all has been read
                anyone.call("server.ping")
        door.release()
        end = time.monotonic() + 8
        while time.monotonic() < end and any(
                number(databases, server, team) == before[team] for team in rest[1:]):
            time.sleep(0.02)
        for team in rest[1:]:
            assert number(databases, server, team) > before[team], team
        assert number(databases, server, "demo") == before["demo"]
        held.release()
        answers(first, 1)
        answers(many, len(rest))
    assert number(databases, server, "demo") == before["demo"] + 1
    assert server.stop() == 0


@pytest.mark.parametrize("settings, most", [("", 4), ("connections = 2\n", 2),
                                            ("connections = 1\n", 1)])
def test_connections_that_write_are_as_many_as_the_settings_say(serve, databases, binary,
                                                                settings, most):
    server = serve(settings)
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() " \
            "AND application_name = 'signoff'"
    idle = int(ask(databases, server, count))
    with server.client("operator") as operator:
        for i in range(20):
            for team in TEAMS:
                add_person(operator, team, "p%d" % i)
        answers(operator, 20 * len(TEAMS))
    assert int(ask(databases, server, count)) - idle == most - 1
    assert server.stop() == 0
    said = subprocess.run([binary, "verify", server.site], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)
    assert said.returncode == 0, said.stdout
