# SPDX-License-Identifier: Apache-2.0
"""THREATS.md names tests that are there."""
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.join(HERE, "..")
TEXT = os.path.join(HERE, "THREATS.md")


def rows(text):
    """The lines of its tables, but for their heads, as lists of cells."""
    lines = [line for line in text.split("\n") if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] != "What is tried" and set(row[0]) != {"-"}]


def named(cell):
    """[(file, test)] of "`file` test, test; `file` test"."""
    found = []
    for part in cell.split(";"):
        path = re.search(r"`([^`]+)`", part)
        found += [(path.group(1) if path else "", name) for name in re.findall(r"\btest_\w+(?![\w.])", part)
                  if not path or name not in path.group(1)]
    return found


def faults(text):
    wrong = []
    for row in rows(text):
        tests = named(row[2]) if len(row) == 3 else []
        if not tests:
            wrong.append("no test: " + row[0])
        for path, name in tests:
            source = os.path.join(TESTS, path)
            if not os.path.isfile(source):
                wrong.append("no file: %s (%s)" % (path, row[0]))
                continue
            with open(source, encoding="utf-8") as f:
                if not re.search(r"^(?:def )?%s\(" % name, f.read(), re.M):
                    wrong.append("%s has no %s" % (path, name))
    return wrong


def test_every_threat_names_tests_that_are_there():
    with open(TEXT, encoding="utf-8") as f:
        text = f.read()
    assert len(rows(text)) > 20
    assert not faults(text), "\n".join(faults(text))
    assert "## Not covered" in text


def test_name_that_is_wrong_is_found():
    for cell in ("`attack/test_access.py` test_everybody", "`attack/nowhere.py` test_one_thing_wrong_is_found",
                 "by hand", "test_one_thing_wrong_is_found"):
        assert len(faults("| a | b | %s |" % cell)) == 1, cell
    assert not faults("| a | b | `attack/test_access.py` test_one_thing_wrong_is_found |")
