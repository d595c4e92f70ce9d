#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A shipped workflow whose rules change gets a higher version, and what each version was is written down.

    tests/lint/shipped.py [--renew] [ROOT]         with SIGNOFF_BINARY, the program

An upgrade puts no rules in force under a version that cases have with others: the team would go on with the
old ones, and `signoff health` say `degraded`. workflows/versions.txt has a line for every version that there
was: its name, its number and the digest of its rules as `signoff workflow list` says it (titles and help are
not in it). --renew adds those of versions that have risen.
"""
import json
import os
import subprocess
import sys
import tempfile

from common import ROOT, finish

LIST = "workflows/versions.txt"
HEAD = """# Every version that a shipped workflow had, and the digest of its rules: no line of these changes any more.
# tests/lint/shipped.py --renew adds one for each version that has risen.
"""


def listed(root):
    """(name, version) -> (digest, line)."""
    rows = {}
    with open(os.path.join(root, LIST), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip() and not line.startswith("#"):
                name, version, digest = line.split()
                rows[name, int(version)] = digest, number
    return rows


def in_force(program):
    """The same of what a new site has in force: name -> (version, digest)."""
    with tempfile.TemporaryDirectory(prefix="signoff-shipped-") as folder:
        site = os.path.join(folder, "site")
        quiet = {"check": True, "capture_output": True, "text": True, "timeout": 60}
        subprocess.run([program, "init", site], **quiet)
        with subprocess.Popen([program, "serve", site, "--listen", "off"], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT) as server:
            try:
                for line in server.stdout:
                    if "serving" in line:
                        break
                said = subprocess.run([program, "workflow", "list", "--site", site, "--json", "--limit", "0"], **quiet)
            finally:
                server.terminate()
                server.stdout.read()
    rows = map(json.loads, said.stdout.splitlines())
    return {row["name"]: (row["version"], row["digest"]) for row in rows}


def look(now, before):
    """(what --renew adds, findings)."""
    new, findings = [], []
    for name, (version, digest) in sorted(now.items()):
        newest = max([n for of, n in before if of == name], default=0)
        place = f"workflows/{name}.lua:1"
        if (name, version) not in before and version > newest:
            new.append((name, version, digest))
        elif (name, version) not in before or version < newest:
            findings.append(f"{place}: version {version}, and there was a version {newest} of it")
        elif before[name, version][0] != digest:
            findings.append(f"{place}: its rules have changed and its version has not: give it version = {version + 1}, "
                            f"then tests/lint/shipped.py --renew")
    return new, findings


def main():
    words = [word for word in sys.argv[1:] if word != "--renew"]
    root = os.path.abspath(words[0]) if words else ROOT
    now = in_force(os.environ["SIGNOFF_BINARY"])
    shipped = {name[:-4] for name in os.listdir(os.path.join(root, "workflows"))
               if name.endswith(".lua") and not name.endswith("_test.lua")}
    new, findings = look(now, listed(root))
    findings += [f"workflows/{name}.lua:1: a new site does not have it in force" for name in sorted(shipped - set(now))]
    if "--renew" in sys.argv[1:] and not findings:
        with open(os.path.join(root, LIST), encoding="utf-8") as file:
            rows = [line for line in file.read().splitlines() if line and not line.startswith("#")]
        rows += ["%s %d %s" % row for row in new]
        rows.sort(key=lambda row: (row.split()[0], int(row.split()[1])))
        with open(os.path.join(root, LIST), "w", encoding="utf-8") as file:
            file.write(HEAD + "\n".join(rows) + "\n")
        new = []
    findings += [f"workflows/{name}.lua:1: version {version} is not in {LIST}: tests/lint/shipped.py --renew"
                 for name, version, _ in new]
    finish("shipped", len(now), findings)


if __name__ == "__main__":
    main()
