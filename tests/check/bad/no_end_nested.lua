-- SPDX-License-Identifier: Apache-2.0
-- States in a state, and nothing leads out of it.
-- expect: no-end 9:5
-- expect: unreachable-state 12:3
return workflow "no_end_nested" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "work" { start = "a",
    state "a" { on "go" { by = "pm", to = "b" } },
    state "b" { on "back" { by = "pm", to = "a" } },
  },
  final "done",
}
