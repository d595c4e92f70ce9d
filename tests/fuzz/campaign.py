#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The fuzz targets for as long as one likes.

    cmake --preset fuzz && cmake --build --preset fuzz
    tests/fuzz/campaign.py                        # two minutes each: the nightly form
    tests/fuzz/campaign.py --executions 100000000 --only json --jobs 2
    tests/fuzz/campaign.py --until 1000000000 --max-len 256      # round after round, in all campaigns
    tests/fuzz/campaign.py --keep                 # afterwards: adds what reached new code to corpus/

What is found lies in build/fuzz/found, and the program says how to see it again. Inputs that
reached something new are kept in build/fuzz/grown and are where the next campaign goes on;
build/fuzz/campaign.json adds up the executions of all campaigns, also of one that was ended by
Ctrl-C or SIGTERM. Most readers take inputs of some hundred bytes five times as quickly as those of
some thousand: --max-len.
"""
import argparse
import json
import os
import re
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("SIGNOFF_FUZZ_BUILD", os.path.join(HERE, "..", "..", "build", "fuzz"))
CORPUS = os.path.join(HERE, "corpus")
INTERRUPTED = 72  # what libFuzzer ends with then

# Of the processor time: what is freed goes back into use sooner (8 MB instead of 256 stay apart), and
# where it was taken is not noted; the input says it again.
ASAN = "quarantine_size_mb=8:malloc_context_size=2"


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
    if options.max_len:
        command.append("-max_len=%d" % options.max_len)
    words = os.path.join(CORPUS, name + ".dict")
    if os.path.exists(words):
        command.append("-dict=" + words)
    log = open(os.path.join(folder("logs"), name), "w")
    env = {**os.environ, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ASAN)}
    # Out of the way of Ctrl-C: they are told by interrupted(), once.
    return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=env,
                            start_new_session=True), log.name


def finish(name, process, path):
    """(executions, inputs, what was found or "")"""
    process.wait()
    with open(path, errors="replace") as log:
        said = log.read()
    executed = re.findall(r"stat::number_of_executed_units: (\d+)", said) or re.findall(
        r"^#(\d+)\t", said, re.M)
    found = ""
    if process.returncode not in (0, INTERRUPTED):
        lines = re.findall(r"not so: .*|^SUMMARY: .*", said, re.M)
        found = (lines or ["ended with %d, see %s" % (process.returncode, path)])[0]
    return (int(executed[-1]) if executed else 0,
            len(os.listdir(folder("grown", name))), found)


def sums_of_all():
    path = os.path.join(BUILD, "campaign.json")
    if not os.path.exists(path):
        return {}
    with open(path) as file:
        return json.load(file)


def remember(name, executions):
    path, sums = os.path.join(BUILD, "campaign.json"), sums_of_all()
    sums[name] = sums.get(name, 0) + executions
    with open(path + ".new", "w") as file:
        json.dump(sums, file, indent=1, sort_keys=True)
    os.replace(path + ".new", path)


class Round:
    """Each target once, options.jobs at a time."""

    def __init__(self, options):
        self.options, self.waiting, self.running, self.ends = options, targets(options.only), [], False

    def interrupted(self, *_):
        self.ends = True
        for _name, process, _log in self.running:
            process.send_signal(signal.SIGINT)

    def run(self):
        """How many found something, or did nothing."""
        bad = 0
        while self.running or (self.waiting and not self.ends):
            while self.waiting and len(self.running) < self.options.jobs and not self.ends:
                name = self.waiting.pop(0)
                self.running.append((name, *start(name, self.options)))
            executions, inputs, found = finish(*self.running[0])
            name = self.running.pop(0)[0]
            bad += found != "" or (executions == 0 and not self.ends)
            remember(name, executions)
            print("%-12s %14s %8d  %s" % (name, format(executions, ","), inputs, found or "nothing"),
                  flush=True)
        return bad


def run(options):
    bad, ends = 0, False
    print("%-12s %14s %8s  %s" % ("target", "executions", "inputs", "found"), flush=True)
    while not ends:
        each = Round(options)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, each.interrupted)
        bad += each.run()
        total = sum(sums_of_all().values())
        print("%-12s %14s           in all campaigns of this build folder"
              % ("", format(total, ",")), flush=True)
        ends = each.ends or bad > 0 or total >= options.until
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
    parser.add_argument("--until", type=int, default=0, metavar="N",
                        help="round after round, until all campaigns together have that many")
    parser.add_argument("--max-len", type=int, default=0, metavar="BYTES",
                        help="of an input, at most; libFuzzer chooses when it is not said")
    parser.add_argument("--only", action="append", default=[], help="this target; may be repeated")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="at once (%(default)d)")
    parser.add_argument("--keep", action="store_true",
                        help="runs nothing: adds to corpus/ what earlier campaigns grew")
    options = parser.parse_args()
    (keep if options.keep else run)(options)


if __name__ == "__main__":
    main()
