# SPDX-License-Identifier: Apache-2.0
"""Random workflows, random cases in them, and random next versions: what the rehearsal counted is
what the migration then did, no rung fires twice, and every history proves its case."""
import copy
import json
import os
import random

import pytest

TEAM = """return team "demo" { title = "Demo", timezone = "Asia/Shanghai",
  calendar "office" { monday_to_friday = { "09:00-12:00", "13:30-18:00" } }, use "change" }
"""
NAMES = ["alpha", "beta", "gamma", "delta"]
FIELDS = {"note": "text {}", "days": "number {}", "sum": "money {}", "class": 'choice { "x", "y" }'}
SPANS = ["2 days", "3 workdays", "10 days", "6 workhours", "30 hours"]
PEOPLE = ["li", "wang", "chen", "zhao", "sun"]


# ---- workflows ----

class Version:
    """States, each with what may stand in it, as data; text() writes it as rules."""

    def __init__(self, rng, number):
        self.rng, self.number = rng, number
        self.fields = rng.sample(sorted(FIELDS), rng.randint(2, 4))
        self.states = {}
        for name in NAMES[:rng.randint(3, 4)]:
            self.states[name] = self.state(name)
        self.migrate = ""

    def state(self, name):
        rng = self.rng
        made = {"owner": rng.choice(["pm", "engineer", None]), "kind": rng.choice(["plain"] * 3 +
                ["approval", "regions"]), "task": rng.random() < 0.3, "ladder": None, "after": None}
        if rng.random() < 0.7:
            made["ladder"] = self.ladder(name)
        if rng.random() < 0.3:
            made["after"] = rng.choice(SPANS)
        return made

    def ladder(self, name):
        rng = self.rng
        rungs = ['at "%d%%" { remind "pm" }' % p for p in sorted(rng.sample([20, 50, 80], rng.randint(1, 3)))]
        rungs += ['late "0" { notify "pm" }'] if rng.random() < 0.7 else []
        rungs += ['again "%s" { remind "pm", most = 3 }' % rng.choice(["1 day", "2 days"])] \
            if rng.random() < 0.4 else []
        return {"name": name if rng.random() < 0.5 else "clock_" + name,
                "span": rng.choice(SPANS), "rungs": rungs}

    def next(self):
        """A version that came of it: some states renamed, gone or changed."""
        rng, new = self.rng, copy.copy(self)
        new.number = self.number + 1
        new.fields = rng.sample(sorted(FIELDS), rng.randint(2, 4))
        renamed, new.states = {}, {}
        for name, state in self.states.items():
            change = rng.random()
            if change < 0.12 and len(self.states) > 2:
                continue  # gone: its cases cannot come
            to = name
            if change < 0.35:
                to = renamed[name] = name + "2"
            new.states[to] = copy.deepcopy(state) if rng.random() < 0.5 else self.state(to)
            if state["ladder"] and new.states[to]["ladder"] and rng.random() < 0.7:
                new.states[to]["ladder"] = self.ladder(to)
                old = state["ladder"]["name"]
                new.states[to]["ladder"]["name"] = to if old == name else old
        new.migrate = "migrate { from = %d, states = { %s } }," % (
            self.number, ", ".join('%s = "%s"' % pair for pair in renamed.items()))
        return new

    def state_text(self, name, state, targets):
        lines = ['state "%s" {' % name]
        if state["owner"]:
            lines.append('  owner = "%s",' % state["owner"])
        if state["ladder"]:
            lines.append('  within "%s" { "%s", %s },' % (
                state["ladder"]["name"], state["ladder"]["span"], ", ".join(state["ladder"]["rungs"])))
        if state["after"]:
            lines.append('  after "%s" { when = function(c) return c.rev < 0 end, to = "done" },' % state["after"])
        if state["task"]:
            lines.append('  tasks { task "papers" { by = "pm" }, task "copy" { by = "pm", optional = true } },')
        if state["kind"] == "approval":
            lines.append('  approval { covers = { "%s" }, rule = at_least(2) { "ccb", "pm" },'
                         ' approved = "done", rejected = "dead" },' % self.fields[0])
        lines += ['  on "to.%s" { by = { "pm", "engineer" }, to = "%s" },' % (t, t)
                  for t in targets if t != name]
        if state["kind"] == "regions":
            lines[0] = 'parallel "%s" {' % name
            lines.append('  state "%s.l" { on "l" { by = "pm", to = "%s.l2" }, },' % (name, name))
            lines = [line for line in lines if "tasks {" not in line]
            lines[-1] = ('  state "%(n)s.left" { state "%(n)s.l" { on "l" { by = "pm", to = "%(n)s.l2" } },'
                         ' state "%(n)s.l2" {} },\n  state "%(n)s.right" { state "%(n)s.r" {} },') % {"n": name}
        return "\n  ".join(lines) + "\n  },"

    def text(self):
        states = "\n  ".join(self.state_text(n, s, list(self.states)) for n, s in self.states.items())
        return """return workflow "change" {
  key = "CH", version = %d, roles = { "pm", "engineer", "ccb" },
  fields = { %s },
  %s
  %s
  final "done", final "dead",
}
""" % (self.number, ", ".join("%s = %s" % (f, FIELDS[f]) for f in self.fields), self.migrate, states)


