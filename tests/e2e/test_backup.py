# SPDX-License-Identifier: Apache-2.0
"""Keeping a site: signoff backup while it is served, signoff restore, signoff verify of both.

What an archive holds is read by Python's tarfile, hashes come from hashlib, and what is damaged in
it is damaged here: no byte of what is expected comes from the program's own reading.
"""
import glob
import hashlib
import io
import json
import os
import socket
import sqlite3
import subprocess
import tarfile
import threading

import databases as stores
import pytest
import signoff
from receiver import receivers, sender, until  # noqa: F401
from test_files import upload
from test_full_disk import small_disk  # noqa: F401

pytestmark = pytest.mark.skipif(bool(stores.CHOICE), reason="pg_dump makes them on PostgreSQL")
FIELDS = {"summary": "Add export", "reason": "Auditors ask for it"}


def run(server, *words, code=0, **more):
    done = subprocess.run([server.signoff, *words], text=True, timeout=120, check=False,
                          capture_output=True, **more)
    assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    return done


def opened(mei):
    return mei.call("case.open", workflow="change_request", project="acme-erp",
                    fields=FIELDS)["case"]


@pytest.fixture
def place(server, folder):
    """Where backups and restored sites go; a case with a file in it is there already."""
    with server.client("mei") as mei, server.client("li") as li:
        case = opened(mei)
        mei.call("case.attach", case=case, file=upload(mei, b"%PDF-1.7 offer " * 50_000))
        mei.call("case.fire", case=case, event="submit")
        upload(li, b"not attached yet")
    return folder


def backup(server, folder, name="b.signoff", **more):
    path = os.path.join(folder, name)
    return path, json.loads(run(server, "backup", path, "--site", server.site, "--json",
                                **more).stdout)


def members(path):
    with tarfile.open(path) as tar:
        return [(info, tar.extractfile(info).read() if info.isreg() else b"") for info in tar]


def write(path, listed, manifest=None):
    """An archive of these members, with another manifest if one is given."""
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for info, data in listed:
            if manifest is not None and info.name == "manifest.json":
                data = json.dumps(manifest).encode()
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


def left(folder):
    """What stands in a folder, without what the tests put there."""
    return sorted(n for n in os.listdir(folder) if n not in ("site", "b.signoff", "bad.signoff"))


def views(connection, key="CR-1"):
    """What people read of a site, and its history as it is stored."""
    whole = {"case": connection.call("case.get", case=key),
             "history": connection.call("case.history", case=key),
             "people": connection.call("person.list"),
             "projects": connection.call("project.list")}
    for view in (whole["case"],):
        view.pop("links", None)
    return whole


def test_a_restored_site_is_the_site(server, place, make_server, binary):
    path, said = backup(server, place)
    with server.client("admin") as admin, server.client("operator") as operator:
        before = views(admin)
        entries = admin.call("audit.export", limit=500)["items"]
        heads = operator.call("audit.heads")["items"]
    assert os.stat(path).st_mode & 0o777 == 0o600
    listed = members(path)
    manifest = json.loads(listed[0][1])
    assert listed[0][0].name == "manifest.json" and manifest["format"] == "signoff-backup"
    assert [(i.name, len(d), hashlib.sha256(d).hexdigest()) for i, d in listed[1:]] == \
        [(p["name"], p["size"], p["sha256"]) for p in manifest["parts"]]
    assert {"signoff.ini", "site.key", "operator.token", "teams/demo/team.lua",
            "data/signoff.db"} <= {i.name for i, _ in listed}
    assert [(h["team"], h["seq"], h["hash"]) for h in manifest["heads"]] == \
        [(h["team"], h["seq"], h["hash"]) for h in heads]
    assert said["key"] is True and said["files"] == 2

    there = os.path.join(place, "restored")
    done = run(server, "restore", path, there)
    assert "nothing that the site had told" in done.stdout
    assert server.stop() == 0
    for name in ("signoff.ini", "site.key", "teams/demo/team.lua"):
        with open(os.path.join(there, name), "rb") as a, \
                open(os.path.join(server.site, name), "rb") as b:
            assert a.read() == b.read(), name
    again = signoff.Server(there, binary, clock=server.clock).start()
    try:
        with again.client("admin") as admin, again.client("li") as li:
            assert views(admin) == before
            assert admin.call("audit.export", limit=500)["items"] == entries
            assert admin.call("audit.verify")["files"] == 1
            next_entry = li.call("case.comment", case="CR-1", text="it goes on")["entry"]
            assert next_entry == entries[-1]["seq"] + 1
    finally:
        assert again.stop() == 0


