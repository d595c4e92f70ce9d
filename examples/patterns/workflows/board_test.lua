-- SPDX-License-Identifier: Apache-2.0
people { li = { "pm", "board" }, wang = "board", chen = "board", zhao = "board", sun = "board" }

local function moved(t) return t:open("board", { by = "li", fields = { motion = "Buy the licence" } }) end

test "cancelling partial join for multiple instances: two of four decide, the open ballots are gone" (function(t)
  local c = moved(t)
  c:expect { waiting = { "wang", "chen", "zhao", "sun" } }
  c:vote("approve", { by = "wang" })
  c:expect { state = "voting", waiting = { "chen", "zhao", "sun" } }
  c:vote("approve", { by = "zhao" })
  c:expect { state = "passed", waiting = {} }
  c:refuse_vote("reject", { by = "chen", why = "not_now" })
end)

test "cancelling partial join for multiple instances: when two can no longer be had, nobody else is asked" (function(t)
  local c = moved(t)
  for _, name in ipairs { "wang", "chen", "zhao" } do c:vote("reject", { by = name }) end
  c:expect { state = "rejected", waiting = {} }
end)

test "cancel multiple instance activity: all ballots are withdrawn with the motion" (function(t)
  local c = moved(t)
  c:vote("approve", { by = "wang" })
  c:fire("withdraw", { by = "li" })
  c:expect { state = "withdrawn", waiting = {} }
  c:refuse_vote("approve", { by = "chen", why = "not_now" })
end)

test "complete multiple instance activity: the time is up, the rest counts as given" (function(t)
  local c = moved(t)
  c:vote("approve", { by = "wang" })
  t:advance "5 workdays"
  c:expect { state = "passed", outcome = "by_silence", waiting = {} }
end)

test "separation of duties: who moved it has no vote" (function(t)
  moved(t):refuse_vote("approve", { by = "li", why = "forbidden" })
end)
