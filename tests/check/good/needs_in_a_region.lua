-- SPDX-License-Identifier: Apache-2.0
-- The good twin: what one region fills the other one may need.
return workflow "needs_in_a_region" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "client" },
  fields = { what = text {}, cost = money {}, days = number {} },
  state "a" { edit = { pm = { "what" } }, on "go" { by = "pm", to = "both" } },
  parallel "both" {
    state "one" { state "x" { on "ok" { by = "pm", takes = { "days", "cost" }, to = "y" } }, final "y" },
    state "two" { state "v" { on "fine" { by = "pm", needs = { "cost" }, to = "w" } }, final "w" },
    done = "c",
  },
  state "c" { on "end" { by = "pm", to = "done" } },
  final "done",
}
