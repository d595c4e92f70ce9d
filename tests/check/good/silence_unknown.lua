-- SPDX-License-Identifier: Apache-2.0
-- The good twin: a slip in the id.
return workflow "silence_unknown" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "paid" { to = "done" }, on "end" { by = "pm", to = "done" } },  -- signoff: allow event-nobody: the bank fires it
  final "done",
}
