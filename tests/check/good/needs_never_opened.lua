-- SPDX-License-Identifier: Apache-2.0
-- The good twin: a required field that open does not take.
return workflow "needs_never_opened" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { what = text {}, cost = money {}, why = text { required = true } },
  open = { by = "pm", takes = { "what", "why" } },
  state "a" { on "end" { by = "pm", takes = { "cost" }, to = "done" } },
  final "done",
}
