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

# run_tests PRESET JOBS [OPTIONS OF CTEST]: runs them, and those of a few failed ones that depend on
# the machine's pace once more by themselves (tests/tally.py says which). Adds to $reports.
reports=()
run_tests() {
  local preset=$1 jobs=$2 report=build/$1/run.xml again=build/$1/again.xml few
  shift 2
  rm -f "$report" "$again"
  ctest --preset "$preset" -j "$jobs" --output-junit run.xml "$@"
  [ -s "$report" ] || give_up "ctest left no report of $preset"
  few=$(tests/tally.py --paced "$report")
  if [ -n "$few" ]; then
    echo "Once more, by themselves:"
    ctest --preset "$preset" --output-junit again.xml -R "$few"
    [ -s "$again" ] && report=$report+$again
  fi
  reports+=("$report")
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
run_tests dev "$(($(nproc) + 3))" "$@"

if [ $# -eq 0 ]; then
  cmake --preset tsan >/dev/null || give_up "tsan could not be configured"
  names=$(ctest --preset tsan -N -L threads | sed -n 's/^ *Test *#[0-9]*: //p')
  [ -n "$names" ] || give_up "no test has the label threads"
  cmake --build --preset tsan --target $(programs_of $names) || give_up "tsan does not build"
  run_tests tsan 2 -L threads

  cmake --preset fuzz >/dev/null || give_up "fuzz could not be configured"
  cmake --build --preset fuzz || give_up "the fuzz targets do not build"
  run_tests fuzz "$(nproc)"
fi
tests/tally.py "${reports[@]}"
