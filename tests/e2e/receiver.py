# SPDX-License-Identifier: Apache-2.0
"""A receiver of webhooks on the loopback, and the other end of Standard Webhooks, written from its
specification (spec/standard-webhooks.md 1.0.0)."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import threading
import time

import pytest

OUTBOX = "\n[outbox]\nallow = 127.0.0.0/8, ::1\nports = any\ninsecure = yes\n"


class Receiver:
    """Keeps what comes in. answer: a status (None: none at all), or a function of the request that gives one, or
    (status, fields, body). after: a function that is called when a request was answered."""

    def __init__(self, port=0):
        self.requests, self.answer, self.after = [], 200, None
        self.changed = threading.Condition()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                request = Request(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                answer = receiver.answer(request) if callable(receiver.answer) else receiver.answer
                status, fields, text = answer if isinstance(answer, tuple) else (answer, {}, b"")
                with receiver.changed:
                    receiver.requests.append(request)
                    receiver.changed.notify_all()
                if status is None:
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in fields.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                try:
                    self.wfile.write(text)
                except OSError:
                    self.close_connection = True  # whoever asked has heard enough, or is gone
                if receiver.after:
                    receiver.after(request)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = "http://127.0.0.1:%d/hook" % self.port
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def wait(self, n, seconds=30):
        """The requests, once there are n of them."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.requests) >= n, seconds), \
                "%d of %d requests came" % (len(self.requests), n)
            return list(self.requests)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Request:
    def __init__(self, path, headers, body):
        self.path, self.headers, self.body = path, headers, body
        self.id = headers.get("webhook-id")
        self.at = time.time()

    @property
    def event(self):
        return json.loads(self.body)

    @property
    def seq(self):
        return self.event["data"].get("seq")

    def signatures(self):
        return self.headers["webhook-signature"].split(" ")

    def signed_by(self, secret):
        """Is one of its signatures by this whsec_ secret?"""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        text = b"%s.%s.%s" % (self.id.encode(), self.headers["webhook-timestamp"].encode(), self.body)
        right = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
        return right in self.signatures()


@pytest.fixture
def receivers():
    """receivers(): a new receiver, ended with the test."""
    made = []

    def make(port=0):
        made.append(Receiver(port))
        return made[-1]
    yield make
    for receiver in made:
        receiver.close()


@pytest.fixture
def sender(make_server, folder):
    """sender(): a demo site whose deliveries may go to the loopback."""
    def start(settings=OUTBOX, **options):
        def write(server):
            with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
                f.write(settings)
        return make_server(os.path.join(folder, "site"), "--demo", prepare=write, **options)
    return start


def until(what, seconds=30):
    """Waits for another thread or process: asks until what() is true, and gives it."""
    give_up = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        assert time.monotonic() < give_up, "it did not come to pass"
        time.sleep(0.01)
