# SPDX-License-Identifier: Apache-2.0
"""What a rule author types at check, test and graph: every path does the obvious thing, or is told
what would be right."""
import json
import os
import subprocess

import pytest

from commands import run  # noqa: F401

SCRIPT = """return workflow "%s" { key = "%s",
  state "a" { on "go" { by = "pm", to = "done" } },
  final "done",
}
"""
TEST = """people { li = "pm" }
test "it goes" (function(t)
  local c = t:open("%s", { by = "li" })
  c:fire("go", { by = "li" })
  c:expect { state = "done" }
end)
"""
TEAM = """return team "%s" { use "visit", use "report" }
"""


@pytest.fixture
def tree(folder):
    """A site with two teams, workflows that lie in no team, and what is none of these."""
    def write(path, text):
        path = os.path.join(folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    for team in ("north", "south"):
        write(f"site/teams/{team}/team.lua", TEAM % team)
        for name, key in (("visit", "VI"), ("report", "RE")):
            write(f"site/teams/{team}/workflows/{name}.lua", SCRIPT % (name, key))
        write(f"site/teams/{team}/workflows/visit_test.lua", TEST % "visit")
    write("loose/visit.lua", SCRIPT % ("visit", "VI"))
    write("loose/report.lua", SCRIPT % ("report", "RE"))
    write("loose/visit_test.lua", TEST % "visit")
    write("wrong/visit.lua", (SCRIPT % ("visit", "VI")).replace('"done" }', '"don" }'))
    write("text.txt", "text\n")
    os.makedirs(os.path.join(folder, "empty"))
    os.makedirs(os.path.join(folder, "bare/teams"))
    return folder


@pytest.mark.parametrize("place, words, said", [
    (".", "site", "2 teams, 4 workflows, 2 test files, no findings"),
    (".", "site/teams", "2 teams, 4 workflows, 2 test files, no findings"),
    (".", "site/teams/north", "1 team, 2 workflows, 1 test file, no findings"),
    (".", "site/teams/north/", "1 team, 2 workflows, 1 test file, no findings"),
    (".", "site/teams/north/team.lua", "1 team, 2 workflows, 1 test file, no findings"),
    (".", "site/teams/north/workflows", "1 team, 2 workflows, 1 test file, no findings"),
    (".", "site/teams/north/workflows/visit.lua", "1 workflow, no findings"),
    (".", "site/teams/north/workflows/visit_test.lua", "1 test file, no findings"),
    (".", "loose", "2 workflows, 1 test file, no findings"),
    (".", "loose site/teams/south loose/visit_test.lua", "1 team, 4 workflows, 3 test files, no findings"),
    ("site", "", "2 teams, 4 workflows, 2 test files, no findings"),
    ("site/teams", ".", "2 teams, 4 workflows, 2 test files, no findings"),
    ("site/teams/north", "", "1 team, 2 workflows, 1 test file, no findings"),
    ("site/teams/north/workflows", "", "1 team, 2 workflows, 1 test file, no findings"),
    ("site/teams/north/workflows", "..", "1 team, 2 workflows, 1 test file, no findings"),
    ("loose", "", "2 workflows, 1 test file, no findings"),
])
def test_check_takes_every_place_of_rules(run, tree, place, words, said):
    done = run("check", *words.split(), cwd=os.path.join(tree, place))
    assert done.stdout == said + "\n"


@pytest.mark.parametrize("word, said", [
    ("nowhere", "there is no file or folder nowhere"),
    ("empty", "empty holds no rules: expected a site"),
    ("bare", "bare/teams holds no team: expected bare/teams/NAME/team.lua"),
    ("text.txt", "text.txt is no script"),
])
@pytest.mark.parametrize("command", ["check", "test", "graph"])
def test_what_holds_no_rules_is_told_what_would_be_right(run, tree, command, word, said):
    done = run(command, word, cwd=tree, code=1)
    assert said in done.stderr and done.stdout == ""


def test_check_looks_at_the_others_when_one_path_is_none(run, tree):
    done = run("check", "nowhere", "loose", "wrong", cwd=tree, code=1)
    assert "there is no file or folder nowhere" in done.stderr
    assert "wrong/visit.lua:2:41: error" in done.stdout and "3 workflows, 1 test file: 1 error" in done.stdout


def test_sarif_is_a_document_also_when_a_path_is_none(run, tree):
    """SARIF 2.1.0, 3.20.14 and 3.20.21: an invocation says whether it was successful, and why not."""
    for words, ended, told in ((["loose"], True, []), (["nowhere"], False, ["nowhere"]),
                               (["loose", "nowhere", "empty"], False, ["nowhere", "empty"])):
        done = run("check", *words, "--sarif", cwd=tree, code=0 if ended else 1)
        invocation, = json.loads(done.stdout)["runs"][0]["invocations"]
        assert invocation["executionSuccessful"] is ended
        notes = invocation["toolExecutionNotifications"]
        assert len(notes) == len(told)
        for note, word in zip(notes, told):
            assert note["level"] == "error" and word in note["message"]["text"]


def test_a_long_line_is_cut_around_its_place(run, tree):
    path = os.path.join(tree, "loose", "long.lua")
    fields = ", ".join(f"feld{i} = text {{ title = \"标题\" }}" for i in range(300))
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'return workflow "long" {{ key = "LO", fields = {{ {fields} }}, '
                   'state "a" { on "go" { by = "pm", to = "nowhere" } }, final "done", '
                   f'outcomes = {{ done = "{"x" * 300}" }} }}\n')
    source, caret = run("check", path, code=1).stdout.splitlines()[1:3]
    assert len(source) < 130 and source.startswith("     1 | …") and source.endswith("…")
    wide = source[:source.index('"nowhere"')]
    assert caret.index("^") == len(wide) + sum(1 for c in wide if ord(c) > 0x2e80)


