# SPDX-License-Identifier: Apache-2.0
"""Standing in: named, used, told, ended, and over the whole way recorded."""
import os

import pytest

from cases import Case

UNTIL = "2026-01-12T09:00:00+08:00"


@pytest.fixture
def deciding(people):
    """A change request that waits for its approval, opened by the client."""
    case = Case(people, "change_request", "mei", summary="Add export", reason="Auditors")
    case.fire("mei", "submit")
    case.fire("li", "accept")
    case.fire("wang", "assess", days=5, risk="low")
    case.fire("li", "price", cost="5000.00", scope="Exports")
    assert case.states == ["deciding"]
    return case


def stand_in(people, case, by):
    """What the stand-in sees of the round: for whom, and the digest of each."""
    return {one["person"]: one["digest"] for one in case.round(by).get("on_behalf", [])}


def test_delegation_vote_by_the_stand_in_names_both(people, deciding, refuses):
    li, sun = people("li"), people("sun")
    assert refuses("forbidden", sun, "approval.vote", case=deciding.key, choice="approve",
                   digest=deciding.round()["digest"], on_behalf="li")
    given = li.call("delegation.set", to="sun", until=UNTIL)
    assert (given["id"], given["person"], given["to"], given["until"]) == (1, "li", "sun", UNTIL)
    [item] = [one for one in sun.call("inbox.list")["items"]
              if one["case"] == deciding.key and one.get("on_behalf") == "li"]
    assert item["kind"] == "approval" and item["overdue"] is False
    votes = [one for one in sun.call("case.allowed", case=deciding.key)["also"]
             if one["do"] == "vote"]
    [vote] = [one for one in votes if one.get("on_behalf") == "li"]
    assert (vote["approval"], vote["allowed"]) == ("deciding", True)
    assert list(vote["choices"]) == ["approve", "reject", "abstain", "defer", "changes"]
    digest = stand_in(people, deciding, "sun")["li"]
    done = sun.call("approval.vote", case=deciding.key, choice="approve", digest=digest,
                    on_behalf="li")
    entry = [one for one in deciding.history() if one["seq"] == done["entry"]][0]
    assert (entry["actor"], entry["on_behalf"]) == ("sun", "li")
    assert not [one for one in sun.call("inbox.list")["items"] if one.get("on_behalf") == "li"
                and one["case"] == deciding.key and one["kind"] == "approval"]


def test_delegation_says_who_is_waited_for_through_the_stand_in(people, deciding, advance):
    """In the case and in lists; for the period and scope only, and not for what is stuck."""
    def waited(name):
        return [one["case"] for one in
                people("li").call("case.list", waiting_for=name)["items"]]

    def stand_ins():
        return {one["person"]: one.get("stand_in") for one in deciding.get("li")["waiting"]
                if "person" in one}
    assert waited("sun") == [] and deciding.key in waited("li")
    assert set(stand_ins().values()) == {None} and "li" in stand_ins()
    people("li").call("delegation.set", to="sun", until=UNTIL, scope={"workflows": ["issue"]})
    assert (waited("sun"), stand_ins()["li"]) == ([], None)
    people("li").call("delegation.end", id=1)
    people("li").call("delegation.set", to="sun", until="2026-01-06T09:00:00+08:00",
                      scope={"projects": ["acme-erp"]})
    assert waited("sun") == [case for case in waited("li")]
    assert stand_ins()["li"] == "sun"
    assert [one for name, one in stand_ins().items() if name != "li" and one] == []
    advance("1 day")
    assert (waited("sun"), stand_ins()["li"]) == ([], None)


def test_delegation_tells_both_and_lists(people):
    li, sun = people("li"), people("sun")
    li.call("delegation.set", to="sun", until=UNTIL, scope={"workflows": ["issue"]})
    for person in (li, sun):
        [message] = person.call("inbox.messages")["items"]
        # By their names, and to the minute of the team's clock.
        assert message["text"] == ("Sun Hao (engineer) stands in for Li Ting (project manager) from "
                                   "2026-01-05 09:00 until %s" % UNTIL.replace("T", " ")[:16])
    [one] = sun.call("delegation.list")["items"]
    assert one["scope"] == {"workflows": ["issue"]}
    assert people("mei").call("delegation.list")["items"] == []
    sun.call("delegation.end", id=one["id"])
    assert sun.call("delegation.list")["items"] == []
    assert [item["ended"] for item in sun.call("delegation.list", all=True)["items"]] != [None]
    assert "no longer" in li.call("inbox.messages")["items"][-1]["text"]


