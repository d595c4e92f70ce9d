-- SPDX-License-Identifier: Apache-2.0
-- Meetings and stage reviews: agenda, minutes, decisions, and actions that become cases. Working hours
-- are 09:00-12:00 and 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people {
  li = "pm", sun = "engineer", zhao = "sponsor",
  mei = { "client", of = "acme" },
}

local minutes = { present = "Li, Sun, Mei", minutes = "Printing was shown", decisions = { "Printing stays as it is" },
  actions = { { what = "Send the price list", who = "mei", by_day = "2026-01-16" },
    { what = "Load the prices", who = "sun", by_day = "2026-01-23" } } }

local function called(t, kind)
  return t:open("meeting", { by = "li",
    fields = { summary = "Weekly", kind = kind, begins = t:time "2026-01-06 14:00", agenda = "Printing" } })
end

local function held(t, kind)
  local c = called(t, kind)
  t:at "2026-01-06 14:00"
  return c
end

local function circulated(t, kind)
  local c = held(t, kind)
  c:fire("circulate", { by = "li", data = minutes })
  return c
end

test "a meeting is called with its agenda, and everybody is reminded of it" (function(t)
  local c = called(t)
  c:expect { state = "called", owner = "li", due = "2026-01-06 14:00" }
  t:expect_message { to = "mei", about = c, kind = "notify" }
  t:at "2026-01-06 13:59"
  t:expect_message { to = "mei", about = c, kind = "remind", text = "80%" }
  c:expect { state = "called" }
  t:at "2026-01-06 14:00"
  c:expect { state = "held", owner = "li", due = "2026-01-07 18:00" }
end)

test "the minutes are agreed to, and every action becomes a case of its holder" (function(t)
  local c = held(t)
  c:refuse("circulate", { by = "li", data = { minutes = "x" }, why = "needs_fields" })
  c:fire("circulate", { by = "li", data = minutes })
  c:expect { state = "circulated", waiting = "mei", due = "2026-01-09 18:00" }
  c:vote("approve", { by = "mei" })
  c:expect { state = "done", outcome = "agreed" }
  local first, second = t:cases "action"[1], t:cases "action"[2]
  first:expect { owner = "mei", opener = "li", links = { c.key }, due = "2026-01-16 18:00", fields = { source = "Weekly" } }
  second:expect { owner = "sun", fields = { summary = "Load the prices" } }
end)

test "minutes to which nobody objects within three working days stand" (function(t)
  local c = circulated(t)
  t:at "2026-01-09 17:59"
  t:expect_message { to = "mei", about = c, kind = "remind", text = "50%" }
  c:expect { state = "circulated" }
  t:at "2026-01-09 18:00"
  c:expect { state = "done" }
  t:cases "action"[2]:expect { owner = "sun" }
end)

test "minutes that somebody objects to are written again" (function(t)
  local c = circulated(t)
  c:vote("reject", { by = "mei", comment = "I said nothing of the kind" })
  c:expect { state = "held" }
  c = circulated(t)
  c:vote("changes", { by = "mei", comment = "Tom was there, too" })
  c:expect { state = "held" }
end)

test "a stage is passed by the signatures of both sides, and not by silence" (function(t)
  local c = circulated(t, "stage_review")
  c:expect { state = "reviewed", waiting = "zhao", due = "2026-01-13 18:00" }
  t:at "2026-01-15 18:00"
  t:expect_message { to = "zhao", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "zhao", about = c, kind = "remind", text = "again 2 workdays", times = 1 }
  c:vote("approve", { by = "zhao" })
  c:vote("approve", { by = "mei" })
  c:expect { state = "stage_done", outcome = "passed" }
  t:cases "action"[1]:expect { owner = "mei" }
end)

test "a stage that is not passed says so, and its actions are not begun" (function(t)
  local c = circulated(t, "stage_review")
  c:vote("reject", { by = "zhao", comment = "Half is missing" })
  c:expect { outcome = "not_passed" }
  c = circulated(t, "stage_review")
  c:vote("changes", { by = "zhao", comment = "Name the defects" })
  c:expect { state = "held" }
end)

test "a meeting is moved or cancelled with a reason that everybody reads" (function(t)
  local c = called(t)
  c:refuse("move", { by = "mei", data = { begins = t:time "2026-01-08 10:00" }, comment = "x", why = "forbidden" })
  c:fire("move", { by = "li", data = { begins = t:time "2026-01-08 10:00" }, comment = "Mei is away" })
  c:expect { state = "called", due = "2026-01-08 10:00" }
  c:fire("cancel", { by = "li", comment = "Nothing to talk about" })
  c:expect { outcome = "cancelled" }
  t:expect_message { to = "mei", about = c, kind = "notify" }
  c = held(t)
  c:fire("not_held", { by = "li", comment = "Nobody came" })
  c:expect { outcome = "cancelled" }
end)

test "minutes that are not written are asked for" (function(t)
  local c = held(t)
  t:at "2026-01-07 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
end)
