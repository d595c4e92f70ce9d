# SPDX-License-Identifier: Apache-2.0
"""How people are told: each kind of message at once, gathered, or in the inbox alone, as its person has set it;
and what they see of it."""
import os

import pytest
from commands import run, site  # noqa: F401 (fixtures)
from receiver import until
from test_inbox import REQUEST, decided, submitted
from test_mail import addresses, box, text_of  # noqa: F401 (fixtures)

# Mondays to Fridays; the clock begins on Monday 5 January 2026 at 09:00.
TEAM = """return team "demo" { title = "Demo", timezone = "Asia/Shanghai", language = "en",
  calendar "office" { monday_to_friday = { "09:00-12:00", "13:30-18:00" } },
  use "request" }
"""


@pytest.fixture
def server(make_server, folder, box):  # noqa: F811
    """A demo site that sends mail to the box, with working days."""
    def write(server):
        team = os.path.join(server.site, "teams", "demo")
        os.makedirs(os.path.join(team, "workflows"), exist_ok=True)
        for name, text in (("team.lua", TEAM), ("workflows/request.lua", REQUEST)):
            with open(os.path.join(team, name), "w", encoding="utf-8") as f:
                f.write(text)
        with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
            f.write("\n[mail]\nserver = smtp://127.0.0.1:%d\nfrom = Signoff <signoff@example.com>\n"
                    "insecure = yes\n[net]\npublic_url = https://signoff.example.com\n" % box.port)
    return make_server(os.path.join(folder, "site"), "--demo", prepare=write)


@pytest.fixture
def tells(people, box):  # noqa: F811
    """tells(): news for li and for sun, who has set nothing: once sun's mail is there, li's would be too."""
    told = []

    def tell():
        told.append(people("li").call("delegation.set", to="sun", until="2026-%02d-01T09:00:00+08:00"
                                      % (len(told) + 3)))
        until(lambda: len(box.to("sun@example.com")) >= len(told))
    return tell


def to_li(box, n=0):  # noqa: F811
    """The mails to li: at least so many."""
    return until(lambda: len(box.to("li@example.com")) >= n and [None, *box.to("li@example.com")])[1:]


def dates(mails):
    return [mail["Date"].datetime.strftime("%m-%d %H:%M") for mail in mails]     # in UTC, eight hours before


def test_what_a_person_sets_is_shown_kept_and_seen_by_leads(people, refuses):
    wang, li = people("wang"), people("li")
    usual = {"asked": None, "reminders": None, "news": None, "escalations": None, "daily_at": "09:00"}
    assert wang.call("own.get")["notices"] == usual
    wang.call("own.update", asked="hourly", news="console", daily_at="17:30")
    assert wang.call("own.get")["notices"] == {**usual, "asked": "hourly", "news": "console", "daily_at": "17:30"}
    wang.call("own.update", asked="", daily_at="")
    assert wang.call("own.get")["notices"] == {**usual, "news": "console"}
    assert li.call("person.get", person="wang")["notices"] == {"news": "console"}
    refuses("invalid", li, "person.update", person="wang", news="mail")
    refuses("invalid", li, "person.update", person="wang", notices={})
    wang.call("own.update", news="")
    assert li.call("person.get", person="wang")["notices"] is None
    entry = [one for one in li.call("audit.export", limit=500)["items"]
             if "own.update" in str(one) and "wang" in str(one)]
    assert len(entry) == 3, "each is in the team's history"


@pytest.mark.parametrize("given, code, pointer", (
    ({"asked": "console"}, "refused", "/asked"), ({"asked": "never"}, "invalid", "/asked"),
    ({"news": "Mail"}, "invalid", "/news"), ({"reminders": "weekly"}, "invalid", "/reminders"),
    ({"daily_at": "24:00"}, "invalid", "/daily_at"), ({"daily_at": "9:00"}, "invalid", "/daily_at"),
    ({"daily_at": "09.00"}, "invalid", "/daily_at"), ({"daily_at": "+9:00"}, "invalid", "/daily_at"),
    ({"news": "daily", "escalations": "no"}, "invalid", "/escalations"), ({}, "invalid", "")))
def test_what_cannot_be_set_is_refused_and_changes_nothing(people, refuses, given, code, pointer):
    people("sun").call("own.update", news="hourly", daily_at="10:15")
    before = people("sun").call("own.get")
    error = refuses(code, people("sun"), "own.update", **given)
    assert error.data.get("pointer", "") == pointer
    assert people("sun").call("own.get") == before


