# SPDX-License-Identifier: Apache-2.0
"""Several servers on one PostgreSQL, side by side: what one has done the others know."""
import os
import shutil
import subprocess

import databases as stores
import pytest
import signoff

pytestmark = pytest.mark.skipif(not stores.CHOICE, reason="needs SIGNOFF_TEST_STORE")
CASE = {"project": "acme-erp",
        "fields": {"summary": "Add export", "reason": "Auditors ask for it"}}


class Nodes:
    """Servers a, b, ... each in a folder of its own, made of the first one's, on one database."""

    def __init__(self, binary, folder, databases):
        self.binary, self.folder, self.databases = binary, folder, databases
        self.all, self.name = [], None

    def add(self, clock=None, start=True, before=()):
        server = signoff.Server(os.path.join(self.folder, "n%d" % len(self.all)), self.binary,
                                clock=clock)
        if self.all:
            shutil.copytree(self.all[0].site, server.site, ignore=shutil.ignore_patterns(
                "data", "*.sock", "server.log"))
        else:
            server.init("--demo")
            self.name = server.database = self.databases.give(server.site)
        self.all.append(server)
        return server.start() if start else server

    def end(self):
        try:
            for server in self.all:
                if server.process is not None and server.process.poll() is None:
                    assert server.stop() == 0, server.log()
                if server.process is not None:
                    said = server.log()
                    assert "Sanitizer" not in said and "runtime error" not in said, said
        finally:
            for server in self.all:
                server.kill()
            self.databases.drop(self.name)


@pytest.fixture
def nodes(binary, folder, databases):
    made = Nodes(binary, folder, databases)
    yield made
    made.end()


def opened(li):
    return li.call("case.open", workflow="change_request", **CASE)["case"]


def events(connection, case):
    allowed = connection.call("case.allowed", case=case)["events"]
    return [one["event"] for one in allowed if "event" in one and one["allowed"]]


def hosts(server):
    with server.client("operator") as operator:
        return operator.call("admin.nodes")["items"]


def test_what_one_node_did_the_other_answers_at_once(nodes):
    a, b = nodes.add(), nodes.add()
    with a.client("li") as here, b.client("li") as there:
        case = opened(here)
        assert there.call("case.get", case=case)["case"] == case
        assert case in [one["case"] for one in there.call("case.list")["items"]]
        for i in range(20):
            one, other = (here, there) if i % 2 else (there, here)
            entry = one.call("case.comment", case=case, text="number %d" % i)["entry"]
            seen = other.call("case.history", case=case, limit=1)["items"][0]
            assert seen["seq"] == entry and seen["comment"] == "number %d" % i
        rev = here.call("case.edit", case=case, fields={"summary": "Import"})["rev"]
        row = there.call("case.get", case=case)
        assert row["fields"]["summary"] == "Import" and row["rev"] == rev


def test_events_that_one_node_made_impossible_the_other_refuses(nodes, refuses):
    a, b = nodes.add(), nodes.add()
    with a.client("li") as here, b.client("li") as there:
        case = opened(here)
        assert "submit" in events(there, case)
        here.call("case.fire", case=case, event="submit")
        assert "submit" not in events(there, case)
        refuses("not_now", there, "case.fire", case=case, event="submit")


def test_token_that_one_node_revoked_the_other_refuses_at_once(nodes, refuses):
    a, b = nodes.add(), nodes.add()
    with a.client("li") as here:
        made = here.call("token.create", person="li", name="laptop")
        with b.connect(made["token"]) as laptop:
            case = opened(laptop)
            laptop.call("case.get", case=case)
            here.call("token.revoke", id=made["id"])
            refuses("unauthenticated", laptop, "case.get", case=case)
            refuses("unauthenticated", laptop, "case.comment", case=case, text="still here")
            refuses("unauthenticated", laptop, "case.list")


def test_keys_and_numbers_have_neither_gap_nor_double(nodes):
    a, b = nodes.add(), nodes.add()
    with a.client("li") as here, b.client("li") as there:
        for connection in (here, there) * 20:
            connection.send("case.open", dict(CASE, workflow="change_request"))
        keys = [c.receive()["result"]["case"] for c in (here, there) for _ in range(20)]
        assert sorted(int(key.split("-")[1]) for key in keys) == list(range(1, 41))
    assert a.stop() == 0 and b.stop() == 0
    said = subprocess.run([nodes.binary, "verify", a.site], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)
    assert said.returncode == 0, said.stdout


def test_nodes_are_listed_until_they_end(nodes):
    a, b = nodes.add(), nodes.add()
    listed = hosts(a)
    assert sorted(one["address"] for one in listed) == sorted(
        "127.0.0.1:%d" % server.port for server in (a, b))
    assert [one["address"] for one in listed if one["here"]] == ["127.0.0.1:%d" % a.port]
    said = subprocess.run([nodes.binary, "node", "list", "--operator", "--site", b.site],
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                          check=False)
    assert said.returncode == 0 and "127.0.0.1:%d" % a.port in said.stdout, said.stdout
    assert b.stop() == 0
    assert len(hosts(a)) == 1


def test_site_on_virtual_time_refuses_a_second_node_and_goes_on(nodes):
    a = nodes.add(clock="2026-01-05T09:00:00+08:00")
    b = nodes.add(start=False)
    with pytest.raises(RuntimeError) as caught:
        b.start()
    assert "in use by another server" in str(caught.value)
    assert "virtual time" in str(caught.value)
    with a.client("li") as li:
        assert opened(li)


def test_command_that_needs_the_store_alone_is_refused_while_nodes_serve(nodes):
    nodes.add()
    b = nodes.add(start=False)
    said = subprocess.run([nodes.binary, "verify", b.site], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
    assert said.returncode == 1 and "in use by another server" in said.stdout, said.stdout
