# SPDX-License-Identifier: Apache-2.0
"""The communication record of a client and the plan that is checked against it, on virtual time."""
import os

import pytest
from cases import TEAM, Case, at
from commands import run, site  # noqa: F401
from receiver import until
from test_mail import Box

MONDAY = at("2026-01-05 09:00")


@pytest.fixture
def box():
    made = Box()
    yield made
    made.close()


@pytest.fixture
def server(make_server, folder, box):
    """A demo site that sends mail to the box."""
    def write(made):
        with open(os.path.join(made.site, "teams", "demo", "team.lua"), "w") as file:
            file.write(TEAM)
        with open(os.path.join(made.site, "signoff.ini"), "a", encoding="ascii") as file:
            file.write("\n[mail]\nserver = smtp://127.0.0.1:%d\nfrom = signoff@example.com\n"
                       "insecure = yes\n" % box.port)
    return make_server(os.path.join(folder, "site"), "--demo", prepare=write)


def record(person, **of):
    return person.call("communication.list", **of)["items"]


def told(items, person):
    return [(one["sent"], one["case"]) for one in items if one["how"] == "told" and one["person"] == person]


def paged(person, **of):
    """The keys of all that was noted, page by page, and how long each page was."""
    keys, pages, cursor = [], [], None
    while cursor is not None or not pages:
        page = person.call("communication.list", **of, **({"cursor": cursor} if cursor else {}))
        pages.append(len(page["items"]))
        keys += [one["case"] for one in page["items"]]
        cursor = page["cursor"]
    return keys, pages


def test_communication_is_read_page_by_page_and_nothing_is_missed(people, advance, refuses):
    """Where nobody was told anything, too; what was noted in one moment stays on one page."""
    li = people("li")
    case = li.call("case.open", workflow="change_request", project="acme-erp",
                   fields={"summary": "Export", "reason": "Auditors"})["case"]
    for together in (1, 3, 1, 1):
        for _ in range(together):
            li.call("communication.add", about=case, summary="A call")
        advance("1 minute")
    keys, pages = paged(li, about=case, limit=2)
    assert keys[:2] == ["CN-6", "CN-5"] and sorted(keys) == ["CN-%d" % n for n in range(1, 7)]
    assert pages == [2, 3, 1]
    refuses("invalid", li, "communication.list", about=case, cursor="the last")


def test_communication_is_by_the_channel_that_the_contact_prefers_where_none_is_said(people, run, server):
    li, mei = people("li"), people("mei")
    mei.call("own.update", channel="visit")

    def kind(**said):
        case = li.call("communication.add", client="acme", summary="Prices", **said)["case"]
        return li.call("case.get", case=case)["fields"]["kind"]

    assert kind() == "call" and kind(contacts=["mei"]) == "visit"
    assert kind(contacts=["mei"], kind="mail") == "mail"
    assert kind(contacts=["li", "mei"]) == "visit"  # li has said nothing
    run("communication", "add", "Prices", "--client", "acme", "--with", "mei", "--site", server.site, "--as", "li")
    assert record(li, client="acme")[0]["fields"]["kind"] == "visit"
    mei.call("own.update", channel="portal")  # nobody notes what the portal tells
    assert kind(contacts=["mei"]) == "call"


def test_communication_names_only_people_there_are(people, refuses):
    li = people("li")

    def wrong(method, **said):
        before = len(li.call("case.list", limit=500)["items"])
        refused = refuses("invalid", li, method, client="acme", summary="Prices", **said)
        assert len(li.call("case.list", limit=500)["items"]) == before, "nothing was opened"
        return refused.data["pointer"], refused.message

    pointer, message = wrong("communication.add", contacts=["mei", "tim"])
    assert pointer == "/contacts/1" and "'tim'" in message and "'tom'" in message
    assert wrong("communication.add", promise="A list", promised_for="2026-02-01", holder="wangg")[0] == "/holder"
    assert wrong("communication.plan", speaker="nobody")[0] == "/speaker"


