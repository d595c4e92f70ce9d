-- SPDX-License-Identifier: Apache-2.0
-- Waits for somebody who is told nothing.
-- expect: role-nobody 7:29
return workflow "role_waiting_unseen" {
  key = "CK", client = "none",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { waiting_for = "client", on "end" { by = "pm", to = "done" }, after "9 days" { to = "done" } },
  final "done",
}
