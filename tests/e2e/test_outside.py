# SPDX-License-Identifier: Apache-2.0
"""Clients that nobody here wrote, unchanged, from Debian's packages: a JSON-RPC library over TCP and
TLS (aiorpcX), a reader of Server-sent events (eventsource for Node), Prometheus' promtool.
WebSocket is in test_websocket.py (websockets), HTTP in test_http.py (curl, http.client, urllib)."""
import asyncio
import json
import os
import shutil
import subprocess

import pytest
from events_help import Events
from http_help import fetch, web  # noqa: F401
from certificates import make_certificate
from test_tls import FILES, trusting

try:
    import aiorpcx
except ImportError:
    aiorpcx = None

FIELDS = {"summary": "Add export", "reason": "Auditors ask for it"}


# ---- JSON-RPC over TCP ----

async def a_case_goes_its_way(server, context=None):
    """Calls, a batch, errors and notifications through the library's own session."""
    heard, told = [], asyncio.Event()

    class Listener(aiorpcx.RPCSession):
        async def handle_request(self, request):
            heard.append((request.method, request.args))
            told.set()
    async with aiorpcx.connect_rs("localhost", server.port, session_factory=Listener,
                                  ssl=context) as session:
        who = await session.send_request("session.login", {"token": server.token("mei")})
        assert who["person"] == "mei"
        await session.send_request("watch.start", {"kind": "open"})
        opened = await session.send_request("case.open", {
            "workflow": "change_request", "project": "acme-erp", "fields": FIELDS})
        await asyncio.wait_for(told.wait(), 60)
        assert heard[0][0] == "watch.entry" and heard[0][1]["entry"]["case"] == opened["case"]
        with pytest.raises(aiorpcx.RPCError) as caught:
            await session.send_request("case.get", {"case": "CR-999"})
        assert caught.value.code == 1002 and "CR-999" in caught.value.message
        with pytest.raises(aiorpcx.RPCError) as caught:
            await session.send_request("no.method")
        assert caught.value.code == -32601
        async with session.send_batch() as batch:
            batch.add_request("server.ping")
            batch.add_request("case.get", {"case": opened["case"]})
        assert batch.results[0] == {"pong": True} and batch.results[1]["states"] == ["draft"]


needs_aiorpcx = pytest.mark.skipif(not aiorpcx, reason="python3-aiorpcx is not installed")


@needs_aiorpcx
def test_a_json_rpc_library_over_tcp(web):
    asyncio.run(a_case_goes_its_way(web()))


@needs_aiorpcx
def test_the_same_library_over_tls(web):
    server = web(net=FILES, prepare=lambda server: make_certificate(server.site, "one"))
    asyncio.run(a_case_goes_its_way(server, trusting(server)))


# ---- Server-sent events ----

READER = """
const EventSource = require('/usr/share/nodejs/eventsource');
const source = new EventSource(process.argv[2], { headers: { Authorization: 'Bearer ' + process.argv[3] } });
source.addEventListener('start', (event) => console.log('start ' + event.lastEventId));
source.onmessage = (event) => {
  const entry = JSON.parse(event.data).entry;
  if (String(entry.seq) !== event.lastEventId) process.exit(3);
  console.log(event.lastEventId);
};
source.onerror = (event) => console.log('error ' + (event.status || ''));
"""


class NodeReader:
    """EventSource in a process of its own; line() is the next thing that it has heard."""

    def __init__(self, folder, url, token):
        path = os.path.join(folder, "reader.js")
        with open(path, "w", encoding="ascii") as f:
            f.write(READER)
        self.process = subprocess.Popen(["node", path, url, token], stdout=subprocess.PIPE, text=True)

    def line(self):
        return self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.mark.skipif(not os.path.isdir("/usr/share/nodejs/eventsource") or not shutil.which("node"),
                    reason="node-eventsource is not installed")
def test_an_event_source_of_node_goes_on_where_it_was_cut(web):
    server = web()
    with server.client("li") as li:
        case = li.call("case.open", workflow="change_request", project="acme-erp", fields=FIELDS)["case"]
        with Events(server, server.token("li"), since=0) as stream:
            head = json.loads(stream.event()[2])["head"]
        url = "http://127.0.0.1:%d/events?since=0" % server.http_port
        with NodeReader(server.site, url, server.token("li")) as reader:
            assert reader.line() == "start 0"
            assert [reader.line() for _ in range(head)] == [str(n) for n in range(1, head + 1)]
            li.call("case.comment", case=case, text="live")
            assert reader.line() == str(head + 1)
            # The server ends; it comes again, to the same port, by itself.
            port = server.http_port
            assert server.stop() == 0
            assert reader.line().startswith("error")
            server.arguments[server.arguments.index("127.0.0.1:0")] = "127.0.0.1:%d" % port
            server.start()
            with server.client("li") as again:
                again.call("case.comment", case=case, text="while it was away")
            line = reader.line()
            while line.startswith("error"):
                line = reader.line()
            assert line == "start %d" % (head + 1)
            assert reader.line() == str(head + 2)
        with NodeReader(server.site, url, "sgn_wrong") as reader:
            assert reader.line() == "error 401"
            assert reader.process.wait(60) == 0  # it does not come again


# ---- Prometheus ----

@pytest.mark.skipif(not shutil.which("promtool"), reason="prometheus is not installed")
def test_promtool_finds_no_fault_with_the_figures(web):
    server = web()

    def check(text):
        return subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True,
                              timeout=60)
    with server.client("li") as li:
        li.call("case.list")
        text = fetch(server, "/metrics")[2]
    done = check(text)
    assert done.returncode == 0 and not done.stdout + done.stderr, done.stderr
    # It does look: what has no help, or counts under a gauge's name, is told.
    assert check(text.replace(b"# HELP signoff_engine_jobs_total", b"# HELP signoff_other")).returncode
    assert check(text.replace(b"_total", b"_sum_of")).returncode
