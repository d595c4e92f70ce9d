-- SPDX-License-Identifier: Apache-2.0
-- Reads a field that there is not.
-- expect: function-name 9:40
return workflow "function_field" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {} },
  state "a" { on "end" { by = "pm", to = "done",
    when = function(c) return c.fields.kost ~= nil, "no cost" end } },
  final "done",
}
