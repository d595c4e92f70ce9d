-- SPDX-License-Identifier: Apache-2.0
-- The good twin: waits for somebody who is told nothing.
return workflow "role_waiting_unseen" {
  key = "CK", client = "none",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { waiting_for = "sponsor", on "end" { by = "pm", to = "done" }, after "9 days" { to = "done" } },
  final "done",
}
