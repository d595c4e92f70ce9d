# SPDX-License-Identifier: Apache-2.0
"""Several servers on one PostgreSQL, side by side: what one has done the others know."""
import datetime
import os
import shutil
import struct
import subprocess
import threading
import time

import databases as stores
import pytest
import signoff

pytestmark = pytest.mark.skipif(not stores.CHOICE, reason="needs SIGNOFF_TEST_STORE")
SHIFT_CLOCK = os.environ.get("SIGNOFF_SHIFT_CLOCK", "")  # a library to be preloaded
BUSY = 4  # seconds that a busy machine may add
CASE = {"project": "acme-erp",
        "fields": {"summary": "Add export", "reason": "Auditors ask for it"}}


PING = """return workflow "ping" {
  key = "PI", roles = { "pm" }, start = "idle",
  state "idle" { on "go" { by = "pm", to = "gone" }, on "wait" { by = "pm", to = "waiting" } },
  state "gone" { enter = function(c) c:open("pong", {}) end, on "back" { by = "pm", to = "idle" } },
  state "waiting" { after "1 second" { to = "idle" } },
}
"""
PONG = """return workflow "pong" {
  key = "PO", roles = { "pm" }, open = { by = "system" }, start = "lying",
  state "lying" { on "file" { by = "pm", to = "filed" } },
  final "filed",
}
"""


def ping(site):
    """A team whose case asks for another one, and waits a second."""
    for name, text in (("team.lua", 'return team "demo" { use "ping", use "pong" }\n'),
                       ("workflows/ping.lua", PING), ("workflows/pong.lua", PONG)):
        path = os.path.join(site, "teams", "demo", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)


class Nodes:
    """Servers a, b, ... each in a folder of its own, made of the first one's, on one database."""

    def __init__(self, binary, folder, databases):
        self.binary, self.folder, self.databases = binary, folder, databases
        self.all, self.name = [], None

    def add(self, clock=None, start=True, prepare=None, wrong=None):
        server = signoff.Server(os.path.join(self.folder, "n%d" % len(self.all)), self.binary,
                                clock=clock)
        if self.all:
            shutil.copytree(self.all[0].site, server.site, ignore=shutil.ignore_patterns(
                "data", "*.sock", "server.log"))
        else:
            server.init(*([] if prepare else ["--demo"]))
            if prepare is not None:
                prepare(server.site)
            self.name = server.database = self.databases.give(server.site)
        self.all.append(server)
        if wrong is not None:
            shift = os.path.join(server.site, "shift")
            with open(shift, "wb") as f:
                f.write(struct.pack("=q", wrong))
            server.environment = dict(
                os.environ, SIGNOFF_CLOCK_SHIFT=shift, LD_PRELOAD=os.path.abspath(SHIFT_CLOCK),
                ASAN_OPTIONS="verify_asan_link_order=0")
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


def test_person_who_leaves_at_one_node_is_out_at_the_other(nodes, refuses):
    a, b = nodes.add(), nodes.add()
    with a.client("li") as here:
        sun = here.call("token.create", person="sun", name="laptop")
        with b.connect(sun["token"]) as there:
            case = opened(here)
            there.call("watch.start")
            there.call("case.comment", case=case, text="still here")
            assert there.notification()["params"]["entry"]["comment"] == "still here"
            here.call("person.update", person="sun", active=False)
            refuses("unauthenticated", there, "case.comment", case=case, text="and now")
            refuses("unauthenticated", there, "case.list")
            told = there.notification()
            assert (told["method"], told["params"]["code"]) == ("watch.end", "unauthenticated")
        with pytest.raises(signoff.RpcError):
            b.connect(sun["token"])


def test_operators_token_that_one_node_revoked_the_other_refuses_at_once(nodes, refuses):
    a, b = nodes.add(), nodes.add()
    with a.client("operator") as here:
        made = here.call("token.create", name="second")
        with b.connect(made["token"]) as there:
            there.call("project.update", team="demo", project="acme-erp", title="ERP")
            for _ in range(3):  # what it remembers of the team's data is settled then
                there.call("project.get", team="demo", project="acme-erp")
            here.call("token.revoke", id=made["id"])
            refuses("unauthenticated", there, "project.get", team="demo", project="acme-erp")
            refuses("unauthenticated", there, "project.update", team="demo", project="acme-erp",
                    title="Mine")
            refuses("unauthenticated", there, "admin.stats")


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
    with a.client("operator") as operator:
        assert operator.call("admin.stats")["nodes"] == 2
    assert b.stop() == 0
    assert len(hosts(a)) == 1


