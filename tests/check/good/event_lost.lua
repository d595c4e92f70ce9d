-- SPDX-License-Identifier: Apache-2.0
-- Events that are awaited: by their name, a prefix, or a deadline.
return workflow "event_lost" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", run = { emit "end.soon", function(c, e)
      c:emit("end")
      c:send("served", { after = "1 day" })
    end } },
    within { "2 days", ["until"] = "served", late "0" { fire "end", notify "pm" } },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
