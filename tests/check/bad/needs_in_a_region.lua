-- SPDX-License-Identifier: Apache-2.0
-- What one region fills the other one may need.
-- expect: needs-unfilled 11:64
return workflow "needs_in_a_region" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "client" },
  fields = { what = text {}, cost = money {}, days = number {} },
  state "a" { edit = { pm = { "what" } }, on "go" { by = "pm", to = "both" } },
  parallel "both" {
    state "one" { state "x" { on "ok" { by = "pm", takes = { "days" }, to = "y" } }, final "y" },
    state "two" { state "v" { on "fine" { by = "pm", needs = { "cost" }, to = "w" } }, final "w" },
    done = "c",
  },
  state "c" { on "end" { by = "pm", takes = { "cost" }, to = "done" } },
  final "done",
}
