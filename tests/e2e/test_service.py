# SPDX-License-Identifier: Apache-2.0
"""Under a service manager: what it is told (sd_notify), what it hands over (sockets), what the journal gets.

There is none here: a datagram socket stands in its place, and sockets are inherited as it hands them over."""
import ctypes
import json
import os
import re
import shlex
import socket
import subprocess
import time

import pytest

from commands import run  # noqa: F401

UNIT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "packaging", "debian", "signoff.service")
LIBC = ctypes.CDLL(None, use_errno=True)
PTRACE_DETACH, PTRACE_SEIZE, PTRACE_INTERRUPT = 17, 0x4206, 0x4207
WALL = 0x40000000


class Manager:
    """Hears what a service manager would."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(120)
        self.heard = []

    def wait(self, line):
        """The message that has this line, as {name: value}; all that come before it are kept."""
        while True:
            text = self.socket.recv(4096).decode()
            self.heard.append(text)
            if line in text.split("\n"):
                return dict(part.split("=", 1) for part in text.split("\n"))


@pytest.fixture
def manager(folder):
    made = Manager(folder)
    yield made
    made.socket.close()


@pytest.fixture
def start(binary, run, folder):
    """start(NAME=value, ...): the server with these variables, as a manager would start it."""
    started = []
    run("init", "site")

    def begin(*words, sockets=(), stderr=subprocess.PIPE, **variables):
        # LISTEN_PID is the server's own number, which is known only when it runs.
        command = ["sh", "-c", 'test -z "$LISTEN_FDS" || test -n "$LISTEN_PID" || export LISTEN_PID=$$; exec "$@"', "sh",
                   binary, "serve", os.path.join(folder, "site"), *words]

        def hand_over():
            for i, each in enumerate(copies):
                os.dup2(each, 3 + i)
        # High numbers first: the places that they go to may be taken by others of them.
        import fcntl
        copies = [fcntl.fcntl(each.fileno(), fcntl.F_DUPFD, 100) for each in sockets]
        clean = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}
        if sockets:
            clean["LISTEN_FDS"] = str(len(sockets))
        process = subprocess.Popen(command, env={**clean, **variables}, stdout=subprocess.PIPE, stderr=stderr,
                                   text=True, preexec_fn=hand_over, pass_fds=range(3, 3 + len(sockets)))
        for each in copies:
            os.close(each)
        started.append(process)
        return process
    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


OFF = ["--listen", "off"]


def reload_by_the_unit(pid):
    """As the unit does it, by what every Debian has: /bin/kill is of a package that a small one lacks."""
    with open(UNIT, encoding="utf-8") as file:
        (line,) = re.findall(r"^ExecReload=(.*)$", file.read(), re.MULTILINE)
    words = shlex.split(line.replace("$MAINPID", str(pid)))
    assert words[0] == "/bin/sh"
    subprocess.run(words, check=True, timeout=60, env={"PATH": "/nowhere"})


def test_it_says_when_it_is_ready_reloads_and_stops(start, manager, folder):
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    process = start(*OFF, NOTIFY_SOCKET=manager.path)
    ready = manager.wait("READY=1")
    assert manager.heard == ["\n".join(f"{k}={v}" for k, v in ready.items())], "nothing comes before it"
    assert "site" in ready["STATUS"]
    reload_by_the_unit(process.pid)
    told = manager.wait("RELOADING=1")
    after = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    assert before < int(told["MONOTONIC_USEC"]) <= after
    manager.wait("READY=1")
    process.terminate()
    manager.wait("STOPPING=1")
    assert process.wait(60) == 0
    assert not [text for text in manager.heard if "WATCHDOG" in text], "nobody waits for a sign of life"


def test_a_name_in_the_abstract_namespace_is_told_too(start, folder):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        name = "signoff-test-%d" % os.getpid()
        listening.bind("\0" + name)
        listening.settimeout(120)
        start(*OFF, NOTIFY_SOCKET="@" + name)
        assert listening.recv(4096).startswith(b"READY=1\n")


def test_a_start_that_fails_says_why_and_never_ready(start, manager):
    process = start("--listen", "nonsense", NOTIFY_SOCKET=manager.path)
    assert process.wait(60) == 1
    manager.socket.setblocking(False)
    told = manager.socket.recv(4096).decode()
    assert told.startswith("STATUS=") and "nonsense" in told
    with pytest.raises(BlockingIOError):
        manager.socket.recv(4096)


def lane_of(process):
    for task in os.listdir(f"/proc/{process.pid}/task"):
        with open(f"/proc/{process.pid}/task/{task}/comm", encoding="utf-8") as comm:
            if comm.read().strip() == "lane":
                return int(task)
    raise AssertionError("no thread is called lane")


def test_signs_of_life_come_while_the_lane_moves_and_only_then(start, manager):
    process = start(*OFF, NOTIFY_SOCKET=manager.path, WATCHDOG_USEC="200000")
    manager.wait("READY=1")
    manager.wait("WATCHDOG=1")
    manager.wait("WATCHDOG=1")
    # The engine's thread alone is held, as if it hung in a call that does not return.
    lane = lane_of(process)
    assert LIBC.ptrace(PTRACE_SEIZE, lane, 0, 0) == 0, os.strerror(ctypes.get_errno())
    assert LIBC.ptrace(PTRACE_INTERRUPT, lane, 0, 0) == 0
    os.waitpid(lane, WALL)
    manager.wait("STATUS=the engine makes no progress")
    manager.heard.clear()
    for _ in range(5):
        manager.wait("STATUS=the engine makes no progress")
    assert not [text for text in manager.heard if "WATCHDOG" in text], manager.heard
    assert LIBC.ptrace(PTRACE_DETACH, lane, 0, 0) == 0
    manager.wait("WATCHDOG=1")
    process.terminate()
    assert "engine_hangs" in process.communicate(timeout=60)[1]
    assert process.returncode == 0


def test_signs_of_life_are_for_the_process_that_is_waited_for(start, manager):
    process = start(*OFF, NOTIFY_SOCKET=manager.path, WATCHDOG_USEC="2000", WATCHDOG_PID="1")
    manager.wait("READY=1")
    process.terminate()
    manager.wait("STOPPING=1")
    assert not [text for text in manager.heard if "WATCHDOG" in text]


# ---- sockets that are handed over ----

def call(port):
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(b'{"jsonrpc":"2.0","id":1,"method":"server.ping"}\n')
        return json.loads(line.makefile().readline())


def test_sockets_are_taken_over_by_their_names(start, manager, folder):
    with socket.create_server(("127.0.0.1", 0)) as lines, socket.create_server(("127.0.0.1", 0)) as http:
        at, web = lines.getsockname()[1], http.getsockname()[1]
        process = start(sockets=(http, lines), LISTEN_FDNAMES="http:lines", NOTIFY_SOCKET=manager.path)
        # Whoever comes before the server is ready waits in the socket's queue.
        assert call(at)["result"] == {"pong": True}
        manager.wait("READY=1")
        with socket.create_connection(("127.0.0.1", web), timeout=60) as other:
            other.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert other.makefile().readline().startswith("HTTP/1.1 200")
        assert f"127.0.0.1:{at}, http://127.0.0.1:{web}" in process.stdout.readline()
        process.terminate()
        assert process.wait(60) == 0
        # The manager's own goes on listening: nobody is refused while a new server starts.
        with socket.create_connection(("127.0.0.1", at), timeout=60):
            pass


@pytest.mark.parametrize("names, said", [
    ("signoff.socket", 'named "signoff.socket"'),
    ("", 'named ""'),
    ("http:http", "two sockets named http"),
])
def test_sockets_that_are_not_understood_are_refused(start, names, said):
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        process = start(sockets=(one, two) if ":" in names else (one,), LISTEN_FDNAMES=names)
        assert said in process.communicate(timeout=60)[1]
        assert process.returncode == 1


def test_a_socket_that_does_not_listen_is_refused(start):
    with socket.socket() as deaf:
        process = start(sockets=(deaf,), LISTEN_FDNAMES="http")
        assert "the socket http that was handed over listens for no TCP" in process.communicate(timeout=60)[1]


def test_an_address_of_others_is_refused_without_encryption_whoever_bound_it(start):
    with socket.create_server(("0.0.0.0", 0)) as wide:
        process = start(sockets=(wide,), LISTEN_FDNAMES="lines")
        assert "nothing is encrypted" in process.communicate(timeout=60)[1]
        assert process.returncode == 1


def test_sockets_of_another_process_are_not_touched(start):
    """LISTEN_PID is another's: the variables were inherited through somebody who forgot them."""
    process = start(*OFF, LISTEN_FDS="1", LISTEN_PID="1", LISTEN_FDNAMES="nonsense", NOTIFY_SOCKET="relative")
    assert process.stdout.readline().startswith("signoff: serving")


# ---- the journal ----

def test_lines_for_the_journal_begin_with_their_priority(start, folder):
    path = os.path.join(folder, "journal")
    with open(path, "w", encoding="utf-8") as journal:
        found = os.fstat(journal.fileno())
        process = start(*OFF, stderr=journal, JOURNAL_STREAM=f"{found.st_dev}:{found.st_ino}")
        process.stdout.readline()
        process.terminate()
        assert process.wait(60) == 0
    with open(path, encoding="utf-8") as journal:
        lines = journal.read().splitlines()
    assert "<6>info stopping" in lines
    assert all(re.match(r"<[3467]>(error|warn|info|debug) ", line) for line in lines), lines


def test_lines_for_somebody_else_have_their_time(start):
    process = start(*OFF, JOURNAL_STREAM="1:2")
    process.stdout.readline()
    process.terminate()
    assert re.search(r"^\d{4}-\S+Z info stopping$", process.communicate(timeout=60)[1], re.MULTILINE)
