# SPDX-License-Identifier: Apache-2.0
"""Mail: what persons are told, by SMTP, read back by Python's own parser of mail."""
import asyncio
import email
import email.policy
import os
import re
import threading

import pytest
from aiosmtpd.smtp import SMTP
from commands import run  # noqa: F401
from receiver import until
from test_inbox import decided, prepare, submitted


class Box:
    """An SMTP server that keeps what it gets. refuse: answers to addresses."""

    def __init__(self, port=0):
        self.mails, self.refuse, self.after = [], {}, None
        self.changed = threading.Condition()
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(self.loop.create_server(
            self.speaker, "127.0.0.1", port, **self.transport()))
        self.port = self.server.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    def speaker(self):
        return SMTP(self, loop=self.loop, hostname="box")

    def transport(self):
        return {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        mail.raw = envelope.content
        mail.sent_to = list(envelope.rcpt_tos)
        with self.changed:
            self.mails.append(mail)
            self.changed.notify_all()
        if self.after:
            self.after()
        return "250 OK"

    def wait(self, n, seconds=10):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.mails) >= n, seconds), \
                "%d of %d mails came" % (len(self.mails), n)
            return list(self.mails)

    def to(self, address):
        return [m for m in self.mails if m.sent_to == [address]]

    def close(self):
        """Once and for all, with the connections that there are."""
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.stop)
            self.thread.join()
            self.loop.close()

    def stop(self):
        self.server.close()
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        asyncio.gather(*tasks, return_exceptions=True).add_done_callback(lambda _: self.loop.stop())


@pytest.fixture
def box():
    made = Box()
    yield made
    made.close()


@pytest.fixture
def server(make_server, folder, box):
    """A demo site that sends mail to the box."""
    def write(server):
        prepare(server)
        with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
            f.write("\n[mail]\nserver = smtp://127.0.0.1:%d\nfrom = Signoff <signoff@example.com>\n"
                    "insecure = yes\n[net]\npublic_url = https://signoff.example.com\n" % box.port)
    return make_server(os.path.join(folder, "site"), "--demo", prepare=write)


@pytest.fixture
def addresses(people):
    """Li reads English, Sun Chinese; the client's Mei has an address, too."""
    for person, language in (("li", "en"), ("sun", "zh"), ("mei", "en")):
        people("li").call("person.update", person=person, mail=person + "@example.com",
                          language=language)


def text_of(mail, kind="plain"):
    return mail.get_body((kind,)).get_content()


def delegate(people, until_time="2026-02-23T09:00:00+08:00"):
    return people("li").call("delegation.set", to="sun", until=until_time)


def test_a_message_goes_at_once_as_text_and_html_in_the_language_of_its_reader(people, addresses, box):
    delegate(people)
    box.wait(2)
    li, = box.to("li@example.com")
    sun, = box.to("sun@example.com")
    assert li["From"] == "Signoff <signoff@example.com>" and li["To"].addresses[0].addr_spec == "li@example.com"
    assert li["Subject"].startswith(
        "Sun Hao (engineer) stands in for Li Ting (project manager) from 2026-01-05 09:00 until")
    assert sun["Subject"].startswith("Sun Hao (engineer) 于 2026-01-05 09:00 至 2026-02-23 09:00 期间代理 Li Ting") and sun["Content-Language"] == "zh"
    assert li["Date"].datetime.isoformat() == "2026-01-05T01:00:00+00:00"
    assert li["Auto-Submitted"] == "auto-generated" and li["In-Reply-To"] is None
    for mail in (li, sun):
        assert mail.get_content_type() == "multipart/alternative" and not mail.defects
        assert [p.get_content_type() for p in mail.iter_parts()] == ["text/plain", "text/html"]
        assert all(len(line) <= 76 for line in mail.raw.split(b"\r\n"))
        assert b"\n" not in mail.raw.replace(b"\r\n", b"")
    assert "代理 Li Ting" in text_of(sun) and "<p>" in text_of(sun, "html")


