# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the end-to-end tests: a real server, on a site and on virtual time of its own.

The program is what SIGNOFF_BINARY names. Only processes started here are ended; ports are free
ones that the system gives; each test has its own folder. Nothing sleeps to let time pass.
"""
import os
import re
import shutil
import sys
import tempfile

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
HELPDESK = os.path.join(HERE, "..", "..", "examples", "helpdesk")
sys.path[:0] = [HERE, HELPDESK, os.path.join(HERE, "..", "support")]

import databases as stores  # noqa: E402
import signoff  # noqa: E402
from sites import Sites  # noqa: E402

MONDAY = "2026-01-05T09:00:00+08:00"
USUAL = r'"(change_request|acceptance|feedback|closeout|issue)"'


@pytest.fixture(scope="session")
def binary():
    path = os.environ.get("SIGNOFF_BINARY")
    if not path:
        pytest.exit("SIGNOFF_BINARY must name the program under test", returncode=2)
    return os.path.abspath(path)


@pytest.fixture
def folder():
    """A short path: a Unix socket's name holds about a hundred bytes."""
    path = tempfile.mkdtemp(prefix="sgn-")
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def databases():
    """Where the servers' data lie, see tests/support/databases.py."""
    with stores.Databases() as made:
        yield made


@pytest.fixture(scope="session")
def sites():
    """Sites that tests begin with alike, see tests/support/sites.py."""
    with Sites() as made:
        yield made


@pytest.fixture
def sqlite_only():
    """For what is about the database's file itself."""
    if stores.CHOICE:
        pytest.skip("looks at the file of SQLite")


@pytest.fixture
def make_server(binary, folder, databases, sites):  # folder: to end the servers before their folder goes
    """make_server(site, "--demo", clock=..., arguments=[...]): initialised and started. All
    that were made end with the test, gracefully, and must have had nothing to complain of: a
    sanitizer speaks at the end only. fresh: nothing has been served there yet."""
    made, given = [], []

    def make(site, *init, clock=MONDAY, arguments=(), prepare=None, start=True, fresh=False):
        server = signoff.Server(site, binary, clock=clock, arguments=arguments)
        like_others = not (fresh or made)  # two sites of one test are two: keys, tokens
        if like_others:
            sites.make(server, *init)
        else:
            server.init(*init)
        server.database = databases.give(server.site)
        given.append(server.database)
        made.append(server)
        if prepare:
            prepare(server)
        if like_others and start and clock and server.database is None:
            sites.load(server)
        return server.start() if start else server
    yield make
    try:
        for server in made:
            running = server.process is not None and server.process.poll() is None
            assert not running or server.stop() == 0, server.log()
            if server.process is not None:
                said = server.log()
                assert "Sanitizer" not in said and "runtime error" not in said, said
    finally:
        for server in made:
            server.kill()
        for name in given:
            databases.drop(name)


def few_workflows(server):
    """Of the demo's those that most tests are about: each start of a new site reads all there are."""
    path = os.path.join(server.site, "teams", "demo", "team.lua")
    with open(path, encoding="utf-8") as script:
        lines = script.readlines()
    with open(path, "w", encoding="utf-8") as script:
        script.writelines(line for line in lines
                          if not re.match(r'\s*use "', line) or re.search(USUAL, line))


@pytest.fixture
def server(make_server, folder, request):
    """A fresh demo site on virtual time; with all workflows where the test's file says ALL_WORKFLOWS."""
    every = getattr(request.module, "ALL_WORKFLOWS", False)
    return make_server(os.path.join(folder, "site"), "--demo",
                       prepare=None if every else few_workflows)


@pytest.fixture
def people(server):
    """people("li"): a logged-in connection of that person, made once."""
    connections = {}

    def of(name):
        if name not in connections:
            connections[name] = server.client(name)
        return connections[name]
    yield of
    for connection in connections.values():
        connection.close()


@pytest.fixture
def advance(people):
    """advance("3 days"): lives through the time between, on the demo site."""
    def by(duration):
        return people("li").call("clock.advance", by=duration)
    return by


@pytest.fixture
def refuses():
    """refuses("not_now", connection, method, **params): the error it is refused with."""
    def check(code, connection, method, /, **params):
        with pytest.raises(signoff.RpcError) as caught:
            connection.call(method, **params)
        assert caught.value.code == code, caught.value
        assert caught.value.message, "an error says what was wrong"
        return caught.value
    return check
