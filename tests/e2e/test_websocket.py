# SPDX-License-Identifier: Apache-2.0
"""WebSocket as a library of Debian's speaks it, and frames that no library sends."""
import asyncio
import json
import struct

import pytest
import websockets
from http_help import dial, fetch, hear_all, read_metrics, statuses, web  # noqa: F401

PING = '{"jsonrpc":"2.0","id":1,"method":"server.ping"}'
PONG = {"jsonrpc": "2.0", "id": 1, "result": {"pong": True}}


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 120))


def connect(server, name=None, **more):
    fields = {"Authorization": "Bearer " + server.token(name)} if name else {}
    return websockets.connect("ws://127.0.0.1:%d/rpc" % server.http_port, extra_headers=fields,
                              max_size=None, **more)


async def ask(socket, method, id=1, **params):
    await socket.send(json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))
    return json.loads(await socket.recv())


def test_the_same_methods_and_watches_as_over_lines(web):
    server = web()

    async def go():
        async with connect(server, "li") as li, connect(server) as mei:
            assert (await ask(li, "session.whoami"))["result"]["person"] == "li"
            assert (await ask(mei, "session.whoami"))["error"]["data"]["code"] == "unauthenticated"
            await ask(mei, "session.login", token=server.token("mei"))
            await ask(li, "watch.start")
            opened = await ask(mei, "case.open", workflow="change_request", project="acme-erp",
                               fields={"summary": "Add export", "reason": "Auditors ask for it"})
            key = opened["result"]["case"]
            told = json.loads(await li.recv())
            assert told["method"] == "watch.entry" and told["params"]["entry"]["case"] == key
            history = await ask(mei, "case.history", case=key)
            assert [e["channel"] for e in history["result"]["items"]] == ["ws"]
    run(go())


def test_messages_may_be_pretty_batched_and_in_fragments(web):
    server = web()

    async def go():
        async with connect(server) as socket:
            await socket.send(json.dumps(json.loads(PING), indent=4))
            assert json.loads(await socket.recv()) == PONG
            await socket.send([PING[:7], PING[7:20], PING[20:]])
            assert json.loads(await socket.recv()) == PONG
            await socket.send("[%s,%s]" % (PING, PING))
            assert json.loads(await socket.recv()) == [PONG, PONG]
            await socket.send("nonsense")
            assert json.loads(await socket.recv())["error"]["code"] == -32700
            await (await socket.ping(b"still there?"))
            for i in range(300):  # more than are in flight at a time
                await socket.send(PING)
            for i in range(300):
                assert json.loads(await socket.recv()) == PONG
            big = json.loads(PING)
            big["params"] = {"x": "y" * 500000}
            await socket.send(json.dumps(big))
            assert json.loads(await socket.recv())["error"]["code"] == -32602
            assert len((await ask(socket, "rpc.discover"))["result"]["methods"]) > 50
    run(go())


def closes(server, code, *sent, **more):
    async def go():
        async with connect(server, **more) as socket:
            try:
                for message in sent:
                    await socket.send(message)
                while True:
                    await socket.recv()
            except websockets.ConnectionClosed:
                return socket.close_code
    assert run(go()) == code


def test_close_codes_say_why(web):
    server = web(limits="frame = 4K\nlogin_failures = 2", net="login_ms = 400")
    closes(server, 1003, b"\0\1")
    closes(server, 1009, "x" * 5000)
    closes(server, 1009, ["x" * 3000, "x" * 3000])
    login = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "session.login", "params": {"token": "x"}})
    closes(server, 1008, login, login)
    closes(server, 1008)  # nobody logs in


def test_it_goes_away_when_the_server_stops(web):
    server = web()

    async def go():
        async with connect(server, "li") as socket:
            await ask(socket, "server.ping")
            stopped = asyncio.get_running_loop().run_in_executor(None, server.stop)
            with pytest.raises(websockets.ConnectionClosed):
                await socket.recv()
            assert await stopped == 0
            return socket.close_code
    assert run(go()) == 1001


@pytest.mark.parametrize("origin, taken", [
    (None, True), ("own", True), ("https://evil.example", False), ("null", False),
])
def test_only_pages_of_its_own_connect(web, origin, taken):
    server = web()
    if origin == "own":
        origin = "http://127.0.0.1:%d" % server.http_port

    async def go():
        async with connect(server, origin=origin) as socket:
            return await ask(socket, "server.ping")
    if taken:
        assert run(go()) == PONG
    else:
        with pytest.raises(websockets.InvalidStatusCode) as caught:
            run(go())
        assert caught.value.status_code == 403


def test_a_wrong_token_is_closed_whatever_it_asks(web):
    server = web()

    async def go():
        fields = {"Authorization": "Bearer nonsense"}
        async with websockets.connect("ws://127.0.0.1:%d/rpc" % server.http_port,
                                      extra_headers=fields) as socket:
            try:
                while True:
                    answer = await ask(socket, "server.ping")
                    assert answer["error"]["data"]["code"] == "unauthenticated"
            except websockets.ConnectionClosed:
                return socket.close_code
    assert run(go()) == 1008


