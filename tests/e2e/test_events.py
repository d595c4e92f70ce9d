# SPDX-License-Identifier: Apache-2.0
"""GET /events: each entry once, from any number on, in spite of cuts; what each person may see."""
import json
import os
import random
import subprocess

import pytest
from events_help import Ended, Events
from http_help import call, fetch, read_metrics, web  # noqa: F401

FIELDS = {"summary": "Add export", "reason": "Auditors ask for it"}


def open_case(client):
    return client.call("case.open", workflow="change_request", project="acme-erp", fields=FIELDS)["case"]


def comment(client, case, n, first=0, text="comment %d", **params):
    for i in range(first, first + n):
        client.call("case.comment", case=case, text=text % i, **params)


def head_of(client):
    """The number of the team's last entry."""
    started = client.call("watch.start")
    client.call("watch.stop", watch=started["watch"])
    return started["head"]


def take(stream, until):
    """Entries of a stream, as it showed them, until it has looked at that number."""
    entries = []
    while int(stream.last or 0) < until:
        name, last, data = stream.event()
        if name == "message":
            entry = json.loads(data)["entry"]
            assert last == str(entry["seq"])
            entries.append(entry)
    return entries


def watched(client, case):
    """What watch.start shows of everything, up to a last comment on the case: the other way to see
    it."""
    started = client.call("watch.start", **{"from": 1})
    client.call("case.comment", case=case, text="the end", shared=True)
    entries = []
    while not entries or entries[-1].get("comment") != "the end":
        entries.append(client.notification()["params"]["entry"])
    client.call("watch.stop", watch=started["watch"])
    return entries


# ---- replay, live, resume ----

def test_replay_goes_over_into_what_happens(web):
    server = web()
    with server.client("li") as li:
        case = open_case(li)
        comment(li, case, 150)  # more than one query reads
        head = head_of(li)
        with Events(server, server.token("li"), since=0) as stream:
            assert stream.status == 200
            assert stream.fields["content-type"] == "text/event-stream; charset=utf-8"
            assert stream.fields["cache-control"] == "no-store"
            name, last, data = stream.event()
            assert (name, last) == ("start", "0") and json.loads(data)["head"] == head
            replayed = take(stream, head)
            assert [e["seq"] for e in replayed] == list(range(1, head + 1))
            assert [e for e in replayed if e["case"] == case] == \
                li.call("case.history", case=case, limit=500)["items"][::-1]
            comment(li, case, 5)
            assert [e["seq"] for e in take(stream, head + 5)] == list(range(head + 1, head + 6))
        with Events(server, server.token("li"), last=head + 2, since=0) as stream:
            assert [e["seq"] for e in take(stream, head + 5)] == [head + 3, head + 4, head + 5]


def test_without_a_number_it_begins_with_the_next_entry_and_says_where(web):
    server = web()
    with server.client("li") as li:
        case = open_case(li)
        head = head_of(li)
        with Events(server, server.token("li")) as stream:
            # Also who is cut before the first entry can go on from here.
            assert stream.event()[:2] == ("start", str(head))
            comment(li, case, 1)
            assert [e["seq"] for e in take(stream, head + 1)] == [head + 1]


def gaps_and_doubles(seen, first, last):
    """What is wrong with the numbers that a reader has collected, or None."""
    if sorted(set(seen)) != seen:
        return "doubled or out of order: %s" % [n for n in seen if seen.count(n) > 1][:5]
    missing = set(range(first, last + 1)) - set(seen)
    return "lost: %s" % sorted(missing)[:5] if missing else None


