-- SPDX-License-Identifier: Apache-2.0
-- What people and rules give events along.
return workflow "data_unknown" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", takes = { "n" }, when = function(c, e) return e.data.n ~= e.data.amount end,
      run = function(c) c:emit("end", { amount = 3 }) end },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
