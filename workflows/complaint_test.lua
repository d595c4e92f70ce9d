-- SPDX-License-Identifier: Apache-2.0
-- Complaints: acknowledged in half a day, investigated by somebody else, answered in writing, closed by
-- consent. Working hours are 09:00-12:00 and 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people {
  li = "pm", sun = "engineer", wang = "engineer", zhao = "sponsor",
  mei = { "client", of = "acme" }, tom = { "client", of = "acme" },
}

local function received(t)
  return t:open("complaint", { by = "mei", fields = { summary = "Sun was rude", about = "conduct", remedy = "Somebody else" } })
end

local function investigating(t, severity)
  local c = received(t)
  c:fire("acknowledge", { by = "zhao", data = { severity = severity or "medium", investigator = "wang", concerned = "sun" } })
  return c
end

local function answering(t)
  local c = investigating(t)
  c:fire("found", { by = "wang", data = { finding = "He was", root_cause = "Three projects at once" } })
  return c
end

local function releasing(t)
  local c = answering(t)
  c:fire("draft", { by = "li", data = { answer = "We are sorry. Wang does it from now on" } })
  return c
end

local function answered(t)
  local c = releasing(t)
  c:vote("approve", { by = "zhao" })
  return c
end

test "a complaint is acknowledged in half a day, investigated, answered in writing and closed by consent" (function(t)
  local c = received(t)
  c:expect { state = "received", owner = "zhao", priority = "high", due = "2026-01-05 14:30" }
  c:fire("acknowledge", { by = "zhao", data = { severity = "medium", investigator = "wang", concerned = "sun" } })
  c:expect { state = "investigating", owner = "wang", due = { investigation = "2026-01-08 18:00", status = "2026-01-07 18:00" } }
  t:expect_message { to = "mei", about = c, kind = "notify" }
  c:refuse("found", { by = "sun", data = { finding = "x", root_cause = "y" }, why = "forbidden" })
  c:fire("found", { by = "wang", data = { finding = "He was", root_cause = "Three projects at once" } })
  c:expect { state = "answering", owner = "li", due = "2026-01-06 18:00" }
  c:fire("draft", { by = "li", data = { answer = "We are sorry" } })
  c:expect { state = "releasing", waiting = "zhao" }
  c:vote("approve", { by = "zhao" })
  c:expect { state = "answered", waiting = "client", due = "2026-01-19 18:00" }
  c:refuse("content", { by = "li", why = "forbidden" })
  c:fire("content", { by = "mei" })
  c:expect { outcome = "settled" }
  t:cases "improvement"[1]:expect { opener = "zhao", links = { c.key }, fields = { cause = "Three projects at once" } }
end)

test "whom it is about does not look into it" (function(t)
  local c = received(t)
  c:refuse("acknowledge", { by = "zhao", data = { severity = "low", investigator = "sun", concerned = "sun" }, why = "whom it is about" })
  c:refuse("acknowledge", { by = "zhao", data = { severity = "low" }, why = "needs_fields" })
  c:refuse("acknowledge", { by = "sun", data = { severity = "low", investigator = "sun" }, why = "forbidden" })
end)

test "it is the complainant's own: others of the client do not see it, and it may be taken back" (function(t)
  local c = investigating(t)
  c:refuse("withdraw", { by = "tom" })
  c:fire("withdraw", { by = "mei" })
  c:expect { outcome = "withdrawn" }
end)

test "the client hears where it stands every other day, or we are asked to say so" (function(t)
  local c = investigating(t, "low")
  t:at "2026-01-08 18:00"
  t:expect_message { to = "wang", about = c, kind = "remind", text = "late 0" }
  t:expect_message { to = "zhao", about = c, kind = "remind", text = "again 1 workday", times = 1 }
  c:fire("tell", { by = "wang", data = { status = "We have heard both" } })
  t:expect_message { to = "mei", about = c, kind = "notify", times = 2 }
  t:at "2026-01-09 18:00"
  t:expect_message { to = "zhao", about = c, kind = "remind", text = "again 1 workday", times = 1 }
end)

test "an answer that the sponsor does not let out is written again" (function(t)
  local c = releasing(t)
  c:vote("reject", { by = "zhao", comment = "No excuse in it" })
  c:expect { state = "answering" }
  c = releasing(t)
  c:vote("changes", { by = "zhao", comment = "Name Wang" })
  c:expect { state = "answering" }
end)

test "who is not content is heard by the sponsor, and may take it outside then" (function(t)
  local c = answered(t)
  c:refuse("outside", { by = "mei", comment = "To the chamber" })
  c:refuse("disagree", { by = "mei", why = "needs_fields" })
  c:fire("disagree", { by = "mei", comment = "Nothing has changed" })
  c:expect { state = "investigating", owner = "zhao", priority = "urgent", fields = { declined = 1 } }
  c:fire("found", { by = "zhao", data = { finding = "She is right", root_cause = "Nobody told Wang" } })
  c:fire("draft", { by = "zhao", data = { answer = "A month for nothing" } })
  c:vote("approve", { by = "zhao" })
  c:fire("outside", { by = "mei", comment = "To the chamber" })
  c:expect { outcome = "external" }
end)

-- ---- when nobody acts ----

test "a complaint that nobody acknowledges is urgent by the afternoon" (function(t)
  local c = received(t)
  t:at "2026-01-05 16:30"
  t:expect_message { to = "zhao", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "remind", text = "late 0" }
  t:expect_message { to = "li", about = c, kind = "remind", text = "again 2 workhours", times = 1 }
  c:expect { priority = "urgent" }
end)

test "an investigation that is late becomes the sponsor's" (function(t)
  local c = investigating(t, "high")
  t:at "2026-01-07 18:00"
  t:expect_message { to = "wang", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  c:expect { owner = "zhao", priority = "urgent" }
end)

test "an answer that is late, and its release, are asked for" (function(t)
  local c, r = answering(t), releasing(t)
  t:at "2026-01-06 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "zhao", about = r, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = r, kind = "notify", text = "late 0" }
end)

test "silence about the answer is no consent: it ends as unanswered" (function(t)
  local c = answered(t)
  t:at "2026-01-19 18:00"
  t:expect_message { to = "mei", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  t:at "2026-02-02 18:00"
  c:expect { outcome = "unanswered" }
end)
