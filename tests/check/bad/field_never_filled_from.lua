-- SPDX-License-Identifier: Apache-2.0
-- A deadline that never begins.
-- expect: field-never-filled 7:30
return workflow "field_never_filled_from" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { what = text {}, served = time {} },
  state "a" { edit = { pm = { "what" } }, on "end" { by = "pm", to = "done" },
    within { "5 days", from = "served", late "0" { remind "pm" } } },
  final "done",
}