def test_it_is_one_state_while_others_write(server, place):
    """Every entry acknowledged before the backup began is in it; and it verifies."""
    stop, acknowledged = threading.Event(), []

    def busy():
        with server.client("li") as li:
            while not stop.is_set():
                acknowledged.append(li.call("case.comment", case="CR-1", text="x")["entry"])
    thread = threading.Thread(target=busy)
    thread.start()
    try:
        until(lambda: len(acknowledged) > 20)
        for i in range(5):
            before = acknowledged[-1]
            path, said = backup(server, place, "b%d.signoff" % i)
            assert said["heads"][0]["seq"] >= before
            seen = json.loads(run(server, "verify", path, "--json").stdout)
            assert seen["entries"] >= said["heads"][0]["seq"]
    finally:
        stop.set()
        thread.join()


def refused(server, place, path, *said):
    done = run(server, "restore", path, os.path.join(place, "restored"), code=1)
    assert all(word in done.stderr for word in said), (said, done.stderr)
    assert left(place) == [], done.stderr
    run(server, "verify", path, code=1)


def test_a_cut_or_changed_file_is_refused_and_leaves_nothing(server, place):
    path, _ = backup(server, place)
    with open(path, "rb") as f:
        data = f.read()
    bad = os.path.join(place, "bad.signoff")
    with tarfile.open(path) as tar:
        places = [(i.name, i.offset, i.offset_data, i.size) for i in tar]
    ends = [1, 511, 512, 700, len(data) - 512, len(data) - 1024, len(data) - 1025]
    for end in ends + [offset for _, offset, _, _ in places[1:]] + [o + 5 for _, _, o, _ in places]:
        with open(bad, "wb") as f:
            f.write(data[:end])
        refused(server, place, bad, bad)
    for name, header, at, size in places:
        for where in [header + 3, header + 130] + ([at, at + size - 1] if size else []):
            with open(bad, "wb") as f:
                f.write(data[:where] + bytes([data[where] ^ 1]) + data[where + 1:])
            refused(server, place, bad, bad)
    with open(bad, "wb") as f:
        f.write(data + b"more")
    refused(server, place, bad, "behind its end")


def test_a_strange_archive_is_refused(server, place):
    path, _ = backup(server, place)
    bad = os.path.join(place, "bad.signoff")
    manifest = json.loads(members(path)[0][1])

    def other(*said, change=None, add=None, drop=None, rename=None, kind=None):
        listed, changed = members(path), json.loads(json.dumps(manifest))
        if rename:
            for info, _ in listed:
                info.name = rename.get(info.name, info.name)
            for part in changed["parts"]:
                part["name"] = rename.get(part["name"], part["name"])
        if kind:
            listed[2][0].type, listed[2][0].linkname = kind, "/etc/passwd"
        if drop:
            listed = [m for m in listed if m[0].name != drop]
        if add:
            listed.append((tarfile.TarInfo(add), b"evil"))
        if change:
            change(changed)
        write(bad, listed, changed)
        refused(server, place, bad, *said)

    def listing(p):
        p["parts"].append({"name": "x", "size": 4, "mode": 0o600,
                           "sha256": hashlib.sha256(b"evil").hexdigest()})
    for name in ("../evil", "/tmp/evil", "teams/../../evil", "teams//x", "data/files/ab/../x",
                 "data/lock", "data/files/" + "ab" * 32, "teams/", "init.json"):
        other("none of a site", rename={"admin.token": name})
    other("something other than a plain file", kind=tarfile.SYMTYPE)
    other("something other than a plain file", kind=tarfile.DIRTYPE)
    other("which its manifest has not", add="teams/demo/more.lua")
    other("where its manifest has", drop="site.key")
    other("none of a site", change=listing, add="x")
    other("newer Signoff", change=lambda m: m.update(v=2))
    other("not that of a backup", change=lambda m: m.update(format="x"))
    other("names no database", change=lambda m: m.update(parts=[]))
    other("is not the key", change=lambda m: m.update(public_key="00" * 32))
    other("is not signed", change=lambda m: m["heads"][0].update(seq=1))
    with open(bad, "wb") as f:
        f.write(os.urandom(100_000))
    done = run(server, "restore", bad, os.path.join(place, "restored"), code=1)
    assert "no backup" in done.stderr and left(place) == []


