#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a rehearsal of a new version costs, and what the migration then does.

  rehearse.py PROGRAM [CASES]     PROGRAM: signoff, a release build; CASES, 10000

The cases are of the shipped change_request, spread over its states, a quarter of them under decision
with ballots. The next version renames a state, gives the decision more time, drops a field, and
forgets to say what becomes of another state, so that some cases cannot come. It is rehearsed without
and with a function for the fields. Processor time is the server's, and that of the processes that run
its rules.
"""
import os
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "examples", "helpdesk"))

import signoff  # noqa: E402

WINDOW = 64  # requests under way at a time
TEAM = """return team "demo" { title = "Demo", timezone = "Asia/Shanghai", currency = "CNY",
  calendar "office" { monday_to_friday = { "09:00-12:00", "13:30-18:00" }, holidays = "cn" },
  use "change_request" }
"""
MIGRATE = 'migrate { from = 1, states = { screening = "triage" }%s },\n  start = "draft",'
FUNCTION = """,
    fields = function(f) return { scope = f.scope or f.reason } end"""
FILED = '    filed    = text   { title = { en = "Filed under", zh = "归档位置" } },\n'


def shipped():
    with open(os.path.join(HERE, "..", "..", "workflows", "change_request.lua"), encoding="utf-8") as file:
        return file.read()


def changed(function=""):
    """The next version: see above."""
    text = shipped()
    for old, new in (("version = 1", "version = 2"), ('start = "draft",', MIGRATE % function),
                     ('"screening"', '"triage"'), ('screening = "triage"', 'screening = "triage"'),
                     ('within { "5 workdays", clock = "client"', 'within { "8 workdays", clock = "client"'),
                     ('"implementing"', '"building"'), (FILED, ""), (', takes = { "filed" }', "")):
        assert old in text, old
        text = text.replace(old, new)
    return text


def write(site, text):
    folder = os.path.join(site, "teams", "demo")
    os.makedirs(os.path.join(folder, "workflows"), exist_ok=True)
    for name, content in (("team.lua", TEAM), ("workflows/change_request.lua", text)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(content)


def calls(connection, requests):
    """Answers of [(method, params)], a window of them under way."""
    answers = []
    for at in range(0, len(requests), WINDOW):
        part = requests[at:at + WINDOW]
        for method, params in part:
            connection.send(method, params)
        for _ in part:
            answer = connection.receive()
            if "error" in answer:
                sys.exit("refused: %s" % answer["error"])
            answers.append(answer["result"])
    return answers


def fill(server, cases):
    """Opens the cases and brings each to its place."""
    li, mei = server.client("li"), server.client("mei")
    fields = {"summary": "Export the report to the auditors' format",
              "reason": "Auditors ask for it every quarter, and the present one is typed over by hand"}
    small = dict(fields, **{"class": "standard"})
    opened = calls(mei, [("case.open", {"workflow": "change_request", "project": "acme-erp",
                                        "fields": small if i % 10 == 9 else fields}) for i in range(cases)])
    keys = [one["case"] for one in opened]
    step = {"submit": [], "accept": [], "assess": [], "price": [], "authorise": [], "vote": []}
    for i, key in enumerate(keys):
        kind = i % 20
        step["submit"] += [key] if kind >= 4 else []
        step["accept"] += [key] if kind >= 8 and i % 10 != 9 else []
        step["assess"] += [key] if kind >= 12 and i % 10 != 9 else []
        step["vote"] += [key] if kind >= 15 and i % 10 != 9 else []
        step["authorise"] += [key] if i % 10 == 9 else []

    def fire(person, event, **data):
        calls(person, [("case.fire", {"case": key, "event": event, "data": data} if data else
                        {"case": key, "event": event}) for key in step[event]])
    fire(mei, "submit")
    fire(li, "accept")
    calls(li, [("case.edit", {"case": key, "fields": {"cost": "900.00", "scope": "A small one"}})
               for key in step["authorise"]])
    fire(li, "authorise")
    with server.client("wang") as wang:
        fire(wang, "assess", days=5, risk="low")
    step["price"] = step["assess"]
    fire(li, "price", cost="12000.00", scope="One report more")
    for name in ("li", "chen"):
        with server.client(name) as person:
            seen = calls(person, [("case.get", {"case": key}) for key in step["vote"]])
            calls(person, [("approval.vote", {"case": one["case"], "choice": "approve",
                                              "digest": one["approvals"][0]["digest"]}) for one in seen])
    return li, keys


def cpu(pid):
    """Seconds of a process and of those it has started."""
    total, wanted, found = 0, {pid}, set()
    while wanted:
        one = wanted.pop()
        found.add(one)
        try:
            with open("/proc/%d/stat" % one) as file:
                fields = file.read().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
            for task in os.listdir("/proc/%d/task" % one):
                with open("/proc/%d/task/%s/children" % (one, task)) as file:
                    wanted |= {int(child) for child in file.read().split()} - found
        except OSError:
            pass
    return total / os.sysconf("SC_CLK_TCK")


def measured(server, what, act):
    begin, used = time.monotonic(), cpu(server.process.pid)
    result = act()
    print("%-34s %6.2f s wall, %6.2f s of processor time" % (
        what, time.monotonic() - begin, cpu(server.process.pid) - used), flush=True)
    return result


def main():
    program = os.path.abspath(sys.argv[1])
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    with tempfile.TemporaryDirectory(prefix="sgn-") as folder:
        server = signoff.Server(os.path.join(folder, "site"), program, clock="2026-01-05T09:00:00+08:00")
        server.init("--demo")
        write(server.site, shipped())
        server.start()
        try:
            li, _ = measured(server, "%d cases made" % cases, lambda: fill(server, cases))
            for what, function in (("rehearsed", ""), ("rehearsed, with a function", FUNCTION)):
                files = {"team.lua": TEAM, "workflows/change_request.lua": changed(function)}
                told = measured(server, what, lambda: li.call("workflow.rehearse", files=files))
                report = told["workflows"][0]
                assert report["cases"] == cases, report["cases"]
            write(server.site, changed(FUNCTION))
            li.call("workflow.reload")
            begun = li.call("workflow.migrate", workflow="change_request")
            measured(server, "migrated", lambda: li.call("clock.advance", by="0 seconds"))
            done = li.call("workflow.migrations", sweep=begun["sweep"])["items"][0]
            print("%d have come, %d were left; the rehearsal said %d and %d" % (
                done["moved"], done["n_left"], cases - report["stuck"], report["stuck"]))
            ok = (done["moved"], done["n_left"]) == (cases - report["stuck"], report["stuck"])
        finally:
            server.stop()
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
