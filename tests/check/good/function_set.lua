-- SPDX-License-Identifier: Apache-2.0
-- The good twin: sets a field that there is not; comments do nothing.
return workflow "function_set" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {} },
  state "a" { on "end" { by = "pm", to = "done",
    run = function(c)
      c:set("cost", c.fields.cost)
    end } },
  final "done",
}
