# SPDX-License-Identifier: Apache-2.0
"""Several servers on one PostgreSQL: an endpoint gets its entries from one of them at a time, and from
another one when that is gone."""
import os

import databases as stores
import pytest
from receiver import OUTBOX, receivers, until  # noqa: F401
from test_nodes import CASE, nodes  # noqa: F401

pytestmark = pytest.mark.skipif(not stores.CHOICE, reason="needs SIGNOFF_TEST_STORE")


def delivering(nodes):
    """A node that may deliver to the loopback."""
    server = nodes.add(start=False)
    path = os.path.join(server.site, "signoff.ini")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    if OUTBOX not in text:
        with open(path, "a", encoding="utf-8") as f:
            f.write(OUTBOX)
    return server.start()


def test_entries_come_once_and_in_order_whoever_wrote_them(nodes, receivers):  # noqa: F811
    one, two = delivering(nodes), delivering(nodes)
    receiver = receivers()
    with one.client("li") as here, two.client("li") as there:
        first = here.call("endpoint.add", endpoint="ci", url=receiver.url, internal=True)["entry"]
        case = here.call("case.open", workflow="change_request", **CASE)["case"]
        for n in range(20):
            last = (here, there)[n % 2].call("case.comment", case=case, text="%d" % n)["entry"]
        until(lambda: there.call("endpoint.get", endpoint="ci")["seen"] >= last)
    assert [r.seq for r in receiver.requests] == list(range(first, last + 1))


def test_another_node_goes_on_where_a_dead_one_stopped(nodes, receivers):  # noqa: F811
    one, two = delivering(nodes), delivering(nodes)
    receiver = receivers()
    by = {server.process.pid: server for server in (one, two)}
    with one.client("li") as li:
        first = li.call("endpoint.add", endpoint="ci", url=receiver.url, internal=True)["entry"]
        case = li.call("case.open", workflow="change_request", **CASE)["case"]
    receiver.wait(2)
    with one.client("operator") as operator:
        assert len(operator.call("admin.nodes")["items"]) == 2
    # Whichever has the team's work: after both have been killed in turn, and begun anew, it moved.
    for dead in by.values():
        dead.kill()
        rest, = [server for server in by.values() if server is not dead]
        with rest.client("li") as li:
            for n in range(5):
                last = li.call("case.comment", case=case, text="%d" % n)["entry"]
            until(lambda: li.call("endpoint.get", endpoint="ci")["seen"] >= last, seconds=60)
        dead.start()
    seen = [r.seq for r in receiver.requests]
    assert sorted(set(seen)) == list(range(first, last + 1)), "missing"
    assert list(dict.fromkeys(seen)) == sorted(set(seen)), "out of order"
