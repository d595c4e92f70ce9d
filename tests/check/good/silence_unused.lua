-- SPDX-License-Identifier: Apache-2.0
-- The good twin: nothing is there to be silenced; a line of its own speaks of the next one.
return workflow "silence_unused" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  -- signoff: allow event-nobody: the bank fires it
  state "a" { on "paid" { to = "done" }, on "end" { by = "pm", to = "done" } },
  final "done",
}
