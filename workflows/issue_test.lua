-- SPDX-License-Identifier: Apache-2.0
-- The practice of client issues, sentence by sentence. Working hours are 09:00-12:00 and
-- 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people {
  li = "pm", anna = "support", ben = "support", sun = "engineer", zhao = "sponsor",
  mei = { "client", of = "acme" },
}

local function reported(t, fields)
  local said = { summary = "Printing fails", details = "Blank pages since Monday" }
  for name, value in pairs(fields or {}) do said[name] = value end
  return t:open("issue", { by = "mei", fields = said })
end

local function working(t)
  local c = reported(t)
  c:fire("take", { by = "anna" })
  c:assign("anna", { by = "anna" })
  return c
end

local function second_line(t)
  local c = working(t)
  c:fire("escalate", { by = "anna" })
  return c
end

local function waiting(t)
  local c = working(t)
  c:fire("ask", { by = "anna", comment = "Which printer?" })
  return c
end

local function solved(t)
  local c = working(t)
  c:fire("solve", { by = "anna", data = { answer = "A new driver", cause = "configuration" } })
  return c
end

-- ---- taken up, answered ----

test "an issue is offered to the support, and is theirs who take it up" (function(t)
  local c = reported(t)
  c:expect { state = "reported", owner = "support", due = { first_answer = "2026-01-06 18:00", solution = "2026-01-12 18:00" } }
  c:fire("take", { by = "anna" })
  c:expect { state = "working", owner = "support" }
  c:assign("anna", { by = "anna" })
  c:expect { owner = "anna", waiting = "anna", due = { first_answer = empty, solution = "2026-01-12 18:00" } }
end)

test "what is no issue of ours is declined with a reason" (function(t)
  local c = reported(t)
  c:refuse("reject", { by = "anna", why = "needs_fields" })
  c:fire("reject", { by = "anna", comment = "Not our product" })
  c:expect { state = "declined", outcome = "declined" }
end)

test "a solved issue is closed when the client confirms, and settled after thirty days" (function(t)
  local c = solved(t)
  c:expect { state = "solved", fields = { answer = "A new driver" } }
  c:refuse("confirm", { by = "anna", why = "forbidden" })
  c:fire("confirm", { by = "mei" })
  c:expect { state = "closed", outcome = empty }
  t:advance "30 days"
  c:expect { state = "settled", outcome = "solved" }
end)

test "a project that ends does not wait thirty days for what is closed" (function(t)
  local c = solved(t)
  c:fire("confirm", { by = "mei" })
  c:refuse("settle", { by = "anna", why = "forbidden" })
  c:fire("settle", { by = "li" })
  c:expect { state = "settled", outcome = "solved" }
end)

test "there is no solution without an answer" (function(t)
  working(t):refuse("solve", { by = "anna", why = "needs_fields" })
end)

-- ---- handed on ----

test "the second line solves it, or hands it back with a reason" (function(t)
  local c = second_line(t)
  c:expect { state = "second_line", owner = "sun", fields = { level = "second_line" } }
  c:fire("hand_back", { by = "sun", comment = "A setting" })
  c:expect { state = "working", fields = { level = "first_line" } }
  c:fire("escalate", { by = "anna" })
  c:fire("solve", { by = "sun", data = { answer = "Fixed in 2.1" } })
  c:expect { state = "solved" }
end)

test "while the supplier has it the client's time runs on" (function(t)
  local c = second_line(t)
  c:refuse("pass_on", { by = "sun", why = "needs_fields" })
  c:fire("pass_on", { by = "sun", data = { ticket = "V-77" } })
  c:expect { state = "third_line", due = { supplier = "2026-01-08 18:00", solution = "2026-01-12 18:00" } }
  t:at "2026-01-08 18:00"
  t:expect_message { to = "sun", about = c, kind = "remind", text = "late 0" }
  t:at "2026-01-12 18:00"
  t:expect_message { to = "li", about = c, kind = "notify", text = "again 2 workdays" }
  c:fire("returned", { by = "sun", comment = "They sent a patch" })
  c:expect { state = "second_line", fields = { level = "second_line" } }
end)

-- ---- waiting for the client ----

