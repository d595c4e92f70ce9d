-- SPDX-License-Identifier: Apache-2.0
-- The good twin: states that lead to each other only.
return workflow "unreachable_island" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" } },
  state "b" { on "on" { by = "pm", to = "c" } },
  state "c" { on "back" { by = "pm", to = "b" }, on "go" { by = "pm", to = "done" } },
  final "done",
}
