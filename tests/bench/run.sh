#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the release programs, and shows every target beside what was measured. README.md says how
# to read it.
#
#   tests/bench/run.sh             windows of five minutes on a million open cases: about an hour
#   tests/bench/run.sh --quick     under three minutes (and the first time one more)
#   tests/bench/run.sh --help      parts alone, figures as JSON, another disk
#
# BUILD names the build folder (build/release when not set).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${BUILD:-$root/build/release}
if [ ! -f "$build/CMakeCache.txt" ]; then
  cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
fi
cmake --build "$build" --parallel --target signoff signoff-load signoff-sqlite-bare shift_clock \
  >/dev/null
exec python3 -B "$here/targets.py" --build "$build" "$@"
