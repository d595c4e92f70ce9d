# SPDX-License-Identifier: Apache-2.0
"""Changed scripts are taken without dropping a connection; a broken one leaves the old in force;
running cases keep the version they were opened with."""
import os
import signal
import time

import pytest
import signoff

TEAM = 'return team "demo" { title = "Demo", timezone = "UTC", use "visit" }\n'

VISIT = """return workflow "visit" {
  key = "VI", version = %(version)d, title = "%(title)s",
  roles = { "pm" },
  start = "planned",
  state "planned" {
    on "visit" { by = "pm", when = function(c, e) return %(guard)s end, to = "%(to)s" },
    on "refuse" { by = "pm", to = "%(to)s" },
  },
  state "reported" { on "file" { by = "pm", to = "done" } },
  final "done",
}
"""

LINE_OF_GUARD = 6


def write(server, name, text):
    folder = os.path.join(server.site, "teams", "demo")
    os.makedirs(os.path.join(folder, "workflows"), exist_ok=True)
    path = os.path.join(folder, name)
    with open(path + ".new", "w", encoding="utf-8") as f:
        f.write(text)
    os.replace(path + ".new", path)


def visit(server, version=1, to="done", title="Visit", guard="true"):
    write(server, "workflows/visit.lua",
          VISIT % {"version": version, "to": to, "title": title, "guard": guard})


def prepare(server):
    write(server, "team.lua", TEAM)
    visit(server)


@pytest.fixture
def admin(make_server, folder):
    server = make_server(os.path.join(folder, "site"), prepare=prepare)
    with server.client("admin") as connection:
        connection.server = server
        yield connection


def open_visit(connection):
    key = connection.call("case.open", workflow="visit", fields={})["case"]
    return key, connection.call("case.get", case=key)["version"]


def version_in_force(connection):
    return connection.call("workflow.get", workflow="visit")["version"]


def test_changed_script_is_for_new_cases_and_running_ones_keep_theirs(admin):
    old, version = open_visit(admin)
    assert version == 1
    visit(admin.server, version=2, to="reported")
    assert open_visit(admin)[1] == 1, "nothing is read before it is asked for"
    admin.call("workflow.reload")
    new, version = open_visit(admin)
    assert version == 2
    assert admin.call("case.fire", case=old, event="visit")["states"] == ["done"]
    assert admin.call("case.fire", case=new, event="visit")["states"] == ["reported"]


def test_version_before_is_shown_as_it_was(admin, refuses):
    def leads(**more):
        shown = admin.call("workflow.get", workflow="visit", **more)
        return shown["version"], [to for state in shown["model"]["states"]
                                  for way in state.get("transitions", ()) if way.get("on") == ["visit"] for to in way["to"]]
    open_visit(admin)
    visit(admin.server, version=2, to="reported")
    admin.call("workflow.reload")
    assert leads() == (2, ["reported"])
    assert leads(version=1) == (1, ["done"])
    open_visit(admin)
    versions = admin.call("workflow.get", workflow="visit", versions=True)["versions"]
    assert [one["version"] for one in versions] == [2, 1]
    refuses("not_found", admin, "workflow.get", workflow="visit", version=3)


def test_running_cases_keep_their_version_over_a_restart(admin):
    old, _ = open_visit(admin)
    visit(admin.server, version=2, to="reported")
    admin.server.kill()
    admin.server.start()
    with admin.server.client("admin") as again:
        assert open_visit(again)[1] == 2
        # Its guard is a function: the stored source must be there, not only the model.
        assert again.call("case.fire", case=old, event="visit")["states"] == ["done"]


def test_sighup_reloads_and_drops_nobody(admin):
    with admin.server.client("admin") as watching:
        visit(admin.server, version=2, to="reported")
        admin.server.process.send_signal(signal.SIGHUP)
        give_up = time.monotonic() + 30
        while version_in_force(admin) != 2:
            assert time.monotonic() < give_up, "SIGHUP was not followed by the new version"
        watching.call("server.ping")


