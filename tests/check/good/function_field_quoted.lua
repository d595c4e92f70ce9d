-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the same in brackets.
return workflow "function_field_quoted" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {} },
  state "a" { on "end" { by = "pm", to = "done",
    when = function(c) return c.fields["cost"] ~= nil end } },
  final "done",
}
