-- SPDX-License-Identifier: Apache-2.0
-- Training: planned, held, recorded, confirmed. Working hours are 09:00-12:00 and 13:30-18:00; every test
-- begins on Monday 2026-01-05 at 09:00.
people { li = "pm", sun = "engineer", zhao = "sponsor", mei = { "client", of = "acme" } }

local function planning(t)
  return t:open("training", { by = "mei", fields = { summary = "Printing", audience = "The warehouse", seats = 8 } })
end

local function fixed(t)
  local c = planning(t)
  c:fire("fix", { by = "li", data = { begins = t:time "2026-01-07 14:00", trainer = "sun", goal = "They print alone" } })
  return c
end

local function recording(t)
  local c = fixed(t)
  t:at "2026-01-07 14:00"
  return c
end

local function confirming(t)
  local c = recording(t)
  c:fire("record", { by = "sun", data = { attended = { "Ann", "Bo" }, passed = 2 } })
  return c
end

test "a training is asked for, fixed, held, recorded with who was there, and confirmed" (function(t)
  local c = planning(t)
  c:expect { state = "planning", owner = "li", due = "2026-01-12 18:00" }
  c:refuse("fix", { by = "li", data = { trainer = "sun" }, why = "needs_fields" })
  c = fixed(t)
  c:expect { state = "fixed", owner = "sun", due = "2026-01-07 14:00" }
  t:expect_message { to = "mei", about = c, kind = "notify" }
  t:at "2026-01-07 14:00"
  t:expect_message { to = "mei", about = c, kind = "remind", text = "80%" }
  c:expect { state = "recording", owner = "sun", due = "2026-01-09 18:00" }
  c:refuse("record", { by = "sun", why = "needs_fields" })
  c:fire("record", { by = "sun", data = { attended = { "Ann", "Bo" }, passed = 2 } })
  c:expect { state = "confirming", waiting = "mei", due = "2026-01-14 18:00" }
  c:fire("rate", { by = "mei", data = { stars = 4 } })
  c:vote("approve", { by = "mei" })
  c:expect { outcome = "confirmed", fields = { stars = 4 } }
end)

test "a record that nobody objects to stands" (function(t)
  local c = confirming(t)
  t:at "2026-01-14 18:00"
  t:expect_message { to = "mei", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  c:expect { outcome = "deemed" }
end)

test "a record that is objected to is made again" (function(t)
  local c = confirming(t)
  c:vote("reject", { by = "mei", comment = "Bo was not there" })
  c:expect { state = "recording" }
  c = confirming(t)
  c:vote("changes", { by = "mei", comment = "Cai was, too" })
  c:expect { state = "recording" }
end)

test "a training is moved, planned anew or cancelled with a reason" (function(t)
  local c = fixed(t)
  c:fire("move", { by = "li", data = { begins = t:time "2026-01-09 10:00" }, comment = "Sun is ill" })
  c:expect { due = "2026-01-09 10:00" }
  c:fire("cancel", { by = "mei", comment = "Nobody has time" })
  c:expect { outcome = "cancelled" }
  c = recording(t)
  c:refuse("cancel", { by = "mei", comment = "It was held" })
  c:fire("not_held", { by = "sun", comment = "No room" })
  c:expect { state = "planning" }
end)

test "a plan and a record that are late are asked for" (function(t)
  local c, r = planning(t), recording(t)
  t:at "2026-01-12 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "sun", about = r, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = r, kind = "notify", text = "late 0" }
end)
