# SPDX-License-Identifier: Apache-2.0
"""Where deliveries do not go, and who is told what: addresses that are not public, redirects, secrets,
people who may not."""
import json
import threading

import pytest
from receiver import OUTBOX, receivers, sender, until  # noqa: F401

FIELDS = {"summary": "Export", "reason": "Auditors ask"}


def tried(li, endpoint="ci"):
    """The row of a test of the endpoint, once it has been sent."""
    li.call("endpoint.test", endpoint=endpoint)
    return until(lambda: [d for d in li.call("delivery.list", endpoint=endpoint)["items"]
                          if d["entry"] == 0 and d["status"] != "waiting"])[0]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0x7f000001", "2130706433",
                                  "0", "[::ffff:127.0.0.1]", "127.1"])
def test_loopback_is_refused_however_it_is_written(sender, receivers, host):  # noqa: F811
    receiver = receivers()
    server = sender("\n[outbox]\nports = any\ninsecure = yes\n")
    with server.client("li") as li:
        li.call("endpoint.add", endpoint="ci", url="http://%s:%d/" % (host, receiver.port))
        row = tried(li)
        assert row["status"] == "failed" and row["code"] == 0
        assert "is loopback" in row["error"] or "this network's" in row["error"], row
    assert receiver.requests == []


def test_an_address_that_was_allowed_once_is_judged_again(sender, receivers):  # noqa: F811
    receiver = receivers()
    server = sender()
    with server.client("li") as li:
        li.call("endpoint.add", endpoint="ci", url=receiver.url)
        assert tried(li)["status"] == "delivered"
    server.stop()
    path = server.site + "/signoff.ini"
    with open(path, encoding="ascii") as f:
        text = f.read()
    with open(path, "w", encoding="ascii") as f:
        f.write(text.replace(OUTBOX, "\n[outbox]\nports = 443\n"))
    server.start()
    with server.client("li") as li:
        assert "not encrypted" in tried(li)["error"]
    assert len(receiver.requests) == 1


def test_a_redirect_is_not_followed(sender, receivers):  # noqa: F811
    receiver, inside = receivers(), receivers()
    receiver.answer = (302, {"Location": inside.url}, b"")
    server = sender()
    with server.client("li") as li:
        li.call("endpoint.add", endpoint="ci", url=receiver.url)
        row = tried(li)
        assert (row["status"], row["code"]) == ("failed", 302)
        assert "not followed" in row["error"]
    assert inside.requests == []


def test_an_answer_without_end_is_cut_and_counts(sender, receivers):  # noqa: F811
    receiver = receivers()
    receiver.answer = (200, {}, b"x" * 10_000_000)
    server = sender()
    with server.client("li") as li:
        li.call("endpoint.add", endpoint="ci", url=receiver.url)
        assert tried(li)["status"] == "delivered"


def test_urls_that_may_not_be_are_refused_at_once(sender, refuses):  # noqa: F811
    server = sender("\n[outbox]\nports = 443\n")
    with server.client("li") as li:
        for url, why in (("http://h.example/", "not encrypted"), ("https://h.example:22/", "port 22"),
                         ("ftp://h.example/", "https://"), ("https://u:p@h.example/", "password")):
            error = refuses("invalid", li, "endpoint.add", endpoint="ci", url=url)
            assert error.data["pointer"] == "/url" and why in error.message
        assert li.call("endpoint.list")["items"] == []


def test_one_that_hangs_holds_up_nobody(sender, receivers):  # noqa: F811
    hanging, other = receivers(), receivers()
    over = threading.Event()

    def hang(_):
        over.wait(60)
        return 200
    hanging.answer = hang
    server = sender()
    try:
        with server.client("li") as li:
            for n in range(8):
                li.call("endpoint.add", endpoint="h%d" % n, url=hanging.url, internal=True)
            li.call("endpoint.add", endpoint="ci", url=other.url)
            for n in range(20):
                li.call("case.open", workflow="change_request", project="acme-erp", fields=FIELDS)
            other.wait(20)
    finally:
        over.set()


