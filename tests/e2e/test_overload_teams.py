# SPDX-License-Identifier: Apache-2.0
"""One team floods the server; the other one hardly notices, and whoever asks too much is told when
to come again."""
import os
import time

import pytest
import signoff

FLIP = """return workflow "flip" { key = "FL", roles = { "pm" }, fields = { note = text {} },
  state "up"   { on "flip" { by = "pm", to = "down" } },
  state "down" { on "flip" { by = "pm", to = "up" } } }
"""
CASES = 20


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


class Team:
    """A team of one person, with cases."""

    def __init__(self, server, operator, name):
        self.server = server
        operator.call("person.create", team=name, person="wang", title="Wang", lead=True)
        self.token = operator.call("token.create", team=name, person="wang")["token"]
        self.desk = server.connect(self.token)
        self.desk.call("project.create", project="p", title="P")
        self.desk.call("project.member.add", project="p", person="wang", role="pm")
        self.cases = [self.desk.call("case.open", workflow="flip", project="p",
                                     fields={"note": "x" * 2000})["case"] for _ in range(CASES)]
        self.asked = 0

    def comment(self, connection):
        """Queues one more request."""
        self.asked += 1
        connection.send("case.comment", {"case": self.cases[self.asked % CASES], "text": "still"})

    def one(self):
        """One request and its answer; gives the seconds that it took."""
        begun = time.monotonic()
        self.comment(self.desk)
        assert "result" in self.desk.receive()
        return time.monotonic() - begun


@pytest.fixture
def two_teams(make_server, folder):
    """two_teams("queue = 100"): a server on real time with these limits, and its teams."""
    def start(limits=""):
        def prepare(server):
            for name in ("north", "south"):
                write(os.path.join(server.site, "teams", name, "team.lua"),
                      'return team "%s" { use "flip" }' % name)
                write(os.path.join(server.site, "teams", name, "workflows", "flip.lua"), FLIP)
            with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
                f.write("\n[limits]\n%s\n" % limits)
        server = make_server(os.path.join(folder, "site"), clock=None, prepare=prepare)
        with server.client("operator") as operator:
            return server, Team(server, operator, "north"), Team(server, operator, "south")
    return start


def stats(server):
    with server.client("operator") as operator:
        return operator.call("admin.stats")


def flood(team, connections, each):
    """Connections of the team whose requests are all sent and not yet answered."""
    made = [team.server.connect(team.token) for _ in range(connections)]
    for connection in made:
        for _ in range(each):
            team.comment(connection)
    for connection in made:
        connection.flush()
    return made


def answers(connections, each):
    """All of them; gives how many were refused, and the last refusal."""
    refused, last = 0, None
    for connection in connections:
        for _ in range(each):
            answer = connection.receive()
            if "error" in answer:
                assert answer["error"]["data"]["code"] == "overloaded"
                refused, last = refused + 1, answer["error"]
    return refused, last


def test_a_team_that_floods_does_not_hold_up_another(two_teams):
    """5,000 requests of north wait. South's are answered each in a small part of the time that
    those take: by the order in which they came it would be after all of them."""
    server, north, south = two_teams("batch_ms = 5")
    south.one()
    begun = time.monotonic()
    connections = flood(north, 25, 200)
    took = [south.one() for _ in range(5)]
    waiting = stats(server)["engine"]["queue"]
    refused, _ = answers(connections, 200)
    whole = time.monotonic() - begun
    assert refused == 0
    assert waiting > 0, "the flood was over before anybody could be held up by it"
    assert sorted(took)[2] < whole / 8, (took, whole)
    for connection in connections:
        connection.close()


def test_lists_of_one_team_leave_room_for_another(two_teams):
    server, north, south = two_teams()
    connections = [server.connect(north.token) for _ in range(40)]
    for connection in connections:
        for _ in range(20):
            connection.send("case.list", {"text": "nowhere", "limit": 50})
    for connection in connections:
        connection.flush()
    begun = time.monotonic()
    for _ in range(5):
        assert len(south.desk.call("case.list")["items"]) == CASES
    took = (time.monotonic() - begun) / 5
    for connection in connections:
        for _ in range(20):
            assert connection.receive()["result"]["items"] == []
        connection.close()
    whole = time.monotonic() - begun
    assert took < whole / 8, (took, whole)


def test_what_is_too_much_is_refused_at_once_and_says_when(two_teams):
    server, north, south = two_teams("team_queue = 100\nqueue = 150")
    before = north.desk.call("audit.verify")["entries"]
    connections = flood(north, 20, 250)
    assert south.one() >= 0  # there is room for the other one
    refused, error = answers(connections, 250)
    assert refused > 0
    assert error["code"] == 1011
    assert "of this team wait already; try again in" in error["message"]
    assert 200 <= error["data"]["retry_after_ms"] <= 60000
    shown = stats(server)
    assert shown["connections"]["overloaded"] >= refused
    # What was refused changed nothing, and the same request is taken later.
    assert north.desk.call("audit.verify")["entries"] == before + 5000 - refused
    north.one()
    for connection in connections:
        connection.close()


def test_a_list_that_takes_too_long_is_ended(two_teams):
    """A list may read for a millisecond here. The engine's lane goes on meanwhile."""
    server, north, _ = two_teams("query_ms = 1")
    for _ in range(30):
        for _ in range(20):
            north.desk.send("case.open", {"workflow": "flip", "project": "p",
                                          "fields": {"note": "long " * 3000}})
        for _ in range(20):
            assert "result" in north.desk.receive()
    with server.connect(north.token) as asking:
        with pytest.raises(signoff.RpcError) as caught:
            for _ in range(20):
                asking.call("case.list", text="needle in a haystack")
        assert caught.value.code == "overloaded"
        assert "the list took longer than 1 ms; narrow it" in caught.value.message
        north.one()
        asking.call("case.get", case=north.cases[0])
