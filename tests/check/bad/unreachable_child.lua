-- SPDX-License-Identifier: Apache-2.0
-- A state inside another that is never entered.
-- expect: unreachable-state 9:5
return workflow "unreachable_child" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "work" { start = "first",
    state "first" { on "go" { by = "pm", to = "done" } },
    state "second" { on "go" { by = "pm", to = "done" } },
  },
  final "done",
}
