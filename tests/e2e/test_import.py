# SPDX-License-Identifier: Apache-2.0
"""signoff import --from: what other tools export becomes cases, people and clients. The files in
imports/ are written by hand after what those tools document; see the notes of each map."""
import json
import os
import subprocess

from commands import rows, run, site  # noqa: F401

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "imports")
ERP = ["--project", "acme-erp"]


def file(name):
    return os.path.join(HERE, name)


def write(folder, name, text, encoding="utf-8"):
    path = os.path.join(folder, name)
    with open(path, "w", encoding=encoding, newline="") as to:
        to.write(text)
    return path


def counts(done):
    """{what: (created, changed, same)} of --json."""
    return {row["what"]: (row["created"], row["changed"], row["same"]) for row in rows(done)[-1]["kinds"]}


def found(li, key, source="jira"):
    """The case that this became, whole."""
    items = li.call("case.list", imported=f"{source}:{key}")["items"]
    assert len(items) == 1, (key, items)
    return li.call("case.get", case=items[0]["case"])


def past(li, case):
    """What was said and done there: (by, at, text or change)."""
    entries = reversed(li.call("case.history", case=case, limit=500)["items"])
    return [(e["imported"].get("by"), e["imported"].get("at"),
             e.get("comment") or "%(field)s: %(from)s > %(to)s" % {"from": "", "to": "", **e["imported"]})
            for e in entries if e["kind"] == "comment"]


# ---- Jira ----

def test_jira_json_brings_cases_with_state_people_and_history(site, people):
    li = people("li")
    before = len(people("sun").call("inbox.messages")["items"])
    done = site("li", "import", "--from", "jira", file("jira.json"), *ERP, "--json")
    assert counts(done) == {"cases": (3, 0, 0), "history": (4, 0, 0)}
    case = found(li, "ACME-12")
    assert (case["states"], case["priority"], case["project"]) == (["working"], "urgent", "acme-erp")
    assert case["fields"]["summary"] == "Export fails on large files" and case["fields"]["kind"] == "defect"
    assert case["fields"]["details"] == "Since Monday.\n=1+1 @Jane"
    assert case["imported"]["by"] == "Jane Doe" and case["imported"]["at"] == "2025-03-04T10:15:00+08:00"
    assert past(li, case["case"]) == [
        ("Jane Doe", "2025-03-04T12:00:00+08:00", "It is urgent\nfor us."),
        ("王工", "2025-03-05T09:00:00+08:00", "status: To Do > In Progress"),
        ("王工", "2025-03-05T11:00:00+08:00", "找到原因了"),
        ("王工", "2025-03-06T09:00:00+08:00", "status: In Progress > In Review")]
    assert found(li, "ACME-13")["outcome"] == "solved"
    assert found(li, "ACME-14")["states"] == ["reported"]
    assert len(people("sun").call("inbox.messages")["items"]) == before


def test_jira_csv_says_the_same_as_its_json(site, people):
    li = people("li")
    done = site("li", "import", "--from", "jira", file("jira.csv"), *ERP)
    assert "cases" in done.stdout
    case = found(li, "ACME-12")
    assert (case["states"], case["priority"]) == (["working"], "urgent")
    assert case["fields"]["details"] == "Since Monday.\n=1+1", "what looks like a formula is a text"
    assert case["imported"]["at"] == "2025-03-04T18:15:00+08:00", "UTC, as the map says no zone"
    assert past(li, case["case"]) == [("jane", "2025-03-04T20:00:00+08:00", "It is urgent; really"),
                                      ("wang", "2025-03-05T22:30:00+08:00", "Found it")]
    dry = site("li", "import", "--from", "jira", file("jira.csv"), *ERP, "--dry-run").stdout
    assert "not taken: " in dry and "Watchers" in dry and "Project name" in dry and "nothing was changed" in dry


def test_import_given_again_doubles_nothing_and_takes_what_is_new(site, people, folder, advance):
    li = people("li")
    command = ["import", "--from", "jira", *ERP, "--json"]
    site("li", *command, file("jira.json"))
    advance("40 hours")  # longer than requests are remembered
    assert counts(site("li", *command, file("jira.json"))) == {"cases": (0, 0, 3), "history": (0, 0, 4)}
    with open(file("jira.json"), encoding="utf-8") as text:
        more = json.load(text)
    more["issues"][2]["fields"]["comment"] = {"comments": [
        {"author": {"displayName": "Eve"}, "created": "2025-04-01T00:00:00.000+0000", "body": "Soon?"}]}
    again = write(folder, "again.json", json.dumps(more))
    assert counts(site("li", *command, again, "--dry-run")) == {"cases": (0, 1, 2), "history": (1, 0, 4)}
    assert counts(site("li", *command, again)) == {"cases": (0, 1, 2), "history": (1, 0, 4)}
    assert past(li, found(li, "ACME-14")["case"]) == [("Eve", "2025-04-01T08:00:00+08:00", "Soon?")]
    assert len(li.call("case.list")["items"]) == 3


