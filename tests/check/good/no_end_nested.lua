-- SPDX-License-Identifier: Apache-2.0
-- The good twin: states in a state, and nothing leads out of it.
return workflow "no_end_nested" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "work" { start = "a",
    state "a" { on "go" { by = "pm", to = "b" } },
    state "b" { on "back" { by = "pm", to = "a" } },
    on "end" { by = "pm", to = "done" },
  },
  final "done",
}
