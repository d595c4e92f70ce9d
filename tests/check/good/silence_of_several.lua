-- SPDX-License-Identifier: Apache-2.0
-- The good twin: one above the other, and several in one.
return workflow "silence_of_several" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  -- signoff: allow event-nobody: the bank fires it
  -- signoff: allow unreachable-state: the next version needs it
  state "a" { on "paid" { to = "done" }, on "end" { by = "pm", to = "done" } }, state "x" { },
  final "done",
}
