-- SPDX-License-Identifier: Apache-2.0
-- The good twin: a history that nothing leads to.
return workflow "unreachable_history" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "work" {
    state "first" { on "go" { by = "pm", to = "done" }, on "hold" { by = "pm", to = "held" } },
    history "before" { start = "first" },
  },
  state "held" { on "resume" { by = "pm", to = "before" } },
  final "done",
}
