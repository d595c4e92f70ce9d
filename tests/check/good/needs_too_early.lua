-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the cost comes one state later.
return workflow "needs_too_early" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "client" },
  fields = { what = text {}, cost = money {}, days = number {} },
  state "a" { edit = { pm = { "what", "days" } },
    on "price" { by = "pm", needs = { "what", "cost" }, takes = { "cost" }, to = "b" } },
  state "b" { on "end" { by = "pm", to = "done" } },
  final "done",
}
