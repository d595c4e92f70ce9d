-- SPDX-License-Identifier: Apache-2.0
-- Actions: who does what by when. Working hours are 09:00-12:00 and 13:30-18:00; every test begins on
-- Monday 2026-01-05 at 09:00.
people {
  li = "pm", sun = "engineer", zhao = "sponsor",
  mei = { "client", of = "acme" }, tom = { "client", of = "acme" },
}

local function given(t, holder)
  return t:open("action", { by = "li", fields = { summary = "Send the price list", holder = holder or "mei", by_day = "2026-01-09" } })
end

test "an action is its holder's until the close of its day, of whichever side that is" (function(t)
  local c = given(t)
  c:expect { state = "to_do", owner = "mei", due = "2026-01-09 18:00" }
  t:expect_message { to = "mei", about = c, kind = "notify" }
  c:refuse("finish", { by = "mei", why = "needs_fields" })
  c:refuse("finish", { by = "sun", data = { result = "x" }, why = "forbidden" })
  c:refuse("finish", { by = "tom", data = { result = "x" } })
  c:fire("finish", { by = "mei", data = { result = "Sent" } })
  c:expect { outcome = "done" }
  t:expect_message { to = "li", about = c, kind = "notify" }
end)

test "who does not do it is asked, and then the project manager is told" (function(t)
  local c = given(t)
  t:at "2026-01-13 18:00"
  t:expect_message { to = "mei", about = c, kind = "remind", text = "75%", times = 1 }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "mei", about = c, kind = "remind", text = "again 2 workdays", times = 1 }
  c:expect { priority = "high" }
end)

test "it is moved with a reason, handed on, or dropped" (function(t)
  local c = given(t)
  c:refuse("move", { by = "mei", data = { by_day = "2026-01-30" }, comment = "Holidays", why = "forbidden" })
  c:refuse("move", { by = "li", data = { by_day = "2026-01-16" }, why = "needs_fields" })
  c:fire("move", { by = "li", data = { by_day = "2026-01-16" }, comment = "The list is being made" })
  c:expect { due = "2026-01-16 18:00", fields = { moved = 1 } }
  c:fire("hand_on", { by = "mei", data = { holder = "tom" } })
  c:expect { owner = "tom" }
  c:fire("drop", { by = "li", comment = "It came by mail" })
  c:expect { outcome = "dropped" }
end)
