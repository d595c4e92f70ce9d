-- SPDX-License-Identifier: Apache-2.0
-- The good twin: filled on one way, needed on the other.
return workflow "needs_on_the_wrong_way" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "client" },
  fields = { what = text {}, cost = money {}, days = number {} },
  state "a" { edit = { pm = { "what" } },
    on "fast" { by = "pm", to = "b" }, on "slow" { by = "pm", takes = { "cost", "days" }, to = "c" } },
  state "b" { on "end" { by = "pm", to = "done" } },
  state "c" { on "end" { by = "pm", needs = { "cost" }, to = "done" }, on "again" { by = "pm", to = "b" } },
  final "done",
}