def test_nodes_that_start_at_once_on_an_empty_database_make_one_site(nodes):
    every = [nodes.add(start=False) for _ in range(3)]
    threads = [threading.Thread(target=server.start) for server in every]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(server.port for server in every), [server.log() for server in every]
    assert len(hosts(every[0])) == 3
    for server in every:
        with server.client("li") as li:
            opened(li)
            first = li.call("case.list")["items"]
            assert len(first) == every.index(server) + 1
    for server in every:
        assert server.stop() == 0
    said = subprocess.run([nodes.binary, "verify", every[0].site], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
    assert said.returncode == 0, said.stdout


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


def watched(connection, last):
    """The numbers of the entries that a watch tells, up to this one."""
    seen = []
    while not seen or seen[-1] < last:
        told = connection.notification()
        assert told["method"] == "watch.entry", told
        seen.append(told["params"]["entry"]["seq"])
    return seen


def test_watchers_on_every_node_see_every_entry_once_and_in_order(nodes):
    a, b = nodes.add(), nodes.add()
    with a.client("li") as here, b.client("li") as there, a.client("li") as watch_here, \
            b.client("li") as watch_there:
        case = opened(here)
        first = here.call("case.history", case=case)["items"][0]["seq"]
        for watch in (watch_here, watch_there):
            watch.call("watch.start", **{"from": first})
        for i in range(30):
            last = (here, there)[i % 2].call("case.comment", case=case, text=str(i))["entry"]
        for watch in (watch_here, watch_there):
            assert watched(watch, last) == list(range(first, last + 1))


def kinds_until(connection, wanted):
    """Entries that a watch tells, up to the first that wanted() agrees to."""
    entries = []
    while not entries or not wanted(entries[-1]):
        entries.append(connection.notification()["params"]["entry"])
    return entries


def project(admin):
    admin.call("client.create", client="acme", title="Acme")
    admin.call("project.create", project="erp", client="acme")
    admin.call("project.member.add", project="erp", person="admin", role="pm")


def test_work_of_a_node_that_was_killed_is_taken_over(nodes):
    """Two seconds, and what a machine with other things to do adds."""
    a, b = nodes.add(prepare=ping), nodes.add()
    with a.client("admin") as admin:
        project(admin)
    with b.client("admin") as admin, b.client("admin") as watch:
        case = admin.call("case.open", workflow="ping", project="erp")["case"]
        watch.call("watch.start")
        # The first one has the team's work: what this node is asked for, the other one does.
        admin.call("case.fire", case=case, event="go")
        entries = kinds_until(watch, lambda entry: entry["kind"] == "open")
        admin.call("case.fire", case=case, event="back")
        a.kill()
        killed = time.monotonic()
        admin.call("case.fire", case=case, event="go")
        entries = kinds_until(watch, lambda entry: entry["kind"] == "open")
        assert time.monotonic() - killed < 2 + BUSY
        assert entries[-1]["actor"] == "system"
        assert len(admin.call("case.list", workflow="pong")["items"]) == 2


def test_what_is_due_fires_once_though_all_nodes_look(nodes):
    a, b, c = (nodes.add(prepare=ping) for _ in range(3))
    with a.client("admin") as admin, c.client("admin") as watch:
        project(admin)
        cases = [admin.call("case.open", workflow="ping", project="erp")["case"] for _ in range(5)]
        watch.call("watch.start")
        for case in cases:
            admin.call("case.fire", case=case, event="wait")
        fired = []
        while len(fired) < len(cases):
            entry = kinds_until(watch, lambda entry: entry["kind"] == "deadline")[-1]
            fired.append(entry["case"])
        # One command more on each, so that whatever came twice would have come by then.
        for server in (a, b, c):
            with server.client("admin") as other:
                for case in cases:
                    other.call("case.comment", case=case, text="later")
        for case in cases:
            kinds = [e["kind"] for e in admin.call("case.history", case=case)["items"]]
            assert kinds.count("deadline") == 1
        assert sorted(fired) == sorted(cases)


def test_node_whose_clock_is_wrong_goes_by_the_databases(nodes):
    if not SHIFT_CLOCK:
        pytest.skip("needs SIGNOFF_SHIFT_CLOCK")
    a = nodes.add(prepare=ping)
    b = nodes.add(wrong=-3600)
    assert subprocess.run(["date", "+%s"], env=b.environment, stdout=subprocess.PIPE, check=True,
                          ).stdout.strip() < str(time.time() - 1800).encode(), "it is wrong"
    with a.client("admin") as here, b.client("admin") as there, b.client("admin") as watch:
        project(here)
        now, other = (c.call("clock.now")["now"] for c in (here, there))
        assert abs(seconds(now) - seconds(other)) < 60
        case = there.call("case.open", workflow="ping", project="erp")["case"]
        watch.call("watch.start")
        there.call("case.fire", case=case, event="wait")
        entry = kinds_until(watch, lambda entry: entry["kind"] == "deadline")[-1]
        assert abs(seconds(entry["at"]) - seconds(now)) < 60


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
