# SPDX-License-Identifier: Apache-2.0
"""The language for people and for editors: the reference, the annotations and the settings that a
new site gets, held against the language itself and judged by luacheck."""
import glob
import json
import os
import re
import shutil
import subprocess

import pytest

from commands import run  # noqa: F401

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def read(*path):
    with open(os.path.join(ROOT, *path)) as file:
        return file.read()


def environment():
    """What a script sees, as the sandbox's own test keeps it; words of libraries with a dot."""
    names = read("tests", "unit", "dsl", "environment.txt").split()
    return {name for name in names if not name.startswith("(")}


def words(run):
    """The words of the language, as the page lists them; c, e and t are no words."""
    return [name for name in re.findall(r"^## (\w+)$", run("reference").stdout, re.MULTILINE) if len(name) > 1]


@pytest.fixture
def site(run, folder):
    made = os.path.join(folder, "edited")
    run("init", made)
    return made


def test_editors_reference_has_every_word_once(run):
    # Of what a script sees, all but Lua's own names are words.
    lua = {"assert", "coroutine", "decimal", "error", "ipairs", "matches", "math", "pairs", "pcall", "rawequal", "select",
           "setmetatable", "string", "table", "tonumber", "tostring", "type", "utf8"}
    plain = {name for name in environment() if "." not in name and "_" != name[0]}
    assert lua < plain
    listed = words(run)
    assert len(listed) == len(set(listed))
    assert set(listed) == plain - lua
    page = run("reference").stdout
    for name in listed:
        part = run("reference", name).stdout
        assert part.strip() in page and "; stands in: " in part and "\n    " in part
    assert "did you mean approval?" in run("reference", "aproval", code=1).stderr
    assert "expected page, lua" in run("reference", "--format", "pdf", code=2).stderr
    assert "of all words" in run("reference", "state", "--format", "lua", code=2).stderr


def test_editors_annotations_are_the_printed_ones(run):
    text = run("reference", "--format", "lua").stdout
    assert text == read("dsl", "meta", "signoff.lua"), \
        "signoff reference --format lua > dsl/meta/signoff.lua"
    for name in words(run):
        assert len(re.findall(r"^(?:function %s\(|%s = nil$)" % (name, name), text, re.MULTILINE)) == 1
    # Every class that is named is there.
    classes = set(re.findall(r"^---@(?:class|alias) (signoff\.[\w.]+)", text, re.MULTILINE))
    named = set(re.findall(r"signoff\.[A-Za-z]\w*(?:\.\w+)?", re.sub(r"^--[^-].*$", "", text, flags=re.MULTILINE)))
    assert named - classes == set()


# ---- members: what the program knows, the page and the annotations are the same ----

def section(run, name):
    """{member: its row} of a section of the page, which "signoff reference" prints by itself, too."""
    page = run("reference").stdout
    part = page[page.index(f"## {name}\n"):].split("\n## ", 1)[0]
    found = dict(re.findall(r"^\| `(\w+)` (.*)$", part, re.MULTILINE))
    assert part.strip() in run("reference", name[0]).stdout
    return found


def annotated(run, name):
    text = run("reference", "--format", "lua").stdout
    part = re.search(r"^---@class signoff\.%s\n((?:---@field .*\n)*)" % re.escape(name), text, re.MULTILINE)[1]
    return re.findall(r"^---@field (\w+)", part, re.MULTILINE)


def complaints(run, folder, script, test):
    """What the kit says of each test of this file, by the test's name; "" for one that passed."""
    for name, text in (("probe.lua", script), ("probe_test.lua", test)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    done = run("test", folder, "--json", code=1 if "local _ =" in test or "c:go" in test else 0)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["name"]: row.get("failure", {}).get("message", "") for row in rows if "name" in row}


PROBE = '''return workflow "probe" { key = "PR", roles = { "pm" }, fields = { note = text {} },
  state "a" { owner = "pm", on "go" { by = "pm", takes = { "note" }, to = "b", run = function(c, e)
%s
  end } },
  state "b" { on "go" { by = "pm", to = "b" } },
}
'''
GOES = '''people { li = "pm", wang = "pm" }
test "it goes" (function(t)
  local c = t:open("probe", { by = "li" })
  c:fire("go", { by = "li", comment = "x", data = { note = "y" } })
  c:expect { state = "b" }
end)
'''


@pytest.mark.parametrize("name, thing, said", [("c", "Case", "of the case"), ("e", "Event", "of the event")])
def test_editors_members_are_those_that_a_function_gets(run, folder, name, thing, said):
    # A member without its row is refused when the prelude is run (name_members in case.lua).
    rows = section(run, name)
    assert annotated(run, thing) == list(rows) and len(rows) >= 6
    # Everything that is there is given, as what it is said to be.
    checks = []
    for member, row in rows.items():
        kind = row.strip("| ").split(" | ")[0]
        if kind.startswith("fun("):
            checks.append(f'assert(type({name}.{member}) == "function", "{member}")')
        elif kind.endswith("?") or member == "any":
            checks.append(f"local _ = {name}.{member}")
        else:
            checks.append(f'assert({name}.{member} ~= nil, "{member}")')
    found = complaints(run, folder, PROBE % "\n".join(checks).replace("local _ =", "local x ="), GOES)
    assert found == {"it goes": ""}
    # And nothing else: a misspelt member is refused.
    for member in rows:
        wrong = complaints(run, folder, PROBE % f"local x = {name}.{member}q -- c:go", GOES.replace("it", "c:go it", 1))
        assert f'unknown member {said} "{member}q"' in list(wrong.values())[0]


def unseen(tests):
    """The same tests, in which nobody can tell beforehand what t is: each goes on until it is met."""
    return tests.replace("(function(t) ", "(function(t) t = ({ t })[1] ")


