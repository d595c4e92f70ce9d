# SPDX-License-Identifier: Apache-2.0
"""What people wrote can be taken out of the history for good, and the history still proves the rest.

Where bytes may still lie is not asked of the server: its files are searched.
"""
import base64
import contextlib
import hashlib
import json
import os
import subprocess

import databases as stores
import pytest
from cases import PROJECT, Case, server  # noqa: F401  (server is a fixture)

SECRET = "Zhuangzi-4711"  # in no other text
FIELDS = {"summary": "Add export", "reason": "Asked by " + SECRET}


def entries(operator):
    return {item["seq"]: item for item in operator.call("audit.export", team="demo", limit=500)["items"]}


def last(person, key):
    return person.call("case.history", case=key)["items"][0]


@pytest.fixture
def people(server):
    class People:
        mei, li, wang = server.client("mei"), server.client("li"), server.client("wang")
        operator = server.connect(server.token("operator"))
    with People.mei, People.li, People.wang, People.operator:
        yield People


def redact(people, entry, **params):
    return people.operator.call("audit.redact", team="demo", entry=entry,
                                reason="asked by the person", **params)


def opened(people):
    return people.mei.call("case.open", workflow="change_request", project=PROJECT, fields=FIELDS)


def folded(entry):
    """A part that is there fits its hash in the header; one that is gone is told by the header alone."""
    header = json.loads(entry["header"])
    assert hashlib.sha256(b"\0" + entry["header"].encode()).hexdigest() == entry["hash"]
    for part in ("shared", "internal"):
        if entry[part] is not None:
            salt = bytes.fromhex(entry[part + "_salt"])
            assert hashlib.sha256(b"\1" + salt + entry[part].encode()).hexdigest() == header[part]
        else:
            assert entry[part + "_salt"] is None
    return header


def test_what_an_entry_said_is_gone_and_the_chain_holds(people):
    case = opened(people)
    before = entries(people.operator)
    got = redact(people, case["entry"], part="shared")
    assert got["case"] == case["case"] and got["entry"] == max(before) + 1
    assert got["redacted"] == {"parts": [{"entry": case["entry"], "part": "shared"}],
                               "fields": got["redacted"]["fields"], "files": [], "messages": 0}
    assert sorted(got["redacted"]["fields"]) == ["class", "reason", "summary"]
    after = entries(people.operator)
    assert SECRET not in json.dumps(after) and SECRET in json.dumps(before)
    for seq, entry in after.items():
        header = folded(entry)
        assert header["prev"] == (after[seq - 1]["hash"] if seq > 1 else None)
        assert seq not in before or header == json.loads(before[seq]["header"])
    seen = people.mei.call("case.get", case=case["case"])
    assert seen["fields"] == {} and seen["rev"] == case["rev"] + 1
    assert SECRET not in json.dumps(people.li.call("case.get", case=case["case"]))
    assert people.li.call("case.list", text=SECRET)["items"] == []
    found = people.li.call("audit.verify")
    assert found["redacted"] == 1


def test_the_minutes_say_what_was_taken_out_and_why(people):
    case = opened(people)
    got = redact(people, case["entry"], part="shared")
    first, entry = people.li.call("case.history", case=case["case"])["items"][::-1]
    assert first["removed"] == ["shared"] and "fields" not in first
    assert (entry["kind"], entry["actor"], entry["comment"]) == ("redact", "operator",
                                                                "asked by the person")
    assert entry["seq"] == got["entry"] and "row" not in entry
    # The client is told that it happened, and not why.
    seen = people.mei.call("case.history", case=case["case"])["items"][0]
    assert seen["redacts"] == case["entry"] and "comment" not in seen


def test_what_was_replaced_since_stays(people):
    case = opened(people)
    people.mei.call("case.edit", case=case["case"], fields={"summary": "Export for auditors"})
    got = redact(people, case["entry"], part="shared")
    assert sorted(got["redacted"]["fields"]) == ["class", "reason"]
    assert people.mei.call("case.get", case=case["case"])["fields"] == {"summary": "Export for auditors"}


