-- SPDX-License-Identifier: Apache-2.0
-- Events that lead nowhere; one of the workflow itself leads out.
-- expect: stuck-state 8:3
return workflow "stuck_without_target" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
  state "b" { on "note" { by = "pm", run = priority "up" } },
  final "done",
}
