# SPDX-License-Identifier: Apache-2.0
"""What is measured at moments instead of over a window: starting, recovering, very many deadlines
at once, very many idle connections."""
import json
import os
import random
import socket
import struct
import subprocess
import sys
import time

import machine
from loaded import FORMS, await_mark
from prepared import find, signoff

START_MOST = 1800  # seconds
FOREGROUND = 1000  # requests per second beside the deadlines
OF_ADDRESS = 1000  # idle connections
PAST = 31 * 86400  # the workflow's deadline is 30 days


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Timed(signoff.Server):
    """A server whose port is knocked at from the first moment on."""

    def start(self):
        self.port = free_port()
        self.begun = time.monotonic()
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [self.signoff, "serve", self.site, "--listen", "127.0.0.1:%d" % self.port],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment)
        while not self.ready(0):
            if self.process.poll() is not None:
                sys.exit("signoff serve ended:\n%s" % self.log())
            if time.monotonic() - self.begun > START_MOST:
                sys.exit("signoff serve does not listen after %d s" % START_MOST)
            time.sleep(0.001)
        self.opened = time.monotonic() - self.begun
        return self

    def ready(self, begin):
        try:
            socket.create_connection(("127.0.0.1", self.port), 5).close()
            return True
        except ConnectionRefusedError:
            return False


def start(loaded, prepared, times):
    """Seconds until the port is open, and until a case that nobody asked for before is answered;
    medians of some starts of a server that was stopped well."""
    opened, answered = [], []
    for _ in range(times):
        server = Timed(loaded.site, prepared.program)
        server.environment = loaded.environment
        try:
            server.start()
            ask(server, prepared)
            answered.append(time.monotonic() - server.begun)
            opened.append(server.opened)
            server.stop()
        finally:
            server.kill()
    return {"port": median(opened), "answer": median(answered)}


def median(values):
    return sorted(values)[len(values) // 2]


def ask(server, prepared):
    team = random.choice(prepared.names)
    with server.connect(prepared.tokens[team]) as desk:
        desk.call("case.get", case="BN-%d" % random.randint(1, prepared.of_team))


def recover(loaded, prepared, seconds):
    """The server is killed under load; how it comes back."""
    form = FORMS["pipelined"]
    running = loaded.load({**form.options(prepared, 0), "seconds": seconds + 60, "warmup": 0})
    try:
        await_mark(running, "measuring")
        time.sleep(seconds)
        loaded.kill()
    finally:
        running.kill()
        running.wait()
    server = Timed(loaded.site, prepared.program)
    try:
        server.start()
        ask(server, prepared)
        row = {"port": server.opened, "answer": time.monotonic() - server.begun}
        with server.client("operator") as operator:
            store = operator.call("admin.stats")["store"]
        row.update({name: store[name] for name in ("recovered_rows", "recovery_ms")
                    if name in store})
        server.stop()
        return row
    finally:
        server.kill()


# ---- deadlines ----

def shifted(build, folder):
    """The environment of a server whose clock can be set on, and how to do that."""
    path = os.path.join(folder, "shift")
    with open(path, "wb") as f:
        f.write(struct.pack("=q", 0))
    environment = dict(os.environ, SIGNOFF_CLOCK_SHIFT=path,
                       LD_PRELOAD=os.path.join(os.path.dirname(find(build, "cut_proxy")),
                                               "shift_clock.so"))

    def shift(seconds):
        with open(path, "r+b") as f:
            f.write(struct.pack("=q", seconds))
    return environment, shift


def drain(loaded, prepared, shift, give_up):
    """All deadlines of all cases fall due in one moment, while others work on."""
    names = {"rate": FOREGROUND, "seconds": give_up + 5, "warmup": 2, "until-eof": True}
    running = loaded.load({**FORMS["open-loop"].options(prepared, 0), **names})
    wanted = loaded.stats()["store"]["cases"]
    try:
        await_mark(running, "measuring")
        before = loaded.sample()
        shift(PAST)
        begun = last = time.monotonic()
        fired = 0
        while fired < wanted and time.monotonic() - begun < give_up:
            time.sleep(0.05)
            now = loaded.sample()
            if now["fired"] - before["fired"] > fired:
                fired, last = now["fired"] - before["fired"], time.monotonic()
        running.stdin.close()
        await_mark(running, "measured")
        said = running.stdout.read()
        if running.wait() != 0:
            sys.exit("signoff-load: beside the deadlines: %s" % said)
    finally:
        running.kill()
        running.wait()
    return {**json.loads(said), "wanted": wanted, "fired": fired, "took": last - begun,
            "entries": now["entries"] - before["entries"]}


# ---- idle connections ----

def idle(loaded, prepared, n):
    """Bytes of the process for each of so many connections that are logged in and do nothing, and
    how many the server says it has (one more: the operator's)."""
    token, held = prepared.tokens[prepared.names[0]], []
    login = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "session.login",
                        "params": {"token": token}}).encode() + b"\n"
    before = machine.memory(loaded.pid)
    try:
        for i in range(n):  # from several addresses, since one may not have them all
            held.append(socket.create_connection(("127.0.0.1", loaded.server.port), 30,
                                                 ("127.0.1.%d" % (1 + i // OF_ADDRESS), 0)))
            held[-1].sendall(login)
        for i, connection in enumerate(held):
            said = connection.recv(4096)
            if b'"result"' not in said:
                sys.exit("connection %d of %d was refused: %s" % (i, n, said.decode()))
        connections = loaded.operator.call("server.health")["connections"]
        return {"held": connections, "bytes": (machine.memory(loaded.pid) - before) / n}
    finally:
        for connection in held:
            connection.close()
