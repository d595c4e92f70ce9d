-- SPDX-License-Identifier: Apache-2.0
-- Milestones and time: warned of, moved with a reason, told to the client. Working hours are
-- 09:00-12:00 and 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people {
  li = "pm", sun = "engineer", zhao = "sponsor",
  mei = { "client", of = "acme" },
}

-- Ten working days from Monday the fifth to Friday the sixteenth.
local function planned(t, day)
  return t:open("milestone", { by = "li", fields = { summary = "Go-live", planned = day or "2026-01-16" } })
end

local function confirming(t)
  local c = planned(t)
  c:fire("reach", { by = "li", data = { evidence = "In use since Monday" } })
  return c
end

test "a milestone is due at the close of its day, and is reached when the client confirms it" (function(t)
  local c = planned(t)
  c:expect { state = "underway", owner = "li", due = "2026-01-16 18:00", fields = { agreed = "2026-01-16", slips = 0 } }
  c:refuse("reach", { by = "li", why = "needs_fields" })
  c:refuse("reach", { by = "mei", data = { evidence = "x" }, why = "forbidden" })
  c:fire("reach", { by = "li", data = { evidence = "In use since Monday" } })
  c:expect { state = "confirming", waiting = "mei", due = "2026-01-12 18:00" }
  c:vote("approve", { by = "mei" })
  c:expect { state = "reached", outcome = "reached", fields = { reached = t:now() } }
  t:expect_message { to = "zhao", about = c, kind = "notify" }
end)

test "a day on which nobody works is due at the close of the next working day" (function(t)
  planned(t, "2026-01-17"):expect { due = "2026-01-19 18:00" } -- a Saturday
  t:holiday "2026-01-20"
  planned(t, "2026-01-20"):expect { due = "2026-01-21 18:00" }
end)

test "who plans it is warned when most of the time has gone" (function(t)
  local c = planned(t)
  t:at "2026-01-12 18:00"
  t:expect_message { to = "sun", about = c, kind = "remind", text = "60%" }
  t:expect_none { to = "mei", about = c }
  t:at "2026-01-14 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "80%" }
end)

test "whoever sees that it will slip says so, and the client is told nothing yet" (function(t)
  local c = planned(t)
  c:refuse("warn", { by = "sun", why = "needs_fields" })
  c:fire("warn", { by = "sun", comment = "The data are not there" })
  c:expect { state = "underway", fields = { outlook = "at_risk" } }
  t:expect_message { to = "zhao", about = c, kind = "notify" }
  t:expect_none { to = "mei", about = c }
end)

test "it is moved with a reason, the client is told, and the first day is kept" (function(t)
  local c = planned(t)
  t:at "2026-01-14 18:00"
  c:refuse("replan", { by = "li", data = { planned = "2026-01-30" }, why = "needs_fields" })
  c:fire("replan", { by = "li", data = { planned = "2026-01-30", why = "Test data came late" } })
  c:expect { due = "2026-01-30 18:00", fields = { agreed = "2026-01-16", slips = 1, outlook = "on_track" } }
  t:expect_message { to = "mei", about = c, kind = "notify" }
  t:at "2026-01-29 18:00" -- the new day has warnings of its own
  t:expect_message { to = "li", about = c, kind = "remind", text = "80%", times = 2 }
end)

test "a milestone that has passed is told to the client and is moved or reached, nothing else" (function(t)
  local c = planned(t)
  t:at "2026-01-16 18:00"
  c:expect { state = "overdue", priority = "high", due = "2026-01-20 18:00" }
  t:expect_message { to = "mei", about = c, kind = "notify", text = "late 0" }
  t:at "2026-01-22 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "again 2 workdays", times = 1 }
  c:fire("replan", { by = "li", data = { planned = "2026-01-16", why = "x" } }) -- a day that has passed
  t:advance "1 workhour"
  c:expect { state = "overdue" }
  c:fire("replan", { by = "zhao", data = { planned = "2026-02-06", why = "Test data came late" } })
  c:expect { state = "underway", due = "2026-02-06 18:00" }
  c = planned(t, "2026-01-23")
  t:at "2026-01-23 18:00"
  c:fire("reach", { by = "li", data = { evidence = "In use" } })
  c:expect { state = "confirming" }
end)

test "what the client does not confirm is not reached" (function(t)
  local c = confirming(t)
  c:vote("reject", { by = "mei", comment = "Invoices are missing" })
  c:expect { state = "underway", due = "2026-01-16 18:00" }
  c:fire("reach", { by = "li", data = { evidence = "Invoices, too" } })
  t:at "2026-01-19 10:00"
  c:vote("reject", { by = "mei", comment = "Not those of December" })
  t:advance "1 workhour"
  c:expect { state = "overdue" } -- its day passed while it was being confirmed
end)

test "a confirmation that does not come is asked for" (function(t)
  local c = confirming(t)
  t:at "2026-01-15 18:00"
  t:expect_message { to = "mei", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "mei", about = c, kind = "remind", text = "again 3 workdays", times = 1 }
end)

test "a milestone is dropped with a reason that the client reads" (function(t)
  local c = planned(t)
  c:refuse("drop", { by = "li", why = "needs_fields" })
  c:fire("drop", { by = "li", comment = "Phase two was not ordered" })
  c:expect { state = "dropped", outcome = "dropped" }
  t:expect_message { to = "mei", about = c, kind = "notify" }
end)
