# SPDX-License-Identifier: Apache-2.0
"""What goes wrong in a team's rules while they run is told with its place and what would be right,
and undoes the whole event."""
import os

import pytest

TEAM = 'return team "demo" { title = "Demo", timezone = "UTC", use "visit" }\n'
WORKFLOW = """return workflow "visit" {
  key = "VI", roles = { "pm", "boss", helper = "opener" }, start = "planned",
  fields = { amount = number {}, note = text {} },
  state "planned" {
    edit = { pm = "all" },
    on "act" { by = "helper", run = function(c, e)
      local fields = c.fields
      %(run)s
    end },
    on "ask" { by = "helper", when = function(c, e)
      local fields = c.fields
      return %(guard)s
    end, to = "done" },
    on "end" { by = "pm", to = "done" },
  },
  final "done",
}
"""
RUN_LINE, GUARD_LINE = 8, 12


@pytest.fixture
def rules(make_server, folder):
    """rules(run=..., guard=...): a connection of somebody who opened VI-1 under them."""
    made = []

    def make(run="c:set(\"note\", \"x\")", guard="true"):
        def prepare(server):
            team = os.path.join(server.site, "teams", "demo")
            os.makedirs(os.path.join(team, "workflows"), exist_ok=True)
            for name, text in (("team.lua", TEAM), ("workflows/visit.lua", WORKFLOW % {
                    "run": run, "guard": guard})):
                with open(os.path.join(team, name), "w", encoding="utf-8") as file:
                    file.write(text)
        server = make_server(os.path.join(folder, "site"), prepare=prepare)
        connection = server.client("admin")
        made.append(connection)
        assert connection.call("case.open", workflow="visit", fields={})["case"] == "VI-1"
        return connection
    yield make
    for connection in made:
        connection.close()


def fails(connection, refuses, event, line):
    before = connection.call("case.get", case="VI-1")
    error = refuses("rule_error", connection, "case.fire", case="VI-1", event=event)
    assert "visit.lua:%d: " % line in error.message, error.message
    assert connection.call("case.get", case="VI-1") == before, "nothing of it happened"
    return error.message


@pytest.mark.parametrize("say", ['c:notify("bos", "hello")', 'c:remind({ "pm", "bos" })',
                                 'c:assign("bos")', 'local who = "b" .. "os"; c:notify(who)',
                                 'c:notify(person "bos")'])
def test_telling_somebody_who_was_never_there_is_an_error_of_the_rule(rules, refuses, say):
    said = fails(rules(run=say), refuses, "act", RUN_LINE)
    assert 'neither a role nor a person "bos" (did you mean "boss"?)' in said


def test_people_are_named_by_role_alias_and_key(rules):
    connection = rules(run='c:notify({ "pm", "helper", "admin", c.opener, person "admin" })')
    assert connection.call("case.fire", case="VI-1", event="act")["states"] == ["planned"]


def test_somebody_who_has_left_is_told_nothing(rules):
    connection = rules(run='c:notify({ "kim" })')
    connection.call("person.create", person="kim", title="Kim")
    connection.call("person.update", person="kim", active=False)
    assert connection.call("case.fire", case="VI-1", event="act")["states"] == ["planned"]


@pytest.mark.parametrize("guard, named", [
    ("fields.amount > 3", True), ("3 <= c.fields.amount", True),
    ("fields.amount < c.fields.amount", True), ('c.fields["amount"] >= 3', True),
    # what may have been read elsewhere is not named
    ("(fields.note and 3 or fields.amount) > 3", False)])
def test_comparing_an_empty_field_names_it(rules, refuses, guard, named):
    said = fails(rules(guard=guard), refuses, "ask", GUARD_LINE)
    assert "attempt to compare" in said
    assert ('"amount" is empty here' in said) is named, said


def test_comparing_an_empty_local_names_the_field_it_was_read_from(rules, refuses):
    said = fails(rules(run='local a = fields.amount; for i = 1, 2 do if a > i then c:emit("end") end end'),
                 refuses, "act", RUN_LINE)
    assert '"amount" is empty here' in said
