-- SPDX-License-Identifier: Apache-2.0
-- The good twin: a state inside another that is never entered.
return workflow "unreachable_child" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "work" { start = "first",
    state "first" { on "go" { by = "pm", to = "second" } },
    state "second" { on "go" { by = "pm", to = "done" } },
  },
  final "done",
}
