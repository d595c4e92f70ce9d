-- SPDX-License-Identifier: Apache-2.0
-- Risk management: found, assessed, answered, looked at again, escalated, closed. Working hours are
-- 09:00-12:00 and 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people {
  li = "pm", sun = "engineer", zhao = "sponsor",
  mei = { "client", of = "acme" },
}

local function found(t)
  return t:open("risk", { by = "sun", fields = { summary = "Test data come late", cause = "The old system", category = "client" } })
end

local function planning(t, probability, impact)
  local c = found(t)
  c:fire("assess", { by = "li", data = { probability = probability, impact = impact } })
  return c
end

local answer = { response = "mitigate", plan = "Ask weekly", holder = "sun", review_on = "2026-01-16" }

local function watched(t)
  local c = planning(t, 3, 2)
  c:fire("plan", { by = "li", data = answer })
  return c
end

local function high(t)
  local c = planning(t, 4, 4)
  c:edit({ trigger = "None by the 20th", contingency = "Make our own", reserve = "20000" }, { by = "li" })
  c:fire("plan", { by = "li", data = answer })
  return c
end

local function occurred(t)
  local c = watched(t)
  c:fire("triggered", { by = "sun", comment = "Nothing came" })
  return c
end

test "a risk is found by anybody of the team, assessed, answered and watched by its owner" (function(t)
  local c = found(t)
  c:expect { state = "identified", owner = "li", due = "2026-01-07 18:00" }
  c:refuse("assess", { by = "li", data = { probability = 3 }, why = "needs_fields" })
  c:refuse("assess", { by = "li", data = { probability = 6, impact = 1 } })
  c:fire("assess", { by = "li", data = { probability = 3, impact = 2 } })
  c:expect { state = "planning", due = "2026-01-08 18:00", fields = { exposure = 6, level = "medium" } }
  c:refuse("plan", { by = "li", why = "needs_fields" })
  c:fire("plan", { by = "li", data = answer })
  c:expect { state = "watched", owner = "sun", due = "2026-01-16 18:00" }
  t:expect_message { to = "sun", about = c, kind = "notify" }
end)

test "the register is the team's alone" (function(t)
  t:refuse_open("risk", { by = "mei", fields = { summary = "You are late" } })
  found(t):refuse("escalate", { by = "mei", comment = "x" })
end)

test "exposure is probability times impact, and says how high the risk is" (function(t)
  planning(t, 1, 5):expect { fields = { exposure = 5, level = "low" }, due = "2026-01-12 18:00" }
  planning(t, 2, 3):expect { fields = { exposure = 6, level = "medium" } }
  planning(t, 2, 5):expect { fields = { exposure = 10, level = "medium" } }
  planning(t, 3, 5):expect { fields = { exposure = 15, level = "high" }, due = "2026-01-06 18:00" }
end)

test "a high risk has a contingency plan with its trigger, and the sponsor agrees to it" (function(t)
  local c = planning(t, 4, 4)
  c:refuse("plan", { by = "li", data = answer, why = "needs_fields" })
  c = high(t)
  c:expect { state = "agreeing", waiting = "zhao", due = "2026-01-07 18:00" }
  c:vote("approve", { by = "zhao" })
  c:expect { state = "watched", owner = "sun" }
  c = high(t)
  c:vote("reject", { by = "zhao", comment = "Too dear" })
  c:expect { state = "planning" }
  c = high(t)
  c:vote("changes", { by = "zhao", comment = "Name the day" })
  c:expect { state = "planning" }
end)

test "it is looked at again on the day that was set" (function(t)
  local c = watched(t)
  t:at "2026-01-16 17:59"
  c:expect { state = "watched" }
  t:expect_message { to = "sun", about = c, kind = "remind", text = "80%" }
  t:at "2026-01-16 18:00"
  c:expect { state = "reviewing", owner = "li", fields = { reviews = 1 } }
  c:fire("keep", { by = "li", data = { probability = 2, impact = 2, review_on = "2026-02-06" } })
  c:expect { state = "watched", due = "2026-02-06 18:00", fields = { level = "low" } }
  c:fire("review", { by = "sun" })
  c:fire("close", { by = "li", comment = "The data are here" })
  c:expect { outcome = "closed", fields = { reviews = 2 } }
end)

test "what has become high without a contingency plan is planned again" (function(t)
  local c = watched(t)
  c:fire("review", { by = "li" })
  c:fire("keep", { by = "li", data = { probability = 5, impact = 4, review_on = "2026-01-23" } })
  c:expect { state = "planning", fields = { level = "high" } }
  t:expect_message { to = "zhao", about = c, kind = "notify" }
end)

test "when the trigger is there the contingency plan begins, and everybody is told" (function(t)
  local c = occurred(t)
  c:expect { state = "occurred", owner = "sun", priority = "high", due = "2026-01-06 18:00" }
  t:expect_message { to = "zhao", about = c, kind = "notify" }
  c:fire("open_issue", { by = "li", comment = "Test data are missing" })
  t:cases "issue"[1]:expect { opener = "li", links = { c.key }, fields = { details = "Test data are missing" } }
  c:fire("handled", { by = "sun", comment = "We made our own" })
  c:expect { outcome = "materialised" }
  c = occurred(t)
  c:fire("false_alarm", { by = "li", comment = "They came at noon" })
  c:expect { state = "reviewing" }
end)

test "anybody of the team escalates a risk that grows; one that is none is closed with a reason" (function(t)
  local c = found(t)
  c:fire("escalate", { by = "sun", comment = "The client is silent" })
  c:expect { state = "identified", priority = "high" }
  t:expect_message { to = "zhao", about = c, kind = "notify" }
  c:refuse("close", { by = "li", why = "needs_fields" })
  c:fire("close", { by = "li", comment = "Known and dealt with in RK-1" })
  c:expect { outcome = "closed" }
end)

-- ---- when nobody acts ----

test "assessment, plan and agreement that are late are told" (function(t)
  local c, p, a = found(t), planning(t, 3, 2), high(t)
  t:at "2026-01-08 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "li", about = p, kind = "remind", text = "80%" }
  t:expect_message { to = "zhao", about = p, kind = "notify", text = "late 0" }
  t:expect_message { to = "zhao", about = a, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = a, kind = "notify", text = "late 0" }
  t:expect_message { to = "zhao", about = a, kind = "remind", text = "again 1 workday", times = 1 }
end)

test "a review that nobody makes becomes the sponsor's" (function(t)
  local c = watched(t)
  c:fire("review", { by = "li" })
  t:at "2026-01-09 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  c:expect { owner = "zhao", priority = "high" }
end)

test "a contingency plan that takes long is asked for every day" (function(t)
  local c = occurred(t)
  t:at "2026-01-07 18:00"
  t:expect_message { to = "sun", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "sun", about = c, kind = "remind", text = "again 1 workday", times = 1 }
  c:expect { priority = "urgent" }
end)
