-- SPDX-License-Identifier: Apache-2.0
-- Constants that can.
return workflow "function_value" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", run = function(c, e)
      c:set("ok", true)
      c:set("kind", "small")
      c:set("cost", 5)
      c:set("cost", "5.50")
      c:set("n", nil)
      c:set("n", c.fields.n and 3)
      c:priority("high")
      c:send("end", { after = "3 days", data = {} })
      c:emit("end")
    end },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
