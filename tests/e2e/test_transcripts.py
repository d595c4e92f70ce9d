# SPDX-License-Identifier: Apache-2.0
"""Protocol transcripts: files that anyone can read and write, played against a server.

tests/e2e/rpc/*.rpc, line by line:

    # a comment
    A as li                  connection A opens and logs in with li's token (operator, admin too)
    A> {...}                 sent as it stands, as one line; any text may stand here
    A< {...}                 the next line that comes must be this JSON
    A~ {...}                 the next line must hold at least this: objects may have more members
    A closed                 the server has closed the connection
    A end                    we end our side; answers may still come

A name that was not seen before opens a connection without login. In what is expected "$any" is
any value, "$name" the same value wherever it stands again, and in what is sent "$name" is put
in as it was bound, when it stands as a whole string.
"""
import glob
import json
import os
import re

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = sorted(glob.glob(os.path.join(HERE, "rpc", "*.rpc")))
STEP = re.compile(r"^([A-Z])( as |>|<|~| closed$| end$)(.*)$")


def matches(wanted, got, bound, loose):
    """Is got what is wanted? Binds names that are met for the first time."""
    if isinstance(wanted, str) and wanted.startswith("$"):
        if wanted == "$any":
            return True
        return bound.setdefault(wanted, got) == got
    if isinstance(wanted, dict) and isinstance(got, dict):
        if not (wanted.keys() <= got.keys() if loose else wanted.keys() == got.keys()):
            return False
        return all(matches(wanted[key], got[key], bound, loose) for key in wanted)
    if isinstance(wanted, list) and isinstance(got, list):
        return len(wanted) == len(got) and all(
            matches(one, other, bound, loose) for one, other in zip(wanted, got))
    return type(wanted) is type(got) and wanted == got


def filled(text, bound):
    """The text to send, with bound names put in."""
    return re.sub(r'"(\$[a-z_]+)"', lambda m: json.dumps(bound[m[1]]) if m[1] in bound else m[0],
                  text)


class Player:
    def __init__(self, server):
        self.server, self.connections, self.bound = server, {}, {}

    def connection(self, name):
        if name not in self.connections:
            self.connections[name] = self.server.connect()
        return self.connections[name]

    def play(self, where, name, what, rest):
        if what == " as ":
            self.connections[name] = self.server.client(rest.strip())
        elif what == ">":
            self.connection(name).send_bytes(filled(rest.strip(), self.bound).encode() + b"\n")
        elif what == " end":
            self.connection(name).socket.shutdown(1)
        elif what == " closed":
            assert self.connection(name).receive_line() is None, "%s: still open" % where
        else:
            got = self.connection(name).receive_line()
            wanted = json.loads(rest)
            assert matches(wanted, got, self.bound, what == "~"), "%s: got %s" % (
                where, json.dumps(got, ensure_ascii=False))

    def close(self):
        for connection in self.connections.values():
            connection.close()


def steps(path):
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            line = line.rstrip("\n")
            if not line.strip() or line.startswith("#"):
                continue
            step = STEP.match(line)
            where = "%s:%d" % (os.path.basename(path), number)
            assert step, "%s: not a step: %s" % (where, line)
            yield where, step[1], step[2].rstrip() if step[2] != " as " else " as ", step[3]


@pytest.mark.parametrize("path", FILES, ids=[os.path.basename(path) for path in FILES])
def test_transcript(server, path):
    player = Player(server)
    played = 0
    try:
        for where, name, what, rest in steps(path):
            player.play(where, name, what, rest)
            played += 1
    finally:
        player.close()
    assert played, "%s holds no step" % path


def test_there_are_transcripts():
    assert len(FILES) >= 5
