-- SPDX-License-Identifier: Apache-2.0
-- A slip in the id.
-- expect: event-nobody 8:15
-- expect: silence-unknown 8:82
return workflow "silence_unknown" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "paid" { to = "done" }, on "end" { by = "pm", to = "done" } },  -- signoff: allow event-nobdy: the bank
  final "done",
}