def read_with_cuts(server, li, case, rng, resume=lambda last: last):
    """Entries by number while others write and the stream is cut at any byte; the reader comes again
    with its last number (through resume: a fault can be planted)."""
    seen, written, total = [], 0, 120
    first = head_of(li) + 1
    last = str(first - 1)
    while len(seen) == 0 or seen[-1] < first + total - 1:
        with Events(server, server.token("li"), last=resume(int(last)),
                    chunk=rng.choice([1, 7, 100, 5000])) as stream:
            try:
                budget = rng.randrange(1, 12)
                while budget > 0 and (not seen or seen[-1] < first + total - 1):
                    if written < total and rng.random() < 0.6:
                        n = min(rng.randrange(1, 9), total - written)
                        comment(li, case, n, written)
                        written += n
                    # Waiting is only for what is there: never for an entry that nobody writes.
                    if written > 0 and int(stream.last or 0) < first + written - 1:
                        name, _, data = stream.event()
                        if name == "message":
                            seen.append(json.loads(data)["entry"]["seq"])
                    budget -= 1
            except Ended:
                pass
            last = stream.last
        if len(seen) > 3 * total:
            break
    return seen, first, first + total - 1


def seed():
    """Always the same in the suite; SGN_SEED=N for another."""
    return int(os.environ.get("SGN_SEED", "7"))


def test_cuts_anywhere_lose_nothing_and_double_nothing(web):
    server = web()
    with server.client("li") as li:
        case = open_case(li)
        assert gaps_and_doubles(*read_with_cuts(server, li, case, random.Random(seed()))) is None


def test_a_reader_that_is_off_by_one_is_found(web):
    server = web()
    with server.client("li") as li:
        case = open_case(li)
        rng = random.Random(seed())
        doubled = gaps_and_doubles(*read_with_cuts(server, li, case, rng, lambda n: max(n - 1, 0)))
        assert doubled and doubled.startswith("doubled")
        head = head_of(li)
        lost = gaps_and_doubles(*read_with_cuts(server, li, case, rng, lambda n: n + (n > head + 3)))
        assert lost and lost.startswith("lost")


# ---- what is shown ----

def test_each_person_sees_what_watch_start_shows_them(web):
    server = web()
    with server.client("li") as li, server.client("mei") as mei, server.client("tom") as tom:
        case = open_case(mei)
        comment(li, case, 3)
        comment(li, case, 3, text="for all %d", shared=True)
        mei.call("case.fire", case=case, event="submit")
        shown = {}
        for name, client in (("li", li), ("mei", mei), ("tom", tom)):
            with Events(server, server.token(name), since=0) as stream:
                expected = watched(client, case)
                shown[name] = take(stream, expected[-1]["seq"])
            assert shown[name] == expected, name
        assert len(shown["li"]) > len(shown["mei"]) > 0


FILTERS = [
    ({"kind": "comment"}, lambda e: e["kind"] == "comment"),
    ({"kind": ["open", "fire"]}, lambda e: e["kind"] in ("open", "fire")),
    ({"case": "CR-2"}, lambda e: e["case"] == "CR-2"),
    ({"workflow": "change_request"}, lambda e: e["case"] is not None),
    ({"project": "acme-erp", "kind": "comment"}, lambda e: e["kind"] == "comment"),
    ({"workflow": "none"}, lambda e: False),
]


def test_filters_let_through_what_they_name_and_the_number_goes_on(web):
    server = web()
    with server.client("li") as li:
        for _ in range(2):
            comment(li, open_case(li), 2)
        head = head_of(li)
        with Events(server, server.token("li"), since=0) as stream:
            everything = take(stream, head)
        for query, keep in FILTERS:
            with Events(server, server.token("li"), since=0, **query) as stream:
                assert take(stream, head) == [e for e in everything if keep(e)], query
                assert stream.last == str(head)  # also where the last ones were not for it


def test_titles_come_with_entries_when_they_are_wanted(web):
    server = web()
    with server.client("li") as li:
        case = open_case(li)
        head = head_of(li)
        with Events(server, server.token("li"), since=head - 1, titles="", case=case) as stream:
            assert stream.event()[0] == "start"
            data = json.loads(stream.event()[2])
            assert data["titles"]["workflow"] and data["entry"]["case"] == case


# ---- who is refused ----

