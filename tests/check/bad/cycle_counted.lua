-- SPDX-License-Identifier: Apache-2.0
-- A condition ends the circle.
-- expect: cycle-without-people 10:3
-- expect: no-end 10:3
return workflow "cycle_counted" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  fields = { tries = number { default = 0 } },
  state "a" { on "go" { by = "pm", to = "b" }, on "end" { by = "pm", to = "done" } },
  state "b" { enter = set { tries = plus(1) }, after "1 day" { to = "c" } },
  state "c" { enter = remind "requester", after "1 day" { to = "b" } },
  final "done",
}
