# SPDX-License-Identifier: Apache-2.0
"""What the disk may do to a server: it is told, and nothing acknowledged is lost."""
import glob
import os
import shutil
import sqlite3
import subprocess

import pytest
import signoff

FIELDS = {"summary": "Add export", "reason": "Auditors ask for it"}


def test_data_directory_in_use_is_refused(server):
    """Two servers on one store would each believe to be alone."""
    second = subprocess.run([server.signoff, "serve", server.site, "--listen", "127.0.0.1:0"],
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            timeout=60, check=False)
    assert second.returncode not in (0, None)
    assert "in use" in second.stdout, second.stdout
    with server.client("admin") as admin:
        admin.call("server.ping")


def test_data_directory_is_free_again_after_a_kill(server):
    server.kill()
    server.start()
    with server.client("admin") as admin:
        admin.call("server.ping")


def database_of(server):
    found = glob.glob(os.path.join(server.site, "data", "signoff.db"))
    assert found, "the store lies in DIR/data/signoff.db"
    return found[0]


def test_newer_schema_is_refused_and_left_alone(sqlite_only, server):
    assert server.stop() == 0
    path = database_of(server)
    with sqlite3.connect(path) as database:
        version = database.execute("PRAGMA user_version").fetchone()[0]
        database.execute("PRAGMA user_version = %d" % (version + 1000))
    if version == 0:
        pytest.skip("the schema's version is not in user_version")
    with pytest.raises(RuntimeError) as caught:
        server.start()
    assert "newer" in str(caught.value)
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA user_version").fetchone()[0] == version + 1000
        database.execute("PRAGMA user_version = %d" % version)
    server.start()


def test_folder_that_is_no_site_is_refused(binary, folder):
    for name in ("missing", "empty"):
        site = os.path.join(folder, name)
        if name == "empty":
            os.mkdir(site)
        done = subprocess.run([binary, "serve", site, "--listen", "127.0.0.1:0"], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                              check=False)
        assert done.returncode != 0 and site in done.stdout


def test_address_in_use_is_refused(server, binary, folder):
    other = os.path.join(folder, "other")
    subprocess.run([binary, "init", other], check=True, stdout=subprocess.DEVNULL)
    done = subprocess.run([binary, "serve", other, "--listen", "127.0.0.1:%d" % server.port],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60,
                          check=False)
    assert done.returncode != 0 and str(server.port) in done.stdout


@pytest.fixture
def small_disk(folder):
    """A file system of 40 MiB of its own, where we may mount one."""
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", disk],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False) \
        if os.geteuid() == 0 and shutil.which("mount") else None
    if done is None or done.returncode != 0:
        pytest.skip("a full disk needs a small file system, which may not be mounted here: %s"
                    % (done.stdout.strip() if done else "not root"))
    yield disk
    subprocess.run(["umount", "-l", disk], check=False)


def test_full_disk_is_refused_cleanly_and_recovered_from(sqlite_only, make_server, folder, small_disk):
    server = make_server(os.path.join(folder, "site"),
                         arguments=["--data", os.path.join(small_disk, "data")])
    ballast = os.path.join(small_disk, "ballast")  # the server keeps 16 MiB free
    told, refused = [], None
    with server.client("admin") as admin:
        free = os.statvfs(small_disk)
        with open(ballast, "wb") as f:
            f.write(b"x" * max(0, free.f_bavail * free.f_frsize - (20 << 20)))
        for i in range(20000):
            try:
                told.append(admin.call("case.open", workflow="change_request", project="demo",
                                       fields=dict(FIELDS, reason="r" * 4000))["case"])
            except signoff.RpcError as error:
                refused = error
                break
        assert refused is not None and refused.code == "unavailable", refused
        assert "disk" in refused.message or "space" in refused.message
        # Reading goes on, and writing too when there is room again.
        assert admin.call("case.get", case=told[-1])["case"] == told[-1]
        os.unlink(ballast)
        told.append(admin.call("case.open", workflow="change_request", project="demo",
                               fields=FIELDS)["case"])
    server.kill()
    server.start()
    with server.client("admin") as admin:
        assert admin.call("audit.verify")
        for key in told:
            admin.call("case.get", case=key)
