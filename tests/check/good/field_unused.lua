-- SPDX-License-Identifier: Apache-2.0
-- The good twin: left over.
return workflow "field_unused" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { what = text {} },
  internal = { margin = money {} },
  state "a" { edit = { pm = { "what" } }, on "end" { by = "pm", to = "done", run = set { margin = 5 } } },
  final "done",
}