def test_plan_is_by_the_channel_that_the_projects_people_at_the_client_prefer(people, run, server, refuses):
    li, mei, tom = people("li"), people("mei"), people("tom")

    def channel(**said):
        case = li.call("communication.plan", summary="Where we stand", **said)["case"]
        fields = li.call("case.get", case=case)["fields"]
        assert fields["often"] == said.get("often", "weekly")
        return fields["channel"]

    assert channel(client="acme") == "any"
    tom.call("own.update", channel="message")
    assert channel(project="acme-erp", often="monthly") == "message"
    mei.call("own.update", channel="portal")  # in the order of their keys
    assert channel(client="acme") == "portal" and channel(client="acme", channel="any") == "any"
    run("communication", "plan", "Where we stand", "--client", "acme", "--speaker", "wang", "--site", server.site, "--as", "li")
    planned = li.call("case.list", workflow="communication_plan", sort="opened", descending=True, limit=1)["items"][0]
    seen = li.call("case.get", case=planned["case"])["fields"]
    assert (seen["channel"], seen["speaker"]) == ("portal", "wang")
    assert refuses("invalid", li, "communication.plan", summary="Where we stand").data["pointer"] == "/project"
    assert refuses("invalid", li, "communication.plan", summary="X", client="acme", often="hourly").data["pointer"] == "/often"


def test_pages_of_one_project_pass_over_what_was_told_of_others(people, advance):
    """Where they end the cursor does, too: no page is empty."""
    li = people("li")
    li.call("project.create", project="acme-shop", client="acme")
    for person, role in (("li", "pm"), ("mei", "client"), ("tom", "client")):
        li.call("project.member.add", project="acme-shop", person=person, role=role)
    wanted = []
    for project in ("acme-erp", "acme-shop", "acme-erp", "acme-shop"):
        case = li.call("case.open", workflow="survey", project=project, fields={"summary": project})["case"]
        wanted += [case] if project == "acme-erp" else []
        advance("1 minute")
    seen, pages, cursor = [], 0, None
    while cursor is not None or pages == 0:
        page = li.call("communication.list", project="acme-erp", limit=1, **({"cursor": cursor} if cursor else {}))
        assert page["items"], "a page that was promised has something"
        seen += [(one["case"], one["person"]) for one in page["items"] if one["how"] == "told"]
        pages, cursor = pages + 1, page["cursor"]
    assert sorted(seen) == sorted((case, who) for case in wanted for who in ("mei", "tom")) and pages == 2


def test_communication_is_noted_by_the_team_and_kept_from_the_client(server, people, run, refuses):
    li, mei = people("li"), people("mei")
    # By the command line, with the client alone, in a case, and with a promise.
    said = run("communication", "add", "Prices of stage two", "--client", "acme", "--with", "mei", "--notes",
               "She is cross", "--site", server.site, "--as", "li").stdout
    assert "CN-1 is in filed" in said
    issue = li.call("case.open", workflow="change_request", project="acme-erp",
                    fields={"summary": "Export", "reason": "Auditors"})["case"]
    promised = li.call("communication.add", about=issue, summary="The list", kind="mail", direction="out",
                       happened="2026-01-02T10:00:00+08:00", promise="A price list", promised_for="2026-01-09")
    assert promised["outcome"] is None and promised["states"] == ["promised"]
    items = record(li, client="acme")
    assert [one["case"] for one in items if one["how"] == "noted"] == ["CN-2", "CN-1"]
    first = items[[one["case"] for one in items].index("CN-1")]
    assert first["fields"]["notes"] == "She is cross" and first["fields"]["happened"] == MONDAY.isoformat()
    assert [one["case"] for one in record(li, about=issue) if one["how"] == "noted"] == ["CN-2"]
    shown = run("communication", "list", "--client", "acme", "--site", server.site, "--as", "li").stdout
    assert "Prices of stage two" in shown and "filed" in shown
    # Open promises with their days are cases that are open: they stand in the inbox of who keeps them.
    assert "CN-2" in [one["case"] for one in li.call("inbox.list")["items"]]
    # Nothing of it reaches the client, by no way.
    refuses("forbidden", mei, "communication.list", client="acme")
    refuses("forbidden", mei, "communication.add", client="acme", summary="x")
    refuses("not_found", mei, "case.get", case="CN-1")
    assert mei.call("case.list", workflow="communication")["items"] == []
    assert mei.call("inbox.messages")["items"] == []


