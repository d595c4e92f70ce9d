# SPDX-License-Identifier: Apache-2.0
"""What server.health and /metrics say before something fails: room on the disk, the log of the
database, commands that wait, the end of a certificate, the age of the last backup."""
import json
import os
import re
import sqlite3
import subprocess
import urllib.request

import databases as stores
import pytest
from certificates import make_certificate

DAY = 86400


def settings(text):
    def write(server):
        with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
            f.write(text)
    return write


def health(server):
    with server.connect() as anyone:
        return anyone.call("server.health")


def alarms(server):
    said = health(server)
    assert (said["status"] == "degraded") == bool(said["alarms"])
    return {alarm["alarm"]: alarm["text"] for alarm in said["alarms"]}


def metrics(server):
    with urllib.request.urlopen("http://127.0.0.1:%d/metrics" % server.http_port) as page:
        text = page.read().decode()
    return {name: int(value) for name, value in
            re.findall(r"^signoff_(\w+) (-?\d+)$", text, re.M)}


@pytest.fixture
def make(make_server, folder):
    def start(text="", clock=None):
        return make_server(os.path.join(folder, "site"), "--demo", clock=clock,
                           arguments=["--http", "127.0.0.1:0"],
                           prepare=settings("\n[alarms]\n" + text))
    return start


def test_all_is_well(make):
    server = make("disk = 1M\n")
    keeping, figures = health(server)["keeping"], metrics(server)
    at = os.statvfs(server.site)
    assert alarms(server) == {} and figures["alarms"] == 0
    assert abs(keeping["disk_free"] - at.f_bavail * at.f_frsize) < 1 << 30
    assert abs(keeping["disk_free"] - figures["disk_free_bytes"]) < 1 << 30
    assert keeping["certificate_ends"] is None and "certificate_ends_seconds" not in figures
    assert keeping["backup_age"] is None and "backup_age_seconds" not in figures


def test_the_disk(make):
    server = make("disk = 900000G\n")
    assert "MiB left" in alarms(server)["disk"] and metrics(server)["alarms"] == 1
    done = subprocess.run([server.signoff, "health", "--site", server.site, "--lang", "zh"],
                          text=True, capture_output=True, check=True)
    assert "数据所在的磁盘只剩" in done.stdout


@pytest.mark.skipif(bool(stores.CHOICE), reason="the log is PostgreSQL's own")
def test_the_log_of_the_database(make):
    server = make("disk = 1M\nlog = 1K\n")
    with server.client("mei") as mei:
        mei.call("case.open", workflow="issue", project="acme-erp", fields={"summary": "x"})
    wal = os.path.join(server.site, "data", "signoff.db-wal")
    assert "log" in alarms(server)
    assert health(server)["keeping"]["log_bytes"] == os.path.getsize(wal)


def test_the_end_of_a_certificate(make_server, folder):
    def prepare(server):
        make_certificate(server.site, "one")  # for two days
        settings("\n[alarms]\ndisk = 1M\n[net]\ntls_certificate = one.pem\ntls_key = one.key\n")(
            server)
    server = make_server(os.path.join(folder, "site"), "--demo", prepare=prepare, start=False)
    socket = os.path.join(server.site, "signoff.sock")
    server.start()
    done = subprocess.run([server.signoff, "health", "--json", "--server", socket], text=True,
                          capture_output=True, check=True)
    said = json.loads(done.stdout)
    assert abs(said["keeping"]["certificate_ends"] - 2 * DAY) < DAY / 10
    assert said["alarms"] == [{"alarm": "certificate",
                               "text": "the certificate of TLS ends in 1 d"}]


@pytest.mark.skipif(bool(stores.CHOICE), reason="pg_dump makes them on PostgreSQL")
def test_the_age_of_the_last_backup(make, folder):
    server = make("disk = 1M\n")
    subprocess.run([server.signoff, "backup", os.path.join(folder, "b.signoff"), "--site",
                    server.site], check=True, capture_output=True)
    assert 0 <= health(server)["keeping"]["backup_age"] < 600 and alarms(server) == {}
    assert 0 <= metrics(server)["backup_age_seconds"] < 600
    assert server.stop() == 0
    with sqlite3.connect(os.path.join(server.site, "data", "signoff.db")) as database:
        (value,) = database.execute("SELECT value FROM setting WHERE name = 'backup'").fetchone()
        database.execute("UPDATE setting SET value = ? WHERE name = 'backup'",
                         (json.dumps({"at": json.loads(value)["at"] - 8 * DAY * 1000}),))
    database.close()
    server.start()
    assert alarms(server) == {"backup": "no backup has been made for 8 d"}


def test_virtual_time_is_a_rehearsal(make, folder):
    server = make("disk = 1M\n", clock="2026-01-05T09:00:00+08:00")
    with server.client("admin") as admin:
        admin.call("clock.advance", by="30 days")
    assert alarms(server) == {} and health(server)["keeping"]["backup_age"] is None