def test_what_is_wrong_is_said_with_a_status_and_no_stream(web):
    server = web()
    li, operator = server.token("li"), server.token("operator")
    for status, words, given in [
            (401, "log", {}), (401, "not valid", {"token": "sgn_nonsense"}),
            (400, "from 1000000000", {"token": li, "since": 999999999}),
            (400, "since", {"token": li, "since": "x"}), (400, "since", {"token": li, "since": -1}),
            (400, "since", {"token": li, "since": [1, 2]}),
            (400, "nonsense", {"token": li, "nonsense": 1}),
            (400, "Last-Event-ID", {"token": li, "last": "x"}),
            (400, "Last-Event-ID", {"token": li, "last": "1&id=2"}),
            (400, "team", {"token": operator}), (400, "team", {"token": li, "team": "demo"}),
            (404, "nowhere", {"token": operator, "team": "nowhere"}),
            (403, "origin", {"token": li, "fields": ["Origin: https://evil.example"]}),
            (405, "method", {"token": li, "method": "DELETE"}),
            (405, "method", {"token": li, "method": "HEAD"})]:
        with Events(server, **given) as stream:
            body = stream.body().decode()
            assert stream.status == status, (given, stream.status, body)
            assert words in body or given.get("method") == "HEAD", (given, body)
            assert "text/event-stream" not in stream.fields["content-type"]
    with Events(server, operator, team="demo", since=0) as stream:
        assert stream.event()[0] == "start"


def test_a_token_that_is_revoked_ends_the_stream_before_the_next_entry(web):
    server = web()
    with server.client("li") as li:
        case = open_case(li)
        with Events(server, server.token("mei"), since=0) as stream:
            take(stream, head_of(li))
            for token in li.call("token.list", person="mei")["items"]:
                li.call("token.revoke", **{k: token[k] for k in ("token", "id", "hash") if k in token})
            comment(li, case, 1, shared=True)
            name, _, data = stream.event()
            assert name == "end" and json.loads(data)["code"] == "unauthenticated"
            with pytest.raises(Ended):
                stream.event()


# ---- slow, silent, stopped ----

def test_silence_is_filled_with_signs_of_life(web):
    server = web(net="beat_ms = 100\nidle_ms = 200\nlogin_ms = 200")
    with Events(server, server.token("li")) as stream:
        assert stream.event()[0] == "start"
        # The deadlines of silent connections have long passed by then.
        assert [stream.line() for _ in range(10)] == [":", ""] * 5


def test_who_reads_slowly_holds_up_nobody_and_misses_nothing(web):
    server = web()
    text = "x" * 8000 + " %d"
    with server.client("li") as li:
        case = open_case(li)
        first = head_of(li) + 1
        slow = Events(server, server.token("li"), since=first - 1)
        with slow:
            comment(li, case, 1500, text=text)  # 12 MB, more than sockets hold
            last = first + 1499
            with Events(server, server.token("li"), since=last - 1) as quick:
                assert [e["seq"] for e in take(quick, last)] == [last]
            held = read_metrics(fetch(server, "/metrics")[2].decode())["signoff_buffered_bytes"]
            assert held < 2 << 20, held  # what a slow reader costs
            assert [e["seq"] for e in take(slow, last)] == list(range(first, last + 1))


def test_a_stop_ends_streams_at_once(web):
    server = web()
    with Events(server, server.token("li")) as stream:
        assert stream.event()[0] == "start"
        assert server.stop() == 0
        with pytest.raises(Ended):
            stream.event()


def test_http_goes_on_after_megabytes_of_answers_on_one_connection(web):
    """What was answered and taken no longer counts against a connection."""
    import http.client
    server = web()
    connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=60)
    read = 0
    while read < 10 << 20:
        connection.request("POST", "/rpc", b'{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}',
                           {"Content-Type": "application/json"})
        read += len(connection.getresponse().read())
    connection.close()


def test_curl_reads_it(web):
    server = web()
    with server.client("li") as li:
        open_case(li)
        head = head_of(li)
        done = subprocess.run(
            ["curl", "-sSN", "--max-time", "2", "-H", "Authorization: Bearer " + server.token("li"),
             "http://127.0.0.1:%d/events?since=0" % server.http_port], capture_output=True,
            text=True, check=False)
        assert done.stdout.startswith("retry: ")
        assert [json.loads(line[6:])["entry"]["seq"] for line in done.stdout.split("\n")
                if line.startswith("data: ") and "entry" in line] == list(range(1, head + 1))
        assert call(server, "li", "session.whoami")["result"]["person"] == "li"
