-- SPDX-License-Identifier: Apache-2.0
-- Regular reports: counted from the project's cases, reviewed, sent, acknowledged or asked for. Working
-- hours are 09:00-12:00 and 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people {
  li = "pm", zhao = "sponsor", sun = { "engineer", "support" },
  mei = { "client", of = "acme" },
}

local said = { health = "yellow", finished = "Printing", next = "Invoices", needed = "The price list" }

local function begun(t)
  return t:open("progress_report", { by = "li", fields = {} })
end

local function reviewing(t)
  local c = begun(t)
  c:fire("submit", { by = "li", data = said })
  return c
end

local function sent(t)
  local c = reviewing(t)
  c:vote("approve", { by = "zhao" })
  return c
end

test "a report counts what is open in the project, is reviewed, sent and acknowledged" (function(t)
  for _, what in ipairs { "Printing fails", "It is slow" } do t:open("issue", { by = "mei", fields = { summary = what } }) end
  t:open("milestone", { by = "li", fields = { summary = "Go-live", planned = "2026-03-02" } })
  t:open("risk", { by = "li", fields = { summary = "Data come late" } })
  local c = begun(t)
  c:expect { state = "writing", owner = "li", due = "2026-01-06 18:00", fields = { open_issues = 2, open_milestones = 1,
    open_changes = 0, open_feedback = 0, open_risks = 1, counted = t:now() } }
  c:refuse("submit", { by = "li", why = "needs_fields" })
  c:fire("submit", { by = "li", data = said })
  c:expect { state = "reviewing", waiting = "zhao", due = "2026-01-06 18:00" }
  t:expect_none { to = "mei", about = c }
  c:vote("approve", { by = "zhao" })
  c:expect { state = "sent", waiting = "client", due = "2026-01-08 18:00", fields = { sent = t:now() } }
  t:expect_message { to = "mei", about = c, kind = "notify" }
  c:refuse("acknowledge", { by = "li", why = "forbidden" })
  c:fire("acknowledge", { by = "mei" })
  c:expect { outcome = "acknowledged" }
end)

test "it is counted anew before it goes out" (function(t)
  local c = begun(t)
  t:open("issue", { by = "mei", fields = { summary = "Printing fails" } })
  c:expect { fields = { open_issues = 0 } }
  c:fire("recount", { by = "li" })
  c:expect { fields = { open_issues = 1 } }
end)

test "what the sponsor does not let out is written again" (function(t)
  local c = reviewing(t)
  c:vote("reject", { by = "zhao", comment = "It is red" })
  c:expect { state = "writing" }
  c = reviewing(t)
  c:vote("changes", { by = "zhao", comment = "Name the day" })
  c:expect { state = "writing" }
end)

test "a question of the client about it is an issue of theirs" (function(t)
  local c = sent(t)
  c:refuse("ask", { by = "mei", why = "needs_fields" })
  c:fire("ask", { by = "mei", comment = "Why yellow?" })
  c:expect { outcome = "acknowledged" }
  t:cases "issue"[1]:expect { opener = "mei", links = { c.key }, fields = { details = "Why yellow?", kind = "question" } }
end)

test "a report that is not written is asked for, or left out with a reason" (function(t)
  local c = begun(t)
  t:at "2026-01-07 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "li", about = c, kind = "remind", text = "again 1 workday", times = 1 }
  c:refuse("skip", { by = "li", why = "needs_fields" })
  c:fire("skip", { by = "li", comment = "Holidays" })
  c:expect { outcome = "skipped" }
end)

test "a review that does not come is asked for" (function(t)
  local c = reviewing(t)
  t:at "2026-01-07 18:00"
  t:expect_message { to = "zhao", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "zhao", about = c, kind = "remind", text = "again 1 workday", times = 1 }
end)

test "a client who does not read it is asked twice, the sponsor is told, and it ends as that" (function(t)
  local c = sent(t)
  t:at "2026-01-12 18:00"
  for _, rung in ipairs { "50%", "late 0" } do
    t:expect_message { to = "mei", about = c, kind = "remind", text = rung, times = 1 }
  end
  t:expect_message { to = "zhao", about = c, kind = "notify" }
  c:expect { outcome = "unanswered" }
end)
