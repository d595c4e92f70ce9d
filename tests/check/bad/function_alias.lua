-- SPDX-License-Identifier: Apache-2.0
-- What is followed into locals, functions within and helpers.
-- expect: function-name 6:47
-- expect: function-name 16:19
-- expect: function-name 18:73
local function above(fields, n) return fields.cots > n end
local NAME = "n"
return workflow "function_alias" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", when = function(c, e)
      local fields = c.fields
      for i = 1, 3 do
        if fields.m == i then return false, "no" end
      end
      local seen = function(name) return fields[name] ~= nil and fields.koni end
      return seen(NAME) and above(fields, 3)
    end },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
