#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# One target for a fixed number of executions, the same ones each time, beginning with its corpus.
#
#   short.sh [--finds] PROGRAM CORPUS RUNS
#
# --finds: the program has a fault, and what is asked is whether that is found.
set -u
finds=""
[ "$1" = --finds ] && { finds=yes; shift; }
program=$1 corpus=$2 runs=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/new"
kept=$(find "$corpus" -type f | wc -l)
[ "$kept" -gt 0 ] || { echo "$corpus: no inputs"; exit 1; }

options=(-seed=1 -timeout=60 -rss_limit_mb=4096 -artifact_prefix="$folder/")
[ -e "$corpus.dict" ] && options+=(-dict="$corpus.dict")
"$program" -runs="$runs" "${options[@]}" "$folder/new" "$corpus" >"$folder/log" 2>&1
status=$?
ran=$(sed -n 's/^#\([0-9]*\)\t*\(DONE\|INITED\).*/\1/p' "$folder/log" | tail -1)

if [ -n "$finds" ]; then
  if [ $status = 0 ] || ! grep -q "^SUMMARY: " "$folder/log"; then
    tail -5 "$folder/log"
    echo "the planted fault was not found in $runs executions"
    exit 1
  fi
  echo "found: $(grep -m1 -E "not so|^SUMMARY" "$folder/log")"
  exit 0
fi
if [ $status != 0 ]; then
  tail -60 "$folder/log"
  for file in "$folder"/crash-* "$folder"/timeout-* "$folder"/oom-* "$folder"/leak-*; do
    [ -e "$file" ] && { echo "the input, in base64:"; base64 "$file"; }
  done
  exit 1
fi
[ "${ran:-0}" -ge "$kept" ] || { tail -5 "$folder/log"; echo "it looked at less than its corpus"; exit 1; }
echo "$ran executions from $kept inputs, nothing found"
