-- SPDX-License-Identifier: Apache-2.0
-- Functions that are chosen from a table are looked at as any other: c has no member "ouner", and
-- no field is called "cots".
-- expect: function-member 9:12
-- expect: function-name 11:46
local on_event = {}
local tell = { boss = function(c) c:notify("pm", "t") end }
function on_event.go(c, e)
  if not c.ouner then tell.boss(c) end
end
function on_event.stop(c, e) return c.fields.cots end

local function dispatch(c, e)
  local handler = on_event[e.name]
  if handler then handler(c, e) end
end

return workflow "function_in_a_table" {
  key = "XX", roles = { "pm" }, fields = { cost = money {} },
  start = "open",
  state "open" { owner = "pm", edit = { pm = "all" },
    on { "go", "stop" } { by = "pm", to = "done", run = dispatch, needs = { "cost" } },
  },
  final "done",
}
