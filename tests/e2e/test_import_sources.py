# SPDX-License-Identifier: Apache-2.0
"""signoff import --from every other source than Jira (test_import.py). The files in imports/ are written
by hand after the names that the notes of the maps tell."""
import json

from commands import rows, run, site  # noqa: F401
from test_import import ERP, counts, file, found, past

CASES = {
    "trello.json": {"cases": (3, 0, 0), "history": (3, 0, 0)},
    "asana.json": {"cases": (2, 0, 0), "history": (1, 0, 0)},
    "asana.csv": {"cases": (2, 0, 0)},
    "monday.csv": {"cases": (3, 0, 0)},
    "pingcode.csv": {"cases": (2, 0, 0)},
    "worktile.csv": {"cases": (1, 0, 0)},
}


def test_trackers_bring_their_cases_and_nothing_twice(site, people):
    li = people("li")
    for name, wanted in CASES.items():
        command = ["import", "--from", name.split(".")[0], file(name), *ERP, "--json"]
        assert counts(site("li", *command)) == wanted, name
        again = {what: (0, 0, created) for what, (created, _, _) in wanted.items()}
        assert counts(site("li", *command)) == again, name
    def state(key, source):
        case = found(li, key, source)
        return case["states"], case["fields"]["summary"]

    assert state("aa11", "trello") == (["working"], "Login fails")
    assert found(li, "aa11", "trello")["fields"]["kind"] == "defect"
    assert state("bb22", "trello") == (["settled"], "Old wish"), "archived"
    assert state("cc33", "trello") == (["settled"], "打印")
    assert past(li, found(li, "aa11", "trello")["case"]) == [
        ("Jane Doe", "2025-05-30T18:00:00+08:00", "list: To Do > Doing"),
        ("Jane Doe", "2025-06-01T02:52:54.933+08:00", "Fixed soon")]
    assert state("1201", "asana") == (["working"], "Invoice is wrong")
    assert past(li, found(li, "1201", "asana")["case"]) == [("Wang", "2025-03-06T08:00:00+08:00", "Corrected")]
    assert state("1202", "asana")[0] == ["settled"] and state("1204", "asana")[0] == ["settled"]
    assert found(li, "1203", "asana")["fields"]["details"] == "two\nlines"
    assert state("7001", "monday") == (["working"], "Server slow")
    assert state("7002", "monday")[0] == ["settled"] and state("7003", "monday")[0] == ["reported"]
    assert found(li, "7003", "monday")["priority"] == "low"
    case = found(li, "ERP-7", "pingcode")
    assert (case["states"], case["priority"], case["fields"]["kind"]) == (["working"], "high", "defect")
    assert case["imported"] == {"source": "pingcode", "key": "ERP-7", "by": "李婷", "n": 0,
                                "at": "2025-03-04T10:15:00+08:00"}
    assert found(li, "W-1", "worktile")["priority"] == "urgent"
    assert found(li, "W-1", "worktile")["imported"]["at"] == "2025-03-04T10:15:00+08:00"


PEOPLE = {
    "hubspot": [("jane-globex", "Jane Doe", "globex-corp", "jane@globex.com"),
                ("bob-globex", "Bob Stone", "globex-corp", "bob@globex.com"), ("n-103", "Eve", None, None)],
    "zoho": [("carl-initech", "Carl Berg", "initech", "carl@initech.com")],
    "salesforce": [("dora-umbrella", "Dora Lind", "umbrella", "dora@umbrella.org")],
    "fxiaoke": [("chen-huaxia", "陈晓", None, "chen@huaxia.cn"), ("n-13900000000", "周明", None, None)],
}


def test_contacts_become_people_of_their_clients_and_nothing_twice(site, people):
    li = people("li")
    for source, wanted in PEOPLE.items():
        done = counts(site("li", "import", "--from", source, file(source + ".csv"), "--json"))
        assert done["clients"] == (1, 0, 0) and done["people"] == (len(wanted), 0, 0), source
        again = counts(site("li", "import", "--from", source, file(source + ".csv"), "--json"))
        assert again == {"clients": (0, 0, 1), "people": (0, 0, len(wanted))}, source
        for person, title, client, mail in wanted:
            seen = li.call("person.get", person=person)
            assert (seen["title"], seen["mail"]) == (title, mail), seen
            if source != "fxiaoke":
                assert seen["client"] == client
    assert li.call("client.get", client="globex-corp")["title"] == "Globex Corp."
    client = li.call("person.get", person="chen-huaxia")["client"]
    assert li.call("client.get", client=client)["title"] == "华夏银行"
    assert li.call("person.get", person="n-13900000000")["client"] == client
    assert li.call("person.get", person="chen-huaxia")["language"] == "zh"


def test_a_spreadsheet_brings_all_it_has_columns_for(site, people):
    li = people("li")
    dry = site("li", "import", "--from", "csv", file("sheet.csv"), "--dry-run", "--json")
    wanted = {"clients": (1, 0, 0), "people": (1, 0, 0), "projects": (1, 0, 0), "cases": (2, 0, 0), "history": (1, 0, 0)}
    assert counts(dry) == wanted
    assert li.call("case.list")["items"] == [], "a dry run changes nothing"
    assert counts(site("li", "import", "--from", "csv", file("sheet.csv"), "--json")) == wanted
    assert li.call("project.get", project="hongda-crm")["title"] == "Hongda CRM"
    case = found(li, "1", "csv")
    assert (case["project"], case["states"], case["priority"]) == ("hongda-crm", ["working"], "high")
    assert past(li, case["case"]) == [(None, None, "已复现")]


def test_a_spreadsheet_says_how_contacts_would_be_spoken_to(site, people, folder):
    path = f"{folder}/people.csv"
    said = {"ann": ("Phone", "call"), "bo": ("微信", "message"), "cy": ("E-MAIL", "mail"), "di": ("不限", None), "ed": ("", None)}
    with open(path, "w", encoding="utf-8") as to:
        to.write("Contact,Company,Preferred channel\n" + "".join(f"{key},Acme,{word}\n" for key, (word, _) in said.items()))
    assert counts(site("li", "import", "--from", "csv", path, "--json"))["people"] == (5, 0, 0)
    for key, (_, channel) in said.items():
        assert people("li").call("person.get", person=key)["channel"] == channel
    with open(path, "a", encoding="utf-8") as to:
        to.write("fay,Acme,Carrier pigeon\n")
    assert "Carrier pigeon" in site("li", "import", "--from", "csv", path, code=None).stderr


def test_keys_do_not_meet_where_names_differ(site, people, folder):
    """Letters that a key cannot have are told apart by a digest."""
    path = f"{folder}/c.csv"
    with open(path, "w", encoding="utf-8") as to:
        to.write("Client\n" + "\n".join(["北京华夏", "上海华夏", "华夏", "ABC 华夏", "abc", "A" * 80, "A" * 81, "3M", "ACME Ltd.", "É"]) + "\n")
    done = site("li", "import", "--from", "csv", path, "--json")
    assert counts(done)["clients"] == (10, 0, 0)
    titles = {c["title"]: c["client"] for c in people("li").call("client.list", limit=100)["items"]
              if isinstance(c["title"], str)}
    assert titles["ACME Ltd."] == "acme-ltd" and titles["3M"] == "n-3m" and titles["abc"] == "abc"
    assert json.dumps(sorted(titles.values()))
