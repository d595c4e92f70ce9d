# SPDX-License-Identifier: Apache-2.0
"""TLS of lines, HTTP and WebSocket, spoken by Python's own library: versions, certificates of both
sides, reload, wrong files, and records in pieces of every size."""
import asyncio
import json
import os
import signal
import socket
import ssl
import subprocess
import time
import urllib.request

import pytest
import websockets
from certificates import make_certificate, openssl
from http_help import hear_all, web  # noqa: F401

PING = b'{"jsonrpc":"2.0","id":1,"method":"server.ping"}\n'
PONG = b'{"jsonrpc":"2.0","id":1,"result":{"pong":true}}\n'


FILES = "tls_certificate = one.pem\ntls_key = one.key"


@pytest.fixture
def secure(web):  # noqa: F811
    """secure(more settings of [net]): a server with the certificate one.pem."""
    def start(more="", prepare=None):
        def make(server):
            make_certificate(server.site, "one")
            if prepare:
                prepare(server)
        return web(net=FILES + "\n" + more, prepare=make)
    return start


def trusting(server, name="one", mine=None):
    context = ssl.create_default_context(cafile=os.path.join(server.site, name + ".pem"))
    if mine:
        context.load_cert_chain(*(os.path.join(server.site, mine + end) for end in (".pem", ".key")))
    return context


def dial(server, context, port=None):
    plain = socket.create_connection(("127.0.0.1", port or server.port), timeout=60)
    return context.wrap_socket(plain, server_hostname="localhost")


def ping(sock):
    sock.sendall(PING)
    assert sock.recv(len(PONG)) == PONG


# ---- what is spoken ----

@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
def test_lines_http_and_websocket_are_encrypted_alike(secure, version):
    server = secure()
    context = trusting(server)
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    with dial(server, context) as sock:
        assert sock.version() == version.replace("_", ".")
        ping(sock)
        # Larger than records, both ways.
        big = {"jsonrpc": "2.0", "id": 1, "method": "server.ping", "params": {"x": "y" * 300000}}
        sock.sendall(json.dumps(big).encode() + b"\n" + b'{"jsonrpc":"2.0","id":2,"method":"rpc.discover"}\n')
        heard = b""
        while heard.count(b"\n") < 2:
            heard += sock.recv(65536)
        assert len(json.loads(heard.split(b"\n")[1])["result"]["methods"]) > 50
    url = "localhost:%d" % server.http_port
    with urllib.request.urlopen("https://%s/docs" % url, context=context, timeout=60) as answer:
        assert answer.status == 200 and answer.read().endswith(b"</html>\n")

    async def go():
        async with websockets.connect("wss://%s/rpc" % url, ssl=context, max_size=None) as ws:
            await ws.send(PING.decode())
            return await ws.recv()
    assert asyncio.run(asyncio.wait_for(go(), 60)).encode() + b"\n" == PONG


def test_old_versions_are_refused(secure):
    server = secure()
    context = trusting(server)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        dial(server, context)


