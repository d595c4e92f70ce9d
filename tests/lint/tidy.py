# SPDX-License-Identifier: Apache-2.0
"""clang-tidy 14 over what the engine is compiled from.

    tidy.py BUILD_DIR [ROOT]           BUILD_DIR has a compile_commands.json
    tidy.py --deep BUILD_DIR [ROOT]    with clang's analyzer, which takes minutes

Tests are left out: they take as long again and ship to nobody.
"""

import concurrent.futures
import json
import os
import re
import subprocess
import sys

from common import ROOT, finish, tool

# Where code is optimized <ctype.h> has macros, and a tolower() counts as deep as what is inside them.
AS_WRITTEN = ["--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-D__NO_CTYPE"]
AT = re.compile(r"^(?P<at>.*?:\d+):\d+: (error|warning): (?P<what>.*)$")


def sources(build, root):
    """The files of the compilation database that lie in engine/ or dsl/ of root."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = json.load(file)
    paths = {os.path.realpath(os.path.join(row["directory"], row["file"])) for row in commands}
    homes = tuple(os.path.join(os.path.realpath(root), folder, "") for folder in ("engine", "dsl"))
    return sorted(path for path in paths if path.startswith(homes))


def tidy(command, options, build, root, path):
    said = subprocess.run(
        [command, "-p", build, "--quiet", *AS_WRITTEN, *options, path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    root = os.path.join(os.path.realpath(root), "")
    found = [match for match in map(AT.match, said.stdout.splitlines()) if match]
    if said.returncode != 0 and not found:
        return [f"{path[len(root):]}:1: clang-tidy failed: {said.stderr.strip()}"]
    return [f"{match['at'].replace(root, '')}: {match['what']}" for match in found]


def look(build, root, deep):
    command = tool("clang-tidy", 14)
    options = [] if deep else ["--checks=-clang-analyzer-*"]
    paths = sources(build, root)
    workers = max(2, os.cpu_count() or 2)
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        each = pool.map(lambda path: tidy(command, options, build, root, path), paths)
        # A header's finding shows in every file that includes it; once is enough.
        findings = sorted({finding for found in each for finding in found})
    return len(paths), findings


if __name__ == "__main__":
    arguments = [word for word in sys.argv[1:] if word != "--deep"]
    if not arguments:
        sys.exit(__doc__)
    where = arguments[1] if len(arguments) > 1 else ROOT
    finish("tidy", *look(arguments[0], where, len(arguments) < len(sys.argv) - 1))
