-- SPDX-License-Identifier: Apache-2.0
-- The good twin: in the wrong line.
return workflow "silence_elsewhere" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" {
    on "paid" { to = "done" },  -- signoff: allow event-nobody: the bank
    on "end" { by = "pm", to = "done" } },
  final "done",
}
