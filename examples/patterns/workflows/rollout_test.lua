-- SPDX-License-Identifier: Apache-2.0
people { li = "pm", sun = "engineer" }

local function opened(t, sites, needed)
  return t:open("rollout", { by = "li", fields = { sites = sites, needed = needed } })
end
local function install(t, ...)
  for _, key in ipairs { ... } do t:case(key):fire("installed", { by = "sun" }) end
end

test "multiple instances, number known at run time: as many visits as sites, all are waited for" (function(t)
  local c = opened(t, { "Wuxi", "Suzhou", "Nantong" })
  c:expect { fields = { total = 3 } }
  t:case "SV-3":expect { fields = { site = "Nantong", rollout = c.key } }
  install(t, "SV-3", "SV-1")
  c:expect { state = "visiting", fields = { done = 2 } }
  install(t, "SV-2")
  c:expect { state = "reporting" }
end)

test "multiple instances, number grows while running: sites are added and waited for" (function(t)
  local c = opened(t, { "Wuxi" })
  c:fire("add_sites", { by = "li", data = { sites = { "Suzhou", "Nantong" } } })
  install(t, "SV-1", "SV-2")
  c:expect { state = "visiting", fields = { total = 3, done = 2 } }
  install(t, "SV-3")
  c:expect { state = "reporting" }
end)

test "static partial join for multiple instances: two of three go on, the third changes nothing" (function(t)
  local c = opened(t, { "Wuxi", "Suzhou", "Nantong" }, 2)
  install(t, "SV-1", "SV-2")
  c:expect { state = "reporting" }
  install(t, "SV-3")
  c:expect { state = "reporting", fields = { done = 3 } }
end)

test "dynamic partial join for multiple instances: what is enough is a condition, asked after each" (function(t)
  local c = opened(t, { "Wuxi", "Suzhou" }, 3)
  install(t, "SV-1", "SV-2")
  c:expect { state = "visiting" }
  c:fire("add_sites", { by = "li", data = { sites = { "Nantong", "Changzhou" } } })
  install(t, "SV-4")
  c:expect { state = "reporting" }
  t:case "SV-3":expect { state = "planned" }
end)

test "multiple instances without synchronization: the report ends the case, visits go on" (function(t)
  local c = opened(t, { "Wuxi", "Suzhou" }, 1)
  install(t, "SV-2")
  c:fire("reported", { by = "li" })
  c:expect { state = "reported" }
  install(t, "SV-1")
  t:case "SV-1":expect { state = "installed" }
end)

test "cancel multiple instance activity: visits that are not done end with the rollout" (function(t)
  local c = opened(t, { "Wuxi", "Suzhou", "Nantong" })
  install(t, "SV-2")
  c:fire("call_off", { by = "li" })
  t:case "SV-1":expect { state = "called_off" }
  t:case "SV-2":expect { state = "installed" }
  t:case "SV-3":expect { state = "called_off" }
end)

test "complete multiple instance activity: the rest counts as done, and the rollout goes on" (function(t)
  local c = opened(t, { "Wuxi", "Suzhou", "Nantong" })
  install(t, "SV-2")
  c:fire("good_enough", { by = "li" })
  t:case "SV-3":expect { state = "installed" }
  c:expect { state = "reporting", fields = { done = 3 } }
end)
