# SPDX-License-Identifier: Apache-2.0
"""What the tests of HTTP, WebSocket and TLS share: a server that speaks it, a raw client, and a
strict reader of Prometheus' text format."""
import json
import os
import re
import socket
import urllib.error
import urllib.request

import pytest

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def web(make_server, folder):
    """web(net="idle_ms = 300"): a demo site that speaks HTTP, with these lines in its settings."""
    def start(arguments=(), prepare=None, **sections):
        def write(server):
            with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
                for section, lines in sections.items():
                    f.write("\n[%s]\n%s\n" % (section, lines))
            if prepare:
                prepare(server)
        return make_server(os.path.join(folder, "site"), "--demo", prepare=write,
                           arguments=["--http", "127.0.0.1:0", *arguments])
    return start


def fetch(server, path, body=None, **fields):
    """(status, fields, bytes) of one request by urllib."""
    request = urllib.request.Request("http://127.0.0.1:%d%s" % (server.http_port, path), data=body,
                                     headers={k.replace("_", "-"): v for k, v in fields.items()})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def call(server, name, method, **params):
    """The answer to one request over HTTP, as that person."""
    text = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    status, _, answer = fetch(server, "/rpc", text, Content_Type="application/json",
                              Authorization="Bearer " + server.token(name))
    assert status == 200, answer
    return json.loads(answer)


def dial(server):
    return socket.create_connection(("127.0.0.1", server.http_port), timeout=60)


def hear_all(sock):
    """All bytes until the other side ends the stream."""
    heard = []
    while True:
        more = sock.recv(65536)
        if not more:
            return b"".join(heard)
        heard.append(more)


def statuses(answers):
    return [int(s) for s in re.findall(rb"HTTP/1\.1 (\d{3}) ", answers)]


SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*"'
                    r'(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*")*)?\})? '
                    r'([-+]?(?:\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|Inf|NaN))')


def read_metrics(text):
    """{name with labels: value} of the text format 0.0.4, or an AssertionError: HELP and TYPE once,
    before a metric's samples, which stand together; no sample twice; a line end at the end."""
    assert text.endswith("\n")
    values, done, current, helped, typed = {}, set(), None, set(), {}
    for line in text[:-1].split("\n"):
        comment = re.fullmatch(r"# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)", line)
        sample = SAMPLE.fullmatch(line)
        assert comment or sample, line
        name = comment.group(2) if comment else sample.group(1)
        if name != current:
            assert name not in done, "the samples of %s do not stand together" % name
            done.add(current)
            current = name
        if sample:
            assert name in typed, "no TYPE before " + line
            key = name + (sample.group(2) or "")
            assert key not in values, "twice: " + line
            values[key] = float(sample.group(3))
            assert typed[name] != "counter" or (name.endswith("_total") and values[key] >= 0), line
        elif comment.group(1) == "HELP":
            assert name not in helped, line
            helped.add(name)
        else:
            assert name not in typed and comment.group(3) in ("counter", "gauge"), line
            typed[name] = comment.group(3)
    return values
