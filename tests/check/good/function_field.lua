-- SPDX-License-Identifier: Apache-2.0
-- The good twin: reads a field that there is not.
return workflow "function_field" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {} },
  state "a" { on "end" { by = "pm", to = "done",
    when = function(c) return c.fields.cost ~= nil, "no cost" end } },
  final "done",
}
