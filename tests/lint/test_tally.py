# SPDX-License-Identifier: Apache-2.0
"""tests/tally.py, whose last line the whole suite is judged by."""

import os
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import tally  # noqa: E402


@pytest.fixture
def report(tmp_path):
    def write(name, **results):
        rows = {"good": '<testcase name="%s" status="run"/>',
                "bad": '<testcase name="%s" status="fail"><failure message="x"/></testcase>',
                "unrun": '<testcase name="%s" status="notrun"/>'}
        path = tmp_path / name
        path.write_text("<testsuite>%s</testsuite>" % "".join(
            rows[how] % test.replace("_", ".", 1) for test, how in results.items()))
        return str(path)
    return write


def printed(*args):
    done = subprocess.run([sys.executable, "-B", tally.__file__, *args], capture_output=True,
                          text=True, check=False)
    return done.returncode, done.stdout.splitlines()


def test_one_that_failed_or_was_not_run_fails_the_whole(report):
    assert printed(report("a", e2e_x="good", unit_y="good")) == (0, ["2 passed, 0 failed"])
    assert printed(report("a", e2e_x="good"), report("b", unit_y="bad", unit_z="unrun")) == (
        1, ["failed: unit.y", "failed: unit.z", "1 passed, 2 failed"])


def test_nothing_run_is_no_success(report):
    assert printed(report("a")) == (1, ["0 passed, 0 failed"])


def test_what_passes_by_itself_is_named(report):
    run = report("a", e2e_x="bad", e2e_y="bad", unit_z="good")
    again = report("b", e2e_x="good", e2e_y="bad", plain_program="good")
    assert printed("%s+%s" % (run, again)) == (
        1, ["passed only by itself: e2e.x", "failed: e2e.y", "2 passed, 1 failed"])


@pytest.mark.parametrize("results,expected", [
    ({"e2e_x": "bad", "browser_y": "bad", "unit_z": "good"}, "^(e2e[.]x|browser[.]y)$"),
    ({"e2e_x": "good"}, ""),
    ({"e2e_x": "bad", "fault_kills": "bad"}, ""),  # what chance has found stays found
    ({"sim_seeds": "bad"}, ""),
    ({"e2e_%d" % n: "bad" for n in range(tally.FEW + 1)}, ""),  # so many: no matter of pace
])
def test_who_may_try_again(report, results, expected):
    assert tally.paced(report("a", **results)) == expected
