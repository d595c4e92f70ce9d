# SPDX-License-Identifier: Apache-2.0
"""Webhooks: entries delivered to endpoints in order, at least once, signed, by a schedule that goes
by the site's clock."""
import json
import os
import shutil
import subprocess
import time

import pytest
from receiver import receivers, sender, until  # noqa: F401

FIELDS = {"summary": "Export", "reason": "Auditors ask"}
# Standard Webhooks 1.0.0: from one attempt to the next.
SCHEDULE = ["5 seconds", "5 minutes", "30 minutes", "2 hours", "5 hours", "10 hours", "14 hours",
            "20 hours", "24 hours"]


def add(li, receiver, key="ci", **more):
    return li.call("endpoint.add", endpoint=key, url=receiver.url, **more)


def open_case(li, **more):
    return li.call("case.open", workflow="change_request", project="acme-erp", fields=FIELDS, **more)


def test_entries_arrive_in_order_as_signed_cloudevents(sender, receivers):  # noqa: F811
    receiver = receivers()
    server = sender()
    with server.client("li") as li:
        made = add(li, receiver)
        assert made["secret"].startswith("whsec_")
        case = open_case(li)["case"]
        last = li.call("case.comment", case=case, text="For you", shared=True)["entry"]
        requests = receiver.wait(2)
        until(lambda: li.call("endpoint.get", endpoint="ci")["seen"] == last)
    assert [r.event["type"] for r in requests] == ["signoff.open", "signoff.comment"]
    assert [r.event["subject"] for r in requests] == [case, case]
    for r in requests:
        event = r.event
        assert event["specversion"] == "1.0" and event["source"] == "/teams/demo"
        assert event["id"] == r.id and "." not in r.id
        assert r.headers["content-type"] == "application/cloudevents+json"
        assert event["time"] == "2026-01-05T09:00:00+08:00" == event["data"]["at"]
        assert abs(int(r.headers["webhook-timestamp"]) - time.time()) < 60
        assert r.signed_by(made["secret"])
    assert requests[1].event["data"]["comment"] == "For you"
    assert "owners" not in requests[0].event["data"], "internal"


def test_a_receiver_that_is_down_for_a_day_gets_everything_in_order(sender, receivers):  # noqa: F811
    down, other = receivers(), receivers()
    down.answer = 503
    server = sender()
    with server.client("li") as li:
        add(li, down, internal=True)
        add(li, other, key="other", internal=True)
        case = open_case(li)["case"]
        first = down.wait(1)[0].id
        for hour in range(24):
            li.call("clock.advance", by="1 hour")
            li.call("case.comment", case=case, text="hour %d" % hour)
        head = li.call("endpoint.get", endpoint="ci")["head"]
        # The other one has waited for nobody.
        until(lambda: li.call("endpoint.get", endpoint="other")["seen"] == head)
        waiting = until(lambda: li.call("delivery.list", endpoint="ci")["items"])
        assert [w["status"] for w in waiting] == ["waiting"]
        assert {r.id for r in down.requests} == {first}, "what comes behind it waits"
        tried = len(down.requests)
        down.answer = 200
        li.call("clock.advance", by="24 hours")
        until(lambda: li.call("endpoint.get", endpoint="ci")["seen"] == head)
        assert li.call("delivery.list", endpoint="ci")["items"] == []
    arrived = [r.seq for r in down.requests[tried:]]
    assert arrived == list(range(arrived[0], head + 1)) and len(arrived) >= 25
    assert [r.seq for r in other.requests] == list(range(other.requests[0].seq, head + 1))


def test_retries_go_by_the_published_schedule_and_end_as_a_dead_letter(sender, receivers):  # noqa: F811
    receiver = receivers()
    receiver.answer = 404
    server = sender()
    with server.client("li") as li:
        add(li, receiver, kinds=["comment"], internal=True)
        case = open_case(li)["case"]
        entry = li.call("case.comment", case=case, text="one")["entry"]
        for n, pause in enumerate(SCHEDULE):
            receiver.wait(n + 1)
            until(lambda n=n: li.call("delivery.list")["items"][0:1]
                  and li.call("delivery.list")["items"][0]["attempts"] == n + 1)
            row = li.call("delivery.list")["items"][0]
            assert (row["entry"], row["status"], row["code"]) == (entry, "waiting", 404)
            li.call("clock.advance", to=row["next"])
            now = li.call("clock.now")["now"]
            assert row["next"] == now
        receiver.wait(10)
        until(lambda: li.call("delivery.list")["items"][0]["status"] == "dead")
        receiver.answer = 200
        # A dead letter holds up nobody, and is sent again by hand under its id.
        li.call("case.comment", case=case, text="two")
        assert receiver.wait(11)[10].event["data"]["comment"] == "two"
        li.call("delivery.retry", endpoint="ci", entry=entry)
        again = receiver.wait(12)[11]
        assert again.id == receiver.requests[0].id
        until(lambda: li.call("delivery.list")["items"][0]["status"] == "delivered")
        assert li.call("delivery.list")["items"][0]["person"] == "li"


# ---- a verifier that others wrote ----

VERIFY = """import { Webhook } from "standardwebhooks";
import { readFileSync } from "node:fs";
for (const { secret, headers, body } of JSON.parse(readFileSync(0, "utf8"))) {
  let said = "good";
  try { new Webhook(secret).verify(body, headers); } catch (error) { said = error.message; }
  console.log(said);
}
"""


@pytest.fixture(scope="session")
def verifier(binary):
    """The folder with npm's standardwebhooks, kept beside the program; made where the registry
    answers."""
    folder = os.path.join(os.path.dirname(binary), "webhook-verifier")
    if not os.path.exists(os.path.join(folder, "done")):
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "package.json"), "w", encoding="ascii") as f:
            json.dump({"private": True, "dependencies": {"standardwebhooks": "1.1.1"}}, f)
        got = subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"],
                             cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             timeout=300) if shutil.which("npm") else None
        if got is None or got.returncode != 0:
            pytest.skip("npm's registry does not give standardwebhooks")
        with open(os.path.join(folder, "verify.mjs"), "w", encoding="ascii") as f:
            f.write(VERIFY)
        with open(os.path.join(folder, "done"), "w", encoding="ascii"):
            pass
    return folder


def test_the_standard_s_own_library_verifies_what_is_sent(verifier, sender, receivers):  # noqa: F811
    receiver = receivers()
    server = sender()
    with server.client("li") as li:
        old = add(li, receiver)["secret"]
        open_case(li)
        receiver.wait(1)
        new = li.call("endpoint.rotate", endpoint="ci")["secret"]
        open_case(li)
        first, second = receiver.wait(2)
    asked = [{"secret": secret, "headers": r.headers, "body": r.body.decode() + more}
             for r, secret, more in ((first, old, ""), (second, old, ""), (second, new, ""),
                                     (first, new, ""), (first, old, " "))]
    done = subprocess.run(["node", "verify.mjs"], cwd=verifier, input=json.dumps(asked), text=True,
                          capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said[:3] == ["good"] * 3 and "good" not in said[3:] and len(said) == 5, said
