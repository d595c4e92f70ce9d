-- SPDX-License-Identifier: Apache-2.0
-- Filled on one way, needed on the other.
-- expect: needs-unfilled 10:47
return workflow "needs_on_the_wrong_way" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "client" },
  fields = { what = text {}, cost = money {}, days = number {} },
  state "a" { edit = { pm = { "what" } },
    on "fast" { by = "pm", to = "b" }, on "slow" { by = "pm", takes = { "cost", "days" }, to = "c" } },
  state "b" { on "end" { by = "pm", needs = { "cost" }, to = "done" } },
  state "c" { on "end" { by = "pm", needs = { "cost" }, to = "done" } },
  final "done",
}
