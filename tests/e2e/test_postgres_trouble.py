# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL that stops taking what a running server sends: each cause is said with what to do
about it, nothing that was acknowledged is lost, what was refused has left nothing, and the server
goes on by itself when the cause is gone."""
import os
import subprocess
import tempfile

import databases as stores
import pytest
import signoff
from postgres import Postgres

pytestmark = pytest.mark.skipif(not stores.CHOICE, reason="needs SIGNOFF_TEST_STORE")
CASE = {"project": "acme-erp",
        "fields": {"summary": "Add export 签核", "reason": "Auditors ask for it"}}


def opened(li):
    return li.call("case.open", workflow="change_request", **CASE)["case"]


def entries(server):
    with server.client("admin") as admin:
        return admin.call("audit.verify")["entries"]


def cut(databases, name):
    """Clients alone: the database's own processes, such as a vacuum that has just begun, are not ours."""
    databases.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s' "
                  "AND backend_type = 'client backend'" % name)


@pytest.mark.parametrize("begin, end, words", [
    ("CONNECTION LIMIT 0", "CONNECTION LIMIT -1", "connections are all taken"),
    ("SET default_transaction_read_only = on", "RESET default_transaction_read_only",
     "default_transaction_read_only"),
    ("SET synchronous_commit = off", "RESET synchronous_commit", "synchronous_commit is off"),
])
def test_what_keeps_a_running_server_from_writing_is_said_and_got_over(server, databases, begin,
                                                                       end, words):
    name = server.database
    with server.client("li") as li:
        first = opened(li)
        n = entries(server)
        databases.sql("ALTER DATABASE %s %s" % (name, begin))
        cut(databases, name)
        try:
            for _ in range(3):
                with pytest.raises(signoff.RpcError) as caught:
                    opened(li)
                assert caught.value.code == "unavailable", caught.value
                assert words in caught.value.message, caught.value
        finally:
            databases.sql("BEGIN READ WRITE; ALTER DATABASE %s %s; COMMIT" % (name, end)
                          if "read_only" in begin else "ALTER DATABASE %s %s" % (name, end))
            cut(databases, name)
        assert li.call("case.get", case=first)["case"] == first
        assert entries(server) == n, "what was refused has left nothing"
        assert opened(li) != first
        assert entries(server) == n + 1


def test_server_that_finds_no_connection_at_its_start_says_so(server, databases):
    assert server.stop() == 0
    databases.sql("ALTER DATABASE %s CONNECTION LIMIT 1" % server.database)
    try:
        with pytest.raises(RuntimeError) as caught:
            server.start()
    finally:
        databases.sql("ALTER DATABASE %s CONNECTION LIMIT -1" % server.database)
    assert "connections are all taken" in str(caught.value)
    assert "raise max_connections" in str(caught.value)
    server.start()


def test_settings_of_the_database_change_nothing(server, databases):
    """Time zone, encoding of the client and the rest are the session's own."""
    settings = {"timezone": "'Asia/Kathmandu'", "datestyle": "'German'", "bytea_output": "'escape'",
                "client_encoding": "'LATIN1'", "standard_conforming_strings": "off",
                "statement_timeout": "'1min'", "search_path": "'pg_catalog'",
                "default_transaction_isolation": "'serializable'"}
    assert server.stop() == 0
    for setting, value in settings.items():
        databases.sql("ALTER DATABASE %s SET %s = %s" % (server.database, setting, value))
    server.start()
    with server.client("li") as li:
        case = opened(li)
        at = li.call("case.get", case=case)["opened_at"]
        now = li.call("clock.now")["now"]
    server.restart()
    with server.client("li") as li:
        found = li.call("case.get", case=case)
        assert found["fields"]["summary"] == CASE["fields"]["summary"]
        assert found["opened_at"] == at == now
    assert entries(server) >= 2


# ---- a full disk ----

class SmallDisk:
    """A PostgreSQL whose databases can lie on a file system of some megabytes."""
    MEGABYTES = 24

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="sgn-disk-")
        self.postgres = Postgres()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dm" % self.MEGABYTES, "none",
                                  self.folder], stderr=subprocess.DEVNULL, check=False)
        if mounted.returncode != 0:
            os.rmdir(self.folder)
            pytest.skip("file systems cannot be mounted here")
        try:
            self.postgres.__enter__()
            user = self.postgres.user
            if user is not None:
                os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.postgres.sql("CREATE TABLESPACE small LOCATION '%s'" % self.folder)
            self.postgres.sql("CREATE DATABASE small OWNER signoff TABLESPACE small")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        self.postgres.__exit__()
        subprocess.run(["umount", self.folder], check=True)
        os.rmdir(self.folder)

    def fill(self):
        with open(os.path.join(self.folder, "filler"), "wb", buffering=0) as out:
            try:
                while True:
                    out.write(b"x" * 4096)
            except OSError:
                pass

    def clear(self):
        os.unlink(os.path.join(self.folder, "filler"))


def test_full_disk_of_the_database_is_said_and_got_over(binary, folder):
    with SmallDisk() as disk:
        server = signoff.Server(os.path.join(folder, "site"), binary, clock="2026-01-05T09:00:00Z")
        server.init("--demo")
        server.arguments = ["--store", disk.postgres.url("small")]
        server.start()
        try:
            with server.client("li") as li:
                case = opened(li)
                disk.fill()
                written = 0
                with pytest.raises(signoff.RpcError) as caught:
                    for n in range(1000):
                        li.call("case.comment", case=case, text="%d " % n + "long " * 4000)
                        written += 1
                assert caught.value.code == "unavailable", caught.value
                assert "make room on the disk of the database" in caught.value.message
                assert li.call("case.get", case=case)["case"] == case, "reading is not affected"
                n = entries(server)
                disk.clear()
                li.call("case.comment", case=case, text="there is room again")
                said = li.call("case.history", case=case, limit=500)["items"]
                assert len([one for one in said if one["kind"] == "comment"]) == written + 1
                assert entries(server) == n + 1
            assert server.stop() == 0, server.log()
        finally:
            server.kill()


def test_copy_into_a_full_disk_goes_on_when_there_is_room(binary, folder):
    def copy():
        return subprocess.run([binary, "store", "copy", server.site, "--to",
                               disk.postgres.url("small")], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=120, check=False)
    server = signoff.Server(os.path.join(folder, "site"), binary, clock="2026-01-05T09:00:00Z")
    server.init("--demo")
    server.start()
    with server.client("li") as li:
        case = opened(li)
        for n in range(40):
            li.call("case.comment", case=case, text="%d " % n + os.urandom(9000).hex())
    assert server.stop() == 0
    with SmallDisk() as disk:
        # The schema is there, and room for nothing more.
        subprocess.run([binary, "store", "copy", server.site, "--to", disk.postgres.url("small")],
                       check=True, stdout=subprocess.DEVNULL)
        disk.postgres.sql("TRUNCATE signoff.entry, signoff.case_, signoff.due, signoff.waiting, "
                          "signoff.head, signoff.team_; INSERT INTO signoff.setting "
                          "VALUES('unfinished_copy', 'true')", "small")
        disk.fill()
        done = copy()
        assert done.returncode == 1, done.stdout
        assert "make room on the disk of the database" in done.stdout
        assert "the same command goes on" in done.stdout
        disk.clear()
        done = copy()
        assert done.returncode == 0, done.stdout
        assert "went on with a copy" in done.stdout and "verified" in done.stdout
