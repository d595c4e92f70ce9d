# SPDX-License-Identifier: Apache-2.0
"""The command line over TLS: whom it trusts, who it is, and that each mistake is said in words."""
import json
import os
import signal
import subprocess

import pytest
from http_help import fetch, read_metrics, web  # noqa: F401
from certificates import make_certificate, openssl
from test_tls import FILES

NO_TLS = {k: v for k, v in os.environ.items() if not k.startswith("SIGNOFF_") or k == "SIGNOFF_BINARY"}


def make_authority(folder, name):
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", name + ".key", "-out", name + ".pem", "-days", "2", "-subj", "/CN=" + name,
            folder=folder)


@pytest.fixture
def remote(web, binary):  # noqa: F811
    """remote(settings): (server, run): run(words, env) the program as somebody elsewhere."""
    def start(more=""):
        def make(server):
            for name in ("authority", "other"):
                make_authority(server.site, name)
            make_certificate(server.site, "one", ca="authority")
            make_certificate(server.site, "mine", ca="other", host="me")
        server = web(net=FILES + "\n" + more, prepare=make)
        home = os.path.join(server.site, "home")
        os.makedirs(home)

        def run(*words, **env):
            with open(os.path.join(home, "token"), "w", encoding="ascii") as f:
                f.write(server.token("li"))
            return subprocess.run([binary, *words], cwd=home, capture_output=True, text=True, timeout=60,
                                  env={**NO_TLS, "HOME": home, "XDG_CONFIG_HOME": "", **env})
        return server, run
    return start


def test_cases_are_listed_over_tls_by_name_and_by_address(remote):
    server, run = remote()
    for host in ("localhost", "127.0.0.1"):
        done = run("call", "session.whoami", "--server", "tls://%s:%d" % (host, server.port), "--ca",
                   "../authority.pem", "--token-file", "token", "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["person"] == "li"
    # Answers larger than records, and what the environment says.
    done = run("call", "rpc.discover", "--json", SIGNOFF_SERVER="tls://localhost:%d" % server.port,
               SIGNOFF_CA="../authority.pem", SIGNOFF_TOKEN=server.token("li"))
    assert len(json.loads(done.stdout)["methods"]) > 50


def test_a_login_keeps_whom_it_trusts(remote):
    server, run = remote()
    where = "tls://localhost:%d" % server.port
    done = run("login", "--server", where, "--ca", "../authority.pem", "--token-file", "token")
    assert done.returncode == 0, done.stderr
    done = run("call", "session.whoami", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["person"] == "li"


def test_nobody_is_trusted_who_is_not_named_and_it_says_why(remote):
    server, run = remote()

    def refused(host="localhost", ca="../authority.pem", more=(), **env):
        done = run("call", "server.ping", "--server", "tls://%s:%d" % (host, server.port),
                   *(["--ca", ca] if ca else []), *more, **env)
        assert done.returncode != 0 and server.token("li") not in done.stderr
        return done.stderr
    assert "--ca FILE" in refused(ca=None)
    assert "not to be trusted" in refused(ca="../other.pem")
    assert "nothing.pem: No such file" in refused(ca="nothing.pem")
    assert "no certificate as PEM" in refused(ca="token")
    assert "together or not at all" in refused(more=["--cert", "../mine.pem"])
    # Nothing was said to any of them: each broke off in its handshake, which is counted and told once.
    values = read_metrics(metrics(server))
    assert values["signoff_tls_handshakes_failed_total"] >= 3
    assert server.log().count("a TLS handshake failed") == 1


def test_a_certificate_of_another_name_is_not_the_servers(remote):
    server, run = remote()
    make_certificate(server.site, "elsewhere", ca="authority", host="elsewhere")
    for end in (".pem", ".key"):
        os.replace(*(os.path.join(server.site, name + end) for name in ("elsewhere", "one")))
    server.process.send_signal(signal.SIGHUP)
    while "tls_reloaded" not in server.log():
        assert server.process.poll() is None
    done = run("call", "server.ping", "--server", "tls://localhost:%d" % server.port, "--ca",
               "../authority.pem")
    assert done.returncode != 0 and "mismatch" in done.stderr
    done = run("call", "server.ping", "--server", "tls://127.0.0.1:%d" % server.port, "--ca",
               "../authority.pem", "--json")
    assert done.returncode == 0, done.stderr  # which it names as well


def metrics(server):
    import ssl
    import urllib.request
    context = ssl.create_default_context(cafile=os.path.join(server.site, "authority.pem"))
    request = urllib.request.Request("https://localhost:%d/metrics" % server.http_port)
    with urllib.request.urlopen(request, context=context, timeout=60) as answer:
        return answer.read().decode()


def test_a_certificate_of_ones_own_is_shown_where_it_is_asked_for(remote):
    server, run = remote("tls_client_ca = other.pem")
    words = ("call", "session.whoami", "--server", "tls://localhost:%d" % server.port, "--ca",
             "../authority.pem", "--token-file", "token", "--json")
    done = run(*words)
    assert done.returncode != 0 and "--cert and --key" in done.stderr
    done = run(*words, "--cert", "../mine.pem", "--key", "../mine.key")
    assert done.returncode == 0, done.stderr
    done = run(*words, "--cert", "../mine.pem", "--key", "../one.key")
    assert done.returncode != 0 and "../one.key" in done.stderr


def test_plain_where_tls_is_spoken_and_tls_where_it_is_not_are_told(remote, make_server, folder):
    server, run = remote()
    done = run("call", "server.ping", "--server", "localhost:%d" % server.port)
    assert done.returncode != 0 and "say --server tls://localhost" in done.stderr
    plain = make_server(os.path.join(folder, "plain"), "--demo")
    done = run("call", "server.ping", "--server", "tls://localhost:%d" % plain.port)
    assert done.returncode != 0 and "TLS" in done.stderr
    done = run("call", "server.ping", "--server", "localhost:%d" % plain.port, "--ca", "../one.pem")
    assert done.returncode != 0 and "tls://HOST:PORT" in done.stderr
    done = run("call", "server.ping", "--server", "https://localhost:%d" % plain.port)
    assert done.returncode != 0 and "tls://HOST:PORT" in done.stderr
    assert fetch(plain, "/healthz")[0] == 200 if plain.http_port else True
