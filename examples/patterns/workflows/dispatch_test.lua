-- SPDX-License-Identifier: Apache-2.0
people { mei = "support", sun = "engineer", wang = "engineer", wu = "engineer", zhao = "finance" }

local function accepted(t)
  local c = t:open("dispatch", { by = "mei" })
  c:fire("accept", { by = "mei" })
  return c
end

local function testing(t)
  local c = accepted(t) -- the first case goes to wang
  c:fire("repaired", { by = "wang", data = { tester = "wu" } })
  return c
end

test "role-based distribution, allocation to one: the only one of the desk owns what is reported" (function(t)
  local c = t:open("dispatch", { by = "mei" })
  c:expect { owner = "mei", allowed = { mei = { "accept" }, sun = {} } }
end)

test "round robin: each case goes to the next engineer" (function(t)
  for _, name in ipairs { "wang", "wu", "sun", "wang" } do accepted(t):expect { owner = name } end
end)

test "deferred distribution: who tests is said when the repair is done" (function(t)
  local c = testing(t)
  c:expect { state = "testing", owner = "wu", allowed = { wu = { "tested" }, wang = {}, sun = {} } }
end)

test "direct distribution: bills are always the same person's" (function(t)
  local c = testing(t)
  c:fire("tested", { by = "wu" })
  c:expect { owner = "zhao", allowed = { zhao = { "billed" }, mei = {} } }
  c:fire("billed", { by = "zhao" })
end)

test "distribution on enablement: nobody has it before the state is entered" (function(t)
  local c = accepted(t)
  c:expect { waiting = { "wang" } }
  t:expect_none { to = "wu" }
  c:fire("repaired", { by = "wang", data = { tester = "wu" } })
  c:expect { waiting = { "wu" } }
end)

test "start on creation: whose turn it is has begun with it, the time runs" (function(t)
  local c = accepted(t)
  c:expect { owner = "wang", due = "2026-01-07 18:00", allowed = { wang = { "repaired" } } }
  t:advance "2 workdays"
  t:expect_message { to = "wang", about = c, kind = "remind" }
end)
