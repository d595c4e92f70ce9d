#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make.sh [COMMIT SCHEMA...]: makes the archives of this folder, each by the program of that commit;
# SCHEMA is sqlite-N or postgres-N. Without arguments all of the table below, some minutes each.
#
# Whoever raises STORE_SCHEMA or STORE_SCHEMA_POSTGRES makes the archive of the schema before by the last
# commit that wrote it, and adds its row. An archive that is there is never made anew: it is what a
# release left.
set -e
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
table="
faf0c3e sqlite-01
9563704 sqlite-02
861270c sqlite-03
327f6d0 sqlite-04 postgres-01
3a74f15 sqlite-05
54d8612 sqlite-06 postgres-02
0db6fa0 sqlite-07
6fcf104 sqlite-08 postgres-03
76cb16a sqlite-09 postgres-04
8da71de sqlite-10 postgres-05
9b3157b sqlite-11 postgres-06
"
[ $# -eq 0 ] || table="$*"
while read -r commit schemas; do
  [ -n "$commit" ] || continue
  tree=$(mktemp -d)/signoff
  git -C "$here" worktree add -q --detach "$tree" "$commit"
  (cd "$tree" && cmake --preset release -DSGN_TESTS=OFF -DSGN_CONSOLE=OFF >/dev/null &&
    cmake --build build/release --target signoff >/dev/null)
  for schema in $schemas; do
    postgres=
    case $schema in postgres-*) postgres=--postgres ;; esac
    [ -e "$here/$schema.tar.xz" ] ||
      /usr/bin/python3 -B "$here/make_site.py" "$tree/build/release/signoff" "$here/$schema.tar.xz" $postgres
  done
  git -C "$here" worktree remove --force "$tree"
done <<<"$table"
