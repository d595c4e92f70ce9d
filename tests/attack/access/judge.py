# SPDX-License-Identifier: Apache-2.0
"""Asks everything of everybody and says what came out otherwise than the table expects.

Three things are judged of each answer: is it the one that the caller's class must get; is what the
caller may not see answered as what is not there, to the byte; and does it name nothing that the
caller must not know of. Whoever is refused changes nothing.
"""
import json
import re

from cursors import Cursors
from table import CLASSES, SCOPES, STRANGERS, TABLE
from world import MARKS

CHUNK = 64
OPTIONAL = ("giver", "lent_workflow", "lent_project")  # kinds that are named only when asked about


class Probe:
    """One request of one caller; about: (parameter and kind, name, is it seen)."""

    def __init__(self, caller, method, params, about=None):
        self.caller, self.method, self.params, self.about = caller, method, params, about
        self.answer = None

    def code(self):
        error = self.answer.get("error")
        return error["data"]["code"] if error else None

    def said(self):
        """The answer's bytes with the name that was asked for blotted out."""
        text = json.dumps({k: v for k, v in self.answer.items() if k not in ("id", "jsonrpc")},
                          sort_keys=True)
        if self.about:
            text = re.sub(r"(?<![\w-])%s(?![\w-])" % re.escape(str(plain(self.about[1]))), "?", text)
        return re.sub(r'"watch": \d+', '"watch": 0', text)

    def fault(self, why):
        return "%s as %s, %s: %s: %s" % (self.method, self.caller, self.params, why, self.said()[:300])


def asked(connection, probes):
    """Sends them in pieces and takes their answers."""
    for at in range(0, len(probes), CHUNK):
        chunk = probes[at:at + CHUNK]
        for probe in chunk:
            probe.sent = connection.send(probe.method, probe.params)
        for probe in chunk:
            probe.answer = connection.receive()
            assert probe.answer["id"] == probe.sent, probe.fault("another's answer")
    return probes


def plain(name):
    """The name itself, of one within a list within an object."""
    return next(iter(name.values()))[0] if isinstance(name, dict) else name


def kinds_of(row):
    """(parameter, kind): a parameter may name things of several kinds."""
    return [(param, kind) for param, kinds in row.ids.items()
            for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]


def shape(row, value):
    return [value] if row.how.get("many") else value