def test_news_can_stay_in_the_inbox(people, addresses, tells, box):  # noqa: F811
    people("li").call("own.update", news="console")
    tells()
    people("li").call("own.update", news="")
    tells()
    assert len(to_li(box, 1)) == 1
    first, second = people("li").call("inbox.messages")["items"]
    assert (first["sent"], second["sent"]) == ("inbox", "mail") or until(
        lambda: people("li").call("inbox.messages")["items"][1]["sent"] == "mail")
    assert first["goes"] is second["goes"] is None and "way" not in first and "due" not in first


def test_what_is_gathered_goes_at_the_full_hour(people, addresses, tells, advance, box):  # noqa: F811
    people("li").call("own.update", news="hourly")
    advance("5 minutes")
    tells()
    tells()
    message = people("li").call("inbox.messages")["items"][0]
    assert (message["sent"], message["goes"]) == ("waiting", "2026-01-05T10:00:00+08:00")
    advance("54 minutes")
    tells()
    assert box.to("li@example.com") == []
    advance("1 minute")
    mail, = to_li(box, 1)
    assert mail["Subject"] == "3 notices" and dates([mail]) == ["01-05 02:00"]
    assert "https://signoff.example.com/console/preferences\n" in text_of(mail)
    until(lambda: {m["sent"] for m in people("li").call("inbox.messages")["items"]} == {"mail"})
    advance("60 minutes")
    tells()
    assert len(box.to("li@example.com")) == 1, "on the hour is the next one's"
    advance("60 minutes")
    assert dates(to_li(box, 2)) == ["01-05 02:00", "01-05 04:00"]


def test_daily_mail_comes_on_working_days(people, addresses, tells, advance, box):  # noqa: F811
    people("li").call("own.update", news="daily", daily_at="08:30", language="zh")
    people("li").call("calendar.exception.add", calendar="office", date="2026-01-12", hours="closed", reason="Stock")
    tells()                                         # Monday 09:00: 08:30 has passed
    assert people("li").call("inbox.messages")["items"][0]["goes"] == "2026-01-06T08:30:00+08:00"
    advance("23 hours")
    assert box.to("li@example.com") == []
    advance("30 minutes")
    assert dates(to_li(box, 1)) == ["01-06 00:30"]
    advance("74 hours")                             # Friday 10:30: then a weekend, and a Monday that is closed
    tells()
    tells()
    advance("93 hours")                             # Tuesday 07:30
    tells()
    assert len(box.to("li@example.com")) == 1
    advance("1 hour")
    assert dates(to_li(box, 2)) == ["01-06 00:30", "01-13 00:30"]
    assert to_li(box, 2)[1]["Subject"] == "3 条通知"


def test_what_was_set_later_is_for_what_comes_later_and_a_restart_loses_nothing(
        server, people, addresses, tells, advance, box):  # noqa: F811
    people("li").call("own.update", news="daily")
    tells()
    people("li").call("own.update", news="")
    tells()
    assert len(to_li(box, 1)) == 1, "the second went at once, and the first goes on waiting"
    server.stop()
    server.start()
    with server.client("li") as li:
        assert [m["sent"] for m in li.call("inbox.messages")["items"]][0] == "waiting"
        li.call("clock.advance", by="24 hours")
        assert dates(to_li(box, 2)) == ["01-05 01:00", "01-06 01:00"]
        until(lambda: {m["sent"] for m in li.call("inbox.messages")["items"]} == {"mail"})


def test_an_approval_with_a_deadline_is_told_whatever_is_set(people, addresses, advance, box):  # noqa: F811
    people("li").call("own.update", reminders="console", escalations="console")
    case = submitted(people)
    advance("26 hours")                             # 80 % and late 0 of a screening, which is no approval
    told = [m["sent"] for m in people("li").call("inbox.messages")["items"]]
    assert told == ["inbox", "inbox"] and box.to("li@example.com") == []
    assert case.fire("li", "accept") == ["deciding"]
    advance("49 hours")                             # half of four days
    mail, = to_li(box, 1)
    assert "50%" in mail["Subject"]
    until(lambda: people("li").call("inbox.messages", newest=True)["items"][0]["sent"] == "mail")


def test_reminders_can_come_one_by_one(people, addresses, advance, box):  # noqa: F811
    people("li").call("own.update", reminders="mail")
    cases = [submitted(people).key for _ in range(2)]
    advance("20 hours")                             # 80 % of a day, which would wait for its company
    assert [[c for c in cases if c in m["Subject"]] for m in to_li(box, 2)] in ([[c] for c in cases], [
        [c] for c in reversed(cases)])


