# SPDX-License-Identifier: Apache-2.0
"""The papers: what they name is there, the README says the same in both languages, the changelog tells
of this version, and the table of ASVS has every row.

papers.py [ROOT]
"""
import os
import re

from common import finish, lines_of, root_argument

PAPERS = ("README.md", "README.zh-CN.md", "SECURITY.md", "FAULTS.md", "SIZES.md", "CHANGELOG.md",
          "tests/contract/upgrades/README.md")
NAMED = re.compile(r"`((?:engine|tests|dsl|examples|workflows|packaging)/[^`\s]+)`")
LINKED = re.compile(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)")
ROW = re.compile(r"\| (V\d+\.\d+\.\d+) \| ([12]) \| (met|part|no|n/a) \| \S")
ROWS = {"1": 70, "2": 183}  # requirements of these levels in ASVS 5.0.0
STANDS_FOR = re.compile(r"[A-Z]{4,}|[{<]")  # workflows/NAME.lua, tests/{unit,e2e}, methods_<family>.c


def is_there(root, name):
    name = name.split("::")[0].rstrip("/")
    return STANDS_FOR.search(name.removesuffix("README.md")) or "*" in name or os.path.exists(
        os.path.join(root, name))


def dead_names(root, paper):
    for number, line in enumerate(lines_of(root, paper), 1):
        for name in NAMED.findall(line):
            if not is_there(root, name):
                yield "%s:%d: there is no %s" % (paper, number, name)
        for name in LINKED.findall(line):
            if not is_there(root, os.path.join(os.path.dirname(paper), name)):
                yield "%s:%d: leads to %s, which is not there" % (paper, number, name)


def outline(lines):
    """The headings' levels with what of them is no prose, and every line that one types."""
    found, fenced = [], False
    for number, line in enumerate(lines, 1):
        if line.startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            typed = re.sub(r"\s+(#|--|;)\s.*$|^\s*(#|--)\s.*$", "", line).rstrip()
            if typed:
                found.append((number, "line", typed))
        elif line.startswith("#"):
            found.append((number, "section", line.split(" ")[0]))
    return found


def apart(root):
    """The first place where the README says something else in one language than in the other."""
    both = [outline(lines_of(root, name)) for name in ("README.md", "README.zh-CN.md")]
    for (number, kind, there), (other, other_kind, here) in zip(*both):
        if (kind, there) != (other_kind, here):
            yield "README.zh-CN.md:%d: %s %r, where README.md:%d has %s %r" % (
                other, other_kind, here, number, kind, there)
            return
    if len(both[0]) != len(both[1]):
        yield "README.zh-CN.md:1: %d sections and lines to type, README.md has %d" % (
            len(both[1]), len(both[0]))


def version_untold(root):
    version = re.search(r"project\(signoff VERSION (\S+)", "\n".join(lines_of(root, "CMakeLists.txt")))
    told = [line for line in lines_of(root, "CHANGELOG.md") if version
            and re.match(r"## \[%s\] - \d{4}-\d\d-\d\d$" % re.escape(version.group(1)), line)]
    if len(told) != 1:
        yield "CHANGELOG.md:1: does not tell once of %s" % (version.group(1) if version else "a version")


def asvs(root):
    rows = [ROW.match(line) for line in lines_of(root, "SECURITY.md") if line.startswith("| V")]
    if None in rows:
        yield "SECURITY.md:1: a row of ASVS that is none: number, level, met|part|no|n/a, how"
        return
    numbers = [[int(n) for n in row.group(1)[1:].split(".")] for row in rows]
    if numbers != sorted(numbers) or len({str(n) for n in numbers}) != len(numbers):
        yield "SECURITY.md:1: rows of ASVS out of order, or twice"
    for level, want in ROWS.items():
        have = sum(row.group(2) == level for row in rows)
        if have != want:
            yield "SECURITY.md:1: %d rows of ASVS level %s, there are %d" % (have, level, want)


def main():
    root = root_argument()
    there = [paper for paper in PAPERS if os.path.isfile(os.path.join(root, paper))]
    findings = [found for paper in there for found in dead_names(root, paper)]
    findings += ["%s:1: is not there" % paper for paper in PAPERS if there and paper not in there]
    if there:
        findings += [*apart(root), *version_untold(root), *asvs(root)]
    finish("papers", len(there), findings)


if __name__ == "__main__":
    main()
