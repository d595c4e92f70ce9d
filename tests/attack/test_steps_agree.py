# SPDX-License-Identifier: Apache-2.0
"""What a script costs is the same number of steps wherever and whenever it is run: in a hundred
fresh processes with other environments, addresses, times and locales, and behind other calls. So
no script overruns here and not there."""
import concurrent.futures
import json
import os
import random
import subprocess

import pytest

PROGRAM = os.environ.get("SIGNOFF_RULES_RUN", "")
PROCESSES = 100
AT_ONCE = 2
INSTRUCTIONS = 1000000

# Each depends on something that differs from process to process in Lua as it comes.
SCRIPTS = {
    "names that come and go":
        "local t = {} for i = 1, 3000 do t['k' .. i % 700] = i t['k' .. (i * 7) % 700] = nil end",
    "going through names in order":
        "local t = {} for i = 1, 400 do t['name' .. i * i] = i end "
        "for n = 1, 5 do for k in pairs(t) do end end",
    "tables as keys that come and go":
        "local t, all = {}, {} for i = 1, 300 do all[i] = {} end "
        "for i = 1, 4000 do t[all[i % 300 + 1]] = i t[all[(i * 7) % 300 + 1]] = nil end",
    "functions of the library as keys":
        "local t, all = {}, { tostring, type, pcall, select, string.rep, string.find, math.max, "
        "math.min, table.concat, table.insert, ipairs, pairs, error, assert } "
        "for i = 1, 4000 do t[all[i % 14 + 1]] = i t['k' .. i % 60] = i t[all[(i * 5) % 14 + 1]] = nil "
        "t['k' .. (i * 7) % 60] = nil end",
    "the length of a list with holes":
        "local n = 0 for i = 1, 300 do local t = {} for j = 1, 40 do t['x' .. j] = j t[j] = j end "
        "for j = 1, 40 do t['x' .. j] = nil end t[i % 40] = nil t['y' .. i] = 1 for _ = 1, #t do n = n + 1 end end",
    "long names":
        "local t = {} for i = 1, 900 do t[('long'):rep(20) .. i % 90] = i t[('long'):rep(20) .. (i * 7) % 90] = nil end",
    "garbage and the collector":
        "local keep = {} for i = 1, 6000 do local g = { i, { i } } if i % 10 == 0 then keep[#keep + 1] = g end end",
    "a deep stack":
        "local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end "
        "for i = 1, 3 do f(5000) end",
    "metatables and read-only tables":
        "local all = {} for i = 1, 1500 do all[i % 200] = setmetatable({}, { __index = function() return i end }) "
        "local x = all[i % 200].y end local p = c.fields.parts for i = 1, 300 do local y = p[1] end",
    "coroutines":
        "for i = 1, 300 do local co = coroutine.wrap(function() for j = 1, 50 do coroutine.yield(j) end end) "
        "for j = 1, 20 do co() end end",
    "regular expressions":
        "for i = 1, 200 do matches('name' .. i, '^(n|na|nam|a|m|e)+' .. i % 30 .. '$') end",
    "words used in calls":
        "for i = 1, 1500 do local p = person('p' .. i) local g = group('g' .. i) end",
    "errors that are caught":
        "for i = 1, 900 do pcall(function() return c.fields['unknown' .. i] end) end",
    "memory up to its limit":
        "local t = {} while true do t = { t, {}, 'k' .. #t } end",
    "memory with garbage up to its limit":
        "local t = {} for i = 1, 1e9 do t[i % 40000] = ('x'):rep(i % 900) .. i end",
    "memory that is caught":
        "local t = {} while true do pcall(function() while true do t = { t, {} } end end) end",
}

FILE = """return workflow "attack" { key = "AT", version = 1, roles = { "pm" },
  fields = { a = number {}, cost = money {}, name = text {}, parts = list { of = number {} } },
  state "one" { on "x" { by = "pm", to = "two", when = function(c, e) %s return true end },
    on "y" { by = "pm", to = "two", when = function(c, e) local t = {} for i = 1, 5000 do
      t['past' .. i] = { i } end return true end },
    on "z" { by = "pm", to = "two", when = function(c, e)
      local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end
      return f(9000) > 0 end } },
  final "two" }
"""


@pytest.fixture(scope="module")
def questions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scripts")
    made = []
    for n, body in enumerate(SCRIPTS.values()):
        path = folder / ("%d.lua" % n)
        path.write_text(FILE % body)
        made.append({"path": str(path), "purpose": "guard", "instructions": INSTRUCTIONS,
                     "memory": 6 << 20})
    return made


def ask(questions, env=None, prefix=()):
    done = subprocess.run([*prefix, PROGRAM], input=json.dumps(questions).encode(),
                          capture_output=True, check=True, timeout=300, env=env)
    answers = json.loads(done.stdout)
    return [answer["ends"] for answer in answers]


def some_environment(n):
    """Another size of the environment moves the stack; the locale and the zone are others."""
    choose = random.Random(n)
    return {"PATH": os.environ["PATH"], "LC_ALL": choose.choice(["C", "C.UTF-8", "POSIX"]),
            "TZ": choose.choice(["UTC", "Asia/Shanghai", "America/Lima"]),
            "MALLOC_ARENA_MAX": str(choose.randrange(1, 9)),
            "PADDING": "x" * choose.randrange(20000)}


def test_same_script_leaves_the_same_steps_in_every_process(questions):
    first = ask(questions)
    for name, ends in zip(SCRIPTS, first):
        assert len(ends) == 1, name
        assert ends[0]["steps"] < INSTRUCTIONS * 0.95, (name, "costs too little to tell", ends)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for again in pool.map(lambda n: ask(questions, some_environment(n)), range(PROCESSES)):
            for name, before, now in zip(SCRIPTS, first, again):
                assert now == before, name


def test_past_of_a_state_does_not_move_the_limit(questions):
    """The limit is put where the script just ends, and where it just does not: both must be so
    in a state that has been called before, too."""
    used = [INSTRUCTIONS - ends[0]["steps"] for ends in ask(questions)]
    statuses = [ends[0]["status"] for ends in ask(questions)]
    for question, name, steps, status in zip(questions, SCRIPTS, used, statuses):
        if status != "ok":
            continue
        for limit, expected in ((steps, "ok"), (steps - 1, "rule_overrun")):
            asked = [dict(question, instructions=limit, history=history) for history in (0, 1, 2, 7)]
            got = [ends[0]["status"] for ends in ask(asked)]
            assert got == [expected] * 4, (name, limit)


def test_measure_can_tell_two_scripts_apart(questions, tmp_path):
    """The test's own test: a script that does one thing more is found out."""
    path = tmp_path / "more.lua"
    path.write_text(FILE % (SCRIPTS["a deep stack"] + " for i = 1, 1000 do end"))
    base = questions[list(SCRIPTS).index("a deep stack")]
    ends = ask([base, dict(base, path=str(path))])
    assert ends[0][0]["steps"] != ends[1][0]["steps"]
