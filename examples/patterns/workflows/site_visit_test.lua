-- SPDX-License-Identifier: Apache-2.0
people { li = "pm", sun = "engineer" }

local function opened(t)
  return t:open("rollout", { by = "li", fields = { sites = { "Wuxi", "Suzhou", "Nantong" } } })
end

test "thread split, multi-merge: one rollout goes on as three visits, each for itself" (function(t)
  opened(t)
  local visits = t:cases "site_visit"
  for _, visit in ipairs(visits) do visit:expect { state = "planned" } end
  visits[2]:fire("installed", { by = "sun" })
  visits[1]:expect { state = "planned" }
  visits[2]:expect { state = "installed" }
  visits[3]:expect { state = "planned" }
end)

test "thread merge: three visits become one report" (function(t)
  local c = opened(t)
  for _, visit in ipairs(t:cases "site_visit") do
    c:expect { state = "visiting" }
    visit:fire("installed", { by = "sun" })
  end
  c:expect { state = { "reporting" } }
end)