def test_a_second_erasure_takes_what_the_first_one_repeats(people):
    case = opened(people)
    edit = people.mei.call("case.edit", case=case["case"], fields={"summary": "By " + SECRET})
    comment = people.mei.call("case.comment", case=case["case"], text="hello")
    first = redact(people, comment["entry"])
    assert SECRET in json.dumps(entries(people.operator)[first["entry"]])  # the whole row of its time
    second = redact(people, edit["entry"])
    assert {"entry": first["entry"], "part": "internal"} in second["redacted"]["parts"]
    third = redact(people, case["entry"], part="shared")
    assert SECRET not in json.dumps(entries(people.operator))
    said = last(people.li, case["case"])["earlier"]
    assert [one["entry"] for one in said] == [second["entry"], first["entry"]]
    assert all(one["comment"] == "asked by the person" for one in said)
    assert third["redacted"]["parts"][0] == {"entry": case["entry"], "part": "shared"}
    assert people.li.call("audit.verify")["redacted"] >= 5
    people.mei.call("case.comment", case=case["case"], text="it goes on")
    people.li.call("audit.verify")


def test_files_go_with_their_bytes(server, people):
    case = opened(people)
    data = SECRET.encode()
    begun = people.mei.call("file.begin", name=SECRET + ".txt", size=len(data), type="text/plain",
                            sha256=hashlib.sha256(data).hexdigest())["upload"]
    people.mei.call("file.put", upload=begun, offset=0, data=base64.b64encode(data).decode())
    file = people.mei.call("file.end", upload=begun)["file"]
    ended = max(entries(people.operator))
    attached = people.mei.call("case.attach", case=case["case"], file=file)
    got = redact(people, attached["entry"])
    assert got["redacted"]["files"] == [file]
    assert people.mei.call("case.get", case=case["case"])["files"] == []
    with pytest.raises(Exception, match="file"):
        people.mei.call("file.get", file=file)
    assert SECRET in json.dumps(entries(people.operator))  # an entry of its own says the name
    redact(people, ended)
    redact(people, case["entry"], part="shared")
    assert SECRET not in json.dumps(entries(people.operator))
    people.li.call("clock.advance", by="2 hours")
    root = os.path.join(server.site, "data", "files")
    for _ in range(5000):  # the sweep, in the server's own good time
        people.li.call("server.ping")
        names = [n for folder, _, files in os.walk(root) for n in files]
        if hashlib.sha256(data).hexdigest() not in names:
            break
    assert hashlib.sha256(data).hexdigest() not in names
    people.li.call("audit.verify")


def test_what_is_being_decided_on_stays(server, refuses):
    with contextlib.ExitStack() as stack:
        known = {}

        def people(key):
            if key not in known:
                known[key] = stack.enter_context(server.client(key))
            return known[key]

        case = Case(people, "change_request", "mei", **FIELDS)
        opening = case.history()[0]["seq"]
        case.fire("mei", "submit")
        case.fire("li", "accept")
        case.fire("sun", "assess", days=5, risk="low")
        case.fire("li", "price", cost="8000.00", scope="One report more", margin="3000.00")
        operator = stack.enter_context(server.connect(server.token("operator")))
        # The summary is covered by the approval, in which two have already answered.
        case.vote("li", "approve", comment="Said by " + SECRET)
        vote = case.history()[-1]["seq"]
        for entry in (opening, vote):
            error = refuses("not_now", operator, "audit.redact", team="demo", entry=entry, reason="x")
            assert error.data["approval"] == case.round()["approval"]
        case.vote("wang", "approve")
        assert case.vote("mei", "approve") == ["implementing"]
        operator.call("audit.redact", team="demo", entry=vote, reason="x")
        operator.call("audit.redact", team="demo", entry=opening, reason="x")
        told = json.dumps(case.get()) + json.dumps(case.history())
        assert SECRET not in told
        assert [entry["kind"] for entry in case.history()][:2] == ["open", "fire"]
        case.fire("sun", "implemented")
        people("li").call("audit.verify")