def with_database(server, path, bad, change):
    """The same backup with its database changed by somebody who minds every hash of the archive."""
    listed = members(path)
    manifest = json.loads(listed[0][1])
    for i, (info, data) in enumerate(listed):
        if info.name == "data/signoff.db":
            file = bad + ".db"
            with open(file, "wb") as f:
                f.write(data)
            connection = sqlite3.connect(file, isolation_level=None)
            connection.execute("PRAGMA journal_mode = DELETE")
            change(connection)
            connection.close()
            with open(file, "rb") as f:
                listed[i] = (info, f.read())
            os.remove(file)
            part = next(p for p in manifest["parts"] if p["name"] == info.name)
            part.update(size=len(listed[i][1]), sha256=hashlib.sha256(listed[i][1]).hexdigest())
    write(bad, listed, manifest)


def test_a_history_that_lost_its_end_or_was_changed_is_found(server, place):
    with server.client("admin") as admin:
        admin.call("client.create", client="last", title="Last")
        entries = admin.call("audit.export", limit=500)["items"]
    path, _ = backup(server, place)
    bad = os.path.join(place, "bad.signoff")

    def lose_the_last(db):
        seq, before = entries[-1]["seq"], json.loads(entries[-2]["header"])
        assert db.execute("DELETE FROM entry WHERE team = 'demo' AND seq = ?", (seq,)).rowcount == 1
        db.execute("UPDATE head SET seq = ?, hash = ?, at = ? WHERE team = 'demo'",
                   (seq - 1, entries[-2]["hash"], before["at"]))
    with_database(server, path, bad, lose_the_last)
    refused(server, place, bad, "the end is missing")
    with_database(server, path, bad, lambda db: db.execute("DELETE FROM entry WHERE seq = 2"))
    refused(server, place, bad, "entry 2")
    with_database(server, path, bad, lambda db: db.execute("PRAGMA user_version = 999"))
    refused(server, place, bad, "newer Signoff")


def test_nothing_delivered_is_sent_again(sender, receivers, binary, folder):  # noqa: F811
    server, receiver = sender(), receivers()
    with server.client("admin") as admin, server.client("mei") as mei:
        admin.call("endpoint.add", endpoint="ci", url=receiver.url)
        opened(mei)
        receiver.wait(1)
        receiver.answer = 500
        opened(mei)
        waits = until(lambda: [d for d in admin.call("delivery.list")["items"]
                               if d["status"] == "waiting"])
        path, _ = backup(server, folder)
        receiver.answer = 200
    assert server.stop() == 0
    seen = {}
    for name, more in (("plain", ()), ("again", ("--resend",))):
        there = os.path.join(folder, name)
        run(server, "restore", path, there, *more)
        before = len(receiver.requests)
        again = signoff.Server(there, binary, clock=server.clock).start()
        try:
            with again.client("mei") as mei, again.client("admin") as admin:
                if more:
                    admin.call("clock.advance", by="1 day")
                new = opened(mei)
                entry = mei.call("case.history", case=new)["items"][0]["seq"]
                until(lambda: entry in [r.seq for r in receiver.requests[before:]])
                seen[name] = [r.seq for r in receiver.requests[before:]]
        finally:
            assert again.stop() == 0
    assert min(seen["plain"]) > waits[0]["entry"]
    assert waits[0]["entry"] in seen["again"]


def test_sign_in_links_end_and_tokens_stay(server, place, binary, refuses):
    with server.client("admin") as admin:
        link, used = (admin.call("link.login", person=who)["path"].rsplit("/", 1)[1]
                      for who in ("mei", "li"))
        with server.connect() as anyone:
            entered = anyone.call("session.enter", secret=used)["token"]
    path, _ = backup(server, place)
    there = os.path.join(place, "restored")
    said = json.loads(run(server, "restore", path, there, "--json").stdout)
    assert said["logins_ended"] == 2 + 1  # both links, and what one was exchanged for
    assert server.stop() == 0
    again = signoff.Server(there, binary, clock=server.clock).start()
    try:
        with again.client("mei") as mei, again.connect() as anyone:
            assert mei.call("session.whoami")["person"] == "mei"
            with pytest.raises(signoff.RpcError):
                anyone.call("session.enter", secret=link)
            with pytest.raises(signoff.RpcError):
                anyone.login(entered)
    finally:
        assert again.stop() == 0


