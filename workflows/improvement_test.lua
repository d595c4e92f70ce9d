-- SPDX-License-Identifier: Apache-2.0
-- Continuous improvement: planned, done, looked at. Working hours are 09:00-12:00 and 13:30-18:00; every
-- test begins on Monday 2026-01-05 at 09:00.
people { li = "pm", sun = "engineer", zhao = "sponsor", mei = { "client", of = "acme" } }

local plan = { measure = "No call waits a day", holder = "sun", by_day = "2026-01-16", look_on = "2026-02-06" }

local function proposed(t)
  return t:open("improvement", { by = "sun", fields = { summary = "Call back within a day" } })
end

local function doing(t)
  local c = proposed(t)
  c:fire("plan", { by = "li", data = plan })
  return c
end

local function settling(t)
  local c = doing(t)
  c:fire("finish", { by = "sun", data = { done = "A list of calls" } })
  return c
end

test "an improvement is planned with its measure, done by its owner, and ends when it shows" (function(t)
  t:refuse_open("improvement", { by = "mei", fields = { summary = "Be quicker" } })
  local c = proposed(t)
  c:expect { state = "proposed", owner = "li", due = "2026-01-12 18:00" }
  c:refuse("plan", { by = "li", data = { holder = "sun" }, why = "needs_fields" })
  c:fire("plan", { by = "li", data = plan })
  c:expect { state = "doing", owner = "sun", due = "2026-01-16 18:00" }
  t:expect_message { to = "sun", about = c, kind = "notify" }
  c:fire("finish", { by = "sun", data = { done = "A list of calls" } })
  c:expect { state = "settling", owner = "li", due = "2026-02-06 18:00", fields = { rounds = 1 } }
  c:refuse("effective", { by = "li", why = "needs_fields" })
  c:fire("effective", { by = "li", data = { effect = "Two hours at most" } })
  c:expect { outcome = "effective" }
end)

test "what did not help is done again" (function(t)
  local c = settling(t)
  c:fire("ineffective", { by = "zhao", data = { effect = "No change", by_day = "2026-02-27", look_on = "2026-03-27" } })
  c:expect { state = "doing", owner = "sun", due = "2026-02-27 18:00" }
  c:fire("move", { by = "li", data = { by_day = "2026-03-06" }, comment = "Sun is away" })
  c:expect { due = "2026-03-06 18:00" }
  c:fire("drop", { by = "li", comment = "Calls are few now" })
  c:expect { outcome = "dropped" }
end)

test "who is late is asked, in every step" (function(t)
  local p, d, s = proposed(t), doing(t), settling(t)
  t:at "2026-01-21 18:00"
  t:expect_message { to = "li", about = p, kind = "remind", text = "80%" }
  t:expect_message { to = "zhao", about = p, kind = "notify", text = "late 0" }
  t:expect_message { to = "sun", about = d, kind = "remind", text = "75%" }
  t:expect_message { to = "li", about = d, kind = "notify", text = "late 0" }
  t:expect_message { to = "zhao", about = d, kind = "notify", text = "again 3 workdays" }
  t:at "2026-02-11 18:00"
  t:expect_message { to = "li", about = s, kind = "remind", text = "late 0" }
  t:expect_message { to = "zhao", about = s, kind = "notify", text = "again 3 workdays" }
end)