def test_gone_switches_an_endpoint_off_until_somebody_switches_it_on(sender, receivers):  # noqa: F811
    receiver = receivers()
    receiver.answer = 410
    server = sender()
    with server.client("li") as li:
        li.call("endpoint.add", endpoint="ci", url=receiver.url)
        li.call("case.open", workflow="change_request", project="acme-erp", fields=FIELDS)
        until(lambda: li.call("endpoint.get", endpoint="ci")["paused"] == "gone")
        assert len(receiver.requests) == 1
        said = [m["text"] for m in li.call("inbox.messages")["items"] if m["kind"] == "endpoint_gone"]
        assert len(said) == 1 and "ci" in said[0] and "no more" in said[0]
        li.call("case.open", workflow="change_request", project="acme-erp", fields=FIELDS)
        receiver.answer = 200
        li.call("endpoint.enable", endpoint="ci")
        requests = receiver.wait(3)
    assert requests[0].id == requests[1].id != requests[2].id


def test_filters_let_through_what_was_asked_for(sender, receivers):  # noqa: F811
    receiver = receivers()
    server = sender()
    with server.client("li") as li:
        li.call("endpoint.add", endpoint="ci", url=receiver.url, kinds=["open"],
                workflows="change_request")
        case = li.call("case.open", workflow="change_request", project="acme-erp",
                       fields=FIELDS)["case"]
        passed = li.call("case.comment", case=case, text="For you", shared=True)["entry"]
        until(lambda: li.call("endpoint.get", endpoint="ci")["seen"] >= passed)
        li.call("endpoint.update", endpoint="ci", kinds=[])
        li.call("case.comment", case=case, text="And for you", shared=True)
        requests = receiver.wait(2)
        li.call("endpoint.update", endpoint="ci", workflows=["closeout"])
        passed = li.call("case.comment", case=case, text="For others", shared=True)["entry"]
        until(lambda: li.call("endpoint.get", endpoint="ci")["seen"] >= passed)
        assert len(receiver.requests) == 2
    assert [r.event["type"] for r in requests] == ["signoff.open", "signoff.comment"]
    assert requests[1].event["data"]["comment"] == "And for you"


def test_secrets_are_shown_once_and_to_leads_alone(sender, receivers, refuses):  # noqa: F811
    receiver = receivers()
    server = sender()
    with server.client("li") as li, server.client("mei") as mei:
        made = li.call("endpoint.add", endpoint="ci", url=receiver.url + "?key=sesame")
        key = li.call("endpoint.rotate", endpoint="ci")
        asymmetric = li.call("endpoint.add", endpoint="ed", url=receiver.url, signature="ed25519")
        assert made["secret"] != key["secret"] and "secret" not in asymmetric
        assert asymmetric["public_key"].startswith("whpk_")
        shown = json.dumps([li.call("endpoint.list"), li.call("endpoint.get", endpoint="ci"),
                            li.call("endpoint.get", endpoint="ed"), li.call("delivery.list")])
        assert "whsec_" not in shown and "whsk_" not in shown
        li.call("watch.start", **{"from": 1})
        li.call("case.open", workflow="change_request", project="acme-erp", fields=FIELDS)
        entries = ""
        while '"open"' not in entries:
            entries += json.dumps(li.notification())
        assert "whsec_" not in entries and "whsk_" not in entries and "sesame" not in entries
        for method in ("endpoint.list", "delivery.list"):
            refuses("forbidden", mei, method)


def test_a_rotated_secret_signs_beside_the_new_one_for_its_time(sender, receivers):  # noqa: F811
    receiver = receivers()
    server = sender()
    with server.client("li") as li:
        old = li.call("endpoint.add", endpoint="ci", url=receiver.url)["secret"]
        new = li.call("endpoint.rotate", endpoint="ci", hours=2)["secret"]
        assert tried(li)["status"] == "delivered"
        li.call("clock.advance", by="2 hours")
        tried(li)
        first, second = receiver.wait(2)
    assert first.signed_by(old) and first.signed_by(new)
    assert second.signed_by(new) and not second.signed_by(old)