def test_import_goes_on_where_it_broke_off(site, people):
    li = people("li")
    li.call("case.open", workflow="issue", project="acme-erp", fields={"summary": "x"},
            imported={"source": "jira", "key": "ACME-12", "state": "working"})
    case = found(li, "ACME-12")["case"]
    li.call("case.comment", case=case, text="It is urgent", imported={"n": 1})
    done = site("li", "import", "--from", "jira", file("jira.json"), *ERP, "--json")
    assert counts(done) == {"cases": (2, 1, 0), "history": (3, 0, 1)}
    assert [text for _, _, text in past(li, case)] == [
        "It is urgent", "status: To Do > In Progress", "找到原因了", "status: In Progress > In Review"]


def test_an_import_that_is_killed_is_given_again(binary, server, site, people, folder):
    """At whatever moment the server goes: every case is there once, with all of its history."""
    count = 400
    cells = "".join(f"Issue {i},K-{i},Done,first {i},second {i}\n" for i in range(count))
    path = write(folder, "k.csv", "Summary,Issue key,Status,Comment,Comment\n" + cells)
    li = server.client("li")
    under_way = subprocess.Popen([binary, "import", "--from", "jira", path, *ERP, "--site", server.site, "--as", "li"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while under_way.poll() is None and not li.call("case.list", imported="jira:K-150")["items"]:
        pass
    server.kill()
    li.close()
    under_way.wait()
    server.start()
    done = counts(site("li", "import", "--from", "jira", path, *ERP, "--json"))
    assert sum(done["cases"]) == count and sum(done["history"]) == 2 * count, done
    assert counts(site("li", "import", "--from", "jira", path, *ERP, "--json")) == {
        "cases": (0, 0, count), "history": (0, 0, 2 * count)}
    exported = site("li", "export", "cases", "--json").stdout.splitlines()
    assert len(exported) == count
    for i in (0, 99, 100, 150, 151, 200, 399):
        assert [text for _, _, text in past(people("li"), found(people("li"), f"K-{i}")["case"])] == [f"first {i}", f"second {i}"]


MISTAKES = '''Summary,Issue key,Issue Type,Status,Priority,Created
Good,M-1,Bug,Done,High,2025-03-04
,M-2,Bug,In Progress,High,2025-03-04
Late,M-3,Bug,Waiting for QA,High,4 March
Twice,M-1,Bug,Done,High,2025-03-04
Long,M-5,Bug,Done,High,03/04/2025,extra
Nothing,,Bug,Done,High,
'''


def test_every_mistake_is_told_at_once_with_row_and_column(site, people, folder):
    path = write(folder, "m.csv", MISTAKES)
    done = site("li", "import", "--from", "jira", path, *ERP, code=1)
    told = [line[len(path) + 1:] for line in done.stderr.splitlines() if line.startswith(path)]
    places = {line.split(": ")[0]: line for line in told}
    assert set(places) == {"3", "4:4", "4:6", "5", "6:7", "7"}, done.stderr
    assert "summary" in places["3"] and "Waiting for QA" in places["4:4"] and "4 March" in places["4:6"]
    assert "already" in places["5"] and "more cells" in places["6:7"]
    assert "nothing was changed" in done.stderr
    assert people("li").call("case.list")["items"] == []
    chinese = site("li", "import", "--from", "jira", path, *ERP, "--lang", "zh", code=1).stderr
    assert "映射" in chinese and "none of the values" not in chinese


def test_json_mistakes_name_the_pointer(site, folder):
    with open(file("jira.json"), encoding="utf-8") as text:
        wrong = json.load(text)
    wrong["issues"][1]["fields"]["status"] = {"name": "Waiting for QA"}
    wrong["issues"][2]["fields"]["created"] = "yesterday"
    path = write(folder, "w.json", json.dumps(wrong))
    said = site("li", "import", "--from", "jira", path, *ERP, code=1).stderr
    assert f"{path}:/issues/2/fields/created: " in said
    assert f"{path}:/issues/1" in said


def test_a_map_of_ones_own_is_laid_over(site, people, folder):
    path = write(folder, "m.csv", "Summary,Issue key,Status,Team\nA,M-1,Waiting for QA,x\n")
    ours = write(folder, "ours.json", json.dumps(
        {"zone": "Asia/Shanghai", "cases": {"set": {"state": {"map": {"waiting for qa": "second_line"}},
                                                    "field.ticket": "Team"}}}))
    site("li", "import", "--from", "jira", path, "--map", ours, *ERP)
    case = found(people("li"), "M-1")
    assert case["states"] == ["second_line"] and case["fields"]["ticket"] == "x"
    for text, pointer in (('{"cases": {"set": {"state": 4}}}', "/cases/set/state"), ('{"casse": {}}', "/casse"),
                          ('{"zone": "Mars"}', "/zone"), ('{"cases": {"history": {"a": {"rows": 1}}}}', "/cases/history/a/rows"),
                          ('{"cases": {"set": {"key": {"as": "date!"}}}}', "/cases/set/key"), ("[1]", "object"), ("{", "")):
        broken = write(folder, "broken.json", text)
        assert pointer in site("li", "import", "--from", "jira", path, "--map", broken, *ERP, code=None).stderr
    # What can only be seen in a row: a time that a map makes a number of.
    number = write(folder, "number.json", json.dumps({"cases": {"history": {"comments": {"at": {"from": "/created", "as": "number"}}}}}))
    with open(file("jira.json"), encoding="utf-8") as text:
        issues = json.load(text)
    for issue in issues["issues"]:
        for comment in issue["fields"].get("comment", {}).get("comments", []):
            comment["created"] = "1754006400"
    issues = write(folder, "issues.json", json.dumps(issues))
    refused = site("li", "import", "--from", "jira", issues, "--map", number, *ERP, code=None)
    assert refused.returncode == 1 and "makes no text" in refused.stderr, refused
    said = site("li", "import", "--from", "bugzilla", path, code=2).stderr
    assert "bugzilla" in said and "trello" in said


def test_the_example_map_does_what_its_readme_says(site, people):
    ours = os.path.join(HERE, "..", "..", "..", "examples", "import", "ours.json")
    site("li", "import", "--from", "jira", file("jira.json"), "--map", ours)
    li = people("li")
    case = found(li, "ACME-12")
    assert (case["states"], case["opener"], case["project"]) == (["second_line"], "mei", "acme-erp")
    assert found(li, "ACME-13")["opener"] == "li"
    words = [e.get("comment") for e in people("mei").call("case.history", case=case["case"])["items"]]
    assert "找到原因了" in words, "the comments are shared"


def test_every_source_has_a_map_that_can_be_printed_and_given_back(run, folder):
    said = run("import", "--help").stdout
    for name in SOURCES:
        text = run("import", "--print-map", name).stdout
        assert json.loads(text)["source"], name
        assert name in said


SOURCES = ["jira", "trello", "asana", "monday", "pingcode", "worktile", "zoho", "hubspot", "salesforce", "fxiaoke", "csv"]


# ---- what no file may do ----

DEEP = '{"issues": ' + "[" * 5000 + "]" * 5000 + "}"


BROKEN = {
    "deep.json": DEEP, "cut.json": '{"issues": [{"key": ', "none.json": '{"x": 1}',
    "twice.json": '{"issues": [], "issues": [1]}', "empty.csv": "", "heading.csv": "a,b\n1,2\n",
    "quote.csv": 'Summary,Issue key\n"a,b\n', "zero.csv": "Summary,Issue key\na\0b,M-1\n",
    "half.json": '{"issues": [{"key": "\\ud800"}]}', "items.json": '{"issues": [1, null, "x", []]}',
    "types.json": '{"issues": [{"key": {"a": [1]}, "fields": [], "changelog": {"histories": {"a": 1}}}]}'}


def test_a_broken_file_is_refused_and_changes_nothing(site, people, folder):
    for name, content in BROKEN.items():
        path = write(folder, name, content)
        done = site("li", "import", "--from", "jira", path, *ERP, code=None)
        assert done.returncode in (1, 2) and path in done.stderr and "Sanitizer" not in done.stderr, (name, done.returncode, done.stderr)
    assert people("li").call("case.list")["items"] == []


def test_spreadsheets_come_in_every_encoding_and_separator(site, people, folder):
    for n, (encoding, separator) in enumerate([("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-16-be", ","),
                                               ("gb18030", ","), ("gbk", ";")]):
        text = f"概要,问题关键字,状态,优先级\n打印失败,公司-{n},处理中,最高\n".replace(",", separator)
        path = write(folder, "表.csv", ("\ufeff" if encoding == "utf-16-be" else "") + text, encoding)
        site("li", "import", "--from", "jira", path, *ERP)
        case = found(people("li"), f"公司-{n}")
        assert case["fields"]["summary"] == "打印失败" and case["priority"] == "urgent", encoding


def test_own_files_come_in_every_encoding_too(site, people, folder):
    path = write(folder, "c.csv", "客户;名称\nhuaxia;华夏银行\n", "gb18030")
    site("li", "import", "clients", path)
    assert people("li").call("client.get", client="huaxia")["title"] == "华夏银行"
    path = write(folder, "d.csv", "client,title\nx,Caf\u00e9\n", "windows-1252")
    said = site("li", "import", "clients", path, code=1).stderr
    assert path + ":2:2: " in said, "what might be any encoding is not guessed"
    site("li", "import", "clients", path, "--encoding", "windows-1252")
    assert people("li").call("client.get", client="x")["title"] == "Café"


def test_importing_is_for_leads(site):
    said = site("sun", "import", "--from", "jira", file("jira.json"), *ERP, code=1).stderr
    assert "leads" in said
