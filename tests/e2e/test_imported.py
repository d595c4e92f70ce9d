# SPDX-License-Identifier: Apache-2.0
"""Cases that come from another tool: what they were there stays apart from what happens here, one
source and key give one case, and the history proves it."""
import os
import subprocess

from commands import rows, run, site  # noqa: F401

FIELDS = {"summary": "Export fails", "details": "Since Monday"}
THERE = {"source": "jira", "key": "ACME-12", "url": "https://jira.example/browse/ACME-12",
         "at": "2025-03-04T10:15:00+08:00", "by": "Jane Doe"}


def moved(connection, key="ACME-12", fields=FIELDS, **more):
    return connection.call("case.open", workflow="issue", project="acme-erp", fields=fields,
                           imported={**THERE, "key": key, **more})


def items(connection, case):
    return list(reversed(connection.call("case.history", case=case)["items"]))


def test_import_puts_a_case_where_it_stood_and_tells_nobody(people, server):
    li = people("li")
    done = moved(li, state="working", owner="sun", opener="mei", priority="high")
    assert done["states"] == ["working"]
    seen = li.call("case.get", case=done["case"])
    assert seen["imported"] == {**THERE, "n": 0}
    assert (seen["opener"], seen["owners"], seen["priority"]) == ("mei", {"working": "sun"}, "high")
    assert seen["opened_at"].startswith("2026-01-05T09:00:00"), "here it began with the import"
    assert seen["deadlines"], "its clocks run from now on"
    for who in ("sun", "li", "mei"):
        assert people(who).call("inbox.messages")["items"] == []
    assert [i["case"] for i in people("sun").call("inbox.list")["items"]] == [done["case"]]
    with open(os.path.join(server.site, "admin.token"), encoding="ascii") as token:
        admin = server.connect(token.read().strip())
    offered = moved(li, "NOBODY'S", state="working")["case"]
    assert "offer" in li.call("case.get", case=offered)["owners"]["working"], "nobody is support: the leads are"
    assert offered in [i["case"] for i in admin.call("inbox.list")["items"]]
    assert admin.call("inbox.messages")["items"] == []
    admin.close()


def test_import_without_a_state_starts_as_every_case_does(people):
    done = moved(people("li"))
    assert done["states"] == ["reported"]


def test_imported_history_keeps_its_authors_and_times_and_is_no_event_of_here(people):
    li, mei = people("li"), people("mei")
    case = moved(li, state="settled")["case"]
    before = li.call("case.get", case=case)
    assert before["outcome"] == "solved"
    li.call("case.comment", case=case, text="Cannot reproduce",
            imported={"n": 1, "at": "2025-03-04T11:00:00+08:00", "by": "Tom"})
    li.call("case.comment", case=case, shared=True, imported={
        "n": 2, "at": "2025-03-05T09:00:00+08:00", "by": "Jane Doe", "field": "status",
        "from": "To Do", "to": "Done"})
    first, told, changed = items(li, case)
    assert first["kind"] == "open" and first["imported"] == {**THERE, "n": 0}
    assert told["actor"] == "li" and told["comment"] == "Cannot reproduce"
    assert told["imported"] == {"source": "jira", "n": 1, "by": "Tom", "at": "2025-03-04T11:00:00+08:00"}
    assert changed["imported"]["to"] == "Done" and changed["kind"] == "comment"
    assert changed["states"] == ["settled"] and "entered" not in changed
    assert li.call("case.get", case=case)["rev"] == before["rev"]
    seen = items(mei, case)
    assert [e.get("imported", {}).get("n") for e in seen] == [0, 2], "what was internal there stays inside"


def test_one_source_and_key_give_one_case(people, refuses):
    li = people("li")
    case = moved(li)["case"]
    li.call("case.comment", case=case, text="x", imported={"n": 1})
    error = refuses("conflict", li, "case.open", workflow="issue", project="acme-erp", fields=FIELDS,
                    imported=THERE)
    assert error.data["imported"] == {"case": case, "n": 1} and case in error.message
    refuses("conflict", li, "case.open", workflow="issue", project="acme-erp", fields=FIELDS,
            imported=THERE, dry_run=True)
    assert moved(li, "ACME-13")["case"] != case
    assert moved(li, source="trello")["case"] != case
    for _ in range(3):
        li.send("case.open", {"workflow": "issue", "project": "acme-erp", "fields": FIELDS,
                              "imported": {**THERE, "key": "TWICE"}})
    twice = [li.receive() for _ in range(3)]
    assert [("result" in one) for one in twice] == [True, False, False], "also within one batch of the server"
    found = li.call("case.list", imported="jira:ACME-12")["items"]
    assert [i["case"] for i in found] == [case] and found[0]["imported"] == "jira:ACME-12"
    assert li.call("case.list", imported="jira:ACME-1")["items"] == []
    assert [i["case"] for i in li.call("case.list", text="ACME-13")["items"]] != []


