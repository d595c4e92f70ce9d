-- SPDX-License-Identifier: Apache-2.0
-- No transition at all.
-- expect: stuck-state 8:3
return workflow "stuck_state" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
  state "b" { owner = "pm" },
  final "done",
}