def test_reminders_for_one_person_are_gathered(people, addresses, advance, box):
    cases = [submitted(people).key for _ in range(3)]
    advance("26 hours")                             # 80 % and late 0 of a day, of each
    first, second = until(lambda: len(box.to("li@example.com")) >= 2 and box.to("li@example.com"))
    assert first["Subject"] == second["Subject"] == "3 reminders"
    for mail, words in ((first, "80% of the time"), (second, "is up")):
        assert [c in text_of(mail) for c in cases] == [True] * 3
        assert text_of(mail).count(words) == 3 and mail["References"] is None
    advance("1 minute")
    assert len(box.to("li@example.com")) == 2


def test_mails_of_one_case_are_one_thread(people, addresses, advance, box):
    case = submitted(people)
    advance("26 hours")
    first, second = until(lambda: len(box.to("li@example.com")) >= 2 and box.to("li@example.com"))
    assert first["References"] == first["In-Reply-To"] == second["References"]
    assert case.key in first["References"] and first["Message-ID"] != second["Message-ID"]
    assert first["Subject"].startswith("[%s Add export] 80%%" % case.key)
    assert "https://signoff.example.com/console/case/%s\n" % case.key in text_of(first)


def test_nothing_that_people_write_becomes_a_header(people, addresses, box):
    people("li").call("person.update", person="li", title='Li "\r\nBcc: x@evil.example\r\n\r\n')
    delegate(people)
    box.wait(2)
    li, = box.to("li@example.com")
    assert li["Bcc"] is None and not li.defects and len(li["To"].addresses) == 1
    assert li["To"].addresses[0].addr_spec == "li@example.com"


HOSTILE = [
    "li", "li@", "@example.com", "li@localhost", "li@example.com\r\nBcc: x@evil.example", "a b@example.com",
    "li@exam ple.com", "<li@example.com>", "li@example.com, x@evil.example", '"li"@example.com', "-li@example.com",
    "li@-example.com", "li@.com", "l..i@example.com", "lï@example.com", "a" * 65 + "@example.com"]


def test_hostile_addresses_are_refused(people, refuses):
    for address in HOSTILE:
        error = refuses("invalid", people("li"), "person.update", person="li", mail=address)
        assert error.data["pointer"] == "/mail"


def test_what_was_read_in_the_inbox_is_not_mailed(people, addresses, advance, box):
    submitted(people)
    advance("24 hours")                             # the reminder of late 0 waits for its company
    box.wait(1)
    people("li").call("inbox.read", all=True)
    advance("2 hours")
    delegate(people)
    box.wait(3)
    assert [m["Subject"] for m in box.to("li@example.com") if "is up" in m["Subject"]] == []


def test_a_server_that_is_down_gets_everything_once_it_is_back(people, addresses, advance, box):
    port = box.port
    box.close()
    delegate(people)
    for _ in range(2):
        advance("1 minute")
    back = Box(port)
    try:
        advance("1 day")
        back.wait(2)
        assert sorted(m.sent_to[0] for m in back.mails) == ["li@example.com", "sun@example.com"]
    finally:
        back.close()


def test_an_address_that_is_refused_for_good_is_listed_and_holds_up_nobody(people, addresses, box):
    box.refuse["sun@example.com"] = "550 5.1.1 no such user"
    delegate(people)
    row, = until(lambda: people("li").call("delivery.list")["items"])
    assert (row["endpoint"], row["status"], row["code"]) == ("mail/sun", "dead", 550)
    box.wait(1)                                     # in whatever order the two go
    assert len(box.to("li@example.com")) == 1
    del box.refuse["sun@example.com"]
    delegate(people, "2026-03-23T09:00:00+08:00")
    until(lambda: len(box.to("sun@example.com")) >= 1)