# ---- cases ----

def write(site, name, text):
    folder = os.path.join(site, "teams", "demo", "workflows")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "..", name) if name == "team.lua" else os.path.join(folder, name),
              "w", encoding="utf-8") as file:
        file.write(text)


def live(rng, people, version):
    """Opens cases and lets things happen to them; what is refused is no matter."""
    li, keys = people("li"), []
    for _ in range(12):
        values = {"note": "n", "days": 3, "sum": "10.00", "class": "x"}
        fields = {f: values[f] for f in version.fields if rng.random() < 0.8}
        keys.append(li.call("case.open", workflow="change", project="acme-erp", fields=fields)["case"])
    for _ in range(40):
        key, who = rng.choice(keys), people(rng.choice(PEOPLE))
        act = rng.choice(["go", "go", "vote", "task", "l", "time"])
        try:
            if act == "go":
                who.call("case.fire", case=key, event="to." + rng.choice(sorted(version.states)))
            elif act == "l":
                who.call("case.fire", case=key, event="l")
            elif act == "vote":
                digest = who.call("case.get", case=key)["approvals"][0]["digest"]
                who.call("approval.vote", case=key, choice=rng.choice(["approve", "abstain"]), digest=digest)
            elif act == "task":
                who.call("task.done", case=key, task="papers")
            else:
                li.call("clock.advance", by=rng.choice(["5 hours", "1 day"]))
        except Exception as refused:  # noqa: BLE001
            assert type(refused).__name__ in ("RpcError", "IndexError", "KeyError"), refused
    return keys


# ---- the two sides ----

def told(report):
    """What the rehearsal says: per group its count and its cases, without what people read."""
    return {(g["kind"], g.get("what"), g.get("about")):
            sorted(json.dumps({k: v for k, v in c.items() if not k.endswith("_title")}, sort_keys=True)
                   for c in g["cases"]) for g in report["groups"]}


def done(histories, left):
    """The same, made from what the entries of the migration hold."""
    found = {}

    def add(key, kind, about, what=None, **item):
        item = {k: v for k, v in item.items() if v is not None}
        found.setdefault((kind, what, about), []).append(json.dumps(dict(item, case=key), sort_keys=True))
    for key, entry in histories.items():
        m = entry["migrate"]
        for d in m.get("deadlines", []):
            add(key, "deadline", d["deadline"], d["what"], was=d.get("was"), due=d.get("due"))
            if "at_once" in d:
                add(key, "at_once", "%s: %s" % (d["deadline"], d["at_once"]), due=d.get("due"))
        for b in m.get("ballots", []):
            if not b["kept"]:
                add(key, "void", b["approval"], person=b["person"], on_behalf=b.get("on_behalf"),
                    choice=b["choice"])
        for o in m.get("owners", []):
            add(key, "owner", o["state"], was=o["was"], owner=o["owner"])
        for kind, member in (("dropped", "dropped"), ("task", "tasks"), ("forgotten", "forgotten")):
            for name in m.get(member, []):
                add(key, kind, name)
        if "was" in m:
            add(key, "states", ", ".join(entry["states"]), was=m["was"])
        if entry.get("outcome"):
            add(key, "ends", entry["outcome"])
    for one in left:
        about = one["reason"] + (": " + one["about"] if "about" in one else "")
        add(one["case"], "stuck", about, message=one["message"])
    return {key: sorted(items) for key, items in found.items()}