BROKEN = {
    "not Lua": ("return workflow \"visit\" {\n  key = = 1,\n}\n", 2),
    "unknown word": (VISIT.replace("on \"file\"", "onn \"file\"")
                     % {"version": 2, "to": "done", "title": "V", "guard": "true"}, 9),
    "missing target": (VISIT % {"version": 2, "to": "nowhere", "title": "V", "guard": "true"},
                       LINE_OF_GUARD),
}


def mistakes_of(connection):
    """What a reload of broken scripts says, whichever way: all its words as one text."""
    with pytest.raises(signoff.RpcError) as caught:
        connection.call("workflow.reload")
    return caught.value.message + str(caught.value.data)


@pytest.mark.parametrize("name", BROKEN)
def test_broken_script_leaves_the_old_one_in_force_and_says_why(admin, name):
    old, _ = open_visit(admin)
    text, line = BROKEN[name]
    write(admin.server, "workflows/visit.lua", text)
    said = mistakes_of(admin)
    assert "visit.lua" in said and str(line) in said, said
    assert version_in_force(admin) == 1
    key, version = open_visit(admin)
    assert version == 1
    for case in (old, key):
        assert admin.call("case.fire", case=case, event="visit")["states"] == ["done"]


def test_broken_script_by_sighup_is_logged_and_the_server_goes_on(admin):
    write(admin.server, "workflows/visit.lua", BROKEN["not Lua"][0])
    admin.server.process.send_signal(signal.SIGHUP)
    give_up = time.monotonic() + 30
    while "visit.lua" not in admin.server.log():
        assert time.monotonic() < give_up, "the log does not say what is wrong"
        admin.call("server.ping")
    assert open_visit(admin)[1] == 1


def test_server_starts_with_a_broken_script(admin):
    """A mistake in one script keeps the server neither from the rest nor from the old rules."""
    open_visit(admin)
    write(admin.server, "workflows/visit.lua", BROKEN["missing target"][0])
    admin.server.restart()
    assert "visit.lua" in admin.server.log()
    with admin.server.client("admin") as again:
        assert again.call("case.list")["items"]
        assert version_in_force(again) == 1
        assert open_visit(again)[1] == 1
        visit(admin.server)
        again.call("workflow.reload")
        assert open_visit(again)[1] == 1


def test_used_version_number_is_not_used_for_something_else(admin):
    open_visit(admin)
    visit(admin.server, version=1, to="reported")
    said = mistakes_of(admin)
    assert "2" in said, "the next free number is named"
    assert version_in_force(admin) == 1
    key, _ = open_visit(admin)
    assert admin.call("case.fire", case=key, event="visit")["states"] == ["done"]


def test_other_titles_are_the_same_version(admin):
    open_visit(admin)
    visit(admin.server, title="A visit to the client")
    admin.call("workflow.reload")
    assert open_visit(admin)[1] == 1
    assert "A visit to the client" in str(admin.call("workflow.get", workflow="visit"))


def test_failing_function_undoes_the_event_and_names_its_line(admin, refuses):
    visit(admin.server, version=3, guard="c.fields.nothing == 1")
    admin.call("workflow.reload")
    key, _ = open_visit(admin)
    error = refuses("rule_error", admin, "case.fire", case=key, event="visit")
    assert "visit.lua:%d" % LINE_OF_GUARD in error.message
    assert admin.call("case.get", case=key)["states"] == ["planned"]


def test_endless_function_is_stopped(admin, refuses):
    visit(admin.server, version=3, guard="(function() while true do end end)()")
    admin.call("workflow.reload")
    key, _ = open_visit(admin)
    refuses("rule_overrun", admin, "case.fire", case=key, event="visit")
    admin.call("server.ping")
    assert admin.call("case.fire", case=key, event="refuse")["states"] == ["done"]