def test_killed_between_mail_and_cursor_sends_it_again_under_its_id(server, addresses, people, box):
    killed = []

    def kill():
        if not killed:
            killed.append(True)
            server.kill()
    box.after = kill
    try:
        delegate(people)
    except (ConnectionError, OSError):
        pass
    until(lambda: server.process.poll() is not None)
    server.start()
    until(lambda: len(box.to("li@example.com")) + len(box.to("sun@example.com")) >= 3)
    ids = [m["Message-ID"] for m in box.mails]
    assert len(set(ids)) == 2 and ids[0] in ids[1:]


def test_a_client_is_told_nothing_internal(people, addresses, advance, box):
    decided(people)
    advance("49 hours")
    mails = until(lambda: box.to("mei@example.com"))
    for mail in mails:
        assert "the time for" not in text_of(mail) and "%" not in mail["Subject"]


def test_nothing_is_sent_unencrypted_unless_the_operator_says_so(server, addresses, people, box):
    server.stop()
    path = os.path.join(server.site, "signoff.ini")
    with open(path, encoding="ascii") as f:
        text = f.read()
    with open(path, "w", encoding="ascii") as f:
        f.write(text.replace("insecure = yes\n", ""))
    server.start()
    with server.client("li") as li:
        li.call("delegation.set", to="sun", until="2026-02-23T09:00:00+08:00")
    until(lambda: "mail not sent" in server.log())
    assert box.mails == []


def test_a_team_s_own_templates_are_used_and_a_bad_one_is_not(server, people, addresses, box):
    folder = os.path.join(server.site, "teams", "demo", "mail")
    os.makedirs(folder)
    for name, text in (("message.en.subject", "For {{person}}: {{text}}\n"),
                       ("message.en.html", "<h1>{{#text}}{{text}}"),
                       ("message.en.txt", "{{person}} of {{team}}, {{nobody}}{{count}}\n")):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)
    delegate(people)
    box.wait(2)
    li, = box.to("li@example.com")
    assert li["Subject"].startswith("For li: Sun Hao (engineer) stands in")
    assert text_of(li) == "li of demo, 1\n" and "<p>Sun Hao (engineer) stands in" in text_of(li, "html")
    assert "template not used" in server.log()


def test_who_is_asked_gets_a_link_by_which_to_answer(people, addresses, advance, box):
    case = decided(people)
    advance("49 hours")                             # half of the time for deciding is over
    mail = until(lambda: [m for m in box.to("mei@example.com") if case.key in m["Subject"]])[0]
    link = re.search(r"https://signoff\.example\.com/s/[A-Za-z0-9_-]{43}", text_of(mail)).group(0)
    assert 'href="%s"' % link in text_of(mail, "html")
    page = "https://signoff.example.com/portal/case/" + case.key
    assert "\nThe case: %s\n" % page in text_of(mail) and 'href="%s"' % page in text_of(mail, "html")
    told = [m for m in box.to("li@example.com") if case.key not in m["Subject"]]
    assert all("/s/" not in text_of(m) for m in told), "nothing is asked there"


def test_check_finds_what_is_wrong_with_templates(server, run):  # noqa: F811
    folder = os.path.join(server.site, "teams", "demo", "mail")
    os.makedirs(folder)
    for name, text in (("message.zh.txt", "{{text}}\n{{link}}"), ("digest.en.txt", "a\n{{#items}}{{texd}}{{/items}}"),
                       ("messages.en.txt", "")):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)
    said = run("check", server.site, code=1).stdout
    assert re.search(r"mail/digest\.en\.txt:2.*there is nothing called texd here", said), said
    assert re.search(r"mail/messages\.en\.txt.*no template has this name", said), said
    assert "message.zh.txt" not in said.replace("as in message.en.txt", "")
    for name in ("digest.en.txt", "messages.en.txt"):
        os.remove(os.path.join(folder, name))
    assert "mail/" not in run("check", server.site, code=None).stdout


# ---- once more by hand ----

