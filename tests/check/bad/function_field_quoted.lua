-- SPDX-License-Identifier: Apache-2.0
-- The same in brackets.
-- expect: function-name 9:40
return workflow "function_field_quoted" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {} },
  state "a" { on "end" { by = "pm", to = "done",
    when = function(c) return c.fields["costs"] ~= nil end } },
  final "done",
}