class Judge:
    def __init__(self, world, methods, only=None):
        """methods: {name: its parameters} as the program lists them; only: these methods."""
        self.world, self.methods, self.faults, self.asked = world, methods, [], 0
        self.absent = {}  # {(caller, method, parameter and kind): what is said of what is not there}
        self.only = sorted(only or TABLE)

    # ---- what is asked ----

    def default(self, kind, caller):
        """Something of the kind that the caller sees, or else what is not there."""
        for name, to in self.world.items[kind]:
            if caller in to and name != caller:
                return name
        return self.world.items[kind][-1][0]

    def params(self, method, caller, **more):
        row = TABLE[method]
        params = {name: value for name, value in row.plain.items() if value is not None}
        for name, kind in kinds_of(row):
            if kind not in OPTIONAL and not row.how.get("alone") and not row.how.get("watch"):
                params[name] = shape(row, self.default(kind, caller))
        params.update(more)
        if caller == "operator" and "team" in self.methods[method]:
            params["team"] = "demo"
        return params

    def probes(self, method, caller):
        """One for each thing of each kind that the method takes, or one alone."""
        row = TABLE[method]
        made = [Probe(caller, method, self.params(method, caller, **{param: shape(row, name)}),
                      (param + " " + kind, name, caller in to))
                for param, kind in kinds_of(row) for name, to in self.world.items[kind]]
        return made or [Probe(caller, method, self.params(method, caller))]

    def ask(self, caller, methods, pick):
        connection = self.world.caller(caller)
        probes = []
        for method in methods:
            mine = [p for p in self.probes(method, caller) if pick(p)]
            if TABLE[method].how.get("watch"):
                mine = [x for p in mine for x in (p, Probe(caller, "watch.stop", {}))]
            probes += mine
        asked(connection, probes)
        told = json.dumps(list(connection.notifications), ensure_ascii=False)
        self.marks(caller, "notifications", "", told)
        for probe in probes:
            self.asked += 1
            self.marks(caller, probe.method, json.dumps(probe.params), probe.said(), probe)
        return [p for p in probes if p.method in methods]

    def marks(self, caller, method, asked_for, text, probe=None):
        """What was not in the question must not be in the answer."""
        if method in TABLE and TABLE[method].who == "operator":
            return  # of the whole site
        for mark, knowers in MARKS.items():
            if caller not in knowers and mark in text and mark not in asked_for:
                self.faults.append("%s as %s tells of %s: %s" % (method, caller, mark, text[:300]))

    def asked_of(self, probes):
        """Of one caller."""
        return asked(self.world.caller(probes[0].caller), probes)

    # ---- what is judged ----

    def serves(self, method, caller):
        return bool(set(TABLE[method].who.split()) & CLASSES[caller])

    def listed(self, caller, serves):
        return [m for m in self.only if not TABLE[m].how.get("skip") and not TABLE[m].how.get("last")
                and self.serves(m, caller) == serves]

    def complete(self):
        """The table has a place for every method and parameter, and for nothing else."""
        for method in sorted(set(self.methods) ^ set(TABLE)):
            self.faults.append("%s: in the %s alone" % (method, "table" if method in TABLE else "program"))
        for method in sorted(set(self.methods) & set(TABLE)):
            known = set(TABLE[method].ids) | set(TABLE[method].plain) | {"team", "request_id"}
            for param in sorted(set(self.methods[method]) - known):
                self.faults.append("%s: the table has no place for %s" % (method, param))
            for param in sorted(known - {"team", "request_id"} - set(self.methods[method])):
                self.faults.append("%s: the program has no %s" % (method, param))

    @staticmethod
    def refusals(caller, method):
        """Who was a person once is told at the door that a row is the operator's."""
        if caller not in STRANGERS:
            return ("forbidden",)
        at_the_door = caller != "nobody" and TABLE[method].who == "operator"
        return ("unauthenticated", "forbidden") if at_the_door else ("unauthenticated",)

    def refused(self, caller):
        """Methods that do not serve the caller: one answer, whatever they are asked about."""
        before = self.world.entries()
        answers = {}
        for probe in self.ask(caller, self.listed(caller, False), lambda p: True):
            if probe.code() not in self.refusals(caller, probe.method):
                self.faults.append(probe.fault("not refused as it should be"))
            answers.setdefault(probe.method, set()).add(probe.said())
        self.faults += ["%s as %s: refused in %d ways" % (method, caller, len(ways))
                        for method, ways in answers.items() if len(ways) > 1]
        if self.world.entries() != before:
            self.faults.append("%s was refused and changed something" % caller)

    def unseen(self, caller):
        """What the caller does not see is answered as what is not there."""
        before = self.world.entries()
        answers = {}
        for probe in self.ask(caller, self.listed(caller, True), lambda p: p.about and not p.about[2]):
            key = (probe.method, probe.about[0])
            answers.setdefault(key, []).append(probe)
            if not TABLE[probe.method].how.get("filter") and probe.code() is None:
                self.faults.append(probe.fault("not refused"))
            if probe.code() in ("internal", "unauthenticated"):
                self.faults.append(probe.fault("not this way"))
        for probes in answers.values():
            absent = probes[-1]  # the last of each kind is nobody's
            self.absent[caller, absent.method, absent.about[0]] = absent.said()
            self.faults += [p.fault("not as what is absent: " + absent.said()[:200])
                            for p in probes if p.said() != absent.said()]
        if self.world.entries() != before:
            self.faults.append("%s changed something unseen" % caller)

    def seen(self, caller):
        """What the caller sees is there; what becomes of it is not judged here."""
        for probe in self.ask(caller, self.listed(caller, True), lambda p: not p.about or p.about[2]):
            absent = probe.about and self.absent.get((caller, probe.method, probe.about[0]))
            if probe.code() in ("unauthenticated", "internal", "method", "request"):
                self.faults.append(probe.fault("not this way"))
            how = TABLE[probe.method].how
            if probe.said() == absent and not how.get("filter") and not how.get("quiet"):
                self.faults.append(probe.fault("it is there, and theirs"))

    def nearly(self, caller):
        """A name that is nearly right is met with no name that the caller does not see."""
        probes = []
        for method in self.listed(caller, True):
            row = TABLE[method]
            for param, kind in kinds_of(row):
                for name, to in self.world.items[kind]:
                    if isinstance(name, str) and caller not in to:
                        params = self.params(method, caller, **{param: shape(row, name[:-1])})
                        probes.append(Probe(caller, method, params, (param, name, False)))
        for probe in asked(self.world.caller(caller), probes):
            self.asked += 1
            if re.search(r"(?<![\w-])%s(?![\w-])" % re.escape(probe.about[1]), json.dumps(probe.answer)):
                self.faults.append(probe.fault("told of %s" % probe.about[1]))

    def replayed(self, caller):
        """The whole history, as a watch shows it, names nothing that the caller must not know of."""
        connection, begin = self.world.caller(caller), 1
        more = {"team": "demo"} if caller == "operator" else {}
        for _ in range(1000):
            started = connection.call("watch.start", titles=True, **{"from": begin}, **more)
            for _ in range(20):
                connection.call("session.whoami")
            begin = connection.call("watch.stop", watch=started["watch"])["seq"] + 1
            if begin > started["head"]:
                break
        self.asked += 1
        if begin <= started["head"]:
            self.faults.append("a watch of %s does not come to its end" % caller)
        self.marks(caller, "watch.start", "", json.dumps(list(connection.notifications)))

    def team_of_another(self, caller):
        """The team is the credential's: nobody but an operator names one."""
        methods = [m for m in self.listed(caller, True) if "team" in self.methods[m]]
        probes = [Probe(caller, m, self.params(m, caller, team="elsewhere")) for m in methods]
        for probe in asked(self.world.caller(caller), probes):
            self.asked += 1
            if probe.code() != "invalid" or probe.answer["error"]["data"].get("pointer") != "/team":
                self.faults.append(probe.fault("not refused for its team"))

    def team_unknown(self):
        methods = [m for m in self.listed("operator", True) if "team" in self.methods[m]]
        probes = [Probe("operator", m, dict(self.params(m, "operator"), team="zzteam"))
                  for m in methods]
        for probe in asked(self.world.caller("operator"), probes):
            self.asked += 1
            if probe.code() != "not_found":
                self.faults.append(probe.fault("a team that is not there"))

    def scopes(self, holder, word):
        """A token that is bound to less than a method needs: refused; to as much: not for that."""
        more = {"team": "demo", "person": holder} if holder != "operator" else {}
        token = self.world.operator.call("token.create", name=word, scope=word, **more)["token"]
        connection = self.world.keep(self.world.server.connect(token))
        probes = [Probe(holder, m, self.params(m, holder)) for m in self.listed(holder, True)
                  if TABLE[m].scope is not None and
                  (TABLE[m].scope == "read" or SCOPES.index(TABLE[m].scope) > SCOPES.index(word))]
        for probe in asked(connection, probes):
            self.asked += 1
            beyond = SCOPES.index(TABLE[probe.method].scope) > SCOPES.index(word)
            bound = probe.code() == "forbidden" and "beyond this token" in probe.answer["error"]["message"]
            if beyond != bound:
                self.faults.append(probe.fault("scope %s" % word))

    def run(self):
        self.complete()
        for caller in CLASSES:
            self.refused(caller)
        for caller in CLASSES:
            if caller not in STRANGERS:
                self.unseen(caller)
        for caller in ("ann", "amy", "eve", "pam", "lead", "olga", "operator"):
            self.nearly(caller)
        for caller in ("ann", "pam", "lead", "olga"):
            self.team_of_another(caller)
        self.team_unknown()
        for holder in ("lead", "operator"):
            for word in SCOPES[:-1]:
                self.scopes(holder, word)
        if self.only == sorted(TABLE):
            self.faults += Cursors(self, Probe).run()
        for caller in CLASSES:
            self.seen(caller)
            if caller not in STRANGERS:
                self.replayed(caller)
        return self.faults


def methods_of(connection):
    return {m["name"]: [p["name"] for p in m["params"]] for m in connection.call("rpc.discover")["methods"]}
