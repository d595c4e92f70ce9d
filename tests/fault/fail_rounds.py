#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A server whose calls fail: to the files of its site, and for memory. Once and for good, at each of
them; what was acknowledged must be there afterwards, what was refused must have changed nothing,
and a repeated request must get its first answer. See README.md."""
import argparse
import os
import random
import shutil
import sys
import tempfile
import time

from fail_site import ERRORS, KINDS, Found, Template

MEMORY = ("memory",)


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--signoff", default=os.environ.get("SIGNOFF_BINARY"), help="the program")
    parser.add_argument("--preload", help="the folder with fail_io.so")
    parser.add_argument("--kinds", default="write,sync,truncate,open,rename,unlink,map,read",
                        help="of %s; memory needs starved_signoff" % ", ".join(KINDS))
    parser.add_argument("--errors", default="EIO,ENOSPC,short", help="what a failing write says")
    parser.add_argument("--seconds", type=float, help="so long: a sample; without it all calls")
    parser.add_argument("--from", dest="first", type=int, default=1, help="the first call")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--only", help="this fault alone, as a finding names it")
    parser.add_argument("--find", action="store_true", help="succeed with a finding only")
    parser.add_argument("--verbose", action="store_true")
    return parser.parse_args()


def faults(kind, calls, errors, first):
    """Every way in which each of these calls may fail."""
    for n in range(first, calls + 1):
        for error in errors if kind == "write" else ["EIO", "ENOSPC"] if kind == "open" else ["EIO"]:
            for good in (False, True):
                yield kind, n, error, good


def told(fault):
    """As --only takes it: "serving,write,12,EIO,once"."""
    return "%s,%s,%d,%s,%s" % (*fault[:4], "good" if fault[4] else "once")


def main():
    chosen = options()
    kinds = chosen.kinds.split(",")
    errors = [error for error in chosen.errors.split(",") if error in ERRORS]
    # In memory: what is tried is what calls answer, and each of them waits for a disk otherwise.
    shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="sgn-fail-", dir=shm)
    found, tried, ends = 0, 0, {}
    print("seed %d" % chosen.seed, flush=True)
    begun = time.monotonic()
    try:
        template = Template(chosen, os.path.join(folder, "template"))
        all_faults = [(phase, *fault) for phase, counted in template.count(kinds).items()
                      for kind in kinds
                      for fault in faults(kind, counted[kind], errors, chosen.first)]
        if chosen.only:
            all_faults = [fault for fault in all_faults if told(fault) == chosen.only]
        if chosen.seconds:
            random.Random(chosen.seed).shuffle(all_faults)
        for fault in all_faults:
            if chosen.seconds and time.monotonic() - begun > chosen.seconds:
                break
            tried += 1
            try:
                end = template.round(os.path.join(folder, "round"), *fault)
                ends[end] = ends.get(end, 0) + 1
                if chosen.verbose:
                    print("%s: %s: %s" % (told(fault), template.control.name(), end), flush=True)
            except Found as finding:
                found += 1
                print("\n%s: %s\n  %s" % (told(fault), template.control.name(), finding),
                      flush=True)
                if chosen.find:
                    break
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("%d of %d faults in %d s: %s; %d findings"
          % (tried, len(all_faults), time.monotonic() - begun,
             ", ".join("%d %s" % (n, end) for end, n in sorted(ends.items())), found))
    return (found > 0) != chosen.find or tried == 0


if __name__ == "__main__":
    sys.exit(main())
