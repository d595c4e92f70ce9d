#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh Debian 12 to a running server: installs what is missing, builds, walks a change
# request through the hands of its people, replays the real tickets of examples/helpdesk, and
# then leaves the server running until Ctrl-C.
#
#   examples/quickstart.sh [--once] [--limit N]
#     --once     stop by itself at the end
#     --limit N  replay only the first N tickets
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
once=no
replay=()
while [ $# -gt 0 ]; do
  case $1 in
    --once) once=yes ;;
    --limit) replay+=(--limit "${2:?--limit needs a number}"); shift ;;
    -h | --help) sed -n '3,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "quickstart.sh: unknown option $1; see --help" >&2; exit 2 ;;
  esac
  shift
done

bold="" dim="" green="" plain=""
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\033[1m' dim=$'\033[2m' green=$'\033[32m' plain=$'\033[0m'
fi
title() { printf '\n%s== %s%s\n' "$bold" "$1" "$plain"; }

# ---- what it needs, and building it ----

title "Building"
. "$root/examples/packages.sh"
install_packages $run_packages
cd "$root"
cmake --preset release >/dev/null
cmake --build --preset release --target signoff | tail -n 1
program=$root/build/release/signoff

# ---- a site and its server ----

folder=$(mktemp -d "${TMPDIR:-/tmp}/signoff.XXXXXX")
server=""
clean_up() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null && wait "$server" || true
  fi
  rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# The commands below speak to this site, whatever the user's own settings are.
unset SIGNOFF_SERVER SIGNOFF_TOKEN
export SIGNOFF_SITE=$folder/site XDG_CONFIG_HOME=$folder
title "A site with a client, a project and seven people; a server on virtual time"
"$program" init "$SIGNOFF_SITE" --demo
mkfifo "$folder/ready"
exec 3<>"$folder/ready"
"$program" serve "$SIGNOFF_SITE" --listen 127.0.0.1:0 --clock 2026-01-05T09:00:00+08:00 \
  >&3 2>"$folder/server.log" &
server=$!
ready=""
for _ in $(seq 300); do
  if read -r -t 0.1 ready <&3; then break; fi
  kill -0 "$server" 2>/dev/null || break
done
if [ -z "$ready" ]; then
  cat "$folder/server.log" >&2
  echo "quickstart.sh: the server did not start" >&2
  server=""
  exit 1
fi
echo "$ready"
port=$(sed -n 's/.* on 127\.0\.0\.1:\([0-9]*\).*/\1/p' <<<"$ready")

# ---- a change request, through the hands of its people ----

# as_typed WORD...: the words as one would type them, NAME="two words" rather than backslashes.
as_typed() {
  local word
  for word in "$@"; do
    if [[ $word =~ ^[A-Za-z0-9_.:=/-]+$ ]]; then
      printf ' %s' "$word"
    elif [[ $word =~ ^([a-z_]+=)(.*)$ ]]; then
      printf ' %s"%s"' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
    else
      printf ' "%s"' "$word"
    fi
  done
}

# says NAME WHAT COMMAND...: prints who does what, the command as one would type it, its output.
says() {
  local who=$1 what=$2
  shift 2
  printf '\n%s%s%s %s\n' "$bold" "$who" "$plain" "$what"
  printf '%s$%s %ssignoff%s%s\n' "$dim" "$plain" "$green" "$(as_typed --as "$who" "$@")" "$plain"
  "$program" "$@" --as "$who"
}

title "A change request"
says mei "of the client asks for a change" case open change_request --project acme-erp \
  --field summary="Export for the auditors" --field reason="They ask for it every quarter"
says mei "hands it in" case fire CR-1 submit
says li "the project manager finds it waiting" inbox
says li "looks at it, and sees what may be done" case show CR-1
says admin "lets a day and most of the next pass: the reminder comes by itself" clock advance "1 day 8 hours"
says li "has been reminded" inbox messages
says li "accepts it for assessment" case fire CR-1 accept --comment "Let us see what it takes"
says sun "the engineer estimates the work" case fire CR-1 assess --field days=5 --field risk=low
says li "prices it: above 50,000 the sponsor must agree too" case fire CR-1 price \
  --field cost=80000.00 --field scope="One report, one button"

title "Who agrees, and to exactly what"
says li "agrees, and is shown what to" case vote CR-1 approve
says wang "of the change board agrees" case vote CR-1 approve
says chen "of the change board agrees" case vote CR-1 approve --comment "Worth it"
says li "asks who still has to agree, and by which rule" case approval CR-1
says admin "lets half of the time pass: those who have not answered are reminded" \
  clock advance "4 days"
says zhao "the sponsor, who reads Chinese, looks at it" case show CR-1
says zhao "and agrees" case vote CR-1 approve
says tom "of the client agrees: that was the last one needed" case vote CR-1 approve
says sun "has built it" case fire CR-1 implemented
says li "has verified it" case fire CR-1 verified --field result="Printed for the auditors"
says li "files it" case fire CR-1 archive --field filed="Contract annex 3"

title "What happened: the minutes of the case"
says li "reads all of it" case history CR-1
says mei "of the client reads what the client is to see" case history CR-1
says admin "verifies the chain of all entries" audit verify

# ---- the real tickets ----

title "The log of a real help desk, replayed event by event"
/usr/bin/python3 "$root/examples/helpdesk/replay.py" --signoff "$program" \
  ${replay[@]+"${replay[@]}"}

# ---- how to go on ----

title "How to go on"
cat <<END
  a site of your own    $program init ~/signoff && $program serve ~/signoff
  its rules             ~/signoff/teams/demo/team.lua, checked by: signoff check ~/signoff
  every command         $program --help
  the protocol          one JSON text per line; try: $program call rpc.discover
  the language, the map of the sources and more: README.md
END
if [ "$once" = no ]; then
  cat <<END

  This site goes on until Ctrl-C. In another terminal:
    export SIGNOFF_SITE=$SIGNOFF_SITE
    $program --as li case show CR-1
    nc 127.0.0.1 $port
END
  wait "$server" || true
  server=""
fi
