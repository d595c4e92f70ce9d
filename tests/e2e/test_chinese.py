# SPDX-License-Identifier: Apache-2.0
"""Who reads Chinese reads no English sentence in the command line: help, lists, results, refusals,
findings. English stays in --json, and for who reads English."""
import json
import os
import re

import pytest

from cases import server  # noqa: F401
from commands import OPEN, run, site  # noqa: F401

# A page of the reference, as help names it. That there is one is looked up.
PAGE = r"\bsignoff reference [a-z]+"
# A sentence: two English words, one after the other, that stand in no quotes and in no code.
CODE = re.compile(PAGE + r"|“[^”]*”|\"[^\"]*\"|`[^`]*`|\([a-z_., ]+\)|\[[^\]]*\]|\{[^}]*\}|\S*[_/=.:@-]\S*|--?[a-z]\S*|<\w+>")
ENGLISH = re.compile(r"\b(?!signoff\b)[a-z]{2,}(?: [a-z]{2,})+\b")
# Lines of code, and of examples.
QUOTED = re.compile(r"^( *\d+ \||    .*|  (-- |signoff|\||people|test|local|end|c:|t:) ?.*)")
# Words of commands, of the rule language and of data, as they are written.
NAMES = set("""approve reject abstain defer changes low normal high urgent opened due updated priority key open
closed en zh auto always never mermaid dot svg page lua luacheck luarc off yes no commands command help
pm ccb engineer sponsor client support requester opener role group person field state owner outcome
case cases show list fire allowed history diagram edit comment assign link vote withdraw explain approval
correct retry attach inbox count messages read task done undo add update member remove delegation set end
calendar exception schedule token create revoke file put get login logout whoami call sweep workflow check
rehearse migrate migrations reload clock advance now audit verify server info health init serve test
reference graph replay admin watch project people persons method words of site seconds minutes hours days
weeks workhours workdays start screening draft internal summary reason details money number text true false
classes word cut off entry entries team opne nowhere
""".split())


def sentences(text):
    """What reads like English in a text for people."""
    found = []
    for line in text.splitlines():
        if QUOTED.match(line):
            continue
        for words in ENGLISH.findall(CODE.sub(" · ", line)):
            unknown = [word for word in words.split() if word not in NAMES]
            if unknown:
                found.append(f"{words}  <- {line}")
    return found


def read(done):
    text = done.stdout + done.stderr
    assert re.search(r"[\u4e00-\u9fff]", text), text
    assert not sentences(text), "\n".join(sentences(text))
    return text


@pytest.fixture
def zh(site):
    def as_person(name, *words, **options):
        return site(name, *words, "--lang", "zh", **options)
    return as_person


def commands(run):
    shown = run("--help").stdout
    return re.findall(r"^  ([a-z]+(?: [a-z]+){0,2}?) {2,}\S", shown, re.MULTILINE)


def test_the_finder_finds_english_and_leaves_code():
    assert sentences("signoff: there is no such case")
    assert sentences("提示：say it with --to STATE")
    assert sentences("“pm”: nobody may fire it")
    for fine in ("状态“no way out”没有时限", "signoff case show CR-1", "      7 | on \"x\" { to = \"y\" },",
                 "请写 by = \"pm\"", "  case open                 提出事项", "写法见 signoff reference figures。"):
        assert not sentences(fine), fine
    assert sentences("写法见 signoff reference figures that nobody reads。")


def test_help_is_all_chinese(run):
    names = commands(run)
    NAMES.update(word for name in names for word in name.split())
    read(run("--help", "--lang", "zh"))
    assert len(names) > 60
    pages = set()
    for name in names:
        pages.update(re.findall(PAGE, read(run(*name.split(), "--help", env={"SIGNOFF_LANG": "zh"}))))
    assert "signoff reference figures" in pages
    for page in pages - {"signoff " + name for name in names}:
        assert run(*page.split()[1:]).stdout.startswith("## "), page


