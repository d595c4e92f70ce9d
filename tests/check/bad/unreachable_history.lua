-- SPDX-License-Identifier: Apache-2.0
-- A history that nothing leads to.
-- expect: unreachable-state 9:5
return workflow "unreachable_history" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "work" {
    state "first" { on "go" { by = "pm", to = "done" } },
    history "before" { start = "first" },
  },
  final "done",
}