def test_where_it_may_not_go(server, place):
    path, _ = backup(server, place)
    with open(path, "rb") as f:
        whole = f.read()
    assert "there already" in run(server, "backup", path, "--site", server.site, code=1).stderr
    with open(path, "rb") as f:
        assert f.read() == whole
    full = os.path.join(place, "full")
    os.mkdir(full)
    with open(os.path.join(full, "x"), "w", encoding="ascii") as f:
        f.write("mine")
    assert "never over a site" in run(server, "restore", path, full, code=1).stderr
    assert os.listdir(full) == ["x"]
    below = os.path.join(place, "nothing", "below")
    assert below + ": the folder above it is not there" in run(server, "restore", path, below, code=1).stderr
    empty = os.path.join(place, "empty")
    os.mkdir(empty)
    run(server, "restore", path, empty + "/")
    assert "signoff.ini" in os.listdir(empty)


def test_a_full_disk_leaves_nothing_half(server, place, small_disk):  # noqa: F811
    disk = small_disk(1)
    done = run(server, "backup", os.path.join(disk, "b.signoff"), "--site", server.site, code=1)
    assert "No space left" in done.stderr and os.listdir(disk) == []
    path, _ = backup(server, place)
    done = run(server, "restore", path, os.path.join(disk, "restored"), code=1)
    assert "No space left" in done.stderr and os.listdir(disk) == []
    with server.client("operator") as operator:  # nothing is held up by what failed
        begun = operator.call("admin.backup")
        assert operator.call("admin.backup.end", backup=begun["backup"]) == {"kept": False}


def test_who_is_killed_leaves_nothing(server, folder):
    """Killed when it has its file and waits for the server, which here is one that never answers."""
    where = os.path.join(folder, "where")
    os.mkdir(where)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        made = subprocess.Popen([server.signoff, "backup", os.path.join(where, "b.signoff"), "--server",
                                 "127.0.0.1:%d" % silent.getsockname()[1], "--token-file",
                                 os.path.join(server.site, "operator.token")], stderr=subprocess.PIPE)
        with silent.accept()[0]:
            opened_there = [os.readlink(name) for name in glob.glob("/proc/%d/fd/*" % made.pid)]
            made.kill()
            made.communicate(timeout=60)
    assert any(name.startswith(where) for name in opened_there), opened_there
    assert os.listdir(where) == []


def test_over_the_protocol(server, place, refuses):
    with server.client("operator") as operator, server.client("admin") as admin:
        refuses("forbidden", admin, "admin.backup")
        begun = operator.call("admin.backup")
        refuses("conflict", operator, "admin.backup")
        name = begun["backup"]
        assert os.listdir(os.path.join(server.site, "data")).count("backup.db") == 0
        items = operator.call("admin.backup.files", backup=name)
        assert len(items["items"]) == begun["files"] == 2 and items["next"] is None
        refuses("not_found", operator, "admin.backup.read", backup=name, file="0" * 64)
        refuses("not_found", operator, "admin.backup.read", backup=name, file="../../site.key")
        refuses("not_found", operator, "admin.backup.read", backup="0" * 32)
        assert operator.call("admin.backup.read", backup=name, offset=10 ** 12) == {"data": ""}
        assert operator.call("admin.backup.end", backup=name, kept=True) == {"kept": True}
        refuses("not_found", operator, "admin.backup.read", backup=name)
    # From elsewhere: the data alone, and it says so.
    path = os.path.join(place, "far.signoff")
    done = run(server, "backup", path, "--server", "127.0.0.1:%d" % server.port, "--token-file",
               os.path.join(server.site, "operator.token"), cwd=place)
    assert "site's own folder is not in it" in done.stdout
    assert all(i.name.startswith(("manifest", "data/")) for i, _ in members(path))
    there = os.path.join(place, "restored")
    assert "copy signoff.ini" in run(server, "restore", path, there).stdout
    assert sorted(os.listdir(there)) == ["data"]


def test_settings_that_lead_to_the_old_data_do_not(server, place):
    with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
        f.write("\n[store]\ndata = %s\n" % os.path.join(server.site, "data"))
    path, _ = backup(server, place)
    there = os.path.join(place, "restored")
    run(server, "restore", path, there)
    with open(os.path.join(there, "signoff.ini"), encoding="ascii") as f:
        assert "\n; was: data = " in f.read()
