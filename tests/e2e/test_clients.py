# SPDX-License-Identifier: Apache-2.0
"""A client's person sees what is shared with them and nothing else; what is not theirs is not
there: not_found, on every way."""
import json
import os

import pytest
import signoff

TEAM = """return team "demo" {
  title = "Demo", timezone = "UTC", use "seen_by_opener", use "seen_by_client", use "seen_by_team",
}
"""

WORKFLOW = """return workflow "%(name)s" {
  key = "%(key)s", title = "%(name)s", %(client)s
  roles = { "pm", "client" },
  fields   = { summary = text { required = true, indexed = true } },
  internal = { margin = text { indexed = true } },
  start = "asked",
  state "asked" {
    edit = { pm = "all", client = { "summary" } },
    on "answer" { by = "pm", takes = { "margin" }, to = "answered" },
    on "agree"  { by = { "client", "pm" }, to = "done" },
  },
  state "answered" {
    client_title = "With us",
    on "agree"  { by = { "client", "pm" }, to = "done" },
  },
  final "done",
}
"""

SECRET = "fortytwo-percent"


def prepare(server):
    folder = os.path.join(server.site, "teams", "demo")
    os.makedirs(os.path.join(folder, "workflows"), exist_ok=True)
    for name, key, client in (("seen_by_opener", "SO", 'client = "own",'),
                              ("seen_by_client", "SC", 'client = "project",'),
                              ("seen_by_team", "ST", "")):
        with open(os.path.join(folder, "workflows", name + ".lua"), "w", encoding="utf-8") as f:
            f.write(WORKFLOW % {"name": name, "key": key, "client": client})
    with open(os.path.join(folder, "team.lua"), "w", encoding="utf-8") as f:
        f.write(TEAM)


class Desk:
    """Two clients with a project each; ann and bob are of acme, eve is of globex."""

    def __init__(self, server):
        self.server = server
        self.admin = server.client("admin")
        self.open = []
        for client in ("acme", "globex"):
            self.admin.call("client.create", client=client, title=client.capitalize())
            self.admin.call("project.create", project=client + "-erp", title="ERP", client=client)
            self.admin.call("project.member.add", project=client + "-erp", person="admin",
                            role="pm")
        for person, client in (("ann", "acme"), ("bob", "acme"), ("eve", "globex")):
            self.admin.call("person.create", person=person, title=person.capitalize(), client=client)
            self.admin.call("project.member.add", project=client + "-erp", person=person,
                            role="client")
            token = self.admin.call("token.create", person=person, name="test")["token"]
            connection = server.connect(token)
            self.open.append(connection)
            setattr(self, person, connection)

    def case(self, workflow, project="acme-erp", by=None, **fields):
        fields = dict({"summary": "Add export"}, **fields)
        by = by or self.admin
        return by.call("case.open", workflow=workflow, project=project, fields=fields)["case"]

    def close(self):
        for connection in self.open + [self.admin]:
            connection.close()


@pytest.fixture
def desk(make_server, folder):
    made = Desk(make_server(os.path.join(folder, "site"), prepare=prepare))
    yield made
    made.close()


def listed(connection, **params):
    return [item["case"] for item in connection.call("case.list", **params)["items"]]


WAYS = [("case.get", {}), ("case.history", {}), ("case.allowed", {}), ("case.explain", {}),
        ("case.fire", {"event": "agree"}), ("case.fire", {"event": "nothing"}),
        ("case.comment", {"text": "hello"}), ("case.edit", {"fields": {"summary": "x"}})]


def is_not_there(connection, case, refuses):
    """Every way says the same as for a case that does not exist."""
    for method, params in WAYS:
        here = refuses("not_found", connection, method, case=case, **params)
        nowhere = refuses("not_found", connection, method, case=case[:3] + "999", **params)
        assert here.message.replace(case, "?") == nowhere.message.replace(case[:3] + "999", "?")
        assert here.data == nowhere.data
    assert case not in listed(connection)


def test_project_cases_are_seen_by_the_client_of_the_project(desk, refuses):
    case = desk.case("seen_by_client")
    for person in (desk.ann, desk.bob):
        assert listed(person) == [case]
        assert person.call("case.get", case=case)["states"] == ["asked"]
    is_not_there(desk.eve, case, refuses)


def test_own_cases_are_seen_by_their_opener_only(desk, refuses):
    case = desk.case("seen_by_opener", by=desk.ann)
    assert listed(desk.ann) == [case]
    is_not_there(desk.bob, case, refuses)
    is_not_there(desk.eve, case, refuses)


def test_internal_cases_are_seen_by_no_client(desk, refuses):
    case = desk.case("seen_by_team")
    for person in (desk.ann, desk.bob, desk.eve):
        is_not_there(person, case, refuses)


