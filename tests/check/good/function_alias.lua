-- SPDX-License-Identifier: Apache-2.0
-- What may be something else is not followed.
local function above(fields, n) return fields.cost > n end
local NAME = "n"
return workflow "function_alias" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", when = function(c, e)
      local fields = c.fields
      if e.name == "look" then fields = e.data end
      for i = 1, 3 do
        if fields.m == i then return false, "no" end
      end
      local it = c.owner and c or e
      local seen = function(name) return it[name] ~= nil and it.kind end
      return seen(NAME) and above(c.fields, 3)
    end },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
