# SPDX-License-Identifier: Apache-2.0
"""A server killed in the middle of the replay loses nothing that it acknowledged.

The client keeps its own log of what was answered. When the connection breaks, the server is
started again on the same folder and the client repeats what was not answered, with the same
request_id. At the end the histories must hold exactly what the client knows, no more and no less,
and the whole must equal what an undisturbed run comes to by the oracle.
"""
import collections
import json
import os
import random
import select
import subprocess

import oracle
import pytest
import replay
import report
import signoff

TICKETS = 250
KILLS = 8


class StruckPipeline(replay.Pipeline):
    """Kills the server after so many requests, in one of two manners: at once; or when it has
    begun to answer, of which the client then reads nothing, as if the network had gone as well.
    The second is the harder one: what was done is sent again."""

    def __init__(self, server, token, moments, rng):
        super().__init__(server.connect(token), self.revive, in_flight=64)
        self.server, self.token, self.rng = server, token, rng
        self.moments, self.kills = sorted(moments), 0

    def put(self, method, params, then):
        super().put(method, params, then)
        if self.moments and self.sent >= self.moments[0]:
            self.moments.pop(0)
            self.strike()
        elif self.rng.random() < 0.2:  # small lots: the server may die between any two
            self.try_flush()

    def try_flush(self):
        try:
            self.connection.flush()
        except OSError:
            pass  # take() meets the same and revives

    def strike(self):
        unread = self.rng.random() < 0.7
        if unread:
            self.try_flush()
            if self.connection.socket.fileno() >= 0:  # it may have met the kill before
                select.select([self.connection.socket], [], [], 10)
        self.server.kill()
        self.kills += 1
        if unread:
            self.connection.close()

    def revive(self):
        self.server.start()
        return self.server.connect(self.token)


class Disturbed:
    """The rows of a log, replayed over a server that dies again and again."""

    def __init__(self, server, rows):
        seed = int(os.environ.get("SIGNOFF_SEED") or 7)
        print("SIGNOFF_SEED=%d repeats this run" % seed)
        rng = random.Random(seed)
        token = replay.make_desk(server)
        quiet = replay.Pipeline(server.connect(token))
        replay.make_customers(quiet, rows)
        quiet.connection.close()
        # Each event is a clock.advance and a case.fire, or a case.fire alone.
        requests = len(rows) + len({row["at"] for row in rows})
        moments = [rng.randrange(10, requests) for _ in range(KILLS)]
        self.server, self.rows = server, rows
        pipeline = StruckPipeline(server, token, moments, rng)
        self.run = replay.Replay(pipeline, rows, careful=True)
        self.run.run()
        assert pipeline.kills == KILLS
        self.entries = report.histories(self.run.pipeline, list(self.run.cases.values()))

    def check_told_is_kept(self):
        """What the client was told, in the order in which it was told, is what is there."""
        run, told = self.run, collections.defaultdict(list)
        for ticket, event, result in run.acknowledged:
            told[run.cases[ticket]].append((result["entry"], event))
        for key, some in self.entries.items():
            kept = [(entry["seq"], entry.get("event")) for entry in some
                    if entry["kind"] == "fire"]
            assert kept == [pair for pair in told[key] if pair[1] is not None], key
            opens = [entry["seq"] for entry in some if entry["kind"] == "open"]
            assert opens == [seq for seq, event in told[key] if event is None], key
        comments = sum(entry["kind"] == "comment"
                       for some in self.entries.values() for entry in some)
        assert comments == run.comments == len(run.refused)
        assert len(run.acknowledged) - len(run.cases) + len(run.refused) == len(self.rows)

    def check_rungs(self):
        """None fired twice, and none earlier than it was due."""
        for key, some in self.entries.items():
            for entry in some:
                if entry["kind"] == "deadline":
                    assert report.milliseconds(entry["due"]) <= report.milliseconds(entry["at"])
            fired = collections.Counter(report.Story(some, 0).fired)
            assert all(n == 1 for n in fired.values()), (key, fired)

    def check_chain(self):
        """The chain is whole, and folding each case's entries gives its row."""
        self.run.pipeline.connection.close()
        assert self.server.stop() == 0
        done = subprocess.run([self.server.signoff, "verify", self.server.site],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        assert done.returncode == 0, done.stdout


@pytest.fixture
def desk(make_server, folder):
    return make_server(os.path.join(folder, "site"), clock=replay.START,
                       prepare=lambda made: replay.copy_team(made.site))


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(desk):
    disturbed = Disturbed(desk, replay.read_log(TICKETS))
    disturbed.check_told_is_kept()
    disturbed.check_rungs()
    # And the whole is what an undisturbed run comes to.
    with open(oracle.TABLE, encoding="utf-8") as f:
        table = json.load(f)
    expected, expected_detail = oracle.compute(oracle.read_log(limit=TICKETS), table)
    summary, detail = report.summarise(disturbed.run.pipeline, disturbed.run)
    assert detail == expected_detail
    assert summary == expected
    disturbed.check_chain()


def test_full_pipeline_survives_as_well(desk):
    """Time stands still, so that the pipeline is always full when the server dies."""
    rows = [dict(row, at="2010-01-14T00:00:00+00:00") for row in replay.read_log(TICKETS)]
    disturbed = Disturbed(desk, rows)
    disturbed.check_told_is_kept()
    disturbed.check_chain()


def test_repeated_request_after_a_crash_is_answered_as_before(make_server, folder):
    server = make_server(os.path.join(folder, "site"))
    with server.client("admin") as admin:
        params = {"workflow": "change_request", "project": "demo", "request_id": "once",
                  "fields": {"summary": "Add export", "reason": "Auditors ask for it"}}
        first = admin.call("case.open", **params)
    server.kill()
    server.start()
    with server.client("admin") as admin:
        assert admin.call("case.open", **params) == first
        assert len(admin.call("case.list")["items"]) == 1
        with pytest.raises(signoff.RpcError) as caught:
            admin.call("case.open", **dict(params, comment="another"))
        assert caught.value.code == "conflict"
