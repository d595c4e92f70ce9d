-- SPDX-License-Identifier: Apache-2.0
-- Members and methods that the case and the event do not have.
-- expect: function-member 15:16
-- expect: function-member 15:35
-- expect: function-member 17:9
-- expect: function-member 18:9
-- expect: function-member 19:9
-- expect: function-member 20:16
return workflow "function_member" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", when = function(c, e)
      return c.feilds == nil or e.author == c.opener
    end, run = function(c, e)
      c:sett("n", 1)
      c.set("n", 1)
      c:owner()
      c.fields.n = 2
    end },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
