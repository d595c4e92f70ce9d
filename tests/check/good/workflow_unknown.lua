-- SPDX-License-Identifier: Apache-2.0
-- The workflow itself is one that the team uses.
return workflow "workflow_unknown" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", run = function(c)
      c:open("workflow_unknown", { n = 3 })
    end },
    within { "2 days", late "0" { start "workflow_unknown", notify "pm" } },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
