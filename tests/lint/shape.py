# SPDX-License-Identifier: Apache-2.0
"""Files of at most 600 lines, functions of at most 60, a licence line in each.

A function may be longer when the comment directly above it says "Long because ...".
"""

from common import comment_above, files, finish, lines_of, root_argument

FILE_LINES = 600
FUNCTION_LINES = 60
# By the program, for programs: nobody reads or changes it by hand.
PRINTED = {"dsl/meta/signoff.lua"}
SOURCES = [".c", ".h", ".lua", ".py", ".sh", ".ts", ".tsx", ".mjs", ".css"]
LICENCE = "/* SPDX-License-Identifier: Apache-2.0 */"


def functions(lines):
    """(index of the first line of the signature, lines from brace to brace).

    The format puts the braces of functions, and of nothing else, alone at the left edge.
    """
    for index, line in enumerate(lines):
        if line != "{":
            continue
        start = index
        while start > 0 and lines[start - 1].strip() and not ends_something(lines[start - 1]):
            start -= 1
        end = index
        while end < len(lines) - 1 and lines[end] != "}":
            end += 1
        yield start, end - index + 1


def ends_something(line):
    return line.rstrip().endswith(("*/", ";", "}")) or line.startswith("#")


def look(root):
    findings = []
    looked = 0
    for path in files(root, SOURCES, ["engine/", "dsl/", "tests/", "workflows/", "examples/"]):
        lines = lines_of(root, path)
        looked += 1
        if len(lines) > FILE_LINES and path not in PRINTED:
            findings.append(f"{path}:{FILE_LINES + 1}: {len(lines)} lines, {FILE_LINES} are allowed")
        if not path.endswith((".c", ".h")):
            continue
        if not lines or lines[0] != LICENCE:
            findings.append(f"{path}:1: the first line must be {LICENCE}")
        for start, length in functions(lines):
            if length > FUNCTION_LINES and "Long because" not in comment_above(lines, start):
                findings.append(
                    f"{path}:{start + 1}: a function of {length} lines, {FUNCTION_LINES} are allowed"
                )
    return looked, findings


if __name__ == "__main__":
    finish("shape", *look(root_argument()))
