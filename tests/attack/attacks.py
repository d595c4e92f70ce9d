# SPDX-License-Identifier: Apache-2.0
"""The corpus of attacks: what its files say, and whether an attack ended as its file promises.

A file is Lua. Its first comment says what it tries; then come lines of the header:

  -- expect: rule_overrun            the budget stops the call
  -- expect: rule_error: TEXT        the call fails with an error that holds TEXT
  -- expect: load error: TEXT        the load finds a mistake that holds TEXT
  -- expect: answer: TEXT            the call does no harm and answers TEXT
  -- engine: CODE: TEXT              what the server answers where the engine, not the sandbox,
                                     is who refuses; in process the answer is then not compared
  -- calls: 3                        the function is called so often; each call ends so
  -- fill: NAME COUNT "text"         @NAME@ in what follows stands for that text, so often;
                                     the text is written as in JSON, and \\xNN is a byte

and one of the lines "-- run:", "-- guard:", "-- who:", behind which stands the body of a function
(c, e) of that kind; what stands before it (behind the header) is the top of the file. What such a
function returns is its answer: of a run it goes into the field "name". Behind "-- file:" stands a
whole workflow file, behind "-- team:" a whole team.lua.
"""
import glob
import json
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
CLASSES = ["parser", "c_loop", "memory", "finalizer", "coroutine", "error_object",
           "string_metatable", "lying_types", "worker_protocol", "kept_state"]
AT_LEAST = 200
PARTS = re.compile(r"^-- (run|guard|who|file|team):$", re.M)

WORKFLOW = """
return workflow "attack" { key = "AT", version = %(version)d, roles = { "pm" },
  fields = { a = number {}, cost = money {}, name = text {}, rate = number { places = 2 },
    parts = list { of = number {} }, class = choice { "small", "large" } },
  state "one" {
    on "x" { to = "two", by = %(who)s, when = %(guard)s, run = %(run)s } },
  final "two" }
"""
RUN = """function(c, e) local answer = (function(c, e)
%s
end)(c, e) if answer ~= nil then c:set("name", answer) end end"""


class Attack:
    """One file, parsed. name is "class/file"."""

    def __init__(self, path, corpus=HERE):
        self.name = os.path.relpath(path, corpus)[:-len(".lua")]
        self.kind = os.path.dirname(self.name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        head = []
        lines = text.split("\n")
        while lines and lines[0].startswith("--") and not PARTS.match(lines[0]):
            head.append(lines.pop(0)[3:])
        rest = "\n".join(lines)
        part = PARTS.search(rest)
        if not part:
            raise ValueError("%s: no line of -- run:, guard:, who:, file:, team:" % self.name)
        self.part = part.group(1)
        self.fills, said = {}, {}
        for line in head:
            match = re.match(r"(expect|engine|calls|fill): (.*)$", line)
            if match and match.group(1) == "fill":
                name, count, text = match.group(2).split(" ", 2)
                self.fills[name] = as_bytes(text) * int(count)
            elif match:
                said[match.group(1)] = match.group(2)
        if "expect" not in said:
            raise ValueError("%s: no line of -- expect:" % self.name)
        self.expect = said["expect"]
        self.engine = said.get("engine")
        self.calls = int(said.get("calls", 1))
        self.before, self.body = rest[:part.start()], rest[part.end() + 1:]

    @property
    def at_load(self):
        return self.expect.startswith("load error")

    def source(self, version=1):
        """The bytes of the file that a team would have."""
        text = self.body
        if self.part not in ("file", "team"):
            function = RUN % self.body if self.part == "run" else (
                "function(c, e)\n%s\nend" % self.body)
            places = {"who": '"pm"', "guard": "nil", "run": "nil", "version": version}
            places[self.part] = function
            text = self.before + WORKFLOW % places
        text = text.encode("utf-8")
        for name, fill in self.fills.items():
            text = text.replace(b"@" + name.encode() + b"@", fill)
        return text


def as_bytes(text):
    raw = re.sub(r"\\x([0-9a-f]{2})", lambda m: "\\udc" + m.group(1), text)
    return json.loads(raw).encode("utf-8", "surrogateescape")


def corpus(folder=HERE):
    """All attacks, in a fixed order; refuses a corpus that is too small or has an odd class."""
    paths = sorted(glob.glob(os.path.join(folder, "*", "*.lua")))
    found = [Attack(path, folder) for path in paths]
    odd = {attack.kind for attack in found} - set(CLASSES)
    if odd:
        raise ValueError("classes that nobody knows: %s" % ", ".join(sorted(odd)))
    if len(found) < AT_LEAST:
        raise ValueError("%d attacks, at least %d are wanted" % (len(found), AT_LEAST))
    bodies = {}
    for attack in found:
        # The same but for its numbers, and with the same end, is the same attack.
        says = (attack.part, attack.expect, attack.before, attack.body, sorted(attack.fills.items()))
        twin = bodies.setdefault(re.sub(r"\d+", "", repr(says)), attack)
        if twin is not attack:
            raise ValueError("%s is %s again" % (attack.name, twin.name))
    return found


def wrong_end(attack, end):
    """Why this end, "rule_error: text" and its like, is not the expected one; or None."""
    kind, _, text = attack.expect.partition(": ")
    got, _, said = end.partition(": ")
    if got == kind and (text in said if kind != "answer" else text == said):
        return None
    return "%s: expected %s, got %.300s" % (attack.name, attack.expect, end)
