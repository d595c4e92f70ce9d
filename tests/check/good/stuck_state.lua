-- SPDX-License-Identifier: Apache-2.0
-- The good twin: no transition at all.
return workflow "stuck_state" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
  state "b" { owner = "pm", on "end" { by = "pm", to = "done" } },
  final "done",
}
