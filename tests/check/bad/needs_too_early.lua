-- SPDX-License-Identifier: Apache-2.0
-- The cost comes one state later.
-- expect: needs-unfilled 9:47
return workflow "needs_too_early" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "client" },
  fields = { what = text {}, cost = money {}, days = number {} },
  state "a" { edit = { pm = { "what", "days" } },
    on "price" { by = "pm", needs = { "what", "cost" }, to = "b" } },
  state "b" { on "end" { by = "pm", takes = { "cost" }, to = "done" } },
  final "done",
}
