# SPDX-License-Identifier: Apache-2.0
"""What the lints share: the files of a tree, and how a lint ends.

A lint prints one "file:line: message" per finding. It fails when it found something, and
also when it looked at nothing: a check that is always green is worse than none.
"""

import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

SKIPPED_FOLDERS = {".git", "build", "node_modules", "__pycache__", ".pytest_cache", ".hypothesis"}
INCLUDE = re.compile(r'\s*#\s*include\s+([<"])([^>"]+)[>"]')


def files(root, suffixes=None, under=None):
    """Paths relative to root, sorted: what git knows or would add, or, without git, all."""
    command = ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and os.path.exists(os.path.join(root, ".git")):
        found = set(filter(None, listed.stdout.split("\0")))
    else:
        found = set(walk(root))
    return sorted(
        path
        for path in found
        if (suffixes is None or path.endswith(tuple(suffixes)))
        and (under is None or path.startswith(tuple(under)))
        and os.path.isfile(os.path.join(root, path))
    )


def walk(root):
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), root)


def lines_of(root, path):
    """The lines of a text file; none for what is not UTF-8."""
    with open(os.path.join(root, path), "rb") as file:
        try:
            return file.read().decode("utf-8").splitlines()
        except UnicodeDecodeError:
            return []


def includes(root, path):
    """(line number, '"' or '<', name) of every #include."""
    for number, line in enumerate(lines_of(root, path), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


def comment_above(lines, index):
    """The text of the comment that ends on the line before lines[index], or ''."""
    end = index - 1
    if end < 0 or not lines[end].rstrip().endswith("*/"):
        return ""
    start = end
    while start > 0 and "/*" not in lines[start]:
        start -= 1
    return " ".join(lines[start : end + 1])


def tool(name, version):
    """The command of a tool whose output depends on its version, which is pinned."""
    for command in (f"{name}-{version}", name):
        try:
            said = subprocess.run([command, "--version"], capture_output=True, text=True, check=False)
        except FileNotFoundError:
            continue
        if re.search(rf"version {version}\.", said.stdout):
            return command
    sys.exit(f"{name} {version} is not installed; another version would judge otherwise")


def finish(lint, looked, findings):
    """Prints the findings and ends the process."""
    for finding in findings:
        print(finding)
    if findings:
        sys.exit(f"{lint}: {len(findings)} found")
    if looked == 0:
        sys.exit(f"{lint}: looked at nothing: wrong root?")
    print(f"{lint}: {looked} looked at, nothing found")


def root_argument():
    return os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ROOT
