-- SPDX-License-Identifier: Apache-2.0
-- Left over.
-- expect: field-unused 8:16
return workflow "field_unused" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { what = text {} },
  internal = { margin = money {} },
  state "a" { edit = { pm = { "what" } }, on "end" { by = "pm", to = "done" } },
  final "done",
}
