#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The fuzz targets for as long as one likes.

    cmake --preset fuzz && cmake --build --preset fuzz
    tests/fuzz/campaign.py                        # two minutes each: the nightly form
    tests/fuzz/campaign.py --executions 100000000 --only json --jobs 2
    tests/fuzz/campaign.py --keep                 # afterwards: adds what reached new code to corpus/

What is found lies in build/fuzz/found, and the program says how to see it again. Inputs that
reached something new are kept in build/fuzz/grown and are where the next campaign goes on;
build/fuzz/campaign.json adds up the executions of all campaigns.
"""
import argparse
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(HERE, "..", "..", "build", "fuzz")
CORPUS = os.path.join(HERE, "corpus")


def targets(only):
    names = sorted(name for name in os.listdir(CORPUS) if os.path.isdir(os.path.join(CORPUS, name)))
    for name in only:
        if name not in names:
            sys.exit("campaign.py: no target %s; there are: %s" % (name, ", ".join(names)))
    return [name for name in names if not only or name in only]


def program(name):
    path = os.path.join(BUILD, "tests", "fuzz", "fuzz_" + name)
    if not os.path.exists(path):
        sys.exit("campaign.py: no %s; build it: cmake --preset fuzz && cmake --build --preset fuzz"
                 % os.path.relpath(path))
    return path


def folder(*parts):
    path = os.path.join(BUILD, *parts)
    os.makedirs(path, exist_ok=True)
    return path


def start(name, options):
    """One target in one process."""
    command = [program(name), folder("grown", name), os.path.join(CORPUS, name),
               "-artifact_prefix=%s/%s-" % (folder("found"), name), "-print_final_stats=1",
               "-timeout=60", "-rss_limit_mb=4096"]
    command += (["-runs=%d" % options.executions] if options.executions
                else ["-max_total_time=%d" % options.seconds])
    words = os.path.join(CORPUS, name + ".dict")
    if os.path.exists(words):
        command.append("-dict=" + words)
    log = open(os.path.join(folder("logs"), name), "w")
    return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT), log.name


def finish(name, process, path):
    """(executions, inputs, what was found or "")"""
    process.wait()
    with open(path, errors="replace") as log:
        said = log.read()
    executed = re.findall(r"stat::number_of_executed_units: (\d+)", said) or re.findall(
        r"^#(\d+)\t", said, re.M)
    found = ""
    if process.returncode != 0:
        lines = re.findall(r"not so: .*|^SUMMARY: .*", said, re.M)
        found = (lines or ["ended with %d, see %s" % (process.returncode, path)])[0]
    return (int(executed[-1]) if executed else 0,
            len(os.listdir(folder("grown", name))), found)


def remember(name, executions):
    path = os.path.join(BUILD, "campaign.json")
    sums = {}
    if os.path.exists(path):
        with open(path) as file:
            sums = json.load(file)
    sums[name] = sums.get(name, 0) + executions
    with open(path + ".new", "w") as file:
        json.dump(sums, file, indent=1, sort_keys=True)
    os.replace(path + ".new", path)
    return sums


def run(options):
    waiting, running, bad = targets(options.only), [], 0
    sums = {}
    print("%-12s %14s %8s  %s" % ("target", "executions", "inputs", "found"), flush=True)
    while waiting or running:
        while waiting and len(running) < options.jobs:
            name = waiting.pop(0)
            running.append((name, *start(name, options)))
        name, process, log = running.pop(0)
        executions, inputs, found = finish(name, process, log)
        bad += found != "" or executions == 0
        sums = remember(name, executions)
        print("%-12s %14s %8d  %s" % (name, format(executions, ","), inputs, found or "nothing"),
              flush=True)
    print("%-12s %14s           in all campaigns of this build folder"
          % ("", format(sum(sums.values()), ",")))
    if bad:
        sys.exit("found: the inputs lie in %s; give one to its program to see it again"
                 % os.path.relpath(folder("found")))


def keep(options):
    """libFuzzer picks, of what was grown, what reaches code that the kept inputs do not."""
    for name in targets(options.only):
        before = len(os.listdir(os.path.join(CORPUS, name)))
        subprocess.run([program(name), "-merge=1", os.path.join(CORPUS, name),
                        folder("grown", name)], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        print("%-12s %d inputs more" % (name, len(os.listdir(os.path.join(CORPUS, name))) - before))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=int, default=120, help="for each target (120)")
    parser.add_argument("--executions", type=int, default=0, help="of each target, instead")
    parser.add_argument("--only", action="append", default=[], help="this target; may be repeated")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="at once (%(default)d)")
    parser.add_argument("--keep", action="store_true",
                        help="runs nothing: adds to corpus/ what earlier campaigns grew")
    options = parser.parse_args()
    (keep if options.keep else run)(options)


if __name__ == "__main__":
    main()
