-- SPDX-License-Identifier: Apache-2.0
-- People, channels and groups that there may be.
local BOSS = "pm"
return workflow "function_people" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", run = function(c, e)
      c:notify("pm", "template")
      c:remind({ "pm", group "ops", c.opener })
      c:assign(person "li")
      c:notify(BOSS)
      if c:visits("a") > 1 then c:remind(c.people.pm) end
    end },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
