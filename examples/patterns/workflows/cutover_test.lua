-- SPDX-License-Identifier: Apache-2.0
people { li = "pm", sun = "engineer", wu = "engineer" }

local function opened(t) return t:open("cutover", { by = "li", fields = { plan = "As last year" } }) end
local function go(c, name)
  for _, step in ipairs { "_begin", "_switched", "_checked" } do c:fire(name .. step, { by = "sun" }) end
end

test "interleaved routing: any order, one at a time" (function(t)
  local c = opened(t)
  c:fire("data_begin", { by = "sun" })
  c:refuse("network_begin", { by = "wu", why = "not_now" })
  c:fire("data_switched", { by = "sun" })
  c:fire("data_checked", { by = "sun" })
  go(c, "network")
  c = opened(t)
  go(c, "network")
  go(c, "data")
end)

test "interleaved parallel routing: any order that keeps the tests behind the data" (function(t)
  local c = opened(t)
  c:refuse("tests_begin", { by = "sun", why = "not_now" })
  go(c, "network")
  c:refuse("tests_begin", { by = "sun", why = "not_now" })
  go(c, "data")
  go(c, "tests")
  c:fire("freeze", { by = "li" })
  c:expect { state = "switched" }
  c = opened(t)
  go(c, "data")
  go(c, "tests")
  go(c, "network")
end)

test "critical section: both steps of a job are inside it" (function(t)
  local c = opened(t)
  c:fire("network_begin", { by = "sun" })
  c:refuse("data_begin", { by = "wu", why = "not_now" })
  c:fire("network_switched", { by = "sun" })
  c:refuse("data_begin", { by = "wu", why = "not_now" })
  c:fire("network_checked", { by = "sun" })
  c:fire("data_begin", { by = "wu" })
end)

test "milestone: the plan can be changed until it is frozen" (function(t)
  local c = opened(t)
  c:fire("change_plan", { by = "sun", data = { plan = "Data first" } })
  c:expect { fields = { plan = "Data first" } }
  c:fire("freeze", { by = "li" })
  c:refuse("change_plan", { by = "sun", data = { plan = "Network first" }, why = "not_now" })
  c:expect { fields = { plan = "Data first" } }
end)
