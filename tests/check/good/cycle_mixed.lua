-- SPDX-License-Identifier: Apache-2.0
-- The good twin: three states, by time and at once.
return workflow "cycle_mixed" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
  state "b" { always { to = "c" } },
  state "c" { after "2 hours" { to = "d" } },
  state "d" { after "1 day" { to = "a" } },
  final "done",
}
