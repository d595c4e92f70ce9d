-- SPDX-License-Identifier: Apache-2.0
-- A condition and a function that names people change something, one by a helper.
-- expect: function-changes 7:18
-- expect: function-changes 15:36
-- expect: function-changes 17:11
local function note(c, n, keep)
  if keep then c:set("n", n) end
  return n
end
return workflow "function_changes" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = function(c) c:remind("pm") return c.people.pm end,
      when = function(c, e)
        c:emit("end")
        return note(c, 3, true) > 2 and c:is_in("a")
      end },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