def foretold(run, folder, tests):
    """What is said of such tests before one of them runs."""
    path = os.path.join(folder, "probe_test.lua")
    with open(path, "w") as file:
        file.write(tests)
    done = run("check", path, "--json", code=1)
    return [json.loads(line)["message"] for line in done.stdout.splitlines()]


@pytest.mark.parametrize("name, thing, page", [("t", "Test", "t"), ("c", "Case", "c in a test")])
def test_editors_words_of_a_test_are_those_that_the_kit_knows(run, folder, name, thing, page):
    rows = section(run, page)
    assert annotated(run, "test." + thing) == list(rows) and len(rows) >= 12
    words = run("test", "--words").stdout
    tests = ['people { li = "pm" }']
    for word in rows:
        assert f"{name}:{word}" in words or f"{name}.{word}" in words
        tests.append(f'test "{word}" (function(t) local c = t:open("probe", {{ by = "li" }})\n'
                     f'  assert({name}.{word} ~= nil)\n  local _ = {name}.{word}q end)')
    found = complaints(run, folder, PROBE % "", unseen("\n".join(tests)))
    told = foretold(run, folder, "\n".join(tests))
    for word in rows:
        assert found[word].startswith(f"unknown word {name}:{word}q (did you mean "), found[word]
        assert found[word] in told


def test_editors_options_of_a_tests_words_are_those_that_it_takes(run, folder):
    """Each word is called with an option that is none: the refusal, and the page, and the
    annotations name the same ones."""
    text = run("reference", "--format", "lua").stdout
    tests, wanted = ['people { li = "pm" }'], {}
    for name, thing in (("t", "Test"), ("c", "Case")):
        for word in annotated(run, "test." + thing):
            options = re.search(r"^---@class signoff\.test\.%s\.%s\n((?:---@field .*\n)*)" % (thing, word), text, re.MULTILINE)
            if options is None:
                continue
            wanted[f"{name}:{word}"] = re.findall(r"@field (\w+)\?", options[1])
            args = re.search(r"^---@field %s fun\(self, (.*?)options" % word, text, re.MULTILINE)[1].count(":")
            given = ["{}" if word.endswith("edit") else '"2026-01-06"'] * args + ["{ byyyy = 1 }"]
            tests.append(f'test "{name}:{word}" (function(t) local c = t:open("probe", {{ by = "li" }})\n'
                         f'  local _ = {name}:{word}({", ".join(given)}) end)')
    found = complaints(run, folder, PROBE % "", unseen("\n".join(tests)))
    told = foretold(run, folder, "\n".join(tests))
    assert len(wanted) > 15
    for word, options in wanted.items():
        assert "unknown key" in found[word] and len(options) >= 1, found[word]
        assert found[word] in told
        part = run("reference", word).stdout
        for option in options:
            assert f"`{option}` " in part


def test_editors_reference_knows_members_by_their_names(run):
    assert "| `set` |" in run("reference", "c:set").stdout
    assert "| `is_in` |" not in run("reference", "c:set").stdout
    assert "`is_in`" in run("reference", "c").stdout and "`vote`" in run("reference", "c").stdout
    assert "`at`" in run("reference", "e.at").stdout
    assert "did you mean c:visits?" in run("reference", "c:visit", code=1).stderr
    for word in ("people", "project", "test"):
        assert f"| `{word}` |" in run("reference", word).stdout


def test_editors_find_their_files_in_a_new_site(run, site):
    with open(os.path.join(site, ".luarc.json")) as file:
        settings = json.load(file)
    library, = settings["workspace.library"]
    with open(os.path.join(site, library, "signoff.lua")) as file:
        assert file.read() == run("reference", "--format", "lua").stdout
    # They are no workflows: the site is as good as without them.
    assert re.search("1 team, [0-9]+ workflows, 1 test file, no findings", run("check", site).stdout)
    shutil.copytree(os.path.join(site, ".signoff"), os.path.join(site, "teams", "demo", ".signoff"))
    assert re.search("1 team, [0-9]+ workflows, 1 test file, no findings", run("check", site).stdout)


def luacheck(site, *files):
    return subprocess.run(["luacheck", "--no-color", "--config", ".luacheckrc", *files], cwd=site,
                          capture_output=True, text=True)


def test_editors_luacheck_finds_the_shipped_workflows_clean(site):
    shipped = glob.glob(os.path.join(ROOT, "workflows", "*.lua"))
    assert len(shipped) >= 5
    for path in shipped:
        shutil.copy(path, os.path.join(site, "teams", "demo", "workflows"))
    done = luacheck(site, "teams")
    assert done.returncode == 0, done.stdout
    assert int(re.search(r"0 warnings / 0 errors in (\d+) files", done.stdout)[1]) > len(shipped)


def test_editors_luacheck_finds_what_is_not_the_languages(site):
    path = os.path.join(site, "teams", "demo", "workflows", "slip.lua")
    with open(path, "w") as file:
        file.write('return workflow "slip" { key = "SL", stat "a" {}, final "b" { enter = function(c) '
                   'os.exit(string.dump(c)) end } }\n')
    done = luacheck(site, "teams")
    for word in ("'stat'", "'os'", "'dump'"):
        assert word in done.stdout
    # Words of tests are for tests.
    for name, clean in (("slip_test.lua", True), ("slip.lua", False)):
        os.remove(path)
        path = os.path.join(site, "teams", "demo", "workflows", name)
        with open(path, "w") as file:
            file.write('people { li = "pm" }\ntest "x" (function(t) t:now() end)\n')
        assert (luacheck(site, "teams").returncode == 0) == clean
