-- SPDX-License-Identifier: Apache-2.0
-- Constants that cannot be taken.
-- expect: function-value 16:13
-- expect: function-value 17:13
-- expect: function-value 18:13
-- expect: function-value 19:18
-- expect: function-value 20:14
-- expect: function-value 21:14
-- expect: function-value 22:14
return workflow "function_value" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", run = function(c, e)
      c:set("ok", "yes")
      c:set("kind", "medium")
      c:set("cost", "a lot")
      c:priority("hihg")
      c:send("end", { after = "3 dasy" })
      c:send("end", { data = {} })
      c:emit("done.state.a")
    end },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