def test_mistakes_of_a_test_file_are_found_by_check(run, tree):
    path = os.path.join(tree, "loose", "visit_test.lua")
    with open(path, "a", encoding="utf-8") as file:
        file.write('test “two” (function(t) end)\n')
    lines = run("check", path, code=1).stdout.splitlines()
    assert lines[0].startswith(f"{path}:7:6: error: ") and lines[3] == '       = write "two"'
    assert lines[-1] == "1 test file: 1 error, 0 warnings"


# ---- test ----

@pytest.mark.parametrize("place, word, tests", [
    (".", "site", 2), (".", "site/teams", 2), (".", "site/teams/north", 1), (".", "site/teams/north/workflows", 1),
    (".", "site/teams/north/workflows/visit.lua", 1), (".", "loose", 1), (".", "loose/visit.lua", 1),
    (".", "loose/visit_test.lua", 1), ("loose", ".", 1), ("site/teams/north/workflows", ".", 1),
])
def test_test_takes_every_place_of_rules(run, tree, place, word, tests):
    done = run("test", word, cwd=os.path.join(tree, place))
    assert f"\n{tests} passed, 0 failed" in done.stdout


def test_test_of_a_script_without_tests_says_where_they_would_be(run, tree):
    assert "report.lua has no tests: they stand beside it, in loose/report_test.lua" in run(
        "test", "loose/report.lua", cwd=tree, code=1).stderr


def test_coverage_counts_what_the_folder_holds(run, tree):
    """A workflow without a test counts, a shipped one that is only used does not, and both are said."""
    team = os.path.join(tree, "site/teams/north")
    with open(os.path.join(team, "team.lua"), "w", encoding="utf-8") as file:
        file.write('return team "north" { use "visit", use "report", use "issue",\n'
                   '  calendar "office" { monday_to_friday = { "09:00-17:00" } } }\n')
    with open(os.path.join(team, "workflows/issue_test.lua"), "w", encoding="utf-8") as file:
        file.write('people { li = "pm" }\ntest "nothing" (function(t) end)\n')
    done = run("test", team, "--coverage")
    # visit: its states a and done, its transition; report: the same, never reached
    assert "visit 100%: 2 of 2 states, 1 of 1 transitions" in done.stdout
    assert "report 0%: 0 of 2 states, 0 of 1 transitions" in done.stdout
    assert f"{team}/workflows/report.lua:2: never reached: a\n" in done.stdout
    assert "50% of the workflows reached" in done.stdout and "shipped: issue\n" in done.stdout
    assert "shipped/" not in done.stdout
    end = json.loads(run("test", team, "--json", "--coverage").stdout.splitlines()[-1])
    assert end["not_counted"] == ["issue"] and {item["workflow"] for item in end["items"]} == {"visit", "report"}
    missed = run("test", ".", "--coverage", cwd=os.path.join(team, "workflows")).stdout
    assert "\n  report.lua:2: never reached: a\n" in missed


