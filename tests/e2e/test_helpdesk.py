# SPDX-License-Identifier: Apache-2.0
"""The whole log of the help desk through the protocol comes to what plain arithmetic says."""
import copy
import json
import os
import subprocess
import sys

import oracle
import pytest
import replay


@pytest.fixture(scope="module")
def replayed(binary):
    """What replay.py prints for the whole log, made once."""
    program = os.path.join(os.path.dirname(replay.__file__), "replay.py")
    done = subprocess.run([sys.executable, program, "--signoff", binary, "--json", "--detail"],
                          stdout=subprocess.PIPE, check=True, timeout=560)
    summary = json.loads(done.stdout)
    return summary, summary.pop("by_ticket")


@pytest.fixture(scope="module")
def table():
    with open(oracle.TABLE, encoding="utf-8") as f:
        return json.load(f)


@pytest.fixture(scope="module")
def log():
    return oracle.read_log()


def test_log_holds_the_known_facts(log):
    tickets = {}
    for row in log:
        tickets.setdefault(row["ticket"], []).append(row)
    closed = [[row["activity"] for row in rows].index("Closed") if any(
        row["activity"] == "Closed" for row in rows) else None for rows in tickets.values()]
    assert len(log) == 21348 and len(tickets) == 4580
    assert len({row["customer"] for row in log}) == 397
    assert sum(any(a["at"] == b["at"] for a, b in zip(rows, rows[1:]))
               for rows in tickets.values()) == 129
    assert sum(at is None for at in closed) == 21
    assert sum(len(rows) - 1 - at for rows, at in zip(tickets.values(), closed)
               if at is not None) == 19
    for name, n in (("customer", 7), ("service_level", 43)):
        assert sum(len({row[name] for row in rows}) > 1 for rows in tickets.values()) == n


def test_replay_equals_the_oracle(replayed, log, table):
    summary, detail = replayed
    expected, expected_detail = oracle.compute(log, table)
    different = {ticket: (detail.get(ticket), want) for ticket, want in expected_detail.items()
                 if detail.get(ticket) != want}
    assert not different, "first tickets that differ: %s" % dict(list(different.items())[:5])
    assert summary == expected


# The comparison must notice each of these lies about the process.
FAULTS = {
    "a succession too many": lambda t: t["allowed"]["resolved"].update(
        {"Resolve ticket": "resolved"}),
    "a succession too few": lambda t: t["allowed"]["upgrade"].pop("VERIFIED"),
    "another target": lambda t: t["allowed"]["anomaly"].update(
        {"Resolve SW anomaly": "upgrade"}),
    "no pause": lambda t: t.update(paused=[]),
    "another pause": lambda t: t.update(paused=["waiting", "intervention"]),
    "an hour more": lambda t: t["hours"]["response"].update({"2": 25}),
    "any colleague": lambda t: t.update(colleague_only={}),
    "a queue too small": lambda t: t.update(queue=["new", "inserted"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(replayed, log, table, fault):
    wrong = copy.deepcopy(table)
    FAULTS[fault](wrong)
    assert oracle.compute(log, wrong) != replayed
