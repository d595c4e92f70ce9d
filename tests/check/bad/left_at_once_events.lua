-- SPDX-License-Identifier: Apache-2.0
-- The second always has no condition.
-- expect: left-at-once 11:5
return workflow "left_at_once_events" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" } },
  state "b" {
    always { when = { priority = is "high" }, to = "a" },
    on "stop" { by = "pm", to = "done" },
    always { to = "a" },
  },
  final "done",
}