def test_a_gathered_mail_that_was_refused_is_listed_and_sent_again_whole(
        people, addresses, tells, advance, box):  # noqa: F811
    people("li").call("own.update", news="hourly")
    box.refuse["li@example.com"] = "550 5.1.1 no such user"
    tells()
    tells()
    advance("1 hour")
    row, = until(lambda: people("sun").call("server.ping") and people("li").call("delivery.list")["items"])
    assert (row["endpoint"], row["status"], row["code"]) == ("hourly/li", "dead", 550)
    until(lambda: [m["sent"] for m in people("li").call("inbox.messages")["items"]] == ["failed"] * 2)
    tells()                                         # in the same box, and not of that mail
    assert people("li").call("inbox.messages", newest=True)["items"][0]["sent"] == "waiting"
    del box.refuse["li@example.com"]
    people("li").call("delivery.retry", endpoint=row["endpoint"], entry=row["entry"])
    mail, = to_li(box, 1)
    assert mail["Subject"] == "2 notices"


def test_a_client_s_person_sets_it_too_and_is_led_to_the_portal(people, addresses, advance, box):  # noqa: F811
    people("mei").call("own.update", escalations="hourly", reminders="console")
    submitted(people)
    advance("24 hours")                             # late 0 tells the client: at 09:00, so at 10:00
    assert box.to("mei@example.com") == []
    advance("1 hour")
    mail, = until(lambda: box.to("mei@example.com"))
    assert dates([mail]) == ["01-06 02:00"]
    assert "https://signoff.example.com/portal/preferences\n" in text_of(mail)


def test_messages_are_listed_newest_first_page_by_page_and_counted(people, addresses, tells):
    for _ in range(5):
        tells()
    li = people("li")
    oldest = [m["id"] for m in li.call("inbox.messages")["items"]]
    li.call("inbox.read", ids=[oldest[1], oldest[4]])
    assert li.call("inbox.count")["unread"] == 3
    pages, cursor = [], None
    while cursor is not None or not pages:
        page = li.call("inbox.messages", newest=True, limit=2, **({"cursor": cursor} if cursor else {}))
        pages.append([m["id"] for m in page["items"]])
        cursor = page["cursor"]
    assert [len(page) for page in pages] == [2, 2, 1] and sum(pages, []) == oldest[::-1]
    unread = li.call("inbox.messages", newest=True, unread=True)["items"]
    assert [m["id"] for m in unread] == [oldest[3], oldest[2], oldest[0]]


def test_a_cursor_is_of_its_own_order(people, addresses, tells, refuses):
    for _ in range(3):
        tells()
    li = people("li")
    newest = li.call("inbox.messages", newest=True, limit=1)["cursor"]
    oldest = li.call("inbox.messages", limit=1)["cursor"]
    assert refuses("invalid", li, "inbox.messages", cursor=newest).data["pointer"] == "/cursor"
    assert refuses("invalid", li, "inbox.messages", newest=True, cursor=oldest).data["pointer"] == "/cursor"


def test_the_inbox_of_one_case(people):
    first, second = decided(people), submitted(people)
    everything = people("li").call("inbox.list")["items"]
    for case in (first, second):
        assert people("li").call("inbox.list", case=case.key)["items"] == [
            item for item in everything if item["case"] == case.key] != []
    assert people("mei").call("inbox.list", case=second.key)["items"] == []
    assert people("li").call("inbox.list", case="RQ-99")["items"] == []
    assert len(people("li").call("inbox.list", case=first.key, limit=1)["items"]) == 1


def test_who_may_stand_in_is_listed_by_the_rules_of_delegation(people, refuses):
    li = people("li")
    for person in ("wang", "mei"):
        every = {one["person"]: one for one in li.call("person.list", limit=500)["items"]}
        side = sorted(key for key, one in every.items() if one["client"] == every[person]["client"] and key != person)
        items = people(person).call("delegation.people")["items"]
        assert [one["person"] for one in items] == side != []
        assert all(one["title"] == every[one["person"]]["title"] and set(one) == {"person", "title"} for one in items)
        refuses("forbidden", people(person), "delegation.people", person="li")
    li.call("person.update", person="sun", active=False)
    assert "sun" not in [one["person"] for one in people("wang").call("delegation.people")["items"]]
    assert li.call("delegation.people", person="mei") == people("mei").call("delegation.people")
    assert refuses("not_found", li, "delegation.people", person="nobody").data["pointer"] == "/person"


def test_stand_ins_are_named(people):
    people("li").call("delegation.set", to="sun", until="2026-02-23T09:00:00+08:00")
    told = people("li").call("delegation.list", names=True)
    assert set(told["names"]["people"]) == {"li", "sun"}


def test_command_line_sets_and_shows_it(site):  # noqa: F811
    site("wang", "own", "update", "--news", "console", "--daily-at", "08:15")
    assert "08:15" in site("wang", "own", "show").stdout
    refused = site("wang", "own", "update", "--asked", "console", code=None)
    assert refused.returncode != 0 and "silence may count as your answer" in refused.stderr
    assert "console" in site("wang", "own", "update", "--help").stdout
    assert "sun" in site("wang", "delegation", "people").stdout
