-- SPDX-License-Identifier: Apache-2.0
-- Functions that are chosen from a table, and a table whose functions are for something else.
local on_event = {}
local words = { double = function(n, unit) return unit.sign .. n end, word = "x" }
local tell = { boss = function(c) c:notify("pm", "t") end }
function on_event.go(c, e)
  if not c.owner then tell.boss(c) end
end
function on_event.stop(c, e) return c.fields.cost end

local function dispatch(c, e)
  local handler = on_event[e.name]
  local word = words[c.fields.kind]
  if word then word(2, { sign = "x" }) end
  if handler then handler(c, e) end
end

return workflow "function_in_a_table" {
  key = "XX", roles = { "pm" }, fields = { cost = money {}, kind = text {} },
  start = "open",
  state "open" { owner = "pm", edit = { pm = "all" },
    on { "go", "stop" } { by = "pm", to = "done", run = dispatch, needs = { "cost", "kind" } },
  },
  final "done",
}
