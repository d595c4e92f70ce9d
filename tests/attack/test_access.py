# SPDX-License-Identifier: Apache-2.0
"""Who may do what: every method, every kind of name that it takes, of everybody, against the table
in access/table.py; and servers with one thing wrong, which the same judge must find."""
import os
import sys
import tempfile

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "access"), os.path.join(HERE, "..", "support"),
                os.path.join(HERE, "..", "..", "examples", "helpdesk")]

import cursors  # noqa: E402
import judge  # noqa: E402
import web  # noqa: E402
import world  # noqa: E402
from table import TABLE  # noqa: E402


def methods(made, only):
    return judge.Judge(made, judge.methods_of(made.operator), only)


def paths(made, _):
    return web.Judge(made)


def judged(binary, only=None, asks=methods, **environment):
    with tempfile.TemporaryDirectory(prefix="sgn-") as folder:
        server = world.serve(folder, binary, **environment)
        try:
            made = world.World(server)
            judged_by = asks(made, only)
            faults = judged_by.run()
            made.close()
            assert server.stop() == 0, server.log()
            said = server.log()
            assert "Sanitizer" not in said and "runtime error" not in said, said
        finally:
            server.kill()
    return judged_by.asked, faults


def test_everybody_gets_what_is_theirs_and_no_more():
    asked, faults = judged(os.path.abspath(os.environ["SIGNOFF_BINARY"]))
    assert not faults, "%d faults:\n%s" % (len(faults), "\n".join(faults))
    assert asked > 20 * len(TABLE), "the matrix was not played"


def test_everybody_gets_over_http_what_is_theirs_and_no_more():
    asked, faults = judged(os.path.abspath(os.environ["SIGNOFF_BINARY"]), asks=paths)
    assert not faults, "%d faults:\n%s" % (len(faults), "\n".join(faults))
    assert asked > 100, "nothing was asked"


def test_one_thing_wrong_is_found_over_http():
    planted = os.path.abspath(os.environ["SIGNOFF_PLANTED"])
    for plant, sign in (("file.get=18", None), ("file.get=1", "GET /files"), ("sight", "GET /files"),
                        ("watch.start=1", "GET /events as nobody"), ("admin.stats=2", "GET /metrics as ann")):
        _, faults = judged(planted, asks=paths, SIGNOFF_PLANT=plant)
        assert bool(faults) == bool(sign), (plant, faults)
        assert sign is None or any(sign in fault for fault in faults), (plant, faults)
    found = web.Judge(None)
    found.complete(web.routes_of_the_program() | {("/backdoor", "GET")})
    assert len(found.faults) == 1


@pytest.mark.parametrize("plant,only,sign", [
    ("person.list=1", ["person.list"], "person.list as nobody"),
    ("admin.stats=2", ["admin.stats"], "admin.stats as ann"),
    ("case.assign=2", ["case.assign"], "case.assign as ann"),
    ("token.list=4", ["token.list"], "token.list as ben"),
    ("server.ping=2", ["server.ping"], "server.ping as nobody"),
    ("sight", ["case.get", "case.list"], "case.get as eve"),
])
def test_one_thing_wrong_is_found(plant, only, sign):
    _, faults = judged(os.path.abspath(os.environ["SIGNOFF_PLANTED"]), only, SIGNOFF_PLANT=plant)
    assert any(sign in fault for fault in faults), faults


def test_method_or_parameter_without_a_place_is_found():
    known = {name: list(row.ids) + list(row.plain) for name, row in TABLE.items()}
    for wrong in ({**known, "case.burn": []}, {**known, "case.explain": ["case", "whole"]},
                  {name: params for name, params in known.items() if name != "case.explain"},
                  {**known, "case.explain": []}):
        found = judge.Judge(None, wrong)
        found.complete()
        assert len(found.faults) == 1, found.faults
    whole = judge.Judge(None, known)
    whole.complete()
    assert not whole.faults


def test_what_a_cursor_brings_of_others_is_found():
    own = {cursors.same({"case": "SH-1", "title": "mine", "last_use": 1})}
    assert cursors.beyond([{"case": "SH-1", "title": "mine", "last_use": 2}], own) == []
    assert len(cursors.beyond([{"case": "SH-1", "title": "mine"}, {"case": "SH-2", "title": "theirs"}], own)) == 1
    assert all(made != "7b7d" for made in cursors.tampered("7b7d")), "unchanged ones prove nothing"
