# SPDX-License-Identifier: Apache-2.0
"""The calendar of what waits for a person, read by python3-icalendar, which nobody here wrote."""
import datetime

import pytest
from http_help import fetch
from link_help import ask, desk  # noqa: F401
from signoff import RpcError

icalendar = pytest.importorskip("icalendar")


def read(server, path, **fields):
    status, heads, body = fetch(server, path, **fields)
    assert status == 200, body
    lines = body.split(b"\r\n")
    assert lines[-1] == b"" and all(len(line) <= 75 and b"\n" not in line for line in lines)
    return icalendar.Calendar.from_ical(body), heads, body


def entries(calendar, name):
    return [c for c in calendar.walk(name)]


def test_an_event_for_each_deadline_and_a_task_for_all_that_waits(desk):
    server = desk()
    with server.client("li") as li, server.client("mei") as mei:
        key = ask(li)
        feed = mei.call("calendar.feed.create")
        calendar, heads, _ = read(server, feed["path"])
        tasks, _, _ = read(server, feed["path"] + "?as=tasks")
        asked = mei.call("inbox.list")["items"]
    assert heads["Content-Type"].startswith("text/calendar") and heads["X-Robots-Tag"]
    event, = entries(calendar, "VEVENT")
    assert event["DTSTART"].dt == datetime.datetime(2026, 1, 10, 1, 0, tzinfo=datetime.timezone.utc)
    assert asked[0]["due"] == "2026-01-10T09:00:00+08:00"
    assert key in event["SUMMARY"] and "Asked" in event["SUMMARY"]
    task, = entries(tasks, "VTODO")
    assert task["DUE"].dt == event["DTSTART"].dt and task["STATUS"] == "NEEDS-ACTION"
    assert task["UID"] != event["UID"] and not entries(tasks, "VEVENT")
    assert "SECRET-MARGIN" not in str(calendar.to_ical())


def test_uids_stay_while_the_item_does_and_go_with_it(desk):
    server = desk()
    with server.client("li") as li, server.client("mei") as mei:
        first, second = ask(li), ask(li)
        path = mei.call("calendar.feed.create")["path"]
        before, heads, body = read(server, path)
        uids = {str(e["UID"]) for e in entries(before, "VEVENT")}
        assert len(uids) == 2
        status, again, none = fetch(server, path, If_None_Match=heads["ETag"])
        assert (status, none) == (304, b"") and again["ETag"] == heads["ETag"]
        li.call("clock.advance", by="1 hour")
        assert read(server, path)[2] == body                # nothing has changed but the time
        li.call("case.edit", case=first, fields={"note": "x"})
        assert {str(e["UID"]) for e in entries(read(server, path)[0], "VEVENT")} == uids
        li.call("case.fire", case=second, event="recall")
        left = {str(e["UID"]) for e in entries(read(server, path)[0], "VEVENT")}
        assert len(left) == 1 and left < uids
        assert fetch(server, path, If_None_Match=heads["ETag"])[0] == 200


def test_titles_of_any_kind_are_read_as_they_were_written(desk):
    server = desk()
    evil = "a;b,c\\d\nEND:VCALENDAR " + "长标题" * 60
    with server.client("li") as li, server.client("mei") as mei:
        li.call("client.update", client="acme", title="x")
        li.call("case.open", workflow="sheet", project="acme-erp", fields={"body": evil})
        li.call("case.fire", case="SH-1", event="ask")
        calendar, _, body = read(server, mei.call("calendar.feed.create")["path"])
        shown = mei.call("inbox.list")["items"][0].get("summary") or ""
    event, = entries(calendar, "VEVENT")
    assert shown in str(event["SUMMARY"]) and body.count(b"\r\nEND:VCALENDAR") == 1


def test_calendar_is_in_the_language_of_its_person(desk):
    server = desk()
    with server.client("li") as li, server.client("mei") as mei:
        ask(li)
        path = mei.call("calendar.feed.create")["path"]
        li.call("person.update", person="mei", language="zh")
        event, = entries(read(server, path, Accept_Language="en")[0], "VEVENT")
        assert "待确认" in event["SUMMARY"]


def test_feeds_are_each_person_s_own_and_end_when_they_say_so(desk):
    server = desk()
    with server.client("li") as li, server.client("mei") as mei, server.client("tom") as tom:
        ask(li)
        feed = mei.call("calendar.feed.create", expires="2026-02-01T00:00:00+08:00")
        other = tom.call("calendar.feed.create")
        assert [f["id"] for f in mei.call("calendar.feed.list")["items"]] == [feed["id"]]
        assert "path" not in mei.call("calendar.feed.list")["items"][0]
        for who in (tom, li):
            with pytest.raises(RpcError) as refused:
                who.call("calendar.feed.revoke", id=feed["id"])
            assert refused.value.code == "not_found"
        made = li.call("link.create", case="SH-1", person="mei")
        secret = made["path"].split("/")[-1]
        token = feed["path"][len("/calendar/"):-len(".ics")]
        gone = [fetch(server, p)[::2] for p in
                ("/calendar/" + "A" * 43 + ".ics", "/calendar/x", "/calendar/%s" % token,
                 "/calendar/%s.ics" % secret)]
        assert all(g == gone[0] and g[0] == 404 for g in gone)
        assert fetch(server, "/s/" + token)[0] == 404                # a feed answers nothing
        assert fetch(server, feed["path"], b"x", Content_Type="text/plain")[0] == 405
        tom.call("calendar.feed.revoke", id=other["id"])
        assert fetch(server, other["path"])[::2] == gone[0]
        li.call("clock.advance", by="27 days")
        assert fetch(server, feed["path"])[::2] == gone[0]           # it has ended
        third = mei.call("calendar.feed.create")["path"]
        assert fetch(server, third)[0] == 200
        li.call("person.update", person="mei", active=False)
        assert fetch(server, third)[::2] == gone[0]                  # and so has its person's stay