test "waiting for the client stops the time to solve, and a reply brings it back to who had it" (function(t)
  local c = second_line(t)
  t:at "2026-01-05 15:00"
  c:fire("ask", { by = "sun", comment = "Which printer?" })
  c:expect { state = "waiting", waiting = "client", due = { solution = empty, reply = "2026-01-12 18:00" } }
  t:at "2026-01-07 15:00"
  c:fire("reply", { by = "mei", data = { details = "The one on floor 2" } })
  -- two working days later than it would have been
  c:expect { state = "second_line", due = "2026-01-14 18:00" }
end)

test "the support may go on without a reply, and says why" (function(t)
  local c = waiting(t)
  c:refuse("resume", { by = "anna", why = "needs_fields" })
  c:fire("resume", { by = "anna", comment = "Found it in the log" })
  c:expect { state = "working" }
end)

test "a client who does not reply is reminded, and closes the issue with silence" (function(t)
  local c = waiting(t)
  t:at "2026-01-12 18:00"
  t:expect_message { to = "mei", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "mei", about = c, kind = "remind", text = "late 0" }
  t:expect_message { to = "ben", about = c, kind = "notify", text = "late 0" }
  t:at "2026-01-26 17:59"
  c:expect { state = "waiting" }
  t:at "2026-01-26 18:00"
  c:expect { state = "unanswered", outcome = "unanswered" }
end)

-- ---- it comes back ----

test "an issue that comes back is the same issue, and more urgent" (function(t)
  local c = solved(t)
  c:refuse("reopen", { by = "mei", why = "needs_fields" })
  c:fire("reopen", { by = "mei", comment = "Blank again" })
  c:expect { state = "working", priority = "high", fields = { reopened = 1 } }
  t:expect_message { to = "li", about = c, kind = "notify" }
end)

test "for thirty days a closed issue can come back" (function(t)
  local c = solved(t)
  c:fire("confirm", { by = "mei" })
  t:advance "29 days"
  c:fire("reopen", { by = "mei", comment = "Blank again" })
  c:expect { state = "working", fields = { reopened = 1 } }
end)

test "a client who does not say otherwise within ten working days has confirmed" (function(t)
  local c = solved(t)
  c:expect { due = "2026-01-19 18:00" }
  t:at "2026-01-19 17:59"
  t:expect_message { to = "mei", about = c, kind = "remind", text = "50%" }
  c:expect { state = "solved" }
  t:at "2026-01-19 18:00"
  c:expect { state = "closed" }
end)

-- ---- how soon ----

test "the more urgent, the sooner; and raising it counts from the same beginning" (function(t)
  local c = reported(t)
  t:at "2026-01-05 10:00"
  c:refuse("raise", { by = "mei", why = "needs_fields" })
  c:fire("raise", { by = "mei", comment = "The whole floor waits" })
  c:expect { priority = "high", due = { first_answer = "2026-01-05 11:00", solution = "2026-01-07 18:00" } }
  c:fire("raise", { by = "li", comment = "The whole house" })
  -- eight working hours from 09:00: 3 and 4.5 on Monday, half an hour on Tuesday
  c:expect { priority = "urgent", due = { solution = "2026-01-06 09:30" } }
end)

test "a first answer that is late goes to the project manager" (function(t)
  local c = reported(t)
  t:at "2026-01-06 18:00"
  t:expect_message { to = "anna", about = c, kind = "remind", text = "75%" }
  t:expect_message { to = "ben", about = c, kind = "remind", text = "late 0" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:at "2026-01-07 13:30" -- three of the four working hours have passed
  c:expect { priority = "normal" }
  t:at "2026-01-07 14:30"
  c:expect { owner = "li", priority = "high" }
end)

test "a solution that is late is escalated step by step" (function(t)
  local c = working(t)
  c:fire("raise", { by = "li", comment = "The whole house" })
  c:fire("raise", { by = "li", comment = "Nobody can print" })
  t:at "2026-01-06 09:30" -- eight working hours
  t:expect_message { to = "anna", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "ben", about = c, kind = "notify", text = "80%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_none { to = "li", about = c, text = "late 1 workday" }
  t:at "2026-01-07 18:00"
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 1 workday" }
  t:expect_none { to = "zhao", about = c, text = "late 3 workdays" }
  c:expect { owner = "anna" }
  t:at "2026-01-09 18:00"
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 3 workdays" }
  c:expect { owner = "li" }
  t:at "2026-01-12 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "again 2 workdays" }
end)
