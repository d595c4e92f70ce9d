# SPDX-License-Identifier: Apache-2.0
"""Every .c and .h is as clang-format 14 leaves it."""

import re
import subprocess

from common import files, finish, root_argument, tool

AT = re.compile(r"^(?P<at>.*?:\d+):\d+: (error|warning): (?P<what>.*)$")


def look(root):
    paths = files(root, [".c", ".h"])
    findings = []
    command = [tool("clang-format", 14), "--dry-run", "-Werror", "--style=file"]
    for first in range(0, len(paths), 50):
        said = subprocess.run(
            command + paths[first : first + 50], cwd=root, capture_output=True, text=True, check=False
        )
        here = [match for match in map(AT.match, said.stderr.splitlines()) if match]
        findings += [f"{match['at']}: {match['what']}" for match in here]
        if said.returncode != 0 and not here:
            findings.append(f"{paths[first]}:1: clang-format failed: {said.stderr.strip()}")
    return len(paths), findings


if __name__ == "__main__":
    finish("format", *look(root_argument()))
