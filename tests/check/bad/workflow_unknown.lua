-- SPDX-License-Identifier: Apache-2.0
-- Workflows that the team does not use.
-- expect: workflow-unknown 12:14
-- expect: function-name 13:14
-- expect: workflow-unknown 15:35
return workflow "workflow_unknown" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", run = function(c)
      c:open("issue", { summary = "x" })
      c:open("workflow_unknown", { m = 3 })
    end },
    within { "2 days", late "0" { start "report", notify "pm" } },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