def fired(items):
    """(id of the arming, rung) of every rung that fired."""
    return [(item["rung"]["deadline"], item["rung"]["rung"]) for item in items if "rung" in item]


def migrated(server, people, keys):
    li = people("li")
    li.call("workflow.migrate", workflow="change")
    li.call("clock.advance", by="0 seconds")
    with open(os.path.join(server.site, "operator.token"), encoding="utf-8") as file:
        operator = server.connect(file.read().strip())
    with operator:
        sweep = [s for s in operator.call("admin.sweeps")["items"] if s["kind"] == "migrate"][-1]
    histories = {}
    for key in keys:
        last = [e for e in li.call("case.history", case=key, limit=500)["items"] if e["kind"] == "migrate"]
        if last:
            histories[key] = last[0]
    return histories, sweep["argument"].get("left", [])


@pytest.fixture
def server(make_server, folder, request):
    rng = random.Random(request.node.callspec.params["seed"])
    first = Version(rng, 1)

    def prepare(made):
        write(made.site, "team.lua", TEAM)
        write(made.site, "change.lua", first.text())
    made = make_server(os.path.join(folder, "site"), "--demo", prepare=prepare)
    made.rng, made.first = rng, first
    return made


SEEDS = range(int(os.environ.get("SIGNOFF_SEEDS", "8")))


@pytest.mark.parametrize("seed", SEEDS)
def test_versions_random_rehearsal_is_what_happens(server, people, seed):
    li, rng = people("li"), server.rng
    keys = live(rng, people, server.first)
    second = server.first.next()
    write(server.site, "change.lua", second.text())
    li.call("workflow.reload")
    report = li.call("workflow.rehearse", limit=10000)["workflows"][0]
    histories, left = migrated(server, people, keys)
    assert told(report) == done(histories, left)
    assert report["cases"] == len(histories) + len(left)
    assert li.call("workflow.rehearse")["workflows"][0]["cases"] == len(left)

    # The test itself: one time moved by a second, one case more, and it must notice.
    if histories:
        wrong = copy.deepcopy(histories)
        next(iter(wrong.values()))["migrate"].setdefault("deadlines", []).append(
            {"deadline": "planted", "what": "moved", "was": "a", "due": "b"})
        assert told(report) != done(wrong, left)

    # Life goes on; of a plain ladder no step fires twice while its state is not entered anew.
    li.call("clock.advance", by="60 days")
    for key, entry in histories.items():
        items = li.call("case.history", case=key, limit=500)["items"]
        since = [i for i in items if i["seq"] > entry["seq"]]
        if any("entered" in item for item in since) or "entered" in entry:
            continue
        kept = {d["deadline"] for d in entry["migrate"].get("deadlines", []) if d["what"] == "new"}
        for rung in fired(since):
            if not rung[1].startswith("again") and rung[0] not in kept:
                assert fired(since).count(rung) == 1, (key, rung)
        last_entered = max(i["seq"] for i in items if "entered" in i)
        earlier = fired([i for i in items if last_entered < i["seq"] < entry["seq"]])
        twice = [r for r in fired(since) if r in earlier and not r[1].startswith("again") and r[0] not in kept]
        assert not twice, (key, twice)
    assert people("admin").call("audit.verify")["cases"] == len(keys)
