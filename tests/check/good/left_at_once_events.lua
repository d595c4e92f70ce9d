-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the second always has no condition.
return workflow "left_at_once_events" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" } },
  state "b" {
    always { when = { priority = is "high" }, to = "a" },
    on "stop" { by = "pm", to = "done" },
  },
  final "done",
}
