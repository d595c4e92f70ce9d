-- SPDX-License-Identifier: Apache-2.0
-- The good twin: two states without a stop.
return workflow "cycle_always" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
  state "b" { always { to = "c" } },
  state "c" { always { when = { priority = is "high" }, to = "b" }, on "back" { by = "pm", to = "a" } },
  final "done",
}
