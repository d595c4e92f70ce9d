# SPDX-License-Identifier: Apache-2.0
"""A Signoff server of one's own, and a connection that speaks its protocol: JSON-RPC 2.0, one
JSON text per line. Needs nothing but Python's library."""
import collections
import json
import os
import re
import signal
import socket
import subprocess
import time

START_SECONDS = 60
STOP_SECONDS = 60


class RpcError(Exception):
    """What the server answered instead of a result."""

    def __init__(self, error):
        super().__init__("%s: %s" % (error.get("code"), error.get("message")))
        self.number = error.get("code")
        self.message = error.get("message", "")
        self.data = error.get("data") or {}
        self.code = self.data.get("code")  # the stable word: "not_now", "conflict", ...


class Connection:
    """Lines over one socket. call() waits for its answer; send() and receive() pipeline."""

    def __init__(self, port, host="127.0.0.1", timeout=120):
        self.socket = socket.create_connection((host, port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = self.socket.makefile("rb", buffering=1 << 16)
        self.unsent = []
        self.last_id = 0
        self.notifications = collections.deque()

    def send(self, method, params=None):
        """Queues a request and gives its id; flush() or receive() puts it on the wire."""
        self.last_id += 1
        request = {"jsonrpc": "2.0", "id": self.last_id, "method": method}
        if params is not None:
            request["params"] = params
        self.unsent.append(json.dumps(request, separators=(",", ":")) + "\n")
        return self.last_id

    def flush(self):
        if self.unsent:
            data = "".join(self.unsent).encode("utf-8")
            self.unsent = []
            self.socket.sendall(data)

    def send_bytes(self, data):
        """Whatever one wants to try on the server."""
        self.flush()
        self.socket.sendall(data)

    def receive_line(self):
        """The next line, parsed; notifications too. None at the end of the stream."""
        self.flush()
        line = self.reader.readline()
        if not line.endswith(b"\n"):
            return None
        return json.loads(line)

    def receive(self):
        """The next answer (or batch of answers); notifications are put aside."""
        while True:
            message = self.receive_line()
            if message is None:
                raise ConnectionError("the server closed the connection")
            if isinstance(message, dict) and "method" in message:
                self.notifications.append(message)
            else:
                return message

    def notification(self):
        """The next notification, waiting for it."""
        while not self.notifications:
            message = self.receive_line()
            if message is None:
                raise ConnectionError("the server closed the connection")
            if not (isinstance(message, dict) and "method" in message):
                raise AssertionError("an answer nobody waits for: %r" % (message,))
            self.notifications.append(message)
        return self.notifications.popleft()

    def call(self, method, /, **params):
        sent = self.send(method, params)
        answer = self.receive()
        if answer.get("id") != sent:
            raise AssertionError("answer to another request: %r" % (answer,))
        if "error" in answer:
            raise RpcError(answer["error"])
        return answer["result"]

    def login(self, token):
        return self.call("session.login", token=token)

    def close(self):
        self.reader.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Server:
    """A site's folder and the process that serves it. Only this process is ever ended here."""

    def __init__(self, site, signoff="signoff", clock=None, arguments=()):
        self.site, self.signoff, self.clock = str(site), signoff, clock
        self.arguments = list(arguments)
        self.process, self.port, self.environment = None, None, None
        self.http_port = 0  # 0: it does not speak HTTP
        self.log_path = os.path.join(self.site, "server.log")

    def init(self, *options):
        subprocess.run([self.signoff, "init", self.site, *options], check=True,
                       stdout=subprocess.DEVNULL)

    def start(self):
        """Starts serving on a free port of the loopback; returns once it listens."""
        command = [self.signoff, "serve", self.site, "--listen", "127.0.0.1:0", *self.arguments]
        if self.clock:
            command += ["--clock", self.clock]
        with open(self.log_path, "ab") as log:
            begin = log.tell()
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=subprocess.STDOUT, env=self.environment)
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up:
            if self.ready(begin):
                return self
            if self.process.poll() is not None:
                raise RuntimeError("signoff serve ended with %d:\n%s"
                                   % (self.process.returncode, self.log(begin)))
            time.sleep(0.01)
        self.kill()
        raise RuntimeError("signoff serve does not say that it listens:\n%s" % self.log(begin))

    def ready(self, begin):
        """Does it say, in its log from there on, that it listens? The port is known then."""
        said = re.search(r"^signoff: serving .* on 127\.0\.0\.1:(\d+)(?:, https?://127\.0\.0\.1:(\d+))?",
                         self.log(begin), re.M)
        if said and int(said.group(1)) != 0:
            self.port, self.http_port = int(said.group(1)), int(said.group(2) or 0)
            return True
        return False

    def log(self, begin=0):
        with open(self.log_path, "rb") as log:
            log.seek(begin)
            return log.read().decode("utf-8", "replace")

    def token(self, name):
        """What DIR/NAME.token or DIR/demo/NAME.token holds."""
        for path in (name + ".token", os.path.join("demo", name + ".token")):
            path = os.path.join(self.site, path)
            if os.path.exists(path):
                with open(path, encoding="ascii") as f:
                    return f.read().strip()
        raise FileNotFoundError("no token of %s in %s" % (name, self.site))

    def connect(self, token=None):
        """A connection, logged in when a token is given."""
        connection = Connection(self.port)
        if token:
            connection.login(token)
        return connection

    def client(self, name):
        return self.connect(self.token(name))

    def kill(self):
        """As a power cut for the process: SIGKILL."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self):
        """A graceful stop; gives the exit code."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
                raise RuntimeError("signoff serve does not stop on SIGTERM") from None
        return self.process.returncode

    def restart(self):
        self.stop()
        return self.start()