def test_communication_refusals_say_where(server, people, refuses):
    li = people("li")
    assert refuses("not_found", li, "communication.add", client="acm", summary="x").data["nearest"] == "acme"
    assert refuses("not_found", li, "communication.add", about="CR-9", summary="x").data["pointer"] == "/about"
    assert refuses("invalid", li, "communication.add", client="acme", summary="x", kind="fax").data["pointer"] == "/kind"
    assert refuses("invalid", li, "communication.list").data["pointer"] == "/client"
    assert refuses("not_found", li, "communication.list", project="nowhere").data["pointer"] == "/project"
    assert record(li, client="acme") == []


def test_communication_asked_to_be_confirmed_shows_what_was_agreed_alone(people):
    li, mei = people("li"), people("mei")
    key = li.call("communication.add", project="acme-erp", summary="Call", agreed="18 000", notes="Stingy",
                  confirm=True)["case"]
    seen = mei.call("case.get", case=key)
    assert seen["fields"]["agreed"] == "18 000" and "notes" not in seen["fields"]
    assert "Stingy" not in str(mei.call("case.history", case=key))


def test_communication_mails_stand_in_the_record_by_themselves(server, people, box):
    li = people("li")
    for person in ("mei", "tom"):
        li.call("person.update", person=person, mail=person + "@example.com", language="en")
    box.refuse["tom@example.com"] = "550 nobody of that name"
    meeting = Case(people, "meeting", "li", summary="Weekly", begins="2026-01-20T10:00:00+08:00")
    until(lambda: ("mail", meeting.key) in told(record(li, client="acme"), "mei") and
          ("failed", meeting.key) in told(record(li, client="acme"), "tom"))
    item, = [one for one in record(li, about=meeting.key) if one.get("person") == "mei"]
    assert item["title"] == "Weekly" and item["text"] and item["at"] == MONDAY.isoformat()
    # Page by page nothing is missed and nothing comes twice.
    li.call("clock.advance", by="1 day")
    li.call("communication.add", client="acme", summary="Call")
    whole, pages, cursor = record(li, client="acme", limit=100), [], None
    while True:
        page = li.call("communication.list", client="acme", limit=1, **({"cursor": cursor} if cursor else {}))
        pages += page["items"]
        cursor = page["cursor"]
        if cursor is None:
            break
    assert pages == whole and len(whole) == 3


def test_communication_plan_trusts_the_record_and_no_mail_that_failed(server, people, box):
    """Tom's mails never arrive; the plan sees it, and asks until somebody has spoken."""
    li = people("li")
    li.call("project.member.remove", project="acme-erp", person="mei", role="client")
    li.call("person.update", person="tom", mail="tom@example.com")
    box.refuse["tom@example.com"] = "550 nobody of that name"
    plan = Case(people, "communication_plan", "li", summary="How it stands", often="weekly")
    meeting = Case(people, "meeting", "li", summary="Weekly", begins="2026-02-20T10:00:00+08:00")
    until(lambda: ("failed", meeting.key) in told(record(li, client="acme"), "tom"))
    assert plan.until(at("2026-01-12 09:00")) == ["quiet"]
    li.call("communication.add", client="acme", summary="Called Tom", direction="out")
    assert plan.fire("li", "look") == ["resting"]
    assert plan.get()["deadlines"][0]["due"] == at("2026-01-19 09:00").isoformat()
