-- SPDX-License-Identifier: Apache-2.0
-- Roles and states that there are none of, in calls.
-- expect: function-name 16:16
-- expect: function-name 17:24
-- expect: function-name 18:16
-- expect: function-name 19:9
-- expect: function-name 20:19
-- expect: function-name 20:51
local BOSS = "boss"
return workflow "function_people" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", run = function(c, e)
      c:notify("pn", "template")
      c:remind({ "pm", "sponsor" })
      c:assign("li")
      c:notify(BOSS)
      if c:visits("b") > 1 then c:remind(c.people.boss) end
    end },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