def test_refusals_name_what_is_wrong_and_change_nothing(people, refuses):
    case = opened(people)
    head = max(entries(people.operator))
    for code, pointer, params in (
            ("not_found", "/entry", {"entry": 99999}), ("not_found", "/entry", {"entry": 0}),
            ("invalid", "/part", {"entry": case["entry"], "part": "all"}),
            ("invalid", "/reason", {"entry": case["entry"], "reason": ""})):
        error = refuses(code, people.operator, "audit.redact", team="demo",
                        **{"reason": "x", **params})
        assert error.data["pointer"] == pointer
    refuses("forbidden", people.li, "audit.redact", entry=case["entry"], reason="x")
    got = redact(people, case["entry"], part="shared", dry_run=True)
    assert sorted(got["redacted"]["fields"]) == ["class", "reason", "summary"] and "entry" not in got
    assert max(entries(people.operator)) == head
    done = redact(people, case["entry"], part="shared")
    refuses("not_now", people.operator, "audit.redact", team="demo", entry=case["entry"],
            part="shared", reason="x")
    refuses("invalid", people.operator, "audit.redact", team="demo", entry=done["entry"], reason="x")


@pytest.mark.parametrize("language,said", [
    ("C.UTF-8", "nothing has been changed"), ("zh_CN.UTF-8", "未作任何改动")])
def test_the_command_line_says_what_goes(server, people, language, said):
    case = opened(people)
    words = ["audit", "redact", str(case["entry"]), "--part", "shared", "--reason", "asked to",
             "--operator", "--team", "demo", "--site", server.site]

    def run(*more):
        done = subprocess.run([server.signoff, *words, *more], text=True, capture_output=True,
                              timeout=60, check=False, env={**os.environ, "LANG": language,
                                                            "LC_ALL": language, "LANGUAGE": ""})
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    would = run("--dry-run")
    assert said in would[-1] and "class, reason, summary" in would[1]
    assert str(case["entry"]) in would[0] and "shared" in would[0]
    done = run()
    assert done[1] == would[1] and str(case["entry"] + 1) in done[-1]


def test_a_repeated_request_gets_the_first_answer(people):
    case = opened(people)
    first = redact(people, case["entry"], part="shared", request_id="forget-1")
    assert redact(people, case["entry"], part="shared", request_id="forget-1") == first


def test_people_may_be_forgotten_in_entries_of_no_case(people):
    people.li.call("person.create", person="guest", title=SECRET, client="acme")
    entry = max(entries(people.operator))
    people.li.call("person.update", person="guest", title="gone")
    got = redact(people, entry)
    assert got["case"] is None and got["redacted"]["parts"] == [{"entry": entry, "part": "internal"}]
    assert SECRET not in json.dumps(entries(people.operator))
    people.li.call("audit.verify")


def lies_in(server, bytes_):
    """Names of the data's files in which these bytes stand."""
    data, found = os.path.join(server.site, "data"), []
    for name in sorted(os.listdir(data)):
        path = os.path.join(data, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                found += [name] if bytes_ in file.read() else []
    return found


@pytest.mark.skipif(bool(stores.CHOICE), reason="the files of a server that is not ours")
def test_the_bytes_leave_the_files(server, people):
    case = opened(people)
    # A part is packed in the file; its salt stands there as it is, and goes with it.
    salt = bytes.fromhex(entries(people.operator)[case["entry"]]["shared_salt"])
    assert lies_in(server, salt)
    redact(people, case["entry"])
    for client in (people.mei, people.li, people.wang, people.operator):
        client.close()
    server.stop()
    assert lies_in(server, salt) == [] and lies_in(server, SECRET.encode()) == []
    done = subprocess.run([server.signoff, "verify", server.site], text=True, capture_output=True,
                          timeout=120, check=False)
    assert done.returncode == 0 and "2 parts redacted" in done.stdout, done
