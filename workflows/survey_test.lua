-- SPDX-License-Identifier: Apache-2.0
-- Satisfaction: asked, counted by formulas that are named, followed up. Working hours are 09:00-12:00 and
-- 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people {
  li = "pm", zhao = "sponsor",
  mei = { "client", of = "acme" }, tom = { "client", of = "acme" }, ann = { "client", of = "acme" },
}

local function asking(t)
  return t:open("survey", { by = "li", fields = { summary = "Stage one" } })
end

local function answer(c, person, csat, nps, ces, words)
  c:fire("answer", { by = person, data = { csat = csat, nps = nps, ces = ces, words = words } })
end

local function evaluating(t)
  local c = asking(t)
  answer(c, "mei", 5, 10, 7)
  c:fire("finish", { by = "li" })
  return c
end

test "everybody of the client is asked once, and then it is counted by the formulas that are named" (function(t)
  local c = asking(t)
  c:expect { state = "asking", waiting = "client", due = "2026-01-19 18:00" }
  t:expect_message { to = "tom", about = c, kind = "notify" }
  c:refuse("answer", { by = "mei", data = { csat = 5 }, why = "needs_fields" })
  c:refuse("answer", { by = "mei", data = { csat = 6, nps = 9 } })
  answer(c, "mei", 5, 10, 7)
  c:refuse("answer", { by = "mei", data = { csat = 4, nps = 9 }, why = "answered already" })
  answer(c, "tom", 4, 8, 4)
  c:expect { state = "asking", fields = { csat = empty, nps = empty } }
  answer(c, "ann", 3, 7)
  -- two of three are 4 or 5; 12 by 3; one promoter, no detractor; one of two is 5 or more
  c:expect { state = "evaluating", owner = "li", due = "2026-01-12 18:00", fields = { answered = 3, csat_top = "66.7",
    csat_mean = "4.0", nps_score = "33.3", ces_easy = "50.0" } }
  t:expect_message { to = "zhao", about = c, kind = "notify" }
end)

test "a bad answer opens feedback of whoever gave it, at once" (function(t)
  local c = asking(t)
  answer(c, "mei", 2, 9, nil, "Nobody calls back")
  local feedback = t:cases "feedback"[1]
  feedback:expect { state = "received", opener = "mei", links = { c.key }, fields = { kind = "complaint", details = "Nobody calls back" } }
  answer(c, "tom", 4, 6)
  t:cases "feedback"[2]:expect { opener = "tom" }
  answer(c, "ann", 3, 7) -- not content, and no complaint
  c:expect { state = "evaluating", fields = { nps_score = "0.0" } }
  assert(#t:cases "feedback" == 2)
end)

test "more detractors than promoters are below zero" (function(t)
  local c = asking(t)
  answer(c, "mei", 1, 0)
  answer(c, "tom", 5, 8)
  c:fire("finish", { by = "li" })
  c:expect { fields = { answered = 2, nps_score = "-50.0", csat_top = "50.0", csat_mean = "3.0", ces_easy = empty } }
end)

test "who has not answered is asked again, who has is left in peace, and then it is counted" (function(t)
  local c = asking(t)
  answer(c, "mei", 5, 10)
  t:at "2026-01-19 18:00"
  t:expect_message { to = "tom", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "ann", about = c, kind = "remind", text = "late 0" }
  t:expect_none { to = "mei", about = c, kind = "remind" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:at "2026-01-26 18:00"
  c:expect { state = "evaluating", fields = { answered = 1 } }
end)

test "a survey that nobody answers ends as that" (function(t)
  local c = asking(t)
  t:at "2026-01-26 18:00"
  c:expect { outcome = "unanswered", fields = { answered = 0 } }
  t:expect_message { to = "zhao", about = c, kind = "notify" }
  c = asking(t)
  c:fire("cancel", { by = "li", comment = "Asked twice" })
  c:expect { outcome = "cancelled" }
end)

test "what follows from it is an improvement, and a conclusion" (function(t)
  local c = evaluating(t)
  c:fire("improve", { by = "li", comment = "Call back within a day" })
  t:cases "improvement"[1]:expect { opener = "li", links = { c.key }, fields = { summary = "Call back within a day" } }
  c:refuse("conclude", { by = "li", why = "needs_fields" })
  c:fire("conclude", { by = "li", data = { conclusion = "Content, but for calls" } })
  c:expect { outcome = "evaluated" }
end)

test "an evaluation that is late is told to the sponsor" (function(t)
  local c = evaluating(t)
  t:at "2026-01-12 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
end)