def given_up(people, n=1):
    return until(lambda: [r for r in people("li").call("delivery.list", status="dead")["items"]]
                 if len(people("li").call("delivery.list", status="dead")["items"]) >= n else None)


def test_every_mail_that_was_given_up_is_listed(people, addresses, box):
    """Also those of one person that come faster than the store is told of them."""
    box.refuse["sun@example.com"] = "550 5.1.1 no such user"
    for month in ("02", "03", "04", "05", "06"):
        delegate(people, "2026-%s-23T09:00:00+08:00" % month)
    rows = given_up(people, 5)
    assert [r["endpoint"] for r in rows] == ["mail/sun"] * 5
    assert len({r["entry"] for r in rows}) == 5


def test_a_mail_that_was_given_up_is_sent_once_more_by_hand(server, people, addresses, box, refuses, run):  # noqa: F811
    box.refuse["sun@example.com"] = "550 5.1.1 no such user"
    delegate(people)
    row, = given_up(people)
    again = {"endpoint": "mail/sun", "entry": row["entry"]}
    assert people("li").call("delivery.retry", **again)["status"] == "waiting"
    tried = until(lambda: [r for r in given_up(people) if "person" in r and r["person"]])[0]
    assert (tried["person"], tried["code"], tried["attempts"]) == ("li", 550, 1)
    del box.refuse["sun@example.com"]
    assert "waiting" in run("delivery", "retry", "mail/sun", str(row["entry"]), "--as", "li",
                            "--site", server.site).stdout
    done, = until(lambda: people("li").call("delivery.list", status="delivered")["items"])
    assert done["person"] == "li" and "error" not in {k for k, v in done.items() if v is not None}
    mail, = box.to("sun@example.com")
    assert mail["Subject"].startswith("Sun Hao (engineer) 于 2026-01-05")
    refuses("invalid", people("li"), "delivery.retry", endpoint="mail/sun", entry=row["entry"] + 1)
    refuses("invalid", people("li"), "delivery.retry", endpoint="mail/nobody", entry=row["entry"])
    refuses("forbidden", people("mei"), "delivery.retry", **again)
    people("li").call("person.update", person="sun", active=False)
    refuses("not_now", people("li"), "delivery.retry", **again)


def test_a_digest_that_was_given_up_is_sent_whole(people, addresses, advance, box):
    box.refuse["li@example.com"] = "550 5.1.1 no such user"
    cases = [submitted(people).key for _ in range(3)]
    advance("26 hours")
    rows = given_up(people, 2)
    assert [r["endpoint"] for r in rows] == ["digest/li"] * 2
    box.refuse.clear()
    people("li").call("delivery.retry", endpoint="digest/li", entry=rows[0]["entry"])
    mail, = until(lambda: box.to("li@example.com"))
    assert mail["Subject"] == "3 reminders" and text_of(mail).count("80% of the time") == 3
    assert all(case in text_of(mail) for case in cases)


def test_what_was_read_meanwhile_is_not_sent_by_hand(people, addresses, box):
    box.refuse["sun@example.com"] = "550 5.1.1 no such user"
    delegate(people)
    row, = given_up(people)
    box.refuse.clear()
    people("sun").call("inbox.read", all=True)
    people("li").call("delivery.retry", endpoint="mail/sun", entry=row["entry"])
    tried = until(lambda: [r for r in given_up(people) if r.get("person")])[0]
    assert "nothing is left to be told" in tried["error"] and box.to("sun@example.com") == []


def test_people_of_a_client_that_is_one_no_more_get_no_mail(people, addresses, advance, box):
    case = decided(people)
    people("li").call("client.update", client="acme", active=False)
    advance("49 hours")
    until(lambda: [m for m in box.to("li@example.com") if "a client no more" in m["Subject"]])
    advance("1 hour")
    delegate(people)  # what comes later has come: what was due before would have
    until(lambda: [m for m in box.to("li@example.com") if "stands in for" in m["Subject"]])
    assert box.to("mei@example.com") == [], case.key
