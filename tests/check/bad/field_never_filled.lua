-- SPDX-License-Identifier: Apache-2.0
-- A condition on what nobody fills.
-- expect: field-never-filled 7:30
return workflow "field_never_filled" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { what = text {}, cost = money {}, days = number {} },
  state "a" { edit = { pm = { "what", "days" } },
    on "end" { by = "pm", to = "done" }, on "big" { by = "pm", when = { cost = above(5) }, to = "done" } },
  final "done",
}
