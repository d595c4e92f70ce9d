-- SPDX-License-Identifier: Apache-2.0
-- The communication plan: checked against what the client was really told. Working hours are 09:00-12:00 and
-- 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people {
  li = "pm", sun = "engineer", zhao = "sponsor",
  mei = { "client", of = "acme" },
}

local function planned(t, more)
  local fields = { summary = "How the project stands", audience = "Ms Lin" }
  for name, value in pairs(more or {}) do fields[name] = value end
  return t:open("communication_plan", { by = "li", fields = fields })
end

local function noted(t, more)
  local fields = { summary = "How it stands", happened = t:now() }
  for name, value in pairs(more or {}) do fields[name] = value end
  return t:open("communication", { by = "sun", fields = fields })
end

test "a week without a word is silence: reminded before, escalated after" (function(t)
  local c = planned(t, { speaker = "sun" })
  c:expect { state = "resting", owner = empty, due = "2026-01-12 09:00" }
  t:at "2026-01-10 15:00"
  c:expect { state = "soon" }
  t:expect_message { to = "sun", about = c, kind = "remind" }
  t:expect_none { to = "zhao", about = c }
  t:at "2026-01-12 09:00"
  c:expect { state = "quiet", fields = { silences = 1 } }
  t:expect_message { to = "li", about = c, kind = "notify" }
  t:at "2026-01-13 18:00"
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  c:expect { priority = "high" }
  t:at "2026-01-15 18:00"
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "again 2 workdays", times = 1 }
  t:expect_none { to = "mei", about = c }
end)

test "a noted call begins the time anew, and nobody is reminded" (function(t)
  local c = planned(t)
  t:at "2026-01-08 15:00"
  noted(t)
  t:at "2026-01-10 15:00"
  c:expect { state = "resting", due = "2026-01-15 15:00", fields = { since = t:time "2026-01-08 15:00" } }
  t:expect_none { to = "li", about = c }
  t:at "2026-01-15 15:00" -- the same call does not count twice
  c:expect { state = "quiet" }
end)

test "a word in the last moment is in time" (function(t)
  local c = planned(t)
  t:at "2026-01-11 20:00"
  c:expect { state = "soon" }
  noted(t, { kind = "mail" })
  t:at "2026-01-12 09:00"
  c:expect { state = "resting", due = "2026-01-18 20:00", fields = { silences = 0 } }
end)

test "what the client said is no word of ours" (function(t)
  local c = planned(t)
  t:at "2026-01-08 15:00"
  noted(t, { direction = "in" })
  t:at "2026-01-12 09:00"
  c:expect { state = "quiet" }
end)

test "what the engine told the client counts as well" (function(t)
  local c = planned(t)
  t:at "2026-01-09 09:00"
  t:open("meeting", { by = "li", fields = { summary = "Weekly", begins = t:time "2026-01-30 10:00" } }) -- everybody is told
  t:at "2026-01-12 09:00"
  c:expect { state = "resting", due = "2026-01-16 09:00" }
end)

test "by the channel that was agreed, not by another" (function(t)
  local c = planned(t, { channel = "meeting", often = "fortnightly" })
  t:at "2026-01-08 15:00"
  noted(t, { kind = "call" })
  t:at "2026-01-19 09:00"
  c:expect { state = "quiet" }
  t:at "2026-01-19 10:00"
  noted(t, { kind = "meeting" })
  c:fire("look", { by = "li" })
  c:expect { state = "resting", due = "2026-02-02 10:00", fields = { silences = 1 } }
end)

test "silence ends by itself when the client has heard, without anybody's click" (function(t)
  local c = planned(t, { often = "daily" })
  t:at "2026-01-06 18:00"
  c:expect { state = "quiet" }
  t:at "2026-01-07 09:30"
  noted(t, { kind = "mail", direction = "out" })
  t:at "2026-01-07 14:00"
  c:expect { state = "resting", due = "2026-01-08 18:00" }
  c:fire("end", { by = "li" })
  c:expect { outcome = "ended" }
end)