def test_plain_bytes_are_no_tls(secure):
    server = secure()
    for port in (server.port, server.http_port):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as sock:
            sock.sendall(PING + b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            heard = hear_all(sock)
        assert b"pong" not in heard and b"HTTP/1.1 200" not in heard
    with dial(server, trusting(server)) as sock:
        ping(sock)


@pytest.mark.parametrize("piece", [1, 5, 16389])
def test_records_may_come_in_any_pieces(secure, piece):
    server = secure()
    came, to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = trusting(server).wrap_bio(came, to_send, server_hostname="localhost")
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def until(step):
            while True:
                try:
                    done = step()
                except ssl.SSLWantReadError:
                    done = None
                out = to_send.read()
                for at in range(0, len(out), piece):
                    sock.sendall(out[at:at + piece])
                if done is not None:
                    return done
                came.write(sock.recv(65536))
        until(lambda: tls.do_handshake() or True)
        tls.write(PING + b" " * 20000 + PING)
        heard = b""
        while heard.count(b"\n") < 2:
            heard += until(lambda: tls.read(65536))
        assert heard == PONG * 2


def test_a_handshake_that_does_not_end_is_given_up(secure):
    server = secure("login_ms = 300\nidle_ms = 300")
    for port in (server.port, server.http_port):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as sock:
            sock.sendall(b"\x16\x03\x01")
            assert hear_all(sock) == b""


def test_the_end_of_a_connection_is_said(secure):
    server = secure()
    with dial(server, trusting(server)) as sock:
        sock.sendall(PING[:-1] + b"\n" + b"\xff\n")  # not UTF-8: a last error, and the end
        heard = b""
        while True:
            more = sock.recv(65536)  # raises where the end was not said
            if not more:
                break
            heard += more
    assert heard.startswith(PONG) and b"-32700" in heard


# ---- certificates ----

def test_clients_show_a_certificate_where_one_is_asked_for(secure):
    def prepare(server):
        make_certificate(server.site, "clients")
        make_certificate(server.site, "mei", ca="clients")
        make_certificate(server.site, "eve")
    server = secure("tls_client_ca = clients.pem", prepare)
    with dial(server, trusting(server, mine="mei")) as sock:
        ping(sock)
    for mine in (None, "eve"):
        with pytest.raises((ssl.SSLError, ConnectionError, AssertionError)):
            with dial(server, trusting(server, mine=mine)) as sock:
                ping(sock)


def wait_for(server, word):
    give_up = time.monotonic() + 60
    while word not in server.log():
        assert time.monotonic() < give_up, server.log()
        time.sleep(0.01)


def test_files_are_read_again_without_a_restart(secure):
    server = secure()
    old = trusting(server)
    with dial(server, old) as before:
        ping(before)
        make_certificate(server.site, "two")
        for end in (".pem", ".key"):
            os.replace(os.path.join(server.site, "two" + end), os.path.join(server.site, "one" + end))
        server.process.send_signal(signal.SIGHUP)
        wait_for(server, "tls_reloaded")
        with pytest.raises(ssl.SSLCertVerificationError):
            dial(server, old)
        with dial(server, trusting(server)) as sock:
            ping(sock)
        ping(before)  # who was there stays
    # What cannot be read changes nothing.
    new = trusting(server)
    with open(os.path.join(server.site, "one.key"), "w", encoding="ascii") as f:
        f.write("nonsense")
    server.process.send_signal(signal.SIGHUP)
    wait_for(server, "tls_reload_refused")
    with dial(server, new) as sock:
        ping(sock)


@pytest.mark.parametrize("settings, said", [
    ("tls_certificate = one.pem", "given together"),
    ("tls_key = one.key", "given together"),
    ("tls_client_ca = one.pem", "needs tls_certificate and tls_key"),
    ("tls_certificate = none.pem\ntls_key = one.key", "none.pem: No such file"),
    ("tls_certificate = one.pem\ntls_key = none.key", "none.key: No such file"),
    ("tls_certificate = one.key\ntls_key = one.key", "holds no certificate as PEM"),
    ("tls_certificate = one.pem\ntls_key = one.pem", "holds no key"),
    ("tls_certificate = one.pem\ntls_key = other.key", "fits to tls_certificate"),
    ("tls_certificate = one.pem\ntls_key = locked.key", "without a password"),
    ("tls_certificate = one.pem\ntls_key = open.key", "everybody may read or write this key"),
    ("tls_certificate = teams\ntls_key = one.key", "is no file"),
    (FILES + "\ntls_client_ca = one.key", "tls_client_ca = "),
])
def test_wrong_files_are_named(binary, make_server, folder, settings, said):
    server = make_server(os.path.join(folder, "site"), "--demo", start=False)
    make_certificate(server.site, "one")
    make_certificate(server.site, "other")
    openssl("ec", "-in", "one.key", "-out", "locked.key", "-aes256", "-passout", "pass:x",
            folder=server.site)
    openssl("ec", "-in", "one.key", "-out", "open.key", folder=server.site)
    os.chmod(os.path.join(server.site, "open.key"), 0o644)
    with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
        f.write("\n[net]\n%s\n" % settings)
    done = subprocess.run([binary, "serve", server.site, "--listen", "127.0.0.1:0"],
                          capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert done.returncode != 0 and said in done.stderr, done.stderr


def test_a_key_that_its_user_may_not_read_says_whose_it_must_be(binary, make_server, folder):
    server = make_server(os.path.join(folder, "site"), "--demo", start=False)
    make_certificate(server.site, "one")
    with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
        f.write("\n[net]\n%s\n" % FILES)
    os.chmod(os.path.join(server.site, "one.key"), 0)
    user, words = os.geteuid(), []
    if user == 0:  # may read everything: somebody else tries
        user, words = 61184, ["setpriv", "--reuid=61184", "--regid=61184", "--clear-groups"]
        subprocess.run(["chown", "-R", "61184:61184", folder], check=True)
    for options, wanted in ((["--listen", "127.0.0.1:0"], "user %d, as whom the server runs, may not read it"),
                            (["--check-config", "--lang", "zh"], "服务器以用户 %d 运行")):
        done = subprocess.run([*words, binary, "serve", server.site, *options], capture_output=True, text=True,
                              timeout=60, check=False, stdin=subprocess.DEVNULL)
        assert done.returncode != 0
        said = done.stdout + done.stderr
        assert "one.key" in said and wanted % user in said and "chown" in said, said


def test_a_port_that_another_has_says_what_to_do(binary, make_server, folder):
    server = make_server(os.path.join(folder, "site"), "--demo", start=False)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run([binary, "serve", server.site, "--listen", "127.0.0.1:%d" % port], text=True,
                              capture_output=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode != 0 and "cannot listen on 127.0.0.1:%d: address already in use" % port in done.stderr
    assert "ss -ltnp" in done.stderr and "[net]" in done.stderr


def test_with_tls_others_may_reach_it(binary, make_server, folder):
    server = make_server(os.path.join(folder, "site"), "--demo", start=False)
    make_certificate(server.site, "one")
    with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
        f.write("\n[net]\n%s\n" % FILES)
    with subprocess.Popen([binary, "serve", server.site, "--listen", "0.0.0.0:0"], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert " on 0.0.0.0:" in process.stdout.readline()
        finally:
            process.terminate()
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 0 and "insecure" not in said
