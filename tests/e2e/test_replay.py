# SPDX-License-Identifier: Apache-2.0
"""Recorded histories by changed rules: the same rules give no difference, and what a change would
have decided otherwise is named, decision by decision. Nothing is written."""
import hashlib
import json
import os
import subprocess

import pytest

from test_versions import CHANGE, ONE, TEAM, TWO, open_case, prepare, vote


@pytest.fixture
def server(make_server, folder):
    return make_server(os.path.join(folder, "site"), "--demo", prepare=prepare)


def history(people, advance):
    li = people("li")
    late, voted, stray = open_case(li), open_case(li), open_case(li)
    li.call("case.fire", case=voted, event="decide")
    li.call("case.fire", case=stray, event="stray", comment="gone")
    for who in ("li", "wang", "chen"):
        vote(people, who, voted)
    advance("11 days")
    return late, voted, stray


def replay(binary, server, folder, text, *words):
    new = os.path.join(folder, "new", "demo", "workflows")
    os.makedirs(new, exist_ok=True)
    with open(os.path.join(new, "..", "team.lua"), "w", encoding="utf-8") as file:
        file.write(TEAM)
    with open(os.path.join(new, "change.lua"), "w", encoding="utf-8") as file:
        file.write(text)
    done = subprocess.run([binary, "replay", os.path.dirname(new), "--on", server.site, *words],
                          env=dict(os.environ, HOME=folder, LANG="C.UTF-8"), text=True,
                          capture_output=True, timeout=120)
    assert done.returncode == 0, (done.stdout, done.stderr)
    return done.stdout if "--json" not in words else json.loads(done.stdout)


def digest_of(server):
    with open(os.path.join(server.site, "data", "signoff.db"), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def groups(report):
    return {(g["kind"], g["about"]): [i["case"] for i in g["items"]] for g in report["groups"]}


def test_replay_names_what_would_be_different_and_writes_nothing(sqlite_only, binary, server, people, advance, folder):
    late, voted, stray = history(people, advance)
    server.stop()
    replay(binary, server, folder, CHANGE % ONE)  # whatever opening a store tidies up is done
    before = digest_of(server)
    same = replay(binary, server, folder, CHANGE % dict(ONE, version=2), "--json")
    assert same["judged"] == same["same"] >= 11 and same["different"] == 0, same
    assert same["not_judged"] == 0, same

    two = replay(binary, server, folder,
                 (CHANGE % dict(ONE, version=2)).replace("at_least(3)", "at_least(2)"), "--json")
    found = groups(two)
    assert found[("approval", "deciding")] == [voted]  # the second ballot decides already
    assert found[("refused", "not_now")] == [voted]    # and the third comes too late
    text = replay(binary, server, folder,
                  (CHANGE % dict(ONE, version=2)).replace("at_least(3)", "at_least(2)"))
    assert "change: 1 would be refused: it has no place where the case then stands\n" in text
    assert "not_now" not in text

    slow = replay(binary, server, folder,
                  (CHANGE % dict(ONE, version=2)).replace('"10 days"', '"20 days"'), "--json")
    found = groups(slow)
    assert found[("deadline", "screening")] == [late, voted, stray]
    assert late in found[("refused", "not_now")]  # its rungs would not have been due then

    gone = groups(replay(binary, server, folder, CHANGE % dict(TWO, migrate=""), "--json"))
    assert stray in gone[("stuck", "screening")]
    text = replay(binary, server, folder, CHANGE % dict(TWO, migrate=""))
    assert "would stand where there is nothing: screening" in text
    assert digest_of(server) == before
