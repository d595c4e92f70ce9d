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
    return re.findall(r"^## (\w+)$", run("reference").stdout, re.MULTILINE)


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
    assert set(listed) - {"c", "e"} == plain - lua
    page = run("reference").stdout
    for name in listed:
        if len(name) > 1:
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
        if len(name) > 1:
            assert len(re.findall(r"^(?:function %s\(|%s = nil$)" % (name, name), text, re.MULTILINE)) == 1
    # Every class that is named is there.
    classes = set(re.findall(r"^---@(?:class|alias) (signoff\.[\w.]+)", text, re.MULTILINE))
    named = set(re.findall(r"signoff\.[A-Za-z]\w*(?:\.\w+)?", re.sub(r"^--[^-].*$", "", text, flags=re.MULTILINE)))
    assert named - classes == set()


def test_editors_know_what_a_function_gets(run):
    source = read("dsl", "prelude", "case.lua")
    said = set(re.findall(r"^function methods\.(\w+)", source, re.MULTILINE))
    for names in re.findall(r"^local members = \{(.*?)\}|local out = \{ (\"fields\".*?)\}", source, re.MULTILINE):
        said |= set(re.findall(r'"(\w+)"', "".join(names)))
    assert {"set", "key", "visits", "ballots"} < said
    page = run("reference").stdout
    members = set(re.findall(r"^\| `(\w+)`", page[page.index("## c\n"):page.index("## e\n")], re.MULTILINE))
    assert members == said
    fields = re.search(r"^local event_members = \{(.*)\}", source, re.MULTILINE)[1]
    members = set(re.findall(r"^\| `(\w+)`", page[page.index("## e\n"):], re.MULTILINE))
    assert members == set(re.findall(r"(\w+) = true", fields))


def test_editors_find_their_files_in_a_new_site(run, site):
    with open(os.path.join(site, ".luarc.json")) as file:
        settings = json.load(file)
    library, = settings["workspace.library"]
    with open(os.path.join(site, library, "signoff.lua")) as file:
        assert file.read() == run("reference", "--format", "lua").stdout
    # They are no workflows: the site is as good as without them.
    assert "1 team, 5 workflows, no findings" in run("check", site).stdout
    shutil.copytree(os.path.join(site, ".signoff"), os.path.join(site, "teams", "demo", ".signoff"))
    assert "1 team, 5 workflows, no findings" in run("check", site).stdout


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
