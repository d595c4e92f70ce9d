# SPDX-License-Identifier: Apache-2.0
"""A server with two teams: a hostile one, whose scripts are the attacks, and a neighbour who works
on, one request after the other, and notes how long each took."""
import os
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "examples", "helpdesk")]

import attacks  # noqa: E402
import signoff  # noqa: E402

INSTRUCTIONS = 2000000  # as in process, so that the same file has the same end

NEIGHBOUR = """return workflow "turn" { key = "TU", roles = { "pm" },
  fields = { turns = number {} },
  state "left"  { on "turn" { by = "pm", to = "right",
    when = function(c) local n = 0 for i = 1, 100 do n = n + i end return n == 5050 end,
    run = function(c) c:set("turns", (c.fields.turns or 0) + 1) end } },
  state "right" { on "turn" { by = "pm", to = "left", when = function(c) return c.fields.turns > 0 end } } }
"""


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "wb") as file:
        file.write(data)
    os.replace(path + ".new", path)


class Site:
    """The server, and a connection for each side."""

    def __init__(self, folder, binary):
        self.server = signoff.Server(os.path.join(folder, "site"), binary)
        self.server.init()
        with open(os.path.join(self.server.site, "signoff.ini"), "a", encoding="utf-8") as settings:
            settings.write("\n[limits]\nrule_instructions = %d\n" % INSTRUCTIONS)
        self.teams = os.path.join(self.server.site, "teams")
        self.put("demo/team.lua", b'return team "demo" { use "turn" }')
        self.put("demo/workflows/turn.lua", NEIGHBOUR.encode())
        self.put("hostile/team.lua", b'return team "hostile" {}')
        self.server.start()
        with self.server.client("operator") as operator:
            self.hostile = self.lead(operator, "hostile", "mallory")
            self.neighbour = self.lead(operator, "demo", "wang")
        self.version = 0

    def put(self, name, data):
        write(os.path.join(self.teams, name), data)

    def lead(self, operator, team, person):
        operator.call("person.create", team=team, person=person, title=person, lead=True)
        token = operator.call("token.create", team=team, person=person)["token"]
        connection = self.server.connect(token)
        connection.call("project.create", project="p", title="P")
        connection.call("project.member.add", project="p", person=person, role="pm")
        return connection

    # ---- the hostile team ----

    def load(self, attack):
        """Puts the attack in force; what the load said against it, or None."""
        self.version += 1
        source = attack.source(self.version)
        team = attack.part == "team"
        self.put("hostile/team.lua", source if team else b'return team "hostile" { use "attack" }')
        if not team:
            self.put("hostile/workflows/attack.lua", source)
        try:
            self.hostile.call("workflow.reload")
        except signoff.RpcError as error:
            mistakes = error.data.get("mistakes") or [{"message": error.message}]
            return "load error: " + " | ".join(one["message"] for one in mistakes)
        return None

    def call(self, attack):
        """One call of the attack's function, by an event on a new case."""
        key = self.hostile.call("case.open", workflow="attack", project="p", fields={
            "a": 7, "cost": "50000.00", "name": "n", "parts": [3, 1, 2]})["case"]
        try:
            self.hostile.call("case.fire", case=key, event="x")
        except signoff.RpcError as error:
            return "%s: %s" % (error.code, error.message)
        if attack.part == "run":
            return "answer: %s" % self.hostile.call("case.get", case=key)["fields"].get("name")
        return "answer: true"

    def run(self, attack):
        said = self.load(attack)
        return [said] if said else [self.call(attack) for _ in range(attack.calls)]


class Worker(threading.Thread):
    """The neighbour at work until told to stop: seconds each request took, or what went wrong."""

    def __init__(self, connection):
        super().__init__(daemon=True)
        self.connection, self.took, self.wrong = connection, [], None
        self.ending = threading.Event()
        self.case = connection.call("case.open", workflow="turn", project="p", fields={})["case"]

    def run(self):
        try:
            while not self.ending.is_set():
                began = time.monotonic()
                self.connection.call("case.fire", case=self.case, event="turn")
                self.took.append(time.monotonic() - began)
        except Exception as error:  # noqa: BLE001: whatever it is, it is what is looked for
            self.wrong = repr(error)

    def stop(self):
        self.ending.set()
        self.join(60)
        return self.wrong


def wrong_end(attack, end):
    """As attacks.wrong_end, with what the engine says where that is another thing."""
    if attack.engine:
        expected = attack.engine
        good = end == expected or (end.startswith(expected.partition(": ")[0] + ": ")
                                   and expected.partition(": ")[2] in end)
        return None if good else "%s: the engine should say %s, said %.300s" % (
            attack.name, expected, end)
    if attack.expect.startswith("answer: [false,") and end.startswith("refused: "):
        return None if end[len("refused: "):] in attack.expect else "%s: %.300s" % (attack.name, end)
    return attacks.wrong_end(attack, end)
