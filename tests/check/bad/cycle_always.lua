-- SPDX-License-Identifier: Apache-2.0
-- Two states without a stop.
-- expect: cycle-without-people 9:3
-- expect: no-end 9:3
return workflow "cycle_always" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
  state "b" { always { to = "c" } },
  state "c" { always { to = "b" } },
  final "done",
}
