#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# send.sh URL SECRET FILE: sends FILE to a hook, signed as Standard Webhooks says.
set -e
id=msg_$(date +%s)_$$
at=$(date +%s)
key=$(printf %s "${2#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
mac=$({ printf '%s.%s.' "$id" "$at"; cat "$3"; } | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)
curl -sS -H "Content-Type: application/json" -H "webhook-id: $id" -H "webhook-timestamp: $at" \
  -H "webhook-signature: v1,$mac" --data-binary "@$3" "$1"
