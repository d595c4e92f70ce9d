-- SPDX-License-Identifier: Apache-2.0
-- What is taken back was sent under another id.
-- expect: cancel-unsent 10:55
return workflow "cancel_unsent" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", run = function(c) c:send("end", { after = "1 day", id = "late" }) end },
    on "stop" { by = "pm", run = function(c) c:cancel("lat") end },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
