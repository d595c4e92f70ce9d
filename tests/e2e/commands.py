# SPDX-License-Identifier: Apache-2.0
"""The command line as the tests of it use it: the program run by a person of a fresh demo site."""
import json
import os
import subprocess

import pytest

OPEN = ["case", "open", "change_request", "--project", "acme-erp",
        "--field", "summary=Export", "--field", "reason=Auditors ask"]


@pytest.fixture
def run(binary, folder):
    """run("case", "list", code=0): the finished process. Nothing of the user's own
    settings is seen."""
    def run_it(*words, code=0, stdin=None, cwd=None, env=None):
        clean = {"PATH": os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8",
                 "XDG_CONFIG_HOME": os.path.join(folder, "config")}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                clean[name] = os.environ[name]
        clean.update(env or {})
        done = subprocess.run([binary, *words], cwd=cwd or folder, env=clean, text=True,
                              input=stdin if stdin is not None else "", capture_output=True,
                              timeout=120)
        assert code in (None, done.returncode), (words, done.returncode, done.stdout, done.stderr)
        return done
    return run_it


@pytest.fixture
def site(server, run):
    """site("li", "inbox"): a command as that person of the fresh demo site."""
    def as_person(name, *words, **options):
        return run(*words, "--site", server.site, "--as", name, **options)
    return as_person


def rows(done):
    """The objects of --json, one a line."""
    return [json.loads(line) for line in done.stdout.splitlines()]
