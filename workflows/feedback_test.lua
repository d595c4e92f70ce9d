-- SPDX-License-Identifier: Apache-2.0
-- The practice of feedback and complaints, sentence by sentence. Working hours are 09:00-12:00
-- and 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people {
  li = "pm", sun = "engineer", zhao = "sponsor",
  mei = { "client", of = "acme" }, tom = { "client", of = "acme" },
}

local function received(t, kind)
  return t:open("feedback", { by = "mei",
    fields = { summary = "Nobody calls back", kind = kind or "complaint", remedy = "A name to call" } })
end

local function assessing(t, kind)
  local c = received(t, kind)
  c:fire("acknowledge", { by = "li" })
  return c
end

local function investigating(t, severity)
  local c = assessing(t)
  c:fire("assess", { by = "li", data = { severity = severity or "medium" } })
  return c
end

local function answering(t)
  local c = investigating(t)
  c:fire("found", { by = "sun", data = { finding = "The line was not staffed" } })
  return c
end

local function answered(t)
  local c = answering(t)
  c:fire("answer", { by = "li", data = { answer = "Anna is there from now on" } })
  return c
end

-- Not content twice: the sponsor has it.
local function escalated(t)
  local c = answered(t)
  c:fire("disagree", { by = "mei", comment = "She was not" })
  c:fire("found", { by = "sun", data = { finding = "She was ill" } })
  c:fire("answer", { by = "li", data = { answer = "Ben stands in" } })
  c:fire("disagree", { by = "mei", comment = "Nor was he" })
  return c
end

-- ---- from the complaint to the client's consent ----

test "a complaint is acknowledged, assessed, investigated, answered and closed by consent" (function(t)
  local c = received(t)
  c:expect { state = "received", owner = "li", due = "2026-01-06 18:00" }
  c:fire("acknowledge", { by = "li" })
  c:expect { state = "assessing", due = "2026-01-07 18:00" }
  c:refuse("assess", { by = "li", why = "needs_fields" })
  c:fire("assess", { by = "li", data = { severity = "medium", impact = "Two projects" } })
  c:expect { state = "investigating", owner = "sun", due = "2026-01-12 18:00" }
  c:fire("found", { by = "sun", data = { finding = "The line was not staffed" } })
  c:expect { state = "answering", owner = "li", due = "2026-01-08 18:00" }
  c:fire("answer", { by = "li", data = { answer = "Anna is there from now on" } })
  c:expect { state = "answered", waiting = "client", due = "2026-01-19 18:00" }
  c:refuse("content", { by = "li", why = "forbidden" })
  c:fire("content", { by = "mei" })
  c:expect { state = "settled", outcome = "settled" }
end)

test "what is no complaint may be answered directly" (function(t)
  local c = assessing(t, "praise")
  c:fire("answer_directly", { by = "li" })
  c:expect { state = "answering" }
  assessing(t, "complaint"):refuse("answer_directly", { by = "li" })
end)

test "whoever complained may take it back at any time, and nobody else" (function(t)
  local c = investigating(t)
  c:refuse("withdraw", { by = "tom" })
  c:refuse("withdraw", { by = "li", why = "forbidden" })
  c:fire("withdraw", { by = "mei" })
  c:expect { state = "withdrawn", outcome = "withdrawn" }
end)

-- ---- not content ----

test "who is not content is heard again, and says why" (function(t)
  local c = answered(t)
  c:refuse("disagree", { by = "mei", why = "needs_fields" })
  c:fire("disagree", { by = "mei", comment = "She was not" })
  c:expect { state = "investigating", priority = "high", fields = { declined = 1 } }
  t:expect_message { to = "zhao", about = c, kind = "notify" }
end)

test "the second refusal goes to the sponsor, who can offer more" (function(t)
  local c = escalated(t)
  c:expect { state = "escalated", owner = "zhao", fields = { declined = 2 }, priority = "urgent" }
  c:refuse("answer", { by = "li", why = "forbidden" })
  c:fire("answer", { by = "zhao", data = { answer = "A month for nothing" } })
  c:expect { state = "answered" }
end)

test "who declined twice may take it outside, and not sooner" (function(t)
  answered(t):refuse("outside", { by = "mei", comment = "To the chamber" })
  local c = escalated(t)
  c:fire("answer", { by = "zhao", data = { answer = "A month for nothing" } })
  c:fire("outside", { by = "mei", comment = "To the chamber" })
  c:expect { state = "external", outcome = "external" }
end)

-- ---- when nobody answers ----

test "a complaint that nobody acknowledges reaches the sponsor the next morning" (function(t)
  local c = received(t)
  t:at "2026-01-06 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  c:expect { owner = "li", priority = "high" }
  t:at "2026-01-07 14:30"
  c:expect { owner = "zhao" }
  c:fire("acknowledge", { by = "zhao" })
  c:expect { state = "assessing" }
end)

test "an assessment that is late is told to the sponsor" (function(t)
  local c = assessing(t)
  t:at "2026-01-07 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
end)

test "the worse it is, the sooner it is investigated" (function(t)
  investigating(t, "high"):expect { due = "2026-01-07 18:00" }
  investigating(t, "low"):expect { due = "2026-01-19 18:00" }
  local c = investigating(t, "medium")
  t:at "2026-01-12 18:00"
  t:expect_message { to = "sun", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:at "2026-01-14 18:00"
  c:expect { owner = "li", priority = "high" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 2 workdays" }
end)

test "an answer that is late becomes the sponsor's" (function(t)
  local c = answering(t)
  t:at "2026-01-08 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  t:at "2026-01-09 18:00"
  c:expect { owner = "zhao" }
end)

test "a client who says nothing is reminded three times, and it closes as unanswered" (function(t)
  local c = answered(t)
  t:at "2026-01-26 18:00"
  for _, rung in ipairs { "50%", "late 0", "late 5 workdays" } do
    t:expect_message { to = "mei", about = c, kind = "remind", text = rung, times = 1 }
  end
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:at "2026-02-02 17:59"
  c:expect { state = "answered" }
  t:at "2026-02-02 18:00"
  c:expect { state = "unanswered", outcome = "unanswered" }
end)

test "an offer that is late is asked of the sponsor every day" (function(t)
  local c = escalated(t)
  c:expect { due = "2026-01-08 18:00" }
  t:at "2026-01-12 18:00"
  t:expect_message { to = "zhao", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "zhao", about = c, kind = "remind", text = "again 1 workday", times = 2 }
end)
