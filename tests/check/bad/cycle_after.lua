-- SPDX-License-Identifier: Apache-2.0
-- Reminders for ever.
-- expect: cycle-without-people 9:3
-- expect: no-end 9:3
return workflow "cycle_after" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
  state "b" { enter = remind "requester", after "1 day" { to = "c" } },
  state "c" { enter = notify "sponsor", after "1 day" { to = "b" } },
  final "done",
}
