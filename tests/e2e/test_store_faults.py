# SPDX-License-Identifier: Apache-2.0
"""What the disk may do to a server: it is told, and nothing acknowledged is lost."""
import glob
import os
import sqlite3
import subprocess

import pytest


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
