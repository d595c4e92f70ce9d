-- SPDX-License-Identifier: Apache-2.0
people { li = "pm" }

local function planned(t, value)
  local c = t:open("kickoff", { by = "li", fields = { value = value } })
  c:fire("plan", { by = "li" })
  return c
end

test "sequence: the meeting comes after the call and not before" (function(t)
  local c = planned(t, 50000)
  c:refuse("started", { by = "li", why = "not_now" })
  c:fire("held", { by = "li" })
  c:expect { state = "meeting" }
  c:fire("started", { by = "li" })
  c:expect { state = "running" }
end)

test "exclusive choice: only one of the two ways is taken" (function(t)
  planned(t, 100000):expect { state = { "call" } }
  planned(t, 100001):expect { state = { "workshop" } }
end)

test "simple merge: both ways lead to the same meeting" (function(t)
  for _, value in ipairs { 50000, 200000 } do
    local c = planned(t, value)
    c:fire("held", { by = "li" })
    c:expect { state = { "meeting" } }
  end
end)

test "cancel case, explicit termination: the case has ended and takes nothing more" (function(t)
  local c = planned(t, 50000)
  c:fire("cancel", { by = "li", comment = "The client has withdrawn" })
  c:expect { state = "cancelled", outcome = "cancelled", allowed = { li = {} } }
end)
