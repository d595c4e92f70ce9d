-- SPDX-License-Identifier: Apache-2.0
-- The good twin: events that lead nowhere; one of the workflow itself leads out.
return workflow "stuck_without_target" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
  state "b" { on "note" { by = "pm", run = priority "up" } },
  on "withdraw" { by = "pm", to = "done" },
  final "done",
}
