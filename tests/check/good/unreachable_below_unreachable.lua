-- SPDX-License-Identifier: Apache-2.0
-- The good twin: said once, for the outermost.
return workflow "unreachable_below_unreachable" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "outer" } },
  state "outer" { state "inner" { on "go" { by = "pm", to = "done" } } },
  final "done",
}
