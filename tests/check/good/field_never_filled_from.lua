-- SPDX-License-Identifier: Apache-2.0
-- The good twin: a deadline that never begins.
return workflow "field_never_filled_from" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { what = text {}, served = time {} },
  state "a" { edit = { pm = { "what" } }, on "end" { by = "pm", to = "done" },
    on "serve" { by = "pm", takes = { "served" } },
    within { "5 days", from = "served", late "0" { remind "pm" } } },
  final "done",
}
