# SPDX-License-Identifier: Apache-2.0
"""signoff import --from ... --files: attachments that lie beside an export come with their bytes, time and author;
the others stay names and addresses. And when a case was due there is when it is due here."""
import base64
import hashlib
import json
import os
import subprocess

import pytest
from commands import rows, run, site  # noqa: F401
from test_import import ERP, counts, file, found, past, write

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 5
AT = "2025-03-05T11:00:00.000+0800"
HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLE = os.path.join(HERE, "..", "..", "examples", "import", "monday.csv")


def attachment(number, name, size, **more):
    return {"id": str(number), "filename": name, "size": size, "created": AT, "author": {"displayName": "Jane Doe"},
            "content": f"https://acme.example/attachment/{number}", **more}


def issue(key, attachments, **fields):
    return {"key": key, "fields": {"summary": key, "status": {"name": "In Progress"}, "attachment": attachments, **fields}}


def export(folder, *issues):
    return write(folder, "jira.json", json.dumps({"issues": list(issues)}))


def lay(folder, path, content):
    path = os.path.join(folder, "files", path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as to:
        to.write(content)


@pytest.fixture
def beside(folder):
    os.makedirs(os.path.join(folder, "files"))
    return ["--files", os.path.join(folder, "files")]


def attached(li, case):
    """What entries of the case brought: (name, bytes, by, at)."""
    seen = []
    for entry in reversed(li.call("case.history", case=case, limit=500)["items"]):
        for one in entry.get("files", []):
            got = li.call("file.get", file=one["id"])
            content = base64.b64decode(got["data"])
            assert hashlib.sha256(content).hexdigest() == got["sha256"] and got["case"] == case
            assert entry["kind"] == "attach" and entry["actor"] == "li", entry
            seen.append((got["name"], content, entry["imported"]["by"], entry["imported"]["at"]))
    return seen


def test_files_beside_an_export_are_put_in_at_their_cases(site, people, folder, beside):
    li, mei = people("li"), people("mei")
    path = export(folder, issue("ACME-1", [attachment(10, "screen.png", len(PNG)), attachment(11, "说明.txt", 4),
                                           attachment(12, "gone.pdf", 9)]),
                  issue("ACME-2", [attachment(20, "screen.png", 5), attachment(21, "empty", 0)]))
    lay(folder, "10/screen.png", PNG)
    lay(folder, "ACME-1/说明.txt", "好\n".encode())
    lay(folder, "ACME-2/20", b"other")
    lay(folder, "empty", b"")
    command = ["import", "--from", "jira", path, *ERP, *beside, "--json"]
    dry = rows(site("li", *command, "--dry-run"))[-1]
    assert dry["attachments"] == {"found": 4, "missing": 1}
    assert li.call("case.list")["items"] == []
    assert counts(site("li", *command)) == {"cases": (2, 0, 0), "history": (5, 0, 0)}
    one, two = found(li, "ACME-1")["case"], found(li, "ACME-2")["case"]
    there = ("Jane Doe", "2025-03-05T11:00:00+08:00")
    assert attached(li, one) == [("screen.png", PNG, *there), ("说明.txt", "好\n".encode(), *there)]
    assert attached(li, two) == [("screen.png", b"other", *there), ("empty", b"", *there)]
    assert [text for _, _, text in past(li, one)] == ["attachment:  > gone.pdf https://acme.example/attachment/12"]
    assert mei.call("inbox.messages")["items"] == [], "what was there before is no news"
    assert counts(site("li", *command)) == {"cases": (0, 0, 2), "history": (0, 0, 5)}
    assert len(attached(li, one)) == 2, "given again, nothing is doubled"
    said = site("li", "case", "history", one).stdout
    assert "screen.png" in said and "Jane Doe" in said and "imported from jira" in said


def test_without_the_folder_every_attachment_is_its_address(site, people, folder):
    path = export(folder, issue("ACME-1", [attachment(10, "screen.png", 5)]))
    done = site("li", "import", "--from", "jira", path, *ERP)
    assert "1 only named" in done.stdout and "--files" in done.stdout
    assert "--files" in site("li", "import", "--from", "jira", path, *ERP, "--lang", "zh").stdout
    case = found(people("li"), "ACME-1")["case"]
    assert [text for _, _, text in past(people("li"), case)] == ["attachment:  > screen.png https://acme.example/attachment/10"]


def test_what_is_wrong_with_an_attachment_is_told_before_anything_is_done(site, people, folder, beside):
    secret = write(folder, "secret.txt", "secret")
    lay(folder, "10/a.txt", b"12345")
    lay(folder, "twice.txt", b"12345")
    os.symlink(secret, os.path.join(folder, "files", "linked.txt"))
    os.symlink(folder, os.path.join(folder, "files", "ACME-6"))
    os.mkfifo(os.path.join(folder, "files", "pipe"))
    path = export(folder, issue("ACME-0", [attachment(10, "a.txt", 6)]), issue("ACME-1", [attachment(11, "../secret.txt", 6)]),
                  issue("ACME-2", [attachment(12, "..", 6)]), issue("ACME-3", [attachment(13, secret, 6)]),
                  issue("ACME-4", [attachment(14, "twice.txt", 5)]), issue("ACME-5", [attachment(15, "twice.txt", 5)]))
    done = site("li", "import", "--from", "jira", path, *ERP, *beside, code=1)
    told = [line[len(path) + 1:] for line in done.stderr.splitlines() if line.startswith(path)]
    places = {line.split(": ")[0]: line for line in told}
    assert set(places) == {"/issues/0", "/issues/1", "/issues/2", "/issues/3", "/issues/5"}, done.stderr
    assert "5 bytes" in places["/issues/0"] and "6" in places["/issues/0"]
    assert all("lead out" in places[f"/issues/{n}"] for n in (1, 2, 3)) and "twice.txt" in places["/issues/5"]
    assert people("li").call("case.list")["items"] == [] and "nothing was changed" in done.stderr
    # What is no file, or a link to somewhere, is not there. A key may lead nowhere either.
    path = export(folder, issue("ACME-6", [attachment(16, "linked.txt", 6), attachment(17, "secret.txt", 6),
                                           attachment(18, "pipe", 0)]), issue("..", [attachment("..", "secret.txt", 6)]))
    done = rows(site("li", "import", "--from", "jira", path, *ERP, *beside, "--json"))[-1]
    assert done["attachments"] == {"found": 0, "missing": 4}
    assert attached(people("li"), found(people("li"), "ACME-6")["case"]) == []


def test_a_file_larger_than_the_server_takes_is_told_in_the_dry_run(site, people, folder, beside):
    most = people("li").call("server.info")["limits"]["file_bytes"]
    path = export(folder, issue("ACME-1", [attachment(10, "large.bin", most + 1)]))
    with open(os.path.join(folder, "files", "large.bin"), "wb") as to:
        to.truncate(most + 1)
    said = site("li", "import", "--from", "jira", path, *ERP, *beside, "--dry-run", code=1).stderr
    assert str(most) in said and "/issues/0" in said


def test_the_folder_must_be_one_and_goes_with_from(site, folder):
    path = export(folder, issue("ACME-1", []))
    assert "nowhere" in site("li", "import", "--from", "jira", path, *ERP, "--files", folder + "/nowhere", code=1).stderr
    assert path in site("li", "import", "--from", "jira", path, *ERP, "--files", path, code=1).stderr
    assert "--files" in site("li", "import", "clients", "c.csv", "--files", folder, code=2).stderr


def test_cells_name_attachments_too(site, people, folder, beside):
    li = people("li")
    lay(folder, "J-1/a;b.txt", b"cell")
    path = write(folder, "j.csv", "Summary,Issue key,Status,Attachment,Attachment\n"
                 "A,J-1,Done,04/Mar/25 10:15 AM;jane;a;b.txt;https://acme.example/1/a,04/Mar/25 11:15 AM;tom;c.txt;https://acme.example/2/c\n")
    site("li", "import", "--from", "jira", path, *ERP, *beside)
    case = found(li, "J-1")["case"]
    assert attached(li, case) == [("a;b.txt", b"cell", "jane", "2025-03-04T18:15:00+08:00")]
    assert past(li, case) == [("tom", "2025-03-04T19:15:00+08:00", "attachment:  > c.txt https://acme.example/2/c")]
    trello = write(folder, "t.json", json.dumps({"lists": [], "actions": [], "cards": [
        {"id": "c1", "shortLink": "aa11", "name": "Card", "closed": False, "idList": "l", "attachments": [
            {"id": "5f1", "name": "plan.pdf", "fileName": "plan.pdf", "url": "https://trello.example/plan.pdf", "bytes": 4,
             "isUpload": True, "date": "2025-03-04T10:00:00.000Z"},
            {"id": "5f2", "name": "Wiki", "url": "https://wiki.example/a/../b", "isUpload": False, "date": "2025-03-05T10:00:00.000Z"}]}]}))
    lay(folder, "5f1", b"plan")
    site("li", "import", "--from", "trello", trello, *ERP, *beside)
    case = found(li, "aa11", "trello")["case"]
    assert [(name, content) for name, content, *_ in
            [(f["name"], base64.b64decode(li.call("file.get", file=f["id"])["data"])) for f in li.call("case.get", case=case)["files"]]
            ] == [("plan.pdf", b"plan")]
    assert [text for _, _, text in past(li, case)] == ["link:  > Wiki https://wiki.example/a/../b"]


def test_an_import_killed_among_its_files_is_given_again(binary, server, site, people, folder, beside):
    count = 60
    path = export(folder, *(issue(f"K-{i}", [attachment(i, f"{i}.txt", 200)]) for i in range(count)))
    for i in range(count):
        lay(folder, f"K-{i}/{i}.txt", b"%0200d" % i)
    li = server.client("li")
    under_way = subprocess.Popen([binary, "import", "--from", "jira", path, *ERP, *beside, "--site", server.site, "--as", "li"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while under_way.poll() is None and not li.call("case.list", imported="jira:K-30")["items"]:
        pass
    server.kill()
    li.close()
    under_way.wait()
    server.start()
    done = counts(site("li", "import", "--from", "jira", path, *ERP, *beside, "--json"))
    assert sum(done["cases"]) == count and sum(done["history"]) == count, done
    for i in (0, 1, 29, 30, 31, 59):
        assert [(name, content) for name, content, *_ in attached(people("li"), found(people("li"), f"K-{i}")["case"])] == [
            (f"{i}.txt", b"%0200d" % i)]


# ---- the protocol ----

def upload(connection, content, name="a.txt"):
    begun = connection.call("file.begin", name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
    connection.call("file.put", upload=begun["upload"], offset=0, data=base64.b64encode(content).decode())
    return connection.call("file.end", upload=begun["upload"])["file"]


def test_an_imported_file_is_one_entry_of_the_former_history(people, refuses):
    li, mei = people("li"), people("mei")
    case = li.call("case.open", workflow="issue", project="acme-erp", fields={"summary": "x"},
                   imported={"source": "jira", "key": "A-1", "state": "working"})["case"]
    one = upload(li, b"one")
    there = {"by": "Tom", "at": "2025-03-04T11:00:00+08:00"}
    for wrong, pointer in (({"n": 2}, "/imported/n"), ({}, "/imported/n"), ({"n": 1, "source": "x"}, "/imported/source")):
        code = "conflict" if wrong == {"n": 2} else "invalid"
        assert refuses(code, li, "case.attach", case=case, file=one, imported=wrong).data["pointer"] == pointer
    assert refuses("invalid", li, "case.attach", case=case, file=one, field="details",
                   imported={"n": 1}).data["pointer"] == "/field"
    refuses("forbidden", mei, "case.attach", case=case, file=upload(mei, b"mine"), imported={"n": 1})
    assert li.call("case.get", case=case)["files"] == [], "a refusal changes nothing"
    li.call("case.attach", case=case, file=one, imported={"n": 1, **there}, shared=True)
    refuses("conflict", li, "case.attach", case=case, file=upload(li, b"two"), imported={"n": 1})
    li.call("case.comment", case=case, text="x", imported={"n": 2})
    assert li.call("case.get", case=case)["imported"]["n"] == 2
    entry = [e for e in mei.call("case.history", case=case)["items"] if e["kind"] == "attach"][0]
    assert entry["imported"] == {"source": "jira", "n": 1, **there}, "a file that is shared is shown with whose it was"
    own = li.call("case.open", workflow="issue", project="acme-erp", fields={"summary": "x"})["case"]
    refuses("invalid", li, "case.attach", case=own, file=upload(li, b"three"), imported={"n": 1})


# ---- when it was due ----

def due(case, name="solution"):
    return [d["due"] for d in case["deadlines"] if d["name"] == name]


def test_what_was_due_there_is_due_then_here(people, refuses):
    """Virtual time: Monday 5 January 2026, 9 o'clock."""
    li = people("li")

    def moved(key, **more):
        case = li.call("case.open", workflow="issue", project="acme-erp", fields={"summary": "x"},
                       imported={"source": "jira", "key": key, **more})["case"]
        return li.call("case.get", case=case)
    plain, past_due = moved("A", state="working"), moved("B", state="working", due="2025-12-24")
    assert due(plain) == due(past_due) != [], "what has passed is not due at once"
    assert past_due["imported"]["due"] == "2025-12-24"
    timed = moved("C", state="working", due="2026-02-03T16:30:00+08:00")
    assert due(timed) == ["2026-02-03T16:30:00+08:00"]
    day = moved("D", due="2026-02-03")
    assert due(day)[0].startswith("2026-02-03T1"), "the end of that day's work"
    assert due(day, "first_answer") == due(moved("E"), "first_answer"), "only of the outermost state"
    assert due(li.call("case.get", case=day["case"])) == due(day)
    li.call("case.fire", case=timed["case"], event="raise", comment="now")
    assert due(li.call("case.get", case=timed["case"])) == ["2026-02-03T16:30:00+08:00"], "the agreement stands"
    assert moved("F", state="settled", due="2026-02-03")["deadlines"] == []
    for wrong in ("soon", "2026-02-30", 4, "2026-02-03 16:30"):
        error = refuses("invalid", li, "case.open", workflow="issue", project="acme-erp", fields={"summary": "x"},
                        imported={"source": "jira", "key": "G", "due": wrong})
        assert error.data["pointer"] == "/imported/due"


def test_due_dates_of_exports_arrive_and_are_told(site, people, folder, advance):
    li = people("li")
    done = rows(site("li", "import", "--from", "monday", EXAMPLE, *ERP, "--dry-run", "--json"))[-1]
    assert done["due"] == 1 and done["attachments"] == {"found": 0, "missing": 2}
    assert "due dates: 1" in site("li", "import", "--from", "monday", EXAMPLE, *ERP, "--dry-run").stdout
    assert counts(site("li", "import", "--from", "monday", EXAMPLE, *ERP, "--json")) == {
        "cases": (3, 0, 0), "history": (2, 0, 0)}, "subitems and sums are no cases"
    case = found(li, "1000000001", "monday")
    assert case["imported"]["due"] == "2026-03-15" and case["imported"]["at"] == "2025-05-02T23:04:00+08:00"
    assert [text for _, _, text in past(li, case["case"])] == [
        "attachment:  > Trace 1.txt https://acme.monday.com/protected_static/1/resources/2/Trace 1.txt",
        "attachment:  > load.png https://acme.monday.com/protected_static/1/resources/3/load.png"]
    # 15 March 2026 is a Sunday: the close of the first working day after it
    assert due(case)[0].startswith("2026-03-16T1")
    said = site("li", "case", "history", case["case"]).stdout
    assert "due there 2026-03-15" in said
    assert "原截止时间 2026-03-15" in site("li", "case", "history", case["case"], "--lang", "zh").stdout
    jira = export(folder, issue("D-1", [], duedate="2026-03-10"))
    site("li", "import", "--from", "jira", jira, *ERP)
    assert due(found(li, "D-1"))[0].startswith("2026-03-10T1")
    assert li.call("inbox.messages")["items"] == []
    advance("100 days")
    assert li.call("inbox.messages")["items"] != [], "its reminders come"
