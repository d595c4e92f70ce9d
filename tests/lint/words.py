# SPDX-License-Identifier: Apache-2.0
"""No notes to ourselves: what is left to do stands where work is planned, not in the files."""

import re

from common import files, finish, lines_of, root_argument

# Written in halves, so that this file may be looked at too.
NOTES = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"]) + r")\b")


def look(root):
    findings = []
    looked = 0
    for path in files(root):
        lines = lines_of(root, path)
        looked += bool(lines)
        for number, line in enumerate(lines, 1):
            match = NOTES.search(line)
            if match:
                findings.append(f"{path}:{number}: {match.group(0)}: do it, or plan it elsewhere")
    return looked, findings


if __name__ == "__main__":
    finish("words", *look(root_argument()))
