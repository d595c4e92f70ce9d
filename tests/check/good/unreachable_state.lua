-- SPDX-License-Identifier: Apache-2.0
-- The good twin: no transition names the state.
return workflow "unreachable_state" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "done" }, on "ask" { by = "pm", to = "forgotten" } },
  state "forgotten" { on "go" { by = "pm", to = "done" } },
  final "done",
}
