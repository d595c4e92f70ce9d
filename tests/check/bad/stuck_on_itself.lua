-- SPDX-License-Identifier: Apache-2.0
-- Leads to itself only.
-- expect: stuck-state 8:3
return workflow "stuck_on_itself" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
  state "b" { on "again" { by = "pm", to = "b" } },
  final "done",
}
