-- SPDX-License-Identifier: Apache-2.0
-- The good twin: reminders for ever.
return workflow "cycle_after" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
  state "b" { enter = remind "requester", after "1 day" { to = "c" } },
  state "c" { enter = notify "sponsor", after "1 day" { to = "b" }, on "answer" { by = "client", to = "a" } },
  final "done",
}
