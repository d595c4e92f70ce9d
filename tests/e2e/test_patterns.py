# SPDX-License-Identifier: Apache-2.0
"""The pattern book (examples/patterns): its workflows have no findings, its tests pass, and its
tables say of all 43 + 43 patterns what is so."""
import glob
import os
import re
import subprocess

import pytest

BOOK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "patterns")
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| (\w+) \| ([^|]*) \| ([^|]+) \|$", re.M)
SHOWN = re.compile(r'\[(\w+)\]\(workflows/(\w+)\.lua\) "([^"]+)"')
TEST = re.compile(r'^test "([^":]+): ', re.M)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def names_shown(folder, workflow):
    """What the tests of a workflow show: their names before the colon, patterns with commas between."""
    path = os.path.join(folder, "workflows", workflow + "_test.lua")
    if not os.path.exists(path):
        return None
    text = read(path)
    assert len(TEST.findall(text)) == len(re.findall(r"^test ", text, re.M)), path
    return TEST.findall(text)


# A pattern's name may hold a comma itself.
def shows(head, name):
    return re.search(r"(^|, )" + re.escape(name) + r"(, |$)", head) is not None


def problems_of_row(folder, where, row):
    number, pattern, said, shown, how = row
    place = f"{where} {number}, {pattern}"
    if said not in ("yes", "partly", "no"):
        return [f'{place}: says "{said}"']
    if said == "no":
        return [f"{place}: no, and yet shown"] if shown.strip() else []
    found = SHOWN.fullmatch(shown)
    if not found or found[1] != found[2]:
        return [f"{place}: does not name a workflow and a test"]
    if not os.path.exists(os.path.join(folder, "workflows", found[1] + ".lua")):
        return [f"{place}: there is no workflow {found[1]}"]
    heads = names_shown(folder, found[1])
    if heads is None or not any(shows(head, found[3]) for head in heads):
        return [f'{place}: no test of {found[1]} shows "{found[3]}"']
    return [] if how.strip() else [f"{place}: does not say how"]


def problems(folder, text):
    """What is wrong with the tables of this text, over the workflows of this folder."""
    parts = re.split(r"^## ", text, flags=re.M)[1:]
    out = []
    if [part.splitlines()[0] for part in parts] != ["Control flow", "Resources"]:
        return ["expected two tables: Control flow, Resources"]
    for part in parts:
        where, rows = part.splitlines()[0], ROW.findall(part)
        if [int(row[0]) for row in rows] != list(range(1, 44)):
            out.append(f"{where}: expected the rows 1 to 43")
        if part.count("\n| ") != len(rows) + 1:
            out.append(f"{where}: a row cannot be read")
        said = [row[2] for row in rows]
        counts = ", ".join(f"{said.count(word)} {word}" for word in ("yes", "partly", "no"))
        if f"\n\n{counts}.\n\n" not in part:
            out.append(f"{where}: expected {counts}")
        for row in rows:
            out += problems_of_row(folder, where, row)
    for path in sorted(glob.glob(os.path.join(folder, "workflows", "*.lua"))):
        name = os.path.basename(path)[:-4]
        if not name.endswith("_test") and f"[{name}](workflows/{name}.lua) " not in text:
            out.append(f"the workflow {name} shows nothing")
    return out


@pytest.fixture
def signoff(binary):
    def run(*words):
        done = subprocess.run([binary, *words], capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Sanitizer" not in done.stderr, done.stderr
        return done.stdout
    return run


def test_the_checker_finds_nothing_in_the_book(signoff):
    signoff("check", BOOK, "--strict")


def test_every_test_of_the_book_passes_and_all_of_it_is_reached(signoff):
    signoff("test", BOOK, "--min-coverage", "100")


def test_the_tables_say_of_each_pattern_what_is_so():
    assert problems(BOOK, read(os.path.join(BOOK, "README.md"))) == []


def row_of(text, name):
    return next(line for line in text.splitlines() if f"| {name} |" in line)


FAULTS = {
    "there is no workflow kickof": lambda text: text.replace(
        row_of(text, "Sequence"), row_of(text, "Sequence").replace("kickoff", "kickof")),
    'no test of kickoff shows "sequences"': lambda text: text.replace('"sequence"', '"sequences"'),
    # a part of a name is another pattern
    'no test of opinions shows "partial join"': lambda text: text.replace(
        '"structured partial join"', '"partial join"'),
    "does not name a workflow": lambda text: text.replace(
        row_of(text, "Milestone"), "| 18 | Milestone | yes |  | it can |"),
    "expected the rows 1 to 43": lambda text: text.replace(row_of(text, "Delegation") + "\n", ""),
    'says "mostly"': lambda text: text.replace("| Sequence | yes |", "| Sequence | mostly |"),
    "expected 32 yes, 9 partly, 2 no": lambda text: text.replace("| Sequence | yes |", "| Sequence | partly |"),
    "no, and yet shown": lambda text: text.replace("| Sequence | yes |", "| Sequence | no |"),
    "a row cannot be read": lambda text: text.replace("| Round robin allocation | yes |", "| Round robin allocation yes |"),
    "the workflow cutover shows nothing": lambda text: "\n".join(
        line for line in text.splitlines() if "cutover.lua)" not in line),
}


@pytest.mark.parametrize("found", FAULTS)
def test_a_planted_fault_is_found(found):
    text = read(os.path.join(BOOK, "README.md"))
    planted = FAULTS[found](text)
    assert planted != text
    assert any(found in one for one in problems(BOOK, planted))
