# SPDX-License-Identifier: Apache-2.0
"""A reader of Server-sent events by the letter of WHATWG HTML 9.2, over a socket of its own."""
import socket
import urllib.parse


class Ended(Exception):
    """The stream is over."""


class Events:
    """GET /events; status, fields; event() is the next one as (name, id, data),
    or (None, id, None) where only the number has moved."""

    def __init__(self, server, token=None, last=None, chunk=65536, method="GET", fields=(), **query):
        self.socket = socket.create_connection(("127.0.0.1", server.http_port), timeout=60)
        self.chunk, self.method = chunk, method
        words = urllib.parse.urlencode(query, doseq=True)
        head = "%s /events%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: text/event-stream\r\n" % (
            method, "?" + words if words else "", server.http_port)
        if token:
            head += "Authorization: Bearer %s\r\n" % token
        if last is not None:
            head += "Last-Event-ID: %s\r\n" % last
        self.socket.sendall((head + "".join(f + "\r\n" for f in fields) + "\r\n").encode())
        self.held, self.last = b"", None if last is None else str(last)
        self.status, self.fields = None, {}
        self.read_head()

    def read_head(self):
        while b"\r\n\r\n" not in self.held:
            self.more()
        head, self.held = self.held.split(b"\r\n\r\n", 1)
        lines = head.decode("ascii").split("\r\n")
        self.status = int(lines[0].split()[1])
        self.fields = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines[1:])}

    def more(self):
        got = self.socket.recv(self.chunk)
        if not got:
            raise Ended()
        self.held += got

    def line(self):
        while b"\n" not in self.held:
            self.more()
        line, self.held = self.held.split(b"\n", 1)
        return line.decode("utf-8")

    def event(self):
        name, data, last = "", [], self.last
        while True:
            line = self.line()
            if line == "":
                moved, self.last = last != self.last, last
                if moved and not data:
                    return None, last, None
                if data:
                    return name or "message", self.last, "\n".join(data)
                name, data = "", []
                continue
            field, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            if field == "":
                continue
            if field == "event":
                name = value
            elif field == "data":
                data.append(value)
            elif field == "id":
                last = value
            else:
                assert field == "retry" and value.isdigit(), line

    def body(self):
        """The body of an answer that is no stream."""
        length = int(self.fields["content-length"]) if self.method != "HEAD" else 0
        while len(self.held) < length:
            self.more()
        return self.held

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
