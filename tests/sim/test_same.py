# SPDX-License-Identifier: Apache-2.0
"""A seed is the same life in every process, and so is its plan when it is read from a file; a plan
that fails is kept, shortened to what matters, and fails alike when it is carried out again.

    test_same.py SIM
"""

import os
import re
import subprocess
import sys
import tempfile


def run(*options):
    said = subprocess.run(options, capture_output=True, text=True, timeout=300)
    return said.returncode, said.stdout


def main(sim):
    with tempfile.TemporaryDirectory() as folder:
        path = lambda name: os.path.join(folder, name)
        # Two processes, in which everything lies at other addresses.
        first = run(sim, "--seed", "77", "--steps", "80", "--trace", path("a"))
        again = run(sim, "--seed", "77", "--steps", "80", "--trace", path("b"))
        assert first == again and first[0] == 0, (first, again)
        with open(path("a"), "rb") as a, open(path("b"), "rb") as b:
            told = a.read()
            assert told == b.read(), "the traces differ"
        assert told.count(b"\n") > 100, "the trace says nothing"
        assert run(sim, "--seed", "78", "--steps", "80")[1] != first[1], "the seed is of no account"

        # Its plan, out of a file, is the same life.
        assert run(sim, "--seed", "77", "--steps", "80", "--plan", path("plan"))[0] == 0
        assert run(sim, "--replay", path("plan")) == first

        # A fault: the plan is kept, and a shorter one that shows the same.
        code, said = run(sim, "--seed", "1", "--lie", "open-door", "--save", folder)
        assert code == 1, said
        wrong = re.search(r"steps, trace \w+: (\w+):", said).group(1)
        shorter = path("1.short.plan")
        with open(path("1.plan")) as whole, open(shorter) as short:
            assert len(short.readlines()) < len(whole.readlines()) / 2
        code, said = run(sim, "--replay", shorter, "--lie", "open-door")
        assert code == 1 and f": {wrong}:" in said, said
        assert run(sim, "--replay", shorter)[0] == 0, "it is not the fault that was found"

        # What is no plan is refused, and where.
        with open(path("none"), "w") as out:
            out.write("# signoff simulation, plan 1\nconnect client=0\nfly client=1\n")
        said = subprocess.run([sim, "--replay", path("none")], capture_output=True, text=True)
        assert said.returncode == 1 and "none:3" in said.stderr, said


main(sys.argv[1])