def test_the_language_is_the_first_that_is_said(run):
    chinese = {"LANG": "zh_CN.UTF-8"}
    assert "用法" in run("--help", env=chinese).stdout
    assert "用法" in run("--help", env={"LC_ALL": "zh_CN.UTF-8", "LANG": "C"}).stdout
    assert "usage" in run("--help", env={**chinese, "SIGNOFF_LANG": "en"}).stdout
    assert "usage" in run("--help", "--lang", "en", env={"SIGNOFF_LANG": "zh"}).stdout
    assert "usage" in run("--help", env={"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}).stdout
    assert "expected en or zh" in run("inbox", "--lang", "fr", code=2).stderr


def test_usage_mistakes_are_said_in_chinese(run):
    for words in (["opne"], ["case"], ["case", "opne"], ["case", "open"], ["case", "open", "a", "b", "c"],
                  ["case", "open", "--summry"], ["inbox", "--limit"], ["case", "list", "--limit", "x"],
                  ["graph", "nowhere"], ["check", "nowhere"], ["inbox", "--server", "nowhere"],
                  ["inbox", "--site", "nowhere"], ["verify", "nowhere"], ["serve", "nowhere"]):
        done = run(*words, "--lang", "zh", code=None)
        assert done.returncode != 0
        read(done)


def test_refusals_and_results_are_said_in_chinese(zh, site):
    key = zh("mei", *OPEN)
    read(key)
    for words in (["fire", "CR-1", "submt"], ["fire", "CR-1", "accept"], ["fire", "CR-9", "submit"],
                  ["edit", "CR-1", "--field", "sumary=x"], ["edit", "CR-1", "--field", "class=huge"],
                  ["vote", "CR-1", "approve"], ["correct", "CR-1", "--to", "draft", "--reason", "x"],
                  ["assign", "CR-1", "li"], ["list", "--workflow", "chnge", "--state", "x"]):
        done = zh("mei", "case", *words, code=None)
        if done.returncode:
            read(done)
    read(zh("mei", "case", "fire", "CR-1", "submit"))
    for words in (["show", "CR-1"], ["list"], ["history", "CR-1"], ["allowed", "CR-1"], ["explain", "CR-1"]):
        read(zh("li", "case", *words))
    for words in (["inbox"], ["inbox", "messages"], ["person", "list"], ["project", "show", "acme-erp"],
                  ["calendar", "explain", "3 workdays"], ["schedule", "list"], ["delegation", "list"],
                  ["workflow", "list"], ["token", "list"]):
        read(zh("li", *words))
    assert "it is for pm" not in zh("mei", "case", "fire", "CR-1", "accept", code=1).stderr


def test_json_stays_english(zh):
    zh("mei", *OPEN)
    error = json.loads(zh("mei", "case", "fire", "CR-1", "submt", "--json", code=1).stderr)["error"]
    assert error["message"].startswith("there is no event") and error["code"] == "not_now"


def test_a_terminals_language_is_that_of_who_has_none(site):
    assert "没有等待" in site("li", "inbox", env={"LANG": "zh_CN.UTF-8"}).stderr + ""
    assert "nothing waits" in site("mei", "inbox", env={"LANG": "zh_CN.UTF-8"}).stderr
    assert "没有等待" in site("zhao", "inbox").stderr


MISTAKES = """return workflow "wrong" {
  key = "WR", version = 1, client = "project",
  roles = { "pm" }, fields = { what = text {}, price = money { mn = 0 } },
  start = "one",
  state "one" { owner = "pmm", on "go" { by = "pm", to = "tow" }, on "gone" { to = "two" } },
  state "two" { approval { covers = { "what" }, rule = one_of "pm" {}, approved = "done" } },
  state "three" { },
  final "done",
  stat "four" {},
}
"""
WARNINGS = """return workflow "warned" {
  key = "WA", version = 1, client = "project",
  roles = { "pm" }, fields = { what = text {}, never = text {} },
  start = "one",
  state "one" { owner = "pm", on "go" { by = "pm", needs = { "never" }, to = "two" }, on "gone" { to = "two" } },
  state "two" { approval { covers = { "what" }, rule = at_least(2) { "opener" }, approved = "done", rejected = "done" } },
  state "three" { on "x" { by = "pm", to = "three" } },
  final "done",
}
"""


def test_findings_are_said_in_chinese(run, folder):
    for name, source in (("wrong", MISTAKES), ("warned", WARNINGS), ("broken", "return workflow 'x' {\n  start = ，\n"),
                         ("cut", "return workflow \"cut\" {\n  start = \n}\n")):
        path = os.path.join(folder, name + ".lua")
        with open(path, "w", encoding="utf-8") as file:
            file.write(source)
        done = run("check", path, "--lang", "zh", code=None)
        read(done)
        sarif = json.loads(run("check", path, "--sarif", "--lang", "zh", code=None).stdout)
        assert sarif["runs"][0]["results"] and "\\u4" not in json.dumps(
            [result["message"] for result in sarif["runs"][0]["results"]]).replace("\\uff0c", "")
    read(run("check", "--list", "--lang", "zh"))
    read(run("check", "--reference", "--lang", "zh"))
    read(run("check", "--explain", "stuck-state", "--lang", "zh"))
