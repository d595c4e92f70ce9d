-- SPDX-License-Identifier: Apache-2.0
-- The good twin: a condition on what nobody fills.
return workflow "field_never_filled" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { what = text {}, cost = money {}, days = number {} },
  state "a" { edit = { pm = { "what", "days", "cost" } },
    on "end" { by = "pm", to = "done" }, on "big" { by = "pm", when = { cost = above(5) }, to = "done" } },
  final "done",
}
