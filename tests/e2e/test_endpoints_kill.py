# SPDX-License-Identifier: Apache-2.0
"""The server is killed while it delivers: what was sent and not answered comes again under the same
id, and nothing is missing. A server whose cursor moves too early is found by the same judge."""
import os

import pytest
from receiver import receivers, sender, until  # noqa: F401

FIELDS = {"summary": "Export", "reason": "Auditors ask"}
HASTY = os.environ.get("SIGNOFF_HASTY", "")


class Killer:
    """Answers 200 but to the entries that it is to kill at: there the server ends, before the
    answer or after it."""

    def __init__(self, server, receiver, at, before):
        self.server, self.at = server, set(at)
        self.acknowledged, self.killed = [], []
        receiver.answer = self.answer if before else self.acknowledge
        receiver.after = None if before else self.after

    def acknowledge(self, request):
        self.acknowledged.append((request.seq, request.id))
        return 200

    def is_due(self, request):
        due = request.seq in self.at and request.seq not in self.killed
        if due:
            self.killed.append(request.seq)
        return due

    def answer(self, request):
        if not self.is_due(request):
            return self.acknowledge(request)
        until(self.lane_has_answered)
        self.server.kill()
        return None

    def lane_has_answered(self):
        """Behind all that was asked of the lane before this; a server that has just started may
        deliver before it listens."""
        try:
            with self.server.client("li") as li:
                return li.call("endpoint.get", endpoint="ci")
        except OSError:
            return None

    def after(self, request):
        if self.is_due(request):
            self.server.kill()


def run_killed(server, receiver, before):
    """Ten entries, three kills; gives the killer and the numbers that had to arrive."""
    killer = Killer(server, receiver, [], before)
    with server.client("li") as li:
        li.call("endpoint.add", endpoint="ci", url=receiver.url, internal=True)
        li.call("endpoint.disable", endpoint="ci")  # what has arrived by then is not judged
        opened = li.call("case.open", workflow="change_request", project="acme-erp", fields=FIELDS)
        case, first = opened["case"], opened["entry"]
        for n in range(10):
            last = li.call("case.comment", case=case, text="%d" % n)["entry"]
        killer.at = {last - 7, last - 4, last - 1}
        li.call("endpoint.enable", endpoint="ci")
    for n in range(3):
        until(lambda n=n: len(killer.killed) > n and server.process.poll() is not None)
        server.start()
    until(lambda: any(seq >= last for seq, _ in killer.acknowledged))
    return killer, set(range(first, last + 1))


def judge(killer, wanted, requests):
    missing = wanted - {seq for seq, _ in killer.acknowledged}
    assert not missing, "never acknowledged: %s" % sorted(missing)
    ids = {}
    for request in requests:
        assert ids.setdefault(request.seq, request.id) == request.id, "another id at a repetition"
    firsts = list(dict.fromkeys(seq for seq, _ in killer.acknowledged))
    assert firsts == sorted(firsts), "out of order"


@pytest.mark.parametrize("before", [True, False], ids=["before its answer", "after its answer"])
def test_killed_between_post_and_cursor_sends_again_and_misses_nothing(sender, receivers, before):  # noqa: F811
    receiver = receivers()
    killer, wanted = run_killed(sender(), receiver, before)
    judge(killer, wanted, list(receiver.requests))
    for seq in killer.killed if before else []:
        assert sum(r.seq == seq for r in receiver.requests) == 2


def test_a_cursor_that_moves_before_the_answer_is_found(sender, receivers):  # noqa: F811
    assert HASTY, "SIGNOFF_HASTY must name the server with the planted fault"
    receiver = receivers()
    server = sender()
    server.stop()
    server.signoff = HASTY
    server.start()
    killer, wanted = run_killed(server, receiver, before=True)
    with pytest.raises(AssertionError, match="never acknowledged"):
        judge(killer, wanted, list(receiver.requests))