def test_client_cannot_open_elsewhere(desk):
    for workflow, project in (("seen_by_client", "globex-erp"), ("seen_by_team", "acme-erp")):
        with pytest.raises(signoff.RpcError) as caught:
            desk.case(workflow, project, by=desk.ann)
        assert caught.value.code in ("not_found", "forbidden")
    assert listed(desk.admin) == []


def test_internal_fields_and_comments_leave_on_no_way(desk):
    case = desk.case("seen_by_client", margin=SECRET)
    desk.admin.call("case.comment", case=case, text="internal: " + SECRET)
    desk.admin.call("case.comment", case=case, text="for the client", shared=True)
    desk.admin.call("case.fire", case=case, event="answer", data={"margin": SECRET},
                    comment="margin " + SECRET)
    assert SECRET in json.dumps(desk.admin.call("case.get", case=case))
    seen = [desk.ann.call(method, case=case)
            for method in ("case.get", "case.history", "case.allowed")]
    seen += [desk.ann.call(method) for method in ("case.list", "inbox.list", "workflow.list")]
    seen.append(desk.ann.call("case.fire", case=case, event="agree"))
    text = json.dumps(seen)
    assert SECRET not in text and "margin" not in text
    assert "for the client" in text


def test_client_cannot_find_out_by_filtering(desk):
    desk.case("seen_by_client", margin=SECRET)
    for params in ({"text": SECRET}, {"fields": {"margin": SECRET}}, {"owner": "admin"}):
        try:
            assert listed(desk.ann, **params) == []
        except signoff.RpcError as error:
            assert error.code in ("forbidden", "invalid")
            assert SECRET not in error.message


def test_client_cannot_fire_what_is_the_teams(desk, refuses):
    case = desk.case("seen_by_client")
    refuses("forbidden", desk.ann, "case.fire", case=case, event="answer")
    assert desk.admin.call("case.get", case=case)["states"] == ["asked"]
    events = {item["event"]: item for item in
              desk.ann.call("case.allowed", case=case)["events"] if "event" in item}
    assert events["agree"]["allowed"] is True
    assert events.get("answer", {"allowed": False})["allowed"] is False


def test_clients_comment_is_shared(desk):
    case = desk.case("seen_by_client")
    desk.ann.call("case.comment", case=case, text="what about this?")
    assert "what about this?" in json.dumps(desk.bob.call("case.history", case=case))


def test_watching_client_is_told_of_shared_entries_only(desk):
    desk.ann.call("watch.start")
    hidden = desk.case("seen_by_team")
    foreign = desk.case("seen_by_client", project="globex-erp")
    shown = desk.case("seen_by_client", margin=SECRET)
    desk.admin.call("case.comment", case=shown, text=SECRET)
    desk.admin.call("case.comment", case=shown, text="the end", shared=True)
    told = []
    while "the end" not in json.dumps(told):
        told.append(desk.ann.notification())
    text = json.dumps(told)
    assert SECRET not in text and hidden not in text and foreign not in text


def test_client_manages_nothing(desk):
    for method, params in (("person.create", {"person": "mal", "title": "Mal"}),
                           ("token.create", {"person": "admin", "name": "x"}),
                           ("workflow.reload", {}), ("audit.verify", {}),
                           ("project.member.add", {"project": "acme-erp", "person": "ann",
                                                   "role": "pm"}),
                           ("clock.advance", {"by": "1 hour"})):
        with pytest.raises(signoff.RpcError) as caught:
            desk.ann.call(method, **params)
        assert caught.value.code in ("forbidden", "not_found"), method


def test_client_sees_no_other_clients_people_and_projects(desk):
    seen = []
    for method in ("project.list", "client.list", "person.list", "group.list", "token.list",
                   "session.whoami", "server.info"):
        try:
            seen.append(desk.ann.call(method))
        except signoff.RpcError as error:
            assert error.code == "forbidden", method
    text = json.dumps(seen)
    assert "globex" not in text and "eve" not in text


def test_client_loses_sight_with_the_membership(desk, refuses):
    case = desk.case("seen_by_client")
    assert listed(desk.ann) == [case]
    desk.admin.call("project.member.remove", project="acme-erp", person="ann", role="client")
    is_not_there(desk.ann, case, refuses)


def test_revoked_token_is_refused_at_once(desk):
    tokens = desk.admin.call("token.list", person="ann")["items"]
    desk.admin.call("token.revoke", id=tokens[0]["id"])
    with pytest.raises((signoff.RpcError, ConnectionError)) as caught:
        desk.ann.call("case.list")
    if isinstance(caught.value, signoff.RpcError):
        assert caught.value.code == "unauthenticated"
