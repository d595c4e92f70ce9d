#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""campaign.py counts every execution of every round, and tells of what a target finds."""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = sys.argv[1]
RUNS = 20000


def build_of(folder, **programs):
    """A build folder in which the targets have these programs."""
    os.makedirs(os.path.join(folder, "tests", "fuzz"))
    for name, program in programs.items():
        os.symlink(os.path.join(PROGRAMS, program), os.path.join(folder, "tests", "fuzz", "fuzz_" + name))


def campaign(folder, *words):
    return subprocess.run([sys.executable, "-B", os.path.join(HERE, "campaign.py"), *words],
                          env={**os.environ, "SIGNOFF_FUZZ_BUILD": folder}, capture_output=True, text=True)


def sums(folder):
    with open(os.path.join(folder, "campaign.json")) as file:
        return json.load(file)


with tempfile.TemporaryDirectory() as folder:
    build_of(folder, duration="fuzz_duration", zone="fuzz_zone")
    done = campaign(folder, "--executions", str(RUNS), "--only", "duration", "--only", "zone",
                    "--until", str(3 * RUNS), "--max-len", "64")
    assert done.returncode == 0, done.stderr
    assert sums(folder) == {"duration": 2 * RUNS, "zone": 2 * RUNS}, sums(folder)
    assert "80,000           in all campaigns" in done.stdout, done.stdout

with tempfile.TemporaryDirectory() as folder:
    build_of(folder, duration="fuzz_duration_fault", zone="fuzz_zone")
    done = campaign(folder, "--executions", str(RUNS), "--only", "duration", "--only", "zone",
                    "--until", str(1000 * RUNS))
    assert done.returncode == 1 and "found: the inputs lie in" in done.stderr, done.stderr
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line[0] != " "}
    assert "not so" in lines["duration"] and lines["zone"].endswith("nothing"), done.stdout
    assert os.listdir(os.path.join(folder, "found")), "the input is not there"
    assert sums(folder)["zone"] == RUNS, sums(folder)

print("4 targets' counts and one finding were told as they were")
