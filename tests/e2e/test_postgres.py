# SPDX-License-Identifier: Apache-2.0
"""A site on PostgreSQL: how it is asked for, what it says of itself, and what it says no to."""
import json
import os
import re
import subprocess

import databases as stores
import pytest

pytestmark = pytest.mark.skipif(not stores.CHOICE, reason="needs SIGNOFF_TEST_STORE")
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
CASE = {"project": "acme-erp",
        "fields": {"summary": "Add export", "reason": "Auditors ask for it"}}


@pytest.fixture
def site(binary, folder):
    """A site that no settings lead to a database."""
    path = os.path.join(folder, "plain")
    subprocess.run([binary, "init", path, "--demo"], check=True, stdout=subprocess.DEVNULL)
    return path


def serve(binary, site, *words, **environment):
    done = subprocess.run([binary, "serve", site, "--listen", "off", *words], text=True, timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          env=dict(os.environ, **environment))
    assert done.returncode not in (0, None)
    return done.stdout


def test_server_says_what_it_stores_in(server):
    with server.connect() as anyone:
        for said in (anyone.call("server.info"), anyone.call("server.health")):
            assert said["store"]["backend"] == "postgres"
            assert re.fullmatch(r"\d+\.\d+", said["store"]["version"])
            assert "127.0.0.1" not in json.dumps(said), "whoever asks needs no address"
    assert not os.path.exists(os.path.join(server.site, "data", "signoff.db"))


def test_second_server_is_refused_and_the_first_goes_on(server, binary):
    assert "in use by another server" in serve(binary, server.site)
    with server.client("admin") as admin:
        admin.call("server.ping")


def test_what_was_written_is_there_after_a_kill_and_verifies(server, binary):
    with server.client("li") as li:
        case = li.call("case.open", workflow="change_request", **CASE)["case"]
    server.kill()
    server.start()
    with server.client("li") as li:
        assert li.call("case.get", case=case)["case"] == case
    assert server.stop() == 0
    said = subprocess.run([binary, "verify", server.site], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60, check=False)
    assert said.returncode == 0, said.stdout


def test_a_backup_is_refused_and_names_the_way_of_the_manual(server, folder, binary):
    path = os.path.join(folder, "b.signoff")
    said = subprocess.run([binary, "backup", path, "--site", server.site], text=True, check=False,
                          capture_output=True, timeout=60)
    assert said.returncode == 1 and not os.path.exists(path)
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        (documented,) = re.findall(r"^    (pg_dump .*?) postgres://", file.read(), re.MULTILINE)
    assert documented in said.stderr and "kept by PostgreSQL" in said.stderr, said.stderr
    assert '"Backup" in README.md' in said.stderr
    chinese = subprocess.run([binary, "backup", path, "--site", server.site, "--lang", "zh"], text=True,
                             check=False, capture_output=True, timeout=60)
    assert documented in chinese.stderr and "PostgreSQL" in chinese.stderr
    assert "makes its backups" not in chinese.stderr


def test_connections_that_are_cut_are_made_again(server, databases):
    with server.client("li") as li:
        li.call("case.open", workflow="change_request", **CASE)
        databases.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                      "datname = '%s' AND backend_type = 'client backend'" % server.database)
        assert li.call("case.open", workflow="change_request", **CASE)["case"]


def test_virtual_time_goes_on_where_it_was(server, people, advance):
    before = advance("3 days")["now"]
    for connection in [people("li")]:
        connection.close()
    server.restart()
    with server.client("li") as li:
        assert li.call("clock.advance", by="1 hour")["now"][:10] == before[:10]


def test_password_stands_in_no_list_and_no_log(site, binary, databases):
    password = re.search(r":([0-9a-f]{32})@", databases.base).group(1)
    name = databases.make()
    url = databases.base.rsplit("/", 1)[0] + "/" + name
    process = subprocess.Popen([binary, "serve", site, "--listen", "off", "--store", url],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = ""
    try:
        while "serving" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        with open("/proc/%d/cmdline" % process.pid, "rb") as words:
            assert password.encode() not in words.read()
    finally:
        process.terminate()
        said += process.communicate(timeout=60)[0]
        databases.drop(name)
    assert process.returncode == 0, said
    assert password not in said


def test_password_may_lie_in_a_file(site, binary, folder, databases):
    user, password, host = re.fullmatch(r"postgres://(\w+):(\w+)@([\d.:]+)/\w+",
                                        databases.base).groups()
    said = serve(binary, site, "--store", "postgres://%s@%s/nosuch" % (user, host),
                 PGPASSFILE="/nonexistent")
    assert "password" in said
    passfile = os.path.join(folder, "pgpass")
    with open(passfile, "w", encoding="ascii") as out:
        os.chmod(passfile, 0o600)
        out.write("%s:*:%s:%s\n" % (host, user, password))
    said = serve(binary, site, "--store", "postgres://%s@%s/nosuch" % (user, host),
                 PGPASSFILE=passfile)
    assert "nosuch" in said and "does not exist" in said, "it came in, and found no database"


@pytest.mark.parametrize("url, expected", [
    ("mysql://secret@host/db", "expected postgres://"),
    ("secret", "expected postgres://"),
    ("sqlite:somewhere", "--data"),
    ("", "expected postgres://"),
    ("postgres://u:secret@127.0.0.1:1/db", "127.0.0.1"),
    ("postgres://u:sec%zzret@127.0.0.1:1/db", "%XX"),
])
def test_store_that_is_none_is_refused_with_what_would_be_right(site, binary, url, expected):
    said = serve(binary, site, "--store", url)
    assert expected in said
    assert "secret" not in said.replace('"secret"', "")
    assert not os.path.exists(os.path.join(site, "data", "signoff.db"))
