-- SPDX-License-Identifier: Apache-2.0
-- Three states, by time and at once.
-- expect: cycle-without-people 9:3
-- expect: no-end 9:3
return workflow "cycle_mixed" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
  state "b" { always { to = "c" } },
  state "c" { after "2 hours" { to = "d" } },
  state "d" { after "1 day" { to = "b" } },
  final "done",
}
