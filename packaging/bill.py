#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the bill of materials of a program that was built here: CycloneDX 1.5, JSON.

    packaging/bill.py build/release/signoff > signoff.cdx.json

Every library that the program loads, as the loader says (ldd), with the Debian package that it is of and
its version; what is compiled into it (llhttp where there is no library of it, uthash); and what npm's lock
file bundles into the console. The same program on the same machine gives the same bill: there is no time
and no chance in it.
"""
import glob
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOCK = os.path.join(ROOT, "engine", "console", "web", "package-lock.json")
COMPILED_IN = {"node-llhttp": "/usr/share/llhttp/llhttp.c", "uthash-dev": "/usr/include/uthash.h"}


def said(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False, env={**os.environ, "LC_ALL": "C"})
    return done.stdout


def loaded(program):
    """{name that is asked for: path}, without the kernel's own."""
    found = {}
    for line in said("ldd", program).splitlines():
        match = re.match(r"\s*(\S+)(?: => (\S+))? \(0x", line)
        if match and (match.group(2) or match.group(1).startswith("/")):
            found[os.path.basename(match.group(1))] = match.group(2) or match.group(1)
    if not found:
        sys.exit("%s: loads nothing, or is no program" % program)
    return found


def package_of(path):
    """(package, version, architecture) of Debian; without a package what the file says of itself."""
    real = os.path.realpath(path)
    # The database of packages knows a file by the folder it was put into, not by a merged /usr.
    names = {path, real} | {re.sub("^/usr", "", one) for one in (path, real)}
    for name in sorted(names):
        match = re.match(r"([^:,\s]+)(?::\S+)?: ", said("dpkg-query", "-S", name))
        if match:
            fields = said("dpkg-query", "-W", "-f=${Version} ${Architecture}\n", match.group(1))
            return (match.group(1), *fields.split("\n")[0].split(" "))
    return os.path.basename(real), "unknown", "unknown"


def debian(package, version, architecture, libraries):
    reference = "pkg:deb/debian/%s@%s?arch=%s" % (package, version.replace("+", "%2B"), architecture)
    return {"type": "library", "bom-ref": reference, "name": package, "version": version,
            "purl": reference,
            "properties": [{"name": "signoff:library", "value": one} for one in sorted(libraries)]}


def libraries_of(program):
    packages = {}
    for name, path in loaded(program).items():
        packages.setdefault(package_of(path), []).append(name)
    llhttp = any("llhttp" in name for names in packages.values() for name in names)
    for path in (path for name, path in COMPILED_IN.items() if not (llhttp and "llhttp" in name)):
        for there in glob.glob(path):
            packages.setdefault(package_of(there), []).append("compiled in")
    return [debian(*package, names) for package, names in sorted(packages.items())]


def bundled():
    """What is not for building alone, by npm's lock file."""
    with open(LOCK, encoding="utf-8") as lock:
        packages = json.load(lock)["packages"]
    for path, package in sorted(packages.items()):
        if not path or package.get("dev"):
            continue
        name = path.split("node_modules/")[-1]
        reference = "pkg:npm/%s@%s" % (name.replace("@", "%40"), package["version"])
        component = {"type": "library", "bom-ref": reference, "name": name,
                     "version": package["version"], "purl": reference}
        if package.get("license"):
            component["licenses"] = [{"license": {"id": package["license"]}}]
        yield component


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    version = said(sys.argv[1], "--version").split()
    if not version:
        sys.exit("%s: does not say its version" % sys.argv[1])
    components = libraries_of(sys.argv[1]) + list(bundled())
    program = {"type": "application", "bom-ref": "signoff", "name": "signoff", "version": version[-1],
               "licenses": [{"license": {"id": "Apache-2.0"}}]}
    json.dump({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
               "metadata": {"component": program}, "components": components,
               "dependencies": [{"ref": "signoff", "dependsOn": [c["bom-ref"] for c in components]}]},
              sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
