# SPDX-License-Identifier: Apache-2.0
"""Mail over TLS, STARTTLS and from the first byte, to Debian's aiosmtpd with certificates of an
authority of the test's own: what does not fit is told nothing, and why is said."""
import os
import re
import ssl
import subprocess

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from certificates import make_certificate
from receiver import until
from test_mail import Box, delegate, text_of

SECRET = "correct horse battery staple"


class Guarded(Box):
    """Takes no mail but over TLS, and where it asks for one with the right password."""

    def __init__(self, folder, name, implicit=False, password=None, starttls=True):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(os.path.join(folder, name + ".pem"), os.path.join(folder, name + ".key"))
        self.implicit, self.password, self.starttls = implicit, password, starttls
        self.logins, self.plain = [], []  # plain: senders that were named before TLS
        super().__init__()

    def speaker(self):
        tls = {"tls_context": self.context, "require_starttls": True} \
            if self.starttls and not self.implicit else {}
        if self.password:
            tls.update(authenticator=self.login, auth_required=True, auth_require_tls=not self.implicit)
        return SMTP(self, loop=self.loop, hostname="box", **tls)

    def login(self, server, session, envelope, mechanism, data):
        self.logins.append((session.ssl is not None or self.implicit, data.login, data.password))
        return AuthResult(success=data.password == self.password.encode())

    def transport(self):
        return {"ssl": self.context} if self.implicit else {}

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.plain += [] if session.ssl is not None or self.implicit else [address]
        envelope.mail_from = address
        return "250 OK"


@pytest.fixture
def authority(folder):
    """Certificates of one authority, and of another one."""
    make_certificate(folder, "authority")
    make_certificate(folder, "right", ca="authority")
    make_certificate(folder, "elsewhere", ca="authority", host="elsewhere.example")
    make_certificate(folder, "stranger")
    return folder


@pytest.fixture
def mailing(make_server, folder, authority):
    """mailing(box, "host = localhost"): a demo site whose mail goes there; Li has an address."""
    boxes = []

    def start(box, host="localhost", more=""):
        boxes.append(box)

        def write(server):
            path = os.path.join(server.site, "password")
            with open(path, "w", encoding="ascii") as f:
                f.write(SECRET)
            os.chmod(path, 0o600)
            with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
                f.write("\n[mail]\nserver = smtp%s://%s:%d\nfrom = signoff@example.com\nca = %s\n%s" % (
                    "s" if box.implicit else "", host, box.port,
                    os.path.join(authority, "authority.pem"), more))
        server = make_server(os.path.join(folder, "site"), "--demo", prepare=write)
        with server.client("li") as li:
            li.call("person.update", person="li", mail="li@example.com", language="en")
            li.call("delegation.set", to="sun", until="2026-02-23T09:00:00+08:00")
        return server
    yield start
    for box in boxes:
        box.close()


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "from the first byte"])
def test_mail_goes_over_tls_with_a_login(mailing, authority, implicit):
    box = Guarded(authority, "right", implicit, SECRET)
    mailing(box, more="user = signoff\npassword_file = password\n")
    mail, = box.wait(1)
    assert mail.sent_to == ["li@example.com"] and "Sun Hao (engineer) stands in for Li Ting" in text_of(mail)
    assert box.logins == [(True, b"signoff", SECRET.encode())] and box.plain == []


def why(server):
    said = until(lambda: re.search(r'mail not sent.*why="?([^"\n]*)', server.log()))
    return said.group(1)


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "from the first byte"])
@pytest.mark.parametrize("name, reason", [
    ("elsewhere", r"subject name .*does not match .*localhost|no alternative certificate subject name matches"),
    ("stranger", r"certificate problem: self.signed certificate"),
])
def test_a_certificate_that_does_not_fit_is_told_nothing_and_named(mailing, authority, implicit, name, reason):
    box = Guarded(authority, name, implicit, SECRET)
    server = mailing(box, more="user = signoff\npassword_file = password\n")
    assert re.search(reason, why(server)), why(server)
    assert box.mails == [] and box.logins == [] and box.plain == []


def test_a_server_without_tls_is_told_nothing(mailing, authority):
    """Whoever stands in between may take STARTTLS out of what a server offers."""
    box = Guarded(authority, "right", starttls=False)
    server = mailing(box)
    assert "TLS" in why(server) or "SSL" in why(server)
    assert box.mails == [] and box.plain == []


def test_an_authority_that_is_not_there_is_named_at_the_start(mailing, authority, binary):
    box = Guarded(authority, "right")
    server = mailing(box)
    server.stop()
    os.remove(os.path.join(authority, "authority.pem"))
    done = subprocess.run([binary, "serve", server.site], capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "ca of [mail]" in done.stderr and "authority.pem: No such file" in done.stderr
