# SPDX-License-Identifier: Apache-2.0
"""What people see and set of themselves without being leads: their language, and where they are signed in."""
import pytest
from commands import run, site  # noqa: F401 (fixtures)


def test_own_row_is_shown_and_its_language_set_by_anybody_and_nothing_else(people, refuses):
    for name in ("wang", "mei"):
        person = people(name)
        before = person.call("own.get")
        assert before["person"] == name and set(before) == {"person", "title", "client", "lead", "language", "mail", "channel", "notices"}
        person.call("own.update", language="zh")
        assert person.call("own.get") == {**before, "language": "zh"}
        refuses("invalid", person, "own.update", language="fr")
        for more in ({"lead": True}, {"mail": "x@example.com"}, {"person": "li"}, {"title": "Boss"}):
            refuses("invalid", person, "own.update", language="en", **more)
        assert person.call("own.get") == {**before, "language": "zh"}
        person.call("own.update", language="")
        assert person.call("own.get")["language"] is None


def test_channel_is_what_the_person_says_and_a_lead_sets_it_too(people, refuses):
    mei, li = people("mei"), people("li")
    assert mei.call("own.get")["channel"] is None
    mei.call("own.update", language="zh", channel="message")
    assert li.call("person.get", person="mei")["channel"] == "message"
    mei.call("own.update", channel="call")  # what is not said stays
    assert {"language": "zh", "channel": "call"}.items() <= mei.call("own.get").items()
    for method, more in (("own.update", {}), ("person.update", {"person": "mei"})):
        error = refuses("invalid", li, method, channel="meting", **more)
        assert error.data["pointer"] == "/channel" and "did you mean 'meeting'?" in error.message
    refuses("invalid", li, "person.create", person="new", channel="mali")
    refuses("invalid", mei, "own.update")
    assert mei.call("own.get")["channel"] == "call"
    li.call("person.update", person="mei", channel="")
    assert mei.call("own.get")["channel"] is None


def test_own_tokens_are_those_that_are_good_and_one_is_this(server, people):
    li = people("li")
    made = li.call("token.create", person="sun", name="laptop")
    short = li.call("token.create", person="sun", name="short", expires="2999-01-01T00:00:00Z")
    li.call("token.revoke", id=short["id"])
    with server.connect(made["token"]) as sun:
        mine = {token["name"]: token for token in sun.call("own.token.list")["items"]}
    assert set(mine) == {"demo/sun.token", "laptop"}
    assert [name for name, token in mine.items() if token["this"]] == ["laptop"]
    assert "token" not in mine["laptop"] and "hash" not in mine["laptop"]


def test_own_token_is_ended_at_once_and_nobody_elses(server, people, refuses):
    li = people("li")
    made = li.call("token.create", person="sun", name="lost")
    bound = li.call("token.create", person="sun", name="program", scope="write")
    others = li.call("token.list", person="wang")["items"][0]["id"]
    with server.connect(made["token"]) as lost, server.connect(bound["token"]) as program:
        sun = people("sun")
        refuses("not_found", sun, "own.token.revoke", id=others)
        refuses("forbidden", program, "own.token.revoke", id=made["id"])
        assert sun.call("own.token.revoke", id=made["id"])["revoked"]
        refuses("unauthenticated", lost, "own.get")
        assert made["id"] not in [token["id"] for token in sun.call("own.token.list")["items"]]
    assert people("wang").call("own.get")["person"] == "wang"


@pytest.mark.parametrize("words, says", (
    (("own", "show"), "Wang Lei"), (("own", "token", "list"), "wang.token")))
def test_command_line_shows_what_is_ones_own(site, words, says):
    assert says in site("wang", *words).stdout


def test_older_version_of_a_workflow_is_shown_once_cases_were_opened_with_it(people, refuses):
    li = people("li")
    case = {"workflow": "change_request", "project": "acme-erp", "fields": {"summary": "A", "reason": "B"}}
    assert li.call("workflow.get", workflow="change_request", versions=True)["versions"] == []
    opened = li.call("case.open", **case)
    now = li.call("workflow.get", workflow="change_request", versions=True)
    assert [(one["version"], one["digest"]) for one in now["versions"]] == [(now["version"], now["digest"])]
    assert li.call("case.get", case=opened["case"])["version"] == now["version"]
    refuses("not_found", li, "workflow.get", workflow="change_request", version=now["version"] + 1)
    assert "versions" not in people("mei").call("workflow.get", workflow="change_request", versions=True)
