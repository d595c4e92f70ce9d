# SPDX-License-Identifier: Apache-2.0
"""Data in and out: data.import and case.open as dry runs; export and import of the command line,
with every mistake at its line and cell; histories as an event log."""
import csv
import io
import json
import os
import resource
import socket
import threading
import xml.etree.ElementTree as ET

import pytest
import signoff
from cases import Case
from commands import rows, run, site  # noqa: F401
from test_example_clients import deciding

KINDS = ["clients", "people", "projects", "members"]
NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'", "''", "'=1", "=HYPERLINK(\"http://x\",\"y\")",
         "a,b;c", "two\nlines", "say \"yes\"", " spaces ", "＝1", "加导出", "\u200b=1", "null"]


def head(connection):
    """The number of the team's last entry."""
    number = connection.call("watch.start")["head"]
    connection.call("watch.stop")
    return number


def write(folder, name, text, encoding="utf-8"):
    path = os.path.join(folder, name)
    with open(path, "w", encoding=encoding, newline="") as f:
        f.write(text)
    return path


def cells(text):
    """What a spreadsheet would read: [{column: cell}]."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


# ---- the methods ----

def test_import_takes_every_row_or_none(people, refuses):
    li = people("li")
    before = head(li), li.call("client.list")
    error = refuses("invalid", li, "data.import", kind="project", rows=[
        {"project": "good", "client": "acme"}, {"project": "p1", "client": "acm"},
        {"project": "acme-erp", "client": "globex"}, {"prject": "p2"}, {"project": "P 3"}, 4,
        {"project": "p5", "currency": "Euro"}])
    assert error.data["wrong"] == 6
    told = {row["row"]: (row.get("pointer"), row["message"]) for row in error.data["rows"]}
    assert sorted(told) == [1, 2, 3, 4, 5, 6]
    assert told[1][0] == "/client" and "did you mean 'acme'" in told[1][1]
    assert told[2][0] == "/client" and "acme" in told[2][1]
    assert told[3][0] == "/prject" and "did you mean 'project'" in told[3][1]
    assert told[4][0] == "/project" and told[6][0] == "/currency"
    assert (head(li), li.call("client.list")) == before
    refuses("not_found", li, "project.get", project="good")


def test_import_makes_changes_and_leaves_alone(people):
    li = people("li")
    wanted = [{"project": "new", "client": "acme", "state": "closed"},
              {"project": "acme-erp", "title": "Renamed"},
              {"project": "demo", "state": "open", "calendar": "", "client": None}]
    done = li.call("data.import", kind="project", rows=wanted)
    assert (done["created"], done["changed"], done["same"]) == (1, 1, 1)
    assert li.call("project.get", project="new")["state"] == "closed"
    assert li.call("project.get", project="acme-erp")["title"] == "Renamed"
    assert li.call("project.get", project="acme-erp")["client"] == "acme", "what was not said stays"
    number = head(li)
    assert done["entry"] == number
    again = li.call("data.import", kind="project", rows=wanted)
    assert (again["created"], again["changed"], again["same"]) == (0, 0, 3) and "entry" not in again
    assert head(li) == number


def test_repeated_import_gives_the_first_answer(people, refuses):
    li = people("li")
    params = {"kind": "client", "rows": [{"client": "beta", "title": "Beta"}], "request_id": "once"}
    first = li.call("data.import", **params)
    number = head(li)
    assert li.call("data.import", **params) == first and head(li) == number
    refuses("conflict", li, "data.import", kind="client", rows=[{"client": "gamma"}], request_id="once")


@pytest.mark.parametrize("kind, method, row", [
    ("client", "client.create", {"client": "x"}), ("person", "person.create", {"person": "x"}),
    ("project", "project.create", {"project": "x"}),
    ("member", "project.member.add", {"project": "acme-erp", "person": "sun", "role": "pm"})])
def test_import_is_for_whom_the_methods_of_single_things_are(people, server, kind, method, row):
    def outcome(connection, name, **params):
        try:
            connection.call(name, **params)
            return "ok"
        except signoff.RpcError as error:
            return error.code
    operator = server.connect(server.token("operator"))
    for who, more in ((people("mei"), {}), (people("sun"), {}), (operator, {"team": "demo"}),
                      (people("li"), {})):
        dry = outcome(who, "data.import", kind=kind, rows=[row], dry_run=True, **more)
        if who is people("li"):
            assert dry == "ok"
        else:
            assert dry == outcome(who, method, **row, **more)
    operator.close()


def test_import_of_members_takes_effect_in_open_cases(people):
    case = Case(people, "change_request", "mei", summary="Export", reason="Auditors ask")
    case.fire("mei", "submit")
    case.fire("li", "accept")
    assert people("chen").call("inbox.list")["items"] == []
    people("li").call("data.import", kind="member",
                      rows=[{"project": "acme-erp", "person": "chen", "role": "engineer"}])
    people("li").call("clock.advance", by="1 minute")
    assert [item["case"] for item in people("chen").call("inbox.list")["items"]] == [case.key]


def test_dry_runs_change_nothing_and_take_no_number(people, refuses):
    li, mei = people("li"), people("mei")
    before = head(li)
    fields = {"summary": "Export", "reason": "Auditors ask"}
    for _ in range(3):
        done = mei.call("case.open", workflow="change_request", project="acme-erp", fields=fields,
                        dry_run=True)
        assert done["case"] is None and done["entry"] is None and done["states"] == ["draft"]
    error = refuses("invalid", mei, "case.open", workflow="change_request", project="acme-erp",
                    fields={"summry": "x"}, dry_run=True)
    assert error.data["nearest"] == "summary"
    refuses("not_found", mei, "case.open", workflow="change_request", project="demo", fields=fields,
            dry_run=True)
    done = li.call("data.import", kind="client", rows=[{"client": "beta"}], dry_run=True)
    assert done["created"] == 1 and "entry" not in done
    assert head(li) == before
    refuses("not_found", li, "client.get", client="beta")
    assert mei.call("case.open", workflow="change_request", project="acme-erp",
                    fields=fields)["case"] == "CR-1"


def test_whole_list_shows_the_fields_that_the_case_shows(people):
    case = deciding(people)
    for person in ("li", "mei"):
        listed, = people(person).call("case.list", whole=True)["items"]
        assert listed["fields"] == case.get(person)["fields"]
    assert "risk" in listed["fields"] or person == "mei"
    assert "risk" not in people("mei").call("case.list", whole=True)["items"][0]["fields"]


# ---- the command line ----

@pytest.fixture
def other(make_server, folder, run):  # noqa: F811
    """other("import", ...): a command of a lead of a second site, which has nobody else."""
    made = make_server(os.path.join(folder, "other"))

    def command(*words, **options):
        return run(*words, "--site", made.site, **options)
    return command


@pytest.mark.parametrize("language, form", [("en", "csv"), ("zh", "csv"), ("en", "json")])
def test_what_is_exported_is_imported_without_loss(site, other, people, folder, language, form):  # noqa: F811
    li = people("li")
    for i, text in enumerate(NASTY):
        li.call("client.create", client="c%d" % i, title=text if i % 2 else {"en": text, "zh": "=" + text})
    li.call("client.update", client="c1", active=False, attributes={"tier": "a", "n": 3})
    li.call("project.create", project="dark", client="c1", title="=1", currency="EUR")
    li.call("project.update", project="dark", state="closed")
    li.call("person.create", person="ann", client="c1", title="@Ann", mail="ann@example.com", language="zh",
            channel="visit")
    li.call("project.member.add", project="dark", person="ann", role="client")
    li.call("project.member.add", project="dark", person="sun", role="pm", share=40)
    for kind in KINDS:
        path = os.path.join(folder, "%s.%s" % (kind, form))
        site("li", "export", kind, "--format", form, "--lang", language, "-o", path)
        done = other("import", kind, path, "--json", "--lang", language)
        assert rows(done)[0]["created"] > 0
        again = rows(other("import", kind, path, "--json"))[0]
        assert again["same"] == again["rows"] or again["created"] > 0  # the first answer again
        mine, theirs = (json_rows(one("export", kind, "--json")) for one in
                        (lambda *words: site("li", *words), other))
        assert [row for row in mine if row not in theirs] == []


def json_rows(done):
    return [{k: v for k, v in row.items() if k != "since"} for row in rows(done)]


def test_export_has_no_cell_that_a_spreadsheet_would_run(site, people):  # noqa: F811
    for i, text in enumerate(NASTY):
        people("li").call("client.create", client="c%d" % i, title=text)
        Case(people, "change_request", "mei", summary=text, reason=text)
    for kind in (*KINDS, "cases"):
        text = site("li", "export", kind).stdout
        found = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert len(found) > 10
        assert [cell for cell in found if cell[:1] in set("=+-@\t\r\n＝＋－＠")] == []
    read = {row["case"]: row["field.summary"] for row in cells(site("li", "export", "cases").stdout)}
    assert read["CR-1"] == "'=1+1" and len(read) == len(NASTY)


def test_export_shows_a_client_what_they_may_see(site, people, run):  # noqa: F811
    deciding(people)
    mine, = cells(site("li", "export", "cases").stdout)
    assert mine["field.risk"] == "low" and mine["field.days"] == "5" and mine["states"] == "deciding"
    text = site("mei", "export", "cases").stdout
    theirs, = cells(text)
    assert "risk" not in text and theirs["field.cost"] == "5000.00" and theirs["owner"] == ""
    assert site("tom", "export", "people", code=1).stdout == ""
    assert "leads" in site("tom", "export", "people", code=1).stderr


def test_import_tells_every_mistake_at_its_line_and_cell(site, people, folder):  # noqa: F811
    before = head(people("li"))
    path = write(folder, "people.csv", "person,client,lead,title\r\n"
                 "ann,acme,,\"Ann\nof Acme\"\r\n"           # lines 2 and 3
                 "bob,acm,,Bob\r\n"                          # 4: unknown client
                 "Eve,,,Eve\r\n"                             # 5: no key
                 "dan,,perhaps,Dan\r\n"                      # 6: no flag
                 "ann,,,Ann again\r\n"                       # 7: twice
                 "joe,,\r\n"                                 # 8: a cell is missing
                 "kim,acme,true,Kim\r\n")                    # 9: a client's person cannot lead
    done = site("li", "import", "people", path, code=1)
    told = [line[len(path) + 1:].split(": ", 1) for line in done.stderr.splitlines()
            if line.startswith(path)]
    # What the reader finds comes at once, what the server finds with its piece.
    assert sorted(place for place, _ in told) == ["4:2", "5:1", "6:3", "7", "8", "9:3"]
    said = dict(told)
    assert "did you mean 'acme'" in said["4:2"] and "line 2" in said["7"] and "3 cells" in said["8"]
    assert "mistakes (6); nothing was changed" in done.stderr
    assert head(people("li")) == before
    done = site("li", "import", "people", path, "--lang", "zh", code=1)
    assert "有错误（6 处）" in done.stderr and "已出现在第 2 行" in done.stderr


@pytest.mark.parametrize("text, place", [
    ("person,titel\nann,Ann\n", "1:2: people have no column 'titel'; did you mean 'title'?"),
    ("person,title,person\n", "1:3: the column 'person' stands there twice"),
    ("person,title\nann,Ann \"the\" Great\n", "2:2: a quote within a cell"),
    ("person,title\nann,\"Ann\n", "3:2: the file ends within quotes"),
    ("", "0: the file is empty"),
])
def test_file_that_is_no_table_is_refused_where_it_breaks(site, folder, text, place):  # noqa: F811
    path = write(folder, "people.csv", text)
    assert "%s:%s" % (path, place) in site("li", "import", "people", path, code=1).stderr


def test_file_that_is_not_utf8_is_refused(site, folder):  # noqa: F811
    path = write(folder, "people.csv", "person,title\nann,Änne\n", encoding="latin-1")
    assert path + ":2:2: these bytes are not UTF-8" in site("li", "import", "people", path, code=1).stderr


def test_import_reads_both_headings_marks_and_line_ends(site, people, folder):  # noqa: F811
    for i, text in enumerate(("\ufeffclient,title,active\r\nb0,Beta,yes\r\n",
                              "客户,名称,在用\nb1,Beta,是\n", "title,client\nBeta,b2",
                              "client,title.zh,title.en\nb3,贝塔,Beta\n\n\n")):
        done = rows(site("li", "import", "clients", write(folder, "c.csv", text), "--json"))[0]
        assert (done["rows"], done["created"]) == (1, 1)
        row = people("li").call("client.get", client="b%d" % i)
        assert row["title"] == ("Beta" if i < 3 else {"en": "Beta", "zh": "贝塔"}) and row["active"]


def test_dry_run_of_a_file_says_what_it_would_come_to(site, people, folder):  # noqa: F811
    path = write(folder, "clients.csv", "client,title\nacme,Other\nnew,New\n")
    before = head(people("li"))
    said = site("li", "import", "clients", path, "--dry-run").stdout
    assert said == "would create 1, change 1 and leave 0 as they are; nothing was changed\n"
    assert head(people("li")) == before
    assert site("li", "import", "clients", "-", stdin=open(path, encoding="utf-8").read()).stdout == \
        "created 1, changed 1, left 0 as they were\n"


CASES = """field.summary,field.reason,field.class,comment
Export,Auditors ask,normal,from the old list
Import,,emergency,
Export,Auditors ask,normal,from the old list
"""


def test_cases_are_opened_once_however_often_the_file_is_given(site, people, folder):  # noqa: F811
    words = ["import", "cases", "--workflow", "change_request", "--project", "acme-erp"]
    path = write(folder, "requests.csv", CASES.replace("Import,,", "Import,Because,"))
    assert rows(site("mei", *words, path, "--json", "--dry-run"))[0]["created"] == 3
    assert people("li").call("case.list")["items"] == []
    for _ in range(2):
        assert rows(site("mei", *words, path, "--json"))[0]["created"] == 3
        assert len(people("li").call("case.list")["items"]) == 3, "rows that are alike are two cases"
    write(folder, "requests.csv", "field.summary,field.reason,field.class,comment\nNew,One,normal,\n" +
          CASES.replace("Import,,", "Import,Because,").split("\n", 1)[1])
    site("mei", *words, path)
    opened = people("li").call("case.list", whole=True)["items"]
    assert sorted(item["fields"]["summary"] for item in opened) == ["Export", "Export", "Import", "New"]
    assert {item["opener"] for item in opened} == {"mei"}


def test_cases_with_a_mistake_are_not_opened(site, people, folder):  # noqa: F811
    path = write(folder, "requests.csv", CASES.replace("emergency", "urgent"))
    done = site("mei", "import", "cases", path, "--workflow", "change_request", "--project", "acme-erp",
                code=1)
    assert path + ":3:3: " in done.stderr and "emergency" in done.stderr
    assert people("li").call("case.list")["items"] == []


TYPED = """return workflow "typed" {
  key = "TY", version = 1, open = { by = "pm", takes = { "name", "n", "rate", "ok", "tags", "price" } },
  roles = { "pm" }, start = "here",
  fields = { name = text {}, n = number {}, rate = number { places = 2 }, ok = flag {},
             tags = list { of = text {} }, price = money {} },
  state "here" { owner = "pm", on "finish" { by = "pm", to = "gone" } },
  final "gone",
}
"""


def test_cells_are_read_as_their_fields_type(make_server, folder, run):  # noqa: F811
    def prepare(made):
        base = os.path.join(made.site, "teams", "demo")
        with open(os.path.join(base, "workflows", "typed.lua"), "w", encoding="utf-8") as f:
            f.write(TYPED)
        with open(os.path.join(base, "team.lua"), "w", encoding="utf-8") as f:
            f.write('return team "demo" { timezone = "UTC", currency = "EUR", use "typed" }\n')
    made = make_server(os.path.join(folder, "site"), "--demo", prepare=prepare)
    path = write(folder, "t.csv", "workflow,project,field.name,field.n,field.rate,field.ok,field.tags,field.price\n"
                 'typed,acme-erp,7,7,7.50,true,"[""a"",""b""]",12.00\n'
                 "typed,acme-erp,true,8,0.25,false,,\n")
    run("import", "cases", path, "--site", made.site, "--as", "li")
    with made.client("li") as li:
        first, second = li.call("case.list", whole=True)["items"]
    assert first["fields"] == {"name": "7", "n": 7, "rate": "7.50", "ok": True, "tags": ["a", "b"],
                               "price": "12.00"}
    assert second["fields"]["name"] == "true" and second["fields"]["n"] == 8
    out = run("export", "cases", "--site", made.site, "--as", "li").stdout
    assert [row["field.tags"] for row in cells(out)] == ['["a","b"]', ""]
    bad = write(folder, "bad.csv", "workflow,project,field.name,field.n\ntyped,acme-erp,x,many\n")
    done = run("import", "cases", bad, "--site", made.site, "--as", "li", code=1)
    assert bad + ":2:4: " in done.stderr and "whole number" in done.stderr


def test_large_file_is_read_in_pieces(site, people, folder, binary):  # noqa: F811
    n = 8000
    path = write(folder, "clients.csv", "client,title\n" + "".join(
        "c%d,\"=Client, number %d\"\n" % (i, i) for i in range(n)))
    done = rows(site("li", "import", "clients", path, "--json"))[0]
    assert done["created"] == n
    out = os.path.join(folder, "out.csv")
    site("li", "export", "clients", "-o", out)
    with open(out, encoding="utf-8", newline="") as f:
        assert sum(1 for row in csv.DictReader(f) if row["title"].startswith("'=Client")) == n
    assert not os.path.exists(out + ".part")
    with open(binary, "rb") as f:
        sanitized = b"__asan_init" in f.read()
    if not sanitized:  # whose memory is not ours to judge; of all commands so far
        assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 200 * 1024


class Stranger(threading.Thread):
    """A server that answers each line by a function of the request, for what no real one does at a
    known moment. answer gives a result, an exception that is the error, or None: it hangs up."""

    def __init__(self, answer):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.answer, self.asked = self.listener.getsockname()[1], answer, []
        self.start()

    def run(self):
        connection, _ = self.listener.accept()
        with connection, connection.makefile("rwb") as lines:
            for line in lines:
                request = json.loads(line)
                said = {"language": "en"}
                if request["method"] != "session.login":
                    self.asked.append(request["params"])
                    said = self.answer(request["params"])
                if said is None:
                    return
                key = "error" if isinstance(said, Exception) else "result"
                said = said.args[0] if key == "error" else said
                lines.write(json.dumps({"jsonrpc": "2.0", "id": request["id"], key: said}).encode() + b"\n")
                lines.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()


def import_from(stranger, run, path, **options):  # noqa: F811
    return run("import", "clients", path, "--server", "127.0.0.1:%d" % stranger.port,
               env={"SIGNOFF_TOKEN": "sgn_x"}, **options)


COUNTS = {"created": 1000, "changed": 0, "same": 0}
MANY = "client,title\n" + "".join("c%d,Client\n" % i for i in range(2500))


def test_what_changed_after_the_check_stops_the_import_and_says_where(run, folder):  # noqa: F811
    path = write(folder, "clients.csv", MANY)

    def answer(params):
        if params["dry_run"] or params["rows"][0]["client"] == "c0":
            return COUNTS
        return RuntimeError({"code": 1004, "message": "1 of 1000 rows cannot be taken; nothing was changed",
                             "data": {"code": "invalid", "wrong": 1, "rows": [
                                 {"row": 7, "message": "a person cut in", "pointer": "/title"}]}})
    with Stranger(answer) as stranger:
        done = import_from(stranger, run, path, code=1)
    # Line 1 is the heading, and 1,000 rows were in the piece before.
    assert path + ":%d:2: a person cut in" % (1 + 1000 + 8) in done.stderr
    assert "1000 of its rows are in" in done.stderr
    assert [(p["dry_run"], len(p["rows"])) for p in stranger.asked] == [
        (True, 1000), (True, 1000), (True, 500), (False, 1000), (False, 1000)]


def test_import_that_broke_off_repeats_its_requests(run, folder):  # noqa: F811
    path = write(folder, "clients.csv", MANY)
    asked = []
    for pieces in (1, 3):
        left = [pieces]

        def answer(params):
            if not params["dry_run"]:
                left[0] -= 1
            return COUNTS if left[0] >= 0 else None
        with Stranger(answer) as stranger:
            done = import_from(stranger, run, path, code=1 if pieces == 1 else 0)
        asked.append([p["request_id"] for p in stranger.asked if not p["dry_run"]])
        assert pieces == 3 or "give the same command again" in done.stderr
        assert all("request_id" not in p for p in stranger.asked if p["dry_run"])
    assert asked[1][:2] == asked[0] and len(set(asked[1])) == 3


def test_import_asks_again_where_the_server_has_too_much_to_do(run, folder):  # noqa: F811
    path = write(folder, "clients.csv", "client\nc1\n")
    busy = [RuntimeError({"code": 1011, "message": "later", "data": {"code": "overloaded",
                                                                     "retry_after_ms": 1}})] * 3
    with Stranger(lambda params: busy.pop() if busy else COUNTS) as stranger:
        assert "created 1000" in import_from(stranger, run, path).stdout
    assert len(stranger.asked) == 5


# ---- histories as an event log ----

NS = "{http://www.xes-standard.org/}"
TYPES = {"string", "date", "int", "float", "boolean", "id"}
EXTENSIONS = {"concept": "Concept", "lifecycle": "Lifecycle", "org": "Organizational", "time": "Time"}
LIFE_CYCLE = {"schedule", "assign", "withdraw", "reassign", "start", "suspend", "resume", "pi_abort",
              "ate_abort", "complete", "autoskip", "manualskip", "unknown"}


def attributes(element):
    """{key: value} of an element, each key once, each value of its type."""
    found = {}
    for one in element:
        kind = one.tag[len(NS):]
        if kind not in TYPES:
            continue
        assert set(one.attrib) == {"key", "value"} and one.attrib["key"] not in found
        if kind == "date":
            assert signoff_time(one.attrib["value"])
        elif kind == "int":
            int(one.attrib["value"])
        found[one.attrib["key"]] = one.attrib["value"]
        prefix = one.attrib["key"].split(":")[0] if ":" in one.attrib["key"] else None
        assert prefix is None or prefix in EXTENSIONS
    return found


def signoff_time(text):
    import datetime
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).tzinfo is not None


def read_log(text):
    """[(trace's attributes, [event's attributes])] by the rules of IEEE 1849: order of elements,
    declared extensions, globals that hold, classifiers over global keys."""
    log = ET.fromstring(text)
    assert log.tag == NS + "log" and float(log.attrib["xes.version"]) and "xes.features" in log.attrib
    order = ["extension", "global", "classifier", "attribute", "trace"]
    places = [order.index(tag if tag in order else "attribute")
              for tag in (one.tag[len(NS):] for one in log)]
    assert places == sorted(places)
    for one in log.findall(NS + "extension"):
        assert EXTENSIONS[one.attrib["prefix"]] == one.attrib["name"]
        assert one.attrib["uri"] == "http://www.xes-standard.org/%s.xesext" % one.attrib["prefix"]
    scopes = {one.attrib["scope"]: attributes(one) for one in log.findall(NS + "global")}
    assert set(scopes) == {"trace", "event"}
    for one in log.findall(NS + "classifier"):
        assert set(one.attrib["keys"].split()) <= set(scopes["event"])
    assert attributes(log)["lifecycle:model"] == "standard"
    traces = []
    for trace in log.findall(NS + "trace"):
        events = [attributes(event) for event in trace.findall(NS + "event")]
        assert set(scopes["trace"]) <= set(attributes(trace))
        for event in events:
            assert set(scopes["event"]) <= set(event)
            assert event["lifecycle:transition"] in LIFE_CYCLE
        traces.append((attributes(trace), events))
    return traces


def test_log_says_who_did_what_in_order(site, people):  # noqa: F811
    case = deciding(people)
    people("li").call("case.comment", case=case.key, text="<&\">")
    (trace, events), = read_log(site("li", "export", "xes").stdout)
    assert trace["concept:name"] == case.key and trace["workflow"] == "change_request"
    history = case.history("li")
    assert [int(event["seq"]) for event in events] == [entry["seq"] for entry in history]
    assert [event["org:resource"] for event in events] == [entry["actor"] for entry in history]
    assert [event["time:timestamp"] for event in events] == [entry["at"] for entry in history]
    assert [event["concept:name"] for event in events] == ["open", "submit", "accept", "assess", "price",
                                                           "comment"]


def test_log_holds_what_its_reader_may_see(site, people):  # noqa: F811
    case = deciding(people)
    people("li").call("case.comment", case=case.key, text="between us")
    hidden = Case(people, "feedback", "mei", summary="Slow", details="Very")
    (trace, events), = read_log(site("tom", "export", "xes").stdout)
    assert trace["concept:name"] == case.key
    assert [event["concept:name"] for event in events][-1] == "price"
    names = {trace["concept:name"] for trace, _ in read_log(site("mei", "export", "xes").stdout)}
    assert names == {case.key, hidden.key}


@pytest.mark.parametrize("old, new", [("<event>", "<event><string key=\"x:y\" value=\"1\"/>"),
                                      ("value=\"complete\"", "value=\"done\""),
                                      ("org:resource", "org:resourc"), ("+08:00", "")])
def test_reader_of_logs_finds_what_is_wrong(site, people, old, new):  # noqa: F811
    Case(people, "change_request", "mei", summary="Export", reason="Auditors ask")
    text = site("li", "export", "xes").stdout
    assert read_log(text)
    before, after = text.split("<trace>")
    with pytest.raises(Exception):
        read_log(before + "<trace>" + after.replace(old, new))


def test_answers_of_export_and_import_are_for_programs_too(site, folder):  # noqa: F811
    path = write(folder, "people.csv", "person,lead\nann,perhaps\n")
    done = site("li", "import", "people", path, "--json", code=1)
    assert json.loads(done.stdout.splitlines()[0]) == {
        "file": path, "line": 2, "column": 2, "message": "'perhaps' is neither true nor false"}
    assert site("li", "export", "peple", code=2).stderr.count("did you mean 'people'") == 1
