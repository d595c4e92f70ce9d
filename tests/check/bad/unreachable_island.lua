-- SPDX-License-Identifier: Apache-2.0
-- States that lead to each other only.
-- expect: unreachable-state 9:3
-- expect: unreachable-state 10:3
return workflow "unreachable_island" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "done" } },
  state "b" { on "on" { by = "pm", to = "c" } },
  state "c" { on "back" { by = "pm", to = "b" }, on "go" { by = "pm", to = "done" } },
  final "done",
}
