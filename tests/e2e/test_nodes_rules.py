# SPDX-License-Identifier: Apache-2.0
"""Several servers on one PostgreSQL whose folders say different rules: those in force are the
store's, the same on all of them."""
import databases as stores
import pytest
from test_nodes import nodes  # noqa: F401
from test_reload import prepare, visit

pytestmark = pytest.mark.skipif(not stores.CHOICE, reason="needs SIGNOFF_TEST_STORE")


def rules(server):
    with server.client("operator") as operator:
        return operator.call("admin.teams")["items"][0]["rules"]


def version(server):
    """That it opens a case with, and then says is in force."""
    with server.client("li") as li:
        key = li.call("case.open", workflow="visit", project="acme-erp", fields={})["case"]
        case = li.call("case.get", case=key)
        assert case["states"] == ["planned"]
        assert li.call("workflow.get", workflow="visit")["version"] == case["version"]
        return case["version"]


def test_node_whose_folder_differs_serves_what_is_in_force_and_says_so(nodes):
    one, two = nodes.add(start=False), nodes.add(start=False)
    for server in (one, two):
        prepare(server)
    one.start()
    assert version(one) == 1
    visit(two, version=2, to="reported")
    two.start()
    assert "folder's rules are not those in force" in two.log()
    assert (rules(one), rules(two)) == ("current", "stored")
    assert version(two) == 1
    assert version(one) == 1

    with two.client("admin") as admin:
        assert admin.call("workflow.check")["rules"] == "stored"
        assert admin.call("workflow.reload")["entry"] > 0
    assert version(one) == 2, "the first command after a reload goes by it, on any node"
    assert (rules(one), rules(two)) == ("stored", "current")

    assert one.stop() == 0
    one.start()  # its folder still says version 1
    assert rules(one) == "stored" and version(one) == 2
    with one.client("admin") as admin:
        health = admin.call("server.health")["engine"]["teams"]
        assert health == {"current": 0, "old": 0, "stored": 1, "none": 0}
        audit = admin.call("audit.verify")
        assert audit["entries"] > 5


def test_node_that_starts_alone_puts_its_folder_in_force(nodes):
    one, two = nodes.add(start=False), nodes.add(start=False)
    for server in (one, two):
        prepare(server)
    visit(two, version=2, to="reported")
    one.start()
    assert one.stop() == 0
    two.start()
    assert rules(two) == "current" and version(two) == 2
    one.start()
    assert rules(one) == "stored" and version(one) == 2
