#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh Debian 12 to a running server: installs what is missing, builds, replays the real
# tickets of examples/helpdesk, walks a change request through the hands of its people, and then
# leaves the server running until Ctrl-C: with links to sign in to the console by, as the team's
# lead and as the client.
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
    -h | --help) sed -n '3,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
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

# ---- the real tickets ----

title "The log of a real help desk, replayed event by event"
/usr/bin/python3 "$root/examples/helpdesk/replay.py" --signoff "$program" --site "$SIGNOFF_SITE" --demo \
  ${replay[@]+"${replay[@]}"}

title "The same site, with a client, a project and seven people besides the desk; on virtual time"
mkfifo "$folder/ready"
exec 3<>"$folder/ready"
"$program" serve "$SIGNOFF_SITE" --listen 127.0.0.1:0 --http 127.0.0.1:0 \
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
web=$(sed -n 's/.*\(http:\/\/127\.0\.0\.1:[0-9]*\).*/\1/p' <<<"$ready")
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
"$program" --as admin clock advance --to 2014-01-06T09:00:00+08:00 >/dev/null
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
says mei "takes the proof of the decision away, which anybody can check without this site" certificate CR-1

# ---- more of the project, for the console ----

# quietly NAME COMMAND...: the same without a word of it.
quietly() {
  local who=$1
  shift
  "$program" "$@" --as "$who" >/dev/null
}

# What the project has besides: something that waits for the client, and something of every kind.
title "More of the project, to look at in the console"
quietly mei case open change_request --project acme-erp --field summary="A second label printer at the north dock" \
  --field reason="Two lorries are loaded at once since May" --field category=scope
quietly mei case fire CR-2 submit
quietly li case fire CR-2 accept
quietly sun case fire CR-2 assess --field days=3 --field risk=low
quietly li case fire CR-2 price --field cost=12500.00 --field scope="One printer, its driver, one more port at the dock"
quietly li case vote CR-2 approve
quietly wang case vote CR-2 approve
quietly chen case vote CR-2 approve --comment "The driver is the one we have"
quietly tom case open change_request --project acme-erp --field summary="Stock counts by hand-held scanner" \
  --field reason="Counting takes a weekend now"
quietly tom case fire CR-3 submit
quietly mei case open issue --project acme-erp --field summary="Invoices are printed without the tax number" \
  --field details="Since Friday, on all invoices to France" --field kind=defect
quietly li case fire IS-1 take
quietly li case fire IS-1 solve --field answer="The field was empty in the new template; it is filled again, and the eleven invoices are sent anew"
quietly tom case open issue --project acme-erp --field summary="How do we add a warehouse?" --field kind=question
quietly mei case open feedback --project acme-erp --field summary="The training was on our busiest day" \
  --field details="Half of the team could not come" --field kind=complaint
quietly li case open acceptance --project acme-erp --field deliverable="Warehouse module, first release" \
  --field criteria="100 orders an hour, no count off by more than one" --field release=1.0
quietly li case fire AC-1 propose
"$program" case list --as li --limit 20

# ---- how to go on ----

title "How to go on"
cat <<END
  a site of your own    $program init ~/signoff && $program serve ~/signoff
  its rules             ~/signoff/teams/demo/team.lua, checked by: signoff check ~/signoff
  every command         $program --help
  the protocol          one JSON text per line; try: $program call rpc.discover
  the language, the map of the sources and more: README.md
END
# sign_in NAME: an address that signs that person in, once.
sign_in() {
  printf '%s%s' "$web" "$("$program" link login "$1" --as li --json | sed -n 's/.*"path": *"\([^"]*\)".*/\1/p')"
}
if [ -n "$web" ]; then
  title "The console: $web"
  printf '  as li, who leads the team\n    %s%s%s\n' "$green" "$(sign_in li)" "$plain"
  printf '  as mei of the client, whose answer CR-2 waits for\n    %s%s%s\n' "$green" "$(sign_in mei)" "$plain"
  printf '  as the lead of the help desk, with its tickets\n    %s%s%s\n' "$green" \
    "$web$("$program" link login desk --operator --team helpdesk --json | sed -n 's/.*"path": *"\([^"]*\)".*/\1/p')" "$plain"
  echo "  Each link signs in once; two windows of different kinds (one private) show two people side by side."
fi
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
