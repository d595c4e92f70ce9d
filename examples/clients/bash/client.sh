#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A small client of Signoff: inbox, open, decide, watch. See README.md beside it.
# bash opens the connection itself; jq reads and writes JSON.
set -euo pipefail

last_id=0

# call METHOD PARAMS: puts the result into $result, or ends with the server's reason
call() {
  last_id=$((last_id + 1))
  jq -nc --arg m "$1" --argjson p "$2" --argjson id "$last_id" \
    '{jsonrpc: "2.0", id: $id, method: $m, params: $p}' >&3
  local answer
  while read -r answer <&3; do
    [ "$(jq .id <<<"$answer")" = "$last_id" ] || continue # a notification that came between
    if jq -e .error <<<"$answer" >/dev/null; then
      jq -r '"\(.error.code): \(.error.message)"' <<<"$answer" >&2
      exit 1
    fi
    result=$(jq -c .result <<<"$answer")
    return
  done
  echo "the server closed the connection" >&2
  exit 1
}

request_id() { cat /proc/sys/kernel/random/uuid; }

inbox() {
  call inbox.list '{}'
  jq -r '.items[] | [.case, .kind, .title] | join("\t")' <<<"$result"
}

open() {
  local workflow=$1 project=$2 fields='{}' field
  for field in "${@:3}"; do
    fields=$(jq -c --arg n "${field%%=*}" --arg v "${field#*=}" '.[$n] = $v' <<<"$fields")
  done
  call case.open "$(jq -nc --arg w "$workflow" --arg p "$project" --argjson f "$fields" \
    --arg r "$(request_id)" '{workflow: $w, project: $p, fields: $f, request_id: $r}')"
  jq -r '[.case, (.states | join(","))] | join("\t")' <<<"$result"
}

decide() {
  local key=$1 choice=$2 digest=${3-} approval
  call case.get "$(jq -nc --arg c "$key" '{case: $c}')"
  approval=$(jq -c '[.approvals[] | select(.ended == null)][0]' <<<"$result")
  if [ "$approval" = null ]; then
    echo "$key has no open approval" >&2
    exit 1
  fi
  if [ -z "$digest" ]; then # look first: nothing is decided without the digest of what was seen
    jq -r --argjson a "$approval" '.fields as $f | $a.covers[] | "\(.): \($f[.] | tojson)"' <<<"$result"
    jq -r '"digest: \(.digest)"' <<<"$approval"
    return
  fi
  call approval.vote "$(jq -nc --arg c "$key" --argjson a "$approval" --arg v "$choice" --arg d "$digest" \
    --arg r "$(request_id)" '{case: $c, approval: $a.approval, choice: $v, digest: $d, request_id: $r}')"
  jq -r '[.case, (.states | join(","))] | join("\t")' <<<"$result"
}

# From that number on; who remembers the last number seen misses nothing.
watch() {
  call watch.start "{\"from\": ${1:-1}}"
  jq --unbuffered -r 'select(.method == "watch.entry") | .params.entry
    | [.seq, (.case // "-"), .kind, .actor] | join("\t")' <&3
}

case "${1-}" in
inbox | open | decide | watch) ;;
*)
  echo "usage: client.sh inbox | open WORKFLOW PROJECT NAME=VALUE... | decide CASE CHOICE [DIGEST] | watch [FROM]" >&2
  exit 1
  ;;
esac
server=${SIGNOFF_SERVER:-127.0.0.1:7480}
exec 3<>"/dev/tcp/${server%:*}/${server##*:}"
call session.login "$(jq -nc --arg t "$SIGNOFF_TOKEN" '{token: $t}')"
"$@"
