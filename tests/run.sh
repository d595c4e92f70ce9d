#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds with warnings as errors and sanitizers, runs every test, the
# tests of threads once more under the thread sanitizer, and the fuzz targets for some seconds each.
# The last line is "N passed, N failed".
#
#   tests/run.sh [OPTIONS OF CTEST]     such as -R unit
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
. examples/packages.sh

# Ends early: what could not be built has failed.
give_up() {
  echo "tests/run.sh: $1" >&2
  echo "0 passed, 1 failed"
  exit 1
}

# total FILE...: sums ctest's reports.
total() {
  /usr/bin/python3 - "$@" <<'END'
import sys
import xml.etree.ElementTree as tree

passed = failed = 0
for report in sys.argv[1:]:
    for case in tree.parse(report).getroot().iter("testcase"):
        good = case.get("status") == "run" and case.find("failure") is None
        passed, failed = passed + good, failed + (not good)
        if not good:
            print("failed: %s" % case.get("name"))
print("%d passed, %d failed" % (passed, failed))
# A run that looked at nothing is no success.
sys.exit(failed > 0 or passed == 0)
END
}

# programs_of TEST...: what has to be built for them. A unit test's program is named like the test,
# unit.test_x; the stores share one; for any other everything is built.
programs_of() {
  local known name program
  known=$(cmake --build --preset tsan --target help)
  for name in "$@"; do
    case $name in
      contract.postgres_*) continue ;; # starts and stops a server, with a script
      contract.store_*) program=test_store_contract ;;
      *) program=${name#unit.} ;;
    esac
    grep -q "^$program: phony" <<<"$known" || { echo all; return; }
    echo "$program"
  done
}

install_packages $test_packages || give_up "the packages could not be installed"
cmake --preset dev >/dev/null || give_up "dev could not be configured"
cmake --build --preset dev || give_up "dev does not build"
# Three more than there are processors: many wait for a disk or a timer.
ctest --preset dev -j "$(($(nproc) + 3))" --output-junit run.xml "$@"
[ -s build/dev/run.xml ] || give_up "ctest left no report"
reports=(build/dev/run.xml)

if [ $# -eq 0 ]; then
  cmake --preset tsan >/dev/null || give_up "tsan could not be configured"
  names=$(ctest --preset tsan -N -L threads | sed -n 's/^ *Test *#[0-9]*: //p')
  [ -n "$names" ] || give_up "no test has the label threads"
  cmake --build --preset tsan --target $(programs_of $names) || give_up "tsan does not build"
  ctest --preset tsan -j2 -L threads --output-junit run.xml
  [ -s build/tsan/run.xml ] || give_up "ctest left no report of tsan"
  reports+=(build/tsan/run.xml)

  cmake --preset fuzz >/dev/null || give_up "fuzz could not be configured"
  cmake --build --preset fuzz || give_up "the fuzz targets do not build"
  ctest --preset fuzz -j "$(nproc)" --output-junit run.xml
  [ -s build/fuzz/run.xml ] || give_up "ctest left no report of fuzz"
  reports+=(build/fuzz/run.xml)
fi
total "${reports[@]}"
