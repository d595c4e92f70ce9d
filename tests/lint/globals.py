# SPDX-License-Identifier: Apache-2.0
"""No mutable variable outlives a function.

Neither at file scope nor as a static local: state has an owner, and tests run side by side.
The rare exception says why in the comment directly above it: "Global because ...".
universal-ctags reads the C.
"""

import os
import re
import subprocess
import sys

from common import comment_above, files, finish, lines_of, root_argument

FORMAT = "%N\t%K\t%n\t%{typeref}\t%C"


def tags(root, paths):
    """(path, name, kind, line number, type, source line) of every variable."""
    for path in paths:
        command = ["ctags", "-x", "--language-force=C", "--c-kinds=vl", f"--_xformat={FORMAT}"]
        command.append(os.path.join(root, path))
        try:
            said = subprocess.run(command, capture_output=True, text=True, check=True)
        except (FileNotFoundError, subprocess.CalledProcessError) as error:
            sys.exit(f"globals: universal-ctags is needed (Debian: universal-ctags): {error}")
        for line in said.stdout.splitlines():
            name, kind, number, kind_of_type, source = line.split("\t", 4)
            yield path, name, kind, int(number), kind_of_type, source


def is_constant(kind_of_type):
    """Is the variable itself constant, not only what it points to?"""
    plain = re.sub(r"\s*\[[^]]*\]", "", kind_of_type).strip()
    if "(" in plain:  # a pointer to a function: (* const)
        return re.search(r"\*\s*const\s*\)", plain) is not None
    if "*" in plain:
        return re.search(r"\*\s*const$", plain) is not None
    return re.search(r"\bconst\b", plain) is not None


def look(root):
    paths = files(root, [".c"], ["engine/", "dsl/"])
    findings = []
    for path, name, kind, number, kind_of_type, source in tags(root, paths):
        if kind == "local" and not re.search(rf"\bstatic\b[^;={{]*\b{name}\b", source):
            continue
        if is_constant(kind_of_type.partition(":")[2] or kind_of_type):
            continue
        if "Global because" in comment_above(lines_of(root, path), number - 1):
            continue
        findings.append(f"{path}:{number}: {name} is a mutable global")
    return len(paths), findings


if __name__ == "__main__":
    finish("globals", *look(root_argument()))
