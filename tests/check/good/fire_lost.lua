-- SPDX-License-Identifier: Apache-2.0
-- One that some workflow of the team awaits.
return workflow "fire_lost" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", run = function(c) c:fire("CK-1", "look") end },
    within { "2 days", late "0" { fire "end" { case = "CK-1" }, notify "pm" } },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
