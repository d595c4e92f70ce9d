# SPDX-License-Identifier: Apache-2.0
"""The clients of examples/clients, each run as a person would run it, against a real server."""
import os
import subprocess
import sys

import pytest
from cases import Case

CLIENTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "clients")


@pytest.fixture(scope="session")
def built_client(tmp_path_factory):
    """client.c, built by the line that its README gives, and with warnings as errors."""
    program = tmp_path_factory.mktemp("client") / "client"
    subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", os.path.join(CLIENTS, "c", "client.c"),
                    "-ljansson", "-o", str(program)], check=True)
    return str(program)


@pytest.fixture(params=["python", "node", "bash", "c"])
def words(request):
    """How the client is run."""
    if request.param == "c":
        return [request.getfixturevalue("built_client")]
    return {"python": [sys.executable, os.path.join(CLIENTS, "python", "client.py")],
            "node": ["node", os.path.join(CLIENTS, "node", "client.js")],
            "bash": [os.path.join(CLIENTS, "bash", "client.sh")]}[request.param]


@pytest.fixture
def client(words, server):
    """client("mei", "inbox", code=0): (lines of its output, what it complained of)."""
    def run(person, *arguments, code=0, token=None):
        done = subprocess.run([*words, *arguments], env=environment(server, person, token),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        return done.stdout.splitlines(), done.stderr
    return run


def environment(server, person, token=None):
    return dict(os.environ, SIGNOFF_SERVER="127.0.0.1:%d" % server.port,
                SIGNOFF_TOKEN=token or server.token(person), LC_ALL="C.UTF-8")


def deciding(people):
    """A change request that waits for its approval."""
    case = Case(people, "change_request", "mei", summary="Export", reason="Auditors ask")
    case.fire("mei", "submit")
    case.fire("li", "accept")
    case.fire("sun", "assess", days=5, risk="low")
    case.fire("li", "price", cost="5000.00", scope="one report = one page")
    return case


def test_client_opens_a_case_and_its_owner_finds_it_in_the_inbox(client, people):
    opened, _ = client("mei", "open", "change_request", "acme-erp", "summary=加导出 = export",
                       "reason=Auditors ask")
    assert opened == ["CR-1\tdraft"]
    assert people("mei").call("case.get", case="CR-1")["fields"]["summary"] == "加导出 = export"
    assert client("mei", "inbox")[0] == ["CR-1\towner\t加导出 = export"]
    assert client("li", "inbox")[0] == []


def test_client_decides_only_with_the_digest_of_what_it_showed(client, people):
    case = deciding(people)
    shown, _ = client("mei", "decide", case.key, "approve")
    assert shown[:-1] == ['cost: "5000.00"', "days: 5", 'scope: "one report = one page"',
                          'summary: "Export"', "touches: null"]
    name, digest = shown[-1].split(": ")
    assert name == "digest" and digest == case.round("mei")["digest"]
    assert case.round("li")["ballots"] == [], "showing decided something"
    case.edit("li", cost="7000.00")
    _, why = client("mei", "decide", case.key, "approve", digest, code=1)
    assert "look again" in why and case.round("li")["ballots"] == []
    digest = client("mei", "decide", case.key, "approve")[0][-1].split(": ")[1]
    assert client("mei", "decide", case.key, "approve", digest)[0] == ["%s\tdeciding" % case.key]
    assert [ballot["person"] for ballot in case.round("li")["ballots"]] == ["mei"]


def test_client_watches_from_the_first_entry_on(words, server, people):
    case = Case(people, "change_request", "mei", summary="Export", reason="Auditors ask")
    watching = subprocess.Popen([*words, "watch", "1"], env=environment(server, "li"), text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    try:
        told = [watching.stdout.readline().rstrip("\n") for _ in range(2)]
        case.fire("mei", "submit")  # while it watches
        told.append(watching.stdout.readline().rstrip("\n"))
    finally:
        watching.kill()
        watching.wait()
        watching.stdout.close()
    assert told == ["1\t-\tdata\tsystem", "2\tCR-1\topen\tmei", "3\tCR-1\tfire\tmei"]


def test_client_tells_why_it_was_refused(client):
    _, why = client("mei", "open", "change_reqest", "acme-erp", code=1)
    assert "change_request" in why, "the nearest name is not told"
    _, why = client("mei", "inbox", code=1, token="sgn_" + "0" * 40)
    assert "token" in why
    _, why = client("mei", "fly", code=1)
    assert "usage" in why
