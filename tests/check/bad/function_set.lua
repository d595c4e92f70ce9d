-- SPDX-License-Identifier: Apache-2.0
-- Sets a field that there is not; comments do nothing.
-- expect: function-name 11:13
return workflow "function_set" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {} },
  state "a" { on "end" { by = "pm", to = "done",
    run = function(c)
      -- c:set("price", 1) would be wrong, too
      c:set("price", c.fields.cost)
    end } },
  final "done",
}
