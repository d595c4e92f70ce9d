-- SPDX-License-Identifier: Apache-2.0
-- A required field that open does not take.
-- expect: needs-unfilled 7:47
return workflow "needs_never_opened" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { what = text {}, cost = money {}, why = text { required = true } },
  open = { by = "pm", takes = { "what" } },
  state "a" { on "end" { by = "pm", takes = { "cost" }, to = "done" } },
  final "done",
}