def test_imported_history_is_numbered_without_gaps(people, refuses):
    li = people("li")
    case = moved(li)["case"]
    error = refuses("conflict", li, "case.comment", case=case, text="x", imported={"n": 2})
    assert error.data["n"] == 0
    li.call("case.comment", case=case, text="x", imported={"n": 1})
    assert refuses("conflict", li, "case.comment", case=case, text="x", imported={"n": 1}).data["n"] == 1
    own = li.call("case.open", workflow="issue", project="acme-erp", fields=FIELDS)["case"]
    refuses("invalid", li, "case.comment", case=own, text="x", imported={"n": 1})


def test_importing_is_for_leads_and_every_member_is_checked(people, refuses):
    li = people("li")
    where = {"workflow": "issue", "project": "acme-erp", "fields": FIELDS}
    for who in ("sun", "mei"):
        refuses("forbidden", people(who), "case.open", imported=THERE, **where)
    for wrong, pointer in (({"key": None}, "key"), ({"source": "Jira Cloud"}, "source"),
                           ({"at": "4 March"}, "at"), ({"state": 4}, "state"), ({"state": "nowhere"}, "state"),
                           ({"state": []}, "state"), ({"opener": "nobody"}, "opener"), ({"owner": "x"}, "owner"),
                           ({"priority": "top"}, "priority"), ({"by": "a\nb"}, "by"), ({"key": "x" * 201}, "key"),
                           ({"when": "now"}, "when")):
        error = refuses("invalid", li, "case.open", imported={**THERE, **wrong}, **where)
        assert error.data["pointer"] == f"/imported/{pointer}", (wrong, error.data)
    refuses("needs_fields", li, "case.open", workflow="issue", project="acme-erp",
            imported={**THERE, "state": "working"})
    assert moved(li, fields={}, state="declined")["outcome"] == "declined", "of what is over nothing is needed"
    assert li.call("case.list")["items"] and len(li.call("case.list")["items"]) == 1
    case = moved(li, "OTHER")["case"]
    refuses("forbidden", people("sun"), "case.comment", case=case, text="x", imported={"n": 1})
    for wrong in ({}, {"n": 0}, {"n": "1"}, {"n": 1, "source": "jira"}):
        refuses("invalid", li, "case.comment", case=case, text="x", imported=wrong)
    refuses("invalid", li, "case.comment", case=case, imported={"n": 1})


def test_what_was_imported_is_proved_like_everything(binary, server, people):
    li = people("li")
    case = moved(li, state="working")["case"]
    li.call("case.comment", case=case, text="x", imported={"n": 1, "by": "Tom"})
    li.call("case.fire", case=case, event="solve", data={"answer": "done"})
    assert server.stop() == 0
    done = subprocess.run([binary, "verify", server.site], text=True, capture_output=True,
                          env=dict(os.environ, LANG="C.UTF-8"), timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_minutes_say_what_was_imported_in_both_languages(site, people):
    li = people("li")
    case = moved(li, state="working")["case"]
    li.call("case.comment", case=case, text="Cannot reproduce", shared=True,
            imported={"n": 1, "at": "2025-03-04T11:00:00+08:00", "by": "Tom"})
    li.call("case.comment", case=case, imported={"n": 2, "by": "Jane Doe", "field": "status",
                                                 "from": "To Do", "to": "In Progress"})
    said = site("li", "case", "history", case).stdout
    assert "imported from jira" in said and "ACME-12" in said and "Jane Doe" in said
    assert "Tom" in said and "2025-03-04 11:00" in said and "Cannot reproduce" in said
    assert "status: To Do → In Progress" in said
    said = site("li", "case", "history", case, "--lang", "zh").stdout
    assert "从 jira 导入" in said
    assert "jira ACME-12" in site("li", "case", "show", case).stdout


def test_reports_count_what_happened_here(people):
    """What had ended elsewhere has no time here, and what was said there was not said here."""
    li = people("li")
    before = li.call("report.get", report="throughput", **{"from": "2026-01-01", "to": "2026-02-01"})
    moved(li, "ENDED", state="settled")
    moved(li, "OPEN", state="working")
    after = li.call("report.get", report="throughput", **{"from": "2026-01-01", "to": "2026-02-01"})

    def figures(report):
        return {f["name"]: f["value"] for s in report["sections"] for f in s["figures"]}
    one, two = figures(before), figures(after)
    assert two["opened"] - (one["opened"] or 0) == 1 and two["ended"] == one["ended"]
