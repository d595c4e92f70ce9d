-- SPDX-License-Identifier: Apache-2.0
-- No transition names the state.
-- expect: unreachable-state 8:3
return workflow "unreachable_state" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "done" } },
  state "forgotten" { on "go" { by = "pm", to = "done" } },
  final "done",
}
