-- SPDX-License-Identifier: Apache-2.0
-- Events that no transition awaits.
-- expect: event-lost 12:36
-- expect: event-lost 13:14
-- expect: event-lost 14:14
-- expect: event-lost 16:35
return workflow "event_lost" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", run = { emit "ended", function(c, e)
      c:emit("edn")
      c:send("late", { after = "1 day" })
    end } },
    within { "2 days", late "0" { fire "tend", notify "pm" } },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
