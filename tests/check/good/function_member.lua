-- SPDX-License-Identifier: Apache-2.0
-- Everything is named as it is called.
return workflow "function_member" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", when = function(c, e)
      return c.fields == nil or e.by == c.opener
    end, run = function(c, e)
      c:set("n", 1)
      c.set(c, "n", 1)
      c:assign(c.owner)
      c:set("n", 2)
    end },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
