-- SPDX-License-Identifier: Apache-2.0
-- Said once, for the outermost.
-- expect: unreachable-state 8:3
return workflow "unreachable_below_unreachable" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "done" } },
  state "outer" { state "inner" { on "go" { by = "pm", to = "done" } } },
  final "done",
}
