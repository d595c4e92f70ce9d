#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh Debian 12 to a running server: installs what is missing, builds, replays the real
# tickets of examples/helpdesk, walks a change request through the hands of its people, and then
# leaves the server running until Ctrl-C: with links to sign in to the console by, as the team's
# lead and as the client.
#
#   examples/quickstart.sh [--once] [--limit N] [--program FILE]
#     --once          stop by itself at the end
#     --limit N       replay only the first N tickets
#     --program FILE  install and build nothing: use this program
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
once=no
program=""
replay=()
while [ $# -gt 0 ]; do
  case $1 in
    --once) once=yes ;;
    --limit) replay+=(--limit "${2:?--limit needs a number}"); shift ;;
    --program) program=$(realpath "${2:?--program needs a file}"); shift ;;
    -h | --help) sed -n '3,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
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

cd "$root"
if [ -z "$program" ]; then
  title "Building"
  . "$root/examples/packages.sh"
  install_packages $run_packages
  cmake --preset release >/dev/null
  cmake --build --preset release --target signoff | tail -n 1
  program=$root/build/release/signoff
fi

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

# What the project has besides: what was agreed to at its beginning, something of every kind, and a
# change that is one price and three answers away from being agreed to.
title "More of the project, to look at in the console"
quietly admin clock advance --to 2014-01-13T09:30:00+08:00
quietly li project member add acme-erp sun support
quietly li call case.open '{"workflow": "charter", "project": "acme-erp", "fields": {
  "summary": "ERP for Acme", "purpose": "Orders, stock and invoices in one system instead of four",
  "scope": "Orders, the warehouse, invoices; two sites", "budget": "640000.00",
  "goals": [{"goal": "Orders leave the house on the day they come in", "measure": "95 % in March", "by_day": "2014-03-31"}],
  "deliverables": [{"what": "Warehouse module"}, {"what": "Invoice module"}, {"what": "Training of forty people"}],
  "milestones": [{"what": "Warehouse goes live", "by_day": "2014-02-14"}, {"what": "Invoices go live", "by_day": "2014-03-14"}]}}'
quietly li case fire CH-1 propose
quietly zhao case vote CH-1 approve
quietly tom case vote CH-1 approve
quietly li case open milestone --project acme-erp --field summary="Warehouse goes live" --field planned=2014-02-14
quietly li case open milestone --project acme-erp --field summary="Invoices go live" --field planned=2014-03-14
quietly sun case open risk --project acme-erp --field summary="The scanners are delivered after the training" \
  --field cause="Their maker has two months of orders" --field effect="Stock is counted by hand in February"
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
quietly li case fire CR-3 accept
quietly sun case fire CR-3 assess --field days=4 --field risk=low
quietly chen delegation set li --until 2014-01-27T09:00:00+08:00
quietly admin clock advance "1 hour"
quietly mei case open issue --project acme-erp --field summary="Invoices are printed without the tax number" \
  --field details="Since Friday, on all invoices to France" --field kind=defect
quietly sun case fire IS-1 take
quietly sun case fire IS-1 solve --field answer="The field was empty in the new template; it is filled again, and the eleven invoices are sent anew"
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
# link WHAT ADDRESS
link() { printf '\n%s\n    %s%s%s\n' "$1" "$green" "$2" "$plain"; }
if [ -n "$web" ]; then
  title "Five minutes in the browser"
  echo "  Open each link in a tab of its own: it signs that tab in, once."
  link "  1 Li leads the team. In her inbox waits \"Stock counts by hand-held scanner\": give it a price of 9500,
    then agree to it, in her own name and for Chen, who is away and has her stand in." "$(sign_in li)"
  link "  2 Mei is the client. Her portal then asks for her answer to it: read, approve, take the certificate." "$(sign_in mei)"
  link "  3 The lead of the help desk, with the tickets of the log: their board and their reports." \
    "$web$("$program" link login desk --operator --team helpdesk --json | sed -n 's/.*"path": *"\([^"]*\)".*/\1/p')"
  printf '\n  Once a link is used up, this makes another:\n    SIGNOFF_SITE=%s %s link login li --as li\n' "$SIGNOFF_SITE" "$program"
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
