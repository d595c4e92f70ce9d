#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the release program and the load generator, and measures. README.md says how to read it.
#
#   tests/bench/run.sh [--quick] [--seconds N] [--cases N] [--only NAME]
#
# BUILD names the build folder (build/release when not set).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${BUILD:-$root/build/release}
if [ ! -f "$build/CMakeCache.txt" ]; then
  cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
fi
cmake --build "$build" --parallel --target signoff signoff-load >/dev/null
exec python3 -B "$here/bench.py" --build "$build" "$@"