# ---- frames ----

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
HANDSHAKE = (b"GET /rpc HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + b"\r\n\r\n")


def frame(first, payload, mask=b"abcd", length=None):
    n = len(payload) if length is None else length
    size = bytes([0x80 | n]) if n < 126 else b"\xfe" + struct.pack("!H", n)
    return bytes([first]) + size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


def upgraded(server):
    sock = dial(server)
    sock.sendall(HANDSHAKE)
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += sock.recv(1)
    # The example of RFC 6455, 1.3.
    assert b"\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in head
    return sock


@pytest.mark.parametrize("code, sent", [
    (1002, b"\x81\x05hello"),                                     # not masked
    (1002, frame(0xc1, b"{}")),                                   # a reserved bit
    (1002, frame(0x83, b"{}")),                                   # an opcode that is none
    (1002, frame(0x09, b"")),                                     # a ping in fragments
    (1002, frame(0x89, b"x" * 126)),                              # a ping too long
    (1002, frame(0x80, b"{}")),                                   # the rest of nothing
    (1002, frame(0x01, b"{") + frame(0x81, b"}")),                # a message within another
    (None, frame(0x88, b"\x03")),                                 # half a close code
    (1002, frame(0x88, struct.pack("!H", 1005))),                 # a code that is never sent
    (1002, b"\x81\xfe\x00\x01abcd" + b"\x1a"),                    # a length longer than it needs
    (1007, frame(0x81, b'"\xff"')),                               # not UTF-8
    (1007, frame(0x01, b'"\xe7\xad') + frame(0x80, b'"')),        # not UTF-8 over two frames
    (1009, b"\x81\xff\x00\x00\x00\x01\x00\x00\x00\x00abcdx"),     # 4 GiB are announced
    (1000, frame(0x88, struct.pack("!H", 1000))),                 # an ordinary close
])
def test_broken_frames_are_closed_with_their_code(web, code, sent):
    server = web()
    for cut in (len(sent), 1, 3):
        with upgraded(server) as sock:
            for part in (sent[:cut], sent[cut:]):
                if part:
                    sock.sendall(part)
            heard = hear_all(sock)
        assert heard == b"\x88" + (b"\x02" + struct.pack("!H", code) if code else b"\0"), heard


def test_a_ping_between_fragments_is_answered_and_not_read(web):
    server = web()
    with upgraded(server) as sock:
        half = PING.encode()
        sock.sendall(frame(0x01, half[:9]) + frame(0x89, b"between") + frame(0x80, half[9:]))
        sock.sendall(frame(0x88, struct.pack("!H", 1000)))
        heard = hear_all(sock)
    assert heard.startswith(b"\x8a\x07between")


def test_a_message_that_does_not_end_is_given_up(web):
    server = web(net="line_ms = 300")
    with upgraded(server) as sock:
        sock.sendall(frame(0x81, json.dumps(
            {"jsonrpc": "2.0", "id": 1, "method": "session.login",
             "params": {"token": server.token("li")}}).encode()))
        assert sock.recv(2)[:1] == b"\x81"
        sock.sendall(frame(0x01, b"{"))
        heard = hear_all(sock)
    assert b"has no end yet" in heard and struct.pack("!H", 1008) in heard


@pytest.mark.parametrize("status, change", [
    (426, (b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Version: 8")),
    (426, (b"Upgrade: websocket", b"Upgrade: h2c")),
    (426, (b"Connection: Upgrade", b"Connection: keep-alive")),
    (400, (KEY, b"c2hvcnQ=")),
    (400, (KEY, KEY[:-2])),
    (405, (b"GET /rpc", b"PUT /rpc")),
    (404, (b"GET /rpc", b"GET /ws")),
])
def test_handshakes_are_taken_by_the_letter(web, status, change):
    server = web()
    with dial(server) as sock:
        sock.sendall(HANDSHAKE.replace(*change) + b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert statuses(hear_all(sock)) == [status, 200]


def test_frames_that_came_with_the_handshake_are_read(web):
    server = web()
    with dial(server) as sock:
        sock.sendall(HANDSHAKE + frame(0x81, PING.encode()))
        heard = b""
        while b'"pong":true}}' not in heard:
            heard += sock.recv(4096)


# ---- pings ----

class Pinged(websockets.WebSocketClientProtocol):
    """Counts the pings it gets; answers them, or is dead to them."""
    answers = True

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.heard = asyncio.Queue()

    async def pong(self, data=b""):
        self.heard.put_nowait(data)
        if self.answers:
            await super().pong(data)


class Dead(Pinged):
    answers = False


def dropped(server):
    samples = read_metrics(fetch(server, "/metrics")[2].decode())
    return samples['signoff_connections_dropped_total{reason="pong"}']


def test_who_answers_pings_stays(web):
    server = web(net="beat_ms = 100\npong_ms = 60000\nidle_ms = 100\nlogin_ms = 100")

    async def go():
        async with connect(server, "li", create_protocol=Pinged, ping_interval=None) as li:
            for _ in range(5):  # the deadlines of silent connections have long passed by then
                await li.heard.get()
            assert await ask(li, "server.ping") == PONG
    run(go())
    assert dropped(server) == 0


def test_who_is_dead_to_pings_is_closed_and_counted(web):
    server = web(net="beat_ms = 100\npong_ms = 300")

    async def go():
        async with connect(server, "li", create_protocol=Dead, ping_interval=None) as li, \
                connect(server, "zhao", create_protocol=Pinged, ping_interval=None) as zhao:
            with pytest.raises(websockets.ConnectionClosed):
                await li.recv()
            assert li.close_code == 1008 and li.heard.qsize() == 1
            assert await ask(zhao, "server.ping") == PONG
    run(go())
    assert dropped(server) == 1
