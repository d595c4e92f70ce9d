-- SPDX-License-Identifier: Apache-2.0
-- Lessons: noted, read by a second person, kept, used again. Working hours are 09:00-12:00 and 13:30-18:00;
-- every test begins on Monday 2026-01-05 at 09:00.
people { li = "pm", sun = "engineer", zhao = "sponsor", mei = { "client", of = "acme" } }

local whole = { summary = "Ask for test data early", phase = "planning", occurrence = "Data came in March", effect = "A month lost",
  cause = "Nobody had asked", recommendation = "Put it into the charter" }

local function reading(t)
  local c = t:open("lesson", { by = "sun", fields = whole })
  c:fire("submit", { by = "sun" })
  return c
end

local function kept(t)
  local c = reading(t)
  c:vote("approve", { by = "li" })
  return c
end

test "a lesson is noted by anybody of the team, read by another, and kept in the register" (function(t)
  t:refuse_open("lesson", { by = "mei", fields = { summary = "Be quicker" } })
  local c = t:open("lesson", { by = "li", fields = { summary = "Ask early" } })
  c:expect { state = "noted", owner = "li", due = "2026-01-12 18:00" }
  c:refuse("submit", { by = "li", why = "needs_fields" })
  c:edit({ occurrence = "x", cause = "y", recommendation = "z", phase = "delivery" }, { by = "li" })
  c:fire("submit", { by = "li" })
  c:expect { state = "reading", waiting = "zhao" } -- not its author
  c:vote("approve", { by = "zhao" })
  c:expect { state = "kept" }
end)

test "what is used again is counted, and becomes an improvement" (function(t)
  local c = kept(t)
  c:refuse("use", { by = "sun", why = "needs_fields" })
  c:fire("use", { by = "sun", data = { used_in = "ERP for Bolt" } })
  c:fire("use", { by = "li", data = { used_in = "ERP for Cargo" } })
  c:expect { state = "kept", fields = { used = 2, used_in = "ERP for Cargo" } }
  c:fire("improve", { by = "li" })
  t:cases "improvement"[1]:expect { opener = "li", links = { c.key }, fields = { summary = "Put it into the charter" } }
end)

test "what is not clear is written again, and what is none is not kept" (function(t)
  local c = reading(t)
  c:vote("changes", { by = "li", comment = "Whose data?" })
  c:expect { state = "noted" }
  c = reading(t)
  c:vote("reject", { by = "li", comment = "No" })
  c:vote("reject", { by = "zhao", comment = "Known" })
  c:expect { state = "noted" }
  c:fire("drop", { by = "sun", comment = "Known" })
  c:expect { outcome = "dropped" }
end)

test "after a year somebody asks whether it is still true" (function(t)
  local c = kept(t)
  t:advance "240 workdays"
  t:expect_message { to = "li", about = c, kind = "remind", text = "late 0" }
  t:advance "10 workdays"
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "again 10 workdays", times = 1 }
  c:fire("still_true", { by = "li" })
  c:expect { state = "kept" }
  c:fire("amend", { by = "li", comment = "Name the day" })
  c:expect { state = "noted" }
  c = kept(t)
  c:fire("retire", { by = "li", comment = "There are no test data any more" })
  c:expect { outcome = "retired" }
end)

test "who does not write or read is asked" (function(t)
  local n = t:open("lesson", { by = "sun", fields = { summary = "Ask early" } })
  local r = reading(t)
  t:at "2026-01-12 18:00"
  t:expect_message { to = "sun", about = n, kind = "remind", text = "80%" }
  t:expect_message { to = "li", about = n, kind = "remind", text = "late 0" }
  t:expect_message { to = "zhao", about = r, kind = "remind", text = "50%" }
  t:expect_message { to = "sun", about = r, kind = "remind", text = "late 0" }
end)
