# SPDX-License-Identifier: Apache-2.0
"""What a client's person is told so that a portal can be made of it: their projects, what they may
open and with which fields; and nothing of it is the team's own."""
import pytest
from signoff import RpcError

ALL_WORKFLOWS = True


def test_projects_of_ones_own_are_told_to_everybody(server, people):
    li = people("li")
    li.call("client.create", client="other", title="Other")
    li.call("project.create", project="other-1", client="other", title="Not for Acme")
    li.call("project.member.add", project="other-1", person="li", role="pm")
    mine = people("mei").call("project.mine")["items"]
    assert [(p["project"], p["title"], p["client"], p["roles"]) for p in mine] == \
        [("acme-erp", "ERP for Acme", "acme", ["client"])]
    assert sorted((p["project"], p["roles"]) for p in li.call("project.mine")["items"]) == \
        [("acme-erp", ["pm"]), ("other-1", ["pm"])]
    li.call("project.member.remove", project="other-1", person="li", role="pm")
    assert [p["project"] for p in li.call("project.mine")["items"]] == ["acme-erp"]
    page = li.call("project.mine", limit=1)
    assert page["cursor"] is None


def test_an_opening_tried_out_tells_which_fields_may_be_given(server, people, refuses):
    mei, li = people("mei"), people("li")
    tried = mei.call("case.open", workflow="change_request", project="acme-erp", dry_run=True)
    assert tried["case"] is None and tried["takes"] == ["summary", "reason", "class", "category"]
    given = mei.call("case.open", workflow="change_request", project="acme-erp",
                     fields={"summary": "Export", "category": "scope"})
    assert "takes" not in given
    # What is told is what is taken: every other field is refused, and none of these.
    fields = {f["name"] for f in mei.call("workflow.get", workflow="change_request")["model"]["fields"]}
    for name in sorted(fields):
        value = {"class": "normal", "category": "scope", "touches": ["baseline"], "cost": "1.00", "days": 1}
        params = {"workflow": "change_request", "project": "acme-erp", "dry_run": True,
                  "fields": {name: value.get(name, "x")}}
        if name in tried["takes"]:
            mei.call("case.open", **params)
        else:
            with pytest.raises(RpcError):
                mei.call("case.open", **params)
    refuses("forbidden", mei, "case.open", workflow="acceptance", project="acme-erp", dry_run=True)
    with pytest.raises(RpcError) as lacks:  # no reason against a form that asks for it
        li.call("case.open", workflow="training", project="acme-erp", dry_run=True)
    assert lacks.value.code == "needs_fields" and "summary" in lacks.value.data["takes"]
    assert li.call("case.open", workflow="acceptance", project="acme-erp", dry_run=True)["takes"]


def test_a_client_is_told_of_a_workflow_the_shared_fields_alone(server, people):
    theirs = people("mei").call("workflow.get", workflow="change_request")["model"]
    whole = people("li").call("workflow.get", workflow="change_request")["model"]
    assert list(theirs) == ["fields"] and "states" in whole
    hidden = {f["name"] for f in whole["fields"]} - {f["name"] for f in theirs["fields"]}
    assert hidden, "the change request has internal fields"
    shown = people("mei").call("case.open", workflow="change_request", project="acme-erp",
                               fields={"summary": "Export"})["case"]
    titles = people("mei").call("case.get", case=shown)["field_titles"]
    assert {f["name"] for f in theirs["fields"]} == set(titles)
    assert all(not set(f) - {"name", "type", "title", "help", "choices", "titles", "min", "max", "currency",
                             "places", "required"} for f in theirs["fields"])
