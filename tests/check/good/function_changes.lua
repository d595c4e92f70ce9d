-- SPDX-License-Identifier: Apache-2.0
-- A helper that changes nothing where it is asked.
local function note(c, n, keep)
  if keep then c:set("n", n) end
  return n
end
return workflow "function_changes" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = function(c) return c.people.pm end,
      when = function(c, e)
        return note(c, 3) > 2 and note(c, 4, false) > 2 and c:is_in("a")
      end, run = function(c) note(c, 3, true) c:emit("end") end },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