MISUSE = """people { li = "pm" }
test "a" (function(t)
  t:expect_message { to = "li",
    times = "x" }
end)
test "b" (function(t)
  local c = t:open("visit", { by = "li" })
  c:fire("go", setmetatable({}, { __index = function() return 5 end, __len = function() error "x" end }))
end)
test "d" (function(t)

  for _ in ipairs(nil) do end
end)
test "e" (function(t) local list = { {}, {} }
  table.sort(list)
end)
test "f" (function(t) local function deep(n) if n == 0 then t:advance(5) else deep(n - 1) end end
  deep(3)
end)
test "g" (function(t)
  t:open("visit", { by = "li",
    fields = 5 })
end)
"""


def test_every_failure_stands_at_a_line_of_its_author(run, tree):
    path = os.path.join(tree, "loose/visit_test.lua")
    with open(path, "w", encoding="utf-8") as file:
        file.write(MISUSE)
    rows = [json.loads(line) for line in run("test", path, "--json", code=1).stdout.splitlines()]
    lines = {row["name"]: row["failure"]["line"] for row in rows if "name" in row and not row["passed"]}
    assert lines == {"a": 3, "b": 8, "d": 12, "e": 15, "f": 17, "g": 21}
    said = json.dumps(rows)
    assert "(signoff" not in said and "@:" not in said


# ---- graph ----

@pytest.mark.parametrize("place, word", [
    (".", "site/teams/north"), (".", "site/teams/north/team.lua"), (".", "site/teams/north/workflows"),
    (".", "loose"), ("loose", "."), ("site/teams/north", "."), ("site/teams/north/workflows", "."),
])
def test_graph_draws_all_of_a_folder_into_files_of_their_own(run, tree, place, word):
    place = os.path.join(tree, place)
    one = run("graph", word, "visit", cwd=place).stdout
    assert one.startswith("---\ntitle: \"visit")
    several = run("graph", word, cwd=place, code=1).stderr
    assert "report" in several and "--output FOLDER/" in several
    drawings = os.path.join(tree, "drawings")
    done = run("graph", word, "--output", drawings + "/", cwd=place)
    assert sorted(done.stdout.split()) == [f"{drawings}/report.mmd", f"{drawings}/visit.mmd"]
    with open(os.path.join(drawings, "visit.mmd"), encoding="utf-8") as file:
        assert file.read() == one
    run("graph", word, "--format", "dot", "--output", drawings, cwd=place)
    assert sorted(os.listdir(drawings)) == ["report.dot", "report.mmd", "visit.dot", "visit.mmd"]


def test_graph_says_what_a_path_is_and_what_to_give_instead(run, tree):
    def refusal(*words):
        return run("graph", *words, cwd=tree, code=1).stderr
    assert "holds 2 teams: name the folder of one, such as site/teams/north" in refusal("site")
    assert "holds tests, which are not drawn" in refusal("loose/visit_test.lua")
    assert "loose/visit.lua" in refusal("loose/visit_test.lua")
    wrong = refusal("wrong/visit.lua")
    assert "wrong/visit.lua:2:41: unknown state" in wrong and "signoff check wrong/visit.lua" in wrong
    assert "it has visit" in refusal("loose/visit.lua", "report")


def test_paths_are_shown_as_the_reader_can_open_them(run, tree):
    with open(os.path.join(tree, "site/teams/north/workflows/visit.lua"), "a", encoding="utf-8") as file:
        file.write("-- signoff: allow nothing\n")
    for place, word, shown in (
            (".", "site", "site/teams/north/workflows/visit.lua"), ("site", ".", "teams/north/workflows/visit.lua"),
            ("site/teams/north/workflows", ".", "visit.lua"), ("site/teams", "north", "north/workflows/visit.lua")):
        found = run("check", word, "--json", cwd=os.path.join(tree, place)).stdout.splitlines()
        assert [json.loads(line)["file"] for line in found] == [shown]


def test_no_command_writes_into_the_folders_it_reads(run, tree):
    before = subprocess.run(["find", ".", "-newer", "text.txt"], cwd=tree, capture_output=True, check=True).stdout
    run("check", "site", cwd=tree)
    run("test", "site", cwd=tree)
    assert before == subprocess.run(["find", ".", "-newer", "text.txt"], cwd=tree, capture_output=True,
                                    check=True).stdout