def test_delegation_period_and_scope_end_it(people, deciding, advance, refuses):
    li, sun = people("li"), people("sun")

    def vote():
        return refuses("forbidden", sun, "approval.vote", case=deciding.key, choice="approve",
                       digest=deciding.round()["digest"], on_behalf="li").message
    li.call("delegation.set", to="sun", until=UNTIL, scope={"workflows": ["issue"]})
    assert "not in change_request of acme-erp" in vote()
    assert not [one for one in sun.call("inbox.list")["items"] if one.get("on_behalf")]
    li.call("delegation.end", id=1)
    assert "until" in vote()
    li.call("delegation.set", to="sun", until="2026-01-06T09:00:00+08:00")
    assert stand_in(people, deciding, "sun").keys() == {"li"}
    advance("1 day")
    assert "you stood in for li until 2026-01-06T09:00:00+08:00" in vote()
    assert not [one for one in sun.call("inbox.list")["items"] if one.get("on_behalf")]


def test_a47_delegation_refuses_circles_and_other_sides(people, refuses):
    li, sun, wang = people("li"), people("sun"), people("wang")
    li.call("delegation.set", to="sun", until=UNTIL)
    sun.call("delegation.set", to="wang", until=UNTIL)
    error = refuses("refused", wang, "delegation.set", to="li", until=UNTIL)
    assert error.message == "this would be a circle of stand-ins: wang → li → sun → wang"
    assert error.data["circle"] == ["wang", "li", "sun", "wang"]
    # Where the periods do not meet there is no circle.
    wang.call("delegation.set", to="li", until="2026-02-12T09:00:00+08:00", **{"from": UNTIL})
    refuses("invalid", li, "delegation.set", to="mei", until=UNTIL)
    refuses("invalid", li, "delegation.set", to="li", until=UNTIL)
    refuses("invalid", li, "delegation.set", to="zhao", until="2026-01-01T00:00:00Z")
    refuses("invalid", li, "delegation.set", to="zhao", until=UNTIL, scope={"workflows": ["isue"]})
    refuses("forbidden", wang, "delegation.set", to="zhao", person="sun", until=UNTIL)
    li.call("delegation.set", to="zhao", person="sun", until=UNTIL)


def test_delegation_lends_the_owners_events(people, refuses):
    case = Case(people, "change_request", "mei", summary="Add export", reason="Auditors")
    case.fire("mei", "submit")
    refuses("forbidden", people("sun"), "case.fire", case=case.key, event="accept")
    people("li").call("delegation.set", to="sun", until=UNTIL, scope={"projects": ["acme-erp"]})
    items = people("sun").call("inbox.list")["items"]
    assert [(one["case"], one["kind"], one["on_behalf"]) for one in items
            if one.get("on_behalf")] == [(case.key, "owner", "li")]
    assert people("sun").call("inbox.count")["count"] >= 1
    event = [one for one in people("sun").call("case.allowed", case=case.key)["events"]
             if one["event"] == "accept"][0]
    assert event["allowed"] and event["on_behalf"] == "li"
    done = people("sun").call("case.fire", case=case.key, event="accept", on_behalf="li")
    entry = [one for one in case.history() if one["seq"] == done["entry"]][0]
    assert (entry["actor"], entry["on_behalf"]) == ("sun", "li")


def test_delegation_survives_a_restart_and_verifies(people, server, deciding):
    people("li").call("delegation.set", to="sun", until=UNTIL)
    digest = stand_in(people, deciding, "sun")["li"]
    people("sun").call("approval.vote", case=deciding.key, choice="approve", digest=digest,
                       on_behalf="li")
    server.restart()
    with server.client("li") as li:
        assert li.call("audit.verify")["redacted"] == 0
        assert [one["to"] for one in li.call("delegation.list")["items"]] == ["sun"]


def told(person):
    texts = [one["text"] for one in person.call("inbox.messages")["items"]]
    return [text for text in texts if "stands in" in text]


def test_delegation_that_begins_and_ends_by_time_is_told_and_swept_once(people, server, deciding,
                                                                        advance):
    """Named ahead: the stand-in is asked from the first instant on and not after the last one."""
    li, sun = people("li"), people("sun")
    li.call("delegation.set", to="sun", until="2026-01-08T09:00:00+08:00",
            **{"from": "2026-01-07T09:00:00+08:00"})

    def asked():
        return [one["case"] for one in sun.call("inbox.list")["items"]
                if one.get("on_behalf") == "li"]
    assert (len(told(sun)), asked()) == (1, [])
    advance("47 hours 59 minutes")
    assert (len(told(sun)), asked()) == (1, [])
    advance("1 minute")
    assert deciding.key in asked()
    assert len([text for text in told(sun) if "from 2026-01-07 09:00" in text]) == 2
    server.restart()
    with server.client("li") as li, server.client("sun") as sun:
        li.call("clock.advance", by="24 hours")
        assert asked() == []
        for person in (li, sun):
            texts = told(person)
            assert len([text for text in texts if "no longer" in text]) == 1
            assert len([text for text in texts if " from 2026" in text]) == 2
        li.call("clock.advance", by="24 hours")
        assert len([text for text in told(li) if "no longer" in text]) == 1
    with open(os.path.join(server.site, "operator.token")) as file:
        operator = server.connect(file.read().strip())
    with operator:
        sweeps = [one for one in operator.call("admin.sweeps")["items"]
                  if one["argument"] == {"person": "li", "stand_in": "sun"}]
        assert [one["started"] for one in sweeps] == [
            "2026-01-05T09:00:00+08:00", "2026-01-07T09:00:00+08:00", "2026-01-08T09:00:00+08:00"]
        assert all(one["ended"] for one in sweeps)


def test_delegation_lends_editing_and_names_both(people, refuses):
    case = Case(people, "change_request", "li", summary="Add export", reason="Auditors")
    sun = people("sun")
    refuses("forbidden", sun, "case.edit", case=case.key, fields={"reason": "Mine"})
    refuses("forbidden", sun, "case.edit", case=case.key, fields={"reason": "Mine"},
            on_behalf="li")
    people("li").call("delegation.set", to="sun", until=UNTIL)
    [edit] = [one for one in sun.call("case.allowed", case=case.key)["also"]
              if one["do"] == "edit"]
    assert edit["on_behalf"] == "li" and "reason" in edit["fields"]
    refuses("forbidden", sun, "case.edit", case=case.key, fields={"reason": "Mine"})
    done = sun.call("case.edit", case=case.key, fields={"reason": "For li"}, on_behalf="li")
    entry = [one for one in case.history() if one["seq"] == done["entry"]][0]
    assert (entry["actor"], entry["on_behalf"]) == ("sun", "li")
    assert case.get("li")["fields"]["reason"] == "For li"


def test_delegation_and_other_sweeps_leave_owners_as_they_were_made(people, advance):
    """Assigned to somebody without the state's role, then given up the ladder: each stays."""
    li, wang = people("li"), people("wang")
    li.call("project.member.add", project="acme-erp", person="sun", role="support")
    case = Case(people, "issue", "mei", summary="Export fails")
    assert case.get()["owners"] == {"reported": "sun"}

    def sweep_all(person):
        """Whatever begins a sweep over open cases, each begun and undone by or for the person."""
        given = people(person).call("delegation.set", to="zhao", until=UNTIL)
        people(person).call("delegation.end", id=given["id"])
        for role in ("engineer", "tester"):
            for who in ("chen", person):
                li.call("project.member.add", project="acme-erp", person=who, role=role)
                li.call("project.member.remove", project="acme-erp", person=who, role=role)
        people(person).call("delegation.set", to="zhao", until="2026-01-05T10:00:00+08:00")
        advance("61 minutes")
    li.call("case.assign", case=case.key, to="wang")
    sweep_all("wang")
    assert case.get()["owners"] == {"reported": "wang"}
    while case.get()["owners"] == {"reported": "wang"} and len(case.rungs()) < 10:
        advance("4 hours")
    assert case.get()["owners"] == {"reported": "li"}
    wang.call("delegation.set", to="sun", until="2026-03-01T09:00:00+08:00")
    li.call("delegation.set", to="sun", until="2026-03-01T09:00:00+08:00")
    li.call("delegation.end", id=li.call("delegation.list")["items"][0]["id"])
    li.call("project.member.remove", project="acme-erp", person="sun", role="support")
    li.call("project.member.add", project="acme-erp", person="sun", role="support")
    assert case.get()["owners"] == {"reported": "li"}
    li.call("case.assign", case=case.key, to="sun")
    li.call("project.member.remove", project="acme-erp", person="sun", role="support")
    assert case.get()["owners"]["reported"] != "sun", "the very role the state is owned by"
